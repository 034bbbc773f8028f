/* What the machine can do now, each with its own truth, and when the hall is open. */
#include "scenes/scene_parts.h"

#include "base/check.h"
#include "ui/text_layout.h"

static const enum string_id NAMES[OFFERS] = {
    [OFFER_VISIT] = STR_OFFER_VISIT,
    [OFFER_REGISTRATION] = STR_OFFER_REGISTRATION,
    [OFFER_CASH] = STR_OFFER_CASH,
    [OFFER_INQUIRIES] = STR_OFFER_BUREAU,
};

static const char *state_words(const struct scene_page *page, const struct view_service *offer)
{
    static const enum string_id UNTIL[] = {
        [UNTIL_NOW] = STR_UNTIL_NOW,         [UNTIL_SOON] = STR_UNTIL_SOON,
        [UNTIL_NETWORK] = STR_UNTIL_NETWORK, [UNTIL_TOMORROW] = STR_UNTIL_TOMORROW,
        [UNTIL_STAFF] = STR_UNTIL_STAFF,
    };
    CHECK((unsigned)offer->until < ARRAY_SIZE(UNTIL));
    if (offer->what == OFFER_INQUIRIES)
        return scene_text(page, offer->service == SERVICE_OFFERED ? STR_OFFER_BUREAU_ONLINE
                                                                  : STR_OFFER_BUREAU_OFFLINE);
    const bool offered = offer->service == SERVICE_OFFERED;
    if (offered && offer->warning == SERVICE_OFFERED)
        return scene_text(page, STR_UNTIL_NOW);
    return SCENE_FORMAT(page, STR_UNTIL_CODE, { "until", scene_text(page, UNTIL[offer->until]) },
                        { "code", service_code(offered ? offer->warning : offer->service) });
}

static void service_row(struct scene_page *page, const struct view_service *offer)
{
    const bool good = offer->service == SERVICE_OFFERED;
    const int side = scene_px(page, page->elder ? 52 : 44), gap = scene_px(page, 20);
    const struct scene_column column = page->column;
    const int icon = page->tree->count;
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_IMAGE, (struct ui_rect){ column.x, column.y, side, side },
                    STYLE(SURFACE_NONE, SIZE_BODY, good ? INK_GOOD : INK_CAUTION, ALIGN_LEFT));
    node->image = good ? ICON_CHECK : ICON_WARNING;
    node->spoken = "";
    page->column.x += side + gap;
    page->column.width -= side + gap;
    node = scene_row(page, scene_text(page, NAMES[offer->what]), state_words(page, offer), true);
    node->style = (node->style & ~(0xff << 16)) | (good ? INK_GOOD : INK_CAUTION) << 16;
    ui_tree_name(page->tree, node, "service.%d", (int)offer->what);
    page->tree->nodes[icon].rect.y = column.y + (page->column.y - column.y - side) / 2;
    page->column.x = column.x;
    page->column.width = column.width;
}

const char *scene_hours(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->hours[page->language][0] == '\0')
        return NULL;
    const struct string_value values[] = { { "hours", view->hours[page->language] },
                                           { "next", view->opens_next[page->language] } };
    return scene_format(page, view->is_open ? STR_HOURS_OPEN : STR_HOURS_CLOSED, values, 2);
}

static bool all_offered(const struct session_view *view)
{
    for (int i = 0; i < view->service_count; i++) {
        if (view->services[i].service != SERVICE_OFFERED)
            return false;
    }
    return true;
}

/* The card of the first page, for elders one line while all is well; on the page of an outage it
 * says what still works. */
void scene_services(struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->service_count == 0)
        return;
    if (page->elder && all_offered(view)) {
        scene_banner(page, SURFACE_BANNER_GOOD, ICON_CHECK, scene_text(page, STR_OFFER_ALL));
        return;
    }
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_words(page, scene_text(page, STR_OFFER_TITLE),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    for (int i = 0; i < view->service_count; i++) {
        service_row(page, &view->services[i]);
        if (i + 1 < view->service_count)
            scene_rule(page);
    }
    const char *hours = scene_hours(page);
    if (view->cash_service == SERVICE_OFFERED && view->accepted_count > 0) {
        scene_rule(page);
        scene_gap(page, 8);
        scene_words(page,
                    SCENE_FORMAT(page, STR_OFFER_NOTES, { "notes", scene_denominations(page) }),
                    scene_caption(page, INK_SECOND));
    }
    if (hours) {
        scene_gap(page, 4);
        scene_words(page, hours, scene_caption(page, INK_SECOND));
    }
    scene_card_end(page, card);
}

static void rights_option(struct scene_page *page, enum icon icon)
{
    const struct scene_option option = {
        .id = "home.rights",
        .title = scene_text(page, STR_HOME_RIGHTS),
        .words = SCENE_FORMAT(page, STR_HOME_RIGHTS_LEAD, { "window", scene_window(page) },
                              { "phone", page->view->service_phone }),
        .icon = icon,
        .intent = INTENT_RIGHTS,
        .enabled = true,
    };
    scene_option(page, &option);
}

static void learn_option(struct scene_page *page)
{
    const struct scene_option option = {
        .id = "home.learn",
        .title = scene_text(page, STR_HOME_LEARN),
        .words = scene_text(page, STR_HOME_LEARN_LEAD),
        .icon = ICON_INFO,
        .intent = INTENT_LEARN,
        .enabled = true,
    };
    scene_option(page, &option);
}

/* What needs no card; where there is little room, two buttons beside one another. */
void scene_reading_options(struct scene_page *page, enum icon rights)
{
    if (page->view->city[LANGUAGE_ZH][0] == '\0') { /* no policy, nothing to learn from */
        rights_option(page, rights);
        return;
    }
    const struct scene_action pair[2] = {
        { "home.learn", scene_text(page, STR_HOME_LEARN_SHORT), INTENT_LEARN, 0, true, false },
        { "home.rights", scene_text(page, STR_HOME_RIGHTS_SHORT), INTENT_RIGHTS, 0, true, false },
    };
    if (page->room != ROOM_AMPLE) {
        scene_pair(page, pair, SIZE_BODY);
        return;
    }
    learn_option(page);
    scene_gap(page, 20);
    rights_option(page, rights);
}
