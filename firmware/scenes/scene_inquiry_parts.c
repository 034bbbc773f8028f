#include "scenes/scene_inquiry_parts.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/text.h"

static const enum string_id MONTHS[] = {
    STR_MONTH_1, STR_MONTH_2, STR_MONTH_3, STR_MONTH_4,  STR_MONTH_5,  STR_MONTH_6,
    STR_MONTH_7, STR_MONTH_8, STR_MONTH_9, STR_MONTH_10, STR_MONTH_11, STR_MONTH_12,
};

const char *scene_month_name(const struct scene_page *page, int number)
{
    return scene_text(page, MONTHS[number - 1]);
}

const char *scene_month_words(const struct scene_page *page, month_index month)
{
    char text[48];
    if (page->language == LANGUAGE_ZH)
        text_format(text, sizeof text, "%d年%d月", month_year(month), month_number(month));
    else
        text_format(text, sizeof text, "%s %d", scene_text(page, MONTHS[month_number(month) - 1]),
                    month_year(month));
    return scene_own(page, text);
}

const char *scene_moment(const struct scene_page *page, int64_t wall_ms)
{
    const struct clock_civil at = clock_civil_of(wall_ms);
    const struct clock_civil now = clock_civil_of(page->view->wall_ms);
    char text[64];
    if (at.year == now.year && at.month == now.month && at.day == now.day)
        text_format(text, sizeof text, "%s %02d:%02d", scene_text(page, STR_UNIT_TODAY), at.hour,
                    at.minute);
    else if (page->language == LANGUAGE_ZH)
        text_format(text, sizeof text, "%d年%d月%d日 %02d:%02d", at.year, at.month, at.day, at.hour,
                    at.minute);
    else
        text_format(text, sizeof text, "%d %s %d, %02d:%02d", at.day,
                    scene_text(page, MONTHS[at.month - 1]), at.year, at.hour, at.minute);
    return scene_own(page, text);
}

void scene_inquiry_source(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    if (inquiry->is_unreadable)
        scene_banner(page, SURFACE_BANNER_BAD, ICON_WARNING,
                     SCENE_FORMAT(page, STR_CODE_WITH,
                                  { "sentence", scene_text(page, STR_INQUIRY_UNREADABLE) },
                                  { "code", service_code(SERVICE_JOURNAL) }));
    else if (inquiry->is_bureaus)
        scene_banner(page, SURFACE_BANNER_GOOD, ICON_CHECK,
                     SCENE_FORMAT(page, STR_INQUIRY_SOURCE_BUREAU,
                                  { "time", scene_moment(page, inquiry->as_of_ms) }));
    else
        scene_banner(page, SURFACE_BANNER_CAUTION, ICON_INFO,
                     scene_text(page, STR_INQUIRY_SOURCE_HERE));
}

void scene_print_notice(struct scene_page *page, enum view_print print)
{
    if (print == PRINT_NOTHING)
        return;
    scene_gap(page, 12);
    if (print == PRINT_DONE) {
        scene_banner(page, SURFACE_BANNER_GOOD, ICON_TAKE_RECEIPT,
                     scene_text(page, STR_PRINT_DONE));
        return;
    }
    const enum string_id words = print == PRINT_FAILED ? STR_PRINT_FAILED : STR_PRINT_UNKNOWN;
    scene_banner(
        page, SURFACE_BANNER_CAUTION, ICON_WARNING,
        SCENE_FORMAT(page, STR_CODE_WITH,
                     { "sentence", SCENE_FORMAT(page, words, { "window", scene_window(page) }) },
                     { "code", service_code(SERVICE_NO_PRINTER) }));
}

const char *scene_money_state(const struct scene_page *page, enum view_money money)
{
    static const enum string_id WORDS[] = {
        [MONEY_TAKEN] = STR_LAMP_TAKEN,         [MONEY_SENT] = STR_LAMP_SENT,
        [MONEY_RECEIVED] = STR_LAMP_RECEIVED,   [MONEY_CREDITED] = STR_LAMP_CREDITED,
        [MONEY_SET_ASIDE] = STR_LAMP_SET_ASIDE,
    };
    CHECK((unsigned)money < ARRAY_SIZE(WORDS));
    return scene_text(page, WORDS[money]);
}

void scene_turns(struct scene_page *page, const struct scene_action turns[2])
{
    if (!turns[0].enabled && !turns[1].enabled)
        return;
    scene_gap(page, 20);
    scene_pair(page, turns, SIZE_BODY);
}
