#include <string.h>

#include "base/text.h"
#include "plan/policy_internal.h"

/* What the file says of itself: [policy], its sources and the banks that may withhold. */

#define HEAD_WORDS_MAX 4

static const struct policy_word SURPLUSES[] = { { "credit", POLICY_SURPLUS_CREDIT },
                                                { "claim", POLICY_SURPLUS_CLAIM },
                                                { "none", POLICY_SURPLUS_NONE },
                                                { NULL, 0 } };
static const struct policy_word COLLECTORS[] = { { "tax", POLICY_COLLECTOR_TAX },
                                                 { "agency", POLICY_COLLECTOR_AGENCY },
                                                 { "medical", POLICY_COLLECTOR_MEDICAL },
                                                 { "bank", POLICY_COLLECTOR_BANK },
                                                 { NULL, 0 } };
static const struct policy_word VOUCHERS[] = { { "slip", POLICY_VOUCHER_SLIP },
                                               { "tax-certificate",
                                                 POLICY_VOUCHER_TAX_CERTIFICATE },
                                               { "payment-proof", POLICY_VOUCHER_PAYMENT_PROOF },
                                               { "fiscal-receipt", POLICY_VOUCHER_FISCAL_RECEIPT },
                                               { NULL, 0 } };
static const struct policy_word MATERIALS[] = {
    { "id-card", POLICY_MATERIAL_ID_CARD },
    { "residence-permit", POLICY_MATERIAL_RESIDENCE_PERMIT },
    { "household-book", POLICY_MATERIAL_HOUSEHOLD_BOOK },
    { "leaving-certificate", POLICY_MATERIAL_LEAVING_CERTIFICATE },
    { "social-card", POLICY_MATERIAL_SOCIAL_CARD },
    { "bank-card", POLICY_MATERIAL_BANK_CARD },
    { "photo", POLICY_MATERIAL_PHOTO },
    { NULL, 0 }
};
static const struct policy_word PHONES[] = { { "service", POLICY_PHONE_SERVICE },
                                             { "social", POLICY_PHONE_SOCIAL },
                                             { "tax", POLICY_PHONE_TAX },
                                             { "medical", POLICY_PHONE_MEDICAL },
                                             { NULL, 0 } };
static const struct policy_word OCCASIONS[] = { { "always", false },
                                                { "withholding", true },
                                                { NULL, 0 } };
static const struct policy_word YES_NO[] = { { "yes", true }, { "no", false }, { NULL, 0 } };

void policy_read_id(struct policy_draft *draft, char *value)
{
    size_t size = strlen(value);
    if (size < 3 || size > 40 || strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") != size)
        policy_add_error(draft, draft->line, "E07", "id is not 3 to 40 of a-z, 0-9 and -");
    else
        text_copy(draft->policy->id, sizeof draft->policy->id, value);
}

void policy_read_format(struct policy_draft *draft, char *value)
{
    if (strcmp(value, "1") != 0)
        policy_add_error(draft, draft->line, "E02", "format '%.20s' is not known; this one reads 1",
                         value);
}

void policy_read_region(struct policy_draft *draft, char *value)
{
    const char *wanted = draft->against->region;
    if (strlen(value) != 6 || strspn(value, "0123456789") != 6)
        policy_add_error(draft, draft->line, "E08", "region is not six digits");
    else if (wanted && strcmp(wanted, value) != 0)
        policy_add_error(draft, draft->line, "E08", "region %s is not this kiosk's, which is %s",
                         value, wanted);
    else
        text_copy(draft->policy->region, sizeof draft->policy->region, value);
}

void policy_read_revision(struct policy_draft *draft, char *value)
{
    draft->revision_line = draft->line;
    if (!policy_read_number(value, 1, 999999, &draft->policy->revision))
        policy_add_error(draft, draft->line, "E04", "revision is not a number from 1 to 999999");
}

/* 6 sha256:<64 hex digits> */
void policy_read_replaces(struct policy_draft *draft, char *value)
{
    char *words[HEAD_WORDS_MAX];
    int count = policy_split(value, words, HEAD_WORDS_MAX);
    draft->replaces_line = draft->line;
    if (count != 2 || !policy_read_number(words[0], 1, 999998, &draft->policy->replaces_revision) ||
        strncmp(words[1], "sha256:", 7) != 0 || strlen(words[1]) != 7 + 64 ||
        strspn(words[1] + 7, "0123456789abcdef") != 64)
        policy_add_error(draft, draft->line, "E10",
                         "replaces is: revision sha256:64 digits of 0-9 and a-f");
    else {
        draft->replaces_is_good = true;
        text_copy(draft->policy->replaces_sha256, sizeof draft->policy->replaces_sha256,
                  words[1] + 7);
    }
}

void policy_read_issued(struct policy_draft *draft, char *value)
{
    draft->issued_line = draft->line;
    if (!policy_is_date(value, false))
        policy_add_error(draft, draft->line, "E17", "issued is not YYYY-MM-DD");
    else
        text_copy(draft->policy->issued, sizeof draft->policy->issued, value);
}

static void read_person(struct policy_draft *draft, const char *value, char *out, size_t size)
{
    size_t length = strlen(value);
    if (length >= size || strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != length)
        policy_add_error(draft, draft->line, "E04",
                         "the name of a key is at most %zu of a-z, 0-9, . - and _", size - 1);
    else
        text_copy(out, size, value);
}

void policy_read_author(struct policy_draft *draft, char *value)
{
    read_person(draft, value, draft->policy->author, sizeof draft->policy->author);
}

void policy_read_approver(struct policy_draft *draft, char *value)
{
    draft->approver_line = draft->line;
    read_person(draft, value, draft->policy->approver, sizeof draft->policy->approver);
}

/* A word of the table and, if there is one, a source. */
static void read_word_and_source(struct policy_draft *draft, const char *key, char *value,
                                 const struct policy_word *words, int *word_out, int *source_out)
{
    char *parts[HEAD_WORDS_MAX];
    int count = policy_split(value, parts, HEAD_WORDS_MAX);
    if (count < 1 || count > 2)
        policy_add_error(draft, draft->line, "E35", "%s is a word and a source", key);
    else if (policy_read_word(draft, key, parts[0], words, word_out) && count == 2)
        (void)policy_read_source(draft, parts[1], source_out);
}

void policy_read_collector(struct policy_draft *draft, char *value)
{
    int word = (int)draft->policy->collector;
    read_word_and_source(draft, "collector", value, COLLECTORS, &word,
                         &draft->policy->collector_source);
    draft->policy->collector = (enum policy_collector)word;
}

void policy_read_voucher(struct policy_draft *draft, char *value)
{
    int word = (int)draft->policy->voucher;
    read_word_and_source(draft, "voucher", value, VOUCHERS, &word, &draft->policy->voucher_source);
    draft->policy->voucher = (enum policy_voucher)word;
}

void policy_read_surplus(struct policy_draft *draft, char *value)
{
    int word = (int)draft->policy->surplus;
    read_word_and_source(draft, "surplus", value, SURPLUSES, &word, &draft->policy->surplus_source);
    draft->policy->surplus = (enum policy_surplus)word;
}

void policy_read_expires(struct policy_draft *draft, char *value)
{
    if (policy_read_month(draft, value, &draft->policy->expires))
        draft->expires_line = draft->line;
}

void policy_read_strict(struct policy_draft *draft, char *value)
{
    int word = false;
    (void)policy_read_word(draft, "strict", value, YES_NO, &word);
    draft->is_strict = word;
}

/* what [always|withholding] [source] */
void policy_read_material(struct policy_draft *draft, char *value)
{
    struct policy *policy = draft->policy;
    char *words[HEAD_WORDS_MAX];
    int count = policy_split(value, words, HEAD_WORDS_MAX);
    int material, occasion = false, source = -1;
    if (count < 1 || count > 3) {
        policy_add_error(draft, draft->line, "E35", "material is: what, when, source");
        return;
    }
    int used = count > 1 && policy_find_word(OCCASIONS, words[1], &occasion) ? 2 : 1;
    if (!policy_read_word(draft, "material", words[0], MATERIALS, &material) ||
        (count == 3 && used == 1 &&
         !policy_read_word(draft, "material", words[1], OCCASIONS, &occasion)) ||
        (count > used && !policy_read_source(draft, words[used], &source)))
        return;
    if (policy->material_count == POLICY_MATERIALS_MAX) {
        policy_add_error(draft, draft->line, "E45", "more than %d materials", POLICY_MATERIALS_MAX);
        return;
    }
    policy->materials[policy->material_count++] = (struct policy_needed){
        .material = (enum policy_material)material,
        .for_withholding = occasion,
        .source = source,
    };
}

/* whose number; as a person dials it: "0571-12333". */
void policy_read_phone(struct policy_draft *draft, char *value)
{
    char *words[HEAD_WORDS_MAX];
    int phone;
    if (policy_split(value, words, HEAD_WORDS_MAX) != 2) {
        policy_add_error(draft, draft->line, "E35", "phone is: whose, number");
        return;
    }
    if (!policy_read_word(draft, "phone", words[0], PHONES, &phone))
        return;
    char *out = draft->policy->phones[phone];
    const size_t length = strlen(words[1]);
    if (length < 3 || length >= sizeof draft->policy->phones[0] ||
        strspn(words[1], "0123456789-+") != length)
        policy_add_error(draft, draft->line, "E04", "'%.40s' is not a telephone number", words[1]);
    else if (out[0] != '\0')
        policy_add_error(draft, draft->line, "E05", "phone %s is given twice", words[0]);
    else
        text_copy(out, sizeof draft->policy->phones[0], words[1]);
}

/* [source …] */

void policy_read_source_date(struct policy_draft *draft, char *value)
{
    struct policy_source *source = &draft->policy->sources[draft->index];
    if (!policy_is_date(value, true))
        policy_add_error(draft, draft->line, "E17", "date is neither YYYY-MM-DD nor YYYY-MM");
    else
        text_copy(source->date, sizeof source->date, value);
}

/* [bank …] */

void policy_read_bank_number(struct policy_draft *draft, char *value)
{
    struct policy_bank *bank = &draft->policy->banks[draft->index];
    if (strlen(value) != 12 || strspn(value, "0123456789") != 12)
        policy_add_error(draft, draft->line, "E35", "number is not the 12 digits of a bank");
    else
        text_copy(bank->number, sizeof bank->number, value);
}

void policy_read_bank_source(struct policy_draft *draft, char *value)
{
    (void)policy_read_source(draft, value, &draft->policy->banks[draft->index].source);
}
