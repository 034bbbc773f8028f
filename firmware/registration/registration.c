#include "registration/registration.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "identity/identity.h"

#define WORKING_AGE 16    /* Labour Law, art. 15 */
#define ID_CARD_CODE "01" /* AAC058 */

bool registration_phone_is_valid(const char *phone)
{
    return strlen(phone) == 11 && strspn(phone, "0123456789") == 11 && phone[0] == '1' &&
           phone[1] >= '3';
}

bool registration_leaving_date_is_valid(const char *date, int32_t birth, int32_t today)
{
    if (strlen(date) != 8 || strspn(date, "0123456789") != 8)
        return false;
    const int32_t day = (int32_t)strtol(date, NULL, 10);
    return identity_is_date(day) && day <= today && identity_age(birth, day) >= WORKING_AGE;
}

const struct policy_needed *registration_needs(const struct policy *policy,
                                               enum policy_material material)
{
    for (int i = 0; i < policy->material_count; i++)
        if (policy->materials[i].material == material && !policy->materials[i].for_withholding)
            return &policy->materials[i];
    return NULL;
}

static month_index start_of(const struct registration_request *request, int index)
{
    return request->starts[index] != 0 ? request->starts[index] : request->first_month;
}

/* AAE140 of each insurance, and from which month it is wanted. */
static void add_insurances(json_t *body, const struct registration_request *request)
{
    const struct policy *policy = request->policy;
    json_t *codes = json_array(), *starts = json_object();
    for (int i = 0; i < policy->insurance_count; i++) {
        char from[MONTH_TEXT_SIZE];
        if (!(request->insurances >> i & 1))
            continue;
        month_format(start_of(request, i), from);
        json_array_append_new(codes, json_string(policy->insurances[i].code));
        json_object_set_new(starts, policy->insurances[i].code, json_string(from));
    }
    json_object_set_new(body, "insurances", codes);
    json_object_set_new(body, "starts", starts);
}

/* AAB033: the medical agency collects as an agency does. */
static int payment_way(enum policy_collector collector)
{
    return collector == POLICY_COLLECTOR_MEDICAL ? POLICY_COLLECTOR_AGENCY : (int)collector;
}

static const char *state_word(const struct precheck *precheck)
{
    if (!precheck || precheck->state == PRECHECK_NOT_KNOWN)
        return "not_asked";
    return precheck->state == PRECHECK_RENEWAL ? "renewal" : "new";
}

static bool has_given_number(const struct registration_request *request)
{
    return request->precheck && request->precheck->state == PRECHECK_RENEWAL;
}

struct sealed {
    char person[SEAL_TEXT_SIZE];
    char signature[SEAL_TEXT_SIZE]; /* empty: none */
};

static char *compose_body(const struct registration_request *request, const char *account,
                          const char *person, const struct sealed *sealed)
{
    char from[MONTH_TEXT_SIZE];
    month_format(request->first_month, from);
    json_t *body =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:i, s:i, s:i, s:s, s:s, s:b}", "account",
                  account, "person", person, "sealed", sealed->person, "from", from, "base",
                  (json_int_t)request->base_fen, "policy", request->policy->id, "revision",
                  request->policy->revision, "consent", request->consent_version, "way",
                  payment_way(request->policy->collector), "document", ID_CARD_CODE, "checked",
                  state_word(request->precheck), "signed", sealed->signature[0] != '\0');
    if (body) {
        add_insurances(body, request);
        if (sealed->signature[0] != '\0')
            json_object_set_new(body, "signature", json_string(sealed->signature));
        if (has_given_number(request))
            json_object_set_new(body, "given", json_string("bureau"));
    }
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

static enum status append_registered(struct journal *journal, const char *txn, const char *body)
{
    const struct journal_draft draft = { .kind = JOURNAL_REGISTERED, .txn = txn, .body = body };
    return body ? journal_append(journal, &draft, NULL) : STATUS_INVALID;
}

static enum status find_number(struct journal *journal, const struct registration_request *request,
                               char account[JOURNAL_NUMBER_SIZE])
{
    if (!has_given_number(request))
        return journal_peek_number(journal, account);
    memcpy(account, request->precheck->account, JOURNAL_NUMBER_SIZE);
    return STATUS_OK;
}

static enum status seal_all(const struct seal *seal, const struct registration_request *request,
                            struct sealed *out)
{
    out->signature[0] = '\0';
    enum status status =
        registration_seal_person(seal, request->card, request->phone, request->leaving,
                                 request->consent_version, request->at_ms, out->person);
    if (status == STATUS_OK && request->signature)
        status = seal_text(seal, request->signature, request->signature_size, out->signature,
                           sizeof out->signature);
    return status;
}

enum status registration_commit(struct journal *journal, const struct seal *seal,
                                const struct registration_request *request,
                                char account_out[JOURNAL_NUMBER_SIZE])
{
    char person[SEAL_PERSON_HASH_SIZE], account[JOURNAL_NUMBER_SIZE];
    struct sealed sealed;
    if (!registration_phone_is_valid(request->phone))
        return STATUS_INVALID;
    seal_person_hash(seal, request->card->number, person);
    enum status status = journal_find_person(journal, person, account_out);
    if (status == STATUS_OK)
        return STATUS_EXISTS;
    if (status != STATUS_NOT_FOUND)
        return status;
    status = find_number(journal, request, account);
    if (status == STATUS_OK)
        status = seal_all(seal, request, &sealed);
    if (status != STATUS_OK)
        return status;
    char *body = compose_body(request, account, person, &sealed);
    status = append_registered(journal, request->txn, body);
    bytes_free_wiped(body);
    if (status != STATUS_OK) {
        log_error("registration", "not_registered", "%s", status_name(status));
        return status;
    }
    memcpy(account_out, account, sizeof account);
    return STATUS_OK;
}

enum status registration_note_known(struct journal *journal, const struct seal *seal,
                                    const char *id_number, const char *account)
{
    char person[SEAL_PERSON_HASH_SIZE], body[160];
    seal_person_hash(seal, id_number, person);
    struct journal_draft draft = { .kind = JOURNAL_PERSON_KNOWN, .body = body };
    return text_format(body, sizeof body, "{\"account\":\"%s\",\"person\":\"%s\"}", account, person)
               ? journal_append(journal, &draft, NULL)
               : STATUS_INVALID;
}
