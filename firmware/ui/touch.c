#include "ui/touch.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY (-1)
#define NO_FINGER INT64_MIN

static bool is_near(const struct touch *touch, const struct touch_point *a,
                    const struct touch_point *b)
{
    return abs(a->x - b->x) <= touch->spot_px && abs(a->y - b->y) <= touch->spot_px;
}

static int index_of_finger(const struct touch_point *points, int count, int64_t finger)
{
    for (int i = 0; i < count; i++) {
        if (points[i].finger == finger)
            return i;
    }
    return NOBODY;
}

/* ---- places that are not believed ---- */

static void forget_bad(struct touch *touch, int index)
{
    touch->bad[index] = touch->bad[--touch->bad_count];
}

static void distrust(struct touch *touch, struct touch_point place, int64_t now_ms)
{
    if (touch->bad_count == TOUCH_SPOTS_MAX)
        forget_bad(touch, 0);
    place.at_ms = now_ms;
    touch->bad[touch->bad_count++] = place;
}

static void forget_silent_spots(struct touch *touch, int64_t now_ms)
{
    for (int i = touch->bad_count - 1; i >= 0; i--) {
        if (now_ms - touch->bad[i].at_ms >= TOUCH_STUCK_MS)
            forget_bad(touch, i);
    }
}

/* A report from such a place keeps it there. */
static bool is_distrusted(struct touch *touch, const struct touch_point *point)
{
    for (int i = 0; i < touch->bad_count; i++) {
        if (!is_near(touch, &touch->bad[i], point))
            continue;
        touch->bad[i].at_ms = point->at_ms;
        return true;
    }
    return false;
}

static bool is_repeated_too_often(struct touch *touch, const struct touch_point *point)
{
    const bool again = touch->repeats > 0 && is_near(touch, &touch->last, point) &&
                       point->at_ms - touch->last.at_ms < TOUCH_REPEAT_MS;
    touch->repeats = again ? touch->repeats + 1 : 1;
    touch->last = *point;
    if (touch->repeats <= TOUCH_REPEATS_MAX)
        return false;
    touch->repeats = 0;
    return true;
}

/* ---- contacts ---- */

static void remove_contact(struct touch *touch, int index)
{
    if (touch->is_armed && touch->tap.finger == touch->contacts[index].finger)
        touch->is_armed = false;
    touch->contact_count--;
    /* In the order in which they came: the last is the newest. */
    memmove(&touch->contacts[index], &touch->contacts[index + 1],
            sizeof(touch->contacts[0]) * (size_t)(touch->contact_count - index));
    if (touch->contact_count == 0)
        touch->is_palm = false;
}

static int64_t alive_since_ms(const struct touch *touch, const struct touch_point *contact)
{
    const bool draws = contact->finger == touch->pen_finger && touch->pen_ms > contact->at_ms;
    return draws ? touch->pen_ms : contact->at_ms;
}

void touch_expire(struct touch *touch, int64_t now_ms)
{
    forget_silent_spots(touch, now_ms);
    for (int i = touch->contact_count - 1; i >= 0; i--) {
        if (now_ms - alive_since_ms(touch, &touch->contacts[i]) < TOUCH_STUCK_MS)
            continue;
        distrust(touch, touch->contacts[i], now_ms);
        remove_contact(touch, i);
    }
}

int64_t touch_next_deadline_ms(const struct touch *touch)
{
    int64_t first_ms = INT64_MAX;
    for (int i = 0; i < touch->contact_count; i++) {
        const int64_t due_ms = alive_since_ms(touch, &touch->contacts[i]) + TOUCH_STUCK_MS;
        first_ms = due_ms < first_ms ? due_ms : first_ms;
    }
    return first_ms;
}

void touch_show(struct touch *touch, const struct ui_tree *tree, int64_t now_ms)
{
    if (tree->screen == touch->screen)
        return;
    touch->screen = tree->screen;
    touch->screen_since_ms = now_ms;
}

static bool is_new_screen(const struct touch *touch, const struct touch_point *point)
{
    return point->at_ms - touch->screen_since_ms < TOUCH_NEW_SCREEN_MS;
}

static bool is_own(const struct touch *touch, const struct ui_node *node)
{
    return node && node->intent == touch->intent && node->argument == touch->argument &&
           strcmp(node->id, touch->id) == 0;
}

static void arm(struct touch *touch, const struct ui_tree *tree, const struct touch_point *point)
{
    const struct ui_node *node = ui_tree_hit(tree, point->x, point->y);
    if (!node || is_new_screen(touch, point))
        return;
    touch->is_armed = true;
    touch->tap = *point;
    touch->began_screen = tree->screen;
    memcpy(touch->id, node->id, sizeof(touch->id));
    touch->intent = node->intent;
    touch->argument = node->argument;
}

/* The same finger begins twice: its end was lost, or it is stuck and reports itself anew. */
static bool is_same_contact(struct touch *touch, const struct touch_point *point)
{
    const int known = index_of_finger(touch->contacts, touch->contact_count, point->finger);
    if (known == NOBODY)
        return false;
    if (is_near(touch, &touch->contacts[known], point))
        return true;
    remove_contact(touch, known);
    return false;
}

static void add_contact(struct touch *touch, const struct touch_point *point)
{
    const int count = touch->contact_count;
    if (count == TOUCH_CONTACTS_MAX ||
        (count > 0 &&
         (count >= 2 || point->at_ms - touch->contacts[count - 1].at_ms <= TOUCH_PALM_MS))) {
        touch->is_palm = true;
        touch->is_armed = false;
    }
    if (count < TOUCH_CONTACTS_MAX)
        touch->contacts[touch->contact_count++] = *point;
}

void touch_begin(struct touch *touch, const struct ui_tree *tree, const struct touch_point *point)
{
    touch->is_activity = false;
    touch_expire(touch, point->at_ms);
    if (point->x < 0 || point->y < 0)
        return;
    if (is_distrusted(touch, point) || is_same_contact(touch, point))
        return;
    if (is_repeated_too_often(touch, point)) {
        const struct touch_point place = { NO_FINGER, point->x, point->y, 0 };
        distrust(touch, place, point->at_ms); /* whichever finger's end comes, it stays */
        return;
    }
    touch->is_activity = true;
    add_contact(touch, point);
    if (touch->contact_count == 1 && !touch->is_palm)
        arm(touch, tree, point);
}

void touch_move(struct touch *touch, const struct touch_point *point)
{
    touch_expire(touch, point->at_ms);
    if (is_near(touch, &touch->last, point))
        touch->last.at_ms = point->at_ms; /* a pause begins when the finger is gone */
    const int index = index_of_finger(touch->contacts, touch->contact_count, point->finger);
    if (index == NOBODY) {
        (void)is_distrusted(touch, point);
        return;
    }
    touch->contacts[index].x = point->x;
    touch->contacts[index].y = point->y;
    if (touch->is_armed && touch->tap.finger == point->finger)
        touch->tap = *point;
}

const struct ui_node *touch_pressed(const struct touch *touch, const struct ui_tree *tree)
{
    if (!touch->is_armed || touch->began_screen != tree->screen)
        return NULL;
    const struct ui_node *node = ui_tree_hit(tree, touch->tap.x, touch->tap.y);
    return is_own(touch, node) ? node : NULL;
}

const struct ui_node *touch_end(struct touch *touch, const struct ui_tree *tree,
                                const struct touch_point *point)
{
    touch_move(touch, point);
    const int index = index_of_finger(touch->contacts, touch->contact_count, point->finger);
    const int bad = index_of_finger(touch->bad, touch->bad_count, point->finger);
    if (index == NOBODY) {
        /* Somebody leant on the panel and went: nothing is wrong with the place. */
        if (bad != NOBODY)
            forget_bad(touch, bad);
        return NULL;
    }
    const bool is_first = touch->is_armed && touch->tap.finger == point->finger;
    const struct ui_node *node = is_first ? touch_pressed(touch, tree) : NULL;
    remove_contact(touch, index);
    return node;
}

/* ---- drawing ---- */

bool touch_may_draw(const struct touch *touch, const struct touch_point *point)
{
    return touch->is_activity && !touch->is_palm && touch->contact_count == 1 &&
           touch->contacts[0].finger == point->finger && !is_new_screen(touch, point);
}

void touch_draw(struct touch *touch, const struct touch_point *point)
{
    touch->pen_finger = point->finger;
    touch->pen_ms = point->at_ms;
    touch->repeats = 0;
}

bool touch_has(const struct touch *touch, int64_t finger)
{
    return index_of_finger(touch->contacts, touch->contact_count, finger) != NOBODY;
}
