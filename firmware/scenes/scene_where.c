/* Where somebody's money is: four lamps for each payment, from the machine that took it to the
 * account. */
#include "scenes/scene_inquiry_parts.h"

#include <string.h>

#include "ui/text_layout.h"

#define TAIL_DIGITS 7 /* of a receipt number: its count and check digit */

/* Dark means "not yet" where the machine can know, and "not known" where only the bureau could. */
static const char *lamp_words(const struct scene_page *page, const struct view_payment *payment,
                              enum view_lamp lamp)
{
    if (payment->lit[lamp])
        return payment->lit_ms[lamp] > 0 ? scene_moment(page, payment->lit_ms[lamp])
                                         : scene_text(page, STR_LAMP_NO_DATE);
    if (lamp == LAMP_CREDITED && !page->view->inquiry.is_bureaus && !payment->is_set_aside)
        return scene_text(page, STR_LAMP_NOT_KNOWN);
    return scene_text(page, STR_LAMP_DARK);
}

static void lamp_row(struct scene_page *page, const struct view_payment *payment,
                     enum view_lamp lamp)
{
    static const enum string_id NAMES[LAMPS] = {
        [LAMP_TAKEN] = STR_LAMP_TAKEN,
        [LAMP_SENT] = STR_LAMP_SENT,
        [LAMP_RECEIVED] = STR_LAMP_RECEIVED,
        [LAMP_CREDITED] = STR_LAMP_CREDITED,
    };
    const bool lit = payment->lit[lamp];
    const int side = scene_px(page, page->elder ? 44 : 36), gap = scene_px(page, 16);
    const struct scene_column column = page->column;
    const int icon = page->tree->count;
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_IMAGE, (struct ui_rect){ column.x, column.y, side, side },
                    STYLE(SURFACE_NONE, SIZE_BODY, lit ? INK_GOOD : INK_SECOND, ALIGN_LEFT));
    node->image = lit ? ICON_CHECK : ICON_CLOCK;
    node->spoken = "";
    page->column.x += side + gap;
    page->column.width -= side + gap;
    const enum string_id name =
        lamp == LAMP_TAKEN && !payment->taken_here ? STR_LAMP_TAKEN_ELSEWHERE : NAMES[lamp];
    node = scene_row(page, scene_text(page, name), lamp_words(page, payment, lamp), false);
    node->style = (node->style & ~(0xff << 16)) | (lit ? INK_GOOD : INK_SECOND) << 16;
    ui_tree_name(page->tree, node, "where.%d.%d", payment->index, (int)lamp);
    page->tree->nodes[icon].rect.y = column.y + (page->column.y - column.y - side) / 2;
    page->column.x = column.x;
    page->column.width = column.width;
}

static void set_aside(struct scene_page *page, const struct view_payment *payment)
{
    const struct string_value values[] = { { "window", scene_window(page) } };
    scene_gap(page, 12);
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WARNING,
                 SCENE_FORMAT(page, STR_CODE_WITH,
                              { "sentence", scene_format(page, STR_WHERE_SET_ASIDE, values, 1) },
                              { "code", payment->code }));
}

static void payment_card(struct scene_page *page, const struct view_payment *payment)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    if (payment->paid_fen >= 0)
        scene_words(page, scene_amount(page, payment->paid_fen),
                    STYLE(SURFACE_NONE, SIZE_BUTTON, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    scene_words(
        page,
        SCENE_FORMAT(page, STR_WHERE_NUMBER, { "number", scene_number(page, payment->voucher) }),
        scene_caption(page, INK_SECOND));
    for (int lamp = 0; lamp < LAMPS; lamp++)
        lamp_row(page, payment, (enum view_lamp)lamp);
    if (payment->is_set_aside)
        set_aside(page, payment);
    scene_card_end(page, card);
}

/* On another sheet than its card it must still be plain what it prints. */
static void reprint_button(struct scene_page *page, const struct view_payment *payment)
{
    const size_t length = strlen(payment->voucher);
    const char *tail = payment->voucher + (length > TAIL_DIGITS ? length - TAIL_DIGITS : 0);
    const char *words = SCENE_FORMAT(page, STR_WHERE_REPRINT, { "number", scene_own(page, tail) });
    const int style = STYLE(SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE);
    const int inner = page->column.width - 2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
    const int least = scene_px(page, 104);
    const int height =
        scene_px(page, 24) +
        text_layout_height(FONT_REGULAR, scene_size_px(page, SIZE_BODY), words, inner);
    const struct ui_rect rect = { page->column.x, page->column.y, page->column.width,
                                  height > least ? height : least };
    struct ui_node *node =
        scene_button(page, rect, "", words, style, INTENT_REPRINT, payment->index);
    ui_tree_name(page->tree, node, "where.reprint.%d", payment->index);
    page->column.y += rect.height;
}

static void payment_turns(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    const int newer = inquiry->payments_from - VIEW_PAYMENTS_MAX;
    const int older = inquiry->payments_from + VIEW_PAYMENTS_MAX;
    const struct scene_action turns[] = {
        { "where.newer", scene_text(page, STR_WHERE_NEWER), INTENT_WHERE, newer > 0 ? newer : 0,
          inquiry->payments_from > 0, false },
        { "where.older", scene_text(page, STR_WHERE_OLDER), INTENT_WHERE, older,
          older < inquiry->payments_total, false },
    };
    scene_turns(page, turns);
}

static void where_body(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    scene_title(page, scene_text(page, STR_WHERE_TITLE));
    scene_gap(page, 12);
    scene_inquiry_source(page);
    scene_print_notice(page, page->view->inquiry.print);
    for (int i = 0; i < inquiry->payment_count; i++) {
        scene_gap(page, 16);
        payment_card(page, &inquiry->payments[i]);
        if (inquiry->payments[i].can_reprint) {
            scene_gap(page, 8);
            reprint_button(page, &inquiry->payments[i]);
        }
    }
    if (inquiry->reprints_left <= 0) {
        scene_gap(page, 12);
        scene_banner(page, SURFACE_BANNER, ICON_INFO,
                     SCENE_FORMAT(page, STR_WHERE_NO_MORE, { "window", scene_window(page) }));
    }
    payment_turns(page);
}

void scene_where(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, where_body, SCENE_LEVELS);
}

static void found_body(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    scene_title(page, scene_text(page, STR_FOUND_TITLE));
    scene_gap(page, 12);
    scene_inquiry_source(page);
    scene_gap(page, 16);
    if (inquiry->payment_count > 0) {
        scene_second_column(page);
        payment_card(page, &inquiry->payments[0]);
        if (inquiry->payments[0].paid_fen < 0) {
            scene_gap(page, 12);
            scene_words(page, scene_text(page, STR_FOUND_NO_SUM), scene_prose(page, INK_SECOND));
        }
        scene_illustration(page, ICON_LOOK, 60, 700, INK_DEFAULT);
        return;
    }
    scene_words(page, scene_text(page, inquiry->is_bureaus ? STR_FOUND_NONE : STR_FOUND_NONE_HERE),
                scene_prose(page, INK_STRONG));
    scene_gap(page, 24);
    scene_illustration(page, ICON_LOOK, page->wide ? 120 : 200, 1200, INK_DEFAULT);
}

void scene_found(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, found_body, SCENE_LEVELS);
}
