#include "app/outage.h"

#include "session/session_modes.h"
#include "session/session_place.h"

static struct outage {
    bool is_set_up, rights_shown;
    bool is_touched; /* since everything was as for the next person */
    struct session_modes modes;
    int64_t touched_ms; /* of the last touch */
    int64_t since_ms;   /* wall time of the first page */
} outage;

static enum session_step current_step(void)
{
    return outage.rights_shown ? STEP_RIGHTS : STEP_OUT_OF_SERVICE;
}

static void reset(void)
{
    modes_reset(&outage.modes);
    outage.rights_shown = false;
    outage.is_touched = false;
}

static void set_up(const struct app *app)
{
    if (outage.is_set_up)
        return;
    reset();
    outage.since_ms = clock_wall_ms(app->clock);
    outage.is_set_up = true;
}

static int64_t idle_ms(const struct app *app)
{
    return INT64_C(1000) * app->settings.idle_timeout_s * modes_patience_factor(&outage.modes);
}

static int64_t question_ms(const struct app *app)
{
    return INT64_C(1000) * app->settings.more_time_s * modes_patience_factor(&outage.modes);
}

/* The page for reading asks before it goes; on the first one only modes are lost. */
static void add_time(const struct app *app, struct session_view *view)
{
    if (view->step != STEP_RIGHTS)
        return;
    int64_t left_ms = outage.touched_ms + idle_ms(app) - clock_now_ms(app->clock);
    int64_t total_ms = idle_ms(app);
    view->ask_more_time = left_ms <= 0;
    if (view->ask_more_time) {
        left_ms += question_ms(app);
        total_ms = question_ms(app);
    }
    view->seconds_left = left_ms > 0 ? (int)((left_ms + 999) / 1000) : 0;
    view->seconds_total = (int)(total_ms / 1000);
}

/* Without the journal nothing is offered, and nothing else can be known. */
static void add_services(struct session_view *view)
{
    view->visit_service = view->cash_service = SERVICE_JOURNAL;
    view->registration_service = SERVICE_JOURNAL;
    view->service_since_ms = outage.since_ms;
    for (int what = 0; what < OFFERS; what++)
        view->services[view->service_count++] = (struct view_service){
            .what = (enum view_offer)what, .service = SERVICE_JOURNAL, .until = UNTIL_STAFF
        };
}

const struct session_view *outage_view(struct app *app)
{
    static struct session_view view;
    set_up(app);
    view = (struct session_view){
        .step = current_step(),
        .wall_ms = clock_wall_ms(app->clock),
        .speech_offered = guide_is_offered(&app->guide),
    };
    modes_show(&outage.modes, &view);
    place_show(&app->settings, app->policy, &view);
    add_time(app, &view);
    add_services(&view);
    return &view;
}

void outage_on_activity(struct app *app)
{
    if (outage.is_touched && !outage_view(app)->ask_more_time)
        outage.touched_ms = clock_now_ms(app->clock);
}

static void take_page_intent(enum intent intent)
{
    if (intent == INTENT_RIGHTS)
        outage.rights_shown = true;
    if (intent == INTENT_BACK || intent == INTENT_CANCEL)
        outage.rights_shown = false;
}

void outage_on_intent(struct app *app, enum intent intent, int argument)
{
    set_up(app);
    bool is_answer = outage_view(app)->ask_more_time && intent != INTENT_CANCEL;
    bool is_covered = modes_cover(&outage.modes, intent);
    outage.touched_ms = clock_now_ms(app->clock);
    outage.is_touched = true;
    if (modes_take(&outage.modes, intent, argument, current_step()) || is_answer || is_covered)
        return;
    take_page_intent(intent);
    modes_follow(&outage.modes, current_step());
}

int64_t outage_next_deadline_ms(const struct app *app)
{
    int64_t patience_ms = idle_ms(app);
    if (!outage.is_touched)
        return INT64_MAX;
    if (outage.rights_shown)
        patience_ms += question_ms(app);
    return outage.touched_ms + patience_ms;
}

void outage_tick(struct app *app)
{
    set_up(app);
    if (clock_now_ms(app->clock) < outage_next_deadline_ms(app))
        return;
    reset();
    app_set_dirty(app);
}
