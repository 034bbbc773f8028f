/*
 * Time comes from here and nowhere else, so that a whole kiosk can run in virtual time.
 *
 * Monotonic milliseconds are for deadlines; wall milliseconds (Unix epoch, UTC) are for records and
 * may jump. The two are never mixed.
 *
 * Threads: a system clock may be read from any thread; a fake clock belongs to its test.
 */
#pragma once
#include <stdint.h>

struct clock {
    int64_t (*monotonic_ms)(const struct clock *clock);
    int64_t (*wall_ms)(const struct clock *clock);
};

/* The machine's clocks. GUICHET_WALL_CLOCK is not read here: a kiosk has one time. */
extern const struct clock clock_system;

static inline int64_t clock_now_ms(const struct clock *clock)
{
    return clock->monotonic_ms(clock);
}

static inline int64_t clock_wall_ms(const struct clock *clock)
{
    return clock->wall_ms(clock);
}

/* A clock that moves only when told. The first member makes it usable as a struct clock. */
struct clock_fake {
    struct clock clock;
    int64_t now_ms;
    int64_t wall_ms;
};

void clock_fake_init(struct clock_fake *fake, int64_t wall_ms);

/* Moves both clocks forward. */
void clock_fake_advance(struct clock_fake *fake, int64_t ms);

/* "2026-11-23T01:41:07Z" of a wall time; out must hold CLOCK_ISO_SIZE bytes. */
#define CLOCK_ISO_SIZE 25
void clock_format_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE]);

/* Civil local time (the process's TZ; a kiosk in China runs Asia/Shanghai). */
struct clock_civil {
    int year, month, day, hour, minute, second; /* month 1..12 */
};
struct clock_civil clock_civil_of(int64_t wall_ms);
/* Civil time in China, whatever this machine's TZ: UTC+8, without summer time since 1992. For what
 * a server shows about a kiosk. */
struct clock_civil clock_civil_in_china(int64_t wall_ms);
