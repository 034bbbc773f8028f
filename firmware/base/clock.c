#include "base/clock.h"

#include <time.h>

#include "base/text.h"

static int64_t read_clock_ms(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_monotonic_ms(const struct clock *clock)
{
    (void)clock;
    return read_clock_ms(CLOCK_MONOTONIC);
}

static int64_t system_wall_ms(const struct clock *clock)
{
    (void)clock;
    return read_clock_ms(CLOCK_REALTIME);
}

const struct clock clock_system = {
    .monotonic_ms = system_monotonic_ms,
    .wall_ms = system_wall_ms,
};

static int64_t fake_monotonic_ms(const struct clock *clock)
{
    return ((const struct clock_fake *)clock)->now_ms;
}

static int64_t fake_wall_ms(const struct clock *clock)
{
    return ((const struct clock_fake *)clock)->wall_ms;
}

void clock_fake_init(struct clock_fake *fake, int64_t wall_ms)
{
    *fake = (struct clock_fake){
        .clock = { .monotonic_ms = fake_monotonic_ms, .wall_ms = fake_wall_ms },
        .now_ms = 1000, /* not zero, so that a forgotten zero deadline shows */
        .wall_ms = wall_ms,
    };
}

void clock_fake_advance(struct clock_fake *fake, int64_t ms)
{
    fake->now_ms += ms;
    fake->wall_ms += ms;
}

#define CHINA_OFFSET_S (8 * 3600)

static time_t seconds_of(int64_t wall_ms)
{
    int64_t seconds = wall_ms / 1000;
    if (wall_ms % 1000 < 0)
        seconds--;
    return (time_t)seconds;
}

void clock_format_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
    time_t seconds = seconds_of(wall_ms);
    struct tm utc = { 0 };
    gmtime_r(&seconds, &utc);
    text_format(out, CLOCK_ISO_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

static struct clock_civil civil_of(const struct tm *time)
{
    return (struct clock_civil){
        .year = time->tm_year + 1900,
        .month = time->tm_mon + 1,
        .day = time->tm_mday,
        .hour = time->tm_hour,
        .minute = time->tm_min,
        .second = time->tm_sec,
    };
}

struct clock_civil clock_civil_of(int64_t wall_ms)
{
    time_t seconds = seconds_of(wall_ms);
    struct tm local = { 0 };
    localtime_r(&seconds, &local);
    return civil_of(&local);
}

struct clock_civil clock_civil_in_china(int64_t wall_ms)
{
    time_t seconds = seconds_of(wall_ms) + CHINA_OFFSET_S;
    struct tm china = { 0 };
    gmtime_r(&seconds, &china);
    return civil_of(&china);
}
