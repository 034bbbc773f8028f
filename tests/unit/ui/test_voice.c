/*
 * The voice against a speech program that behaves, and against all that do not. SDL's disk driver
 * writes the samples that would be heard into a file, which is what is measured.
 */
#include "ui/voice.h"

#include <SDL.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/check.h"
#include "base/text.h"
#include "support/unit.h"

#define RATE 22050
#define LIMIT_MS 15000

struct bench {
    struct voice *voice;
    int failed_fd; /* one for each failure */
    char file[64];
    struct spoken_list list;
};

static struct bench bench;

static void on_failure(void *context)
{
    const uint64_t one = 1;
    assert_int_equal(write(((struct bench *)context)->failed_fd, &one, sizeof one), sizeof one);
}

static void open_voice(const char *program, const char *zh, const char *en)
{
    const struct voice_config config = {
        .program = program,
        .voices = { zh, en },
        .rate = 150,
        .device = "",
        .on_failure = on_failure,
        .context = &bench,
    };
    bench.voice = voice_open(&config);
    assert_non_null(bench.voice);
}

static int set_up(void **state)
{
    (void)state;
    memset(&bench, 0, sizeof bench);
    bench.failed_fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
    text_format(bench.file, sizeof bench.file, "/tmp/test_voice.%d.raw", (int)getpid());
    unlink(bench.file);
    setenv("SDL_AUDIODRIVER", "disk", 1);
    setenv("SDL_DISKAUDIOFILE", bench.file, 1);
    setenv("SDL_DISKAUDIODELAY", "1", 1); /* ms a buffer instead of 23: twenty times too fast */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    voice_close(bench.voice);
    close(bench.failed_fd);
    unlink(bench.file);
    return 0;
}

static void add(enum spoken_language language, const char *text)
{
    struct spoken_list *list = &bench.list;
    struct spoken_utterance *utterance = &list->utterances[list->count++];
    char *copy = list->arena + list->used;
    text_copy(copy, SPOKEN_ARENA_SIZE - list->used, text);
    list->used += strlen(text) + 1;
    utterance->text = copy;
    utterance->language = language;
}

static void say(enum spoken_language language, const char *text)
{
    spoken_wipe(&bench.list);
    add(language, text);
    voice_say(bench.voice, &bench.list);
}

/* Looks until it is so; a kiosk's main loop needs no such thing, it only asks for changes. */
static void wait_until(bool (*is_so)(const struct voice_state *state))
{
    for (int ms = 0; ms < LIMIT_MS; ms += 2) {
        const struct voice_state now = voice_current_state(bench.voice);
        if (is_so(&now))
            return;
        poll(NULL, 0, 2);
    }
    fail_msg("the voice did not get there");
}

static bool is_silent(const struct voice_state *now)
{
    return !now->speaking;
}

static bool is_closed(const struct voice_state *now)
{
    return !now->speaking && !now->device_open;
}

static bool is_heard(const struct voice_state *now)
{
    return now->delay_ms >= 0;
}

static bool is_well_under_way(const struct voice_state *now)
{
    return now->played > RATE / 4;
}

static void wait_for_failure(void)
{
    struct pollfd failed = { .fd = bench.failed_fd, .events = POLLIN };
    uint64_t count;
    assert_int_equal(poll(&failed, 1, LIMIT_MS), 1);
    assert_int_equal(read(bench.failed_fd, &count, sizeof count), sizeof count);
    assert_true(voice_current_state(bench.voice).failed);
}

struct heard {
    long loud; /* samples that are not silence */
    int peak;
};

static struct heard listen_to_file(void)
{
    struct heard heard = { 0 };
    int16_t sample;
    FILE *file = fopen(bench.file, "rb");
    while (file && fread(&sample, sizeof sample, 1, file) == 1) {
        heard.loud += sample != 0;
        if (abs(sample) > heard.peak)
            heard.peak = abs(sample);
    }
    if (file)
        fclose(file);
    return heard;
}

static void close_and_listen(struct heard *heard)
{
    voice_hush(bench.voice);
    wait_until(is_closed);
    *heard = listen_to_file();
}

static void what_is_said_is_heard_whole_and_once(void **state)
{
    (void)state;
    struct heard heard;
    open_voice(SPEAKER, "loud", "loud");
    voice_set_volume(bench.voice, VOICE_VOLUME_MAX);
    spoken_wipe(&bench.list);
    add(SPOKEN_ZH, "您好");
    add(SPOKEN_ZH, "请放身份证。");
    add(SPOKEN_EN, "English");
    voice_say(bench.voice, &bench.list);
    wait_until(is_silent);
    assert_true(voice_current_state(bench.voice).device_open);
    assert_true(voice_current_state(bench.voice).delay_ms >= 0);
    close_and_listen(&heard);
    assert_int_equal(heard.loud, 3 * RATE); /* three lines, by two children */
    assert_int_equal(heard.peak, 16384);
}

static void nothing_is_open_before_the_first_word(void **state)
{
    (void)state;
    open_voice(SPEAKER, "loud", "loud");
    voice_set_volume(bench.voice, 2);
    voice_hush(bench.voice);
    spoken_wipe(&bench.list);
    voice_say(bench.voice, &bench.list);
    assert_false(voice_current_state(bench.voice).device_open);
    assert_false(voice_current_state(bench.voice).speaking);
    assert_int_not_equal(access(bench.file, F_OK), 0);
}

static void each_step_of_the_volume_is_louder(void **state)
{
    (void)state;
    static const int PEAKS[] = { 4096, 5824, 8192, 11584, 16384 };
    for (int volume = 1; volume <= VOICE_VOLUME_MAX; volume++) {
        struct heard heard;
        open_voice(SPEAKER, "loud", "loud");
        voice_set_volume(bench.voice, volume);
        say(SPOKEN_EN, "louder");
        wait_until(is_silent);
        close_and_listen(&heard);
        assert_int_equal(heard.peak, PEAKS[volume - 1]);
        voice_close(bench.voice);
        bench.voice = NULL;
        unlink(bench.file);
    }
}

static void a_new_text_ends_the_old_one_at_once(void **state)
{
    (void)state;
    struct heard heard;
    setenv("SDL_DISKAUDIODELAY", "23", 1); /* true time */
    open_voice(SPEAKER, "loud", "loud");
    say(SPOKEN_EN, "a\nvery\nlong\ntext\nof\nmany\nseconds\nthat\nnobody\nwants");
    wait_until(is_well_under_way);
    say(SPOKEN_EN, "new");
    wait_until(is_silent);
    close_and_listen(&heard);
    assert_true(heard.loud >= RATE + RATE / 4);
    assert_true(heard.loud < 3 * RATE);
}

static void hushed_it_is_silent_and_the_device_closed(void **state)
{
    (void)state;
    struct heard heard;
    setenv("SDL_DISKAUDIODELAY", "23", 1);
    open_voice(SPEAKER, "loud", "loud");
    say(SPOKEN_EN, "a\nlong\ntext");
    wait_until(is_heard);
    close_and_listen(&heard);
    assert_true(heard.loud < RATE);
}

static void with_nothing_more_to_say_the_device_is_closed(void **state)
{
    (void)state;
    open_voice(SPEAKER, "loud", "loud");
    say(SPOKEN_EN, "x");
    wait_until(is_silent);
    wait_until(is_closed);
    say(SPOKEN_EN, "and again");
    wait_until(is_heard);
    assert_true(voice_current_state(bench.voice).device_open);
}

static void hushed_before_it_began_it_is_not_speaking(void **state)
{
    (void)state;
    open_voice(SPEAKER, "loud", "loud");
    for (int i = 0; i < 50; i++) {
        say(SPOKEN_EN, "never heard");
        voice_hush(bench.voice);
    }
    wait_until(is_closed);
}

static void the_text_is_told_to_nobody_else(void **state)
{
    (void)state;
    struct heard heard;
    setenv("HOME", "/nowhere", 1);
    open_voice(SPEAKER, "spy", "spy");
    say(SPOKEN_EN, "secret");
    wait_until(is_silent);
    close_and_listen(&heard);
    assert_int_equal(heard.loud, RATE);
}

static void a_program_that_is_missing_is_reported(void **state)
{
    (void)state;
    assert_true(voice_is_installed(SPEAKER));
    assert_false(voice_is_installed("/nonexistent/espeak-ng"));
    open_voice("/nonexistent/espeak-ng", "loud", "loud");
    say(SPOKEN_EN, "hello");
    wait_for_failure();
    wait_until(is_closed);
}

static void sound_of_another_shape_is_reported_and_not_played(void **state)
{
    (void)state;
    static const char *const BROKEN[] = { "broken", "stereo", "silent" };
    for (size_t i = 0; i < ARRAY_SIZE(BROKEN); i++) {
        open_voice(SPEAKER, BROKEN[i], BROKEN[i]);
        say(SPOKEN_EN, "hello");
        wait_for_failure();
        wait_until(is_closed);
        assert_int_equal(listen_to_file().loud, 0);
        voice_close(bench.voice);
        bench.voice = NULL;
    }
}

static void a_program_that_never_ends_is_stopped(void **state)
{
    (void)state;
    open_voice(SPEAKER, "babble", "babble");
    say(SPOKEN_EN, "x");
    wait_for_failure();
    wait_until(is_closed);
    assert_true(listen_to_file().loud <= 6 * RATE);
}

static void a_program_that_hangs_is_given_up(void **state)
{
    (void)state;
    open_voice(SPEAKER, "hang", "deaf");
    say(SPOKEN_ZH, "您好");
    wait_for_failure();
    wait_until(is_closed);
}

static void a_program_that_hangs_can_be_cancelled(void **state)
{
    (void)state;
    struct heard heard;
    open_voice(SPEAKER, "loud", "deaf");
    say(SPOKEN_EN, "hello");
    say(SPOKEN_ZH, "您好");
    wait_until(is_silent);
    close_and_listen(&heard);
    assert_int_equal(heard.loud, RATE);
    say(SPOKEN_EN, "hello"); /* and the voice can be closed under it */
}

static void single_bytes_make_whole_samples(void **state)
{
    (void)state;
    struct heard heard;
    open_voice(SPEAKER, "odd", "odd");
    voice_set_volume(bench.voice, VOICE_VOLUME_MAX);
    say(SPOKEN_EN, "x");
    wait_until(is_silent);
    close_and_listen(&heard);
    assert_int_equal(heard.loud, 1000);
    assert_int_equal(heard.peak, 16384);
}

static void without_a_device_it_is_reported(void **state)
{
    (void)state;
    setenv("SDL_AUDIODRIVER", "nonexistent", 1);
    open_voice(SPEAKER, "loud", "loud");
    say(SPOKEN_EN, "x");
    wait_for_failure();
    wait_until(is_closed);
}

static void the_real_program_speaks_both_languages(void **state)
{
    (void)state;
    struct heard zh, en;
    open_voice(VOICE_PROGRAM, "cmn-latn-pinyin", "en-gb");
    say(SPOKEN_ZH, "请把身份证平放在发光区。");
    wait_until(is_silent);
    close_and_listen(&zh);
    assert_true(zh.loud > 2 * RATE && zh.loud < 6 * RATE);
    assert_true(zh.peak > 2000);
    unlink(bench.file);
    say(SPOKEN_EN, "Please put your card on the light.");
    wait_until(is_silent);
    close_and_listen(&en);
    assert_true(en.loud > RATE && en.loud < 5 * RATE);
    assert_true(en.peak > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_said_is_heard_whole_and_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_open_before_the_first_word, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_step_of_the_volume_is_louder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_text_ends_the_old_one_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hushed_it_is_silent_and_the_device_closed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(with_nothing_more_to_say_the_device_is_closed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(hushed_before_it_began_it_is_not_speaking, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_text_is_told_to_nobody_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_program_that_is_missing_is_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sound_of_another_shape_is_reported_and_not_played, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_program_that_never_ends_is_stopped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_program_that_hangs_is_given_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_program_that_hangs_can_be_cancelled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(single_bytes_make_whole_samples, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_device_it_is_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_real_program_speaks_both_languages, set_up, tear_down),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    SDL_Quit();
    return failed;
}
