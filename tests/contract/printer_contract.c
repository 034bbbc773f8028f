/*
 * What every receipt printer driver must do, on the wire model of the printer. The model saves what
 * comes out as PNG; the folder is the first argument.
 */
#include "drivers/printer/printer.h"

#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "contract/rig.h"
#include "drivers/printer/escpos/escpos.h"

#define HEARD_MAX 256
#define WIDTH 576

struct printer_rig {
    struct rig rig;
    struct printer *printer;
    struct printer_event heard[HEARD_MAX];
    int heard_count, read_count; /* read: already looked at by the test */
    uint32_t wanted_job;
    enum device_state wanted_state;
};

static const struct device_match MATCH = {
    .driver = "escpos", .vid = -1, .pid = -1, .interface_class = 7, .interface_subclass = 1
};
static const char *out_folder;

static void hear(void *context, const struct printer_event *event)
{
    struct printer_rig *rig = context;
    assert_true(rig->heard_count < HEARD_MAX);
    rig->heard[rig->heard_count++] = *event;
}

static bool has_heard_outcome(void *context)
{
    struct printer_rig *rig = context;
    while (rig->read_count < rig->heard_count) {
        const struct printer_event *event = &rig->heard[rig->read_count++];
        bool outcome = event->kind == PRINTER_EVENT_PRINTED ||
                       event->kind == PRINTER_EVENT_FAILED || event->kind == PRINTER_EVENT_UNKNOWN;
        if (outcome && event->job == rig->wanted_job)
            return true;
    }
    return false;
}

static const struct printer_event *expect_outcome(struct printer_rig *rig, uint32_t job)
{
    rig->wanted_job = job;
    if (!rig_run_until(&rig->rig, has_heard_outcome, rig))
        fail_msg("job %u did not end", job);
    return &rig->heard[rig->read_count - 1];
}

static bool has_heard_state(void *context)
{
    struct printer_rig *rig = context;
    while (rig->read_count < rig->heard_count) {
        const struct printer_event *event = &rig->heard[rig->read_count++];
        if (event->kind == PRINTER_EVENT_STATUS && event->status.state == rig->wanted_state)
            return true;
    }
    return false;
}

static const struct device_status *expect_state(struct printer_rig *rig, enum device_state state)
{
    rig->wanted_state = state;
    if (!rig_run_until(&rig->rig, has_heard_state, rig))
        fail_msg("state %s did not come", device_state_name(state));
    return &rig->heard[rig->read_count - 1].status;
}

static int count_jobs(const struct printer_rig *rig, enum printer_event_kind kind)
{
    int count = 0;
    for (int i = 0; i < rig->heard_count; i++)
        count += rig->heard[i].kind == kind;
    return count;
}

static void open_printer(struct printer_rig *rig)
{
    rig->printer = escpos_open(&MATCH, &rig->rig.queue, hear, rig);
    assert_non_null(rig->printer);
}

static int set_up(void **state)
{
    static struct printer_rig rig;
    memset(&rig, 0, sizeof rig);
    rig_init(&rig.rig);
    open_printer(&rig);
    *state = &rig;
    expect_state(&rig, DEVICE_READY);
    return 0;
}

static int tear_down(void **state)
{
    struct printer_rig *rig = *state;
    printer_close(rig->printer);
    rig_deinit(&rig->rig);
    rig_sim("fault printer none");
    rig_sim("printer free-cutter");
    rig_sim("printer process-id on");
    rig_sim("cover closed");
    rig_sim("paper ok");
    return 0;
}

/* ---- bitmaps and paper ---- */

/* Lines of noise with gaps of growing height, like text; and what a printer could take for a
 * real-time command. */
static struct printer_bitmap make_receipt(int height)
{
    struct printer_bitmap bitmap = { .width_dots = WIDTH, .height_dots = height };
    size_t stride = printer_bitmap_stride(&bitmap);
    bitmap.rows = calloc((size_t)height, stride);
    assert_non_null(bitmap.rows);
    uint32_t noise = (uint32_t)height;
    for (int row = 0, gap = 3; row < height; row += 24 + gap, gap = gap * 2 % 97)
        for (int dy = 0; dy < 24 && row + dy < height; dy++)
            for (size_t x = 0; x < stride; x++) {
                noise = noise * 1664525u + 1013904223u;
                /* The lowest bit keeps DLE (10) out: every dot must then come out as it is. */
                bitmap.rows[(size_t)(row + dy) * stride + x] = (uint8_t)(noise >> 24 | 1);
            }
    return bitmap;
}

static int receipt_count(void)
{
    int count = 0;
    for (const char *at = rig_sim("printer state"); (at = strstr(at, "receipt-")) != NULL; at++)
        count++;
    return count;
}

static png_bytep load_receipt(int number, png_image *image)
{
    char path[512];
    snprintf(path, sizeof path, "%s/receipt-%03d.png", out_folder, number);
    memset(image, 0, sizeof *image);
    image->version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_file(image, path))
        fail_msg("%s: %s", path, image->message);
    image->format = PNG_FORMAT_GRAY;
    png_bytep pixels = malloc(PNG_IMAGE_SIZE(*image));
    assert_non_null(pixels);
    assert_true(png_image_finish_read(image, NULL, pixels, 0, NULL));
    return pixels;
}

/* The newest strip shows the bitmap at its end; what is above it is the way to the blade. */
static void assert_receipt_shows(int number, const struct printer_bitmap *bitmap)
{
    png_image image;
    png_bytep pixels = load_receipt(number, &image);
    assert_int_equal(image.width, bitmap->width_dots);
    assert_true((int)image.height >= bitmap->height_dots);
    int head = (int)image.height - bitmap->height_dots;
    size_t stride = printer_bitmap_stride(bitmap), wrong = 0;
    for (int y = 0; y < (int)image.height; y++)
        for (int x = 0; x < bitmap->width_dots; x++) {
            bool black = pixels[(size_t)y * image.width + (size_t)x] < 128;
            const uint8_t *row = bitmap->rows + (size_t)(y < head ? 0 : y - head) * stride;
            bool wanted = y >= head && (row[x / 8] >> (7 - x % 8) & 1) != 0;
            wrong += black != wanted;
        }
    free(pixels);
    assert_int_equal(wrong, 0);
}

static long protocol_errors(void)
{
    const char *found = strstr(rig_sim("printer state"), "\"protocol_errors\"");
    assert_non_null(found);
    return strtol(found + strcspn(found, "0123456789"), NULL, 10);
}

static void print(struct printer_rig *rig, uint32_t job, const struct printer_bitmap *bitmap)
{
    assert_int_equal(printer_print(rig->printer, job, bitmap), STATUS_OK);
}

static void assert_prints(struct printer_rig *rig, uint32_t job)
{
    struct printer_bitmap bitmap = make_receipt(600);
    print(rig, job, &bitmap);
    assert_int_equal(expect_outcome(rig, job)->kind, PRINTER_EVENT_PRINTED);
    assert_receipt_shows(receipt_count(), &bitmap);
    free(bitmap.rows);
}

/* ---- the suite ---- */

static void names_itself_when_ready(void **state)
{
    struct printer_rig *rig = *state;
    const struct device_status *status = &rig->heard[rig->read_count - 1].status;
    assert_true(strlen(status->model) > 0);
    assert_int_equal(status->problems, 0);
}

static void prints_every_dot_and_says_so_after_the_cut(void **state)
{
    struct printer_rig *rig = *state;
    struct printer_bitmap bitmap = make_receipt(1200);
    int before = receipt_count();
    print(rig, 41, &bitmap);
    const struct printer_event *event = expect_outcome(rig, 41);
    assert_int_equal(event->kind, PRINTER_EVENT_PRINTED);
    assert_int_equal(event->evidence, PRINTER_EVIDENCE_PROCESS_ID);
    assert_int_equal(count_jobs(rig, PRINTER_EVENT_SENT), 1);
    assert_int_equal(receipt_count(), before + 1);
    assert_receipt_shows(before + 1, &bitmap);
    free(bitmap.rows);
}

static void prints_one_receipt_after_another(void **state)
{
    struct printer_rig *rig = *state;
    for (uint32_t job = 1; job <= 3; job++)
        assert_prints(rig, job);
}

static void a_picture_full_of_commands_stays_a_picture(void **state)
{
    static const uint8_t HOSTILE[] = { 0x10, 0x05, 0x02, 0x10, 0x14, 0x08, 0x01, 0x03, 0x14,
                                       0x01, 0x06, 0x02, 0x08, 0x1D, 0x56, 0x00, 0x1B, 0x40 };
    struct printer_rig *rig = *state;
    struct printer_bitmap bitmap = { .width_dots = WIDTH, .height_dots = 300 };
    bitmap.rows = malloc(300 * 72);
    assert_non_null(bitmap.rows);
    for (size_t i = 0; i < 300 * 72; i++)
        bitmap.rows[i] = HOSTILE[i % sizeof HOSTILE];
    int before = receipt_count();
    print(rig, 7, &bitmap);
    assert_int_equal(expect_outcome(rig, 7)->kind, PRINTER_EVENT_PRINTED);
    assert_int_equal(receipt_count(), before + 1);
    for (size_t i = 0; i < 300 * 72; i++)
        if (bitmap.rows[i] == 0x10)
            bitmap.rows[i] = 0x18; /* the one dot it may cost */
    assert_receipt_shows(before + 1, &bitmap);
    free(bitmap.rows);
}

static void without_process_ids_a_status_byte_is_the_evidence(void **state)
{
    struct printer_rig *rig = *state;
    rig_sim("unplug printer");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("printer process-id off");
    rig_sim("plug printer");
    expect_state(rig, DEVICE_READY);
    struct printer_bitmap bitmap = make_receipt(300);
    print(rig, 9, &bitmap);
    const struct printer_event *event = expect_outcome(rig, 9);
    assert_int_equal(event->kind, PRINTER_EVENT_PRINTED);
    assert_int_equal(event->evidence, PRINTER_EVIDENCE_STATUS_BYTE);
    free(bitmap.rows);
    rig_sim("unplug printer");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("printer process-id on");
    rig_sim("plug printer");
    expect_state(rig, DEVICE_READY);
}

static void refuses_what_it_cannot_print(void **state)
{
    struct printer_rig *rig = *state;
    uint8_t row[200] = { 0 };
    struct printer_bitmap wide = { .width_dots = WIDTH + 1, .height_dots = 1, .rows = row };
    struct printer_bitmap flat = { .width_dots = 8, .height_dots = 0, .rows = row };
    struct printer_bitmap endless = { .width_dots = 8,
                                      .height_dots = PRINTER_HEIGHT_DOTS_MAX + 1,
                                      .rows = row };
    assert_int_equal(printer_print(rig->printer, 1, &wide), STATUS_INVALID);
    assert_int_equal(printer_print(rig->printer, 1, &flat), STATUS_INVALID);
    assert_int_equal(printer_print(rig->printer, 1, &endless), STATUS_INVALID);
    assert_prints(rig, 2);
}

static void prints_one_job_at_a_time(void **state)
{
    struct printer_rig *rig = *state;
    struct printer_bitmap bitmap = make_receipt(300);
    print(rig, 1, &bitmap);
    assert_int_equal(printer_print(rig->printer, 2, &bitmap), STATUS_BUSY);
    assert_int_equal(expect_outcome(rig, 1)->kind, PRINTER_EVENT_PRINTED);
    print(rig, 3, &bitmap); /* as soon as the first is known to be printed */
    assert_int_equal(expect_outcome(rig, 3)->kind, PRINTER_EVENT_PRINTED);
    free(bitmap.rows);
}

static void tells_about_paper_and_cover_while_idle(void **state)
{
    struct printer_rig *rig = *state;
    rig_sim("paper low");
    assert_int_equal(expect_state(rig, DEVICE_DEGRADED)->problems, DEVICE_PROBLEM_PAPER_NEAR_END);
    rig_sim("paper out");
    assert_true(expect_state(rig, DEVICE_FAULT)->problems & DEVICE_PROBLEM_PAPER_OUT);
    rig_sim("paper ok");
    expect_state(rig, DEVICE_READY);
    rig_sim("cover open");
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->problems, DEVICE_PROBLEM_COVER_OPEN);
    struct printer_bitmap bitmap = make_receipt(100);
    assert_int_equal(printer_print(rig->printer, 1, &bitmap), STATUS_BUSY);
    free(bitmap.rows);
    rig_sim("cover closed");
    expect_state(rig, DEVICE_READY);
    assert_prints(rig, 2);
}

static void prints_near_the_end_of_the_roll(void **state)
{
    struct printer_rig *rig = *state;
    rig_sim("paper low");
    expect_state(rig, DEVICE_DEGRADED);
    assert_prints(rig, 1);
}

/* The rest must never come out in front of the next citizen. */
static void expect_no_stale_rest(struct printer_rig *rig, uint32_t job)
{
    rig_run_for(&rig->rig, 500);
    assert_prints(rig, job);
}

static void out_of_paper_in_mid_job_it_never_claims_to_have_printed(void **state)
{
    struct printer_rig *rig = *state;
    struct printer_bitmap bitmap = make_receipt(2000);
    rig_sim("paper 40"); /* mm: 320 of 2000 rows */
    expect_state(rig, DEVICE_DEGRADED);
    print(rig, 5, &bitmap);
    enum printer_event_kind kind = expect_outcome(rig, 5)->kind;
    assert_true(kind == PRINTER_EVENT_FAILED || kind == PRINTER_EVENT_UNKNOWN);
    rig_sim("paper ok");
    expect_state(rig, DEVICE_READY);
    expect_no_stale_rest(rig, 6);
    free(bitmap.rows);
}

static void a_blocked_cutter_is_not_a_printed_receipt(void **state)
{
    struct printer_rig *rig = *state;
    struct printer_bitmap bitmap = make_receipt(400);
    rig_sim("fault printer cutter");
    print(rig, 5, &bitmap);
    enum printer_event_kind kind = expect_outcome(rig, 5)->kind;
    assert_true(kind == PRINTER_EVENT_FAILED || kind == PRINTER_EVENT_UNKNOWN);
    assert_int_equal(rig->heard[rig->read_count - 1].status.state, DEVICE_FAULT);
    rig_sim("printer free-cutter");
    expect_state(rig, DEVICE_READY);
    free(bitmap.rows);
    assert_prints(rig, 6);
}

static void unplugged_in_mid_job_what_is_on_paper_is_unknown(void **state)
{
    struct printer_rig *rig = *state;
    struct printer_bitmap bitmap = make_receipt(8000);
    print(rig, 5, &bitmap);
    rig_sim("unplug printer");
    enum printer_event_kind kind = expect_outcome(rig, 5)->kind;
    assert_true(kind == PRINTER_EVENT_FAILED || kind == PRINTER_EVENT_UNKNOWN);
    rig_sim("plug printer");
    expect_state(rig, DEVICE_READY);
    expect_no_stale_rest(rig, 6);
    free(bitmap.rows);
}

static void unplug_and_replug_heal_without_a_restart(void **state)
{
    struct printer_rig *rig = *state;
    for (int i = 0; i < 3; i++) {
        rig_sim("unplug printer");
        expect_state(rig, DEVICE_ABSENT);
        rig_sim("plug printer");
        expect_state(rig, DEVICE_READY);
    }
    assert_prints(rig, 1);
}

static void survives_a_spoiled_status(void **state)
{
    struct printer_rig *rig = *state;
    rig_sim("fault printer garbage");
    rig_sim("paper low"); /* told in noise */
    rig_run_for(&rig->rig, 300);
    rig_sim("paper ok");
    rig_run_for(&rig->rig, 300);
    assert_prints(rig, 1);
}

static void close_in_mid_job_is_prompt_and_the_next_start_clean(void **state)
{
    struct printer_rig *rig = *state;
    struct printer_bitmap bitmap = make_receipt(8000);
    print(rig, 5, &bitmap);
    rig_run_for(&rig->rig, 30);
    int64_t started_ms = clock_now_ms(&clock_system);
    printer_close(rig->printer);
    int64_t took_ms = clock_now_ms(&clock_system) - started_ms;
    int heard = rig->heard_count;
    rig_run_for(&rig->rig, 300);
    assert_int_equal(rig->heard_count, heard);
    assert_true(took_ms < 5000); /* a second is meant; a loaded machine gets more */
    open_printer(rig);
    expect_state(rig, DEVICE_READY);
    rig_run_for(&rig->rig, 300);
    free(bitmap.rows);
    /* The start of the unfinished one may hang on to the first; the second is clean. */
    struct printer_bitmap small = make_receipt(200);
    print(rig, 6, &small);
    assert_int_equal(expect_outcome(rig, 6)->kind, PRINTER_EVENT_PRINTED);
    free(small.rows);
    assert_prints(rig, 7);
}

static void speaks_the_protocol_without_a_mistake(void **state)
{
    struct printer_rig *rig = *state;
    long before = protocol_errors();
    assert_prints(rig, 1);
    assert_int_equal(protocol_errors(), before);
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "printer_contract FOLDER-OF-THE-SIMULATOR\n");
        return 2;
    }
    out_folder = argv[1];
    const struct CMUnitTest tests[] = {
        CONTRACT(names_itself_when_ready),
        CONTRACT(prints_every_dot_and_says_so_after_the_cut),
        CONTRACT(prints_one_receipt_after_another),
        CONTRACT(a_picture_full_of_commands_stays_a_picture),
        CONTRACT(without_process_ids_a_status_byte_is_the_evidence),
        CONTRACT(refuses_what_it_cannot_print),
        CONTRACT(prints_one_job_at_a_time),
        CONTRACT(tells_about_paper_and_cover_while_idle),
        CONTRACT(prints_near_the_end_of_the_roll),
        CONTRACT(out_of_paper_in_mid_job_it_never_claims_to_have_printed),
        CONTRACT(a_blocked_cutter_is_not_a_printed_receipt),
        CONTRACT(unplugged_in_mid_job_what_is_on_paper_is_unknown),
        CONTRACT(unplug_and_replug_heal_without_a_restart),
        CONTRACT(survives_a_spoiled_status),
        CONTRACT(close_in_mid_job_is_prompt_and_the_next_start_clean),
        CONTRACT(speaks_the_protocol_without_a_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
