#include "scenes/scene_learn_parts.h"

#include <string.h>

#include "base/text.h"
#include "ui/text_layout.h"

#define PARAGRAPH_SIZE 960
#define BASE_COLUMNS_MAX 3

/* How much of the why is told; the most that fits the panel. */
enum detail {
    DETAIL_NAMES,   /* the sums alone */
    DETAIL_SUM,     /* how they are made */
    DETAIL_FIGURES, /* and the document of the figures */
    DETAIL_BASIS,   /* and the legal basis */
    DETAIL_ALL,     /* and the document of the rate */
};

static void append(const struct scene_page *page, char *paragraph, const char *sentence)
{
    const size_t used = strlen(paragraph);
    const bool space = used > 0 && page->language == LANGUAGE_EN;
    if (!text_format(paragraph + used, PARAGRAPH_SIZE - used, "%s%s", space ? " " : "", sentence))
        page->tree->overflow = true;
}

static const char *how_much(const struct scene_page *page, const struct view_insurance *insurance)
{
    char words[PARAGRAPH_SIZE] = "";
    if (insurance->uses_base)
        append(page, words,
               SCENE_FORMAT(page, STR_OWED_RATE, { "base", scene_yuan(page, insurance->base_fen) },
                            { "rate", scene_percent(page, insurance->rate) }));
    else
        append(page, words,
               scene_text(page, insurance->grade > 0 ? STR_OWED_TIER : STR_OWED_FIXED));
    if (insurance->account_fen > 0)
        append(page, words,
               SCENE_FORMAT(page, STR_OWED_ACCOUNT,
                            { "amount", scene_yuan(page, insurance->account_fen) }));
    if (insurance->wait_months > 0)
        append(page, words,
               SCENE_FORMAT(page, STR_OWED_WAIT,
                            { "months", scene_count(page, insurance->wait_months) }));
    return scene_own(page, words);
}

static const char *figures(const struct scene_page *page, const struct view_insurance *insurance)
{
    if (insurance->source_date[0] == '\0')
        return SCENE_FORMAT(page, STR_OWED_SOURCE_ONLY, { "source", insurance->source });
    return SCENE_FORMAT(page, STR_OWED_SOURCE, { "source", insurance->source },
                        { "date", insurance->source_date });
}

static void small(struct scene_page *page, const char *words, enum theme_ink ink)
{
    scene_words(page, words, scene_caption(page, ink));
}

static void why(struct scene_page *page, const struct view_insurance *insurance, enum detail detail)
{
    const char *basis = insurance->basis[page->language];
    scene_gap(page, 2);
    if (detail >= DETAIL_SUM)
        small(page, how_much(page, insurance), INK_STRONG);
    if (detail > DETAIL_SUM)
        scene_gap(page, 4);
    if (detail >= DETAIL_BASIS && basis[0] != '\0' && !page->wide)
        small(page, SCENE_FORMAT(page, STR_OWED_BASIS, { "basis", basis }), INK_SECOND);
    if (detail >= DETAIL_FIGURES && insurance->source[0] != '\0')
        small(page, figures(page, insurance), INK_SECOND);
    if (detail >= DETAIL_ALL && insurance->rate_source[0] != '\0')
        small(page, SCENE_FORMAT(page, STR_OWED_RATE_SOURCE, { "source", insurance->rate_source }),
              INK_SECOND);
}

static const char *head_amount(const struct scene_page *page,
                               const struct view_insurance *insurance)
{
    if (insurance->paid_up)
        return SCENE_FORMAT(page, STR_OWED_PAID_UNTIL,
                            { "month", scene_month(page, insurance->paid_until) });
    if (!insurance->available)
        return scene_text(page, STR_OWED_UNAVAILABLE);
    return SCENE_FORMAT(page, insurance->is_yearly ? STR_UNIT_YUAN_YEAR : STR_UNIT_YUAN_MONTH,
                        { "amount", scene_yuan(page, insurance->monthly_fen) });
}

/* What is late, and what cannot be paid any more. */
static void left_out(struct scene_page *page, const struct view_insurance *insurance)
{
    if (insurance->arrears > 0)
        small(page,
              SCENE_FORMAT(page, STR_OWED_ARREARS,
                           { "months", scene_count(page, insurance->arrears) }),
              INK_STRONG);
    if (insurance->closed_last > 0)
        small(page,
              SCENE_FORMAT(page, STR_OWED_CLOSED,
                           { "months",
                             scene_due_run(page, insurance->closed_first, insurance->closed_last) },
                           { "code", "R16" }),
              INK_STRONG);
}

/* What can be paid and why, or why not. */
static void insurance_words(struct scene_page *page, const struct view_insurance *insurance,
                            enum detail detail)
{
    const struct string_value months[] = {
        { "month", scene_month(page, insurance->paid_until) },
        { "next", scene_month(page, insurance->paid_until + 1) },
    };
    if (insurance->paid_up) {
        small(page, scene_format(page, STR_OWED_PAID_UP, months, 2), INK_STRONG);
        return;
    }
    if (!insurance->available) {
        small(page, SCENE_FORMAT(page, STR_OWED_UNAVAILABLE_LEAD, { "source", insurance->source }),
              INK_STRONG);
        return;
    }
    if (insurance->paid_until != 0)
        small(page, scene_format(page, STR_OWED_PAID_AHEAD, months, 2), INK_STRONG);
    left_out(page, insurance);
    why(page, insurance, detail);
}

/* Name and amount in one line; a name with a word too long for that stands above. */
static void insurance_head(struct scene_page *page, const struct view_insurance *insurance)
{
    const enum theme_size head = page->room == ROOM_AMPLE ? SIZE_BUTTON : SIZE_BODY;
    const int size = scene_size_px(page, head);
    const int name_style = STYLE(SURFACE_NONE, head, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD;
    const int amount_style = STYLE(SURFACE_NONE, head, INK_PRIMARY, ALIGN_RIGHT) | STYLE_BOLD;
    const char *name = insurance->name[page->language];
    const char *amount = head_amount(page, insurance);
    const int amount_width = text_layout_width(FONT_BOLD, size, amount, -1) + scene_px(page, 8);
    const struct scene_column column = page->column;
    struct text_lines lines;
    page->column.width -= amount_width + scene_px(page, 16);
    text_layout_wrap(FONT_BOLD, size, name, page->column.width, &lines);
    if (lines.broken || lines.count > 2 ||
        (!page->is_last_try && 3 * page->column.width < column.width)) {
        page->column.width = column.width;
        scene_words(page, name, name_style);
        scene_words(page, amount, amount_style);
        return;
    }
    scene_words(page, name, name_style);
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TEXT,
                    (struct ui_rect){ column.x + column.width - amount_width, column.y,
                                      amount_width, text_layout_pitch(size) },
                    amount_style);
    node->text = amount;
    page->column.width = column.width;
}

static void insurance_choice(struct scene_page *page, int index, enum detail detail)
{
    const struct view_insurance *insurance = &page->view->insurances[index];
    const int air = scene_grow(page, 20, 60) / 2;
    struct scene_card card =
        scene_card_begin(page, scene_choice_surface(insurance->available, insurance->selected));
    page->column.y += air;
    const int indent = scene_px(page, 56 + 20);
    scene_tick_box(page, page->column.x, page->column.y, scene_px(page, 56), insurance->selected);
    page->column.x += indent;
    page->column.width -= indent;
    insurance_head(page, insurance);
    insurance_words(page, insurance, detail);
    page->column.y += air;
    struct ui_node *node = scene_card_end(page, card);
    node->role = UI_ROLE_CHOICE;
    node->style |= STYLE_SPOKEN_ONLY;
    node->text = insurance->name[page->language];
    node->enabled = insurance->available;
    node->selected = insurance->selected;
    node->intent = INTENT_TOGGLE_INSURANCE;
    node->argument = index;
    ui_tree_name(page->tree, node, "owed.insurance.%d", index);
}

/* How the sum is made, and by which documents, stands beside it. */
static void insurance_card(struct scene_page *page, int index, enum detail detail)
{
    const struct view_insurance *insurance = &page->view->insurances[index];
    if (!insurance->available) {
        insurance_choice(page, index, detail);
        return;
    }
    const struct scene_why why = scene_why_begin(page);
    insurance_choice(page, index, detail);
    scene_why_end(page, why, index, FIGURE_AMOUNT, insurance->name[page->language]);
}

static bool base_matters(const struct session_view *view)
{
    for (int i = 0; i < view->insurance_count; i++) {
        if (view->insurances[i].selected && view->insurances[i].uses_base)
            return true;
    }
    return false;
}

static int base_width(const struct scene_page *page, int columns)
{
    return (page->column.width - scene_px(page, 16) * (columns - 1)) / columns;
}

/* As many as leave room for "a sum of my own". */
static int base_columns(const struct scene_page *page)
{
    const int words = text_layout_width(FONT_BOLD, scene_size_px(page, SIZE_BODY),
                                        scene_text(page, STR_OWED_BASE_OWN), -1) +
                      2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
    int columns = BASE_COLUMNS_MAX;
    while (columns > 1 && base_width(page, columns) < words)
        columns--;
    return columns;
}

static bool is_chosen_base(const struct session_view *view, int index)
{
    return !view->base_is_own && view->bases_fen[index] == view->chosen_base_fen;
}

/* Elders see the lowest, and the one they chose; any other is typed. */
static bool shows_base(const struct scene_page *page, int index)
{
    return !page->elder || index == 0 || is_chosen_base(page->view, index);
}

static int bases_shown(const struct scene_page *page)
{
    int count = 0;
    for (int i = 0; i < page->view->base_count; i++)
        count += shows_base(page, i);
    return count;
}

/* The insurance whose list the bases are from; -1: any sum may be chosen. */
static int list_of(const struct session_view *view)
{
    for (int i = 0; i < view->insurance_count; i++)
        if (view->insurances[i].selected && view->insurances[i].uses_base)
            return view->insurances[i].grade_count > 0 ? i : -1;
    return -1;
}

/* Beside the bases: a sum of one's own, or the rest of the list. */
enum last_button {
    LAST_NONE, /* the whole list stands here */
    LAST_OWN,
    LAST_LIST,
};

static enum last_button last_of(const struct scene_page *page)
{
    const int list = list_of(page->view);
    if (list < 0)
        return LAST_OWN;
    return page->view->insurances[list].grade_count > bases_shown(page) ? LAST_LIST : LAST_NONE;
}

static bool stands_here(const struct scene_page *page)
{
    for (int i = 0; i < page->view->base_count; i++)
        if (shows_base(page, i) && is_chosen_base(page->view, i))
            return true;
    return false;
}

static struct ui_node *base_tile(struct scene_page *page, int slot, int height, bool chosen,
                                 const char *id, const char *text)
{
    const int gap = scene_px(page, 16), side = scene_px(page, 28);
    const int columns = base_columns(page), width = base_width(page, columns);
    const struct ui_rect rect = { page->column.x + slot % columns * (width + gap),
                                  page->column.y + slot / columns * (height + gap), width, height };
    const int style =
        chosen ? STYLE(SURFACE_BUTTON_PRIMARY, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD
               : STYLE(SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE);
    struct ui_node *node = scene_button(page, rect, id, text, style, INTENT_OWN_BASE, 0);
    node->role = UI_ROLE_CHOICE;
    node->selected = chosen;
    if (chosen)
        scene_tick(page, rect.x + scene_px(page, 10), rect.y + scene_px(page, 8), side);
    return node;
}

static void base_button(struct scene_page *page, int slot, int height, int index)
{
    const struct session_view *view = page->view;
    struct ui_node *node = base_tile(page, slot, height, is_chosen_base(view, index), "owed.base",
                                     scene_yuan_short(page, view->bases_fen[index]));
    node->intent = INTENT_CHOOSE_BASE;
    node->argument = index;
    ui_tree_name(page->tree, node, "owed.base.%d", index);
}

static void last_button(struct scene_page *page, int slot, int height)
{
    const struct session_view *view = page->view;
    const enum last_button last = last_of(page);
    const int list = list_of(view);
    const char *chosen = scene_yuan_short(page, view->chosen_base_fen);
    if (last == LAST_OWN)
        base_tile(page, slot, height, view->base_is_own, "owed.base.own",
                  view->base_is_own ? chosen : scene_text(page, STR_OWED_BASE_OWN));
    if (last != LAST_LIST)
        return;
    const char *all = scene_text(page, STR_OWED_BASE_ALL);
    const bool is_other = !stands_here(page);
    struct ui_node *node =
        base_tile(page, slot, height, is_other, "owed.base.all", is_other ? chosen : all);
    node->intent = INTENT_CHOICES;
    node->argument = list;
}

/* The insurance whose limits, or list, the bases are of; -1 none. */
static int base_leader(const struct session_view *view)
{
    for (int i = 0; i < view->insurance_count; i++)
        if (view->insurances[i].selected && view->insurances[i].uses_base)
            return i;
    return -1;
}

static bool chooses_pension(const struct session_view *view)
{
    for (int i = 0; i < view->insurance_count; i++)
        if (view->insurances[i].selected && view->insurances[i].is_pension)
            return true;
    return false;
}

static void base_limits(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const struct scene_why why = scene_why_begin(page);
    scene_words(page, scene_text(page, STR_OWED_BASE),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    small(page,
          SCENE_FORMAT(page, chooses_pension(view) ? STR_OWED_BASE_LEAD : STR_OWED_BASE_SPAN,
                       { "floor", scene_yuan_short(page, view->base_floor_fen) },
                       { "ceiling", scene_yuan_short(page, view->base_ceiling_fen) }),
          INK_SECOND);
    scene_why_end(page, why, base_leader(view), list_of(view) >= 0 ? FIGURE_LIST : FIGURE_LIMITS,
                  scene_text(page, STR_OWED_BASE));
}

static void base_card(struct scene_page *page)
{
    const struct session_view *view = page->view;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    base_limits(page);
    scene_gap(page, 16);
    const int columns = base_columns(page);
    const int tiles = bases_shown(page) + (last_of(page) == LAST_NONE ? 0 : 1);
    const int rows = (tiles + columns - 1) / columns;
    const int height = scene_px(page, page->wide ? 84 : 92) +
                       scene_grow(page, 40 * rows, (page->wide ? 90 : 40) * rows) / rows;
    int slot = 0;
    for (int i = 0; i < view->base_count; i++) {
        if (shows_base(page, i))
            base_button(page, slot++, height, i);
    }
    last_button(page, slot, height);
    page->column.y += rows * height + (rows - 1) * scene_px(page, 16);
    scene_card_end(page, card);
    scene_gap(page, page->wide ? 14 : 20);
}

/* One wide button for each insurance in which a tier is chosen. */
static void tier_buttons(struct scene_page *page)
{
    const int height = scene_px(page, page->wide ? 84 : 96);
    for (int i = 0; i < page->view->insurance_count; i++) {
        const struct view_insurance *insurance = &page->view->insurances[i];
        if (!insurance->selected || insurance->grade == 0)
            continue;
        const char *words =
            SCENE_FORMAT(page, insurance->is_yearly ? STR_OWED_TIER_YEAR : STR_OWED_TIER_MONTH,
                         { "name", insurance->name[page->language] },
                         { "number", scene_count(page, insurance->grade) },
                         { "amount", scene_yuan_short(page, insurance->grade_fen) });
        const int inner = page->column.width - 2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
        const int needed =
            text_layout_height(FONT_REGULAR, scene_size_px(page, SIZE_BODY), words, inner) +
            scene_px(page, 24);
        const struct ui_rect rect = { page->column.x, page->column.y, page->column.width,
                                      needed > height ? needed : height };
        struct ui_node *node = scene_button(
            page, rect, "owed.tier", words,
            STYLE(SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE), INTENT_CHOICES, i);
        ui_tree_name(page->tree, node, "owed.tier.%d", i);
        page->column.y += rect.height;
        scene_gap(page, page->wide ? 14 : 20);
    }
}

/* On a wide panel the legal basis stands in the second column, which has the room. */
static void bases_in_law(struct scene_page *page)
{
    for (int i = 0; i < page->view->insurance_count; i++) {
        const struct view_insurance *insurance = &page->view->insurances[i];
        if (!insurance->selected || insurance->basis[page->language][0] == '\0')
            continue;
        scene_gap(page, 4);
        small(page,
              SCENE_FORMAT(page, STR_OWED_BASIS_NAMED, { "name", insurance->name[page->language] },
                           { "basis", insurance->basis[page->language] }),
              INK_SECOND);
    }
}

/* Nobody shall pay a month twice only because the network is down. */
static void paid_elsewhere(struct scene_page *page)
{
    if (page->view->paid_here_only)
        small(page, scene_text(page, STR_OWED_HERE_ONLY), INK_STRONG);
}

/* Under the sum: what is billed with it, until when it is to be paid, and who takes it. */
static void terms(struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->difference_fen > 0 || view->refund_is_due) {
        const struct scene_why why = scene_why_begin(page);
        scene_differences(page);
        scene_why_end(page, why, view->difference_insurance, FIGURE_RETRO,
                      view->insurances[view->difference_insurance].name[page->language]);
        scene_gap(page, 12);
    }
    paid_elsewhere(page);
    if (view->next_month > 0 && !view->all_paid) {
        const struct scene_why why = scene_why_begin(page);
        small(page, scene_next_due(page), view->next_is_late ? INK_CAUTION : INK_STRONG);
        scene_why_end(page, why, view->next_insurance, FIGURE_DUE, scene_next_due(page));
    }
}

static void collector(struct scene_page *page)
{
    const char *name = page->view->collector[page->language];
    if (name[0] != '\0')
        small(page, SCENE_FORMAT(page, STR_OWED_COLLECTOR, { "collector", name }), INK_SECOND);
}

static bool has_yearly(const struct session_view *view)
{
    bool found = false;
    for (int i = 0; i < view->insurance_count; i++)
        found = found || (view->insurances[i].selected && view->insurances[i].is_yearly);
    return found;
}

static void total(struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->all_paid)
        scene_alert(page, SURFACE_BANNER_GOOD, ICON_CHECK,
                    SCENE_FORMAT(page, STR_OWED_ALL_PAID,
                                 { "next", scene_month(page, view->next_payable) }));
    if (view->difference_only) {
        scene_gap(page, 20);
        scene_sum(page, scene_text(page, STR_OWED_TOTAL_DIFFERENCE), view->difference_fen);
    } else if (!view->all_paid && view->monthly_total_fen == 0) {
        scene_banner(page, SURFACE_BANNER_CAUTION, ICON_INFO, scene_text(page, STR_OWED_NONE));
    } else if (!view->all_paid) {
        scene_sum(page, scene_text(page, has_yearly(view) ? STR_OWED_TOTAL_MIXED : STR_OWED_TOTAL),
                  view->monthly_total_fen);
    }
}

static void insurances(struct scene_page *page, enum detail detail)
{
    scene_title(page, scene_text(page, STR_OWED_TITLE));
    scene_gap(page, 14);
    if (page->reach_top > 0 && !page->wide) {
        total(page);
        scene_gap(page, 20);
    }
    scene_large_offer(page);
    for (int i = 0; i < page->view->insurance_count; i++) {
        if (i > 0)
            scene_gap(page, page->wide ? 16 : 20);
        insurance_card(page, i, detail);
    }
}

static void base_and_total(struct scene_page *page)
{
    const bool total_first = page->reach_top > 0 && !page->wide; /* it stands above, out of reach */
    if (scene_registration_is_refused(page->view)) {
        scene_refused_registration(page);
        scene_gap(page, 20);
    }
    if (base_matters(page->view))
        base_card(page);
    tier_buttons(page);
    if (!total_first)
        total(page);
    scene_gap(page, 10);
    terms(page);
}

/* First the type gets smaller, then the least needed of the why goes. */
static enum detail detail_of(const struct scene_page *page)
{
    const int less = page->level > 0 ? page->level - 1 : 0;
    /* Fewer things, and larger; or more of them where a seated person reaches. */
    const int most = page->elder || page->reach_top > 0 ? DETAIL_SUM : DETAIL_ALL;
    return (enum detail)(DETAIL_ALL - less < most ? DETAIL_ALL - less : most);
}
#define LEVELS (DETAIL_ALL - DETAIL_NAMES + 2)

static void body(struct scene_page *page)
{
    insurances(page, detail_of(page));
    scene_gap(page, page->wide ? 10 : 20);
    if (page->wide)
        collector(page);
    scene_second_column(page);
    base_and_total(page);
    if (!page->wide) {
        scene_gap(page, 10);
        collector(page);
        if (page->view->all_paid)
            scene_centre(page);
        return;
    }
    if (page->view->monthly_total_fen == 0)
        scene_centre(page);
    const struct scene_mark before = scene_mark(page);
    bases_in_law(page);
    if (!scene_fits(page))
        scene_rewind(page, &before);
}

void scene_owed(const struct session_view *view, const struct scene_panel *panel,
                struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    const bool is_payable = view->monthly_total_fen > 0 || view->difference_only;
    if (view->all_paid && !view->difference_only) /* nothing to go on to: only the way out */
        scene_footer_usual(&page, false, NULL, false);
    else
        scene_footer_usual(&page, true, scene_text(&page, STR_FOOTER_NEXT),
                           is_payable && !scene_registration_is_refused(view));
    scene_build_body(&page, body, LEVELS);
}
