#include "ui/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ui/dirty.h"

static struct ui_tree tree, other;

static struct ui_node *add_button(struct ui_tree *to, const char *id, int x, int intent)
{
    struct ui_node *node = ui_tree_add(to, UI_ROLE_BUTTON, (struct ui_rect){ x, 0, 100, 100 }, 0);
    ui_tree_name(to, node, "%s", id);
    node->intent = intent;
    return node;
}

static int two_buttons(void **state)
{
    (void)state;
    ui_tree_reset(&tree);
    add_button(&tree, "left", 0, 1);
    add_button(&tree, "right", 200, 2);
    return 0;
}

static void the_topmost_enabled_target_is_hit(void **state)
{
    (void)state;
    add_button(&tree, "picture", 0, 0);
    assert_string_equal(ui_tree_hit(&tree, 50, 50)->id, "left");
    add_button(&tree, "above", 0, 3);
    assert_string_equal(ui_tree_hit(&tree, 50, 50)->id, "above");
    tree.nodes[3].enabled = false;
    assert_string_equal(ui_tree_hit(&tree, 50, 50)->id, "left");
    assert_null(ui_tree_hit(&tree, 150, 50));
    assert_null(ui_tree_hit(&tree, 100, 50));
}

static void a_copy_does_not_read_the_original(void **state)
{
    (void)state;
    tree.nodes[0].text = ui_tree_text(&tree, "社保");
    ui_tree_copy(&other, &tree);
    ui_tree_reset(&tree);
    (void)ui_tree_text(&tree, "XXXXXX");
    assert_string_equal(other.nodes[0].text, "社保");
}

static bool holds(const struct ui_tree *in, const char *bytes)
{
    return memmem(in->arena, UI_ARENA_SIZE, bytes, strlen(bytes)) != NULL;
}

static void a_text_leaves_no_byte_behind(void **state)
{
    (void)state;
    (void)ui_tree_text(&tree, "first");
    (void)ui_tree_text(&tree, "13805714000");
    ui_tree_copy(&other, &tree);
    assert_true(holds(&other, "13805714000"));
    ui_tree_reset(&tree);
    assert_false(holds(&tree, "13805714000"));
    ui_tree_copy(&other, &tree);
    assert_false(holds(&other, "13805714000"));
}

static void a_full_tree_says_so(void **state)
{
    (void)state;
    ui_tree_reset(&tree);
    for (int i = 0; i < UI_NODES_MAX; i++)
        (void)add_button(&tree, "", 0, 0);
    assert_false(tree.overflow);
    assert_non_null(add_button(&tree, "", 0, 0));
    assert_true(tree.overflow);
    assert_int_equal(tree.count, UI_NODES_MAX);
}

static void the_same_tree_is_not_dirty(void **state)
{
    (void)state;
    struct dirty dirty = { 0 };
    ui_tree_copy(&other, &tree);
    other.nodes[0].intent = 5; /* nobody sees an intent */
    dirty_compare(&dirty, &tree, &other);
    assert_int_equal(dirty.count, 0);
}

static void only_what_changed_is_dirty(void **state)
{
    (void)state;
    struct dirty dirty = { 0 };
    ui_tree_copy(&other, &tree);
    other.nodes[1].text = "12";
    dirty_compare(&dirty, &tree, &other);
    assert_int_equal(dirty.count, 1);
    assert_true(ui_rect_is_same(dirty.rects[0], tree.nodes[1].rect));
}

static void an_inserted_node_dirties_itself_alone(void **state)
{
    (void)state;
    struct dirty dirty = { 0 };
    ui_tree_reset(&other);
    add_button(&other, "left", 0, 1);
    add_button(&other, "between", 400, 1);
    add_button(&other, "right", 200, 2);
    dirty_compare(&dirty, &tree, &other);
    assert_int_equal(dirty.count, 1);
    assert_int_equal(dirty.rects[0].x, 400);
}

static void dirty_rectangles_never_overlap_nor_lose_a_pixel(void **state)
{
    (void)state;
    struct dirty dirty = { 0 };
    const struct ui_rect added[] = {
        { 0, 0, 10, 10 }, { 5, 5, 10, 10 }, { 100, 0, 5, 5 }, { 12, 12, 90, 3 }
    };
    for (int i = 0; i < 4; i++)
        dirty_add(&dirty, added[i]);
    for (int x = 0; x < 40; x++)
        dirty_add(&dirty, (struct ui_rect){ x * 50, 200, 10, 10 });
    assert_true(dirty.count <= DIRTY_RECTS_MAX);
    for (int i = 0; i < dirty.count; i++) {
        for (int j = i + 1; j < dirty.count; j++)
            assert_true(ui_rect_is_empty(ui_rect_cut(dirty.rects[i], dirty.rects[j])));
    }
    for (int x = 0; x < 40; x++) {
        bool covered = false;
        for (int i = 0; i < dirty.count; i++)
            covered |= ui_rect_contains(dirty.rects[i], x * 50 + 9, 209);
        assert_true(covered);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_topmost_enabled_target_is_hit, two_buttons),
        cmocka_unit_test_setup(a_copy_does_not_read_the_original, two_buttons),
        cmocka_unit_test_setup(a_text_leaves_no_byte_behind, two_buttons),
        cmocka_unit_test_setup(a_full_tree_says_so, two_buttons),
        cmocka_unit_test_setup(the_same_tree_is_not_dirty, two_buttons),
        cmocka_unit_test_setup(only_what_changed_is_dirty, two_buttons),
        cmocka_unit_test_setup(an_inserted_node_dirties_itself_alone, two_buttons),
        cmocka_unit_test_setup(dirty_rectangles_never_overlap_nor_lose_a_pixel, two_buttons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
