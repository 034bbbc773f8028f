#include "support/fake_id_reader.h"

#include "base/bytes.h"

static struct fake_id_reader *fake_of(struct id_reader *reader)
{
    return (struct fake_id_reader *)reader;
}

static void set_reading(struct id_reader *reader, bool wanted)
{
    fake_of(reader)->is_reading = wanted;
}

static void close_reader(struct id_reader *reader)
{
    (void)reader;
}

static const struct id_reader_ops OPS = { .set_reading = set_reading, .close = close_reader };

void fake_id_reader_init(struct fake_id_reader *fake, id_reader_listener *listener, void *context)
{
    *fake = (struct fake_id_reader){
        .reader = { .ops = &OPS },
        .listener = listener,
        .context = context,
    };
}

void fake_id_reader_say(struct fake_id_reader *fake, enum device_state state)
{
    struct id_reader_event event = { .kind = ID_READER_EVENT_STATUS, .status = { .state = state } };
    fake->listener(fake->context, &event);
}

void fake_id_reader_show(struct fake_id_reader *fake, const struct identity_card *card)
{
    if (!fake->is_reading)
        return;
    struct id_reader_event event = { .kind = ID_READER_EVENT_CARD_SEEN };
    fake->listener(fake->context, &event);
    event.kind = ID_READER_EVENT_CARD_READ;
    event.card = *card;
    fake->listener(fake->context, &event);
    bytes_wipe(&event, sizeof event);
}

void fake_id_reader_fail(struct fake_id_reader *fake, enum id_reader_reason reason)
{
    if (!fake->is_reading)
        return;
    struct id_reader_event event = { .kind = ID_READER_EVENT_UNREADABLE, .reason = reason };
    fake->listener(fake->context, &event);
}

void fake_id_reader_take_away(struct fake_id_reader *fake)
{
    struct id_reader_event event = { .kind = ID_READER_EVENT_CARD_GONE };
    fake->listener(fake->context, &event);
}
