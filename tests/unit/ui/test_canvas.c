#include "ui/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <unistd.h>

#include "ui/icons.h"
#include "ui/png_write.h"
#include "ui/theme.h"

#define WIDTH 400
#define HEIGHT 300

static struct font *font;
static struct canvas *canvas;
static struct ui_tree tree;
static uint32_t pixels[WIDTH * HEIGHT], again[WIDTH * HEIGHT];

static int open_canvas(void **state)
{
    (void)state;
    if (font_open("/usr/share/fonts/opentype/noto", &font) != STATUS_OK)
        return -1;
    canvas = canvas_create(font, 1000);
    return canvas ? 0 : -1;
}

static int close_canvas(void **state)
{
    (void)state;
    canvas_destroy(canvas);
    font_close(font);
    return 0;
}

static void add(enum ui_role role, struct ui_rect rect, int style, const char *text)
{
    struct ui_node *node = ui_tree_add(&tree, role, rect, style);
    node->text = text;
    node->image = ICON_CHECK;
    node->value = 3;
    node->value_max = 10;
}

static void build_page(void)
{
    ui_tree_reset(&tree);
    add(UI_ROLE_BOX, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, SURFACE_PAGE, NULL);
    add(UI_ROLE_BOX, (struct ui_rect){ 20, 20, 360, 200 }, SURFACE_CARD, NULL);
    add(UI_ROLE_BUTTON, (struct ui_rect){ 40, 40, 200, 100 },
        STYLE(SURFACE_BUTTON_PRIMARY, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE), "社保");
    add(UI_ROLE_IMAGE, (struct ui_rect){ 260, 40, 100, 100 }, SURFACE_NONE, NULL);
    add(UI_ROLE_PROGRESS, (struct ui_rect){ 40, 160, 300, 28 }, SURFACE_NONE, NULL);
    add(UI_ROLE_TIMER, (struct ui_rect){ 300, 200, 96, 96 },
        STYLE(SURFACE_NONE, SIZE_BODY, INK_PRIMARY, ALIGN_CENTRE), "42");
}

static void paint(uint32_t *out, struct ui_rect clip, int pressed)
{
    canvas_set_pixels(canvas, out, WIDTH, HEIGHT, WIDTH);
    canvas_paint(canvas, &tree, clip, pressed);
}

static void every_pixel_is_painted_and_covered_ones_show_the_top(void **state)
{
    (void)state;
    build_page();
    memset(pixels, 0x77, sizeof(pixels));
    paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        assert_true(pixels[i] != 0x77777777);
    assert_int_equal(pixels[0], 0xF3F6FA);                 /* page */
    assert_int_equal(pixels[100 * WIDTH + 30], 0xFFFFFF);  /* card */
    assert_int_equal(pixels[90 * WIDTH + 45], 0x0A4FB0);   /* button */
    assert_int_equal(pixels[20 * WIDTH + 20], 0xF3F6FA);   /* outside the round corner */
    assert_int_equal(pixels[174 * WIDTH + 60], 0x0B6B45);  /* progress done */
    assert_int_equal(pixels[174 * WIDTH + 300], 0xFFFFFF); /* and to do */
}

static void painting_in_pieces_gives_the_same_pixels(void **state)
{
    (void)state;
    build_page();
    paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
    for (int y = 0; y < HEIGHT; y += 37) {
        for (int x = 0; x < WIDTH; x += 53)
            paint(again, (struct ui_rect){ x, y, 53, 37 }, -1);
    }
    assert_memory_equal(pixels, again, sizeof(pixels));
}

static void nothing_is_painted_outside_the_clip(void **state)
{
    (void)state;
    build_page();
    memset(pixels, 0x55, sizeof(pixels));
    paint(pixels, (struct ui_rect){ 40, 40, 200, 100 }, 2);
    assert_int_equal(pixels[39 * WIDTH + 100], 0x55555555);
    assert_int_equal(pixels[90 * WIDTH + 240], 0x55555555);
}

static void a_pressed_button_has_a_frame_besides_another_colour(void **state)
{
    (void)state;
    build_page();
    paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, 2);
    assert_int_equal(pixels[90 * WIDTH + 45], 0xFFFFFF); /* the ink of the surface */
    assert_int_equal(pixels[90 * WIDTH + 55], 0x083F8C);
    assert_int_equal(pixels[90 * WIDTH + 30], 0xFFFFFF); /* the card beside it is as it was */
}

static double luminance(uint32_t colour)
{
    double sum = 0;
    static const double PARTS[] = { 0.2126, 0.7152, 0.0722 };
    for (int i = 0; i < 3; i++) {
        const double part = (double)(colour >> (16 - 8 * i) & 0xff) / 255;
        sum += PARTS[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(uint32_t a, uint32_t b)
{
    const double x = luminance(a), y = luminance(b);
    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* WCAG 2.2, 1.4.11 and 2.4.13: the ring against what lies on either side of it. */
static void the_ring_of_the_focus_is_seen_on_every_surface_in_both_palettes(void **state)
{
    (void)state;
    static const int TARGETS[] = { SURFACE_BUTTON,        SURFACE_BUTTON_PRIMARY, SURFACE_CHOICE,
                                   SURFACE_CARD_SELECTED, SURFACE_TILE,           SURFACE_PILL };
    for (int i = 0; i < 2 * 6; i++) {
        build_page();
        tree.look.contrast = i >= 6;
        tree.nodes[2].style = TARGETS[i % 6];
        canvas_set_focus(canvas, 2);
        paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
        const uint32_t *row = pixels + 90 * WIDTH;
        const uint32_t ground = row[30], outside = row[36], inside = row[42], node = row[55];
        assert_true(contrast(outside, ground) >= 3);
        assert_true(contrast(outside, inside) >= 3);
        assert_true(contrast(outside, node) >= 3 || contrast(inside, node) >= 3);
    }
    canvas_set_focus(canvas, -1);
}

static void the_ring_stays_inside_its_area_and_is_the_same_in_pieces(void **state)
{
    (void)state;
    build_page();
    paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
    memcpy(again, pixels, sizeof(again));
    canvas_set_focus(canvas, 2);
    const struct ui_rect area = canvas_focus_area(canvas, &tree.nodes[2]);
    paint(again, area, -1);
    assert_memory_not_equal(pixels, again, sizeof(pixels));
    paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
    assert_memory_equal(pixels, again, sizeof(pixels));
    canvas_set_focus(canvas, -1);
    paint(again, area, -1);
    paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
    assert_memory_equal(pixels, again, sizeof(pixels));
}

static void a_clip_beyond_the_memory_is_cut(void **state)
{
    (void)state;
    build_page();
    add(UI_ROLE_IMAGE, (struct ui_rect){ -50, -50, 100, 100 }, SURFACE_NONE, NULL);
    add(UI_ROLE_TEXT, (struct ui_rect){ 380, 290, 200, 60 },
        STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT), "超出面板的文字");
    paint(pixels, (struct ui_rect){ -100, -100, 5000, 5000 }, -1);
    assert_int_equal(pixels[90 * WIDTH + 45], 0x0A4FB0);
}

static void the_picture_on_disk_is_the_picture_in_memory(void **state)
{
    (void)state;
    build_page();
    paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
    char path[] = "/tmp/guichet-canvas-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(png_write(path, pixels, WIDTH, HEIGHT, WIDTH), STATUS_OK);
    png_image image = { .version = PNG_IMAGE_VERSION };
    assert_true(png_image_begin_read_from_file(&image, path));
    image.format = PNG_FORMAT_RGB;
    uint8_t *read = malloc(PNG_IMAGE_SIZE(image));
    assert_true(png_image_finish_read(&image, NULL, read, 0, NULL));
    assert_int_equal(image.width, WIDTH);
    const size_t at = (size_t)(90 * WIDTH + 45);
    assert_int_equal(read[at * 3] << 16 | read[at * 3 + 1] << 8 | read[at * 3 + 2], pixels[at]);
    free(read);
    unlink(path);
    assert_int_equal(png_write("/nowhere/x.png", pixels, WIDTH, HEIGHT, WIDTH), STATUS_IO);
}

/* zbar is a decoder nobody here wrote. */
static void decode(const char *path, char *out, size_t size)
{
    char command[300];
    snprintf(command, sizeof(command), "zbarimg -q --raw PNG:%s 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    const size_t length = fread(out, 1, size - 1, pipe);
    out[length] = '\0';
    out[strcspn(out, "\n")] = '\0';
    pclose(pipe);
}

static void a_code_is_read_off_the_panel_in_every_look(void **state)
{
    (void)state;
    for (int contrast = 0; contrast < 2; contrast++) {
        char path[] = "/tmp/test_canvas_qr_XXXXXX", read[128];
        const int file = mkstemp(path);
        assert_true(file >= 0);
        close(file);
        build_page();
        tree.look.contrast = contrast;
        add(UI_ROLE_QR, (struct ui_rect){ 60, 20, 260, 260 }, SURFACE_NONE,
            "https://bureau.example/v?n=440300000003202611300000011");
        paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
        assert_int_equal(png_write(path, pixels, WIDTH, HEIGHT, WIDTH), STATUS_OK);
        decode(path, read, sizeof(read));
        unlink(path);
        assert_string_equal(read, "https://bureau.example/v?n=440300000003202611300000011");
    }
}

static void what_is_written_on_the_field_is_drawn_and_stays_inside(void **state)
{
    (void)state;
    const struct ui_rect field = { 100, 100, 200, 100 };
    build_page();
    paint(again, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
    add(UI_ROLE_SIGNATURE, field, SURFACE_NONE, NULL);
    tree.strokes = (struct ui_strokes){
        .count = 3, .points = { { 0, 2048, true }, { 4095, 2048, false }, { 2048, 0, true } }
    };
    paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
    assert_int_equal(pixels[150 * WIDTH + 200], theme_tint(tree.look, TINT_INK));
    assert_int_equal(pixels[125 * WIDTH + 200], again[125 * WIDTH + 200]); /* two strokes */
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        if (!ui_rect_contains(field, i % WIDTH, i / WIDTH))
            assert_int_equal(pixels[i], again[i]);
    }
}

static void a_right_to_left_page_fills_its_bar_from_the_right(void **state)
{
    (void)state;
    build_page();
    tree.look.right_to_left = true;
    paint(pixels, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, -1);
    assert_int_equal(pixels[174 * WIDTH + 330], theme_tint(tree.look, TINT_GOOD));
    assert_int_equal(pixels[174 * WIDTH + 60], theme_tint(tree.look, TINT_CARD));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pixel_is_painted_and_covered_ones_show_the_top),
        cmocka_unit_test(painting_in_pieces_gives_the_same_pixels),
        cmocka_unit_test(nothing_is_painted_outside_the_clip),
        cmocka_unit_test(a_pressed_button_has_a_frame_besides_another_colour),
        cmocka_unit_test(the_ring_of_the_focus_is_seen_on_every_surface_in_both_palettes),
        cmocka_unit_test(the_ring_stays_inside_its_area_and_is_the_same_in_pieces),
        cmocka_unit_test(a_clip_beyond_the_memory_is_cut),
        cmocka_unit_test(the_picture_on_disk_is_the_picture_in_memory),
        cmocka_unit_test(a_code_is_read_off_the_panel_in_every_look),
        cmocka_unit_test(what_is_written_on_the_field_is_drawn_and_stays_inside),
        cmocka_unit_test(a_right_to_left_page_fills_its_bar_from_the_right),
    };
    return cmocka_run_group_tests(tests, open_canvas, close_canvas);
}
