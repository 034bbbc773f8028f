/*
 * What the suites of contact card readers share: a driver on the wire model, what it told, and the
 * model's own view.
 */
#pragma once
#include "contract/rig.h"
#include "drivers/contact_reader/ccid/ccid.h"

#define HEARD_MAX 256

struct contact_rig {
    struct rig rig;
    struct contact_reader *reader;
    bool is_changed; /* the reader's features are not those of a new model */
    struct contact_reader_event heard[HEARD_MAX];
    int heard_count, read_count; /* read: already looked at by the test */
    enum contact_reader_event_kind wanted;
    enum device_state wanted_state;
};

extern const struct device_match CONTACT_MATCH;

/* cmocka fixtures: one rig, with a driver that is ready. */
int contact_set_up(void **state);
int contact_tear_down(void **state);

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, contact_set_up, contact_tear_down)

/* The next event of this kind; those before it are skipped. Fails the test if it does not come. */
const struct contact_reader_event *expect(struct contact_rig *rig,
                                          enum contact_reader_event_kind kind);
const struct contact_reader_event *expect_state(struct contact_rig *rig, enum device_state state);
const struct contact_reader_event *expect_card(struct contact_rig *rig, const char *number);
void expect_refused(struct contact_rig *rig, enum contact_reader_reason reason);
int count_heard(const struct contact_rig *rig, enum contact_reader_event_kind kind);

/* Closes the rig's driver and opens another. */
void open_reader(struct contact_rig *rig, const struct device_match *match,
                 struct card_authority *authority, enum device_state state);

/* A number of the model's state. */
long sim_number(const char *key);

void unplug(struct contact_rig *rig);
/* The reader comes back on the bus with another make-up. */
void change(struct contact_rig *rig, const char *feature);
