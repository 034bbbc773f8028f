#include "tools/guichetctl/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "base/text.h"
#include "payment/cash_audit.h"
#include "payment/cash_note.h"
#include "tools/bureau/dead_letter.h"
#include "tools/bureau/doubtful_report.h"
#include "tools/bureau/ledger.h"

static const char *const ACCOUNTS[BOOK_ACCOUNTS] = {
    [BOOK_CASH_BOX] = "cash taken",
    [BOOK_CITIZEN] = "money of visits under way",
    [BOOK_PREMIUM] = "contributions",
    [BOOK_SURPLUS] = "surplus of citizens",
    [BOOK_UNKNOWN] = "money belonging to nobody known",
};

static const char *yuan(int64_t fen, char text[MONEY_TEXT_SIZE])
{
    money_format(fen, 1, text);
    return text;
}

/* ---- what the kiosk itself could not settle ---- */

static bool add_doubtful(void *context, const struct journal_entry *entry)
{
    doubtful_add(context, entry);
    return true;
}

enum status explain_list_doubtful(struct journal *journal, const char *code, json_t **list_out)
{
    struct doubtful items;
    doubtful_init(&items);
    enum status status = journal_read(journal, 1, INT64_MAX, add_doubtful, &items);
    *list_out = json_array();
    doubtful_report_add(*list_out, "", &items, code);
    doubtful_deinit(&items);
    return status;
}

/* Only what is still open: the rest needs nobody. */
static int explain_doubtful(struct journal *journal)
{
    json_t *list;
    int open_count = 0;
    enum status status = explain_list_doubtful(journal, NULL, &list);
    for (size_t i = json_array_size(list); i > 0; i--) {
        const json_t *item = json_array_get(list, i - 1);
        if (json_integer_value(json_object_get(item, "answered_by")) == 0)
            open_count++;
        else
            json_array_remove(list, i - 1);
    }
    doubtful_report_print(stdout, list, NULL);
    json_decref(list);
    return status == STATUS_OK ? open_count : open_count + 1;
}

/* ---- journal and bureau ---- */

struct pair {
    struct journal *journal;
    struct bureau_store *bureau;
    char kiosk[BUREAU_KIOSK_SIZE];
    json_t *ledger;
    int64_t bureau_seq;                /* its last entry */
    int64_t differing;                 /* the first entry they have differently; 0 none */
    int64_t unsent_fen[BOOK_ACCOUNTS]; /* moved by entries the bureau does not have yet */
    int findings;
};

/* Whose first entry is ours; a kiosk that is the only one is meant even if nothing fits. */
static const char KIOSK_OF_CHAIN[] =
    "SELECT id, (SELECT count(*) FROM entry WHERE kiosk = id AND seq = 1 AND hash = ?1) AS ours,"
    " acked_seq FROM kiosk WHERE ours = 1 OR (SELECT count(*) FROM kiosk) = 1 LIMIT 1";

static enum status find_kiosk(struct pair *pair)
{
    struct db_statement *statement;
    uint8_t hash[JOURNAL_HASH_SIZE] = { 0 };
    if (journal_hash_at(pair->journal, 1, hash) != STATUS_OK)
        return STATUS_NOT_FOUND;
    enum status status = db_prepare(pair->bureau->db, KIOSK_OF_CHAIN, &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_blob(statement, 1, hash, sizeof hash);
    status = db_step(statement);
    if (status == STATUS_OK) {
        text_copy(pair->kiosk, sizeof pair->kiosk, db_column_text(statement, 0));
        pair->bureau_seq = db_column_int(statement, 2);
    }
    db_finalize(statement);
    return status;
}

/* The row's own hash may be what it always was; it is made anew from what stands there. */
static bool is_same_entry(struct journal *journal, struct db_statement *row,
                          uint8_t chain[JOURNAL_HASH_SIZE])
{
    uint8_t ours[JOURNAL_HASH_SIZE];
    size_t size;
    int64_t seq = db_column_int(row, 0);
    const void *stored = db_column_blob(row, 5, &size);
    journal_hash_entry(chain, seq, db_column_int(row, 1), db_column_text(row, 2),
                       db_column_text(row, 3), db_column_text(row, 4), chain);
    return size == JOURNAL_HASH_SIZE && memcmp(stored, chain, size) == 0 &&
           journal_hash_at(journal, seq, ours) == STATUS_OK &&
           memcmp(ours, chain, sizeof ours) == 0;
}

static enum status find_difference(struct pair *pair)
{
    struct db_statement *statement;
    uint8_t chain[JOURNAL_HASH_SIZE] = { 0 };
    enum status status = db_prepare(pair->bureau->db,
                                    "SELECT seq, at, txn, kind, body, hash FROM entry"
                                    " WHERE kiosk = ?1 ORDER BY seq",
                                    &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, pair->kiosk);
    while (pair->differing == 0 && (status = db_step(statement)) == STATUS_OK) {
        int64_t seq = db_column_int(statement, 0);
        if (seq > journal_last_seq(pair->journal))
            break;
        if (!is_same_entry(pair->journal, statement, chain))
            pair->differing = seq;
    }
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static bool add_unsent(void *context, const struct journal_entry *entry)
{
    struct pair *pair = context;
    json_t *body = json_loads(entry->body, 0, NULL);
    size_t index;
    json_t *posting;
    json_array_foreach(json_object_get(body, "post"), index, posting)
    {
        const char *debit = json_string_value(json_array_get(posting, 0));
        const char *credit = json_string_value(json_array_get(posting, 1));
        int64_t fen = json_integer_value(json_array_get(posting, 2));
        for (int i = 0; debit && credit && i < BOOK_ACCOUNTS; i++) {
            const char *name = book_account_name((enum book_account)i);
            int side = i == BOOK_CASH_BOX ? 1 : -1;
            if (strcmp(debit, name) == 0)
                pair->unsent_fen[i] += side * fen;
            if (strcmp(credit, name) == 0)
                pair->unsent_fen[i] -= side * fen;
        }
    }
    json_decref(body);
    return true;
}

static void explain_chain(struct pair *pair)
{
    int64_t last_seq = journal_last_seq(pair->journal);
    if (pair->differing > 0) {
        pair->findings++;
        printf("Entry %" PRId64
               " in the journal is not the one the bureau was sent: one of the two "
               "was changed afterwards. guichetctl journal verify tells whether it was the "
               "journal.\n",
               pair->differing);
    }
    if (pair->bureau_seq > last_seq) {
        pair->findings++;
        printf("The bureau has entries up to %" PRId64 ", the journal ends at %" PRId64
               ": its end was cut off, or an old copy was put back.\n",
               pair->bureau_seq, last_seq);
    } else if (pair->bureau_seq < last_seq) {
        char text[MONEY_TEXT_SIZE];
        printf("Entries %" PRId64 " to %" PRId64 " have not reached the bureau yet; %s yuan were "
               "taken in them.\n",
               pair->bureau_seq + 1, last_seq, yuan(pair->unsent_fen[BOOK_CASH_BOX], text));
    } else if (pair->differing == 0) {
        printf("The bureau has every entry of the journal, up to %" PRId64 ".\n", last_seq);
    }
}

static const json_t *find_in_ledger(const struct pair *pair)
{
    size_t index;
    json_t *kiosk;
    json_array_foreach(json_object_get(pair->ledger, "kiosks"), index, kiosk)
    {
        const char *id = json_string_value(json_object_get(kiosk, "id"));
        if (id && strcmp(id, pair->kiosk) == 0)
            return kiosk;
    }
    return NULL;
}

static int count_dead_letters(const struct pair *pair)
{
    int count = 0;
    size_t index;
    json_t *letter;
    json_array_foreach(json_object_get(pair->ledger, "dead_letters"), index, letter)
    {
        const char *id = json_string_value(json_object_get(letter, "kiosk"));
        count += id && strcmp(id, pair->kiosk) == 0;
    }
    return count;
}

static void explain_account(struct pair *pair, enum book_account account, int64_t theirs_fen,
                            int dead_letters)
{
    char ours[MONEY_TEXT_SIZE], theirs[MONEY_TEXT_SIZE], rest[MONEY_TEXT_SIZE];
    int64_t ours_fen = journal_account_balance(pair->journal, account);
    int64_t rest_fen = ours_fen - theirs_fen - pair->unsent_fen[account];
    if (ours_fen == theirs_fen)
        return;
    printf("Of %s the journal has %s yuan, the bureau %s: ", ACCOUNTS[account],
           yuan(ours_fen, ours), yuan(theirs_fen, theirs));
    if (rest_fen == 0) {
        puts("the entries on their way make up for it.");
        return;
    }
    pair->findings++;
    if (dead_letters > 0)
        printf("%s yuan lie in the entries the bureau set aside, below.\n",
               yuan(llabs(rest_fen), rest));
    else
        printf(
            "no entry makes up for the difference of %s yuan; count the cash box and compare both "
            "books.\n",
            yuan(llabs(rest_fen), rest));
}

static enum status explain_books(struct pair *pair)
{
    enum status status = ledger_build(pair->bureau, &pair->ledger);
    if (status != STATUS_OK)
        return status;
    const json_t *accounts = json_object_get(find_in_ledger(pair), "accounts");
    int dead_letters = count_dead_letters(pair);
    for (int i = 0; i < BOOK_ACCOUNTS; i++)
        explain_account(
            pair, (enum book_account)i,
            json_integer_value(json_object_get(accounts, book_account_name((enum book_account)i))),
            dead_letters);
    if (dead_letters > 0) {
        printf("The bureau set %d entries aside:\n", dead_letters);
        dead_letter_print_all(stdout, pair->ledger, pair->kiosk);
        pair->findings += dead_letters;
    }
    json_decref(pair->ledger);
    return STATUS_OK;
}

int explain_journal_and_bureau(struct journal *journal, struct bureau_store *bureau)
{
    struct pair pair = { .journal = journal, .bureau = bureau };
    if (find_kiosk(&pair) != STATUS_OK) {
        puts("The bureau has no entry of this journal: nothing was ever sent, or it is another "
             "kiosk's.");
        return 1;
    }
    printf("The journal is that of kiosk %s.\n", pair.kiosk);
    enum status status = find_difference(&pair);
    if (status == STATUS_OK)
        status = journal_read(journal, pair.bureau_seq + 1, INT64_MAX, add_unsent, &pair);
    if (status == STATUS_OK) {
        explain_chain(&pair);
        status = explain_books(&pair);
        pair.findings += explain_doubtful(journal);
    }
    if (status != STATUS_OK)
        printf("The comparison stopped: %s.\n", status_name(status));
    return status == STATUS_OK ? pair.findings : pair.findings + 1;
}

/* ---- the device ---- */

static const char *const YUAN[] = { "1", "5", "10", "20", "50", "100" };

static bool is_count(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool is_denomination(const char *text)
{
    for (size_t i = 0; i < ARRAY_SIZE(YUAN); i++)
        if (strcmp(text, YUAN[i]) == 0)
            return true;
    return false;
}

const char *explain_check_device(const json_t *device)
{
    const json_t *box = json_object_get(device, "box");
    const char *member;
    json_t *value;
    json_object_foreach((json_t *)device, member, value)
    {
        if (strcmp(member, "acceptor") != 0 && strcmp(member, "stacked") != 0 &&
            strcmp(member, "box") != 0)
            return "only \"acceptor\", \"stacked\" and \"box\" can stand in it";
        if (strcmp(member, "acceptor") == 0 && !json_is_string(value))
            return "\"acceptor\" is a serial number in quotes";
        if (strcmp(member, "stacked") == 0 && !is_count(value))
            return "\"stacked\" is a number of notes";
        if (strcmp(member, "box") == 0 && !json_is_object(value))
            return "\"box\" lists notes by yuan";
    }
    json_object_foreach((json_t *)box, member, value)
    {
        if (!is_denomination(member) || !is_count(value))
            return "\"box\" lists how many notes there are of 1, 5, 10, 20, 50 and 100 yuan";
    }
    return NULL;
}

static int explain_counter(struct journal *journal, const json_t *device)
{
    char known[DEVICE_SERIAL_SIZE] = "";
    struct cash_note last;
    const char *serial = json_string_value(json_object_get(device, "acceptor"));
    const json_t *stacked = json_object_get(device, "stacked");
    if (!stacked)
        return 0;
    if (journal_get_fact(journal, "acceptor.serial", known, sizeof known) != STATUS_OK ||
        cash_note_load(journal, &last) != STATUS_OK) {
        puts("The journal has not met an acceptor yet, so its counter says nothing.");
        return 0;
    }
    if (serial && strcmp(serial, known) != 0) {
        printf(
            "The acceptor is %s, the journal was kept with %s: it was exchanged, and the counters "
            "cannot be compared.\n",
            serial, known);
        return 1;
    }
    int64_t expected = cash_audit_expected(journal, known, &last);
    int32_t ahead = cash_counter_ahead(json_integer_value(stacked), expected);
    if (ahead == 0)
        printf("The acceptor's counter and the journal agree at %" PRId64 ".\n", expected);
    else if (ahead > 0)
        printf("The acceptor took %" PRId32
               " notes that no entry explains: they lie in the box, or "
               "it was used without the kiosk.\n",
               ahead);
    else
        printf("The journal explains %" PRId32
               " notes more than the acceptor took: its counter was "
               "set back, or the journal was changed.\n",
               -ahead);
    return ahead != 0;
}

static int explain_denomination(const char *value, int64_t counted, int64_t booked)
{
    char text[MONEY_TEXT_SIZE];
    int64_t fen = strtoll(value, NULL, 10) * 100 * llabs(counted - booked);
    if (counted == booked)
        return 0;
    if (counted > booked)
        printf("Of %s yuan there are %" PRId64 " notes in the box and %" PRId64
               " in the journal: %s "
               "yuan too much, which belong to somebody.\n",
               value, counted, booked, yuan(fen, text));
    else
        printf("Of %s yuan there are %" PRId64 " notes in the box and %" PRId64
               " in the journal: %s "
               "yuan are missing.\n",
               value, counted, booked, yuan(fen, text));
    return 1;
}

static int explain_box(struct journal *journal, const json_t *device)
{
    const json_t *box = json_object_get(device, "box");
    int findings = 0;
    if (!box)
        return 0;
    for (size_t i = 0; i < ARRAY_SIZE(YUAN); i++)
        findings += explain_denomination(
            YUAN[i], json_integer_value(json_object_get(box, YUAN[i])),
            journal_cash_unit_count(journal, strtoll(YUAN[i], NULL, 10) * 100));
    if (findings == 0)
        puts("The notes counted in the box are those of the journal.");
    int64_t unknown = journal_cash_unit_count(journal, 0);
    if (unknown > 0)
        printf("%" PRId64
               " notes of unknown value are in the journal; what is too much above may be "
               "they.\n",
               unknown);
    return findings;
}

int explain_journal_and_device(struct journal *journal, const json_t *device)
{
    return explain_counter(journal, device) + explain_box(journal, device) +
           explain_doubtful(journal);
}

static int64_t sum_of_box(const json_t *device)
{
    int64_t sum_fen = 0;
    const char *value;
    json_t *count;
    json_object_foreach(json_object_get(device, "box"), value, count) sum_fen +=
        strtoll(value, NULL, 10) * 100 * json_integer_value(count);
    return sum_fen;
}

/* The bureau keeps sums and no notes. */
int explain_bureau_and_device(struct bureau_store *bureau, const json_t *device)
{
    char box[MONEY_TEXT_SIZE], books[MONEY_TEXT_SIZE];
    struct db_statement *statement;
    int64_t booked_fen = 0;
    if (db_prepare(bureau->db, "SELECT coalesce(sum(balance), 0) FROM ledger WHERE account = ?1",
                   &statement) != STATUS_OK)
        return 1;
    db_bind_text(statement, 1, book_account_name(BOOK_CASH_BOX));
    if (db_step(statement) == STATUS_OK)
        booked_fen = db_column_int(statement, 0);
    db_finalize(statement);
    int64_t sum_fen = sum_of_box(device);
    printf("In the box are %s yuan, in the bureau's books for all its kiosks %s: %s.\n",
           yuan(sum_fen, box), yuan(booked_fen, books),
           sum_fen == booked_fen  ? "they agree"
           : sum_fen > booked_fen ? "the rest is on its way, or belongs to somebody; compare the "
                                    "journal with each"
                                  : "money is missing, or other kiosks took it; compare the "
                                    "journal with each");
    return sum_fen != booked_fen;
}

int explain_two_journals(struct journal *a, struct journal *b)
{
    int64_t last_a = journal_last_seq(a), last_b = journal_last_seq(b);
    for (int64_t seq = 1; seq <= last_a && seq <= last_b; seq++) {
        uint8_t hash_a[JOURNAL_HASH_SIZE], hash_b[JOURNAL_HASH_SIZE];
        if (journal_hash_at(a, seq, hash_a) == STATUS_OK &&
            journal_hash_at(b, seq, hash_b) == STATUS_OK &&
            memcmp(hash_a, hash_b, sizeof hash_a) == 0)
            continue;
        printf("The journals part at entry %" PRId64 ".\n", seq);
        return 1;
    }
    printf("Up to entry %" PRId64 " both have the same entries.\n",
           last_a < last_b ? last_a : last_b);
    if (last_a != last_b)
        printf("The %s one goes on to %" PRId64
               ": the other is an older copy, or was cut off. If it is "
               "the one in the kiosk, take the kiosk out of service.\n",
               last_a > last_b ? "first" : "second", last_a > last_b ? last_a : last_b);
    return last_a != last_b;
}
