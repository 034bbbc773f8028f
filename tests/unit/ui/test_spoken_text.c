#include "ui/spoken_text.h"

#include <string.h>

#include "base/check.h"
#include "support/unit.h"

static char text[4096];

/* The parts of a text with their marks as letters: "[zh]王某华[en]pays". */
static const char *spoken(int language, const char *shown)
{
    static char out[8192];
    struct spoken_out raw = { .text = text, .size = sizeof text };
    struct spoken_out marked = { .text = out, .size = sizeof out };
    text[0] = out[0] = '\0';
    spoken_text_put(&raw, language, shown);
    assert_false(raw.cut);
    for (size_t i = 0; i < raw.used; i++) {
        const char single[] = { text[i], '\0' };
        const int mark = text[i] - SPOKEN_MARK;
        spoken_put(&marked, mark == SPOKEN_ZH ? "[zh]" : mark == SPOKEN_EN ? "[en]" : single);
    }
    return out;
}

struct example {
    const char *shown, *said;
};

static void check_all(int language, const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(spoken(language, examples[i].shown), examples[i].said);
}

static void sums_are_said_in_yuan_jiao_and_fen(void **state)
{
    (void)state;
    static const struct example ZH[] = {
        { "¥1,234.50", "[zh]一千二百三十四元五角" },
        { "¥955.00", "[zh]九百五十五元" },
        { "¥0.00", "[zh]零元" },
        { "¥0.05", "[zh]五分" },
        { "¥0.20", "[zh]两角" },
        { "2.00 元", "[zh]两元" },
        { "1,234.05 元", "[zh]一千二百三十四元零五分" },
        { "10,010.00 元", "[zh]一万零一十元" },
        { "¥20,000.12", "[zh]两万元一角二分" },
        { "100000 元", "[zh]十万元" },
        { "¥1,000,000.00", "[zh]一百万元" },
        { "¥120,305,000.00", "[zh]一亿两千零三十万五千元" },
        { "1,509.20 元/月", "[zh]每月一千五百零九元二角" },
        { "100 元 × 2", "[zh]一百元乘二" },
        { "还差 2,791.40 元没有缴", "[zh]还差两千七百九十一元四角没有缴" },
    };
    static const struct example EN[] = {
        { "¥1,234.50", "[en]1234 yuan 50" },
        { "¥955.00", "[en]955 yuan" },
        { "¥1,234.05", "[en]1234 yuan 0 5" },
        { "¥0.50", "[en]50 fen" },
        { "¥1,509.20/month", "[en]1509 yuan 20 a month" },
        { "¥100 × 2", "[en]100 yuan times 2" },
        { "500.00 yuan", "[en]500 yuan" },
    };
    check_all(SPOKEN_ZH, ZH, ARRAY_SIZE(ZH));
    check_all(SPOKEN_EN, EN, ARRAY_SIZE(EN));
}

static void dates_and_times_are_said_as_such(void **state)
{
    (void)state;
    static const struct example ZH[] = {
        { "2026-11-23", "[zh]二零二六年十一月二十三日" },
        { "2026-11 至 2027-01", "[zh]二零二六年十一月至二零二七年一月" },
        { "2026年11月", "[zh]二零二六年十一月" },
        { "2026 年缴费", "[zh]二零二六年缴费" },
        { "11月23日 09:41", "[zh]十一月二十三日九点四十一分" },
        { "9:00-17:05", "[zh]九点至十七点零五分" },
        { "11月23日 09:41　服务电话 12333", "[zh]十一月二十三日九点四十一分，服务电话幺二三三三" },
        { "周一至周五 2:00", "[zh]周一至周五两点" },
    };
    static const struct example EN[] = {
        { "2026-11-23", "[en]23 November 2026" },
        { "2026-11 to 2027-01", "[en]November 2026 to January 2027" },
        { "9:00-17:05", "[en]9 o'clock to 17 0 5" },
        { "2026-11-23 9:41   Service phone 12333",
          "[en]23 November 2026, 9 41, Service phone 1 2 3 3 3" },
        { "2026-13-01", "[en]2026 to 13 to 0 1" },
    };
    check_all(SPOKEN_ZH, ZH, ARRAY_SIZE(ZH));
    check_all(SPOKEN_EN, EN, ARRAY_SIZE(EN));
}

static void numbers_that_are_names_are_said_digit_by_digit(void **state)
{
    (void)state;
    static const struct example ZH[] = {
        { "拨打 12333", "[zh]拨打幺二三三三" },
        { "0571-12333", "[zh]零五七幺，幺二三三三" },
        { "9901 0000 0318", "[zh]九九零幺，零零零零，零三幺八" },
        { "990100 000003 20261123 000318 6",
          "[zh]九九零幺零零，零零零零零三，二零二六幺幺二三，零零零三幺八，六" },
        { "4403**********12", "[zh]四四零三，幺二" },
        { "4403************1X", "[zh]四四零三，幺X" },
        { "大厅 03 号", "[zh]大厅零三号" },
        { "12345678901234567890", "[zh]幺二三四五六七八九零幺二三四五六七八九零" },
    };
    static const struct example EN[] = {
        { "call 0571-12333.", "[en]call 0 5 7 1, 1 2 3 3 3." },
        { "9901 0000 0318", "[en]9 9 0 1, 0 0 0 0, 0 3 1 8" },
        { "138****0000", "[en]1 3 8, 0 0 0 0" },
    };
    check_all(SPOKEN_ZH, ZH, ARRAY_SIZE(ZH));
    check_all(SPOKEN_EN, EN, ARRAY_SIZE(EN));
}

static void counts_are_counts(void **state)
{
    (void)state;
    static const struct example ZH[] = {
        { "第 2 步，共 2 个", "[zh]第二步，共两个" },
        { "12 个月", "[zh]十二个月" },
        { "到 2 号窗口", "[zh]到二号窗口" },
        { "5、10、20、50、100 元", "[zh]五，十，二十，五十，一百元" },
        { "10.5%", "[zh]百分之十点五" },
        { "20.00%", "[zh]百分之二十" },
        { "7,546 至 37,731", "[zh]七千五百四十六至三万七千七百三十一" },
        { "2/5", "[zh]二，共五" },
        { "999,999,999,999,999", "[zh]九九九九九九九九九九九九九九九" },
    };
    static const struct example EN[] = {
        { "Step 2 of 6", "[en]Step 2 of 6" },
        { "10.5%", "[en]10 point 5 percent" },
        { "5, 10, 20", "[en]5, 10, 20" },
        { "2/5", "[en]2 of 5" },
    };
    check_all(SPOKEN_ZH, ZH, ARRAY_SIZE(ZH));
    check_all(SPOKEN_EN, EN, ARRAY_SIZE(EN));
}

static void signs_for_the_eye_are_left_out(void **state)
{
    (void)state;
    static const struct example ZH[] = {
        { "← 返回", "[zh]返回" },
        { "缴纳社保费\n个人参保登记", "[zh]缴纳社保费，个人参保登记" },
        { "终端 · 大厅", "[zh]终端，大厅" },
        { "《个人信息保护法》第二十九条", "[zh]个人信息保护法，第二十九条" },
        { "现在要缴费吗？", "[zh]现在要缴费吗？" },
        { "。，。", "" },
        { "", "" },
    };
    static const struct example EN[] = {
        { "Next →", "[en]Next" },
        { "Self-service; don't wait.", "[en]Self-service, don't wait." },
        { "Yourself (art. 10(2))", "[en]Yourself, art. 10, 2" },
    };
    check_all(SPOKEN_ZH, ZH, ARRAY_SIZE(ZH));
    check_all(SPOKEN_EN, EN, ARRAY_SIZE(EN));
}

static void each_script_has_its_voice(void **state)
{
    (void)state;
    static const struct example ZH[] = {
        { "English", "[en]English" },
        { "王*华", "[zh]王某华" },
        { "李*", "[zh]李某" },
        { "A 座 2 号", "[zh]A座二号" },
        { "扫 QR 码", "[zh]扫[en]QR[zh]码" },
    };
    static const struct example EN[] = {
        { "中文", "[zh]中文" },
        { "Figures: 人社发〔2025〕32号 (2025-07-01)",
          "[en]Figures,[zh]人社发，二零二五，三十二号[en]1 July 2025" },
        { "王*华 pays", "[zh]王某华[en]pays" },
    };
    check_all(SPOKEN_ZH, ZH, ARRAY_SIZE(ZH));
    check_all(SPOKEN_EN, EN, ARRAY_SIZE(EN));
}

/* espeak-ng takes [[…]] for phonemes and control characters for commands. */
static void nothing_can_be_a_command(void **state)
{
    (void)state;
    assert_string_equal(spoken(SPOKEN_EN, "a [[h@l'oU]] <break/> \x01"
                                          "3S b"),
                        "[en]a hl'oU break, 3 S b");
    assert_string_equal(spoken(SPOKEN_EN, "\xff\xfe ok"), "[en]ok");
}

static void what_does_not_fit_is_left_out_and_told(void **state)
{
    (void)state;
    char small[16] = "";
    struct spoken_out out = { .text = small, .size = sizeof small };
    spoken_text_put(&out, SPOKEN_ZH, "请把身份证平放在发光区");
    assert_true(out.cut);
    assert_int_equal(strlen(small), out.used);
    assert_true(out.used < sizeof small);
}

static void typed_digits_are_said_one_by_one(void **state)
{
    (void)state;
    struct spoken_out out = { .text = text, .size = sizeof text };
    text[0] = '\0';
    spoken_text_put_typed(&out, SPOKEN_ZH, "13");
    assert_string_equal(text + 1, "幺三");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_said_in_yuan_jiao_and_fen),
        cmocka_unit_test(dates_and_times_are_said_as_such),
        cmocka_unit_test(numbers_that_are_names_are_said_digit_by_digit),
        cmocka_unit_test(counts_are_counts),
        cmocka_unit_test(signs_for_the_eye_are_left_out),
        cmocka_unit_test(each_script_has_its_voice),
        cmocka_unit_test(nothing_can_be_a_command),
        cmocka_unit_test(what_does_not_fit_is_left_out_and_told),
        cmocka_unit_test(typed_digits_are_said_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
