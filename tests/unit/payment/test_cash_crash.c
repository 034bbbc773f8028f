/*
 * Every place a payment can be cut off, times everything the acceptor may do meanwhile, times a
 * second cut in the recovery itself. After each, the notes in the box must be the notes in the
 * books.
 */
#include "cash_rig.h"

#include <stdio.h>
#include <string.h>

/* What becomes of the device while the kiosk is dead. */
enum fate {
    FATE_POWERED, /* it finishes what it was told and repeats its event; a held note goes back */
    FATE_FRONT,   /* power cut: a note inside is given out at the front and told */
    FATE_BOX,     /* power cut: a note inside is cleared into the box and told */
    FATE_BOX_NO_VALUE, /* the same, but the device no longer knows which */
    FATE_BOX_SILENT,   /* the note is in the box and only the counter knows */
    FATE_FRONT_SILENT, /* the note was given out and nothing is told */
    FATES,
};

struct world {
    enum fate fate;
    bool has_counters;
    bool by_order;    /* ID-003: it takes in only what it was told to, forgets what that was worth,
                         and is READY once what it found is acknowledged */
    bool event_first; /* the repeated event comes before READY and the counters */
    bool stale_facts; /* the facts beside the journal are as old as they can be */
    bool full_at_start; /* nothing can be written, nor the last note read, for a while */
    int crash_at, crash_again_at;
};

static struct rig rig;

static void pay(void)
{
    rig_status(&rig, DEVICE_READY);
    rig_wait(&rig, 5000);
    rig_begin(&rig, 25000);
    rig_insert(&rig, 10000);
    rig_insert(&rig, 10000);
    rig_insert(&rig, 5000);
}

static void clear_inside(enum fate fate)
{
    struct rig_device *device = &rig.device;
    int64_t value_fen = device->escrow_fen + device->moving_fen;
    device->escrow_fen = device->moving_fen = 0;
    bool into_box = fate == FATE_BOX || fate == FATE_BOX_NO_VALUE || fate == FATE_BOX_SILENT;
    if (into_box) {
        device->box_count++;
        device->box_fen += value_fen;
        device->stacked++;
    } else {
        device->returned_count++;
    }
    if (fate == FATE_BOX_SILENT || fate == FATE_FRONT_SILENT)
        return;
    device->has_unacked = true;
    device->unacked = (struct cash_acceptor_event){
        .kind = CASH_EVENT_NOTE_RECOVERED,
        .into_box = into_box,
        .value_fen = fate == FATE_BOX_NO_VALUE ? 0 : value_fen,
    };
}

static void live_on(void)
{
    struct rig_device *device = &rig.device;
    if (device->escrow_fen > 0) {
        device->escrow_fen = 0;
        device->returned_count++;
    }
    if (device->moving_fen == 0)
        return;
    device->box_count++;
    device->box_fen += device->moving_fen;
    device->stacked++;
    device->has_unacked = true;
    device->unacked = (struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_STACKED,
                                                    .value_fen = device->moving_fen };
    device->moving_fen = 0;
}

/* What was not told to go into the box never gets there. */
static enum fate fate_by_order(enum fate fate)
{
    if (rig.device.moving_fen > 0)
        return fate;
    if (fate == FATE_BOX)
        return FATE_FRONT;
    return fate == FATE_BOX_SILENT ? FATE_FRONT_SILENT : fate;
}

static void befall(const struct world *world)
{
    enum fate fate = world->by_order ? fate_by_order(world->fate) : world->fate;
    if (fate == FATE_POWERED)
        live_on();
    else if (rig.device.escrow_fen + rig.device.moving_fen > 0)
        clear_inside(fate);
}

static void repeat_event(const struct world *world)
{
    struct cash_acceptor_event event = rig.device.unacked;
    if (!rig.device.has_unacked)
        return;
    event.repeated = true;
    if (world->by_order) {
        event.value_fen = 0;
        event.by_order = event.kind == CASH_EVENT_NOTE_STACKED || event.into_box;
    }
    rig_event(&rig, &event);
}

/* It stays STARTING until the books have what it found, and must not wait for long. */
static void recover_by_order(const struct world *world)
{
    rig_status(&rig, DEVICE_STARTING);
    repeat_event(world);
    rig_wait(&rig, 1000);
    if (world->full_at_start) {
        rig_wait(&rig, CASH_SEARCH_MS_MAX);
        rig_free_disk(&rig);
        rig_wait(&rig, CASH_SEARCH_MS_MAX);
    }
    assert_false(rig.device.has_unacked);
    rig_status(&rig, DEVICE_READY);
    rig_wait(&rig, 2 * CASH_SEARCH_MS_MAX);
}

static void recover(const struct world *world)
{
    if (world->by_order) {
        recover_by_order(world);
        return;
    }
    if (world->event_first)
        repeat_event(world);
    rig_status(&rig, DEVICE_STARTING);
    rig_status(&rig, DEVICE_READY);
    if (!world->event_first) {
        rig_wait(&rig, 1000);
        repeat_event(world);
    }
    if (world->full_at_start) {
        rig_wait(&rig, CASH_SEARCH_MS_MAX);
        rig_free_disk(&rig);
    }
    rig_wait(&rig, 2 * CASH_SEARCH_MS_MAX);
}

static void forget_facts(void)
{
    assert_int_equal(journal_put_fact(rig.journal, "acceptor.stacked", "41"), STATUS_OK);
    assert_int_equal(journal_put_fact(rig.journal, "acceptor.note_seq", "1"), STATUS_OK);
}

static void restart(const struct world *world)
{
    if (world->stale_facts)
        forget_facts();
    rig.heard_count = 0;
    rig.is_full_at_start = world->full_at_start;
    rig_restart(&rig);
}

/* Runs one life after the other; false when the first crash point lies behind the payment's end. */
static bool live(const struct world *world)
{
    volatile int life = 0;
    rig.points = 0;
    rig.crash_at = world->crash_at;
    if (setjmp(rig.crash) != 0) {
        life = life + 1;
        rig.points = 0;
        rig.crash_at = life == 1 ? world->crash_again_at : 0;
        befall(world);
        restart(world);
    }
    if (life > 0) {
        recover(world);
        rig.crash_at = 0;
        return true;
    }
    pay();
    rig.crash_at = 0;
    return false;
}

/* A note swallowed without a word: the books name it, or, when it died before they knew of it, the
 * counter does. Without a counter, a note that never reached the books leaves no trace anywhere. */
static void check_says_what_is_missing(const struct world *world)
{
    assert_int_equal(rig_units(&rig), rig.device.box_count - 1);
    bool reached_the_books =
        rig_entries(&rig, JOURNAL_NOTE_ESCROWED) > rig_entries(&rig, JOURNAL_NOTE_CREDITED);
    if (reached_the_books)
        assert_int_equal(rig_entries(&rig, JOURNAL_NOTE_UNKNOWN), 1);
    else if (world->has_counters)
        assert_int_equal(rig_entries(&rig, JOURNAL_COUNTER_MISMATCH), 1);
}

static void check_books(const struct world *world)
{
    int64_t citizen_fen = rig_balance(&rig, BOOK_CITIZEN);
    int64_t unknown_fen = rig_balance(&rig, BOOK_UNKNOWN);
    int64_t bad_seq = 0;
    assert_int_equal(journal_verify(rig.journal, &bad_seq), STATUS_OK);
    assert_int_equal(rig_balance(&rig, BOOK_CASH_BOX), citizen_fen + unknown_fen);
    assert_true(cash_flow_is_at_rest(&rig.flow));
    assert_false(cash_flow_is_recovering(&rig.flow));
    assert_false(rig.device.has_unacked);

    /* Never more than is in the box, and never one note twice. */
    assert_true(citizen_fen + unknown_fen <= rig.device.box_fen);
    assert_true(rig_units(&rig) <= rig.device.box_count);
    if (world->fate != FATE_BOX_SILENT)
        assert_int_equal(rig_units(&rig), rig.device.box_count);
    else if (rig_units(&rig) != rig.device.box_count)
        check_says_what_is_missing(world);
    if (world->fate != FATE_BOX_NO_VALUE && world->fate != FATE_BOX_SILENT)
        assert_int_equal(citizen_fen + unknown_fen, rig.device.box_fen);
    /* A device that lived on proves every note; one that obeys, also what it found in the box. */
    if (world->fate == FATE_POWERED || (world->fate == FATE_BOX && world->by_order))
        assert_int_equal(unknown_fen, 0);
}

static void check_settles(void)
{
    struct journal_transaction transaction;
    struct settle_record record;
    if (journal_find_transaction(rig.journal, RIG_TXN, &transaction) != STATUS_OK)
        return; /* died before the quote */
    assert_int_equal(transaction.escrow_fen, 0);
    assert_int_equal(settle_transaction(rig.journal, RIG_TXN, SETTLE_INTERRUPTED, "999900",
                                        "000003", &rig.clock.clock, &record),
                     STATUS_OK);
    assert_int_equal(record.sum.paid_fen, transaction.credited_fen);
    assert_int_equal(rig_balance(&rig, BOOK_CITIZEN), 0);
}

static bool run_world(const struct world *world)
{
    rig_open(&rig);
    rig.device.has_counters = world->has_counters;
    bool crashed = live(world);
    if (crashed) {
        check_books(world);
        check_settles();
    }
    rig_close(&rig);
    return crashed;
}

static int run_points(struct world world)
{
    int count = 0;
    for (world.crash_at = 1; run_world(&world); world.crash_at++)
        count++;
    return count;
}

static void notes_in_the_box_are_in_the_books_after_a_crash_at_any_point(void **state)
{
    (void)state;
    for (int fate = 0; fate < FATES; fate++) {
        for (int bits = 0; bits < 8; bits++) {
            if ((bits & 4) && (bits & 3) != 1)
                continue; /* without counters there are no facts to be stale */
            struct world world = {
                .fate = (enum fate)fate,
                .has_counters = bits & 1,
                .event_first = bits & 2,
                .stale_facts = bits & 4,
            };
            assert_in_range(run_points(world), 25, 100);
        }
    }
}

static void and_when_the_journal_cannot_be_read_at_the_start(void **state)
{
    (void)state;
    for (int fate = 0; fate < FATES; fate++) {
        struct world world = {
            .fate = (enum fate)fate,
            .has_counters = true,
            .event_first = fate & 1,
            .full_at_start = true,
        };
        assert_in_range(run_points(world), 25, 100);
    }
}

static void and_when_the_credit_names_no_note(void **state)
{
    (void)state;
    for (int fate = 0; fate < FATES; fate++) {
        for (int full = 0; full < 2; full++) {
            struct world world = {
                .fate = (enum fate)fate,
                .by_order = true,
                .full_at_start = full == 1,
            };
            if (fate != FATE_BOX_NO_VALUE) /* it never knows the value */
                assert_in_range(run_points(world), 25, 100);
        }
    }
}

static void and_after_a_second_crash_in_the_recovery(void **state)
{
    (void)state;
    for (int fate = 0; fate < FATES; fate++) {
        for (int again = 1; again <= 5; again += 2) {
            struct world world = {
                .fate = (enum fate)fate,
                .has_counters = true,
                .event_first = again & 2,
                .crash_again_at = again,
            };
            run_points(world);
            world.by_order = true;
            world.has_counters = false;
            if (fate != FATE_BOX_NO_VALUE)
                run_points(world);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_in_the_box_are_in_the_books_after_a_crash_at_any_point),
        cmocka_unit_test(and_when_the_journal_cannot_be_read_at_the_start),
        cmocka_unit_test(and_when_the_credit_names_no_note),
        cmocka_unit_test(and_after_a_second_crash_in_the_recovery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
