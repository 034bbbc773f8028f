/* Everything on every page can be reached and chosen without touching: by real key events. */
#include "variants.h"

#include "support/unit.h"

#include <SDL.h>
#include <stdio.h>
#include <string.h>

#include "ui/window.h"

static struct ui_window *window;
static struct clock_fake now;
static struct ui_tree tree;

static int visits[UI_NODES_MAX]; /* how often the focus came to each node */
static int taps;
static struct ui_node tapped;

static int index_of(const char *id)
{
    for (int i = 0; i < tree.count; i++) {
        if (strcmp(tree.nodes[i].id, id) == 0)
            return i;
    }
    fail_msg("no node %s", id);
    return -1;
}

static void on_focus(void *context, const struct ui_node *node)
{
    (void)context;
    assert_non_null(node);
    visits[index_of(node->id)]++;
}

static void on_tap(void *context, const struct ui_node *node)
{
    (void)context;
    taps++;
    tapped = *node;
}

static int open_window(void **state)
{
    (void)state;
    clock_fake_init(&now, 0);
    const struct ui_window_config config = { .title = "test",
                                             .font_directory = "/usr/share/fonts/opentype/noto",
                                             .width_px = 64,
                                             .height_px = 64,
                                             .width_mm = 16,
                                             .clock = &now.clock };
    if (ui_window_open(&config, &window) != STATUS_OK)
        return -1;
    ui_window_set_listener(window, &(struct ui_listener){ .on_focus = on_focus, .on_tap = on_tap });
    return 0;
}

static int close_window(void **state)
{
    (void)state;
    ui_window_close(window);
    return 0;
}

static void press(SDL_Keycode symbol)
{
    SDL_Event event = {
        .key = { .type = SDL_KEYDOWN, .state = SDL_PRESSED, .keysym = { .sym = symbol } }
    };
    clock_fake_advance(&now, 200);
    assert_int_equal(SDL_PushEvent(&event), 1);
    ui_window_wait(window, 0);
}

static void check_chosen(const char *name, const struct ui_node *node)
{
    if (taps == 1 && tapped.intent == node->intent && tapped.argument == node->argument &&
        strcmp(tapped.id, node->id) == 0)
        return;
    fail_msg("%s: select on \"%s\" means %s (%d taps)", name, node->id, tapped.id, taps);
}

static void walk(const char *name)
{
    int targets = 0;
    memset(visits, 0, sizeof(visits));
    for (int i = 0; i < tree.count; i++)
        targets += ui_node_is_target(&tree.nodes[i]);
    for (int i = 0; i < targets; i++) {
        press(SDLK_TAB);
        taps = 0;
        press(SDLK_RETURN);
        assert_int_equal(taps, 1);
        check_chosen(name, &tree.nodes[index_of(tapped.id)]);
        if (visits[index_of(tapped.id)] != 1)
            fail_msg("%s: the focus is on \"%s\" %d times", name, tapped.id,
                     visits[index_of(tapped.id)]);
    }
    for (int i = 0; i < tree.count; i++) {
        if (visits[i] != ui_node_is_target(&tree.nodes[i]))
            fail_msg("%s: the focus never comes to node %d \"%s\"", name, i, tree.nodes[i].id);
    }
}

/* Goal: next × number of targets visits each exactly once, and select there means what a touch
 * would. Method: every variant in every language, on an upright and a wide panel. */
static void next_visits_every_target_once_and_select_means_it(void **state)
{
    (void)state;
    struct variant variant;
    for (int i = 0; i < variant_count() * LANGUAGES * PANELS; i++) {
        variant_get(i / LANGUAGES / PANELS, &variant);
        variant.view.language = (enum language)(i / PANELS % LANGUAGES);
        variant_build(variant.build, &variant.view, &PANEL_LIST[i % PANELS], &tree);
        tree.screen = 1000 + (uint32_t)i; /* another page each time */
        ui_window_show(window, &tree);
        walk(variant.name);
    }
}

/* A key of the keypad on the page, without going there. */
static void the_keypads_keys_are_the_pages_keys(void **state)
{
    (void)state;
    struct variant variant;
    int pages = 0;
    for (int i = 0; i < variant_count(); i++) {
        variant_get(i, &variant);
        variant_build(variant.build, &variant.view, &PANEL_LIST[0], &tree);
        const struct ui_node *five = ui_tree_find(&tree, "key.5");
        if (!five || !ui_node_is_target(five))
            continue;
        pages++;
        ui_window_show(window, &tree);
        taps = 0;
        press(SDLK_KP_5);
        check_chosen(variant.name, five);
        taps = 0;
        press(SDLK_BACKSPACE);
        check_chosen(variant.name, ui_tree_find(&tree, "key.erase"));
    }
    assert_true(pages >= 2);
}

static void screens_that_are_another_page_have_another_number(void **state)
{
    (void)state;
    struct variant variant;
    variant_get(0, &variant);
    uint32_t numbers[STEPS * 2 * 3];
    int count = 0;
    for (int step = 0; step < STEPS; step++) {
        variant.view.step = (enum session_step)step;
        for (int i = 0; i < 6; i++) {
            variant.view.ask_more_time = i % 2 != 0;
            variant.view.page = i / 2;
            scene_build(&variant.view, &PANEL_LIST[0], &tree);
            numbers[count++] = tree.screen;
        }
    }
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < i; j++)
            assert_int_not_equal(numbers[i], numbers[j]);
    }
}

static uint32_t screen_with(enum view_overlay overlay, int page, int overlay_page)
{
    struct variant variant;
    variant_get(0, &variant);
    variant.view.overlay = overlay;
    variant.view.page = page;
    variant.view.overlay_page = overlay_page;
    scene_build(&variant.view, &PANEL_LIST[0], &tree);
    return tree.screen;
}

/* The page below an overlay shows nothing of itself, and keeps its part meanwhile. */
static void parts_of_an_overlay_are_screens_of_their_own(void **state)
{
    (void)state;
    assert_int_not_equal(screen_with(OVERLAY_MODES, 2, 0), screen_with(OVERLAY_MODES, 2, 1));
    assert_int_equal(screen_with(OVERLAY_MODES, 2, 1), screen_with(OVERLAY_MODES, 0, 1));
    assert_int_equal(screen_with(OVERLAY_NONE, 2, 0), screen_with(OVERLAY_NONE, 2, 1));
}

static void the_same_page_drawn_anew_keeps_its_number(void **state)
{
    (void)state;
    struct variant variant;
    variant_get(0, &variant);
    scene_build(&variant.view, &PANEL_LIST[0], &tree);
    const uint32_t screen = tree.screen;
    variant.view.seconds_left--;
    variant.view.language = LANGUAGE_EN;
    scene_build(&variant.view, &PANEL_LIST[0], &tree);
    assert_int_equal(tree.screen, screen);
    assert_int_not_equal(screen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_visits_every_target_once_and_select_means_it),
        cmocka_unit_test(the_keypads_keys_are_the_pages_keys),
        cmocka_unit_test(screens_that_are_another_page_have_another_number),
        cmocka_unit_test(parts_of_an_overlay_are_screens_of_their_own),
        cmocka_unit_test(the_same_page_drawn_anew_keeps_its_number),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}
