/* The whole list of one insurance: its tiers, or the bases that may be chosen, sheet by sheet. */
#include "scenes/scene_parts.h"

#include <stdio.h>

#define FEW 3 /* so many leave room for a picture */

static const char *percent(const struct scene_page *page, int32_t percent)
{
    char text[16];
    snprintf(text, sizeof(text), "%d%%", (int)percent);
    return scene_own(page, text);
}

static const char *lead(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const enum string_id words = !view->list_is_tiers   ? STR_CHOICES_LEAD_BASE
                                 : view->list_is_yearly ? STR_CHOICES_LEAD_YEAR
                                                        : STR_CHOICES_LEAD_MONTH;
    return SCENE_FORMAT(page, words, { "name", view->list_name[page->language] });
}

static const char *grade_words(const struct scene_page *page, int index)
{
    const struct session_view *view = page->view;
    if (view->list_percent[index] > 0)
        return SCENE_FORMAT(page, STR_CHOICES_PERCENT,
                            { "percent", percent(page, view->list_percent[index]) });
    return SCENE_FORMAT(page, STR_CHOICES_TIER, { "number", scene_count(page, index + 1) });
}

static void body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page,
                scene_text(page, view->list_is_tiers ? STR_CHOICES_TIERS : STR_CHOICES_BASES));
    scene_lead(page, lead(page));
    if (view->list_count <= FEW)
        scene_illustration(page, ICON_PAY, page->wide ? 120 : 160, 420, INK_DEFAULT);
    for (int i = 0; i < view->list_count; i++) {
        char id[24];
        snprintf(id, sizeof(id), "choices.%d", i + 1);
        const struct scene_choice choice = {
            .id = scene_own(page, id),
            .title = scene_amount(page, view->list_fen[i]),
            .words = grade_words(page, i),
            .intent = INTENT_TAKE_CHOICE,
            .argument = i + 1,
            .selected = view->list_chosen == i + 1,
            .enabled = true,
        };
        scene_gap(page, 16);
        scene_choice(page, &choice);
    }
}

void scene_choices(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, body, SCENE_LEVELS);
}
