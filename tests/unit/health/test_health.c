#include "health/health.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"

static struct health well(void)
{
    return (struct health){
        .reader = { .state = DEVICE_READY },
        .acceptor = { .state = DEVICE_READY },
        .printer = { .state = DEVICE_READY },
        .journal_writable = true,
        .policy_good = true,
        .numbers_left = 10,
        .bureau_reachable = true,
        .offline_sum_max_fen = 2000000,
        .offline_ms_max = 72 * INT64_C(3600000),
    };
}

/* Faults in the order of the cash rules: each one hides those after it. */
static void break_journal(struct health *health)
{
    health->journal_writable = false;
}

static void start_printer(struct health *health)
{
    health->printer.state = DEVICE_STARTING;
}

static void open_cover(struct health *health)
{
    health->printer.state = DEVICE_FAULT;
    health->printer.problems |= DEVICE_PROBLEM_COVER_OPEN;
}

static void take_paper(struct health *health)
{
    health->printer.state = DEVICE_FAULT;
    health->printer.problems |= DEVICE_PROBLEM_PAPER_OUT;
}

static void unplug_printer(struct health *health)
{
    health->printer.state = DEVICE_ABSENT;
}

static void start_acceptor(struct health *health)
{
    health->acceptor.state = DEVICE_STARTING;
}

static void take_box(struct health *health)
{
    health->acceptor.state = DEVICE_FAULT;
    health->acceptor.problems |= DEVICE_PROBLEM_BOX_REMOVED;
}

static void fill_box(struct health *health)
{
    health->acceptor.state = DEVICE_FAULT;
    health->acceptor.problems |= DEVICE_PROBLEM_BOX_FULL;
}

static void jam_acceptor(struct health *health)
{
    health->acceptor.state = DEVICE_FAULT;
    health->acceptor.problems |= DEVICE_PROBLEM_JAM;
}

static void unplug_acceptor(struct health *health)
{
    health->acceptor.state = DEVICE_ABSENT;
}

static void expire_policy(struct health *health)
{
    health->policy_good = false;
}

static void collect_too_much_offline(struct health *health)
{
    health->unsent_money_fen = health->offline_sum_max_fen;
}

static void count_too_many_offline(struct health *health)
{
    health->offline_payments_max = health->unsent_payments = 40;
}

static void fill_box_to_its_limit(struct health *health)
{
    health->box_notes_max = health->box_notes = 400;
}

static void take_all_of_a_day(struct health *health)
{
    health->day_sum_max_fen = health->day_cash_fen = 3000000;
}

static const struct {
    void (*fault)(struct health *health);
    enum service reason;
} CASH_FAULTS[] = {
    { break_journal, SERVICE_JOURNAL },
    { open_cover, SERVICE_PRINTER_COVER },
    { take_paper, SERVICE_PAPER_OUT },
    { unplug_printer, SERVICE_NO_PRINTER },
    { take_box, SERVICE_BOX_OUT },
    { fill_box, SERVICE_BOX_FULL },
    { fill_box_to_its_limit, SERVICE_BOX_LIMIT },
    { jam_acceptor, SERVICE_ACCEPTOR_JAM },
    { unplug_acceptor, SERVICE_NO_ACCEPTOR },
    { expire_policy, SERVICE_POLICY },
    { collect_too_much_offline, SERVICE_OFFLINE_LIMIT },
    { count_too_many_offline, SERVICE_OFFLINE_LIMIT },
    { take_all_of_a_day, SERVICE_DAY_LIMIT },
};

static void offers_everything_when_all_is_well(void **state)
{
    (void)state;
    struct health health = well();
    assert_int_equal(health_visit(&health), SERVICE_OFFERED);
    assert_int_equal(health_cash(&health), SERVICE_OFFERED);
    assert_int_equal(health_registration(&health), SERVICE_OFFERED);
}

static void names_the_reason_of_each_cash_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASH_FAULTS); i++) {
        struct health health = well();
        CASH_FAULTS[i].fault(&health);
        assert_int_equal(health_cash(&health), CASH_FAULTS[i].reason);
    }
}

static void gives_the_reason_that_comes_first_when_two_things_are_wrong(void **state)
{
    (void)state;
    for (size_t first = 0; first < ARRAY_SIZE(CASH_FAULTS); first++) {
        for (size_t second = first + 1; second < ARRAY_SIZE(CASH_FAULTS); second++) {
            struct health health = well();
            CASH_FAULTS[first].fault(&health);
            CASH_FAULTS[second].fault(&health);
            assert_int_equal(health_cash(&health), CASH_FAULTS[first].reason);
        }
    }
}

static void says_starting_while_a_device_of_the_service_starts(void **state)
{
    (void)state;
    struct health health = well();
    start_printer(&health);
    assert_int_equal(health_cash(&health), SERVICE_STARTING);
    assert_int_equal(health_visit(&health), SERVICE_OFFERED);

    health = well();
    start_acceptor(&health);
    assert_int_equal(health_cash(&health), SERVICE_STARTING);

    health = well();
    health.reader.state = DEVICE_STARTING;
    assert_int_equal(health_visit(&health), SERVICE_STARTING);
    assert_int_equal(health_cash(&health), SERVICE_OFFERED);
}

static void still_offers_cash_when_staff_is_only_needed_soon(void **state)
{
    (void)state;
    struct health health = well();
    health.printer.state = DEVICE_DEGRADED;
    health.printer.problems = DEVICE_PROBLEM_PAPER_NEAR_END;
    health.acceptor.state = DEVICE_DEGRADED;
    assert_int_equal(health_cash(&health), SERVICE_OFFERED);
}

static void refuses_cash_over_a_missing_box_even_if_the_acceptor_calls_itself_ready(void **state)
{
    (void)state;
    struct health health = well();
    health.acceptor.problems = DEVICE_PROBLEM_BOX_REMOVED;
    assert_int_equal(health_cash(&health), SERVICE_BOX_OUT);
}

static void stops_cash_at_the_offline_limits_and_not_before(void **state)
{
    (void)state;
    struct health health = well();
    health.bureau_reachable = false;
    health.unsent_money_fen = health.offline_sum_max_fen - 1;
    health.offline_ms = health.offline_ms_max - 1;
    assert_int_equal(health_cash(&health), SERVICE_OFFERED);
    health.offline_ms++;
    assert_int_equal(health_cash(&health), SERVICE_OFFLINE_LIMIT);
    health.offline_ms--;
    health.unsent_money_fen++;
    assert_int_equal(health_cash(&health), SERVICE_OFFLINE_LIMIT);
    assert_int_equal(health_visit(&health), SERVICE_OFFERED);
}

static void stops_cash_one_under_no_limit_and_at_each(void **state)
{
    (void)state;
    struct health health = well();
    health.box_notes = health.unsent_payments = 100000; /* no limit is set */
    health.day_cash_fen = INT64_C(100000000000);
    assert_int_equal(health_cash(&health), SERVICE_OFFERED);
    health.box_notes_max = health.box_notes + 1;
    health.offline_payments_max = health.unsent_payments + 1;
    health.day_sum_max_fen = health.day_cash_fen + 1;
    assert_int_equal(health_cash(&health), SERVICE_OFFERED);
    health.day_cash_fen++;
    assert_int_equal(health_cash(&health), SERVICE_DAY_LIMIT);
    health.unsent_payments++;
    assert_int_equal(health_cash(&health), SERVICE_OFFLINE_LIMIT);
    health.box_notes++;
    assert_int_equal(health_cash(&health), SERVICE_BOX_LIMIT);
}

static void warns_of_a_box_that_fills_and_goes_on(void **state)
{
    (void)state;
    struct health health = well();
    health.box_notes_max = 400;
    health.box_notes_warn = 350;
    health.box_notes = 349;
    assert_int_equal(health_cash_warning(&health), SERVICE_OFFERED);
    health.box_notes++;
    assert_int_equal(health_cash_warning(&health), SERVICE_BOX_FILLS);
    assert_int_equal(health_cash(&health), SERVICE_OFFERED);
    health.box_notes_warn = 0;
    assert_int_equal(health_cash_warning(&health), SERVICE_OFFERED);
}

static void starts_no_visit_without_journal_policy_or_reader_in_this_order(void **state)
{
    (void)state;
    struct health health = well();
    health.reader.state = DEVICE_FAULT;
    assert_int_equal(health_visit(&health), SERVICE_NO_READER);
    health.policy_good = false;
    assert_int_equal(health_visit(&health), SERVICE_POLICY);
    health.journal_writable = false;
    assert_int_equal(health_visit(&health), SERVICE_JOURNAL);
}

static void keeps_the_visit_open_when_only_cash_is_impossible(void **state)
{
    (void)state;
    struct health health = well();
    unplug_acceptor(&health);
    unplug_printer(&health);
    assert_int_equal(health_visit(&health), SERVICE_OFFERED);
}

static void registers_nobody_without_numbers(void **state)
{
    (void)state;
    struct health health = well();
    health.numbers_left = 1;
    assert_int_equal(health_registration(&health), SERVICE_OFFERED);
    health.numbers_left = 0;
    assert_int_equal(health_registration(&health), SERVICE_NUMBERS);
    health.policy_good = false;
    assert_int_equal(health_registration(&health), SERVICE_POLICY);
    health.journal_writable = false;
    assert_int_equal(health_registration(&health), SERVICE_JOURNAL);
}

static void names_every_service_state_differently(void **state)
{
    (void)state;
    for (int i = 0; i < SERVICES; i++) {
        for (int j = i + 1; j < SERVICES; j++)
            assert_string_not_equal(service_name((enum service)i), service_name((enum service)j));
    }
    assert_string_equal(service_name(SERVICE_OFFERED), "offered");
    assert_string_equal(service_name(SERVICE_OFFLINE_LIMIT), "offline_limit");
}

/* A kiosk without such a reader, or with a broken one, serves all the same. */
static void social_cards_are_read_only_where_a_reader_works(void **state)
{
    (void)state;
    struct health health = well();
    health.contact_reader.state = DEVICE_ABSENT;
    assert_false(health_can_read_social_cards(&health));
    assert_int_equal(health_visit(&health), SERVICE_OFFERED);
    health.contact_reader.state = DEVICE_FAULT;
    assert_false(health_can_read_social_cards(&health));
    assert_int_equal(health_cash(&health), SERVICE_OFFERED);
    health.contact_reader.state = DEVICE_DEGRADED; /* a SAM is missing: most cards are read */
    assert_true(health_can_read_social_cards(&health));
    health.contact_reader.state = DEVICE_READY;
    assert_true(health_can_read_social_cards(&health));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(social_cards_are_read_only_where_a_reader_works),
        cmocka_unit_test(offers_everything_when_all_is_well),
        cmocka_unit_test(names_the_reason_of_each_cash_fault),
        cmocka_unit_test(gives_the_reason_that_comes_first_when_two_things_are_wrong),
        cmocka_unit_test(says_starting_while_a_device_of_the_service_starts),
        cmocka_unit_test(still_offers_cash_when_staff_is_only_needed_soon),
        cmocka_unit_test(refuses_cash_over_a_missing_box_even_if_the_acceptor_calls_itself_ready),
        cmocka_unit_test(stops_cash_at_the_offline_limits_and_not_before),
        cmocka_unit_test(stops_cash_one_under_no_limit_and_at_each),
        cmocka_unit_test(warns_of_a_box_that_fills_and_goes_on),
        cmocka_unit_test(starts_no_visit_without_journal_policy_or_reader_in_this_order),
        cmocka_unit_test(keeps_the_visit_open_when_only_cash_is_impossible),
        cmocka_unit_test(registers_nobody_without_numbers),
        cmocka_unit_test(names_every_service_state_differently),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
