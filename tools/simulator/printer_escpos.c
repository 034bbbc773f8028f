#include "base/check.h"
#include "tools/simulator/model_printer.h"
#include <string.h>

/* Interpreting runs ahead of the paper by this much, so that a row costs no timer of its own. */
enum {
    AHEAD_MS = 20
};
enum {
    DLE = 0x10,
    ESC = 0x1B,
    FS = 0x1C,
    GS = 0x1D,
    LINE_ROWS = 34
};

void printer_escpos_clear(struct model_printer *printer)
{
    printer->input_size = 0;
    printer->command_size = 0;
    printer->skip = 0;
    printer->raster_rows = 0;
    printer->row_size = 0;
    printer->text_column = 0;
    printer->cut_pending = false;
}

void printer_escpos_init(struct model_printer *printer)
{
    printer->line_spacing = LINE_ROWS;
    printer->text_column = 0;
    printer->asb_mask = 0;
}

static uint8_t last(const struct model_printer *printer)
{
    return printer->command[printer->command_size - 1];
}

/* Commands. Each is run when its last fixed byte has come. */

static void ignore(struct model_printer *printer)
{
    (void)printer;
}

static void print_line(struct model_printer *printer)
{
    if (printer->text_column > 0)
        printer_paper_end_line(printer);
    printer_paper_feed(printer, printer->line_spacing);
}

static void feed_rows(struct model_printer *printer)
{
    printer_paper_end_line(printer);
    printer_paper_feed(printer, last(printer));
}

static void feed_lines(struct model_printer *printer)
{
    printer_paper_end_line(printer);
    printer_paper_feed(printer, last(printer) * printer->line_spacing);
}

static void set_spacing(struct model_printer *printer)
{
    printer->line_spacing = last(printer);
}

static void reset_spacing(struct model_printer *printer)
{
    printer->line_spacing = LINE_ROWS;
}

static void set_asb(struct model_printer *printer)
{
    printer_status_set_asb(printer, last(printer));
}

static void tell_paper(struct model_printer *printer)
{
    uint8_t n = last(printer);
    static const uint8_t DRAWER = 0;
    if (n == 1 || n == 49)
        printer_status_send_paper(printer);
    else if (n == 2 || n == 50)
        printer_status_send(printer, &DRAWER, 1);
    else
        printer->protocol_errors++;
}

static void tell_identity(struct model_printer *printer)
{
    printer_status_send_identity(printer, last(printer));
}

static void cut(struct model_printer *printer)
{
    printer_paper_end_line(printer);
    printer_paper_cut(printer);
}

static void feed_and_cut(struct model_printer *printer)
{
    printer_paper_end_line(printer);
    printer_paper_feed(printer, PRINTER_CUTTER_ROWS + last(printer));
    printer_paper_cut(printer);
}

static void begin_raster(struct model_printer *printer)
{
    const uint8_t *command = printer->command;
    printer_paper_end_line(printer);
    printer->raster_width = command[4] | command[5] << 8;
    printer->raster_rows = command[6] | command[7] << 8;
    printer->row_size = 0;
    bool plain = command[3] == 0 || command[3] == 48;
    bool too_large = printer->raster_width * 8 > printer->strip.width_dots ||
                     printer->raster_rows > 2303 || printer->raster_width == 0;
    if (!plain || too_large)
        printer->protocol_errors++;
    if (printer->raster_width == 0 || printer->raster_width > (int)sizeof printer->row)
        printer->raster_rows = 0;
}

/* GS ( H 06 00 30 30 d1..d4: answered here, in stream order, when all before it is on paper. */
static void answer_process_id(struct model_printer *printer)
{
    uint8_t reply[7] = { 0x37, 0x22 };
    if (printer->command[5] != 0x30 || printer->command[6] != 0x30) {
        printer->protocol_errors++;
        return;
    }
    for (int i = 0; i < 4; i++) {
        reply[2 + i] = printer->command[7 + i];
        if (reply[2 + i] < 0x20 || reply[2 + i] > 0x7E) {
            printer->protocol_errors++;
            return;
        }
    }
    printer_status_send(printer, reply, sizeof reply);
}

/* GS ( letter pL pH: density, speed and the like say how long they are. */
static void skip_settings(struct model_printer *printer)
{
    uint8_t letter = printer->command[2];
    printer->skip = (size_t)(printer->command[3] | printer->command[4] << 8);
    if (letter != 'K' && letter != 'D' && letter != 'E' && letter != 'H')
        printer->protocol_errors++;
}

static void initialise(struct model_printer *printer)
{
    printer_escpos_init(printer);
}

#define ANY 256

/* Bytes 0 to 255 must match, ANY stands for a parameter. More exact rules come first. */
static const struct rule {
    int size;
    int bytes[11];
    void (*run)(struct model_printer *printer);
} RULES[] = {
    { 2, { ESC, '@' }, initialise },
    { 3, { ESC, 'J', ANY }, feed_rows },
    { 3, { ESC, 'd', ANY }, feed_lines },
    { 3, { ESC, '3', ANY }, set_spacing },
    { 2, { ESC, '2' }, reset_spacing },
    { 3, { ESC, 'a', ANY }, ignore },
    { 3, { ESC, 't', ANY }, ignore },
    { 3, { ESC, 'E', ANY }, ignore },
    { 3, { ESC, '!', ANY }, ignore },
    { 3, { ESC, 'M', ANY }, ignore },
    { 4, { ESC, 'c', '3', ANY }, ignore },
    { 4, { ESC, 'c', '4', ANY }, ignore },
    { 4, { ESC, 'c', '5', ANY }, ignore },
    { 2, { FS, '&' }, ignore },
    { 2, { FS, '.' }, ignore },
    { 3, { GS, 'a', ANY }, set_asb },
    { 3, { GS, 'r', ANY }, tell_paper },
    { 3, { GS, 'I', ANY }, tell_identity },
    { 3, { GS, '!', ANY }, ignore },
    { 4, { GS, 'L', ANY, ANY }, ignore },
    { 4, { GS, 'W', ANY, ANY }, ignore },
    { 4, { GS, 'P', ANY, ANY }, ignore },
    { 3, { GS, 'V', 0 }, cut },
    { 3, { GS, 'V', 1 }, cut },
    { 3, { GS, 'V', 48 }, cut },
    { 3, { GS, 'V', 49 }, cut },
    { 4, { GS, 'V', 65, ANY }, feed_and_cut },
    { 4, { GS, 'V', 66, ANY }, feed_and_cut },
    { 8, { GS, 'v', '0', ANY, ANY, ANY, ANY, ANY }, begin_raster },
    { 11, { GS, '(', 'H', 6, 0, ANY, ANY, ANY, ANY, ANY, ANY }, answer_process_id },
    { 5, { GS, '(', ANY, ANY, ANY }, skip_settings },
    /* Real-time commands were executed when they arrived. */
    { 3, { DLE, 4, ANY }, ignore },
    { 3, { DLE, 5, ANY }, ignore },
    { 5, { DLE, 0x14, 1, ANY, ANY }, ignore },
    { 5, { DLE, 0x14, 2, ANY, ANY }, ignore },
    { 4, { DLE, 0x14, 7, ANY }, ignore },
    { 10, { DLE, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8 }, ignore },
    { 1, { '\n' }, print_line },
    { 1, { '\r' }, ignore },
    { 1, { 0 }, ignore },
};

static bool agrees(const struct model_printer *printer, const struct rule *rule)
{
    for (size_t i = 0; i < printer->command_size && i < (size_t)rule->size; i++) {
        if (rule->bytes[i] != ANY && rule->bytes[i] != printer->command[i])
            return false;
    }
    return printer->knows_process_id || rule->run != answer_process_id;
}

/* The first rule that what has come so far may still become. */
static const struct rule *find_rule(const struct model_printer *printer)
{
    for (size_t i = 0; i < ARRAY_SIZE(RULES); i++) {
        if (agrees(printer, &RULES[i]))
            return &RULES[i];
    }
    return NULL;
}

static void take_command_byte(struct model_printer *printer, uint8_t byte)
{
    printer->command[printer->command_size++] = byte;
    const struct rule *rule;
    while (printer->command_size > 0 && (rule = find_rule(printer)) == NULL) {
        printer->protocol_errors++;
        printer_paper_print_box(printer);
        memmove(printer->command, printer->command + 1, --printer->command_size);
    }
    if (printer->command_size == 0 || printer->command_size < (size_t)rule->size)
        return;
    rule->run(printer);
    printer->command_size = 0;
}

static void take_raster_byte(struct model_printer *printer, uint8_t byte)
{
    printer->row[printer->row_size++] = byte;
    if (printer->row_size < printer->raster_width)
        return;
    printer->row_size = 0;
    printer->raster_rows--;
    printer_paper_print_row(printer, printer->row, (size_t)printer->raster_width);
}

static void take_byte(struct model_printer *printer, uint8_t byte)
{
    if (printer->skip > 0)
        printer->skip--;
    else if (printer->raster_rows > 0)
        take_raster_byte(printer, byte);
    else
        take_command_byte(printer, byte);
}

static bool may_go_on(const struct model_printer *printer)
{
    return printer->usb.powered && !model_printer_is_offline(printer) &&
           usb_model_now(&printer->usb) + AHEAD_MS >= printer->busy_until_ms;
}

void printer_escpos_process(struct model_printer *printer)
{
    if (printer->cut_pending && may_go_on(printer)) {
        printer->cut_pending = false;
        printer_paper_cut(printer);
    }
    size_t used = 0;
    while (used < printer->input_size && may_go_on(printer))
        take_byte(printer, printer->input[used++]);
    printer->input_size -= used;
    memmove(printer->input, printer->input + used, printer->input_size);
}
