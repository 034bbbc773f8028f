/*
 * The policy in force: loaded at start, replaced while the kiosk runs by what the bureau sends
 * or somebody corrects in policy_dir. A visit under way ends with the policy it began with.
 */
#pragma once
#include "app/app.h"

/* Requires: the journal is open. */
void rules_open(struct app *app);
/* The way by which sync brings policies. */
struct sync_policy_port rules_port(struct app *app);
/* Once a minute: has somebody corrected the installed file? Frees what no visit uses any more. */
void rules_look(struct app *app);
void rules_close(struct app *app);
