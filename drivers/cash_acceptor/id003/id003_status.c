#include "drivers/cash_acceptor/id003/id003_internal.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"

#define MOVE_MS_MAX 15000
#define START_MS_MAX 60000
#define FOREVER_MS INT64_MAX

static int64_t now_ms(void)
{
    return clock_now_ms(&clock_system);
}

/* ---- the table ---- */

static const struct status_rule {
    uint8_t code;
    uint32_t problem;    /* while it lasts */
    id003_on_status *on; /* NULL: says nothing that matters */
    int64_t ms_max;      /* no motor runs longer: then it is a jam */
} RULES[] = {
    { ID003_IDLE, 0, id003_on_rest, FOREVER_MS },
    { ID003_DISABLED, 0, id003_on_rest, FOREVER_MS },
    { ID003_ACCEPTING, 0, id003_on_accepting, MOVE_MS_MAX },
    { ID003_ESCROW, 0, id003_on_escrow, FOREVER_MS },
    { ID003_HOLDING, 0, id003_on_escrow, FOREVER_MS },
    { ID003_STACKING, 0, id003_on_stacking, MOVE_MS_MAX },
    { ID003_VEND_VALID, 0, id003_on_vend_valid, FOREVER_MS },
    { ID003_STACKED, 0, NULL, MOVE_MS_MAX },
    { ID003_REJECTING, 0, id003_on_way_back, MOVE_MS_MAX },
    { ID003_RETURNING, 0, id003_on_way_back, MOVE_MS_MAX },
    { ID003_INITIALISING, 0, id003_on_initialising, START_MS_MAX },
    { ID003_POWER_UP, 0, id003_on_power_up, START_MS_MAX },
    { ID003_POWER_UP_IN_ACCEPTOR, 0, id003_on_found, FOREVER_MS },
    { ID003_POWER_UP_IN_STACKER, 0, id003_on_found, FOREVER_MS },
    { ID003_CHEATED, 0, id003_on_found, FOREVER_MS },
    { ID003_STACKER_FULL, DEVICE_PROBLEM_BOX_FULL, NULL, FOREVER_MS },
    { ID003_STACKER_OPEN, DEVICE_PROBLEM_BOX_REMOVED, NULL, FOREVER_MS },
    { ID003_JAM_IN_ACCEPTOR, DEVICE_PROBLEM_JAM, id003_on_jam, FOREVER_MS },
    { ID003_JAM_IN_STACKER, DEVICE_PROBLEM_JAM, id003_on_jam, FOREVER_MS },
    { ID003_PAUSE, 0, id003_on_pause, FOREVER_MS },
    { ID003_FAILURE, DEVICE_PROBLEM_HARDWARE, id003_on_failure, FOREVER_MS },
};

static const struct status_rule *find_rule(uint8_t code)
{
    for (size_t i = 0; i < ARRAY_SIZE(RULES); i++)
        if (RULES[i].code == code)
            return &RULES[i];
    return NULL;
}

bool id003_is_at_rest(const struct id003 *id003)
{
    return (id003->status == ID003_IDLE || id003->status == ID003_DISABLED) && id003->met &&
           id003->note == NOTE_NONE;
}

/* ---- from one status to the next ---- */

static bool goes_back(uint8_t code)
{
    return code == ID003_REJECTING || code == ID003_RETURNING;
}

static bool begins_anew(uint8_t code)
{
    return code == ID003_INITIALISING || code == ID003_POWER_UP ||
           code == ID003_POWER_UP_IN_ACCEPTOR || code == ID003_POWER_UP_IN_STACKER;
}

/* What the end of a status means, whatever comes after it. */
static void leave_status(struct id003 *id003, const struct status_rule *next)
{
    bool is_clear = next->problem == 0 && next->code != ID003_CHEATED && !begins_anew(next->code);
    if (goes_back(id003->status) && !goes_back(next->code) && is_clear &&
        (id003->note == NOTE_BACK || id003->rejecting))
        id003_end_return(id003);
    bool vanished = id003->status == ID003_ACCEPTING && id003->reading && is_clear &&
                    next->code != ID003_ESCROW && next->code != ID003_HOLDING &&
                    !goes_back(next->code);
    if (vanished)
        id003_post_back(id003, CASH_EVENT_NOTE_REJECTED, CASH_REJECT_NOT_RECOGNISED);
    if (next->code != ID003_ACCEPTING)
        id003->reading = id003->reading && !vanished && is_clear;
    if (id003->told.number != 0 && id003->told.status != next->code)
        id003->told.number = 0; /* answered, or told in other words from now on */
    /* After a fault it is not the session that was: what it has forgotten is told again. */
    if (id003->problems != 0 && next->problem == 0)
        id003->met = false;
}

void id003_derive_state(struct id003 *id003)
{
    uint32_t swapped = id003->swapped ? DEVICE_PROBLEM_SWAPPED : 0;
    struct cash_worker *worker = &id003->worker;
    if (id003->problems != 0)
        cash_worker_set_state(worker, DEVICE_FAULT, id003->problems | swapped);
    else if (!id003->met || id003->note == NOTE_LOST)
        cash_worker_set_state(worker, DEVICE_STARTING, swapped);
    else
        cash_worker_set_state(worker, swapped != 0 ? DEVICE_DEGRADED : DEVICE_READY, swapped);
}

static void settle_box(struct id003 *id003)
{
    bool removed = (id003->problems & DEVICE_PROBLEM_BOX_REMOVED) != 0;
    if (removed != id003->box_removed)
        cash_worker_post(&id003->worker,
                         removed ? CASH_EVENT_BOX_REMOVED : CASH_EVENT_BOX_REPLACED);
    id003->box_removed = removed;
}

static enum status enter_status(struct id003 *id003, const struct status_rule *rule,
                                const struct id003_frame *frame)
{
    if (rule->code != id003->status) {
        leave_status(id003, rule);
        id003->status_since_ms = now_ms();
    }
    id003->problems = rule->problem;
    enum status status = rule->on != NULL ? rule->on(id003, frame) : STATUS_OK;
    id003->status = rule->code;
    if (now_ms() - id003->status_since_ms >= rule->ms_max)
        id003->problems |= DEVICE_PROBLEM_JAM;
    settle_box(id003);
    if (status == STATUS_OK)
        id003_derive_state(id003);
    return status;
}

enum status id003_poll(struct id003 *id003)
{
    struct id003_frame frame;
    enum status status = id003_link_status(&id003->link, &frame);
    if (status != STATUS_OK)
        return status;
    const struct status_rule *rule = find_rule(frame.code);
    if (rule == NULL) {
        log_error("cash_acceptor", "unknown_status", "%02x", frame.code);
        return STATUS_UNSUPPORTED;
    }
    /* A second note at the mouth says nothing of the first: its status goes on behind it. */
    if (frame.code == ID003_PAUSE) {
        status = id003_on_pause(id003, &frame);
        id003->paused = true;
        return status;
    }
    id003->paused = false;
    return enter_status(id003, rule, &frame);
}
