/*
 * SAM_V readers of second-generation ID cards over USB, both framings (see PROTOCOL.md).
 */
#pragma once
#include "drivers/id_reader/id_reader.h"

/* Starts the I/O thread. match, queue and listener must outlive close. NULL only when out of memory
 * or threads. */
struct id_reader *sam_open(const struct device_match *match, struct queue *queue,
                           id_reader_listener *listener, void *context);
