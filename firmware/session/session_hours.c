#include "session/session_hours.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#define DAY_MINUTES 1440
#define RUN_MIN 3 /* fewer days in a row are named one by one */

static const char *const DAYS[LANGUAGES][SETTINGS_DAYS] = {
    [LANGUAGE_ZH] = { "周一", "周二", "周三", "周四", "周五", "周六", "周日" },
    [LANGUAGE_EN] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" },
};

static const struct words {
    const char *every_day, *to, *and, *then, *today, *tomorrow;
} WORDS[LANGUAGES] = {
    [LANGUAGE_ZH] = { "每天", "至", "、", "；", "今天", "明天" },
    [LANGUAGE_EN] = { "Daily", "–", ", ", "; ", "today", "tomorrow" },
};

static void add(char *out, size_t size, const char *text)
{
    size_t length = strlen(out);
    text_copy(out + length, size - length, text);
}

/* "9:00": no leading nought, as on a door. */
static void add_time(char *out, size_t size, int minutes)
{
    char text[8];
    text_format(text, sizeof text, "%d:%02d", minutes / 60, minutes % 60);
    add(out, size, text);
}

static bool is_same_day(const struct settings_day *a, const struct settings_day *b)
{
    return a->span_count == b->span_count &&
           memcmp(a->spans, b->spans, (size_t)a->span_count * sizeof a->spans[0]) == 0;
}

static bool is_first_of_its_kind(const struct settings_hours *hours, int day)
{
    for (int earlier = 0; earlier < day; earlier++)
        if (is_same_day(&hours->days[earlier], &hours->days[day]))
            return false;
    return true;
}

/* How many days from this one on are open like it. */
static int run_length(const struct settings_hours *hours, int day)
{
    int length = 1;
    while (day + length < SETTINGS_DAYS &&
           is_same_day(&hours->days[day], &hours->days[day + length]))
        length++;
    return length;
}

/* All days open like this one: "周一至周五", "Mon, Wed". */
static void add_days(const struct settings_hours *hours, int like, enum language language,
                     char *out, size_t size)
{
    const struct words *words = &WORDS[language];
    const char *between = "";
    if (run_length(hours, 0) == SETTINGS_DAYS) {
        add(out, size, words->every_day);
        return;
    }
    for (int day = like; day < SETTINGS_DAYS;) {
        if (!is_same_day(&hours->days[like], &hours->days[day])) {
            day++;
            continue;
        }
        int run = run_length(hours, day);
        int step = run >= RUN_MIN ? run : 1;
        add(out, size, between);
        add(out, size, DAYS[language][day]);
        if (step > 1) {
            add(out, size, words->to);
            add(out, size, DAYS[language][day + step - 1]);
        }
        between = words->and;
        day += step;
    }
}

static void add_spans(const struct settings_day *day, enum language language, char *out,
                      size_t size)
{
    for (int i = 0; i < day->span_count; i++) {
        add(out, size, i == 0 ? " " : WORDS[language].and);
        add_time(out, size, day->spans[i].from_min);
        add(out, size, "–");
        add_time(out, size, day->spans[i].to_min);
    }
}

static void compose_hours(const struct settings_hours *hours, enum language language, char *out,
                          size_t size)
{
    for (int day = 0; day < SETTINGS_DAYS; day++) {
        if (hours->days[day].span_count == 0 || !is_first_of_its_kind(hours, day))
            continue;
        if (out[0] != '\0')
            add(out, size, WORDS[language].then);
        add_days(hours, day, language, out, size);
        add_spans(&hours->days[day], language, out, size);
    }
}

/* Monday is 0; Sakamoto's method. */
static int weekday_of(struct clock_civil civil)
{
    static const int OFFSETS[] = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };
    int year = civil.year - (civil.month < 3 ? 1 : 0);
    int from_sunday =
        (year + year / 4 - year / 100 + year / 400 + OFFSETS[civil.month - 1] + civil.day) % 7;
    return (from_sunday + 6) % 7;
}

static bool is_open_at(const struct settings_day *day, int minutes)
{
    for (int i = 0; i < day->span_count; i++)
        if (minutes >= day->spans[i].from_min && minutes < day->spans[i].to_min)
            return true;
    return false;
}

/* The first beginning of a span after this moment: days ahead, or -1 if there is none. */
static int find_opening(const struct settings_hours *hours, int weekday, int minutes, int *from_min)
{
    for (int ahead = 0; ahead <= SETTINGS_DAYS; ahead++) {
        const struct settings_day *day = &hours->days[(weekday + ahead) % SETTINGS_DAYS];
        for (int i = 0; i < day->span_count; i++) {
            if (ahead > 0 || day->spans[i].from_min > minutes) {
                *from_min = day->spans[i].from_min;
                return ahead;
            }
        }
    }
    return -1;
}

static void compose_opening(int ahead, int weekday, int from_min, enum language language, char *out,
                            size_t size)
{
    const char *day = DAYS[language][(weekday + ahead) % SETTINGS_DAYS];
    if (ahead <= 1)
        day = ahead == 0 ? WORDS[language].today : WORDS[language].tomorrow;
    add(out, size, day);
    add(out, size, " ");
    add_time(out, size, from_min);
}

void hours_show(const struct settings_hours *hours, int64_t wall_ms, struct session_view *view)
{
    struct clock_civil now = clock_civil_of(wall_ms);
    int weekday = weekday_of(now), minutes = now.hour * 60 + now.minute, from_min = 0;
    view->is_open = !hours->are_given || is_open_at(&hours->days[weekday], minutes);
    int ahead = view->is_open ? -1 : find_opening(hours, weekday, minutes, &from_min);
    for (int language = 0; language < LANGUAGES && hours->are_given; language++) {
        compose_hours(hours, (enum language)language, view->hours[language],
                      sizeof view->hours[language]);
        if (ahead >= 0)
            compose_opening(ahead, weekday, from_min, (enum language)language,
                            view->opens_next[language], sizeof view->opens_next[language]);
    }
}
