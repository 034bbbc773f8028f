/*
 * The only file that names a concrete driver.
 */
#include "app/app.h"

#include "base/log.h"
#include "drivers/cash_acceptor/id003/id003.h"
#include "drivers/cash_acceptor/ssp/ssp.h"
#include "drivers/contact_reader/ccid/ccid.h"
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

/* Cards are not asked for yet by any visit, so only its state arrives. */
static void on_contact_reader(void *context, const struct contact_reader_event *event)
{
    struct app *app = context;
    if (event->kind == CONTACT_READER_EVENT_STATUS)
        app->health.contact_reader = event->status;
    app_refresh_health(app);
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

/* NULL if the settings name none. */
static const struct device_match *find_optional(const struct settings *settings,
                                                enum settings_class class)
{
    for (int i = 0; i < settings->device_count; i++)
        if (settings->devices[i].class == class)
            return &settings->devices[i].match;
    return NULL;
}

static const struct device_match *find_match(const struct settings *settings,
                                             enum settings_class class, const char *class_name)
{
    const struct device_match *match = find_optional(settings, class);
    if (!match)
        log_error("app", "no_device_section", "devices.ini has no section for a %s", class_name);
    return match;
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

/* Who proves this kiosk to third-generation cards is for the bureau to say: until then nobody does.
 */
static enum status open_contact_reader(struct app *app)
{
    const struct device_match *match = find_optional(&app->settings, SETTINGS_CONTACT_READER);
    if (!match)
        return STATUS_OK;
    if (strcmp(match->driver, "ccid") != 0)
        return unknown_driver(match);
    app->contact_reader = ccid_open(match, &app->queue, NULL, on_contact_reader, app);
    return app->contact_reader ? STATUS_OK : STATUS_IO;
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
        status = open_contact_reader(app);
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
    if (app->contact_reader)
        contact_reader_close(app->contact_reader);
    if (app->acceptor)
        cash_acceptor_close(app->acceptor);
    if (app->printer)
        printer_close(app->printer);
    app->reader = NULL;
    app->contact_reader = NULL;
    app->acceptor = NULL;
    app->printer = NULL;
}
