#include "app/day.h"

#include "base/log.h"
#include <stdio.h>

void day_open(struct app *app)
{
    char path[SETTINGS_PATH_SIZE + 32];
    snprintf(path, sizeof path, "%s/root.key", app->settings.data_dir);
    enum status status = journal_root_open_key(path, &app->root_key);
    if (status != STATUS_OK)
        log_error("app", "no_root_key", "%s: %s", path, status_name(status));
    app->root_key_open = status == STATUS_OK;
}

void day_sign(struct app *app)
{
    int64_t last_seq = journal_last_seq(app->journal);
    if (!app->root_key_open || !journal_is_writable(app->journal))
        return;
    enum status status =
        journal_root_append_daily(app->journal, &app->root_key, app->settings.kiosk_id, app->clock);
    if (status != STATUS_OK)
        log_error("app", "day_not_signed", "%s", status_name(status));
    if (app->sync_started && journal_last_seq(app->journal) != last_seq)
        sync_flow_nudge(&app->sync);
}

void day_close(struct app *app)
{
    if (app->root_key_open)
        journal_root_close_key(&app->root_key);
    app->root_key_open = false;
}
