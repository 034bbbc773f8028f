#include "base/log.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "support/unit.h"

#define CAPTURE_SIZE 8192

/* stderr goes into a pipe while a test runs. */
struct capture {
    int real_stderr, read_end;
    char text[CAPTURE_SIZE];
};

static void capture_begin(struct capture *capture)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    capture->real_stderr = dup(STDERR_FILENO);
    capture->read_end = ends[0];
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
}

static const char *capture_end(struct capture *capture)
{
    dup2(capture->real_stderr, STDERR_FILENO);
    close(capture->real_stderr);
    ssize_t size = 0, got;
    while ((got = read(capture->read_end, capture->text + size, CAPTURE_SIZE - 1 - (size_t)size)) >
           0)
        size += got;
    close(capture->read_end);
    capture->text[size] = '\0';
    return capture->text;
}

static void assert_field(const char *line, const char *name, const char *expected)
{
    json_error_t error;
    json_t *object = json_loads(line, 0, &error);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, name)), expected);
    json_decref(object);
}

static void a_line_is_one_json_object(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture);
    log_warning("cash", "note_returned", "value %d fen, channel %d", 10000, 3);
    const char *line = capture_end(&capture);
    assert_field(line, "level", "warning");
    assert_field(line, "module", "cash");
    assert_field(line, "event", "note_returned");
    assert_field(line, "text", "value 10000 fen, channel 3");
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    assert_int_equal(strncmp(line, "{\"at\":\"20", 9), 0);
    assert_int_equal(line[7 + 23], 'Z');
}

static void control_characters_quotes_and_broken_bytes_stay_inside_the_string(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture);
    log_error("usb", "descriptor", "%s",
              "a\"b\\c\nd\x1B"
              "e\xFF"
              "王");
    const char *line = capture_end(&capture);
    assert_field(line, "text",
                 "a\"b\\c\nd\x1B"
                 "e\xEF\xBF\xBD"
                 "王");
}

static void a_long_line_is_cut_and_still_json(void **state)
{
    (void)state;
    char many[3000];
    for (size_t i = 0; i < sizeof many - 1; i++)
        many[i] = i % 2 == 0 ? '\n' : '"';
    many[sizeof many - 1] = '\0';
    struct capture capture;
    capture_begin(&capture);
    log_info("base", "long", "%s", many);
    const char *line = capture_end(&capture);
    assert_true(strlen(line) <= 1024);
    assert_true(strlen(line) > 900);
    assert_field(line, "event", "long");
}

static void quiet_levels_write_nothing(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture);
    log_set_level(LOG_ERROR);
    log_warning("base", "quiet", "%s", "not seen");
    log_set_level(LOG_INFO);
    log_debug("base", "quiet", "%s", "not seen either");
    assert_string_equal(capture_end(&capture), "");
}

static void journald_gets_a_priority_in_front(void **state)
{
    (void)state;
    struct capture capture;
    setenv("JOURNAL_STREAM", "8:12345", 1);
    capture_begin(&capture);
    log_error("base", "prefixed", "%s", "x");
    const char *line = capture_end(&capture);
    unsetenv("JOURNAL_STREAM");
    assert_int_equal(strncmp(line, "<3>{", 4), 0);
    assert_field(line + 3, "event", "prefixed");
}

static void logging_leaves_errno_alone(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture);
    errno = ENOSPC;
    log_info("base", "errno", "%s", "x");
    int after = errno;
    (void)capture_end(&capture);
    assert_int_equal(after, ENOSPC);
}

static void fail_a_check(void *context)
{
    CHECK(context != context);
}

static void a_failed_check_says_where_and_aborts(void **state)
{
    (void)state;
    assert_aborts(fail_a_check, NULL);

    struct capture capture;
    capture_begin(&capture);
    pid_t child = fork();
    if (child == 0)
        check_failed("fen >= 0", "/somewhere/firmware/payment/settle.c", 42);
    waitpid(child, NULL, 0);
    const char *line = capture_end(&capture);
    assert_field(line, "module", "payment");
    assert_field(line, "event", "check_failed");
    assert_field(line, "text", "settle.c:42: fen >= 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_json_object),
        cmocka_unit_test(control_characters_quotes_and_broken_bytes_stay_inside_the_string),
        cmocka_unit_test(a_long_line_is_cut_and_still_json),
        cmocka_unit_test(quiet_levels_write_nothing),
        cmocka_unit_test(journald_gets_a_priority_in_front),
        cmocka_unit_test(logging_leaves_errno_alone),
        cmocka_unit_test(a_failed_check_says_where_and_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
