/*
 * "guichet --service close": the day's closing by a technician, with the kiosk's service stopped.
 */
#include "app/service.h"

#include "app/day.h"
#include "base/log.h"
#include "receipt/closing_flow.h"
#include "scenes/scene_close.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RESULT_SHOWN_MS 30000 /* time to read it; a touch ends it before */

static struct close_service {
    struct app *app;
    struct closing_flow flow;
    bool flow_runs;
    bool flow_ended;
    struct close_view view;
    int64_t gone_at_ms; /* INT64_MAX: there is no result yet */
} service;

static void on_printer(void *context, const struct printer_event *event)
{
    (void)context;
    if (service.flow_runs)
        closing_flow_on_printer(&service.flow, event);
    service.app->dirty = true;
}

static void on_end(void *context)
{
    (void)context;
    service.flow_ended = true;
}

static void on_tap(void *context, const struct ui_node *node)
{
    (void)context;
    if (node->intent == CLOSE_INTENT_FINISH)
        service.app->quit = true;
    if (node->intent == CLOSE_INTENT_LANGUAGE)
        service.view.language = (service.view.language + 1) % LANGUAGES;
    service.app->dirty = true;
}

/* Not while a slip is under way: its end must be booked. */
static void on_key(void *context, enum ui_key key)
{
    (void)context;
    if (key == UI_KEY_BACK && service.view.state != CLOSE_WORKING)
        service.app->quit = true;
}

static void on_quit(void *context)
{
    ((struct close_service *)context)->app->quit = true;
}

/* The terminal hears it too: who closes from afar sees no panel. */
static void conclude(enum close_state state)
{
    char text[SCENE_CLOSE_TEXT_SIZE];
    service.view.state = state;
    service.gone_at_ms = clock_now_ms(service.app->clock) + RESULT_SHOWN_MS;
    service.app->dirty = true;
    scene_close_text(&service.view, text);
    fprintf(stderr, "guichet: %s\nguichet: %s\n", scene_close_title(&service.view), text);
}

static enum service why_no_paper(const struct device_status *printer)
{
    if (printer->problems & DEVICE_PROBLEM_COVER_OPEN)
        return SERVICE_PRINTER_COVER;
    return printer->problems & DEVICE_PROBLEM_PAPER_OUT ? SERVICE_PAPER_OUT : SERVICE_NO_PRINTER;
}

static void tell_result(void)
{
    static const enum close_state STATES[] = {
        [CLOSING_PENDING] = CLOSE_MAY_LIE,         [CLOSING_PRINTED] = CLOSE_PRINTED,
        [CLOSING_NOT_PRINTED] = CLOSE_NOT_PRINTED, [CLOSING_MAY_LIE] = CLOSE_MAY_LIE,
        [CLOSING_NOT_WRITTEN] = CLOSE_NOT_WRITTEN, [CLOSING_NOTHING_THERE] = CLOSE_NOTHING,
    };
    const struct closing_flow *flow = &service.flow;
    service.flow_ended = false;
    service.flow_runs = false;
    service.view.number = flow->closing.number;
    service.view.copy = flow->copy;
    service.view.printer = why_no_paper(&flow->printer);
    const bool copied = flow->result == CLOSING_PRINTED && flow->copy > 0;
    conclude(copied ? CLOSE_COPIED : STATES[flow->result]);
}

/* journal_open would make a new ledger where there is none: a wrong folder, or a wrong user. */
static enum close_state open_journal(struct app *app)
{
    char path[SETTINGS_PATH_SIZE + 32];
    snprintf(path, sizeof path, "%s/journal.db", app->settings.data_dir);
    if (access(path, F_OK) != 0) {
        log_error("app", "no_journal", "%s is not there", path);
        return CLOSE_NO_JOURNAL;
    }
    enum status status = journal_open(path, app->clock, &app->journal);
    if (status == STATUS_OK)
        return CLOSE_WORKING;
    log_error("app", "journal_unusable", "%s: %s", path, status_name(status));
    return status == STATUS_BUSY ? CLOSE_KIOSK_RUNS : CLOSE_NOT_WRITTEN;
}

static enum close_state open_all(struct app *app)
{
    enum close_state state = open_journal(app);
    if (state != CLOSE_WORKING)
        return state;
    day_open(app);
    if (!app->root_key_open)
        return CLOSE_NOT_WRITTEN;
    /* Without a driver for it nothing can be printed; the day is closed all the same. */
    if (wiring_open_printer(app, on_printer, app) != STATUS_OK)
        log_error("app", "no_printer", "devices.ini names none that can be opened");
    return app->printer ? CLOSE_WORKING : CLOSE_NOT_PRINTED;
}

static void start_flow(struct app *app)
{
    const struct closing_flow_parts parts = { .clock = app->clock,
                                              .journal = app->journal,
                                              .printer = app->printer,
                                              .root_key = &app->root_key,
                                              .settings = &app->settings,
                                              .font = ui_window_font(app->window),
                                              .on_end = on_end,
                                              .context = &service };
    service.flow_runs = true;
    closing_flow_start(&service.flow, &parts);
}

static void start(struct app *app)
{
    const struct ui_listener listener = {
        .context = &service, .on_tap = on_tap, .on_quit = on_quit, .on_key = on_key
    };
    service = (struct close_service){
        .app = app,
        .view = { .language = service_language(), .printer = SERVICE_NO_PRINTER },
        .gone_at_ms = INT64_MAX,
    };
    ui_window_set_listener(app->window, &listener);
    const enum close_state state = open_all(app);
    if (state == CLOSE_WORKING)
        start_flow(app);
    else
        conclude(state);
}

/* Once a second for the seconds left, at once for everything else. */
static void show(struct app *app)
{
    const int64_t now_ms = clock_now_ms(app->clock);
    if (!app->dirty && now_ms / 1000 == app->shown_second)
        return;
    service.view.seconds_left =
        service.gone_at_ms == INT64_MAX ? 0 : (int)((service.gone_at_ms - now_ms + 999) / 1000);
    scene_close(&service.view, &app->panel, &app->tree);
    ui_window_show(app->window, &app->tree);
    app->shown_second = now_ms / 1000;
    app->dirty = false;
}

static int64_t wait_ms(const struct app *app)
{
    const int64_t now_ms = clock_now_ms(app->clock);
    int64_t next_ms = now_ms + 1000 - now_ms % 1000;
    if (service.flow_runs && closing_flow_next_deadline_ms(&service.flow) < next_ms)
        next_ms = closing_flow_next_deadline_ms(&service.flow);
    return next_ms > now_ms ? next_ms - now_ms : 0;
}

/* A slip under way is waited for, whoever wants to end: at most the flow's deadlines. */
static bool is_over(const struct app *app)
{
    if (service.flow_runs)
        return false;
    return app->quit || clock_now_ms(app->clock) >= service.gone_at_ms;
}

int service_run_close(struct app *app)
{
    start(app);
    for (;;) {
        queue_drain(&app->queue);
        if (service.flow_runs)
            closing_flow_tick(&service.flow);
        if (service.flow_ended)
            tell_result();
        if (is_over(app))
            break;
        show(app);
        ui_window_wait(app->window, wait_ms(app));
    }
    ui_window_set_listener(app->window, &(struct ui_listener){ 0 });
    const enum close_state state = service.view.state;
    return state == CLOSE_PRINTED || state == CLOSE_COPIED ? EXIT_SUCCESS : EXIT_FAILURE;
}
