/* To understand: the menu, and what is said in prose: individual or employee, and the law. */
#include "scenes/scene_learn_parts.h"

#include "base/check.h"

struct topic {
    const char *id;
    enum icon icon;
    enum string_id title, lead;
};

static const struct topic MENU[TOPICS] = {
    [TOPIC_STANDARDS] = { "learn.standards", ICON_PAY, STR_STANDARDS_TITLE, STR_STANDARDS_LEAD },
    [TOPIC_TIMES] = { "learn.times", ICON_CLOCK, STR_TIMES_TITLE, STR_TIMES_LEAD },
    [TOPIC_INDIVIDUAL] = { "learn.individual", ICON_REGISTER, STR_INDIVIDUAL_TITLE,
                           STR_INDIVIDUAL_LEAD },
    [TOPIC_LAW] = { "learn.law", ICON_SHIELD, STR_LAW_TITLE, STR_LAW_LEAD },
    [TOPIC_CALCULATOR] = { "learn.calculator", ICON_NOTE, STR_CALCULATOR_TITLE,
                           STR_CALCULATOR_LEAD },
    [TOPIC_LEAVING] = { "learn.leaving", ICON_LOOK, STR_LEAVING_TITLE, STR_LEAVING_LEAD },
};

/* What most people come for stands first. */
static const enum view_topic ORDER[TOPICS] = { TOPIC_LEAVING, TOPIC_CALCULATOR, TOPIC_STANDARDS,
                                               TOPIC_TIMES,   TOPIC_INDIVIDUAL, TOPIC_LAW };

static void menu_body(struct scene_page *page)
{
    scene_heading_begin(page);
    scene_title(page, scene_text(page, STR_LEARN_TITLE));
    scene_lead(page, scene_text(page, STR_LEARN_LEAD));
    scene_heading_end(page);
    for (int i = 0; i < TOPICS; i++) {
        const struct topic *topic = &MENU[ORDER[i]];
        const struct scene_option option = {
            .id = topic->id,
            .title = scene_text(page, topic->title),
            .words = page->elder ? NULL : scene_text(page, topic->lead),
            .icon = topic->icon,
            .intent = INTENT_TOPIC,
            .argument = (int)ORDER[i],
            .enabled = true,
        };
        if (i == TOPICS / 2)
            scene_second_column(page);
        scene_option(page, &option);
        scene_gap(page, 20);
    }
}

static void build(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree, scene_body *body)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, body, SCENE_LEVELS);
}

void scene_learn(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree)
{
    build(view, panel, tree, menu_body);
}

/* ---- individual or employee ---- */

static void section(struct scene_page *page, enum icon icon, enum string_id title,
                    const char *words)
{
    scene_section(page, icon, scene_text(page, title), words);
    scene_gap(page, 20);
}

/* Where the money goes, for the first insurance of which some stays the person's own. */
static const char *split_words(const struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    for (int i = 0; i < learn->standard_count; i++) {
        const struct view_standard *standard = &learn->standards[i];
        if (standard->account_rate > 0)
            return SCENE_FORMAT(page, STR_INDIVIDUAL_SPLIT_OF,
                                { "name", standard->name[page->language] },
                                { "rate", scene_percent(page, standard->rate) },
                                { "account", scene_percent(page, standard->account_rate) });
    }
    return scene_text(page, STR_INDIVIDUAL_SPLIT_LEAD);
}

static void individual_body(struct scene_page *page)
{
    scene_heading_begin(page);
    scene_title(page, scene_text(page, STR_INDIVIDUAL_TITLE));
    scene_gap(page, 16);
    scene_heading_end(page);
    section(page, ICON_REGISTER, STR_INDIVIDUAL_EMPLOYEE,
            scene_text(page, STR_INDIVIDUAL_EMPLOYEE_LEAD));
    section(page, ICON_PAY, STR_INDIVIDUAL_YOU, scene_text(page, STR_INDIVIDUAL_YOU_LEAD));
    scene_second_column(page);
    section(page, ICON_NOTE, STR_INDIVIDUAL_SPLIT, split_words(page));
    section(page, ICON_CLOCK, STR_INDIVIDUAL_STOP, scene_text(page, STR_INDIVIDUAL_STOP_LEAD));
}

void scene_individual(const struct session_view *view, const struct scene_panel *panel,
                      struct ui_tree *tree)
{
    build(view, panel, tree, individual_body);
}

/* ---- the law ---- */

static void article(struct scene_page *page, enum string_id title, enum string_id words)
{
    scene_gap(page, 16);
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_card_title(page, scene_text(page, title));
    scene_gap(page, 4);
    scene_words(page, scene_text(page, words), scene_prose(page, INK_STRONG));
    scene_card_end(page, card);
}

static void law_body(struct scene_page *page)
{
    scene_title(page, scene_text(page, STR_LAW_TITLE));
    scene_gap(page, 12);
    scene_banner(page, SURFACE_BANNER, ICON_INFO, scene_text(page, STR_LAW_MIX_UP));
    article(page, STR_LAW_10, STR_LAW_10_LEAD);
    article(page, STR_LAW_12, STR_LAW_12_LEAD);
    article(page, STR_LAW_23, STR_LAW_23_LEAD);
    scene_second_column(page);
    article(page, STR_LAW_27, STR_LAW_27_LEAD);
    article(page, STR_LAW_58, STR_LAW_58_LEAD);
    article(page, STR_LAW_60, STR_LAW_60_LEAD);
    article(page, STR_LAW_62, STR_LAW_62_LEAD);
    scene_gap(page, 12);
    scene_words(page, scene_text(page, STR_LAW_SOURCE), scene_caption(page, INK_SECOND));
}

void scene_law(const struct session_view *view, const struct scene_panel *panel,
               struct ui_tree *tree)
{
    build(view, panel, tree, law_body);
}
