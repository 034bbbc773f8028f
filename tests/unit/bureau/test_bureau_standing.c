/*
 * What the bureau says of somebody who wants to register, and what it does when the registration
 * comes all the same.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "tools/bureau/desk.h"
#include "tools/bureau/person.h"
#include "tools/bureau/publish.h"
#include "tools/bureau/standing.h"
#include "unit/bureau/desk_rig.h"

/* Invented; the county 449999 does not exist. Born before the day of the rig's entries, 1970. */
#define ID_NUMBER "449999196006050040"
#define ACCOUNT "990100000001"
#define FORMER "880100000007"
#define PERSON                                                                                     \
    "{\"name\":\"阿依古丽\",\"number\":\"" ID_NUMBER "\",\"sex\":2,\"birth\":19600605,"            \
    "\"nation\":5,\"phone\":\"13900000000\",\"consent\":1,\"at\":1}"

static struct person_key key;

static int setup(void **state)
{
    int result = desk_setup(state);
    struct desk_rig *rig = *state;
    char path[160];
    assert_true(sodium_init() >= 0);
    assert_int_equal(sealing_make_key(rig->folder), STATUS_OK);
    assert_int_equal(person_read_key(rig->folder, &key), STATUS_OK);
    for (int i = 0; i < 2; i++) { /* so that the folder can be removed */
        snprintf(path, sizeof path, "%s/bureau.%s", rig->folder, i == 0 ? "key" : "pub");
        unlink(path);
    }
    rig->store.person_key = &key;
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    return result;
}

static void seal(const char *plain, char text[1024])
{
    unsigned char box[512];
    size_t size = strlen(plain);
    crypto_box_seal(box, (const unsigned char *)plain, size, key.sealing.public_key);
    sodium_bin2base64(text, 1024, box, size + crypto_box_SEALBYTES, sodium_base64_VARIANT_ORIGINAL);
}

static enum status mark(struct desk_rig *rig, const char *lines)
{
    int count;
    FILE *in = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
    FILE *errors = fopen("/dev/null", "w");
    enum status status = standing_import(&rig->store, in, "a.zhao", 7, errors, &count);
    fclose(in);
    fclose(errors);
    return status;
}

static int ask(struct desk_rig *rig, const char *plain, const char *insurances)
{
    char sealed[1024], body[1200];
    seal(plain, sealed);
    snprintf(body, sizeof body, "{\"sealed\":\"%s\",\"insurances\":%s}", sealed, insurances);
    json_decref(rig->reply);
    rig->reply = NULL;
    return desk_tell_standing(&rig->store, rig->kiosk, body, strlen(body), 9000, &rig->reply);
}

static int ask_for(struct desk_rig *rig, const char *insurances)
{
    return ask(rig, "{\"ask\":\"registration\",\"number\":\"" ID_NUMBER "\"}", insurances);
}

static const char *register_person(struct desk_rig *rig, const char *account, const char *plain,
                                   const char *more)
{
    char sealed[1024], body[1400];
    seal(plain, sealed);
    snprintf(body, sizeof body,
             "{\"account\":\"%s\",\"person\":\"aa\",\"insurances\":[\"110\",\"310\"],"
             "\"sealed\":\"%s\"%s}",
             account, sealed, more);
    return try_entry(rig, "registered", body);
}

static void somebody_nobody_has_heard_of_is_new(void **state)
{
    struct desk_rig *rig = *state;
    assert_int_equal(ask_for(rig, "[\"110\"]"), 200);
    assert_string_equal(reply_text(rig, "state"), "new");
    assert_int_equal(reply_int(rig, "at"), 9000);
}

static void whoever_is_marked_is_refused_before_and_after(void **state)
{
    static const char *const MARKS[] = { "employed",  "pensioner", "elsewhere",    "not_in_person",
                                         "open_bill", "residence", "record_closed" };
    struct desk_rig *rig = *state;
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        char lines[96];
        snprintf(lines, sizeof lines, "# today's\n" ID_NUMBER " %s some unit\n", MARKS[i]);
        assert_int_equal(mark(rig, lines), STATUS_OK);
        assert_int_equal(ask_for(rig, "[\"110\"]"), 200);
        assert_string_equal(reply_text(rig, "state"), "refused");
        assert_string_equal(reply_text(rig, "reason"), MARKS[i]);
        assert_string_equal(register_person(rig, ACCOUNT, PERSON, ""), MARKS[i]);
        snprintf(lines, sizeof lines, ID_NUMBER " -%s\n", MARKS[i]);
        assert_int_equal(mark(rig, lines), STATUS_OK);
    }
    assert_int_equal(ask_for(rig, "[\"110\"]"), 200);
    assert_string_equal(reply_text(rig, "state"), "new");
}

static void a_mark_about_one_insurance_leaves_the_others(void **state)
{
    struct desk_rig *rig = *state;
    assert_int_equal(mark(rig, ID_NUMBER " unemployment\n"), STATUS_OK);
    assert_int_equal(ask_for(rig, "[\"110\"]"), 200);
    assert_string_equal(reply_text(rig, "state"), "new");
    assert_int_equal(ask_for(rig, "[\"110\",\"310\"]"), 200);
    assert_string_equal(reply_text(rig, "reason"), "unemployment");
    assert_string_equal(register_person(rig, ACCOUNT, PERSON, ""), "unemployment");
}

static void a_former_account_goes_on(void **state)
{
    struct desk_rig *rig = *state;
    assert_int_equal(mark(rig, ID_NUMBER " former " FORMER "\n"), STATUS_OK);
    assert_int_equal(ask_for(rig, "[\"110\"]"), 200);
    assert_string_equal(reply_text(rig, "state"), "renewal");
    assert_string_equal(reply_text(rig, "account"), FORMER);
    /* Nobody takes another's number by saying that it was given. */
    assert_string_equal(register_person(rig, "880100000008", PERSON, ",\"given\":\"bureau\""),
                        "number_not_leased");
    assert_string_equal(register_person(rig, FORMER, PERSON, ",\"given\":\"bureau\""), "");
    assert_int_equal(ask_for(rig, "[\"110\"]"), 200);
    assert_string_equal(reply_text(rig, "state"), "registered");
    assert_string_equal(reply_text(rig, "account"), FORMER);
}

/* ---- by the policy it names ---- */

#define POLICY_FOLDER SOURCE_DIR "/tests/scenarios/due_policy"
#define NOVEMBER_MS INT64_C(1795392000000) /* 2026-11-23 08:00 in China */

/* from: what the kiosk says the pension begins with; birth: of a man, eight digits. */
static const char *claim(struct desk_rig *rig, const char *from, const char *birth, int revision)
{
    char plain[256], number[32], more[160];
    snprintf(number, sizeof number, "449999%s001", birth);
    static const int WEIGHTS[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (number[i] - '0') * WEIGHTS[i];
    number[17] = "10X98765432"[sum % 11];
    number[18] = '\0';
    snprintf(plain, sizeof plain,
             "{\"name\":\"某\",\"number\":\"%s\",\"sex\":1,\"birth\":%s,"
             "\"phone\":\"13900000000\"}",
             number, birth);
    snprintf(more, sizeof more,
             ",\"starts\":{\"110\":\"%s\",\"390\":\"2026-11\"},\"from\":\"%s\",\"base\":477500,"
             "\"policy\":\"somewhere-due\",\"revision\":%d",
             from, from, revision);
    char sealed[1024], body[1400];
    seal(plain, sealed);
    snprintf(body, sizeof body,
             "{\"account\":\"" ACCOUNT "\",\"person\":\"aa\",\"insurances\":[\"110\",\"390\"],"
             "\"sealed\":\"%s\"%s}",
             sealed, more);
    return try_entry(rig, "registered", body);
}

static void what_the_kiosk_let_pass_is_judged_again_by_the_policy(void **state)
{
    static struct publish publish;
    struct desk_rig *rig = *state;
    publish_init(&publish, POLICY_FOLDER);
    rig->store.publish = &publish;
    rig->begin_ms = NOVEMBER_MS;
    assert_string_equal(claim(rig, "2026-07", "19880315", 1), "back_payment");
    assert_string_equal(claim(rig, "2026-13", "19880315", 1), "policy");
    assert_string_equal(claim(rig, "2026-08", "19880315", 1), "");
    publish_free(&publish);
    rig->store.publish = NULL;
}

/* A file that is gone from the folder is no reason to turn anybody away. */
static void by_a_policy_that_is_not_there_nobody_is_judged(void **state)
{
    static struct publish publish;
    struct desk_rig *rig = *state;
    publish_init(&publish, POLICY_FOLDER);
    rig->store.publish = &publish;
    rig->begin_ms = NOVEMBER_MS;
    assert_string_equal(claim(rig, "2026-07", "19880315", 2), "");
    publish_free(&publish);
    rig->store.publish = NULL;
}

/* The visit began on the last day of November, the entry is of the first minute of December. */
static void a_visit_over_midnight_is_judged_by_the_day_it_began(void **state)
{
    static struct publish publish;
    struct desk_rig *rig = *state;
    publish_init(&publish, POLICY_FOLDER);
    rig->store.publish = &publish;
    const int64_t midnight_ms = NOVEMBER_MS + INT64_C(184) * 3600000;
    rig->begin_ms = midnight_ms + INT64_C(25) * 3600000;
    assert_string_equal(claim(rig, "2026-08", "19880315", 1), "back_payment");
    rig->begin_ms = midnight_ms + 60000; /* 12-01 00:01 */
    assert_string_equal(claim(rig, "2026-08", "19880315", 1), "");
    publish_free(&publish);
    rig->store.publish = NULL;
}

static void a_second_registration_is_set_aside(void **state)
{
    struct desk_rig *rig = *state;
    assert_string_equal(register_person(rig, ACCOUNT, PERSON, ""), "");
    assert_string_equal(register_person(rig, "990100000002", PERSON, ""), "person_known");
}

static void fields_that_contradict_each_other_are_set_aside(void **state)
{
    static const char *const WRONG[] = {
        "{\"number\":\"449999196006050041\",\"sex\":2,\"birth\":19600605,\"phone\":"
        "\"13900000000\"}",
        "{\"number\":\"" ID_NUMBER "\",\"sex\":1,\"birth\":19600605,\"phone\":\"13900000000\"}",
        "{\"number\":\"" ID_NUMBER "\",\"sex\":2,\"birth\":19600606,\"phone\":\"13900000000\"}",
        "{\"number\":\"" ID_NUMBER "\",\"sex\":2,\"birth\":19600605,\"phone\":\"1390000000\"}",
    };
    struct desk_rig *rig = *state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        assert_string_equal(register_person(rig, ACCOUNT, WRONG[i], ""), "identity");
}

static void nothing_that_is_sealed_for_something_else_is_answered(void **state)
{
    struct desk_rig *rig = *state;
    assert_int_equal(ask(rig, PERSON, "[\"110\"]"), 400);
    assert_int_equal(ask(rig, "{\"ask\":\"payments\",\"number\":\"" ID_NUMBER "\"}", "[]"), 400);
    assert_int_equal(ask_for(rig, "\"110\""), 400);
    rig->store.person_key = NULL;
    assert_int_equal(ask_for(rig, "[\"110\"]"), 503);
}

static void a_list_with_one_bad_line_marks_nobody(void **state)
{
    static const char *const LISTS[] = {
        ID_NUMBER " employed\n449999196006050041 employed\n",
        ID_NUMBER " employed\n" ID_NUMBER " tall\n",
        ID_NUMBER " employed\n" ID_NUMBER "\n",
        ID_NUMBER " employed\n" ID_NUMBER " former\n",
        ID_NUMBER " employed\n" ID_NUMBER " retired\n", /* the kiosk's own to find */
    };
    struct desk_rig *rig = *state;
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
        assert_int_equal(mark(rig, LISTS[i]), STATUS_INVALID);
    assert_int_equal(ask_for(rig, "[\"110\"]"), 200);
    assert_string_equal(reply_text(rig, "state"), "new");
}

static void the_list_names_nobody(void **state)
{
    struct desk_rig *rig = *state;
    char text[512] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_int_equal(mark(rig, ID_NUMBER " employed 某单位\n"), STATUS_OK);
    assert_int_equal(standing_list(&rig->store, out), STATUS_OK);
    fclose(out);
    assert_non_null(strstr(text, "employed 某单位"));
    assert_non_null(strstr(text, "a.zhao"));
    assert_null(strstr(text, "4499"));
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(somebody_nobody_has_heard_of_is_new),
        ON_RIG(whoever_is_marked_is_refused_before_and_after),
        ON_RIG(a_mark_about_one_insurance_leaves_the_others),
        ON_RIG(a_former_account_goes_on),
        ON_RIG(what_the_kiosk_let_pass_is_judged_again_by_the_policy),
        ON_RIG(by_a_policy_that_is_not_there_nobody_is_judged),
        ON_RIG(a_visit_over_midnight_is_judged_by_the_day_it_began),
        ON_RIG(a_second_registration_is_set_aside),
        ON_RIG(fields_that_contradict_each_other_are_set_aside),
        ON_RIG(nothing_that_is_sealed_for_something_else_is_answered),
        ON_RIG(a_list_with_one_bad_line_marks_nobody),
        ON_RIG(the_list_names_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
