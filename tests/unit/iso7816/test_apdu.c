#include "drivers/iso7816/apdu.h"

#include "unit/iso7816/script_link.h"

static const uint8_t FILE_ID[] = { 0xEF, 0x05 };
static const struct apdu SELECT = {
    .ins = 0xA4, .p1 = 0x02, .data = FILE_ID, .size = sizeof FILE_ID, .le = 0
};
static const struct apdu READ = { .ins = 0xB2, .p1 = 0x03, .le = 0 };
static const struct apdu BARE = { .ins = 0xA4, .le = APDU_NO_LE };

static void each_case_has_its_form(void **state)
{
    (void)state;
    static const struct {
        const struct apdu *command;
        const char *whole, *tpdu;
    } TABLE[] = {
        { &BARE, "00A40000", "00A4000000" },
        { &READ, "00B2030000", "00B2030000" },
        { &SELECT, "00A4020002EF0500", "00A4020002EF05" },
    };
    uint8_t out[APDU_COMMAND_SIZE_MAX];
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        size_t size = apdu_encode(TABLE[i].command, APDU_FORM_WHOLE, out);
        assert_bytes_equal(out, size, TABLE[i].whole);
        size = apdu_encode(TABLE[i].command, APDU_FORM_TPDU, out);
        assert_bytes_equal(out, size, TABLE[i].tpdu);
    }
}

static void run(const struct script_line *lines, const struct apdu *command, enum status wanted,
                struct apdu_answer *answer)
{
    struct script_link script;
    script_init(&script, lines, false);
    assert_int_equal(apdu_exchange(&script.link, APDU_FORM_TPDU, command, answer), wanted);
    assert_script_ended(&script);
}

/* 6Cxx: the same command with the length the card names. */
static void a_wrong_length_is_asked_for_again(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = "00B2030000", .answer = "6C06" },
        { .sent = "00B2030006", .answer = "0304322E3030 9000" },
        { 0 },
    };
    struct apdu_answer answer;
    run(LINES, &READ, STATUS_OK, &answer);
    assert_int_equal(answer.sw, APDU_SW_OK);
    assert_bytes_equal(answer.data, answer.size, "0304322E3030");
}

static void a_card_that_never_agrees_to_a_length_is_asked_once(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = "00B2030000", .answer = "6C06" },
        { .sent = "00B2030006", .answer = "6C05" },
        { 0 },
    };
    struct apdu_answer answer;
    run(LINES, &READ, STATUS_OK, &answer);
    assert_int_equal(answer.sw, 0x6C05);
}

/* 61xx: GET RESPONSE until the card has told all. */
static void an_answer_in_pieces_is_fetched(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = "00A4020002EF05", .answer = "6104" },
        { .sent = "00C0000004", .answer = "6F028400 6102" },
        { .sent = "00C0000002", .answer = "6C01" },
        { .sent = "00C0000001", .answer = "AA 9000" },
        { 0 },
    };
    struct apdu_answer answer;
    run(LINES, &SELECT, STATUS_OK, &answer);
    assert_int_equal(answer.sw, APDU_SW_OK);
    assert_bytes_equal(answer.data, answer.size, "6F028400AA");
}

static void pieces_without_end_are_given_up(void **state)
{
    (void)state;
    static struct script_line lines[32] = { { .sent = "00A4020002EF05", .answer = "6101" } };
    for (int i = 1; i <= 16; i++)
        lines[i] = (struct script_line){ .sent = "00C0000001", .answer = "AA 6101" };
    struct apdu_answer answer;
    run(lines, &SELECT, STATUS_PROTOCOL, &answer);
}

static void rubbish_and_silence_are_passed_on(void **state)
{
    (void)state;
    static const struct script_line SHORT[] = { { .sent = "00B2030000", .answer = "90" }, { 0 } };
    static const struct script_line SILENT[] = { { .sent = "00B2030000", .status = STATUS_TIMEOUT },
                                                 { 0 } };
    struct apdu_answer answer;
    run(SHORT, &READ, STATUS_PROTOCOL, &answer);
    run(SILENT, &READ, STATUS_TIMEOUT, &answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_has_its_form),
        cmocka_unit_test(a_wrong_length_is_asked_for_again),
        cmocka_unit_test(a_card_that_never_agrees_to_a_length_is_asked_once),
        cmocka_unit_test(an_answer_in_pieces_is_fetched),
        cmocka_unit_test(pieces_without_end_are_given_up),
        cmocka_unit_test(rubbish_and_silence_are_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
