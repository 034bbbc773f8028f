/*
 * One kiosk, its devices, its citizens, its bureau, and whatever goes wrong, in virtual time.
 *
 * A world is a function of its seed and its plan. world_step does the one thing that is due next:
 * a device speaks, a note moves, a person touches, a reply arrives, a deadline passes, something
 * breaks; then every invariant is asked (checks.h).
 *
 * The kiosk dies without a goodbye: from the step at which it dies, nothing it does reaches disk,
 * device or wire. Its program is wound up, what is durable stays, and a new one is opened on that.
 */
#pragma once
#include "app/recheck.h"
#include "base/clock.h"
#include "health/health.h"
#include "session/session_internal.h"
#include "sim/acceptor.h"
#include "sim/books.h"
#include "sim/limits.h"
#include "sim/network.h"
#include "sim/printer.h"
#include "support/fake_id_reader.h"
#include "sync/sync.h"

#define WORLD_WHY_SIZE 400
#define WORLD_PEOPLE_MAX 64

enum world_fault {
    FAULT_CRASH,    /* the kiosk's process dies */
    FAULT_POWER,    /* the kiosk's power fails, not the acceptor's */
    FAULT_BLACKOUT, /* everything's */
    FAULT_ACCEPTOR_POWER,
    FAULT_ACCEPTOR_PLUG,
    FAULT_ACCEPTOR_SWAP,
    FAULT_ACCEPTOR_BOX,
    FAULT_NOTES,   /* unreadable, pulled back, on a string, jammed */
    FAULT_REPEATS, /* the driver tells again what is not acknowledged */
    FAULT_PAPER,
    FAULT_PRINTER_PLUG,
    FAULT_READER,
    FAULT_NETWORK,
    FAULT_NETWORK_DOWN,
    FAULT_DISK,
    FAULT_CLOCK,
    FAULT_PEOPLE, /* who touches anything, goes back, walks off */
    WORLD_FAULTS,
};
const char *world_fault_name(enum world_fault fault);

/* What kind of step it is; the exhaustive run counts them by kind. */
enum world_point {
    POINT_DISK,
    POINT_DEVICE,
    POINT_NETWORK,
    POINT_EVENT,
    WORLD_POINTS,
};

enum death {
    DEATH_CRASH,    /* the process alone: what was written stays */
    DEATH_POWER,    /* the kiosk's power: what was not synced may be gone */
    DEATH_BLACKOUT, /* the acceptor's too */
    DEATHS,
};

struct world_plan {
    uint64_t seed;
    int visits;
    uint32_t faults; /* bits of enum world_fault */
    bool has_limits; /* limits.h */
    /* Of the exhaustive run: one visit with these notes, no dice. */
    bool is_exact;
    bool has_counters;
    int64_t crash_at; /* the crash_at-th point of all; 0 never */
    int64_t crash_again_after;
    enum death death;
    enum cut_fate cut;
    bool tells_first;
};

struct world_counts {
    int64_t visits, payments, notes, crashes, steps, points, entries, papers, faults;
    int64_t points_of[WORLD_POINTS];
    int64_t unknowns, exchanges, restarts;
};

struct sim_world {
    struct world_plan plan;
    struct dice dice;
    struct clock_fake clock;
    bool tells; /* writes its history */
    int64_t step;
    bool failed;
    const char *check; /* that failed */
    char why[WORLD_WHY_SIZE];

    /* the kiosk */
    struct settings settings;
    struct policy *policy;
    struct seal seal;
    struct journal_root_key key;
    struct journal *journal;
    struct session *session;
    struct health health;
    struct sync_flow sync;
    bool sync_runs;
    struct recheck recheck;
    int64_t looked_minute;
    int64_t reached_wall_ms;
    bool is_dying;        /* nothing it does counts any more */
    enum death death;     /* … and how */
    int64_t starts_at_ms; /* INT64_MAX: it runs */
    int64_t points, crash_at;
    int64_t points_of[WORLD_POINTS];

    /* the rest */
    struct sim_acceptor acceptor;
    struct sim_printer printer;
    struct fake_id_reader reader;
    int64_t reader_ready_ms;
    bool reader_is_plugged;
    struct sim_network network;
    struct books books;
    struct sim_limits limits;

    /* the citizen */
    bool person_is_here, has_started;
    int person; /* who */
    int people_count;
    int visits_left;
    int64_t acts_at_ms;
    int64_t leaves_at_ms; /* walks off, whatever is inside */
    int money_put_in;
    int touches;

    /* faults */
    int64_t fault_at_ms;
    int64_t disk_heals_ms, network_heals_ms, acceptor_back_ms, printer_back_ms, box_back_ms,
        reader_back_ms, clock_back_ms;
    int64_t clock_off_ms;
    bool calm; /* nothing breaks any more; everything comes to rest */
    int64_t calm_since_ms;
    int causes;                       /* why a note may have to be booked as unknown */
    bool start_is_unsafe;             /* the journal was opened and could not be written yet */
    int64_t silent_since_ms;          /* INT64_MAX: the acceptor can be asked, or need not be */
    int blamed_note;                  /* that one of them was about last */
    int excesses;                     /* notes that may be booked once too often as unknown … */
    int excesses_of[ACCEPTOR_VALUES]; /* … and of which value, if it is told */
    int untold;                       /* notes in the box that no event ever spoke of … */
    int untold_but_known; /* … although the journal knew that they were on their way */
    int checked_exchanges;
    int64_t checked_seq, told_seq;
    struct world_counts counts;
};

/* Counts and history. */
void world_tell(struct sim_world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
#define TELL(world, ...)                                                                           \
    do {                                                                                           \
        if ((world)->tells)                                                                        \
            world_tell(world, __VA_ARGS__);                                                        \
    } while (0)
/* The first failure counts. */
void world_fail(struct sim_world *world, const char *check, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A reason outside the kiosk why the note put in last may have to be booked as unknown; one for a
 * note, however many there are. */
void world_blame(struct sim_world *world, const char *why);

/* A step of the kiosk towards the outside. True: it is dead and the step must not be done. */
bool world_point(struct sim_world *world, enum world_point kind);
bool world_kiosk_lives(const struct sim_world *world);
int64_t world_now(const struct sim_world *world);
static inline bool world_has(const struct sim_world *world, enum world_fault fault)
{
    return !world->calm && ((world->plan.faults >> fault) & 1) != 0;
}

/* One process: the folder is for the journal's lock file only. */
void world_prepare(const char *folder);
void world_open(struct sim_world *world, const struct world_plan *plan, bool tells);
void world_close(struct sim_world *world);
/* False: the world has come to its end (all visits made, everything at rest) or failed. */
bool world_step(struct sim_world *world);

/* kiosk.c: the kiosk as app.c wires it. */
void kiosk_start(struct sim_world *world);
void kiosk_bury(struct sim_world *world);
void kiosk_turn(struct sim_world *world);
int64_t kiosk_next_ms(const struct sim_world *world);
void kiosk_hear_acceptor(struct sim_world *world, const struct cash_acceptor_event *event);
void kiosk_hear_printer(struct sim_world *world, const struct printer_event *event);
void kiosk_hear_reader(struct sim_world *world, const struct id_reader_event *event);
void kiosk_hear_bureau(struct sim_world *world, struct transport_reply *reply);
bool kiosk_is_at_rest(struct sim_world *world);

/* citizen.c */
void citizen_come(struct sim_world *world);
void citizen_act(struct sim_world *world);

/* faults.c */
void faults_begin(struct sim_world *world);
int64_t faults_next_ms(const struct sim_world *world);
void faults_run(struct sim_world *world);
/* Everything is mended; from now on nothing breaks. */
void faults_end(struct sim_world *world);
