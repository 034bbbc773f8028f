#include "app/automation.h"

#include "base/text.h"
#include <ctype.h>
#include <string.h>

#define WAIT_MS_DEFAULT 5000
#define WAIT_MS_MAX 120000

static json_t *refuse(const char *why)
{
    return json_pack("{s:b,s:s}", "ok", 0, "error", why);
}

static json_t *agree(void)
{
    return json_pack("{s:b}", "ok", 1);
}

static const char *role_name(enum ui_role role)
{
    switch (role) {
    case UI_ROLE_BOX:
        return "box";
    case UI_ROLE_TEXT:
        return "text";
    case UI_ROLE_BUTTON:
        return "button";
    case UI_ROLE_CHOICE:
        return "choice";
    case UI_ROLE_PROGRESS:
        return "progress";
    case UI_ROLE_TIMER:
        return "timer";
    case UI_ROLE_IMAGE:
        return "image";
    case UI_ROLE_QR:
        return "qr";
    case UI_ROLE_SIGNATURE:
        return "signature";
    }
    return "";
}

/* Requests act on what the citizen would see now, so the tree is brought up to date first. */
static const struct ui_tree *current_tree(struct app *app)
{
    scene_build(app_view(app), &app->panel, &app->tree);
    app_set_dirty(app);
    return &app->tree;
}

static json_t *describe_node(const struct ui_node *node)
{
    return json_pack("{s:s,s:s,s:s,s:[i,i,i,i],s:b,s:b,s:I,s:I}", "id", node->id, "role",
                     role_name(node->role), "text", node->text ? node->text : "", "rect",
                     node->rect.x, node->rect.y, node->rect.width, node->rect.height, "enabled",
                     node->enabled, "selected", node->selected, "value", (json_int_t)node->value,
                     "value_max", (json_int_t)node->value_max);
}

static json_t *do_tree(struct automation *automation, json_t *request)
{
    (void)request;
    const struct ui_tree *tree = current_tree(automation->app);
    json_t *nodes = json_array();
    for (int i = 0; i < tree->count; i++)
        json_array_append_new(nodes, describe_node(&tree->nodes[i]));
    return json_pack("{s:b,s:s,s:o}", "ok", 1, "screen",
                     session_step_name(app_view(automation->app)->step), "nodes", nodes);
}

static json_t *tap(struct app *app, const char *id)
{
    const struct ui_node *node = ui_tree_find(current_tree(app), id);
    if (!node)
        return refuse("no such widget on this screen");
    if (!node->enabled || node->intent == INTENT_NONE)
        return refuse("the widget cannot be touched now");
    int x = node->rect.x + node->rect.width / 2, y = node->rect.y + node->rect.height / 2;
    if (ui_tree_hit(&app->tree, x, y) != node)
        return refuse("the widget is covered by another");
    struct ui_node copy = *node;
    ui_window_press(app->window, node);
    ui_window_press(app->window, NULL);
    app_touch(app, &copy);
    return agree();
}

static json_t *do_tap(struct automation *automation, json_t *request)
{
    const char *id = json_string_value(json_object_get(request, "id"));
    return id ? tap(automation->app, id) : refuse("tap needs an id");
}

/* Types digits on the keypad that is on the screen. */
static json_t *do_type(struct automation *automation, json_t *request)
{
    const char *text = json_string_value(json_object_get(request, "text"));
    if (!text)
        return refuse("type needs a text");
    for (; *text; text++) {
        char id[] = "key.0";
        if (!isdigit((unsigned char)*text))
            return refuse("the keypad has digits only");
        id[4] = *text;
        json_t *reply = tap(automation->app, id);
        if (!json_is_true(json_object_get(reply, "ok")))
            return reply;
        json_decref(reply);
    }
    return agree();
}

/* One point of {"points":[[x,y,begins],…]}, in parts of the field (ui/strokes.h). */
static bool read_point(const json_t *item, struct ui_stroke_point *out)
{
    const json_int_t x = json_integer_value(json_array_get(item, 0));
    const json_int_t y = json_integer_value(json_array_get(item, 1));
    *out = (struct ui_stroke_point){ .x = (uint16_t)x,
                                     .y = (uint16_t)y,
                                     .begins = json_is_true(json_array_get(item, 2)) };
    return json_array_size(item) == 3 && x >= 0 && x < UI_STROKE_RANGE && y >= 0 &&
           y < UI_STROKE_RANGE;
}

/* Writes on the signature field that is on the screen. */
static json_t *do_sign(struct automation *automation, json_t *request)
{
    size_t index;
    json_t *item;
    struct ui_stroke_point point;
    const struct ui_node *field = ui_tree_find(current_tree(automation->app), "signature");
    if (!field)
        return refuse("there is no field to sign on");
    json_array_foreach(json_object_get(request, "points"), index, item)
    {
        if (!read_point(item, &point))
            return refuse("a point is [x, y, begins]");
        app_take_stroke(automation->app, &point);
    }
    return agree();
}

static json_t *do_screenshot(struct automation *automation, json_t *request)
{
    struct app *app = automation->app;
    const char *path = json_string_value(json_object_get(request, "path"));
    if (!path)
        return refuse("screenshot needs a path");
    ui_window_show(app->window, current_tree(app));
    if (ui_window_save_png(app->window, path) != STATUS_OK)
        return refuse("the picture could not be written");
    return agree();
}

static const char *overlay_name(enum view_overlay overlay)
{
    static const char *const NAMES[OVERLAYS] = { "none", "modes", "privacy", "figure", "rights" };
    return NAMES[overlay];
}

static json_t *describe_modes(const struct session_view *view)
{
    return json_pack("{s:s,s:s,s:b,s:b,s:b,s:b,s:i,s:b}", "language",
                     view->language == LANGUAGE_ZH ? "zh" : "en", "overlay",
                     overlay_name(view->overlay), "large", view->modes.large, "contrast",
                     view->modes.contrast, "low_reach", view->modes.low_reach, "spoken",
                     view->modes.spoken, "volume", view->modes.volume, "large_offered",
                     view->large_offered);
}

static json_t *do_state(struct automation *automation, json_t *request)
{
    (void)request;
    struct app *app = automation->app;
    const struct session_view *view = app_view(app);
    bool open = app->journal != NULL;
    json_t *state = json_pack(
        "{s:b,s:s,s:s,s:s,s:I,s:I,s:b,s:b,s:b}", "ok", 1, "screen", session_step_name(view->step),
        "visit", service_name(view->visit_service), "cash", service_name(health_cash(&app->health)),
        "acked", (json_int_t)(open ? journal_acked_seq(app->journal) : 0), "last_seq",
        (json_int_t)(open ? journal_last_seq(app->journal) : 0), "reachable",
        app->sync.status.reachable, "refused", app->sync.status.refused, "wiped",
        app->session ? session_is_wiped(app->session) : true);
    json_t *modes = describe_modes(view);
    json_object_update(state, modes);
    json_decref(modes);
    return state;
}

static json_t *describe_speech(const struct guide *guide)
{
    json_t *utterances = json_array();
    for (int i = 0; i < guide->said.count; i++)
        json_array_append_new(utterances, json_string(guide->said.utterances[i].text));
    return utterances;
}

/* What the voice was given last; nothing is kept once nobody listens. */
static json_t *do_spoken(struct automation *automation, json_t *request)
{
    (void)request;
    struct guide *guide = &automation->app->guide;
    struct voice_state state = { .delay_ms = -1 };
    if (guide->voice)
        state = voice_current_state(guide->voice);
    return json_pack("{s:b,s:b,s:b,s:b,s:b,s:i,s:i,s:o}", "ok", 1, "offered",
                     guide_is_offered(guide), "on", guide->on, "speaking", state.speaking,
                     "device_open", state.device_open, "delay_ms", state.delay_ms, "volume",
                     app_view(automation->app)->modes.volume, "utterances", describe_speech(guide));
}

static json_t *do_repeat(struct automation *automation, json_t *request)
{
    (void)request;
    guide_repeat(&automation->app->guide);
    return agree();
}

static bool tree_has_text(const struct ui_tree *tree, const char *text)
{
    for (int i = 0; i < tree->count; i++)
        if (tree->nodes[i].text && strstr(tree->nodes[i].text, text))
            return true;
    return false;
}

static bool wait_is_over(struct automation *automation)
{
    const struct automation_wait *wait = &automation->wait;
    const struct ui_tree *tree = current_tree(automation->app);
    const char *screen = session_step_name(app_view(automation->app)->step);
    return (!wait->screen[0] || strcmp(wait->screen, screen) == 0) &&
           (!wait->text[0] || tree_has_text(tree, wait->text)) &&
           (!wait->id[0] || ui_tree_find(tree, wait->id));
}

json_t *automation_check_wait(struct automation *automation)
{
    struct automation_wait *wait = &automation->wait;
    if (wait_is_over(automation)) {
        wait->active = false;
        return agree();
    }
    if (clock_now_ms(automation->app->clock) < wait->deadline_ms)
        return NULL;
    wait->active = false;
    return json_pack("{s:b,s:s,s:s}", "ok", 0, "error", "waited in vain", "screen",
                     session_step_name(app_view(automation->app)->step));
}

static void copy_member(json_t *request, const char *name, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(request, name));
    text_copy(out, size, text ? text : "");
}

static json_t *do_wait(struct automation *automation, json_t *request)
{
    struct automation_wait *wait = &automation->wait;
    json_t *timeout = json_object_get(request, "timeout_ms");
    json_int_t ms = timeout ? json_integer_value(timeout) : WAIT_MS_DEFAULT;
    if (ms < 0 || ms > WAIT_MS_MAX)
        return refuse("timeout_ms must be 0..120000");
    copy_member(request, "screen", wait->screen, sizeof wait->screen);
    copy_member(request, "text", wait->text, sizeof wait->text);
    copy_member(request, "id", wait->id, sizeof wait->id);
    wait->deadline_ms = clock_now_ms(automation->app->clock) + ms;
    wait->active = true;
    return automation_check_wait(automation);
}

json_t *automation_handle(struct automation *automation, const char *line)
{
    static const struct {
        const char *name;
        json_t *(*handle)(struct automation *automation, json_t *request);
    } REQUESTS[] = {
        { "tree", do_tree },     { "tap", do_tap },       { "type", do_type },
        { "wait", do_wait },     { "state", do_state },   { "screenshot", do_screenshot },
        { "spoken", do_spoken }, { "repeat", do_repeat }, { "sign", do_sign },
    };
    json_error_t error;
    json_t *reply = NULL;
    json_t *request = json_loads(line, JSON_REJECT_DUPLICATES, &error);
    const char *name = json_string_value(json_object_get(request, "do"));
    if (!name) {
        json_decref(request);
        return refuse("a request is one JSON object a line with a member \"do\"");
    }
    for (size_t i = 0; i < sizeof REQUESTS / sizeof REQUESTS[0]; i++)
        if (strcmp(name, REQUESTS[i].name) == 0) {
            reply = REQUESTS[i].handle(automation, request);
            json_decref(request);
            return reply;
        }
    json_decref(request);
    return refuse("unknown request");
}
