/*
 * Service modes: the panel alone, for staff at the machine. No journal, device or network is
 * opened, so no citizen can be served and nothing can be booked meanwhile.
 */
#pragma once
#include "app/app.h"

/* Calibration and test of the touch panel. The app has its settings and its window. Returns when
 * the test is over; it never waits for anybody longer than its deadlines. */
void service_run_touch(struct app *app);

/* Corrects the window's fingers by data_dir/touch.cal. A file that cannot be used is logged and the
 * fingers stay as the panel reports them. */
void service_apply_touch(struct app *app);
