#include "drivers/printer/escpos/escpos_internal.h"

#include "base/clock.h"
#include "base/log.h"

#define PIECE_TIMEOUT_MS 500 /* then a look at what the printer says meanwhile */
#define STUCK_MS 2000        /* only then endpoint 0 is asked; some printers take it amiss */
#define STUCK_MS_MAX 30000
#define GRACE_MS 300 /* after a fault, for a fence already on its way */
#define FENCE_BASE_MS 10000
#define TAIL_SIZE 32   /* cut and fence, after the last row of the picture */
#define FENCE_ROW_MS 5 /* 25 mm/s, far slower than any printer */

static int64_t now_ms(void)
{
    return clock_now_ms(&clock_system);
}

/* ---- one job ---- */

struct progress {
    size_t offset; /* bytes the printer has taken */
    int64_t stuck_since_ms, asked_at_ms;
};

static enum status send_piece(struct escpos *escpos, const struct escpos_print_job *job,
                              struct progress *progress)
{
    size_t left = job->size - progress->offset, written = 0;
    enum status status = usb_port_write(escpos->port, 0, job->data + progress->offset,
                                        left < ESCPOS_PIECE_SIZE ? left : ESCPOS_PIECE_SIZE,
                                        PIECE_TIMEOUT_MS, &written);
    progress->offset += written;
    if (written > 0)
        progress->stuck_since_ms = progress->asked_at_ms = now_ms();
    return status == STATUS_TIMEOUT ? STATUS_OK : status;
}

/* STATUS_BUSY: the printer reports a fault. STATUS_TIMEOUT: it takes nothing and does not say why.
 */
static enum status send_job(struct escpos *escpos, const struct escpos_print_job *job,
                            struct progress *progress)
{
    progress->stuck_since_ms = progress->asked_at_ms = now_ms();
    while (progress->offset < job->size) {
        enum status status = send_piece(escpos, job, progress);
        if (status == STATUS_OK)
            status = escpos_check_link(escpos);
        if (status != STATUS_OK)
            return status;
        escpos_listen(escpos);
        if (now_ms() - progress->asked_at_ms >= STUCK_MS) {
            escpos_ask_port_status(escpos);
            progress->asked_at_ms = now_ms();
        }
        if (escpos->problems & ESCPOS_FATAL_PROBLEMS)
            return STATUS_BUSY;
        if (now_ms() - progress->stuck_since_ms >= STUCK_MS_MAX)
            return STATUS_TIMEOUT;
    }
    return STATUS_OK;
}

static bool *fence_flag(struct escpos *escpos)
{
    return escpos->fence == ESCPOS_FENCE_PROCESS_ID ? &escpos->heard.id_after_cut
                                                    : &escpos->heard.byte;
}

static enum printer_evidence evidence_of(enum escpos_fence fence)
{
    return fence == ESCPOS_FENCE_PROCESS_ID ? PRINTER_EVIDENCE_PROCESS_ID
                                            : PRINTER_EVIDENCE_STATUS_BYTE;
}

/*
 * Whether the paper certainly lacks the end of the receipt, once the printer has confirmed that it
 * threw away what it still had. With GS r alone a fully sent job may be fully printed.
 */
static bool is_surely_incomplete(const struct escpos *escpos, const struct escpos_print_job *job,
                                 size_t sent)
{
    if (sent + TAIL_SIZE < job->size)
        return true;
    return escpos->fence == ESCPOS_FENCE_PROCESS_ID && !escpos->heard.id_before_cut;
}

/* STATUS_OK if the job turned out to be printed after all. */
static enum status settle_failed_job(struct escpos *escpos, const struct escpos_print_job *job,
                                     size_t sent, enum status status,
                                     struct escpos_outcome *outcome)
{
    bool heard_fault = status == STATUS_BUSY && sent == job->size;
    if (heard_fault &&
        escpos_wait_until_heard(escpos, fence_flag(escpos), GRACE_MS, true) == STATUS_OK)
        return STATUS_OK;
    bool cleared = false;
    if (sent > 0 && (status == STATUS_BUSY || status == STATUS_TIMEOUT))
        cleared = escpos_clear_buffers(escpos) == STATUS_OK;
    escpos->needs_clear = sent > 0 && !cleared;
    escpos->needs_cut = sent > 0;
    bool failed = sent == 0 || (cleared && is_surely_incomplete(escpos, job, sent));
    outcome->kind = failed ? PRINTER_EVENT_FAILED : PRINTER_EVENT_UNKNOWN;
    outcome->evidence = PRINTER_EVIDENCE_NONE;
    return status;
}

enum status escpos_run_job(struct escpos *escpos, const struct escpos_print_job *job,
                           struct escpos_outcome *outcome)
{
    struct progress progress = { .offset = 0 };
    escpos_expect_process_id(escpos, job->number);
    escpos->heard.byte = false;
    enum status status = send_job(escpos, job, &progress);
    if (status == STATUS_OK) {
        escpos_post_job(escpos, PRINTER_EVENT_SENT, job->number, PRINTER_EVIDENCE_NONE);
        int64_t limit_ms = FENCE_BASE_MS + (int64_t)FENCE_ROW_MS * job->height_dots;
        status = escpos_wait_until_heard(escpos, fence_flag(escpos), limit_ms, false);
    }
    if (status != STATUS_OK)
        status = settle_failed_job(escpos, job, progress.offset, status, outcome);
    if (status == STATUS_OK) {
        outcome->kind = PRINTER_EVENT_PRINTED;
        outcome->evidence = evidence_of(escpos->fence);
    }
    return status == STATUS_BUSY || status == STATUS_TIMEOUT ? STATUS_OK : status;
}
