/*
 * What the bureau knows of somebody who is about to register: asked before anything is typed, and
 * never waited for long. Without an answer the registration goes on and the bureau decides when its
 * entry arrives (sync/WIRE.md, "registration").
 *
 * Threads: main loop. Nothing here waits.
 */
#pragma once
#include "registration/refusal.h"
#include "store/journal.h"
#include "store/seal.h"

#define PRECHECK_ACTION "registration"
#define PRECHECK_QUESTION_SIZE (SEAL_TEXT_SIZE + 160)

enum precheck_state {
    PRECHECK_NOT_KNOWN, /* the bureau could not be asked */
    PRECHECK_NEW,
    PRECHECK_RENEWAL, /* registered once, and ended: the old account number goes on */
    PRECHECK_KNOWN,   /* registered, wherever it was */
    PRECHECK_REFUSED,
};

struct precheck {
    enum precheck_state state;
    enum refusal refusal;              /* PRECHECK_REFUSED */
    char account[JOURNAL_NUMBER_SIZE]; /* PRECHECK_RENEWAL, PRECHECK_KNOWN */
};

/* The question; the ID number is in it sealed only. STATUS_INVALID it does not fit. */
NODISCARD enum status precheck_ask(const struct seal *seal, const char *id_number,
                                   const struct policy *policy, uint32_t insurances,
                                   char out[PRECHECK_QUESTION_SIZE]);

/* Bytes from outside: an answer that is not as the wire has it is STATUS_PROTOCOL as a whole, and
 * *out is then PRECHECK_NOT_KNOWN. */
NODISCARD enum status precheck_parse(const char *body, size_t size, struct precheck *out);
