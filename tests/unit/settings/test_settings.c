#include "settings/settings.h"

#include <stdlib.h>

#include "base/check.h"
#include "collect.h"
#include "settings/settings_keys.h"

/* What a site must give; each test adds its own lines. */
#define REQUIRED                                                                                   \
    "[kiosk]\nid = 000003\nregion = 440300\nbureau_zh = 临江\nbureau_en = Linjiang\n"            \
    "[bureau]\nurl = https://localhost:8443\n"

static struct settings settings;
static struct collected errors;

static enum status parse_text(const char *text)
{
    return parse_bytes(settings_parse_kiosk, "site/kiosk.ini", text, strlen(text), &errors,
                       &settings);
}

/* The one error that text must cause. */
static void assert_refused(const char *text, const char *expected)
{
    struct settings before = settings;
    assert_int_equal(parse_text(text), STATUS_INVALID);
    assert_string_equal(errors.text, expected);
    assert_memory_equal(&settings, &before, sizeof before);
}

static void a_site_that_gives_the_required_keys_gets_the_defaults(void **state)
{
    (void)state;
    assert_int_equal(parse_text(REQUIRED), STATUS_OK);
    assert_string_equal(settings.kiosk_id, "000003");
    assert_true(settings.production);
    assert_int_equal(settings.idle_timeout_s, 60);
    assert_int_equal(settings.denomination_count, 5);
    assert_int_equal(settings.denominations_fen[0], 500);
    assert_int_equal(settings.denominations_fen[4], 10000);
    assert_int_equal(settings.offline_sum_max_fen, 5000000);
    assert_string_equal(settings.data_dir, "/var/lib/guichet");
    assert_string_equal(settings.verify_url, "");
    assert_int_equal(settings.device_count, 0);
    assert_false(settings.hours.are_given);
    assert_int_equal(settings.elder_age, 60);
    assert_int_equal(settings.panel_lower_edge_mm, 850);
}

static void opening_hours_are_read_by_day(void **state)
{
    (void)state;
    assert_int_equal(parse_text(REQUIRED "[visit]\nelder_age = 0\n"), STATUS_OK);
    assert_int_equal(settings.elder_age, 0);
    assert_int_equal(parse_text("[kiosk]\nid = 000003\nregion = 440300\nbureau_zh = 临江\n"
                                "bureau_en = Linjiang\n"
                                "hours = mon-fri 09:00-12:00 13:30-17:00;sat 09:00-12:00\n"
                                "[bureau]\nurl = https://localhost:8443\n"),
                     STATUS_OK);
    assert_true(settings.hours.are_given);
    assert_int_equal(settings.hours.days[0].span_count, 2);
    assert_int_equal(settings.hours.days[4].spans[1].from_min, 13 * 60 + 30);
    assert_int_equal(settings.hours.days[5].spans[0].to_min, 12 * 60);
    assert_int_equal(settings.hours.days[6].span_count, 0);
}

static void opening_hours_that_make_no_sense_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *hours, *why;
    } CASES[] = {
        { "9-17", "\"9-17\" is no day: mon tue wed thu fri sat sun" },
        { "mon", "\"mon\" has no hours" },
        { "mon-fri", "\"mon-fri\" has no hours" },
        { "fri-mon 09:00-17:00", "\"fri-mon\" ends before it begins" },
        { "mon,mon 09:00-17:00", "\"mon\" gives a day twice" },
        { "mon-fri 09:00-17:00;wed 10:00-11:00", "\"wed\" gives a day twice" },
        { "mon 9:00-17:00", "\"9:00-17:00\" is not a span like 09:00-12:00" },
        { "mon 09:00-24:01", "\"09:00-24:01\" is not a span like 09:00-12:00" },
        { "mon 09:60-17:00", "\"09:60-17:00\" is not a span like 09:00-12:00" },
        { "mon 09:00", "\"09:00\" is not a span like 09:00-12:00" },
        { "mon 17:00-09:00", "\"17:00-09:00\" ends before it begins" },
        { "mon 09:00-12:00 11:00-13:00", "\"11:00-13:00\" does not come after the span before it" },
        { "mon 09:00-12:00 12:00-13:00", "\"12:00-13:00\" does not come after the span before it" },
        { "mon 01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00",
          "\"07:00-08:00\" is one span a day too many" },
        { "mon 09:00-12:00;", "\";\" stands beside an empty group" },
        { ";", "\";\" stands beside an empty group" },
        { "mon 09:00-12:00;tue 09:00-12:00;wed 09:00-12:00;thu 09:00-12:00;fri 09:00-12:00",
          "\"fri 09:00-12:00\" is one group too many" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct settings_hours hours = { .are_given = true }, before = hours;
        char why[160];
        assert_false(settings_hours_parse(CASES[i].hours, &hours, why, sizeof why));
        assert_string_equal(why, CASES[i].why);
        assert_memory_equal(&hours, &before, sizeof hours);
    }
}

static void in_production_the_question_stands_for_twenty_seconds_at_least(void **state)
{
    (void)state;
    assert_refused(REQUIRED "[visit]\nmore_time_s = 19\n",
                   "site/kiosk.ini:9: more_time_s: 19 is outside 20..120\n");
    assert_int_equal(parse_text(REQUIRED "[visit]\nmore_time_s = 20\n"), STATUS_OK);
    assert_true(settings.production);
    assert_int_equal(settings.more_time_s, 20);
}

static void each_required_key_that_is_missing_is_named(void **state)
{
    (void)state;
    assert_refused("", "site/kiosk.ini:0: id in [kiosk] must be given\n"
                       "site/kiosk.ini:0: region in [kiosk] must be given\n"
                       "site/kiosk.ini:0: bureau_zh in [kiosk] must be given\n"
                       "site/kiosk.ini:0: bureau_en in [kiosk] must be given\n"
                       "site/kiosk.ini:0: url in [bureau] must be given\n");
}

static void all_errors_come_in_one_pass_with_their_lines(void **state)
{
    (void)state;
    assert_refused(REQUIRED "[visit]\n"
                            "idle_timeout_s = 3\n"
                            "idle_time_s = 60\n"
                            "nonsense\n"
                            "\n"
                            "[vist]\n"
                            "more_time_s = 1\n"
                            "[cash]\n"
                            "offline_hours_max = many\n",
                   "site/kiosk.ini:9: idle_timeout_s: 3 is outside 5..600\n"
                   "site/kiosk.ini:10: unknown key idle_time_s in [visit]\n"
                   "site/kiosk.ini:11: expected: key = value\n"
                   "site/kiosk.ini:13: unknown section [vist]\n"
                   "site/kiosk.ini:16: offline_hours_max: \"many\" is not a whole number\n");
}

static void each_kind_of_value_is_refused_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *line, *why;
    } CASES[] = {
        { "[visit]\nelder_age = 49", "elder_age: 49 is outside 50..100, and not 0" },
        { "[panel]\nlower_edge_mm = 299", "lower_edge_mm: 299 is outside 300..1300" },
        { "[panel]\nfull_screen = true", "full_screen: \"true\" is neither yes nor no" },
        { "[panel]\nwidth_mm = 5x", "width_mm: \"5x\" is not a whole number" },
        { "[panel]\nwidth_mm = -5", "width_mm: \"-5\" is not a whole number" },
        { "[panel]\nwidth_mm = 99999999999999999999",
          "width_mm: \"99999999999999999999\" is not a whole number" },
        { "[paths]\nfont =", "font: expected a path" },
        { "[cash]\noffline_sum_max_yuan = 100",
          "offline_sum_max_yuan: \"100\" is not a sum like 50000.00" },
        { "[cash]\noffline_sum_max_yuan = 1000000.01",
          "offline_sum_max_yuan: 1000000.01 is outside 0.00..1000000.00" },
        { "[cash]\nbox_notes_warn = 400\nbox_notes_max = 400",
          "box_notes_warn 400 is not under box_notes_max 400" },
        { "[cash]\nbox_notes_max = 10001", "box_notes_max: 10001 is outside 0..10000" },
        { "[cash]\nvisit_notes_max = -1", "visit_notes_max: \"-1\" is not a whole number" },
        { "[cash]\nvisit_sum_max_yuan = 1000.01\nday_sum_max_yuan = 1000.00",
          "visit_sum_max_yuan is over day_sum_max_yuan" },
        { "[cash]\nday_sum_max_yuan = 10000000.01",
          "day_sum_max_yuan: 10000000.01 is outside 0.00..10000000.00" },
        { "[cash]\noffline_payments_max = 100001",
          "offline_payments_max: 100001 is outside 0..100000" },
        { "[cash]\ndenominations_yuan = 10 5",
          "denominations_yuan: expected notes of 1 5 10 20 50 100 yuan, ascending" },
        { "[cash]\ndenominations_yuan = 5 5",
          "denominations_yuan: expected notes of 1 5 10 20 50 100 yuan, ascending" },
        { "[cash]\ndenominations_yuan = 2",
          "denominations_yuan: expected notes of 1 5 10 20 50 100 yuan, ascending" },
        { "[cash]\ndenominations_yuan =",
          "denominations_yuan: expected notes of 1 5 10 20 50 100 yuan, ascending" },
        { "[kiosk]\nservice_phone = call us",
          "service_phone: \"call us\" is not a telephone number" },
        { "[kiosk]\nwindow_en = a window with a name that does not fit",
          "window_en: expected a text of 0 to 31 bytes" },
        { "[speech]\noutput = both", "output: \"both\" is neither speaker nor headphone" },
        { "[speech]\nrate = 79", "rate: 79 is outside 80..300" },
        { "[speech]\nvoice_en = --path=/tmp",
          "voice_en: \"--path=/tmp\" is not the name of a voice" },
        { "[speech]\nvoice_en = -q", "voice_en: \"-q\" is not the name of a voice" },
        { "[speech]\nvoice_zh = ../cmn", "voice_zh: \"../cmn\" is not the name of a voice" },
        { "[speech]\nvoice_zh =", "voice_zh: \"\" is not the name of a voice" },
        { "[bureau]\nverify_url = http://verify.example/",
          "verify_url: expected https://…, or nothing" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        char text[512], expected[256];
        text_format(text, sizeof text, REQUIRED "%s\n", CASES[i].line);
        text_format(expected, sizeof expected, "site/kiosk.ini:9: %s\n", CASES[i].why);
        assert_refused(text, expected);
    }
}

static void only_an_https_origin_is_a_bureau(void **state)
{
    (void)state;
    static const char *const REFUSED[] = {
        "http://localhost:8443", "https://",       "https://host/path",  "https://host:0",
        "https://host:65536",    "https://host:",  "https://user@host",  "https://ho st",
        "https://HOST",          "localhost:8443", "https://host:8443/", "",
    };
    for (size_t i = 0; i < ARRAY_SIZE(REFUSED); i++) {
        char text[512];
        text_format(text, sizeof text,
                    "[kiosk]\nid = 000003\nregion = 440300\nbureau_zh = a\nbureau_en = b\n"
                    "[bureau]\nurl = %s\n",
                    REFUSED[i]);
        assert_refused(text, "site/kiosk.ini:7: url: expected https://host or https://host:port\n");
    }
}

static void keys_that_depend_on_each_other_are_checked_together(void **state)
{
    (void)state;
    assert_refused(REQUIRED "retry_s_min = 400\n",
                   "site/kiosk.ini:8: retry_s_min 400 is over retry_s_max 300\n");
    assert_refused(REQUIRED "[panel]\nwidth_px = 1080\n",
                   "site/kiosk.ini:9: width_px and height_px: both or neither\n");
    assert_refused(REQUIRED "[visit]\nidle_timeout_s = 29\ncash_timeout_s = 10\n",
                   "site/kiosk.ini:9: idle_timeout_s under 30 s needs production = no\n"
                   "site/kiosk.ini:10: cash_timeout_s under 30 s needs production = no\n");
    assert_int_equal(parse_text(REQUIRED "[kiosk]\nproduction = no\n[visit]\nidle_timeout_s = 5\n"),
                     STATUS_OK);
    assert_refused(REQUIRED "[paths]\npolicy_keys =\n",
                   "site/kiosk.ini:9: no policy_keys needs production = no: policies must be "
                   "signed\n");
    assert_int_equal(parse_text(REQUIRED "[kiosk]\nproduction = no\n[paths]\npolicy_keys =\n"),
                     STATUS_OK);
    assert_string_equal(settings.policy_keys, "");
}

static void private_data_is_said_only_on_a_headphone(void **state)
{
    (void)state;
    assert_refused(REQUIRED "[speech]\nprivate = yes\n",
                   "site/kiosk.ini:9: private = yes needs output = headphone: a loudspeaker tells "
                   "the whole hall\n");
    assert_refused(REQUIRED "[speech]\noutput = speaker\nprivate = yes\n",
                   "site/kiosk.ini:10: private = yes needs output = headphone: a loudspeaker tells "
                   "the whole hall\n");
    assert_int_equal(parse_text(REQUIRED "[speech]\nprivate = yes\noutput = headphone\n"),
                     STATUS_OK);
    assert_true(settings.speech_private);
    assert_int_equal(settings.speech_output, SETTINGS_HEADPHONE);
    assert_int_equal(parse_text(REQUIRED), STATUS_OK);
    assert_true(settings.speech_enabled);
    assert_false(settings.speech_private);
    assert_int_equal(settings.speech_output, SETTINGS_SPEAKER);
    assert_string_equal(settings.speech_voice_zh, "cmn-latn-pinyin");
}

static void a_key_given_twice_is_refused(void **state)
{
    (void)state;
    assert_refused(REQUIRED "url = https://other:1\n",
                   "site/kiosk.ini:8: url is given twice, first in line 7\n");
}

static void what_inih_would_quietly_accept_is_refused(void **state)
{
    (void)state;
    assert_refused("id = 000003\n" REQUIRED,
                   "site/kiosk.ini:1: id stands before the first section\n");
    assert_refused(REQUIRED "  poll_s = 5\n", "site/kiosk.ini:8: the line starts with a blank\n");
    assert_refused(REQUIRED "[visit] idle_timeout_s = 60\n",
                   "site/kiosk.ini:8: a section is written [name]\n");
    assert_refused(REQUIRED "[visit\nidle_timeout_s = 1\n",
                   "site/kiosk.ini:8: a section is written [name]\n");
    assert_refused(REQUIRED "; \xFF\nverify_url = https://\xFF\n",
                   "site/kiosk.ini:9: the line is not UTF-8\n");

    char text[1024];
    text_format(text, sizeof text, REQUIRED "verify_url = https://%0300d\npoll_s = 0\n", 7);
    assert_refused(text, "site/kiosk.ini:8: the line is longer than 198 bytes\n"
                         "site/kiosk.ini:9: poll_s: 0 is outside 1..86400\n");

    static const char NUL[] = REQUIRED "poll_s = 5\0\n";
    assert_int_equal(
        parse_bytes(settings_parse_kiosk, "k.ini", NUL, sizeof NUL - 1, &errors, &settings),
        STATUS_INVALID);
    assert_string_equal(errors.text, "k.ini:8: the line contains a NUL\n");
}

static void comments_windows_line_ends_and_a_byte_order_mark_do_no_harm(void **state)
{
    (void)state;
    static const char TEXT[] = "\xEF\xBB\xBF; a site\r\n[kiosk]\r\nid = 000003 ; the third\r\n"
                               "region = 440300\r\nbureau_zh = 临江\r\nbureau_en = Linjiang\r\n"
                               "# more\r\n  ; an indented comment\r\n"
                               "[bureau] ; ours\r\nurl = https://localhost"; /* no last newline */
    assert_int_equal(parse_text(TEXT), STATUS_OK);
    assert_string_equal(settings.kiosk_id, "000003");
    assert_string_equal(settings.bureau_url, "https://localhost");
}

static void paths_start_at_the_folder_of_the_file(void **state)
{
    (void)state;
    assert_int_equal(parse_text(REQUIRED "[paths]\ndata_dir = ../data\npolicy_dir = /etc/p\n"),
                     STATUS_OK);
    assert_string_equal(settings.data_dir, "site/../data");
    assert_string_equal(settings.policy_dir, "/etc/p");
    static const char TEXT[] = REQUIRED "[paths]\ndata_dir = data\n";
    assert_int_equal(
        parse_bytes(settings_parse_kiosk, "kiosk.ini", TEXT, strlen(TEXT), &errors, &settings),
        STATUS_OK);
    assert_string_equal(settings.data_dir, "data");
}

static void a_path_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    char file[SETTINGS_PATH_SIZE];
    memset(file, 'd', sizeof file);
    text_copy(file + 240, 16, "/kiosk.ini");
    static const char TEXT[] = REQUIRED "[paths]\ndata_dir = a-long-name-behind-it\n";
    assert_int_equal(
        parse_bytes(settings_parse_kiosk, file, TEXT, strlen(TEXT), &errors, &settings),
        STATUS_INVALID);
    assert_non_null(strstr(errors.text, ":9: data_dir: the path with its folder is longer than"));
}

static void a_file_over_its_bound_is_refused(void **state)
{
    (void)state;
    static char text[SETTINGS_FILE_SIZE_MAX + 1];
    memset(text, '\n', sizeof text);
    memcpy(text, REQUIRED, strlen(REQUIRED));
    assert_int_equal(parse_bytes(settings_parse_kiosk, "k.ini", text, SETTINGS_FILE_SIZE_MAX,
                                 &errors, &settings),
                     STATUS_OK);
    assert_int_equal(
        parse_bytes(settings_parse_kiosk, "k.ini", text, sizeof text, &errors, &settings),
        STATUS_INVALID);
    assert_non_null(strstr(errors.text, "k.ini:0: the file is larger than 65536 bytes\n"));
}

static void a_missing_file_and_a_folder_are_told_apart(void **state)
{
    (void)state;
    memset(&errors, 0, sizeof errors);
    assert_int_equal(settings_load("/nonexistent/kiosk.ini", collect, &errors, &settings),
                     STATUS_NOT_FOUND);
    assert_string_equal(errors.text,
                        "/nonexistent/kiosk.ini:0: cannot be opened: No such file or directory\n");
    memset(&errors, 0, sizeof errors);
    assert_int_equal(settings_load("/", collect, &errors, &settings), STATUS_IO);
    assert_int_equal(errors.count, 1);
}

/* The documentation is the table: every key, every default, nothing else. */
static void config_kiosk_ini_shows_every_key_with_its_default(void **state)
{
    (void)state;
    FILE *file = fopen(SOURCE_DIR "/config/kiosk.ini", "r");
    assert_non_null(file);
    bool shown[SETTINGS_KEYS_MAX] = { false };
    char line[256], section[64] = "", name[64];
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *equals = strchr(line, '=');
        if (sscanf(line, "[%63[a-z]]", section) == 1 || *line == ';' || equals == NULL)
            continue;
        assert_int_equal(sscanf(line, "%63[a-z_]", name), 1);
        for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
            const struct settings_key *key = &SETTINGS_KEYS[i];
            if (strcmp(key->section, section) != 0 || strcmp(key->name, name) != 0)
                continue;
            shown[i] = true;
            if (key->fallback != NULL)
                assert_string_equal(equals + 1 + (equals[1] == ' '), key->fallback);
        }
    }
    fclose(file);
    for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
        if (!shown[i])
            fail_msg("%s in [%s] is not in config/kiosk.ini", SETTINGS_KEYS[i].name,
                     SETTINGS_KEYS[i].section);
    }
}

static void the_files_in_the_tree_load(void **state)
{
    (void)state;
    memset(&errors, 0, sizeof errors);
    assert_int_equal(settings_load(SOURCE_DIR "/config/kiosk.ini", collect, &errors, &settings),
                     STATUS_OK);
    assert_int_equal(settings_load(SOURCE_DIR "/config/dev/kiosk.ini", collect, &errors, &settings),
                     STATUS_OK);
    assert_string_equal(errors.text, "");
    assert_string_equal(settings.kiosk_id, "000003");
    assert_string_equal(settings.place_zh, "大厅 03 号");
    assert_false(settings.production);
    assert_string_equal(settings.policy_dir, SOURCE_DIR "/config/dev/../policy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_hours_are_read_by_day),
        cmocka_unit_test(opening_hours_that_make_no_sense_are_named),
        cmocka_unit_test(in_production_the_question_stands_for_twenty_seconds_at_least),
        cmocka_unit_test(a_site_that_gives_the_required_keys_gets_the_defaults),
        cmocka_unit_test(each_required_key_that_is_missing_is_named),
        cmocka_unit_test(all_errors_come_in_one_pass_with_their_lines),
        cmocka_unit_test(each_kind_of_value_is_refused_with_its_reason),
        cmocka_unit_test(only_an_https_origin_is_a_bureau),
        cmocka_unit_test(keys_that_depend_on_each_other_are_checked_together),
        cmocka_unit_test(private_data_is_said_only_on_a_headphone),
        cmocka_unit_test(a_key_given_twice_is_refused),
        cmocka_unit_test(what_inih_would_quietly_accept_is_refused),
        cmocka_unit_test(comments_windows_line_ends_and_a_byte_order_mark_do_no_harm),
        cmocka_unit_test(paths_start_at_the_folder_of_the_file),
        cmocka_unit_test(a_path_that_does_not_fit_is_refused),
        cmocka_unit_test(a_file_over_its_bound_is_refused),
        cmocka_unit_test(a_missing_file_and_a_folder_are_told_apart),
        cmocka_unit_test(config_kiosk_ini_shows_every_key_with_its_default),
        cmocka_unit_test(the_files_in_the_tree_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
