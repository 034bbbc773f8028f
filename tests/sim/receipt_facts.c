/*
 * A receipt that is not drawn: its bitmap holds the facts themselves, so that the simulated printer
 * can read what it prints. It stands in for firmware/receipt/receipt_layout.c, whose pictures have
 * tests of their own; everything that decides whether, when and what is printed is the product's.
 */
#include "receipt/receipt.h"
#include "sim/printer.h"

#include <stdlib.h>
#include <string.h>

static enum status compose(const struct receipt_facts *facts, int width_dots,
                           struct printer_bitmap *out)
{
    *out = (struct printer_bitmap){ .width_dots = width_dots };
    size_t stride = printer_bitmap_stride(out);
    out->height_dots = (int)((sizeof *facts + stride - 1) / stride);
    out->rows = calloc((size_t)out->height_dots, stride);
    if (out->rows == NULL)
        return STATUS_FULL;
    memcpy(out->rows, facts, sizeof *facts);
    return STATUS_OK;
}

enum status receipt_render(const struct receipt_facts *facts, int width_dots, const char *font_path,
                           struct printer_bitmap *out)
{
    (void)font_path;
    return compose(facts, width_dots, out);
}

enum status receipt_render_with(const struct receipt_facts *facts, int width_dots,
                                struct font *font, struct printer_bitmap *out)
{
    (void)font;
    return compose(facts, width_dots, out);
}

void receipt_bitmap_free(struct printer_bitmap *bitmap)
{
    free(bitmap->rows);
    *bitmap = (struct printer_bitmap){ 0 };
}

bool receipt_facts_read(const struct printer_bitmap *bitmap, struct receipt_facts *out)
{
    if (printer_bitmap_stride(bitmap) * (size_t)bitmap->height_dots < sizeof *out)
        return false;
    memcpy(out, bitmap->rows, sizeof *out);
    return true;
}
