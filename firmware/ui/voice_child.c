#include "ui/voice_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

#define CPU_S_MAX 60                 /* a page of speech takes about one second of it */
#define MEMORY_BYTES_MAX (256 << 20) /* espeak-ng needs under 32 MiB */
#define DESCRIPTORS_MAX 32

static void limit(int what, rlim_t value)
{
    const struct rlimit both = { value, value };
    if (setrlimit((__rlimit_resource_t)what, &both) != 0)
        _exit(126);
}

static void confine(void)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CPU, CPU_S_MAX);
    limit(RLIMIT_AS, MEMORY_BYTES_MAX);
    limit(RLIMIT_NOFILE, DESCRIPTORS_MAX);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
        prctl(PR_SET_DUMPABLE, 0) != 0)
        _exit(126);
}

/* Between fork and exec: only what is safe there. Ours are all close-on-exec, a library's need not
 * be. */
static void become(const struct voice_child_config *config, const char *rate, int in, int out)
{
    char *const arguments[] = { (char *)(uintptr_t)config->program,
                                "--stdin",
                                "--stdout",
                                "-b",
                                "1",
                                "-v",
                                (char *)(uintptr_t)config->voice,
                                "-s",
                                (char *)(uintptr_t)rate,
                                NULL };
    /* espeak-ng looks for a sound server even when it writes to its output: there is none for it.
     */
    char *const environment[] = { "LC_ALL=C.UTF-8", "PULSE_SERVER=/nonexistent", NULL };
    sigset_t none;
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(null, STDERR_FILENO) < 0 || close_range(3, ~0U, 0) != 0 || chdir("/") != 0)
        _exit(126);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not be written is an error, not its end */
    confine();
    execve(config->program, arguments, environment);
    _exit(127);
}

static bool open_pipes(int in[2], int out[2])
{
    if (pipe2(in, O_CLOEXEC) != 0)
        return false;
    if (pipe2(out, O_CLOEXEC) == 0)
        return true;
    close(in[0]);
    close(in[1]);
    return false;
}

enum status voice_child_start(struct voice_child *child, const struct voice_child_config *config)
{
    int in[2], out[2];
    char rate[16];
    *child = (struct voice_child){ .in = -1, .out = -1 };
    text_format(rate, sizeof rate, "%d", config->rate);
    if (!open_pipes(in, out))
        return STATUS_IO;
    const pid_t pid = fork();
    if (pid == 0)
        become(config, rate, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    if (pid < 0 || fcntl(in[1], F_SETFL, O_NONBLOCK) != 0 ||
        fcntl(out[0], F_SETFL, O_NONBLOCK) != 0) {
        close(in[1]);
        close(out[0]);
        return STATUS_IO;
    }
    *child = (struct voice_child){ .pid = pid, .in = in[1], .out = out[0] };
    return STATUS_OK;
}

void voice_child_close_input(struct voice_child *child)
{
    if (child->in >= 0)
        close(child->in);
    child->in = -1;
}

void voice_child_stop(struct voice_child *child)
{
    if (child->pid == 0)
        return;
    voice_child_close_input(child);
    close(child->out);
    /* Also after its last sample: one that closes its output and lives on is nothing to wait for.
     */
    kill(child->pid, SIGKILL);
    while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    *child = (struct voice_child){ .in = -1, .out = -1 };
}
