#include "registration/precheck.h"

#include <jansson.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"

#define ANSWER_BYTES_MAX 4096
#define DIGITS "0123456789"

static bool add_code(const char *code, bool is_first, char out[64])
{
    size_t length = strlen(out);
    return text_format(out + length, 64 - length, "%s\"%s\"", is_first ? "" : ",", code);
}

static bool list_codes(const struct policy *policy, uint32_t insurances, char out[64])
{
    bool is_whole = true;
    out[0] = '\0';
    for (int i = 0; i < policy->insurance_count; i++)
        if (insurances >> i & 1)
            is_whole = is_whole && add_code(policy->insurances[i].code, out[0] == '\0', out);
    return is_whole;
}

enum status precheck_ask(const struct seal *seal, const char *id_number,
                         const struct policy *policy, uint32_t insurances,
                         char out[PRECHECK_QUESTION_SIZE])
{
    char plain[96], sealed[SEAL_TEXT_SIZE], codes[64];
    enum status status = STATUS_INVALID;
    bool whole =
        list_codes(policy, insurances, codes) &&
        strspn(id_number, DIGITS "X") == strlen(id_number) &&
        text_format(plain, sizeof plain, "{\"ask\":\"registration\",\"number\":\"%s\"}", id_number);
    if (whole)
        status = seal_text(seal, plain, strlen(plain), sealed, sizeof sealed);
    if (status == STATUS_OK &&
        !text_format(out, PRECHECK_QUESTION_SIZE, "{\"sealed\":\"%s\",\"insurances\":[%s]}", sealed,
                     codes))
        status = STATUS_INVALID;
    bytes_wipe(plain, sizeof plain);
    return status;
}

static bool read_account(const json_t *root, struct precheck *out)
{
    const char *account = json_string_value(json_object_get(root, "account"));
    return account && account[0] != '\0' && strspn(account, DIGITS) == strlen(account) &&
           text_copy(out->account, sizeof out->account, account);
}

static bool read_reason(const json_t *root, struct precheck *out)
{
    const char *reason = json_string_value(json_object_get(root, "reason"));
    out->refusal = reason ? refusal_of_word(reason) : REFUSAL_NONE;
    return out->refusal != REFUSAL_NONE;
}

static bool read_answer(const json_t *root, struct precheck *out)
{
    static const struct {
        const char *word;
        enum precheck_state state;
        bool (*rest)(const json_t *root, struct precheck *out);
    } STATES[] = {
        { "new", PRECHECK_NEW, NULL },
        { "renewal", PRECHECK_RENEWAL, read_account },
        { "registered", PRECHECK_KNOWN, read_account },
        { "refused", PRECHECK_REFUSED, read_reason },
    };
    const char *word = json_string_value(json_object_get(root, "state"));
    for (size_t i = 0; word && i < ARRAY_SIZE(STATES); i++) {
        if (strcmp(STATES[i].word, word) != 0)
            continue;
        out->state = STATES[i].state;
        return !STATES[i].rest || STATES[i].rest(root, out);
    }
    return false;
}

enum status precheck_parse(const char *body, size_t size, struct precheck *out)
{
    *out = (struct precheck){ 0 };
    json_t *root =
        size <= ANSWER_BYTES_MAX ? json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL) : NULL;
    bool is_good = json_is_object(root) && read_answer(root, out);
    json_decref(root);
    if (!is_good)
        bytes_wipe(out, sizeof *out);
    return is_good ? STATUS_OK : STATUS_PROTOCOL;
}
