#include "drivers/printer/escpos/escpos.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "drivers/printer/escpos/escpos_internal.h"

#define BACKOFF_MS_MIN 1000
#define BACKOFF_MS_MAX 30000
#define WIDTH_DOTS 576 /* 80 mm paper at 203 dpi */

/* ---- events ---- */

static void deliver(void *owner, const void *event)
{
    struct escpos *escpos = owner;
    escpos->listener(escpos->context, event);
}

static void set_state(struct escpos *escpos, enum device_state state, uint32_t problems)
{
    bool accepting = state == DEVICE_READY || state == DEVICE_DEGRADED;
    pthread_mutex_lock(&escpos->lock);
    escpos->accepting = accepting;
    pthread_mutex_unlock(&escpos->lock);
    if (escpos->status.state == state && escpos->status.problems == problems)
        return;
    escpos->status.state = state;
    escpos->status.problems = problems;
    log_info("printer", "state", "%s, problems %#x", device_state_name(state), problems);
    struct printer_event event = { .kind = PRINTER_EVENT_STATUS, .status = escpos->status };
    mailbox_put(escpos->mailbox, &event);
}

void escpos_post_job(struct escpos *escpos, enum printer_event_kind kind, uint32_t job,
                     enum printer_evidence evidence)
{
    struct printer_event event = {
        .kind = kind, .status = escpos->status, .job = job, .evidence = evidence
    };
    log_info("printer", "job", "%u: event %d, evidence %d", job, (int)kind, (int)evidence);
    mailbox_put(escpos->mailbox, &event);
}

static bool is_closing(struct escpos *escpos)
{
    pthread_mutex_lock(&escpos->lock);
    bool closing = escpos->closing;
    pthread_mutex_unlock(&escpos->lock);
    return closing;
}

enum status escpos_check_link(struct escpos *escpos)
{
    if (is_closing(escpos))
        return STATUS_CANCELLED;
    if (usb_port_is_gone(escpos->port))
        return STATUS_DISCONNECTED;
    return usb_port_is_deaf(escpos->port) ? STATUS_IO : STATUS_OK;
}

/* ---- the thread ---- */

static void derive_state(struct escpos *escpos)
{
    uint32_t problems = escpos->problems;
    if (problems & ESCPOS_FATAL_PROBLEMS)
        set_state(escpos, DEVICE_FAULT, problems);
    else if (escpos_needs_work(escpos))
        set_state(escpos, DEVICE_STARTING, problems);
    else
        set_state(escpos, problems != 0 ? DEVICE_DEGRADED : DEVICE_READY, problems);
}

static void drop_job(struct escpos_print_job *job)
{
    if (job->data != NULL)
        bytes_wipe(job->data, job->size);
    free(job->data);
    *job = (struct escpos_print_job){ 0 };
}

static struct escpos_print_job take_job(struct escpos *escpos)
{
    pthread_mutex_lock(&escpos->lock);
    struct escpos_print_job job = escpos->waiting;
    escpos->waiting = (struct escpos_print_job){ 0 };
    pthread_mutex_unlock(&escpos->lock);
    return job;
}

/* The state goes out before the outcome, so that a listener may print again at once. */
static enum status serve_job(struct escpos *escpos)
{
    struct escpos_print_job job = take_job(escpos);
    if (job.data == NULL)
        return STATUS_OK;
    enum status status = STATUS_OK;
    struct escpos_outcome outcome = { .kind = PRINTER_EVENT_FAILED };
    if (!(escpos->problems & ESCPOS_FATAL_PROBLEMS))
        status = escpos_run_job(escpos, &job, &outcome);
    if (status == STATUS_OK)
        derive_state(escpos);
    escpos_post_job(escpos, outcome.kind, job.number, outcome.evidence);
    drop_job(&job);
    return status;
}

static enum status serve_round(struct escpos *escpos)
{
    escpos_listen(escpos);
    enum status status = serve_job(escpos);
    if (status != STATUS_OK)
        return status;
    derive_state(escpos);
    if (escpos->status.state == DEVICE_STARTING) {
        status = escpos_make_ready(escpos);
        if (status != STATUS_OK && status != STATUS_BUSY)
            return status;
        derive_state(escpos);
    }
    return STATUS_OK;
}

static enum status serve(struct escpos *escpos)
{
    for (;;) {
        enum status status = escpos_check_link(escpos);
        if (status == STATUS_OK)
            status = serve_round(escpos);
        if (status != STATUS_OK)
            return status;
        escpos->backoff_ms = BACKOFF_MS_MIN;
        usb_port_wait(escpos->port, USB_FOREVER);
    }
}

static enum status run_once(struct escpos *escpos)
{
    enum status status = usb_port_connect(escpos->port);
    if (status != STATUS_OK)
        return status;
    set_state(escpos, DEVICE_STARTING, 0);
    status = escpos_greet(escpos);
    if (status == STATUS_OK)
        status = serve(escpos);
    if (usb_port_is_gone(escpos->port) && status != STATUS_CANCELLED)
        status = STATUS_DISCONNECTED;
    usb_port_disconnect(escpos->port);
    return status;
}

static uint32_t problem_of(enum status status)
{
    if (status == STATUS_UNSUPPORTED)
        return DEVICE_PROBLEM_UNSUPPORTED;
    return status == STATUS_DENIED ? DEVICE_PROBLEM_AUTHORISATION : DEVICE_PROBLEM_COMMUNICATION;
}

/* A job taken in the last moment before the printer left. */
static void fail_waiting_job(struct escpos *escpos)
{
    struct escpos_print_job job = take_job(escpos);
    if (job.data != NULL)
        escpos_post_job(escpos, PRINTER_EVENT_FAILED, job.number, PRINTER_EVIDENCE_NONE);
    drop_job(&job);
}

static void wait_for_next_run(struct escpos *escpos, enum status status)
{
    if (status == STATUS_NOT_FOUND || status == STATUS_DISCONNECTED) {
        set_state(escpos, DEVICE_ABSENT, 0);
        fail_waiting_job(escpos);
        usb_port_wait(escpos->port, USB_FOREVER);
        return;
    }
    uint32_t fatal = escpos->problems & ESCPOS_FATAL_PROBLEMS;
    log_warning("printer", "fault", "%s", status_name(status));
    set_state(escpos, DEVICE_FAULT, fatal != 0 ? fatal : problem_of(status));
    fail_waiting_job(escpos);
    usb_port_wait(escpos->port, escpos->backoff_ms);
    escpos->backoff_ms =
        escpos->backoff_ms * 2 < BACKOFF_MS_MAX ? escpos->backoff_ms * 2 : BACKOFF_MS_MAX;
}

static void *run(void *argument)
{
    struct escpos *escpos = argument;
    struct printer_event first = { .kind = PRINTER_EVENT_STATUS, .status = escpos->status };
    mailbox_put(escpos->mailbox, &first);
    for (;;) {
        enum status status = run_once(escpos);
        if (is_closing(escpos))
            return NULL;
        wait_for_next_run(escpos, status);
    }
}

/* ---- the class; main loop ---- */

static enum status make_job(const struct escpos *escpos, const struct printer_bitmap *bitmap,
                            const struct escpos_job_options *options, struct escpos_print_job *out)
{
    if (bitmap->width_dots <= 0 || bitmap->width_dots > escpos->width_dots ||
        bitmap->height_dots <= 0 || bitmap->height_dots > PRINTER_HEIGHT_DOTS_MAX)
        return STATUS_INVALID;
    out->data = malloc(escpos_job_size_max(bitmap));
    if (out->data == NULL)
        return STATUS_BUSY;
    out->number = options->number;
    out->height_dots = bitmap->height_dots;
    out->size = escpos_build_job(bitmap, options, out->data);
    return STATUS_OK;
}

static enum status print(struct printer *printer, uint32_t number,
                         const struct printer_bitmap *bitmap)
{
    struct escpos *escpos = (struct escpos *)printer;
    pthread_mutex_lock(&escpos->lock);
    struct escpos_job_options options = { .fence = escpos->fence,
                                          .number = number,
                                          .feed_blank_rows = escpos->feed_blank_rows };
    enum status status = STATUS_BUSY;
    if (escpos->accepting && escpos->waiting.data == NULL)
        status = make_job(escpos, bitmap, &options, &escpos->waiting);
    if (status == STATUS_OK)
        escpos->accepting = false;
    pthread_mutex_unlock(&escpos->lock);
    if (status == STATUS_OK)
        usb_port_wake(escpos->port);
    return status;
}

static void release(struct escpos *escpos)
{
    if (escpos->port != NULL)
        usb_port_close(escpos->port);
    if (escpos->mailbox != NULL) {
        mailbox_stop(escpos->mailbox);
        mailbox_destroy(escpos->mailbox);
    }
    drop_job(&escpos->waiting);
    pthread_mutex_destroy(&escpos->lock);
    free(escpos);
}

static void close_printer(struct printer *printer)
{
    struct escpos *escpos = (struct escpos *)printer;
    pthread_mutex_lock(&escpos->lock);
    escpos->closing = true;
    pthread_mutex_unlock(&escpos->lock);
    mailbox_stop(escpos->mailbox);
    usb_port_cancel(escpos->port);
    pthread_join(escpos->thread, NULL);
    release(escpos);
}

static const struct printer_ops OPS = {
    .print = print,
    .close = close_printer,
};

static void read_options(struct escpos *escpos, const struct device_match *match)
{
    char word[16];
    long width = device_option_number(match, "width", WIDTH_DOTS);
    escpos->width_dots = width > 0 && width <= ESCPOS_WIDTH_DOTS_MAX ? (int)width : WIDTH_DOTS;
    escpos->feed_blank_rows =
        !device_option(match, "blank", word, sizeof word) || strcmp(word, "dots") != 0;
}

struct printer *escpos_open(const struct device_match *match, struct queue *queue,
                            printer_listener *listener, void *context)
{
    static const struct usb_wish WISH = { .interface_class = -1,
                                          .preferred_protocol = 2, /* bidirectional */
                                          .wake_on_input = true };
    struct escpos *escpos = calloc(1, sizeof *escpos);
    if (escpos == NULL)
        return NULL;
    CHECK(pthread_mutex_init(&escpos->lock, NULL) == 0);
    escpos->printer.ops = &OPS;
    escpos->listener = listener;
    escpos->context = context;
    escpos->backoff_ms = BACKOFF_MS_MIN;
    read_options(escpos, match);
    escpos->port = usb_port_open(match, &WISH);
    escpos->mailbox = mailbox_open(queue, sizeof(struct printer_event), deliver, escpos);
    if (escpos->port != NULL && escpos->mailbox != NULL &&
        pthread_create(&escpos->thread, NULL, run, escpos) == 0)
        return &escpos->printer;
    release(escpos);
    return NULL;
}
