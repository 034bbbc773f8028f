/* Whole readings as transcripts over T=0: what the kiosk sends, what the card answers. */
#include "drivers/social_card/social_card_reading.h"

#include "unit/iso7816/script_link.h"

#define SSSE "7378312E73682EC9E7BBE1B1A3D5CF"
#define SELECT_SSSE                                                                                \
    {                                                                                              \
        .sent = "00A404000F" SSSE, .answer = "6113"                                                \
    }
#define FCI                                                                                        \
    {                                                                                              \
        .sent = "00C0000013", .answer = "6F11840F" SSSE "9000"                                     \
    }
#define FCI_SM4                                                                                    \
    {                                                                                              \
        .sent = "00C0000013", .answer = "6F19840F" SSSE "A5069F0C03860103 9000"                    \
    }
#define SELECT_EF05                                                                                \
    {                                                                                              \
        .sent = "00A4020002EF05", .answer = "9000"                                                 \
    }
#define SELECT_EF06                                                                                \
    {                                                                                              \
        .sent = "00A4020002EF06", .answer = "9000"                                                 \
    }
#define VERSION(figure)                                                                            \
    { .sent = "00B2030000", .answer = "6C06" },                                                    \
    {                                                                                              \
        .sent = "00B2030006", .answer = "03043" figure "2E3030 9000"                               \
    }
#define IDENTITY                                                                                   \
    {                                                                                              \
        .sent = "00B2010000", .answer = "0110449999D15600000501020304FFFFFFFF9000"                 \
    }
#define CARD_NUMBER                                                                                \
    {                                                                                              \
        .sent = "00B2070000", .answer = "0709413030303031303031 9000"                              \
    }
#define DATES                                                                                      \
    { .sent = "00B2050000", .answer = "0504201806019000" },                                        \
    {                                                                                              \
        .sent = "00B2060000", .answer = "0604202805319000"                                         \
    }
#define NUMBER                                                                                     \
    {                                                                                              \
        .sent = "00B2080000", .answer = "0812 343439393939313938383033313530303139 9000"           \
    }
#define NAME                                                                                       \
    {                                                                                              \
        .sent = "00B2090000", .answer = "091E C0EEC3F7D0F9 "                                       \
                                        "000000000000000000000000"                                 \
                                        "000000000000000000000000 9000"                            \
    }

struct script_channel {
    struct apdu_channel channel;
    struct script_link script;
};

static enum status exchange(struct apdu_channel *channel, const struct apdu *command,
                            struct apdu_answer *out)
{
    struct script_channel *card = (struct script_channel *)channel;
    return apdu_exchange(&card->script.link, APDU_FORM_TPDU, command, out);
}

static const struct atr ATR = { .history = { 0x00, 0x81, 0xAA }, .history_size = 3 };

static enum status read_with(const struct script_line *lines, struct card_authority *authority,
                             struct social_card *card, enum social_card_result *result)
{
    struct script_channel channel = { .channel = { .exchange = exchange } };
    script_init(&channel.script, lines, false);
    const struct social_card_source source = { .card = &channel.channel,
                                               .atr = &ATR,
                                               .authority = authority };
    enum status status = social_card_read(&source, card, result);
    assert_script_ended(&channel.script);
    return status;
}

static void expect(const struct script_line *lines, struct card_authority *authority,
                   enum social_card_result wanted, int generation)
{
    static const struct social_card BLANK;
    struct social_card card;
    enum social_card_result result;
    assert_int_equal(read_with(lines, authority, &card, &result), STATUS_OK);
    assert_int_equal(result, wanted);
    assert_int_equal(card.generation, generation);
    if (wanted != SOCIAL_CARD_READ)
        assert_string_equal(card.number, BLANK.number);
}

static void reads_a_second_generation_card(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE,
        FCI,
        SELECT_EF05,
        VERSION("2"),
        IDENTITY,
        CARD_NUMBER,
        DATES,
        SELECT_EF06,
        NUMBER,
        NAME,
        { .sent = "00B24E0000", .answer = "6A83" }, /* no long name: no error */
        { 0 },
    };
    struct social_card card;
    enum social_card_result result;
    assert_int_equal(read_with(LINES, NULL, &card, &result), STATUS_OK);
    assert_int_equal(result, SOCIAL_CARD_READ);
    assert_int_equal(card.generation, 2);
    assert_string_equal(card.name, "李明轩");
    assert_string_equal(card.number, "449999198803150019");
    assert_string_equal(card.card_number, "A00001001");
    assert_string_equal(card.region, "449999");
    assert_int_equal(card.valid_to, 20280531);
}

/* A card that knows no tags: by record numbers, those of its generation. */
static void reads_a_first_generation_card_by_record_numbers(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE,
        FCI,
        SELECT_EF05,
        { .sent = "00B2030000", .answer = "6A86" },
        { .sent = "00B2032800", .answer = "6A86" },
        { .sent = "00B2030400", .answer = "0304312E3030 9000" },
        { .sent = "00B2010400", .answer = "0110449999D15600000501020304FFFFFFFF9000" },
        { .sent = "00B2070400", .answer = "0709413030303031303031 9000" },
        { .sent = "00B2050400", .answer = "0504201006019000" },
        { .sent = "00B2060400", .answer = "6A83" },
        SELECT_EF06,
        { .sent = "00B2010400", .answer = "0812 343439393939313938383033313530303139 9000" },
        { .sent = "00B2020400", .answer = "0906 C0EEC3F7D0F9 9000" },
        { 0 }, /* record 3 is the sex: there is no long name, and nothing is asked */
    };
    expect(LINES, NULL, SOCIAL_CARD_READ, 1);
}

/* The other way of selecting a file, and short file ids. */
static void reads_a_card_that_wants_it_otherwise(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE,
        FCI,
        { .sent = "00A4020002EF05", .answer = "6A86" },
        { .sent = "00A4000002EF05", .answer = "9000" },
        { .sent = "00B2030000", .answer = "0110449999D15600000501020304FFFFFFFF9000" },
        { .sent = "00B2032800", .answer = "0304322E3030 9000" },
        { .sent = "00B2012800", .answer = "0110449999D15600000501020304FFFFFFFF9000" },
        { .sent = "00B2072800", .answer = "6A83" },
        { .sent = "00B2052800", .answer = "6A83" },
        { .sent = "00B2062800", .answer = "6A83" },
        SELECT_EF06,
        { .sent = "00B2083000", .answer = "0812 343439393939313938383033313530303139 9000" },
        { .sent = "00B2093000", .answer = "0906 C0EEC3F7D0F9 9000" },
        { .sent = "00B24E3000", .answer = "4E04 C0EE0000 9000" },
        { 0 },
    };
    expect(LINES, NULL, SOCIAL_CARD_READ, 2);
}

static void a_third_generation_card_is_told_apart_and_left_closed(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE, FCI, SELECT_EF05, VERSION("3"), IDENTITY, CARD_NUMBER, { 0 },
    };
    expect(LINES, NULL, SOCIAL_CARD_NEEDS_AUTHORITY, 3);
}

struct test_authority {
    struct card_authority authority;
    struct card_challenge seen;
    enum status answer;
};

static enum status prove(struct card_authority *authority, const struct card_challenge *challenge,
                         struct apdu_channel *sam, uint8_t proof_out[CARD_AUTHORITY_PROOF_SIZE])
{
    struct test_authority *test = (struct test_authority *)authority;
    assert_null(sam);
    test->seen = *challenge;
    memset(proof_out, 0x5A, CARD_AUTHORITY_PROOF_SIZE);
    return test->answer;
}

#define RANDOMS                                                                                    \
    { .sent = "0084000008", .answer = "1111111111111111 9000" },                                   \
        { .sent = "0084000008", .answer = "2222222222222222 9000" },                               \
        { .sent = "0084000008", .answer = "3333333333333333 9000" },                               \
    {                                                                                              \
        .sent = "0084000008", .answer = "4444444444444444 9000"                                    \
    }
#define PROOF "0082000A10 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A"

static void an_authority_opens_a_third_generation_card(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE,
        FCI_SM4,
        SELECT_EF05,
        VERSION("3"),
        IDENTITY,
        CARD_NUMBER,
        RANDOMS,
        { .sent = PROOF, .answer = "9000" },
        DATES,
        SELECT_EF06,
        NUMBER,
        NAME,
        { .sent = "00B24E0000", .answer = "6A83" },
        { 0 },
    };
    struct test_authority test = { .authority = { .prove = prove } };
    expect(LINES, &test.authority, SOCIAL_CARD_READ, 3);
    assert_string_equal(test.seen.region, "449999");
    assert_int_equal(test.seen.algorithm, 3);
    assert_int_equal(test.seen.history_size, 3);
    assert_bytes_equal(test.seen.card_id, sizeof test.seen.card_id,
                       "449999D15600000501020304FFFFFFFF");
    assert_int_equal(test.seen.randoms[3][7], 0x44);
}

static void a_proof_the_card_does_not_take_is_named(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE, FCI,         SELECT_EF05, VERSION("3"),
        IDENTITY,    CARD_NUMBER, RANDOMS,     { .sent = PROOF, .answer = "63C2" },
        { 0 },
    };
    struct test_authority test = { .authority = { .prove = prove } };
    expect(LINES, &test.authority, SOCIAL_CARD_UNPROVED, 3);
}

static void an_authority_that_cannot_be_asked_is_named(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE, FCI, SELECT_EF05, VERSION("3"), IDENTITY, CARD_NUMBER, RANDOMS, { 0 },
    };
    struct test_authority test = { .authority = { .prove = prove }, .answer = STATUS_TIMEOUT };
    expect(LINES, &test.authority, SOCIAL_CARD_UNPROVED, 3);
}

/* An issuer of second-generation cards that closes the holder's file all the same. */
static void a_closed_file_needs_an_authority_too(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE,  FCI,         SELECT_EF05,
        VERSION("2"), IDENTITY,    CARD_NUMBER,
        DATES,        SELECT_EF06, { .sent = "00B2080000", .answer = "6982" },
        { 0 },
    };
    expect(LINES, NULL, SOCIAL_CARD_NEEDS_AUTHORITY, 2);
}

static void other_and_blocked_cards_are_named(void **state)
{
    (void)state;
    static const struct script_line BANK[] = { { .sent = "00A404000F" SSSE, .answer = "6A82" },
                                               { 0 } };
    static const struct script_line LOCKED[] = { { .sent = "00A404000F" SSSE, .answer = "9303" },
                                                 { 0 } };
    static const struct script_line INVALIDATED[] = {
        { .sent = "00A404000F" SSSE, .answer = "6283" }, { 0 }
    };
    expect(BANK, NULL, SOCIAL_CARD_OTHER, 0);
    expect(LOCKED, NULL, SOCIAL_CARD_LOCKED, 0);
    expect(INVALIDATED, NULL, SOCIAL_CARD_LOCKED, 0);
}

static void a_card_without_a_name_is_garbled(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE,
        FCI,
        SELECT_EF05,
        VERSION("2"),
        IDENTITY,
        CARD_NUMBER,
        DATES,
        SELECT_EF06,
        NUMBER,
        { .sent = "00B2090000", .answer = "0904 00000000 9000" },
        { .sent = "00B24E0000", .answer = "6A83" },
        { 0 },
    };
    expect(LINES, NULL, SOCIAL_CARD_GARBLED, 2);
}

static void a_card_of_a_later_layout_is_not_guessed_at(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE, FCI, SELECT_EF05, VERSION("4"), { 0 }
    };
    expect(LINES, NULL, SOCIAL_CARD_GARBLED, 0);
}

/* Pulled out in the middle: nothing that was read stays. */
static void nothing_is_left_of_a_card_pulled_out(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        SELECT_SSSE, FCI,
        SELECT_EF05, VERSION("2"),
        IDENTITY,    CARD_NUMBER,
        DATES,       SELECT_EF06,
        NUMBER,      { .sent = "00B2090000", .status = STATUS_NOT_FOUND },
        { 0 },
    };
    struct social_card card;
    enum social_card_result result;
    assert_int_equal(read_with(LINES, NULL, &card, &result), STATUS_NOT_FOUND);
    assert_string_equal(card.number, "");
    assert_string_equal(card.card_number, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_second_generation_card),
        cmocka_unit_test(reads_a_first_generation_card_by_record_numbers),
        cmocka_unit_test(reads_a_card_that_wants_it_otherwise),
        cmocka_unit_test(a_third_generation_card_is_told_apart_and_left_closed),
        cmocka_unit_test(an_authority_opens_a_third_generation_card),
        cmocka_unit_test(a_proof_the_card_does_not_take_is_named),
        cmocka_unit_test(an_authority_that_cannot_be_asked_is_named),
        cmocka_unit_test(a_closed_file_needs_an_authority_too),
        cmocka_unit_test(other_and_blocked_cards_are_named),
        cmocka_unit_test(a_card_without_a_name_is_garbled),
        cmocka_unit_test(a_card_of_a_later_layout_is_not_guessed_at),
        cmocka_unit_test(nothing_is_left_of_a_card_pulled_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
