#include "session_rig.h"

#include <string.h>

/* What the person hears of limits, and when. The sum of the rig's visit is 2,263.80; it takes notes
 * of 10, 20, 50 and 100. */
#define DUE_FEN 226380
#define ENOUGH_FEN 227000 /* 22 × 100, 50, 20 */
#define FEWEST_NOTES 23   /* 23 × 100; the smallest sum takes 24 */

static void assert_refused_at_method(struct rig *rig, enum service service)
{
    rig_go_to_method(rig);
    assert_int_equal(rig_view(rig)->due_fen, DUE_FEN);
    assert_int_equal(rig_view(rig)->cash_service, service);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_METHOD);
    assert_false(rig->acceptor.is_enabled);
    assert_int_equal(rig_count(rig, JOURNAL_QUOTE_ACCEPTED), 0);
}

static int sum_of(const struct view_note *notes, int count)
{
    int sum_fen = 0;
    for (int i = 0; i < count; i++)
        sum_fen += (int)notes[i].value_fen * notes[i].count;
    return sum_fen;
}

static void says_the_best_notes_and_the_surplus_before_the_first_note(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->plan_sum_fen, ENOUGH_FEN);
    assert_int_equal(view->plan_surplus_fen, ENOUGH_FEN - DUE_FEN);
    assert_int_equal(sum_of(view->plan, view->plan_count), ENOUGH_FEN);
    assert_int_equal(view->plan[0].value_fen, 10000);
    assert_int_equal(view->plan[0].count, 22);
    assert_int_equal(view->plan_top.count, 23);
    assert_int_equal(view->plan_top_surplus_fen, 230000 - DUE_FEN);
    assert_int_equal(view->inserted_fen, 0);
}

static void says_what_remains_best_after_each_note(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    fake_acceptor_feed(&rig->acceptor, 10000);
    fake_acceptor_feed(&rig->acceptor, 2000);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(sum_of(view->plan, view->plan_count), ENOUGH_FEN - 12000);
    assert_int_equal(view->plan_sum_fen, ENOUGH_FEN);
    assert_int_equal(view->accepted_count, 4);
}

static void tells_a_sum_above_the_limit_of_one_payment_before_the_first_note(void **state)
{
    struct rig *rig = *state;
    rig->settings.visit_sum_max_fen = ENOUGH_FEN - 1; /* the notes for it come to more */
    assert_refused_at_method(rig, SERVICE_VISIT_SUM);
    assert_int_equal(rig_view(rig)->limit_fen, ENOUGH_FEN - 1);
}

static void takes_a_sum_that_just_keeps_the_limit_and_no_note_past_it(void **state)
{
    struct rig *rig = *state;
    rig->settings.visit_sum_max_fen = ENOUGH_FEN;
    rig_go_to_cash(rig);
    for (int i = 0; i < 22; i++)
        assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_false(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_int_equal(rig_view(rig)->cash_notice, CASH_NOTICE_PAST_LIMIT);
    assert_int_equal(rig_view(rig)->accepted_count, 3);
    assert_true(fake_acceptor_feed(&rig->acceptor, 5000));
    assert_true(fake_acceptor_feed(&rig->acceptor, 2000));
    rig_assert_step(rig, STEP_RECEIPT);
    rig_assert_books(rig);
}

static void tells_a_sum_that_takes_too_many_notes_before_the_first_note(void **state)
{
    struct rig *rig = *state;
    rig->settings.visit_notes_max = FEWEST_NOTES - 1;
    assert_refused_at_method(rig, SERVICE_VISIT_NOTES);
}

/* Goal: with as few notes as can be, the plan is those and only they are taken. */
static void plans_within_the_count_of_notes(void **state)
{
    struct rig *rig = *state;
    rig->settings.visit_notes_max = FEWEST_NOTES;
    rig_go_to_cash(rig);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->plan_sum_fen, 230000);
    assert_int_equal(view->plan_count, 1);
    assert_int_equal(view->plan_top.count, 0); /* it is no other way */
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_false(fake_acceptor_feed(&rig->acceptor, 2000));
    assert_int_equal(rig_view(rig)->cash_notice, CASH_NOTICE_PAST_LIMIT);
    rig_pay_all(rig);
}

static void tells_that_the_day_has_no_room_for_this_sum(void **state)
{
    struct rig *rig = *state;
    rig->health.day_sum_max_fen = 400000;
    rig->health.day_cash_fen = 400000 - ENOUGH_FEN + 1;
    rig_tell_health(rig);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_OFFERED); /* for a smaller one */
    assert_refused_at_method(rig, SERVICE_DAY_LIMIT);
}

static void counts_the_day_from_the_journal_over_a_restart(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    rig_restart(rig);
    rig_greet(rig);
    int64_t now_ms = clock_wall_ms(&rig->clock.clock);
    assert_int_equal(journal_day_cash_fen(rig->journal, now_ms), 230000);
    rig->health.day_cash_fen = journal_day_cash_fen(rig->journal, now_ms);
    rig->health.day_sum_max_fen = 230000;
    rig_tell_health(rig);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_DAY_LIMIT);
    assert_int_equal(rig_view(rig)->services[OFFER_CASH].until, UNTIL_TOMORROW);
}

static void tells_that_the_box_has_no_room_for_these_notes(void **state)
{
    struct rig *rig = *state;
    rig->health.box_notes_max = 400;
    rig->health.box_notes = 400 - FEWEST_NOTES + 1;
    rig_tell_health(rig);
    assert_refused_at_method(rig, SERVICE_BOX_LIMIT);
}

static void warns_staff_before_the_box_is_full(void **state)
{
    struct rig *rig = *state;
    rig->health.box_notes_max = 400;
    rig->health.box_notes_warn = 300;
    rig->health.box_notes = 300;
    rig_tell_health(rig);
    assert_int_equal(rig_view(rig)->services[OFFER_CASH].service, SERVICE_OFFERED);
    assert_int_equal(rig_view(rig)->services[OFFER_CASH].warning, SERVICE_BOX_FILLS);
    assert_string_equal(service_code(SERVICE_BOX_FILLS), "A06");
}

static void keeps_the_offline_sum_within_one_payment_only_while_offline(void **state)
{
    struct rig *rig = *state;
    rig->health.unsent_money_fen = rig->health.offline_sum_max_fen - ENOUGH_FEN + 1;
    rig_tell_health(rig);
    session_set_bureau_reachable(rig->session, false);
    assert_refused_at_method(rig, SERVICE_OFFLINE_LIMIT);
    session_set_bureau_reachable(rig->session, true);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_OFFERED);
}

static void without_a_surplus_a_sum_with_fen_is_not_taken_in_notes(void **state)
{
    struct rig *rig = *state;
    rig->policy->surplus = POLICY_SURPLUS_NONE;
    assert_refused_at_method(rig, SERVICE_EXACT_SUM);
}

static void go_to_exact_cash(struct rig *rig)
{
    rig->policy->surplus = POLICY_SURPLUS_NONE;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_OWN_BASE, 0);
    rig_type(rig, "8000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_type(rig, "13900000000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_TOGGLE_CONSENT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_sign(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_METHOD);
    assert_int_equal(rig_view(rig)->due_fen, 240000);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_CASH);
}

static void without_a_surplus_a_note_above_what_is_owed_is_refused_in_advance(void **state)
{
    struct rig *rig = *state;
    go_to_exact_cash(rig);
    assert_int_equal(rig_view(rig)->plan_surplus_fen, 0);
    assert_int_equal(rig_view(rig)->plan_top.count, 0);
    for (int i = 0; i < 23; i++)
        assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_true(fake_acceptor_feed(&rig->acceptor, 5000));
    assert_false(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_int_equal(rig_view(rig)->cash_notice, CASH_NOTICE_TOO_LARGE);
    assert_int_equal(rig_view(rig)->accepted_count, 3); /* 10, 20, 50 */
    assert_true(fake_acceptor_feed(&rig->acceptor, 2000));
    assert_true(fake_acceptor_feed(&rig->acceptor, 2000));
    assert_false(fake_acceptor_feed(&rig->acceptor, 2000));
    assert_true(fake_acceptor_feed(&rig->acceptor, 1000));
    rig_assert_step(rig, STEP_RECEIPT);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_SURPLUS), 0);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_QUOTE_ACCEPTED), "\"surplus\":\"none\""));
    rig_assert_books(rig);
}

/* Goal: a device that forgot what it was told to refuse gets no note past the terms. */
static void gives_back_a_note_the_device_should_have_refused(void **state)
{
    struct rig *rig = *state;
    go_to_exact_cash(rig);
    for (int i = 0; i < 23; i++)
        assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_true(fake_acceptor_feed(&rig->acceptor, 5000));
    rig->acceptor.accepted_fen[rig->acceptor.accepted_count++] = 10000;
    assert_false(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_int_equal(rig_view(rig)->cash_notice, CASH_NOTICE_TOO_LARGE);
    assert_int_equal(rig_view(rig)->last_note_fen, 10000);
    assert_int_equal(rig->acceptor.box_fen, 235000);
    rig_assert_books(rig);
}

static void tell_channels(struct rig *rig, const int64_t *values_fen, int count)
{
    struct cash_acceptor_event event = { .kind = CASH_EVENT_STATUS,
                                         .status.state = DEVICE_READY,
                                         .channel_count = count };
    memcpy(event.channel_value_fen, values_fen, (size_t)count * sizeof values_fen[0]);
    session_on_acceptor(rig->session, &event);
}

static void plans_with_the_denominations_the_device_knows(void **state)
{
    struct rig *rig = *state;
    const int64_t values_fen[] = { 500, 2000, 10000 };
    tell_channels(rig, values_fen, 3);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->accepted_count, 2);
    assert_int_equal(view->accepted_fen[0], 2000);
    assert_int_equal(view->accepted_fen[1], 10000);
    rig_go_to_cash(rig);
    assert_int_equal(rig->acceptor.accepted_count, 2);
    assert_int_equal(rig_view(rig)->plan_sum_fen, 228000);
}

static void offers_no_cash_when_the_device_knows_none_of_the_denominations(void **state)
{
    struct rig *rig = *state;
    const int64_t values_fen[] = { 500, 20000 };
    tell_channels(rig, values_fen, 2);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_NO_ACCEPTOR);
}

/* Goal: what was let begin and can no longer be ended takes no further note, and what is in is
 * settled as whole months and the rest. Method: the limit of the flow is lowered under it. */
static void settles_what_is_in_when_a_limit_comes_down_under_a_payment(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig->session->cash.terms.sum_fen_max = 20000;
    assert_false(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_int_equal(rig_view(rig)->step, STEP_RECEIPT);
    assert_false(rig->acceptor.is_enabled);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_SURPLUS), rig->acceptor.box_fen);
    rig_assert_books(rig);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(says_the_best_notes_and_the_surplus_before_the_first_note),
        ON_RIG(says_what_remains_best_after_each_note),
        ON_RIG(tells_a_sum_above_the_limit_of_one_payment_before_the_first_note),
        ON_RIG(takes_a_sum_that_just_keeps_the_limit_and_no_note_past_it),
        ON_RIG(tells_a_sum_that_takes_too_many_notes_before_the_first_note),
        ON_RIG(plans_within_the_count_of_notes),
        ON_RIG(tells_that_the_day_has_no_room_for_this_sum),
        ON_RIG(counts_the_day_from_the_journal_over_a_restart),
        ON_RIG(tells_that_the_box_has_no_room_for_these_notes),
        ON_RIG(warns_staff_before_the_box_is_full),
        ON_RIG(keeps_the_offline_sum_within_one_payment_only_while_offline),
        ON_RIG(without_a_surplus_a_sum_with_fen_is_not_taken_in_notes),
        ON_RIG(without_a_surplus_a_note_above_what_is_owed_is_refused_in_advance),
        ON_RIG(gives_back_a_note_the_device_should_have_refused),
        ON_RIG(plans_with_the_denominations_the_device_knows),
        ON_RIG(offers_no_cash_when_the_device_knows_none_of_the_denominations),
        ON_RIG(settles_what_is_in_when_a_limit_comes_down_under_a_payment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
