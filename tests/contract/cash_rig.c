#include "contract/cash_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/cash_acceptor/ssp/ssp.h"

static const struct device_match MATCH = {
    .driver = "ssp", .vid = 0x191C, .pid = 0x4104, .interface_class = -1, .interface_subclass = -1
};
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
    rig->acceptor = ssp_open(&MATCH, &rig->rig.queue, hear, rig);
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
