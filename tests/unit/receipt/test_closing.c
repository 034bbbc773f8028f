/*
 * The closing of the day on a real journal and a printer that says what it is told to say.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "receipt/closing_flow.h"
#include "support/fake_printer.h"
#include "unit/store/store_rig.h"

#define FONTS "/usr/share/fonts/opentype/noto"
#define EDGE_DOTS 6 /* the margins are 8 and 16; letters may lean out a little */

struct rig {
    struct store_rig *store;
    struct fake_printer printer;
    struct journal_root_key key;
    struct settings settings;
    struct closing_flow flow;
    int ended;
};

static void on_printer(void *context, const struct printer_event *event)
{
    closing_flow_on_printer(&((struct rig *)context)->flow, event);
}

static void on_end(void *context)
{
    ((struct rig *)context)->ended++;
}

static void path_of_key(const struct rig *rig, const char *name, char out[128])
{
    snprintf(out, 128, "%s/root.%s", rig->store->folder, name);
}

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    void *store;
    char path[128];
    assert_non_null(rig);
    assert_int_equal(rig_setup(&store), 0);
    rig->store = store;
    path_of_key(rig, "key", path);
    assert_int_equal(journal_root_open_key(path, &rig->key), STATUS_OK);
    rig->settings = (struct settings){ .kiosk_id = "000003",
                                       .bureau_zh = "示例市社会保险事业管理中心",
                                       .bureau_en = "Example City Social Insurance Bureau",
                                       .place_zh = "大厅 03 号",
                                       .place_en = "Hall, no. 03",
                                       .font = FONTS,
                                       .printer_width_dots = 384 };
    fake_printer_init(&rig->printer, on_printer, rig);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;
    void *store = rig->store;
    char path[128];
    path_of_key(rig, "key", path);
    unlink(path);
    path_of_key(rig, "pub", path);
    unlink(path);
    free(rig);
    return rig_teardown(&store);
}

/* A run of the service: the driver is opened anew and has not found the printer yet. */
static void start(struct rig *rig)
{
    const struct closing_flow_parts parts = { .clock = &rig->store->clock.clock,
                                              .journal = rig->store->journal,
                                              .printer = &rig->printer.printer,
                                              .root_key = &rig->key,
                                              .settings = &rig->settings,
                                              .on_end = on_end,
                                              .context = rig };
    rig->ended = 0;
    closing_flow_start(&rig->flow, &parts);
}

static void say(struct rig *rig, enum device_state state, uint32_t problems)
{
    struct printer_event event = { .kind = PRINTER_EVENT_STATUS };
    rig->printer.state = state;
    event.status.state = state;
    event.status.problems = problems;
    closing_flow_on_printer(&rig->flow, &event);
}

static void start_ready(struct rig *rig)
{
    start(rig);
    say(rig, DEVICE_READY, 0);
}

static void advance(struct rig *rig, int64_t ms)
{
    clock_fake_advance(&rig->store->clock, ms);
    closing_flow_tick(&rig->flow);
}

static void expect_result(struct rig *rig, enum closing_result result)
{
    assert_int_equal(rig->ended, 1);
    assert_int_equal(rig->flow.result, result);
}

/* All of it, to the paper. */
static void close_day(struct rig *rig)
{
    start_ready(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    expect_result(rig, CLOSING_PRINTED);
}

static bool add_state(void *context, const struct journal_entry *entry)
{
    char *text = context;
    const char *state = strstr(entry->body, "\"state\":\"");
    const char *voucher = strstr(entry->body, "\"voucher\":\"");
    const char *copy = strstr(entry->body, "\"copy\":");
    if (strcmp(entry->kind, "receipt_state") != 0)
        return true;
    assert_non_null(strstr(entry->body, "\"paper\":\"closing\""));
    size_t used = strlen(text);
    snprintf(text + used, 1024 - used, "%s%.7s %.*s %d", used > 0 ? ", " : "", voucher + 11,
             (int)strcspn(state + 9, "\""), state + 9, atoi(copy + 7));
    return true;
}

static void expect_states(struct rig *rig, const char *expected)
{
    char text[1024] = "";
    assert_int_equal(journal_read(rig->store->journal, 1, 1000, add_state, text), STATUS_OK);
    assert_string_equal(text, expected);
}

static void expect_sound(struct rig *rig)
{
    int64_t bad_seq;
    assert_int_equal(journal_verify(rig->store->journal, &bad_seq), STATUS_OK);
}

static void lose_note(struct rig *rig, int64_t value_fen)
{
    char body[96];
    snprintf(body, sizeof body, "{\"value\":%lld,\"acceptor\":\"A1\",\"why\":\"does_not_match\"}",
             (long long)value_fen);
    struct journal_draft draft = {
        .kind = JOURNAL_NOTE_UNKNOWN,
        .txn = "K0003-20261123-000319",
        .body = body,
        .postings = { { BOOK_CASH_BOX, BOOK_UNKNOWN, value_fen } },
        .posting_count = value_fen > 0,
        .note_into_box_fen = value_fen,
        .note_value_unknown = value_fen == 0,
    };
    assert_int_equal(journal_append(rig->store->journal, &draft, NULL), STATUS_OK);
}

/* ---- what it says ---- */

static void adds_up_the_day_and_signs_it(void **state)
{
    struct rig *rig = *state;
    const struct closing *closing = &rig->flow.closing;
    rig_play_visit(rig->store);
    close_day(rig);
    assert_int_equal(closing->number, 1);
    assert_int_equal(closing->first_seq, 1);
    assert_int_equal(closing->last_seq, 8);
    assert_int_equal(closing->first_at_ms, RIG_WALL_MS);
    assert_int_equal(closing->unit_count, 2);
    assert_int_equal(closing->units[0].denomination_fen, 10000);
    assert_int_equal(closing->units[0].count, 1);
    assert_int_equal(closing->units[1].denomination_fen, 5000);
    assert_int_equal(closing->box_fen, 15000);
    assert_int_equal(closing->payments, 1);
    assert_int_equal(closing->paid_fen, 15000);
    assert_int_equal(closing->applied_fen, 14950);
    assert_int_equal(closing->surplus_fen, 50);
    assert_int_equal(closing->registrations, 1);
    assert_int_equal(closing->notes, 2);
    assert_int_equal(closing->notes_fen, 15000);
    assert_int_equal(closing->item_count, 0);
    assert_int_equal(closing->unsent_count, 8);
    assert_int_equal(closing->unsent_fen, 15000);
    assert_true(journal_root_is_signed(&closing->root));
    assert_memory_equal(closing->root.key, rig->key.public_key, sizeof closing->root.key);
    expect_states(rig, "Z000001 composed 0, Z000001 sending 0, Z000001 printed 0");
    expect_sound(rig);
}

static void names_what_must_be_looked_into(void **state)
{
    struct rig *rig = *state;
    const struct closing *closing = &rig->flow.closing;
    lose_note(rig, 10000);
    lose_note(rig, 0);
    assert_int_equal(
        rig_append(rig->store, JOURNAL_COUNTER_MISMATCH, NULL, "{\"expected\":4,\"found\":5}"),
        STATUS_OK);
    assert_int_equal(rig_append(rig->store, JOURNAL_ENTRY_REJECTED, NULL,
                                "{\"seq\":7,\"reason\":\"person_known\"}"),
                     STATUS_OK);
    close_day(rig);
    assert_int_equal(closing->item_count, 4);
    assert_string_equal(closing->items[0].code, "does_not_match");
    assert_string_equal(closing->items[0].txn, "K0003-20261123-000319");
    assert_int_equal(closing->items[0].value_fen, 10000);
    assert_true(closing->items[1].is_note);
    assert_int_equal(closing->items[1].value_fen, 0);
    assert_string_equal(closing->items[2].code, "counter_mismatch");
    assert_string_equal(closing->items[3].code, "person_known");
    assert_int_equal(closing->units[1].denomination_fen, 0);
    assert_int_equal(closing->units[1].count, 1);
    assert_int_equal(closing->box_fen, 10000);
}

static void begins_where_the_closing_before_it_ended(void **state)
{
    struct rig *rig = *state;
    rig_play_visit(rig->store);
    close_day(rig);
    lose_note(rig, 5000);
    close_day(rig);
    const struct closing *closing = &rig->flow.closing;
    assert_int_equal(closing->number, 2);
    assert_int_equal(closing->first_seq, 9); /* the first one's root and slip are the second's */
    assert_int_equal(closing->payments, 0);
    assert_int_equal(closing->notes, 1);
    assert_int_equal(closing->box_fen, 20000);
    expect_sound(rig);
}

static void prints_nothing_of_an_empty_ledger(void **state)
{
    struct rig *rig = *state;
    start_ready(rig);
    expect_result(rig, CLOSING_NOTHING_THERE);
    assert_int_equal(journal_last_seq(rig->store->journal), 0);
}

/* ---- when the paper does not come ---- */

static void owes_the_slip_of_a_printer_without_paper(void **state)
{
    struct rig *rig = *state;
    rig_play_visit(rig->store);
    start(rig);
    say(rig, DEVICE_FAULT, DEVICE_PROBLEM_PAPER_OUT);
    expect_result(rig, CLOSING_NOT_PRINTED);
    assert_int_equal(rig->printer.job_count, 0);
    expect_states(rig, "Z000001 composed 0, Z000001 failed 0");
    close_day(rig); /* nothing was ever sent: it is the original */
    assert_int_equal(rig->flow.closing.number, 1);
    assert_int_equal(rig->flow.closing.last_seq, 8);
    expect_states(rig, "Z000001 composed 0, Z000001 failed 0, Z000001 composed 0, "
                       "Z000001 sending 0, Z000001 printed 0");
}

static void signs_the_day_without_a_printer_too(void **state)
{
    struct rig *rig = *state;
    struct journal_root root;
    rig_play_visit(rig->store);
    start(rig);
    advance(rig, 14999);
    assert_int_equal(rig->ended, 0);
    advance(rig, 1);
    expect_result(rig, CLOSING_NOT_PRINTED);
    assert_int_equal(journal_root_find_last(rig->store->journal, &root), STATUS_OK);
    assert_int_equal(root.last_seq, 8);
}

static void prints_a_copy_of_a_slip_that_failed_half_way(void **state)
{
    struct rig *rig = *state;
    rig_play_visit(rig->store);
    start_ready(rig);
    say(rig, DEVICE_FAULT, DEVICE_PROBLEM_PAPER_OUT);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    advance(rig, 8000);
    expect_result(rig, CLOSING_NOT_PRINTED);
    close_day(rig);
    assert_int_equal(rig->flow.copy, 1);
    assert_int_equal(rig->flow.slips, 1);
    expect_states(rig, "Z000001 composed 0, Z000001 sending 0, Z000001 failed 0, "
                       "Z000001 composed 1, Z000001 sending 1, Z000001 printed 1");
}

static void prints_the_owed_slip_before_the_next_with_the_figures_it_had(void **state)
{
    struct rig *rig = *state;
    struct journal_closing first;
    struct closing again;
    rig_play_visit(rig->store);
    start(rig);
    say(rig, DEVICE_FAULT, DEVICE_PROBLEM_COVER_OPEN);
    expect_result(rig, CLOSING_NOT_PRINTED);
    lose_note(rig, 5000); /* the kiosk was in use meanwhile */
    start_ready(rig);
    assert_int_equal(rig->flow.closing.number, 1);
    assert_int_equal(rig->flow.closing.box_fen, 15000);
    assert_int_equal(rig->flow.closing.units[1].count, 1);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_int_equal(rig->ended, 0);
    assert_int_equal(rig->flow.closing.number, 2);
    assert_int_equal(rig->flow.closing.box_fen, 20000);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    expect_result(rig, CLOSING_PRINTED);
    assert_int_equal(rig->flow.slips, 2);
    assert_int_equal(journal_closing_find(rig->store->journal, rig->flow.closing.last_seq, &first),
                     STATUS_OK);
    assert_int_equal(closing_read(rig->store->journal, &first, &again), STATUS_OK);
    assert_int_equal(rig->flow.closing.first_seq, again.last_seq + 1);
}

static void repeats_the_last_slip_as_a_copy_when_nothing_is_left_to_close(void **state)
{
    struct rig *rig = *state;
    rig_play_visit(rig->store);
    close_day(rig);
    const struct closing before = rig->flow.closing;
    close_day(rig);
    assert_int_equal(rig->flow.copy, 1);
    assert_int_equal(rig->flow.slips, 1);
    assert_memory_equal(&rig->flow.closing.root, &before.root, sizeof before.root);
    assert_int_equal(rig->flow.closing.number, before.number);
    assert_int_equal(rig->flow.closing.last_seq, before.last_seq);
    assert_int_equal(rig->flow.closing.box_fen, before.box_fen);
}

static void books_a_slip_that_was_cut_off_as_unknown_and_copies_it(void **state)
{
    struct rig *rig = *state;
    rig_play_visit(rig->store);
    start_ready(rig); /* sending, and the power goes */
    rig->printer.has_job = false;
    rig_reopen(rig->store);
    close_day(rig);
    expect_states(rig, "Z000001 composed 0, Z000001 sending 0, Z000001 unknown 0, "
                       "Z000001 composed 1, Z000001 sending 1, Z000001 printed 1");
    expect_sound(rig);
}

static void says_when_nobody_knows_what_lies_on_paper(void **state)
{
    struct rig *rig = *state;
    rig_play_visit(rig->store);
    start_ready(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_UNKNOWN);
    expect_result(rig, CLOSING_MAY_LIE);
    close_day(rig);
    assert_int_equal(rig->flow.copy, 1);
}

/* A crash between the root and the first entry of its slip. */
static void closes_with_the_root_that_is_there(void **state)
{
    struct rig *rig = *state;
    rig_play_visit(rig->store);
    assert_int_equal(
        journal_root_append_end(rig->store->journal, &rig->key, "000003", &rig->store->clock.clock),
        STATUS_OK);
    close_day(rig);
    assert_int_equal(rig->flow.closing.number, 1);
    assert_int_equal(rig->flow.closing.root.last_seq, 8);
    assert_int_equal(journal_last_seq(rig->store->journal), 12);
}

/* ---- on paper ---- */

static bool is_ink(const struct printer_bitmap *bitmap, int x, int y)
{
    const uint8_t *row = bitmap->rows + (size_t)y * printer_bitmap_stride(bitmap);
    return row[x / 8] & (0x80 >> (x % 8));
}

static struct printer_bitmap render(const struct rig *rig, int copy, int width_dots)
{
    struct receipt_facts facts = {
        .kind = RECEIPT_CLOSING, .copy = copy, .at_ms = RIG_WALL_MS, .closing = &rig->flow.closing
    };
    struct printer_bitmap bitmap;
    memcpy(facts.bureau[0], rig->settings.bureau_zh, sizeof facts.bureau[0]);
    memcpy(facts.bureau[1], rig->settings.bureau_en, sizeof facts.bureau[1]);
    memcpy(facts.place[0], rig->settings.place_zh, sizeof facts.place[0]);
    memcpy(facts.kiosk_id, rig->settings.kiosk_id, sizeof facts.kiosk_id);
    assert_int_equal(receipt_render(&facts, width_dots, FONTS, &bitmap), STATUS_OK);
    return bitmap;
}

static void assert_fits(struct printer_bitmap *bitmap)
{
    assert_in_range(bitmap->height_dots, 1200, PRINTER_HEIGHT_DOTS_MAX);
    for (int y = 0; y < bitmap->height_dots; y++)
        for (int x = 0; x < EDGE_DOTS; x++) {
            assert_false(is_ink(bitmap, x, y));
            assert_false(is_ink(bitmap, bitmap->width_dots - 1 - x, y));
        }
    receipt_bitmap_free(bitmap);
}

/* As much as a day can bring: every value, more items than there is room for, the largest sums. */
static void fill_day(struct rig *rig)
{
    struct closing *closing = &rig->flow.closing;
    close_day(rig);
    closing->number = JOURNAL_CLOSING_MAX;
    closing->first_seq = closing->last_seq = INT64_C(999999999999);
    closing->unit_count = JOURNAL_CASH_UNITS_MAX;
    for (int i = 0; i < closing->unit_count; i++)
        closing->units[i] = (struct journal_cash_unit){ i == 15 ? 0 : 10000, 99999 };
    closing->box_fen = closing->paid_fen = closing->applied_fen = closing->surplus_fen =
        closing->notes_fen = closing->unsent_fen = INT64_C(99999999999);
    closing->item_count = 100;
    for (int i = 0; i < CLOSING_ITEMS_MAX; i++)
        closing->items[i] = (struct closing_item){ .seq = INT64_C(999999999999),
                                                   .code = "code_of_thirty_one_characters_w",
                                                   .txn = "K000003-20261123-99999999999999999999WW",
                                                   .value_fen = INT64_C(99999999999) };
}

static void fits_both_papers_on_a_day_of_every_trouble(void **state)
{
    struct rig *rig = *state;
    lose_note(rig, 0);
    fill_day(rig);
    for (int width_dots = 384; width_dots <= 576; width_dots += 192) {
        struct printer_bitmap bitmap = render(rig, 99, width_dots);
        assert_fits(&bitmap);
    }
}

static void marks_a_copy_and_nothing_else(void **state)
{
    struct rig *rig = *state;
    rig_play_visit(rig->store);
    close_day(rig);
    struct printer_bitmap original = render(rig, 0, 576), copy = render(rig, 1, 576);
    assert_true(copy.height_dots > original.height_dots);
    const size_t stride = printer_bitmap_stride(&original), rows = 1000;
    assert_memory_equal(original.rows + ((size_t)original.height_dots - rows) * stride,
                        copy.rows + ((size_t)copy.height_dots - rows) * stride, rows * stride);
    receipt_bitmap_free(&original);
    receipt_bitmap_free(&copy);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(adds_up_the_day_and_signs_it),
        ON_RIG(names_what_must_be_looked_into),
        ON_RIG(begins_where_the_closing_before_it_ended),
        ON_RIG(prints_nothing_of_an_empty_ledger),
        ON_RIG(owes_the_slip_of_a_printer_without_paper),
        ON_RIG(signs_the_day_without_a_printer_too),
        ON_RIG(prints_a_copy_of_a_slip_that_failed_half_way),
        ON_RIG(prints_the_owed_slip_before_the_next_with_the_figures_it_had),
        ON_RIG(repeats_the_last_slip_as_a_copy_when_nothing_is_left_to_close),
        ON_RIG(books_a_slip_that_was_cut_off_as_unknown_and_copies_it),
        ON_RIG(says_when_nobody_knows_what_lies_on_paper),
        ON_RIG(closes_with_the_root_that_is_there),
        ON_RIG(fits_both_papers_on_a_day_of_every_trouble),
        ON_RIG(marks_a_copy_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
