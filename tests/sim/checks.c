#include "sim/checks.h"

#include "sim/disk.h"
#include "store/statement.h"
#include <string.h>

#define SEARCH_MS_MIN                                                                              \
    (CASH_SEARCH_MS_MAX - 10000) /* until a device that is back has been asked                     \
                                  */
#define DEADLINE_MS_MAX 3700000  /* the longest wait of all: a slip that failed often */

/* What a start finds is a promise only once its log is safe; until then it may be what a refused
 * commit left for the kernel to show, and go at the next power cut. Nothing can be appended
 * meanwhile. */
static bool read_books(struct sim_world *world)
{
    world->start_is_unsafe = world->start_is_unsafe && !journal_is_writable(world->journal);
    return world->start_is_unsafe || books_read(&world->books, world->journal);
}

/* ---- notes ---- */

static void check_notes_in_the_box(struct sim_world *world)
{
    const struct sim_acceptor *acceptor = &world->acceptor;
    const struct books *books = &world->books;
    for (int i = 0; i < ACCEPTOR_VALUES; i++)
        if (books->units[i] > acceptor->box_counts[i] + world->excesses_of[i])
            world_fail(world, "notes_in_the_box", "%d notes of %lld are booked, %d lie in the box",
                       books->units[i], (long long)ACCEPTOR_VALUES_FEN[i], acceptor->box_counts[i]);
    int missing = acceptor->box_count - books_booked_count(books);
    if (missing > 1 + world->untold || missing < -world->excesses)
        world_fail(world, "notes_in_the_box", "%d notes lie in the box, %d are booked",
                   acceptor->box_count, books_booked_count(books));
}

static void check_notes_in_the_box_at_rest(struct sim_world *world)
{
    const struct books *books = &world->books;
    int missing = world->acceptor.box_count - books_booked_count(books);
    if (missing > world->untold)
        world_fail(world, "notes_in_the_box",
                   "at rest %d notes lie in the box, %d are booked, %d were never told",
                   world->acceptor.box_count, books_booked_count(books), world->untold);
    if (missing > world->untold - world->untold_but_known + books->unknown_open + books->mismatches)
        world_fail(world, "notes_in_the_box",
                   "at rest %d notes are missing that the journal knew, and no entry says so",
                   missing);
    bool counts = world->acceptor.has_counters && books->swaps == 0;
    if (counts && missing > books->unknown_open + books->mismatches)
        world_fail(world, "notes_in_the_box",
                   "at rest %d notes are missing in the books and no entry says so", missing);
}

/* While the kiosk wants to know where a note is, the device cannot be asked: for so long that it
 * gives up, or at all, if the device does not count and an event is lost with its link. Or the
 * books cannot be written, and what was refused may be there after all. */
void checks_find_causes(struct sim_world *world)
{
    const struct sim_acceptor *acceptor = &world->acceptor;
    bool is_asked = world->books.note_is_escrowed;
    if (!is_asked)
        world->silent_since_ms = INT64_MAX;
    else if (!acceptor_can_be_asked(acceptor) && world->silent_since_ms == INT64_MAX)
        world->silent_since_ms = world_now(world);
    int64_t patience_ms = acceptor->has_counters ? SEARCH_MS_MIN : 0;
    if (world->silent_since_ms != INT64_MAX &&
        world_now(world) - world->silent_since_ms >= patience_ms)
        world_blame(world, "the acceptor cannot be asked for a note");
    bool is_refused = world->journal != NULL && !journal_is_writable(world->journal);
    if ((is_asked || acceptor_holds_secret(acceptor)) && is_refused)
        world_blame(world, "the disk refuses while a note is under way");
}

/* What is unknown has a reason outside the kiosk; a crash of the kiosk alone is none. */
static void check_unknown_has_a_cause(struct sim_world *world)
{
    if (world->books.unknown_notes > world->causes + world->excesses)
        world_fail(world, "unknown_has_a_cause", "%d notes are booked as unknown, for %d causes",
                   world->books.unknown_notes, world->causes + world->excesses);
}

/* The counters differ from the books only if something became of a note that nobody could tell. */
static void check_alarm_has_a_cause(struct sim_world *world)
{
    bool has_cause = world->causes + world->untold + world->excesses + world->books.swaps > 0;
    if (world->books.mismatches > 0 && !has_cause)
        world_fail(world, "alarm_has_a_cause", "a counter is said to differ, and nothing happened");
}

/* The books say of a note that it was given back only if it was. */
static void check_returned_is_returned(struct sim_world *world)
{
    if (world->books.false_returns > 0)
        world_fail(world, "returned_is_returned",
                   "a note is booked as given back that the citizen does not have");
}

/* ---- fen ---- */

/* No transaction has more than its notes in the box; none is closed twice; what it was closed with
 * is what it was credited. */
static void check_every_fen_once(struct sim_world *world)
{
    const struct books *books = &world->books;
    for (int i = 0; i < books->txn_count; i++) {
        const struct books_txn *txn = &books->txns[i];
        if (txn->credited_fen > txn->box_fen)
            world_fail(world, "every_fen_once", "%s was credited %lld, its notes are %lld",
                       txn->txn, (long long)txn->credited_fen, (long long)txn->box_fen);
        if (txn->closings > 1)
            world_fail(world, "every_fen_once", "%s was closed %d times", txn->txn, txn->closings);
        if (txn->paid && (txn->paid_fen != txn->credited_fen ||
                          txn->applied_fen + txn->surplus_fen != txn->paid_fen))
            world_fail(world, "every_fen_once",
                       "%s was credited %lld and closed with %lld = %lld + %lld", txn->txn,
                       (long long)txn->credited_fen, (long long)txn->paid_fen,
                       (long long)txn->applied_fen, (long long)txn->surplus_fen);
        if (txn->cancelled && txn->credited_fen > 0)
            world_fail(world, "every_fen_once", "%s was cancelled with %lld inside", txn->txn,
                       (long long)txn->credited_fen);
    }
}

static void check_every_fen_once_at_rest(struct sim_world *world)
{
    const struct sim_acceptor *acceptor = &world->acceptor;
    const struct books *books = &world->books;
    int64_t credited_fen = 0;
    for (int i = 0; i < books->txn_count; i++) {
        const struct books_txn *txn = &books->txns[i];
        credited_fen += txn->credited_fen;
        if (txn->quoted && txn->closings == 0)
            world_fail(world, "every_fen_once", "at rest %s is still open", txn->txn);
        if (world->causes == 0 && txn->credited_fen != txn->box_fen)
            world_fail(world, "every_fen_once", "at rest %s has %lld in the box and %lld credited",
                       txn->txn, (long long)txn->box_fen, (long long)txn->credited_fen);
    }
    if (acceptor->inserted_fen != acceptor->returned_fen + acceptor->box_fen)
        world_fail(world, "every_fen_once", "the simulation itself lost a note");
    bool all_known = books->unit_unknown == 0 && world->untold == 0 && world->excesses == 0;
    if (all_known && acceptor->box_fen != credited_fen + books->balances[BOOK_UNKNOWN])
        world_fail(world, "every_fen_once", "%lld lie in the box, %lld are credited, %lld unknown",
                   (long long)acceptor->box_fen, (long long)credited_fen,
                   (long long)books->balances[BOOK_UNKNOWN]);
}

static void check_books_balance(struct sim_world *world)
{
    const int64_t *balances = world->books.balances;
    int64_t owed_fen = balances[BOOK_CITIZEN] + balances[BOOK_PREMIUM] + balances[BOOK_SURPLUS] +
                       balances[BOOK_UNKNOWN];
    if (balances[BOOK_CASH_BOX] != owed_fen)
        world_fail(world, "books_balance", "cash box %lld, owed %lld",
                   (long long)balances[BOOK_CASH_BOX], (long long)owed_fen);
    for (int i = 0; i < BOOK_ACCOUNTS; i++)
        if (balances[i] < 0)
            world_fail(world, "books_balance", "%s is %lld",
                       book_account_name((enum book_account)i), (long long)balances[i]);
    if (world->books.wrong != NULL)
        world_fail(world, "books_balance", "%s", world->books.wrong);
}

static void check_projections(struct sim_world *world)
{
    struct journal *journal = world->journal;
    const struct books *books = &world->books;
    int64_t bad_seq = 0;
    for (int i = 0; i < BOOK_ACCOUNTS; i++)
        if (journal_account_balance(journal, (enum book_account)i) != books->balances[i])
            world_fail(world, "books_balance", "the projection of %s differs from the entries",
                       book_account_name((enum book_account)i));
    for (int i = 0; i < ACCEPTOR_VALUES; i++)
        if (journal_cash_unit_count(journal, ACCEPTOR_VALUES_FEN[i]) != books->units[i])
            world_fail(world, "books_balance", "the count of %lld differs from the entries",
                       (long long)ACCEPTOR_VALUES_FEN[i]);
    if (journal_verify(journal, &bad_seq) != STATUS_OK)
        world_fail(world, "chain_verifies", "first bad entry %lld", (long long)bad_seq);
}

/* What the person is shown has been booked. */
static void check_screen_shows_what_is_booked(struct sim_world *world)
{
    const struct session *session = world->session;
    if (session->v.txn[0] == '\0' || session->v.inserted_fen == 0)
        return;
    const struct books_txn *txn = &world->books.txns[books_find_txn(&world->books, session->v.txn)];
    if (session->v.inserted_fen > txn->credited_fen)
        world_fail(world, "screen_shows_what_is_booked", "shown %lld, credited %lld",
                   (long long)session->v.inserted_fen, (long long)txn->credited_fen);
}

/* ---- before what cannot be undone ---- */

void checks_before_stack(struct sim_world *world)
{
    const struct books *books = &world->books;
    if (world->is_dying)
        return;
    if (!disk_is_synced(DISK_KIOSK)) /* without exception: its entry was just written */
        world_fail(world, "durable_before_done", "stack before the entry is safe");
    if (!read_books(world))
        return;
    if (strcmp(books->last_kind, journal_kind_name(JOURNAL_NOTE_ESCROWED)) != 0 ||
        (world->acceptor.place == NOTE_IN_ESCROW &&
         books->last_value_fen != world->acceptor.note_fen))
        world_fail(world, "durable_before_done", "stack without its note_escrowed; the last is %s",
                   books->last_kind);
    limits_check_stack(world);
}

void checks_before_acknowledge(struct sim_world *world)
{
    if (world->is_dying)
        return;
    if (!disk_is_synced(DISK_KIOSK) && !disk_has_refused(DISK_KIOSK))
        world_fail(world, "durable_before_done", "acknowledge before the entry is safe");
    if (!read_books(world))
        return;
    int booked = books_booked_count(&world->books);
    if (booked + world->untold < world->acceptor.box_count)
        world_fail(world, "durable_before_done",
                   "acknowledged with %d notes in the box and %d booked", world->acceptor.box_count,
                   booked);
}

/* ---- paper ---- */

static void check_paper_says_what_is_booked(struct sim_world *world, const struct paper_out *paper)
{
    struct books *books = &world->books;
    const struct books_txn *txn = &books->txns[books_find_txn(books, paper->txn)];
    bool is_payment = paper->kind == RECEIPT_PAYMENT || paper->kind == RECEIPT_INTERRUPTED;
    if (is_payment && (!txn->paid || strcmp(txn->voucher, paper->voucher) != 0 ||
                       txn->paid_fen != paper->paid_fen))
        world_fail(world, "no_receipt_before_commit", "voucher %s over %lld; booked %s over %lld",
                   paper->voucher, (long long)paper->paid_fen, txn->paid ? txn->voucher : "nothing",
                   (long long)txn->paid_fen);
    if (paper->kind == RECEIPT_UNKNOWN_NOTE && txn->unknown_notes == 0)
        world_fail(world, "no_receipt_before_commit", "a claim slip for a note nobody booked");
    if (strcmp(books->last_state, "sending") != 0 ||
        strcmp(books->last_voucher, paper->voucher) != 0)
        world_fail(world, "no_receipt_before_commit", "printed without its \"sending\" entry");
}

/* Sum, number and entry of the books, under the kiosk's key. */
static void check_code_is_signed(struct sim_world *world, const struct paper_out *paper,
                                 const char *code)
{
    struct statement statement;
    const struct books *books = &world->books;
    if (paper->kind != RECEIPT_PAYMENT && paper->kind != RECEIPT_INTERRUPTED)
        return;
    bool holds = statement_parse(code, &statement) == STATUS_OK &&
                 statement_is_signed(&statement, world->key.public_key);
    if (!holds || strcmp(statement.voucher, paper->voucher) != 0 ||
        statement.paid_fen != paper->paid_fen || statement.seq < 1 ||
        statement.seq > books->last_seq ||
        memcmp(statement.hash, books->hashes[statement.seq - 1], sizeof statement.hash) != 0)
        world_fail(world, "statement_holds", "voucher %s: its code says something else",
                   paper->voucher);
}

static void check_one_original(struct sim_world *world, const struct paper_out *paper)
{
    const struct sim_printer *printer = &world->printer;
    for (int i = 0; i < printer->paper_count; i++) {
        const struct paper_out *earlier = &printer->papers[i];
        if (strcmp(earlier->voucher, paper->voucher) == 0 && earlier->copy >= paper->copy)
            world_fail(world, "one_original", "voucher %s as copy %d, after copy %d",
                       paper->voucher, paper->copy, earlier->copy);
    }
}

void checks_before_print(struct sim_world *world, const struct paper_out *paper, const char *code)
{
    if (world->is_dying)
        return;
    if (!disk_is_synced(DISK_KIOSK))
        world_fail(world, "no_receipt_before_commit", "printed before the entry is safe");
    if (!read_books(world))
        return;
    check_paper_says_what_is_booked(world, paper);
    check_code_is_signed(world, paper, code);
    check_one_original(world, paper);
}

/* ---- the bureau ---- */

static int64_t query(struct sim_world *world, const char *sql, const char *text)
{
    struct db_statement *statement;
    int64_t value = 0;
    if (db_prepare(world->network.bureau.db, sql, &statement) != STATUS_OK)
        return -1;
    if (text != NULL)
        db_bind_text(statement, 1, text);
    if (db_step(statement) == STATUS_OK)
        value = db_column_int(statement, 0);
    db_finalize(statement);
    return value;
}

/* The ledger of the bureau is what the entries it has say, each counted once. */
static void check_applied_once(struct sim_world *world)
{
    struct sim_network *network = &world->network;
    const struct books *books = &world->books;
    struct bureau_point point;
    if (!network->bureau_runs ||
        bureau_store_point(&network->bureau, world->settings.kiosk_id, &point) != STATUS_OK)
        return;
    if (world->journal != NULL && journal_acked_seq(world->journal) > point.seq)
        world_fail(world, "applied_once",
                   "the kiosk believes %lld acknowledged, the bureau has %lld",
                   (long long)journal_acked_seq(world->journal), (long long)point.seq);
    if (point.seq == 0 || point.seq > books->last_seq)
        return;
    if (memcmp(point.hash, books->hashes[point.seq - 1], JOURNAL_HASH_SIZE) != 0)
        world_fail(world, "chain_verifies", "the bureau has another entry %lld",
                   (long long)point.seq);
    for (int i = 0; i < BOOK_ACCOUNTS; i++) {
        int64_t balance_fen = query(world, "SELECT balance FROM ledger WHERE account = ?1",
                                    book_account_name((enum book_account)i));
        if (balance_fen != books->balances_at[point.seq - 1][i])
            world_fail(world, "applied_once", "%s is %lld at the bureau, %lld after entry %lld",
                       book_account_name((enum book_account)i), (long long)balance_fen,
                       (long long)books->balances_at[point.seq - 1][i], (long long)point.seq);
    }
}

static void check_bureau_at_rest(struct sim_world *world)
{
    const struct books *books = &world->books;
    struct bureau_point point;
    if (bureau_store_point(&world->network.bureau, world->settings.kiosk_id, &point) != STATUS_OK ||
        point.seq != books->last_seq)
        world_fail(world, "applied_once", "at rest the bureau has %lld of %lld entries",
                   (long long)point.seq, (long long)books->last_seq);
    int64_t dead = query(world, "SELECT count(*) FROM dead_letter", NULL);
    if (dead != 0)
        world_fail(world, "bureau_takes_all", "%lld entries were refused", (long long)dead);
    if (query(world, "SELECT sum(premium + surplus) FROM citizen", NULL) !=
        books->balances[BOOK_PREMIUM] + books->balances[BOOK_SURPLUS])
        world_fail(world, "applied_once", "the citizens' accounts differ from the payments");
    if (query(world, "SELECT count(*) FROM payment", NULL) != books->completed)
        world_fail(world, "applied_once", "the bureau knows another number of payments");
}

/* ---- the rest ---- */

void checks_after_start(struct sim_world *world)
{
    const struct books *books = &world->books;
    uint8_t hash[JOURNAL_HASH_SIZE];
    world->start_is_unsafe = !journal_is_writable(world->journal);
    if (books->last_seq == 0)
        return;
    if (journal_last_seq(world->journal) < books->last_seq ||
        journal_hash_at(world->journal, books->last_seq, hash) != STATUS_OK ||
        memcmp(hash, books->hashes[books->last_seq - 1], JOURNAL_HASH_SIZE) != 0)
        world_fail(world, "committed_entries_survive",
                   "entry %lld was committed, the last one is now %lld", (long long)books->last_seq,
                   (long long)journal_last_seq(world->journal));
}

static void check_nothing_personal_stays(struct sim_world *world)
{
    if (world->session->visit.state == VISIT_HOME && !session_is_wiped(world->session))
        world_fail(world, "nothing_personal_stays", "at home, and somebody is still known");
}

static void check_machine(struct sim_world *world, const struct sm *sm, int64_t guard_ms)
{
    int64_t at_ms = sm_next_deadline_ms(sm);
    if (guard_ms < at_ms)
        at_ms = guard_ms;
    if (sm->state != sm->table->rest_state && at_ms > world_now(world) + DEADLINE_MS_MAX)
        world_fail(world, "every_wait_has_an_end", "%s waits in %s without a deadline",
                   sm->table->name, sm_state_name(sm));
}

/* Pages, and the mouth of the acceptor, are guarded by patience. */
static void check_every_wait_has_an_end(struct sim_world *world)
{
    const struct session *session = world->session;
    int64_t patience_ms = sm_next_deadline_ms(&session->patience);
    bool is_paying = session->visit.state == VISIT_PAY;
    check_machine(world, &session->visit,
                  is_paying ? sm_next_deadline_ms(&session->pay) < patience_ms
                                  ? sm_next_deadline_ms(&session->pay)
                                  : patience_ms
                            : patience_ms);
    check_machine(world, &session->enrol, patience_ms);
    check_machine(world, &session->pay, session->pay.state == PAY_CASH ? patience_ms : INT64_MAX);
    check_machine(world, &session->recovery, INT64_MAX);
    check_machine(world, &session->cash.sm, INT64_MAX);
    check_machine(world, &session->receipt.sm, INT64_MAX);
    check_machine(world, &world->sync.sm, INT64_MAX);
}

/* For the history: what was booked, without what is long or sealed. */
static bool tell_entry(void *context, const struct journal_entry *entry)
{
    TELL((struct sim_world *)context, "journal %lld: %s %s %.140s", (long long)entry->seq,
         entry->txn, entry->kind, strstr(entry->body, "sealed") ? "(sealed)" : entry->body);
    return true;
}

static void tell_new_entries(struct sim_world *world)
{
    int64_t told_seq = world->told_seq;
    world->told_seq = journal_last_seq(world->journal);
    if (world->told_seq > told_seq)
        (void)!journal_read(world->journal, told_seq + 1, INT64_MAX, tell_entry, world);
}

void checks_run(struct sim_world *world)
{
    if (world->journal == NULL || world->session == NULL)
        return;
    if (world->tells)
        tell_new_entries(world);
    (void)read_books(world);
    checks_find_causes(world);
    limits_follow(world);
    check_notes_in_the_box(world);
    check_nothing_personal_stays(world);
    check_every_wait_has_an_end(world);
    check_screen_shows_what_is_booked(world);
    if (world->books.last_seq != world->checked_seq) {
        world->checked_seq = world->books.last_seq;
        check_unknown_has_a_cause(world);
        check_alarm_has_a_cause(world);
        check_returned_is_returned(world);
        check_every_fen_once(world);
        check_books_balance(world);
        limits_check_closings(world);
    }
    if (world->network.exchanges != world->checked_exchanges && !world->network.waits) {
        world->checked_exchanges = world->network.exchanges;
        check_applied_once(world);
    }
}

void checks_at_rest(struct sim_world *world)
{
    check_notes_in_the_box_at_rest(world);
    check_every_fen_once_at_rest(world);
    check_projections(world);
    check_applied_once(world);
    check_bureau_at_rest(world);
}
