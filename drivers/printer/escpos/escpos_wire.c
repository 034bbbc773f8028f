#include "drivers/printer/escpos/escpos_wire.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

/* The white between two lines of text is fed, the white inside a line is not: each band is a start
 * of the head, and cheap printers show a seam where one begins in the middle of a letter. */
#define FEED_ROWS_MIN 4
#define FEED_ROWS_MAX 255
#define FEED_SIZE 3
#define BAND_HEADER_SIZE 8
#define FRAME_SIZE_MAX 64 /* everything of a job that is not picture */

/* ---- jobs ---- */

void escpos_process_id(uint32_t number, bool after_cut, uint8_t out[4])
{
    static const char DIGITS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    out[0] = after_cut ? 'Z' : 'A';
    for (int i = 3; i >= 1; i--) {
        out[i] = (uint8_t)DIGITS[number % 36];
        number /= 36;
    }
}

static bool is_blank_row(const struct printer_bitmap *bitmap, int row)
{
    size_t stride = printer_bitmap_stride(bitmap);
    const uint8_t *bytes = bitmap->rows + (size_t)row * stride;
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, stride - 1) == 0;
}

static int blank_rows_from(const struct printer_bitmap *bitmap, int row)
{
    int end = row;
    while (end < bitmap->height_dots && is_blank_row(bitmap, end))
        end++;
    return end - row;
}

size_t escpos_job_size_max(const struct printer_bitmap *bitmap)
{
    size_t height = (size_t)bitmap->height_dots;
    /* At worst every FEED_ROWS_MIN rows a feed and a new band. */
    size_t parts = height / FEED_ROWS_MIN + height / ESCPOS_BAND_ROWS + 2;
    return height * printer_bitmap_stride(bitmap) + parts * (BAND_HEADER_SIZE + FEED_SIZE) +
           FRAME_SIZE_MAX;
}

static bool is_realtime(const uint8_t *bytes)
{
    if (bytes[0] != 0x10)
        return false;
    switch (bytes[1]) {
    case 0x04:
        return bytes[2] >= 0x01 && bytes[2] <= 0x14;
    case 0x05:
        return bytes[2] <= 0x02;
    case 0x14:
        return (bytes[2] >= 0x01 && bytes[2] <= 0x03) || bytes[2] == 0x07 || bytes[2] == 0x08;
    }
    return false;
}

size_t escpos_break_realtime(uint8_t *data, size_t size)
{
    size_t broken = 0;
    for (size_t i = 0; i + 3 <= size; i++)
        if (is_realtime(data + i)) {
            /* The dot beside one that is already black; 18 begins no command and ends none. */
            data[i] = 0x18;
            broken++;
        }
    return broken;
}

static void write_feed(struct bytes_writer *writer, int rows)
{
    while (rows > 0) {
        int step = rows < FEED_ROWS_MAX ? rows : FEED_ROWS_MAX;
        const uint8_t feed[FEED_SIZE] = { 0x1B, 0x4A, (uint8_t)step };
        bytes_write_all(writer, feed, sizeof feed);
        rows -= step;
    }
}

/* A band may be narrower than the paper: what is blank to the right of its last dot is not sent. */
static size_t band_width(const struct printer_bitmap *bitmap, int row, int rows)
{
    size_t stride = printer_bitmap_stride(bitmap), width = 1;
    for (int i = row; i < row + rows; i++) {
        const uint8_t *bytes = bitmap->rows + (size_t)i * stride;
        size_t end = stride;
        while (end > width && bytes[end - 1] == 0)
            end--;
        width = end;
    }
    return width;
}

static void write_band(struct bytes_writer *writer, const struct printer_bitmap *bitmap, int row,
                       int rows)
{
    size_t stride = printer_bitmap_stride(bitmap), start = writer->offset;
    size_t width = band_width(bitmap, row, rows);
    const uint8_t header[] = { 0x1D, 0x76, 0x30, 0 };
    bytes_write_all(writer, header, sizeof header);
    bytes_write_u16le(writer, (uint16_t)width);
    bytes_write_u16le(writer, (uint16_t)rows);
    for (int i = row; i < row + rows; i++)
        bytes_write_all(writer, bitmap->rows + (size_t)i * stride, width);
    escpos_break_realtime(writer->data + start + BAND_HEADER_SIZE,
                          writer->offset - start - BAND_HEADER_SIZE);
}

/* A band ends at ESCPOS_BAND_ROWS or where a gap worth feeding begins. */
static int band_rows_from(const struct printer_bitmap *bitmap, int row, bool feed_blank_rows)
{
    int limit = bitmap->height_dots - row, rows = 0;
    if (limit > ESCPOS_BAND_ROWS)
        limit = ESCPOS_BAND_ROWS;
    while (rows < limit) {
        int blank = feed_blank_rows ? blank_rows_from(bitmap, row + rows) : 0;
        if (blank >= FEED_ROWS_MIN)
            return rows;
        rows += blank > 0 ? blank : 1;
    }
    return limit;
}

static void write_picture(struct bytes_writer *writer, const struct printer_bitmap *bitmap,
                          bool feed_blank_rows)
{
    for (int row = 0; row < bitmap->height_dots;) {
        int blank = feed_blank_rows ? blank_rows_from(bitmap, row) : 0;
        if (blank >= FEED_ROWS_MIN) {
            write_feed(writer, blank);
            row += blank;
            continue;
        }
        int rows = band_rows_from(bitmap, row, feed_blank_rows);
        write_band(writer, bitmap, row, rows);
        row += rows;
    }
}

static void write_process_id(struct bytes_writer *writer, uint32_t number, bool after_cut)
{
    const uint8_t command[] = { 0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30 };
    uint8_t id[4];
    escpos_process_id(number, after_cut, id);
    bytes_write_all(writer, command, sizeof command);
    bytes_write_all(writer, id, sizeof id);
}

size_t escpos_build_job(const struct printer_bitmap *bitmap,
                        const struct escpos_job_options *options, uint8_t *out)
{
    CHECK(bitmap->width_dots > 0 && bitmap->width_dots <= ESCPOS_WIDTH_DOTS_MAX);
    CHECK(bitmap->height_dots > 0 && bitmap->height_dots <= PRINTER_HEIGHT_DOTS_MAX);
    static const uint8_t INITIALISE[] = { 0x1B, 0x40, 0x1D, 0x61, 0x0F };
    /* ESC J counts motion units; 203 to the inch makes one unit one dot. */
    static const uint8_t UNITS[] = { 0x1D, 0x50, 203, 203 };
    static const uint8_t FEED_AND_CUT[] = { 0x1D, 0x56, 0x42, 0x00 };
    static const uint8_t TRANSMIT_STATUS[] = { 0x1D, 0x72, 0x01 };
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, escpos_job_size_max(bitmap));
    bytes_write_all(&writer, INITIALISE, sizeof INITIALISE);
    if (options->feed_blank_rows)
        bytes_write_all(&writer, UNITS, sizeof UNITS);
    write_picture(&writer, bitmap, options->feed_blank_rows);
    if (options->fence == ESCPOS_FENCE_PROCESS_ID)
        write_process_id(&writer, options->number, false);
    bytes_write_all(&writer, FEED_AND_CUT, sizeof FEED_AND_CUT);
    if (options->fence == ESCPOS_FENCE_PROCESS_ID)
        write_process_id(&writer, options->number, true);
    if (options->fence == ESCPOS_FENCE_STATUS_BYTE)
        bytes_write_all(&writer, TRANSMIT_STATUS, sizeof TRANSMIT_STATUS);
    CHECK(!writer.bad);
    return writer.offset;
}

/* Counted as write_picture writes, without writing. */
size_t escpos_job_size(const struct printer_bitmap *bitmap)
{
    size_t size = 5 + 4 + 4 + 2 * 11; /* initialise, units, cut, two process IDs */
    for (int row = 0; row < bitmap->height_dots;) {
        int blank = blank_rows_from(bitmap, row);
        if (blank >= FEED_ROWS_MIN) {
            size += (size_t)((blank + FEED_ROWS_MAX - 1) / FEED_ROWS_MAX) * FEED_SIZE;
            row += blank;
            continue;
        }
        int rows = band_rows_from(bitmap, row, true);
        size += BAND_HEADER_SIZE + (size_t)rows * band_width(bitmap, row, rows);
        row += rows;
    }
    return size;
}

/* ---- what the printer says ---- */

uint32_t escpos_asb_problems(const uint8_t asb[4])
{
    uint32_t problems = 0;
    if (asb[0] & 0x20)
        problems |= DEVICE_PROBLEM_COVER_OPEN;
    if (asb[1] & (0x04 | 0x20 | 0x40)) /* mechanical, unrecoverable, head too hot */
        problems |= DEVICE_PROBLEM_HARDWARE;
    if (asb[1] & 0x08) /* cutter */
        problems |= DEVICE_PROBLEM_HARDWARE | DEVICE_PROBLEM_JAM;
    if (asb[2] & 0x03)
        problems |= DEVICE_PROBLEM_PAPER_NEAR_END;
    if (asb[2] & 0x0C)
        problems |= DEVICE_PROBLEM_PAPER_OUT;
    /* Off-line with no cause given is a cause of its own: nothing would print. */
    if ((asb[0] & 0x08) && !(problems & ESCPOS_FATAL_PROBLEMS))
        problems |= DEVICE_PROBLEM_HARDWARE;
    return problems;
}

uint32_t escpos_port_problems(uint8_t port_status)
{
    uint32_t problems = 0;
    if (port_status & 0x20)
        problems |= DEVICE_PROBLEM_PAPER_OUT;
    if (!(port_status & 0x08))
        problems |= DEVICE_PROBLEM_HARDWARE;
    return problems;
}

void escpos_parser_init(struct escpos_parser *parser)
{
    memset(parser, 0, sizeof *parser);
}

static void begin_item(struct escpos_parser *parser, enum escpos_item_kind kind, uint8_t byte)
{
    parser->item.kind = kind;
    parser->item.size = 1;
    parser->item.bytes[0] = byte;
}

static bool is_block_head(uint8_t byte)
{
    return byte == 0x37 || byte == 0x5F || byte == 0x35 || byte == 0x3B || byte == 0x3D;
}

static bool feed_block(struct escpos_parser *parser, uint8_t byte)
{
    if (byte == 0) {
        parser->in_block = false;
        return !parser->overlong;
    }
    if (parser->item.size == ESCPOS_BLOCK_MAX)
        parser->overlong = true; /* swallowed up to its end, then dropped */
    else
        parser->item.bytes[parser->item.size++] = byte;
    return false;
}

static bool begin_byte(struct escpos_parser *parser, uint8_t byte)
{
    if (is_block_head(byte)) {
        begin_item(parser, ESCPOS_ITEM_BLOCK, byte);
        parser->in_block = true;
        parser->overlong = false;
        return false;
    }
    if ((byte & 0x93) == 0x10) {
        begin_item(parser, ESCPOS_ITEM_ASB, byte);
        parser->expected = 3;
        return false;
    }
    if ((byte & 0x93) == 0x12) {
        begin_item(parser, ESCPOS_ITEM_REALTIME, byte);
        return true;
    }
    if ((byte & 0x90) == 0x00) {
        begin_item(parser, ESCPOS_ITEM_BYTE, byte);
        return true;
    }
    return false; /* XON, XOFF or noise */
}

bool escpos_parser_feed(struct escpos_parser *parser, uint8_t byte)
{
    if (parser->in_block)
        return feed_block(parser, byte);
    if (parser->expected > 0 && (byte & 0x90) == 0x00) {
        parser->item.bytes[parser->item.size++] = byte;
        return --parser->expected == 0;
    }
    /* Not a second ASB byte after all: whatever it is begins here. */
    parser->expected = 0;
    return begin_byte(parser, byte);
}

bool escpos_is_process_id(const struct escpos_item *item, const uint8_t id[4])
{
    return item->kind == ESCPOS_ITEM_BLOCK && item->size == 6 && item->bytes[0] == 0x37 &&
           item->bytes[1] == 0x22 && memcmp(item->bytes + 2, id, 4) == 0;
}

bool escpos_is_clear_reply(const struct escpos_item *item)
{
    return item->kind == ESCPOS_ITEM_BLOCK && item->size == 2 && item->bytes[0] == 0x37 &&
           item->bytes[1] == 0x25;
}

/* ---- IEEE 1284 device ID ---- */

static bool has_name(const char *names, const char *key, size_t key_size)
{
    while (*names != '\0') {
        size_t size = strcspn(names, ",");
        if (size == key_size && memcmp(names, key, size) == 0)
            return true;
        names += size + (names[size] == ',');
    }
    return false;
}

static bool copy_value(const char *value, size_t size, char *out, size_t out_size)
{
    if (size >= out_size)
        size = out_size - 1;
    for (size_t i = 0; i < size; i++)
        out[i] = value[i] >= 0x20 && value[i] < 0x7F ? value[i] : '?';
    out[size] = '\0';
    return true;
}

bool escpos_device_id_value(const uint8_t *data, size_t size, const char *names, char *out,
                            size_t out_size)
{
    out[0] = '\0';
    if (size < 2)
        return false;
    size_t length = (size_t)data[0] << 8 | data[1];
    const char *at = (const char *)data + 2, *end = (const char *)data;
    end += length < size ? length : size;
    while (at < end) {
        const char *stop = memchr(at, ';', (size_t)(end - at));
        stop = stop != NULL ? stop : end;
        const char *colon = memchr(at, ':', (size_t)(stop - at));
        if (colon != NULL && has_name(names, at, (size_t)(colon - at)))
            return copy_value(colon + 1, (size_t)(stop - colon - 1), out, out_size);
        at = stop + 1;
    }
    return false;
}
