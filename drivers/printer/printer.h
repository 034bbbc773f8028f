/*
 * One receipt printer, whatever its maker. It prints whole bitmaps.
 *
 * A job is reported by what is known, never by what is hoped:
 *   SENT       all bytes are in the printer's memory (L0)
 *   PRINTED    the printer answered a fence placed after the paper was cut (.evidence says which)
 *   FAILED     nothing of it is on paper, or the printer threw the rest away; safe to print a copy
 *   UNKNOWN    something may be on paper; the driver has cleared or lost the printer's buffer
 * A stale job is never resumed: after a fault the driver clears the printer before it is READY
 * again.
 *
 * Threads:   functions: main loop only. The listener runs on the main loop.
 * Ownership: the bitmap is copied by print().
 */
#pragma once
#include "base/status.h"
#include "drivers/device.h"
#include <stdint.h>

/* 1 bit a dot, 1 = black, most significant bit left, rows of (width + 7) / 8 bytes. */
struct printer_bitmap {
    int width_dots;
    int height_dots;
    uint8_t *rows;
};

static inline size_t printer_bitmap_stride(const struct printer_bitmap *bitmap)
{
    return ((size_t)bitmap->width_dots + 7) / 8;
}

#define PRINTER_HEIGHT_DOTS_MAX                                                                    \
    12000 /* a metre and a half at 203 dpi; no receipt of ours is longer */

enum printer_event_kind {
    PRINTER_EVENT_STATUS, /* .status */
    PRINTER_EVENT_SENT,
    PRINTER_EVENT_PRINTED,
    PRINTER_EVENT_FAILED,
    PRINTER_EVENT_UNKNOWN,
};

enum printer_evidence {
    PRINTER_EVIDENCE_NONE,
    PRINTER_EVIDENCE_STATUS_BYTE, /* GS r answered in stream order: interpreted (L1) */
    PRINTER_EVIDENCE_PROCESS_ID,  /* GS ( H echo after the cut: printed (L2/L3) */
};

struct printer_event {
    enum printer_event_kind kind;
    struct device_status status;
    uint32_t job;
    enum printer_evidence evidence;
};

typedef void printer_listener(void *context, const struct printer_event *event);

struct printer;

/* All mandatory. */
struct printer_ops {
    enum status (*print)(struct printer *printer, uint32_t job,
                         const struct printer_bitmap *bitmap);
    void (*close)(struct printer *printer);
};

struct printer {
    const struct printer_ops *ops;
};

/*
 * Prints a bitmap and cuts. One job at a time; the printer must be READY or DEGRADED.
 *
 * Returns: STATUS_OK       taken; SENT and then PRINTED, FAILED or UNKNOWN follow with this number.
 *          STATUS_BUSY     another job is under way, or the device is not ready.
 *          STATUS_INVALID  size out of bounds.
 */
NODISCARD static inline enum status printer_print(struct printer *printer, uint32_t job,
                                                  const struct printer_bitmap *bitmap)
{
    return printer->ops->print(printer, job, bitmap);
}

static inline void printer_close(struct printer *printer)
{
    printer->ops->close(printer);
}
