#include "tools/guichetctl/guichetctl.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/money.h"
#include "base/text.h"
#include "store/journal.h"
#include "tools/bureau/dead_letter.h"
#include "tools/bureau/ledger.h"
#include "tools/guichetctl/hardware.h"

#define NOT_KNOWN INT64_MIN /* this side has nothing to say */
#define CELL_SIZE 32

struct report {
    struct journal *journal;
    json_t *notes;       /* of the virtual hardware; NULL: not asked */
    json_t *ledger;      /* of the bureau */
    const json_t *kiosk; /* in the ledger; NULL: the bureau does not know this journal */
    int differences;
};

static void format_cell(int64_t value, bool is_money, char cell[CELL_SIZE])
{
    if (value == NOT_KNOWN)
        text_copy(cell, CELL_SIZE, "-");
    else if (is_money)
        money_format(value, 1, cell);
    else
        text_format(cell, CELL_SIZE, "%lld", (long long)value);
}

static void put_row(struct report *report, const char *name, bool is_money, const int64_t sides[3])
{
    char cells[3][CELL_SIZE];
    int64_t said = NOT_KNOWN;
    bool equal = true;
    for (int i = 0; i < 3; i++) {
        format_cell(sides[i], is_money, cells[i]);
        if (sides[i] == NOT_KNOWN)
            continue;
        equal = equal && (said == NOT_KNOWN || said == sides[i]);
        said = sides[i];
    }
    report->differences += !equal;
    printf("%-34s %14s %14s %14s   %s\n", name, cells[0], cells[1], cells[2],
           equal ? "equal" : "DIFFERS");
}

/* Notes that are the bureau's for good: in the box, past the credit point, or taken out by staff.
 */
static const char *const TAKEN_PLACES[] = { "box", "credited", "collected" };

static int64_t physical_fen(const struct report *report)
{
    int64_t sum_fen = 0;
    if (!report->notes)
        return NOT_KNOWN;
    for (size_t i = 0; i < ARRAY_SIZE(TAKEN_PLACES); i++)
        sum_fen += json_integer_value(
            json_object_get(json_object_get(report->notes, TAKEN_PLACES[i]), "fen"));
    return sum_fen;
}

static int64_t physical_count(const struct report *report, const char *yuan)
{
    int64_t count = 0;
    if (!report->notes)
        return NOT_KNOWN;
    for (size_t i = 0; i < ARRAY_SIZE(TAKEN_PLACES); i++) {
        const json_t *place = json_object_get(report->notes, TAKEN_PLACES[i]);
        count += json_integer_value(json_object_get(json_object_get(place, "notes"), yuan));
    }
    return count;
}

static int64_t bureau_balance(const struct report *report, enum book_account account)
{
    const json_t *accounts = json_object_get(report->kiosk, "accounts");
    if (!report->kiosk)
        return 0;
    return json_integer_value(json_object_get(accounts, book_account_name(account)));
}

static void report_accounts(struct report *report)
{
    static const char *const TITLES[BOOK_ACCOUNTS] = {
        [BOOK_CASH_BOX] = "cash taken",
        [BOOK_CITIZEN] = "  of a visit under way",
        [BOOK_PREMIUM] = "  contributions",
        [BOOK_SURPLUS] = "  surplus of citizens",
        [BOOK_UNKNOWN] = "  belonging to nobody known",
    };
    for (int i = 0; i < BOOK_ACCOUNTS; i++) {
        enum book_account account = (enum book_account)i;
        put_row(report, TITLES[i], true,
                (const int64_t[]){ account == BOOK_CASH_BOX ? physical_fen(report) : NOT_KNOWN,
                                   journal_account_balance(report->journal, account),
                                   bureau_balance(report, account) });
    }
}

static void report_notes(struct report *report)
{
    static const char *const YUAN[] = { "1", "5", "10", "20", "50", "100" };
    for (size_t i = 0; i < ARRAY_SIZE(YUAN); i++) {
        char title[48];
        int64_t booked = journal_cash_unit_count(report->journal, strtoll(YUAN[i], NULL, 10) * 100);
        int64_t physical = physical_count(report, YUAN[i]);
        text_format(title, sizeof title, "notes of %s yuan", YUAN[i]);
        if (booked != 0 || (physical != 0 && physical != NOT_KNOWN))
            put_row(report, title, false, (const int64_t[]){ physical, booked, NOT_KNOWN });
    }
    int64_t unknown = journal_cash_unit_count(report->journal, 0);
    if (unknown != 0)
        printf("%-34s %14s %14lld %14s   to be resolved by staff\n", "notes of unknown value", "-",
               (long long)unknown, "-");
}

static const json_t *find_payment(const struct report *report, const char *voucher)
{
    size_t index;
    json_t *payment;
    json_array_foreach(json_object_get(report->ledger, "payments"), index, payment)
    {
        const char *text = json_string_value(json_object_get(payment, "voucher"));
        if (text && strcmp(text, voucher) == 0)
            return payment;
    }
    return NULL;
}

static bool report_payment(void *context, const struct journal_entry *entry)
{
    static const char *const SUMS[] = { "paid", "applied", "surplus" };
    struct report *report = context;
    if (strcmp(entry->kind, journal_kind_name(JOURNAL_PAYMENT_COMPLETED)) != 0)
        return true;
    json_t *body = json_loads(entry->body, 0, NULL);
    const char *voucher = json_string_value(json_object_get(body, "voucher"));
    const json_t *payment = find_payment(report, voucher ? voucher : "");
    printf("voucher %s (%s)\n", voucher ? voucher : "?", entry->txn);
    for (size_t i = 0; i < ARRAY_SIZE(SUMS); i++) {
        char title[48];
        text_format(title, sizeof title, "  %s", SUMS[i]);
        put_row(report, title, true,
                (const int64_t[]){ NOT_KNOWN, json_integer_value(json_object_get(body, SUMS[i])),
                                   json_integer_value(json_object_get(payment, SUMS[i])) });
    }
    json_decref(body);
    return true;
}

/* The bureau's kiosk whose last entry is one of ours. */
static const json_t *find_kiosk(const struct report *report)
{
    size_t index;
    json_t *kiosk;
    json_array_foreach(json_object_get(report->ledger, "kiosks"), index, kiosk)
    {
        uint8_t hash[JOURNAL_HASH_SIZE];
        char hex[2 * JOURNAL_HASH_SIZE + 1];
        int64_t seq = json_integer_value(json_object_get(kiosk, "acked_seq"));
        const char *theirs = json_string_value(json_object_get(kiosk, "acked_hash"));
        if (seq == 0 || journal_hash_at(report->journal, seq, hash) != STATUS_OK)
            continue;
        bytes_to_hex(hash, sizeof hash, hex);
        if (theirs && strcmp(theirs, hex) == 0)
            return kiosk;
    }
    return NULL;
}

static void report_chain(struct report *report)
{
    int64_t bad_seq, dead = 0;
    size_t index;
    json_t *letter;
    const char *id = json_string_value(json_object_get(report->kiosk, "id"));
    put_row(report, "entries", false,
            (const int64_t[]){ NOT_KNOWN, journal_last_seq(report->journal),
                               json_integer_value(json_object_get(report->kiosk, "acked_seq")) });
    json_array_foreach(json_object_get(report->ledger, "dead_letters"), index, letter)
    {
        const char *kiosk = json_string_value(json_object_get(letter, "kiosk"));
        dead += id && kiosk && strcmp(id, kiosk) == 0;
    }
    put_row(report, "entries the bureau could not book", false,
            (const int64_t[]){ NOT_KNOWN, 0, dead });
    if (id)
        dead_letter_print_all(stdout, report->ledger, id);
    if (journal_verify(report->journal, &bad_seq) == STATUS_OK) {
        printf("%-34s chain and sums are sound\n", "journal");
        return;
    }
    report->differences++;
    printf("%-34s DIFFERS at entry %lld (-1: sums beside the entries)\n", "journal",
           (long long)bad_seq);
}

static enum status print_report(struct report *report)
{
    report->kiosk = find_kiosk(report);
    const char *id = json_string_value(json_object_get(report->kiosk, "id"));
    printf("kiosk %s\n\n%-34s %14s %14s %14s   %s\n",
           id ? id : "unknown to the bureau, or nothing delivered yet", "yuan or count",
           "physically", "journal", "bureau", "verdict");
    report_accounts(report);
    report_notes(report);
    enum status status = journal_read(report->journal, 1, INT64_MAX, report_payment, report);
    report_chain(report);
    if (report->differences == 0)
        printf("\nAll sides say the same.\n");
    else
        printf("\n%d difference(s).\n", report->differences);
    return status;
}

static enum status read_ledger(const char *path, json_t **ledger_out)
{
    struct bureau_store reader;
    enum status status = bureau_store_open_read_only(&reader, path);
    if (status != STATUS_OK)
        return status;
    status = ledger_build(&reader, ledger_out);
    bureau_store_close(&reader);
    return status;
}

static bool is_well(const char *what, enum status status)
{
    if (status != STATUS_OK)
        fprintf(stderr, "guichetctl: %s: %s\n", what, status_name(status));
    return status == STATUS_OK;
}

int command_report(const char *journal_path, const char *bureau_db, const char *sim_socket)
{
    struct report report = { 0 };
    bool well = is_well(journal_path, journal_open_read_only(journal_path, &report.journal)) &&
                is_well(bureau_db, read_ledger(bureau_db, &report.ledger)) &&
                (!sim_socket || is_well(sim_socket, hardware_ask_notes(sim_socket, &report.notes)));
    if (well)
        well = is_well(journal_path, print_report(&report));
    json_decref(report.ledger);
    json_decref(report.notes);
    journal_close(report.journal);
    return well && report.differences == 0 ? 0 : 1;
}
