#include "scenes/scene_parts.h"

#include "base/check.h"
#include "base/text.h"

static const char *here_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->cash_service != SERVICE_OFFERED)
        return SCENE_FORMAT(page, STR_RIGHTS_HERE_NO_CASH,
                            { "reason", scene_service(page, view->cash_service) });
    return SCENE_FORMAT(page, STR_RIGHTS_HERE_LEAD, { "notes", scene_denominations(page) });
}

/* The machine's own line, and those of the State, where the site names them. */
static const char *phone_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const char *own = SCENE_FORMAT(page, STR_RIGHTS_PHONE_LEAD, { "phone", view->service_phone });
    const struct string_value lines[] = { { "social", view->hotlines[HOTLINE_SOCIAL] },
                                          { "tax", view->hotlines[HOTLINE_TAX] },
                                          { "medical", view->hotlines[HOTLINE_MEDICAL] } };
    char words[512];
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        if (lines[i].text[0] == '\0')
            return own;
    text_format(words, sizeof words, "%s%s%s", own, page->language == LANGUAGE_EN ? " " : "",
                scene_format(page, STR_RIGHTS_HOTLINES, lines, (int)ARRAY_SIZE(lines)));
    return scene_own(page, words);
}

static void window(struct scene_page *page)
{
    const char *hours = scene_hours(page);
    scene_section(page, ICON_WINDOW, scene_text(page, STR_RIGHTS_WINDOW),
                  SCENE_FORMAT(page, STR_RIGHTS_WINDOW_LEAD, { "window", scene_window(page) }));
    if (!hours || page->is_last_try)
        return;
    scene_gap(page, 12);
    scene_words(page, hours, scene_caption(page, INK_SECOND));
}

static void body(struct scene_page *page)
{
    scene_heading_begin(page);
    scene_title(page, scene_text(page, STR_RIGHTS_TITLE));
    scene_gap(page, 20);
    scene_heading_end(page);
    scene_section(page, ICON_PAY, scene_text(page, STR_RIGHTS_HERE), here_words(page));
    scene_gap(page, 24);
    window(page);
    if (!page->wide)
        scene_gap(page, 24);
    scene_second_column(page);
    scene_section(page, ICON_PHONE, scene_text(page, STR_RIGHTS_PHONE), phone_words(page));
    scene_gap(page, 24);
    scene_section(page, ICON_INFO, scene_text(page, STR_RIGHTS_OTHER),
                  SCENE_FORMAT(page, STR_RIGHTS_OTHER_LEAD, { "window", scene_window(page) }));
    scene_gap(page, 24);
    scene_section(page, ICON_SHIELD, scene_text(page, STR_RIGHTS_YOURS),
                  scene_text(page, STR_RIGHTS_YOURS_LEAD));
}

void scene_rights(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    const struct scene_action back = { "rights.back", scene_text(&page, STR_FOOTER_BACK),
                                       INTENT_BACK,   0,
                                       true,          false };
    scene_footer(&page, &back, 1);
    scene_build_body(&page, body, SCENE_LEVELS);
}

/* The same over a page: nothing of that is lost. */
void scene_rights_over(const struct session_view *view, const struct scene_panel *panel,
                       struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_over_footer(&page, STR_RIGHTS_DONE);
    scene_build_body(&page, body, SCENE_LEVELS);
}
