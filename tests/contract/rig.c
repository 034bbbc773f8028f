#include "contract/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"

static void wake(void *context)
{
    struct rig *rig = context;
    pthread_mutex_lock(&rig->lock);
    rig->woken = true;
    pthread_cond_signal(&rig->posted);
    pthread_mutex_unlock(&rig->lock);
}

void rig_init(struct rig *rig)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&rig->lock, NULL);
    pthread_cond_init(&rig->posted, &monotonic);
    pthread_condattr_destroy(&monotonic);
    rig->woken = false;
    queue_init(&rig->queue, wake, rig);
}

void rig_deinit(struct rig *rig)
{
    queue_deinit(&rig->queue);
    pthread_cond_destroy(&rig->posted);
    pthread_mutex_destroy(&rig->lock);
}

static void wait_for_post(struct rig *rig, int64_t until_ms)
{
    struct timespec at = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
    pthread_mutex_lock(&rig->lock);
    int error = 0;
    while (!rig->woken && error == 0)
        error = pthread_cond_timedwait(&rig->posted, &rig->lock, &at);
    rig->woken = false;
    pthread_mutex_unlock(&rig->lock);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static bool run_until(struct rig *rig, bool (*done)(void *), void *context, int64_t ms)
{
    int64_t until_ms = clock_now_ms(&clock_system) + ms;
    while (!done(context)) {
        if (clock_now_ms(&clock_system) >= until_ms)
            return false;
        wait_for_post(rig, until_ms);
        queue_drain(&rig->queue);
    }
    return true;
}

bool rig_run_until(struct rig *rig, bool (*done)(void *context), void *context)
{
    return run_until(rig, done, context, RIG_PATIENCE_MS);
}

void rig_run_for(struct rig *rig, int ms)
{
    run_until(rig, never, NULL, ms);
}

/* ---- the simulator ---- */

static int connect_simulator(void)
{
    const char *path = getenv("GUICHET_SIM_SOCKET");
    if (path == NULL)
        fail_msg("not inside guichet-sim: GUICHET_SIM_SOCKET is not set");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int sock = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(sock, (struct sockaddr *)&address, sizeof address) != 0)
        fail_msg("cannot reach the simulator at %s", path);
    return sock;
}

/* An answer ends with a line that is "ok" or begins with "error". */
static bool is_complete(const char *answer)
{
    size_t size = strlen(answer);
    if (size == 0 || answer[size - 1] != '\n')
        return false;
    const char *line = answer + size - 1;
    while (line > answer && line[-1] != '\n')
        line--;
    return strcmp(line, "ok\n") == 0 || strncmp(line, "error", 5) == 0;
}

const char *rig_sim(const char *format, ...)
{
    static char answer[65536];
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    int sock = connect_simulator();
    size_t size = 0;
    dprintf(sock, "%s\n", line);
    answer[0] = '\0';
    while (!is_complete(answer) && size < sizeof answer - 1) {
        ssize_t got = read(sock, answer + size, sizeof answer - 1 - size);
        if (got <= 0)
            break;
        size += (size_t)got;
        answer[size] = '\0';
    }
    close(sock);
    if (!is_complete(answer) || strstr(answer, "error") == answer)
        fail_msg("simulator refused \"%s\": %s", line, answer);
    return answer;
}
