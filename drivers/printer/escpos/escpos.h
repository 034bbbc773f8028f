/*
 * ESC/POS receipt printers of USB printer class (07/01), whole receipts as raster bands.
 */
#pragma once
#include "drivers/printer/printer.h"

/* Starts the I/O thread. NULL only when out of memory or threads. */
struct printer *escpos_open(const struct device_match *match, struct queue *queue,
                            printer_listener *listener, void *context);
