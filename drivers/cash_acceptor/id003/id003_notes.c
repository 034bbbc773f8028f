#include "drivers/cash_acceptor/id003/id003_internal.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"

#define AGAIN_MS 1000 /* an order whose status has not changed by then never arrived */

static int64_t now_ms(void)
{
    return clock_now_ms(&clock_system);
}

static int64_t value_of(const struct id003 *id003)
{
    int channel = id003->note_channel;
    return channel > 0 ? id003->worker.channel_value_fen[channel - 1] : 0;
}

void id003_forget_note(struct id003 *id003)
{
    id003->note = NOTE_NONE;
    id003->note_number = 0;
    id003->note_channel = 0;
    id003->reading = id003->rejecting = id003->was_recovered = false;
    id003->told.number = 0;
}

/* ---- what goes to the kiosk ---- */

void id003_post_back(struct id003 *id003, enum cash_event_kind kind, enum cash_reject_reason reason)
{
    struct cash_message message = cash_worker_message(&id003->worker, kind);
    message.event.reason = reason;
    if (kind == CASH_EVENT_NOTE_RETURNED)
        message.event.value_fen = value_of(id003);
    cash_worker_put(&id003->worker, &message);
}

/* An event that the device repeats until it is answered. */
static void tell(struct id003 *id003, uint8_t status, enum cash_event_kind kind, bool into_box)
{
    bool is_ours = id003->note != NOTE_NONE;
    struct cash_message message = cash_worker_message(&id003->worker, kind);
    message.event.value_fen = is_ours ? value_of(id003) : 0;
    message.event.into_box = into_box;
    message.event.by_order = into_box || kind == CASH_EVENT_NOTE_STACKED;
    message.event.repeated = !is_ours;
    message.wait = cash_worker_number(&id003->worker);
    id003->told = (struct id003_told){ .number = message.wait, .status = status };
    log_info("cash_acceptor", "event", "kind %d, status %02x%s", (int)kind, status,
             is_ours ? "" : ", of before");
    cash_worker_put(&id003->worker, &message);
    id003->note = NOTE_NONE;
    id003->reading = false;
}

void id003_end_return(struct id003 *id003)
{
    bool was_offered = id003->note == NOTE_BACK && id003->note_number != 0;
    id003_post_back(id003, was_offered ? CASH_EVENT_NOTE_RETURNED : CASH_EVENT_NOTE_REJECTED,
                    id003->return_reason);
    id003->note = NOTE_NONE;
    id003->rejecting = false;
}

static void lose_note(struct id003 *id003)
{
    id003->reading = false;
    if (id003->note != NOTE_NONE)
        id003->note = NOTE_LOST;
}

/* ---- orders ---- */

/* Said again only while the status shows that it did not arrive. */
static enum status order(struct id003 *id003, enum id003_command command)
{
    bool taken = false;
    id003->ordered_at_ms = now_ms();
    enum status status = id003_link_order(&id003->link, command, &taken);
    if (status == STATUS_OK && !taken)
        log_info("cash_acceptor", "order_not_taken", "%02x", (unsigned)command);
    return status;
}

static bool is_time_again(const struct id003 *id003)
{
    return now_ms() - id003->ordered_at_ms >= AGAIN_MS;
}

static enum status give_back(struct id003 *id003, enum cash_reject_reason reason)
{
    if (id003->note != NOTE_BACK)
        id003->return_reason = reason;
    id003->note = NOTE_BACK;
    return order(id003, ID003_RETURN);
}

static enum status acknowledge_credit(struct id003 *id003)
{
    id003->ordered_at_ms = now_ms();
    return id003_link_ack(&id003->link);
}

enum status id003_answer(struct id003 *id003, uint32_t acknowledged)
{
    struct id003_told *told = &id003->told;
    if (told->number == 0 || told->answered || told->number > acknowledged)
        return STATUS_OK;
    told->answered = true;
    if (told->status == ID003_VEND_VALID)
        return acknowledge_credit(id003);
    id003->was_recovered = told->status == ID003_POWER_UP_IN_STACKER;
    return order(id003, ID003_RESET);
}

/* It still says what was answered: the answer was lost. */
static enum status answer_again(struct id003 *id003)
{
    if (!id003->told.answered || !is_time_again(id003))
        return STATUS_OK;
    return id003->told.status == ID003_VEND_VALID ? acknowledge_credit(id003)
                                                  : order(id003, ID003_RESET);
}

/* ---- what each status says ---- */

/* Nothing is inside, and what had to be told was told. */
enum status id003_on_rest(struct id003 *id003, const struct id003_frame *frame)
{
    if (id003->note == NOTE_HELD) {
        id003->return_reason = CASH_REJECT_TIMEOUT; /* pulled out, or held longer than it likes */
        id003_end_return(id003);
    } else if (id003->note == NOTE_BACK) {
        id003_end_return(id003);
    } else if (id003->note == NOTE_STACKING) {
        log_warning("cash_acceptor", "no_vend_valid", "told to stack, and now it says nothing");
        id003->note = NOTE_LOST;
        id003->met = false; /* READY again, and nothing told before it, is all there is to say */
        return STATUS_OK;
    }
    id003->was_recovered = false;
    if (!id003->met)
        return id003_set_up(id003);
    if (id003->note == NOTE_LOST)
        id003_forget_note(id003);
    id003->must_tell = (frame->code == ID003_IDLE) != (id003->told_mask != 0);
    return STATUS_OK;
}

enum status id003_on_accepting(struct id003 *id003, const struct id003_frame *frame)
{
    (void)frame;
    if (id003->note == NOTE_NONE && !id003->reading) {
        id003->reading = true;
        cash_worker_post(&id003->worker, CASH_EVENT_NOTE_READING);
    }
    return STATUS_OK;
}

static enum status on_new_escrow(struct id003 *id003, int channel)
{
    bool wanted = channel > 0 && (id003->told_mask >> (channel - 1) & 1) != 0;
    id003->reading = false;
    id003->note_channel = channel;
    id003->note_number = 0;
    if (!id003->met) {
        log_warning("cash_acceptor", "leftover", "a note lay in escrow at the start");
        id003->note_number = cash_worker_number(&id003->worker);
        return give_back(id003, CASH_REJECT_HOST);
    }
    if (!wanted)
        return give_back(id003, CASH_REJECT_NOT_ACCEPTED);
    id003->note = NOTE_HELD;
    id003->note_number = cash_worker_number(&id003->worker);
    id003->held_since_ms = id003->hold_at_ms = now_ms();
    struct cash_message message = cash_worker_message(&id003->worker, CASH_EVENT_NOTE_ESCROWED);
    message.event.value_fen = value_of(id003);
    message.note = id003->note_number;
    cash_worker_put(&id003->worker, &message);
    return STATUS_OK;
}

/* It holds for as long as it is asked for its status, as far as anybody knows; HOLD says it aloud.
 */
static enum status hold(struct id003 *id003)
{
    bool taken = false;
    if (id003->no_hold || id003->hold_period_ms == 0 ||
        now_ms() - id003->hold_at_ms < id003->hold_period_ms)
        return STATUS_OK;
    id003->hold_at_ms = now_ms();
    enum status status = id003_link_order(&id003->link, ID003_HOLD, &taken);
    if (status == STATUS_OK && !taken)
        id003->no_hold = true;
    return status;
}

static enum status on_held_escrow(struct id003 *id003)
{
    const struct cash_orders orders = cash_worker_orders(&id003->worker);
    if (!id003->met || orders.return_note == id003->note_number)
        return give_back(id003, CASH_REJECT_HOST);
    if (orders.stack_note == id003->note_number) {
        id003->note = NOTE_STACKING;
        return order(id003, id003->stack_command);
    }
    if (now_ms() - id003->held_since_ms >= CASH_ACCEPTOR_HOLD_MS_MAX)
        return give_back(id003, CASH_REJECT_TIMEOUT);
    return hold(id003);
}

enum status id003_on_escrow(struct id003 *id003, const struct id003_frame *frame)
{
    bool is_told = frame->code == ID003_ESCROW && frame->size > 0;
    int channel = is_told ? id003_channel_of(frame->data[0]) : id003->note_channel;
    switch (id003->note) {
    case NOTE_NONE:
        return on_new_escrow(id003, channel);
    case NOTE_HELD:
        return on_held_escrow(id003);
    case NOTE_STACKING:
        if (!id003->met)
            return give_back(id003, CASH_REJECT_HOST);
        return is_time_again(id003) ? order(id003, id003->stack_command) : STATUS_OK;
    case NOTE_BACK:
        return is_time_again(id003) ? give_back(id003, id003->return_reason) : STATUS_OK;
    case NOTE_LOST:
        return give_back(id003, CASH_REJECT_HOST);
    }
    return STATUS_OK;
}

enum status id003_on_stacking(struct id003 *id003, const struct id003_frame *frame)
{
    (void)frame;
    if (id003->note == NOTE_HELD)
        id003->note = NOTE_STACKING; /* not by our order, but it goes that way */
    return STATUS_OK;
}

enum status id003_on_vend_valid(struct id003 *id003, const struct id003_frame *frame)
{
    if (id003->told.number != 0)
        return answer_again(id003);
    if (id003->was_recovered)
        return acknowledge_credit(id003); /* of the note that is in the books already */
    tell(id003, frame->code, CASH_EVENT_NOTE_STACKED, false);
    return STATUS_OK;
}

static enum cash_reject_reason back_reason(const struct id003 *id003,
                                           enum cash_reject_reason device_says)
{
    if (id003->note == NOTE_STACKING || id003->note == NOTE_LOST)
        return CASH_REJECT_FAULT; /* whatever it calls it: it could not stack it */
    return device_says == CASH_REJECT_FAULT ? CASH_REJECT_NOT_RECOGNISED : device_says;
}

enum status id003_on_way_back(struct id003 *id003, const struct id003_frame *frame)
{
    enum cash_reject_reason told = frame->code == ID003_REJECTING && frame->size > 0
                                       ? id003_reject_reason(frame->data[0])
                                   : frame->code == ID003_RETURNING ? CASH_REJECT_TIMEOUT
                                                                    : CASH_REJECT_NOT_RECOGNISED;
    id003->reading = false;
    if (id003->note == NOTE_BACK || id003->rejecting)
        return STATUS_OK;
    id003->return_reason = back_reason(id003, told);
    if (id003->note != NOTE_NONE)
        id003->note = NOTE_BACK;
    else
        id003->rejecting = frame->code == ID003_REJECTING;
    return STATUS_OK;
}

static void begin_anew(struct id003 *id003)
{
    id003->met = false;
    id003->rejecting = false;
    if (id003->note != NOTE_BACK) /* that one was on its way out, and is out if nothing is told */
        lose_note(id003);
}

/* Hosts in use set it up now, so it may wait for that. Whether it listens yet nobody says: at rest
 * all of it is said again. */
enum status id003_on_initialising(struct id003 *id003, const struct id003_frame *frame)
{
    begin_anew(id003);
    if (id003->status == frame->code)
        return STATUS_OK;
    enum status status = id003_send_settings(id003);
    return status == STATUS_TIMEOUT || status == STATUS_PROTOCOL ? STATUS_OK : status;
}

enum status id003_on_power_up(struct id003 *id003, const struct id003_frame *frame)
{
    bool is_first = id003->status != frame->code;
    begin_anew(id003);
    return is_first || is_time_again(id003) ? order(id003, ID003_RESET) : STATUS_OK;
}

/* RESET moves the note on. So it is said once the kiosk has written down where it is: until then
 * the device tells it again, also to the next process. */
enum status id003_on_found(struct id003 *id003, const struct id003_frame *frame)
{
    id003->met = false;
    id003->rejecting = false;
    if (id003->told.number != 0)
        return answer_again(id003);
    id003_derive_state(id003); /* first that it begins anew, then what it found */
    tell(id003, frame->code,
         frame->code == ID003_CHEATED ? CASH_EVENT_NOTE_FRAUD : CASH_EVENT_NOTE_RECOVERED,
         frame->code == ID003_POWER_UP_IN_STACKER);
    return STATUS_OK;
}

enum status id003_on_jam(struct id003 *id003, const struct id003_frame *frame)
{
    (void)frame;
    id003->rejecting = false;
    lose_note(id003);
    return STATUS_OK;
}

enum status id003_on_pause(struct id003 *id003, const struct id003_frame *frame)
{
    (void)frame;
    if (!id003->paused)
        id003_post_back(id003, CASH_EVENT_NOTE_REJECTED, CASH_REJECT_SECOND_NOTE);
    return STATUS_OK;
}

enum status id003_on_failure(struct id003 *id003, const struct id003_frame *frame)
{
    uint8_t code = frame->size > 0 ? frame->data[0] : 0;
    if (id003->status != frame->code)
        log_warning("cash_acceptor", "failure", "%02x", code);
    id003->problems = id003_failure_problem(code);
    return STATUS_OK;
}
