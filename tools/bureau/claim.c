#include "tools/bureau/claim.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "registration/rule.h"
#include "tools/bureau/publish.h"

#define DAY_MS INT64_C(86400000)

static int find_code(const struct policy *policy, const char *code)
{
    for (int i = 0; i < policy->insurance_count; i++)
        if (strcmp(policy->insurances[i].code, code) == 0)
            return i;
    return -1;
}

/* False: it wants an insurance that the policy has not. Entries of older programs have no starts,
 * and begin with "from". */
static bool read_insurances(const struct bureau_entry *entry, const struct policy *policy,
                            struct registration_claim *out)
{
    const json_t *starts = json_object_get(entry->content, "starts");
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(entry->content, "insurances"), index, item)
    {
        const char *code = json_is_string(item) ? json_string_value(item) : "";
        const char *start = json_string_value(json_object_get(starts, code));
        int insurance = find_code(policy, code);
        if (insurance < 0 || month_parse(start ? start : entry_read_text(entry, "from"),
                                         &out->starts[insurance]) != STATUS_OK)
            return false;
        out->insurances |= 1u << insurance;
    }
    return out->insurances != 0;
}

static enum refusal judge_on(const struct policy *policy, struct registration_claim *claim,
                             int64_t at_ms)
{
    const struct clock_civil day = clock_civil_in_china(at_ms);
    claim->today = day.year * 10000 + day.month * 100 + day.day;
    return registration_judge(policy, claim);
}

enum refusal claim_judge(struct bureau_store *store, const struct bureau_entry *entry,
                         const struct person_facts *person)
{
    const char *id = entry_read_text(entry, "policy");
    int revision = (int)json_integer_value(json_object_get(entry->content, "revision"));
    const struct policy *policy = publish_find(store->publish, id, revision);
    if (!policy) {
        log_warning("bureau", "claim_not_judged", "no revision %d of %s here", revision, id);
        return REFUSAL_NONE;
    }
    struct registration_claim claim = {
        .sex = person->sex,
        .birth = person->birth,
        .base_fen = json_integer_value(json_object_get(entry->content, "base")),
    };
    if (!read_insurances(entry, policy, &claim))
        return REFUSAL_POLICY;
    enum refusal refusal = judge_on(policy, &claim, entry->at_ms);
    return refusal == REFUSAL_NONE ? REFUSAL_NONE : judge_on(policy, &claim, entry->at_ms - DAY_MS);
}
