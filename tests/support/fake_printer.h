/*
 * A receipt printer without a device: it keeps the last bitmap's size and says what it is told to
 * say. Not simulated: paper, time, the buffer.
 */
#pragma once
#include <stdbool.h>

#include "drivers/printer/printer.h"

struct fake_printer {
    struct printer printer; /* first: usable as a struct printer */
    printer_listener *listener;
    void *context;
    enum device_state state;
    bool has_job;
    uint32_t job;
    int job_count;   /* taken so far */
    int black_count; /* dots of the last job */
};

void fake_printer_init(struct fake_printer *fake, printer_listener *listener, void *context);
void fake_printer_say(struct fake_printer *fake, enum device_state state);

/* Ends the job under way: PRINTER_EVENT_PRINTED, _FAILED or _UNKNOWN. Without a job nothing. */
void fake_printer_finish(struct fake_printer *fake, enum printer_event_kind result);
