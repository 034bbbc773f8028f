#include "ui/focus.h"

#include "support/unit.h"

#include <SDL_keyboard.h>
#include <string.h>

#include "ui/keys.h"

static struct ui_tree tree;
static struct focus focus;

static void add(const char *id, int intent, bool enabled)
{
    struct ui_node *node = ui_tree_add(&tree, UI_ROLE_BUTTON, (struct ui_rect){ 0, 0, 9, 9 }, 0);
    ui_tree_name(&tree, node, "%s", id);
    node->intent = intent;
    node->enabled = enabled;
}

static int three_targets(void **state)
{
    (void)state;
    focus = (struct focus){ 0 };
    ui_tree_reset(&tree);
    tree.screen = 1;
    add("title", 0, true);
    add("one", 1, true);
    add("off", 2, false);
    add("two", 2, true);
    add("three", 3, true);
    focus_show(&focus, &tree);
    return 0;
}

static const char *focused(void)
{
    const int index = focus_index(&focus, &tree);
    return index < 0 ? "" : tree.nodes[index].id;
}

static const char *go(int step)
{
    (void)focus_move(&focus, &tree, step);
    return focused();
}

static void the_focus_walks_over_enabled_targets_and_wraps(void **state)
{
    (void)state;
    assert_string_equal(focused(), "");
    assert_string_equal(go(1), "one");
    assert_string_equal(go(1), "two");
    assert_string_equal(go(1), "three");
    assert_string_equal(go(1), "one");
    assert_string_equal(go(-1), "three");
    assert_string_equal(go(-1), "two");
}

static void going_back_first_begins_at_the_end(void **state)
{
    (void)state;
    assert_string_equal(go(-1), "three");
}

static void a_redraw_keeps_the_focus_by_its_id(void **state)
{
    (void)state;
    (void)go(1);
    (void)go(1);
    ui_tree_reset(&tree);
    tree.screen = 1;
    add("new", 9, true);
    add("another", 9, true);
    add("two", 2, true);
    focus_show(&focus, &tree);
    assert_string_equal(focused(), "two");
    assert_string_equal(go(1), "new");
}

static void when_its_target_is_gone_the_walk_goes_on_from_its_place(void **state)
{
    (void)state;
    (void)go(1);
    (void)go(1);
    ui_tree_reset(&tree);
    tree.screen = 1;
    add("one", 1, true);
    add("two", 2, false);
    add("three", 3, true);
    focus_show(&focus, &tree);
    assert_string_equal(focused(), "");
    struct focus copy = focus;
    assert_string_equal(go(1), "three");
    focus = copy;
    assert_string_equal(go(-1), "one");
}

static void a_new_screen_has_the_focus_on_nothing(void **state)
{
    (void)state;
    (void)go(1);
    (void)go(1);
    tree.screen = 2;
    focus_show(&focus, &tree);
    assert_string_equal(focused(), "");
    assert_true(focus.on);
    assert_string_equal(go(1), "one");
}

static void a_touch_hides_it_and_a_screen_without_targets_has_none(void **state)
{
    (void)state;
    (void)go(1);
    focus_hide(&focus);
    assert_string_equal(focused(), "");
    ui_tree_reset(&tree);
    assert_int_equal(focus_move(&focus, &tree, 1), -1);
    assert_int_equal(focus_move(&focus, &tree, -1), -1);
}

static void assert_key(SDL_Keycode symbol, int modifiers, enum ui_key key)
{
    assert_int_equal(keys_read(symbol, (uint16_t)modifiers).key, key);
}

static void keys_mean_what_the_table_says(void **state)
{
    (void)state;
    assert_key(SDLK_TAB, KMOD_NONE, UI_KEY_NEXT);
    assert_key(SDLK_TAB, KMOD_LSHIFT, UI_KEY_PREVIOUS);
    assert_key(SDLK_DOWN, KMOD_NUM, UI_KEY_NEXT);
    assert_key(SDLK_UP, KMOD_NONE, UI_KEY_PREVIOUS);
    assert_key(SDLK_KP_ENTER, KMOD_NUM, UI_KEY_SELECT);
    assert_key(SDLK_SPACE, KMOD_NONE, UI_KEY_SELECT);
    assert_key(SDLK_BACKSPACE, KMOD_NONE, UI_KEY_ERASE);
    assert_key(SDLK_KP_MINUS, KMOD_NONE, UI_KEY_BACK);
    assert_key(SDLK_ESCAPE, KMOD_NONE, UI_KEY_BACK);
    assert_key(SDLK_KP_MULTIPLY, KMOD_NONE, UI_KEY_REPEAT);
    assert_key(SDLK_8, KMOD_RSHIFT, UI_KEY_REPEAT);
    assert_key(SDLK_KP_PLUS, KMOD_NONE, UI_KEY_SPEECH);
    assert_key(SDLK_KP_DIVIDE, KMOD_NONE, UI_KEY_SPEECH);
    assert_key(SDLK_a, KMOD_NONE, UI_KEY_NONE);
    assert_key(SDLK_TAB, KMOD_LALT, UI_KEY_NONE);
    assert_key(SDLK_F1, KMOD_NONE, UI_KEY_NONE);
}

static void digits_of_both_kinds_are_digits(void **state)
{
    (void)state;
    static const SDL_Keycode PAD[] = { SDLK_KP_0, SDLK_KP_1, SDLK_KP_2, SDLK_KP_3, SDLK_KP_4,
                                       SDLK_KP_5, SDLK_KP_6, SDLK_KP_7, SDLK_KP_8, SDLK_KP_9 };
    for (int digit = 0; digit < 10; digit++) {
        assert_key(PAD[digit], KMOD_NUM, UI_KEY_DIGIT);
        assert_int_equal(keys_read(PAD[digit], KMOD_NONE).digit, digit);
        assert_int_equal(keys_read(SDLK_0 + digit, KMOD_NONE).digit, digit);
    }
}

#define FOCUS_TEST(name) cmocka_unit_test_setup(name, three_targets)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOCUS_TEST(the_focus_walks_over_enabled_targets_and_wraps),
        FOCUS_TEST(going_back_first_begins_at_the_end),
        FOCUS_TEST(a_redraw_keeps_the_focus_by_its_id),
        FOCUS_TEST(when_its_target_is_gone_the_walk_goes_on_from_its_place),
        FOCUS_TEST(a_new_screen_has_the_focus_on_nothing),
        FOCUS_TEST(a_touch_hides_it_and_a_screen_without_targets_has_none),
        FOCUS_TEST(keys_mean_what_the_table_says),
        FOCUS_TEST(digits_of_both_kinds_are_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
