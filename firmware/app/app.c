#include "app/app.h"

#include "app/day.h"
#include "app/outage.h"
#include "app/rules.h"
#include "app/service.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "plan/quote.h"
#include "sync/transport.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACT_BUREAU_REACHED "bureau.reached"
#define REACHED_KEPT_MS 3600000 /* written at most this often: a fact costs a commit */

static void wake_loop(void *context)
{
    struct app *app = context;
    if (app->window)
        ui_window_wake(app->window);
}

void app_set_dirty(struct app *app)
{
    app->dirty = true;
}

static void on_session_change(void *context)
{
    app_set_dirty(context);
}

/* Asked of the journal only when it or the bureau's acknowledgement moved. */
static void refresh_unsent(struct app *app)
{
    const struct journal_unsent unsent = journal_unsent_cash(app->journal);
    app->health.unsent_money_fen = unsent.cash_fen;
    app->health.unsent_payments = unsent.payments;
}

static void on_appended(void *context)
{
    struct app *app = context;
    refresh_unsent(app);
    if (app->sync_started)
        sync_flow_nudge(&app->sync);
    app_refresh_health(app);
}

static void on_bureau_reply(void *context, struct transport_reply *reply)
{
    struct app *app = context;
    sync_flow_on_reply(&app->sync, reply);
}

/* The policy counts as good only if this month has a figure for at least one insurance. */
static bool policy_serves_month(const struct policy *policy, const char *area_id, month_index month)
{
    int area = policy ? policy_find_area(policy, area_id) : -1;
    if (area < 0 || month > policy->expires)
        return false;
    for (int i = 0; i < policy->insurance_count; i++) {
        struct quote quote;
        struct quote_request request = {
            .insurances = 1U << i, .first = month, .months = 1, .area = area
        };
        int64_t ceiling_fen;
        if (!quote_base_limits(policy, request.insurances, month, area, &request.chosen_base_fen,
                               &ceiling_fen))
            request.chosen_base_fen = 0;
        quote_make(policy, &request, &quote);
        if (quote.refusal == QUOTE_OK)
            return true;
    }
    return false;
}

static int64_t offline_ms(const struct app *app)
{
    if (!app->sync_started || app->sync.status.reachable)
        return 0;
    int64_t reached_ms = app->sync.status.last_success_wall_ms;
    if (reached_ms < app->bureau_reached_wall_ms)
        reached_ms = app->bureau_reached_wall_ms;
    int64_t ms = clock_wall_ms(app->clock) - reached_ms;
    return ms > 0 ? ms : 0;
}

/* Kept over restarts, or a kiosk started anew each night would never reach its offline limit. */
static void remember_reached(struct app *app, int64_t wall_ms)
{
    char text[24];
    text_format(text, sizeof text, "%lld", (long long)wall_ms);
    app->bureau_reached_wall_ms = wall_ms;
    if (journal_put_fact(app->journal, FACT_BUREAU_REACHED, text) != STATUS_OK)
        log_warning("app", "reached_not_kept", "the time the bureau was reached");
}

/* A kiosk that never reached the bureau counts from its first start. */
static void recall_reached(struct app *app)
{
    char text[24];
    if (journal_get_fact(app->journal, FACT_BUREAU_REACHED, text, sizeof text) == STATUS_OK)
        app->bureau_reached_wall_ms = strtoll(text, NULL, 10);
    else
        remember_reached(app, clock_wall_ms(app->clock));
}

static void note_reached(struct app *app)
{
    int64_t wall_ms = app->sync.status.last_success_wall_ms;
    if (wall_ms > app->bureau_reached_wall_ms + REACHED_KEPT_MS)
        remember_reached(app, wall_ms);
}

static void on_sync_change(void *context)
{
    struct app *app = context;
    if (app->session)
        session_set_bureau_reachable(app->session, app->sync.status.reachable);
    refresh_unsent(app);
    note_reached(app);
    app_refresh_health(app);
    app_set_dirty(app);
}

/* Once when it comes to that, for whoever reads the log from afar; the first page shows the code.
 */
static void warn_of_box(struct app *app)
{
    const struct health *health = &app->health;
    enum service warning = health_cash_warning(health);
    if (warning != SERVICE_OFFERED && warning != app->told_warning)
        log_warning("app", service_name(warning), "%lld notes in the box, %lld are the most",
                    (long long)health->box_notes, (long long)health->box_notes_max);
    app->told_warning = warning;
}

void app_refresh_health(struct app *app)
{
    struct health *health = &app->health;
    if (!app->session)
        return;
    health->journal_writable = journal_is_writable(app->journal);
    health->policy_good = policy_serves_month(app->policy, app->settings.area,
                                              month_of_wall(clock_wall_ms(app->clock)));
    health->numbers_left = journal_numbers_left(app->journal);
    health->bureau_reachable = app->sync.status.reachable;
    health->offline_sum_max_fen = app->settings.offline_sum_max_fen;
    health->offline_payments_max = app->settings.offline_payments_max;
    health->box_notes = journal_box_notes(app->journal);
    health->box_notes_max = app->settings.box_notes_max;
    health->box_notes_warn = app->settings.box_notes_warn;
    health->day_cash_fen = journal_day_cash_fen(app->journal, clock_wall_ms(app->clock));
    health->day_sum_max_fen = app->settings.day_sum_max_fen;
    warn_of_box(app);
    health->offline_ms = offline_ms(app);
    health->offline_ms_max = (int64_t)app->settings.offline_hours_max * 3600 * 1000;
    session_set_health(app->session, health);
    app_set_dirty(app);
}

static void print_settings_error(void *context, const char *file, int line, const char *text)
{
    (void)context;
    fprintf(stderr, "%s:%d: %s\n", file, line, text);
}

static void journal_start(struct app *app)
{
    char body[256];
    struct journal_draft started = { .kind = JOURNAL_KIOSK_STARTED, .body = body };
    snprintf(body, sizeof body, "{\"version\":\"%s\",\"kiosk\":\"%s\"}", GUICHET_VERSION,
             app->settings.kiosk_id);
    if (journal_append(app->journal, &started, NULL) != STATUS_OK)
        log_error("app", "journal_refused", "the start could not be journaled");
}

static enum status open_journal(struct app *app)
{
    char path[SETTINGS_PATH_SIZE + 32];
    snprintf(path, sizeof path, "%s/journal.db", app->settings.data_dir);
    return journal_open(path, app->clock, &app->journal);
}

static enum status open_seal(struct app *app)
{
    char path[SETTINGS_PATH_SIZE + 32];
    snprintf(path, sizeof path, "%s/person.key", app->settings.data_dir);
    enum status status = seal_open(&app->seal, app->settings.bureau_public_key, path);
    if (status != STATUS_OK)
        log_error("app", "seal_refused", "sealing keys %s, %s: %s", app->settings.bureau_public_key,
                  path, status_name(status));
    app->seal_open = status == STATUS_OK;
    return status;
}

static void start_sync(struct app *app)
{
    const struct settings *settings = &app->settings;
    struct transport_https_config https = {
        .base_url = settings->bureau_url,
        .ca_cert = settings->ca_cert,
        .client_cert = settings->client_cert,
        .client_key = settings->client_key,
        .timeout_s = 20,
    };
    struct sync_config config = {
        .retry_s_min = settings->sync_retry_s_min,
        .retry_s_max = settings->sync_retry_s_max,
        .poll_s = settings->sync_poll_s,
        .numbers_low = settings->numbers_low,
    };
    (void)text_copy(config.kiosk_id, sizeof config.kiosk_id, settings->kiosk_id);
    (void)text_copy(config.region, sizeof config.region, settings->region);
    app->transport = transport_https_open(&https, &app->queue, on_bureau_reply, app);
    CHECK(app->transport);
    sync_flow_init(&app->sync, app->clock, app->journal, app->transport, &config, on_sync_change,
                   app);
    const struct sync_policy_port policies = rules_port(app);
    sync_flow_take_policies(&app->sync, &policies);
    app->sync_started = true;
    recall_reached(app);
    sync_flow_nudge(&app->sync);
}

static void on_speech_offer(void *context, bool offered)
{
    struct app *app = context;
    if (app->session)
        session_set_speech_offered(app->session, offered);
    app_set_dirty(app);
}

static void start_session(struct app *app)
{
    struct session_parts parts = {
        .clock = app->clock,
        .settings = &app->settings,
        .journal = app->journal,
        .seal = &app->seal,
        .signing_key = app->root_key_open ? &app->root_key : NULL,
        .policy = app->policy,
        .reader = app->reader,
        .acceptor = app->acceptor,
        .printer = app->printer,
        .font = ui_window_font(app->window),
        .ask_bureau = app_ask_bureau,
        .drop_question = app_drop_question,
        .on_change = on_session_change,
        .on_appended = on_appended,
        .context = app,
    };
    app->session = session_create(&parts);
    CHECK(app->session);
    session_set_speech_offered(app->session, guide_is_offered(&app->guide));
}

/*
 * Journal first: without it nothing else may run. If it cannot be opened the kiosk shows that it is
 * out of service and tries again; no device is touched meanwhile, so no note is taken.
 */
static enum status start_service(struct app *app)
{
    enum status status = open_journal(app);
    if (status != STATUS_OK) {
        log_error("app", "journal_unusable", "%s/journal.db: %s", app->settings.data_dir,
                  status_name(status));
        return STATUS_OK;
    }
    day_open(app);
    day_sign(app); /* before this day's first entry */
    journal_start(app);
    rules_open(app);
    status = wiring_open_devices(app);
    if (status != STATUS_OK)
        return status;
    start_session(app);
    start_sync(app);
    refresh_unsent(app);
    app_refresh_health(app);
    return STATUS_OK;
}

static void on_tap(void *context, const struct ui_node *node)
{
    app_touch(context, node);
}

static void on_window_closed(void *context)
{
    ((struct app *)context)->quit = true;
}

static void on_activity(void *context)
{
    struct app *app = context;
    if (app->session)
        session_on_activity(app->session);
    else
        outage_on_activity(app);
}

static void take_intent(struct app *app, enum intent intent, int argument)
{
    if (app->session)
        session_on_intent(app->session, intent, argument);
    else
        outage_on_intent(app, intent, argument);
    app_set_dirty(app);
}

static void on_key(void *context, enum ui_key key)
{
    struct app *app = context;
    if (key == UI_KEY_REPEAT)
        guide_repeat(&app->guide);
    if (key == UI_KEY_SPEECH && guide_is_offered(&app->guide))
        take_intent(app, INTENT_SPOKEN, !app_view(app)->modes.spoken);
}

static void on_focus(void *context, const struct ui_node *node)
{
    struct app *app = context;
    if (node)
        guide_say_node(&app->guide, &app->tree, node);
}

static void listen_to_window(struct app *app)
{
    const struct ui_listener listener = {
        .context = app,
        .on_tap = on_tap,
        .on_quit = on_window_closed,
        .on_activity = on_activity,
        .on_focus = on_focus,
        .on_key = on_key,
        .on_line = app_take_line,
        .on_stroke = app_take_stroke,
    };
    ui_window_set_listener(app->window, &listener);
}

static enum status open_window(struct app *app)
{
    const struct settings *settings = &app->settings;
    struct ui_window_config config = {
        .title = "Guichet",
        .font_directory = settings->font,
        .width_px = app->options.width_px ? app->options.width_px : settings->panel_width_px,
        .height_px = app->options.width_px ? app->options.height_px : settings->panel_height_px,
        .width_mm = settings->panel_width_mm,
        .full_screen = settings->full_screen && !app->options.width_px,
    };
    enum status status = ui_window_open(&config, &app->window);
    if (status != STATUS_OK) {
        log_error("app", "no_window", "the panel cannot be opened (fonts in %s): %s",
                  settings->font, status_name(status));
        return status;
    }
    listen_to_window(app);
    ui_window_size(app->window, &app->panel.width_px, &app->panel.height_px);
    app->panel.width_mm = settings->panel_width_mm;
    app->panel.lower_edge_mm = settings->panel_lower_edge_mm;
    guide_open(&app->guide, settings, app->clock, &app->queue, on_speech_offer, app);
    return STATUS_OK;
}

static enum status load_settings(struct app *app)
{
    const struct app_options *options = &app->options;
    char devices[SETTINGS_PATH_SIZE + 16];
    const char *slash = strrchr(options->settings_path, '/');
    int folder = slash ? (int)(slash - options->settings_path) + 1 : 0;
    snprintf(devices, sizeof devices, "%.*sdevices.ini", folder, options->settings_path);
    enum status status =
        settings_load(options->settings_path, print_settings_error, NULL, &app->settings);
    if (status == STATUS_OK)
        status = settings_load_devices(options->devices_path ? options->devices_path : devices,
                                       print_settings_error, NULL, &app->settings);
    if (status == STATUS_NOT_FOUND)
        fprintf(stderr, "%s or its devices.ini: no such file\n", options->settings_path);
    return status == STATUS_OK ? STATUS_OK : STATUS_INVALID;
}

static enum status open_automation(struct app *app)
{
    if (!app->options.automation_path)
        return STATUS_OK;
    if (app->settings.production) {
        log_error("app", "automation_refused", "a production kiosk takes no automation");
        return STATUS_DENIED;
    }
    return automation_open(app, app->options.automation_path, &app->automation);
}

enum status app_open_panel(struct app *app, const struct app_options *options)
{
    *app = (struct app){ .options = *options, .clock = &clock_system };
    recheck_init(&app->recheck);
    app->dirty = true;
    queue_init(&app->queue, wake_loop, app);
    enum status status = load_settings(app);
    return status == STATUS_OK ? open_window(app) : status;
}

enum status app_open(struct app *app, const struct app_options *options)
{
    enum status status = app_open_panel(app, options);
    if (status == STATUS_OK)
        status = open_seal(app);
    if (status != STATUS_OK)
        return status;
    service_apply_touch(app);
    status = start_service(app);
    if (status == STATUS_OK)
        status = open_automation(app);
    return status;
}

void app_close(struct app *app)
{
    queue_close(&app->queue);
    if (app->automation)
        automation_close(app->automation);
    wiring_close_devices(app);
    if (app->transport)
        app->transport->ops->close(app->transport);
    if (app->session)
        session_destroy(app->session);
    if (app->journal)
        journal_close(app->journal);
    day_close(app);
    if (app->seal_open)
        seal_close(&app->seal);
    rules_close(app);
    guide_close(&app->guide);
    if (app->window)
        ui_window_close(app->window);
    queue_deinit(&app->queue);
}

const struct session_view *app_view(struct app *app)
{
    if (app->session)
        return session_current_view(app->session);
    return outage_view(app);
}

void app_touch(struct app *app, const struct ui_node *node)
{
    take_intent(app, (enum intent)node->intent, node->argument);
}

static bool is_between_visits(enum session_step step)
{
    return step == STEP_HOME || step == STEP_OUT_OF_SERVICE;
}

static void show(struct app *app)
{
    const struct session_view *view = app_view(app);
    int64_t now_ms = clock_now_ms(app->clock);
    int64_t wall_ms = clock_wall_ms(app->clock);
    /* With a ring the frame moves each second; without, only the minute of the clock. */
    int64_t second = view->seconds_total ? now_ms / 1000 : wall_ms / 60000;
    if (!app->dirty && second == app->shown_second)
        return;
    scene_build(view, &app->panel, &app->tree);
    CHECK(!app->tree.overflow);
    ui_window_show(app->window, &app->tree);
    if (is_between_visits(view->step) && !is_between_visits(app->shown_step))
        ui_window_wipe(app->window); /* pixels of the last visit's texts wait in its cache */
    app->shown_step = view->step;
    app->shown_second = second;
    app->dirty = false;
    guide_show(&app->guide, view, &app->tree); /* may make it dirty again */
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_deadline_ms(struct app *app)
{
    int64_t now_ms = clock_now_ms(app->clock);
    int64_t wall_ms = clock_wall_ms(app->clock);
    int64_t next = now_ms + 60000 - wall_ms % 60000;
    if (app_view(app)->seconds_total)
        next = now_ms + 1000 - now_ms % 1000;
    next = least(next, app->recheck.at_ms);
    next = least(next, watchdog_next_deadline_ms());
    if (app->session)
        next = least(next, session_next_deadline_ms(app->session));
    else
        next = least(next, outage_next_deadline_ms(app));
    if (app->sync_started)
        next = least(next, sync_flow_next_deadline_ms(&app->sync));
    if (app->automation)
        next = least(next, automation_next_deadline_ms(app->automation));
    return next;
}

/* A journal that failed is tried again: reopened if it never opened, probed otherwise. */
static void recheck_journal(struct app *app)
{
    bool has_failed = !app->journal || !journal_is_writable(app->journal);
    if (!recheck_is_due(&app->recheck, has_failed, clock_now_ms(app->clock)))
        return;
    if (!app->journal) {
        if (start_service(app) != STATUS_OK)
            app->quit = true;
    } else if (journal_recheck(app->journal) == STATUS_OK) {
        log_info("app", "journal_writable", "the journal can be written again");
    }
    app_refresh_health(app);
}

/* The offline hours and the month's policy change with time alone. */
static void look_each_minute(struct app *app)
{
    int64_t minute = clock_wall_ms(app->clock) / 60000;
    if (minute == app->looked_minute)
        return;
    app->looked_minute = minute;
    if (app->session) {
        day_sign(app);
        rules_look(app);
    }
    app_refresh_health(app);
}

/* Entries of the last visit are read again by whoever sends them or looks for a note; between
 * visits they stay in memory for no longer than that takes. */
static void forget_entries(struct app *app)
{
    if (app->journal && is_between_visits(app->shown_step))
        journal_forget_pages(app->journal);
}

static void turn(struct app *app)
{
    queue_drain(&app->queue);
    recheck_journal(app);
    if (app->session)
        session_tick(app->session);
    else
        outage_tick(app);
    if (app->sync_started)
        sync_flow_tick(&app->sync);
    watchdog_step(app->clock);
    look_each_minute(app);
    show(app);
    if (app->automation)
        automation_step(app->automation);
    forget_entries(app);
}

void app_run(struct app *app)
{
    turn(app);
    watchdog_ready();
    log_info("app", "started", "kiosk %s, policy %s", app->settings.kiosk_id,
             app->policy ? app->policy->id : "none");
    while (!app->quit) {
        int64_t wait_ms = next_deadline_ms(app) - clock_now_ms(app->clock);
        ui_window_wait(app->window, wait_ms > 0 ? wait_ms : 0);
        turn(app);
    }
}
