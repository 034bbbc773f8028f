/*
 * What can be said about a slip somebody holds: is the statement on it the kiosk's, and what do the
 * bureau's books say about the same payment? Money taken, slip printed and money credited are three
 * facts, and only the first is proved by the signature.
 */
#pragma once
#include "store/statement.h"
#include "tools/bureau/store.h"

enum slip_verdict {
    SLIP_MALFORMED,       /* no statement, or not all of one */
    SLIP_KIOSK_UNKNOWN,   /* no such kiosk, or its key has not come yet */
    SLIP_KEY_FOREIGN,     /* signed with another key than that kiosk's */
    SLIP_SIGNATURE_FALSE, /* what it says is not what was signed */
    SLIP_DIFFERS,         /* the kiosk signed it, and the books say something else */
    SLIP_HOLDS,
};

struct slip {
    enum slip_verdict verdict;
    struct statement statement; /* what is stated; empty if malformed */
    bool credited; /* the payment is in the bureau's books; the sums below are theirs */
    int64_t paid_fen, applied_fen, surplus_fen;
    char paper[16];     /* the kiosk's last word about the paper: "printed" …, "" none yet */
    bool was_set_aside; /* the entry came and could not be booked: staff has it */
};

/* text as statement_parse takes it. STATUS_OK: see out->verdict; or the database's errors. */
NODISCARD enum status slip_judge(struct bureau_store *reader, const char *text, struct slip *out);

/* The public key a kiosk signs with. STATUS_NOT_FOUND none has come. */
NODISCARD enum status slip_find_key(struct bureau_store *reader, const char *kiosk,
                                    uint8_t key[JOURNAL_ROOT_KEY_BYTES]);
