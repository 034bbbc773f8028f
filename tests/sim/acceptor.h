/*
 * A banknote acceptor with its driver, at the level of the class contract
 * (drivers/cash_acceptor/cash_acceptor.h), that never loses sight of a note.
 *
 * The mechanism goes on without the kiosk: a note told to stack arrives in the box whoever has died
 * meanwhile. What was not acknowledged is told again to the next kiosk; what the driver alone knew
 * (a note given back, the box taken out) dies with it. A power cut finds the note in one of five
 * places, and the device then tells the truth about it, half of it, or nothing.
 *
 * Not simulated: several notes under way, the wire (the contract suite does that).
 */
#pragma once
#include "drivers/cash_acceptor/cash_acceptor.h"
#include "sim/dice.h"

#define ACCEPTOR_EVENTS_MAX 24
#define ACCEPTOR_COMMANDS_MAX 16
#define ACCEPTOR_VALUES 6
#define ACCEPTOR_NOTES_MAX 1024

struct sim_world;

enum note_place {
    NOTE_NOWHERE,
    NOTE_IN_MOUTH,
    NOTE_IN_ESCROW,
    NOTE_GOING_IN,
    NOTE_GOING_OUT,
};

/* What is done to a note by whoever stands there, or by wear. */
enum note_trick {
    NOTE_GOOD,
    NOTE_UNREADABLE,
    NOTE_PULLED_BACK, /* out of the mouth of the stacker */
    NOTE_ON_A_STRING, /* noticed by the device: fraud, and the note is gone */
    NOTE_JAMS,
};

enum acceptor_command {
    COMMAND_ENABLE,
    COMMAND_DISABLE,
    COMMAND_STACK,
    COMMAND_RETURN,
    COMMAND_ACKNOWLEDGE,
};

/* How a device speaks of a note that a power cut found inside. */
enum cut_fate {
    CUT_BY_DICE,
    CUT_FRONT_TOLD,
    CUT_BOX_TOLD,
    CUT_BOX_NO_VALUE,
    CUT_BOX_SILENT,
    CUT_FRONT_SILENT,
    CUT_FATES,
};

/* Where each note that was ever put in has ended. */
enum note_end {
    NOTE_STILL_INSIDE,
    NOTE_IN_BOX,
    NOTE_WITH_CITIZEN,
};

struct sim_acceptor {
    struct cash_acceptor acceptor; /* first: the ops cast it back */
    struct sim_world *world;

    /* the mechanism */
    enum note_place place;
    int64_t note_fen;
    int note_txn;       /* index into the world's transactions */
    int64_t note_visit; /* who put it in */
    enum note_trick trick;
    enum cash_reject_reason out_reason;
    int64_t moves_at_ms;
    bool has_power, is_plugged, box_is_in, is_jammed;
    bool has_counters;
    int cut_off_note; /* that was under way when the kiosk died: its entry may be there */
    uint32_t stacked;
    int serial;
    struct cash_acceptor_event unacked;
    bool has_unacked;

    /* the truth that no program sees */
    int box_count; /* notes ever taken for good, in whichever box */
    int64_t box_fen;
    int box_counts[ACCEPTOR_VALUES];    /* by value, see acceptor_value_index */
    int inserted_count, returned_count; /* by and to citizens */
    uint8_t ends[ACCEPTOR_NOTES_MAX];   /* enum note_end, of the n-th note that was put in */
    int64_t inserted_fen, returned_fen;

    /* the driver, which lives with the kiosk */
    bool driver_runs;
    enum device_state state;
    bool is_enabled;
    int64_t values_fen[CASH_CHANNELS_MAX];
    int value_count;
    bool tells_first; /* what is unacknowledged before READY, not after it */
    int64_t ready_at_ms;
    int64_t repeats_at_ms;
    struct {
        int64_t at_ms;
        struct cash_acceptor_event event;
    } events[ACCEPTOR_EVENTS_MAX];
    int event_count;
    struct {
        int64_t at_ms;
        enum acceptor_command command;
        int64_t values_fen[CASH_CHANNELS_MAX];
        int value_count;
    } commands[ACCEPTOR_COMMANDS_MAX];
    int command_count;
};

/* -1: no value that is printed on notes. */
int acceptor_value_index(int64_t value_fen);
extern const int64_t ACCEPTOR_VALUES_FEN[ACCEPTOR_VALUES];

void acceptor_init(struct sim_acceptor *acceptor, struct sim_world *world, bool has_counters);

/* The kiosk's driver opens the device, or dies with its kiosk. */
void acceptor_connect(struct sim_acceptor *acceptor);
void acceptor_abandon(struct sim_acceptor *acceptor);

/* Could a citizen push a note in now? */
bool acceptor_is_open(const struct sim_acceptor *acceptor);
void acceptor_insert(struct sim_acceptor *acceptor, int64_t value_fen, int txn,
                     enum note_trick trick);

void acceptor_cut_power(struct sim_acceptor *acceptor);
void acceptor_power_up(struct sim_acceptor *acceptor, enum cut_fate fate);
void acceptor_unplug(struct sim_acceptor *acceptor);
void acceptor_plug(struct sim_acceptor *acceptor);
/* The kiosk can ask it for a note it does not know about. */
bool acceptor_can_be_asked(const struct sim_acceptor *acceptor);
/* The kiosk hears of the note in escrow: it is of the payment that is under way now, if the person
 * is the same who put it in. */
void acceptor_give_note_to(struct sim_acceptor *acceptor, const char *txn);
/* A note inside, or one in the box that the kiosk has not acknowledged. */
bool acceptor_holds_secret(const struct sim_acceptor *acceptor);
void acceptor_take_box(struct sim_acceptor *acceptor);
void acceptor_put_box(struct sim_acceptor *acceptor);
/* Another one in its place; what the old one knew goes with it. Requires: no note under way. */
void acceptor_swap(struct sim_acceptor *acceptor);
/* Staff takes the jammed note out and puts it into the box or gives it back. */
void acceptor_clear_jam(struct sim_acceptor *acceptor);

/* The next moment at which something happens by itself; INT64_MAX: never. */
int64_t acceptor_next_ms(const struct sim_acceptor *acceptor);
/* The one thing that is due. */
void acceptor_run(struct sim_acceptor *acceptor);
