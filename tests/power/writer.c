/*
 * power_writer: a kiosk's cash sessions, in a virtual machine whose power may go at any moment.
 *
 *   power_writer JOURNAL LAST_SEQ STACKED EVENT_FEN ESCROW_FEN SEED
 *
 * It runs the real journal, cash flow and settling with an acceptor of class level, and tells the
 * host on its standard output what is durable and where the notes are, one line each, drained
 * before anything else happens. So what the host has read is true whenever it pulls the plug:
 *
 *   opened SEQ           the journal was opened; SEQ is its last entry
 *   sound | broken SEQ   the whole of it was verified
 *   entry SEQ HASH       its entry LAST_SEQ, the last the host was told of before the cut
 *   resolved BOX UNKNOWN what the cut left is resolved: notes booked in the box, of unknown value
 *   durable SEQ HASH     appended
 *   escrow FEN, stacked FEN, acknowledged, returned
 *                        what happens inside the acceptor, which keeps it over a power cut: the
 * host gives it back as STACKED (counter), EVENT_FEN (stacked and not yet acknowledged; negative:
 * the device has forgotten to say) and ESCROW_FEN refused STATUS       the journal cannot be opened
 * or written
 *
 * It ends only when something is wrong.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/text.h"
#include "payment/cash_flow.h"
#include "payment/settle.h"
#include "store/journal.h"
#include "support/fake_acceptor.h"

#define RESOLVE_STEPS_MAX 1000
#define NOTE_VALUES 6

static const int64_t VALUES_FEN[NOTE_VALUES] = { 10000, 5000, 2000, 1000, 500, 100 };

struct writer {
    struct clock_fake clock;
    struct journal *journal;
    struct fake_acceptor acceptor;
    struct note_set notes;
    struct cash_flow flow;
    int64_t told_seq;
    uint32_t seed;
};

static void say(const char *format, ...) PRINTF_LIKE(1, 2);
static void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    fputc('\n', stdout);
    fflush(stdout);
    (void)tcdrain(STDOUT_FILENO); /* fails on a pipe, which has nothing to drain */
}

static _Noreturn void give_up(enum status status)
{
    say("refused %s", status_name(status));
    exit(1);
}

static void must(enum status status)
{
    if (status != STATUS_OK)
        give_up(status);
}

static void say_entry(struct writer *writer, const char *word, int64_t seq)
{
    uint8_t hash[JOURNAL_HASH_SIZE];
    char hex[2 * JOURNAL_HASH_SIZE + 1];
    must(journal_hash_at(writer->journal, seq, hash));
    bytes_to_hex(hash, sizeof hash, hex);
    say("%s %" PRId64 " %s", word, seq, hex);
}

static void say_durable(struct writer *writer)
{
    while (writer->told_seq < journal_last_seq(writer->journal))
        say_entry(writer, "durable", ++writer->told_seq);
}

/* Numbers that look random and are the same for a seed. */
static uint32_t draw(struct writer *writer, uint32_t below)
{
    writer->seed = writer->seed * 1664525U + 1013904223U;
    return (writer->seed >> 8) % below;
}

static void on_flow(void *context, const struct cash_flow_event *event)
{
    (void)context;
    if (event->kind == CASH_FLOW_JOURNAL_FAILED || event->kind == CASH_FLOW_NOT_RECORDED)
        give_up(STATUS_IO);
}

static void on_acceptor(void *context, const struct cash_acceptor_event *event)
{
    struct writer *writer = context;
    if (event->kind == CASH_EVENT_NOTE_RETURNED)
        say("returned");
    cash_flow_on_acceptor(&writer->flow, event);
}

static void open_journal(struct writer *writer, const char *path, int64_t last_seq)
{
    int64_t bad_seq;
    clock_fake_init(&writer->clock, clock_wall_ms(&clock_system));
    must(journal_open(path, &writer->clock.clock, &writer->journal));
    writer->told_seq = journal_last_seq(writer->journal);
    say("opened %" PRId64, writer->told_seq);
    enum status status = journal_verify(writer->journal, &bad_seq);
    if (status == STATUS_OK)
        say("sound");
    else
        say("broken %" PRId64, bad_seq);
    if (last_seq > 0 && last_seq <= writer->told_seq)
        say_entry(writer, "entry", last_seq);
}

static int64_t notes_booked(struct writer *writer)
{
    int64_t count = 0;
    for (int i = 0; i < NOTE_VALUES; i++)
        count += journal_cash_unit_count(writer->journal, VALUES_FEN[i]);
    return count;
}

/* The acceptor comes up as the cut left it, and the flow finds out. */
static void resolve(struct writer *writer)
{
    struct cash_flow *flow = &writer->flow;
    fake_acceptor_greet(&writer->acceptor);
    for (int i = 0;
         i < RESOLVE_STEPS_MAX && (cash_flow_is_recovering(flow) || !cash_flow_is_at_rest(flow));
         i++) {
        int64_t wait_ms = cash_flow_next_deadline_ms(flow) - clock_now_ms(&writer->clock.clock);
        clock_fake_advance(&writer->clock, wait_ms > 0 && wait_ms < 100000 ? wait_ms : 1);
        cash_flow_tick(flow);
    }
    if (cash_flow_is_recovering(flow))
        give_up(STATUS_TIMEOUT);
    if (writer->acceptor.note == FAKE_NOTE_NONE)
        say("acknowledged");
    say_durable(writer);
}

static void settle(struct writer *writer, const char *txn, enum settle_outcome outcome)
{
    struct settle_record record;
    must(settle_transaction(writer->journal, txn, outcome, "440300", "000003", &writer->clock.clock,
                            &record));
    say_durable(writer);
}

static void settle_interrupted(struct writer *writer)
{
    struct journal_transaction open;
    enum status status = journal_open_transaction(writer->journal, &open);
    if (status == STATUS_OK)
        settle(writer, open.txn, SETTLE_INTERRUPTED);
    else if (status != STATUS_NOT_FOUND)
        give_up(status);
}

static void begin_visit(struct writer *writer, char txn[JOURNAL_TXN_SIZE])
{
    char body[160];
    int64_t serial, due_fen = 100 * (int64_t)(1 + draw(writer, 700));
    must(journal_next_serial(writer->journal, "txn", &serial));
    text_format(txn, JOURNAL_TXN_SIZE, "K000003-20261123-%06" PRId64, serial);
    text_format(body, sizeof body,
                "{\"due\":%" PRId64 ",\"months\":[{\"month\":\"2026-11\",\"amount\":%" PRId64 "}]}",
                due_fen, due_fen);
    const struct journal_draft quote = { .kind = JOURNAL_QUOTE_ACCEPTED, .txn = txn, .body = body };
    must(journal_append(writer->journal, &quote, NULL));
    say_durable(writer);
    const struct note_terms terms = { .set = &writer->notes,
                                      .due_fen = due_fen,
                                      .surplus_is_kept = true,
                                      .sum_fen_max = NOTE_NO_LIMIT,
                                      .notes_max = NOTE_NO_LIMIT };
    cash_flow_begin(&writer->flow, txn, &terms);
}

static void feed_note(struct writer *writer)
{
    int64_t value_fen = VALUES_FEN[draw(writer, NOTE_VALUES)];
    say("escrow %" PRId64, value_fen);
    fake_acceptor_feed_to_escrow(&writer->acceptor, value_fen);
    say_durable(writer);
    if (!writer->acceptor.stack_was_asked)
        give_up(STATUS_PROTOCOL);
    say("stacked %" PRId64, value_fen);
    fake_acceptor_obey(&writer->acceptor);
    say_durable(writer);
    if (writer->acceptor.note != FAKE_NOTE_NONE)
        give_up(STATUS_PROTOCOL); /* booked and not acknowledged */
    say("acknowledged");
}

static void serve(struct writer *writer)
{
    char txn[JOURNAL_TXN_SIZE];
    begin_visit(writer, txn);
    while (!cash_flow_is_at_rest(&writer->flow)) {
        clock_fake_advance(&writer->clock, 800);
        feed_note(writer);
    }
    settle(writer, txn, SETTLE_COMPLETE);
}

static void plug_in_acceptor(struct writer *writer, int64_t event_fen, int64_t escrow_fen,
                             uint32_t stacked)
{
    struct fake_acceptor *acceptor = &writer->acceptor;
    fake_acceptor_init(acceptor, on_acceptor, writer);
    acceptor->stacked_count = stacked;
    acceptor->note_fen = event_fen > 0 ? event_fen : escrow_fen;
    if (event_fen > 0)
        acceptor->note = FAKE_NOTE_STACKED;
    else if (escrow_fen > 0)
        acceptor->note = FAKE_NOTE_ESCROWED;
}

int main(int argc, char **argv)
{
    static struct writer writer;
    if (argc != 7)
        return 2;
    writer.seed = (uint32_t)strtoul(argv[6], NULL, 10);
    open_journal(&writer, argv[1], strtoll(argv[2], NULL, 10));
    plug_in_acceptor(&writer, strtoll(argv[4], NULL, 10), strtoll(argv[5], NULL, 10),
                     (uint32_t)strtoul(argv[3], NULL, 10));
    note_set_init(&writer.notes, VALUES_FEN, NOTE_VALUES);
    cash_flow_init(&writer.flow, &writer.clock.clock, writer.journal, &writer.acceptor.acceptor,
                   on_flow, &writer);
    resolve(&writer);
    settle_interrupted(&writer);
    say("resolved %" PRId64 " %" PRId64, notes_booked(&writer),
        journal_cash_unit_count(writer.journal, 0));
    for (;;)
        serve(&writer);
}
