#include "scenes/scene_list.h"

#include "base/check.h"
#include "scenes/scene_parts.h"

static scene_build_function *const SCENES[STEPS] = {
    [STEP_HOME] = scene_home,
    [STEP_OUT_OF_SERVICE] = scene_out_of_service,
    [STEP_RIGHTS] = scene_rights,
    [STEP_IDENTIFY] = scene_identify,
    [STEP_CARD_PROBLEM] = scene_card_problem,
    [STEP_REFUSED] = scene_refused,
    [STEP_OWED] = scene_owed,
    [STEP_BASE] = scene_base,
    [STEP_CHOICES] = scene_choices,
    [STEP_CHECKING] = scene_checking,
    [STEP_STARTS] = scene_starts,
    [STEP_MATERIALS] = scene_materials,
    [STEP_CERTIFICATE] = scene_certificate,
    [STEP_PHONE] = scene_phone,
    [STEP_CONSENT] = scene_consent,
    [STEP_SIGNATURE] = scene_sign,
    [STEP_REGISTERED] = scene_registered,
    [STEP_MONTHS] = scene_months_page,
    [STEP_METHOD] = scene_method,
    [STEP_CASH] = scene_cash,
    [STEP_RECEIPT] = scene_receipt,
    [STEP_DONE] = scene_done,
    [STEP_GOODBYE] = scene_goodbye,
    [STEP_ASKING] = scene_asking,
    [STEP_INQUIRY] = scene_inquiry,
    [STEP_LIST] = scene_list_months,
    [STEP_WHERE] = scene_where,
    [STEP_NUMBER] = scene_slip_number,
    [STEP_FOUND] = scene_found,
    [STEP_PRINTING] = scene_printing,
    [STEP_LEARN] = scene_learn,
    [STEP_STANDARDS] = scene_standards,
    [STEP_TIMES] = scene_times,
    [STEP_INDIVIDUAL] = scene_individual,
    [STEP_LAW] = scene_law,
    [STEP_CALCULATOR] = scene_calculator,
    [STEP_GRADES] = scene_grades,
    [STEP_LEAVING] = scene_leaving,
    [STEP_PLAN] = scene_plan,
};

/* Pages over the page; the question about time lies over those too. */
static scene_build_function *const OVER[OVERLAYS] = {
    [OVERLAY_MODES] = scene_modes,
    [OVERLAY_PRIVACY] = scene_privacy,
    [OVERLAY_FIGURE] = scene_figure,
    [OVERLAY_RIGHTS] = scene_rights_over,
};

static void mirror(struct ui_tree *tree, int width)
{
    for (int i = 0; i < tree->count; i++) {
        struct ui_node *node = &tree->nodes[i];
        node->rect.x = width - node->rect.x - node->rect.width;
        node->style = style_mirrored(node->style);
    }
}

/*
 * A page that stands there all day must not burn in: each minute it stands a little elsewhere, and
 * outside the opening hours it rests in the dark palette. What fills the panel from edge to edge
 * stays; what moves keeps its distances.
 */
#define REST_STEP_DP 4
static void rest(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree)
{
    static const int8_t ORBIT[][2] = { { 0, 0 },  { 1, 0 },  { 1, 1 },  { 0, 1 },
                                       { -1, 1 }, { -1, 0 }, { -1, 0 }, { 0, 0 } };
    const int minute = (int)(view->wall_ms / 60000 % (int64_t)ARRAY_SIZE(ORBIT));
    const int step = theme_px(theme_scale(panel->width_px, panel->width_mm), REST_STEP_DP);
    for (int i = 0; i < tree->count; i++) {
        struct ui_node *node = &tree->nodes[i];
        if (node->rect.width == panel->width_px)
            continue;
        node->rect.x += ORBIT[minute][0] * step;
        node->rect.y += ORBIT[minute][1] * step;
    }
}

static bool is_resting(const struct session_view *view)
{
    return (view->step == STEP_HOME || view->step == STEP_OUT_OF_SERVICE) &&
           view->overlay == OVERLAY_NONE && !view->ask_more_time;
}

/*
 * The tree on the panel outlives the view it was built from: texts that still lie in the view would
 * change under it, and a changed text would look the same.
 */
static void own_texts(const struct session_view *view, struct ui_tree *tree)
{
    const char *begin = (const char *)view, *end = begin + sizeof(*view);
    for (int i = 0; i < tree->count; i++) {
        struct ui_node *node = &tree->nodes[i];
        if (node->text >= begin && node->text < end)
            node->text = ui_tree_text(tree, node->text);
        if (node->spoken >= begin && node->spoken < end)
            node->spoken = ui_tree_text(tree, node->spoken);
    }
}

/* Whatever brings other targets onto the panel is another screen; 0 is none. */
static uint32_t screen_of(const struct session_view *view)
{
    const int part = view->overlay == OVERLAY_NONE ? view->page : view->overlay_page;
    const uint32_t page = ((uint32_t)view->figure << 8 | ((uint32_t)part & 0xff)) & 0xffff;
    return 1 + ((((uint32_t)view->step * OVERLAYS + (uint32_t)view->overlay) * 2 +
                 (uint32_t)view->ask_more_time)
                    << 16 |
                page);
}

void scene_build_page(scene_build_function *build, const struct session_view *view,
                      const struct scene_panel *panel, struct ui_tree *tree)
{
    CHECK((unsigned)view->language < LANGUAGES);
    ui_tree_reset(tree);
    build(view, panel, tree);
    if (view->ask_more_time)
        scene_more_time(view, panel, tree);
    own_texts(view, tree);
    scene_mark_private(view, tree);
    if (tree->look.right_to_left)
        mirror(tree, panel->width_px);
    if (is_resting(view))
        rest(view, panel, tree);
    tree->screen = screen_of(view);
}

void scene_build(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree)
{
    CHECK((unsigned)view->step < STEPS && (unsigned)view->overlay < OVERLAYS);
    scene_build_page(OVER[view->overlay] ? OVER[view->overlay] : SCENES[view->step], view, panel,
                     tree);
}
