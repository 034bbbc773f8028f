#include "contract/contact_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct device_match CONTACT_MATCH = {
    .driver = "ccid", .vid = -1, .pid = -1, .interface_class = 0x0B, .interface_subclass = -1
};

static void hear(void *context, const struct contact_reader_event *event)
{
    struct contact_rig *rig = context;
    assert_true(rig->heard_count < HEARD_MAX);
    rig->heard[rig->heard_count++] = *event;
}

static bool has_heard_kind(void *context)
{
    struct contact_rig *rig = context;
    while (rig->read_count < rig->heard_count)
        if (rig->heard[rig->read_count++].kind == rig->wanted)
            return true;
    return false;
}

/* The next event of this kind; those before it are skipped. */
const struct contact_reader_event *expect(struct contact_rig *rig,
                                          enum contact_reader_event_kind kind)
{
    rig->wanted = kind;
    if (!rig_run_until(&rig->rig, has_heard_kind, rig))
        fail_msg("event %d did not come", (int)kind);
    return &rig->heard[rig->read_count - 1];
}

static bool has_heard_state(void *context)
{
    struct contact_rig *rig = context;
    while (rig->read_count < rig->heard_count) {
        const struct contact_reader_event *event = &rig->heard[rig->read_count++];
        if (event->kind == CONTACT_READER_EVENT_STATUS && event->status.state == rig->wanted_state)
            return true;
    }
    return false;
}

/* Whether it works or not: it is on the bus and was looked at. */
static bool has_heard_of_presence(void *context)
{
    struct contact_rig *rig = context;
    while (rig->read_count < rig->heard_count) {
        const struct contact_reader_event *event = &rig->heard[rig->read_count++];
        if (event->kind == CONTACT_READER_EVENT_STATUS && event->status.state > DEVICE_STARTING)
            return true;
    }
    return false;
}

const struct contact_reader_event *expect_state(struct contact_rig *rig, enum device_state state)
{
    rig->wanted_state = state;
    if (!rig_run_until(&rig->rig, has_heard_state, rig))
        fail_msg("state %s did not come", device_state_name(state));
    return &rig->heard[rig->read_count - 1];
}

int count_heard(const struct contact_rig *rig, enum contact_reader_event_kind kind)
{
    int count = 0;
    for (int i = 0; i < rig->heard_count; i++)
        count += rig->heard[i].kind == kind;
    return count;
}

const struct contact_reader_event *expect_card(struct contact_rig *rig, const char *number)
{
    const struct contact_reader_event *event = expect(rig, CONTACT_READER_EVENT_CARD_READ);
    assert_string_equal(event->card.number, number);
    return event;
}

void expect_refused(struct contact_rig *rig, enum contact_reader_reason reason)
{
    const struct contact_reader_event *event = expect(rig, CONTACT_READER_EVENT_UNREADABLE);
    assert_string_equal(contact_reader_reason_name(event->reason),
                        contact_reader_reason_name(reason));
    assert_string_equal(event->card.number, ""); /* nothing half-read is told */
}

/* ---- the model ---- */

long sim_number(const char *key)
{
    const char *at = strstr(rig_sim("state"), "\"contact\"");
    assert_non_null(at);
    at = strstr(at, key);
    assert_non_null(at);
    return strtol(strchr(at, ':') + 1, NULL, 10);
}

static bool sim_has_card(void)
{
    const char *at = strstr(rig_sim("state"), "\"in_slot\"");
    assert_non_null(at);
    return strncmp(strchr(at, ':') + 1, "null", 4) != 0;
}

void open_reader(struct contact_rig *rig, const struct device_match *match,
                 struct card_authority *authority, enum device_state state)
{
    if (rig->reader != NULL)
        contact_reader_close(rig->reader);
    rig->reader = ccid_open(match, &rig->rig.queue, authority, hear, rig);
    assert_non_null(rig->reader);
    expect_state(rig, state);
}

void unplug(struct contact_rig *rig)
{
    rig_sim("unplug contact");
    expect_state(rig, DEVICE_ABSENT);
    rig->is_changed = true;
}

/* The reader comes back on the bus with another make-up. */
void change(struct contact_rig *rig, const char *feature)
{
    unplug(rig);
    rig_sim("contact %s", feature);
    rig_sim("plug contact");
    expect_state(rig, DEVICE_READY);
}

int contact_set_up(void **state)
{
    static struct contact_rig rig;
    memset(&rig, 0, sizeof rig);
    rig_init(&rig.rig);
    *state = &rig;
    open_reader(&rig, &CONTACT_MATCH, NULL, DEVICE_READY);
    return 0;
}

/* Put back while the driver is open, which then says when the reader is there again. */
static void restore_features(struct contact_rig *rig)
{
    static const char *const FEATURES[] = {
        "level tpdu",      "class standard",   "notices on", "descriptor front",
        "voltage-by host", "card-voltage any", "slots 1",    "message 271",
    };
    rig_sim("unplug contact");
    expect_state(rig, DEVICE_ABSENT);
    for (size_t i = 0; i < sizeof FEATURES / sizeof FEATURES[0]; i++)
        rig_sim("contact %s", FEATURES[i]);
    rig_sim("plug contact");
    if (!rig_run_until(&rig->rig, has_heard_of_presence, rig))
        fail_msg("the reader did not come back");
}

int contact_tear_down(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, false);
    rig_sim("contact fault none");
    if (sim_has_card())
        rig_sim("contact remove");
    if (rig->is_changed)
        restore_features(rig);
    contact_reader_close(rig->reader);
    rig_deinit(&rig->rig);
    return 0;
}
