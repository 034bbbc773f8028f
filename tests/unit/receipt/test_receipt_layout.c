#include "support/unit.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/money.h"
#include "receipt/receipt.h"
#include "ui/font.h"

#define FONTS "/usr/share/fonts/opentype/noto"
/* A signed statement (store/statement.h) behind a link of usual length: version 9. */
#define LINK                                                                                       \
    "https://rsj.example.gov.cn/v/"                                                                \
    "GV1.AGMZSAAAAABSAJQREMAAGGDAAAAAJE7ANMBZTMYAAAAT4EARCIJRIFIWC4MB"                             \
    "SGQ3DQOR4H44HII7AERZHE4TSKRKFIVCUKRKFIVCUKRKGEZAWMCVPKP4J2IOGNMH"                             \
    "3IWH5QITMW4AUXFO6FBZL2B2RTPSC46GDBVL2D2RUP3ERGXNH6A5IJTYZMOW7MQE"                             \
    "K2UPWTM74I2INWJLPXABEY"
#define MODULES 53
#define EDGE_DOTS 6 /* the margins are 8 and 16; letters may lean out a little */

static const int WIDTHS[] = { 384, 576 };
#define WIDTH_COUNT 2
#define KIND_COUNT (RECEIPT_UNKNOWN_NOTE + 1)

static struct receipt_facts typical(enum receipt_kind kind)
{
    struct receipt_facts facts = {
        .kind = kind,
        .bureau = { "示例市社会保险事业管理中心", "Example City Social Insurance Bureau" },
        .place = { "大厅 03 号", "Hall, no. 03" },
        .kiosk_id = "000003",
        .service_phone = "010-5555 0123",
        .window = { "2 号窗口", "window 2" },
        .voucher = "999900000003202611230003185",
        .txn = "K0003-20261123-000318",
        .at_ms = INT64_C(1795398067123),
        .name_masked = "王*华",
        .number_masked = "9999************12",
        .account_number = "99990000012345",
        .line_count = 1,
        .due_fen = 298400,
        .paid_fen = 300000,
        .applied_fen = 298400,
        .surplus_fen = 1600,
        .policy_id = "999900-2026",
        .policy_revision = 3,
        .sources = "示人社规〔2026〕18号",
        .collector = { "国家税务总局示例市税务局", "Example City Tax Service" },
        .surplus_rule = { "余额记入个人缴费账户，下次缴费时抵用。",
                          "What is over goes to your personal payment account." },
        .verify = LINK,
    };
    facts.lines[0] = (struct receipt_line){
        .name = { "企业职工基本养老保险", "Basic pension, enterprise employees" },
        .first = month_of(2026, 11),
        .last = month_of(2026, 12),
        .base_fen = 746000,
        .rate = 200000,
        .amount_fen = 298400,
        .account_fen = 119360,
    };
    return facts;
}

/* As long as the fields allow, without a place to break where the language has none. */
static void fill_text(char *out, size_t size, const char *unit)
{
    size_t length = strlen(unit), used = 0;
    for (; used + length < size; used += length)
        memcpy(out + used, unit, length);
    out[used] = '\0';
}

static struct receipt_facts longest(enum receipt_kind kind)
{
    struct receipt_facts facts = typical(kind);
    facts.copy = 99;
    facts.partial = true;
    facts.due_fen = facts.paid_fen = facts.applied_fen = facts.surplus_fen = INT64_C(99999999999);
    fill_text(facts.bureau[0], sizeof(facts.bureau[0]), "繁");
    fill_text(facts.bureau[1], sizeof(facts.bureau[1]), "W");
    fill_text(facts.place[0], sizeof(facts.place[0]), "廳");
    fill_text(facts.place[1], sizeof(facts.place[1]), "W");
    fill_text(facts.service_phone, sizeof(facts.service_phone), "0");
    fill_text(facts.window[0], sizeof(facts.window[0]), "窗");
    fill_text(facts.window[1], sizeof(facts.window[1]), "W");
    fill_text(facts.txn, sizeof(facts.txn), "W");
    fill_text(facts.name_masked, sizeof(facts.name_masked), "𠮷");
    fill_text(facts.account_number, sizeof(facts.account_number), "8");
    fill_text(facts.policy_id, sizeof(facts.policy_id), "W");
    fill_text(facts.sources, sizeof(facts.sources), "W");
    fill_text(facts.collector[0], sizeof(facts.collector[0]), "税");
    fill_text(facts.surplus_rule[0], sizeof(facts.surplus_rule[0]), "额");
    fill_text(facts.surplus_rule[1], sizeof(facts.surplus_rule[1]), "gj ");
    fill_text(facts.verify, sizeof(facts.verify), "h");
    facts.policy_revision = 2147483647;
    facts.line_count = RECEIPT_LINES_MAX;
    for (int i = 0; i < RECEIPT_LINES_MAX; i++) {
        struct receipt_line *line = &facts.lines[i];
        *line = facts.lines[0];
        fill_text(line->name[0], sizeof(line->name[0]), "险");
        fill_text(line->name[1], sizeof(line->name[1]), "W");
        line->base_fen = line->amount_fen = line->account_fen = INT64_C(99999999999);
        line->rate = 123457;
    }
    return facts;
}

static bool is_ink(const struct printer_bitmap *bitmap, int x, int y)
{
    const uint8_t *row = bitmap->rows + (size_t)y * printer_bitmap_stride(bitmap);
    return row[x / 8] & (0x80 >> (x % 8));
}

static struct printer_bitmap render(const struct receipt_facts *facts, int width_dots)
{
    struct printer_bitmap bitmap;
    assert_int_equal(receipt_render(facts, width_dots, FONTS, &bitmap), STATUS_OK);
    return bitmap;
}

static void assert_within_margins(const struct printer_bitmap *bitmap)
{
    assert_in_range(bitmap->height_dots, 400, PRINTER_HEIGHT_DOTS_MAX);
    for (int y = 0; y < bitmap->height_dots; y++) {
        for (int x = 0; x < EDGE_DOTS; x++) {
            assert_false(is_ink(bitmap, x, y));
            assert_false(is_ink(bitmap, bitmap->width_dots - 1 - x, y));
        }
    }
    for (int x = 0; x < bitmap->width_dots; x++) {
        assert_false(is_ink(bitmap, x, 0));
        assert_false(is_ink(bitmap, x, bitmap->height_dots - 1));
    }
}

static void write_png(const struct printer_bitmap *bitmap, const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, file);
    png_set_IHDR(png, info, (png_uint_32)bitmap->width_dots, (png_uint_32)bitmap->height_dots, 1,
                 PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_invert_mono(png);
    png_write_info(png, info);
    for (int y = 0; y < bitmap->height_dots; y++)
        png_write_row(png, bitmap->rows + (size_t)y * printer_bitmap_stride(bitmap));
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    assert_int_equal(fclose(file), 0);
}

/* zbar is a decoder nobody here wrote. */
static void assert_code_says(const struct printer_bitmap *bitmap, const char *text)
{
    char path[] = "/tmp/guichet-receipt-XXXXXX", command[120],
         decoded[RECEIPT_VERIFY_SIZE + 2] = "";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_png(bitmap, path);
    snprintf(command, sizeof(command), "zbarimg -q --raw PNG:%s 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(decoded, 1, sizeof(decoded) - 1, pipe);
    assert_int_equal(pclose(pipe), 0);
    unlink(path);
    assert_true(length > 0 && decoded[length - 1] == '\n');
    decoded[length - 1] = '\0';
    assert_string_equal(decoded, text);
}

static void carries_a_code_that_can_be_read_on_every_kind_and_width(void **state)
{
    (void)state;
    for (int i = 0; i < WIDTH_COUNT * KIND_COUNT; i++) {
        struct receipt_facts facts = typical((enum receipt_kind)(i / WIDTH_COUNT));
        struct printer_bitmap bitmap = render(&facts, WIDTHS[i % WIDTH_COUNT]);
        assert_within_margins(&bitmap);
        assert_code_says(&bitmap, facts.verify);
        receipt_bitmap_free(&bitmap);
    }
}

static void keeps_the_longest_texts_and_sums_within_the_margins(void **state)
{
    (void)state;
    for (int i = 0; i < WIDTH_COUNT * KIND_COUNT; i++) {
        struct receipt_facts facts = longest((enum receipt_kind)(i / WIDTH_COUNT));
        struct printer_bitmap bitmap = render(&facts, WIDTHS[i % WIDTH_COUNT]);
        assert_within_margins(&bitmap);
        assert_code_says(&bitmap, facts.verify);
        receipt_bitmap_free(&bitmap);
    }
}

/* Of a plan every fact, the heading of an insurance every sixth, each as long as there is room for;
 * the paper is still one that the printer takes. */
static void keeps_the_longest_plan_within_the_margins(void **state)
{
    (void)state;
    struct receipt_facts facts = longest(RECEIPT_PLAN);
    facts.copy = facts.line_count = 0;
    facts.verify[0] = facts.name_masked[0] = facts.account_number[0] = '\0';
    facts.note_count = RECEIPT_NOTES_MAX;
    for (int i = 0; i < RECEIPT_NOTES_MAX; i++) {
        struct receipt_note *note = &facts.notes[i];
        strcpy(note->zh, "补缴 2025.12–2026.10");
        strcpy(note->en, "Past months 2025.12–2026.10");
        strcpy(note->value, i % 6 == 0 ? "" : "2025.12–2026.10 (11)");
    }
    for (int language = 0; language < 2; language++) {
        fill_text(facts.bring[language], sizeof(facts.bring[0]), language == 0 ? "证" : "card ");
        fill_text(facts.open[language], sizeof(facts.open[0]), language == 0 ? "时" : "9:00 ");
    }
    for (int i = 0; i < WIDTH_COUNT; i++) {
        struct printer_bitmap bitmap = render(&facts, WIDTHS[i]);
        assert_within_margins(&bitmap);
        receipt_bitmap_free(&bitmap);
    }
}

/* Two insurances over two months: what most people take home. */
static void is_short_enough_to_be_folded_into_a_purse(void **state)
{
    (void)state;
    struct receipt_facts facts = typical(RECEIPT_PAYMENT);
    facts.line_count = 2;
    facts.lines[1] = facts.lines[0];
    facts.lines[1].account_fen = 0;
    for (int i = 0; i < WIDTH_COUNT; i++) {
        struct printer_bitmap bitmap = render(&facts, WIDTHS[i]);
        assert_in_range(bitmap.height_dots, 1000, WIDTHS[i] == 576 ? 1720 : 2400); /* 215, 300 mm */
        receipt_bitmap_free(&bitmap);
    }
}

static bool same_dots(const struct printer_bitmap *a, const struct printer_bitmap *b)
{
    return a->width_dots == b->width_dots && a->height_dots == b->height_dots &&
           memcmp(a->rows, b->rows, (size_t)a->height_dots * printer_bitmap_stride(a)) == 0;
}

static void prints_the_same_dots_for_the_same_facts(void **state)
{
    (void)state;
    struct receipt_facts facts = typical(RECEIPT_PAYMENT);
    struct printer_bitmap first = render(&facts, 576), second = render(&facts, 576);
    assert_true(same_dots(&first, &second));
    receipt_bitmap_free(&second);
    facts.paid_fen++;
    second = render(&facts, 576);
    assert_false(same_dots(&first, &second));
    receipt_bitmap_free(&first);
    receipt_bitmap_free(&second);
}

static void prints_the_same_dots_with_a_font_that_printed_another_before(void **state)
{
    (void)state;
    struct font *font;
    struct receipt_facts other = longest(RECEIPT_INTERRUPTED), facts = typical(RECEIPT_PAYMENT);
    struct printer_bitmap first = render(&facts, 576), second;
    assert_int_equal(font_open(FONTS, &font), STATUS_OK);
    assert_int_equal(receipt_render_with(&other, 384, font, &second), STATUS_OK);
    receipt_bitmap_free(&second);
    assert_int_equal(receipt_render_with(&facts, 576, font, &second), STATUS_OK);
    assert_true(same_dots(&first, &second));
    receipt_bitmap_free(&first);
    receipt_bitmap_free(&second);
    font_close(font);
}

static int run_right(const struct printer_bitmap *bitmap, int x, int y)
{
    int length = 0;
    while (x + length < bitmap->width_dots && is_ink(bitmap, x + length, y))
        length++;
    return length;
}

/* The code that the verification text makes: its upper left finder is seven modules of ink, one dot
 * below nothing, and the upper right one seven modules from the other edge. */
static bool find_code(const struct printer_bitmap *bitmap, int *left, int *top, int *side)
{
    for (int y = 1; y < bitmap->height_dots; y++) {
        for (int x = 0; x < bitmap->width_dots / 2; x++) {
            int finder = run_right(bitmap, x, y), modules = finder / 7;
            bool begins = x == 0 || !is_ink(bitmap, x - 1, y);
            if (!begins || finder % 7 != 0 || modules < 4 || modules > 6)
                continue;
            if (run_right(bitmap, x + (MODULES - 7) * modules, y) == finder &&
                !is_ink(bitmap, x, y - 1)) {
                *left = x;
                *top = y;
                *side = MODULES * modules;
                return true;
            }
        }
    }
    return false;
}

/* Modules of 4 dots at least, and white of 4 modules around the code. */
static void keeps_texts_away_from_the_code(void **state)
{
    (void)state;
    for (int i = 0; i < WIDTH_COUNT * KIND_COUNT; i++) {
        struct receipt_facts facts = typical((enum receipt_kind)(i / WIDTH_COUNT));
        struct printer_bitmap with = render(&facts, WIDTHS[i % WIDTH_COUNT]);
        int left = 0, top = 0, side = 0;
        assert_true(find_code(&with, &left, &top, &side));
        assert_in_range(side, MODULES * 4, MODULES * 6);
        for (int y = top - 16; y < top + side + 16; y++) {
            for (int x = left - 16; x < left + side + 16; x++) {
                bool inside = x >= left && x < left + side && y >= top && y < top + side;
                assert_true(inside || !is_ink(&with, x, y));
            }
        }
        receipt_bitmap_free(&with);
    }
}

static void marks_a_copy_with_a_frame(void **state)
{
    (void)state;
    struct receipt_facts facts = typical(RECEIPT_PAYMENT);
    struct printer_bitmap original = render(&facts, 576);
    facts.copy = 1;
    struct printer_bitmap copy = render(&facts, 576);
    assert_true(copy.height_dots > original.height_dots + 60);
    assert_code_says(&copy, facts.verify);
    receipt_bitmap_free(&original);
    receipt_bitmap_free(&copy);
}

/* Ink that does not survive an opening by 2 × 2 dots is thinner than two dots; a head prints that
 * grey. */
static bool is_thick(const struct printer_bitmap *bitmap, int x, int y)
{
    for (int dy = -1; dy <= 0; dy++) {
        for (int dx = -1; dx <= 0; dx++) {
            if (is_ink(bitmap, x + dx, y + dy) && is_ink(bitmap, x + dx + 1, y + dy) &&
                is_ink(bitmap, x + dx, y + dy + 1) && is_ink(bitmap, x + dx + 1, y + dy + 1))
                return true;
        }
    }
    return false;
}

static void draws_strokes_of_two_dots_and_more(void **state)
{
    (void)state;
    for (int i = 0; i < WIDTH_COUNT; i++) {
        struct receipt_facts facts = typical(RECEIPT_PAYMENT);
        struct printer_bitmap bitmap = render(&facts, WIDTHS[i]);
        int ink = 0, thin = 0;
        for (int y = 1; y + 1 < bitmap.height_dots; y++) {
            for (int x = 1; x + 1 < bitmap.width_dots; x++) {
                ink += is_ink(&bitmap, x, y);
                thin += is_ink(&bitmap, x, y) && !is_thick(&bitmap, x, y);
            }
        }
        assert_in_range(ink, 10000, 1000000);
        assert_true(thin * 50 < ink); /* tips and joints of small letters only */
        receipt_bitmap_free(&bitmap);
    }
}

static void says_when_the_font_is_not_there(void **state)
{
    (void)state;
    struct receipt_facts facts = typical(RECEIPT_PAYMENT);
    struct printer_bitmap bitmap;
    assert_int_equal(receipt_render(&facts, 576, "/nonexistent", &bitmap), STATUS_NOT_FOUND);
    assert_null(bitmap.rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_a_code_that_can_be_read_on_every_kind_and_width),
        cmocka_unit_test(keeps_the_longest_texts_and_sums_within_the_margins),
        cmocka_unit_test(keeps_the_longest_plan_within_the_margins),
        cmocka_unit_test(is_short_enough_to_be_folded_into_a_purse),
        cmocka_unit_test(prints_the_same_dots_for_the_same_facts),
        cmocka_unit_test(prints_the_same_dots_with_a_font_that_printed_another_before),
        cmocka_unit_test(keeps_texts_away_from_the_code),
        cmocka_unit_test(marks_a_copy_with_a_frame),
        cmocka_unit_test(draws_strokes_of_two_dots_and_more),
        cmocka_unit_test(says_when_the_font_is_not_there),
    };
    log_set_level(LOG_ERROR + 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
