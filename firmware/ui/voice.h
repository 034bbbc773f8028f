/*
 * The voice: utterances in, sound out. espeak-ng speaks in a process of its own (it is GPL-3.0, and
 * its crash is nothing to the kiosk); its samples are played by SDL.
 *
 * Saying something cancels what is being said, at once. While nothing is to be said there is no
 * child, and after two seconds no audio device and nothing that wakes up. A program that is
 * missing, hangs, writes no sound or never ends is logged once and reported; the kiosk then offers
 * no speech.
 *
 * Threads: main loop; a thread of its own sleeps until there is something to say. on_failure is
 * called on that thread.
 * Privacy: texts go through a pipe; they and their samples are wiped when said or cancelled.
 */
#pragma once
#include "ui/spoken.h"
#include "ui/voice_child.h"
#include <stdbool.h>
#include <stdint.h>

#define VOICE_PROGRAM "/usr/bin/espeak-ng"
#define VOICE_VOLUME_MAX 5

struct voice;

struct voice_config {
    const char *program; /* absolute path */
    const char *voices[SPOKEN_LANGUAGES];
    int rate;           /* words a minute */
    const char *device; /* SDL's name of the audio device; empty: the system's own */
    void (*on_failure)(void *context);
    void *context;
};

/* Is there a program to speak with at all? Nothing is started. */
bool voice_is_installed(const char *program);

/* NULL when out of memory. Opens nothing yet. */
struct voice *voice_open(const struct voice_config *config);
void voice_close(struct voice *voice);

/* 1..VOICE_VOLUME_MAX; at once, also for what is being said. */
void voice_set_volume(struct voice *voice, int volume);

/* Says these, and nothing that was to be said before. */
void voice_say(struct voice *voice, const struct spoken_list *list);

/* Silence: nothing more is heard, the audio device is closed, every text is wiped. */
void voice_hush(struct voice *voice);

struct voice_state {
    bool speaking;
    bool device_open;
    int delay_ms;   /* from voice_say to the first sample; -1: not yet */
    int64_t played; /* samples, since the device was opened */
    bool failed;    /* the last attempt */
};
struct voice_state voice_current_state(struct voice *voice);
