/*
 * What the two files of the driver share: ccid.c (the thread and its life), ccid_card.c (one card).
 */
#pragma once
#include "drivers/contact_reader/ccid/ccid.h"
#include "drivers/contact_reader/ccid/ccid_slot.h"
#include "drivers/mailbox.h"
#include <pthread.h>

struct ccid {
    struct contact_reader reader; /* first: the class */
    struct usb_port *port;
    struct mailbox *mailbox;
    contact_reader_listener *listener;
    void *context;
    struct card_authority *authority;
    struct device_match match;
    pthread_t thread;

    pthread_mutex_t lock;
    bool closing, wanted; /* guarded by lock */
    bool fresh;           /* guarded by lock: reading was just asked for */

    /* The thread's own from here on. */
    struct device_status status;
    int64_t backoff_ms, alive_at_ms;
    struct ccid_link link;
    struct ccid_slot card, sam;
    bool has_sam;      /* powered and ready */
    bool card_is_done; /* reported, read or not; waits for its removal */
};

/* How a reading ended, after the driver's own tries. */
struct ccid_reading {
    bool is_read, is_refused; /* neither: nobody waits for it any more */
    enum contact_reader_reason reason;
    struct social_card card;
};

/* True until the reading is no longer wanted. */
bool ccid_is_wanted(struct ccid *ccid);

/*
 * Powers the card, reads it, takes the power away; again where that may help.
 *
 * Returns: STATUS_OK with *out; otherwise the reader itself failed: STATUS_IO, STATUS_DISCONNECTED,
 *          STATUS_CANCELLED.
 */
NODISCARD enum status ccid_read_card(struct ccid *ccid, struct ccid_reading *out);
