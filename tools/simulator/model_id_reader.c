#include "tools/simulator/model_id_reader.h"
#include "base/bytes.h"
#include "base/check.h"
#include <assert.h>
#include <string.h>

/* Frame: AA AA AA 96 69, length (what follows it), command or status, data, XOR of all but the
 * preamble. Commands and SW3 codes: GA/T 467. */
static const uint8_t PREAMBLE[5] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69 };
enum {
    HEAD_SIZE = 7,
    REQUEST_LENGTH_MIN = 3,
    REQUEST_LENGTH_MAX = 64
};
enum {
    FINGERPRINT_SIZE = 1024
};
enum {
    PIPE_OUT_HEAD = 0x02,
    PIPE_OUT_BODY = 0x06,
    PIPE_IN_HEAD = 0x81,
    PIPE_IN_BODY = 0x85
};

enum id_status {
    SW_OK = 0x90,
    SW_FOUND = 0x9F,
    SW_BAD_CHECKSUM = 0x10,
    SW_BAD_LENGTH = 0x11,
    SW_BAD_COMMAND = 0x21,
    SW_CARD_REJECTED = 0x32,
    SW_CARD_FORGED = 0x33,
    SW_WRONG_CARD = 0x40,
    SW_READ_FAILED = 0x41,
    SW_NOT_AUTHORISED = 0x66,
    SW_NO_CARD = 0x80,
    SW_SELECT_FAILED = 0x81,
    SW_ABSENT = 0x91,
};

/* The figures are those other hosts wait for. */
enum {
    DELAY_FIND_MS = 50,
    DELAY_READ_MS = 700,
    DELAY_ADDRESS_MS = 200,
    DELAY_SAM_MS = 20
};

static const uint8_t DEVICE[18] = { 18,   1,    0x10, 0x01, 0, 0, 0, 64, 0x00,
                                    0x04, 0x5A, 0xC3, 0x63, 0, 0, 0, 0,  1 };
static const uint8_t CONFIGURATION_A[] = {
    9, 2,  46, 0, 1, 1,    0,    0xC0, 50, /* self-powered */
    9, 4,  0,  0, 4, 0xFF, 0,    0,    0,  7, 5, 0x02, 2, 64,   0, 0,  7, 5, 0x81,
    2, 64, 0,  0, 7, 5,    0x06, 2,    64, 0, 0, 7,    5, 0x85, 2, 64, 0, 0,
};
static const uint8_t CONFIGURATION_B[] = {
    9, 2, 32, 0, 1,    1, 0,  0xC0, 50, 9, 4, 0,    0, 2,  0xFF, 0,
    0, 0, 7,  5, 0x02, 2, 64, 0,    0,  7, 5, 0x81, 2, 64, 0,    0,
};
static_assert(sizeof CONFIGURATION_A == 46 && sizeof CONFIGURATION_B == 32, "wTotalLength");

static const struct usb_descriptors DESCRIPTORS_A = { .device = DEVICE,
                                                      .configuration = CONFIGURATION_A,
                                                      .configuration_size = 46 };
static const struct usb_descriptors DESCRIPTORS_B = { .device = DEVICE,
                                                      .configuration = CONFIGURATION_B,
                                                      .configuration_size = 32 };

static const char *const FAULT_NAMES[ID_FAULT_COUNT] = {
    "none",     "move",   "garbage", "checksum", "short",   "stall",
    "rejected", "forged", "foreign", "silent",   "endless", "locked",
};

const char *id_reader_fault_name(enum id_reader_fault fault)
{
    return FAULT_NAMES[fault];
}

bool id_reader_fault_parse(const char *name, enum id_reader_fault *out)
{
    for (int i = 0; i < ID_FAULT_COUNT; i++) {
        if (strcmp(FAULT_NAMES[i], name) == 0) {
            *out = (enum id_reader_fault)i;
            return true;
        }
    }
    return false;
}

static struct model_id_reader *of(struct usb_model *model)
{
    return (struct model_id_reader *)model;
}

static const struct usb_descriptors *get_descriptors(const struct usb_model *model)
{
    const struct model_id_reader *reader = (const struct model_id_reader *)model;
    return reader->framing == ID_FRAMING_A ? &DESCRIPTORS_A : &DESCRIPTORS_B;
}

static void forget_exchange(struct model_id_reader *reader)
{
    reader->request_size = 0;
    reader->reply_size = 0;
    reader->reply_at_ms = -1;
    reader->reading = false;
    reader->stalled = false;
    usb_pipe_clear(&reader->head);
    usb_pipe_clear(&reader->body);
}

static uint8_t checksum(const uint8_t *frame, size_t end)
{
    uint8_t sum = 0;
    for (size_t i = sizeof PREAMBLE; i < end; i++)
        sum ^= frame[i];
    return sum;
}

/* Composes the answer; it leaves when its time has come. */
static void answer(struct model_id_reader *reader, int delay_ms, uint8_t sw3, const void *data,
                   size_t size)
{
    struct bytes_writer writer;
    bytes_writer_init(&writer, reader->reply, sizeof reader->reply);
    bytes_write_all(&writer, PREAMBLE, sizeof PREAMBLE);
    bytes_write_u16be(&writer, (uint16_t)(4 + size));
    bytes_write_u16be(&writer, 0);
    bytes_write_u8(&writer, sw3);
    bytes_write_all(&writer, data, size);
    bytes_write_u8(&writer, checksum(reader->reply, writer.offset));
    CHECK(!writer.bad);
    reader->reply_size = writer.offset;
    reader->reply_at_ms = usb_model_after(&reader->usb, delay_ms);
}

static void answer_status(struct model_id_reader *reader, int delay_ms, uint8_t sw3)
{
    answer(reader, delay_ms, sw3, "", 0);
}

static void protocol_error(struct model_id_reader *reader, uint8_t sw3)
{
    reader->protocol_errors++;
    answer_status(reader, 0, sw3);
}

static void find_card(struct model_id_reader *reader)
{
    static const uint8_t IIN[4];
    if (reader->card == NULL || (reader->progress == ID_CARD_DONE && !reader->finds_again)) {
        answer_status(reader, DELAY_FIND_MS, SW_NO_CARD);
        return;
    }
    reader->progress = ID_CARD_FOUND;
    answer(reader, DELAY_FIND_MS, SW_FOUND, IIN, sizeof IIN);
}

static void select_card(struct model_id_reader *reader)
{
    static const uint8_t SERIAL[8];
    if (reader->card == NULL) {
        answer_status(reader, DELAY_FIND_MS, SW_SELECT_FAILED);
        return;
    }
    if (reader->progress != ID_CARD_FOUND) {
        protocol_error(reader, SW_BAD_COMMAND);
        return;
    }
    if (reader->fault == ID_FAULT_FOREIGN) {
        reader->progress = ID_CARD_IDLE;
        answer_status(reader, DELAY_FIND_MS, SW_WRONG_CARD);
        return;
    }
    reader->progress = ID_CARD_SELECTED;
    answer(reader, DELAY_FIND_MS, SW_OK, SERIAL, sizeof SERIAL);
}

/* 0: the card may be read. */
static uint8_t read_obstacle(struct model_id_reader *reader)
{
    if (reader->card == NULL)
        return SW_READ_FAILED;
    if (reader->fault == ID_FAULT_REJECTED)
        return SW_CARD_REJECTED;
    if (reader->fault == ID_FAULT_FORGED)
        return SW_CARD_FORGED;
    if (reader->fault == ID_FAULT_MOVE) {
        reader->fault = ID_FAULT_NONE;
        return SW_READ_FAILED;
    }
    return 0;
}

static void read_card(struct model_id_reader *reader, bool with_fingerprint)
{
    uint8_t data[6 + CITIZEN_TEXT_SIZE + CITIZEN_PHOTO_SIZE + FINGERPRINT_SIZE] = { 0 };
    uint8_t text[CITIZEN_TEXT_SIZE], photo[CITIZEN_PHOTO_SIZE];
    if (reader->progress != ID_CARD_SELECTED) {
        protocol_error(reader, SW_BAD_COMMAND);
        return;
    }
    uint8_t obstacle = read_obstacle(reader);
    if (obstacle != 0) {
        reader->progress = ID_CARD_IDLE;
        answer_status(reader, DELAY_READ_MS / 2, obstacle);
        return;
    }
    citizen_encode_text(reader->card, text);
    citizen_encode_photo(reader->card, photo);
    struct bytes_writer writer;
    bytes_writer_init(&writer, data, sizeof data);
    bytes_write_u16be(&writer, sizeof text);
    bytes_write_u16be(&writer, sizeof photo);
    if (with_fingerprint)
        bytes_write_u16be(&writer, FINGERPRINT_SIZE);
    bytes_write_all(&writer, text, sizeof text);
    bytes_write_all(&writer, photo, sizeof photo);
    if (with_fingerprint)
        writer.offset += FINGERPRINT_SIZE;
    reader->reading = true;
    answer(reader, DELAY_READ_MS, SW_OK, data, writer.offset);
}

static void read_appended_address(struct model_id_reader *reader)
{
    uint8_t address[CITIZEN_ADDRESS_SIZE];
    if (reader->card == NULL)
        answer_status(reader, DELAY_ADDRESS_MS, SW_READ_FAILED);
    else if (reader->progress != ID_CARD_SELECTED && reader->progress != ID_CARD_DONE)
        protocol_error(reader, SW_BAD_COMMAND);
    else if (citizen_encode_appended_address(reader->card, address))
        answer(reader, DELAY_ADDRESS_MS, SW_OK, address, sizeof address);
    else
        answer_status(reader, DELAY_ADDRESS_MS, SW_ABSENT);
}

static void answer_sam_id(struct model_id_reader *reader)
{
    uint8_t id[16];
    struct bytes_writer writer;
    bytes_writer_init(&writer, id, sizeof id);
    bytes_write_u16le(&writer, 5);
    bytes_write_u16le(&writer, 3);
    bytes_write_u32le(&writer, 20260101);
    bytes_write_u32le(&writer, 4711);
    bytes_write_u32le(&writer, 99000001);
    answer(reader, DELAY_SAM_MS, SW_OK, id, sizeof id);
}

static void execute(struct model_id_reader *reader, uint8_t command, uint8_t parameter,
                    size_t data_size)
{
    unsigned code = (unsigned)command << 8 | parameter;
    if (reader->fault == ID_FAULT_LOCKED && code != 0x11FF)
        answer_status(reader, DELAY_SAM_MS, SW_NOT_AUTHORISED);
    else if (code == 0x61FF && data_size == 1)
        answer_status(reader, DELAY_SAM_MS, SW_OK);
    else if (data_size != 0)
        protocol_error(reader, SW_BAD_LENGTH);
    else if (code == 0x10FF)
        answer_status(reader, DELAY_SAM_MS, SW_OK);
    else if (code == 0x11FF)
        answer_status(reader, DELAY_SAM_MS,
                      reader->fault == ID_FAULT_LOCKED ? SW_NOT_AUTHORISED : SW_OK);
    else if (code == 0x12FF)
        answer_sam_id(reader);
    else if (code == 0x2001)
        find_card(reader);
    else if (code == 0x2002)
        select_card(reader);
    else if (code == 0x3001 || code == 0x3010)
        read_card(reader, code == 0x3010);
    else if (code == 0x3003)
        read_appended_address(reader);
    else
        protocol_error(reader, SW_BAD_COMMAND);
}

static size_t request_length(const struct model_id_reader *reader)
{
    return (size_t)reader->request[5] << 8 | reader->request[6];
}

static void take_request(struct model_id_reader *reader)
{
    const uint8_t *frame = reader->request;
    size_t size = HEAD_SIZE + request_length(reader);
    reader->request_size = 0;
    if (reader->reply_at_ms >= 0) {
        /* A busy module does not listen. */
        reader->protocol_errors++;
        return;
    }
    if (checksum(frame, size - 1) != frame[size - 1]) {
        protocol_error(reader, SW_BAD_CHECKSUM);
        return;
    }
    execute(reader, frame[HEAD_SIZE], frame[HEAD_SIZE + 1], request_length(reader) - 3);
}

/* Noise before a preamble is skipped byte by byte, as a module hunting for its start does. */
static void resynchronise(struct model_id_reader *reader)
{
    while (reader->request_size > 0) {
        size_t known = reader->request_size < 5 ? reader->request_size : 5;
        if (memcmp(reader->request, PREAMBLE, known) == 0)
            return;
        reader->protocol_errors += reader->request_size == 1 ? 1 : 0;
        memmove(reader->request, reader->request + 1, --reader->request_size);
    }
}

static void take_byte(struct model_id_reader *reader, uint8_t byte)
{
    reader->request[reader->request_size++] = byte;
    resynchronise(reader);
    if (reader->request_size < HEAD_SIZE)
        return;
    size_t length = request_length(reader);
    if (length < REQUEST_LENGTH_MIN || length > REQUEST_LENGTH_MAX) {
        reader->request_size = 0;
        protocol_error(reader, SW_BAD_LENGTH);
    } else if (reader->request_size == HEAD_SIZE + length) {
        take_request(reader);
    }
}

static int take_out(struct usb_model *model, uint8_t endpoint, const uint8_t *data, size_t size)
{
    struct model_id_reader *reader = of(model);
    for (size_t i = 0; i < size; i++) {
        bool wants_body = reader->request_size >= HEAD_SIZE;
        if (reader->framing == ID_FRAMING_A && wants_body != (endpoint == PIPE_OUT_BODY)) {
            reader->protocol_errors++; /* bytes on the wrong pipe are lost */
            continue;
        }
        take_byte(reader, data[i]);
    }
    return (int)size;
}

static void spoil_reply(struct model_id_reader *reader)
{
    switch (reader->fault) {
    case ID_FAULT_GARBAGE:
        for (size_t i = 0; i < reader->reply_size; i++)
            reader->reply[i] = (uint8_t)(0x35 + i * 29);
        break;
    case ID_FAULT_CHECKSUM:
        reader->reply[reader->reply_size - 1] ^= 0x55;
        break;
    case ID_FAULT_SHORT:
        reader->reply_size = reader->reply_size / 2 + 1;
        break;
    case ID_FAULT_STALL:
        reader->stalled = true;
        reader->reply_size = 0;
        break;
    case ID_FAULT_SILENT:
        reader->reply_size = 0;
        return;
    case ID_FAULT_NONE:
    case ID_FAULT_MOVE:
    case ID_FAULT_REJECTED:
    case ID_FAULT_FORGED:
    case ID_FAULT_FOREIGN:
    case ID_FAULT_ENDLESS:
    case ID_FAULT_LOCKED:
        return;
    }
    reader->fault = ID_FAULT_NONE;
}

static void send_reply(struct model_id_reader *reader)
{
    spoil_reply(reader);
    size_t size = reader->reply_size;
    if (size == 0)
        return;
    if (reader->framing == ID_FRAMING_B) {
        usb_pipe_put(&reader->head, reader->reply, size);
        return;
    }
    size_t head = size < HEAD_SIZE ? size : HEAD_SIZE;
    usb_pipe_put(&reader->head, reader->reply, head);
    if (size > head)
        usb_pipe_put(&reader->body, reader->reply + head, size - head);
}

static void advance(struct usb_model *model)
{
    struct model_id_reader *reader = of(model);
    if (reader->reply_at_ms < 0 || usb_model_now(model) < reader->reply_at_ms)
        return;
    reader->reply_at_ms = -1;
    if (reader->reading) {
        reader->reading = false;
        reader->progress = ID_CARD_DONE;
        reader->reads++;
    }
    send_reply(reader);
}

static int64_t due_ms(const struct usb_model *model)
{
    return ((const struct model_id_reader *)model)->reply_at_ms;
}

static int give_in(struct usb_model *model, uint8_t endpoint, uint8_t *data, size_t size)
{
    struct model_id_reader *reader = of(model);
    if (reader->stalled) {
        reader->stalled = false;
        return USB_STALL;
    }
    if (reader->fault == ID_FAULT_ENDLESS) {
        memset(data, 0xAA, size);
        return (int)size;
    }
    return usb_pipe_take(endpoint == PIPE_IN_HEAD ? &reader->head : &reader->body, data, size);
}

static int refuse_control(struct usb_model *model, const struct usb_setup *setup, uint8_t *data)
{
    (void)setup;
    (void)data;
    of(model)->protocol_errors++;
    return USB_STALL;
}

static void plugged(struct usb_model *model)
{
    struct model_id_reader *reader = of(model);
    forget_exchange(reader);
    reader->progress = ID_CARD_IDLE;
}

static void reset(struct usb_model *model)
{
    forget_exchange(of(model));
}

static const struct usb_model_ops OPS = {
    .descriptors = get_descriptors,
    .plugged = plugged,
    .reset = reset,
    .control = refuse_control,
    .bulk_out = take_out,
    .bulk_in = give_in,
    .due_ms = due_ms,
    .advance = advance,
};

void model_id_reader_init(struct model_id_reader *reader, const struct clock *clock,
                          int time_percent, enum id_framing framing)
{
    *reader = (struct model_id_reader){
        .usb = { .ops = &OPS, .clock = clock, .time_percent = time_percent, .powered = true },
        .framing = framing,
        .reply_at_ms = -1,
    };
}

void model_id_reader_set_card(struct model_id_reader *reader, const struct citizen *citizen)
{
    reader->card = citizen;
    reader->progress = ID_CARD_IDLE;
    if (!reader->reading)
        return;
    reader->reading = false;
    answer_status(reader, 0, SW_READ_FAILED);
}
