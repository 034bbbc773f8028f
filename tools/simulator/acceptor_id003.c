#include "tools/simulator/acceptor_id003.h"
#include "base/bytes.h"
#include "base/check.h"
#include "tools/simulator/model_acceptor.h"
#include <string.h>

enum {
    STX = 0xFC,
    FRAME_MIN = 5,
    INITIALISE_MS = 2000,
    FIRST_ESCROW_CODE = 0x61,
    COUNTRY = 0x51 /* invented: JCM's number for China is not public */
};

enum id003_word {
    WORD_STATUS = 0x11,
    WORD_ACCEPTING = 0x12,
    WORD_ESCROW = 0x13,
    WORD_STACKING = 0x14,
    WORD_VEND_VALID = 0x15,
    WORD_STACKED = 0x16,
    WORD_REJECTING = 0x17,
    WORD_RETURNING = 0x18,
    WORD_DISABLED = 0x1A,
    WORD_INITIALISE = 0x1B,
    WORD_RESET = 0x40, /* as a status: power-up */
    WORD_STACK_1 = 0x41,
    WORD_STACK_2 = 0x42,
    WORD_RETURN = 0x43,
    WORD_HOLD = 0x44,
    WORD_FULL = 0x43,
    WORD_OPEN = 0x44,
    WORD_IN_ACCEPTOR = 0x41,
    WORD_IN_STACKER = 0x42,
    WORD_JAM = 0x46,
    WORD_PAUSE = 0x47,
    WORD_CHEATED = 0x48,
    WORD_FAILURE = 0x49,
    WORD_INVALID = 0x4B,
    WORD_ACK = 0x50,
    WORD_VERSION = 0x88,
    WORD_CURRENCY = 0x8A,
    WORD_DENOMINATIONS = 0xC0,
    WORD_SECURITY = 0xC1,
    WORD_COMMUNICATION = 0xC2,
    WORD_INHIBIT = 0xC3,
    WORD_DIRECTION = 0xC4,
    WORD_FUNCTIONS = 0xC5
};

/* Longer than one packet of the bridge. */
static const char VERSION[] =
    "U(CHN)-05-SS ID003-03V216-35 23NOV26 A4C1 virtual unit of the test lab";

/* CRC-16/KERMIT by table-free shifting of the whole byte, as in CCITT's note. */
static uint16_t crc_of(const uint8_t *data, size_t size)
{
    uint16_t crc = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t low = (uint8_t)(data[i] ^ (crc & 0xFF));
        low = (uint8_t)(low ^ low << 4);
        crc = (uint16_t)(crc >> 8 ^ low << 8 ^ low << 3 ^ low >> 4);
    }
    return crc;
}

void acceptor_id003_init(struct id003_device *id003)
{
    *id003 = (struct id003_device){ .initialising_until_ms = -1 };
}

static void compose(struct id003_device *id003, uint8_t word, const void *data, size_t size)
{
    struct bytes_writer writer;
    bytes_writer_init(&writer, id003->reply, sizeof id003->reply);
    bytes_write_u8(&writer, STX);
    bytes_write_u8(&writer, (uint8_t)(FRAME_MIN + size));
    bytes_write_u8(&writer, word);
    bytes_write_all(&writer, data, size);
    bytes_write_u16le(&writer, crc_of(id003->reply, writer.offset));
    CHECK(!writer.bad);
    id003->reply_size = writer.offset;
}

/* Status */

static uint8_t reject_reason(uint8_t code)
{
    switch (code) {
    case REJECT_INHIBITED:
    case REJECT_DISABLED:
        return 0x79;
    case REJECT_REAR_SENSOR:
        return 0x75;
    case REJECT_CANNOT_STACK:
        return 0x7C;
    default:
        return 0x72;
    }
}

static void compose_moving(struct model_acceptor *acceptor, const struct note *note)
{
    struct id003_device *id003 = &acceptor->id003;
    uint8_t data = 0;
    switch (note->place) {
    case NOTE_READING:
        compose(id003, WORD_ACCEPTING, "", 0);
        return;
    case NOTE_ESCROW:
        data = (uint8_t)(FIRST_ESCROW_CODE - 1 + acceptor_channel_of(acceptor, note->value_yuan));
        compose(id003, WORD_ESCROW, &data, 1);
        return;
    case NOTE_REJECTING:
        data = reject_reason(note->reject_code);
        if (note->reject_code == REJECT_HOST || note->reject_code == REJECT_ESCROW_TIMEOUT)
            compose(id003, WORD_RETURNING, "", 0);
        else
            compose(id003, WORD_REJECTING, &data, 1);
        return;
    case NOTE_STACKING:
    case NOTE_CREDITED:
    case NOTE_JAMMED:
    case NOTE_IN_MOUTH:
    case NOTE_IN_BOX:
    case NOTE_RETURNED:
    case NOTE_COLLECTED:
        compose(id003,
                note->place == NOTE_CREDITED && !id003->stack_2 ? WORD_STACKED : WORD_STACKING, "",
                0);
        return;
    }
}

static bool take_flag(bool *flag)
{
    bool was = *flag;
    *flag = false;
    return was;
}

/* One word at a time; the first that is true. */
static uint8_t word_of(struct model_acceptor *acceptor)
{
    struct id003_device *id003 = &acceptor->id003;
    const struct note *note = acceptor->moving;
    if (id003->waits_reset != 0)
        return id003->waits_reset;
    if (id003->initialising_until_ms >= 0 || acceptor->fault == ACCEPTOR_FAULT_INITIALISING)
        return WORD_INITIALISE;
    if (id003->is_safely_jammed || (note != NULL && note->place == NOTE_JAMMED))
        return WORD_JAM;
    if (take_flag(&id003->pause_is_due))
        return WORD_PAUSE;
    if (acceptor->unacked_note != NULL)
        return WORD_VEND_VALID;
    if (note != NULL)
        return 0; /* its own word */
    if (take_flag(&id003->stacked_is_due))
        return WORD_STACKED;
    if (acceptor->box_out)
        return WORD_OPEN;
    if (acceptor->box_full)
        return WORD_FULL;
    return acceptor->enabled ? WORD_STATUS : WORD_DISABLED;
}

static void compose_status(struct model_acceptor *acceptor)
{
    static const uint8_t HEAD_IS_OFF = 0xAF;
    struct id003_device *id003 = &acceptor->id003;
    if (acceptor->fault == ACCEPTOR_FAULT_UNKNOWN) {
        acceptor->fault = ACCEPTOR_FAULT_NONE;
        compose(id003, 0x2E, "", 0);
        return;
    }
    if (acceptor->fault == ACCEPTOR_FAULT_PATH_OPEN) {
        compose(id003, WORD_FAILURE, &HEAD_IS_OFF, 1);
        return;
    }
    uint8_t word = word_of(acceptor);
    if (word == WORD_VEND_VALID)
        id003->vend_told = true;
    if (word == 0)
        compose_moving(acceptor, acceptor->moving);
    else
        compose(id003, word, "", 0);
}

/* Orders: taken, or invalid now. */

static bool reset(struct model_acceptor *acceptor)
{
    struct id003_device *id003 = &acceptor->id003;
    const struct note *note = acceptor->moving;
    bool is_safe = note == NULL || note->place == NOTE_ESCROW || id003->waits_reset != 0;
    if (!is_safe || acceptor->unacked_note != NULL) {
        acceptor->protocol_errors++; /* a credit is lost by this, or a motor stopped */
        if (id003->waits_reset == 0)
            acceptor->unacked_note = NULL;
    }
    if (note != NULL && note->place == NOTE_JAMMED)
        return false;
    acceptor->enabled = false;
    acceptor->inhibits = 0;
    acceptor->step_at_ms = -1;
    id003->waits_reset = 0;
    id003->stacked_is_due = id003->has_denominations = id003->has_inhibit = false;
    id003->initialising_until_ms = usb_model_after(&acceptor->usb, INITIALISE_MS);
    return true;
}

static bool stack(struct model_acceptor *acceptor, bool stack_2)
{
    if (acceptor->moving == NULL || acceptor->moving->place != NOTE_ESCROW ||
        acceptor->id003.waits_reset != 0)
        return false;
    acceptor->id003.stack_2 = stack_2;
    acceptor_mechanism_stack(acceptor);
    return true;
}

static bool give_back(struct model_acceptor *acceptor)
{
    return acceptor->moving != NULL && acceptor->moving->place == NOTE_ESCROW &&
           acceptor->id003.waits_reset == 0 && acceptor_mechanism_reject(acceptor, REJECT_HOST);
}

static bool hold(struct model_acceptor *acceptor)
{
    return acceptor->fault != ACCEPTOR_FAULT_NO_HOLD && acceptor_mechanism_hold(acceptor);
}

/* Refusing is no mistake of the host's where a fault was dialled in or the note has just left. */
static bool obey(struct model_acceptor *acceptor, uint8_t word)
{
    switch (word) {
    case WORD_RESET:
        return reset(acceptor);
    case WORD_STACK_1:
    case WORD_STACK_2:
        return stack(acceptor, word == WORD_STACK_2);
    case WORD_RETURN:
        return give_back(acceptor);
    default:
        return hold(acceptor);
    }
}

static bool comes_again(struct model_acceptor *acceptor)
{
    if (acceptor->fault != ACCEPTOR_FAULT_CREDIT_AGAIN)
        return false;
    acceptor->fault = ACCEPTOR_FAULT_NONE;
    return true;
}

static void acknowledge(struct model_acceptor *acceptor)
{
    struct id003_device *id003 = &acceptor->id003;
    if (acceptor->unacked_note == NULL || !id003->vend_told) {
        acceptor->protocol_errors++;
        return;
    }
    if (comes_again(acceptor))
        return;
    acceptor->unacked_note = NULL;
    id003->vend_told = false;
}

/* Settings and data */

static void set(struct model_acceptor *acceptor, uint8_t word, const uint8_t *data)
{
    acceptor->id003.has_denominations |= word == WORD_DENOMINATIONS;
    acceptor->id003.has_inhibit |= word == WORD_INHIBIT;
    if (word == WORD_DENOMINATIONS)
        acceptor->inhibits = (uint8_t)~data[0];
    if (word == WORD_INHIBIT)
        acceptor->enabled = data[0] == 0;
    if (word == WORD_COMMUNICATION && data[0] != 0)
        acceptor->protocol_errors++; /* interrupt mode is not modelled */
}

static void compose_currency(struct model_acceptor *acceptor)
{
    uint8_t rows[8 * 4];
    struct bytes_writer writer;
    bytes_writer_init(&writer, rows, sizeof rows);
    for (int channel = 1; channel <= 8; channel++) {
        bool used = channel <= ACCEPTOR_CHANNELS;
        int yuan = used ? acceptor_value_yuan(acceptor, channel) : 0;
        bool is_tens = yuan >= 10;
        bytes_write_u8(&writer, (uint8_t)(FIRST_ESCROW_CODE - 1 + channel));
        bytes_write_u8(&writer, used ? COUNTRY : 0);
        bytes_write_u8(&writer, (uint8_t)(is_tens ? yuan / 10 : yuan));
        bytes_write_u8(&writer, is_tens);
    }
    compose(&acceptor->id003, WORD_CURRENCY, rows, sizeof rows);
}

static const struct word_rule {
    uint8_t word, size;
    enum {
        IS_STATUS,
        IS_ORDER,
        IS_ACK,
        IS_SETTING,
        IS_DATA
    } kind;
} RULES[] = {
    { WORD_STATUS, 0, IS_STATUS },     { WORD_RESET, 0, IS_ORDER },
    { WORD_STACK_1, 0, IS_ORDER },     { WORD_STACK_2, 0, IS_ORDER },
    { WORD_RETURN, 0, IS_ORDER },      { WORD_HOLD, 0, IS_ORDER },
    { WORD_ACK, 0, IS_ACK },           { WORD_DENOMINATIONS, 2, IS_SETTING },
    { WORD_SECURITY, 2, IS_SETTING },  { WORD_COMMUNICATION, 1, IS_SETTING },
    { WORD_INHIBIT, 1, IS_SETTING },   { WORD_DIRECTION, 1, IS_SETTING },
    { WORD_FUNCTIONS, 2, IS_SETTING }, { WORD_VERSION, 0, IS_DATA },
    { WORD_CURRENCY, 0, IS_DATA },
};

static const struct word_rule *find_rule(uint8_t word, size_t size)
{
    for (size_t i = 0; i < ARRAY_SIZE(RULES); i++) {
        if (RULES[i].word == word && RULES[i].size == size)
            return &RULES[i];
    }
    return NULL;
}

/* False: nothing is to be said. */
static bool execute(struct model_acceptor *acceptor, uint8_t word, const uint8_t *data, size_t size)
{
    struct id003_device *id003 = &acceptor->id003;
    const struct word_rule *rule = find_rule(word, size);
    acceptor->last_command_ms = usb_model_now(&acceptor->usb);
    if (rule == NULL) {
        acceptor->protocol_errors++;
        compose(id003, WORD_INVALID, "", 0);
        return true;
    }
    acceptor_mechanism_hold(acceptor); /* it keeps a note for as long as somebody speaks to it */
    switch (rule->kind) {
    case IS_STATUS:
        compose_status(acceptor);
        return true;
    case IS_ORDER:
        compose(id003, obey(acceptor, word) ? WORD_ACK : WORD_INVALID, "", 0);
        return true;
    case IS_ACK:
        acknowledge(acceptor);
        return false;
    case IS_SETTING:
        set(acceptor, word, data);
        compose(id003, word, data, size);
        return true;
    case IS_DATA:
        if (word == WORD_CURRENCY)
            compose_currency(acceptor);
        else
            compose(id003, word, VERSION, strlen(VERSION));
        return true;
    }
    return false;
}

bool acceptor_id003_take(struct model_acceptor *acceptor, uint8_t byte)
{
    struct id003_device *id003 = &acceptor->id003;
    if (id003->frame_size == 0 && byte != STX) {
        id003->errors++;
        return false;
    }
    id003->frame[id003->frame_size++] = byte;
    if (id003->frame_size == 2 && byte < FRAME_MIN) {
        id003->errors++;
        id003->frame_size = 0;
    }
    if (id003->frame_size < FRAME_MIN || id003->frame_size < id003->frame[1])
        return false;
    size_t body = id003->frame_size - 2;
    uint16_t crc = (uint16_t)(id003->frame[body] | id003->frame[body + 1] << 8);
    id003->frame_size = 0;
    if (crc != crc_of(id003->frame, body)) {
        id003->errors++; /* and silence: the host has to ask again */
        return false;
    }
    return execute(acceptor, id003->frame[2], id003->frame + 3, body - 3);
}

/* The mechanism */

void acceptor_id003_on_event(struct model_acceptor *acceptor, int code)
{
    struct id003_device *id003 = &acceptor->id003;
    const struct note *note = acceptor->moving;
    if (code == EVENT_FRAUD)
        id003->waits_reset = WORD_CHEATED;
    if (code == EVENT_SAFE_JAM)
        id003->is_safely_jammed = true;
    if (code == EVENT_REJECTED && note != NULL && note->place == NOTE_STACKING)
        id003->pause_is_due = true;
    if (code != EVENT_STACKED)
        return;
    if (take_flag(&id003->is_safely_jammed)) {
        id003->waits_reset = WORD_RESET; /* it freed itself, and begins anew */
        return;
    }
    id003->stacked_is_due = true;
    if (id003->stack_2)
        acceptor->unacked_note = acceptor->moving;
}

bool acceptor_id003_waits(const struct model_acceptor *acceptor)
{
    const struct id003_device *id003 = &acceptor->id003;
    return acceptor->unacked_note != NULL || id003->waits_reset != 0 || id003->stacked_is_due ||
           id003->initialising_until_ms >= 0;
}

void acceptor_id003_power_up(struct model_acceptor *acceptor)
{
    struct id003_device *id003 = &acceptor->id003;
    const struct note *note = acceptor->moving;
    bool in_stacker =
        note != NULL && (note->place == NOTE_STACKING || note->place == NOTE_CREDITED);
    bool is_jammed = note != NULL && note->place == NOTE_JAMMED;
    acceptor_id003_init(id003);
    /* Credited and in the box, but never acknowledged: some say it once more. */
    if (in_stacker || !acceptor->remembers)
        acceptor->unacked_note = NULL;
    if (!is_jammed)
        id003->waits_reset = in_stacker     ? WORD_IN_STACKER
                             : note != NULL ? WORD_IN_ACCEPTOR
                                            : WORD_RESET;
}

/* What RESET does with a note. */
static void end_initialising(struct model_acceptor *acceptor)
{
    struct note *note = acceptor->moving;
    acceptor->id003.initialising_until_ms = -1;
    if (note == NULL)
        return;
    if (note->place == NOTE_STACKING || note->place == NOTE_CREDITED) {
        acceptor->stacked++;
        note->place = NOTE_IN_BOX;
    } else {
        acceptor->rejected++;
        note->place = NOTE_RETURNED;
    }
    acceptor->moving = NULL;
}

static bool is_set_up(const struct id003_device *id003)
{
    return id003->has_denominations && id003->has_inhibit;
}

void acceptor_id003_advance(struct model_acceptor *acceptor)
{
    int64_t until_ms = acceptor_id003_due_ms(acceptor);
    if (until_ms >= 0 && usb_model_now(&acceptor->usb) >= until_ms)
        end_initialising(acceptor);
}

/* Before it is set up no time ends it. */
int64_t acceptor_id003_due_ms(const struct model_acceptor *acceptor)
{
    return is_set_up(&acceptor->id003) ? acceptor->id003.initialising_until_ms : -1;
}
