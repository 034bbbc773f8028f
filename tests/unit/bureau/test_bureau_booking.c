/*
 * What the bureau lets a kiosk book, and what it sets aside: whose account, whose voucher, which
 * money, how often, and who came twice.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "support/unit.h"
#include "tools/bureau/dead_letter.h"
#include "tools/bureau/desk.h"
#include "tools/bureau/ledger.h"
#include "tools/bureau/person.h"
#include "unit/bureau/desk_rig.h"

#define OTHER_TXN "K0003-20261123-000319"
#define THIRD_VOUCHER "990000000003202611230000024"
#define OTHER_VOUCHER "990000000003202611230000016"
#define VOUCHER_OF_KIOSK_9 "990000000009202611230000013"
#define VOUCHER_OF_ELSEWHERE "310000000003202611230003203"
#define ID_NUMBER "99010119900307888X"

#define REGISTERED_1 "{\"account\":\"990100000001\",\"person\":\"aa\",\"sealed\":\"\"}"
#define QUOTE_1 "{\"account\":\"990100000001\",\"person\":\"aa\",\"due\":14950}"
#define NOTE_100 "{\"value\":10000,\"post\":[[\"cash_box\",\"citizen\",10000]],\"box\":10000}"
#define PAYMENT_100(voucher)                                                                       \
    "{\"paid\":10000,\"applied\":10000,\"surplus\":0,\"outcome\":\"complete\",\"voucher\":"        \
    "\"" voucher "\",\"post\":[[\"citizen\",\"premium\",10000]]}"

static void books_one_payment_of_a_visit(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    assert_string_equal(
        try_entry(rig, "payment_completed",
                  "{\"paid\":15000,\"applied\":14950,\"surplus\":50,\"voucher\":\"" OTHER_VOUCHER
                  "\",\"post\":[[\"citizen\",\"premium\",14950],[\"citizen\",\"surplus\",50]]}"),
        "already_paid");
    assert_true(ledger_says(rig, "\"premium\":14950,\"surplus\":50}]"));
    assert_true(ledger_says(rig, "\"citizen\":0,"));
}

static void takes_no_note_quote_or_cancellation_into_a_visit_that_is_paid(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "visit_closed");
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "already_paid");
    assert_string_equal(try_entry(rig, "payment_cancelled", "{\"why\":\"cancelled\"}"),
                        "already_paid");
    assert_true(ledger_says(rig, "\"cash_box\":15000,\"citizen\":0,"));
}

/* ---- a month, whichever kiosk took it ---- */

#define DIFFERENCE ",\"kind\":\"difference\""
#define BILL_OF(month, revision, kind)                                                             \
    "{\"account\":\"990100000001\",\"person\":\"aa\",\"due\":10000,\"revision\":" revision         \
    ",\"months\":[{\"month\":\"" month "\",\"amount\":10000}],\"lines\":[{\"month\":\"" month      \
    "\",\"insurance\":\"pension\",\"code\":\"110\",\"amount\":10000" kind "}]}"
#define COVERED(voucher, months)                                                                   \
    "{\"paid\":10000,\"applied\":10000,\"surplus\":0,\"outcome\":\"complete\",\"months\":[" months \
    "],\"voucher\":\"" voucher "\",\"post\":[[\"citizen\",\"premium\",10000]]}"
#define COVERS(month) "{\"month\":\"" month "\",\"amount\":10000}"

static void register_one(struct desk_rig *rig)
{
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    assert_string_equal(try_entry(rig, "registered", REGISTERED_1), "");
}

/* A visit of its own with one note; why its payment was refused, "" it was booked. */
static const char *pay_bill(struct desk_rig *rig, const char *txn, const char *bill,
                            const char *payment)
{
    rig->txn = txn;
    assert_string_equal(try_entry(rig, "quote_accepted", bill), "");
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "");
    return try_entry(rig, "payment_completed", payment);
}

static void books_a_month_of_an_account_once(void **state)
{
    struct desk_rig *rig = *state;
    register_one(rig);
    assert_string_equal(
        pay_bill(rig, TXN, BILL_OF("2026-11", "1", ""), COVERED(VOUCHER, COVERS("2026-11"))), "");
    assert_string_equal(pay_bill(rig, OTHER_TXN, BILL_OF("2026-11", "1", ""),
                                 COVERED(OTHER_VOUCHER, COVERS("2026-11"))),
                        "month_paid");
    assert_true(ledger_says(rig, "\"detail\":\"2026-11 110\""));
    /* The note is in the box and waits for staff; nobody is credited with it. */
    assert_true(ledger_says(rig, "\"cash_box\":20000,\"citizen\":10000,\"premium\":10000"));
    assert_true(ledger_says(rig, "\"premium\":10000,\"surplus\":0}]"));
}

static void books_a_month_that_was_quoted_before_but_not_covered(void **state)
{
    struct desk_rig *rig = *state;
    register_one(rig);
    assert_string_equal(pay_bill(rig, TXN, BILL_OF("2026-11", "1", ""), COVERED(VOUCHER, "")), "");
    assert_string_equal(pay_bill(rig, OTHER_TXN, BILL_OF("2026-11", "1", ""),
                                 COVERED(OTHER_VOUCHER, COVERS("2026-11"))),
                        "");
}

static void books_a_difference_beside_its_month_but_once(void **state)
{
    struct desk_rig *rig = *state;
    register_one(rig);
    assert_string_equal(
        pay_bill(rig, TXN, BILL_OF("2026-11", "1", ""), COVERED(VOUCHER, COVERS("2026-11"))), "");
    assert_string_equal(pay_bill(rig, OTHER_TXN, BILL_OF("2026-11", "2", DIFFERENCE),
                                 COVERED(OTHER_VOUCHER, COVERS("2026-11"))),
                        "");
    assert_string_equal(pay_bill(rig, "K0003-20261123-000320", BILL_OF("2026-11", "2", DIFFERENCE),
                                 COVERED(THIRD_VOUCHER, COVERS("2026-11"))),
                        "month_paid");
}

static void begins_anew_after_a_cancellation_but_not_before(void **state)
{
    struct desk_rig *rig = *state;
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    assert_string_equal(try_entry(rig, "registered", REGISTERED_1), "");
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "");
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "already_quoted");
    assert_string_equal(try_entry(rig, "payment_cancelled", "{\"why\":\"cancelled\"}"), "");
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "visit_closed");
    assert_string_equal(try_entry(rig, "payment_completed", PAYMENT_100(VOUCHER)), "visit_closed");
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "");
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "");
    assert_string_equal(try_entry(rig, "payment_cancelled", "{\"why\":\"cancelled\"}"), "bad_sum");
    assert_string_equal(try_entry(rig, "payment_completed", PAYMENT_100(VOUCHER)), "");
}

static void books_nothing_on_an_account_nobody_registered(void **state)
{
    struct desk_rig *rig = *state;
    assert_int_equal(lease(rig, "000009", "1-bb", 10), 200);
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "account_unknown");
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "");
    assert_string_equal(try_entry(rig, "payment_completed", PAYMENT_100(VOUCHER)), "visit_unknown");
    become_kiosk(rig, "000009");
    assert_string_equal(try_entry(rig, "registered", REGISTERED_1), ""); /* whose number it is */
    assert_true(ledger_says(rig, "{\"account\":\"990100000001\",\"kiosk\":\"000009\",\"premium\":0,"
                                 "\"surplus\":0}"));
}

static void keeps_the_cash_of_a_refused_registration_for_staff(void **state)
{
    struct desk_rig *rig = *state;
    assert_int_equal(lease(rig, "000009", "1-bb", 10), 200);
    assert_string_equal(try_entry(rig, "registered", REGISTERED_1), "number_not_leased");
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "account_unknown");
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "");
    assert_string_equal(try_entry(rig, "payment_completed", PAYMENT_100(VOUCHER)), "visit_unknown");
    assert_true(ledger_says(rig, "\"accounts\":{\"cash_box\":10000,\"citizen\":10000}"));
    assert_true(ledger_says(rig, "\"citizens\":[]"));
    assert_true(ledger_says(rig, "\"payments\":[]"));
}

static void never_credits_somebody_else_with_the_payment_of_a_taken_number(void **state)
{
    struct desk_rig *rig = *state;
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    assert_string_equal(try_entry(rig, "registered", REGISTERED_1), "");
    assert_string_equal(
        try_entry(rig, "registered",
                  "{\"account\":\"990100000001\",\"person\":\"bb\",\"sealed\":\"\"}"),
        "number_taken");
    assert_string_equal(try_entry(rig, "quote_accepted",
                                  "{\"account\":\"990100000001\",\"person\":\"bb\",\"due\":100}"),
                        "account_of_another");
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "");
    assert_string_equal(try_entry(rig, "payment_completed", PAYMENT_100(VOUCHER)), "visit_unknown");
    assert_true(ledger_says(rig, "\"premium\":0,\"surplus\":0}"));
}

static void lets_no_kiosk_pay_into_an_account_of_another(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    become_kiosk(rig, "000009");
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "account_of_another");
}

#define BILL(due, months, lines)                                                                   \
    "{\"account\":\"990100000001\",\"person\":\"aa\",\"due\":" due ",\"months\":[" months          \
    "],\"lines\":[" lines "]}"
#define OCTOBER(fen) "{\"month\":\"2026-10\",\"amount\":" fen "}"
#define NOVEMBER(fen) "{\"month\":\"2026-11\",\"amount\":" fen "}"
#define LINE(month, fen, more)                                                                     \
    "{\"month\":\"2026-" month "\",\"code\":\"110\",\"amount\":" fen more "}"
#define DIFFERENCE ",\"kind\":\"difference\""

/* A difference stands for a month that was paid; it is no second payment of it. */
static void takes_only_bills_whose_lines_make_their_months(void **state)
{
    struct desk_rig *rig = *state;
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    assert_string_equal(try_entry(rig, "registered", REGISTERED_1), "");
    static const char *const BAD[] = {
        BILL("100", NOVEMBER("100"), LINE("11", "99", "")),
        BILL("101", NOVEMBER("100"), LINE("11", "100", "")),
        BILL("100", NOVEMBER("100"), LINE("10", "100", "")),
        BILL("200", NOVEMBER("200"), LINE("11", "100", "") "," LINE("11", "100", "")),
        BILL("200", NOVEMBER("200"), LINE("11", "100", "") "," LINE("11", "100", DIFFERENCE)),
        BILL("100", NOVEMBER("100"), LINE("11", "100", ",\"kind\":\"gift\"")),
        BILL("0", NOVEMBER("0"), LINE("11", "0", "")),
        BILL("200", NOVEMBER("100") "," OCTOBER("100"),
             LINE("11", "100", "") "," LINE("10", "100", "")),
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_string_equal(try_entry(rig, "quote_accepted", BAD[i]), "bad_quote");
    assert_string_equal(
        try_entry(rig, "quote_accepted",
                  BILL("155", OCTOBER("50") "," NOVEMBER("105"),
                       LINE("10", "50", DIFFERENCE) "," LINE("11", "100", ",\"surcharge\":5"))),
        "");
}

static void takes_only_vouchers_that_this_kiosk_can_have_given(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    rig->txn = OTHER_TXN;
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "");
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "");
    static const struct {
        const char *body, *reason;
    } CASES[] = {
        { PAYMENT_100(""), "voucher_invalid" },
        { PAYMENT_100("another-number"), "voucher_invalid" },
        { PAYMENT_100("990000000003202611230000017"), "voucher_invalid" }, /* not its check digit */
        { PAYMENT_100("9900000000032026112300000160"), "voucher_invalid" },
        { PAYMENT_100(VOUCHER_OF_KIOSK_9), "voucher_invalid" },
        { PAYMENT_100(VOUCHER_OF_ELSEWHERE), "voucher_invalid" }, /* it paid in 990000 before */
        { PAYMENT_100(VOUCHER), "voucher_taken" },
        { PAYMENT_100(OTHER_VOUCHER), "" },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(try_entry(rig, "payment_completed", CASES[i].body), CASES[i].reason);
}

static void takes_only_vouchers_of_its_own_region_when_told_one(void **state)
{
    struct desk_rig *rig = *state;
    snprintf(rig->store.region, sizeof rig->store.region, "310000");
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    assert_string_equal(try_entry(rig, "registered", REGISTERED_1), "");
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "");
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "");
    assert_string_equal(try_entry(rig, "payment_completed", PAYMENT_100(VOUCHER)),
                        "voucher_invalid");
    assert_string_equal(try_entry(rig, "payment_completed", PAYMENT_100(VOUCHER_OF_ELSEWHERE)), "");
}

static void lets_each_kind_move_only_its_own_money(void **state)
{
    static const struct {
        const char *kind, *body, *reason;
    } CASES[] = {
        { "box_event", "{\"post\":[[\"unknown\",\"premium\",99]]}", "postings_not_allowed" },
        { "receipt_state", "{\"post\":[[\"cash_box\",\"citizen\",1]]}", "postings_not_allowed" },
        { "payment_cancelled", "{\"post\":[[\"citizen\",\"cash_box\",1]]}",
          "postings_not_allowed" },
        { "note_escrowed", "{\"value\":1,\"post\":[[\"cash_box\",\"citizen\",1]]}",
          "postings_not_allowed" },
        { "note_credited",
          "{\"value\":1,\"post\":[[\"cash_box\",\"citizen\",1],[\"citizen\",\"surplus\",1]]}",
          "postings_not_allowed" },
        { "note_unknown", "{\"value\":1,\"post\":[[\"cash_box\",\"citizen\",1]]}",
          "postings_not_allowed" },
        { "note_unknown", "{\"value\":1,\"post\":[[\"cash_box\",\"unknown\",2]]}",
          "note_not_booked" },
        { "note_unknown", "{\"value\":2,\"post\":[[\"cash_box\",\"unknown\",2]]}", "" },
        { "note_unknown", "{\"value\":0,\"why\":\"cannot_tell\"}", "" },
        { "note_returned", "{\"value\":500,\"reason\":\"host\"}", "" },
        { "payment_completed",
          "{\"paid\":1,\"applied\":1,\"surplus\":0,\"post\":[[\"citizen\",\"premium\",1],"
          "[\"cash_box\",\"premium\",1]]}",
          "postings_not_allowed" },
    };
    struct desk_rig *rig = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(try_entry(rig, CASES[i].kind, CASES[i].body), CASES[i].reason);
    assert_true(ledger_says(rig, "\"accounts\":{\"cash_box\":2,\"unknown\":2}"));
}

/* ---- who came twice ---- */

static void make_key(struct desk_rig *rig, struct person_key *key)
{
    assert_true(sodium_init() >= 0);
    assert_int_equal(sealing_make_key(rig->folder), STATUS_OK);
    assert_int_equal(person_read_key(rig->folder, key), STATUS_OK);
    char path[160];
    for (int i = 0; i < 2; i++) { /* so that the folder can be removed */
        snprintf(path, sizeof path, "%s/bureau.%s", rig->folder, i == 0 ? "key" : "pub");
        unlink(path);
    }
}

static const char *register_sealed(struct desk_rig *rig, const struct person_key *key,
                                   const char *account, const char *number)
{
    char plain[128], text[512], body[768];
    unsigned char box[256];
    int size = snprintf(plain, sizeof plain, "{\"name\":\"张三\",\"number\":\"%s\"}", number);
    crypto_box_seal(box, (const unsigned char *)plain, (unsigned)size, key->sealing.public_key);
    sodium_bin2base64(text, sizeof text, box, (unsigned)size + crypto_box_SEALBYTES,
                      sodium_base64_VARIANT_ORIGINAL);
    snprintf(body, sizeof body, "{\"account\":\"%s\",\"person\":\"%s\",\"sealed\":\"%s\"}", account,
             rig->kiosk, text);
    return try_entry(rig, "registered", body);
}

static void registers_no_person_at_two_kiosks(void **state)
{
    struct desk_rig *rig = *state;
    struct person_key key;
    make_key(rig, &key);
    rig->store.person_key = &key;
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    assert_int_equal(lease(rig, "000009", "1-bb", 10), 200);
    assert_string_equal(register_sealed(rig, &key, "990100000001", ID_NUMBER), "");
    become_kiosk(rig, "000009");
    assert_string_equal(register_sealed(rig, &key, "990100000011", "99010119900307888x"),
                        "person_known");
    assert_true(ledger_says(rig, "\"detail\":\"990100000001\""));
    char *told = json_dumps(rig->reply, 0); /* the other kiosk is not told whose it is */
    assert_null(strstr(told, "990100000001"));
    free(told);
    assert_string_equal(register_sealed(rig, &key, "990100000012", "990101199003078871"), "");
}

static bool file_holds(const char *path, const char *suffix, const char *text)
{
    static char content[1024 * 1024];
    char name[128];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    size_t size = fread(content, 1, sizeof content, file);
    assert_true(feof(file));
    fclose(file);
    return memmem(content, size, text, strlen(text)) != NULL;
}

static void keeps_no_id_number_in_its_file(void **state)
{
    struct desk_rig *rig = *state;
    struct person_key key;
    struct db_statement *statement;
    char tag[PERSON_TAG_SIZE];
    make_key(rig, &key);
    rig->store.person_key = &key;
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    assert_string_equal(register_sealed(rig, &key, "990100000001", ID_NUMBER), "");
    assert_int_equal(db_prepare(rig->store.db, "SELECT person FROM citizen", &statement),
                     STATUS_OK);
    assert_int_equal(db_step(statement), STATUS_OK);
    snprintf(tag, sizeof tag, "%s", db_column_text(statement, 0));
    db_finalize(statement);
    assert_int_equal(strlen(tag), PERSON_TAG_SIZE - 1);
    assert_false(file_holds(rig->path, "", ID_NUMBER));
    assert_false(file_holds(rig->path, "-wal", ID_NUMBER));
    assert_true(file_holds(rig->path, "-wal", tag)); /* where it would be */
    struct person_key other = key;
    other.tag_key[0] ^= 1; /* the tag says nothing without the key */
    rig->store.person_key = &other;
    assert_string_equal(register_sealed(rig, &key, "990100000002", ID_NUMBER), "");
}

static void sets_aside_a_registration_its_key_does_not_open(void **state)
{
    struct desk_rig *rig = *state;
    struct person_key key, foreign;
    make_key(rig, &key);
    make_key(rig, &foreign);
    rig->store.person_key = &key;
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    assert_string_equal(register_sealed(rig, &foreign, "990100000001", ID_NUMBER),
                        "person_unreadable");
    assert_string_equal(try_entry(rig, "registered", REGISTERED_1), "person_unreadable");
    assert_string_equal(register_sealed(rig, &key, "990100000001", ID_NUMBER), "");
}

static void compares_also_whom_it_registered_before_it_had_the_key(void **state)
{
    struct desk_rig *rig = *state;
    struct person_key key;
    make_key(rig, &key);
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    assert_string_equal(register_sealed(rig, &key, "990100000001", ID_NUMBER), "");
    assert_string_equal(register_sealed(rig, &key, "990100000002", ID_NUMBER), "");
    assert_string_equal(
        try_entry(rig, "registered", "{\"account\":\"990100000003\",\"person\":\"cc\"}"), "");
    rig->store.person_key = &key;
    assert_int_equal(person_tag_citizens(&rig->store), STATUS_OK);
    assert_string_equal(register_sealed(rig, &key, "990100000004", ID_NUMBER), "person_known");
    assert_true(ledger_says(rig, "\"detail\":\"990100000001\""));
}

/* ---- books from before ---- */

/* The first version's schema, with a visit booked by it. */
static const char FIRST_BOOKS[] =
    "CREATE TABLE kiosk(id TEXT PRIMARY KEY, acked_seq INTEGER NOT NULL, acked_hash BLOB NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE entry(kiosk TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,"
    " txn TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL,"
    " received INTEGER NOT NULL, PRIMARY KEY(kiosk, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE dead_letter(kiosk TEXT NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL,"
    " PRIMARY KEY(kiosk, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE ledger(kiosk TEXT NOT NULL, account TEXT NOT NULL, balance INTEGER NOT NULL,"
    " PRIMARY KEY(kiosk, account)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE citizen(account TEXT PRIMARY KEY, kiosk TEXT NOT NULL, registered INTEGER,"
    " sealed TEXT NOT NULL DEFAULT '', premium INTEGER NOT NULL DEFAULT 0,"
    " surplus INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;"
    "CREATE TABLE visit(kiosk TEXT NOT NULL, txn TEXT NOT NULL, account TEXT NOT NULL DEFAULT '',"
    " credited INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(kiosk, txn)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE payment(voucher TEXT PRIMARY KEY, kiosk TEXT NOT NULL, txn TEXT NOT NULL,"
    " seq INTEGER NOT NULL, at INTEGER NOT NULL, account TEXT NOT NULL, paid INTEGER NOT NULL,"
    " applied INTEGER NOT NULL, surplus INTEGER NOT NULL, outcome TEXT NOT NULL,"
    " hash16 TEXT NOT NULL, receipt TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;"
    "CREATE TABLE number_next(prefix TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT,"
    " WITHOUT ROWID;"
    "CREATE TABLE number_lease(kiosk TEXT NOT NULL, request TEXT NOT NULL, prefix TEXT NOT NULL,"
    " first INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(kiosk, request)) STRICT,"
    " WITHOUT ROWID;"
    "INSERT INTO entry VALUES('000004', 1, 1, 'T1', 'registered', 'no json', x'00', 1),"
    " ('000004', 2, 1, 'T1', 'registered', '{\"account\":\"990100000001\",\"person\":\"aa\"}',"
    "  x'00', 1), ('000004', 3, 1, 'T2', 'payment_cancelled', '{}', x'00', 1);"
    "INSERT INTO kiosk VALUES('000004', 3, zeroblob(32));"
    "INSERT INTO dead_letter VALUES('000004', 1, 'body_not_json');"
    "INSERT INTO citizen(account, kiosk) VALUES('990100000001', '000004');"
    "INSERT INTO visit VALUES('000004', 'T1', '990100000001', 100),"
    " ('000004', 'T2', '990100000001', 0);"
    "INSERT INTO payment VALUES('1', '000004', 'T1', 4, 1, '990100000001', 100, 100, 0, '', '', "
    "'');"
    "PRAGMA user_version = 1";

static void open_first_books(struct desk_rig *rig, const char *also, enum status expected)
{
    static const char *const SUFFIXES[] = { "", "-wal", "-shm" };
    char path[128];
    struct db *db;
    bureau_store_close(&rig->store);
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        snprintf(path, sizeof path, "%s%s", rig->path, SUFFIXES[i]);
        unlink(path);
    }
    assert_int_equal(db_open(rig->path, DB_READ_WRITE, &db), STATUS_OK);
    assert_int_equal(db_exec(db, FIRST_BOOKS), STATUS_OK);
    assert_int_equal(db_exec(db, also), STATUS_OK);
    db_close(db);
    assert_int_equal(bureau_store_open(&rig->store, rig->path, "9901"), expected);
}

static int64_t count_rows(struct desk_rig *rig, const char *sql)
{
    struct db_statement *statement;
    assert_int_equal(db_prepare(rig->store.db, sql, &statement), STATUS_OK);
    assert_int_equal(db_step(statement), STATUS_OK);
    int64_t count = db_column_int(statement, 0);
    db_finalize(statement);
    return count;
}

static void goes_on_with_the_books_of_the_first_version(void **state)
{
    struct desk_rig *rig = *state;
    open_first_books(rig, "", STATUS_OK);
    assert_int_equal(count_rows(rig, "SELECT count(*) FROM visit WHERE txn || closed IN"
                                     " ('T1paid', 'T2cancelled')"),
                     2);
    assert_int_equal(count_rows(rig, "SELECT count(*) FROM citizen WHERE claim = 'aa'"), 1);
    assert_true(ledger_says(rig, "\"reason\":\"body_not_json\""));
}

static void refuses_books_in_which_a_visit_was_paid_twice(void **state)
{
    struct desk_rig *rig = *state;
    open_first_books(rig,
                     "INSERT INTO payment VALUES('2', '000004', 'T1', 5, 1, '990100000001', 100,"
                     " 100, 0, '', '', '')",
                     STATUS_EXISTS);
}

/* ---- for staff ---- */

static void tells_staff_what_to_do_about_every_reason(void **state)
{
    static const char *const REASONS[] = {
        "body_not_json",     "unknown_kind",     "bad_posting",        "postings_not_allowed",
        "number_not_leased", "number_taken",     "person_known",       "person_unreadable",
        "bad_quote",         "account_unknown",  "account_of_another", "already_quoted",
        "already_paid",      "note_not_booked",  "visit_closed",       "visit_unknown",
        "voucher_taken",     "bad_sum",          "voucher_invalid",    "bad_root",
        "root_not_signed",   "root_key_changed", "month_paid",
    };
    (void)state;
    const char *none = dead_letter_remedy("no such word");
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++) {
        const char *sentence = dead_letter_remedy(REASONS[i]);
        assert_string_not_equal(sentence, none);
        assert_int_equal(sentence[strlen(sentence) - 1], '.');
        assert_null(strstr(sentence, ". ")); /* one sentence */
    }
}

static void prints_a_dead_letter_with_its_remedy(void **state)
{
    struct desk_rig *rig = *state;
    char *text;
    size_t size;
    json_t *ledger;
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE_1), "account_unknown");
    assert_int_equal(ledger_build(&rig->store, &ledger), STATUS_OK);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    ledger_print(out, ledger);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "dead letter: kiosk " KIOSK
                                 " entry 1, quote_accepted of visit " TXN ": account_unknown\n"));
    assert_non_null(strstr(text, dead_letter_remedy("account_unknown")));
    free(text);
    json_decref(ledger);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(books_one_payment_of_a_visit),
        ON_RIG(takes_no_note_quote_or_cancellation_into_a_visit_that_is_paid),
        ON_RIG(begins_anew_after_a_cancellation_but_not_before),
        ON_RIG(books_a_month_of_an_account_once),
        ON_RIG(books_a_month_that_was_quoted_before_but_not_covered),
        ON_RIG(books_a_difference_beside_its_month_but_once),
        ON_RIG(books_nothing_on_an_account_nobody_registered),
        ON_RIG(keeps_the_cash_of_a_refused_registration_for_staff),
        ON_RIG(never_credits_somebody_else_with_the_payment_of_a_taken_number),
        ON_RIG(lets_no_kiosk_pay_into_an_account_of_another),
        ON_RIG(takes_only_bills_whose_lines_make_their_months),
        ON_RIG(takes_only_vouchers_that_this_kiosk_can_have_given),
        ON_RIG(takes_only_vouchers_of_its_own_region_when_told_one),
        ON_RIG(lets_each_kind_move_only_its_own_money),
        ON_RIG(registers_no_person_at_two_kiosks),
        ON_RIG(keeps_no_id_number_in_its_file),
        ON_RIG(sets_aside_a_registration_its_key_does_not_open),
        ON_RIG(compares_also_whom_it_registered_before_it_had_the_key),
        ON_RIG(goes_on_with_the_books_of_the_first_version),
        ON_RIG(refuses_books_in_which_a_visit_was_paid_twice),
        cmocka_unit_test(tells_staff_what_to_do_about_every_reason),
        ON_RIG(prints_a_dead_letter_with_its_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
