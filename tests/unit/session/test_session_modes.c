/* How a person wants the screens: chosen anywhere, forgotten with the visit, never in the way. */
#include "session_rig.h"

#include <string.h>

#include "base/check.h"

static void choose_everything(struct rig *rig)
{
    session_set_speech_offered(rig->session, true);
    rig_touch(rig, INTENT_LANGUAGE, LANGUAGE_EN);
    rig_touch(rig, INTENT_LARGE, 1);
    rig_touch(rig, INTENT_CONTRAST, 1);
    rig_touch(rig, INTENT_LOW_REACH, 1);
    rig_touch(rig, INTENT_SPOKEN, 1);
    rig_touch(rig, INTENT_VOLUME, VIEW_VOLUME_MAX);
}

static void assert_everything_is_chosen(struct rig *rig)
{
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->language, LANGUAGE_EN);
    assert_true(view->modes.large && view->modes.contrast && view->modes.low_reach);
    assert_true(view->modes.spoken);
    assert_int_equal(view->modes.volume, VIEW_VOLUME_MAX);
}

static void assert_plain(struct rig *rig)
{
    static const struct view_modes PLAIN = { .volume = VIEW_VOLUME_NORMAL };
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->language, LANGUAGE_ZH);
    assert_memory_equal(&view->modes, &PLAIN, sizeof PLAIN);
    assert_int_equal(view->overlay, OVERLAY_NONE);
    assert_int_equal(view->page, 0);
    assert_int_equal(view->overlay_page, 0);
}

static void go_home(struct rig *rig)
{
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_assert_step(rig, STEP_GOODBYE);
    rig_wait(rig, 10000);
    rig_assert_step(rig, STEP_HOME);
}

/* ---- forgotten ---- */

static void modes_go_through_the_visit_and_end_with_it(void **state)
{
    struct rig *rig = *state;
    choose_everything(rig);
    rig_go_to_owed(rig);
    assert_everything_is_chosen(rig);
    rig_touch(rig, INTENT_PAGE, 2);
    assert_int_equal(rig_view(rig)->page, 2);
    go_home(rig);
    assert_plain(rig);
}

static void modes_chosen_at_home_are_reset_when_nobody_follows(void **state)
{
    struct rig *rig = *state;
    choose_everything(rig);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_MODES);
    rig_wait(rig, 119000); /* large type has twice the time */
    assert_everything_is_chosen(rig);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_MODES);
    rig_wait(rig, 2000);
    assert_plain(rig);
}

static void reading_about_rights_is_no_visit_and_keeps_modes(void **state)
{
    struct rig *rig = *state;
    choose_everything(rig);
    rig_touch(rig, INTENT_RIGHTS, 0);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_HOME);
    assert_everything_is_chosen(rig);
    rig_wait(rig, 121000);
    assert_plain(rig);
}

static void a_time_out_resets_modes_too(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    choose_everything(rig);
    rig_wait(rig, 120000 + 40000 + 10000);
    rig_assert_step(rig, STEP_HOME);
    assert_plain(rig);
}

/* ---- overlays ---- */

static void nothing_below_an_overlay_can_be_touched(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_PRIVACY);
    for (int intent = INTENT_START; intent < INTENT_OVERLAY; intent++)
        if (intent != INTENT_LANGUAGE)
            rig_touch(rig, (enum intent)intent, 1);
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_PRIVACY);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_NONE);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_NONE);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_assert_step(rig, STEP_GOODBYE);
}

static void an_overlay_leaves_language_and_modes_within_reach(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_MODES);
    choose_everything(rig);
    assert_everything_is_chosen(rig);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_MODES);
}

static void an_overlay_has_pages_of_its_own(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_PAGE, 1);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_PRIVACY);
    rig_touch(rig, INTENT_PAGE, 3);
    assert_int_equal(rig_view(rig)->overlay_page, 3);
    assert_int_equal(rig_view(rig)->page, 1);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_NONE);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_PRIVACY);
    assert_int_equal(rig_view(rig)->overlay_page, 0);
}

static void an_overlay_goes_with_its_page(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_MODES);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_MODES);
    assert_int_equal(rig_view(rig)->inserted_fen, 10000);
    rig_pay_all(rig);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_NONE);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_NONE);
    rig_assert_books(rig);
}

static void an_overlay_at_home_goes_when_the_kiosk_falls_out_of_service(void **state)
{
    struct rig *rig = *state;
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_MODES);
    rig->health.reader.state = DEVICE_ABSENT;
    rig_tell_health(rig);
    rig_assert_step(rig, STEP_OUT_OF_SERVICE);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_NONE);
}

static void opening_an_overlay_counts_as_activity_and_silence_ends_it(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_wait(rig, 59000);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_MODES);
    assert_int_equal(rig_view(rig)->seconds_left, 60);
    rig_wait(rig, 61000);
    assert_true(rig_view(rig)->ask_more_time);
    rig_touch(rig, INTENT_MORE_TIME, 0);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_MODES);
    rig_wait(rig, 81000);
    rig_assert_step(rig, STEP_GOODBYE);
    assert_int_equal(rig_view(rig)->overlay, OVERLAY_NONE);
}

static void the_question_over_an_overlay_can_end_the_visit(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_OVERLAY, OVERLAY_MODES);
    rig_wait(rig, 61000);
    assert_true(rig_view(rig)->ask_more_time);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_assert_step(rig, STEP_GOODBYE);
}

/* ---- larger type for elders ---- */

static void go_to_owed_as(struct rig *rig, const struct identity_card *card)
{
    rig_use_policy(rig, "440300-shenzhen.policy"); /* has no age limits */
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_show(&rig->reader, card);
    rig_assert_step(rig, STEP_OWED);
}

static void an_old_person_is_offered_larger_type_until_it_is_declined(void **state)
{
    struct rig *rig = *state;
    go_to_owed_as(rig, &RIG_OLD_PERSON);
    assert_true(rig_view(rig)->large_offered);
    assert_false(rig_view(rig)->modes.large);
    rig_touch(rig, INTENT_NEXT, 0);
    assert_true(rig_view(rig)->large_offered);
    rig_touch(rig, INTENT_KEEP_SIZE, 0);
    assert_false(rig_view(rig)->large_offered);
    assert_false(rig_view(rig)->modes.large);
    go_home(rig);
    go_to_owed_as(rig, &RIG_OLD_PERSON);
    assert_true(rig_view(rig)->large_offered);
}

static void larger_type_that_was_taken_or_put_back_is_not_offered_again(void **state)
{
    struct rig *rig = *state;
    go_to_owed_as(rig, &RIG_OLD_PERSON);
    rig_touch(rig, INTENT_LARGE, 1);
    assert_false(rig_view(rig)->large_offered);
    assert_true(rig_view(rig)->modes.large);
    rig_touch(rig, INTENT_LARGE, 0);
    assert_false(rig_view(rig)->large_offered);
}

static void a_young_person_is_not_offered_larger_type(void **state)
{
    struct rig *rig = *state;
    go_to_owed_as(rig, &RIG_PERSON);
    assert_false(rig_view(rig)->large_offered);
}

static void the_age_is_the_sites_choice(void **state)
{
    struct rig *rig = *state;
    rig->settings.elder_age = 0;
    go_to_owed_as(rig, &RIG_OLD_PERSON);
    assert_false(rig_view(rig)->large_offered);
    go_home(rig);
    rig->settings.elder_age = 78;
    go_to_owed_as(rig, &RIG_OLD_PERSON);
    assert_true(rig_view(rig)->large_offered);
    go_home(rig);
    rig->settings.elder_age = 79;
    go_to_owed_as(rig, &RIG_OLD_PERSON);
    assert_false(rig_view(rig)->large_offered);
}

static void who_is_too_old_to_pay_is_offered_to_read_why_in_larger_type(void **state)
{
    struct rig *rig = *state;
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_show(&rig->reader, &RIG_OLD_PERSON);
    rig_assert_step(rig, STEP_CARD_PROBLEM);
    assert_int_equal(rig_view(rig)->card_problem, CARD_PROBLEM_AGE);
    assert_true(rig_view(rig)->large_offered);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(modes_go_through_the_visit_and_end_with_it),
        TEST(modes_chosen_at_home_are_reset_when_nobody_follows),
        TEST(reading_about_rights_is_no_visit_and_keeps_modes),
        TEST(a_time_out_resets_modes_too),
        TEST(nothing_below_an_overlay_can_be_touched),
        TEST(an_overlay_leaves_language_and_modes_within_reach),
        TEST(an_overlay_has_pages_of_its_own),
        TEST(an_overlay_goes_with_its_page),
        TEST(an_overlay_at_home_goes_when_the_kiosk_falls_out_of_service),
        TEST(opening_an_overlay_counts_as_activity_and_silence_ends_it),
        TEST(the_question_over_an_overlay_can_end_the_visit),
        TEST(an_old_person_is_offered_larger_type_until_it_is_declined),
        TEST(larger_type_that_was_taken_or_put_back_is_not_offered_again),
        TEST(a_young_person_is_not_offered_larger_type),
        TEST(the_age_is_the_sites_choice),
        TEST(who_is_too_old_to_pay_is_offered_to_read_why_in_larger_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
