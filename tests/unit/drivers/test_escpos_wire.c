/* Vectors: Epson and clone specifications; the picture decoder below is the test's own. */
#include "drivers/printer/escpos/escpos_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/drivers/hex.h"

/* ---- a printer that understands just enough ---- */

struct paper {
    int width_bytes, rows;
    uint8_t dots[PRINTER_HEIGHT_DOTS_MAX + 1000][ESCPOS_WIDTH_DOTS_MAX / 8];
    int cuts, initialised, ids_before_cut, ids_after_cut, status_requests;
};

static struct paper paper;

static size_t print_raster(const uint8_t *job)
{
    size_t width = (size_t)(job[4] | job[5] << 8), rows = (size_t)(job[6] | job[7] << 8);
    assert_true(rows <= ESCPOS_BAND_ROWS);
    for (size_t row = 0; row < rows; row++)
        memcpy(paper.dots[paper.rows++], job + 8 + row * width, width);
    return 8 + width * rows;
}

static size_t print_command(const uint8_t *job)
{
    if (memcmp(job, "\x1B\x40", 2) == 0)
        return paper.initialised++, 2;
    if (memcmp(job, "\x1D\x61\x0F", 3) == 0)
        return 3;
    if (memcmp(job, "\x1D\x50\xCB\xCB", 4) == 0)
        return 4;
    if (memcmp(job, "\x1D\x76\x30\x00", 4) == 0)
        return print_raster(job);
    if (memcmp(job, "\x1B\x4A", 2) == 0)
        return paper.rows += job[2], 3;
    if (memcmp(job, "\x1D\x56\x42\x00", 4) == 0)
        return paper.cuts++, 4;
    if (memcmp(job, "\x1D\x28\x48\x06\x00\x30\x30", 7) == 0)
        return paper.cuts > 0 ? paper.ids_after_cut++ : paper.ids_before_cut++, 11;
    if (memcmp(job, "\x1D\x72\x01", 3) == 0)
        return paper.status_requests++, 3;
    fail_msg("unknown command %02x %02x", job[0], job[1]);
    return 1;
}

static size_t print_job(const struct printer_bitmap *bitmap,
                        const struct escpos_job_options *options)
{
    memset(&paper, 0, sizeof paper);
    uint8_t *job = malloc(escpos_job_size_max(bitmap) + 16);
    size_t size = escpos_build_job(bitmap, options, job), at = 0;
    memset(job + size, 0, 16);
    while (at < size)
        at += print_command(job + at);
    assert_int_equal(at, size);
    free(job);
    return size;
}

static void assert_paper_shows(const struct printer_bitmap *bitmap)
{
    size_t stride = printer_bitmap_stride(bitmap);
    assert_int_equal(paper.rows, bitmap->height_dots);
    for (int row = 0; row < bitmap->height_dots; row++)
        assert_memory_equal(paper.dots[row], bitmap->rows + (size_t)row * stride, stride);
}

/* A receipt-like picture: lines of dots with gaps of growing height between them. */
static struct printer_bitmap make_receipt(int width, int height)
{
    struct printer_bitmap bitmap = { .width_dots = width, .height_dots = height };
    size_t stride = printer_bitmap_stride(&bitmap);
    bitmap.rows = calloc((size_t)height, stride);
    uint32_t noise = 1;
    for (int row = 0, line = 0; row < height; row += 24 + line, line += 7)
        for (int dy = 0; dy < 24 && row + dy < height; dy++)
            for (size_t x = 0; x < stride; x++) {
                noise = noise * 1664525u + 1013904223u;
                bitmap.rows[(size_t)(row + dy) * stride + x] = (uint8_t)(noise >> 24 | 0x80);
            }
    return bitmap;
}

static const struct escpos_job_options PROCESS_ID = { .fence = ESCPOS_FENCE_PROCESS_ID,
                                                      .number = 7,
                                                      .feed_blank_rows = true };

static void prints_every_dot_of_a_receipt(void **state)
{
    (void)state;
    struct printer_bitmap bitmap = make_receipt(576, 1500);
    print_job(&bitmap, &PROCESS_ID);
    assert_paper_shows(&bitmap);
    assert_int_equal(paper.initialised, 1);
    assert_int_equal(paper.cuts, 1);
    assert_int_equal(paper.ids_before_cut, 1);
    assert_int_equal(paper.ids_after_cut, 1);
    free(bitmap.rows);
}

static void feeds_blank_rows_instead_of_sending_them(void **state)
{
    (void)state;
    struct printer_bitmap bitmap = make_receipt(576, 1500);
    struct escpos_job_options dots = PROCESS_ID;
    dots.feed_blank_rows = false;
    size_t fed = print_job(&bitmap, &PROCESS_ID), sent = print_job(&bitmap, &dots);
    assert_paper_shows(&bitmap);
    assert_true(fed < sent * 3 / 4);
    assert_int_equal(fed, escpos_job_size(&bitmap));
    free(bitmap.rows);
}

static void what_is_blank_at_the_right_of_a_line_is_not_sent(void **state)
{
    (void)state;
    struct printer_bitmap bitmap = { .width_dots = 576, .height_dots = 100 };
    bitmap.rows = calloc(100, 72);
    memset(bitmap.rows + (size_t)40 * 72 + 10, 0xFF, 5);
    memset(bitmap.rows + (size_t)41 * 72, 0xFF, 2);
    assert_in_range(print_job(&bitmap, &PROCESS_ID), 2 * 15 + 8, 2 * 15 + 8 + 64);
    assert_paper_shows(&bitmap);
    free(bitmap.rows);
}

static void a_blank_page_is_only_paper_feed(void **state)
{
    (void)state;
    struct printer_bitmap bitmap = { .width_dots = 576, .height_dots = 8000 };
    bitmap.rows = calloc(8000, 72);
    assert_true(print_job(&bitmap, &PROCESS_ID) < 200);
    assert_paper_shows(&bitmap);
    free(bitmap.rows);
}

static void the_worst_picture_fits_the_announced_size(void **state)
{
    (void)state;
    for (int gap = 1; gap <= 40; gap++) {
        struct printer_bitmap bitmap = { .width_dots = 9, .height_dots = 2000 };
        bitmap.rows = calloc(2000, 2);
        for (int row = 0; row < 2000; row += gap + 1)
            bitmap.rows[row * 2] = 1;
        assert_true(print_job(&bitmap, &PROCESS_ID) <= escpos_job_size_max(&bitmap));
        assert_paper_shows(&bitmap);
        free(bitmap.rows);
    }
}

static void asks_for_a_status_byte_where_process_ids_are_unknown(void **state)
{
    (void)state;
    struct printer_bitmap bitmap = make_receipt(384, 100);
    struct escpos_job_options options = { .fence = ESCPOS_FENCE_STATUS_BYTE };
    print_job(&bitmap, &options);
    assert_int_equal(paper.status_requests, 1);
    assert_int_equal(paper.ids_after_cut, 0);
    free(bitmap.rows);
}

/* ---- hostile pictures ---- */

/* 9 bytes wide, 8 rows: DLE EOT, then cut, initialise and line feed, as real text might look. */
static void real_time_commands_inside_a_picture_are_broken(void **state)
{
    (void)state;
    uint8_t rows[72];
    for (size_t row = 0; row < 8; row++)
        hex_bytes("10 04 01 1D 56 00 1B 40 0A", rows + row * 9, 9);
    struct printer_bitmap bitmap = { .width_dots = 72, .height_dots = 8, .rows = rows };
    print_job(&bitmap, &PROCESS_ID);
    assert_int_equal(paper.cuts, 1);
    for (size_t row = 0; row < 8; row++)
        assert_bytes_equal(paper.dots[row], 9, "18 04 01 1D 56 00 1B 40 0A");
}

static void every_real_time_command_is_found(void **state)
{
    (void)state;
    static const char *const HOSTILE[] = {
        "10 04 01", "10 04 14", "10 05 00",
        "10 05 02", "10 14 01", "10 14 02",
        "10 14 03", "10 14 07", "10 14 08 01 03 14 01 06 02 08"
    };
    static const char *const HARMLESS[] = { "10 04 00", "10 04 15", "10 05 03", "10 14 04",
                                            "10 10 10", "10 04",    "04 10 05", "11 04 01" };
    uint8_t data[16];
    for (size_t i = 0; i < sizeof HOSTILE / sizeof HOSTILE[0]; i++) {
        size_t size = hex_bytes(HOSTILE[i], data, sizeof data);
        assert_int_equal(escpos_break_realtime(data, size), 1);
        assert_int_equal(escpos_break_realtime(data, size), 0);
    }
    for (size_t i = 0; i < sizeof HARMLESS / sizeof HARMLESS[0]; i++) {
        size_t size = hex_bytes(HARMLESS[i], data, sizeof data);
        assert_int_equal(escpos_break_realtime(data, size), 0);
    }
}

static void a_pattern_across_two_rows_is_broken_too(void **state)
{
    (void)state;
    uint8_t rows[] = { 0xFF, 0x10, 0x05, 0x02 };
    struct printer_bitmap bitmap = { .width_dots = 16, .height_dots = 2, .rows = rows };
    print_job(&bitmap, &PROCESS_ID);
    assert_bytes_equal(paper.dots[0], 2, "FF 18");
}

/* ---- the classifier ---- */

static int parse_items(const char *hex, struct escpos_item *items, int max)
{
    uint8_t bytes[256];
    size_t size = hex_bytes(hex, bytes, sizeof bytes);
    struct escpos_parser parser;
    int count = 0;
    escpos_parser_init(&parser);
    for (size_t i = 0; i < size; i++)
        if (escpos_parser_feed(&parser, bytes[i]) && count < max)
            items[count++] = parser.item;
    return count;
}

static void tells_all_kinds_of_answers_apart(void **state)
{
    (void)state;
    struct escpos_item items[8];
    /* ASB, DLE EOT reply, XOFF, XON, GS r reply, process ID, model name, clear reply */
    int count = parse_items(
        "14 00 00 0F  12  13 11  00  37 22 41 30 30 37 00  5F 54 4D 00  37 25 00", items, 8);
    assert_int_equal(count, 6);
    assert_int_equal(items[0].kind, ESCPOS_ITEM_ASB);
    assert_bytes_equal(items[0].bytes, items[0].size, "14 00 00 0F");
    assert_int_equal(items[1].kind, ESCPOS_ITEM_REALTIME);
    assert_int_equal(items[2].kind, ESCPOS_ITEM_BYTE);
    assert_true(escpos_is_process_id(&items[3], (const uint8_t *)"A007"));
    assert_false(escpos_is_process_id(&items[3], (const uint8_t *)"Z007"));
    assert_bytes_equal(items[4].bytes, items[4].size, "5F 54 4D");
    assert_true(escpos_is_clear_reply(&items[5]));
}

static void an_interrupted_asb_does_not_swallow_what_follows(void **state)
{
    (void)state;
    struct escpos_item items[4];
    assert_int_equal(parse_items("14 00 14 00 0C 0F", items, 4), 1);
    assert_bytes_equal(items[0].bytes, items[0].size, "14 00 0C 0F");
    assert_int_equal(parse_items("14 00 37 25 00", items, 4), 1);
    assert_true(escpos_is_clear_reply(&items[0]));
}

static void an_endless_block_is_dropped_whole(void **state)
{
    (void)state;
    struct escpos_parser parser;
    escpos_parser_init(&parser);
    assert_false(escpos_parser_feed(&parser, 0x5F));
    for (int i = 0; i < 1000; i++)
        assert_false(escpos_parser_feed(&parser, 'x'));
    assert_false(escpos_parser_feed(&parser, 0));
    assert_true(escpos_parser_feed(&parser, 0x12));
}

static void status_bytes_become_problems(void **state)
{
    (void)state;
    static const struct {
        uint8_t asb[4];
        uint32_t problems;
    } TABLE[] = {
        { { 0x10, 0x00, 0x00, 0x0F }, 0 },
        { { 0x14, 0x00, 0x00, 0x0F }, 0 }, /* the drawer pin means nothing here */
        { { 0x10, 0x00, 0x03, 0x0F }, DEVICE_PROBLEM_PAPER_NEAR_END },
        { { 0x18, 0x00, 0x0F, 0x0F }, DEVICE_PROBLEM_PAPER_NEAR_END | DEVICE_PROBLEM_PAPER_OUT },
        { { 0x38, 0x00, 0x00, 0x0F }, DEVICE_PROBLEM_COVER_OPEN },
        { { 0x18, 0x08, 0x00, 0x0F }, DEVICE_PROBLEM_HARDWARE | DEVICE_PROBLEM_JAM },
        { { 0x18, 0x20, 0x00, 0x0F }, DEVICE_PROBLEM_HARDWARE },
        { { 0x18, 0x00, 0x00, 0x0F }, DEVICE_PROBLEM_HARDWARE }, /* off-line, nothing said why */
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++)
        assert_int_equal(escpos_asb_problems(TABLE[i].asb), TABLE[i].problems);
    assert_int_equal(escpos_port_problems(0x18), 0);
    assert_int_equal(escpos_port_problems(0x38), DEVICE_PROBLEM_PAPER_OUT);
    assert_int_equal(escpos_port_problems(0x10), DEVICE_PROBLEM_HARDWARE);
}

static void the_two_process_ids_of_a_job_are_printable_and_differ(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < 50000; number += 1234) {
        uint8_t before[4], after[4];
        escpos_process_id(number, false, before);
        escpos_process_id(number, true, after);
        assert_memory_not_equal(before, after, 4);
        for (int i = 0; i < 4; i++)
            assert_true(before[i] >= 0x20 && before[i] <= 0x7E);
    }
}

static void reads_names_out_of_the_device_id(void **state)
{
    (void)state;
    static const char ID[] = "\x00\x3CMFG:EPSON;CMD:ESC/POS;MODEL:TM-T88;SN:A\x01"
                             "B;CLS:PRINTER;MDL";
    char value[8];
    const uint8_t *id = (const uint8_t *)ID;
    assert_true(escpos_device_id_value(id, sizeof ID - 1, "MDL,MODEL", value, sizeof value));
    assert_string_equal(value, "TM-T88");
    assert_true(escpos_device_id_value(id, sizeof ID - 1, "SERN,SN", value, sizeof value));
    assert_string_equal(value, "A?B");
    assert_true(escpos_device_id_value(id, sizeof ID - 1, "CMD", value, 4));
    assert_string_equal(value, "ESC");
    assert_false(escpos_device_id_value(id, sizeof ID - 1, "MD", value, sizeof value));
    assert_false(escpos_device_id_value(id, 1, "MFG", value, sizeof value));
    assert_false(escpos_device_id_value((const uint8_t *)"\x00\x00MFG:X;", 8, "MFG", value, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_every_dot_of_a_receipt),
        cmocka_unit_test(feeds_blank_rows_instead_of_sending_them),
        cmocka_unit_test(what_is_blank_at_the_right_of_a_line_is_not_sent),
        cmocka_unit_test(a_blank_page_is_only_paper_feed),
        cmocka_unit_test(the_worst_picture_fits_the_announced_size),
        cmocka_unit_test(asks_for_a_status_byte_where_process_ids_are_unknown),
        cmocka_unit_test(real_time_commands_inside_a_picture_are_broken),
        cmocka_unit_test(every_real_time_command_is_found),
        cmocka_unit_test(a_pattern_across_two_rows_is_broken_too),
        cmocka_unit_test(tells_all_kinds_of_answers_apart),
        cmocka_unit_test(an_interrupted_asb_does_not_swallow_what_follows),
        cmocka_unit_test(an_endless_block_is_dropped_whole),
        cmocka_unit_test(status_bytes_become_problems),
        cmocka_unit_test(the_two_process_ids_of_a_job_are_printable_and_differ),
        cmocka_unit_test(reads_names_out_of_the_device_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
