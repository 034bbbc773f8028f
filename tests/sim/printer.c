#include "sim/printer.h"

#include "base/text.h"
#include "sim/checks.h"
#include "sim/world.h"
#include <string.h>

#define PRINTING_MS 1500
#define WORD_MS 30

static struct dice *dice(struct sim_printer *printer)
{
    return &printer->world->dice;
}

static void push(struct sim_printer *printer, enum printer_event_kind kind)
{
    if (!printer->driver_runs || printer->event_count == PRINTER_EVENTS_MAX)
        return;
    struct printer_event event = {
        .kind = kind,
        .status = { .state = printer->state,
                    .problems = printer->has_paper ? 0 : DEVICE_PROBLEM_PAPER_OUT },
        .job = printer->job,
        .evidence =
            kind == PRINTER_EVENT_PRINTED ? PRINTER_EVIDENCE_PROCESS_ID : PRINTER_EVIDENCE_NONE,
    };
    printer->events[printer->event_count].at_ms = world_now(printer->world) + WORD_MS;
    printer->events[printer->event_count++].event = event;
}

static void push_status(struct sim_printer *printer, enum device_state state)
{
    printer->state = state;
    push(printer, PRINTER_EVENT_STATUS);
}

static bool can_print(const struct sim_printer *printer)
{
    return printer->driver_runs && printer->is_plugged && printer->has_paper &&
           printer->state == DEVICE_READY && !printer->has_job;
}

/* What has been sent may lie on paper; that is all that counts for whoever sends it again. */
static void keep(struct sim_printer *printer, const struct receipt_facts *facts)
{
    struct paper_out *paper = &printer->current;
    *paper =
        (struct paper_out){ .kind = facts->kind, .copy = facts->copy, .paid_fen = facts->paid_fen };
    text_copy(paper->voucher, sizeof paper->voucher, facts->voucher);
    text_copy(paper->txn, sizeof paper->txn, facts->txn);
    checks_before_print(printer->world, paper, facts->verify);
    if (printer->paper_count < PRINTER_PAPERS_MAX)
        printer->papers[printer->paper_count++] = *paper;
    printer->world->counts.papers++;
    TELL(printer->world, "printer: prints kind %d, voucher %s, copy %d, %lld fen", (int)paper->kind,
         paper->voucher, paper->copy, (long long)paper->paid_fen);
}

static enum status print(struct printer *ops_of, uint32_t job, const struct printer_bitmap *bitmap)
{
    struct sim_printer *printer = (struct sim_printer *)(void *)ops_of;
    struct receipt_facts facts;
    if (world_point(printer->world, POINT_DEVICE))
        return STATUS_IO;
    if (!can_print(printer))
        return STATUS_BUSY;
    if (!receipt_facts_read(bitmap, &facts))
        return STATUS_INVALID;
    printer->has_job = true;
    printer->job = job;
    printer->job_done_at_ms = world_now(printer->world) + PRINTING_MS;
    keep(printer, &facts);
    (void)world_point(printer->world, POINT_DEVICE);
    return STATUS_OK;
}

static void close_printer(struct printer *printer)
{
    (void)printer;
}

static const struct printer_ops OPS = { .print = print, .close = close_printer };

void printer_init(struct sim_printer *printer, struct sim_world *world)
{
    memset(printer, 0, sizeof *printer);
    printer->printer.ops = &OPS;
    printer->world = world;
    printer->has_paper = printer->is_plugged = true;
    printer->state = DEVICE_ABSENT;
    printer->job_done_at_ms = printer->ready_at_ms = INT64_MAX;
}

static void begin_anew(struct sim_printer *printer)
{
    if (!printer->driver_runs || !printer->is_plugged)
        return;
    push_status(printer, DEVICE_STARTING);
    printer->ready_at_ms = world_now(printer->world) + 500;
}

void printer_connect(struct sim_printer *printer)
{
    printer->driver_runs = true;
    printer->event_count = 0;
    printer->has_job = false; /* a driver clears the printer first */
    printer->job_done_at_ms = INT64_MAX;
    push_status(printer, DEVICE_ABSENT);
    begin_anew(printer);
}

void printer_abandon(struct sim_printer *printer)
{
    printer->driver_runs = false;
    printer->event_count = 0;
    printer->ready_at_ms = INT64_MAX;
    printer->state = DEVICE_ABSENT;
}

/* Torn off in the middle, or before the first line. */
static void break_off(struct sim_printer *printer)
{
    if (!printer->has_job)
        return;
    printer->has_job = false;
    printer->job_done_at_ms = INT64_MAX;
    push(printer, dice_chance(dice(printer), 60) ? PRINTER_EVENT_UNKNOWN : PRINTER_EVENT_FAILED);
}

void printer_run_out(struct sim_printer *printer)
{
    printer->has_paper = false;
    printer->state = DEVICE_FAULT;
    break_off(printer);
    push_status(printer, DEVICE_FAULT);
}

void printer_refill(struct sim_printer *printer)
{
    printer->has_paper = true;
    begin_anew(printer);
}

void printer_unplug(struct sim_printer *printer)
{
    printer->is_plugged = false;
    printer->state = DEVICE_ABSENT;
    printer->ready_at_ms = INT64_MAX;
    if (printer->has_job) {
        printer->has_job = false;
        printer->job_done_at_ms = INT64_MAX;
        push(printer, PRINTER_EVENT_UNKNOWN);
    }
    push_status(printer, DEVICE_ABSENT);
}

void printer_plug(struct sim_printer *printer)
{
    printer->is_plugged = true;
    begin_anew(printer);
}

int64_t printer_next_ms(const struct sim_printer *printer)
{
    int64_t next_ms = printer->has_job ? printer->job_done_at_ms : INT64_MAX;
    if (printer->ready_at_ms < next_ms)
        next_ms = printer->ready_at_ms;
    if (printer->event_count > 0 && printer->events[0].at_ms < next_ms)
        next_ms = printer->events[0].at_ms;
    return next_ms;
}

static void deliver(struct sim_printer *printer)
{
    struct printer_event event = printer->events[0].event;
    printer->event_count--;
    memmove(&printer->events[0], &printer->events[1],
            (size_t)printer->event_count * sizeof printer->events[0]);
    kiosk_hear_printer(printer->world, &event);
}

void printer_run(struct sim_printer *printer)
{
    int64_t now_ms = world_now(printer->world);
    if (printer->event_count > 0 && printer->events[0].at_ms <= now_ms) {
        deliver(printer);
    } else if (printer->has_job && printer->job_done_at_ms <= now_ms &&
               world_has(printer->world, FAULT_PAPER) && dice_chance(dice(printer), 15)) {
        TELL(printer->world, "printer: the paper ends in the middle");
        printer_run_out(printer);
        printer->world->printer_back_ms = now_ms + dice_between(dice(printer), 500, 60000);
    } else if (printer->has_job && printer->job_done_at_ms <= now_ms &&
               world_has(printer->world, FAULT_PRINTER_PLUG) && dice_chance(dice(printer), 15)) {
        TELL(printer->world, "printer: throws the job away");
        printer->has_job = false;
        printer->job_done_at_ms = INT64_MAX;
        push(printer, PRINTER_EVENT_FAILED);
    } else if (printer->has_job && printer->job_done_at_ms <= now_ms) {
        printer->has_job = false;
        printer->job_done_at_ms = INT64_MAX;
        push(printer, PRINTER_EVENT_SENT);
        push(printer, PRINTER_EVENT_PRINTED);
    } else if (printer->ready_at_ms <= now_ms) {
        printer->ready_at_ms = INT64_MAX;
        push_status(printer, printer->has_paper ? DEVICE_READY : DEVICE_FAULT);
    }
}
