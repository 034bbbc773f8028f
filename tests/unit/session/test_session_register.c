/*
 * Registration: who the bureau knows, what the policy asks for, the signature, and what is told to
 * somebody who is refused, at once or at the next visit.
 */
#include "session_rig.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"

#define ASKED_MS 5000

static struct {
    int asked, dropped;
    char action[32], question[PRECHECK_QUESTION_SIZE];
} bureau;

static enum status ask(void *context, const char *action, const char *body, size_t size)
{
    (void)context;
    bureau.asked++;
    text_copy(bureau.action, sizeof bureau.action, action);
    assert_true(size < sizeof bureau.question);
    memcpy(bureau.question, body, size);
    bureau.question[size] = '\0';
    return STATUS_OK;
}

static void drop(void *context)
{
    (void)context;
    bureau.dropped++;
}

static int set_up(void **state)
{
    int result = rig_set_up(state);
    struct rig *rig = *state;
    memset(&bureau, 0, sizeof bureau);
    rig->session->parts.ask_bureau = ask;
    rig->session->parts.drop_question = drop;
    session_set_bureau_reachable(rig->session, true);
    return result;
}

static void answer(struct rig *rig, const char *body)
{
    session_on_bureau_answer(rig->session, STATUS_OK, 200, body, strlen(body));
}

#define NOTHING_PAID "{\"at\":1795399267000,\"more\":false,\"payments\":[],\"months\":[]}"

/* The bureau is asked for what was paid first; from here on only other questions are counted. */
static void look_up(struct rig *rig)
{
    rig_assert_step(rig, STEP_ASKING);
    assert_string_equal(bureau.action, "inquiry");
    answer(rig, NOTHING_PAID);
    rig_assert_step(rig, STEP_OWED);
    assert_true(bureau.asked-- > 0);
}

static void go_to_owed(struct rig *rig)
{
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    look_up(rig);
}

static void go_to_checking(struct rig *rig)
{
    go_to_owed(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_CHECKING);
}

static void go_to_signature(struct rig *rig)
{
    rig_assert_step(rig, STEP_PHONE);
    rig_type(rig, "13900000000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_TOGGLE_CONSENT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_SIGNATURE);
}

static void leave(struct rig *rig)
{
    rig_touch(rig, INTENT_CANCEL, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    fake_id_reader_take_away(&rig->reader);
    rig_wait(rig, 120000);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
}

static void needs(struct rig *rig, enum policy_material material)
{
    rig->policy->materials[rig->policy->material_count++] =
        (struct policy_needed){ .material = material, .source = 0 };
}

/* ---- the bureau ---- */

static void the_bureau_is_asked_by_a_sealed_number(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    assert_int_equal(bureau.asked, 1);
    assert_string_equal(bureau.action, "registration");
    assert_non_null(strstr(bureau.question, "\"insurances\":[\"110\",\"310\"]"));
    assert_null(strstr(bureau.question, RIG_PERSON.number));
    answer(rig, "{\"state\":\"new\"}");
    go_to_signature(rig);
    rig_sign(rig);
    assert_true(rig_view(rig)->bureau_checked);
    assert_int_equal(rig_view(rig)->registered_as, REGISTERED_NEW);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_REGISTERED), "\"checked\":\"new\""));
}

static void whoever_the_bureau_refuses_is_told_why_and_not_registered(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"refused\",\"reason\":\"employed\"}");
    rig_assert_step(rig, STEP_REFUSED);
    assert_string_equal(rig_view(rig)->refusal.code, "R03");
    assert_int_equal(rig_view(rig)->refusal.by, REFUSED_BY_BUREAU);
    assert_false(rig_view(rig)->refusal.may_go_on);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_REFUSED);
    rig_touch(rig, INTENT_PRINT, 0);
    assert_true(rig_view(rig)->refusal.is_printing);
    rig_touch(rig, INTENT_PRINT, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_int_equal(rig_view(rig)->refusal.print, PRINT_DONE);
    assert_int_equal(rig->printer.job_count, 1);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_RECEIPT_STATE), "\"paper\":\"refusal\""));
    assert_true(rig_journal_holds(rig, "行政复议"));
    assert_false(rig_journal_holds(rig, RIG_PERSON.number));
    assert_int_equal(rig_count(rig, JOURNAL_REGISTERED), 0);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_OWED);
    leave(rig);
}

static void a_refusal_of_another_insurance_stops_nobody(void **state)
{
    struct rig *rig = *state;
    go_to_owed(rig);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, 1);
    rig_touch(rig, INTENT_NEXT, 0);
    answer(rig, "{\"state\":\"refused\",\"reason\":\"unemployment\"}");
    rig_assert_step(rig, STEP_PHONE);
}

static void a_former_account_number_goes_on(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"renewal\",\"account\":\"880100000007\"}");
    go_to_signature(rig);
    rig_sign(rig);
    rig_assert_step(rig, STEP_REGISTERED);
    assert_int_equal(rig_view(rig)->registered_as, REGISTERED_AGAIN);
    assert_string_equal(rig_view(rig)->account_number, "880100000007");
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_REGISTERED), "\"given\":\"bureau\""));
    assert_int_equal(journal_numbers_left(rig->journal), 10);
}

static void whoever_is_registered_elsewhere_pays_on_that_account(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"registered\",\"account\":\"990100000321\"}");
    rig_assert_step(rig, STEP_REGISTERED);
    assert_int_equal(rig_view(rig)->registered_as, REGISTERED_BEFORE);
    assert_string_equal(rig_view(rig)->account_number, "990100000321");
    assert_int_equal(rig_count(rig, JOURNAL_REGISTERED), 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_CASH);
    assert_non_null(
        strstr(rig_last_body(rig, JOURNAL_QUOTE_ACCEPTED), "\"account\":\"990100000321\""));
}

/* And is known at the next visit, though nobody can be asked then. */
static void whoever_was_found_registered_elsewhere_is_known_from_then_on(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"registered\",\"account\":\"990100000321\"}");
    rig_assert_step(rig, STEP_REGISTERED);
    assert_int_equal(rig_count(rig, JOURNAL_PERSON_KNOWN), 1);
    leave(rig);
    session_set_bureau_reachable(rig->session, false);
    rig_go_to_owed(rig);
    assert_true(rig_view(rig)->registered);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_MONTHS);
    assert_int_equal(bureau.asked, 1);
    assert_int_equal(rig_count(rig, JOURNAL_REGISTERED), 0);
    int64_t first_bad;
    assert_int_equal(journal_verify(rig->journal, &first_bad), STATUS_OK);
}

static void without_an_answer_the_registration_goes_on(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    rig_wait(rig, ASKED_MS + 500);
    rig_assert_step(rig, STEP_PHONE);
    assert_int_equal(bureau.dropped, 1);
    answer(rig, "{\"state\":\"refused\",\"reason\":\"employed\"}"); /* nobody's any more */
    go_to_signature(rig);
    rig_sign(rig);
    rig_assert_step(rig, STEP_REGISTERED);
    assert_false(rig_view(rig)->bureau_checked);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_REGISTERED), "\"checked\":\"not_asked\""));
}

static void out_of_reach_nobody_waits(void **state)
{
    struct rig *rig = *state;
    session_set_bureau_reachable(rig->session, false);
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_PHONE);
    assert_int_equal(bureau.asked, 0);
}

static void rubbish_is_no_answer(void **state)
{
    static const char *const ANSWERS[] = { "{",
                                           "[]",
                                           "{\"state\":\"tall\"}",
                                           "{\"state\":\"renewal\"}",
                                           "{\"state\":\"renewal\",\"account\":\"12x\"}",
                                           "{\"state\":\"refused\"}" };
    struct rig *rig = *state;
    for (size_t i = 0; i < ARRAY_SIZE(ANSWERS); i++) {
        go_to_checking(rig);
        answer(rig, ANSWERS[i]);
        rig_assert_step(rig, STEP_PHONE);
        leave(rig);
    }
}

static void whoever_goes_back_or_leaves_waits_for_no_answer(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(bureau.dropped, 1);
    rig_touch(rig, INTENT_NEXT, 0);
    leave(rig);
    assert_true(bureau.dropped > 1);
    answer(rig, "{\"state\":\"new\"}");
    rig_assert_step(rig, STEP_HOME);
}

/* ---- set aside later ---- */

static void set_aside(struct rig *rig, const char *reason)
{
    char body[96];
    struct journal_registration registration;
    char person[SEAL_PERSON_HASH_SIZE];
    seal_person_hash(&rig->seal, RIG_PERSON.number, person);
    assert_int_equal(journal_find_registration(rig->journal, person, &registration), STATUS_OK);
    snprintf(body, sizeof body, "{\"seq\":%lld,\"reason\":\"%s\"}", (long long)registration.seq,
             reason);
    const struct journal_draft draft = { .kind = JOURNAL_ENTRY_REJECTED, .body = body };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
}

static void register_offline(struct rig *rig)
{
    session_set_bureau_reachable(rig->session, false);
    rig_go_to_registered(rig);
    leave(rig);
}

static void what_was_set_aside_is_told_at_the_next_visit(void **state)
{
    struct rig *rig = *state;
    register_offline(rig);
    set_aside(rig, "employed");
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_assert_step(rig, STEP_REFUSED);
    const struct session_view *view = rig_view(rig);
    assert_string_equal(view->refusal.code, "R03");
    assert_int_equal(view->refusal.by, REFUSED_LATER);
    assert_true(view->refusal.registered_ms >= RIG_WALL_MS);
    assert_true(view->refusal.may_go_on);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_OWED);
    rig_touch(rig, INTENT_NEXT, 0);
    go_to_signature(rig);
    rig_sign(rig);
    rig_assert_step(rig, STEP_REGISTERED);
    assert_int_equal(rig_count(rig, JOURNAL_REGISTERED), 2);
    leave(rig);
    rig_go_to_owed(rig); /* the second one stands */
}

static void and_to_whoever_only_looks(void **state)
{
    struct rig *rig = *state;
    register_offline(rig);
    set_aside(rig, "some_new_word");
    session_set_bureau_reachable(rig->session, true);
    rig_touch(rig, INTENT_INQUIRY, 0);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_assert_step(rig, STEP_REFUSED);
    assert_string_equal(rig_view(rig)->refusal.code, "R00");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_ASKING);
}

/* ---- the card and the policy ---- */

static void a_card_that_will_not_do_gives_its_code_and_no_name(void **state)
{
    static const struct {
        int32_t birth, valid_to;
        enum identity_kind kind;
        const char *number, *code;
    } CARDS[] = {
        { 19480919, IDENTITY_NO_EXPIRY, IDENTITY_RESIDENT, "449999194809190021", "R02" },
        { 20120919, IDENTITY_NO_EXPIRY, IDENTITY_RESIDENT, "449999201209190020", "R01" },
        { 19880315, 20200101, IDENTITY_RESIDENT, "449999198803150019", "R08" },
        { 19880315, IDENTITY_NO_EXPIRY, IDENTITY_RESIDENT, "449999198803150018", "R08" },
        { 19880315, IDENTITY_NO_EXPIRY, IDENTITY_FOREIGN_PR, "449999198803150019", "R17" },
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < ARRAY_SIZE(CARDS); i++) {
        struct identity_card card = RIG_PERSON;
        card.birth = CARDS[i].birth;
        card.valid_to = CARDS[i].valid_to;
        card.kind = CARDS[i].kind;
        card.sex = 0;
        text_copy(card.number, sizeof card.number, CARDS[i].number);
        rig_touch(rig, INTENT_START, 0);
        fake_id_reader_show(&rig->reader, &card);
        rig_assert_step(rig, STEP_CARD_PROBLEM);
        assert_true(rig_view(rig)->card_is_refused);
        rig_touch(rig, INTENT_WHY, 0);
        rig_assert_step(rig, STEP_REFUSED);
        assert_string_equal(rig_view(rig)->refusal.code, CARDS[i].code);
        assert_string_equal(rig_view(rig)->name_masked, "");
        leave(rig);
    }
}

static void a_card_that_was_not_read_is_not_refused(void **state)
{
    struct rig *rig = *state;
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_fail(&rig->reader, ID_READER_MOVED);
    rig_assert_step(rig, STEP_CARD_PROBLEM);
    assert_false(rig_view(rig)->card_is_refused);
    rig_touch(rig, INTENT_WHY, 0);
    rig_assert_step(rig, STEP_CARD_PROBLEM);
}

static void outside_the_policys_window_nobody_is_registered(void **state)
{
    struct rig *rig = *state;
    rig->policy->insurances[1].window_first = 901;
    rig->policy->insurances[1].window_last = 1031;
    go_to_owed(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_REFUSED);
    assert_string_equal(rig_view(rig)->refusal.code, "R13");
    assert_int_equal(bureau.asked, 0);
    rig_touch(rig, INTENT_BACK, 0);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, 1);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_CHECKING);
}

/* ---- materials ---- */

static void nothing_is_asked_without_a_rule(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"new\"}");
    go_to_signature(rig);
    rig_sign(rig);
    assert_int_equal(rig->session->v.materials, 0);
    assert_string_equal(rig->session->v.leaving.number, "");
}

static void what_the_policy_asks_for_must_be_there(void **state)
{
    struct rig *rig = *state;
    needs(rig, POLICY_MATERIAL_SOCIAL_CARD);
    needs(rig, POLICY_MATERIAL_BANK_CARD);
    rig->policy->materials[2].for_withholding = true;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"new\"}");
    rig_assert_step(rig, STEP_MATERIALS);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->material_count, 2);
    assert_int_equal(view->needed[0].kind, MATERIAL_ID_CARD);
    assert_true(view->needed[0].is_there);
    assert_false(view->needed[1].is_there);
    assert_string_not_equal(view->needed[1].source, "");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_MATERIALS);
    rig_touch(rig, INTENT_TOGGLE_MATERIAL, 5);
    rig_touch(rig, INTENT_TOGGLE_MATERIAL, 1);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_PHONE);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_MATERIALS);
}

static void a_leaving_certificate_has_a_number_and_a_possible_day(void **state)
{
    static const char *const DAYS[] = { "20261124", "20260230", "20040314", "2026113", "" };
    struct rig *rig = *state;
    needs(rig, POLICY_MATERIAL_LEAVING_CERTIFICATE);
    go_to_checking(rig);
    answer(rig, "{\"state\":\"new\"}");
    rig_touch(rig, INTENT_TOGGLE_MATERIAL, 1);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_CERTIFICATE);
    assert_false(rig_view(rig)->leaving_is_date);
    rig_touch(rig, INTENT_NEXT, 0);
    assert_true(rig_view(rig)->leaving_refused);
    rig_type(rig, "2026000417");
    assert_string_equal(rig_view(rig)->leaving_typed, "2026000417");
    rig_touch(rig, INTENT_NEXT, 0);
    assert_true(rig_view(rig)->leaving_is_date);
    for (size_t i = 0; i < ARRAY_SIZE(DAYS); i++) {
        rig_touch(rig, INTENT_CLEAR, 0);
        rig_type(rig, DAYS[i]);
        rig_touch(rig, INTENT_NEXT, 0);
        assert_true(rig_view(rig)->leaving_refused);
    }
    rig_touch(rig, INTENT_CLEAR, 0);
    rig_type(rig, "20261031");
    rig_touch(rig, INTENT_NEXT, 0);
    go_to_signature(rig);
    rig_sign(rig);
    assert_false(rig_journal_holds(rig, "2026000417")); /* but sealed */
    leave(rig);
}

/* ---- the signature ---- */

static void a_dot_registers_nobody_and_a_cross_does(void **state)
{
    static const struct ui_stroke_point DOT = { 2000, 2000, true };
    struct rig *rig = *state;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"new\"}");
    go_to_signature(rig);
    rig_touch(rig, INTENT_NEXT, RIG_FIELD);
    session_on_stroke(rig->session, &DOT);
    assert_int_equal(rig_view(rig)->signature.count, 1);
    rig_touch(rig, INTENT_NEXT, RIG_FIELD);
    rig_draw(rig);
    rig_touch(rig, INTENT_NEXT, 0); /* of no field */
    rig_assert_step(rig, STEP_SIGNATURE);
    rig_touch(rig, INTENT_CLEAR, 0);
    assert_int_equal(rig_view(rig)->signature.count, 0);
    rig_sign(rig);
    rig_assert_step(rig, STEP_REGISTERED);
    assert_true(rig_view(rig)->is_signed);
    assert_int_equal(rig->session->v.strokes.count, 0);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_REGISTERED), "\"signed\":true"));
    leave(rig);
    assert_true(rig_journal_holds(rig, "Signed on the screen"));
}

/* The card does not tell where somebody works: he says so with his signature, by its document. */
static void the_rule_of_residence_is_signed_for(void **state)
{
    struct rig *rig = *state;
    rig->policy->insurances[0].residence = POLICY_RESIDENCE_WORKS_HERE;
    rig->policy->insurances[0].rule_sources[POLICY_RULE_RESIDENCE] = 0;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"new\"}");
    go_to_signature(rig);
    assert_int_equal(rig_view(rig)->residence, RESIDENCE_WORKS_HERE);
    assert_string_equal(rig_view(rig)->residence_source, rig->policy->sources[0].number);
}

static void whoever_cannot_sign_signs_at_the_window(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"new\"}");
    go_to_signature(rig);
    rig_draw(rig);
    rig_touch(rig, INTENT_SIGN_LATER, 0);
    rig_assert_step(rig, STEP_REGISTERED);
    assert_false(rig_view(rig)->is_signed);
    const char *body = rig_last_body(rig, JOURNAL_REGISTERED);
    assert_non_null(strstr(body, "\"signed\":false"));
    assert_null(strstr(body, "\"signature\""));
    leave(rig);
    assert_true(rig_journal_holds(rig, "hand this in at the window"));
}

static void and_takes_the_form_along_after_paying(void **state)
{
    struct rig *rig = *state;
    go_to_checking(rig);
    answer(rig, "{\"state\":\"new\"}");
    go_to_signature(rig);
    rig_touch(rig, INTENT_SIGN_LATER, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_pay_all(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_RECEIPT);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    rig_wait(rig, 10000);
    rig_assert_step(rig, STEP_DONE);
    assert_true(rig_view(rig)->receipt_printed); /* the payment's */
    assert_true(rig_journal_holds(rig, "\"paper\":\"registration\""));
}

static void ink_on_any_other_page_is_nobodys(void **state)
{
    struct rig *rig = *state;
    rig_draw(rig);
    assert_true(session_is_wiped(rig->session));
    go_to_owed(rig);
    rig_draw(rig);
    assert_int_equal(rig->session->v.strokes.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_bureau_is_asked_by_a_sealed_number),
        TEST(whoever_the_bureau_refuses_is_told_why_and_not_registered),
        TEST(a_refusal_of_another_insurance_stops_nobody),
        TEST(a_former_account_number_goes_on),
        TEST(whoever_is_registered_elsewhere_pays_on_that_account),
        TEST(whoever_was_found_registered_elsewhere_is_known_from_then_on),
        TEST(without_an_answer_the_registration_goes_on),
        TEST(out_of_reach_nobody_waits),
        TEST(rubbish_is_no_answer),
        TEST(whoever_goes_back_or_leaves_waits_for_no_answer),
        TEST(what_was_set_aside_is_told_at_the_next_visit),
        TEST(and_to_whoever_only_looks),
        TEST(a_card_that_will_not_do_gives_its_code_and_no_name),
        TEST(a_card_that_was_not_read_is_not_refused),
        TEST(outside_the_policys_window_nobody_is_registered),
        TEST(nothing_is_asked_without_a_rule),
        TEST(what_the_policy_asks_for_must_be_there),
        TEST(a_leaving_certificate_has_a_number_and_a_possible_day),
        TEST(a_dot_registers_nobody_and_a_cross_does),
        TEST(the_rule_of_residence_is_signed_for),
        TEST(whoever_cannot_sign_signs_at_the_window),
        TEST(and_takes_the_form_along_after_paying),
        TEST(ink_on_any_other_page_is_nobodys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
