#include <string.h>

#include "access_internal.h"
#include "base/money.h"
#include "ui/spoken.h"

#define MORE_TIME_MIN_S 20
#define MORE_TIME_MIN_MM 20.0

static bool is_read(const struct ui_node *node)
{
    if (node->role == UI_ROLE_IMAGE || node->role == UI_ROLE_QR)
        return node->spoken && node->spoken[0] != '\0';
    return is_target(node) || (node->text && node->text[0] != '\0');
}

/* May b be read right after a? In a row towards the end of the line, else downwards, or from the
 * foot of a column to the head of the next. */
static bool follows(struct ui_rect a, struct ui_rect b, bool right_to_left)
{
    const int top = a.y > b.y ? a.y : b.y;
    const int a_bottom = a.y + a.height, b_bottom = b.y + b.height;
    const int shared = (a_bottom < b_bottom ? a_bottom : b_bottom) - top;
    const int lower = a.height < b.height ? a.height : b.height;
    if (shared * 2 > lower)
        return right_to_left ? b.x + b.width <= a.x + a.width : b.x >= a.x;
    if (b.y >= a.y)
        return true;
    return right_to_left ? b.x + b.width <= a.x : b.x >= a.x + a.width;
}

enum order {
    ORDER_OF_READING, /* pairs of which one at least is no control */
    ORDER_OF_FOCUS,   /* controls only */
};

static bool is_in_order(const struct ui_node *node, enum order order)
{
    return order == ORDER_OF_FOCUS ? is_target(node) : is_read(node);
}

static bool is_key(const struct ui_node *node)
{
    return strncmp(node->id, "key.", 4) == 0;
}

static void check_order(struct access_run *run, const struct access_screen *screen,
                        enum order order)
{
    const struct ui_tree *tree = screen->tree;
    const struct ui_node *before = NULL;
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        if (style_surface(node->style) == SURFACE_SCRIM)
            before = NULL; /* what lies over a page is read from its own beginning */
        if (!is_in_order(node, order) || is_under_scrim(tree, i))
            continue;
        const bool both = before && is_target(before) && is_target(node);
        /* Figures stand in the same places in every language. */
        const bool keys = before && is_key(before) && is_key(node);
        const bool right_to_left = tree->look.right_to_left && !keys;
        if (before && both == (order == ORDER_OF_FOCUS) && !rect_holds(before->rect, node->rect))
            access_require(run, screen, node, "comes after something that stands after it",
                           follows(before->rect, node->rect, right_to_left));
        before = node;
    }
}

void rule_reading_order(struct access_run *run, const struct access_screen *screen)
{
    check_order(run, screen, ORDER_OF_READING);
}

void rule_focus_order(struct access_run *run, const struct access_screen *screen)
{
    check_order(run, screen, ORDER_OF_FOCUS);
}

static bool says_something(const struct ui_node *node)
{
    const char *said = node->spoken || node->role == UI_ROLE_QR ? node->spoken : node->text;
    return said && said[0] != '\0';
}

/* "" says that a picture or a text only decorates; a picture about which nobody decided fails. */
/* A bar is said as its percentage. */
static bool is_said_by_role(const struct ui_node *node)
{
    return node->role == UI_ROLE_PROGRESS;
}

static bool is_decoration(const struct ui_node *node)
{
    return node->spoken && node->spoken[0] == '\0' && !is_target(node);
}

static void check_controls_are_said(struct access_run *run, const struct access_screen *screen)
{
    static struct spoken_list list;
    const struct spoken_rules rules = { .language = (enum spoken_language)screen->view->language,
                                        .says_private = true };
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!is_target(node) || is_under_scrim(screen->tree, i))
            continue;
        spoken_read_node(screen->tree, node, &rules, &list);
        access_require(run, screen, node, "the focus on it says nothing",
                       list.count > 0 && !list.cut);
    }
}

void rule_spoken(struct access_run *run, const struct access_screen *screen)
{
    check_controls_are_said(run, screen);
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (node->role != UI_ROLE_BOX || is_target(node))
            access_require(run, screen, node, "nothing to be said, and not marked as decoration",
                           says_something(node) || is_decoration(node) || is_said_by_role(node));
    }
}

static void without_spaces(const char *text, char *out, size_t size)
{
    size_t used = 0;
    for (; *text != '\0' && used + 1 < size; text++) {
        if (*text != ' ')
            out[used++] = *text;
    }
    out[used] = '\0';
}

static bool mentions(const char *text, const char *secret)
{
    char said[1200], wanted[96];
    if (!text || secret[0] == '\0')
        return false;
    without_spaces(text, said, sizeof(said));
    without_spaces(secret, wanted, sizeof(wanted));
    return strstr(said, wanted) != NULL;
}

void rule_private(struct access_run *run, const struct access_screen *screen)
{
    const struct session_view *view = screen->view;
    const char *const secrets[] = { view->name_masked, view->number_masked, view->account_number,
                                    strlen(view->phone_typed) > 3 ? view->phone_typed : "" };
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        for (size_t secret = 0; secret < ARRAY_SIZE(secrets); secret++) {
            if (mentions(node->text, secrets[secret]) || mentions(node->spoken, secrets[secret]))
                access_require(run, screen, node, "about the person, and not marked private",
                               node->is_private);
        }
    }
}

static bool is_figure(const char *text, int value)
{
    char wanted[16];
    snprintf(wanted, sizeof(wanted), "%d", value);
    return text && strcmp(text, wanted) == 0;
}

void rule_time_shown(struct access_run *run, const struct access_screen *screen)
{
    const struct session_view *view = screen->view;
    bool shown = false;
    if (view->seconds_total == 0 || view->ask_more_time || view->overlay != OVERLAY_NONE)
        return;
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        shown |= node->role == UI_ROLE_TIMER && node->value == view->seconds_left &&
                 is_figure(node->text, view->seconds_left);
    }
    access_require(run, screen, NULL, "the time left is not shown", shown);
}

static bool is_said_over(const struct ui_tree *tree, const char *words)
{
    for (int i = over_from(tree); i < tree->count; i++) {
        if (tree->nodes[i].text && strstr(tree->nodes[i].text, words))
            return true;
    }
    return false;
}

static void check_question(struct access_run *run, const struct access_screen *screen)
{
    const struct session_view *view = screen->view;
    char seconds[16], money[MONEY_TEXT_SIZE];
    snprintf(seconds, sizeof(seconds), "%d", view->seconds_left);
    money_format(view->money_inside_fen, 1, money);
    access_require(run, screen, NULL, "the question does not say how long it stands",
                   is_said_over(screen->tree, seconds));
    access_require(run, screen, NULL, "the question does not say what happens to the money",
                   view->money_inside_fen == 0 || view->step != STEP_CASH ||
                       is_said_over(screen->tree, money));
    access_measure(run, screen, NULL, "seconds to answer", view->seconds_left, MORE_TIME_MIN_S);
}

void rule_more_time(struct access_run *run, const struct access_screen *screen)
{
    bool found = false;
    if (!screen->view->ask_more_time)
        return;
    check_question(run, screen);
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (node->intent != INTENT_MORE_TIME || !node->enabled)
            continue;
        found = true;
        access_measure(run, screen, node, "height in mm", mm_of(screen, node->rect.height),
                       MORE_TIME_MIN_MM);
    }
    access_require(run, screen, NULL, "no answer gives more time", found);
}

void rule_question_alone(struct access_run *run, const struct access_screen *screen)
{
    if (!screen->view->ask_more_time)
        return;
    access_require(run, screen, NULL, "nothing lies under the question",
                   over_from(screen->tree) > 0);
    for (int i = 0; i < screen->tree->count; i++)
        access_require(run, screen, &screen->tree->nodes[i], "can be touched through the question",
                       !is_target(&screen->tree->nodes[i]) || !is_under_scrim(screen->tree, i));
}
