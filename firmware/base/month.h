/*
 * Calendar months, as policies and contributions count them: index = year * 12 + month - 1.
 */
#pragma once
#include "base/status.h"
#include <stdint.h>

typedef int32_t month_index; /* a plain number, so that ranges and runs are arithmetic */

#define MONTH_TEXT_SIZE 8
static inline month_index month_of(int year, int month)
{
    return year * 12 + month - 1;
}
static inline int month_year(month_index m)
{
    return m / 12;
}
static inline int month_number(month_index m)
{
    return m % 12 + 1;
}

/* Exactly "YYYY-MM", 01..12, year 1990..2099. STATUS_INVALID otherwise. */
NODISCARD enum status month_parse(const char *text, month_index *out);

/* "2026-11" */
void month_format(month_index m, char out[MONTH_TEXT_SIZE]);

/* The local civil month of a wall time. */
month_index month_of_wall(int64_t wall_ms);
