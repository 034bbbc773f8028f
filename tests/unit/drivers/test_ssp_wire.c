/* Vectors: manual GA138 rev 649A, field traces and the test packet of a public host library. */
#include "drivers/cash_acceptor/ssp/ssp_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/cash_acceptor/ssp/ssp_crypto.h"
#include "unit/drivers/hex.h"

static const struct {
    const char *frame;
    uint8_t address;
    const char *data;
} FRAMES[] = {
    { "7F 80 01 11 65 82", 0x80, "11" },             /* SYNC */
    { "7F 80 01 F0 23 80", 0x80, "F0" },             /* OK */
    { "7F 80 01 07 12 02", 0x80, "07" },             /* POLL */
    { "7F 80 01 F1 26 00", 0x80, "F1" },             /* reset */
    { "7F 80 03 F0 EF 03 C5 CA", 0x80, "F0 EF 03" }, /* read ch 3 */
    { "7F 80 03 F0 EE 04 D7 CC", 0x80, "F0 EE 04" }, /* credit ch 4 */
    { "7F 80 02 06 08 03 94", 0x80, "06 08" },       /* protocol 8 */
    { "7F 80 09 33 F4 01 00 00 45 55 52 58 C3 EE", 0x80, "33 F4 01 00 00 45 55 52 58" },
    { "7F 00 11 7E 70 2F FE 1D 41 19 44 AD DA D1 DF D6 77 F5 33 CC 63 1D", 0x00,
      "7E 70 2F FE 1D 41 19 44 AD DA D1 DF D6 77 F5 33 CC" },
    { "7F 80 11 7E 92 2C F0 C6 74 40 D1 38 B9 17 18 4D FC 76 11 B4 E3 66", 0x80,
      "7E 92 2C F0 C6 74 40 D1 38 B9 17 18 4D FC 76 11 B4" },
};

static enum ssp_progress feed_all(struct ssp_decoder *decoder, const uint8_t *bytes, size_t size)
{
    enum ssp_progress progress = SSP_MORE;
    for (size_t i = 0; i < size; i++)
        progress = ssp_decoder_feed(decoder, bytes[i]);
    return progress;
}

static void builds_the_frames_of_the_manual(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof FRAMES / sizeof FRAMES[0]; i++) {
        struct ssp_frame frame = { .address = FRAMES[i].address };
        uint8_t out[SSP_FRAME_MAX];
        frame.size = (uint8_t)hex_bytes(FRAMES[i].data, frame.data, sizeof frame.data);
        size_t size = ssp_build_frame(&frame, out);
        assert_bytes_equal(out, size, FRAMES[i].frame);
    }
}

static void decodes_the_frames_of_the_manual(void **state)
{
    (void)state;
    struct ssp_decoder decoder;
    ssp_decoder_init(&decoder);
    for (size_t i = 0; i < sizeof FRAMES / sizeof FRAMES[0]; i++) {
        uint8_t bytes[64];
        size_t size = hex_bytes(FRAMES[i].frame, bytes, sizeof bytes);
        assert_int_equal(feed_all(&decoder, bytes, size), SSP_FRAME);
        assert_int_equal(decoder.frame.address, FRAMES[i].address);
        assert_bytes_equal(decoder.frame.data, decoder.frame.size, FRAMES[i].data);
    }
}

static void every_frame_survives_stuffing(void **state)
{
    (void)state;
    struct ssp_frame frame = { .address = 0x80, .size = 255 };
    struct ssp_decoder decoder;
    uint8_t out[SSP_FRAME_MAX];
    memset(frame.data, SSP_STX, sizeof frame.data);
    size_t size = ssp_build_frame(&frame, out);
    assert_true(size > 500);
    ssp_decoder_init(&decoder);
    assert_int_equal(feed_all(&decoder, out, size), SSP_FRAME);
    assert_int_equal(decoder.frame.size, 255);
    assert_memory_equal(decoder.frame.data, frame.data, 255);
}

static void a_single_stx_inside_a_packet_starts_over(void **state)
{
    (void)state;
    struct ssp_decoder decoder;
    uint8_t bytes[32];
    size_t size = hex_bytes("7F 80 03 F0 EE 7F 80 01 F0 23 80", bytes, sizeof bytes);
    ssp_decoder_init(&decoder);
    assert_int_equal(feed_all(&decoder, bytes, size), SSP_FRAME);
    assert_int_equal(decoder.frame.size, 1);
    assert_int_equal(decoder.frame.data[0], SSP_OK);
}

static void a_flipped_bit_makes_the_frame_bad_and_the_next_one_good(void **state)
{
    (void)state;
    struct ssp_decoder decoder;
    uint8_t bytes[32];
    size_t size = hex_bytes("7F 80 03 F0 EE 05 D7 CC", bytes, sizeof bytes);
    ssp_decoder_init(&decoder);
    assert_int_equal(feed_all(&decoder, bytes, size), SSP_BAD);
    size = hex_bytes("7F 80 03 F0 EE 04 D7 CC", bytes, sizeof bytes);
    assert_int_equal(feed_all(&decoder, bytes, size), SSP_FRAME);
}

/* ---- encryption ---- */

static void set_vector_key(struct ssp_crypto *crypto)
{
    ssp_crypto_set_key(crypto, SSP_FIXED_KEY, 0x6595);
    assert_bytes_equal(crypto->key, sizeof crypto->key, "67452301674523019565000000000000");
}

static void set_vector_packet(struct ssp_frame *frame)
{
    frame->size = (uint8_t)hex_bytes("7E 70 2F FE 1D 41 19 44 AD DA D1 DF D6 77 F5 33 CC",
                                     frame->data, sizeof frame->data);
}

static void opens_the_published_encrypted_packet(void **state)
{
    (void)state;
    struct ssp_crypto crypto;
    struct ssp_frame frame;
    uint8_t data[SSP_DATA_MAX];
    size_t size = 0;
    set_vector_key(&crypto);
    set_vector_packet(&frame);
    assert_int_equal(ssp_crypto_open(&crypto, &frame, data, &size), STATUS_OK);
    assert_bytes_equal(data, size, "F0 00 4A 78 B4"); /* OK, serial number 4880564 */
    assert_int_equal(crypto.count, 1);
}

static void an_encrypted_packet_cannot_be_played_again(void **state)
{
    (void)state;
    struct ssp_crypto crypto;
    struct ssp_frame frame;
    uint8_t data[SSP_DATA_MAX];
    size_t size = 0;
    set_vector_key(&crypto);
    set_vector_packet(&frame);
    assert_int_equal(ssp_crypto_open(&crypto, &frame, data, &size), STATUS_OK);
    assert_int_equal(ssp_crypto_open(&crypto, &frame, data, &size), STATUS_PROTOCOL);
}

static void a_changed_encrypted_packet_is_refused(void **state)
{
    (void)state;
    struct ssp_crypto crypto;
    struct ssp_frame frame;
    uint8_t data[SSP_DATA_MAX];
    size_t size = 0;
    set_vector_key(&crypto);
    for (uint8_t i = 0; i < 17; i++) {
        set_vector_packet(&frame);
        frame.data[i] ^= 1;
        assert_int_equal(ssp_crypto_open(&crypto, &frame, data, &size), STATUS_PROTOCOL);
    }
    set_vector_packet(&frame);
    frame.size--;
    assert_int_equal(ssp_crypto_open(&crypto, &frame, data, &size), STATUS_PROTOCOL);
}

static void seals_what_the_other_side_can_open(void **state)
{
    (void)state;
    for (size_t size = 1; size <= SSP_SEALED_DATA_MAX; size++) {
        struct ssp_crypto host, device;
        struct ssp_frame frame;
        uint8_t data[SSP_DATA_MAX], opened[SSP_DATA_MAX];
        size_t opened_size = 0;
        memset(data, (int)size, sizeof data);
        set_vector_key(&host);
        set_vector_key(&device);
        host.count = 5;
        device.count = 4; /* open() expects one more than the last */
        assert_int_equal(ssp_crypto_seal(&host, data, size, &frame), STATUS_OK);
        assert_int_equal(frame.size % 16, 1);
        assert_int_equal(ssp_crypto_open(&device, &frame, opened, &opened_size), STATUS_OK);
        assert_int_equal(opened_size, size);
        assert_memory_equal(opened, data, size);
    }
}

/* Guide GA973: generator 7B059425, modulus 068BFB6B, host 0470AA6C, slave 042F6DD5. */
static void agrees_on_the_key_of_the_guide(void **state)
{
    (void)state;
    uint64_t host = 0, key = 0;
    assert_int_equal(ssp_crypto_power(0x7B059425, 1768794, 0x068BFB6B, &host), STATUS_OK);
    assert_int_equal(host, 0x0470AA6C);
    assert_int_equal(ssp_crypto_power(0x042F6DD5, 1768794, 0x068BFB6B, &key), STATUS_OK);
    assert_int_equal(key, 0x05D8A535);
}

static void both_sides_of_an_offer_get_the_same_key(void **state)
{
    (void)state;
    struct ssp_key_offer offer;
    struct ssp_crypto host, device;
    uint64_t slave_inter = 0, negotiated = 0;
    const uint64_t slave_secret = 0x123456789ABCDEF1;
    assert_int_equal(ssp_crypto_make_offer(&offer), STATUS_OK);
    assert_true(offer.generator > offer.modulus);
    assert_true(offer.modulus >> 63 == 1); /* all 64 bits used */
    assert_int_equal(ssp_crypto_power(offer.generator, slave_secret, offer.modulus, &slave_inter),
                     STATUS_OK);
    assert_int_equal(ssp_crypto_power(offer.host_inter, slave_secret, offer.modulus, &negotiated),
                     STATUS_OK);
    ssp_crypto_set_key(&device, SSP_FIXED_KEY, negotiated);
    assert_int_equal(ssp_crypto_agree(&host, SSP_FIXED_KEY, &offer, slave_inter), STATUS_OK);
    assert_memory_equal(host.key, device.key, SSP_KEY_SIZE);
}

/* ---- setup, counters, events ---- */

#define SETUP_V7                                                                                   \
    "00 30333333 434E59 000000 03 010203 020202 000064 07 "                                        \
    "434E59 434E59 555344 0A000000 64000000 05000000"

static void reads_channels_in_the_wanted_currency(void **state)
{
    (void)state;
    uint8_t data[64];
    struct ssp_setup setup;
    size_t size = hex_bytes(SETUP_V7, data, sizeof data);
    assert_int_equal(ssp_parse_setup(data, size, "CNY", &setup), STATUS_OK);
    assert_int_equal(setup.channel_count, 3);
    assert_int_equal(setup.value_fen[0], 1000);
    assert_int_equal(setup.value_fen[1], 10000);
    assert_int_equal(setup.value_fen[2], 0); /* dollars */
    assert_string_equal(setup.firmware, "0333");
    assert_int_equal(setup.version, 7);
}

static void refuses_setups_it_does_not_know(void **state)
{
    (void)state;
    uint8_t data[64];
    struct ssp_setup setup;
    size_t size = hex_bytes(SETUP_V7, data, sizeof data);
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(ssp_parse_setup(data, cut, "CNY", &setup), STATUS_PROTOCOL);
    assert_int_equal(data[21], 7);
    data[21] = SSP_VERSION_MAX + 1;
    assert_int_equal(ssp_parse_setup(data, size, "CNY", &setup), STATUS_UNSUPPORTED);
    data[21] = 7;
    data[0] = 3; /* a coin hopper */
    assert_int_equal(ssp_parse_setup(data, size, "CNY", &setup), STATUS_UNSUPPORTED);
    data[0] = 0;
    data[11] = CASH_CHANNELS_MAX + 1;
    assert_int_equal(ssp_parse_setup(data, size, "CNY", &setup), STATUS_PROTOCOL);
}

static void reads_the_counters(void **state)
{
    (void)state;
    uint8_t data[32];
    struct cash_counters counters = { 0 };
    size_t size = hex_bytes("05 01000000 02000000 03000000 04000000 FFFFFFFF", data, sizeof data);
    assert_int_equal(ssp_parse_counters(data, size, &counters), STATUS_OK);
    assert_true(counters.known);
    assert_int_equal(counters.stacked, 1);
    assert_int_equal(counters.transferred, 4);
    assert_int_equal(counters.rejected, UINT32_MAX);
    assert_int_equal(ssp_parse_counters(data, size - 1, &counters), STATUS_PROTOCOL);
}

static void parses_several_events_with_their_data(void **state)
{
    (void)state;
    uint8_t data[16];
    struct ssp_events events;
    size_t size = hex_bytes("F1 E2 03 E1 00 E6 02 EF 04 E8", data, sizeof data);
    assert_int_equal(ssp_parse_events(data, size, &events), STATUS_OK);
    assert_int_equal(events.count, 6);
    assert_int_equal(events.events[0].code, SSP_EVENT_SLAVE_RESET);
    assert_int_equal(events.events[1].code, SSP_EVENT_CLEARED_INTO_BOX);
    assert_int_equal(events.events[1].channel, 3);
    assert_int_equal(events.events[2].code, SSP_EVENT_CLEARED_FROM_FRONT);
    assert_int_equal(events.events[2].channel, 0);
    assert_int_equal(events.events[3].code, SSP_EVENT_FRAUD);
    assert_int_equal(events.events[3].channel, 2);
    assert_int_equal(events.events[4].channel, 4);
    assert_int_equal(events.events[5].code, SSP_EVENT_DISABLED);
}

/* A host that thinks E6 has no data would read its channel as the next event. */
static void only_five_events_carry_a_channel(void **state)
{
    (void)state;
    int with_channel = 0;
    for (int code = 0x80; code <= 0xFF; code++) {
        uint8_t data[] = { (uint8_t)code };
        struct ssp_events events;
        enum status status = ssp_parse_events(data, sizeof data, &events);
        with_channel += status == STATUS_PROTOCOL;
    }
    assert_int_equal(with_channel, 5);
}

static void an_unknown_event_spoils_the_whole_poll(void **state)
{
    (void)state;
    uint8_t data[16];
    struct ssp_events events;
    size_t size = hex_bytes("EE 01 DA 00 EB", data, sizeof data);
    assert_int_equal(ssp_parse_events(data, size, &events), STATUS_UNSUPPORTED);
    size = hex_bytes("EB EE", data, sizeof data);
    assert_int_equal(ssp_parse_events(data, size, &events), STATUS_PROTOCOL);
}

static void credits_clears_and_frauds_want_an_acknowledgement(void **state)
{
    (void)state;
    assert_true(ssp_event_needs_ack(SSP_EVENT_CREDIT));
    assert_true(ssp_event_needs_ack(SSP_EVENT_CLEARED_INTO_BOX));
    assert_true(ssp_event_needs_ack(SSP_EVENT_FRAUD));
    assert_false(ssp_event_needs_ack(SSP_EVENT_CLEARED_FROM_FRONT));
    assert_false(ssp_event_needs_ack(SSP_EVENT_READ));
    assert_false(ssp_event_needs_ack(SSP_EVENT_STACKED));
}

static void tells_people_why_a_note_came_back(void **state)
{
    (void)state;
    assert_int_equal(ssp_reject_reason(0x13), CASH_REJECT_TIMEOUT);
    assert_int_equal(ssp_reject_reason(0x06), CASH_REJECT_NOT_ACCEPTED);
    assert_int_equal(ssp_reject_reason(0x08), CASH_REJECT_HOST);
    assert_int_equal(ssp_reject_reason(0x1C), CASH_REJECT_SECOND_NOTE);
    assert_int_equal(ssp_reject_reason(0x1D), CASH_REJECT_FAULT);
    assert_int_equal(ssp_reject_reason(0x05), CASH_REJECT_NOT_RECOGNISED);
    assert_int_equal(ssp_reject_reason(0xEE), CASH_REJECT_NOT_RECOGNISED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_the_frames_of_the_manual),
        cmocka_unit_test(decodes_the_frames_of_the_manual),
        cmocka_unit_test(every_frame_survives_stuffing),
        cmocka_unit_test(a_single_stx_inside_a_packet_starts_over),
        cmocka_unit_test(a_flipped_bit_makes_the_frame_bad_and_the_next_one_good),
        cmocka_unit_test(opens_the_published_encrypted_packet),
        cmocka_unit_test(an_encrypted_packet_cannot_be_played_again),
        cmocka_unit_test(a_changed_encrypted_packet_is_refused),
        cmocka_unit_test(seals_what_the_other_side_can_open),
        cmocka_unit_test(agrees_on_the_key_of_the_guide),
        cmocka_unit_test(both_sides_of_an_offer_get_the_same_key),
        cmocka_unit_test(reads_channels_in_the_wanted_currency),
        cmocka_unit_test(refuses_setups_it_does_not_know),
        cmocka_unit_test(reads_the_counters),
        cmocka_unit_test(parses_several_events_with_their_data),
        cmocka_unit_test(only_five_events_carry_a_channel),
        cmocka_unit_test(an_unknown_event_spoils_the_whole_poll),
        cmocka_unit_test(credits_clears_and_frauds_want_an_acknowledgement),
        cmocka_unit_test(tells_people_why_a_note_came_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
