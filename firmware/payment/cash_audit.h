/*
 * The acceptor's serial number, data set and lifetime counters against the books: a second witness
 * that nobody at the kiosk can talk to. Differences are entries for staff, each of a kind of its
 * own with what was expected and what was found; they are never corrected silently. What to do
 * about each is in cash_remedy.h.
 *
 * Kept as facts beside the journal: "acceptor.serial", "acceptor.dataset", "acceptor.stacked" (the
 * counter that the books explain), "acceptor.others" and "acceptor.box". A fact that is one note
 * behind is made up for by the last note entry, which carries the counter too.
 */
#pragma once
#include "drivers/cash_acceptor/cash_acceptor.h"
#include "payment/cash_note.h"
#include "store/journal.h"

/* "500 1000 2000": what each channel is worth in fen, in their order. */
#define CASH_DATASET_SIZE 176

/* What a device says of itself. */
struct cash_witness {
    char serial[DEVICE_SERIAL_SIZE]; /* empty: not known */
    char dataset[CASH_DATASET_SIZE]; /* empty: not known */
    struct cash_counters counters;
};

/* Writes the channels of a status as text. */
void cash_audit_write_dataset(const struct cash_acceptor_event *event, char out[CASH_DATASET_SIZE]);

/* The counter of the device with this serial number as the books explain it; -1 not known. */
int64_t cash_audit_expected(struct journal *journal, const char *serial,
                            const struct cash_note *last);

/* A note was booked and the counter is now thought to be stacked; a jump beyond expected + 1 is
 * reported. *last is that note. */
void cash_audit_count(struct journal *journal, const struct cash_note *last, int64_t expected,
                      int64_t stacked);

/* Reports another device, data set or count than expected, once each, and takes it as the new base.
 * False: it is another device, or the same with another data set. */
bool cash_audit_compare(struct journal *journal, const struct cash_witness *witness,
                        const struct cash_note *last);

/* The same without the counters. */
bool cash_audit_knows(struct journal *journal, const struct cash_witness *witness,
                      const struct cash_note *last);

/* Appends box_event entries; returns how many of the first events are durable. A box that the books
 * know to be out is not taken out again. */
int cash_audit_box(struct journal *journal, const enum cash_event_kind *events, int count);

/* The books have the box out although the device has it: it was put back while nobody watched. */
void cash_audit_meet_box(struct journal *journal);
