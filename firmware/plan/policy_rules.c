#include <string.h>

#include "base/text.h"
#include "plan/policy_internal.h"

/* The rules of an insurance in words; most may end with a source. */

#define RULE_WORDS_MAX 8
#define SURCHARGE_MAX_MILLIONTHS 2000 /* 0.2 % a day: the units' rate of 1999, never exceeded */

static const struct policy_word MODES[] = {
    { "rate", POLICY_RATE }, { "fixed", POLICY_FIXED }, { "tiers", POLICY_TIERS }, { NULL, 0 }
};
static const struct policy_word CHOICES[] = { { "free", POLICY_CHOOSE_FREE },
                                              { "grades", POLICY_CHOOSE_GRADES },
                                              { "percent", POLICY_CHOOSE_PERCENT },
                                              { "inherit", POLICY_CHOOSE_INHERIT },
                                              { NULL, 0 } };
static const struct policy_word OUTSIDES[] = { { "clamp", true },
                                               { "refuse", false },
                                               { NULL, 0 } };
static const struct policy_word YES_NO[] = { { "yes", true }, { "no", false }, { NULL, 0 } };
static const struct policy_word PAYS[] = { { "month", POLICY_PAY_MONTH },
                                           { "quarter", POLICY_PAY_QUARTER },
                                           { "half", POLICY_PAY_HALF },
                                           { "year", POLICY_PAY_YEAR },
                                           { NULL, 0 } };
static const struct policy_word BACKS[] = { { "none", POLICY_BACK_NONE },
                                            { "year", POLICY_BACK_YEAR },
                                            { "months", POLICY_BACK_MONTHS },
                                            { NULL, 0 } };
static const struct policy_word RETROS[] = {
    { "unset", POLICY_RETRO_UNSET },           { "none", POLICY_RETRO_NONE },
    { "collect", POLICY_RETRO_COLLECT },       { "floor-only", POLICY_RETRO_FLOOR_ONLY },
    { "next-month", POLICY_RETRO_NEXT_MONTH }, { NULL, 0 }
};
static const struct policy_word RESIDENCES[] = {
    { "unset", POLICY_RESIDENCE_UNSET },           { "any", POLICY_RESIDENCE_ANY },
    { "works-here", POLICY_RESIDENCE_WORKS_HERE }, { "lives-here", POLICY_RESIDENCE_LIVES_HERE },
    { "household", POLICY_RESIDENCE_HOUSEHOLD },   { NULL, 0 }
};

static struct policy_insurance_draft *lines_of(struct policy_draft *draft)
{
    return &draft->insurances[draft->index];
}

/* The word from position on, if any, is the source of a rule; more than one is too many. */
static bool read_rule_source(struct policy_draft *draft, const char *key, char **words, int count,
                             int used, enum policy_rule rule)
{
    if (count > used + 1) {
        policy_add_error(draft, draft->line, "E35", "%s: too many words", key);
        return false;
    }
    return count == used ||
           policy_read_source(draft, words[used], &policy_insurance_of(draft)->rule_sources[rule]);
}

void policy_read_code(struct policy_draft *draft, char *value)
{
    struct policy *policy = draft->policy;
    struct policy_insurance *insurance = policy_insurance_of(draft);
    if (!text_copy(insurance->code, sizeof insurance->code, value))
        policy_add_error(draft, draft->line, "E23", "code is longer than 7 characters");
    for (int i = 0; i < policy->insurance_count; i++)
        if (i != draft->index && strcmp(policy->insurances[i].code, value) == 0)
            policy_add_error(draft, draft->line, "E06", "code %.8s is used twice", value);
}

void policy_read_mode(struct policy_draft *draft, char *value)
{
    int mode;
    if (policy_find_word(MODES, value, &mode))
        policy_insurance_of(draft)->mode = (enum policy_mode)mode;
    else
        policy_add_error(draft, draft->line, "E31", "mode is rate, fixed or tiers");
}

void policy_read_same_base(struct policy_draft *draft, char *value)
{
    lines_of(draft)->same_base_line = draft->line;
    text_copy(lines_of(draft)->same_base, sizeof lines_of(draft)->same_base, value);
}

/* free [step sum] | grades | percent | inherit */
void policy_read_choose(struct policy_draft *draft, char *value)
{
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX), choice = POLICY_CHOOSE_FREE;
    bool has_step = count == 3 && strcmp(words[1], "step") == 0;
    lines_of(draft)->choose_line = draft->line;
    if (count != 1 && !has_step) {
        policy_add_error(draft, draft->line, "E35", "choose is a word, or: free step 1.00");
        return;
    }
    if (!policy_read_word(draft, "choose", words[0], CHOICES, &choice))
        return;
    policy_insurance_of(draft)->choice = (enum policy_choice)choice;
    if (has_step && choice != POLICY_CHOOSE_FREE)
        policy_add_error(draft, draft->line, "E35", "only a free choice has a step");
    else if (has_step)
        (void)policy_read_amount(draft, words[2], &policy_insurance_of(draft)->step_fen);
}

void policy_read_outside(struct policy_draft *draft, char *value)
{
    int clamp = false;
    (void)policy_read_word(draft, "outside", value, OUTSIDES, &clamp);
    policy_insurance_of(draft)->clamp_outside = clamp;
}

void policy_read_round(struct policy_draft *draft, char *value)
{
    if (money_rounding_parse(value, &policy_insurance_of(draft)->rounding) != STATUS_OK)
        policy_add_error(draft, draft->line, "E35", "round '%.20s' is not known", value);
}

void policy_read_round_base(struct policy_draft *draft, char *value)
{
    if (money_rounding_parse(value, &policy_insurance_of(draft)->base_rounding) != STATUS_OK)
        policy_add_error(draft, draft->line, "E35", "round-base '%.20s' is not known", value);
}

/* one or more of month quarter half year, then [ahead year-end], then [source] */
void policy_read_pay(struct policy_draft *draft, char *value)
{
    struct policy_insurance *insurance = policy_insurance_of(draft);
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX), used = 0, period;
    unsigned pay = 0;
    lines_of(draft)->pay_line = draft->line;
    for (; used < count && used < RULE_WORDS_MAX && policy_find_word(PAYS, words[used], &period);
         used++)
        pay |= (unsigned)period;
    bool is_ahead = used + 1 < count && used + 1 < RULE_WORDS_MAX &&
                    strcmp(words[used], "ahead") == 0 && strcmp(words[used + 1], "year-end") == 0;
    used += is_ahead ? 2 : 0;
    if (pay == 0 || count > used + 1) {
        policy_add_error(draft, draft->line, "E35", "pay is some of %s",
                         "month, quarter, half, year; then perhaps: ahead year-end; then a source");
        return;
    }
    insurance->pay = pay;
    insurance->pay_ahead = is_ahead;
    (void)read_rule_source(draft, "pay", words, count, used, POLICY_RULE_PAY);
}

void policy_read_align(struct policy_draft *draft, char *value)
{
    int align = false;
    (void)policy_read_word(draft, "align", value, YES_NO, &align);
    policy_insurance_of(draft)->align = align;
}

void policy_read_split(struct policy_draft *draft, char *value)
{
    int split = false;
    (void)policy_read_word(draft, "split", value, YES_NO, &split);
    policy_insurance_of(draft)->split = split;
}

/* none | year | months n, then [source] */
void policy_read_back(struct policy_draft *draft, char *value)
{
    struct policy_insurance *insurance = policy_insurance_of(draft);
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX), back, used = 1;
    if (!policy_read_word(draft, "back", count > 0 ? words[0] : "", BACKS, &back))
        return;
    if (back == POLICY_BACK_MONTHS) {
        used = 2;
        if (count < 2 || !policy_read_number(words[1], 1, 120, &insurance->back_months)) {
            policy_add_error(draft, draft->line, "E35", "back months is a number from 1 to 120");
            return;
        }
    }
    insurance->back = (enum policy_back)back;
    (void)read_rule_source(draft, "back", words, count, used, POLICY_RULE_BACK);
}

/* A word, then [source]. */
static bool read_word_rule(struct policy_draft *draft, const char *key, char *value,
                           const struct policy_word *table, enum policy_rule rule, int *out)
{
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX);
    return policy_read_word(draft, key, count > 0 ? words[0] : "", table, out) &&
           read_rule_source(draft, key, words, count, 1, rule);
}

void policy_read_retro(struct policy_draft *draft, char *value)
{
    int retro = POLICY_RETRO_UNSET;
    (void)read_word_rule(draft, "retro", value, RETROS, POLICY_RULE_RETRO, &retro);
    policy_insurance_of(draft)->retro = (enum policy_retro)retro;
}

void policy_read_residence(struct policy_draft *draft, char *value)
{
    int residence = POLICY_RESIDENCE_UNSET;
    (void)read_word_rule(draft, "residence", value, RESIDENCES, POLICY_RULE_RESIDENCE, &residence);
    policy_insurance_of(draft)->residence = (enum policy_residence)residence;
}

/* none [source] | percentage a day, source */
void policy_read_surcharge(struct policy_draft *draft, char *value)
{
    struct policy_insurance *insurance = policy_insurance_of(draft);
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX);
    lines_of(draft)->surcharge_line = draft->line;
    if (count > 0 && strcmp(words[0], "none") == 0) {
        (void)read_rule_source(draft, "surcharge", words, count, 1, POLICY_RULE_SURCHARGE);
        return;
    }
    int32_t rate;
    if (count < 1 || !policy_parse_percent(words[0], &rate) || rate > SURCHARGE_MAX_MILLIONTHS)
        policy_add_error(draft, draft->line, "E39", "surcharge is none, or at most 0.2%% a day");
    else if (count == 1)
        policy_add_error(draft, draft->line, "E39",
                         "the law names employers only: a surcharge on persons needs a source");
    else if (read_rule_source(draft, "surcharge", words, count, 1, POLICY_RULE_SURCHARGE))
        insurance->surcharge = rate;
}

/* A number, then [months], then [source]. The words used, or 0 after an error. */
static int read_months(struct policy_draft *draft, const char *key, char **words, int count,
                       int *months_out)
{
    if (count < 1 || !policy_read_number(words[0], 0, 24, months_out)) {
        policy_add_error(draft, draft->line, "E35", "%s is a number of months up to 24", key);
        return 0;
    }
    return count > 1 && strcmp(words[1], "months") == 0 ? 2 : 1;
}

/* n [months] [unless-gap-under m] [source] */
void policy_read_wait(struct policy_draft *draft, char *value)
{
    struct policy_insurance *insurance = policy_insurance_of(draft);
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX);
    int used = read_months(draft, "wait", words, count, &insurance->wait_months);
    if (used == 0)
        return;
    if (used + 1 < count && strcmp(words[used], "unless-gap-under") == 0) {
        if (!policy_read_number(words[used + 1], 1, 24, &insurance->wait_gap_months)) {
            policy_add_error(draft, draft->line, "E35", "unless-gap-under is a number of months");
            return;
        }
        used += 2;
    }
    (void)read_rule_source(draft, "wait", words, count, used, POLICY_RULE_WAIT);
}

void policy_read_wait_break(struct policy_draft *draft, char *value)
{
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX);
    int used = read_months(draft, "wait-break", words, count,
                           &policy_insurance_of(draft)->wait_break_months);
    if (used > 0)
        (void)read_rule_source(draft, "wait-break", words, count, used, POLICY_RULE_WAIT_BREAK);
}

/* min, men under, women under [source] */
void policy_read_age(struct policy_draft *draft, char *value)
{
    struct policy_insurance *insurance = policy_insurance_of(draft);
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX);
    if (count < 3 || count > 4 || !policy_read_number(words[0], 1, 120, &insurance->age_min) ||
        !policy_read_number(words[1], 1, 120, &insurance->age_max_male) ||
        !policy_read_number(words[2], 1, 120, &insurance->age_max_female)) {
        policy_add_error(draft, draft->line, "E38", "age is: from, men under, women under");
        return;
    }
    if (insurance->age_min > insurance->age_max_male ||
        insurance->age_min > insurance->age_max_female)
        policy_add_error(draft, draft->line, "E38", "the youngest age is over the oldest");
    (void)read_rule_source(draft, "age", words, count, 3, POLICY_RULE_AGE);
}

/* unset | 1..31 [source] */
void policy_read_due_day(struct policy_draft *draft, char *value)
{
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX);
    if (count == 1 && strcmp(words[0], "unset") == 0)
        return;
    if (count < 1 || !policy_read_number(words[0], 1, 31, &policy_insurance_of(draft)->due_day))
        policy_add_error(draft, draft->line, "E40", "due-day is unset, or a day from 1 to 31");
    else
        (void)read_rule_source(draft, "due-day", words, count, 1, POLICY_RULE_DUE_DAY);
}

/* "09-01" as 901; 0 if it is none. */
static int parse_day_of_year(const char *word)
{
    char date[12];
    text_format(date, sizeof date, "2024-%.5s", word); /* a leap year: every day exists */
    if (strlen(word) < 5 || !policy_is_date(date, false))
        return 0;
    return ((word[0] - '0') * 10 + word[1] - '0') * 100 + (word[3] - '0') * 10 + word[4] - '0';
}

/* MM-DD..MM-DD [source] */
void policy_read_window(struct policy_draft *draft, char *value)
{
    struct policy_insurance *insurance = policy_insurance_of(draft);
    char *words[RULE_WORDS_MAX];
    int count = policy_split(value, words, RULE_WORDS_MAX);
    bool is_span = count > 0 && strlen(words[0]) == 12 && strncmp(words[0] + 5, "..", 2) == 0;
    int first = is_span ? parse_day_of_year(words[0]) : 0;
    int last = is_span ? parse_day_of_year(words[0] + 7) : 0;
    if (first == 0 || last == 0) {
        policy_add_error(draft, draft->line, "E35", "window is: MM-DD..MM-DD");
        return;
    }
    insurance->window_first = first;
    insurance->window_last = last;
    (void)read_rule_source(draft, "window", words, count, 1, POLICY_RULE_WINDOW);
}

void policy_read_insurance_expires(struct policy_draft *draft, char *value)
{
    if (policy_read_month(draft, value, &policy_insurance_of(draft)->expires))
        lines_of(draft)->expires_line = draft->line;
}
