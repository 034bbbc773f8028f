#include <string.h>

#include "base/text.h"
#include "plan/policy_internal.h"

int policy_split(char *text, char **words, int max)
{
    int count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(text, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
        if (count < max)
            words[count] = word;
        count++;
    }
    return count;
}

bool policy_read_month(struct policy_draft *draft, const char *word, month_index *out)
{
    if (month_parse(word, out) == STATUS_OK)
        return true;
    policy_add_error(draft, draft->line, "E18", "month '%.20s' is not YYYY-MM within 1990..2099",
                     word);
    return false;
}

/* "2025-07..2026-06", open "2026-07.." */
bool policy_read_span(struct policy_draft *draft, const char *word, month_index *first,
                      month_index *last)
{
    char from[MONTH_TEXT_SIZE];
    const char *dots = strstr(word, "..");
    if (!dots || !text_format(from, sizeof from, "%.*s", (int)(dots - word), word)) {
        policy_add_error(draft, draft->line, "E18", "'%.20s' is not a span of months like %s", word,
                         "2025-07..2026-06");
        return false;
    }
    *last = POLICY_MONTH_OPEN;
    bool good = policy_read_month(draft, from, first);
    if (dots[2] != '\0')
        good = policy_read_month(draft, dots + 2, last) && good;
    if (good && *last < *first) {
        policy_add_error(draft, draft->line, "E19", "the span %.20s ends before it starts", word);
        return false;
    }
    return good;
}

bool policy_read_amount(struct policy_draft *draft, const char *word, int64_t *fen_out)
{
    if (money_parse(word, fen_out) == STATUS_OK && *fen_out <= POLICY_AMOUNT_FEN_MAX)
        return true;
    policy_add_error(draft, draft->line, "E23", "amount '%.20s' is not digits.dd up to 10000000.00",
                     word);
    return false;
}

/* The callers have counted the digits: at most six. */
static int number_of(const char *digits, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (digits[i] - '0');
    return number;
}

static int32_t power_of_ten(size_t exponent)
{
    int32_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* "20.00%" in millionths: a percent is 10000 of them, hence at most four decimals. */
bool policy_parse_percent(const char *word, int32_t *rate_out)
{
    size_t whole = strspn(word, "0123456789");
    size_t decimals = word[whole] == '.' ? strspn(word + whole + 1, "0123456789") : 0;
    size_t end = whole + (word[whole] == '.' ? 1 + decimals : 0);
    if (whole < 1 || whole > 3 || decimals > 4 || (word[whole] == '.' && decimals == 0) ||
        strcmp(word + end, "%") != 0)
        return false;
    int32_t fraction =
        decimals ? number_of(word + whole + 1, decimals) * power_of_ten(4 - decimals) : 0;
    *rate_out = number_of(word, whole) * 10000 + fraction;
    return true;
}

bool policy_read_percent(struct policy_draft *draft, const char *word, int max_percent,
                         int32_t *rate_out)
{
    if (policy_parse_percent(word, rate_out) && *rate_out <= max_percent * 10000)
        return true;
    policy_add_error(draft, draft->line, "E24",
                     "'%.20s' is not a percentage up to %d%% with at most 4 decimals", word,
                     max_percent);
    return false;
}

bool policy_find_word(const struct policy_word *words, const char *word, int *out)
{
    for (; words->word; words++) {
        if (strcmp(words->word, word) == 0) {
            *out = words->value;
            return true;
        }
    }
    return false;
}

bool policy_read_word(struct policy_draft *draft, const char *key, const char *word,
                      const struct policy_word *words, int *out)
{
    char known[128] = "";
    if (policy_find_word(words, word, out))
        return true;
    for (; words->word; words++) {
        size_t length = strlen(known);
        text_format(known + length, sizeof known - length, "%s%s", length ? ", " : "", words->word);
    }
    policy_add_error(draft, draft->line, "E35", "%s '%.16s' is not one of: %s", key, word, known);
    return false;
}

struct policy_insurance *policy_insurance_of(struct policy_draft *draft)
{
    return &draft->policy->insurances[draft->index];
}

int policy_find_insurance(const struct policy *policy, const char *id)
{
    for (int i = 0; i < policy->insurance_count; i++)
        if (strcmp(policy->insurances[i].id, id) == 0)
            return i;
    return -1;
}

int policy_find_source(struct policy_draft *draft, const char *id)
{
    struct policy *policy = draft->policy;
    for (int i = 0; i < policy->source_count; i++)
        if (strcmp(policy->sources[i].id, id) == 0)
            return i;
    if (policy->source_count == POLICY_SOURCES_MAX ||
        !text_copy(policy->sources[policy->source_count].id, sizeof policy->sources[0].id, id))
        return -1;
    return policy->source_count++;
}

bool policy_read_source(struct policy_draft *draft, const char *word, int *source_out)
{
    int source = policy_find_source(draft, word);
    if (source < 0) {
        policy_add_error(draft, draft->line, "E14", "source '%.20s' is not defined", word);
        return false;
    }
    if (draft->sources[source].used_line == 0)
        draft->sources[source].used_line = draft->line;
    *source_out = source;
    return true;
}

bool policy_read_number(const char *word, int min, int max, int *out)
{
    size_t digits = strspn(word, "0123456789");
    if (digits == 0 || digits > 6 || word[digits] != '\0')
        return false;
    *out = number_of(word, digits);
    return *out >= min && *out <= max;
}

int policy_days_in_month(month_index month)
{
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year = month_year(month);
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month_number(month) - 1] + (month_number(month) == 2 && is_leap);
}

bool policy_is_date(const char *word, bool day_is_optional)
{
    char month[MONTH_TEXT_SIZE];
    month_index index;
    int day = 0;
    text_format(month, sizeof month, "%.7s", word);
    if (month_parse(month, &index) != STATUS_OK)
        return false;
    if (word[7] == '\0')
        return day_is_optional;
    return word[7] == '-' && strlen(word) == 10 &&
           policy_read_number(word + 8, 1, policy_days_in_month(index), &day);
}
