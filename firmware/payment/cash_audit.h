/*
 * The acceptor's own lifetime counter against the books: a second witness that nobody at the kiosk
 * can talk to. Differences are entries for staff; they are never corrected silently.
 *
 * Kept as facts beside the journal: "acceptor.serial" and "acceptor.stacked" (the counter that the
 * books explain). A fact that is one note behind is made up for by the last note entry, which
 * carries the counter too.
 */
#pragma once
#include "drivers/cash_acceptor/cash_acceptor.h"
#include "payment/cash_note.h"
#include "store/journal.h"

/* The counter of the device with this serial number as the books explain it; -1 not known. */
int64_t cash_audit_expected(struct journal *journal, const char *serial,
                            const struct cash_note *last);

/* A note was booked and the counter is now thought to be stacked; a jump beyond expected + 1 is
 * reported. */
void cash_audit_count(struct journal *journal, int64_t expected, int64_t stacked);

/* Reports another device or another count than expected, once each, and takes it as the new base.
 * False: it is another device. */
bool cash_audit_compare(struct journal *journal, const struct device_status *status,
                        const struct cash_counters *counters, const struct cash_note *last);

/* False: another device than the books know; it is reported at once and taken as the new base. */
bool cash_audit_knows(struct journal *journal, const struct device_status *status,
                      const struct cash_counters *counters);

/* Appends box_event entries; returns how many of the first events are durable. */
int cash_audit_box(struct journal *journal, const enum cash_event_kind *events, int count);
