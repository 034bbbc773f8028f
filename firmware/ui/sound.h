/*
 * The loudspeaker: samples in, SDL audio out. Open only while somebody listens.
 *
 * A ring between the thread of the voice, which waits for room in it, and SDL's, which takes what
 * is due. What was played is wiped at once, and what was cancelled before it is heard.
 *
 * Threads: sound_write and sound_drain from the thread of the voice; the rest from it and the main
 * loop.
 */
#pragma once
#include "base/status.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define SOUND_RING_SAMPLES 2048
#define SOUND_DEVICE_SIZE 128
#define SOUND_VOLUME_MAX 5

struct sound {
    pthread_mutex_t lock;
    pthread_cond_t moved; /* SDL took samples, or they were dropped */
    int16_t ring[SOUND_RING_SAMPLES];
    int first, count;
    int volume;       /* 1..SOUND_VOLUME_MAX */
    unsigned drops;   /* counts sound_drop: what was written for an earlier one is not wanted */
    int64_t played;   /* samples since sound_open */
    int64_t heard_ms; /* monotonic, of the first sample after sound_expect; 0: none yet */
    uint32_t device;  /* SDL's; 0: closed. The thread of the voice only */
    bool audio;       /* SDL's audio is initialised */
    int rate;
    char name[SOUND_DEVICE_SIZE]; /* of the device; empty: the system's own */
};

void sound_init(struct sound *sound, const char *device);
void sound_deinit(struct sound *sound);

/* Opens the device for that many samples a second, unless it is open so. STATUS_OK or STATUS_IO. */
NODISCARD enum status sound_open(struct sound *sound, int rate);
void sound_close(struct sound *sound);
/* Before the thread of the voice ends. */
void sound_leave_thread(void);

void sound_set_volume(struct sound *sound, int volume);

/* What is in the ring or written for an earlier drop is never heard; from any thread. Returns the
 * new mark for sound_write. */
unsigned sound_drop(struct sound *sound);

/* Waits for room. STATUS_OK, STATUS_CANCELLED after a drop, STATUS_TIMEOUT: the device is stuck. */
NODISCARD enum status sound_write(struct sound *sound, unsigned mark, const int16_t *samples,
                                  int count);
/* Waits until all of it was taken. Same. */
NODISCARD enum status sound_drain(struct sound *sound, unsigned mark);

/* When the next first sample was handed to the device; for measuring. */
void sound_expect(struct sound *sound);
int64_t sound_heard_ms(struct sound *sound);
int64_t sound_played(struct sound *sound);
