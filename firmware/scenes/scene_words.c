#include "scenes/scene_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"

#define WORDS_SIZE 1280 /* a text of at most 1024 bytes with its values */

int scene_px(const struct scene_page *page, int dp)
{
    return theme_px(page->scale, dp);
}

int scene_size_px(const struct scene_page *page, enum theme_size size)
{
    return scene_px(page, theme_size_dp(page->tree->look, size));
}

const char *scene_own(const struct scene_page *page, const char *text)
{
    return ui_tree_text(page->tree, text);
}

const char *scene_text(const struct scene_page *page, enum string_id id)
{
    return string_text(id, page->language);
}

const char *scene_format(const struct scene_page *page, enum string_id id,
                         const struct string_value *values, int count)
{
    char words[WORDS_SIZE];
    if (!strings_format(words, sizeof(words), scene_text(page, id), values, count))
        page->tree->overflow = true;
    return scene_own(page, words);
}

const char *scene_yuan(const struct scene_page *page, int64_t fen)
{
    char text[MONEY_TEXT_SIZE];
    money_format(fen, 1, text);
    return scene_own(page, text);
}

const char *scene_yuan_short(const struct scene_page *page, int64_t fen)
{
    char text[MONEY_TEXT_SIZE];
    money_format(fen, 1, text);
    if (fen % 100 == 0)
        *strrchr(text, '.') = '\0';
    return scene_own(page, text);
}

const char *scene_amount(const struct scene_page *page, int64_t fen)
{
    char text[MONEY_TEXT_SIZE], amount[MONEY_TEXT_SIZE + 4];
    money_format(fen, 1, text);
    text_format(amount, sizeof(amount), "¥%s", text);
    return scene_own(page, amount);
}

const char *scene_month(const struct scene_page *page, month_index month)
{
    char text[MONTH_TEXT_SIZE];
    month_format(month, text);
    return scene_own(page, text);
}

const char *scene_count(const struct scene_page *page, int64_t count)
{
    char text[24];
    snprintf(text, sizeof(text), "%lld", (long long)count);
    return scene_own(page, text);
}

/* 200000 → "20%", 85000 → "8.5%" */
const char *scene_percent(const struct scene_page *page, int32_t rate)
{
    char text[24];
    int length = snprintf(text, sizeof(text), "%d.%04d", (int)(rate / 10000), (int)(rate % 10000));
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    snprintf(text + length, sizeof(text) - (size_t)length, "%%");
    return scene_own(page, text);
}

const char *scene_months(const struct scene_page *page, int count)
{
    if (count == 1)
        return scene_text(page, STR_UNIT_MONTHS_ONE);
    return SCENE_FORMAT(page, STR_UNIT_MONTHS_MANY, { "count", scene_count(page, count) });
}

const char *scene_denominations(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const char *between = page->language == LANGUAGE_ZH ? "、" : ", ";
    char text[160] = "";
    for (int i = 0; i < view->accepted_count; i++) {
        char value[MONEY_TEXT_SIZE];
        money_format(view->accepted_fen[i], 0, value);
        *strrchr(value, '.') = '\0';
        const size_t used = strlen(text);
        text_format(text + used, sizeof(text) - used, "%s%s", i > 0 ? between : "", value);
    }
    return scene_own(page, text);
}

/* A voucher in the groups it is made of (region, kiosk, day, count, check digit), any other long
 * number from its end in fours. */
static bool group_begins(int index, int length)
{
    if (length == 27)
        return index == 6 || index == 12 || index == 20 || index == 26;
    return length > 6 && index > 0 && (length - index) % 4 == 0;
}

const char *scene_number(const struct scene_page *page, const char *number)
{
    char text[64];
    const int length = (int)strlen(number);
    int out = 0;
    if (length > 40)
        return scene_own(page, number);
    for (int i = 0; i < length; i++) {
        if (group_begins(i, length))
            text[out++] = ' ';
        text[out++] = number[i];
    }
    text[out] = '\0';
    return scene_own(page, text);
}

const char *scene_window(const struct scene_page *page)
{
    /* Between Chinese and figures stands a space: 请到 2 号窗口. */
    const char *window = page->view->window[page->language];
    char words[64];
    const bool space = page->language == LANGUAGE_ZH && window[0] > ' ' && window[0] <= '9';
    text_format(words, sizeof(words), "%s%s", space ? " " : "", window);
    return scene_own(page, words);
}

const char *scene_service(const struct scene_page *page, enum service service)
{
    static const enum string_id SENTENCES[SERVICES] = {
        [SERVICE_OFFERED] = STR_SERVICE_OFFERED,
        [SERVICE_NO_READER] = STR_SERVICE_NO_READER,
        [SERVICE_NO_ACCEPTOR] = STR_SERVICE_NO_ACCEPTOR,
        [SERVICE_BOX_FULL] = STR_SERVICE_BOX_FULL,
        [SERVICE_BOX_OUT] = STR_SERVICE_BOX_OUT,
        [SERVICE_ACCEPTOR_JAM] = STR_SERVICE_ACCEPTOR_JAM,
        [SERVICE_NO_PRINTER] = STR_SERVICE_NO_PRINTER,
        [SERVICE_PAPER_OUT] = STR_SERVICE_PAPER_OUT,
        [SERVICE_PRINTER_COVER] = STR_SERVICE_PRINTER_COVER,
        [SERVICE_JOURNAL] = STR_SERVICE_JOURNAL,
        [SERVICE_POLICY] = STR_SERVICE_POLICY,
        [SERVICE_NUMBERS] = STR_SERVICE_NUMBERS,
        [SERVICE_OFFLINE_LIMIT] = STR_SERVICE_OFFLINE_LIMIT,
        [SERVICE_STARTING] = STR_SERVICE_STARTING,
        [SERVICE_BOX_LIMIT] = STR_SERVICE_BOX_LIMIT,
        [SERVICE_DAY_LIMIT] = STR_SERVICE_DAY_LIMIT,
        [SERVICE_VISIT_SUM] = STR_SERVICE_VISIT_SUM,
        [SERVICE_VISIT_NOTES] = STR_SERVICE_VISIT_NOTES,
        [SERVICE_EXACT_SUM] = STR_SERVICE_EXACT_SUM,
        [SERVICE_BOX_FILLS] = STR_SERVICE_BOX_FILLS,
        [SERVICE_BUREAU] = STR_SERVICE_BUREAU,
    };
    CHECK((unsigned)service < SERVICES);
    return SCENE_FORMAT(page, SENTENCES[service],
                        { "amount", scene_yuan_short(page, page->view->limit_fen) },
                        { "count", scene_count(page, page->view->limit_notes) });
}

bool scene_registration_is_refused(const struct session_view *view)
{
    return !view->registered && view->registration_service != SERVICE_OFFERED;
}

void scene_refused_registration(struct scene_page *page)
{
    scene_banner(
        page, SURFACE_BANNER_CAUTION, ICON_WARNING,
        SCENE_FORMAT(
            page, STR_CODE_WITH,
            { "sentence",
              SCENE_FORMAT(page, STR_OWED_NO_REGISTRATION,
                           { "reason", scene_service(page, page->view->registration_service) }) },
            { "code", service_code(page->view->registration_service) }));
}

static const char *date_and_time(const struct scene_page *page)
{
    const struct clock_civil at = clock_civil_of(page->view->wall_ms);
    char text[64];
    if (page->language == LANGUAGE_ZH)
        text_format(text, sizeof(text), "%d月%d日 %02d:%02d", at.month, at.day, at.hour, at.minute);
    else
        text_format(text, sizeof(text), "%04d-%02d-%02d %02d:%02d", at.year, at.month, at.day,
                    at.hour, at.minute);
    return scene_own(page, text);
}

/* The time, and whom to call: under every page that waits for somebody. */
const char *scene_now(const struct scene_page *page)
{
    return SCENE_FORMAT(page, STR_HOME_FOOTER, { "time", date_and_time(page) },
                        { "phone", page->view->service_phone });
}
