/*
 * A receipt printer of USB printer class (07/01/02) speaking ESC/POS, 203 dpi, with cutter.
 *
 * Bytes wait in a 4 KiB buffer and are interpreted at the speed of the paper; a full buffer NAKs.
 * Real-time commands are executed when they arrive, also when they are really pixels. The cutter
 * sits some rows above the print line, so a cut without feeding leaves the last rows for the next
 * strip.
 *
 * Strict: whatever is not a command this printer knows is printed as a hatched box and counted.
 * Not modelled: text (boxes instead), bar codes, page mode, presenter, double-size raster.
 */
#pragma once
#include "tools/simulator/usb_model.h"

#define PRINTER_INPUT_SIZE 4096
#define PRINTER_STATUS_SIZE 128 /* status bytes the host did not read beyond this are lost */
#define PRINTER_CUTTER_ROWS 100 /* from the print line up to the blade */
#define PRINTER_STRIP_ROWS_MAX 40000
#define PRINTER_RECEIPTS_MAX 1000
#define PRINTER_ROWS_PER_MM 8
#define PRINTER_ROLL_MM 60000
#define PRINTER_NEAR_END_MM 4000

/* Paper hanging out of the printer: rows of width_dots / 8 bytes, most significant bit left. */
struct paper_strip {
    int width_dots;
    int height_rows;
    int capacity_rows;
    uint8_t *rows;
};

enum strip_end {
    STRIP_CUT,
    STRIP_ROLL_END
};

struct printed_receipt {
    int number; /* 1.. */
    int height_rows;
    enum strip_end end;
};

enum printer_fault {
    PRINTER_FAULT_NONE,
    PRINTER_FAULT_CUTTER,  /* once: the next cut blocks */
    PRINTER_FAULT_GARBAGE, /* once: noise instead of the next status */
    PRINTER_FAULT_HOT,     /* until cleared: head too hot, printing pauses */
    PRINTER_FAULT_SILENT,  /* until cleared: no status bytes */
    PRINTER_FAULT_BROKEN,  /* until cleared: unrecoverable error */
};
#define PRINTER_FAULT_COUNT 6

typedef void printer_on_receipt(void *context, const struct paper_strip *strip,
                                const struct printed_receipt *receipt);

struct model_printer {
    struct usb_model usb;
    printer_on_receipt *on_receipt; /* may be NULL */
    void *on_receipt_context;

    uint8_t input[PRINTER_INPUT_SIZE];
    size_t input_size;
    struct usb_pipe status;
    uint8_t recent[10]; /* the last bytes that arrived, newest last: for real-time commands */

    uint8_t command[16]; /* the one being collected */
    size_t command_size;
    size_t skip;                   /* parameter bytes of no interest still to come */
    int raster_width, raster_rows; /* bytes a row; rows still to come, 0: not in a raster */
    uint8_t row[PRINTER_INPUT_SIZE];
    int row_size;
    int text_column; /* boxes on the line being composed */
    uint8_t line_spacing;
    bool cut_pending; /* blocked in the cutter */
    int64_t busy_until_ms;
    int64_t busy_rest_us; /* paper movement not yet turned into milliseconds */

    uint8_t asb_mask;
    uint8_t asb[4]; /* as last told */
    bool cover_open, cutter_error, knows_process_id;
    int64_t paper_rows; /* left on the roll */
    enum printer_fault fault;

    struct paper_strip strip;
    struct printed_receipt receipts[PRINTER_RECEIPTS_MAX];
    int receipt_count;
    int cuts, protocol_errors;
};

/* width_dots is 576 or 384. */
void model_printer_init(struct model_printer *printer, const struct clock *clock, int time_percent,
                        int width_dots);
void model_printer_deinit(struct model_printer *printer);

void model_printer_set_power(struct model_printer *printer, bool on);
void model_printer_set_paper_mm(struct model_printer *printer, int64_t left_mm);
/* Somebody frees the blade by hand. */
void model_printer_free_cutter(struct model_printer *printer);

bool model_printer_is_offline(const struct model_printer *printer);
bool model_printer_is_busy(const struct model_printer *printer);

const char *printer_fault_name(enum printer_fault fault);
bool printer_fault_parse(const char *name, enum printer_fault *out);

/* Between the parts of the model: printer_escpos.c, printer_paper.c, printer_status.c. */

/* Interprets what is buffered as far as time, paper and errors allow. */
void printer_escpos_process(struct model_printer *printer);
/* Forgets what is buffered and half interpreted. */
void printer_escpos_clear(struct model_printer *printer);
/* The values after power-up or ESC @. */
void printer_escpos_init(struct model_printer *printer);

/* One row of dots; size bytes, the rest white, what is wider is lost. False: no paper. */
bool printer_paper_print_row(struct model_printer *printer, const uint8_t *dots, size_t size);
void printer_paper_feed(struct model_printer *printer, int rows);
/* A hatched box where a character would be. */
void printer_paper_print_box(struct model_printer *printer);
/* Ends a line of boxes, if one was begun. */
void printer_paper_end_line(struct model_printer *printer);
void printer_paper_cut(struct model_printer *printer);
void printer_paper_end_strip(struct model_printer *printer, int rows, enum strip_end end);

/* Queues bytes for the host, if it still has room for them. */
void printer_status_send(struct model_printer *printer, const void *data, size_t size);
/* Tells changes to a host that asked for them (GS a). */
void printer_status_update(struct model_printer *printer);
void printer_status_set_asb(struct model_printer *printer, uint8_t mask);
/* DLE EOT n, GS r 1, GS I n, GET_PORT_STATUS. */
void printer_status_send_realtime(struct model_printer *printer, uint8_t n);
void printer_status_send_paper(struct model_printer *printer);
void printer_status_send_identity(struct model_printer *printer, uint8_t n);
uint8_t printer_status_port(const struct model_printer *printer);
