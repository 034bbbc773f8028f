/*
 * Service modes, for staff at the machine: the panel with settings and window, and what the mode
 * itself opens. No citizen can be served meanwhile.
 */
#pragma once
#include "app/app.h"

/*
 * Each runs until it is over, never longer than its deadlines, and returns the program's exit
 * status. Requires: app_open_panel.
 */

/* Calibration and test of the touch panel, alone: no journal, device or network is opened. */
int service_run_touch(struct app *app);

/* Closes the accounting day and prints its slip (receipt/closing_flow.h): opens the journal, the
 * signing key and the printer. EXIT_SUCCESS only if a slip was printed. What happened stands on
 * the panel and goes to stderr. */
int service_run_close(struct app *app);

/* Of LANG: Chinese unless it begins with "en". */
int service_language(void);

/* Corrects the window's fingers by data_dir/touch.cal. A file that cannot be used is logged and the
 * fingers stay as the panel reports them. */
void service_apply_touch(struct app *app);
