/* Registration: from which month on each insurance begins, where the rule leaves a choice. */
#include "base/text.h"
#include "scenes/scene_parts.h"

/* What the choice means: months to make up for, or none. */
static const char *consequence(const struct scene_page *page,
                               const struct view_insurance *insurance)
{
    const int back = insurance->start_back;
    if (back <= 0)
        return scene_text(page, STR_STARTS_NOW);
    if (back == 1)
        return SCENE_FORMAT(page, STR_STARTS_BACK_ONE,
                            { "month", scene_month(page, insurance->start) });
    return SCENE_FORMAT(page, STR_STARTS_BACK, { "count", scene_months(page, back) },
                        { "first", scene_month(page, insurance->start) },
                        { "last", scene_month(page, insurance->start + back - 1) });
}

static const char *id_of(const struct scene_page *page, int index, const char *what)
{
    char id[32];
    text_format(id, sizeof id, "starts.%d.%s", index, what);
    return scene_own(page, id);
}

static void start(struct scene_page *page, int index)
{
    const struct view_insurance *insurance = &page->view->insurances[index];
    const struct scene_action turns[2] = {
        { id_of(page, index, "earlier"), scene_text(page, STR_STARTS_EARLIER), INTENT_EARLIER,
          index, insurance->can_start_earlier, false },
        { id_of(page, index, "later"), scene_text(page, STR_STARTS_LATER), INTENT_LATER, index,
          insurance->can_start_later, false },
    };
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_row(page, insurance->name[page->view->language],
              SCENE_FORMAT(page, STR_STARTS_FROM, { "month", scene_month(page, insurance->start) }),
              true);
    scene_words(page, consequence(page, insurance), scene_caption(page, INK_SECOND));
    scene_card_end(page, card);
    if (insurance->can_start_earlier || insurance->can_start_later) {
        scene_gap(page, 12);
        scene_pair(page, turns, SIZE_BODY);
    }
}

static void starts_body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, STR_STARTS_TITLE));
    scene_lead(page, scene_text(page, STR_STARTS_LEAD));
    scene_second_column(page);
    for (int i = 0; i < view->insurance_count; i++) {
        if (!view->insurances[i].selected)
            continue;
        start(page, i);
        scene_gap(page, 44);
    }
}

void scene_starts(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, scene_text(&page, STR_FOOTER_NEXT), true);
    scene_build_body(&page, starts_body, SCENE_LEVELS);
}
