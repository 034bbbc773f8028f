/*
 * The only file that names a concrete driver.
 */
#include "app/app.h"

#include "base/log.h"
#include "drivers/cash_acceptor/id003/id003.h"
#include "drivers/cash_acceptor/ssp/ssp.h"
#include "drivers/id_reader/sam/sam.h"
#include "drivers/printer/escpos/escpos.h"
#include <string.h>

static void on_reader(void *context, const struct id_reader_event *event)
{
    struct app *app = context;
    if (event->kind == ID_READER_EVENT_STATUS)
        app->health.reader = event->status;
    app_refresh_health(app);
    if (app->session)
        session_on_reader(app->session, event);
}

static void on_acceptor(void *context, const struct cash_acceptor_event *event)
{
    struct app *app = context;
    if (event->kind == CASH_EVENT_STATUS)
        app->health.acceptor = event->status;
    app_refresh_health(app);
    if (app->session)
        session_on_acceptor(app->session, event);
}

static void on_printer(void *context, const struct printer_event *event)
{
    struct app *app = context;
    if (event->kind == PRINTER_EVENT_STATUS)
        app->health.printer = event->status;
    app_refresh_health(app);
    if (app->session)
        session_on_printer(app->session, event);
}

static const struct device_match *find_match(const struct settings *settings,
                                             enum settings_class class, const char *class_name)
{
    for (int i = 0; i < settings->device_count; i++)
        if (settings->devices[i].class == class)
            return &settings->devices[i].match;
    log_error("app", "no_device_section", "devices.ini has no section for a %s", class_name);
    return NULL;
}

static enum status unknown_driver(const struct device_match *match)
{
    log_error("app", "unknown_driver", "devices.ini names the driver \"%s\", which does not exist",
              match->driver);
    return STATUS_UNSUPPORTED;
}

static enum status open_reader(struct app *app)
{
    const struct device_match *match = find_match(&app->settings, SETTINGS_ID_READER, "id_reader");
    if (!match)
        return STATUS_NOT_FOUND;
    if (strcmp(match->driver, "sam") != 0)
        return unknown_driver(match);
    app->reader = sam_open(match, &app->queue, on_reader, app);
    return app->reader ? STATUS_OK : STATUS_IO;
}

static enum status open_acceptor(struct app *app)
{
    const struct device_match *match =
        find_match(&app->settings, SETTINGS_CASH_ACCEPTOR, "cash_acceptor");
    if (!match)
        return STATUS_NOT_FOUND;
    if (strcmp(match->driver, "ssp") == 0)
        app->acceptor = ssp_open(match, &app->queue, on_acceptor, app);
    else if (strcmp(match->driver, "id003") == 0)
        app->acceptor = id003_open(match, &app->queue, on_acceptor, app);
    else
        return unknown_driver(match);
    return app->acceptor ? STATUS_OK : STATUS_IO;
}

enum status wiring_open_printer(struct app *app, printer_listener *listener, void *context)
{
    const struct device_match *match = find_match(&app->settings, SETTINGS_PRINTER, "printer");
    if (!match)
        return STATUS_NOT_FOUND;
    if (strcmp(match->driver, "escpos") != 0)
        return unknown_driver(match);
    app->printer = escpos_open(match, &app->queue, listener, context);
    return app->printer ? STATUS_OK : STATUS_IO;
}

enum status wiring_open_devices(struct app *app)
{
    enum status status = open_reader(app);
    if (status == STATUS_OK)
        status = open_acceptor(app);
    if (status == STATUS_OK)
        status = wiring_open_printer(app, on_printer, app);
    return status;
}

void wiring_close_devices(struct app *app)
{
    if (app->reader)
        id_reader_close(app->reader);
    if (app->acceptor)
        cash_acceptor_close(app->acceptor);
    if (app->printer)
        printer_close(app->printer);
    app->reader = NULL;
    app->acceptor = NULL;
    app->printer = NULL;
}
