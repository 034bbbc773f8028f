#include "app/app.h"
#include "app/service.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include <getopt.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char USAGE[] =
    "usage: guichet --settings FILE [--devices FILE] [--automation SOCKET] [--window WxH]\n"
    "       guichet --settings FILE [--devices FILE] --service touch|close\n"
    "\n"
    "  --settings FILE     the site's settings (every key is described in config/kiosk.ini)\n"
    "  --devices FILE      which driver serves which USB device (default: devices.ini beside it)\n"
    "  --automation SOCKET let a test drive the kiosk; refused in a production configuration\n"
    "  --window WxH        a window of this size instead of the configured panel\n"
    "  --service touch     calibrate and test the touch panel, for staff; serves nobody meanwhile\n"
    "  --service close     close the accounting day and print its slip; exit status 0: printed\n"
    "  --version\n";

static struct app app;

static const struct service_mode {
    const char *name;
    int (*run)(struct app *app);
} SERVICES_OF_STAFF[] = {
    { "touch", service_run_touch },
    { "close", service_run_close },
};

static const struct service_mode *find_service(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(SERVICES_OF_STAFF); i++)
        if (strcmp(SERVICES_OF_STAFF[i].name, name) == 0)
            return &SERVICES_OF_STAFF[i];
    return NULL;
}

static void deliver_quit(void *target, const void *body)
{
    (void)body;
    ((struct app *)target)->quit = true;
}

/* Signals arrive on a thread of their own, so that no handler ever runs in the middle of anything.
 */
static void *wait_for_signal(void *context)
{
    sigset_t set;
    int number;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (sigwait(&set, &number) == 0) {
        log_info("app", "stopping", "signal %d", number);
        (void)!queue_post(&((struct app *)context)->queue, deliver_quit, context, NULL, 0);
    }
    return NULL;
}

static void block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static bool parse_options(int argc, char **argv, struct app_options *options)
{
    static const struct option LONG[] = {
        { "settings", required_argument, NULL, 's' },
        { "devices", required_argument, NULL, 'd' },
        { "automation", required_argument, NULL, 'a' },
        { "window", required_argument, NULL, 'w' },
        { "service", required_argument, NULL, 'm' },
        { "version", no_argument, NULL, 'v' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int letter;
    while ((letter = getopt_long(argc, argv, "h", LONG, NULL)) != -1) {
        if (letter == 's')
            options->settings_path = optarg;
        else if (letter == 'd')
            options->devices_path = optarg;
        else if (letter == 'a')
            options->automation_path = optarg;
        else if (letter == 'm' && find_service(optarg))
            options->service = optarg;
        else if (letter == 'w' &&
                 sscanf(optarg, "%dx%d", &options->width_px, &options->height_px) == 2)
            continue;
        else if (letter == 'v') {
            puts("guichet " GUICHET_VERSION);
            exit(EXIT_SUCCESS);
        } else {
            return false;
        }
    }
    return options->settings_path && optind == argc;
}

int main(int argc, char **argv)
{
    struct app_options options = { 0 };
    pthread_t signals;
    if (!parse_options(argc, argv, &options)) {
        fputs(USAGE, stderr);
        return 2;
    }
    json_set_alloc_funcs(malloc, bytes_free_wiped); /* it copies entries and what is asked for */
    block_signals();
    enum status status =
        options.service ? app_open_panel(&app, &options) : app_open(&app, &options);
    if (status != STATUS_OK) {
        log_error("app", "start_refused", "the kiosk does not start: %s", status_name(status));
        app_close(&app);
        return status == STATUS_INVALID ? 2 : 1;
    }
    if (pthread_create(&signals, NULL, wait_for_signal, &app) == 0)
        pthread_detach(signals);
    int result = EXIT_SUCCESS;
    if (options.service)
        result = find_service(options.service)->run(&app);
    else
        app_run(&app);
    app_close(&app);
    return result;
}
