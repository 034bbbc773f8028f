#include "scenes/scene_frame.h"

#include <string.h>

#include "base/check.h"
#include "ui/text_layout.h"

#define SEAL_DP 72
#define LOWER_EDGE_MM 850 /* of the panel above the floor, unless the site says otherwise */
#define REACH_MM 1120     /* over an obstruction of 510 to 635 mm (EN 301 549 8.3.2) */
/* Not even for a kiosk hung very high do controls get less than this part of the panel. */
#define REACH_PART_MIN 45 /* hundredths */

static const struct frame_sizes UPRIGHT = { 132, 176, 120, 80 };
static const struct frame_sizes WIDE = { 108, 136, 100, 76 };
static const struct frame_sizes UPRIGHT_LARGE = { 148, 176, 120, 88 };
static const struct frame_sizes WIDE_LARGE = { 122, 144, 108, 84 };

const struct frame_sizes *scene_frame_sizes(const struct scene_page *page)
{
    if (page->elder)
        return page->wide ? &WIDE_LARGE : &UPRIGHT_LARGE;
    return page->wide ? &WIDE : &UPRIGHT;
}

int scene_frame_width(const struct scene_page *page, enum theme_size size, enum font_weight weight,
                      const char *text)
{
    return text_layout_width(weight, scene_size_px(page, size), text, -1);
}

static const char *header_title(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->steps_total == 0)
        return view->bureau[page->language];
    return scene_text(page, view->registering ? STR_HEADER_REGISTER : STR_HEADER_PAY);
}

static int step_now(const struct session_view *view)
{
    return view->steps_done < view->steps_total ? view->steps_done : view->steps_total - 1;
}

static const char *header_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->steps_total == 0)
        return SCENE_FORMAT(page, STR_HEADER_TERMINAL, { "place", view->place[page->language] });
    return SCENE_FORMAT(page, STR_HEADER_STEP, { "step", scene_count(page, step_now(view) + 1) },
                        { "steps", scene_count(page, view->steps_total) });
}

static struct ui_node *pill(struct scene_page *page, struct ui_rect rect, const char *id,
                            const char *text, enum intent intent, int argument)
{
    return scene_button(page, rect, id, text,
                        STYLE(SURFACE_PILL, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE), intent,
                        argument);
}

/* The first page, that of an outage and the page itself show the way there in their body. */
static bool has_help(const struct session_view *view)
{
    const bool is_shown =
        view->step == STEP_HOME || view->step == STEP_OUT_OF_SERVICE || view->step == STEP_RIGHTS;
    return !is_shown;
}

static int pill_width(const struct scene_page *page, enum string_id words)
{
    return scene_frame_width(page, SIZE_BODY, FONT_REGULAR, scene_text(page, words)) +
           scene_px(page, 56);
}

/* In reading order: help, how the screen looks and sounds, then the language at the edge. */
int scene_mode_buttons(struct scene_page *page, int right, int top, int height)
{
    const enum view_overlay open = page->view->overlay;
    const int gap = scene_px(page, 20);
    const int pill_height = scene_px(page, scene_frame_sizes(page)->pill);
    const int y = top + (height - pill_height) / 2;
    const int other_width = pill_width(page, STR_LANG_OTHER);
    const int modes_width = pill_width(page, STR_MODES_BUTTON);
    const int help_width = has_help(page->view) ? pill_width(page, STR_HELP_BUTTON) + gap : 0;
    int x = right - other_width - gap - modes_width - help_width;
    const int left = x;
    if (help_width > 0)
        pill(page, (struct ui_rect){ x, y, help_width - gap, pill_height }, "help",
             scene_text(page, STR_HELP_BUTTON), INTENT_OVERLAY,
             open == OVERLAY_RIGHTS ? OVERLAY_NONE : OVERLAY_RIGHTS);
    x += help_width;
    pill(page, (struct ui_rect){ x, y, modes_width, pill_height }, "modes",
         scene_text(page, STR_MODES_BUTTON), INTENT_OVERLAY,
         open == OVERLAY_MODES ? OVERLAY_NONE : OVERLAY_MODES);
    pill(page, (struct ui_rect){ right - other_width, y, other_width, pill_height }, "lang",
         scene_text(page, STR_LANG_OTHER), INTENT_LANGUAGE,
         page->language == LANGUAGE_ZH ? LANGUAGE_EN : LANGUAGE_ZH);
    return left;
}

/* Who is being served, where the title leaves room. */
static int person_tag(struct scene_page *page, int x, int right, int height)
{
    const char *name = page->view->name_masked;
    if (name[0] == '\0' || page->view->steps_total == 0)
        return right;
    const int tag = scene_px(page, page->elder ? 64 : 56);
    const int width = scene_frame_width(page, SIZE_SMALL, FONT_BOLD, name) + scene_px(page, 44);
    const int left = right - width - (page->footer.has_modes ? 0 : scene_px(page, 20));
    const int title = scene_frame_width(page, SIZE_SMALL, FONT_BOLD, header_title(page));
    if (left - scene_px(page, 20) - x < title)
        return right;
    struct ui_node *node = ui_tree_add(
        page->tree, UI_ROLE_TEXT, (struct ui_rect){ left, (height - tag) / 2, width, tag },
        STYLE(SURFACE_TAG, SIZE_SMALL, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "person");
    node->text = scene_own(page, name);
    node->is_private = true;
    return left;
}

static enum theme_size title_size(const struct scene_page *page, int width)
{
    const bool fits = scene_frame_width(page, SIZE_BODY, FONT_BOLD, header_title(page)) <= width;
    return fits ? SIZE_BODY : SIZE_SMALL;
}

static int title_height(const struct scene_page *page, int width)
{
    return text_layout_height(FONT_BOLD, scene_size_px(page, title_size(page, width)),
                              header_title(page), width);
}

/* Left of what stands at the right end; drawn first, as it is read first. */
static void header_names(struct scene_page *page, int x, int width, int height)
{
    const int title = title_height(page, width);
    const int line = text_layout_pitch(scene_size_px(page, SIZE_SMALL));
    const char *words = header_words(page);
    const bool both =
        title + line <= height && scene_frame_width(page, SIZE_SMALL, FONT_REGULAR, words) <= width;
    const int y = (height - title - (both ? line : 0)) / 2;
    struct ui_node *node = ui_tree_add(
        page->tree, UI_ROLE_TEXT, (struct ui_rect){ x, y, width, title },
        STYLE(SURFACE_NONE, title_size(page, width), INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "header.title");
    node->text = scene_own(page, header_title(page));
    if (!both)
        return;
    node = ui_tree_add(page->tree, UI_ROLE_TEXT, (struct ui_rect){ x, y + title, width, line },
                       STYLE(SURFACE_NONE, SIZE_SMALL, INK_SECOND, ALIGN_LEFT));
    node->text = words;
}

static void seal(struct scene_page *page, int height)
{
    const int side = scene_px(page, SEAL_DP);
    struct ui_node *node = ui_tree_add(
        page->tree, UI_ROLE_TEXT,
        (struct ui_rect){ scene_px(page, FRAME_MARGIN_DP), (height - side) / 2, side, side },
        STYLE(SURFACE_SEAL, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD);
    node->text = "社";
    node->spoken = ""; /* a mark, not a word */
}

/* Beside the buttons each word of the title must have its place. */
static bool header_has_room(const struct scene_page *page)
{
    const int gap = scene_px(page, 20);
    const int buttons = pill_width(page, STR_LANG_OTHER) + pill_width(page, STR_MODES_BUTTON) +
                        gap + (has_help(page->view) ? pill_width(page, STR_HELP_BUTTON) + gap : 0);
    const int width =
        page->panel->width_px - scene_px(page, 2 * FRAME_MARGIN_DP + SEAL_DP + 20) - buttons - gap;
    struct text_lines lines;
    text_layout_wrap(FONT_BOLD, scene_size_px(page, SIZE_SMALL), header_title(page), width, &lines);
    return !lines.broken && lines.count <= 3;
}

/* A long name in a long language may need a third line. */
static void header(struct scene_page *page)
{
    int height = scene_px(page, scene_frame_sizes(page)->header);
    const int line = scene_px(page, 2), margin = scene_px(page, FRAME_MARGIN_DP);
    const int x = margin + scene_px(page, SEAL_DP + 20);
    /* Laid out from the right end, but read from the left: measured first, then drawn in order. */
    const int right = page->panel->width_px - margin;
    const struct scene_mark before = scene_mark(page);
    const int modes = page->footer.has_modes ? right : scene_mode_buttons(page, right, 0, height);
    const int names = person_tag(page, x, modes, height);
    const int width = names - x - scene_px(page, 20);
    scene_rewind(page, &before);
    if (title_height(page, width) + scene_px(page, 12) > height)
        height = title_height(page, width) + scene_px(page, 12);
    ui_tree_add(page->tree, UI_ROLE_BOX,
                (struct ui_rect){ 0, 0, page->panel->width_px, height - line },
                STYLE(SURFACE_HEADER, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    ui_tree_add(page->tree, UI_ROLE_BOX,
                (struct ui_rect){ 0, height - line, page->panel->width_px, line },
                STYLE(SURFACE_RULE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    seal(page, height);
    header_names(page, x, width, height);
    (void)person_tag(page, x, modes, height);
    if (!page->footer.has_modes)
        (void)scene_mode_buttons(page, right, 0, height);
    page->body.y = height;
}

/* The words of a visit with and without registration; any other number of steps has bars only. */
static const enum string_id *step_words(int total)
{
    static const enum string_id PAY[] = { STR_STEP_IDENTITY, STR_STEP_INSURANCE, STR_STEP_MONTHS,
                                          STR_STEP_PAY, STR_STEP_RECEIPT };
    static const enum string_id REGISTER[] = { STR_STEP_IDENTITY, STR_STEP_INSURANCE,
                                               STR_STEP_REGISTER, STR_STEP_MONTHS,
                                               STR_STEP_PAY,      STR_STEP_RECEIPT };
    if (total == (int)ARRAY_SIZE(PAY))
        return PAY;
    return total == (int)ARRAY_SIZE(REGISTER) ? REGISTER : NULL;
}

static bool step_words_fit(const struct scene_page *page, const enum string_id *words, int width)
{
    for (int i = 0; i < page->view->steps_total; i++) {
        if (scene_frame_width(page, SIZE_SMALL, FONT_BOLD, scene_text(page, words[i])) > width)
            return false;
    }
    return true;
}

/* One bar a step; with large type or a long language only the present step has its name below. */
static void steps(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const int total = view->steps_total, now = step_now(view);
    const enum string_id *words = step_words(total);
    const int gap = scene_px(page, 12), bar = scene_px(page, 10);
    const int margin = scene_px(page, FRAME_MARGIN_DP);
    const int width = (page->panel->width_px - 2 * margin - gap * (total - 1)) / total;
    const int y = page->body.y + scene_px(page, page->wide ? 18 : 26);
    const int words_height = text_layout_pitch(scene_size_px(page, SIZE_SMALL));
    const bool all = words && step_words_fit(page, words, width);
    for (int i = 0; i < total; i++) {
        const int x = margin + i * (width + gap);
        const enum theme_surface surface = i <= now ? SURFACE_STEP_DONE : SURFACE_STEP_OPEN;
        ui_tree_add(page->tree, UI_ROLE_BOX, (struct ui_rect){ x, y, width, bar },
                    STYLE(surface, SIZE_SMALL, INK_DEFAULT, ALIGN_LEFT));
        if (!words || (!all && i != now))
            continue;
        const enum theme_ink ink = i == now ? INK_PRIMARY : INK_SECOND;
        const int from = all ? x : margin, room = all ? width : page->panel->width_px - 2 * margin;
        struct ui_node *node =
            ui_tree_add(page->tree, UI_ROLE_TEXT,
                        (struct ui_rect){ from, y + bar + gap / 2, room, words_height },
                        STYLE(SURFACE_NONE, SIZE_SMALL, ink, ALIGN_LEFT));
        node->text = scene_text(page, words[i]);
        if (i == now)
            node->style |= STYLE_BOLD;
        else
            node->spoken = ""; /* the header says which step this is */
    }
    page->body.y = y + bar + gap / 2 + words_height;
}

/* No target may be higher than this for somebody seated; 0 when all of the panel is in reach. */
static int reach_top(const struct scene_panel *panel)
{
    const int edge_mm = panel->lower_edge_mm > 0 ? panel->lower_edge_mm : LOWER_EDGE_MM;
    const int zone_mm = REACH_MM - edge_mm > 0 ? REACH_MM - edge_mm : 0;
    const int least = panel->height_px * REACH_PART_MIN / 100;
    int zone = (int)((int64_t)zone_mm * panel->width_px / panel->width_mm);
    if (zone < least)
        zone = least;
    return zone < panel->height_px ? panel->height_px - zone : 0;
}

/* Nobody is expected, and the page that waits is not to burn in. */
static bool rests_dark(const struct session_view *view)
{
    return !view->is_open && view->hours[view->language][0] != '\0' && view->seconds_total == 0 &&
           (view->step == STEP_HOME || view->step == STEP_OUT_OF_SERVICE);
}

struct scene_page scene_frame_page(const struct session_view *view, const struct scene_panel *panel,
                                   struct ui_tree *tree)
{
    tree->look = (struct ui_look){ .large = view->modes.large,
                                   .contrast = view->modes.contrast || rests_dark(view),
                                   .right_to_left = STRING_RIGHT_TO_LEFT[view->language] };
    return (struct scene_page){
        .view = view,
        .panel = panel,
        .tree = tree,
        .scale = theme_scale(panel->width_px, panel->width_mm),
        .wide = panel->width_px > panel->height_px,
        .elder = view->modes.large,
        .language = (int)view->language,
        .reach_top = view->modes.low_reach ? reach_top(panel) : 0,
    };
}

void scene_page_begin(struct scene_page *page, const struct session_view *view,
                      const struct scene_panel *panel, struct ui_tree *tree)
{
    *page = scene_frame_page(view, panel, tree);
    const int margin = scene_px(page, FRAME_MARGIN_DP);
    const struct frame_sizes *sizes = scene_frame_sizes(page);
    page->footer.has_modes =
        page->reach_top > scene_px(page, sizes->header - sizes->pill) / 2 || !header_has_room(page);
    ui_tree_add(tree, UI_ROLE_BOX, (struct ui_rect){ 0, 0, panel->width_px, panel->height_px },
                STYLE(SURFACE_PAGE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    header(page);
    if (view->steps_total > 0)
        steps(page);
    page->body.x = margin;
    page->body.y += scene_px(page, page->wide ? 24 : 36);
    page->body.width = panel->width_px - 2 * margin;
    page->body_top = page->body.y;
    page->column = page->body;
    if (page->wide)
        page->column.width = (page->body.width - scene_px(page, SCENE_COLUMN_GAP_DP)) / 2;
}
