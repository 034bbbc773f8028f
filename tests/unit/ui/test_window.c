#include "ui/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "ui/theme.h"

static struct ui_window *window;
static struct ui_tree tree;

static int open_window(void **state)
{
    (void)state;
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    const struct ui_window_config config = { .title = "test",
                                             .font_directory = "/usr/share/fonts/opentype/noto",
                                             .width_px = 320,
                                             .height_px = 240,
                                             .width_mm = 80 };
    return ui_window_open(&config, &window) == STATUS_OK ? 0 : -1;
}

static int close_window(void **state)
{
    (void)state;
    ui_window_close(window);
    return 0;
}

static long switches(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nvcsw;
}

static void waiting_does_not_wake_up_to_look(void **state)
{
    (void)state;
    ui_window_wait(window, 0);
    const long before = switches();
    ui_window_wait(window, 300);
    assert_in_range(switches() - before, 0, 5); /* a polling driver makes about 300 */
}

static void *wake_later(void *argument)
{
    ui_window_wake(argument);
    return NULL;
}

static void a_wake_from_another_thread_ends_the_wait(void **state)
{
    (void)state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, wake_later, window), 0);
    ui_window_wait(window, -1); /* the test's own limit ends it if the wake is lost */
    pthread_join(thread, NULL);
}

static void the_window_has_the_size_asked_for(void **state)
{
    (void)state;
    int width, height;
    ui_window_size(window, &width, &height);
    assert_int_equal(width, 320);
    assert_int_equal(height, 240);
}

static void what_is_shown_and_pressed_can_be_saved(void **state)
{
    (void)state;
    ui_tree_reset(&tree);
    ui_tree_add(&tree, UI_ROLE_BOX, (struct ui_rect){ 0, 0, 320, 240 }, SURFACE_PAGE);
    struct ui_node *node = ui_tree_add(&tree, UI_ROLE_BUTTON, (struct ui_rect){ 40, 40, 200, 100 },
                                       STYLE(SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE));
    ui_tree_name(&tree, node, "button");
    node->intent = 1;
    ui_window_show(window, &tree);
    ui_window_press(window, node);
    char path[] = "/tmp/guichet-window-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ui_window_save_png(window, path), STATUS_OK);
    char magic[4] = "";
    assert_int_equal(read(fd, magic, sizeof(magic)), sizeof(magic));
    assert_memory_equal(magic, "\x89PNG", 4);
    ui_window_press(window, NULL);
    close(fd);
    unlink(path);
}

static void a_window_without_fonts_is_refused(void **state)
{
    (void)state;
    struct ui_window *other = NULL;
    const struct ui_window_config config = { .title = "test",
                                             .font_directory = "/nowhere",
                                             .width_px = 10,
                                             .height_px = 10,
                                             .width_mm = 5 };
    assert_int_equal(ui_window_open(&config, &other), STATUS_NOT_FOUND);
    assert_null(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_window_has_the_size_asked_for, open_window,
                                        close_window),
        cmocka_unit_test_setup_teardown(waiting_does_not_wake_up_to_look, open_window,
                                        close_window),
        cmocka_unit_test_setup_teardown(a_wake_from_another_thread_ends_the_wait, open_window,
                                        close_window),
        cmocka_unit_test_setup_teardown(what_is_shown_and_pressed_can_be_saved, open_window,
                                        close_window),
        cmocka_unit_test(a_window_without_fonts_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
