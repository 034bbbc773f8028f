#include "settings/settings.h"

#include <stdlib.h>

#include "base/check.h"
#include "collect.h"

static struct settings settings;
static struct collected errors;

static int setup(void **state)
{
    (void)state;
    memset(&settings, 0, sizeof settings);
    return 0;
}

static enum status parse_text(const char *text)
{
    return parse_bytes(settings_parse_devices, "devices.ini", text, strlen(text), &errors,
                       &settings);
}

static void the_file_in_the_tree_names_the_three_devices(void **state)
{
    (void)state;
    memset(&errors, 0, sizeof errors);
    assert_int_equal(
        settings_load_devices(SOURCE_DIR "/config/devices.ini", collect, &errors, &settings),
        STATUS_OK);
    assert_string_equal(errors.text, "");
    assert_int_equal(settings.device_count, 3);
    assert_int_equal(settings.devices[0].class, SETTINGS_ID_READER);
    assert_string_equal(settings.devices[0].match.driver, "sam");
    assert_int_equal(settings.devices[0].match.vid, 0x0400);
    assert_int_equal(settings.devices[0].match.pid, 0xC35A);
    assert_int_equal(settings.devices[0].match.interface_class, -1);
    assert_int_equal(settings.devices[1].class, SETTINGS_CASH_ACCEPTOR);
    assert_int_equal(settings.devices[1].match.vid, 0x191C);
    assert_int_equal(settings.devices[2].class, SETTINGS_PRINTER);
    assert_int_equal(settings.devices[2].match.vid, -1);
    assert_int_equal(settings.devices[2].match.interface_class, 7);
    assert_int_equal(settings.devices[2].match.interface_subclass, 1);
}

static void several_devices_of_a_class_keep_their_order_and_options(void **state)
{
    (void)state;
    assert_int_equal(parse_text("[printer front]\ndriver = escpos\nvid = 0x04B8\npid = 514\n"
                                "options = cut=partial width=576\n"
                                "[printer other]\ndriver = escpos\ninterface_class = 7\n"),
                     STATUS_OK);
    assert_int_equal(settings.device_count, 2);
    assert_int_equal(settings.devices[0].match.pid, 514);
    assert_string_equal(settings.devices[0].match.options, "cut=partial width=576");
    assert_int_equal(settings.devices[1].match.interface_class, 7);
}

static void a_contact_reader_may_be_added(void **state)
{
    (void)state;
    assert_int_equal(parse_text("[contact_reader ccid]\ndriver = ccid\ninterface_class = 0x0B\n"
                                "options = slot=0 sam=1\n"),
                     STATUS_OK);
    assert_int_equal(settings.device_count, 1);
    assert_int_equal(settings.devices[0].class, SETTINGS_CONTACT_READER);
    assert_int_equal(settings.devices[0].match.interface_class, 0x0B);
    assert_string_equal(settings.devices[0].match.options, "slot=0 sam=1");
}

static void each_mistake_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } CASES[] = {
        { "driver = sam\n", "devices.ini:1: driver stands before the first section\n" },
        { "[scanner a]\ndriver = sam\n", "devices.ini:1: [scanner a]: expected [id_reader NAME], "
                                         "[contact_reader NAME], [cash_acceptor NAME] or "
                                         "[printer NAME]\n" },
        { "[printer]\n", "devices.ini:1: [printer]: expected [id_reader NAME], [contact_reader "
                         "NAME], [cash_acceptor NAME] or [printer NAME]\n" },
        { "[printer a]\ninterface_class = 7\n", "devices.ini:1: [printer a] names no driver\n" },
        { "[printer a]\ndriver = escpos\n",
          "devices.ini:1: [printer a] needs vid and pid, or interface_class\n" },
        { "[printer a]\ndriver = escpos\nvid = 1\n",
          "devices.ini:1: [printer a]: vid and pid belong together\n" },
        { "[printer a]\ndriver = escpos\nvid = 1\npid = 2\ninterface_subclass = 1\n",
          "devices.ini:1: [printer a]: interface_subclass needs interface_class\n" },
        { "[printer a]\ndriver = escpos\nvid = 0x10000\npid = 2\nvid = 1\n",
          "devices.ini:3: vid: \"0x10000\" is outside 0x0..0xFFFF\n" },
        { "[printer a]\ndriver = escpos\nvid = 1\npid = 2\nvid = 1\n",
          "devices.ini:5: vid is given twice\n" },
        { "[printer a]\ndriver = Escpos\ndriver = escpos\ninterface_class = 7\n",
          "devices.ini:2: driver: \"Escpos\" is not a driver's name\n" },
        { "[printer a]\ndriver = escpos\ninterface_class = 7\nspeed = 9\n",
          "devices.ini:4: unknown key speed\n" },
        { "[printer a]\ndriver = escpos\ninterface_class = 7\n[printer a]\ndriver = escpos\n",
          "devices.ini:4: [printer a] is given twice\n" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct settings before = settings;
        assert_int_equal(parse_text(CASES[i].text), STATUS_INVALID);
        assert_string_equal(errors.text, CASES[i].expected);
        assert_memory_equal(&settings, &before, sizeof before);
    }
}

static void more_devices_than_the_bound_are_refused(void **state)
{
    (void)state;
    char text[2048] = "";
    for (int i = 0; i <= SETTINGS_DEVICES_MAX; i++) {
        size_t length = strlen(text);
        text_format(text + length, sizeof text - length,
                    "[printer p%d]\ndriver = escpos\ninterface_class = 7\n", i);
    }
    assert_int_equal(parse_text(text), STATUS_INVALID);
    assert_string_equal(errors.text, "devices.ini:37: more than 12 devices\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_file_in_the_tree_names_the_three_devices, setup),
        cmocka_unit_test_setup(several_devices_of_a_class_keep_their_order_and_options, setup),
        cmocka_unit_test_setup(a_contact_reader_may_be_added, setup),
        cmocka_unit_test_setup(each_mistake_is_named_with_its_line, setup),
        cmocka_unit_test_setup(more_devices_than_the_bound_are_refused, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
