#include "base/check.h"
#include "tools/simulator/model_acceptor.h"
#include <string.h>

enum {
    READ_MS = 800,
    STACK_MS = 700,
    SETTLE_MS = 400,
    REJECT_MS = 600,
    START_MS = 1500,
    TOLD_MS = 250 /* ID-003 tells states, not events: none is so short that a poll misses it */
};
/* The two manuals say 5 s and 10 s; the shorter one is the harsher. Never scaled: hosts plan by it.
 */
enum {
    ESCROW_MS = 5000,
    HOST_LOST_MS = 10000
};

const uint8_t ACCEPTOR_VALUES_YUAN[ACCEPTOR_CHANNELS] = { 5, 10, 20, 50, 100 };

static const char *const PLACE_NAMES[NOTE_PLACE_COUNT] = {
    "mouth", "reading",   "escrow",   "stacking", "credited",
    "box",   "rejecting", "returned", "jammed",   "collected",
};

const char *note_place_name(enum note_place place)
{
    return PLACE_NAMES[place];
}

bool note_place_parse(const char *name, enum note_place *out)
{
    for (int i = 0; i < NOTE_PLACE_COUNT; i++) {
        if (strcmp(PLACE_NAMES[i], name) == 0) {
            *out = (enum note_place)i;
            return true;
        }
    }
    return false;
}

uint8_t acceptor_value_yuan(const struct model_acceptor *acceptor, int channel)
{
    return ACCEPTOR_VALUES_YUAN[acceptor->reversed ? ACCEPTOR_CHANNELS - channel : channel - 1];
}

int acceptor_channel_of(const struct model_acceptor *acceptor, int value_yuan)
{
    for (int channel = 1; channel <= ACCEPTOR_CHANNELS; channel++) {
        if (acceptor_value_yuan(acceptor, channel) == value_yuan)
            return channel;
    }
    return 0;
}

/* Events */

void acceptor_add_event(struct model_acceptor *acceptor, enum acceptor_event_code code, int channel)
{
    if (acceptor->tongue == ACCEPTOR_ID003) {
        acceptor_id003_on_event(acceptor, (int)code);
        return;
    }
    if (acceptor->event_count == ACCEPTOR_EVENTS_MAX)
        return;
    bool has_channel = code == EVENT_CREDIT || code == EVENT_FRAUD ||
                       code == EVENT_CLEARED_INTO_BOX || code == EVENT_CLEARED_FROM_FRONT;
    acceptor->events[acceptor->event_count++] = (struct acceptor_event){
        .code = (uint8_t)code,
        .channel = (uint8_t)channel,
        .has_channel = has_channel,
        .needs_ack = has_channel && code != EVENT_CLEARED_FROM_FRONT,
    };
}

bool acceptor_has_unacked(const struct model_acceptor *acceptor)
{
    if (acceptor->tongue == ACCEPTOR_ID003)
        return acceptor_id003_waits(acceptor);
    for (int i = 0; i < acceptor->event_count; i++) {
        if (acceptor->events[i].needs_ack)
            return true;
    }
    return false;
}

/* Movement */

static void lose_power(struct model_acceptor *acceptor)
{
    acceptor->fails = false;
    model_acceptor_set_power(acceptor, false);
}

static int64_t arrival_ms(const struct model_acceptor *acceptor, int duration_ms)
{
    int64_t at_ms = usb_model_after(&acceptor->usb, duration_ms);
    int64_t told_ms = usb_model_now(&acceptor->usb) + TOLD_MS;
    return acceptor->tongue == ACCEPTOR_ID003 && at_ms < told_ms ? told_ms : at_ms;
}

/* The note arrives somewhere; duration_ms until its next step, -1: it rests there. */
static void move(struct model_acceptor *acceptor, enum note_place place, int duration_ms)
{
    struct note *note = acceptor->moving;
    note->place = place;
    acceptor->step_at_ms = duration_ms < 0 ? -1 : arrival_ms(acceptor, duration_ms);
    if (place == NOTE_IN_BOX || place == NOTE_RETURNED)
        acceptor->moving = NULL;
    if (acceptor->fails && acceptor->fail_place == place)
        lose_power(acceptor);
}

static void send_back(struct model_acceptor *acceptor, uint8_t code)
{
    acceptor->moving->reject_code = code;
    acceptor->last_reject = code;
    move(acceptor, NOTE_REJECTING, REJECT_MS);
}

static bool take_fault(struct model_acceptor *acceptor, enum acceptor_fault fault)
{
    if (acceptor->fault != fault)
        return false;
    acceptor->fault = ACCEPTOR_FAULT_NONE;
    return true;
}

static void end_reading(struct model_acceptor *acceptor)
{
    const struct note *note = acceptor->moving;
    int channel = acceptor_channel_of(acceptor, note->value_yuan);
    if (take_fault(acceptor, ACCEPTOR_FAULT_SILENT_READ)) {
        move(acceptor, NOTE_RETURNED, -1);
    } else if (channel == 0 || note->counterfeit) {
        send_back(acceptor, REJECT_NOT_RECOGNISED);
    } else if ((acceptor->inhibits & 1u << (channel - 1)) == 0) {
        send_back(acceptor, REJECT_INHIBITED);
    } else if (!acceptor->enabled) {
        send_back(acceptor, REJECT_DISABLED);
    } else {
        acceptor->escrow_reported = false;
        acceptor->step_at_ms = usb_model_now(&acceptor->usb) + ESCROW_MS;
        int64_t deadline_ms = acceptor->step_at_ms;
        move(acceptor, NOTE_ESCROW, 0);
        acceptor->step_at_ms = deadline_ms;
    }
}

static void reach_credit_point(struct model_acceptor *acceptor)
{
    struct note *note = acceptor->moving;
    if (take_fault(acceptor, ACCEPTOR_FAULT_JAM)) {
        move(acceptor, NOTE_JAMMED, -1);
    } else if (take_fault(acceptor, ACCEPTOR_FAULT_PULL_BACK)) {
        send_back(acceptor, REJECT_REAR_SENSOR);
    } else if (take_fault(acceptor, ACCEPTOR_FAULT_CANNOT_STACK) || acceptor->box_out) {
        send_back(acceptor, REJECT_CANNOT_STACK);
    } else if (take_fault(acceptor, ACCEPTOR_FAULT_FRAUD)) {
        /* "EE replaced by E6": the note went out on its string, no credit. */
        acceptor_add_event(acceptor, EVENT_FRAUD, acceptor_channel_of(acceptor, note->value_yuan));
        move(acceptor, NOTE_RETURNED, -1);
    } else if (take_fault(acceptor, ACCEPTOR_FAULT_SAFE_JAM)) {
        acceptor_add_event(acceptor, EVENT_SAFE_JAM, 0);
        move(acceptor, NOTE_CREDITED, SETTLE_MS);
    } else if (take_fault(acceptor, ACCEPTOR_FAULT_SILENT_STACK)) {
        acceptor->stacked++;
        move(acceptor, NOTE_IN_BOX, -1);
    } else if (acceptor->tongue == ACCEPTOR_ID003 && acceptor->id003.stack_2) {
        move(acceptor, NOTE_CREDITED, SETTLE_MS);
    } else {
        acceptor->last_reject = REJECT_ACCEPTED;
        acceptor->unacked_note = note;
        acceptor_add_event(acceptor, EVENT_CREDIT, acceptor_channel_of(acceptor, note->value_yuan));
        move(acceptor, NOTE_CREDITED, SETTLE_MS);
    }
}

static void settle_in_box(struct model_acceptor *acceptor)
{
    acceptor->stacked++;
    acceptor_add_event(acceptor, EVENT_STACKED, 0);
    move(acceptor, NOTE_IN_BOX, -1);
}

static void end_rejecting(struct model_acceptor *acceptor)
{
    acceptor->rejected++;
    if (!take_fault(acceptor, ACCEPTOR_FAULT_SILENT_RETURN))
        acceptor_add_event(acceptor, EVENT_REJECTED, 0);
    move(acceptor, NOTE_RETURNED, -1);
}

static void step(struct model_acceptor *acceptor)
{
    switch (acceptor->moving->place) {
    case NOTE_READING:
        end_reading(acceptor);
        break;
    case NOTE_ESCROW:
        send_back(acceptor, REJECT_ESCROW_TIMEOUT);
        break;
    case NOTE_STACKING:
        reach_credit_point(acceptor);
        break;
    case NOTE_CREDITED:
        settle_in_box(acceptor);
        break;
    case NOTE_REJECTING:
        end_rejecting(acceptor);
        break;
    case NOTE_IN_MOUTH:
    case NOTE_IN_BOX:
    case NOTE_RETURNED:
    case NOTE_JAMMED:
    case NOTE_COLLECTED:
        acceptor->step_at_ms = -1;
        break;
    }
}

/* The note the device would pull in now; NULL: none, or it must not. */
static struct note *next_in_mouth(struct model_acceptor *acceptor)
{
    if (!acceptor->usb.powered || acceptor->starting_until_ms >= 0 || acceptor->moving != NULL ||
        !acceptor->enabled || acceptor->box_out || acceptor->box_full ||
        acceptor_has_unacked(acceptor))
        return NULL;
    for (int i = 0; i < acceptor->note_count; i++) {
        if (acceptor->notes[i].place == NOTE_IN_MOUTH)
            return &acceptor->notes[i];
    }
    return NULL;
}

/* Starting: what is inside goes out of the way and is told once the host asks. */

static void clear_path(struct model_acceptor *acceptor)
{
    struct note *note = acceptor->moving;
    bool credit_open = acceptor->unacked_note != NULL;
    if (note != NULL && (note->place == NOTE_STACKING || note->place == NOTE_CREDITED)) {
        if (note->place == NOTE_STACKING || credit_open)
            acceptor_add_event(acceptor, EVENT_CLEARED_INTO_BOX,
                               acceptor_channel_of(acceptor, note->value_yuan));
        acceptor->stacked++;
        note->place = NOTE_IN_BOX;
    } else if (credit_open && acceptor->remembers) {
        acceptor_add_event(acceptor, EVENT_CLEARED_INTO_BOX,
                           acceptor_channel_of(acceptor, acceptor->unacked_note->value_yuan));
    }
    if (note != NULL && (note->place == NOTE_READING || note->place == NOTE_ESCROW ||
                         note->place == NOTE_REJECTING)) {
        int channel =
            note->place == NOTE_READING ? 0 : acceptor_channel_of(acceptor, note->value_yuan);
        acceptor_add_event(acceptor, EVENT_CLEARED_FROM_FRONT, channel);
        note->place = NOTE_RETURNED;
    }
    if (note != NULL && note->place != NOTE_JAMMED)
        acceptor->moving = NULL;
}

void acceptor_mechanism_start(struct model_acceptor *acceptor)
{
    acceptor->enabled = false;
    acceptor->inhibits = 0;
    acceptor->protocol_version = 4;
    acceptor->event_count = 0;
    acceptor->step_at_ms = -1;
    acceptor->starting_until_ms = usb_model_after(&acceptor->usb, START_MS);
}

static void end_start(struct model_acceptor *acceptor)
{
    acceptor->starting_until_ms = -1;
    acceptor->last_command_ms = usb_model_now(&acceptor->usb);
    if (acceptor->tongue == ACCEPTOR_ID003) {
        acceptor_id003_power_up(acceptor);
        return;
    }
    ssp_link_reset(&acceptor->link);
    acceptor_add_event(acceptor, EVENT_SLAVE_RESET, 0);
    clear_path(acceptor);
}

/* Commands of the protocol */

void acceptor_mechanism_stack(struct model_acceptor *acceptor)
{
    if (acceptor->moving == NULL || acceptor->moving->place != NOTE_ESCROW)
        return;
    move(acceptor, NOTE_STACKING, STACK_MS);
    if (take_fault(acceptor, ACCEPTOR_FAULT_SECOND_NOTE)) {
        acceptor->rejected++;
        acceptor->last_reject = REJECT_SECOND_NOTE;
        acceptor_add_event(acceptor, EVENT_REJECTED, 0);
    }
}

bool acceptor_mechanism_reject(struct model_acceptor *acceptor, uint8_t code)
{
    const struct note *note = acceptor->moving;
    if (acceptor->fault == ACCEPTOR_FAULT_REJECT_ECHO && note == NULL)
        return true;
    if (note == NULL || (note->place != NOTE_READING && note->place != NOTE_ESCROW))
        return false;
    if (acceptor->fault == ACCEPTOR_FAULT_REJECT_REFUSED && note->place == NOTE_ESCROW)
        return false;
    send_back(acceptor, code);
    return true;
}

bool acceptor_mechanism_hold(struct model_acceptor *acceptor)
{
    if (acceptor->moving == NULL || acceptor->moving->place != NOTE_ESCROW)
        return false;
    acceptor->step_at_ms = usb_model_now(&acceptor->usb) + ESCROW_MS;
    return true;
}

/* Time */

static bool is_past(const struct model_acceptor *acceptor, int64_t at_ms)
{
    return at_ms >= 0 && usb_model_now(&acceptor->usb) >= at_ms;
}

static bool gives_up_on_host(const struct model_acceptor *acceptor)
{
    return acceptor->enabled && acceptor->tongue == ACCEPTOR_SSP;
}

void acceptor_mechanism_advance(struct model_acceptor *acceptor)
{
    if (!acceptor->usb.powered)
        return;
    if (is_past(acceptor, acceptor->starting_until_ms))
        end_start(acceptor);
    if (acceptor->tongue == ACCEPTOR_ID003)
        acceptor_id003_advance(acceptor);
    if (gives_up_on_host(acceptor) && is_past(acceptor, acceptor->last_command_ms + HOST_LOST_MS))
        acceptor->enabled = false;
    while (acceptor->usb.powered && acceptor->moving != NULL &&
           is_past(acceptor, acceptor->step_at_ms))
        step(acceptor);
    struct note *note = next_in_mouth(acceptor);
    if (note == NULL)
        return;
    acceptor->moving = note;
    move(acceptor, NOTE_READING, READ_MS);
}

static int64_t sooner(int64_t a_ms, int64_t b_ms)
{
    if (a_ms < 0 || b_ms < 0)
        return a_ms < 0 ? b_ms : a_ms;
    return a_ms < b_ms ? a_ms : b_ms;
}

int64_t acceptor_mechanism_due_ms(const struct model_acceptor *acceptor)
{
    if (!acceptor->usb.powered)
        return -1;
    int64_t due_ms = acceptor->starting_until_ms;
    if (acceptor->moving != NULL)
        due_ms = sooner(due_ms, acceptor->step_at_ms);
    if (gives_up_on_host(acceptor))
        due_ms = sooner(due_ms, acceptor->last_command_ms + HOST_LOST_MS);
    if (acceptor->tongue == ACCEPTOR_ID003)
        due_ms = sooner(due_ms, acceptor_id003_due_ms(acceptor));
    return due_ms;
}

/* The physical world */

struct note *model_acceptor_feed(struct model_acceptor *acceptor, int value_yuan, bool counterfeit)
{
    if (acceptor->note_count == ACCEPTOR_NOTES_MAX)
        return NULL;
    struct note *note = &acceptor->notes[acceptor->note_count++];
    *note = (struct note){ .number = acceptor->note_count,
                           .value_yuan = value_yuan,
                           .counterfeit = counterfeit };
    return note;
}

bool model_acceptor_stray(struct model_acceptor *acceptor, int value_yuan)
{
    struct note *note = model_acceptor_feed(acceptor, value_yuan, false);
    if (note == NULL)
        return false;
    note->place = NOTE_IN_BOX;
    acceptor->stacked++;
    return true;
}

bool model_acceptor_leave_inside(struct model_acceptor *acceptor, int value_yuan,
                                 enum note_place place)
{
    if (acceptor->usb.powered || acceptor->moving != NULL)
        return false;
    struct note *note = model_acceptor_feed(acceptor, value_yuan, false);
    if (note == NULL)
        return false;
    note->place = place;
    acceptor->moving = note;
    return true;
}

static void relocate(struct model_acceptor *acceptor, enum note_place from, enum note_place to)
{
    for (int i = 0; i < acceptor->note_count; i++) {
        if (acceptor->notes[i].place == from)
            acceptor->notes[i].place = to;
    }
}

void model_acceptor_take_back(struct model_acceptor *acceptor)
{
    relocate(acceptor, NOTE_IN_MOUTH, NOTE_RETURNED);
}

void model_acceptor_set_power(struct model_acceptor *acceptor, bool on)
{
    if (on == acceptor->usb.powered)
        return;
    acceptor->usb.powered = on;
    acceptor->reply_at_ms = -1;
    usb_pipe_clear(&acceptor->in);
    serial_bridge_forget(&acceptor->bridge);
    if (on)
        acceptor_mechanism_start(acceptor);
}

void model_acceptor_remove_box(struct model_acceptor *acceptor)
{
    acceptor->box_out = true;
}

void model_acceptor_replace_box(struct model_acceptor *acceptor)
{
    if (acceptor->box_out)
        acceptor_add_event(acceptor, EVENT_BOX_REPLACED, 0);
    relocate(acceptor, NOTE_IN_BOX, NOTE_COLLECTED);
    acceptor->box_out = false;
    acceptor->box_full = false;
}

void model_acceptor_clear_jam(struct model_acceptor *acceptor)
{
    if (acceptor->moving == NULL || acceptor->moving->place != NOTE_JAMMED)
        return;
    acceptor->moving->place = NOTE_COLLECTED;
    acceptor->moving = NULL;
    if (acceptor->tongue == ACCEPTOR_ID003)
        acceptor_id003_power_up(acceptor); /* its head is closed again */
}

void model_acceptor_free_jam(struct model_acceptor *acceptor)
{
    if (acceptor->moving == NULL || acceptor->moving->place != NOTE_JAMMED)
        return;
    send_back(acceptor, REJECT_CANNOT_STACK);
}

void model_acceptor_reset(struct model_acceptor *acceptor)
{
    if (acceptor->usb.powered)
        acceptor_mechanism_start(acceptor);
}
