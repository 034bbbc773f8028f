/*
 * Opening hours of the hall, as one line of the settings:
 *
 *   mon-fri 09:00-12:00 13:30-17:00;sat 09:00-12:00
 *
 * Groups are parted by ";" and each is days, then spans. Days are mon tue wed thu fri sat sun, one
 * by one (mon,wed) or from … to (mon-fri), each day at most once; spans ascend and do not touch.
 * Empty means always open.
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stdint.h>

#define SETTINGS_DAYS 7
#define SETTINGS_SPANS_MAX 3
#define SETTINGS_GROUPS_MAX 4

struct settings_span {
    int16_t from_min, to_min; /* minutes of the day; to_min is the first one closed, at most 1440 */
};

struct settings_day {
    int span_count; /* 0: closed all day */
    struct settings_span spans[SETTINGS_SPANS_MAX];
};

struct settings_hours {
    bool are_given;
    struct settings_day days[SETTINGS_DAYS]; /* Monday first */
};

/* False with a reason in why: "sat is given twice". Then *out is as it was. */
NODISCARD bool settings_hours_parse(const char *text, struct settings_hours *out, char *why,
                                    int why_size);
