#include <assert.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "payment/cash_note.h"

/* Rules over the last note of the journal; no device, no journal, no clock. */

static const char *const CLAIMS[] = {
    [CASH_CLAIM_STACKED] = "stacked",   [CASH_CLAIM_IN_BOX] = "in_box",
    [CASH_CLAIM_IN_FRONT] = "in_front", [CASH_CLAIM_RETURNED] = "returned",
    [CASH_CLAIM_FRAUD] = "fraud",       [CASH_CLAIM_COUNTER] = "counter",
    [CASH_CLAIM_GIVEN_UP] = "given_up",
};
static_assert(ARRAY_SIZE(CLAIMS) == CASH_CLAIMS, "a word for each claim");

const char *cash_claim_name(enum cash_claim_kind kind)
{
    CHECK((unsigned)kind < CASH_CLAIMS);
    return CLAIMS[kind];
}

int32_t cash_counter_ahead(int64_t a, int64_t b)
{
    CHECK(a >= 0 && b >= 0);
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static bool serials_differ(const struct cash_note *last, const struct cash_claim *claim)
{
    return last->serial[0] != '\0' && claim->serial[0] != '\0' &&
           strcmp(last->serial, claim->serial) != 0;
}

static bool is_unresolved(const struct cash_note *last)
{
    return last->state == CASH_NOTE_ESCROWED;
}

/* Given up before, and this may be what became of it. What comes out after the mouth was opened for
 * another payment is a later note, also if no entry tells of it: an acceptor opens with an empty
 * path. */
static bool is_lost(const struct cash_note *last, const struct cash_claim *claim)
{
    bool value_agrees = claim->value_fen == 0 || claim->value_fen == last->escrow_fen;
    bool comes_out = claim->kind == CASH_CLAIM_RETURNED || claim->kind == CASH_CLAIM_IN_FRONT;
    return last->state == CASH_NOTE_UNKNOWN && !last->in_box && last->escrow_fen > 0 &&
           value_agrees && !claim->moved_on && !serials_differ(last, claim) &&
           !(comes_out && last->has_successor);
}

/* The same device's counter, read since, can be set against the one recorded with the note. */
static bool counter_can_tell(const struct cash_note *last, const struct cash_claim *claim)
{
    return !serials_differ(last, claim) && claim->counter_is_fresh && claim->counter >= 0 &&
           last->stacked >= 0;
}

static bool counter_moved_by_one(const struct cash_note *last, const struct cash_claim *claim)
{
    return counter_can_tell(last, claim) && cash_counter_ahead(claim->counter, last->stacked) == 1;
}

static bool counter_stands(const struct cash_note *last, const struct cash_claim *claim)
{
    return counter_can_tell(last, claim) && cash_counter_ahead(claim->counter, last->stacked) == 0;
}

/*
 * Is this the event of the note booked last, told once more because our acknowledgement never
 * reached the device? It is, unless the device has taken up another note since or counted more
 * notes than are booked. Another witness than the one booked (after a power cut a device may report
 * as cleared into the box what it had reported as stacked; no document says) needs the counter's
 * proof.
 */
static bool is_repeat(const struct cash_note *last, const struct cash_claim *claim)
{
    if (!last->in_box || claim->moved_on || serials_differ(last, claim))
        return false;
    /* It takes in nothing without an order, and an order has its entry first: there is no other. */
    if (claim->by_order && claim->value_fen == last->value_fen)
        return true;
    bool comparable = claim->counter >= 0 && last->stacked >= 0;
    int32_t ahead = comparable ? cash_counter_ahead(claim->counter, last->stacked) : 0;
    if (ahead > 0)
        return false;
    bool same_value = claim->value_fen == last->value_fen;
    if (same_value && (claim->kind == last->by || last->by == CASH_CLAIM_COUNTER))
        return true;
    return comparable && ahead == 0 && (same_value || claim->value_fen == 0);
}

/* Read as given back a moment ago, by the same device, and nothing has moved since. */
static bool was_just_returned(const struct cash_note *last, const struct cash_claim *claim)
{
    return last->state == CASH_NOTE_RETURNED && last->by == CASH_CLAIM_RETURNED &&
           !claim->moved_on && !serials_differ(last, claim) &&
           (claim->txn[0] == '\0' || strcmp(claim->txn, last->txn) == 0);
}

static void set_txn(struct cash_verdict *out, const struct cash_note *last,
                    const struct cash_claim *claim)
{
    bool about_last = is_unresolved(last) || is_lost(last, claim);
    text_copy(out->txn, sizeof(out->txn), about_last ? last->txn : claim->txn);
}

/* With this note counted: one more than the books explain, or what the device says if that is more.
 */
static int64_t count_in(const struct cash_note *last, const struct cash_claim *claim)
{
    int64_t base = claim->expected;
    if (base < 0 && is_unresolved(last) && !serials_differ(last, claim))
        base = last->stacked;
    if (base < 0)
        return claim->counter;
    int64_t next = (int64_t)(uint32_t)(base + 1);
    bool device_is_ahead = claim->counter >= 0 && cash_counter_ahead(claim->counter, next) > 0;
    return device_is_ahead ? claim->counter : next;
}

static void credit(struct cash_verdict *out, const struct cash_note *last,
                   const struct cash_claim *claim)
{
    out->kind = CASH_VERDICT_CREDIT;
    text_copy(out->txn, sizeof(out->txn), last->txn);
    out->value_fen = last->value_fen;
    out->in_box = true;
    out->recovered = !claim->seen_live;
    out->stacked = count_in(last, claim);
}

static void unknown_in_box(struct cash_verdict *out, const struct cash_note *last,
                           const struct cash_claim *claim, int64_t value_fen, const char *why)
{
    out->kind = CASH_VERDICT_UNKNOWN;
    out->value_fen = value_fen;
    out->escrow_fen = is_unresolved(last) ? last->value_fen : 0;
    out->in_box = true;
    out->stacked = count_in(last, claim);
    out->why = why;
}

/* The note moved no count that we know of: the one of the last note goes on, and with it the device
 * it is of, also when that one is away. Of another device it says nothing. */
static void keep_count(struct cash_verdict *out, const struct cash_note *last,
                       const struct cash_claim *claim)
{
    out->stacked = serials_differ(last, claim) ? -1 : last->stacked;
    if (out->serial[0] == '\0')
        text_copy(out->serial, sizeof(out->serial), last->serial);
}

/* It may be in the box or not, so nothing is booked: whoever proves it later books it then, once.
 */
static void unknown_place(struct cash_verdict *out, const struct cash_note *last,
                          const struct cash_claim *claim, const char *why)
{
    out->kind = CASH_VERDICT_UNKNOWN;
    out->escrow_fen = is_unresolved(last) ? last->value_fen : 0;
    keep_count(out, last, claim);
    if (is_unresolved(last) && serials_differ(last, claim)) {
        text_copy(out->serial, sizeof(out->serial), last->serial); /* only that one can tell */
        out->stacked = last->stacked;
    }
    out->why = why;
}

/* The count stays what it was and goes on with the entry: the fact beside the journal may be older,
 * and the note before, which carried it, is the last one no more. */
static void give_back(struct cash_verdict *out, const struct cash_note *last,
                      const struct cash_claim *claim, int64_t value_fen, const char *why)
{
    out->kind = CASH_VERDICT_RETURN;
    out->value_fen = value_fen;
    keep_count(out, last, claim);
    out->why = why;
}

/* The stacked event is the credit point: it outranks an event read as "returned" before it. */
static void judge_stacked(const struct cash_note *last, const struct cash_claim *claim,
                          struct cash_verdict *out)
{
    bool about_last = is_unresolved(last) || was_just_returned(last, claim);
    if (about_last && claim->transaction_is_open && claim->value_fen == last->value_fen &&
        !serials_differ(last, claim)) {
        credit(out, last, claim);
        return;
    }
    if (is_repeat(last, claim))
        return;
    const char *why = is_unresolved(last)    ? "does_not_match"
                      : is_lost(last, claim) ? "proved_too_late"
                      : claim->txn[0]        ? "not_escrowed"
                                             : "no_transaction";
    unknown_in_box(out, last, claim, claim->value_fen, why);
}

/* The note booked last told once more, in whatever words, or the next one, which a power cut caught
 * before any entry: only the counter tells them apart. */
static bool may_be_booked(const struct cash_note *last, const struct cash_claim *claim)
{
    return last->in_box && !claim->moved_on && !serials_differ(last, claim);
}

static void judge_in_box(const struct cash_note *last, const struct cash_claim *claim,
                         struct cash_verdict *out)
{
    bool about_last =
        is_unresolved(last) && claim->transaction_is_open && !serials_differ(last, claim);
    bool value_matches = claim->value_fen == last->value_fen;
    bool counter_must_tell =
        !claim->by_order && ((about_last && claim->value_fen == 0) || may_be_booked(last, claim));
    if (counter_must_tell && !claim->counter_is_fresh && !claim->is_final) {
        out->kind = CASH_VERDICT_WAIT;
        return;
    }
    if (about_last &&
        (value_matches || (claim->value_fen == 0 && counter_moved_by_one(last, claim)))) {
        credit(out, last, claim);
        return;
    }
    if (is_repeat(last, claim))
        return;
    const char *why = claim->value_fen == 0  ? "value_not_known"
                      : is_unresolved(last)  ? "does_not_match"
                      : is_lost(last, claim) ? "proved_too_late"
                                             : "no_transaction";
    unknown_in_box(out, last, claim, claim->value_fen, why);
}

static void judge_counter(const struct cash_note *last, const struct cash_claim *claim,
                          struct cash_verdict *out)
{
    if (is_lost(last, claim) && counter_moved_by_one(last, claim))
        unknown_in_box(out, last, claim, last->escrow_fen, "proved_too_late");
    else if (is_lost(last, claim) && counter_stands(last, claim))
        give_back(out, last, claim, last->escrow_fen, "counter");
    if (!is_unresolved(last))
        return;
    if (counter_moved_by_one(last, claim) && claim->transaction_is_open)
        credit(out, last, claim);
    else if (counter_moved_by_one(last, claim))
        unknown_in_box(out, last, claim, last->value_fen, "no_transaction");
    else if (counter_stands(last, claim))
        give_back(out, last, claim, last->value_fen, "counter");
    else
        unknown_place(out, last, claim,
                      serials_differ(last, claim) ? "device_swapped" : "cannot_tell");
}

/* What lies in front is worth something else than the note that is looked for: it is a later one,
 * so that ours has left the path, and only the counter saw which way. */
static void judge_by_successor(const struct cash_note *last, const struct cash_claim *claim,
                               struct cash_verdict *out)
{
    if (!claim->counter_is_fresh && !claim->is_final) {
        out->kind = CASH_VERDICT_WAIT;
        return;
    }
    out->by = CASH_CLAIM_COUNTER;
    judge_counter(last, claim, out);
}

static void judge_in_front(const struct cash_note *last, const struct cash_claim *claim,
                           struct cash_verdict *out)
{
    bool value_agrees = claim->value_fen == 0 || claim->value_fen == last->value_fen;
    if (is_unresolved(last) && serials_differ(last, claim))
        return; /* another device, and a note that is in nobody's books */
    if (is_unresolved(last) && !value_agrees)
        judge_by_successor(last, claim, out);
    else if (is_unresolved(last) || is_lost(last, claim))
        give_back(out, last, claim, is_lost(last, claim) ? last->escrow_fen : last->value_fen,
                  "recovered");
    else if (last->state != CASH_NOTE_RETURNED || last->by != CASH_CLAIM_IN_FRONT)
        give_back(out, last, claim, claim->value_fen, "recovered");
}

static const char *const REASONS[] = {
    [CASH_REJECT_NONE] = "none",
    [CASH_REJECT_NOT_RECOGNISED] = "not_recognised",
    [CASH_REJECT_NOT_ACCEPTED] = "not_accepted",
    [CASH_REJECT_SECOND_NOTE] = "second_note",
    [CASH_REJECT_HOST] = "host",
    [CASH_REJECT_TIMEOUT] = "timeout",
    [CASH_REJECT_FAULT] = "fault",
};

static void judge_returned(const struct cash_note *last, const struct cash_claim *claim,
                           struct cash_verdict *out)
{
    CHECK((size_t)claim->reason < ARRAY_SIZE(REASONS));
    int64_t inside_fen = is_unresolved(last)    ? last->value_fen
                         : is_lost(last, claim) ? last->escrow_fen
                                                : 0;
    bool value_agrees = claim->value_fen == 0 || claim->value_fen == inside_fen;
    if (inside_fen > 0 && value_agrees && !claim->about_other && !serials_differ(last, claim))
        give_back(out, last, claim, inside_fen, REASONS[claim->reason]);
}

static void judge_fraud(const struct cash_note *last, const struct cash_claim *claim,
                        struct cash_verdict *out)
{
    bool told =
        last->state == CASH_NOTE_UNKNOWN && last->by == CASH_CLAIM_FRAUD && !claim->moved_on;
    if (!told)
        unknown_place(out, last, claim, "fraud");
}

/* What a credit is worth that names no note: after a restart such a device only knows that one is
 * due, and the books which one it was told to stack last. */
static int64_t value_by_order(const struct cash_note *last, const struct cash_claim *claim)
{
    if (!claim->by_order || claim->value_fen != 0 || serials_differ(last, claim))
        return claim->value_fen;
    if (is_lost(last, claim))
        return last->escrow_fen;
    bool is_ordered = is_unresolved(last) || last->in_box || was_just_returned(last, claim);
    return is_ordered ? last->value_fen : 0;
}

void cash_note_judge(const struct cash_note *last, const struct cash_claim *heard,
                     struct cash_verdict *out)
{
    struct cash_claim named = *heard;
    const struct cash_claim *claim = &named;
    named.value_fen = value_by_order(last, heard);
    *out = (struct cash_verdict){ .by = claim->kind, .stacked = -1, .why = "" };
    set_txn(out, last, claim);
    text_copy(out->serial, sizeof(out->serial), claim->serial);
    switch (claim->kind) {
    case CASH_CLAIM_STACKED:
        judge_stacked(last, claim, out);
        break;
    case CASH_CLAIM_IN_BOX:
        judge_in_box(last, claim, out);
        break;
    case CASH_CLAIM_IN_FRONT:
        judge_in_front(last, claim, out);
        break;
    case CASH_CLAIM_RETURNED:
        judge_returned(last, claim, out);
        break;
    case CASH_CLAIM_FRAUD:
        judge_fraud(last, claim, out);
        break;
    case CASH_CLAIM_COUNTER:
        judge_counter(last, claim, out);
        break;
    case CASH_CLAIM_GIVEN_UP:
        if (is_unresolved(last))
            unknown_place(out, last, claim, "device_lost");
        break;
    case CASH_CLAIMS:
        CHECK(false);
    }
}
