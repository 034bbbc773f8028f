#include "app/rules.h"

#include "base/check.h"
#include "base/log.h"
#include <stdio.h>
#include <string.h>

static void journal_loaded(struct app *app)
{
    char body[256];
    const struct journal_draft loaded = { .kind = JOURNAL_POLICY_LOADED, .body = body };
    snprintf(body, sizeof body, "{\"id\":\"%s\",\"revision\":%d,\"sha256\":\"%s\"}",
             app->policy->id, app->policy->revision, app->policy->sha256);
    if (journal_append(app->journal, &loaded, NULL) != STATUS_OK)
        log_error("app", "journal_refused", "the policy could not be journaled");
}

void rules_open(struct app *app)
{
    char folder[SETTINGS_PATH_SIZE + 16];
    snprintf(folder, sizeof folder, "%s/policy", app->settings.data_dir);
    const struct rulebook_config config = {
        .folder = folder,
        .shipped = app->settings.policy_dir,
        .region = app->settings.region,
        .keys_path = app->settings.policy_keys,
        .production = app->settings.production,
    };
    rulebook_open(&app->rulebook, &config, app->clock, app->journal);
    app->policy = rulebook_load(&app->rulebook);
    if (app->policy)
        journal_loaded(app);
    else
        log_error("plan", "no_policy", "region %s has no good policy", app->settings.region);
}

/* Only a visit under way can use what is not in force, and only one: the policy it began with. */
static void free_retired(struct app *app)
{
    if (!app->retired_policy || session_uses_policy(app->session, app->retired_policy))
        return;
    policy_free(app->retired_policy);
    app->retired_policy = NULL;
}

static void put_in_force(struct app *app, struct policy *policy)
{
    struct policy *old = app->policy;
    app->policy = policy;
    session_set_policy(app->session, policy);
    free_retired(app);
    if (old && session_uses_policy(app->session, old)) {
        CHECK(!app->retired_policy);
        app->retired_policy = old;
    } else {
        policy_free(old);
    }
    app_refresh_health(app);
    app_set_dirty(app);
}

static int wanted_above(void *context)
{
    const struct app *app = context;
    return rulebook_revision(&app->rulebook, app->policy);
}

static enum status take(void *context, const struct sync_policy *policy)
{
    struct app *app = context;
    struct policy *next;
    const struct rulebook_offer offer = {
        .revision = policy->revision,
        .text = policy->text,
        .size = policy->size,
        .signatures = policy->signatures,
        .signatures_size = policy->signatures_size,
    };
    enum rulebook_verdict verdict = rulebook_take(&app->rulebook, app->policy, &offer, &next);
    if (verdict == RULEBOOK_INSTALLED)
        put_in_force(app, next);
    return verdict == RULEBOOK_FAILED ? STATUS_IO : STATUS_OK;
}

struct sync_policy_port rules_port(struct app *app)
{
    return (struct sync_policy_port){ .context = app, .revision = wanted_above, .take = take };
}

void rules_look(struct app *app)
{
    free_retired(app);
    if (!journal_is_writable(app->journal) || !rulebook_has_changed(&app->rulebook))
        return;
    struct policy *policy = rulebook_load(&app->rulebook);
    bool is_same = policy && app->policy && strcmp(policy->sha256, app->policy->sha256) == 0;
    if (!policy || is_same) {
        policy_free(policy); /* a bad file never replaces a good one */
        return;
    }
    put_in_force(app, policy);
    journal_loaded(app);
}

void rules_close(struct app *app)
{
    policy_free(app->retired_policy);
    policy_free(app->policy);
    app->retired_policy = app->policy = NULL;
}
