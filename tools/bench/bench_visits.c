#include "tools/bench/bench_visits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"

#define PERSONS 50000 /* who come to one kiosk, in turn */
#define MONTHS 3
#define HUNDRED_FEN 10000
#define SEALED_CHARACTERS 400

static const char NOTE[] = "{\"value\":10000,\"acceptor\":\"4880564\",\"stacked\":123456}";

/* The keyed hash of an ID number looks like any 32 bytes. */
static void name_person(int64_t person, char out[65])
{
    uint64_t mixed = (uint64_t)person * UINT64_C(0x9E3779B97F4A7C15);
    for (int i = 0; i < 4; i++) {
        mixed ^= mixed >> 29;
        mixed *= UINT64_C(0xBF58476D1CE4E5B9);
        mixed ^= mixed >> 32;
        snprintf(out + (ptrdiff_t)16 * i, 17, "%016llx", (unsigned long long)mixed);
    }
}

/* Months since 2026-01, three for each time the person comes. */
static void name_month(int64_t month, char out[12])
{
    snprintf(out, 12, "%04d-%02d", (int)(2026 + month / 12 % 70), (int)(month % 12 + 1));
}

static void fill_quote(struct bench_visit *visit, const char *person, int64_t first_month)
{
    char lines[1400] = "", sealed[SEALED_CHARACTERS + 1], month[12];
    memset(sealed, 'x', SEALED_CHARACTERS);
    sealed[SEALED_CHARACTERS] = '\0';
    for (int i = 0; i < 2 * MONTHS; i++) {
        size_t used = strlen(lines);
        name_month(first_month + i / 2, month);
        CHECK(
            text_format(lines + used, sizeof lines - used,
                        "%s{\"month\":\"%s\",\"insurance\":\"%s\",\"code\":\"%s\",\"base\":746000,"
                        "\"rate\":80000,\"amount\":3300,\"account\":0}",
                        i ? "," : "", month, i % 2 ? "medical" : "pension", i % 2 ? "310" : "110"));
    }
    CHECK(text_format(
        visit->quote, sizeof visit->quote,
        "{\"account\":\"990100000017\",\"person\":\"%s\",\"sealed\":\"%s\",\"due\":19800,"
        "\"lines\":[%s],\"policy\":\"bench\",\"revision\":1,\"surplus\":\"credit\"}",
        person, sealed, lines));
}

static void fill_completed(struct bench_visit *visit, int64_t number, int64_t first_month)
{
    char months[200] = "", month[12];
    for (int i = 0; i < MONTHS; i++) {
        size_t used = strlen(months);
        name_month(first_month + i, month);
        CHECK(text_format(months + used, sizeof months - used,
                          "%s{\"month\":\"%s\",\"amount\":6600}", i ? "," : "", month));
    }
    CHECK(text_format(visit->completed, sizeof visit->completed,
                      "{\"paid\":20000,\"applied\":19800,\"surplus\":200,\"outcome\":\"paid\","
                      "\"voucher\":\"990101%010lld\",\"months\":[%s]}",
                      (long long)number, months));
}

static void fill_receipt(char *out, size_t size, int64_t number, const char *state)
{
    CHECK(text_format(out, size,
                      "{\"voucher\":\"990101%010lld\",\"paper\":\"payment\",\"state\":\"%s\","
                      "\"copy\":0}",
                      (long long)number, state));
}

static struct journal_draft credit(const struct bench_visit *visit)
{
    return (struct journal_draft){ .kind = JOURNAL_NOTE_CREDITED,
                                   .txn = visit->txn,
                                   .body = NOTE,
                                   .postings = { { BOOK_CASH_BOX, BOOK_CITIZEN, HUNDRED_FEN } },
                                   .posting_count = 1,
                                   .note_into_box_fen = HUNDRED_FEN };
}

static struct journal_draft plain(const struct bench_visit *visit, enum journal_kind kind,
                                  const char *body)
{
    return (struct journal_draft){ .kind = kind, .txn = visit->txn, .body = body };
}

void bench_visit_fill(struct bench_visit *visit, int64_t number)
{
    char person[65];
    int64_t first_month = number / PERSONS * MONTHS;
    name_person(number % PERSONS, person);
    CHECK(text_format(visit->txn, sizeof visit->txn, "K000003-20261123-%08lld", (long long)number));
    fill_quote(visit, person, first_month);
    fill_completed(visit, number, first_month);
    fill_receipt(visit->composed, sizeof visit->composed, number, "composed");
    fill_receipt(visit->sending, sizeof visit->sending, number, "sending");
    fill_receipt(visit->printed, sizeof visit->printed, number, "printed");
    struct journal_draft completed = plain(visit, JOURNAL_PAYMENT_COMPLETED, visit->completed);
    completed.postings[0] = (struct journal_posting){ BOOK_CITIZEN, BOOK_PREMIUM, 19800 };
    completed.postings[1] = (struct journal_posting){ BOOK_CITIZEN, BOOK_SURPLUS, 200 };
    completed.posting_count = 2;
    const struct journal_draft drafts[BENCH_VISIT_ENTRIES] = {
        plain(visit, JOURNAL_QUOTE_ACCEPTED, visit->quote),
        plain(visit, JOURNAL_NOTE_ESCROWED, NOTE),
        credit(visit),
        plain(visit, JOURNAL_NOTE_ESCROWED, NOTE),
        credit(visit),
        completed,
        plain(visit, JOURNAL_RECEIPT_STATE, visit->composed),
        plain(visit, JOURNAL_RECEIPT_STATE, visit->sending),
        plain(visit, JOURNAL_RECEIPT_STATE, visit->printed),
    };
    memcpy(visit->drafts, drafts, sizeof drafts);
}
