/*
 * A scanner that types, told apart from a person at a keypad; alone, and with real SDL events.
 */
#include "ui/scanner.h"

#include "support/unit.h"

#include <SDL.h>
#include <stdlib.h>
#include <string.h>

#include "ui/window.h"

#define NUMBER "990000000003202611230003192"
#define LINK "https://b.example/v?n=" NUMBER "&h=0123456789abcdef"

static void type(struct scanner *scanner, const char *text, int64_t *at_ms, int64_t step_ms)
{
    for (; *text != '\0'; text++, *at_ms += step_ms) {
        char letter[2] = { *text, '\0' };
        scanner_put(scanner, letter, *at_ms);
    }
}

static void gives_the_line_of_a_scanner(void **state)
{
    (void)state;
    struct scanner scanner = { 0 };
    int64_t now_ms = 5000;
    type(&scanner, LINK, &now_ms, 8);
    assert_string_equal(scanner_end(&scanner, now_ms), LINK);
    assert_null(scanner_end(&scanner, now_ms)); /* once */
}

static void gives_no_line_to_whoever_types(void **state)
{
    (void)state;
    struct scanner scanner = { 0 };
    int64_t now_ms = 5000;
    type(&scanner, NUMBER, &now_ms, 120);
    assert_null(scanner_end(&scanner, now_ms));
    assert_false(scanner_is_typing(&scanner, now_ms));
    type(&scanner, "123", &now_ms, 5); /* too short */
    assert_null(scanner_end(&scanner, now_ms));
}

static void begins_anew_after_a_pause(void **state)
{
    (void)state;
    struct scanner scanner = { 0 };
    int64_t now_ms = 5000;
    type(&scanner, "7", &now_ms, 5);
    now_ms += 1000;
    type(&scanner, NUMBER, &now_ms, 5);
    assert_string_equal(scanner_end(&scanner, now_ms), NUMBER);
}

static void throws_a_line_away_that_is_too_long(void **state)
{
    (void)state;
    struct scanner scanner = { 0 };
    int64_t now_ms = 5000;
    for (int i = 0; i < 2 * SCANNER_LINE_MAX; i++)
        scanner_put(&scanner, "7", now_ms + i);
    assert_null(scanner_end(&scanner, now_ms + 2 * SCANNER_LINE_MAX));
    now_ms += 10000;
    type(&scanner, NUMBER, &now_ms, 5);
    assert_string_equal(scanner_end(&scanner, now_ms), NUMBER);
}

static void takes_printable_letters_only(void **state)
{
    (void)state;
    struct scanner scanner = { 0 };
    scanner_put(&scanner, "abc\x1b", 5000);
    scanner_put(&scanner, NUMBER, 5010);
    assert_string_equal(scanner_end(&scanner, 5020), NUMBER);
    scanner_put(&scanner, NUMBER "\xe5\x87\xad", 6000);
    assert_null(scanner_end(&scanner, 6010));
}

/* ---- through the window ---- */

static struct ui_window *window;
static struct ui_tree tree;
static struct clock_fake clock_fake;
static char line[SCANNER_LINE_MAX + 1];
static int taps;

static void on_tap(void *context, const struct ui_node *node)
{
    (void)context;
    (void)node;
    taps++;
}

static void on_line(void *context, const char *text)
{
    (void)context;
    strcpy(line, text);
}

static int set_up(void **state)
{
    (void)state;
    clock_fake_init(&clock_fake, 0);
    clock_fake_advance(&clock_fake, 100000);
    const struct ui_window_config config = { .title = "test",
                                             .font_directory = "/usr/share/fonts/opentype/noto",
                                             .width_px = 320,
                                             .height_px = 240,
                                             .width_mm = 160,
                                             .clock = &clock_fake.clock };
    if (ui_window_open(&config, &window) != STATUS_OK)
        return -1;
    const struct ui_listener listener = { .on_tap = on_tap, .on_line = on_line };
    ui_window_set_listener(window, &listener);
    ui_tree_reset(&tree);
    ui_tree_add(&tree, UI_ROLE_BOX, (struct ui_rect){ 0, 0, 320, 240 }, SURFACE_PAGE);
    struct ui_node *key =
        ui_tree_add(&tree, UI_ROLE_BUTTON, (struct ui_rect){ 20, 20, 80, 80 }, SURFACE_BUTTON);
    ui_tree_name(&tree, key, "key.9");
    key->intent = 1;
    ui_window_show(window, &tree);
    line[0] = '\0';
    taps = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ui_window_close(window);
    return 0;
}

/* One key as SDL tells it; letters bring their text. */
static void press(SDL_Keycode symbol, int64_t step_ms)
{
    SDL_Event event = { .key = { .type = SDL_KEYDOWN, .keysym = { .sym = symbol } } };
    SDL_PushEvent(&event);
    ui_window_wait(window, 0);
    if (symbol >= ' ' && symbol <= '~') {
        SDL_Event text = { .text = { .type = SDL_TEXTINPUT } };
        text.text.text[0] = (char)symbol;
        SDL_PushEvent(&text);
        ui_window_wait(window, 0);
    }
    clock_fake_advance(&clock_fake, step_ms);
}

static void types(const char *text, int64_t step_ms)
{
    for (; *text != '\0'; text++)
        press((SDL_Keycode)*text, step_ms);
    press(SDLK_RETURN, 200);
}

static void a_scanned_line_reaches_the_listener_and_presses_few_keys(void **state)
{
    (void)state;
    types(NUMBER, 5);
    assert_string_equal(line, NUMBER);
    assert_true(taps <= 2);
}

static void typed_digits_are_keys(void **state)
{
    (void)state;
    types("999", 150);
    assert_string_equal(line, "");
    assert_int_equal(taps, 3);
}

static void the_wipe_forgets_the_line(void **state)
{
    (void)state;
    types(NUMBER, 5);
    line[0] = '\0';
    ui_window_wipe(window);
    press(SDLK_RETURN, 5);
    assert_string_equal(line, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_line_of_a_scanner),
        cmocka_unit_test(gives_no_line_to_whoever_types),
        cmocka_unit_test(begins_anew_after_a_pause),
        cmocka_unit_test(throws_a_line_away_that_is_too_long),
        cmocka_unit_test(takes_printable_letters_only),
        cmocka_unit_test_setup_teardown(a_scanned_line_reaches_the_listener_and_presses_few_keys,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(typed_digits_are_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_wipe_forgets_the_line, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
