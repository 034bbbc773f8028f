/*
 * Nobody is hurried: a page that waits for a person asks before it goes and can be held for as long
 * as somebody touches it; a state that waits for a machine has a deadline (WCAG 2.2, 2.2.1).
 */
#include "session_rig.h"

#include <string.h>

#include "base/check.h"

#define QUESTION_S_MIN 20

/* ---- every state of every machine ---- */

/* How a state comes to its end when nobody does anything. */
enum end {
    END_REST,     /* nothing is going on */
    END_PATIENCE, /* it waits for the person */
    END_DEADLINE, /* it waits for a machine; or shows a page with nothing on it to read or do */
};

static const enum end VISIT_ENDS[VISIT_STATES] = {
    [VISIT_HOME] = END_REST,
    [VISIT_RIGHTS] = END_PATIENCE,
    [VISIT_LEARN] = END_PATIENCE,
    [VISIT_IDENTIFY] = END_PATIENCE,
    [VISIT_CARD_PROBLEM] = END_PATIENCE,
    [VISIT_REFUSED] = END_PATIENCE,
    [VISIT_OWED] = END_PATIENCE,
    [VISIT_BASE] = END_PATIENCE,
    [VISIT_REGISTER] = END_PATIENCE,
    [VISIT_MONTHS] = END_PATIENCE,
    [VISIT_METHOD] = END_PATIENCE,
    [VISIT_PAY] = END_REST, /* pay's own */
    [VISIT_DONE] = END_PATIENCE,
    [VISIT_GOODBYE] = END_DEADLINE,
};

static const enum end ENROL_ENDS[ENROL_STATES] = {
    [ENROL_OFF] = END_REST,
    [ENROL_CHECKING] = END_DEADLINE,
    [ENROL_STARTS] = END_PATIENCE,
    [ENROL_MATERIALS] = END_PATIENCE,
    [ENROL_LEAVING_NUMBER] = END_PATIENCE,
    [ENROL_LEAVING_DATE] = END_PATIENCE,
    [ENROL_PHONE] = END_PATIENCE,
    [ENROL_CONSENT] = END_PATIENCE,
    [ENROL_SIGNATURE] = END_PATIENCE,
    [ENROL_REGISTERED] = END_PATIENCE,
};

static const enum end PAY_ENDS[PAY_STATES] = {
    [PAY_OFF] = END_REST,          [PAY_CASH] = END_PATIENCE,     [PAY_CLOSING] = END_DEADLINE,
    [PAY_SETTLING] = END_DEADLINE, [PAY_PRINTING] = END_DEADLINE,
};

static const enum end LEARN_ENDS[LEARN_STATES] = {
    [LEARN_OFF] = END_REST,
    [LEARN_MENU] = END_PATIENCE,
    [LEARN_STANDARDS] = END_PATIENCE,
    [LEARN_TIMES] = END_PATIENCE,
    [LEARN_INDIVIDUAL] = END_PATIENCE,
    [LEARN_LAW] = END_PATIENCE,
    [LEARN_CALCULATOR] = END_PATIENCE,
    [LEARN_GRADES] = END_PATIENCE,
    [LEARN_BASE] = END_PATIENCE,
    [LEARN_LEAVING] = END_PATIENCE,
    [LEARN_PLAN] = END_PATIENCE,
    [LEARN_PRINTING] = END_DEADLINE,
};

static const enum end RECOVERY_ENDS[RECOVERY_STATES] = {
    [RECOVERY_OFF] = END_REST,          [RECOVERY_WAITING] = END_DEADLINE,
    [RECOVERY_SETTLING] = END_DEADLINE, [RECOVERY_HOLDING] = END_DEADLINE,
    [RECOVERY_PRINTING] = END_DEADLINE,
};

/* Waits until the page has asked, holds it ten times, and then lets the question pass. */
static void assert_asks_before_it_goes(struct rig *rig, const char *name)
{
    enum session_step step = rig_view(rig)->step;
    for (int held = 0; held < 10; held++) {
        const struct session_view *view = rig_view(rig);
        if (view->seconds_total == 0 || view->ask_more_time)
            fail_msg("%s shows no time left", name);
        rig_wait(rig, (int64_t)view->seconds_left * 1000);
        if (!rig_view(rig)->ask_more_time)
            fail_msg("%s does not ask", name);
        assert_in_range(rig_view(rig)->seconds_left, QUESTION_S_MIN, 600);
        rig_wait(rig, (QUESTION_S_MIN - 1) * 1000);
        rig_assert_step(rig, step);
        rig_touch(rig, INTENT_MORE_TIME, 0);
        rig_assert_step(rig, step);
    }
    rig_wait(rig, (int64_t)rig_view(rig)->seconds_left * 1000);
    rig_wait(rig, (int64_t)rig_view(rig)->seconds_left * 1000);
    if (rig_view(rig)->step == step && rig_view(rig)->seconds_total > 0)
        fail_msg("%s never goes", name);
}

/* Pages of the menu and below; which topic leads to each. */
static bool go_to_learning(struct rig *rig, enum session_step step)
{
    static const int TOPIC_OF[STEPS] = {
        [STEP_LEARN] = -1,
        [STEP_STANDARDS] = TOPIC_STANDARDS + 1,
        [STEP_TIMES] = TOPIC_TIMES + 1,
        [STEP_INDIVIDUAL] = TOPIC_INDIVIDUAL + 1,
        [STEP_LAW] = TOPIC_LAW + 1,
        [STEP_CALCULATOR] = TOPIC_CALCULATOR + 1,
        [STEP_LEAVING] = TOPIC_LEAVING + 1,
        [STEP_PLAN] = TOPIC_LEAVING + 1,
    };
    if (TOPIC_OF[step] == 0)
        return false;
    rig_touch(rig, INTENT_LEARN, 0);
    if (TOPIC_OF[step] > 0)
        rig_touch(rig, INTENT_TOPIC, TOPIC_OF[step] - 1);
    if (step == STEP_PLAN)
        rig_touch(rig, INTENT_CHOOSE_MONTH, month_of(2026, 6));
    return true;
}

static void go_to(struct rig *rig, enum session_step step)
{
    if (go_to_learning(rig, step)) {
        rig_assert_step(rig, step);
        return;
    }

    static const enum intent NEXT[STEPS] = {
        [STEP_HOME] = INTENT_START,      [STEP_OWED] = INTENT_NEXT,
        [STEP_PHONE] = INTENT_NEXT,      [STEP_CONSENT] = INTENT_NEXT,
        [STEP_REGISTERED] = INTENT_NEXT, [STEP_MONTHS] = INTENT_NEXT,
        [STEP_METHOD] = INTENT_PAY_CASH,
    };
    for (int i = 0; i < 20 && rig_view(rig)->step != step; i++) {
        enum session_step now = rig_view(rig)->step;
        if (now == STEP_HOME && step == STEP_RIGHTS) {
            rig_touch(rig, INTENT_RIGHTS, 0);
        } else if (now == STEP_IDENTIFY) {
            bool is_too_old = step == STEP_CARD_PROBLEM || step == STEP_REFUSED;
            fake_id_reader_show(&rig->reader, is_too_old ? &RIG_OLD_PERSON : &RIG_PERSON);
        } else if (now == STEP_CARD_PROBLEM) {
            rig_touch(rig, INTENT_WHY, 0);
        } else if (now == STEP_SIGNATURE) {
            rig_sign(rig);
        } else if (now == STEP_OWED && step == STEP_BASE) {
            rig_touch(rig, INTENT_OWN_BASE, 0);
        } else if (now == STEP_CASH) {
            rig_pay_all(rig);
            fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
        } else {
            if (now == STEP_PHONE)
                rig_type(rig, "13900000000");
            if (now == STEP_CONSENT)
                rig_touch(rig, INTENT_TOGGLE_CONSENT, 0);
            rig_touch(rig, NEXT[now], 0);
        }
    }
    rig_assert_step(rig, step);
}

static void every_page_that_waits_for_a_person_asks_before_it_goes(void **state)
{
    static const enum session_step STEPS_OF_PEOPLE[] = {
        STEP_RIGHTS,    STEP_IDENTIFY, STEP_CARD_PROBLEM, STEP_OWED,      STEP_BASE,
        STEP_PHONE,     STEP_CONSENT,  STEP_REFUSED,      STEP_SIGNATURE, STEP_REGISTERED,
        STEP_MONTHS,    STEP_METHOD,   STEP_CASH,         STEP_DONE,      STEP_LEARN,
        STEP_STANDARDS, STEP_TIMES,    STEP_INDIVIDUAL,   STEP_LAW,       STEP_CALCULATOR,
        STEP_LEAVING,   STEP_PLAN,
    };
    struct rig *rig = *state;
    rig_tear_down(state);
    for (size_t i = 0; i < ARRAY_SIZE(STEPS_OF_PEOPLE); i++) {
        assert_int_equal(rig_set_up(state), 0);
        rig = *state;
        go_to(rig, STEPS_OF_PEOPLE[i]);
        const struct session *session = rig->session;
        enum end end = VISIT_ENDS[session->visit.state];
        if (session->visit.state == VISIT_PAY)
            end = PAY_ENDS[session->pay.state];
        if (session->visit.state == VISIT_REGISTER)
            end = ENROL_ENDS[session->enrol.state];
        if (session->visit.state == VISIT_LEARN)
            end = LEARN_ENDS[session->learn.state];
        assert_int_equal(end, END_PATIENCE);
        assert_asks_before_it_goes(rig, session_step_name(STEPS_OF_PEOPLE[i]));
        if (i + 1 < ARRAY_SIZE(STEPS_OF_PEOPLE))
            rig_tear_down(state);
    }
}

/* Puts a machine into each of its states and looks at what would end it. */
static void assert_ends(struct rig *rig, struct sm *sm, const enum end *ends)
{
    for (int s = 0; s < sm->table->state_count; s++) {
        const struct sm_state *state = &sm->table->states[s];
        if (ends[s] == END_DEADLINE && state->deadline_ms <= 0)
            fail_msg("%s.%s waits for a machine and has no deadline", sm->table->name, state->name);
        if (ends[s] == END_PATIENCE && state->deadline_ms != 0)
            fail_msg("%s.%s goes without asking", sm->table->name, state->name);
    }
    (void)rig;
}

static void every_state_that_waits_for_a_machine_has_a_deadline(void **state)
{
    struct rig *rig = *state;
    struct session *session = rig->session;
    assert_ends(rig, &session->visit, VISIT_ENDS);
    assert_ends(rig, &session->enrol, ENROL_ENDS);
    assert_ends(rig, &session->pay, PAY_ENDS);
    assert_ends(rig, &session->recovery, RECOVERY_ENDS);
    assert_ends(rig, &session->learn, LEARN_ENDS);
}

/* A page of a person has no deadline of its own, and patience is set the moment it is entered: else
 * it would stay for ever. */
static void no_page_of_a_person_is_entered_without_patience(void **state)
{
    struct rig *rig = *state;
    go_to(rig, STEP_DONE);
    assert_int_equal(rig->session->visit.deadline_at_ms, INT64_MAX);
    assert_int_equal(rig->session->patience.state, PATIENCE_WAITING);
    assert_true(session_next_deadline_ms(rig->session) < INT64_MAX);
}

/* ---- the last page ---- */

static void the_last_page_counts_down_and_asks(void **state)
{
    struct rig *rig = *state;
    go_to(rig, STEP_DONE);
    assert_int_equal(rig_view(rig)->seconds_total, 30);
    rig_wait(rig, 30500);
    assert_true(rig_view(rig)->ask_more_time);
    assert_int_equal(rig_view(rig)->money_inside_fen, 0); /* it is on the receipt */
    rig_touch(rig, INTENT_NEXT, 0);                       /* only an answer */
    rig_assert_step(rig, STEP_DONE);
    assert_int_equal(rig_view(rig)->seconds_left, 30);
    rig_wait(rig, 50500);
    rig_assert_step(rig, STEP_GOODBYE);
    assert_string_equal(rig_view(rig)->voucher, "");
    assert_int_equal(rig_view(rig)->seconds_total, 0);
}

/* ---- twice the time ---- */

static void large_type_or_speech_has_twice_the_time(void **state)
{
    static const enum intent SLOW[] = { INTENT_LARGE, INTENT_SPOKEN };
    struct rig *rig = *state;
    session_set_speech_offered(rig->session, true);
    rig_go_to_owed(rig);
    for (size_t i = 0; i < ARRAY_SIZE(SLOW); i++) {
        rig_touch(rig, SLOW[i], 1);
        assert_int_equal(rig_view(rig)->seconds_left, 120);
        rig_wait(rig, 120500);
        assert_true(rig_view(rig)->ask_more_time);
        assert_int_equal(rig_view(rig)->seconds_total, 40);
        rig_touch(rig, SLOW[i], 0);
        assert_int_equal(rig_view(rig)->seconds_left, 60);
    }
}

/* ---- what counts as being there ---- */

static void a_touch_beside_everything_gives_the_whole_time_again(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_wait(rig, 59000);
    session_on_activity(rig->session);
    assert_int_equal(rig_view(rig)->seconds_left, 60);
    rig_wait(rig, 61000);
    assert_true(rig_view(rig)->ask_more_time);
    session_on_activity(rig->session); /* the question wants an answer */
    assert_true(rig_view(rig)->ask_more_time);
}

static void a_touch_beside_everything_wakes_nothing_at_rest(void **state)
{
    struct rig *rig = *state;
    session_on_activity(rig->session);
    assert_int_equal(rig->session->patience.state, PATIENCE_OFF);
    rig_touch(rig, INTENT_LANGUAGE, LANGUAGE_EN);
    rig_wait(rig, 59000);
    session_on_activity(rig->session);
    rig_wait(rig, 59000);
    assert_int_equal(rig_view(rig)->language, LANGUAGE_EN);
}

static void a_touch_while_a_machine_works_does_not_start_patience(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    session_on_activity(rig->session);
    assert_int_equal(rig->session->patience.state, PATIENCE_OFF);
}

/* Reading, escrow, credit: the person is told three times and has the whole time after each. */
static void each_moment_of_a_note_gives_the_whole_time_again(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_wait(rig, 110000);
    fake_acceptor_feed_to_escrow(&rig->acceptor, 10000);
    assert_int_equal(rig_view(rig)->seconds_left, 120);
    rig_wait(rig, 5000);
    fake_acceptor_obey(&rig->acceptor);
    assert_int_equal(rig_view(rig)->seconds_left, 120);
    assert_int_equal(rig_view(rig)->inserted_fen, 10000);
}

static void there_is_no_end_to_more_time_while_money_is_inside(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    for (int i = 0; i < 100; i++) {
        rig_wait(rig, 130000);
        assert_true(rig_view(rig)->ask_more_time);
        rig_touch(rig, INTENT_MORE_TIME, 0);
        rig_assert_step(rig, STEP_CASH);
    }
    rig_assert_books(rig);
}

static void the_question_can_say_what_happens_to_the_money(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_int_equal(rig_view(rig)->money_inside_fen, 0);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_wait(rig, 121000);
    const struct session_view *view = rig_view(rig);
    assert_true(view->ask_more_time);
    assert_int_equal(view->money_inside_fen, 10000);
    assert_int_equal(view->money_inside_months, 0);
    assert_int_equal(view->money_inside_over_fen, 10000);
    assert_true(view->surplus[LANGUAGE_ZH][0] != '\0');
}

/* ---- what is shown of a person ---- */

static void the_phone_is_whole_only_where_it_is_typed(void **state)
{
    struct rig *rig = *state;
    go_to(rig, STEP_PHONE);
    rig_type(rig, "13900001234");
    assert_string_equal(rig_view(rig)->phone_typed, "13900001234");
    assert_string_equal(rig_view(rig)->phone_masked, "");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_CONSENT);
    assert_string_equal(rig_view(rig)->phone_typed, "");
    assert_string_equal(rig_view(rig)->phone_masked, "139****1234");
}

static void the_account_number_is_whole_only_where_it_is_handed_out(void **state)
{
    struct rig *rig = *state;
    rig_go_to_registered(rig);
    assert_string_equal(rig_view(rig)->account_number, "P900000041");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_MONTHS);
    assert_string_equal(rig_view(rig)->account_number, "P900****41");
}

static void a_number_that_is_on_no_paper_is_whole_on_the_last_page(void **state)
{
    struct rig *rig = *state;
    rig_go_to_registered(rig);
    rig_touch(rig, INTENT_PAY_LATER, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    rig_wait(rig, 1000);
    if (rig_view(rig)->step == STEP_RECEIPT)
        fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    rig_assert_step(rig, STEP_DONE);
    assert_false(rig_view(rig)->receipt_printed);
    assert_string_equal(rig_view(rig)->account_number, "P900000041");
}

/* ---- what is offered ---- */

static enum service offered(struct rig *rig, enum view_offer what)
{
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->service_count, OFFERS);
    assert_int_equal(view->services[what].what, what);
    return view->services[what].service;
}

static void each_service_tells_its_own_truth(void **state)
{
    struct rig *rig = *state;
    session_set_bureau_reachable(rig->session, true);
    for (int what = 0; what < OFFERS; what++)
        assert_int_equal(offered(rig, (enum view_offer)what), SERVICE_OFFERED);
    rig->health.printer.state = DEVICE_FAULT;
    rig->health.printer.problems = DEVICE_PROBLEM_PAPER_OUT;
    rig->health.numbers_left = 0;
    rig_tell_health(rig);
    session_set_bureau_reachable(rig->session, false);
    assert_int_equal(offered(rig, OFFER_VISIT), SERVICE_OFFERED);
    assert_int_equal(offered(rig, OFFER_CASH), SERVICE_PAPER_OUT);
    assert_int_equal(rig_view(rig)->services[OFFER_CASH].until, UNTIL_STAFF);
    assert_int_equal(offered(rig, OFFER_REGISTRATION), SERVICE_NUMBERS);
    assert_int_equal(rig_view(rig)->services[OFFER_REGISTRATION].until, UNTIL_NETWORK);
    assert_int_equal(offered(rig, OFFER_INQUIRIES), SERVICE_BUREAU);
    rig->health.reader.state = DEVICE_ABSENT;
    rig_tell_health(rig);
    assert_int_equal(offered(rig, OFFER_VISIT), SERVICE_NO_READER);
    assert_int_equal(offered(rig, OFFER_CASH), SERVICE_NO_READER);
    assert_int_equal(offered(rig, OFFER_REGISTRATION), SERVICE_NO_READER);
}

static void out_of_service_knows_since_when(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(rig_view(rig)->service_since_ms, 0);
    rig->health.reader.state = DEVICE_ABSENT;
    rig_tell_health(rig);
    int64_t since_ms = clock_wall_ms(&rig->clock.clock);
    rig_wait(rig, 60000);
    rig_tell_health(rig);
    assert_int_equal(rig_view(rig)->service_since_ms, since_ms);
    rig->health.reader.state = DEVICE_READY;
    rig_tell_health(rig);
    assert_int_equal(rig_view(rig)->service_since_ms, 0);
}

static void every_field_of_the_card_is_accounted_for(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    const struct session_view *view = rig_view(rig);
    assert_true(view->card_read);
    for (int item = 0; item < CARD_ITEMS; item++) {
        const struct view_card_field *field = &view->card_fields[item];
        assert_int_equal(field->item, item);
        if (field->keep != KEEP_VISIT)
            assert_true(field->is_used == (field->keep == KEEP_SEALED));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_page_that_waits_for_a_person_asks_before_it_goes),
        TEST(every_state_that_waits_for_a_machine_has_a_deadline),
        TEST(no_page_of_a_person_is_entered_without_patience),
        TEST(the_last_page_counts_down_and_asks),
        TEST(large_type_or_speech_has_twice_the_time),
        TEST(a_touch_beside_everything_gives_the_whole_time_again),
        TEST(a_touch_beside_everything_wakes_nothing_at_rest),
        TEST(a_touch_while_a_machine_works_does_not_start_patience),
        TEST(each_moment_of_a_note_gives_the_whole_time_again),
        TEST(there_is_no_end_to_more_time_while_money_is_inside),
        TEST(the_question_can_say_what_happens_to_the_money),
        TEST(the_phone_is_whole_only_where_it_is_typed),
        TEST(the_account_number_is_whole_only_where_it_is_handed_out),
        TEST(a_number_that_is_on_no_paper_is_whole_on_the_last_page),
        TEST(each_service_tells_its_own_truth),
        TEST(out_of_service_knows_since_when),
        TEST(every_field_of_the_card_is_accounted_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
