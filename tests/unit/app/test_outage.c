/* The page without a journal: language, modes and reading work, and go back when nobody is there.
 */
#include "app/outage.h"

#include <string.h>

#include "support/unit.h"

#define WALL_MS INT64_C(1795399267000) /* 2026-11-23 */

static struct clock_fake fake;
static struct app app;

static int set_up(void **state)
{
    (void)state;
    if (app.clock) { /* the page is one for the whole process: wait until it is as at first */
        clock_fake_advance(&fake, 600000);
        outage_tick(&app);
        return 0;
    }
    clock_fake_init(&fake, WALL_MS);
    app.clock = &fake.clock;
    app.settings.idle_timeout_s = 60;
    app.settings.more_time_s = 20;
    strcpy(app.settings.bureau_zh, "临江市社会保险服务");
    return 0;
}

static void wait_s(int seconds)
{
    clock_fake_advance(&fake, seconds * INT64_C(1000));
    outage_tick(&app);
}

static void assert_as_at_first(void)
{
    const struct session_view *view = outage_view(&app);
    assert_int_equal(view->step, STEP_OUT_OF_SERVICE);
    assert_int_equal(view->language, LANGUAGE_ZH);
    assert_int_equal(view->overlay, OVERLAY_NONE);
    assert_false(view->modes.contrast);
    assert_int_equal(view->seconds_total, 0);
    assert_int_equal(outage_next_deadline_ms(&app), INT64_MAX);
}

static void nothing_is_offered_and_it_says_so(void **state)
{
    (void)state;
    const struct session_view *view = outage_view(&app);
    assert_int_equal(view->visit_service, SERVICE_JOURNAL);
    assert_int_equal(view->service_count, OFFERS);
    for (int i = 0; i < OFFERS; i++)
        assert_int_equal(view->services[i].service, SERVICE_JOURNAL);
    assert_true(view->service_since_ms > 0);
    assert_true(view->is_open);
    assert_string_equal(view->bureau[LANGUAGE_ZH], "临江市社会保险服务");
}

static void modes_work_and_go_back_when_nobody_touches_anything(void **state)
{
    (void)state;
    outage_on_intent(&app, INTENT_LANGUAGE, LANGUAGE_EN);
    outage_on_intent(&app, INTENT_CONTRAST, 1);
    outage_on_intent(&app, INTENT_OVERLAY, OVERLAY_MODES);
    assert_int_equal(outage_view(&app)->language, LANGUAGE_EN);
    assert_true(outage_view(&app)->modes.contrast);
    assert_int_equal(outage_view(&app)->overlay, OVERLAY_MODES);
    wait_s(59);
    assert_int_equal(outage_view(&app)->overlay, OVERLAY_MODES);
    app.dirty = false;
    wait_s(1);
    assert_as_at_first();
    assert_true(app.dirty);
}

static void a_language_there_is_not_is_not_taken(void **state)
{
    (void)state;
    outage_on_intent(&app, INTENT_LANGUAGE, LANGUAGES);
    assert_int_equal(outage_view(&app)->language, LANGUAGE_ZH);
}

static void an_overlay_covers_the_page(void **state)
{
    (void)state;
    outage_on_intent(&app, INTENT_OVERLAY, OVERLAY_MODES);
    outage_on_intent(&app, INTENT_RIGHTS, 0);
    assert_int_equal(outage_view(&app)->step, STEP_OUT_OF_SERVICE);
    outage_on_intent(&app, INTENT_OVERLAY, OVERLAY_NONE);
    outage_on_intent(&app, INTENT_RIGHTS, 0);
    assert_int_equal(outage_view(&app)->step, STEP_RIGHTS);
}

static void the_page_for_reading_asks_before_it_goes(void **state)
{
    (void)state;
    outage_on_intent(&app, INTENT_RIGHTS, 0);
    assert_int_equal(outage_view(&app)->seconds_left, 60);
    wait_s(60);
    assert_true(outage_view(&app)->ask_more_time);
    assert_int_equal(outage_view(&app)->seconds_left, 20);
    outage_on_intent(&app, INTENT_MORE_TIME, 0);
    assert_int_equal(outage_view(&app)->step, STEP_RIGHTS);
    assert_false(outage_view(&app)->ask_more_time);
    outage_on_intent(&app, INTENT_BACK, 0);
    assert_int_equal(outage_view(&app)->step, STEP_OUT_OF_SERVICE);
    outage_on_intent(&app, INTENT_RIGHTS, 0);
    wait_s(80);
    assert_as_at_first();
}

static void a_touch_beside_everything_gives_the_time_again(void **state)
{
    (void)state;
    outage_on_activity(&app);
    assert_as_at_first();
    outage_on_intent(&app, INTENT_CONTRAST, 1);
    wait_s(59);
    outage_on_activity(&app);
    wait_s(59);
    assert_true(outage_view(&app)->modes.contrast);
    wait_s(1);
    assert_as_at_first();
}

static void large_type_has_twice_the_time_here_too(void **state)
{
    (void)state;
    outage_on_intent(&app, INTENT_LARGE, 1);
    outage_on_intent(&app, INTENT_RIGHTS, 0);
    assert_int_equal(outage_view(&app)->seconds_total, 120);
    wait_s(159);
    assert_int_equal(outage_view(&app)->step, STEP_RIGHTS);
    wait_s(1);
    assert_as_at_first();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_offered_and_it_says_so, set_up),
        cmocka_unit_test_setup(modes_work_and_go_back_when_nobody_touches_anything, set_up),
        cmocka_unit_test_setup(a_language_there_is_not_is_not_taken, set_up),
        cmocka_unit_test_setup(an_overlay_covers_the_page, set_up),
        cmocka_unit_test_setup(the_page_for_reading_asks_before_it_goes, set_up),
        cmocka_unit_test_setup(a_touch_beside_everything_gives_the_time_again, set_up),
        cmocka_unit_test_setup(large_type_has_twice_the_time_here_too, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
