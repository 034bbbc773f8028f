#include "staff/touch_test.h"

#include <math.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"

#define TRIES_MAX 3
#define MISSES_MAX 3        /* of one target, then it is dead */
#define UNTOUCHED_MAX 10    /* targets in a row that nobody touched: more than a dead stripe has */
#define STROKE_MS_MAX 10000 /* a finger that stays longer is stuck */
#define UNSTEADY_MM 5.0     /* a finger that moves more did not mean one place */
#define PITCH_MM 55.0
#define SMALL_MM 12.7 /* VVSG 2.0: the least target of a screen; main ones have 20 mm */
#define LARGE_MM 20.0

/* As parts of the panel: four near the corners, and one that lies on none of their lines. */
static const double CROSSES[TOUCH_TEST_CROSSES_COUNT + 1][2] = {
    { 0.1, 0.1 }, { 0.9, 0.1 }, { 0.9, 0.9 }, { 0.1, 0.9 }, { 0.35, 0.6 },
};

enum {
    EV_START = 1,
    EV_TOUCHED,
    EV_FITS,
    EV_MISFIT,
    EV_ALL_DONE,
    EV_AGAIN,
    EV_QUIT,
    EVENTS
};

static const char *const EVENT_NAMES[EVENTS] = {
    [SM_EVENT_DEADLINE] = "deadline",
    [EV_START] = "start",
    [EV_TOUCHED] = "touched",
    [EV_FITS] = "fits",
    [EV_MISFIT] = "misfit",
    [EV_ALL_DONE] = "all_done",
    [EV_AGAIN] = "again",
    [EV_QUIT] = "quit",
};

struct place {
    double x, y; /* parts of the panel */
};

/* ---- geometry ---- */

static double height_mm(const struct touch_test *test)
{
    return (double)test->parts.width_mm * test->parts.height_px / test->parts.width_px;
}

static double um_between(const struct touch_test *test, struct place a, struct place b)
{
    return 1000 * hypot((a.x - b.x) * test->parts.width_mm, (a.y - b.y) * height_mm(test));
}

static int px_of_mm(const struct touch_test *test, double mm)
{
    return (int)lround(mm * test->parts.width_px / test->parts.width_mm);
}

static struct place corrected(const struct touch_test *test, double raw_x, double raw_y)
{
    struct place place;
    touch_map_apply(&test->map, raw_x, raw_y, &place.x, &place.y);
    return place;
}

static struct place mean_of(const struct touch_test *test)
{
    const struct touch_test_stroke *stroke = &test->stroke;
    return corrected(test, stroke->sum_x / stroke->points, stroke->sum_y / stroke->points);
}

/* How far the finger wandered, in the worst case the diagonal of its box. */
static double wander_um(const struct touch_test *test)
{
    const struct touch_test_stroke *stroke = &test->stroke;
    return um_between(test, corrected(test, stroke->min_x, stroke->min_y),
                      corrected(test, stroke->max_x, stroke->max_y));
}

static int lines_over(double length_mm)
{
    const int lines = (int)lround(length_mm / PITCH_MM);
    return lines < 3 ? 3 : lines > 9 ? 9 : lines;
}

/* Small and large targets in turns, flush with all four edges: panels are worst at their edges. */
static void lay_targets(struct touch_test *test)
{
    struct touch_test_view *view = &test->view;
    const int columns = lines_over(test->parts.width_mm);
    int rows = lines_over(height_mm(test));
    if (rows > TOUCH_TEST_TARGETS_MAX / columns)
        rows = TOUCH_TEST_TARGETS_MAX / columns;
    view->target_count = rows * columns;
    for (int i = 0; i < view->target_count; i++) {
        const int row = i / columns, column = i % columns;
        const bool corner = row % (rows - 1) == 0 && column % (columns - 1) == 0;
        const int side = px_of_mm(test, corner || (row + column) % 2 == 0 ? SMALL_MM : LARGE_MM);
        view->targets[i] = (struct touch_test_target){
            .x = (test->parts.width_px - side) * column / (columns - 1),
            .y = (test->parts.height_px - side) * row / (rows - 1),
            .side = side,
        };
        view->regions[row * 3 / rows * 3 + column * 3 / columns].targets++;
    }
}

static struct touch_test_region *region_of(struct touch_test *test, int target)
{
    const int columns = lines_over(test->parts.width_mm);
    const int rows = test->view.target_count / columns;
    return &test->view.regions[target / columns * 3 / rows * 3 + target % columns * 3 / columns];
}

static struct place middle_of(const struct touch_test *test, const struct touch_test_target *target)
{
    return (struct place){ (target->x + target->side / 2.0) / test->parts.width_px,
                           (target->y + target->side / 2.0) / test->parts.height_px };
}

static bool is_inside(const struct touch_test *test, const struct touch_test_target *target,
                      struct place place)
{
    const double x = place.x * test->parts.width_px, y = place.y * test->parts.height_px;
    /* As the window does: what comes out just beside the panel is at its edge. */
    const double slack = px_of_mm(test, 3);
    const double left = target->x == 0 ? -slack : target->x;
    const double top = target->y == 0 ? -slack : target->y;
    const int right = target->x + target->side, bottom = target->y + target->side;
    return x >= left && y >= top && x <= (right >= test->parts.width_px ? right + slack : right) &&
           y <= (bottom >= test->parts.height_px ? bottom + slack : bottom);
}

/* ---- crosses ---- */

static void show_cross(struct touch_test *test)
{
    struct touch_test_view *view = &test->view;
    view->cross = test->cross + 1;
    view->crosses = TOUCH_TEST_CROSSES_COUNT;
    view->cross_x = (int)(CROSSES[test->cross][0] * test->parts.width_px);
    view->cross_y = (int)(CROSSES[test->cross][1] * test->parts.height_px);
}

static void enter_crosses(void *context)
{
    show_cross(context);
}

static void enter_verify(void *context)
{
    struct touch_test *test = context;
    test->cross = TOUCH_TEST_CROSSES_COUNT;
    show_cross(test);
}

static void begin(void *context, const void *argument)
{
    struct touch_test *test = context;
    (void)argument;
    const int language = test->view.language;
    test->cross = 0;
    test->map = TOUCH_MAP_IDENTITY;
    test->view = (struct touch_test_view){ .language = language };
}

static void begin_anew(void *context, const void *argument)
{
    ((struct touch_test *)context)->tries = 0;
    begin(context, argument);
}

static void judge_crosses(struct touch_test *test)
{
    double worst_mm;
    const enum touch_map_verdict verdict =
        touch_map_fit(test->pairs, TOUCH_TEST_CROSSES_COUNT, test->parts.width_mm, height_mm(test),
                      &test->map, &worst_mm);
    test->view.refused_um = verdict == TOUCH_MAP_FAR ? (int)(worst_mm * 1000) : 0;
    sm_post(&test->sm, verdict == TOUCH_MAP_GOOD ? EV_FITS : EV_MISFIT, NULL);
}

static void take_cross(void *context, const void *argument)
{
    struct touch_test *test = context;
    (void)argument;
    const struct place place = mean_of(test);
    test->pairs[test->cross] = (struct touch_pair){ .shown_x = CROSSES[test->cross][0],
                                                    .shown_y = CROSSES[test->cross][1],
                                                    .raw_x = place.x,
                                                    .raw_y = place.y };
    if (test->cross + 1 == TOUCH_TEST_CROSSES_COUNT)
        judge_crosses(test);
    else
        test->cross++;
}

static void judge_verify(void *context, const void *argument)
{
    struct touch_test *test = context;
    (void)argument;
    const struct place shown = { CROSSES[TOUCH_TEST_CROSSES_COUNT][0],
                                 CROSSES[TOUCH_TEST_CROSSES_COUNT][1] };
    const double off_um = um_between(test, mean_of(test), shown);
    const bool good = off_um <= TOUCH_MAP_RESIDUAL_MAX_MM * 1000;
    test->view.refused_um = good ? 0 : (int)off_um;
    sm_post(&test->sm, good ? EV_FITS : EV_MISFIT, NULL);
}

static void enter_refused(void *context)
{
    struct touch_test *test = context;
    test->tries++;
    test->view.gives_up = test->tries >= TRIES_MAX;
    log_warning("staff", "touch_refused", "try %d, %d um off", test->tries, test->view.refused_um);
}

static bool may_try_again(void *context, const void *argument)
{
    (void)argument;
    return !((const struct touch_test *)context)->view.gives_up;
}

static bool is_unsteady(void *context, const void *argument)
{
    const struct touch_test *test = context;
    (void)argument;
    return wander_um(test) > UNSTEADY_MM * 1000;
}

/* ---- targets ---- */

static void want(struct touch_test *test, int target)
{
    test->wanted = target;
    test->wanted_misses = 0;
    test->view.targets_done = target;
    if (target < test->view.target_count)
        test->view.targets[target].state = TOUCH_TEST_TARGET_WANTED;
    else
        sm_post(&test->sm, EV_ALL_DONE, NULL);
}

static void begin_targets(void *context, const void *argument)
{
    struct touch_test *test = context;
    (void)argument;
    lay_targets(test);
    test->untouched = 0;
    want(test, 0);
}

static void count_dead(struct touch_test *test, int target)
{
    test->view.targets[target].state = TOUCH_TEST_TARGET_DEAD;
    test->view.dead++;
    region_of(test, target)->dead++;
}

static void count_hit(struct touch_test *test, int um)
{
    struct touch_test_view *view = &test->view;
    struct touch_test_region *region = region_of(test, test->wanted);
    const int wandered_um = (int)wander_um(test);
    view->targets[test->wanted].state = TOUCH_TEST_TARGET_HIT;
    view->worst_um = um > view->worst_um ? um : view->worst_um;
    view->jitter_um = wandered_um > view->jitter_um ? wandered_um : view->jitter_um;
    region->worst_um = um > region->worst_um ? um : region->worst_um;
    want(test, test->wanted + 1);
}

static void take_touch(void *context, const void *argument)
{
    struct touch_test *test = context;
    (void)argument;
    const struct touch_test_target *target = &test->view.targets[test->wanted];
    const struct touch_test_stroke *stroke = &test->stroke;
    test->untouched = 0;
    if (is_inside(test, target, corrected(test, stroke->first_x, stroke->first_y)) &&
        is_inside(test, target, corrected(test, stroke->last_x, stroke->last_y))) {
        count_hit(test, (int)um_between(test, mean_of(test), middle_of(test, target)));
        return;
    }
    test->view.misses++;
    region_of(test, test->wanted)->misses++;
    if (++test->wanted_misses < MISSES_MAX)
        return;
    count_dead(test, test->wanted);
    want(test, test->wanted + 1);
}

static void give_up_target(void *context, const void *argument)
{
    struct touch_test *test = context;
    (void)argument;
    int end = test->wanted + 1;
    if (++test->untouched == UNTOUCHED_MAX)
        end = test->view.target_count;
    for (int i = test->wanted; i < end; i++)
        count_dead(test, i);
    want(test, end);
}

/* ---- result ---- */

static int32_t millionths(double term)
{
    return (int32_t)lround(term * 1e6);
}

struct touch_map touch_test_map_of(const struct settings_touch *saved)
{
    const int32_t *map = saved->map;
    return (struct touch_map){ map[0] / 1e6, map[1] / 1e6, map[2] / 1e6,
                               map[3] / 1e6, map[4] / 1e6, map[5] / 1e6 };
}

static void save(void *context, const void *argument)
{
    struct touch_test *test = context;
    struct touch_test_view *view = &test->view;
    const struct touch_map *map = &test->map;
    (void)argument;
    view->passed = view->dead == 0 && view->misses * 20 <= view->target_count;
    const struct settings_touch saved = {
        .map = { millionths(map->xx), millionths(map->xy), millionths(map->x0), millionths(map->yx),
                 millionths(map->yy), millionths(map->y0) },
        .passed = view->passed,
        .targets = view->target_count,
        .dead = view->dead,
        .misses = view->misses,
        .worst_um = view->worst_um,
        .jitter_um = view->jitter_um,
    };
    const enum status status = settings_touch_save(test->parts.path, &saved);
    view->saved = status == STATUS_OK;
    log_info("staff", "touch_tested",
             "%s: %d of %d targets dead, %d misses, %d um, jitter %d um: %s",
             view->passed ? "passed" : "failed", view->dead, view->target_count, view->misses,
             view->worst_um, view->jitter_um, view->saved ? "saved" : status_name(status));
}

static void forget_map(void *context, const void *argument)
{
    (void)argument;
    ((struct touch_test *)context)->map = TOUCH_MAP_IDENTITY;
}

static const struct sm_state STATES[TOUCH_TEST_STATES] = {
    [TOUCH_TEST_OFF] = { "off", NULL, 0 },
    [TOUCH_TEST_CROSSES] = { "crosses", enter_crosses, 45000 },
    [TOUCH_TEST_VERIFY] = { "verify", enter_verify, 45000 },
    [TOUCH_TEST_REFUSED] = { "refused", enter_refused, 8000 },
    [TOUCH_TEST_TARGETS] = { "targets", NULL, 8000 },
    [TOUCH_TEST_RESULT] = { "result", NULL, 120000 },
};

static const struct sm_arrow ARROWS[] = {
    { TOUCH_TEST_OFF, EV_START, NULL, begin_anew, TOUCH_TEST_CROSSES },
    { TOUCH_TEST_CROSSES, EV_TOUCHED, is_unsteady, sm_ignore, SM_STAY },
    { TOUCH_TEST_CROSSES, EV_TOUCHED, NULL, take_cross, TOUCH_TEST_CROSSES },
    { TOUCH_TEST_CROSSES, EV_FITS, NULL, NULL, TOUCH_TEST_VERIFY },
    { TOUCH_TEST_CROSSES, EV_MISFIT, NULL, NULL, TOUCH_TEST_REFUSED },
    { TOUCH_TEST_VERIFY, EV_TOUCHED, is_unsteady, sm_ignore, SM_STAY },
    { TOUCH_TEST_VERIFY, EV_TOUCHED, NULL, judge_verify, SM_STAY },
    { TOUCH_TEST_VERIFY, EV_FITS, NULL, begin_targets, TOUCH_TEST_TARGETS },
    { TOUCH_TEST_VERIFY, EV_MISFIT, NULL, forget_map, TOUCH_TEST_REFUSED },
    { TOUCH_TEST_REFUSED, EV_TOUCHED, NULL, sm_ignore, SM_STAY },
    { TOUCH_TEST_REFUSED, SM_EVENT_DEADLINE, may_try_again, begin, TOUCH_TEST_CROSSES },
    { TOUCH_TEST_TARGETS, EV_TOUCHED, NULL, take_touch, TOUCH_TEST_TARGETS },
    { TOUCH_TEST_TARGETS, SM_EVENT_DEADLINE, NULL, give_up_target, TOUCH_TEST_TARGETS },
    { TOUCH_TEST_TARGETS, EV_ALL_DONE, NULL, save, TOUCH_TEST_RESULT },
    { TOUCH_TEST_RESULT, EV_TOUCHED, NULL, sm_ignore, SM_STAY },
    { TOUCH_TEST_RESULT, EV_AGAIN, NULL, begin_anew, TOUCH_TEST_CROSSES },
    { TOUCH_TEST_OFF, SM_EVENT_DEADLINE, NULL, sm_ignore, SM_STAY },
    { SM_ANY, SM_EVENT_DEADLINE, NULL, NULL, TOUCH_TEST_OFF },
    { TOUCH_TEST_OFF, EV_TOUCHED, NULL, sm_ignore, SM_STAY },
    { TOUCH_TEST_OFF, EV_QUIT, NULL, sm_ignore, SM_STAY },
    { SM_ANY, EV_QUIT, NULL, NULL, TOUCH_TEST_OFF },
    { SM_ANY, EV_AGAIN, NULL, sm_ignore, SM_STAY },
};

static const struct sm_table TABLE = {
    .module = "staff",
    .name = "touch_test",
    .states = STATES,
    .state_count = TOUCH_TEST_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = EVENTS,
    .rest_state = TOUCH_TEST_OFF,
    .fault_state = TOUCH_TEST_OFF,
};

/* ---- from outside ---- */

static void tell_change(const struct touch_test *test)
{
    if (test->parts.on_change)
        test->parts.on_change(test->parts.context);
}

static void post(struct touch_test *test, int event)
{
    sm_post(&test->sm, event, NULL);
    tell_change(test);
}

void touch_test_start(struct touch_test *test, const struct touch_test_parts *parts)
{
    *test = (struct touch_test){ .parts = *parts, .map = TOUCH_MAP_IDENTITY };
    test->view.language = parts->language;
    sm_init(&test->sm, &TABLE, parts->clock, test);
    post(test, EV_START);
}

static void add_to_trail(struct touch_test *test, double raw_x, double raw_y)
{
    struct touch_test_view *view = &test->view;
    const struct place place = corrected(test, raw_x, raw_y);
    if (view->trail_count == TOUCH_TEST_TRAIL_MAX)
        memmove(&view->trail[0], &view->trail[1],
                sizeof view->trail[0] * (size_t)--view->trail_count);
    view->trail[view->trail_count].x = (int)lround(place.x * test->parts.width_px);
    view->trail[view->trail_count++].y = (int)lround(place.y * test->parts.height_px);
}

static void add_point(struct touch_test *test, double raw_x, double raw_y)
{
    struct touch_test_stroke *stroke = &test->stroke;
    stroke->last_x = raw_x;
    stroke->last_y = raw_y;
    stroke->sum_x += raw_x;
    stroke->sum_y += raw_y;
    stroke->min_x = fmin(stroke->min_x, raw_x);
    stroke->max_x = fmax(stroke->max_x, raw_x);
    stroke->min_y = fmin(stroke->min_y, raw_y);
    stroke->max_y = fmax(stroke->max_y, raw_y);
    stroke->points++;
    if (test->sm.state == TOUCH_TEST_TARGETS)
        add_to_trail(test, raw_x, raw_y);
}

static void begin_stroke(struct touch_test *test, int64_t finger, double raw_x, double raw_y)
{
    struct touch_test_stroke *stroke = &test->stroke;
    const int64_t now_ms = clock_now_ms(test->parts.clock);
    if (stroke->down && stroke->finger != finger && now_ms - stroke->began_ms < STROKE_MS_MAX) {
        stroke->spoiled = true;
        return;
    }
    *stroke = (struct touch_test_stroke){ .down = true,
                                          .finger = finger,
                                          .began_ms = now_ms,
                                          .first_x = raw_x,
                                          .first_y = raw_y,
                                          .min_x = raw_x,
                                          .max_x = raw_x,
                                          .min_y = raw_y,
                                          .max_y = raw_y };
    add_point(test, raw_x, raw_y);
}

void touch_test_on_finger(struct touch_test *test, enum touch_test_finger what, int64_t finger,
                          double raw_x, double raw_y)
{
    struct touch_test_stroke *stroke = &test->stroke;
    if (what == TOUCH_TEST_DOWN) {
        begin_stroke(test, finger, raw_x, raw_y);
    } else if (stroke->down && stroke->finger == finger) {
        add_point(test, raw_x, raw_y);
        if (what == TOUCH_TEST_UP) {
            stroke->down = false;
            if (!stroke->spoiled)
                sm_post(&test->sm, EV_TOUCHED, NULL);
        }
    }
    tell_change(test);
}

void touch_test_on_intent(struct touch_test *test, enum touch_test_intent intent)
{
    switch (intent) {
    case TOUCH_TEST_INTENT_NONE:
        return;
    case TOUCH_TEST_INTENT_AGAIN:
        post(test, EV_AGAIN);
        return;
    case TOUCH_TEST_INTENT_FINISH:
        post(test, EV_QUIT);
        return;
    case TOUCH_TEST_INTENT_LANGUAGE:
        test->view.language = !test->view.language;
        tell_change(test);
        return;
    }
}

void touch_test_quit(struct touch_test *test)
{
    post(test, EV_QUIT);
}

void touch_test_tick(struct touch_test *test)
{
    const int before = test->sm.state;
    const int done = test->view.targets_done;
    sm_tick(&test->sm);
    if (before != test->sm.state || done != test->view.targets_done)
        tell_change(test);
}

int64_t touch_test_next_deadline_ms(const struct touch_test *test)
{
    return sm_next_deadline_ms(&test->sm);
}

bool touch_test_is_over(const struct touch_test *test)
{
    return test->sm.state == TOUCH_TEST_OFF;
}

const struct touch_map *touch_test_map(const struct touch_test *test)
{
    return &test->map;
}

const struct touch_test_view *touch_test_current_view(struct touch_test *test)
{
    struct touch_test_view *view = &test->view;
    const int64_t deadline_ms = sm_next_deadline_ms(&test->sm);
    const int64_t left_ms = deadline_ms - clock_now_ms(test->parts.clock);
    view->state = (enum touch_test_state)test->sm.state;
    view->seconds_left =
        deadline_ms == INT64_MAX || left_ms < 0 ? 0 : (int)((left_ms + 999) / 1000);
    return view;
}
