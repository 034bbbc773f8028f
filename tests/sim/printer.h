/*
 * A receipt printer with its driver, at the level of the class contract. It keeps every piece of
 * paper that came out and can read it, for receipt_facts.c prints the facts and not their picture.
 */
#pragma once
#include "drivers/printer/printer.h"
#include "receipt/receipt.h"
#include "sim/dice.h"

#define PRINTER_PAPERS_MAX 512
#define PRINTER_EVENTS_MAX 16

struct sim_world;

struct paper_out {
    enum receipt_kind kind;
    char voucher[40], txn[40];
    int64_t paid_fen;
    int copy;
};

struct sim_printer {
    struct printer printer; /* first: the ops cast it back */
    struct sim_world *world;
    bool has_paper, is_plugged, driver_runs;
    enum device_state state;
    bool has_job;
    uint32_t job;
    int64_t job_done_at_ms;
    int64_t ready_at_ms;
    struct paper_out current;
    struct paper_out papers[PRINTER_PAPERS_MAX]; /* sent to the printer, oldest first */
    int paper_count;
    struct {
        int64_t at_ms;
        struct printer_event event;
    } events[PRINTER_EVENTS_MAX];
    int event_count;
};

void printer_init(struct sim_printer *printer, struct sim_world *world);
void printer_connect(struct sim_printer *printer);
void printer_abandon(struct sim_printer *printer);
void printer_run_out(struct sim_printer *printer);
void printer_refill(struct sim_printer *printer);
void printer_unplug(struct sim_printer *printer);
void printer_plug(struct sim_printer *printer);
int64_t printer_next_ms(const struct sim_printer *printer);
void printer_run(struct sim_printer *printer);

/* receipt_facts.c: what a bitmap made there says. */
bool receipt_facts_read(const struct printer_bitmap *bitmap, struct receipt_facts *out);
