#include "scenes/scene_parts.h"

#include "base/check.h"

struct problem_words {
    enum string_id title, words;
    bool try_again; /* the same card may work on a second try */
};

static const struct problem_words WORDS[] = {
    [CARD_PROBLEM_MOVED] = { STR_CARD_MOVED, STR_CARD_MOVED_LEAD, true },
    [CARD_PROBLEM_WRONG_CARD] = { STR_CARD_WRONG_CARD, STR_CARD_WRONG_CARD_LEAD, true },
    [CARD_PROBLEM_BAD_CARD] = { STR_CARD_BAD_CARD, STR_CARD_BAD_CARD_LEAD, true },
    [CARD_PROBLEM_GARBLED] = { STR_CARD_GARBLED, STR_CARD_GARBLED_LEAD, true },
    [CARD_PROBLEM_EXPIRED] = { STR_CARD_EXPIRED, STR_CARD_EXPIRED_LEAD, false },
    [CARD_PROBLEM_NOT_YET_VALID] = { STR_CARD_NOT_YET_VALID, STR_CARD_NOT_YET_VALID_LEAD, false },
    [CARD_PROBLEM_NUMBER] = { STR_CARD_NUMBER, STR_CARD_NUMBER_LEAD, false },
    [CARD_PROBLEM_KIND] = { STR_CARD_KIND, STR_CARD_KIND_LEAD, false },
    [CARD_PROBLEM_AGE] = { STR_CARD_AGE, STR_CARD_AGE_LEAD, false },
    [CARD_PROBLEM_READER_LOST] = { STR_CARD_READER_LOST, STR_CARD_READER_LOST_LEAD, false },
};

/* How the card goes, when a second try may help; else where to go. */
static void picture_card(struct scene_page *page, bool try_again, const char *help)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    if (try_again) {
        scene_illustration(page, ICON_PLACE_CARD, 340, 800, INK_DEFAULT);
    } else {
        scene_illustration(page, ICON_WINDOW, 200, 480, INK_DEFAULT);
        scene_gap(page, 24);
        scene_words(page, help,
                    STYLE(SURFACE_NONE, page->room == ROOM_TIGHT ? SIZE_BODY : SIZE_HEAD,
                          INK_STRONG, ALIGN_CENTRE) |
                        STYLE_BOLD);
        scene_gap(page, 24);
    }
    scene_card_end(page, card);
}

static void banners(struct scene_page *page, const char *help)
{
    scene_banner(page, SURFACE_BANNER, ICON_REGISTER, scene_text(page, STR_CARD_AGAIN));
    scene_gap(page, 20);
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WINDOW, help);
}

static void body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    CHECK((unsigned)view->card_problem < ARRAY_SIZE(WORDS));
    const struct problem_words *words = &WORDS[view->card_problem];
    const char *help = SCENE_FORMAT(page, STR_HELP_WINDOW_PHONE, { "window", scene_window(page) },
                                    { "phone", view->service_phone });
    scene_emblem(page, ICON_WARNING, page->room == ROOM_AMPLE ? 160 : 120, INK_CAUTION);
    scene_gap(page, 20);
    scene_title(page, scene_text(page, words->title));
    scene_gap(page, 12);
    scene_words(page, SCENE_FORMAT(page, words->words, { "window", scene_window(page) }),
                STYLE(SURFACE_NONE, page->room == ROOM_AMPLE ? SIZE_HEAD : SIZE_BUTTON, INK_STRONG,
                      ALIGN_LEFT));
    scene_gap(page, 12);
    scene_words(
        page, SCENE_FORMAT(page, STR_CODE_WORDS, { "code", card_problem_code(view->card_problem) }),
        scene_caption(page, INK_SECOND));
    scene_gap(page, 20);
    scene_large_offer(page);
    if (page->wide && words->try_again) {
        scene_gap(page, 24);
        scene_spring(page);
        banners(page, help);
    } else if (page->wide) {
        scene_centre(page);
    } else {
        scene_gap(page, 32);
    }
    scene_second_column(page);
    picture_card(page, words->try_again, help);
    if (!page->wide && words->try_again) {
        scene_gap(page, 28);
        banners(page, help);
    }
}

void scene_card_problem(const struct session_view *view, const struct scene_panel *panel,
                        struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    const struct scene_action actions[] = {
        { "footer.back", scene_text(&page, STR_FOOTER_BACK), INTENT_BACK, 0, true, false },
        { "footer.cancel", scene_text(&page, STR_FOOTER_CANCEL), INTENT_CANCEL, 0, true, false },
        { "card.why", scene_text(&page, STR_CARD_WHY), INTENT_WHY, 0, true, true },
    };
    scene_footer(&page, actions, view->card_is_refused ? 3 : 2);
    scene_build_body(&page, body, SCENE_LEVELS);
}
