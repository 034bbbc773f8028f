/*
 * What the panel shows while there is no journal and so no session: out of service, why, and where
 * to go instead. Language and modes work as everywhere, and go back when nobody touches anything.
 */
#pragma once
#include "app/app.h"

const struct session_view *outage_view(struct app *app);
/* Puts modes back once nobody has touched anything for the time a page has; when next. */
void outage_tick(struct app *app);
int64_t outage_next_deadline_ms(const struct app *app);
/* As session_on_activity. */
void outage_on_activity(struct app *app);
void outage_on_intent(struct app *app, enum intent intent, int argument);
