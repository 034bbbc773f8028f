#include "tools/simulator/model_contact_reader.h"
#include "base/bytes.h"
#include "base/check.h"
#include "tools/simulator/contact_descriptors.h"
#include "tools/simulator/contact_exchange.h"
#include <assert.h>
#include <string.h>

enum {
    MESSAGE_ABORT = 0x72,
    ERROR_SLOT = 0x05,
    ERROR_BUSY = 0xE0,
    REQUEST_CLASS_OUT = 0x21,
    REQUEST_ABORT = 0x01,
    NOTICE_SLOT_CHANGE = 0x50,
    DELAY_EXTENSION_MS = 400
};

static const char *const FAULT_NAMES[CONTACT_FAULT_COUNT] = {
    "none",  "checksum", "waiting", "extension", "pull",    "garbage", "surplus", "stale",
    "short", "stall",    "babble",  "mute",      "bad-atr", "silent",  "endless",
};
static_assert(CONTACT_FAULT_ENDLESS + 1 == CONTACT_FAULT_COUNT, "a name for each fault");

const char *contact_fault_name(enum contact_fault fault)
{
    return FAULT_NAMES[fault];
}

bool contact_fault_parse(const char *name, enum contact_fault *out)
{
    for (int i = 0; i < CONTACT_FAULT_COUNT; i++) {
        if (strcmp(FAULT_NAMES[i], name) == 0) {
            *out = (enum contact_fault)i;
            return true;
        }
    }
    return false;
}

static struct model_contact_reader *of(struct usb_model *model)
{
    return (struct model_contact_reader *)model;
}

/* Both halves were heard: whatever was under way is forgotten. */
static void finish_abort(struct model_contact_reader *reader, const struct message *message)
{
    if (reader->aborting != message->slot)
        reader->protocol_errors++;
    reader->aborting = -1;
    reader->extensions_left = 0;
    usb_pipe_clear(&reader->in);
    contact_exchange_acknowledge(reader, message);
}

static void check_sequence(struct model_contact_reader *reader, const struct message *message)
{
    bool follows = reader->sequence < 0 || message->sequence == (uint8_t)(reader->sequence + 1);
    bool repeats = message->type == MESSAGE_ABORT && message->sequence == reader->sequence;
    if (!follows && !repeats)
        reader->protocol_errors++;
    reader->sequence = message->sequence;
}

static void take_message(struct model_contact_reader *reader)
{
    const uint8_t *bytes = reader->request;
    const struct message message = { .type = bytes[0],
                                     .slot = bytes[5],
                                     .sequence = bytes[6],
                                     .specific = bytes + 7,
                                     .data = bytes + CONTACT_HEADER_SIZE,
                                     .size = reader->request_size - CONTACT_HEADER_SIZE };
    reader->request_size = 0;
    check_sequence(reader, &message);
    if (message.slot >= reader->features.slot_count || message.slot >= CONTACT_SLOTS) {
        reader->protocol_errors++;
        contact_exchange_refuse(reader, &message, ERROR_SLOT);
    } else if (message.type == MESSAGE_ABORT) {
        finish_abort(reader, &message);
    } else if (reader->reply_at_ms >= 0) {
        reader->protocol_errors++;
        contact_exchange_refuse(reader, &message, ERROR_BUSY);
    } else {
        contact_exchange_execute(reader, &message);
    }
}

static size_t wanted_size(const struct model_contact_reader *reader)
{
    struct bytes_reader header;
    bytes_reader_init(&header, reader->request + 1, 4);
    return reader->request_size < CONTACT_HEADER_SIZE
               ? CONTACT_HEADER_SIZE
               : CONTACT_HEADER_SIZE + (size_t)bytes_read_u32le(&header);
}

static int take_out(struct usb_model *model, uint8_t endpoint, const uint8_t *data, size_t size)
{
    struct model_contact_reader *reader = of(model);
    if (endpoint != CONTACT_PIPE_OUT)
        return (int)size;
    for (size_t i = 0; i < size; i++) {
        reader->request[reader->request_size++] = data[i];
        if (wanted_size(reader) > (size_t)reader->features.message_size) {
            reader->protocol_errors++; /* longer than we said we take */
            reader->request_size = 0;
            return (int)size;
        }
        if (reader->request_size == wanted_size(reader))
            take_message(reader);
    }
    return (int)size;
}

/* ---- the wire ---- */

static void send_stale(struct model_contact_reader *reader)
{
    uint8_t old[CONTACT_HEADER_SIZE];
    memcpy(old, reader->reply, sizeof old);
    memset(old + 1, 0, 4);
    old[6] -= 3;
    usb_pipe_put(&reader->in, old, sizeof old);
}

/* False if the answer is not to be sent any more. */
static bool spoil_reply(struct model_contact_reader *reader)
{
    switch (reader->fault) {
    case CONTACT_FAULT_GARBAGE:
        for (size_t i = 0; i < reader->reply_size; i++)
            reader->reply[i] = (uint8_t)(0x35 + i * 29);
        break;
    case CONTACT_FAULT_SURPLUS:
        memset(reader->reply + reader->reply_size, 0xA5, 32);
        reader->reply_size += 32;
        break;
    case CONTACT_FAULT_STALE:
        send_stale(reader);
        break;
    case CONTACT_FAULT_SHORT:
        reader->reply_size = reader->reply_size / 2;
        break;
    case CONTACT_FAULT_STALL:
        reader->stalled = true;
        reader->reply_size = 0;
        break;
    case CONTACT_FAULT_BABBLE:
        reader->babbles = true;
        reader->reply_size = 0;
        break;
    case CONTACT_FAULT_SILENT:
        return false;
    case CONTACT_FAULT_NONE:
    case CONTACT_FAULT_CHECKSUM:
    case CONTACT_FAULT_WAITING:
    case CONTACT_FAULT_EXTENSION:
    case CONTACT_FAULT_PULL:
    case CONTACT_FAULT_MUTE:
    case CONTACT_FAULT_BAD_ATR:
    case CONTACT_FAULT_ENDLESS:
        return true;
    }
    reader->fault = CONTACT_FAULT_NONE;
    return true;
}

static void send_extension(struct model_contact_reader *reader)
{
    uint8_t header[CONTACT_HEADER_SIZE];
    memcpy(header, reader->reply, sizeof header);
    memset(header + 1, 0, 4);
    header[7] = 0x80;
    header[8] = 2;
    header[9] = 0;
    usb_pipe_put(&reader->in, header, sizeof header);
    reader->extensions_left--;
    reader->reply_at_ms = usb_model_after(&reader->usb, DELAY_EXTENSION_MS);
}

static void advance(struct usb_model *model)
{
    struct model_contact_reader *reader = of(model);
    if (reader->reply_at_ms < 0 || usb_model_now(model) < reader->reply_at_ms)
        return;
    if (reader->extensions_left > 0) {
        send_extension(reader);
        return;
    }
    reader->reply_at_ms = -1;
    if (spoil_reply(reader) && reader->reply_size > 0)
        usb_pipe_put(&reader->in, reader->reply, reader->reply_size);
}

static int64_t due_ms(const struct usb_model *model)
{
    return ((const struct model_contact_reader *)model)->reply_at_ms;
}

static int give_in(struct usb_model *model, uint8_t endpoint, uint8_t *data, size_t size)
{
    struct model_contact_reader *reader = of(model);
    if (endpoint == CONTACT_PIPE_NOTICES)
        return usb_pipe_take(&reader->notices, data, size);
    if (reader->stalled) {
        reader->stalled = false;
        return USB_STALL;
    }
    if (reader->babbles) {
        reader->babbles = false;
        return USB_BABBLE;
    }
    if (reader->fault == CONTACT_FAULT_ENDLESS) {
        memset(data, 0xAA, size);
        return (int)size;
    }
    return usb_pipe_take(&reader->in, data, size);
}

static int control(struct usb_model *model, const struct usb_setup *setup, uint8_t *data)
{
    struct model_contact_reader *reader = of(model);
    (void)data;
    if (setup->type != REQUEST_CLASS_OUT || setup->request != REQUEST_ABORT || setup->length != 0) {
        reader->protocol_errors++;
        return USB_STALL;
    }
    reader->aborting = setup->value & 0xFF;
    return 0;
}

static void notify(struct model_contact_reader *reader)
{
    uint8_t notice[2] = { NOTICE_SLOT_CHANGE, 0 };
    for (int i = 0; i < reader->features.slot_count && i < CONTACT_SLOTS; i++)
        notice[1] |= (uint8_t)((reader->slots[i].kind != NULL ? 3 : 2) << 2 * i);
    if (!reader->features.lacks_interrupt)
        usb_pipe_put(&reader->notices, notice, sizeof notice);
}

static void forget_exchange(struct model_contact_reader *reader)
{
    reader->request_size = reader->reply_size = 0;
    reader->reply_at_ms = -1;
    reader->extensions_left = 0;
    reader->sequence = reader->aborting = -1;
    reader->stalled = reader->babbles = false;
    usb_pipe_clear(&reader->in);
    usb_pipe_clear(&reader->notices);
}

static void plugged(struct usb_model *model)
{
    struct model_contact_reader *reader = of(model);
    forget_exchange(reader);
    for (int i = 0; i < CONTACT_SLOTS; i++)
        if (reader->slots[i].kind != NULL)
            contact_card_power_off(&reader->slots[i]);
    notify(reader); /* many readers tell at once what they hold */
}

static void reset(struct usb_model *model)
{
    forget_exchange(of(model));
}

static const struct usb_descriptors *get_descriptors(const struct usb_model *model)
{
    return &((const struct model_contact_reader *)model)->descriptors;
}

static const struct usb_model_ops OPS = {
    .descriptors = get_descriptors,
    .plugged = plugged,
    .reset = reset,
    .control = control,
    .bulk_out = take_out,
    .bulk_in = give_in,
    .due_ms = due_ms,
    .advance = advance,
};

void model_contact_reader_init(struct model_contact_reader *reader, const struct clock *clock,
                               int time_percent)
{
    *reader = (struct model_contact_reader){
        .usb = { .ops = &OPS, .clock = clock, .time_percent = time_percent, .powered = true },
        .features = { .slot_count = 1, .message_size = 271 },
        .reply_at_ms = -1,
        .sequence = -1,
        .aborting = -1,
    };
    contact_descriptors_build(reader);
}

void model_contact_reader_set_card(struct model_contact_reader *reader, int slot,
                                   const struct contact_card_kind *kind)
{
    struct contact_card *card = &reader->slots[slot];
    reader->protocol_errors += card->errors;
    *card = (struct contact_card){ .kind = kind, .tries_left = 3, .random_state = 20260101u };
    notify(reader);
}
