#include "support/fake_acceptor.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"

static struct fake_acceptor *fake_of(struct cash_acceptor *acceptor)
{
    return (struct fake_acceptor *)acceptor;
}

static void enable(struct cash_acceptor *acceptor, const int64_t *values_fen, int count)
{
    struct fake_acceptor *fake = fake_of(acceptor);
    CHECK(count <= CASH_CHANNELS_MAX);
    memcpy(fake->accepted_fen, values_fen, (size_t)count * sizeof values_fen[0]);
    fake->accepted_count = count;
    fake->is_enabled = true;
}

static void disable(struct cash_acceptor *acceptor)
{
    fake_of(acceptor)->is_enabled = false;
}

static void stack(struct cash_acceptor *acceptor)
{
    fake_of(acceptor)->stack_was_asked = fake_of(acceptor)->note == FAKE_NOTE_ESCROWED;
}

static void return_note(struct cash_acceptor *acceptor)
{
    fake_of(acceptor)->return_was_asked = fake_of(acceptor)->note == FAKE_NOTE_ESCROWED;
}

static void acknowledge(struct cash_acceptor *acceptor)
{
    if (fake_of(acceptor)->note == FAKE_NOTE_STACKED)
        fake_of(acceptor)->note = FAKE_NOTE_NONE;
}

static void close_acceptor(struct cash_acceptor *acceptor)
{
    (void)acceptor;
}

static const struct cash_acceptor_ops OPS = {
    .enable = enable,
    .disable = disable,
    .stack = stack,
    .return_note = return_note,
    .acknowledge = acknowledge,
    .close = close_acceptor,
};

void fake_acceptor_init(struct fake_acceptor *fake, cash_acceptor_listener *listener, void *context)
{
    *fake = (struct fake_acceptor){
        .acceptor = { .ops = &OPS },
        .listener = listener,
        .context = context,
        .state = DEVICE_READY,
        .stacked_count = 1000,
    };
}

static void tell(struct fake_acceptor *fake, struct cash_acceptor_event event)
{
    event.status.state = fake->state;
    text_copy(event.status.serial, sizeof event.status.serial, "191C4104");
    event.counters = (struct cash_counters){ .known = true, .stacked = fake->stacked_count };
    fake->listener(fake->context, &event);
}

void fake_acceptor_say(struct fake_acceptor *fake, enum device_state state)
{
    fake->state = state;
    tell(fake, (struct cash_acceptor_event){ .kind = CASH_EVENT_STATUS });
}

static bool is_accepted(const struct fake_acceptor *fake, int64_t value_fen)
{
    for (int i = 0; i < fake->accepted_count; i++)
        if (fake->accepted_fen[i] == value_fen)
            return true;
    return false;
}

void fake_acceptor_feed_to_escrow(struct fake_acceptor *fake, int64_t value_fen)
{
    if (!fake->is_enabled || fake->note != FAKE_NOTE_NONE)
        return;
    fake->stack_was_asked = fake->return_was_asked = false;
    tell(fake, (struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_READING });
    if (!is_accepted(fake, value_fen)) {
        fake->returned_count++;
        tell(fake, (struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_REJECTED,
                                                 .value_fen = value_fen,
                                                 .reason = CASH_REJECT_NOT_ACCEPTED });
        return;
    }
    fake->note = FAKE_NOTE_ESCROWED;
    fake->note_fen = value_fen;
    tell(fake,
         (struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_ESCROWED, .value_fen = value_fen });
}

static void give_back(struct fake_acceptor *fake)
{
    fake->note = FAKE_NOTE_NONE;
    fake->returned_count++;
    tell(fake, (struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_RETURNED,
                                             .value_fen = fake->note_fen,
                                             .reason = CASH_REJECT_HOST });
}

void fake_acceptor_obey(struct fake_acceptor *fake)
{
    if (fake->note != FAKE_NOTE_ESCROWED)
        return;
    if (fake->return_was_asked) {
        give_back(fake);
    } else if (fake->stack_was_asked) {
        fake->note = FAKE_NOTE_STACKED;
        fake->stacked_count++;
        fake->box_fen += fake->note_fen;
        if (!fake->is_stuck)
            tell(fake, (struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_STACKED,
                                                     .value_fen = fake->note_fen });
    }
}

bool fake_acceptor_feed(struct fake_acceptor *fake, int64_t value_fen)
{
    int64_t before_fen = fake->box_fen;
    fake_acceptor_feed_to_escrow(fake, value_fen);
    fake_acceptor_obey(fake);
    return fake->box_fen > before_fen;
}

void fake_acceptor_greet(struct fake_acceptor *fake)
{
    fake->is_enabled = false;
    fake->is_stuck = false;
    fake_acceptor_say(fake, DEVICE_READY);
    if (fake->note == FAKE_NOTE_ESCROWED)
        give_back(fake);
    else if (fake->note == FAKE_NOTE_STACKED)
        tell(fake, (struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_STACKED,
                                                 .value_fen = fake->note_fen,
                                                 .repeated = true });
}
