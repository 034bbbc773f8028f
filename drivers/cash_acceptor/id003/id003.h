/*
 * JCM acceptors, and those that speak like them, with ID-003 behind a USB serial bridge (see
 * PROTOCOL.md).
 */
#pragma once
#include "drivers/cash_acceptor/cash_acceptor.h"

/* Starts the I/O thread. NULL only when out of memory or threads. */
struct cash_acceptor *id003_open(const struct device_match *match, struct queue *queue,
                                 cash_acceptor_listener *listener, void *context);
