#include "scenes/scene_parts.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/text.h"

static void alternative(struct scene_page *page, enum icon icon, const char *title,
                        const char *words)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    const int side = scene_px(page, page->room == ROOM_AMPLE ? 92 : 76), gap = scene_px(page, 28);
    struct ui_node *node = ui_tree_add(
        page->tree, UI_ROLE_IMAGE, (struct ui_rect){ page->column.x, page->column.y, side, side },
        STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    node->image = (int)icon;
    node->spoken = "";
    page->column.x += side + gap;
    page->column.width -= side + gap;
    scene_words(page, title, STYLE(SURFACE_NONE, SIZE_BODY, INK_SECOND, ALIGN_LEFT));
    const enum theme_size most = page->room == ROOM_AMPLE ? SIZE_HEAD : SIZE_BUTTON;
    const enum theme_size size = scene_size_unbroken(page, words, page->column.width, most);
    scene_words(page, words, STYLE(SURFACE_NONE, size, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    scene_card_end(page, card);
}

/* What, since when, until when, and the code a clerk asks for. */
static const char *what_and_until(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    static const enum string_id UNTIL[] = {
        [UNTIL_NOW] = STR_OUTAGE_SOON,
        [UNTIL_SOON] = STR_OUTAGE_SOON,
        [UNTIL_NETWORK] = STR_OUTAGE_NETWORK,
        [UNTIL_STAFF] = STR_OUTAGE_STAFF,
    };
    enum view_until until = view->visit_service == SERVICE_STARTING ? UNTIL_SOON : UNTIL_STAFF;
    for (int i = 0; i < view->service_count; i++) {
        if (view->services[i].what == OFFER_VISIT)
            until = view->services[i].until;
    }
    CHECK((unsigned)until < ARRAY_SIZE(UNTIL));
    const char *next = view->opens_next[page->language];
    if (until == UNTIL_STAFF && next[0] != '\0')
        return SCENE_FORMAT(page, STR_OUTAGE_OPENS, { "next", next });
    return scene_text(page, UNTIL[until]);
}

static const char *code_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const char *code = service_code(view->visit_service);
    if (view->service_since_ms == 0)
        return SCENE_FORMAT(page, STR_OUTAGE_CODE, { "code", code });
    const struct clock_civil at = clock_civil_of(view->service_since_ms);
    char since[32];
    text_format(since, sizeof(since), "%02d:%02d", at.hour, at.minute);
    return SCENE_FORMAT(page, STR_OUTAGE_CODE_SINCE, { "code", code },
                        { "since", scene_own(page, since) });
}

static void elsewhere(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_words(page, scene_text(page, STR_OUTAGE_ELSEWHERE),
                STYLE(SURFACE_NONE, SIZE_HEAD, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    scene_gap(page, 20);
    alternative(page, ICON_WINDOW, scene_text(page, STR_OUTAGE_WINDOW),
                SCENE_FORMAT(page, STR_OUTAGE_WINDOW_LEAD, { "window", scene_window(page) }));
    scene_gap(page, 24);
    alternative(page, ICON_PHONE, scene_text(page, STR_OUTAGE_PHONE),
                SCENE_FORMAT(page, STR_OUTAGE_PHONE_LEAD, { "phone", view->service_phone }));
    scene_gap(page, 24);
    scene_reading_options(page, ICON_SHIELD);
}

static void body(struct scene_page *page)
{
    const char *hours = scene_hours(page);
    scene_emblem(page, ICON_WARNING, page->room == ROOM_AMPLE ? 150 : 100, INK_CAUTION);
    scene_gap(page, 20);
    scene_title(page, scene_text(page, STR_OUTAGE_TITLE));
    scene_lead(page, scene_service(page, page->view->visit_service));
    if (page->wide)
        scene_centre(page);
    scene_banner(page, SURFACE_BANNER, ICON_CLOCK, what_and_until(page));
    scene_gap(page, 20);
    if (hours) {
        scene_words(page, hours, scene_caption(page, INK_SECOND));
        scene_gap(page, 12);
    }
    scene_words(page, code_words(page), scene_caption(page, INK_SECOND));
    if (!page->wide)
        scene_gap(page, 44);
    scene_second_column(page);
    elsewhere(page);
}

void scene_out_of_service(const struct session_view *view, const struct scene_panel *panel,
                          struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_note(&page, scene_now(&page));
    scene_footer(&page, NULL, 0);
    scene_build_body(&page, body, SCENE_LEVELS);
}
