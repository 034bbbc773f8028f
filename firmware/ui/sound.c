#include "ui/sound.h"

#include <SDL.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#define BUFFER_SAMPLES 512 /* 23 ms at 22050 Hz: so much of a cancelled word may still be heard */
#define STUCK_MS 3000

/* 256ths; each step is 3 dB, the fifth the samples as they come. */
static const int GAINS[SOUND_VOLUME_MAX + 1] = { 0, 64, 91, 128, 181, 256 };

void sound_init(struct sound *sound, const char *device)
{
    pthread_condattr_t attributes;
    *sound = (struct sound){ .volume = SOUND_VOLUME_MAX };
    pthread_mutex_init(&sound->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&sound->moved, &attributes);
    pthread_condattr_destroy(&attributes);
    (void)text_copy(sound->name, sizeof sound->name, device);
}

void sound_deinit(struct sound *sound)
{
    sound_close(sound);
    pthread_cond_destroy(&sound->moved);
    pthread_mutex_destroy(&sound->lock);
    bytes_wipe(sound, sizeof *sound);
}

/* SDL's thread, each time its buffer is empty. */
static void on_empty(void *context, Uint8 *buffer, int size)
{
    struct sound *sound = context;
    const int wanted = size / (int)sizeof(int16_t);
    int16_t *out = (int16_t *)(void *)buffer;
    pthread_mutex_lock(&sound->lock);
    const int count = sound->count < wanted ? sound->count : wanted;
    for (int i = 0; i < count; i++) {
        int16_t *sample = &sound->ring[(sound->first + i) % SOUND_RING_SAMPLES];
        out[i] = (int16_t)(*sample * GAINS[sound->volume] / 256);
        *sample = 0;
    }
    sound->first = (sound->first + count) % SOUND_RING_SAMPLES;
    sound->count -= count;
    sound->played += count;
    if (count > 0 && sound->heard_ms == 0)
        sound->heard_ms = clock_now_ms(&clock_system);
    pthread_cond_broadcast(&sound->moved);
    pthread_mutex_unlock(&sound->lock);
    memset(out + count, 0, (size_t)(wanted - count) * sizeof *out);
}

static enum status refuse(struct sound *sound)
{
    log_error("ui", "no_sound", "the audio device%s%s cannot be opened: %s",
              sound->name[0] ? " " : "", sound->name, SDL_GetError());
    sound_close(sound);
    return STATUS_IO;
}

enum status sound_open(struct sound *sound, int rate)
{
    const SDL_AudioSpec wanted = {
        .freq = rate,
        .format = AUDIO_S16SYS,
        .channels = 1,
        .samples = BUFFER_SAMPLES,
        .callback = on_empty,
        .userdata = sound,
    };
    if (sound->device != 0 && sound->rate == rate)
        return STATUS_OK;
    sound_close(sound);
    if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0)
        return refuse(sound);
    sound->audio = true;
    sound->device = SDL_OpenAudioDevice(sound->name[0] ? sound->name : NULL, 0, &wanted, NULL, 0);
    if (sound->device == 0)
        return refuse(sound);
    sound->rate = rate;
    pthread_mutex_lock(&sound->lock);
    sound->played = 0;
    pthread_mutex_unlock(&sound->lock);
    SDL_PauseAudioDevice(sound->device, 0);
    return STATUS_OK;
}

void sound_close(struct sound *sound)
{
    if (sound->device != 0)
        SDL_CloseAudioDevice(sound->device);
    if (sound->audio)
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
    sound->device = 0;
    sound->audio = false;
}

void sound_leave_thread(void)
{
    SDL_TLSCleanup(); /* SDL keeps the last error of each thread */
}

void sound_set_volume(struct sound *sound, int volume)
{
    CHECK(volume >= 1 && volume <= SOUND_VOLUME_MAX);
    pthread_mutex_lock(&sound->lock);
    sound->volume = volume;
    pthread_mutex_unlock(&sound->lock);
}

unsigned sound_drop(struct sound *sound)
{
    pthread_mutex_lock(&sound->lock);
    const unsigned mark = ++sound->drops;
    bytes_wipe(sound->ring, sizeof sound->ring);
    sound->count = 0;
    pthread_cond_broadcast(&sound->moved);
    pthread_mutex_unlock(&sound->lock);
    return mark;
}

/* Until room samples fit or a drop. Called and left with the lock. */
static enum status wait_for_room(struct sound *sound, unsigned mark, int room)
{
    struct timespec limit;
    clock_gettime(CLOCK_MONOTONIC, &limit);
    limit.tv_sec += STUCK_MS / 1000;
    while (sound->drops == mark && SOUND_RING_SAMPLES - sound->count < room) {
        const int before = sound->count;
        const bool late = pthread_cond_timedwait(&sound->moved, &sound->lock, &limit) != 0;
        if (late && sound->drops == mark && sound->count == before)
            return STATUS_TIMEOUT;
    }
    return sound->drops == mark ? STATUS_OK : STATUS_CANCELLED;
}

static int put_some(struct sound *sound, const int16_t *samples, int count)
{
    const int room = SOUND_RING_SAMPLES - sound->count, taken = count < room ? count : room;
    for (int i = 0; i < taken; i++)
        sound->ring[(sound->first + sound->count + i) % SOUND_RING_SAMPLES] = samples[i];
    sound->count += taken;
    return taken;
}

enum status sound_write(struct sound *sound, unsigned mark, const int16_t *samples, int count)
{
    enum status status = STATUS_OK;
    pthread_mutex_lock(&sound->lock);
    while (status == STATUS_OK && count > 0) {
        status = wait_for_room(sound, mark, 1);
        if (status != STATUS_OK)
            break;
        const int taken = put_some(sound, samples, count);
        samples += taken;
        count -= taken;
    }
    pthread_mutex_unlock(&sound->lock);
    return status;
}

enum status sound_drain(struct sound *sound, unsigned mark)
{
    pthread_mutex_lock(&sound->lock);
    const enum status status = wait_for_room(sound, mark, SOUND_RING_SAMPLES);
    pthread_mutex_unlock(&sound->lock);
    return status;
}

void sound_expect(struct sound *sound)
{
    pthread_mutex_lock(&sound->lock);
    sound->heard_ms = 0;
    pthread_mutex_unlock(&sound->lock);
}

int64_t sound_heard_ms(struct sound *sound)
{
    pthread_mutex_lock(&sound->lock);
    const int64_t ms = sound->heard_ms;
    pthread_mutex_unlock(&sound->lock);
    return ms;
}

int64_t sound_played(struct sound *sound)
{
    pthread_mutex_lock(&sound->lock);
    const int64_t played = sound->played;
    pthread_mutex_unlock(&sound->lock);
    return played;
}
