/*
 * What the driver's files share: escpos.c (class and thread), escpos_talk.c (asking, clearing,
 * probing), escpos_job.c (one receipt).
 */
#pragma once
#include "drivers/mailbox.h"
#include "drivers/printer/escpos/escpos.h"
#include "drivers/printer/escpos/escpos_wire.h"
#include "drivers/usb/usb.h"
#include <pthread.h>

#define ESCPOS_PIECE_SIZE 4096 /* of an OUT transfer: a finer cancel */
#define ESCPOS_COMMAND_TIMEOUT_MS 1000

struct escpos_print_job {
    uint32_t number;
    uint8_t *data; /* NULL: no job */
    size_t size;
    int height_dots;
};

/* What has come in, set by the parser, cleared by whoever is about to ask. */
struct escpos_heard {
    bool asb, clear_reply, byte, id_before_cut, id_after_cut;
    bool text_heard;
    char text[DEVICE_MODEL_SIZE]; /* of GS I */
};

struct escpos {
    struct printer printer; /* first: the class */
    struct usb_port *port;
    struct mailbox *mailbox;
    printer_listener *listener;
    void *context;
    pthread_t thread;
    int width_dots;
    bool feed_blank_rows;

    pthread_mutex_t lock;
    bool closing;                    /* guarded by lock */
    bool accepting;                  /* guarded by lock */
    enum escpos_fence fence;         /* guarded by lock */
    struct escpos_print_job waiting; /* guarded by lock */

    /* The thread's own from here on. */
    struct device_status status;
    struct escpos_parser parser;
    struct escpos_heard heard;
    uint8_t id_before_cut[4], id_after_cut[4];
    uint32_t problems;
    bool probed, needs_clear, needs_cut;
    int64_t backoff_ms;
};

/* How a job ended: an event of the class. */
struct escpos_outcome {
    enum printer_event_kind kind; /* PRINTED, FAILED or UNKNOWN */
    enum printer_evidence evidence;
};

/* ---- escpos.c ---- */

void escpos_post_job(struct escpos *escpos, enum printer_event_kind kind, uint32_t job,
                     enum printer_evidence evidence);

/* STATUS_OK as long as there is a printer and a reason to talk to it. */
NODISCARD enum status escpos_check_link(struct escpos *escpos);

/* ---- escpos_talk.c ---- */

/* Takes in what the printer has said. */
void escpos_listen(struct escpos *escpos);

/*
 * Waits until *flag is heard.
 *
 * Returns: STATUS_OK, STATUS_TIMEOUT, STATUS_DISCONNECTED, STATUS_CANCELLED,
 *          STATUS_BUSY on a fault, unless it is to be waited out.
 */
NODISCARD enum status escpos_wait_until_heard(struct escpos *escpos, const bool *flag,
                                              int64_t timeout_ms, bool despite_faults);

/* The only question a printer with a blocked OUT pipe can still answer. */
void escpos_ask_port_status(struct escpos *escpos);

/*
 * Empties the printer's buffers, also from within an unfinished picture. A printer that does not
 * know DLE DC4 8 takes it for dots; then enough zeros end the picture it is waiting for.
 *
 * Returns: STATUS_OK when confirmed, STATUS_UNSUPPORTED when done but not confirmed, or why not.
 */
NODISCARD enum status escpos_clear_buffers(struct escpos *escpos);

/* The first words after connecting. */
NODISCARD enum status escpos_greet(struct escpos *escpos);

bool escpos_needs_work(const struct escpos *escpos);

/* Everything between a fault (or the start) and READY. STATUS_BUSY: a fault came up meanwhile. */
NODISCARD enum status escpos_make_ready(struct escpos *escpos);

void escpos_expect_process_id(struct escpos *escpos, uint32_t number);

/* ---- escpos_job.c ---- */

/* STATUS_OK, or why the session with the printer must begin anew; outcome is set either way. */
NODISCARD enum status escpos_run_job(struct escpos *escpos, const struct escpos_print_job *job,
                                     struct escpos_outcome *outcome);
