#include "contract/cash_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/cash_acceptor/id003/id003.h"
#include "drivers/cash_acceptor/ssp/ssp.h"

typedef struct cash_acceptor *open_driver(const struct device_match *match, struct queue *queue,
                                          cash_acceptor_listener *listener, void *context);

#define ANY_INTERFACE .interface_class = -1, .interface_subclass = -1

static const struct driver {
    const char *name;
    struct device_match match;
    open_driver *open;
    unsigned traits;
} DRIVERS[] = {
    { "ssp",
      { .driver = "ssp", .vid = 0x191C, .pid = 0x4104, ANY_INTERFACE },
      ssp_open,
      COUNTS | NAMES_CREDIT | HAS_SERIAL | ACCEPTS_BY_POLL },
    { "id003", { .driver = "id003", .vid = 0x0403, .pid = 0x6001, ANY_INTERFACE }, id003_open, 0 },
    { "id003-stack2",
      { .driver = "id003", .vid = 0x0403, .pid = 0x6001, ANY_INTERFACE, .options = "stack=2" },
      id003_open,
      0 },
    { "id003-cdc", { .driver = "id003", .vid = 0x09AB, .pid = 1, ANY_INTERFACE }, id003_open, 0 },
    { "id003-cp210x",
      { .driver = "id003", .vid = 0x10C4, .pid = 0xEA60, ANY_INTERFACE },
      id003_open,
      0 },
    { "id003-pl2303",
      { .driver = "id003", .vid = 0x067B, .pid = 0x2303, ANY_INTERFACE },
      id003_open,
      0 },
    /* As if under another vendor's number: the option says which bridge it is. */
    { "id003-ch34x",
      { .driver = "id003",
        .vid = -1,
        .pid = -1,
        .interface_class = 0xFF,
        .interface_subclass = -1,
        .options = "bridge=ch34x" },
      id003_open,
      0 },
};
static const struct driver *driver = &DRIVERS[0];

void cash_rig_choose(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof DRIVERS / sizeof DRIVERS[0]; i++)
        if (strcmp(DRIVERS[i].name, argv[1]) == 0)
            driver = &DRIVERS[i];
}

const char *cash_rig_driver(void)
{
    return driver->name;
}

bool has_trait(enum cash_trait trait)
{
    return (driver->traits & (unsigned)trait) != 0;
}

void needs(enum cash_trait trait)
{
    if (!has_trait(trait))
        skip();
}

const int64_t ALL_NOTES[5] = { 500, 1000, 2000, 5000, 10000 };

static void hear(void *context, const struct cash_acceptor_event *event)
{
    struct cash_rig *rig = context;
    assert_true(rig->heard_count < HEARD_MAX);
    rig->heard[rig->heard_count++] = *event;
}

static bool has_heard_kind(void *context)
{
    struct cash_rig *rig = context;
    while (rig->read_count < rig->heard_count)
        if (rig->heard[rig->read_count++].kind == rig->wanted)
            return true;
    return false;
}

const struct cash_acceptor_event *expect(struct cash_rig *rig, enum cash_event_kind kind)
{
    rig->wanted = kind;
    if (!rig_run_until(&rig->rig, has_heard_kind, rig))
        fail_msg("event %d did not come", (int)kind);
    return &rig->heard[rig->read_count - 1];
}

static bool has_heard_state(void *context)
{
    struct cash_rig *rig = context;
    while (rig->read_count < rig->heard_count) {
        const struct cash_acceptor_event *event = &rig->heard[rig->read_count++];
        if (event->kind == CASH_EVENT_STATUS && event->status.state == rig->wanted_state)
            return true;
    }
    return false;
}

const struct cash_acceptor_event *expect_state(struct cash_rig *rig, enum device_state state)
{
    rig->wanted_state = state;
    if (!rig_run_until(&rig->rig, has_heard_state, rig))
        fail_msg("state %s did not come", device_state_name(state));
    return &rig->heard[rig->read_count - 1];
}

int count_heard(const struct cash_rig *rig, enum cash_event_kind kind)
{
    int count = 0;
    for (int i = 0; i < rig->heard_count; i++)
        count += rig->heard[i].kind == kind;
    return count;
}

void enable_all(struct cash_rig *rig)
{
    cash_acceptor_enable(rig->acceptor, ALL_NOTES, 5);
}

void open_acceptor(struct cash_rig *rig)
{
    rig->acceptor = driver->open(&driver->match, &rig->rig.queue, hear, rig);
    assert_non_null(rig->acceptor);
}

void stop(struct cash_rig *rig)
{
    cash_acceptor_close(rig->acceptor);
    rig->read_count = rig->heard_count;
}

long fen_in(const char *place)
{
    char key[32];
    snprintf(key, sizeof key, "\"%s\"", place);
    const char *found = strstr(rig_sim("notes"), key);
    assert_non_null(found);
    found = strstr(found, "\"fen\"");
    assert_non_null(found);
    return strtol(found + strcspn(found, "-0123456789"), NULL, 10);
}

void expect_fen_in(struct cash_rig *rig, const char *place, long fen)
{
    for (int i = 0; i < 50 && fen_in(place) != fen; i++)
        rig_run_for(&rig->rig, 20);
    assert_int_equal(fen_in(place), fen);
}

long acceptor_number(const char *name)
{
    const char *found = strstr(rig_sim("state"), "\"acceptor\"");
    assert_non_null(found);
    found = strstr(found, name);
    assert_non_null(found);
    return strtol(found + strlen(name) + strspn(found + strlen(name), "\": "), NULL, 10);
}

int64_t escrow(struct cash_rig *rig, int yuan)
{
    rig_sim("note %d", yuan);
    return expect(rig, CASH_EVENT_NOTE_ESCROWED)->value_fen;
}

void take_note(struct cash_rig *rig, int yuan)
{
    assert_int_equal(escrow(rig, yuan), yuan * 100);
    cash_acceptor_stack(rig->acceptor);
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_STACKED)->value_fen, yuan * 100);
    cash_acceptor_acknowledge(rig->acceptor);
}

int cash_rig_set_up(void **state)
{
    static struct cash_rig rig;
    memset(&rig, 0, sizeof rig);
    rig_init(&rig.rig);
    rig_sim("acceptor fault none");
    open_acceptor(&rig);
    *state = &rig;
    expect_state(&rig, DEVICE_READY);
    return 0;
}

int cash_rig_tear_down(void **state)
{
    struct cash_rig *rig = *state;
    cash_acceptor_close(rig->acceptor);
    rig_deinit(&rig->rig);
    rig_sim("acceptor fault none");
    rig_sim("take-back");
    return 0;
}
