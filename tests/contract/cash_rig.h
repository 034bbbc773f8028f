/*
 * The acceptor under contract: what it has said so far, and the words to drive it with.
 */
#pragma once
#include "contract/rig.h"
#include "drivers/cash_acceptor/cash_acceptor.h"

#define HEARD_MAX 512

/* The denominations of the model, in fen. */
extern const int64_t ALL_NOTES[5];

/* What some devices can and others cannot; the contract says what then holds instead. */
enum cash_trait {
    COUNTS = 1 << 0,          /* it has lifetime counters */
    NAMES_CREDIT = 1 << 1,    /* a credit names its note also to a process that never saw it */
    HAS_SERIAL = 1 << 2,      /* a number of its own, asked for at any time */
    ACCEPTS_BY_POLL = 1 << 3, /* SSP's way: events in every poll, and a poll accepts */
};

struct cash_rig {
    struct rig rig;
    struct cash_acceptor *acceptor;
    struct cash_acceptor_event heard[HEARD_MAX];
    int heard_count, read_count; /* read: already looked at by the test */
    enum cash_event_kind wanted;
    enum device_state wanted_state;
};

/* cmocka's set-up and tear-down: a driver that is READY on an acceptor without faults. */
int cash_rig_set_up(void **state);
int cash_rig_tear_down(void **state);

/* Which driver the suite runs on, and behind what: the first argument of the program, "ssp",
 * "id003", "id003-cp210x", … */
void cash_rig_choose(int argc, char **argv);
const char *cash_rig_driver(void);
bool has_trait(enum cash_trait trait);

/* Leaves out a test that is about what this device does not have. */
void needs(enum cash_trait trait);

/* The next event of this kind; those before it are skipped. */
const struct cash_acceptor_event *expect(struct cash_rig *rig, enum cash_event_kind kind);

const struct cash_acceptor_event *expect_state(struct cash_rig *rig, enum device_state state);

int count_heard(const struct cash_rig *rig, enum cash_event_kind kind);

void enable_all(struct cash_rig *rig);

void open_acceptor(struct cash_rig *rig);

/* Stops and starts in order; what the device still holds must come again. */
void stop(struct cash_rig *rig);

/* "box": {"fen": 20000 …: how much lies in one place. */
long fen_in(const char *place);

/* So much lies there, or will in a moment: after its credit a note still moves a little. */
void expect_fen_in(struct cash_rig *rig, const char *place, long fen);

/* A number in the model's own account of the acceptor. */
long acceptor_number(const char *name);

/* Feeds one note as far as escrow. */
int64_t escrow(struct cash_rig *rig, int yuan);

void take_note(struct cash_rig *rig, int yuan);
