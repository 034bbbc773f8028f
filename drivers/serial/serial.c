#include "drivers/serial/serial.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

#define CONTROL_TIMEOUT_MS 500
#define OUT_TO_INTERFACE_CLASS 0x21
#define OUT_TO_DEVICE_VENDOR 0x40
#define OUT_TO_INTERFACE_VENDOR 0x41
#define IN_FROM_DEVICE_VENDOR 0xC0

/* One request; what a step asks to read is not looked at. */
struct step {
    uint8_t type, request;
    uint16_t value, index;
};

static enum status send(struct usb_port *port, struct step step, const void *data, uint16_t size)
{
    uint8_t buffer[16] = { 0 };
    size_t got = 0;
    CHECK(size <= sizeof buffer);
    if (data != NULL)
        memcpy(buffer, data, size);
    const struct usb_request request = {
        .type = step.type, .request = step.request, .value = step.value, .index = step.index
    };
    return usb_port_control(port, &request, buffer, size, CONTROL_TIMEOUT_MS, &got);
}

static enum status send_steps(struct usb_port *port, const struct step *steps, size_t count)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = send(port, steps[i], NULL, steps[i].type == IN_FROM_DEVICE_VENDOR ? 1 : 0);
    return status;
}

/* ---- CDC-ACM, and PL2303, which took its line requests from there ---- */

#define CDC_SET_LINE_CODING 0x20
#define CDC_SET_CONTROL_LINE_STATE 0x22
#define CDC_DTR_RTS 3

static enum status set_line_coding(struct usb_port *port, uint16_t interface,
                                   const struct serial_line *line)
{
    uint8_t coding[7];
    struct bytes_writer writer;
    bytes_writer_init(&writer, coding, sizeof coding);
    bytes_write_u32le(&writer, (uint32_t)line->baud);
    bytes_write_u8(&writer, line->stop_bits == 2 ? 2 : 0);
    bytes_write_u8(&writer, line->parity == SERIAL_EVEN_PARITY ? 2 : 0);
    bytes_write_u8(&writer, 8);
    enum status status =
        send(port, (struct step){ OUT_TO_INTERFACE_CLASS, CDC_SET_LINE_CODING, 0, interface },
             coding, sizeof coding);
    if (status == STATUS_OK)
        status = send(port,
                      (struct step){ OUT_TO_INTERFACE_CLASS, CDC_SET_CONTROL_LINE_STATE,
                                     CDC_DTR_RTS, interface },
                      NULL, 0);
    return status;
}

static enum status open_cdc(struct usb_port *port, const struct serial_line *line)
{
    int interface = usb_port_identity(port)->control_interface;
    return interface < 0 ? STATUS_OK : set_line_coding(port, (uint16_t)interface, line);
}

/* The start-up of the HX and its descendants, as every open driver has it; nobody says why. */
static enum status open_pl2303(struct usb_port *port, const struct serial_line *line)
{
    static const struct step STEPS[] = {
        { IN_FROM_DEVICE_VENDOR, 1, 0x8484, 0 }, { OUT_TO_DEVICE_VENDOR, 1, 0x0404, 0 },
        { IN_FROM_DEVICE_VENDOR, 1, 0x8484, 0 }, { IN_FROM_DEVICE_VENDOR, 1, 0x8383, 0 },
        { IN_FROM_DEVICE_VENDOR, 1, 0x8484, 0 }, { OUT_TO_DEVICE_VENDOR, 1, 0x0404, 1 },
        { IN_FROM_DEVICE_VENDOR, 1, 0x8484, 0 }, { IN_FROM_DEVICE_VENDOR, 1, 0x8383, 0 },
        { OUT_TO_DEVICE_VENDOR, 1, 0, 1 },       { OUT_TO_DEVICE_VENDOR, 1, 1, 0 },
        { OUT_TO_DEVICE_VENDOR, 1, 2, 0x44 },
    };
    enum status status = send_steps(port, STEPS, ARRAY_SIZE(STEPS));
    return status == STATUS_OK ? set_line_coding(port, 0, line) : status;
}

/* ---- FTDI ---- */

#define FTDI_RESET 0
#define FTDI_SET_MODEM 1
#define FTDI_SET_FLOW 2
#define FTDI_SET_BAUD 3
#define FTDI_SET_DATA 4
#define FTDI_SET_LATENCY 9
#define FTDI_DTR_RTS 0x0303
#define FTDI_LATENCY_MS                                                                            \
    16 /* how long a short answer waits in the chip, and how often it tells its                    \
          line status while nobody speaks */
#define FTDI_CLOCK_HZ 24000000 /* eighths of its 3 MHz */

static uint16_t ftdi_divisor(int baud)
{
    /* The code of the eighths, in bits 14 and 15; bit 16 is in the index, for rates we do not use.
     */
    static const uint8_t EIGHTHS[] = { 0, 3, 2, 4, 1, 5, 6, 7 };
    unsigned eighths = (FTDI_CLOCK_HZ + (unsigned)baud / 2) / (unsigned)baud;
    return (uint16_t)(eighths >> 3 | (EIGHTHS[eighths & 7] & 3u) << 14);
}

static enum status open_ftdi(struct usb_port *port, const struct serial_line *line)
{
    uint16_t format = (uint16_t)(8 | (line->parity == SERIAL_EVEN_PARITY ? 2 : 0) << 8 |
                                 (line->stop_bits == 2 ? 2 : 0) << 11);
    const struct step steps[] = {
        { OUT_TO_DEVICE_VENDOR, FTDI_RESET, 0, 0 },
        { OUT_TO_DEVICE_VENDOR, FTDI_SET_LATENCY, FTDI_LATENCY_MS, 0 },
        { OUT_TO_DEVICE_VENDOR, FTDI_SET_BAUD, ftdi_divisor(line->baud), 0 },
        { OUT_TO_DEVICE_VENDOR, FTDI_SET_DATA, format, 0 },
        { OUT_TO_DEVICE_VENDOR, FTDI_SET_FLOW, 0, 0 },
        { OUT_TO_DEVICE_VENDOR, FTDI_SET_MODEM, FTDI_DTR_RTS, 0 },
    };
    return send_steps(port, steps, ARRAY_SIZE(steps));
}

/* ---- CP210x ---- */

#define CP210X_ENABLE 0x00
#define CP210X_SET_FORMAT 0x03
#define CP210X_SET_MODEM 0x07
#define CP210X_SET_BAUD 0x1E
#define CP210X_DTR_RTS 0x0303

static enum status open_cp210x(struct usb_port *port, const struct serial_line *line)
{
    uint16_t interface = (uint16_t)usb_port_identity(port)->interface_number;
    uint16_t format = (uint16_t)(8 << 8 | (line->parity == SERIAL_EVEN_PARITY ? 2 : 0) << 4 |
                                 (line->stop_bits == 2 ? 2 : 0));
    const struct step steps[] = {
        { OUT_TO_INTERFACE_VENDOR, CP210X_ENABLE, 1, interface },
        { OUT_TO_INTERFACE_VENDOR, CP210X_SET_FORMAT, format, interface },
        { OUT_TO_INTERFACE_VENDOR, CP210X_SET_MODEM, CP210X_DTR_RTS, interface },
    };
    uint8_t baud[4];
    struct bytes_writer writer;
    bytes_writer_init(&writer, baud, sizeof baud);
    bytes_write_u32le(&writer, (uint32_t)line->baud);
    enum status status = send_steps(port, steps, ARRAY_SIZE(steps));
    if (status == STATUS_OK)
        status = send(port, (struct step){ OUT_TO_INTERFACE_VENDOR, CP210X_SET_BAUD, 0, interface },
                      baud, sizeof baud);
    return status;
}

/* ---- CH34x ---- */

#define CH34X_READ_VERSION 0x5F
#define CH34X_START 0xA1
#define CH34X_WRITE_REGISTERS 0x9A
#define CH34X_SET_MODEM 0xA4
#define CH34X_BAUD_REGISTERS 0x1312
#define CH34X_FORMAT_REGISTERS 0x2518
#define CH34X_CLOCK_HZ 1532620800
#define CH34X_AT_ONCE 0x80      /* send a byte when it is there, not when 32 are */
#define CH34X_RECEIVE_SEND 0xC3 /* both on, eight bits */
#define CH34X_EVEN 0x18
#define CH34X_TWO_STOP_BITS 0x04
#define CH34X_DTR_RTS 0x60 /* low active */

/* Divisor in the high byte, prescaler (3: undivided) in the low one. */
static uint16_t ch34x_divisor(int baud)
{
    unsigned factor = CH34X_CLOCK_HZ / (unsigned)baud, prescaler = 3;
    for (; factor > 0xFFF0 && prescaler > 0; prescaler--)
        factor >>= 3;
    return (uint16_t)(((0x10000 - factor) & 0xFF00) | prescaler);
}

static enum status open_ch34x(struct usb_port *port, const struct serial_line *line)
{
    uint16_t format =
        (uint16_t)(CH34X_RECEIVE_SEND | (line->parity == SERIAL_EVEN_PARITY ? CH34X_EVEN : 0) |
                   (line->stop_bits == 2 ? CH34X_TWO_STOP_BITS : 0));
    const struct step steps[] = {
        { IN_FROM_DEVICE_VENDOR, CH34X_READ_VERSION, 0, 0 },
        { OUT_TO_DEVICE_VENDOR, CH34X_START, 0, 0 },
        { OUT_TO_DEVICE_VENDOR, CH34X_WRITE_REGISTERS, CH34X_BAUD_REGISTERS,
          (uint16_t)(ch34x_divisor(line->baud) | CH34X_AT_ONCE) },
        { OUT_TO_DEVICE_VENDOR, CH34X_WRITE_REGISTERS, CH34X_FORMAT_REGISTERS, format },
        { OUT_TO_DEVICE_VENDOR, CH34X_SET_MODEM, (uint16_t)~CH34X_DTR_RTS, 0 },
    };
    return send_steps(port, steps, ARRAY_SIZE(steps));
}

/* ---- all of them ---- */

static const struct {
    const char *name;
    int vid; /* -1: any */
    struct usb_wish wish;
    enum status (*open)(struct usb_port *port, const struct serial_line *line);
} BRIDGES[SERIAL_BRIDGE_COUNT] = {
    [SERIAL_CDC] = { "cdc", -1, { 0x0A, -1, .claim_all = true }, open_cdc },
    /* Two bytes of line status stand before the data of each packet. */
    [SERIAL_FTDI] = { "ftdi", 0x0403, { 0xFF, -1, .packet_head_bytes = 2 }, open_ftdi },
    [SERIAL_CP210X] = { "cp210x", 0x10C4, { 0xFF, -1, .claim_all = false }, open_cp210x },
    [SERIAL_PL2303] = { "pl2303", 0x067B, { 0xFF, -1, .claim_all = false }, open_pl2303 },
    [SERIAL_CH34X] = { "ch34x", 0x1A86, { 0xFF, -1, .claim_all = false }, open_ch34x },
};

const char *serial_bridge_name(enum serial_bridge bridge)
{
    return BRIDGES[bridge].name;
}

enum serial_bridge serial_bridge_of(const struct device_match *match)
{
    char word[12];
    bool named = device_option(match, "bridge", word, sizeof word);
    for (int i = 0; i < SERIAL_BRIDGE_COUNT; i++)
        if (named ? strcmp(word, BRIDGES[i].name) == 0
                  : match->vid >= 0 && match->vid == BRIDGES[i].vid)
            return (enum serial_bridge)i;
    return SERIAL_CDC;
}

struct usb_wish serial_wish(enum serial_bridge bridge)
{
    return BRIDGES[bridge].wish;
}

enum status serial_open_line(struct usb_port *port, enum serial_bridge bridge,
                             const struct serial_line *line)
{
    return BRIDGES[bridge].open(port, line);
}

enum status serial_write(struct usb_port *port, const void *data, size_t size, int timeout_ms)
{
    const uint8_t *bytes = data;
    for (size_t offset = 0; offset < size;) {
        size_t written = 0;
        enum status status =
            usb_port_write(port, 0, bytes + offset, size - offset, timeout_ms, &written);
        if (status != STATUS_OK)
            return status;
        offset += written;
    }
    return STATUS_OK;
}
