#include "base/check.h"
#include "tools/simulator/model_printer.h"
#include <stdlib.h>
#include <string.h>

/* 200 mm/s at 8 rows/mm. */
enum {
    ROW_US = 625,
    CUT_MS = 300,
    BOX_WIDTH_BYTES = 2,
    BOX_ROWS = 24
};

static size_t stride(const struct paper_strip *strip)
{
    return (size_t)strip->width_dots / 8;
}

static void take_time(struct model_printer *printer, int64_t us)
{
    printer->busy_rest_us += us * printer->usb.time_percent / 100;
    int64_t now_ms = usb_model_now(&printer->usb);
    if (printer->busy_until_ms < now_ms)
        printer->busy_until_ms = now_ms;
    printer->busy_until_ms += printer->busy_rest_us / 1000;
    printer->busy_rest_us %= 1000;
}

static uint8_t *add_row(struct paper_strip *strip)
{
    if (strip->height_rows == strip->capacity_rows) {
        int capacity = strip->capacity_rows == 0 ? 512 : strip->capacity_rows * 2;
        strip->rows = realloc(strip->rows, (size_t)capacity * stride(strip));
        CHECK(strip->rows != NULL);
        strip->capacity_rows = capacity;
    }
    uint8_t *row = strip->rows + (size_t)strip->height_rows * stride(strip);
    strip->height_rows++;
    memset(row, 0, stride(strip));
    return row;
}

bool printer_paper_print_row(struct model_printer *printer, const uint8_t *dots, size_t size)
{
    struct paper_strip *strip = &printer->strip;
    if (printer->paper_rows <= 0)
        return false;
    if (strip->height_rows == PRINTER_STRIP_ROWS_MAX)
        printer_paper_end_strip(printer, strip->height_rows, STRIP_CUT);
    uint8_t *row = add_row(strip);
    if (size > 0)
        memcpy(row, dots, size < stride(strip) ? size : stride(strip));
    take_time(printer, ROW_US);
    if (--printer->paper_rows == 0)
        printer_paper_end_strip(printer, strip->height_rows, STRIP_ROLL_END);
    return true;
}

void printer_paper_feed(struct model_printer *printer, int rows)
{
    for (int i = 0; i < rows; i++) {
        if (!printer_paper_print_row(printer, NULL, 0))
            return;
    }
}

/* The line of boxes is printed at once when it ends or is full. */
void printer_paper_print_box(struct model_printer *printer)
{
    printer->text_column++;
    if ((size_t)printer->text_column * BOX_WIDTH_BYTES >= stride(&printer->strip))
        printer_paper_end_line(printer);
}

void printer_paper_end_line(struct model_printer *printer)
{
    uint8_t row[PRINTER_INPUT_SIZE / 8];
    int boxes = printer->text_column;
    printer->text_column = 0;
    for (int y = 0; boxes > 0 && y < BOX_ROWS; y++) {
        bool edge = y < 2 || y >= BOX_ROWS - 2;
        memset(row, 0, sizeof row);
        uint8_t hatch = (uint8_t)(0x11 << (y & 3));
        for (int i = 0; i < boxes; i++) {
            row[i * 2] = edge ? 0x7F : (uint8_t)(0x60 | hatch);
            row[i * 2 + 1] = edge ? 0xFC : (uint8_t)(0x0C | hatch);
        }
        if (!printer_paper_print_row(printer, row, (size_t)boxes * BOX_WIDTH_BYTES))
            return;
    }
}

void printer_paper_end_strip(struct model_printer *printer, int rows, enum strip_end end)
{
    struct paper_strip *strip = &printer->strip;
    struct paper_strip whole = *strip;
    whole.height_rows = rows;
    if (rows > 0 && printer->receipt_count < PRINTER_RECEIPTS_MAX) {
        struct printed_receipt *receipt = &printer->receipts[printer->receipt_count++];
        *receipt = (struct printed_receipt){ .number = printer->receipt_count,
                                             .height_rows = rows,
                                             .end = end };
        if (printer->on_receipt != NULL)
            printer->on_receipt(printer->on_receipt_context, &whole, receipt);
    }
    strip->height_rows -= rows;
    if (strip->height_rows > 0)
        memmove(strip->rows, strip->rows + (size_t)rows * stride(strip),
                (size_t)strip->height_rows * stride(strip));
}

void printer_paper_cut(struct model_printer *printer)
{
    if (printer->fault == PRINTER_FAULT_CUTTER) {
        printer->fault = PRINTER_FAULT_NONE;
        printer->cutter_error = true;
        printer->cut_pending = true;
        return;
    }
    /* The last rows have not reached the blade: they become the head of the next strip. */
    int rows = printer->strip.height_rows - PRINTER_CUTTER_ROWS;
    printer->cuts++;
    take_time(printer, CUT_MS * 1000);
    if (rows > 0)
        printer_paper_end_strip(printer, rows, STRIP_CUT);
}
