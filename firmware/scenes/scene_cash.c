#include "scenes/scene_parts.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"

struct notice {
    enum string_id words;
    enum theme_surface surface;
    enum icon icon;
};

static const struct notice NOTICES[] = {
    [CASH_NOTICE_NONE] = { STR_CASH_NOTICE_NONE, SURFACE_BANNER, ICON_NOTE },
    [CASH_NOTICE_READING] = { STR_CASH_NOTICE_READING, SURFACE_BANNER, ICON_CLOCK },
    [CASH_NOTICE_TAKEN] = { STR_CASH_NOTICE_TAKEN, SURFACE_BANNER_GOOD, ICON_CHECK },
    [CASH_NOTICE_RETURNED] = { STR_CASH_NOTICE_RETURNED, SURFACE_BANNER_CAUTION, ICON_WARNING },
    [CASH_NOTICE_NOT_ACCEPTED] = { STR_CASH_NOTICE_NOT_ACCEPTED, SURFACE_BANNER_CAUTION,
                                   ICON_WARNING },
    [CASH_NOTICE_SECOND_NOTE] = { STR_CASH_NOTICE_SECOND_NOTE, SURFACE_BANNER_CAUTION,
                                  ICON_WARNING },
    [CASH_NOTICE_WOULD_NOT_BOOK] = { STR_CASH_NOTICE_WOULD_NOT_BOOK, SURFACE_BANNER_BAD,
                                     ICON_WARNING },
    [CASH_NOTICE_DEVICE_LOST] = { STR_CASH_NOTICE_DEVICE_LOST, SURFACE_BANNER_BAD, ICON_WARNING },
    [CASH_NOTICE_NOTE_UNKNOWN] = { STR_CASH_NOTICE_NOTE_UNKNOWN, SURFACE_BANNER_BAD, ICON_WARNING },
    [CASH_NOTICE_NOT_RECORDED] = { STR_CASH_NOTICE_NOT_RECORDED, SURFACE_BANNER_BAD, ICON_CLOCK },
    [CASH_NOTICE_TOO_LARGE] = { STR_CASH_NOTICE_TOO_LARGE, SURFACE_BANNER_CAUTION, ICON_WARNING },
    [CASH_NOTICE_PAST_LIMIT] = { STR_CASH_NOTICE_PAST_LIMIT, SURFACE_BANNER_CAUTION, ICON_WARNING },
    [CASH_NOTICE_LIMIT] = { STR_CASH_NOTICE_LIMIT, SURFACE_BANNER_CAUTION, ICON_WARNING },
};

static bool is_enough(const struct session_view *view)
{
    return view->inserted_fen >= view->due_fen;
}

static void notice(struct scene_page *page)
{
    const struct session_view *view = page->view;
    CHECK((unsigned)view->cash_notice < ARRAY_SIZE(NOTICES));
    const struct notice *notice = &NOTICES[view->cash_notice];
    enum string_id words = notice->words;
    if (words == STR_CASH_NOTICE_TAKEN && is_enough(view))
        words = STR_CASH_NOTICE_TAKEN_LAST;
    const char *sentence =
        SCENE_FORMAT(page, words, { "value", scene_yuan_short(page, view->last_note_fen) },
                     { "notes", scene_denominations(page) }, { "window", scene_window(page) });
    /* A clerk who is called asks for the code. */
    if (notice->surface == SURFACE_BANNER_CAUTION || notice->surface == SURFACE_BANNER_BAD)
        sentence = SCENE_FORMAT(page, STR_CODE_WITH, { "sentence", sentence },
                                { "code", cash_notice_code(view->cash_notice) });
    scene_banner(page, notice->surface, notice->icon, sentence);
}

/* What to do now; never to go on putting in notes while that would not do. */
static enum string_id title_of(const struct session_view *view)
{
    switch (view->cash_notice) {
    case CASH_NOTICE_DEVICE_LOST:
    case CASH_NOTICE_NOT_RECORDED:
        return STR_CASH_TITLE_WAIT;
    case CASH_NOTICE_LIMIT:
    case CASH_NOTICE_WOULD_NOT_BOOK:
    case CASH_NOTICE_NOTE_UNKNOWN:
        return STR_CASH_TITLE_STOP;
    case CASH_NOTICE_NONE:
    case CASH_NOTICE_READING:
    case CASH_NOTICE_TAKEN:
    case CASH_NOTICE_RETURNED:
    case CASH_NOTICE_NOT_ACCEPTED:
    case CASH_NOTICE_SECOND_NOTE:
    case CASH_NOTICE_TOO_LARGE:
    case CASH_NOTICE_PAST_LIMIT:
    case CASH_NOTICES:
        break;
    }
    return is_enough(view) ? STR_CASH_TITLE_ENOUGH : STR_CASH_TITLE;
}

/* "67 张 100 元、1 张 50 元", the largest first. */
static const char *plan_notes(struct scene_page *page)
{
    const struct session_view *view = page->view;
    char words[256] = "";
    for (int i = 0; i < view->plan_count; i++) {
        const char *note = SCENE_FORMAT(
            page, STR_CASH_PLAN_NOTE, { "value", scene_yuan_short(page, view->plan[i].value_fen) },
            { "count", scene_count(page, view->plan[i].count) });
        const size_t used = strlen(words);
        const char *between = page->language == LANGUAGE_ZH ? "、" : ", ";
        text_format(words + used, sizeof words - used, "%s%s", i > 0 ? between : "", note);
    }
    return scene_own(page, words);
}

/* What happens to it stands in the rule. */
static const char *plan_surplus(struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->plan_surplus_fen == 0)
        return scene_text(page, STR_CASH_PLAN_EXACT);
    return SCENE_FORMAT(page, STR_CASH_PLAN_SURPLUS,
                        { "amount", scene_yuan(page, view->plan_surplus_fen) });
}

/* Before the first note nothing may be left out of how it is best paid: where room is short, what
 * is said twice goes, and beside it stands all the rest. */
static bool leads_with_plan(const struct scene_page *page)
{
    return page->view->inserted_fen == 0 && page->view->plan_count > 0 && page->room != ROOM_AMPLE;
}

/* Which notes pay best, what is over, and what it would be with the largest notes alone. Later the
 * sum still to pay will do. */
static void plan(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool is_first = view->inserted_fen == 0;
    if (view->plan_count == 0 || title_of(view) != STR_CASH_TITLE ||
        (!is_first && page->room == ROOM_TIGHT))
        return;
    struct ui_node *node =
        scene_words(page,
                    SCENE_FORMAT(page, is_first ? STR_CASH_PLAN_FIRST : STR_CASH_PLAN_NEXT,
                                 { "sum", scene_yuan_short(page, view->plan_sum_fen) },
                                 { "notes", plan_notes(page) }, { "surplus", plan_surplus(page) }),
                    scene_prose(page, INK_STRONG));
    ui_tree_name(page->tree, node, "cash.plan");
    if (is_first && view->plan_top.count > 0)
        scene_words(page,
                    SCENE_FORMAT(page, STR_CASH_PLAN_TOP,
                                 { "value", scene_yuan_short(page, view->plan_top.value_fen) },
                                 { "count", scene_count(page, view->plan_top.count) },
                                 { "amount", scene_yuan(page, view->plan_top_surplus_fen) }),
                    scene_prose(page, INK_SECOND));
    scene_gap(page, 8);
}

/* Before the first note the sum still to pay is the whole sum: where room is short, once will do.
 */
static void rows(struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (leads_with_plan(page) && page->room == ROOM_TIGHT)
        return;
    scene_gap(page, 12);
    scene_row(page, scene_text(page, STR_CASH_RECEIVED), scene_amount(page, view->inserted_fen),
              true);
    scene_rule(page);
    scene_row(page, scene_text(page, STR_CASH_DUE), scene_amount(page, view->due_fen), false);
}

static void count_card(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool enough = is_enough(view);
    const int64_t left_fen = enough ? 0 : view->due_fen - view->inserted_fen;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_words(page, scene_text(page, enough ? STR_CASH_ENOUGH : STR_CASH_LEFT),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_SECOND, ALIGN_LEFT));
    static const enum theme_size LARGEST[] = { SIZE_HUGE, SIZE_AMOUNT, SIZE_FIGURE };
    const char *left = scene_amount(page, left_fen);
    const enum theme_size size =
        scene_size_for(page, left, page->column.width, LARGEST[page->room]);
    scene_words(page, left,
                STYLE(SURFACE_NONE, size, enough ? INK_GOOD : INK_PRIMARY, ALIGN_LEFT) |
                    STYLE_BOLD);
    scene_gap(page, 8);
    plan(page);
    const int height = scene_px(page, 28);
    struct ui_node *bar =
        ui_tree_add(page->tree, UI_ROLE_PROGRESS,
                    (struct ui_rect){ page->column.x, page->column.y, page->column.width, height },
                    STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    ui_tree_name(page->tree, bar, "cash.progress");
    bar->spoken = ""; /* the two sums below it say it */
    bar->value = view->inserted_fen;
    bar->value_max = view->due_fen;
    page->column.y += height;
    rows(page);
    scene_card_end(page, card);
}

static void notes_card(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const char *texts[VIEW_NOTES_MAX];
    for (int i = 0; i < view->note_count; i++)
        texts[i] = SCENE_FORMAT(page, STR_CASH_COUNT,
                                { "value", scene_yuan_short(page, view->notes[i].value_fen) },
                                { "count", scene_count(page, view->notes[i].count) });
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_words(page, scene_text(page, STR_CASH_COUNTED), scene_caption(page, INK_SECOND));
    scene_gap(page, 14);
    scene_tags(page, texts, view->note_count, SURFACE_TAG_GOOD);
    scene_card_end(page, card);
    scene_gap(page, 24);
}

static void first_note_card(struct scene_page *page)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_illustration(page, ICON_FEED_NOTE, 180, 420, INK_DEFAULT);
    scene_card_end(page, card);
    scene_gap(page, 24);
}

static void accepted_card(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const char *texts[VIEW_NOTES_MAX];
    for (int i = 0; i < view->accepted_count; i++)
        texts[i] = scene_yuan_short(page, view->accepted_fen[i]);
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_words(page, scene_text(page, STR_CASH_ACCEPTED), scene_caption(page, INK_SECOND));
    scene_gap(page, 14);
    scene_tags(page, texts, view->accepted_count, SURFACE_TAG);
    scene_card_end(page, card);
    scene_gap(page, 24);
}

/* The same in one line, where the counted notes need the room. */
static void accepted_line(struct scene_page *page)
{
    scene_row(page, scene_text(page, STR_CASH_ACCEPTED), scene_denominations(page), true);
    scene_gap(page, 8);
}

/* One of two ways out: cancel while nothing is stacked, else stop with what is in. */
static void footer(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool is_held = view->cash_notice == CASH_NOTICE_NOT_RECORDED;
    const struct scene_action cancel = { "cash.cancel", scene_text(page, STR_CASH_CANCEL),
                                         INTENT_CANCEL, 0,
                                         true,          false };
    const struct scene_action finish = { "cash.finish",
                                         scene_text(page, STR_CASH_FINISH),
                                         INTENT_FINISH_CASH,
                                         0,
                                         view->inserted_fen > 0 && !is_enough(view) && !is_held,
                                         false };
    scene_footer(page, view->can_cancel && !is_held ? &cancel : &finish, 1);
}

/* What is taken and what was taken; of no use while nothing is, and for elders the sum will do. */
static void notes(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool brief = page->elder || title_of(view) != STR_CASH_TITLE;
    /* A picture and tags only where they take no room from the words. */
    const bool airy = page->room == ROOM_AMPLE || (page->room == ROOM_USUAL && !view->plan_count);
    if (view->note_count > 0 && !page->elder)
        notes_card(page);
    else if (view->note_count == 0 && airy && !brief)
        first_note_card(page);
    if (title_of(view) != STR_CASH_TITLE)
        return;
    if (airy && !brief)
        accepted_card(page);
    else
        accepted_line(page);
}

/* In one piece, unless that would be higher than a sheet. */
static void rule(struct scene_page *page)
{
    const char *surplus = page->view->surplus[page->language];
    if (!page->is_last_try) {
        scene_banner(page, SURFACE_BANNER_CAUTION, ICON_INFO,
                     SCENE_FORMAT(page, STR_CASH_RULE, { "rule", surplus }));
        return;
    }
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_INFO, scene_text(page, STR_CASH_RULE_CHANGE));
    scene_gap(page, 16);
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_INFO, surplus);
}

static void body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, title_of(view)));
    scene_gap(page, page->room != ROOM_TIGHT ? 16 : 0);
    count_card(page);
    scene_gap(page, page->room != ROOM_TIGHT ? 24 : 16);
    if (leads_with_plan(page))
        scene_second_column(page);
    notice(page);
    scene_gap(page, page->room != ROOM_TIGHT ? 24 : 16);
    if (!leads_with_plan(page))
        scene_second_column(page);
    notes(page);
    rule(page);
}

void scene_cash(const struct session_view *view, const struct scene_panel *panel,
                struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    footer(&page);
    scene_build_body(&page, body, SCENE_LEVELS);
}
