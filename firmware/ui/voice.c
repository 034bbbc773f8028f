#include "ui/voice.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "ui/sound.h"
#include "ui/wav.h"

#define PARTS_MAX 64
#define TEXT_SIZE (SPOKEN_ARENA_SIZE + 4 * SPOKEN_UTTERANCES_MAX)
#define CHUNK_SIZE 2048
#define ANSWER_MS 5000  /* a first sample takes 60 ms; one that needs so long hangs */
#define SECONDS_MAX 300 /* of sound from one child */
#define SECONDS_LEAST 5
/* The next words often follow soon; an open device wakes up 43 times a second. */
#define LINGER_S 2

/* What one child says: utterances of one language. */
struct part {
    enum spoken_language language;
    size_t first, length;
};

struct job {
    struct part parts[PARTS_MAX];
    int count;
    char text[TEXT_SIZE];
    size_t used;
    unsigned mark; /* of sound_drop: an older job is cancelled */
};

struct voice {
    struct voice_config config;
    char program[108], names[SPOKEN_LANGUAGES][VOICE_NAME_SIZE];
    pthread_t thread;
    bool has_thread;
    int wake_fd; /* readable: the job under way is cancelled */

    pthread_mutex_t lock;
    pthread_cond_t asked;
    struct job next; /* guarded by lock, like all of the following */
    bool has_next, hush, closing;
    bool speaking, device_open, failed;
    int64_t asked_ms;

    struct sound sound;
    struct job now;  /* the thread's */
    bool complained; /* the thread's: logged once until it works again */
};

bool voice_is_installed(const char *program)
{
    return access(program, X_OK) == 0;
}

/* ---- texts to jobs ---- */

static bool ends_sentence(const char *text)
{
    static const char *const ENDS[] = { ".", "?", "!", "。", "？", "！" };
    const size_t length = strlen(text);
    for (size_t i = 0; i < ARRAY_SIZE(ENDS); i++) {
        const size_t size = strlen(ENDS[i]);
        if (length >= size && strcmp(text + length - size, ENDS[i]) == 0)
            return true;
    }
    return false;
}

static void append(struct job *job, const char *text)
{
    const size_t length = strlen(text);
    CHECK(job->used + length < sizeof job->text); /* a list's arena and its full stops fit */
    memcpy(job->text + job->used, text, length);
    job->used += length;
    job->parts[job->count - 1].length += length;
}

/* One child says neighbours of one language; a full stop makes the pause between them. */
static void compose(struct job *job, const struct spoken_list *list)
{
    bytes_wipe(job, sizeof *job);
    for (int i = 0; i < list->count; i++) {
        const struct spoken_utterance *utterance = &list->utterances[i];
        struct part *part = job->count > 0 ? &job->parts[job->count - 1] : NULL;
        if (!part || part->language != utterance->language) {
            if (job->count == PARTS_MAX)
                return; /* 64 changes of language on one page: the rest is not worth hearing */
            job->parts[job->count++] =
                (struct part){ .language = utterance->language, .first = job->used };
        }
        append(job, utterance->text);
        if (!ends_sentence(utterance->text))
            append(job, utterance->language == SPOKEN_ZH ? "。" : ".");
        append(job, "\n");
    }
}

/* ---- the thread: one child ---- */

struct speech { /* one child's output */
    struct voice *voice;
    struct voice_child child;
    const char *text; /* not yet written to it */
    size_t left;
    uint8_t data[CHUNK_SIZE]; /* the head, later a chunk of samples */
    size_t size;
    bool has_head;
    struct wav_head head;
    int64_t samples;
    int seconds_max; /* of sound */
};

static bool is_cancelled(const struct voice *voice)
{
    struct pollfd wake = { .fd = voice->wake_fd, .events = POLLIN };
    return poll(&wake, 1, 0) > 0;
}

static enum status fail(struct voice *voice, const char *why)
{
    if (!voice->complained)
        log_error("ui", "no_speech", "%s %s", voice->program, why);
    voice->complained = true;
    return STATUS_PROTOCOL;
}

static enum status write_text(struct speech *speech)
{
    const ssize_t written = write(speech->child.in, speech->text, speech->left);
    if (written < 0 && errno != EAGAIN && errno != EINTR)
        return fail(speech->voice, "does not take its text");
    if (written > 0) {
        speech->text += written;
        speech->left -= (size_t)written;
    }
    if (speech->left == 0)
        voice_child_close_input(&speech->child);
    return STATUS_OK;
}

static enum status take_head(struct speech *speech)
{
    switch (wav_parse_head(speech->data, speech->size, &speech->head)) {
    case WAV_MORE:
        return STATUS_OK;
    case WAV_BAD:
        return fail(speech->voice, "writes no sound that can be played");
    case WAV_OK:
        break;
    }
    if (sound_open(&speech->voice->sound, speech->head.rate) != STATUS_OK)
        return STATUS_IO;
    pthread_mutex_lock(&speech->voice->lock);
    speech->voice->device_open = true;
    pthread_mutex_unlock(&speech->voice->lock);
    speech->has_head = true;
    speech->size -= speech->head.size;
    memmove(speech->data, speech->data + speech->head.size, speech->size);
    return STATUS_OK;
}

/* Whole samples go out, half a one waits for its other half. */
static enum status play(struct speech *speech)
{
    int16_t samples[CHUNK_SIZE / 2];
    const size_t count = speech->size / 2;
    for (size_t i = 0; i < count; i++)
        samples[i] = (int16_t)(uint16_t)(speech->data[2 * i] | speech->data[2 * i + 1] << 8);
    speech->samples += (int64_t)count;
    enum status status =
        speech->samples > (int64_t)speech->seconds_max * speech->head.rate
            ? fail(speech->voice, "does not end")
            : sound_write(&speech->voice->sound, speech->voice->now.mark, samples, (int)count);
    if (status == STATUS_TIMEOUT)
        log_error("ui", "sound_stuck", "the audio device takes no samples");
    bytes_wipe(samples, sizeof samples);
    if (speech->size % 2 == 1)
        speech->data[0] = speech->data[speech->size - 1];
    speech->size %= 2;
    return status;
}

/* STATUS_DISCONNECTED at the end of its output. */
static enum status read_some(struct speech *speech)
{
    const ssize_t got =
        read(speech->child.out, speech->data + speech->size, sizeof speech->data - speech->size);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? STATUS_OK : STATUS_IO;
    if (got == 0)
        return STATUS_DISCONNECTED;
    speech->size += (size_t)got;
    enum status status = speech->has_head ? STATUS_OK : take_head(speech);
    if (status == STATUS_OK && speech->has_head)
        status = play(speech);
    return status;
}

/* One turn: waits for what comes first. */
static enum status step(struct speech *speech)
{
    struct pollfd fds[] = {
        { .fd = speech->voice->wake_fd, .events = POLLIN },
        { .fd = speech->child.out, .events = POLLIN },
        { .fd = speech->child.in, .events = POLLOUT },
    };
    const int ready = poll(fds, ARRAY_SIZE(fds), ANSWER_MS);
    if (ready < 0)
        return errno == EINTR ? STATUS_OK : STATUS_IO;
    if (ready == 0)
        return fail(speech->voice, "does not answer");
    if (fds[0].revents)
        return STATUS_CANCELLED;
    if (fds[2].revents) {
        const enum status status = write_text(speech);
        if (status != STATUS_OK)
            return status;
    }
    return fds[1].revents ? read_some(speech) : STATUS_OK;
}

/* A slow voice needs a quarter of a second a byte; at 150 words a minute. */
static int seconds_max(const struct voice *voice, size_t bytes)
{
    const int64_t seconds = SECONDS_LEAST + (int64_t)bytes * 150 / (4 * voice->config.rate);
    return seconds < SECONDS_MAX ? (int)seconds : SECONDS_MAX;
}

static enum status say_part(struct voice *voice, const struct part *part)
{
    const struct voice_child_config config = {
        .program = voice->program,
        .voice = voice->names[part->language],
        .rate = voice->config.rate,
    };
    struct speech speech = {
        .voice = voice,
        .text = voice->now.text + part->first,
        .left = part->length,
        .seconds_max = seconds_max(voice, part->length),
    };
    if (voice_child_start(&speech.child, &config) != STATUS_OK)
        return fail(voice, "cannot be started");
    enum status status = STATUS_OK;
    while (status == STATUS_OK)
        status = step(&speech);
    voice_child_stop(&speech.child);
    bytes_wipe(speech.data, sizeof speech.data);
    if (status != STATUS_DISCONNECTED)
        return status;
    return speech.samples > 0 ? STATUS_OK : fail(voice, "ended without a sound");
}

static enum status say_all(struct voice *voice)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < voice->now.count && status == STATUS_OK; i++)
        status = is_cancelled(voice) ? STATUS_CANCELLED : say_part(voice, &voice->now.parts[i]);
    if (status == STATUS_OK)
        status = sound_drain(&voice->sound, voice->now.mark);
    return status;
}

/* ---- the thread: jobs ---- */

static void finish(struct voice *voice, enum status status)
{
    const bool failed = status != STATUS_OK && status != STATUS_CANCELLED;
    bytes_wipe(&voice->now, sizeof voice->now);
    if (status == STATUS_OK)
        voice->complained = false;
    if (failed) {
        sound_close(&voice->sound);
        voice->complained = true;
    }
    pthread_mutex_lock(&voice->lock);
    voice->speaking = voice->has_next;
    voice->failed = failed;
    voice->device_open = voice->sound.device != 0;
    pthread_mutex_unlock(&voice->lock);
    if (failed && voice->config.on_failure)
        voice->config.on_failure(voice->config.context);
}

static void close_sound(struct voice *voice)
{
    pthread_mutex_unlock(&voice->lock);
    sound_close(&voice->sound);
    pthread_mutex_lock(&voice->lock);
    voice->device_open = false;
}

/* With the lock. A device that nothing was said to for a while is closed. */
static void wait_to_be_asked(struct voice *voice)
{
    struct timespec limit;
    voice->speaking = false; /* also when it was hushed before it began */
    if (!voice->device_open) {
        pthread_cond_wait(&voice->asked, &voice->lock);
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &limit);
    limit.tv_sec += LINGER_S;
    if (pthread_cond_timedwait(&voice->asked, &voice->lock, &limit) != 0 && !voice->has_next)
        voice->hush = true;
}

/* With the lock. False: the voice is being closed. */
static bool wait_for_job(struct voice *voice)
{
    for (;;) {
        if (voice->closing)
            return false;
        if (voice->hush) {
            voice->hush = false;
            close_sound(voice);
        } else if (voice->has_next) {
            return true;
        } else {
            wait_to_be_asked(voice);
        }
    }
}

static void take_job(struct voice *voice)
{
    uint64_t count;
    memcpy(&voice->now, &voice->next, sizeof voice->now);
    bytes_wipe(&voice->next, sizeof voice->next);
    voice->has_next = false;
    /* Whatever woke the last job up is over: this one is the newest. */
    if (read(voice->wake_fd, &count, sizeof count) < 0 && errno != EAGAIN)
        log_error("ui", "wake_failed", "errno %d", errno);
}

static void *run(void *context)
{
    struct voice *voice = context;
    pthread_mutex_lock(&voice->lock);
    while (wait_for_job(voice)) {
        take_job(voice);
        pthread_mutex_unlock(&voice->lock);
        finish(voice, say_all(voice));
        pthread_mutex_lock(&voice->lock);
    }
    pthread_mutex_unlock(&voice->lock);
    sound_close(&voice->sound);
    sound_leave_thread();
    return NULL;
}

/* ---- the main loop's side ---- */

struct voice *voice_open(const struct voice_config *config)
{
    pthread_condattr_t attributes;
    CHECK(config->rate > 0);
    struct voice *voice = calloc(1, sizeof *voice);
    if (!voice)
        return NULL;
    voice->config = *config;
    (void)text_copy(voice->program, sizeof voice->program, config->program);
    for (int i = 0; i < SPOKEN_LANGUAGES; i++)
        (void)text_copy(voice->names[i], VOICE_NAME_SIZE, config->voices[i]);
    voice->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (voice->wake_fd < 0) {
        free(voice);
        return NULL;
    }
    pthread_mutex_init(&voice->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&voice->asked, &attributes);
    pthread_condattr_destroy(&attributes);
    sound_init(&voice->sound, config->device);
    return voice;
}

/* With the lock: what is being said is heard no more, and its thread is told. */
static unsigned cancel(struct voice *voice)
{
    const uint64_t one = 1;
    bytes_wipe(&voice->next, sizeof voice->next);
    voice->has_next = false;
    if (write(voice->wake_fd, &one, sizeof one) < 0 && errno != EAGAIN)
        log_error("ui", "wake_failed", "errno %d", errno);
    return sound_drop(&voice->sound);
}

/* Only a kiosk that has spoken has the thread. It takes no signal: those are main's. */
static bool has_thread(struct voice *voice)
{
    sigset_t all, before;
    if (voice->has_thread)
        return true;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    voice->has_thread = pthread_create(&voice->thread, NULL, run, voice) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!voice->has_thread)
        log_error("ui", "no_speech", "no thread can be started");
    return voice->has_thread;
}

void voice_say(struct voice *voice, const struct spoken_list *list)
{
    pthread_mutex_lock(&voice->lock);
    const unsigned mark = cancel(voice);
    if (list->count > 0 && has_thread(voice)) {
        compose(&voice->next, list);
        voice->next.mark = mark;
        voice->has_next = voice->speaking = true;
        voice->hush = false;
        voice->asked_ms = clock_now_ms(&clock_system);
        sound_expect(&voice->sound);
        pthread_cond_signal(&voice->asked);
    }
    pthread_mutex_unlock(&voice->lock);
}

void voice_hush(struct voice *voice)
{
    pthread_mutex_lock(&voice->lock);
    (void)cancel(voice);
    voice->hush = true;
    pthread_cond_signal(&voice->asked);
    pthread_mutex_unlock(&voice->lock);
}

void voice_set_volume(struct voice *voice, int volume)
{
    sound_set_volume(&voice->sound, volume);
}

struct voice_state voice_current_state(struct voice *voice)
{
    pthread_mutex_lock(&voice->lock);
    const int64_t heard_ms = sound_heard_ms(&voice->sound);
    const struct voice_state state = {
        .speaking = voice->speaking,
        .device_open = voice->device_open,
        .failed = voice->failed,
        .played = sound_played(&voice->sound),
        .delay_ms = heard_ms > 0 ? (int)(heard_ms - voice->asked_ms) : -1,
    };
    pthread_mutex_unlock(&voice->lock);
    return state;
}

void voice_close(struct voice *voice)
{
    if (!voice)
        return;
    pthread_mutex_lock(&voice->lock);
    (void)cancel(voice);
    voice->closing = true;
    pthread_cond_signal(&voice->asked);
    pthread_mutex_unlock(&voice->lock);
    if (voice->has_thread)
        pthread_join(voice->thread, NULL);
    sound_deinit(&voice->sound);
    close(voice->wake_fd);
    pthread_cond_destroy(&voice->asked);
    pthread_mutex_destroy(&voice->lock);
    bytes_wipe(voice, sizeof *voice);
    free(voice);
}
