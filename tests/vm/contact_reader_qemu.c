/*
 * The contact card driver on a reader that nobody here wrote: QEMU's usb-ccid behind xHCI. The card
 * is put in and pulled by the host (usb.py, vscard.c), which listens for lines that begin "@card".
 */
#include "contract/contact_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void card(const char *order)
{
    printf("@card %s\n", order);
    fflush(stdout);
}

static int set_up(void **state)
{
    static struct contact_rig rig;
    rig_init(&rig.rig);
    *state = &rig;
    open_reader(&rig, &CONTACT_MATCH, NULL, DEVICE_READY);
    return 0;
}

static int tear_down(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_close(rig->reader);
    rig_deinit(&rig->rig);
    return 0;
}

static void reads_a_card_put_in_and_the_next_one_after_it(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    card("insert sb-01");
    expect(rig, CONTACT_READER_EVENT_CARD_SEEN);
    const struct contact_reader_event *event = expect_card(rig, "449999198803150019");
    assert_string_equal(event->card.name, "李明轩");
    card("remove");
    expect(rig, CONTACT_READER_EVENT_CARD_GONE);
    card("insert sb-03");
    expect_card(rig, "339999197908200035");
    card("remove");
    expect(rig, CONTACT_READER_EVENT_CARD_GONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_a_card_put_in_and_the_next_one_after_it, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
