#include "cash_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static const int64_t DENOMINATIONS[] = { 10000, 5000, 2000, 1000, 500, 100 };
#define DENOMINATION_COUNT 6

/* Outlives every rig: a crash test jumps out of the flow that points to it. */
static struct note_set the_set;

void rig_point(struct rig *rig)
{
    if (++rig->points == rig->crash_at)
        longjmp(rig->crash, 1);
}

static struct rig *rig_of(struct cash_acceptor *acceptor)
{
    return (struct rig *)acceptor; /* device is the first member, acceptor the first of that */
}

static void enable(struct cash_acceptor *acceptor, const int64_t *values_fen, int count)
{
    struct rig *rig = rig_of(acceptor);
    rig_point(rig);
    assert_true(count > 0 && values_fen[0] > 0);
    rig->device.accepting = true;
    rig->device.enabled++;
    rig->device.accepted_count = count;
    memcpy(rig->device.accepted_fen, values_fen, (size_t)count * sizeof values_fen[0]);
}

static void disable(struct cash_acceptor *acceptor)
{
    struct rig *rig = rig_of(acceptor);
    rig_point(rig);
    rig->device.accepting = false;
    rig->device.disabled++;
}

static void stack(struct cash_acceptor *acceptor)
{
    struct rig *rig = rig_of(acceptor);
    rig_point(rig);
    rig->device.stack_calls++;
    rig->device.moving_fen = rig->device.escrow_fen;
    rig->device.escrow_fen = 0;
    rig_point(rig);
}

static void return_note(struct cash_acceptor *acceptor)
{
    struct rig *rig = rig_of(acceptor);
    rig_point(rig);
    rig->device.return_calls++;
}

static void acknowledge(struct cash_acceptor *acceptor)
{
    struct rig *rig = rig_of(acceptor);
    rig_point(rig);
    rig->device.acknowledge_calls++;
    rig->device.has_unacked = false;
    rig_point(rig);
}

static void close_acceptor(struct cash_acceptor *acceptor)
{
    (void)acceptor;
}

static const struct cash_acceptor_ops OPS = {
    .enable = enable,
    .disable = disable,
    .stack = stack,
    .return_note = return_note,
    .acknowledge = acknowledge,
    .close = close_acceptor,
};

static void on_flow(void *context, const struct cash_flow_event *event)
{
    struct rig *rig = context;
    assert_true(rig->heard_count < (int)(sizeof(rig->heard) / sizeof(rig->heard[0])));
    rig->heard[rig->heard_count++] = *event;
    rig_point(rig);
}

static void open_journal(struct rig *rig)
{
    assert_int_equal(journal_open(rig->path, &rig->clock.clock, &rig->journal), STATUS_OK);
}

void rig_open(struct rig *rig)
{
    log_set_level(LOG_ERROR + 1);
    *rig = (struct rig){ 0 };
    rig->device.acceptor.ops = &OPS;
    rig->device.has_counters = true;
    rig->device.stacked = 41;
    strcpy(rig->device.serial, RIG_SERIAL);
    /* Memory where there is: the tests cut processes off, not disks, and do it thousands of times.
     */
    bool has_memory = access("/dev/shm", W_OK) == 0;
    snprintf(rig->directory, sizeof(rig->directory), "%s/guichet-cash-XXXXXX",
             has_memory ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(rig->directory));
    snprintf(rig->path, sizeof(rig->path), "%s/journal.db", rig->directory);
    clock_fake_init(&rig->clock, INT64_C(1795398067123));
    open_journal(rig);
    cash_flow_init(&rig->flow, &rig->clock.clock, rig->journal, &rig->device.acceptor, on_flow,
                   rig);
}

static void remove_file(const struct rig *rig, const char *suffix)
{
    char path[120];
    snprintf(path, sizeof(path), "%s%s", rig->path, suffix);
    unlink(path);
}

void rig_close(struct rig *rig)
{
    journal_close(rig->journal);
    remove_file(rig, "");
    remove_file(rig, "-wal");
    remove_file(rig, "-shm");
    remove_file(rig, "-lock");
    assert_int_equal(rmdir(rig->directory), 0);
}

/* The kiosk's own first entry meets the full disk before the flow begins. */
static void fill_disk_at_start(struct rig *rig)
{
    const struct journal_draft started = { .kind = JOURNAL_KIOSK_STARTED,
                                           .body = "{\"version\":\"1\"}" };
    rig_fill_disk(rig);
    assert_int_not_equal(journal_append(rig->journal, &started, NULL), STATUS_OK);
}

void rig_restart(struct rig *rig)
{
    journal_close(rig->journal);
    open_journal(rig);
    if (rig->is_full_at_start)
        fill_disk_at_start(rig);
    memset(&rig->flow, 0xa5, sizeof(rig->flow)); /* nothing in memory survives */
    rig->device.ready = false;
    rig->device.accepting = false;
    cash_flow_init(&rig->flow, &rig->clock.clock, rig->journal, &rig->device.acceptor, on_flow,
                   rig);
}

void rig_accept_quote(struct rig *rig, const char *txn, int64_t due_fen)
{
    char body[200];
    snprintf(body, sizeof(body),
             "{\"due\":%lld,\"months\":[{\"month\":\"2026-11\",\"amount\":%lld}]}",
             (long long)due_fen, (long long)due_fen);
    struct journal_draft draft = { .kind = JOURNAL_QUOTE_ACCEPTED, .txn = txn, .body = body };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
}

static const struct note_set *all_notes(void)
{
    if (the_set.count == 0)
        note_set_init(&the_set, DENOMINATIONS, DENOMINATION_COUNT);
    return &the_set;
}

void rig_begin_next(struct rig *rig, const char *txn, int64_t due_fen)
{
    const struct note_terms terms = { .set = all_notes(),
                                      .due_fen = due_fen,
                                      .surplus_is_kept = true,
                                      .sum_fen_max = NOTE_NO_LIMIT,
                                      .notes_max = NOTE_NO_LIMIT };
    cash_flow_begin(&rig->flow, txn, &terms);
}

void rig_begin(struct rig *rig, int64_t due_fen)
{
    rig_accept_quote(rig, RIG_TXN, due_fen);
    rig_begin_next(rig, RIG_TXN, due_fen);
}

void rig_begin_with(struct rig *rig, const struct note_terms *terms)
{
    struct note_terms whole = *terms;
    whole.set = all_notes();
    rig_accept_quote(rig, RIG_TXN, terms->due_fen);
    cash_flow_begin(&rig->flow, RIG_TXN, &whole);
}

void rig_event(struct rig *rig, const struct cash_acceptor_event *event)
{
    rig_point(rig);
    cash_flow_on_acceptor(&rig->flow, event);
}

static void read_device(const struct rig_device *device, struct cash_acceptor_event *out)
{
    strcpy(out->status.serial, device->serial);
    out->channel_count = device->channel_count;
    memcpy(out->channel_value_fen, device->channel_value_fen, sizeof(out->channel_value_fen));
    out->counters = (struct cash_counters){ .known = device->has_counters,
                                            .stacked = device->stacked,
                                            .dispensed = device->dispensed,
                                            .rejected = device->rejected };
}

void rig_inspect(struct rig *rig)
{
    struct cash_acceptor_event event = { .kind = CASH_EVENT_STATUS };
    event.status.state = DEVICE_READY;
    read_device(&rig->device, &event);
    event.counters.is_final = true;
    event.counters.reading = ++rig->device.reading;
    rig_event(rig, &event);
}

void rig_status(struct rig *rig, enum device_state state)
{
    struct cash_acceptor_event event = { .kind = CASH_EVENT_STATUS };
    rig->device.ready = state == DEVICE_READY || state == DEVICE_DEGRADED;
    event.status.state = state;
    if (rig->device.ready) {
        read_device(&rig->device, &event);
    } else {
        rig->device.accepting = false;
    }
    rig_event(rig, &event);
}

void rig_escrow(struct rig *rig, int64_t value_fen)
{
    assert_true(rig->device.accepting && !rig->device.has_unacked);
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_READING });
    rig->device.escrow_fen = value_fen;
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_ESCROWED,
                                                  .value_fen = value_fen });
}

static void fall_into_box(struct rig *rig, int64_t value_fen)
{
    rig->device.box_count++;
    rig->device.box_fen += value_fen;
    rig->device.stacked++;
}

void rig_finish_stacking(struct rig *rig)
{
    int64_t value_fen = rig->device.moving_fen;
    assert_true(value_fen > 0);
    rig->device.moving_fen = 0;
    fall_into_box(rig, value_fen);
    rig->device.unacked =
        (struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_STACKED, .value_fen = value_fen };
    rig->device.has_unacked = true;
    rig_event(rig, &rig->device.unacked);
}

void rig_finish_return(struct rig *rig, enum cash_reject_reason reason)
{
    int64_t value_fen = rig->device.escrow_fen + rig->device.moving_fen;
    assert_true(value_fen > 0);
    rig->device.escrow_fen = rig->device.moving_fen = 0;
    rig->device.returned_count++;
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_RETURNED,
                                                  .value_fen = value_fen,
                                                  .reason = reason });
}

void rig_insert(struct rig *rig, int64_t value_fen)
{
    rig_escrow(rig, value_fen);
    rig_finish_stacking(rig);
}

void rig_wait(struct rig *rig, int64_t ms)
{
    int64_t end_ms = rig->clock.now_ms + ms;
    while (rig->clock.now_ms < end_ms) {
        int64_t next_ms = cash_flow_next_deadline_ms(&rig->flow);
        if (next_ms > end_ms)
            next_ms = end_ms;
        clock_fake_advance(&rig->clock,
                           next_ms > rig->clock.now_ms ? next_ms - rig->clock.now_ms : 1);
        cash_flow_tick(&rig->flow);
    }
}

/* RLIMIT_FSIZE 0 makes every write that would grow a file fail; SQLite has read what it needs. */
void rig_fill_disk(struct rig *rig)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    rig->file_limit = limit.rlim_cur;
    limit.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

void rig_free_disk(struct rig *rig)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = rig->file_limit;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

int rig_heard(const struct rig *rig, enum cash_flow_event_kind kind)
{
    int count = 0;
    for (int i = 0; i < rig->heard_count; i++)
        count += rig->heard[i].kind == kind;
    return count;
}

struct search {
    const char *kind;
    int count;
    char *body;
};

static bool count_entry(void *context, const struct journal_entry *entry)
{
    struct search *search = context;
    if (strcmp(entry->kind, search->kind) != 0)
        return true;
    search->count++;
    if (search->body)
        snprintf(search->body, 512, "%s", entry->body);
    return true;
}

static int search_entries(const struct rig *rig, enum journal_kind kind, char *body)
{
    struct search search = { .kind = journal_kind_name(kind), .body = body };
    assert_int_equal(journal_read(rig->journal, 1, 10000, count_entry, &search), STATUS_OK);
    return search.count;
}

int rig_entries(const struct rig *rig, enum journal_kind kind)
{
    return search_entries(rig, kind, NULL);
}

const char *rig_last_body(const struct rig *rig, enum journal_kind kind)
{
    static char body[512];
    body[0] = '\0';
    search_entries(rig, kind, body);
    return body;
}

int64_t rig_units(const struct rig *rig)
{
    int64_t count = journal_cash_unit_count(rig->journal, 0);
    for (int i = 0; i < DENOMINATION_COUNT; i++)
        count += journal_cash_unit_count(rig->journal, DENOMINATIONS[i]);
    return count;
}

int64_t rig_balance(const struct rig *rig, enum book_account account)
{
    return journal_account_balance(rig->journal, account);
}
