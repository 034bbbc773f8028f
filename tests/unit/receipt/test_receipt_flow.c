#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "receipt/receipt_flow.h"
#include "ui/font.h"

#define FONTS "/usr/share/fonts/opentype/noto"
#define TXN "K0003-20261123-000318"

struct rig {
    struct printer printer; /* first: the ops cast it back */
    struct clock_fake clock;
    struct journal *journal;
    struct receipt_flow flow;
    char directory[40], path[60];
    int jobs;
    uint32_t job;
    enum status answer;
    char journal_at_print[256]; /* the last state in the journal when the printer was called */
    int told;
    enum receipt_result result;
    bool at_rest_when_told;
};

struct states {
    char text[256]; /* "composed 0, sending 0, printed 0" */
};

static bool add_state(void *context, const struct journal_entry *entry)
{
    struct states *states = context;
    const char *state = strstr(entry->body, "\"state\":\""),
               *copy = strstr(entry->body, "\"copy\":");
    if (strcmp(entry->kind, "receipt_state") != 0)
        return true;
    assert_string_equal(entry->txn, TXN);
    assert_non_null(strstr(entry->body, "\"voucher\":\"999900000003202611230003185\""));
    size_t used = strlen(states->text);
    snprintf(states->text + used, sizeof(states->text) - used, "%s%.*s %d", used > 0 ? ", " : "",
             (int)strcspn(state + 9, "\""), state + 9, atoi(copy + 7));
    return true;
}

static struct states read_states(struct rig *rig)
{
    struct states states = { "" };
    assert_int_equal(journal_read(rig->journal, 1, 1000, add_state, &states), STATUS_OK);
    return states;
}

static enum status print(struct printer *printer, uint32_t job, const struct printer_bitmap *bitmap)
{
    struct rig *rig = (struct rig *)printer;
    assert_non_null(bitmap->rows);
    struct states states = read_states(rig);
    const char *last = strrchr(states.text, ',');
    snprintf(rig->journal_at_print, sizeof(rig->journal_at_print), "%s",
             last ? last + 2 : states.text);
    rig->jobs++;
    rig->job = job;
    return rig->answer;
}

static void close_printer(struct printer *printer)
{
    (void)printer;
}

static const struct printer_ops OPS = { .print = print, .close = close_printer };

static void on_result(void *context, enum receipt_result result)
{
    struct rig *rig = context;
    rig->told++;
    rig->result = result;
    rig->at_rest_when_told = receipt_flow_is_at_rest(&rig->flow);
}

static void tell_status(struct rig *rig, enum device_state state)
{
    struct printer_event event = { .kind = PRINTER_EVENT_STATUS };
    event.status.state = state;
    receipt_flow_on_printer(&rig->flow, &event);
}

static void tell(struct rig *rig, enum printer_event_kind kind)
{
    struct printer_event event = { .kind = kind,
                                   .job = rig->job,
                                   .evidence = PRINTER_EVIDENCE_PROCESS_ID };
    receipt_flow_on_printer(&rig->flow, &event);
}

static int open_all(void **state)
{
    static struct rig rig;
    rig = (struct rig){ .printer = { .ops = &OPS } };
    snprintf(rig.directory, sizeof(rig.directory), "/tmp/guichet-receipt-XXXXXX");
    assert_non_null(mkdtemp(rig.directory));
    snprintf(rig.path, sizeof(rig.path), "%s/journal.db", rig.directory);
    clock_fake_init(&rig.clock, INT64_C(1795398067123));
    assert_int_equal(journal_open(rig.path, &rig.clock.clock, &rig.journal), STATUS_OK);
    receipt_flow_init(&rig.flow, &rig.clock.clock, rig.journal, &rig.printer, FONTS, 384, on_result,
                      &rig);
    tell_status(&rig, DEVICE_READY);
    *state = &rig;
    return 0;
}

static int close_all(void **state)
{
    struct rig *rig = *state;
    static const char *const SUFFIXES[] = { "", "-wal", "-shm", "-lock" };
    journal_close(rig->journal);
    for (int i = 0; i < 4; i++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", rig->path, SUFFIXES[i]);
        unlink(path);
    }
    return rmdir(rig->directory);
}

static void print_receipt(struct rig *rig, int copy)
{
    struct receipt_facts facts = {
        .kind = RECEIPT_PAYMENT,
        .bureau = { "示例市社会保险事业管理中心", "" },
        .voucher = "999900000003202611230003185",
        .txn = TXN,
        .name_masked = "王*华",
        .paid_fen = 10000,
        .applied_fen = 10000,
        .copy = copy,
    };
    receipt_flow_print(&rig->flow, &facts);
}

static void expect_states(struct rig *rig, const char *expected)
{
    assert_string_equal(read_states(rig).text, expected);
}

static void expect_result(struct rig *rig, enum receipt_result result)
{
    assert_int_equal(rig->told, 1);
    assert_int_equal(rig->result, result);
    assert_true(rig->at_rest_when_told);
}

static void books_sending_before_the_printer_sees_a_byte(void **state)
{
    struct rig *rig = *state;
    print_receipt(rig, 0);
    assert_string_equal(rig->journal_at_print, "sending 0");
    assert_int_equal(rig->told, 0);
    tell(rig, PRINTER_EVENT_SENT);
    assert_int_equal(rig->told, 0);
    tell(rig, PRINTER_EVENT_PRINTED);
    expect_result(rig, RECEIPT_PRINTED);
    expect_states(rig, "composed 0, sending 0, printed 0");
}

static bool copy_body(void *context, const struct journal_entry *entry)
{
    snprintf(context, 256, "%s", entry->body);
    return true;
}

static void writes_down_the_evidence(void **state)
{
    struct rig *rig = *state;
    char body[256] = "";
    print_receipt(rig, 0);
    tell(rig, PRINTER_EVENT_PRINTED);
    assert_int_equal(journal_read(rig->journal, journal_last_seq(rig->journal), 1, copy_body, body),
                     STATUS_OK);
    assert_non_null(strstr(body, "\"evidence\":\"process_id\""));
}

static void sends_a_failed_job_once_more_as_a_copy(void **state)
{
    struct rig *rig = *state;
    print_receipt(rig, 0);
    tell(rig, PRINTER_EVENT_FAILED);
    assert_int_equal(rig->jobs, 2);
    tell(rig, PRINTER_EVENT_PRINTED);
    expect_result(rig, RECEIPT_PRINTED);
    expect_states(rig, "composed 0, sending 0, failed 0, composed 1, sending 1, printed 1");
}

static void gives_up_after_the_second_failure(void **state)
{
    struct rig *rig = *state;
    print_receipt(rig, 0);
    tell(rig, PRINTER_EVENT_FAILED);
    tell(rig, PRINTER_EVENT_FAILED);
    assert_int_equal(rig->jobs, 2);
    expect_result(rig, RECEIPT_FAILED);
    expect_states(rig, "composed 0, sending 0, failed 0, composed 1, sending 1, failed 1");
}

static void never_sends_again_what_may_be_on_paper(void **state)
{
    struct rig *rig = *state;
    print_receipt(rig, 0);
    tell(rig, PRINTER_EVENT_UNKNOWN);
    assert_int_equal(rig->jobs, 1);
    expect_result(rig, RECEIPT_NOT_KNOWN);
    expect_states(rig, "composed 0, sending 0, unknown 0");
}

static void waits_a_little_for_the_printer_to_recover_before_the_copy(void **state)
{
    struct rig *rig = *state;
    print_receipt(rig, 0);
    tell_status(rig, DEVICE_FAULT);
    tell(rig, PRINTER_EVENT_FAILED);
    assert_int_equal(rig->jobs, 1);
    tell_status(rig, DEVICE_READY);
    assert_int_equal(rig->jobs, 2);
    tell(rig, PRINTER_EVENT_PRINTED);
    expect_result(rig, RECEIPT_PRINTED);
}

static void fails_when_the_printer_does_not_recover(void **state)
{
    struct rig *rig = *state;
    print_receipt(rig, 0);
    tell_status(rig, DEVICE_FAULT);
    tell(rig, PRINTER_EVENT_FAILED);
    clock_fake_advance(&rig->clock, 8000);
    receipt_flow_tick(&rig->flow);
    expect_result(rig, RECEIPT_FAILED);
    expect_states(rig, "composed 0, sending 0, failed 0");
}

static void does_not_know_when_the_printer_says_nothing(void **state)
{
    struct rig *rig = *state;
    print_receipt(rig, 0);
    clock_fake_advance(&rig->clock, receipt_flow_next_deadline_ms(&rig->flow) - rig->clock.now_ms);
    receipt_flow_tick(&rig->flow);
    expect_result(rig, RECEIPT_NOT_KNOWN);
    tell(rig, PRINTER_EVENT_PRINTED); /* too late to be told as anything else */
    assert_int_equal(rig->told, 1);
}

static void fails_at_once_when_the_printer_is_not_ready(void **state)
{
    struct rig *rig = *state;
    tell_status(rig, DEVICE_FAULT);
    print_receipt(rig, 0);
    assert_int_equal(rig->jobs, 0);
    expect_result(rig, RECEIPT_FAILED);
    expect_states(rig, "composed 0, failed 0");
}

static void fails_when_the_driver_refuses_the_job(void **state)
{
    struct rig *rig = *state;
    rig->answer = STATUS_BUSY;
    print_receipt(rig, 0);
    expect_result(rig, RECEIPT_FAILED);
}

static void takes_no_answer_for_an_older_job(void **state)
{
    struct rig *rig = *state;
    print_receipt(rig, 0);
    rig->job--;
    tell(rig, PRINTER_EVENT_PRINTED);
    assert_int_equal(rig->told, 0);
    rig->job++;
    tell(rig, PRINTER_EVENT_PRINTED);
    expect_result(rig, RECEIPT_PRINTED);
}

static void prints_nothing_that_it_cannot_write_down(void **state)
{
    struct rig *rig = *state;
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_FSIZE, &limit);
    print_receipt(rig, 0);
    limit.rlim_cur = before;
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_int_equal(rig->jobs, 0);
    expect_result(rig, RECEIPT_FAILED);
}

static void forgets_the_person_when_it_is_done(void **state)
{
    struct rig *rig = *state;
    static const struct receipt_facts NOTHING;
    print_receipt(rig, 0);
    tell(rig, PRINTER_EVENT_PRINTED);
    assert_memory_equal(&rig->flow.facts, &NOTHING, sizeof(NOTHING));
}

static void numbers_the_next_copy_from_what_was_sent(void **state)
{
    struct rig *rig = *state;
    int copy = -1;
    assert_int_equal(receipt_flow_next_copy(rig->journal, TXN, &copy), STATUS_OK);
    assert_int_equal(copy, 0);
    tell_status(rig, DEVICE_FAULT);
    print_receipt(rig, 0);
    assert_int_equal(receipt_flow_next_copy(rig->journal, TXN, &copy), STATUS_OK);
    assert_int_equal(copy, 0); /* composed only: nothing can be on paper */
    tell_status(rig, DEVICE_READY);
    print_receipt(rig, 0);
    assert_int_equal(receipt_flow_next_copy(rig->journal, TXN, &copy), STATUS_OK);
    assert_int_equal(copy, 1);
    tell(rig, PRINTER_EVENT_FAILED);
    assert_int_equal(receipt_flow_next_copy(rig->journal, TXN, &copy), STATUS_OK);
    assert_int_equal(copy, 2);
}

static void prints_with_the_font_it_is_given(void **state)
{
    struct rig *rig = *state;
    struct font *font;
    assert_int_equal(font_open(FONTS, &font), STATUS_OK);
    rig->flow.font_path = "/nonexistent";
    receipt_flow_use_font(&rig->flow, font);
    print_receipt(rig, 0);
    tell(rig, PRINTER_EVENT_PRINTED);
    expect_result(rig, RECEIPT_PRINTED);
    font_close(font);
}

#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(books_sending_before_the_printer_sees_a_byte),
        RIG_TEST(writes_down_the_evidence),
        RIG_TEST(sends_a_failed_job_once_more_as_a_copy),
        RIG_TEST(gives_up_after_the_second_failure),
        RIG_TEST(never_sends_again_what_may_be_on_paper),
        RIG_TEST(waits_a_little_for_the_printer_to_recover_before_the_copy),
        RIG_TEST(fails_when_the_printer_does_not_recover),
        RIG_TEST(does_not_know_when_the_printer_says_nothing),
        RIG_TEST(fails_at_once_when_the_printer_is_not_ready),
        RIG_TEST(fails_when_the_driver_refuses_the_job),
        RIG_TEST(takes_no_answer_for_an_older_job),
        RIG_TEST(prints_nothing_that_it_cannot_write_down),
        RIG_TEST(forgets_the_person_when_it_is_done),
        RIG_TEST(prints_with_the_font_it_is_given),
        RIG_TEST(numbers_the_next_copy_from_what_was_sent),
    };
    log_set_level(LOG_ERROR + 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
