#include "session/session_limits.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "session/session_internal.h"

static bool knows(const struct cash_acceptor_event *event, int64_t value_fen)
{
    for (int i = 0; i < event->channel_count; i++)
        if (event->channel_value_fen[i] == value_fen)
            return true;
    return event->channel_count == 0; /* it has not said yet */
}

static void take_set(struct session *session, const int64_t *values_fen, int count)
{
    const struct note_set *notes = &session->notes;
    bool is_same = count == notes->count &&
                   memcmp(values_fen, notes->value_fen, (size_t)count * sizeof values_fen[0]) == 0;
    if (is_same)
        return;
    note_set_init(&session->notes, values_fen, count);
    if (count == 0)
        log_error("session", "no_denomination", "the acceptor knows none of those in the settings");
}

void limits_init(struct session *session)
{
    const struct settings *settings = session->parts.settings;
    note_set_init(&session->notes, settings->denominations_fen, settings->denomination_count);
}

void limits_on_acceptor(struct session *session, const struct cash_acceptor_event *event)
{
    const struct settings *settings = session->parts.settings;
    int64_t values_fen[SETTINGS_DENOMINATIONS_MAX] = { 0 };
    int count = 0;
    if (event->kind != CASH_EVENT_STATUS || event->channel_count == 0)
        return;
    for (int i = 0; i < settings->denomination_count; i++)
        if (knows(event, settings->denominations_fen[i]))
            values_fen[count++] = settings->denominations_fen[i];
    take_set(session, values_fen, count);
}

/* ---- terms ---- */

static void lower(int64_t *limit, int64_t to)
{
    if (to < *limit)
        *limit = to > 0 ? to : 0;
}

static void begin(const struct session *session, struct note_terms *terms)
{
    *terms = (struct note_terms){
        .set = &session->notes,
        .due_fen = session->v.quote.total_fen,
        .surplus_is_kept = session->parts.policy->surplus != POLICY_SURPLUS_NONE,
        .sum_fen_max = NOTE_NO_LIMIT,
        .notes_max = NOTE_NO_LIMIT,
    };
}

static void limit_visit_sum(const struct session *session, struct note_terms *terms)
{
    if (session->parts.settings->visit_sum_max_fen > 0)
        lower(&terms->sum_fen_max, session->parts.settings->visit_sum_max_fen);
}

static void limit_visit_notes(const struct session *session, struct note_terms *terms)
{
    if (session->parts.settings->visit_notes_max > 0)
        lower(&terms->notes_max, session->parts.settings->visit_notes_max);
}

static void limit_day(const struct session *session, struct note_terms *terms)
{
    const struct health *health = &session->health;
    if (health->day_sum_max_fen > 0)
        lower(&terms->sum_fen_max, health->day_sum_max_fen - health->day_cash_fen);
}

/* While the bureau answers, what comes in is soon no longer unsent. */
static void limit_offline(const struct session *session, struct note_terms *terms)
{
    const struct health *health = &session->health;
    if (!session->bureau_reachable && health->offline_sum_max_fen > 0)
        lower(&terms->sum_fen_max, health->offline_sum_max_fen - health->unsent_money_fen);
}

static void limit_box(const struct session *session, struct note_terms *terms)
{
    const struct health *health = &session->health;
    if (health->box_notes_max > 0)
        lower(&terms->notes_max, health->box_notes_max - health->box_notes);
}

/* One after the other, what concerns this payment alone first: the first under which no notes can
 * pay it is the reason that is told. */
static const struct {
    void (*apply)(const struct session *session, struct note_terms *terms);
    enum service reason;
} LIMITS[] = {
    { begin, SERVICE_EXACT_SUM },
    { limit_visit_sum, SERVICE_VISIT_SUM },
    { limit_visit_notes, SERVICE_VISIT_NOTES },
    { limit_day, SERVICE_DAY_LIMIT },
    { limit_offline, SERVICE_OFFLINE_LIMIT },
    { limit_box, SERVICE_BOX_LIMIT },
};

enum service limits_terms(const struct session *session, struct note_terms *out)
{
    enum service service = session->notes.count > 0 ? SERVICE_OFFERED : SERVICE_NO_ACCEPTOR;
    for (size_t i = 0; i < ARRAY_SIZE(LIMITS); i++) {
        struct note_plan plan;
        LIMITS[i].apply(session, out);
        if (service == SERVICE_OFFERED && !note_plan_make(out, 0, 0, &plan))
            service = LIMITS[i].reason;
    }
    return service;
}

enum service limits_service(const struct session *session)
{
    struct note_terms terms;
    bool has_quote = session->visit.state == VISIT_METHOD && session->parts.policy != NULL &&
                     session->v.quote.total_fen > 0;
    if (session->notes.count == 0)
        return SERVICE_NO_ACCEPTOR;
    return has_quote ? limits_terms(session, &terms) : SERVICE_OFFERED;
}
