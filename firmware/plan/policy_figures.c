#include <string.h>

#include "base/text.h"
#include "plan/policy_internal.h"

/* What holds for a span of months: span, figures, source. */

struct policy_ranges *policy_figures(struct policy_insurance *insurance, enum policy_figure figure)
{
    struct policy_ranges *figures[FIGURES] = {
        [FIGURE_RATE] = &insurance->rate,       [FIGURE_ACCOUNT] = &insurance->account,
        [FIGURE_LIMITS] = &insurance->limits,   [FIGURE_FIXED] = &insurance->fixed,
        [FIGURE_AVERAGE] = &insurance->average, [FIGURE_GRADES] = &insurance->grades,
        [FIGURE_PERCENT] = &insurance->percent, [FIGURE_TIER] = &insurance->tier,
        [FIGURE_PART] = &insurance->part,       [FIGURE_PENDING] = &insurance->pending,
    };
    return figures[figure];
}

const char *policy_figure_name(enum policy_figure figure)
{
    static const char *const NAMES[FIGURES] = { "rate",   "account", "limits", "fixed", "average",
                                                "grades", "percent", "tier",   "part",  "pending" };
    return NAMES[figure];
}

/* Kept in the order of their months, each with the line it came from. */
static void add_range(struct policy_draft *draft, enum policy_figure figure,
                      const struct policy_range *range)
{
    struct policy_ranges *ranges = policy_figures(policy_insurance_of(draft), figure);
    int *lines = draft->insurances[draft->index].figure_lines[figure];
    if (ranges->count == POLICY_RANGES_MAX) {
        policy_add_error(draft, draft->line, "E45", "more than %d lines of %s", POLICY_RANGES_MAX,
                         policy_figure_name(figure));
        return;
    }
    int at = ranges->count++;
    for (; at > 0 && ranges->items[at - 1].first > range->first; at--) {
        ranges->items[at] = ranges->items[at - 1];
        lines[at] = lines[at - 1];
    }
    ranges->items[at] = *range;
    lines[at] = draft->line;
}

/* A figure line cut into words, its span and source read. */
struct figure_line {
    char *words[POLICY_WORDS_MAX];
    int count; /* of the words between span and source */
    struct policy_range range;
    bool is_good; /* so far */
};

/* A figure begins with a digit or a sign; no source may. */
static bool is_source_word(const char *word)
{
    return !strchr("0123456789-+.", word[0]);
}

/* value_count 0: one figure or more. false when the line cannot be taken apart. */
static bool read_line(struct policy_draft *draft, char *value, int value_count,
                      struct figure_line *out)
{
    memset(out, 0, sizeof *out);
    int count = policy_split(value, out->words, POLICY_WORDS_MAX);
    if (count > POLICY_WORDS_MAX) {
        policy_add_error(draft, draft->line, "E33", "more than %d figures in a line",
                         POLICY_GRADES_MAX);
        return false;
    }
    bool has_source = count > 1 && is_source_word(out->words[count - 1]);
    out->count = count - 1 - has_source;
    if (value_count > 0 && out->count == value_count && !has_source) {
        policy_add_error(draft, draft->line, "E16", "figure without a source");
        return false;
    }
    if (value_count > 0 && out->count != value_count) {
        policy_add_error(draft, draft->line, "E23", "expected a span of months, %d figure%s, %s",
                         value_count, value_count > 1 ? "s" : "", "a source");
        return false;
    }
    if (!has_source) {
        policy_add_error(draft, draft->line, "E16", "figures without a source");
        return false;
    }
    out->range = (struct policy_range){ .area = draft->area, .list = -1 };
    out->is_good = policy_read_span(draft, out->words[0], &out->range.first, &out->range.last);
    out->is_good =
        policy_read_source(draft, out->words[count - 1], &out->range.source) && out->is_good;
    return true;
}

static void read_rate_of(struct policy_draft *draft, char *value, enum policy_figure figure)
{
    struct figure_line line;
    if (!read_line(draft, value, 1, &line))
        return;
    if (policy_read_percent(draft, line.words[1], 100, &line.range.rate) && line.is_good)
        add_range(draft, figure, &line.range);
}

void policy_read_rate(struct policy_draft *draft, char *value)
{
    read_rate_of(draft, value, FIGURE_RATE);
}

void policy_read_account(struct policy_draft *draft, char *value)
{
    read_rate_of(draft, value, FIGURE_ACCOUNT);
}

static void read_amount_of(struct policy_draft *draft, char *value, enum policy_figure figure)
{
    struct figure_line line;
    if (!read_line(draft, value, 1, &line))
        return;
    if (policy_read_amount(draft, line.words[1], &line.range.amount_fen) && line.is_good)
        add_range(draft, figure, &line.range);
}

void policy_read_fixed(struct policy_draft *draft, char *value)
{
    read_amount_of(draft, value, FIGURE_FIXED);
}

void policy_read_average(struct policy_draft *draft, char *value)
{
    read_amount_of(draft, value, FIGURE_AVERAGE);
}

void policy_read_limits(struct policy_draft *draft, char *value)
{
    struct figure_line line;
    if (!read_line(draft, value, 2, &line))
        return;
    struct policy_range *range = &line.range;
    bool amounts_are_good = policy_read_amount(draft, line.words[1], &range->floor_fen);
    amounts_are_good =
        policy_read_amount(draft, line.words[2], &range->ceiling_fen) && amounts_are_good;
    if (amounts_are_good && (range->floor_fen == 0 || range->floor_fen > range->ceiling_fen))
        policy_add_error(draft, draft->line, "E26", "the floor is zero or above the ceiling");
    else if (line.is_good && amounts_are_good)
        add_range(draft, FIGURE_LIMITS, range);
}

/* For so many values; NULL after reporting. */
static struct policy_list *new_list(struct policy_draft *draft, struct policy_range *range,
                                    int count)
{
    struct policy_insurance *insurance = policy_insurance_of(draft);
    if (count > POLICY_GRADES_MAX) {
        policy_add_error(draft, draft->line, "E33", "more than %d figures in a line",
                         POLICY_GRADES_MAX);
        return NULL;
    }
    if (insurance->list_count == POLICY_LISTS_MAX) {
        policy_add_error(draft, draft->line, "E45", "more than %d lists of grades or tiers",
                         POLICY_LISTS_MAX);
        return NULL;
    }
    range->list = insurance->list_count;
    return &insurance->lists[insurance->list_count++];
}

static bool read_amounts(struct policy_draft *draft, char **words, int count,
                         struct policy_list *list)
{
    bool good = true;
    for (int i = 0; i < count; i++)
        good = policy_read_amount(draft, words[i], &list->values[list->count++]) && good;
    return good;
}

static bool is_rising(const struct policy_list *list)
{
    for (int i = 1; i < list->count; i++)
        if (list->values[i - 1] >= list->values[i])
            return false;
    return list->count > 0 && list->values[0] > 0;
}

static void add_list(struct policy_draft *draft, enum policy_figure figure,
                     const struct figure_line *line, const struct policy_list *list)
{
    if (!is_rising(list))
        policy_add_error(draft, draft->line, "E33", "the list is empty or does not rise");
    else if (line->is_good)
        add_range(draft, figure, &line->range);
}

void policy_read_grades(struct policy_draft *draft, char *value)
{
    struct figure_line line;
    if (!read_line(draft, value, 0, &line))
        return;
    struct policy_list *list = new_list(draft, &line.range, line.count);
    if (list && read_amounts(draft, line.words + 1, line.count, list))
        add_list(draft, FIGURE_GRADES, &line, list);
}

/* Percentages of the average wage, with or without the sign. */
void policy_read_percents(struct policy_draft *draft, char *value)
{
    struct figure_line line;
    if (!read_line(draft, value, 0, &line))
        return;
    struct policy_list *list = new_list(draft, &line.range, line.count);
    if (!list)
        return;
    for (int i = 1; i <= line.count; i++) {
        char word[16];
        int32_t rate = 0;
        text_format(word, sizeof word, "%.8s%s", line.words[i],
                    strchr(line.words[i], '%') ? "" : "%");
        if (!policy_read_percent(draft, word, 999, &rate))
            return;
        if (rate < 600000 || rate > 3000000) {
            policy_add_error(draft, draft->line, "E34", "grade %.8s is not within 60%%..300%%",
                             word);
            return;
        }
        list->values[list->count++] = rate;
    }
    add_list(draft, FIGURE_PERCENT, &line, list);
}

/* span, sums, year or month, source: the n-th sum is tier n */
void policy_read_tier(struct policy_draft *draft, char *value)
{
    static const struct policy_word PERIODS[] = { { "year", true },
                                                  { "month", false },
                                                  { NULL, 0 } };
    struct figure_line line;
    int is_yearly;
    const char *last_blank = strrchr(value, ' ');
    if (last_blank && policy_find_word(PERIODS, last_blank + 1, &is_yearly)) {
        policy_add_error(draft, draft->line, "E16", "figures without a source");
        return;
    }
    if (!read_line(draft, value, 0, &line))
        return;
    struct policy_list *list = new_list(draft, &line.range, line.count - 1);
    if (!list)
        return;
    if (line.count < 2 || !policy_find_word(PERIODS, line.words[line.count], &is_yearly)) {
        policy_add_error(draft, draft->line, "E35", "tier is: span, sums, year or month, source");
        return;
    }
    list->is_yearly = is_yearly;
    if (read_amounts(draft, line.words + 1, line.count - 1, list))
        add_list(draft, FIGURE_TIER, &line, list);
}

static int find_part(struct policy_draft *draft, const char *id)
{
    struct policy_insurance *insurance = policy_insurance_of(draft);
    for (int i = 0; i < insurance->part_count; i++)
        if (strcmp(insurance->parts[i].id, id) == 0)
            return i;
    if (insurance->part_count == POLICY_PARTS_MAX ||
        !text_copy(insurance->parts[insurance->part_count].id, sizeof insurance->parts[0].id, id)) {
        policy_add_error(draft, draft->line, "E45", "more than %d parts, or a name over 15 bytes",
                         POLICY_PARTS_MAX);
        return -1;
    }
    return insurance->part_count++;
}

/* name, span, percentage or sum, source */
void policy_read_part(struct policy_draft *draft, char *value)
{
    struct figure_line line;
    char *rest = value + strcspn(value, " \t");
    if (*rest != '\0')
        *rest++ = '\0';
    int part = find_part(draft, value);
    if (part < 0 || !read_line(draft, rest, 1, &line))
        return;
    line.range.part = part;
    bool is_percent = strchr(line.words[1], '%') != NULL;
    bool good = is_percent ? policy_read_percent(draft, line.words[1], 100, &line.range.rate)
                           : policy_read_amount(draft, line.words[1], &line.range.amount_fen);
    if (good && line.is_good)
        add_range(draft, FIGURE_PART, &line.range);
}

/* name, Chinese | English */
void policy_read_part_name(struct policy_draft *draft, char *value)
{
    char *zh = value + strcspn(value, " \t");
    if (*zh != '\0')
        *zh++ = '\0';
    zh += strspn(zh, " \t");
    char *bar = strstr(zh, " | ");
    int part = find_part(draft, value);
    if (part < 0)
        return;
    struct policy_part *names = &policy_insurance_of(draft)->parts[part];
    if (!bar || bar == zh) {
        policy_add_error(draft, draft->line, "E35", "part-name is: name, Chinese | English");
        return;
    }
    *bar = '\0';
    if (!text_copy(names->name_zh, sizeof names->name_zh, zh) ||
        !text_copy(names->name_en, sizeof names->name_en, bar + 3))
        policy_add_error(draft, draft->line, "E01", "the name of a part is too long");
}

static const char *keep_note(struct policy_draft *draft, const char *text)
{
    struct policy *policy = draft->policy;
    if (policy->note_count == POLICY_NOTES_MAX) {
        policy_add_error(draft, draft->line, "E45", "more than %d pending lines", POLICY_NOTES_MAX);
        return NULL;
    }
    char *note = policy->notes[policy->note_count++];
    if (!text_copy(note, sizeof policy->notes[0], text))
        policy_add_error(draft, draft->line, "E01", "the reason is longer than %zu bytes",
                         sizeof policy->notes[0] - 1);
    return note;
}

void policy_read_pending(struct policy_draft *draft, char *value)
{
    struct policy_range range = { .source = -1, .area = draft->area, .list = -1 };
    char *why = value + strcspn(value, " \t");
    if (*why != '\0')
        *why++ = '\0';
    why += strspn(why, " \t");
    if (!policy_read_span(draft, value, &range.first, &range.last))
        return;
    if (*why == '\0') {
        policy_add_error(draft, draft->line, "E16", "pending without a reason in words");
        return;
    }
    range.pending = keep_note(draft, why);
    add_range(draft, FIGURE_PENDING, &range);
}

/* "7546.00", "grade:4", "tier:2", or - where nothing is chosen */
static bool read_choice(struct policy_draft *draft, const char *word,
                        struct policy_check_draft *check)
{
    const char *colon = strchr(word, ':');
    if (strcmp(word, "-") == 0)
        return true;
    if (!colon)
        return policy_read_amount(draft, word, &check->base_fen);
    if ((strncmp(word, "grade:", 6) == 0 || strncmp(word, "tier:", 5) == 0) &&
        policy_read_number(colon + 1, 1, POLICY_GRADES_MAX, &check->grade))
        return true;
    policy_add_error(draft, draft->line, "E23", "'%.20s' is no base, grade:n or tier:n", word);
    return false;
}

/* month, choice, amount, source */
void policy_read_check(struct policy_draft *draft, char *value)
{
    struct policy_check_draft check = { .insurance = draft->index, .line = draft->line };
    char *words[POLICY_WORDS_MAX];
    int source;
    int count = policy_split(value, words, POLICY_WORDS_MAX);
    if (count != 4) {
        policy_add_error(draft, draft->line, count == 3 ? "E16" : "E23",
                         "check is: month, base or - or grade:n or tier:n, amount, source");
        return;
    }
    check.area = draft->area == POLICY_AREA_ALL ? 0 : draft->area;
    bool good = policy_read_month(draft, words[0], &check.month);
    good = read_choice(draft, words[1], &check) && good;
    good = policy_read_amount(draft, words[2], &check.expected_fen) && good;
    good = policy_read_source(draft, words[3], &source) && good;
    if (good && draft->check_count == POLICY_CHECKS_MAX)
        policy_add_error(draft, draft->line, "E45", "more than %d checks", POLICY_CHECKS_MAX);
    else if (good)
        draft->checks[draft->check_count++] = check;
}
