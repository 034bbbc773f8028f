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
    [CARD_PROBLEM_READER_LOST] = { STR_CARD_READER_LOST, STR_CARD_READER_LOST_LEAD, true },
};

void scene_card_problem(const struct session_view *view, const struct scene_panel *panel,
                        struct ui_tree *tree)
{
    CHECK((unsigned)view->card_problem < ARRAY_SIZE(WORDS));
    const struct problem_words *words = &WORDS[view->card_problem];
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    if (!page.wide) {
        scene_emblem(&page, ICON_WARNING, 140, INK_CAUTION);
        scene_gap(&page, 24);
    }
    scene_title(&page, scene_text(&page, words->title));
    scene_gap(&page, 12);
    scene_words(&page, SCENE_FORMAT(&page, words->words, { "window", scene_window(&page) }),
                STYLE(SURFACE_NONE, SIZE_BUTTON, INK_STRONG, ALIGN_LEFT));
    scene_gap(&page, 36);
    if (words->try_again) {
        scene_banner(&page, SURFACE_BANNER, ICON_REGISTER, scene_text(&page, STR_CARD_AGAIN));
        scene_gap(&page, 20);
    }
    scene_banner(&page, SURFACE_BANNER_CAUTION, ICON_WINDOW,
                 SCENE_FORMAT(&page, STR_HELP_WINDOW_PHONE, { "window", scene_window(&page) },
                              { "phone", view->service_phone }));
    if (page.wide) {
        scene_second_column(&page);
        scene_picture(&page, words->try_again ? ICON_PLACE_CARD : ICON_WARNING,
                      words->try_again ? 460 : 280, words->try_again ? INK_DEFAULT : INK_CAUTION);
    } else if (words->try_again) {
        scene_gap(&page, 48);
        scene_picture(&page, ICON_PLACE_CARD, 440, INK_DEFAULT);
    }
    scene_footer_usual(&page, true, NULL, false);
}
