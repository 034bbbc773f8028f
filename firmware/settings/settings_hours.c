#include "settings/settings_hours.h"

#include <string.h>

#include "base/text.h"

#define TEXT_SIZE 200
#define DAY_MINUTES 1440

struct reading {
    struct settings_hours hours;
    char *why;
    int why_size;
};

static bool refuse(struct reading *reading, const char *what, const char *about)
{
    text_format(reading->why, (size_t)reading->why_size, "\"%.40s\" %s", about, what);
    return false;
}

/* Monday is 0; -1 for anything that is no day. */
static int find_day(const char *word)
{
    static const char NAMES[SETTINGS_DAYS][4] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
    for (int day = 0; day < SETTINGS_DAYS; day++)
        if (strcmp(word, NAMES[day]) == 0)
            return day;
    return -1;
}

/* "mon" or "mon-fri": adds bits to *days. */
static bool read_days_item(struct reading *reading, char *item, unsigned *days)
{
    char *dash = strchr(item, '-');
    if (dash)
        *dash = '\0';
    int first = find_day(item), last = dash ? find_day(dash + 1) : first;
    if (dash)
        *dash = '-';
    if (first < 0 || last < 0)
        return refuse(reading, "is no day: mon tue wed thu fri sat sun", item);
    if (dash && last <= first)
        return refuse(reading, "ends before it begins", item);
    for (int day = first; day <= last; day++) {
        if (*days >> day & 1 || reading->hours.days[day].span_count > 0)
            return refuse(reading, "gives a day twice", item);
        *days |= 1U << day;
    }
    return true;
}

static bool read_days(struct reading *reading, char *word, unsigned *days)
{
    char *rest = word, *item;
    while ((item = strsep(&rest, ",")) != NULL)
        if (!read_days_item(reading, item, days))
            return false;
    return true;
}

/* "09:00", two digits each; 24:00 is the end of a day. */
static bool read_time(const char *text, int16_t *minutes)
{
    if (strlen(text) != 5 || text[2] != ':' || strspn(text, "0123456789") != 2 ||
        strspn(text + 3, "0123456789") != 2)
        return false;
    int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
    *minutes = (int16_t)(hour * 60 + minute);
    return minute < 60 && *minutes <= DAY_MINUTES;
}

static bool read_span(struct reading *reading, char *word, struct settings_day *day)
{
    struct settings_span span;
    char *dash = strchr(word, '-');
    if (dash)
        *dash = '\0';
    bool is_good = dash && read_time(word, &span.from_min) && read_time(dash + 1, &span.to_min);
    if (dash)
        *dash = '-';
    if (!is_good)
        return refuse(reading, "is not a span like 09:00-12:00", word);
    if (span.to_min <= span.from_min)
        return refuse(reading, "ends before it begins", word);
    if (day->span_count > 0 && span.from_min <= day->spans[day->span_count - 1].to_min)
        return refuse(reading, "does not come after the span before it", word);
    if (day->span_count == SETTINGS_SPANS_MAX)
        return refuse(reading, "is one span a day too many", word);
    day->spans[day->span_count++] = span;
    return true;
}

static bool read_group(struct reading *reading, char *group)
{
    struct settings_day day = { 0 };
    unsigned days = 0;
    char *rest = NULL;
    char *word = strtok_r(group, " \t", &rest);
    if (!word)
        return refuse(reading, "stands beside an empty group", ";");
    if (!read_days(reading, word, &days))
        return false;
    char *name = word;
    while ((word = strtok_r(NULL, " \t", &rest)) != NULL)
        if (!read_span(reading, word, &day))
            return false;
    if (day.span_count == 0)
        return refuse(reading, "has no hours", name);
    for (int i = 0; i < SETTINGS_DAYS; i++)
        if (days >> i & 1)
            reading->hours.days[i] = day;
    return true;
}

bool settings_hours_parse(const char *text, struct settings_hours *out, char *why, int why_size)
{
    struct reading reading = { .why = why, .why_size = why_size };
    char copy[TEXT_SIZE];
    if (!text_copy(copy, sizeof copy, text))
        return refuse(&reading, "is too long", "hours");
    reading.hours.are_given = copy[strspn(copy, " \t")] != '\0';
    int groups = 0;
    char *rest = copy, *group;
    while (reading.hours.are_given && (group = strsep(&rest, ";")) != NULL) {
        if (++groups > SETTINGS_GROUPS_MAX)
            return refuse(&reading, "is one group too many", group);
        if (!read_group(&reading, group))
            return false;
    }
    *out = reading.hours;
    return true;
}
