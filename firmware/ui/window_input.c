#include "ui/window_internal.h"

#include <math.h>
#include <string.h>

#include "ui/keys.h"
#include "ui/theme.h"

#define MOUSE INT64_C(-1)
#define KEY_BOUNCE_MS 50 /* the contacts of large switches chatter for up to 25 ms */
#define OVERSHOOT_MM 3.0 /* a corrected finger at the very edge may come out just beside it */

static int64_t now_ms(const struct ui_window *window)
{
    return clock_now_ms(window->clock);
}

static void notify_activity(const struct ui_window *window)
{
    if (window->listener.on_activity)
        window->listener.on_activity(window->listener.context);
}

/* ---- focus ---- */

void window_place_focus(struct ui_window *window, struct dirty *dirty)
{
    const int index = focus_index(&window->focus, &window->shown);
    const struct ui_rect before = window->ring;
    window->ring = index >= 0 ? canvas_focus_area(window->canvas, &window->shown.nodes[index])
                              : (struct ui_rect){ 0 };
    canvas_set_focus(window->canvas, index);
    if (ui_rect_is_same(before, window->ring))
        return;
    dirty_add(dirty, before);
    dirty_add(dirty, window->ring);
}

static void repaint_focus(struct ui_window *window)
{
    struct dirty dirty = { 0 };
    window_place_focus(window, &dirty);
    window_paint(window, &dirty);
}

static void hide_focus(struct ui_window *window)
{
    if (!window->focus.on)
        return;
    focus_hide(&window->focus);
    repaint_focus(window);
    if (window->listener.on_focus)
        window->listener.on_focus(window->listener.context, NULL);
}

static void move_focus(struct ui_window *window, int step)
{
    const int index = focus_move(&window->focus, &window->shown, step);
    repaint_focus(window);
    if (index >= 0 && window->listener.on_focus)
        window->listener.on_focus(window->listener.context, &window->shown.nodes[index]);
}

/* ---- fingers and mouse ---- */

static void deliver(struct ui_window *window, const struct ui_node *tapped)
{
    const struct ui_node node = *tapped; /* the listener may show another tree */
    window->delivered = true;
    if (window->listener.on_tap)
        window->listener.on_tap(window->listener.context, &node);
}

static void show_pressed(struct ui_window *window)
{
    ui_window_press(window, touch_pressed(&window->touch, &window->shown));
}

static void on_down(struct ui_window *window, const struct touch_point *point)
{
    touch_begin(&window->touch, &window->shown, point);
    if (window->touch.is_activity) {
        hide_focus(window);
        notify_activity(window);
    }
    window_pen_begin(window, point);
    show_pressed(window);
}

static void on_motion(struct ui_window *window, const struct touch_point *point)
{
    if (window->touch.contact_count == 0 && window->touch.bad_count == 0)
        return;
    touch_move(&window->touch, point);
    window_pen_move(window, point);
    show_pressed(window);
}

static void on_up(struct ui_window *window, const struct touch_point *point)
{
    const struct ui_node *tapped = touch_end(&window->touch, &window->shown, point);
    window_pen_end(window, point);
    if (tapped)
        deliver(window, tapped);
    show_pressed(window);
}

static void on_pointer(struct ui_window *window, uint32_t type, const struct touch_point *point)
{
    if (type == SDL_FINGERDOWN || type == SDL_MOUSEBUTTONDOWN)
        on_down(window, point);
    else if (type == SDL_FINGERUP || type == SDL_MOUSEBUTTONUP)
        on_up(window, point);
    else
        on_motion(window, point);
}

/* A part of the panel to its pixel; what is not a number, or beside the panel, is outside. */
static int pixel_of(double part, int size_px, double overshoot)
{
    if (!(part >= -overshoot && part <= 1 + overshoot))
        return TOUCH_OUTSIDE;
    const int pixel = (int)floor(part * size_px);
    return pixel < 0 ? 0 : pixel >= size_px ? size_px - 1 : pixel;
}

static bool is_part(float part)
{
    return part >= 0.0F && part <= 1.0F; /* false for what is not a number */
}

static struct touch_point point_of(const struct ui_window *window,
                                   const struct SDL_TouchFingerEvent *event)
{
    struct touch_point point = { event->fingerId, TOUCH_OUTSIDE, TOUCH_OUTSIDE, now_ms(window) };
    if (!is_part(event->x) || !is_part(event->y))
        return point;
    double x, y;
    touch_map_apply(&window->map, event->x, event->y, &x, &y);
    const double px_per_mm = 1000.0 / 248 * window->scale / 1000; /* a dp is 0.248 mm */
    const int across = pixel_of(x, window->width_px, OVERSHOOT_MM * px_per_mm / window->width_px);
    const int down = pixel_of(y, window->height_px, OVERSHOOT_MM * px_per_mm / window->height_px);
    if (across != TOUCH_OUTSIDE && down != TOUCH_OUTSIDE) {
        point.x = across;
        point.y = down;
    }
    return point;
}

static void tell_raw(const struct ui_window *window, const SDL_TouchFingerEvent *event)
{
    if (!window->listener.on_finger || !is_part(event->x) || !is_part(event->y))
        return;
    const struct ui_finger finger = {
        .phase = event->type == SDL_FINGERDOWN ? UI_FINGER_DOWN
                 : event->type == SDL_FINGERUP ? UI_FINGER_UP
                                               : UI_FINGER_MOVE,
        .finger = event->fingerId,
        .raw_x = event->x,
        .raw_y = event->y,
    };
    window->listener.on_finger(window->listener.context, &finger);
}

static void on_mouse_button(struct ui_window *window, const SDL_MouseButtonEvent *event)
{
    const struct touch_point point = { MOUSE, event->x, event->y, now_ms(window) };
    if (event->button == SDL_BUTTON_LEFT)
        on_pointer(window, event->type, &point);
}

/* ---- keys ---- */

static const struct ui_node *find_target(const struct ui_tree *tree, const char *id)
{
    const struct ui_node *node = ui_tree_find(tree, id);
    return node && ui_node_is_target(node) ? node : NULL;
}

/* "footer.back", "rights.back": each page calls its own way back so. */
static const struct ui_node *find_back(const struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        const char *dot = strrchr(tree->nodes[i].id, '.');
        if (dot && strcmp(dot, ".back") == 0 && ui_node_is_target(&tree->nodes[i]))
            return &tree->nodes[i];
    }
    return NULL;
}

static const struct ui_node *node_meant(const struct ui_window *window, struct keys_meaning meaning)
{
    char id[] = "key.0";
    const int index = focus_index(&window->focus, &window->shown);
    switch (meaning.key) {
    case UI_KEY_SELECT:
        return index >= 0 ? &window->shown.nodes[index] : NULL;
    case UI_KEY_DIGIT:
        id[4] = (char)('0' + meaning.digit);
        return find_target(&window->shown, id);
    case UI_KEY_ERASE:
        return find_target(&window->shown, "key.erase");
    case UI_KEY_BACK:
        return find_back(&window->shown);
    case UI_KEY_NONE:
    case UI_KEY_NEXT:
    case UI_KEY_PREVIOUS:
    case UI_KEY_REPEAT:
    case UI_KEY_SPEECH:
        break;
    }
    return NULL;
}

static void press_key(struct ui_window *window, const struct ui_node *node)
{
    ui_window_press(window, node);
    deliver(window, node);
    ui_window_press(window, NULL);
}

static bool is_bounce(struct ui_window *window, int32_t symbol)
{
    const int64_t at_ms = now_ms(window);
    const bool again = symbol == window->key_down && at_ms - window->key_down_ms < KEY_BOUNCE_MS;
    window->key_down = symbol;
    window->key_down_ms = at_ms;
    return again;
}

static void act_on_key(struct ui_window *window, struct keys_meaning meaning)
{
    const struct ui_node *node = node_meant(window, meaning);
    if (meaning.key == UI_KEY_NEXT || meaning.key == UI_KEY_PREVIOUS)
        move_focus(window, meaning.key == UI_KEY_NEXT ? 1 : -1);
    else if (node)
        press_key(window, node);
    else if (meaning.key == UI_KEY_SELECT)
        move_focus(window, 1); /* on nothing yet: choose nothing, but show where it is */
    if (window->listener.on_key)
        window->listener.on_key(window->listener.context, meaning.key);
}

static bool takes_line(struct ui_window *window, const SDL_KeyboardEvent *event)
{
    const SDL_Keycode symbol = event->keysym.sym;
    const char *line = symbol == SDLK_RETURN || symbol == SDLK_KP_ENTER
                           ? scanner_end(&window->scanner, now_ms(window))
                           : NULL;
    if (!line)
        return false;
    notify_activity(window);
    window->delivered = true;
    window->listener.on_line(window->listener.context, line);
    return true;
}

static void on_key_down(struct ui_window *window, const SDL_KeyboardEvent *event)
{
    if (event->repeat)
        return;
    if (window->listener.on_line &&
        (takes_line(window, event) || scanner_is_typing(&window->scanner, now_ms(window))))
        return;
    const struct keys_meaning meaning = keys_read(event->keysym.sym, event->keysym.mod);
    if (meaning.key == UI_KEY_NONE || is_bounce(window, event->keysym.sym))
        return;
    notify_activity(window);
    act_on_key(window, meaning);
}

/* ---- */

void window_expire_touches(struct ui_window *window)
{
    const bool was_armed = window->touch.is_armed;
    touch_expire(&window->touch, now_ms(window));
    window_pen_check(window);
    if (was_armed && !window->touch.is_armed)
        show_pressed(window);
}

int64_t window_limit_wait(const struct ui_window *window, int64_t timeout_ms)
{
    const int64_t deadline_ms = touch_next_deadline_ms(&window->touch);
    if (deadline_ms == INT64_MAX)
        return timeout_ms;
    const int64_t left_ms = deadline_ms > now_ms(window) ? deadline_ms - now_ms(window) : 0;
    return timeout_ms < 0 || left_ms < timeout_ms ? left_ms : timeout_ms;
}

void window_handle_input(struct ui_window *window, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        on_mouse_button(window, &event->button);
        break;
    case SDL_MOUSEMOTION: {
        const struct touch_point point = { MOUSE, event->motion.x, event->motion.y,
                                           now_ms(window) };
        on_pointer(window, event->type, &point);
        break;
    }
    case SDL_FINGERDOWN:
    case SDL_FINGERUP:
    case SDL_FINGERMOTION: {
        const struct touch_point point = point_of(window, &event->tfinger);
        on_pointer(window, event->type, &point);
        tell_raw(window, &event->tfinger);
        break;
    }
    case SDL_TEXTINPUT:
        if (window->listener.on_line)
            scanner_put(&window->scanner, event->text.text, now_ms(window));
        break;
    case SDL_KEYDOWN:
        on_key_down(window, &event->key);
        break;
    default: /* SDL's own types: everything else is nothing to us */
        break;
    }
}
