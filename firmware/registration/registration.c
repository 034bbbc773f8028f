#include "registration/registration.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"

bool registration_phone_is_valid(const char *phone)
{
    return strlen(phone) == 11 && strspn(phone, "0123456789") == 11 && phone[0] == '1' &&
           phone[1] >= '3';
}

static json_t *insurance_codes(const struct policy *policy, uint32_t insurances)
{
    json_t *codes = json_array();
    for (int i = 0; i < policy->insurance_count; i++)
        if (insurances >> i & 1)
            json_array_append_new(codes, json_string(policy->insurances[i].code));
    return codes;
}

static char *compose_body(const struct registration_request *request, const char *account,
                          const char *person, const char *sealed)
{
    char from[MONTH_TEXT_SIZE];
    month_format(request->first_month, from);
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:o, s:s, s:I, s:s, s:i, s:i}", "account", account, "person", person,
        "sealed", sealed, "insurances", insurance_codes(request->policy, request->insurances),
        "from", from, "base", (json_int_t)request->base_fen, "policy", request->policy->id,
        "revision", request->policy->revision, "consent", request->consent_version);
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

static enum status append_registered(struct journal *journal, const char *txn, const char *body)
{
    const struct journal_draft draft = { .kind = JOURNAL_REGISTERED, .txn = txn, .body = body };
    return body ? journal_append(journal, &draft, NULL) : STATUS_INVALID;
}

enum status registration_commit(struct journal *journal, const struct seal *seal,
                                const struct registration_request *request,
                                char account_out[JOURNAL_NUMBER_SIZE])
{
    char person[SEAL_PERSON_HASH_SIZE], sealed[SEAL_TEXT_SIZE];
    char account[JOURNAL_NUMBER_SIZE];
    if (!registration_phone_is_valid(request->phone))
        return STATUS_INVALID;
    seal_person_hash(seal, request->card->number, person);
    enum status status = journal_find_person(journal, person, account_out);
    if (status == STATUS_OK)
        return STATUS_EXISTS;
    if (status != STATUS_NOT_FOUND)
        return status;
    status = journal_peek_number(journal, account);
    if (status != STATUS_OK)
        return status;
    status = registration_seal_person(seal, request->card, request->phone, request->consent_version,
                                      request->at_ms, sealed);
    if (status != STATUS_OK)
        return status;
    char *body = compose_body(request, account, person, sealed);
    status = append_registered(journal, request->txn, body);
    bytes_free_wiped(body);
    if (status != STATUS_OK) {
        log_error("registration", "not_registered", "%s", status_name(status));
        return status;
    }
    memcpy(account_out, account, sizeof account);
    return STATUS_OK;
}
