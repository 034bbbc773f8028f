/*
 * The bytes of ESC/POS that a kiosk needs: a bitmap to a job, and the printer's bytes to facts.
 * Pure: no I/O, no time.
 *
 * Bounds: a job never exceeds escpos_job_size_max(); a text block from the printer
 *         ESCPOS_BLOCK_MAX bytes.
 */
#pragma once
#include "base/status.h"
#include "drivers/printer/printer.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ESCPOS_BAND_ROWS 128 /* Epson recommends 120–400; clones with 4 KB buffers take it */
#define ESCPOS_WIDTH_DOTS_MAX 832
#define ESCPOS_BAND_SIZE_MAX (8 + ESCPOS_BAND_ROWS * ESCPOS_WIDTH_DOTS_MAX / 8)
#define ESCPOS_BLOCK_MAX 80

/* ---- jobs ---- */

enum escpos_fence {
    ESCPOS_FENCE_NONE,
    ESCPOS_FENCE_STATUS_BYTE, /* GS r after the cut */
    ESCPOS_FENCE_PROCESS_ID,  /* GS ( H before and after the cut */
};

struct escpos_job_options {
    enum escpos_fence fence;
    uint32_t number;      /* of the two process IDs */
    bool feed_blank_rows; /* ESC J instead of white rows; some clones ignore it */
};

/* Four printable bytes; the one before the cut and the one after differ. */
void escpos_process_id(uint32_t number, bool after_cut, uint8_t out[4]);

/* Enough for any job of this bitmap. */
size_t escpos_job_size_max(const struct printer_bitmap *bitmap);

/* What a job of this bitmap takes with the options of a printer that can everything. */
size_t escpos_job_size(const struct printer_bitmap *bitmap);

/*
 * Initialise, bands, cut, fence. Returns the size; out must hold escpos_job_size_max().
 *
 * Requires: 0 < width <= ESCPOS_WIDTH_DOTS_MAX, 0 < height <= PRINTER_HEIGHT_DOTS_MAX.
 */
size_t escpos_build_job(const struct printer_bitmap *bitmap,
                        const struct escpos_job_options *options, uint8_t *out);

/*
 * Printers obey real-time commands (DLE EOT, DLE ENQ, DLE DC4) even in the middle of a picture;
 * "10 05 02" would throw the receipt away. Adds one dot to each such place. Returns how many.
 */
size_t escpos_break_realtime(uint8_t *data, size_t size);

/* ---- what the printer says ---- */

/* With one of these nothing prints. */
#define ESCPOS_FATAL_PROBLEMS                                                                      \
    (DEVICE_PROBLEM_PAPER_OUT | DEVICE_PROBLEM_COVER_OPEN | DEVICE_PROBLEM_HARDWARE |              \
     DEVICE_PROBLEM_JAM)

/* enum device_problem bits out of a whole ASB, a GET_PORT_STATUS byte. */
uint32_t escpos_asb_problems(const uint8_t asb[4]);
uint32_t escpos_port_problems(uint8_t port_status);

enum escpos_item_kind {
    ESCPOS_ITEM_ASB,      /* .bytes[0..3] */
    ESCPOS_ITEM_REALTIME, /* .bytes[0]: DLE EOT */
    ESCPOS_ITEM_BYTE,     /* .bytes[0]: GS r or a one-byte GS I */
    ESCPOS_ITEM_BLOCK, /* .bytes[0] its kind (37, 5F …), then the content without the final NUL */
};

struct escpos_item {
    enum escpos_item_kind kind;
    size_t size;
    uint8_t bytes[ESCPOS_BLOCK_MAX];
};

/* Splits the printer's bytes by their fixed bits (Epson, TM-T88III specification, appendix G). */
struct escpos_parser {
    struct escpos_item item;
    size_t expected; /* ASB bytes still to come */
    bool in_block, overlong;
};

void escpos_parser_init(struct escpos_parser *parser);

/* True when parser->item is complete. Bytes that fit nothing are dropped. */
bool escpos_parser_feed(struct escpos_parser *parser, uint8_t byte);

/* The reply to GS ( H for this ID: 37 22 d1..d4. */
bool escpos_is_process_id(const struct escpos_item *item, const uint8_t id[4]);

/* The reply to DLE DC4 8: 37 25. */
bool escpos_is_clear_reply(const struct escpos_item *item);

/* ---- IEEE 1284 device ID ---- */

/* The value of one of the comma-separated names ("MDL,MODEL") in "KEY:value;KEY:value;". data
 * begins with its two length bytes. False if it is not there. */
bool escpos_device_id_value(const uint8_t *data, size_t size, const char *names, char *out,
                            size_t out_size);
