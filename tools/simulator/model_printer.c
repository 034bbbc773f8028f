#include "tools/simulator/model_printer.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    PIPE_OUT = 0x01,
    PIPE_IN = 0x82
};
enum {
    GET_DEVICE_ID = 0x00,
    GET_PORT_STATUS = 0x01,
    SOFT_RESET = 0x02
};

static const uint8_t DEVICE[18] = { 18,   1,    0x00, 0x02, 0, 0, 0, 64, 0xB8,
                                    0x04, 0x28, 0x0E, 0x00, 1, 1, 2, 3,  1 };
static const uint8_t CONFIGURATION[] = {
    9, 2, 32, 0, 1,        1, 0,  0xC0, 1, 9, 4, 0,       0, 2,  7, 1,
    2, 0, 7,  5, PIPE_OUT, 2, 64, 0,    0, 7, 5, PIPE_IN, 2, 64, 0, 0,
};
static_assert(sizeof CONFIGURATION == 32, "wTotalLength");

static const char *const STRINGS[] = { "EPSON", "TM-T88VI", "SIM0000001" };
static const struct usb_descriptors DESCRIPTORS = { .device = DEVICE,
                                                    .configuration = CONFIGURATION,
                                                    .configuration_size = sizeof CONFIGURATION,
                                                    .strings = STRINGS,
                                                    .string_count = 3 };

static const char *const FAULT_NAMES[PRINTER_FAULT_COUNT] = { "none",     "cutter", "garbage",
                                                              "head-hot", "silent", "broken" };

const char *printer_fault_name(enum printer_fault fault)
{
    return FAULT_NAMES[fault];
}

bool printer_fault_parse(const char *name, enum printer_fault *out)
{
    for (int i = 0; i < PRINTER_FAULT_COUNT; i++) {
        if (strcmp(FAULT_NAMES[i], name) == 0) {
            *out = (enum printer_fault)i;
            return true;
        }
    }
    return false;
}

static struct model_printer *of(struct usb_model *model)
{
    return (struct model_printer *)model;
}

static const struct usb_descriptors *get_descriptors(const struct usb_model *model)
{
    (void)model;
    return &DESCRIPTORS;
}

/* The length in front is big-endian and counts itself. */
static int give_device_id(const struct usb_setup *setup, uint8_t *data)
{
    static const char ID[] = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88VI;CLS:PRINTER;";
    uint8_t out[2 + sizeof ID - 1] = { 0, sizeof out };
    memcpy(out + 2, ID, sizeof ID - 1);
    size_t size = setup->length < sizeof out ? setup->length : sizeof out;
    memcpy(data, out, size);
    return (int)size;
}

static int class_request(struct usb_model *model, const struct usb_setup *setup, uint8_t *data)
{
    struct model_printer *printer = of(model);
    if (setup->type == 0xA1 && setup->request == GET_DEVICE_ID)
        return give_device_id(setup, data);
    if (setup->type == 0xA1 && setup->request == GET_PORT_STATUS && setup->length >= 1) {
        data[0] = printer_status_port(printer);
        return 1;
    }
    /* Class 1.0 and 1.1 differ in the recipient; both are out there. */
    if ((setup->type == 0x21 || setup->type == 0x23) && setup->request == SOFT_RESET) {
        printer_escpos_clear(printer);
        return 0;
    }
    printer->protocol_errors++;
    return USB_STALL;
}

/* Real-time commands, recognised in whatever arrives, pixels included. */

static bool ends_with(const struct model_printer *printer, const uint8_t *pattern, size_t size)
{
    return memcmp(printer->recent + sizeof printer->recent - size, pattern, size) == 0;
}

static void clear_everything(struct model_printer *printer)
{
    printer_escpos_clear(printer);
    printer->cutter_error = false;
}

static void execute_realtime(struct model_printer *printer)
{
    static const uint8_t CLEAR[] = { 0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08 };
    static const uint8_t CLEARED[] = { 0x37, 0x25, 0x00 };
    static const uint8_t RECOVER[] = { 0x10, 0x05, 0x01 };
    static const uint8_t RECOVER_CLEAR[] = { 0x10, 0x05, 0x02 };
    const uint8_t *tail = printer->recent + sizeof printer->recent - 3;
    if (tail[0] == 0x10 && tail[1] == 0x04 && tail[2] >= 1 && tail[2] <= 4) {
        printer_status_send_realtime(printer, tail[2]);
    } else if (ends_with(printer, RECOVER, sizeof RECOVER)) {
        printer->cutter_error = false;
    } else if (ends_with(printer, RECOVER_CLEAR, sizeof RECOVER_CLEAR)) {
        clear_everything(printer);
    } else if (ends_with(printer, CLEAR, sizeof CLEAR)) {
        clear_everything(printer);
        printer_status_send(printer, CLEARED, sizeof CLEARED);
    }
}

static void take_arrived(struct model_printer *printer, uint8_t byte)
{
    printer->input[printer->input_size++] = byte;
    memmove(printer->recent, printer->recent + 1, sizeof printer->recent - 1);
    printer->recent[sizeof printer->recent - 1] = byte;
    execute_realtime(printer);
}

/* Whole packets go into the buffer as long as there is room for them; the rest is NAKed. */
static int take_out(struct usb_model *model, uint8_t endpoint, const uint8_t *data, size_t size)
{
    struct model_printer *printer = of(model);
    (void)endpoint;
    size_t taken = 0;
    while (taken < size) {
        size_t packet = size - taken < USB_PACKET_SIZE ? size - taken : USB_PACKET_SIZE;
        if (packet > sizeof printer->input - printer->input_size)
            break;
        for (size_t end = taken + packet; taken < end; taken++)
            take_arrived(printer, data[taken]);
    }
    return taken > 0 || size == 0 ? (int)taken : USB_NAK;
}

static int give_in(struct usb_model *model, uint8_t endpoint, uint8_t *data, size_t size)
{
    (void)endpoint;
    return usb_pipe_take(&of(model)->status, data, size);
}

static void advance(struct usb_model *model)
{
    struct model_printer *printer = of(model);
    printer_escpos_process(printer);
    printer_status_update(printer);
}

static int64_t due_ms(const struct usb_model *model)
{
    const struct model_printer *printer = (const struct model_printer *)model;
    bool waits = printer->input_size > 0 || printer->cut_pending;
    if (!waits || !model->powered || model_printer_is_offline(printer))
        return -1;
    return printer->busy_until_ms;
}

static void plugged(struct usb_model *model)
{
    usb_pipe_clear(&of(model)->status);
}

static const struct usb_model_ops OPS = {
    .descriptors = get_descriptors,
    .plugged = plugged,
    .reset = plugged,
    .control = class_request,
    .bulk_out = take_out,
    .bulk_in = give_in,
    .due_ms = due_ms,
    .advance = advance,
};

void model_printer_init(struct model_printer *printer, const struct clock *clock, int time_percent,
                        int width_dots)
{
    *printer = (struct model_printer){
        .usb = { .ops = &OPS, .clock = clock, .time_percent = time_percent, .powered = true },
        .strip = { .width_dots = width_dots },
        .paper_rows = (int64_t)PRINTER_ROLL_MM * PRINTER_ROWS_PER_MM,
        .knows_process_id = true,
    };
    printer_escpos_init(printer);
}

void model_printer_deinit(struct model_printer *printer)
{
    free(printer->strip.rows);
    printer->strip.rows = NULL;
}

void model_printer_set_power(struct model_printer *printer, bool on)
{
    if (on == printer->usb.powered)
        return;
    printer->usb.powered = on;
    printer->busy_until_ms = 0;
    usb_pipe_clear(&printer->status);
    printer_escpos_clear(printer);
    printer_escpos_init(printer);
}

void model_printer_set_paper_mm(struct model_printer *printer, int64_t left_mm)
{
    bool was_there = printer->paper_rows > 0;
    printer->paper_rows = left_mm * PRINTER_ROWS_PER_MM;
    if (was_there && left_mm == 0 && printer->strip.height_rows > 0)
        printer_paper_end_strip(printer, printer->strip.height_rows, STRIP_ROLL_END);
}

void model_printer_free_cutter(struct model_printer *printer)
{
    printer->cutter_error = false;
}

bool model_printer_is_busy(const struct model_printer *printer)
{
    return printer->input_size > 0 || printer->raster_rows > 0 || printer->cut_pending ||
           usb_model_now(&printer->usb) < printer->busy_until_ms;
}
