#include "base/month.h"

#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#define YEAR_MIN 1990
#define YEAR_MAX 2099

enum status month_parse(const char *text, month_index *out)
{
    if (strnlen(text, MONTH_TEXT_SIZE) != MONTH_TEXT_SIZE - 1 || text[4] != '-')
        return STATUS_INVALID;
    int digits[6];
    for (int i = 0, at = 0; i < 6; i++, at++) {
        if (at == 4)
            at++;
        if (text[at] < '0' || text[at] > '9')
            return STATUS_INVALID;
        digits[i] = text[at] - '0';
    }
    int year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
    int month = digits[4] * 10 + digits[5];
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12)
        return STATUS_INVALID;
    *out = month_of(year, month);
    return STATUS_OK;
}

void month_format(month_index m, char out[MONTH_TEXT_SIZE])
{
    text_format(out, MONTH_TEXT_SIZE, "%04d-%02d", month_year(m), month_number(m));
}

month_index month_of_wall(int64_t wall_ms)
{
    struct clock_civil civil = clock_civil_of(wall_ms);
    return month_of(civil.year, civil.month);
}
