/*
 * The day's root: signs the journal once a day with the kiosk's own key (store/journal_root.h).
 */
#pragma once
#include "app/app.h"

/* Reads root.key in the data folder, or makes it. A kiosk that cannot sign serves all the same: the
 * bureau misses the day's root and asks. */
void day_open(struct app *app);
/* Costs nothing until the day has changed. Requires: the journal is open. */
void day_sign(struct app *app);
void day_close(struct app *app);
