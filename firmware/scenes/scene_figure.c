/* Over the page: what a figure is, its document, since when it is in force, and how it was made. */
#include "scenes/scene_learn_parts.h"

#include "base/check.h"
#include "base/text.h"

static const struct view_standard *standard_of(const struct scene_page *page)
{
    return &page->view->learn.standards[page->view->learn.explained.insurance];
}

/* ---- the rule in words ---- */

static const char *amount_words(const struct scene_page *page)
{
    const struct view_standard *standard = standard_of(page);
    if (!standard->is_rate)
        return scene_text(page, STR_EXPLAIN_SUM);
    return scene_text(page,
                      standard->account_rate > 0 ? STR_EXPLAIN_AMOUNT_SPLIT : STR_EXPLAIN_AMOUNT);
}

static const char *wait_words(const struct scene_page *page)
{
    const struct view_standard *standard = standard_of(page);
    const struct string_value values[] = {
        { "span", scene_months(page, standard->wait_months) },
        { "span_gap", scene_months(page, standard->wait_gap_months) },
        { "span_again",
          scene_months(page, standard->wait_break_months > 0 ? standard->wait_break_months
                                                             : standard->wait_months) },
    };
    if (standard->wait_gap_months > 0)
        return scene_format(page, STR_EXPLAIN_WAIT_GAP, values, 3);
    return scene_format(page, STR_EXPLAIN_WAIT, values, 1);
}

static const char *rule_words(const struct scene_page *page)
{
    static const enum string_id WORDS[FIGURES] = {
        [FIGURE_LIMITS] = STR_EXPLAIN_LIMITS,       [FIGURE_RATE] = STR_EXPLAIN_RATE,
        [FIGURE_ACCOUNT] = STR_EXPLAIN_ACCOUNT,     [FIGURE_SUM] = STR_EXPLAIN_SUM,
        [FIGURE_LIST] = STR_EXPLAIN_LIST,           [FIGURE_PAY] = STR_EXPLAIN_PAY,
        [FIGURE_BACK] = STR_EXPLAIN_BACK,           [FIGURE_RETRO] = STR_EXPLAIN_RETRO,
        [FIGURE_SURCHARGE] = STR_EXPLAIN_SURCHARGE, [FIGURE_AGE] = STR_EXPLAIN_AGE,
    };
    const enum view_figure figure = page->view->learn.explained.figure;
    if (figure == FIGURE_AMOUNT)
        return amount_words(page);
    if (figure == FIGURE_WAIT)
        return wait_words(page);
    if (figure == FIGURE_DUE && standard_of(page)->due_day == 0)
        return SCENE_FORMAT(page, STR_EXPLAIN_DUE_UNSET, { "window", scene_window(page) });
    if (figure == FIGURE_DUE)
        return scene_text(page, STR_EXPLAIN_DUE);
    return scene_text(page, WORDS[figure]);
}

/* ---- how it was made ---- */

static const char *rounding_words(const struct scene_page *page)
{
    const struct view_explained *explained = &page->view->learn.explained;
    static const enum string_id WORDS[][3] = {
        { STR_ROUND_HALF_FEN, STR_ROUND_UP_FEN, STR_ROUND_DOWN_FEN },
        { STR_ROUND_HALF_JIAO, STR_ROUND_UP_JIAO, STR_ROUND_DOWN_JIAO },
        { STR_ROUND_HALF_YUAN, STR_ROUND_UP_YUAN, STR_ROUND_DOWN_YUAN },
    };
    const int unit = explained->rounds_to_fen >= 100 ? 2 : explained->rounds_to_fen >= 10 ? 1 : 0;
    return scene_text(page, WORDS[unit][explained->rounds_up ? 1 : explained->rounds_down ? 2 : 0]);
}

static void computation(struct scene_page *page)
{
    const struct view_explained *explained = &page->view->learn.explained;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD_SELECTED);
    scene_card_title(page, SCENE_FORMAT(page, STR_EXPLAIN_MADE,
                                        { "when", scene_month_words(page, explained->month) }));
    if (explained->rate > 0) {
        scene_words(page,
                    SCENE_FORMAT(page, STR_EXPLAIN_LINE,
                                 { "base", scene_yuan(page, explained->base_fen) },
                                 { "rate", scene_percent(page, explained->rate) },
                                 { "amount", scene_yuan(page, explained->amount_fen) }),
                    STYLE(SURFACE_NONE, SIZE_BUTTON, INK_PRIMARY, ALIGN_LEFT) | STYLE_BOLD);
        scene_words(page, rounding_words(page), scene_caption(page, INK_STRONG));
    } else {
        scene_words(page, scene_amount(page, explained->amount_fen),
                    STYLE(SURFACE_NONE, SIZE_BUTTON, INK_PRIMARY, ALIGN_LEFT) | STYLE_BOLD);
    }
    if (explained->account_fen > 0)
        scene_words(
            page,
            SCENE_FORMAT(
                page, STR_EXPLAIN_OWN, { "own", scene_yuan(page, explained->account_fen) },
                { "pooled", scene_yuan(page, explained->amount_fen - explained->account_fen) }),
            scene_caption(page, INK_STRONG));
    scene_card_end(page, card);
    scene_gap(page, 20);
}

/* ---- where it stands ---- */

static const char *force_words(const struct scene_page *page, const struct view_source *source)
{
    if (source->until == 0)
        return SCENE_FORMAT(page, STR_SOURCE_SINCE,
                            { "when", scene_month_words(page, source->since) });
    return SCENE_FORMAT(page, STR_SOURCE_UNTIL, { "when", scene_month_words(page, source->since) },
                        { "when_last", scene_month_words(page, source->until) });
}

static void source_card(struct scene_page *page, const struct view_source *source)
{
    const struct view_standard *standard = standard_of(page);
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_row(page, scene_figure_name(page, standard, source->figure),
              scene_rule_words(page, standard, source->figure), true);
    if (source->number[0] == '\0') {
        scene_words(page, SCENE_FORMAT(page, STR_SOURCE_NONE, { "window", scene_window(page) }),
                    scene_prose(page, INK_STRONG));
    } else {
        scene_words(page, SCENE_FORMAT(page, STR_SOURCE_NUMBER, { "source", source->number }),
                    scene_prose(page, INK_STRONG));
        scene_words(page,
                    SCENE_FORMAT(page, STR_SOURCE_DATE, { "date", source->date },
                                 { "place", source->place }),
                    scene_caption(page, INK_SECOND));
    }
    if (source->since > 0)
        scene_words(page, force_words(page, source), scene_prose(page, INK_STRONG));
    scene_card_end(page, card);
    scene_gap(page, 20);
}

/* From a sum to the rules around it. */
static void rules(struct scene_page *page)
{
    static const enum view_figure RULES[] = { FIGURE_PAY,  FIGURE_DUE,       FIGURE_BACK,
                                              FIGURE_WAIT, FIGURE_SURCHARGE, FIGURE_RETRO };
    const struct view_explained *explained = &page->view->learn.explained;
    if (explained->figure != FIGURE_AMOUNT)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(RULES); i++)
        scene_figure_row(page, explained->insurance, RULES[i],
                         scene_figure_name(page, standard_of(page), RULES[i]), "");
}

/* From one sum to those of the other insurances. */
static void others(struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    if (learn->explained.figure != FIGURE_AMOUNT)
        return;
    for (int i = 0; i < learn->standard_count; i++) {
        char id[32];
        if (i == learn->explained.insurance || !learn->standards[i].is_known)
            continue;
        text_format(id, sizeof id, "figure.other.%d", i);
        scene_lead_row(page, id, learn->standards[i].name[page->language], "", ICON_FORWARD,
                       INTENT_FIGURE, VIEW_FIGURE(i, FIGURE_AMOUNT));
    }
}

static void body(struct scene_page *page)
{
    const struct view_explained *explained = &page->view->learn.explained;
    scene_heading_begin(page);
    if (!explained->is_on) {
        scene_title(page, scene_text(page, STR_EXPLAIN_NOTHING));
        scene_heading_end(page);
        return;
    }
    const struct view_standard *standard = standard_of(page);
    scene_title(page, scene_figure_name(page, standard, explained->figure));
    scene_lead(page, standard->name[page->language]);
    scene_heading_end(page);
    scene_section(page, ICON_INFO, scene_text(page, STR_EXPLAIN_RULE), rule_words(page));
    scene_gap(page, 20);
    if (explained->is_computed)
        computation(page);
    scene_second_column(page);
    for (int i = 0; i < explained->source_count; i++)
        source_card(page, &explained->sources[i]);
    if (standard->basis[page->language][0] != '\0')
        scene_words(
            page, SCENE_FORMAT(page, STR_OWED_BASIS, { "basis", standard->basis[page->language] }),
            scene_caption(page, INK_SECOND));
    rules(page);
    others(page);
}

void scene_figure(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_over_footer(&page, STR_RIGHTS_DONE);
    scene_build_body(&page, body, SCENE_LEVELS);
}
