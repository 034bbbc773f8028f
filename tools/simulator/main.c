/*
 * guichet-sim: runs the virtual hardware, talks to a running one, or runs a program inside it.
 */
#include "base/log.h"
#include "tools/simulator/control.h"
#include "tools/simulator/panel.h"
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char USAGE[] =
    "guichet-sim run --socket PATH [--headless] [--fast] [--out DIR] [--framing a|b]\n"
    "                [--dots 576|384] [--acceptor ssp|id003] [--bridge KIND]\n"
    "                [--kernel] [-- PROGRAM ARGS...]\n"
    "    --kernel: behind the kernel's virtual USB controller (root, vhci_hcd), not behind "
    "umockdev\n"
    "guichet-sim --socket PATH exec -- PROGRAM ARGS...   run a program with the virtual devices\n"
    "guichet-sim --socket PATH env                       what exec sets, as NAME=value lines\n"
    "guichet-sim --socket PATH COMMAND...                for instance help, insert-card id-01\n"
    "The socket may also come from GUICHET_SIM_SOCKET.\n";

static const char PRELOAD[] = "libumockdev-preload.so.0";

static int usage_error(const char *what)
{
    fprintf(stderr, "guichet-sim: %s\n%s", what, USAGE);
    return 2;
}

/* Environment of whatever lives on the virtual bus, this process included. */

static void prepend_env(const char *name, const char *value, const char *separator)
{
    const char *old = getenv(name);
    if (old != NULL && strstr(old, value) != NULL)
        return;
    char *joined =
        old == NULL || *old == '\0' ? g_strdup(value) : g_strconcat(value, separator, old, NULL);
    setenv(name, joined, 1);
    g_free(joined);
}

static void set_env(const char *name, const char *value)
{
    bool is_list = strcmp(name, "LD_PRELOAD") == 0 || strstr(name, "SAN_OPTIONS") != NULL;
    if (is_list)
        prepend_env(name, value, ":");
    else
        setenv(name, value, 1);
}

/* The preload library must be there from the start of a process. */
static void reexec_under_preload(char **argv)
{
    const char *preload = getenv("LD_PRELOAD");
    if (preload != NULL && strstr(preload, PRELOAD) != NULL)
        return;
    set_env("LD_PRELOAD", PRELOAD);
    set_env("ASAN_OPTIONS", "verify_asan_link_order=0");
    /* GLib's own locks are invisible to ThreadSanitizer; ours are not. */
    set_env("TSAN_OPTIONS", "ignore_noninstrumented_modules=1");
    execv("/proc/self/exe", argv);
    perror("guichet-sim: cannot start again under the preload library");
    exit(1);
}

/* run */

static gboolean on_signal(gpointer context)
{
    g_main_loop_quit(context);
    return G_SOURCE_CONTINUE;
}

static void on_program_end(GPid pid, gint status, gpointer context)
{
    struct simulator *simulator = context;
    g_spawn_close_pid(pid);
    simulator->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    g_main_loop_quit(simulator->loop);
}

static bool start_program(struct simulator *simulator)
{
    char **program = simulator->options.program;
    if (program == NULL)
        return true;
    setenv("GUICHET_SIM_SOCKET", simulator->options.socket_path, 1);
    GPid pid;
    GError *error = NULL;
    if (!g_spawn_async(NULL, program, NULL,
                       (GSpawnFlags)(G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH |
                                     G_SPAWN_CHILD_INHERITS_STDIN),
                       NULL, NULL, &pid, &error)) {
        fprintf(stderr, "guichet-sim: %s\n", error->message);
        g_error_free(error);
        return false;
    }
    g_child_watch_add(pid, on_program_end, simulator);
    return true;
}

/* GLib's messages go where ours go. umockdev complains of every program that dies inside an ioctl;
 * here that is an everyday thing. */
static void on_glib_message(const gchar *domain, GLogLevelFlags level, const gchar *message,
                            gpointer context)
{
    (void)domain;
    (void)context;
    const int serious = G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR;
    if (((int)level & serious) != 0 && strstr(message, "Destroying IoctlClient") == NULL)
        log_warning("simulator", "glib", "%s", message);
}

static int run(const struct simulator_options *options)
{
    static struct simulator simulator;
    signal(SIGPIPE, SIG_IGN);
    g_log_set_default_handler(on_glib_message, NULL);
    if (!simulator_init(&simulator, options))
        return 1;
    int status = 1;
    struct control *control = control_open(&simulator, options->socket_path);
    if (control == NULL)
        goto out;
    g_unix_signal_add(SIGINT, on_signal, simulator.loop);
    g_unix_signal_add(SIGTERM, on_signal, simulator.loop);
    struct panel *panel = options->headless ? NULL : panel_open(&simulator);
    if (start_program(&simulator)) {
        g_main_loop_run(simulator.loop);
        status = simulator.exit_status;
    }
    if (panel != NULL)
        panel_close(panel);
    control_close(control);
out:
    simulator_deinit(&simulator);
    return status;
}

static int run_main(int argc, char **argv)
{
    struct simulator_options options = {
        .transport = &usb_transport_umockdev,
        .socket_path = getenv("GUICHET_SIM_SOCKET"),
        .out_directory = "out",
        .time_percent = 100,
        .width_dots = 576,
        .bridge = BRIDGE_FTDI,
    };
    for (int i = 2; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--headless") == 0)
            options.headless = true;
        else if (strcmp(argv[i], "--kernel") == 0)
            options.transport = &usb_transport_vhci;
        else if (strcmp(argv[i], "--fast") == 0)
            options.time_percent = 5;
        else if (strcmp(argv[i], "--") == 0 && value != NULL) {
            options.program = argv + i + 1;
            break;
        } else if (value == NULL)
            return usage_error("run: unknown option or missing value");
        else if (strcmp(argv[i], "--socket") == 0)
            options.socket_path = argv[++i];
        else if (strcmp(argv[i], "--out") == 0)
            options.out_directory = argv[++i];
        else if (strcmp(argv[i], "--dots") == 0)
            options.width_dots = strcmp(argv[++i], "384") == 0 ? 384 : 576;
        else if (strcmp(argv[i], "--acceptor") == 0)
            options.tongue = strcmp(argv[++i], "id003") == 0 ? ACCEPTOR_ID003 : ACCEPTOR_SSP;
        else if (strcmp(argv[i], "--bridge") == 0 && bridge_kind_parse(value, &options.bridge))
            i++;
        else if (strcmp(argv[i], "--framing") == 0)
            options.framing = *argv[++i] == 'b' ? ID_FRAMING_B : ID_FRAMING_A;
        else
            return usage_error("run: unknown option");
    }
    if (options.socket_path == NULL)
        return usage_error("--socket is missing");
    if (options.transport == &usb_transport_umockdev)
        reexec_under_preload(argv);
    return run(&options);
}

/* exec and plain commands */

static int exec_inside(const char *socket_path, char **program)
{
    GString *reply = g_string_new(NULL);
    bool ok;
    if (!control_ask(socket_path, "env", reply, &ok) || !ok)
        return 1;
    char **lines = g_strsplit(reply->str, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        char *equals = strchr(*line, '=');
        if (equals == NULL)
            continue;
        *equals = '\0';
        set_env(*line, equals + 1);
    }
    g_strfreev(lines);
    g_string_free(reply, TRUE);
    setenv("GUICHET_SIM_SOCKET", socket_path, 1);
    execvp(program[0], program);
    fprintf(stderr, "guichet-sim: cannot start %s\n", program[0]);
    return 127;
}

static int send_command(const char *socket_path, int argc, char **argv)
{
    GString *line = g_string_new(NULL);
    for (int i = 0; i < argc; i++) {
        char *quoted = g_shell_quote(argv[i]);
        g_string_append_printf(line, "%s%s", i > 0 ? " " : "", quoted);
        g_free(quoted);
    }
    GString *reply = g_string_new(NULL);
    bool ok = false;
    if (control_ask(socket_path, line->str, reply, &ok)) {
        if (ok)
            g_string_truncate(reply, reply->len - strlen("ok\n"));
        fputs(reply->str, ok ? stdout : stderr);
    }
    g_string_free(line, TRUE);
    g_string_free(reply, TRUE);
    return ok ? 0 : 1;
}

/*
 * umockdev's thread may be inside libcrypto when the process ends; what libcrypto then fails to
 * free is no leak of ours. LeakSanitizer asks for this by name.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libcrypto.so";
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "run") == 0)
        return run_main(argc, argv);
    const char *socket_path = getenv("GUICHET_SIM_SOCKET");
    int at = 1;
    if (argc > 2 && strcmp(argv[1], "--socket") == 0) {
        socket_path = argv[2];
        at = 3;
    }
    if (socket_path == NULL)
        return usage_error("--socket is missing");
    if (at == argc)
        return usage_error("no command");
    if (strcmp(argv[at], "exec") != 0)
        return send_command(socket_path, argc - at, argv + at);
    at += at + 1 < argc && strcmp(argv[at + 1], "--") == 0 ? 2 : 1;
    return at < argc ? exec_inside(socket_path, argv + at) : usage_error("exec: which program?");
}
