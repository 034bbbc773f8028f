/*
 * The whole kiosk: what main() builds, runs and takes down. The only layer that names concrete
 * drivers (wiring.c).
 *
 * Threads: the main loop owns everything here. Device, sync, signal and automation threads only
 * post to app.queue.
 */
#pragma once
#include "app/guide.h"
#include "app/recheck.h"
#include "base/clock.h"
#include "base/queue.h"
#include "drivers/printer/printer.h"
#include "health/health.h"
#include "plan/policy.h"
#include "rulebook/rulebook.h"
#include "scenes/scene_list.h"
#include "session/session.h"
#include "settings/settings.h"
#include "store/journal.h"
#include "store/journal_root.h"
#include "store/seal.h"
#include "sync/sync.h"
#include "ui/window.h"
#include <stdbool.h>
#include <stdint.h>

struct automation;

struct app_options {
    const char *settings_path;
    const char *devices_path;    /* NULL: devices.ini beside the settings file */
    const char *automation_path; /* NULL: none */
    int width_px, height_px;     /* 0: as the settings say */
    const char *service;         /* NULL: serve citizens; else the name of a service mode */
};

struct app {
    struct app_options options;
    const struct clock *clock;
    struct settings settings;
    struct queue queue;
    struct ui_window *window;
    struct scene_panel panel;
    struct ui_tree tree; /* what the panel shows */
    struct guide guide;  /* what it says */

    struct journal *journal; /* NULL: could not be opened; the kiosk is visibly out of service */
    struct seal seal;
    bool seal_open;
    struct journal_root_key root_key; /* signs the journal once a day */
    bool root_key_open;
    struct rulebook rulebook;
    struct policy *policy;         /* in force; NULL none */
    struct policy *retired_policy; /* what a visit under way began with, if it is another */
    struct session *session;       /* NULL together with journal */
    struct transport *transport;
    struct sync_flow sync;
    bool sync_started;

    struct id_reader *reader;
    struct contact_reader *contact_reader; /* NULL: this kiosk has none */
    struct cash_acceptor *acceptor;
    struct printer *printer;
    struct health health;
    enum service told_warning; /* to whoever reads the log */

    struct automation *automation;
    bool dirty; /* the view may have changed since the last frame */
    bool quit;
    int64_t shown_second; /* of the frame on the panel; the ring and the clock move with it */
    enum session_step shown_step;
    int64_t looked_minute; /* health was last looked at for time's sake */
    struct recheck recheck;
    int64_t bureau_reached_wall_ms; /* as the journal remembers it, at most an hour late */
};

/* app.c: STATUS_INVALID when settings are refused (every error was printed), STATUS_DENIED when
 * automation is asked for in a production configuration. */
NODISCARD enum status app_open(struct app *app, const struct app_options *options);
/* Settings and window only: for the service modes (service.h). app_close closes either. */
NODISCARD enum status app_open_panel(struct app *app, const struct app_options *options);
void app_run(struct app *app);
void app_close(struct app *app);

/* What the session or, without a journal, the app itself has to show. */
const struct session_view *app_view(struct app *app);
void app_touch(struct app *app, const struct ui_node *node);
void app_set_dirty(struct app *app);
void app_refresh_health(struct app *app);

/* questions.c: what a citizen asks the bureau; context is the app. As struct session_parts says. */
NODISCARD enum status app_ask_bureau(void *context, const char *action, const char *body,
                                     size_t size);
void app_drop_question(void *context);
void app_take_stroke(void *context, const struct ui_stroke_point *point);
/* A line from a scanner. */
void app_take_line(void *context, const char *line);

/* wiring.c: opens reader, acceptor and printer of the settings, and a contact reader if they name
 * one. STATUS_NOT_FOUND names a class without a section, STATUS_UNSUPPORTED an unknown driver; both
 * are logged. */
NODISCARD enum status wiring_open_devices(struct app *app);
/* The printer alone, for whoever prints without a session. */
NODISCARD enum status wiring_open_printer(struct app *app, printer_listener *listener,
                                          void *context);
void wiring_close_devices(struct app *app);

/* automation.c */
NODISCARD enum status automation_open(struct app *app, const char *path, struct automation **out);
/* Answers requests that wait for a screen; called once per turn of the loop. */
void automation_step(struct automation *automation);
int64_t automation_next_deadline_ms(const struct automation *automation);
void automation_close(struct automation *automation);

/* watchdog.c: tells the supervisor (systemd, NOTIFY_SOCKET) that the loop turns. */
void watchdog_ready(void);
void watchdog_step(const struct clock *clock);
int64_t watchdog_next_deadline_ms(void);
