/*
 * Somebody wants to understand: no card is asked for, each figure has its document, costs are those
 * of the policy, and leaving a job is answered and printed. The city is Shanghai, November 2026.
 */
#include <string.h>

#include "session_rig.h"

#define PENSION 0
#define MEDICAL 1
#define NOVEMBER month_of(2026, 11)

static void go_to(struct rig *rig, enum view_topic topic)
{
    rig_touch(rig, INTENT_LEARN, 0);
    rig_assert_step(rig, STEP_LEARN);
    rig_touch(rig, INTENT_TOPIC, (int)topic);
}

static void every_topic_has_its_page_and_a_way_back(void **state)
{
    static const enum session_step PAGES[TOPICS] = {
        [TOPIC_STANDARDS] = STEP_STANDARDS,   [TOPIC_TIMES] = STEP_TIMES,
        [TOPIC_INDIVIDUAL] = STEP_INDIVIDUAL, [TOPIC_LAW] = STEP_LAW,
        [TOPIC_CALCULATOR] = STEP_CALCULATOR, [TOPIC_LEAVING] = STEP_LEAVING,
    };
    struct rig *rig = *state;
    for (int topic = 0; topic < TOPICS; topic++) {
        go_to(rig, (enum view_topic)topic);
        rig_assert_step(rig, PAGES[topic]);
        assert_int_equal(rig_view(rig)->steps_total, 0);
        rig_touch(rig, INTENT_BACK, 0);
        rig_assert_step(rig, STEP_LEARN);
        rig_touch(rig, INTENT_BACK, 0);
        rig_assert_step(rig, STEP_HOME);
    }
    assert_true(session_is_wiped(rig->session));
}

/* With the devices out of order the rules are still there; without a policy there are none. */
static void figures_need_a_policy_and_nothing_else(void **state)
{
    struct rig *rig = *state;
    rig->health.reader.state = DEVICE_ABSENT;
    rig_tell_health(rig);
    rig_assert_step(rig, STEP_OUT_OF_SERVICE);
    rig_touch(rig, INTENT_LEARN, 0);
    rig_assert_step(rig, STEP_LEARN);
    rig_touch(rig, INTENT_START, 0);
    rig_assert_step(rig, STEP_LEARN);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_assert_step(rig, STEP_OUT_OF_SERVICE);
    session_set_policy(rig->session, NULL);
    rig_touch(rig, INTENT_LEARN, 0);
    rig_assert_step(rig, STEP_OUT_OF_SERVICE);
    session_set_policy(rig->session, rig->policy);
}

static void leads_on_to_a_visit(void **state)
{
    struct rig *rig = *state;
    go_to(rig, TOPIC_CALCULATOR);
    rig_touch(rig, INTENT_START, 0);
    rig_assert_step(rig, STEP_IDENTIFY);
    assert_int_equal(rig->session->learn.state, LEARN_OFF);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_assert_step(rig, STEP_OWED);
}

static void the_standards_are_those_of_the_policy(void **state)
{
    struct rig *rig = *state;
    go_to(rig, TOPIC_STANDARDS);
    const struct view_learn *learn = &rig_view(rig)->learn;
    assert_int_equal(learn->month, NOVEMBER);
    assert_int_equal(learn->standard_count, rig->policy->insurance_count);
    const struct view_standard *pension = &learn->standards[PENSION];
    assert_true(pension->is_known && pension->is_rate);
    assert_int_equal(pension->choice, CHOICE_FREE);
    assert_int_equal(pension->floor_fen, 754600);
    assert_int_equal(pension->ceiling_fen, 3773100);
    assert_int_equal(pension->rate, 200000);
    assert_int_equal(pension->account_rate, 80000);
    assert_int_equal(pension->least_fen, 150920);
    assert_int_equal(pension->most_fen, 754620);
    assert_int_equal(pension->due_day, 0);
    assert_int_equal(pension->pays, VIEW_PAYS(1));
    assert_int_equal(pension->back, BACK_NONE);
    assert_true(learn->standards[MEDICAL].follows);
    assert_int_equal(learn->standards[MEDICAL].wait_months, 6);
    assert_int_equal(learn->standards[MEDICAL].wait_gap_months, 3);
}

/* ---- a figure ---- */

static const struct view_explained *explain(struct rig *rig, int insurance, enum view_figure figure)
{
    rig_touch(rig, INTENT_FIGURE, VIEW_FIGURE(insurance, figure));
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_FIGURE);
    return &rig_view(rig)->learn.explained;
}

static void each_figure_has_its_document_and_its_months(void **state)
{
    struct rig *rig = *state;
    go_to(rig, TOPIC_STANDARDS);
    const struct view_explained *limits = explain(rig, PENSION, FIGURE_LIMITS);
    assert_true(limits->is_on);
    assert_int_equal(limits->source_count, 1);
    assert_int_equal(limits->sources[0].since, month_of(2026, 7));
    assert_int_equal(limits->sources[0].until, 0);
    const struct policy_range *range =
        policy_find_range(&rig->policy->insurances[PENSION].limits, NOVEMBER);
    assert_string_equal(limits->sources[0].number, rig->policy->sources[range->source].number);
    assert_string_equal(limits->sources[0].place, rig->policy->sources[range->source].place);
    const struct view_explained *wait = explain(rig, MEDICAL, FIGURE_WAIT);
    assert_int_equal(wait->sources[0].since, 0);
    assert_true(wait->sources[0].number[0] != '\0');
    const struct view_explained *due = explain(rig, PENSION, FIGURE_DUE);
    assert_string_equal(due->sources[0].number, ""); /* none is named, and none is made up */
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_NONE);
    rig_assert_step(rig, STEP_STANDARDS);
}

/* Both areas have limits of their own, here also by documents of their own. */
static void a_figure_is_that_of_the_kiosks_own_area(void **state)
{
    struct rig *rig = *state;
    rig_use_policy(rig, "../../tests/unit/plan/good.policy");
    clock_fake_advance(&rig->clock, INT64_C(-200) * 86400000);
    const struct policy_source *of_county = &rig->policy->sources[rig->policy->source_count - 1];
    struct policy_ranges *limits = &rig->policy->insurances[PENSION].limits;
    for (int i = 0; i < limits->count; i++)
        if (limits->items[i].area == 1)
            limits->items[i].source = rig->policy->source_count - 1;
    go_to(rig, TOPIC_STANDARDS);
    assert_string_equal(explain(rig, PENSION, FIGURE_LIMITS)->sources[0].number,
                        rig->policy->sources[0].number);
    assert_int_equal(rig_view(rig)->learn.standards[PENSION].floor_fen, 486000);
    snprintf(rig->settings.area, sizeof rig->settings.area, "county");
    assert_string_equal(explain(rig, PENSION, FIGURE_LIMITS)->sources[0].number, of_county->number);
    assert_int_equal(rig_view(rig)->learn.standards[PENSION].floor_fen, 485900);
}

static void every_figure_of_every_insurance_can_be_touched(void **state)
{
    struct rig *rig = *state;
    go_to(rig, TOPIC_STANDARDS);
    for (int i = 0; i < rig->policy->insurance_count; i++)
        for (int figure = 0; figure < FIGURES; figure++)
            assert_int_equal(explain(rig, i, (enum view_figure)figure)->figure, figure);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_NONE);
    rig_touch(rig, INTENT_FIGURE, -1);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_NONE);
    rig_touch(rig, INTENT_FIGURE, VIEW_FIGURE(VIEW_STANDARDS_MAX, 0));
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_NONE);
    assert_false(explain(rig, rig->policy->insurance_count, FIGURE_RATE)->is_on);
}

static void the_amount_that_is_owed_is_explained_with_the_persons_own_base(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_OWN_BASE, 0);
    rig_type(rig, "10001");
    rig_touch(rig, INTENT_NEXT, 0);
    const struct view_explained *amount = explain(rig, PENSION, FIGURE_AMOUNT);
    assert_true(amount->is_computed);
    assert_int_equal(amount->base_fen, 1000100);
    assert_int_equal(amount->rate, 200000);
    assert_int_equal(amount->amount_fen, 200020);
    assert_int_equal(amount->account_fen, 80008);
    assert_int_equal(amount->rounds_to_fen, 1);
    assert_int_equal(amount->source_count, 3);
    assert_int_equal(amount->sources[0].figure, FIGURE_LIMITS);
    assert_int_equal(amount->sources[1].figure, FIGURE_RATE);
    assert_int_equal(amount->sources[2].figure, FIGURE_ACCOUNT);
    rig_touch(rig, INTENT_NEXT, 0); /* covered */
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_FIGURE);
}

/* ---- the calculator ---- */

static const struct view_cost *cost(struct rig *rig, int insurance, enum view_period period)
{
    return &rig_view(rig)->learn.calculations[insurance].costs[period];
}

static void costs_a_month_a_quarter_and_a_year_at_the_lowest_base(void **state)
{
    struct rig *rig = *state;
    go_to(rig, TOPIC_CALCULATOR);
    assert_true(rig_view(rig)->learn.has_base);
    assert_int_equal(rig_view(rig)->learn.base_fen, 754600);
    assert_int_equal(cost(rig, PENSION, PERIOD_MONTH)->amount_fen, 150920);
    assert_int_equal(cost(rig, PENSION, PERIOD_QUARTER)->amount_fen, 3 * 150920);
    assert_int_equal(cost(rig, PENSION, PERIOD_YEAR)->unknown, month_of(2027, 7)); /* it expires */
    assert_int_equal(cost(rig, MEDICAL, PERIOD_MONTH)->amount_fen, 75460);
    assert_int_equal(rig_view(rig)->learn.totals[PERIOD_MONTH].amount_fen, 226380);
    rig_touch(rig, INTENT_CHOOSE_BASE, 1);
    assert_int_equal(cost(rig, PENSION, PERIOD_MONTH)->amount_fen, 754620);
    rig_touch(rig, INTENT_CHOOSE_BASE, 0);
    assert_int_equal(cost(rig, PENSION, PERIOD_MONTH)->amount_fen, 150920);
}

static void a_base_is_typed_within_the_limits(void **state)
{
    struct rig *rig = *state;
    go_to(rig, TOPIC_CALCULATOR);
    rig_touch(rig, INTENT_OWN_BASE, 0);
    rig_assert_step(rig, STEP_BASE);
    assert_int_equal(rig_view(rig)->base_floor_fen, 754600);
    assert_int_equal(rig_view(rig)->steps_total, 0);
    rig_type(rig, "100");
    assert_string_equal(rig_view(rig)->base_typed, "100");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_BASE);
    assert_true(rig_view(rig)->base_refused);
    rig_touch(rig, INTENT_CLEAR, 0);
    rig_type(rig, "10000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_CALCULATOR);
    assert_int_equal(cost(rig, PENSION, PERIOD_MONTH)->amount_fen, 200000);
    rig_touch(rig, INTENT_FIGURE, VIEW_FIGURE(PENSION, FIGURE_AMOUNT));
    assert_int_equal(rig_view(rig)->learn.explained.base_fen, 1000000);
}

static void a_year_with_a_month_without_figures_has_no_sum(void **state)
{
    struct rig *rig = *state;
    rig_use_policy(rig, "440300-shenzhen.policy"); /* medical 2027 is pending */
    go_to(rig, TOPIC_CALCULATOR);
    assert_true(cost(rig, MEDICAL, PERIOD_MONTH)->is_known);
    assert_false(cost(rig, MEDICAL, PERIOD_QUARTER)->is_known);
    assert_int_equal(cost(rig, MEDICAL, PERIOD_QUARTER)->unknown, month_of(2027, 1));
    assert_int_equal(cost(rig, MEDICAL, PERIOD_QUARTER)->amount_fen, 0);
    assert_int_equal(cost(rig, PENSION, PERIOD_YEAR)->amount_fen, 12 * 95500);
    assert_false(rig_view(rig)->learn.totals[PERIOD_YEAR].is_known);
}

static void a_list_longer_than_five_is_chosen_from_whole(void **state)
{
    struct rig *rig = *state;
    rig_use_policy(rig, "320100-nanjing.policy"); /* twelve grades, of 2025 */
    clock_fake_advance(&rig->clock, INT64_C(-400) * 86400000);
    go_to(rig, TOPIC_CALCULATOR);
    assert_int_equal(rig_view(rig)->learn.calculations[PENSION].pick, 1);
    assert_int_equal(cost(rig, PENSION, PERIOD_MONTH)->amount_fen, 99040);
    rig_touch(rig, INTENT_GRADES, PENSION);
    rig_assert_step(rig, STEP_GRADES);
    assert_int_equal(rig_view(rig)->learn.pick_count, 12);
    assert_int_equal(rig_view(rig)->learn.picks_fen[11], 2476200);
    rig_touch(rig, INTENT_CHOOSE_GRADE, 12); /* there is none */
    rig_assert_step(rig, STEP_GRADES);
    rig_touch(rig, INTENT_CHOOSE_GRADE, 6);
    rig_assert_step(rig, STEP_CALCULATOR);
    assert_int_equal(cost(rig, PENSION, PERIOD_MONTH)->amount_fen, 240000);
    rig_touch(rig, INTENT_GRADES, MEDICAL); /* it has none */
    rig_assert_step(rig, STEP_CALCULATOR);
}

/* ---- after leaving a job ---- */

static void choose_last_month(struct rig *rig, month_index month)
{
    go_to(rig, TOPIC_LEAVING);
    rig_touch(rig, INTENT_CHOOSE_YEAR, month_year(month));
    assert_int_equal(rig_view(rig)->learn.leaving_year, month_year(month));
    rig_touch(rig, INTENT_CHOOSE_MONTH, month);
    rig_assert_step(rig, STEP_PLAN);
}

static void tells_what_is_missing_and_what_follows(void **state)
{
    struct rig *rig = *state;
    choose_last_month(rig, month_of(2026, 6));
    const struct view_learn *learn = &rig_view(rig)->learn;
    assert_int_equal(learn->missing, 4);
    assert_int_equal(learn->first_missing, month_of(2026, 7));
    const struct view_leaving *medical = &learn->leaving[MEDICAL];
    assert_true(medical->is_medical);
    assert_int_equal(medical->wait, WAIT_MONTHS);
    assert_int_equal(medical->wait_months, 6);
    assert_int_equal(medical->no_wait.month, month_of(2026, 9));
    assert_int_equal(medical->no_wait.day, 30);
    assert_true(medical->no_wait.is_over);
    assert_int_equal(medical->due_first, NOVEMBER);
    assert_int_equal(medical->due_day, 0); /* not fixed */
    assert_int_equal(medical->cost, BACK_COST_REFUSED);
    assert_false(learn->leaving[PENSION].is_medical);
}

static void a_gap_below_the_limit_has_no_wait(void **state)
{
    struct rig *rig = *state;
    choose_last_month(rig, month_of(2026, 8));
    assert_int_equal(rig_view(rig)->learn.missing, 2);
    assert_int_equal(rig_view(rig)->learn.leaving[MEDICAL].wait, WAIT_NONE);
    assert_false(rig_view(rig)->learn.leaving[MEDICAL].no_wait.is_over);
}

static void only_months_that_can_have_been_insured_are_taken(void **state)
{
    struct rig *rig = *state;
    go_to(rig, TOPIC_LEAVING);
    rig_touch(rig, INTENT_CHOOSE_MONTH, NOVEMBER + 1);
    rig_assert_step(rig, STEP_LEAVING);
    rig_touch(rig, INTENT_CHOOSE_YEAR, 2027);
    assert_int_equal(rig_view(rig)->learn.leaving_year, 2026);
    rig_touch(rig, INTENT_CHOOSE_YEAR, 2026 - LEARN_YEARS_BACK - 1);
    assert_int_equal(rig_view(rig)->learn.leaving_year, 2026);
    rig_touch(rig, INTENT_CHOOSE_MONTH, month_of(2021, 1));
    rig_assert_step(rig, STEP_LEAVING);
    rig_touch(rig, INTENT_CHOOSE_MONTH, NOVEMBER);
    rig_assert_step(rig, STEP_PLAN);
    assert_int_equal(rig_view(rig)->learn.missing, 0);
}

/* The paper's life is in the journal as every slip's; it is nobody's and no money. */
static void the_plan_is_printed_and_in_the_journal(void **state)
{
    struct rig *rig = *state;
    choose_last_month(rig, month_of(2026, 6));
    rig_touch(rig, INTENT_PRINT, 0);
    rig_assert_step(rig, STEP_PRINTING);
    assert_true(rig_count(rig, JOURNAL_RECEIPT_STATE) > 0);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_RECEIPT_STATE), "\"paper\":\"plan\""));
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_PLAN);
    assert_int_equal(rig_view(rig)->learn.print, PRINT_DONE);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
    rig_assert_books(rig);
}

static void a_printer_that_fails_is_told_at_the_screen(void **state)
{
    struct rig *rig = *state;
    choose_last_month(rig, month_of(2026, 6));
    rig_touch(rig, INTENT_PRINT, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    rig_wait(rig, 1000);
    if (rig_view(rig)->step == STEP_PRINTING)
        fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    rig_assert_step(rig, STEP_PLAN);
    assert_int_equal(rig_view(rig)->learn.print, PRINT_FAILED);
}

static void whoever_goes_leaves_nothing_for_the_next(void **state)
{
    struct rig *rig = *state;
    choose_last_month(rig, month_of(2026, 6));
    rig_wait(rig, 61000);
    assert_true(rig_view(rig)->ask_more_time);
    rig_wait(rig, 21000);
    rig_assert_step(rig, STEP_HOME);
    go_to(rig, TOPIC_LEAVING);
    assert_int_equal(rig_view(rig)->learn.left, 0);
    assert_int_equal(rig_view(rig)->learn.leaving_year, 2026);
}

/* ---- rights ---- */

static void rights_lie_over_a_page_and_nothing_is_lost(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_RIGHTS);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_RIGHTS);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_int_equal(rig_view(rig)->inserted_fen, 20000);
    rig_touch(rig, INTENT_CANCEL, 0);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_RIGHTS);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_NONE);
    rig_assert_step(rig, STEP_CASH);
    rig_assert_books(rig);
}

/* ---- whom to call ---- */

/* Page and paper name the same numbers: the policy's, and where it names none the settings'. */
static void the_policys_telephones_go_before_the_settings(void **state)
{
    struct rig *rig = *state;
    snprintf(rig->settings.hotline_tax, sizeof rig->settings.hotline_tax, "12366");
    snprintf(rig->settings.hotline_medical, sizeof rig->settings.hotline_medical, "12393");
    assert_string_equal(rig_view(rig)->service_phone, "12333");
    assert_string_equal(rig_view(rig)->hotlines[HOTLINE_TAX], "12366");
    snprintf(rig->policy->phones[POLICY_PHONE_SERVICE], sizeof rig->policy->phones[0],
             "0571-88880000");
    snprintf(rig->policy->phones[POLICY_PHONE_TAX], sizeof rig->policy->phones[0], "0571-12366");
    choose_last_month(rig, month_of(2026, 6));
    assert_string_equal(rig_view(rig)->service_phone, "0571-88880000");
    assert_string_equal(rig_view(rig)->hotlines[HOTLINE_TAX], "0571-12366");
    assert_string_equal(rig_view(rig)->hotlines[HOTLINE_MEDICAL], "12393");
    struct receipt_facts facts;
    entries_compose_facts(rig->session, SLIP_PLAN, &facts);
    assert_string_equal(facts.service_phone, "0571-88880000");
    assert_non_null(strstr(facts.hotlines[LANGUAGE_ZH], "税务 0571-12366、医保 12393"));
    assert_non_null(strstr(facts.hotlines[LANGUAGE_EN], "0571-12366 (tax)"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_topic_has_its_page_and_a_way_back),
        TEST(figures_need_a_policy_and_nothing_else),
        TEST(leads_on_to_a_visit),
        TEST(the_standards_are_those_of_the_policy),
        TEST(each_figure_has_its_document_and_its_months),
        TEST(a_figure_is_that_of_the_kiosks_own_area),
        TEST(every_figure_of_every_insurance_can_be_touched),
        TEST(the_amount_that_is_owed_is_explained_with_the_persons_own_base),
        TEST(costs_a_month_a_quarter_and_a_year_at_the_lowest_base),
        TEST(a_base_is_typed_within_the_limits),
        TEST(a_year_with_a_month_without_figures_has_no_sum),
        TEST(a_list_longer_than_five_is_chosen_from_whole),
        TEST(tells_what_is_missing_and_what_follows),
        TEST(a_gap_below_the_limit_has_no_wait),
        TEST(only_months_that_can_have_been_insured_are_taken),
        TEST(the_plan_is_printed_and_in_the_journal),
        TEST(a_printer_that_fails_is_told_at_the_screen),
        TEST(whoever_goes_leaves_nothing_for_the_next),
        TEST(the_policys_telephones_go_before_the_settings),
        TEST(rights_lie_over_a_page_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
