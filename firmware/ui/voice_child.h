/*
 * The speech program as a child process, on a short lead: text in on its standard input (never in
 * its arguments, which everybody can read), WAV out on its standard output, nothing else.
 *
 * The child has no other descriptor, nothing of our environment and no new privileges, cannot write
 * a file or leave a core, has bounded memory and time, and dies with the thread that started it.
 *
 * Threads: one; poll() on the descriptors is the caller's.
 */
#pragma once
#include "base/status.h"
#include <sys/types.h>

struct voice_child {
    pid_t pid; /* 0: none */
    int in;    /* write end of its input; -1 when closed */
    int out;   /* read end of its output */
};

#define VOICE_NAME_SIZE 32

struct voice_child_config {
    const char *program; /* absolute path */
    const char *voice;   /* a name: letters, digits, - and + */
    int rate;            /* words a minute */
};

/* STATUS_OK or STATUS_IO (errno says why). Both descriptors do not block. */
NODISCARD enum status voice_child_start(struct voice_child *child,
                                        const struct voice_child_config *config);
void voice_child_close_input(struct voice_child *child);
/* Kills it if it still runs, and leaves no zombie. */
void voice_child_stop(struct voice_child *child);
