#include "receipt/receipt_recall.h"

#include "support/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "receipt/receipt_flow.h"

#define TXN "K000003-20261123-000318"
#define VOUCHER "999900000003202611230003186"
#define CLAIM "999900000003202611230003194"
#define FONTS "/usr/share/fonts/opentype/noto"

struct rig {
    struct printer printer; /* first: the ops cast it back */
    struct clock_fake clock;
    char folder[40], path[60];
    struct journal *journal;
    struct receipt_flow flow;
    enum receipt_result result;
};

static struct receipt_facts typical(void)
{
    struct receipt_facts facts = {
        .kind = RECEIPT_PAYMENT,
        .bureau = { "示例市社会保险事业管理中心", "Example City Social Insurance Bureau" },
        .place = { "大厅 03 号", "Hall, no. 03" },
        .kiosk_id = "000003",
        .service_phone = "010-5555 0123",
        .window = { "2 号窗口", "window 2" },
        .voucher = VOUCHER,
        .txn = TXN,
        .at_ms = INT64_C(1795398067123),
        .name_masked = "王*华",
        .number_masked = "9999************12",
        .account_number = "99990000012345",
        .line_count = 1,
        .due_fen = 298400,
        .paid_fen = 300000,
        .applied_fen = 298400,
        .surplus_fen = 1600,
        .partial = true,
        .policy_id = "999900-2026",
        .policy_revision = 3,
        .sources = "示人社规〔2026〕18号",
        .collector = { "国家税务总局示例市税务局", "Example City Tax Service" },
        .surplus_rule = { "余额记入个人缴费账户。", "Credited to your \"own\" account." },
        .verify = "https://rsj.example.gov.cn/v/GV1.ABCDEFG",
    };
    facts.lines[0] = (struct receipt_line){
        .name = { "企业职工基本养老保险", "Basic pension" },
        .first = month_of(2026, 11),
        .last = month_of(2026, 12),
        .base_fen = 746000,
        .rate = 200000,
        .amount_fen = 298400,
        .account_fen = 119360,
    };
    return facts;
}

static struct receipt_facts longest(void)
{
    struct receipt_facts facts = typical();
    memset(facts.bureau[0], '"', sizeof facts.bureau[0] - 1);
    memset(facts.surplus_rule[0], '\\', sizeof facts.surplus_rule[0] - 1);
    memset(facts.surplus_rule[1], '\\', sizeof facts.surplus_rule[1] - 1);
    memset(facts.sources, '"', sizeof facts.sources - 1);
    memset(facts.verify, 'V', sizeof facts.verify - 1);
    facts.line_count = RECEIPT_LINES_MAX;
    for (int i = 0; i < RECEIPT_LINES_MAX; i++) {
        facts.lines[i] = facts.lines[0];
        memset(facts.lines[i].name[0], '"', sizeof facts.lines[i].name[0] - 1);
        memset(facts.lines[i].name[1], '"', sizeof facts.lines[i].name[1] - 1);
    }
    return facts;
}

static enum status print(struct printer *printer, uint32_t job, const struct printer_bitmap *bitmap)
{
    (void)printer;
    (void)job;
    (void)bitmap;
    return STATUS_OK;
}

static void close_printer(struct printer *printer)
{
    (void)printer;
}

static const struct printer_ops OPS = { .print = print, .close = close_printer };

static void on_result(void *context, enum receipt_result result)
{
    ((struct rig *)context)->result = result;
}

static void tell(struct rig *rig, enum printer_event_kind kind)
{
    struct printer_event event = { .kind = kind, .job = rig->flow.job };
    event.status.state = DEVICE_READY;
    receipt_flow_on_printer(&rig->flow, &event);
}

static int open_all(void **state)
{
    static struct rig rig;
    rig = (struct rig){ .printer = { .ops = &OPS } };
    snprintf(rig.folder, sizeof rig.folder, "/tmp/guichet-recall-XXXXXX");
    assert_non_null(mkdtemp(rig.folder));
    snprintf(rig.path, sizeof rig.path, "%s/journal.db", rig.folder);
    clock_fake_init(&rig.clock, INT64_C(1795398067123));
    assert_int_equal(journal_open(rig.path, &rig.clock.clock, &rig.journal), STATUS_OK);
    receipt_flow_init(&rig.flow, &rig.clock.clock, rig.journal, &rig.printer, FONTS, 384, on_result,
                      &rig);
    tell(&rig, PRINTER_EVENT_STATUS);
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
        snprintf(path, sizeof path, "%s%s", rig->path, SUFFIXES[i]);
        unlink(path);
    }
    return rmdir(rig->folder);
}

static void print_slip(struct rig *rig, const struct receipt_facts *facts,
                       enum printer_event_kind result)
{
    receipt_flow_print(&rig->flow, facts);
    tell(rig, result);
    assert_true(receipt_flow_is_at_rest(&rig->flow));
}

static void assert_says_the_same(const struct receipt_facts *recalled, struct receipt_facts facts,
                                 int copy)
{
    facts.copy = copy;
    facts.is_recorded = true;
    assert_memory_equal(recalled, &facts, sizeof facts);
}

static void gives_back_every_fact_of_a_slip_that_was_printed(void **state)
{
    struct rig *rig = *state;
    struct receipt_facts facts = typical(), recalled;
    print_slip(rig, &facts, PRINTER_EVENT_PRINTED);
    assert_int_equal(receipt_recall(rig->journal, TXN, VOUCHER, &recalled), STATUS_OK);
    assert_says_the_same(&recalled, facts, 1);
}

static void counts_each_copy_and_writes_the_facts_down_once(void **state)
{
    struct rig *rig = *state;
    struct receipt_facts facts = typical(), recalled;
    print_slip(rig, &facts, PRINTER_EVENT_PRINTED);
    int64_t first_seq = journal_last_seq(rig->journal);
    for (int copy = 1; copy <= 3; copy++) {
        assert_int_equal(receipt_recall(rig->journal, TXN, VOUCHER, &recalled), STATUS_OK);
        assert_says_the_same(&recalled, facts, copy);
        print_slip(rig, &recalled, PRINTER_EVENT_PRINTED);
        assert_int_equal(rig->result, RECEIPT_PRINTED);
    }
    assert_int_equal(journal_last_seq(rig->journal), first_seq + 9);
}

static void is_still_the_original_when_it_never_reached_a_printer(void **state)
{
    struct rig *rig = *state;
    struct receipt_facts facts = typical(), recalled;
    struct printer_event gone = { .kind = PRINTER_EVENT_STATUS };
    gone.status.state = DEVICE_ABSENT;
    receipt_flow_on_printer(&rig->flow, &gone);
    receipt_flow_print(&rig->flow, &facts);
    assert_int_equal(rig->result, RECEIPT_FAILED);
    assert_int_equal(receipt_recall(rig->journal, TXN, VOUCHER, &recalled), STATUS_OK);
    assert_says_the_same(&recalled, facts, 0);
}

static void knows_the_slips_of_one_visit_apart(void **state)
{
    struct rig *rig = *state;
    struct receipt_facts payment = typical(), claim = typical(), recalled;
    claim.kind = RECEIPT_UNKNOWN_NOTE;
    snprintf(claim.voucher, sizeof claim.voucher, CLAIM);
    claim.paid_fen = 10000;
    claim.line_count = 0;
    memset(claim.lines, 0, sizeof claim.lines);
    claim.verify[0] = '\0';
    bytes_wipe(claim.verify, sizeof claim.verify);
    print_slip(rig, &payment, PRINTER_EVENT_PRINTED);
    print_slip(rig, &claim, PRINTER_EVENT_UNKNOWN);
    assert_int_equal(receipt_recall(rig->journal, TXN, VOUCHER, &recalled), STATUS_OK);
    assert_says_the_same(&recalled, payment, 1);
    assert_int_equal(receipt_recall(rig->journal, TXN, CLAIM, &recalled), STATUS_OK);
    assert_says_the_same(&recalled, claim, 1);
}

static void has_room_for_the_longest_slip_in_an_entry(void **state)
{
    struct rig *rig = *state;
    struct receipt_facts facts = longest(), recalled;
    receipt_flow_print(&rig->flow, &facts);
    assert_int_equal(receipt_recall(rig->journal, TXN, VOUCHER, &recalled), STATUS_OK);
    assert_true(rig->flow.is_numbered);
    assert_says_the_same(&recalled, facts, recalled.copy);
}

static void knows_no_slip_that_was_not_composed(void **state)
{
    struct rig *rig = *state;
    struct receipt_facts facts = typical(), recalled;
    assert_int_equal(receipt_recall(rig->journal, TXN, VOUCHER, &recalled), STATUS_NOT_FOUND);
    print_slip(rig, &facts, PRINTER_EVENT_PRINTED);
    assert_int_equal(receipt_recall(rig->journal, TXN, CLAIM, &recalled), STATUS_NOT_FOUND);
    assert_int_equal(receipt_recall(rig->journal, "K1", VOUCHER, &recalled), STATUS_NOT_FOUND);
    assert_int_equal(receipt_recall(rig->journal, TXN, "", &recalled), STATUS_NOT_FOUND);
    assert_string_equal(recalled.name_masked, "");
}

static void takes_no_facts_that_cannot_be_read(void **state)
{
    struct rig *rig = *state;
    static const char *const SLIPS[] = {
        "1",
        "{}",
        "{\"at\":1,\"due\":0,\"paid\":-1,\"applied\":0,\"surplus\":0,\"revision\":1,\"lines\":[]}",
        "{\"at\":1,\"due\":0,\"paid\":0,\"applied\":0,\"surplus\":0,\"revision\":1,\"lines\":{}}",
        "{\"at\":1,\"due\":0,\"paid\":0,\"applied\":0,\"surplus\":0,\"revision\":1,\"lines\":[1]}",
        "{\"at\":1,\"due\":0,\"paid\":0,\"applied\":0,\"surplus\":0,\"revision\":1,\"lines\":[],"
        "\"name\":7}",
        "{\"at\":1,\"due\":0,\"paid\":0,\"applied\":0,\"surplus\":0,\"revision\":1,\"lines\":[],"
        "\"kiosk\":\"01234567890123456\"}",
        "{\"at\":1,\"due\":0,\"paid\":0,\"applied\":0,\"surplus\":0,\"revision\":1,\"lines\":"
        "[{},{},{},{},{},{},{},{},{}]}",
    };
    for (size_t i = 0; i < sizeof SLIPS / sizeof *SLIPS; i++) {
        char body[600], txn[16];
        struct receipt_facts recalled;
        snprintf(txn, sizeof txn, "T%zu", i);
        snprintf(body, sizeof body,
                 "{\"voucher\":\"V%zu\",\"paper\":\"payment\",\"state\":\"composed\",\"copy\":0,"
                 "\"slip\":%s}",
                 i, SLIPS[i]);
        const struct journal_draft draft = { .kind = JOURNAL_RECEIPT_STATE,
                                             .txn = txn,
                                             .body = body };
        assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
        snprintf(body, sizeof body, "V%zu", i);
        assert_int_equal(receipt_recall(rig->journal, txn, body, &recalled), STATUS_CORRUPT);
    }
}

static void prints_the_same_dots_again(void **state)
{
    struct rig *rig = *state;
    struct receipt_facts facts = typical(), recalled;
    struct printer_bitmap first, second;
    print_slip(rig, &facts, PRINTER_EVENT_PRINTED);
    assert_int_equal(receipt_recall(rig->journal, TXN, VOUCHER, &recalled), STATUS_OK);
    recalled.copy = 0;
    assert_int_equal(receipt_render(&facts, 384, FONTS, &first), STATUS_OK);
    assert_int_equal(receipt_render(&recalled, 384, FONTS, &second), STATUS_OK);
    assert_int_equal(first.height_dots, second.height_dots);
    assert_memory_equal(first.rows, second.rows,
                        printer_bitmap_stride(&first) * (size_t)first.height_dots);
    receipt_bitmap_free(&first);
    receipt_bitmap_free(&second);
}

#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(gives_back_every_fact_of_a_slip_that_was_printed),
        RIG_TEST(counts_each_copy_and_writes_the_facts_down_once),
        RIG_TEST(is_still_the_original_when_it_never_reached_a_printer),
        RIG_TEST(knows_the_slips_of_one_visit_apart),
        RIG_TEST(has_room_for_the_longest_slip_in_an_entry),
        RIG_TEST(knows_no_slip_that_was_not_composed),
        RIG_TEST(takes_no_facts_that_cannot_be_read),
        RIG_TEST(prints_the_same_dots_again),
    };
    log_set_level(LOG_ERROR + 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
