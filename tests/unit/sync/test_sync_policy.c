/*
 * Policies on their way from the bureau's folder to whoever keeps them in the kiosk.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/unit.h"
#include "sync/sync_wire.h"
#include "tools/bureau/publish.h"
#include "unit/plan/policy_text.h"
#include "unit/sync/sync_rig.h"

struct keeper {
    int revision, taken_count;
    bool refuses, disk_is_full;
    char signatures[64];
};

static struct keeper keeper;
static struct publish publish;

static int keeper_revision(void *context)
{
    return ((struct keeper *)context)->revision;
}

static enum status keeper_take(void *context, const struct sync_policy *policy)
{
    struct keeper *self = context;
    if (self->disk_is_full)
        return STATUS_IO;
    self->taken_count++;
    snprintf(self->signatures, sizeof self->signatures, "%s", policy->signatures);
    assert_int_equal(strncmp(policy->text, "# Shanghai", 10), 0);
    assert_int_equal(strlen(policy->text), policy->size);
    if (!self->refuses)
        self->revision = policy->revision;
    return STATUS_OK;
}

static const struct sync_policy_port PORT = { &keeper, keeper_revision, keeper_take };

/* Aside and renamed, as the README asks. */
static void put_file(struct sync_rig *rig, const char *name, const char *text)
{
    char aside[192], path[192];
    snprintf(aside, sizeof aside, "%s/aside", rig->store->folder);
    snprintf(path, sizeof path, "%s/%s", rig->store->folder, name);
    FILE *file = fopen(aside, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(rename(aside, path), 0);
}

static void put_revision(struct sync_rig *rig, int revision)
{
    char text[POLICY_TEXT_MAX], replaced[POLICY_TEXT_MAX + 128], name[32];
    read_policy_text("310000-shanghai.policy", text);
    char *at = strstr(text, "revision = 1\n");
    assert_non_null(at);
    snprintf(replaced, sizeof replaced, "%.*srevision = %d\nreplaces = %d sha256:%064d\n%s",
             (int)(at - text), text, revision, revision - 1, 0, at + strlen("revision = 1\n"));
    snprintf(name, sizeof name, "r%d.policy.sig", revision);
    put_file(rig, name, "author somebody\n");
    snprintf(name, sizeof name, "r%d.policy", revision);
    put_file(rig, name, replaced);
}

static int setup(void **state)
{
    assert_int_equal(sync_rig_setup(state), 0);
    struct sync_rig *rig = *state;
    keeper = (struct keeper){ .revision = 1 };
    publish_init(&publish, rig->store->folder);
    rig->bureau.publish = &publish;
    sync_flow_take_policies(&rig->flow, &PORT);
    return 0;
}

static int teardown(void **state)
{
    struct sync_rig *rig = *state;
    char command[192];
    snprintf(command, sizeof command, "rm -f '%s'/*.policy '%s'/*.sig", rig->store->folder,
             rig->store->folder);
    assert_int_equal(system(command), 0);
    return sync_rig_teardown(state);
}

/* The next poll and what follows from it. */
static void poll(struct sync_rig *rig)
{
    run_until_quiet(rig);
    let_time_pass(rig);
    if (rig->waiting)
        answer_truly(rig);
    run_until_quiet(rig);
}

static void takes_one_revision_after_the_other(void **state)
{
    struct sync_rig *rig = *state;
    put_revision(rig, 3);
    put_revision(rig, 2);
    put_revision(rig, 7);
    poll(rig);
    assert_int_equal(keeper.revision, 7);
    assert_int_equal(keeper.taken_count, 3);
    assert_string_equal(keeper.signatures, "author somebody\n");
}

static void asks_for_nothing_when_nothing_is_newer(void **state)
{
    struct sync_rig *rig = *state;
    keeper.revision = 2;
    put_revision(rig, 2);
    poll(rig);
    poll(rig);
    assert_int_equal(keeper.taken_count, 0);
}

static void a_refused_one_is_not_asked_for_before_the_next_poll(void **state)
{
    struct sync_rig *rig = *state;
    keeper.refuses = true;
    put_revision(rig, 2);
    poll(rig);
    int taken = keeper.taken_count, sent = rig->sent_count;
    assert_true(taken >= 1);
    run_until_quiet(rig);
    assert_int_equal(rig->sent_count, sent);
    poll(rig);
    assert_int_equal(keeper.taken_count, taken + 1);
}

static void is_asked_for_again_when_the_disk_refused_it(void **state)
{
    struct sync_rig *rig = *state;
    put_revision(rig, 2);
    keeper.disk_is_full = true;
    for (int i = 0; i < 10 && rig->flow.failures == 0; i++) {
        let_time_pass(rig);
        answer_truly(rig);
    }
    assert_int_equal(rig->flow.failures, 1);
    assert_int_equal(keeper.revision, 1);
    keeper.disk_is_full = false;
    run_until_quiet(rig);
    assert_int_equal(keeper.revision, 2);
}

static void another_region_and_a_bad_file_are_not_offered(void **state)
{
    struct sync_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    read_policy_text("440300-shenzhen.policy", text);
    put_file(rig, "s1.policy", text);
    put_file(rig, "s2.policy", "[policy]\nrevision = 9\nregion = 310000\n");
    poll(rig);
    assert_int_equal(keeper.taken_count, 0);
    assert_int_equal(publish.count, 1);
}

static void a_folder_that_changes_is_read_again(void **state)
{
    struct sync_rig *rig = *state;
    poll(rig);
    assert_int_equal(keeper.taken_count, 0);
    put_revision(rig, 2);
    poll(rig);
    assert_int_equal(keeper.revision, 2);
}

static void rubbish_is_not_a_policy(void **state)
{
    (void)state;
    static const char *const BODIES[] = {
        "",
        "[]",
        "{}",
        "{\"revision\":2}",
        "{\"revision\":2,\"policy\":\"x\"}",
        "{\"revision\":0,\"policy\":\"x\",\"signatures\":\"\"}",
        "{\"revision\":2,\"policy\":7,\"signatures\":\"\"}",
        "{\"revision\":2,\"policy\":\"a\\u0000b\",\"signatures\":\"\"}",
    };
    struct sync_policy policy;
    for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++)
        assert_int_equal(sync_wire_parse_policy(BODIES[i], strlen(BODIES[i]), &policy),
                         STATUS_PROTOCOL);
    int revision;
    const char *odd = "{\"policies\":{\"310000\":\"8\"}}", *none = "{}",
               *list = "{\"policies\":[]}";
    assert_int_equal(sync_wire_parse_policies(odd, strlen(odd), "310000", &revision),
                     STATUS_PROTOCOL);
    assert_int_equal(sync_wire_parse_policies(list, strlen(list), "310000", &revision),
                     STATUS_PROTOCOL);
    assert_int_equal(sync_wire_parse_policies(odd, strlen(odd), "440300", &revision), STATUS_OK);
    assert_int_equal(revision, 0);
    assert_int_equal(sync_wire_parse_policies(none, strlen(none), "310000", &revision), STATUS_OK);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(takes_one_revision_after_the_other),
        ON_RIG(asks_for_nothing_when_nothing_is_newer),
        ON_RIG(a_refused_one_is_not_asked_for_before_the_next_poll),
        ON_RIG(is_asked_for_again_when_the_disk_refused_it),
        ON_RIG(another_region_and_a_bad_file_are_not_offered),
        ON_RIG(a_folder_that_changes_is_read_again),
        cmocka_unit_test(rubbish_is_not_a_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
