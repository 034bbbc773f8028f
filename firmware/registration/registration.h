/*
 * Registering an individual payer: the fields, their checks, and the one durable entry that makes
 * it final. The account number comes from a block leased from the bureau, so it is final offline
 * too; on a renewal the bureau's own number goes on.
 *
 * Field codes (AAC…, AAE…, AAB…) are those of the agencies' systems; the README has the table.
 */
#pragma once
#include "drivers/id_reader/id_reader.h"
#include "plan/policy.h"
#include "registration/precheck.h"
#include "registration/signature.h"
#include "store/journal.h"
#include "store/seal.h"

/* A mainland mobile number: 11 digits, first 1, second 3..9. */
bool registration_phone_is_valid(const char *phone);

/* What a leaving certificate says; both empty where the policy does not ask for one. */
#define REGISTRATION_LEAVING_NUMBER_SIZE 21
struct registration_leaving {
    char number[REGISTRATION_LEAVING_NUMBER_SIZE]; /* 1 to 20 digits */
    char date[9];                                  /* YYYYMMDD */
};
/* A real day, not after today and not before the person was old enough to work. */
bool registration_leaving_date_is_valid(const char *date, int32_t birth, int32_t today);

/* Does the policy ask for this to register (not only for an agreement with a bank)? NULL: no;
 * nothing is asked without its rule. */
const struct policy_needed *registration_needs(const struct policy *policy,
                                               enum policy_material material);

struct registration_request {
    const struct identity_card *card;
    const char *phone;
    int consent_version;
    const struct policy *policy;
    uint32_t insurances; /* bits */
    int64_t base_fen;
    month_index first_month;
    month_index starts[POLICY_INSURANCES_MAX]; /* of each insurance; 0 as first_month */
    const struct registration_leaving *leaving;
    const struct precheck *precheck; /* what the bureau said; NULL: it was not asked */
    const uint8_t *signature;        /* signature_encode; NULL: signed at the window */
    size_t signature_size;
    const char *txn;
    int64_t at_ms; /* wall time of the consent */
};

/* Who a person is, sealed for the bureau as JSON:
 *   {"name","number","sex","birth","nation","phone"?,"address","leaving_number"?,"leaving_date"?,
 *    "consent","at"}. phone may be NULL or empty, leaving NULL. Nothing readable is left in memory.
 * Errors of seal_text. */
NODISCARD enum status registration_seal_person(const struct seal *seal,
                                               const struct identity_card *card, const char *phone,
                                               const struct registration_leaving *leaving,
                                               int consent_version, int64_t at_ms,
                                               char out[SEAL_TEXT_SIZE]);

/* Keeps that the bureau has this person registered under that number, so that the next visit knows
 * it without a network. The journal's errors. */
NODISCARD enum status registration_note_known(struct journal *journal, const struct seal *seal,
                                              const char *id_number, const char *account);

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
