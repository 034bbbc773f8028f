#include "ui/wav.h"

#include <string.h>

#include "support/unit.h"

/* As espeak-ng 1.51 begins: the lengths are not known yet. */
static const uint8_t HEAD[44] = {
    'R', 'I',  'F',  'F', 0x24, 0xf0, 0xff, 0x7f, 'W', 'A',  'V',  'E',  'f',  'm',  't',
    ' ', 0x10, 0,    0,   0,    0x01, 0,    0x01, 0,   0x22, 0x56, 0,    0,    0x44, 0xac,
    0,   0,    0x02, 0,   0x10, 0,    'd',  'a',  't', 'a',  0x00, 0xf0, 0xff, 0x7f,
};

static struct wav_head head;

static enum wav_result parse_changed(size_t at, uint8_t value)
{
    uint8_t copy[sizeof HEAD];
    memcpy(copy, HEAD, sizeof copy);
    copy[at] = value;
    return wav_parse_head(copy, sizeof copy, &head);
}

static void the_head_of_a_stream_is_read(void **state)
{
    (void)state;
    assert_int_equal(wav_parse_head(HEAD, sizeof HEAD, &head), WAV_OK);
    assert_int_equal(head.rate, 22050);
    assert_int_equal(head.size, sizeof HEAD);
    assert_int_equal(head.length, 0x7ffff000);
}

static void an_incomplete_head_asks_for_more(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof HEAD; size++)
        assert_int_equal(wav_parse_head(HEAD, size, &head), WAV_MORE);
}

static void what_we_do_not_play_is_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
    } CHANGES[] = {
        { 0, 'X' }, /* no RIFF */
        { 8, 'X' }, /* no WAVE */
        { 16, 15 }, /* a short format */
        { 20, 3 },  /* floating point */
        { 22, 2 },  /* two channels */
        { 25, 0 },  /* 34 Hz */
        { 26, 1 },  /* 87586 Hz */
        { 32, 4 },  /* two bytes a sample do not make a block of four */
        { 34, 8 },  /* eight bits */
        { 18, 1 },  /* a format of 65552 bytes */
    };
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; i++)
        assert_int_equal(parse_changed(CHANGES[i].at, CHANGES[i].value), WAV_BAD);
    assert_int_equal(parse_changed(12, 'F'), WAV_BAD); /* samples without a format */
}

static void unknown_chunks_are_passed_over_within_bounds(void **state)
{
    (void)state;
    uint8_t with[sizeof HEAD + 12];
    memcpy(with, HEAD, 12);
    memcpy(with + 12, "LIST\x03\0\0\0abc", 12); /* of odd length, padded */
    memcpy(with + 24, HEAD + 12, sizeof HEAD - 12);
    assert_int_equal(wav_parse_head(with, sizeof with, &head), WAV_OK);
    assert_int_equal(head.size, sizeof with);
    uint8_t endless[WAV_HEAD_SIZE_MAX] = { 0 };
    memcpy(endless, HEAD, 12); /* and then empty chunks */
    assert_int_equal(wav_parse_head(endless, 500, &head), WAV_MORE);
    assert_int_equal(wav_parse_head(endless, sizeof endless, &head), WAV_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_of_a_stream_is_read),
        cmocka_unit_test(an_incomplete_head_asks_for_more),
        cmocka_unit_test(what_we_do_not_play_is_refused),
        cmocka_unit_test(unknown_chunks_are_passed_over_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
