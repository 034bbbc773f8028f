/*
 * Registering an individual payer: the fields, their checks, and the one durable entry that makes
 * it final. The account number comes from a block leased from the bureau, so it is final offline
 * too.
 */
#pragma once
#include "drivers/id_reader/id_reader.h"
#include "plan/policy.h"
#include "store/journal.h"
#include "store/seal.h"

/* A mainland mobile number: 11 digits, first 1, second 3..9. */
bool registration_phone_is_valid(const char *phone);

struct registration_request {
    const struct identity_card *card;
    const char *phone;
    int consent_version;
    const struct policy *policy;
    uint32_t insurances; /* bits */
    int64_t base_fen;
    month_index first_month;
    const char *txn;
    int64_t at_ms; /* wall time of the consent */
};

/* Who a person is, sealed for the bureau as JSON:
 *   {"name","number","phone"?,"address","consent","at"}. phone may be NULL or empty.
 * Nothing readable is left in memory. Errors of seal_text. */
NODISCARD enum status registration_seal_person(const struct seal *seal,
                                               const struct identity_card *card, const char *phone,
                                               int consent_version, int64_t at_ms,
                                               char out[SEAL_TEXT_SIZE]);

/*
 * Appends JOURNAL_REGISTERED with everything personal sealed. A person already registered at this
 * kiosk gets the same number again and nothing is appended (STATUS_EXISTS, account_out filled).
 *
 * Returns: STATUS_OK, STATUS_EXISTS, STATUS_NOT_FOUND (no numbers left), STATUS_INVALID (phone),
 *          or the journal's errors.
 */
NODISCARD enum status registration_commit(struct journal *journal, const struct seal *seal,
                                          const struct registration_request *request,
                                          char account_out[JOURNAL_NUMBER_SIZE]);
