#include "settings/settings_touch.h"

#include <stdlib.h>

#include "collect.h"

#include <sys/stat.h>

static const char GOOD[] = "[map]\nxx = 0\nxy = -1000000\nx0 = 1000000\nyx = 1000000\nyy = 0\n"
                           "y0 = 0\n[test]\ntargets = 45\ndead = 1\nmisses = 2\nworst_um = 3100\n"
                           "jitter_um = 400\npassed = no\n";

static char folder[64], path[96];
static struct collected errors;

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/guichet-cal-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    text_format(path, sizeof path, "%s/touch.cal", folder);
    errors = (struct collected){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails when a file was left aside */
}

static enum status load_text(const char *text, struct settings_touch *out)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return settings_touch_load(path, collect, &errors, out);
}

static void what_is_saved_is_read_back(void **state)
{
    (void)state;
    const struct settings_touch touch = { .map = { 1, -2, 3, -4000000, 5, -6 },
                                          .passed = true,
                                          .targets = 45,
                                          .dead = 7,
                                          .misses = 8,
                                          .worst_um = 9000,
                                          .jitter_um = 10 };
    struct settings_touch read;
    assert_int_equal(settings_touch_save(path, &touch), STATUS_OK);
    assert_int_equal(settings_touch_load(path, collect, &errors, &read), STATUS_OK);
    assert_memory_equal(read.map, touch.map, sizeof touch.map);
    assert_true(read.passed);
    assert_int_equal(read.jitter_um, 10);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void a_missing_file_is_no_error(void **state)
{
    (void)state;
    struct settings_touch read;
    assert_int_equal(settings_touch_load(path, collect, &errors, &read), STATUS_NOT_FOUND);
    assert_int_equal(errors.count, 0);
}

static void assert_refused(const char *find, const char *instead, const char *because)
{
    struct settings_touch read = { .targets = 77 };
    char text[512];
    const char *at = strstr(GOOD, find);
    assert_non_null(at);
    text_format(text, sizeof text, "%.*s%s%s", (int)(at - GOOD), GOOD, instead, at + strlen(find));
    errors = (struct collected){ 0 };
    assert_int_equal(load_text(text, &read), STATUS_INVALID);
    if (!strstr(errors.text, because))
        fail_msg("\"%s\" is not in: %s", because, errors.text);
    assert_int_equal(read.targets, 77);
}

static void a_malformed_file_is_refused_whole(void **state)
{
    (void)state;
    struct settings_touch read;
    assert_int_equal(load_text(GOOD, &read), STATUS_OK);
    assert_int_equal(read.map[1], -1000000);
    assert_refused("xx = 0\n", "", "xx must be given");
    assert_refused("passed = no\n", "", "passed must be given");
    assert_refused("xx = 0", "xx = nan", ":2: xx is out of range");
    assert_refused("xx = 0", "xx = 99999999999", "xx is out of range");
    assert_refused("xx = 0", "xx = 0.5", "xx is out of range");
    assert_refused("dead = 1", "dead = -1", "dead is out of range");
    assert_refused("passed = no", "passed = maybe", "passed is out of range");
    assert_refused("xx = 0", "xx = 0\nxx = 0", "xx is given twice");
    assert_refused("[test]", "[tests]", "unknown section");
    assert_refused("dead = 1", "alive = 1", "unknown key alive");
    assert_refused("dead = 1", "dead", "expected: key = value");
    assert_int_equal(load_text("", &read), STATUS_INVALID);
    assert_int_equal(load_text("\xff\xfe\x01", &read), STATUS_INVALID);
}

static void a_folder_that_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    const struct settings_touch touch = { .passed = true };
    assert_int_equal(settings_touch_save("/nowhere/touch.cal", &touch), STATUS_IO);
    assert_int_equal(mkdir(path, 0700), 0); /* a rename over a folder fails */
    assert_int_equal(settings_touch_save(path, &touch), STATUS_IO);
    assert_int_equal(rmdir(path), 0);
}

#define CAL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CAL_TEST(what_is_saved_is_read_back),
        CAL_TEST(a_missing_file_is_no_error),
        CAL_TEST(a_malformed_file_is_refused_whole),
        CAL_TEST(a_folder_that_cannot_be_written_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
