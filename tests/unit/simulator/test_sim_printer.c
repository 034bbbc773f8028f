#include "support/unit.h"
#include "tools/simulator/model_printer.h"
#include <stdlib.h>
#include <string.h>

struct bench {
    struct clock_fake clock;
    struct model_printer printer;
    struct usb_model *usb;
    uint8_t cut_rows[72 * 4000];
    int cut_height, receipts;
    enum strip_end end;
};

static struct bench bench;

static void keep_receipt(void *context, const struct paper_strip *strip,
                         const struct printed_receipt *receipt)
{
    (void)context;
    assert_true(strip->height_rows <= 4000);
    memcpy(bench.cut_rows, strip->rows, (size_t)strip->height_rows * 72);
    bench.cut_height = strip->height_rows;
    bench.end = receipt->end;
    bench.receipts++;
}

static int set_up(void **state)
{
    (void)state;
    memset(&bench, 0, sizeof bench);
    clock_fake_init(&bench.clock, 0);
    model_printer_init(&bench.printer, &bench.clock.clock, 100, 576);
    bench.printer.on_receipt = keep_receipt;
    bench.usb = &bench.printer.usb;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    model_printer_deinit(&bench.printer);
    return 0;
}

static void wait_ms(int ms)
{
    for (int i = 0; i < ms; i += 5) {
        clock_fake_advance(&bench.clock, 5);
        bench.usb->ops->advance(bench.usb);
    }
}

static void feed(const void *data, size_t size)
{
    const uint8_t *at = data;
    for (int tries = 0; size > 0; tries++) {
        assert_true(tries < 10000);
        int taken = bench.usb->ops->bulk_out(bench.usb, 0x01, at, size);
        if (taken > 0) {
            at += taken;
            size -= (size_t)taken;
        }
        wait_ms(5);
    }
}

#define FEED(...) feed((const uint8_t[]){ __VA_ARGS__ }, sizeof(const uint8_t[]){ __VA_ARGS__ })

static void expect_status(const void *expected, size_t size)
{
    uint8_t data[128];
    size_t count = 0;
    while (count < size) {
        int got = bench.usb->ops->bulk_in(bench.usb, 0x82, data + count, 64);
        assert_true(got > 0);
        count += (size_t)got;
    }
    assert_int_equal(count, size);
    assert_memory_equal(data, expected, size);
}

#define EXPECT_STATUS(...)                                                                         \
    expect_status((const uint8_t[]){ __VA_ARGS__ }, sizeof(const uint8_t[]){ __VA_ARGS__ })

static void expect_silence(void)
{
    uint8_t data[64];
    assert_int_equal(bench.usb->ops->bulk_in(bench.usb, 0x82, data, 64), USB_NAK);
}

/* Dots that contain no real-time command by accident: bytes 10 never follow each other's prefix. */
static void fill_picture(uint8_t *rows, int height)
{
    unsigned seed = 42;
    for (int i = 0; i < height * 72; i++) {
        seed = seed * 1664525u + 1013904223u;
        rows[i] = (uint8_t)(seed >> 24 | 1);
    }
}

static void send_raster(const uint8_t *rows, int height)
{
    for (int y = 0; y < height; y += 128) {
        int band = height - y < 128 ? height - y : 128;
        FEED(0x1D, 0x76, 0x30, 0, 72, 0, (uint8_t)band, 0);
        feed(rows + y * 72, (size_t)band * 72);
    }
}

static void prints_a_raster_bit_by_bit(void **state)
{
    (void)state;
    static uint8_t picture[72 * 700];
    fill_picture(picture, 700);
    FEED(0x1B, 0x40);
    send_raster(picture, 700);
    FEED(0x1D, 0x56, 0x42, 0);
    wait_ms(2000);
    assert_int_equal(bench.receipts, 1);
    assert_int_equal(bench.cut_height, 700);
    assert_memory_equal(bench.cut_rows, picture, sizeof picture);
    assert_int_equal(bench.printer.protocol_errors, 0);
}

static void leaves_what_is_below_the_blade_for_the_next_strip(void **state)
{
    (void)state;
    static uint8_t picture[72 * 200];
    fill_picture(picture, 200);
    send_raster(picture, 200);
    FEED(0x1D, 0x56, 0x00);
    wait_ms(2000);
    assert_int_equal(bench.cut_height, 200 - PRINTER_CUTTER_ROWS);
    assert_int_equal(bench.printer.strip.height_rows, PRINTER_CUTTER_ROWS);
}

static void prints_at_the_speed_of_paper_and_naks_meanwhile(void **state)
{
    (void)state;
    static uint8_t zeros[72 * 200];
    FEED(0x1D, 0x76, 0x30, 0, 72, 0, 200, 0);
    int taken = 0;
    for (int got; (got = bench.usb->ops->bulk_out(bench.usb, 0x01, zeros, 64)) != USB_NAK;)
        taken += got;
    assert_int_equal(taken, 4096);
    wait_ms(50);
    int rows = bench.printer.strip.height_rows;
    assert_true(rows >= 56 && rows <= 57);
    assert_true(bench.usb->ops->bulk_out(bench.usb, 0x01, zeros, 64) > 0);
}

static void echoes_a_process_id_only_after_the_paper_before_it(void **state)
{
    (void)state;
    FEED(0x1B, 0x4A, 255, 0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30, 'A', 'b', '1', '2');
    expect_silence();
    wait_ms(200);
    EXPECT_STATUS(0x37, 0x22, 'A', 'b', '1', '2', 0);
    assert_int_equal(bench.printer.protocol_errors, 0);
}

static void tells_status_at_once_and_on_change(void **state)
{
    (void)state;
    FEED(0x1D, 0x61, 0x0F);
    EXPECT_STATUS(0x10, 0, 0, 0);
    expect_silence();
    bench.printer.cover_open = true;
    wait_ms(5);
    EXPECT_STATUS(0x38, 0, 0, 0);
    bench.printer.cover_open = false;
    wait_ms(5);
    EXPECT_STATUS(0x10, 0, 0, 0);
    model_printer_set_paper_mm(&bench.printer, 100);
    wait_ms(5);
    EXPECT_STATUS(0x10, 0, 0x03, 0);
    model_printer_set_paper_mm(&bench.printer, 0);
    wait_ms(5);
    EXPECT_STATUS(0x18, 0, 0x0F, 0);
    FEED(0x1B, 0x40);
}

static void forgets_the_wish_for_status_on_init(void **state)
{
    (void)state;
    FEED(0x1D, 0x61, 0x0F);
    EXPECT_STATUS(0x10, 0, 0, 0);
    FEED(0x1B, 0x40);
    bench.printer.cover_open = true;
    wait_ms(5);
    expect_silence();
}

static void answers_real_time_status_while_it_cannot_print(void **state)
{
    (void)state;
    bench.printer.cover_open = true;
    FEED(0x10, 0x04, 1);
    EXPECT_STATUS(0x1A);
    FEED(0x10, 0x04, 2);
    EXPECT_STATUS(0x16);
    bench.printer.cover_open = false;
    model_printer_set_paper_mm(&bench.printer, 0);
    FEED(0x10, 0x04, 4);
    EXPECT_STATUS(0x7E);
    FEED(0x1D, 0x72, 1);
    expect_silence();
}

static void executes_real_time_commands_inside_pixels(void **state)
{
    (void)state;
    uint8_t row[72] = { 0 };
    row[10] = 0x10;
    row[11] = 0x04;
    row[12] = 0x01;
    FEED(0x1D, 0x76, 0x30, 0, 72, 0, 1, 0);
    feed(row, sizeof row);
    EXPECT_STATUS(0x12);
    assert_int_equal(bench.printer.strip.height_rows, 1);
    assert_memory_equal(bench.printer.strip.rows, row, sizeof row);
}

static void loses_a_receipt_whose_pixels_say_clear(void **state)
{
    (void)state;
    static uint8_t picture[72 * 30];
    memset(picture, 0x55, sizeof picture);
    static const uint8_t CLEAR[] = { 0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08 };
    memcpy(picture + 72 * 20, CLEAR, sizeof CLEAR);
    send_raster(picture, 30);
    wait_ms(500);
    EXPECT_STATUS(0x37, 0x25, 0x00);
    assert_true(bench.printer.protocol_errors > 0);
}

static void clears_its_buffer_when_told(void **state)
{
    (void)state;
    static uint8_t zeros[72 * 40];
    bench.printer.cover_open = true;
    FEED(0x1D, 0x76, 0x30, 0, 72, 0, 40, 0);
    feed(zeros, 2000);
    assert_int_equal(bench.printer.input_size, 2008);
    FEED(0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08);
    EXPECT_STATUS(0x37, 0x25, 0x00);
    bench.printer.cover_open = false;
    wait_ms(500);
    assert_int_equal(bench.printer.strip.height_rows, 0);
    assert_int_equal(bench.printer.protocol_errors, 0);
}

static void prints_the_rest_by_itself_when_paper_comes_back(void **state)
{
    (void)state;
    static uint8_t picture[72 * 100];
    memset(picture, 0x55, sizeof picture);
    model_printer_set_paper_mm(&bench.printer, 10);
    FEED(0x1D, 0x76, 0x30, 0, 72, 0, 100, 0);
    bench.usb->ops->bulk_out(bench.usb, 0x01, picture, 4096);
    wait_ms(100);
    int taken = bench.usb->ops->bulk_out(bench.usb, 0x01, picture, sizeof picture - 4096);
    assert_int_equal(taken, (int)(sizeof picture - 4096));
    wait_ms(1000);
    assert_int_equal(bench.cut_height, 80);
    assert_int_equal(bench.end, STRIP_ROLL_END);
    assert_true(model_printer_is_offline(&bench.printer));
    model_printer_set_paper_mm(&bench.printer, PRINTER_ROLL_MM);
    wait_ms(200);
    assert_int_equal(bench.printer.strip.height_rows, 20);
}

static void stops_at_a_blocked_cutter_and_goes_on_after_recovery(void **state)
{
    (void)state;
    FEED(0x1D, 0x61, 0x0F);
    EXPECT_STATUS(0x10, 0, 0, 0);
    bench.printer.fault = PRINTER_FAULT_CUTTER;
    FEED(0x1B, 0x4A, 200, 0x1D, 0x56, 0x42, 0, 0x1D, 0x72, 1);
    wait_ms(500);
    EXPECT_STATUS(0x18, 0x08, 0, 0);
    assert_int_equal(bench.receipts, 0);
    FEED(0x10, 0x05, 0x01);
    wait_ms(500);
    assert_int_equal(bench.receipts, 1);
    EXPECT_STATUS(0x10, 0, 0, 0, 0x00);
}

static void prints_boxes_for_what_it_does_not_know(void **state)
{
    (void)state;
    FEED('H', 'i', 0x1B, 0xFF, '\n');
    wait_ms(200);
    assert_int_equal(bench.printer.protocol_errors, 4);
    assert_true(bench.printer.strip.height_rows > 24);
    assert_int_equal(bench.printer.strip.rows[0], 0x7F);
}

static void counts_a_raster_wider_than_its_head(void **state)
{
    (void)state;
    FEED(0x1D, 0x76, 0x30, 0, 80, 0, 1, 0);
    assert_int_equal(bench.printer.protocol_errors, 1);
}

static void tells_who_it_is(void **state)
{
    (void)state;
    uint8_t data[64];
    FEED(0x1D, 0x49, 67);
    expect_status("_TM-T88VI", 10);
    struct usb_setup setup = { .type = 0xA1, .request = 0, .length = 64 };
    int size = usb_model_control(bench.usb, &setup, data);
    assert_int_equal(size, data[0] << 8 | data[1]);
    assert_memory_equal(data + 2, "MFG:", 4);
    setup = (struct usb_setup){ .type = 0xA1, .request = 1, .length = 1 };
    assert_int_equal(usb_model_control(bench.usb, &setup, data), 1);
    assert_int_equal(data[0], 0x18);
    model_printer_set_paper_mm(&bench.printer, 0);
    assert_int_equal(usb_model_control(bench.usb, &setup, data), 1);
    assert_int_equal(data[0], 0x30);
}

static void drops_its_memory_on_soft_reset_and_power_loss(void **state)
{
    (void)state;
    bench.printer.cover_open = true;
    FEED(0x1B, 0x4A, 100);
    struct usb_setup setup = { .type = 0x21, .request = 2 };
    assert_int_equal(usb_model_control(bench.usb, &setup, NULL), 0);
    FEED(0x1B, 0x4A, 100);
    model_printer_set_power(&bench.printer, false);
    model_printer_set_power(&bench.printer, true);
    bench.printer.cover_open = false;
    wait_ms(500);
    assert_int_equal(bench.printer.strip.height_rows, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(prints_a_raster_bit_by_bit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaves_what_is_below_the_blade_for_the_next_strip, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(prints_at_the_speed_of_paper_and_naks_meanwhile, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(echoes_a_process_id_only_after_the_paper_before_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(tells_status_at_once_and_on_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(forgets_the_wish_for_status_on_init, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_real_time_status_while_it_cannot_print, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(executes_real_time_commands_inside_pixels, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(loses_a_receipt_whose_pixels_say_clear, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clears_its_buffer_when_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(prints_the_rest_by_itself_when_paper_comes_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(stops_at_a_blocked_cutter_and_goes_on_after_recovery,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(prints_boxes_for_what_it_does_not_know, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_a_raster_wider_than_its_head, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_who_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(drops_its_memory_on_soft_reset_and_power_loss, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
