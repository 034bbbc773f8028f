#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/quote.h"
#include "tools/guichetctl/guichetctl.h"
#include "tools/guichetctl/policy_tools.h"

/* guichetctl policy diff: not the lines of the files but what a payer would notice. For each
 * insurance and month, what the lowest and the highest choice cost, or why it cannot be paid;
 * months that change alike are told together. */

#define PRICE_SIZE 160
#define FIRST_YEAR 1990
#define LAST_YEAR 2099

static int find_insurance(const struct policy *policy, const char *id)
{
    for (int i = 0; i < policy->insurance_count; i++)
        if (strcmp(policy->insurances[i].id, id) == 0)
            return i;
    return -1;
}

static enum quote_refusal price(const struct policy *policy, int insurance, int area,
                                month_index month, int64_t base_fen, int grade,
                                struct quote_line *out)
{
    struct quote quote;
    struct quote_request request = {
        .insurances = 1u << insurance,
        .chosen_base_fen = base_fen,
        .first = month,
        .months = 1,
        .area = area,
    };
    /* A tier of a whole year is priced by the year. */
    if (policy->insurances[insurance].mode == POLICY_TIERS) {
        request.first = month_of(month_year(month), 1);
        request.months = QUOTE_MONTHS_MAX;
    }
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
        request.grade[i] = grade;
    quote_make(policy, &request, &quote);
    *out = quote.lines[0];
    if (policy->insurances[insurance].mode == POLICY_TIERS)
        out->amount_fen = quote.total_fen;
    return quote.refusal;
}

static void describe_list(const struct policy *policy, int insurance, int area, month_index month,
                          int count, char out[PRICE_SIZE])
{
    struct quote_line line;
    size_t length = 0;
    out[0] = '\0';
    for (int grade = 1; grade <= count; grade++) {
        char amount[MONEY_TEXT_SIZE];
        enum quote_refusal refusal = price(policy, insurance, area, month, 0, grade, &line);
        money_format(line.amount_fen, 0, amount);
        text_format(out + length, PRICE_SIZE - length, "%s%d: %s", grade > 1 ? ", " : "", grade,
                    refusal == QUOTE_OK ? amount : quote_refusal_name(refusal));
        length = strlen(out);
    }
}

static void describe_limits(const struct policy *policy, int insurance, int area, month_index month,
                            char out[PRICE_SIZE])
{
    const struct policy_range *limits =
        policy_find_range_in(&policy->insurances[insurance].limits, month, area);
    struct quote_line low, high;
    char texts[4][MONEY_TEXT_SIZE];
    int64_t floor_fen = limits ? limits->floor_fen : 0;
    int64_t ceiling_fen = limits ? limits->ceiling_fen : 0;
    enum quote_refusal refusal = price(policy, insurance, area, month, floor_fen, 0, &low);
    if (refusal == QUOTE_OK)
        refusal = price(policy, insurance, area, month, ceiling_fen, 0, &high);
    if (refusal != QUOTE_OK) {
        text_format(out, PRICE_SIZE, "%s", quote_refusal_name(refusal));
        return;
    }
    money_format(low.base_fen, 0, texts[0]);
    money_format(low.amount_fen, 0, texts[1]);
    money_format(high.base_fen, 0, texts[2]);
    money_format(high.amount_fen, 0, texts[3]);
    if (limits)
        text_format(out, PRICE_SIZE, "base %s..%s costs %s..%s", texts[0], texts[2], texts[1],
                    texts[3]);
    else
        text_format(out, PRICE_SIZE, "costs %s", texts[1]);
}

static void describe(const struct policy *policy, int insurance, int area, month_index month,
                     char out[PRICE_SIZE])
{
    int64_t choices[POLICY_GRADES_MAX];
    if (insurance < 0) {
        text_format(out, PRICE_SIZE, "not there");
        return;
    }
    int count = quote_choices(policy, insurance, month, area, choices);
    if (count > 0)
        describe_list(policy, insurance, area, month, count, out);
    else
        describe_limits(policy, insurance, area, month, out);
}

struct change {
    month_index first, last; /* first > last: none yet */
    char before[PRICE_SIZE], after[PRICE_SIZE];
};

static void print_change(const char *name, const struct change *change)
{
    char first[MONTH_TEXT_SIZE], last[MONTH_TEXT_SIZE];
    if (change->first > change->last)
        return;
    month_format(change->first, first);
    month_format(change->last, last);
    bool is_open = change->last == month_of(LAST_YEAR, 12);
    printf("%s %s..%s\n    - %s\n    + %s\n", name, first, is_open ? "" : last, change->before,
           change->after);
}

/* How many spans changed. */
static int compare_area(const struct policy *old, int old_index, const struct policy *new,
                        int new_index, int area, const char *name)
{
    struct change change = { .first = 1, .last = 0 };
    int count = 0;
    for (month_index month = month_of(FIRST_YEAR, 1); month <= month_of(LAST_YEAR, 12); month++) {
        char before[PRICE_SIZE], after[PRICE_SIZE];
        describe(old, old_index, area, month, before);
        describe(new, new_index, area, month, after);
        bool is_same = strcmp(before, after) == 0;
        bool goes_on = change.first <= change.last && strcmp(before, change.before) == 0 &&
                       strcmp(after, change.after) == 0;
        if (!is_same && goes_on) {
            change.last = month;
            continue;
        }
        print_change(name, &change);
        change = (struct change){ .first = 1, .last = 0 };
        if (is_same)
            continue;
        change.first = change.last = month;
        text_copy(change.before, sizeof change.before, before);
        text_copy(change.after, sizeof change.after, after);
        count++;
    }
    print_change(name, &change);
    return count;
}

static int compare_rule(const char *id, const char *rule, long before, long after)
{
    if (before == after)
        return 0;
    printf("%s %s\n    - %ld\n    + %ld\n", id, rule, before, after);
    return 1;
}

static int compare_rules(const struct policy_insurance *old, const struct policy_insurance *new)
{
    const struct {
        const char *name;
        long before, after;
    } RULES[] = {
        { "pay", (long)old->pay, (long)new->pay },
        { "pay ahead", old->pay_ahead, new->pay_ahead },
        { "align", old->align, new->align },
        { "split", old->split, new->split },
        { "back", old->back, new->back },
        { "back months", old->back_months, new->back_months },
        { "retro", old->retro, new->retro },
        { "surcharge (millionths a day)", old->surcharge, new->surcharge },
        { "due-day", old->due_day, new->due_day },
        { "wait (months)", old->wait_months, new->wait_months },
        { "wait unless-gap-under", old->wait_gap_months, new->wait_gap_months },
        { "wait-break (months)", old->wait_break_months, new->wait_break_months },
        { "age from", old->age_min, new->age_min },
        { "age men under", old->age_max_male, new->age_max_male },
        { "age women under", old->age_max_female, new->age_max_female },
        { "residence", old->residence, new->residence },
        { "window from (MMDD)", old->window_first, new->window_first },
        { "window to (MMDD)", old->window_last, new->window_last },
        { "outside clamps", old->clamp_outside, new->clamp_outside },
        { "round", old->rounding, new->rounding },
    };
    int count = 0;
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        count += compare_rule(new->id, RULES[i].name, RULES[i].before, RULES[i].after);
    return count;
}

static int compare_insurance(const struct policy *old, const struct policy *new, const char *id)
{
    int old_index = find_insurance(old, id), new_index = find_insurance(new, id), count = 0;
    int areas = new->area_count > 0 ? new->area_count : 1;
    for (int area = 0; area < areas; area++) {
        char name[64];
        text_format(name, sizeof name, "%s%s%s", id, areas > 1 ? " in " : "",
                    areas > 1 ? new->areas[area].id : "");
        count += compare_area(old, old_index, new, new_index, area, name);
    }
    if (old_index >= 0 && new_index >= 0)
        count += compare_rules(&old->insurances[old_index], &new->insurances[new_index]);
    return count;
}

static int compare(const struct policy *old, const struct policy *new)
{
    int count = 0;
    for (int i = 0; i < new->insurance_count; i++)
        count += compare_insurance(old, new, new->insurances[i].id);
    for (int i = 0; i < old->insurance_count; i++)
        if (find_insurance(new, old->insurances[i].id) < 0)
            count += compare_insurance(old, new, old->insurances[i].id);
    return count;
}

int command_policy_diff(const char *old_path, const char *new_path)
{
    struct policy_file old, new = { 0 };
    enum status status = policy_tool_load(old_path, NULL, NULL, &old);
    if (status == STATUS_OK)
        status = policy_tool_load(new_path, NULL, NULL, &new);
    if (status != STATUS_OK) {
        fprintf(stderr, "guichetctl: %s: %s\n", old.policy ? new_path : old_path,
                status_name(status));
        policy_tool_free(&old);
        return 1;
    }
    printf("%s revision %d -> %d\n", new.policy->id, old.policy->revision, new.policy->revision);
    int count = compare(old.policy, new.policy);
    if (count == 0)
        printf("nothing that a payer would notice\n");
    policy_tool_free(&old);
    policy_tool_free(&new);
    return count > 0;
}
