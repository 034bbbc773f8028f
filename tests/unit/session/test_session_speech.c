#include "session_rig.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

static void speech_is_offered_only_by_a_kiosk_that_can_speak(void **state)
{
    struct rig *rig = *state;
    session_set_speech_offered(rig->session, false);
    assert_false(rig_view(rig)->speech_offered);
    rig_touch(rig, INTENT_SPOKEN, 1);
    assert_false(rig_view(rig)->modes.spoken);

    session_set_speech_offered(rig->session, true);
    assert_true(rig_view(rig)->speech_offered);
    rig_touch(rig, INTENT_SPOKEN, 1);
    assert_true(rig_view(rig)->modes.spoken);
}

static void a_voice_that_fails_goes_from_the_page(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_SPOKEN, 1);
    session_set_speech_offered(rig->session, false);
    assert_false(rig_view(rig)->speech_offered);
    assert_false(rig_view(rig)->modes.spoken);
}

static void private_data_needs_the_setting_and_a_voice(void **state)
{
    struct rig *rig = *state;
    assert_false(rig_view(rig)->says_private);
    rig->settings.speech_private = true;
    assert_true(rig_view(rig)->says_private);
    session_set_speech_offered(rig->session, false);
    assert_false(rig_view(rig)->says_private);
}

static void after_the_visit_it_is_silent_and_the_volume_normal(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_SPOKEN, 1);
    rig_touch(rig, INTENT_VOLUME, VIEW_VOLUME_MAX);
    assert_int_equal(rig_view(rig)->modes.volume, VIEW_VOLUME_MAX);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_wait(rig, 60000);
    rig_assert_step(rig, STEP_HOME);
    assert_false(rig_view(rig)->modes.spoken);
    assert_int_equal(rig_view(rig)->modes.volume, VIEW_VOLUME_NORMAL);
    assert_true(rig_view(rig)->speech_offered);
}

static void speech_turned_on_at_home_ends_when_nobody_follows(void **state)
{
    struct rig *rig = *state;
    rig_touch(rig, INTENT_SPOKEN, 1);
    rig_wait(rig, 59000);
    assert_true(rig_view(rig)->modes.spoken);
    rig_wait(rig, 62000); /* whoever listens has twice the time */
    assert_false(rig_view(rig)->modes.spoken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(speech_is_offered_only_by_a_kiosk_that_can_speak),
        TEST(a_voice_that_fails_goes_from_the_page),
        TEST(private_data_needs_the_setting_and_a_voice),
        TEST(speech_turned_on_at_home_ends_when_nobody_follows),
        TEST(after_the_visit_it_is_silent_and_the_volume_normal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
