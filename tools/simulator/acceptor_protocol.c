#include "base/bytes.h"
#include "base/check.h"
#include "tools/simulator/model_acceptor.h"
#include <string.h>

enum {
    VERSION_MAX = 8,
    ANY = -1
};

enum acceptor_command {
    COMMAND_RESET = 0x01,
    COMMAND_SET_INHIBITS = 0x02,
    COMMAND_DISPLAY_ON = 0x03,
    COMMAND_DISPLAY_OFF = 0x04,
    COMMAND_SETUP_REQUEST = 0x05,
    COMMAND_PROTOCOL_VERSION = 0x06,
    COMMAND_POLL = 0x07,
    COMMAND_REJECT = 0x08,
    COMMAND_DISABLE = 0x09,
    COMMAND_ENABLE = 0x0A,
    COMMAND_SERIAL_NUMBER = 0x0C,
    COMMAND_SYNC = 0x11,
    COMMAND_LAST_REJECT = 0x17,
    COMMAND_HOLD = 0x18,
    COMMAND_FIRMWARE_VERSION = 0x20,
    COMMAND_DATASET_VERSION = 0x21,
    COMMAND_SET_GENERATOR = 0x4A,
    COMMAND_SET_MODULUS = 0x4B,
    COMMAND_KEY_EXCHANGE = 0x4C,
    COMMAND_CONFIGURE_BEZEL = 0x54,
    COMMAND_POLL_WITH_ACK = 0x56,
    COMMAND_EVENT_ACK = 0x57,
    COMMAND_GET_COUNTERS = 0x58,
    COMMAND_RESET_COUNTERS = 0x59,
};

/* Events a host may see only after it asked for that protocol version. */
static int version_of(uint8_t code)
{
    if (code == EVENT_INITIALISING || code == EVENT_CHANNELS_DISABLED)
        return 7;
    if (code == EVENT_PATH_OPEN)
        return 6;
    bool late = code == EVENT_BOX_REPLACED || code == EVENT_BOX_REMOVED ||
                code == EVENT_CLEARED_INTO_BOX || code == EVENT_CLEARED_FROM_FRONT;
    return late ? 5 : 4;
}

static void write_state(struct model_acceptor *acceptor, struct bytes_writer *reply, uint8_t code)
{
    if (acceptor->protocol_version >= version_of(code))
        bytes_write_u8(reply, code);
}

/* What is told on every poll while it is true. */
static void write_states(struct model_acceptor *acceptor, struct bytes_writer *reply)
{
    const struct note *note = acceptor->moving;
    if (note != NULL && note->place == NOTE_READING) {
        bytes_write_u8(reply, EVENT_READ);
        bytes_write_u8(reply, 0);
    } else if (note != NULL && note->place == NOTE_ESCROW) {
        bytes_write_u8(reply, EVENT_READ);
        bytes_write_u8(reply, (uint8_t)acceptor_channel_of(acceptor, note->value_yuan));
        acceptor->escrow_reported = true;
    } else if (note != NULL && (note->place == NOTE_STACKING || note->place == NOTE_CREDITED)) {
        write_state(acceptor, reply, EVENT_STACKING);
    } else if (note != NULL && note->place == NOTE_REJECTING) {
        write_state(acceptor, reply, EVENT_REJECTING);
    } else if (note != NULL && note->place == NOTE_JAMMED) {
        write_state(acceptor, reply, EVENT_UNSAFE_JAM);
    }
    if (acceptor->box_out)
        write_state(acceptor, reply, EVENT_BOX_REMOVED);
    if (acceptor->box_full)
        write_state(acceptor, reply, EVENT_STACKER_FULL);
    if (!acceptor->enabled)
        write_state(acceptor, reply, EVENT_DISABLED);
    if (acceptor->fault == ACCEPTOR_FAULT_PATH_OPEN)
        write_state(acceptor, reply, EVENT_PATH_OPEN);
    if (acceptor->fault == ACCEPTOR_FAULT_INITIALISING)
        write_state(acceptor, reply, EVENT_INITIALISING);
    if (acceptor->fault == ACCEPTOR_FAULT_ALL_INHIBITED)
        write_state(acceptor, reply, EVENT_CHANNELS_DISABLED);
}

static void write_event(struct model_acceptor *acceptor, struct bytes_writer *reply,
                        const struct acceptor_event *event)
{
    if (acceptor->protocol_version < version_of(event->code))
        return;
    bytes_write_u8(reply, event->code);
    if (event->has_channel)
        bytes_write_u8(reply, event->channel);
}

/* A plain poll reads events destructively; under POLL WITH ACK those that matter stay until 57. */
static void poll(struct model_acceptor *acceptor, struct bytes_writer *reply, bool with_ack)
{
    if (acceptor->escrow_reported && !acceptor_has_unacked(acceptor))
        acceptor_mechanism_stack(acceptor);
    bytes_write_u8(reply, SSP_OK);
    int kept = 0;
    for (int i = 0; i < acceptor->event_count; i++) {
        struct acceptor_event event = acceptor->events[i];
        write_event(acceptor, reply, &event);
        event.reported = true;
        if (with_ack && event.needs_ack)
            acceptor->events[kept++] = event;
    }
    acceptor->event_count = kept;
    if (!with_ack)
        acceptor->unacked_note = NULL;
    if (acceptor->fault == ACCEPTOR_FAULT_UNKNOWN) {
        acceptor->fault = ACCEPTOR_FAULT_NONE;
        bytes_write_u8(reply, 0x9A);
    }
    write_states(acceptor, reply);
}

/* Told once more, as after an acknowledgement that was lost inside the device. */
static bool comes_again(struct model_acceptor *acceptor, const struct acceptor_event *event)
{
    if (acceptor->fault != ACCEPTOR_FAULT_CREDIT_AGAIN || event->code != EVENT_CREDIT)
        return false;
    acceptor->fault = ACCEPTOR_FAULT_NONE;
    return true;
}

static enum ssp_reply acknowledge(struct model_acceptor *acceptor)
{
    int kept = 0, acknowledged = 0;
    for (int i = 0; i < acceptor->event_count; i++) {
        struct acceptor_event event = acceptor->events[i];
        bool is_answered = event.needs_ack && event.reported;
        acknowledged += is_answered;
        if (!is_answered || comes_again(acceptor, &event))
            acceptor->events[kept++] = event;
    }
    acceptor->event_count = kept;
    if (acknowledged == 0)
        return SSP_CANNOT_PROCESS;
    if (!acceptor_has_unacked(acceptor))
        acceptor->unacked_note = NULL;
    return SSP_OK;
}

/* Offsets: SSP manual GA138, SETUP REQUEST. Values are in yuan, the real multiplier makes them fen.
 */
static void write_setup(const struct model_acceptor *acceptor, struct bytes_writer *reply)
{
    bool expanded = acceptor->protocol_version >= 6;
    bytes_write_all(reply,
                    "\xF0\x00"
                    "0408"
                    "CNY",
                    9);
    bytes_write_all(reply, expanded ? "\0\0\0" : "\0\0\1", 3);
    bytes_write_u8(reply, ACCEPTOR_CHANNELS);
    for (int channel = 1; channel <= ACCEPTOR_CHANNELS; channel++)
        bytes_write_u8(reply, acceptor_value_yuan(acceptor, channel));
    for (int i = 0; i < ACCEPTOR_CHANNELS; i++)
        bytes_write_u8(reply, 2);
    bytes_write_all(reply, "\0\0\x64", 3);
    bytes_write_u8(reply, (uint8_t)acceptor->protocol_version);
    for (int i = 0; expanded && i < ACCEPTOR_CHANNELS; i++)
        bytes_write_all(reply, "CNY", 3);
    for (int channel = 1; expanded && channel <= ACCEPTOR_CHANNELS; channel++)
        bytes_write_u32le(reply, acceptor_value_yuan(acceptor, channel));
}

static void write_counters(const struct model_acceptor *acceptor, struct bytes_writer *reply)
{
    bytes_write_u8(reply, SSP_OK);
    bytes_write_u8(reply, 5);
    bytes_write_u32le(reply, acceptor->stacked);
    bytes_write_u32le(reply, 0); /* stored */
    bytes_write_u32le(reply, acceptor->dispensed);
    bytes_write_u32le(reply, 0); /* transferred */
    bytes_write_u32le(reply, acceptor->rejected);
}

static enum ssp_reply set_version(struct model_acceptor *acceptor, uint8_t version)
{
    if (version == 0 || version > VERSION_MAX)
        return SSP_FAIL;
    acceptor->protocol_version = version;
    return SSP_OK;
}

static enum ssp_reply disable(struct model_acceptor *acceptor)
{
    acceptor->enabled = false;
    acceptor_mechanism_reject(acceptor, REJECT_DISABLED);
    return SSP_OK;
}

static enum ssp_reply exchange_keys(struct model_acceptor *acceptor, uint64_t host_inter_key,
                                    struct bytes_writer *reply)
{
    uint64_t own = 0;
    enum ssp_reply result = ssp_link_exchange(&acceptor->link, host_inter_key, &own);
    bytes_write_u8(reply, (uint8_t)result);
    if (result == SSP_OK)
        bytes_write_u64le(reply, own);
    return result;
}

static const struct command_rule {
    uint8_t command, parameters_min, parameters_max;
    bool encrypted; /* must come encrypted */
} RULES[] = {
    { COMMAND_RESET, 0, 0, false },
    { COMMAND_SET_INHIBITS, 1, 2, false },
    { COMMAND_DISPLAY_ON, 0, 0, false },
    { COMMAND_DISPLAY_OFF, 0, 0, false },
    { COMMAND_SETUP_REQUEST, 0, 0, false },
    { COMMAND_PROTOCOL_VERSION, 1, 1, false },
    { COMMAND_POLL, 0, 0, false },
    { COMMAND_REJECT, 0, 0, false },
    { COMMAND_DISABLE, 0, 0, false },
    { COMMAND_ENABLE, 0, 0, false },
    { COMMAND_SERIAL_NUMBER, 0, 0, false },
    { COMMAND_SYNC, 0, 0, false },
    { COMMAND_LAST_REJECT, 0, 0, false },
    { COMMAND_HOLD, 0, 0, false },
    { COMMAND_FIRMWARE_VERSION, 0, 0, false },
    { COMMAND_DATASET_VERSION, 0, 0, false },
    { COMMAND_SET_GENERATOR, 8, 8, false },
    { COMMAND_SET_MODULUS, 8, 8, false },
    { COMMAND_KEY_EXCHANGE, 8, 8, false },
    { COMMAND_CONFIGURE_BEZEL, 4, 5, false },
    { COMMAND_POLL_WITH_ACK, 0, 0, true },
    { COMMAND_EVENT_ACK, 0, 0, true },
    { COMMAND_GET_COUNTERS, 0, 0, false },
    { COMMAND_RESET_COUNTERS, 0, 0, false },
};

static const struct command_rule *find_rule(uint8_t command)
{
    for (size_t i = 0; i < ARRAY_SIZE(RULES); i++) {
        if (RULES[i].command == command)
            return &RULES[i];
    }
    return NULL;
}

/* SSP_OK: the command may be executed. */
static enum ssp_reply admit(const struct model_acceptor *acceptor,
                            const struct ssp_request *request)
{
    size_t count = request->size - 1;
    const struct command_rule *rule = find_rule(request->data[0]);
    if (rule == NULL ||
        (rule->command == COMMAND_HOLD && acceptor->fault == ACCEPTOR_FAULT_NO_HOLD) ||
        (rule->command == COMMAND_POLL_WITH_ACK && acceptor->fault == ACCEPTOR_FAULT_NO_ACK))
        return SSP_UNKNOWN_COMMAND;
    if (count < rule->parameters_min || count > rule->parameters_max)
        return SSP_WRONG_PARAMETER_COUNT;
    if (rule->encrypted && !request->encrypted)
        return acceptor->link.keyed ? SSP_OUT_OF_RANGE : SSP_KEY_NOT_SET;
    return SSP_OK;
}

static void execute(struct model_acceptor *acceptor, const struct ssp_request *request,
                    struct bytes_writer *reply)
{
    struct bytes_reader parameters;
    bytes_reader_init(&parameters, request->data + 1, request->size - 1);
    enum ssp_reply result = SSP_OK;
    switch ((enum acceptor_command)request->data[0]) {
    case COMMAND_POLL:
    case COMMAND_POLL_WITH_ACK:
        poll(acceptor, reply, request->data[0] == COMMAND_POLL_WITH_ACK);
        return;
    case COMMAND_SETUP_REQUEST:
        write_setup(acceptor, reply);
        return;
    case COMMAND_GET_COUNTERS:
        write_counters(acceptor, reply);
        return;
    case COMMAND_SERIAL_NUMBER:
        bytes_write_u8(reply, SSP_OK);
        bytes_write_u32be(reply, acceptor->serial);
        return;
    case COMMAND_LAST_REJECT:
        bytes_write_u8(reply, SSP_OK);
        bytes_write_u8(reply, acceptor->last_reject);
        return;
    case COMMAND_FIRMWARE_VERSION:
        bytes_write_all(reply,
                        "\xF0"
                        "NV02000408000000",
                        17);
        return;
    case COMMAND_DATASET_VERSION:
        bytes_write_all(reply,
                        "\xF0"
                        "CNY01A10",
                        9);
        return;
    case COMMAND_KEY_EXCHANGE:
        exchange_keys(acceptor, bytes_read_u64le(&parameters), reply);
        return;
    case COMMAND_SET_GENERATOR:
        result = ssp_link_set_generator(&acceptor->link, bytes_read_u64le(&parameters));
        break;
    case COMMAND_SET_MODULUS:
        result = ssp_link_set_modulus(&acceptor->link, bytes_read_u64le(&parameters));
        break;
    case COMMAND_PROTOCOL_VERSION:
        result = set_version(acceptor, bytes_read_u8(&parameters));
        break;
    case COMMAND_SET_INHIBITS:
        acceptor->inhibits = bytes_read_u8(&parameters);
        break;
    case COMMAND_ENABLE:
        acceptor->enabled = true;
        break;
    case COMMAND_DISABLE:
        result = disable(acceptor);
        break;
    case COMMAND_HOLD:
        result = acceptor_mechanism_hold(acceptor) ? SSP_OK : SSP_FAIL;
        break;
    case COMMAND_REJECT:
        result = acceptor_mechanism_reject(acceptor, REJECT_HOST) ? SSP_OK : SSP_CANNOT_PROCESS;
        break;
    case COMMAND_EVENT_ACK:
        result = acknowledge(acceptor);
        break;
    case COMMAND_RESET_COUNTERS:
        acceptor->stacked = acceptor->dispensed = acceptor->rejected = 0;
        break;
    case COMMAND_RESET:
        acceptor_mechanism_start(acceptor);
        break;
    case COMMAND_SYNC:
    case COMMAND_DISPLAY_ON:
    case COMMAND_DISPLAY_OFF:
    case COMMAND_CONFIGURE_BEZEL:
        break;
    }
    bytes_write_u8(reply, (uint8_t)result);
}

size_t acceptor_protocol_execute(struct model_acceptor *acceptor, const struct ssp_request *request,
                                 uint8_t *out)
{
    struct bytes_writer reply;
    bytes_writer_init(&reply, out, SSP_DATA_SIZE_MAX);
    acceptor->last_command_ms = usb_model_now(&acceptor->usb);
    enum ssp_reply admitted = admit(acceptor, request);
    if (admitted != SSP_OK) {
        acceptor->protocol_errors++;
        bytes_write_u8(&reply, (uint8_t)admitted);
        return reply.offset;
    }
    uint8_t command = request->data[0];
    /* Whatever is not a poll prolongs the escrow, HOLD or not. */
    if (command != COMMAND_POLL && command != COMMAND_POLL_WITH_ACK)
        acceptor_mechanism_hold(acceptor);
    execute(acceptor, request, &reply);
    CHECK(!reply.bad);
    return reply.offset;
}
