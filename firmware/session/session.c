#include "session/session.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/check.h"
#include "session/session_internal.h"
#include "session/session_limits.h"

void session_changed(struct session *session)
{
    if (session->parts.on_change)
        session->parts.on_change(session->parts.context);
}

void session_appended(struct session *session)
{
    if (session->parts.on_appended)
        session->parts.on_appended(session->parts.context);
}

int session_area(const struct session *session)
{
    int area = policy_find_area(session->parts.policy, session->parts.settings->area);
    return area < 0 ? 0 : area;
}

int32_t session_today(const struct session *session)
{
    struct clock_civil civil = clock_civil_of(clock_wall_ms(session->parts.clock));
    return civil.year * 10000 + civil.month * 100 + civil.day;
}

/* The last view holds masked names, and the receipt flow the facts of the last paper. */
void session_wipe_visit(struct session *session)
{
    bytes_wipe(&session->v, sizeof session->v);
    bytes_wipe(&session->view, sizeof session->view);
    if (receipt_flow_is_at_rest(&session->receipt))
        bytes_wipe(&session->receipt.facts, sizeof session->receipt.facts);
}

/* One that cannot be read may be open too. */
static bool may_have_open_transaction(const struct session *session)
{
    struct journal_transaction open;
    return journal_open_transaction(session->parts.journal, &open) != STATUS_NOT_FOUND;
}

bool session_is_cash_blocked(const struct session *session)
{
    if (session->recovery.state == RECOVERY_WAITING ||
        session->recovery.state == RECOVERY_SETTLING || cash_flow_is_recovering(&session->cash))
        return true;
    return session->pay.state == PAY_OFF &&
           (!cash_flow_is_at_rest(&session->cash) || may_have_open_transaction(session));
}

static void on_cash(void *context, const struct cash_flow_event *event)
{
    struct session *session = context;
    if (session->pay.state == PAY_CASH || session->pay.state == PAY_CLOSING)
        pay_on_cash(session, event);
    else
        recovery_on_cash(session, event);
}

static void on_receipt(void *context, enum receipt_result result)
{
    struct session *session = context;
    enum session_slip slip = session->printing;
    session->printing = SLIP_NONE;
    session_appended(session);
    if (session->recovery.state == RECOVERY_PRINTING)
        recovery_on_receipt(session, result);
    else if (slip == SLIP_REFUSAL)
        refused_on_receipt(session, result);
    else if (slip == SLIP_RECORD || slip == SLIP_COPY)
        inquiry_on_receipt(session, result);
    else if (slip == SLIP_PLAN)
        learn_on_receipt(session, result);
    else if (slip != SLIP_NONE)
        pay_on_receipt(session, result);
}

/* What only becomes possible once everything is at rest again. */
static void finish(struct session *session)
{
    modes_follow(&session->modes, session_step_now(session));
    recovery_advance(session);
    if (session->visit.state == VISIT_HOME && receipt_flow_is_at_rest(&session->receipt))
        bytes_wipe(&session->receipt.facts, sizeof session->receipt.facts);
}

struct session *session_create(const struct session_parts *parts)
{
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        return NULL;
    session->parts = *parts;
    modes_reset(&session->modes);
    session_init_visit(session);
    session_init_enrol(session);
    session_init_pay(session);
    session_init_patience(session);
    session_init_recovery(session);
    limits_init(session);
    session_init_inquiry(session);
    session_init_learn(session);
    cash_flow_init(&session->cash, parts->clock, parts->journal, parts->acceptor, on_cash, session);
    receipt_flow_init(&session->receipt, parts->clock, parts->journal, parts->printer,
                      parts->settings->font, parts->settings->printer_width_dots, on_receipt,
                      session);
    if (parts->font)
        receipt_flow_use_font(&session->receipt, parts->font);
    recovery_close_cut_off(session);
    recovery_begin(session);
    return session;
}

void session_destroy(struct session *session)
{
    if (!session)
        return;
    bytes_wipe(session, sizeof *session);
    free(session);
}

void session_set_policy(struct session *session, const struct policy *policy)
{
    if (session->visit.state == VISIT_HOME) {
        session->parts.policy = policy;
    } else {
        session->next_policy = policy;
        session->has_next_policy = true;
    }
    session_changed(session);
}

bool session_uses_policy(const struct session *session, const struct policy *policy)
{
    return session->parts.policy == policy ||
           (session->has_next_policy && session->next_policy == policy);
}

void session_set_health(struct session *session, const struct health *health)
{
    session->health = *health;
    bool is_out = session_visit_service(session) != SERVICE_OFFERED;
    if (!is_out)
        session->out_since_wall_ms = 0;
    else if (session->out_since_wall_ms == 0)
        session->out_since_wall_ms = clock_wall_ms(session->parts.clock);
    modes_follow(&session->modes, session_step_now(session));
    session_changed(session);
}

void session_set_bureau_reachable(struct session *session, bool reachable)
{
    session->bureau_reachable = reachable;
    session_changed(session);
}

void session_set_speech_offered(struct session *session, bool offered)
{
    if (session->speech_offered == offered)
        return;
    session->speech_offered = offered;
    if (!offered)
        (void)modes_take(&session->modes, INTENT_SPOKEN, 0, session_step_now(session));
    session_changed(session);
}

/* ---- touches ---- */

/* At home patience only guards how the screens are wanted. */
static bool is_waiting_for_person(const struct session *session)
{
    if (session->visit.state == VISIT_PAY)
        return session->pay.state == PAY_CASH;
    return session->visit.state != VISIT_HOME && session->visit.state != VISIT_GOODBYE;
}

static struct sm *machine_in_charge(struct session *session, enum intent intent)
{
    if (session->visit.state == VISIT_PAY)
        return &session->pay;
    if (session->visit.state == VISIT_REGISTER && intent != INTENT_CANCEL)
        return &session->enrol;
    if (session->visit.state == VISIT_INQUIRY && intent != INTENT_CANCEL && intent != INTENT_START)
        return &session->inquiry;
    if (session->visit.state == VISIT_LEARN && intent != INTENT_CANCEL && intent != INTENT_START)
        return &session->learn;
    return &session->visit;
}

/* While the question lies over the page, a touch is an answer to it and not to what is below. */
static bool answers_question(const struct session *session, enum intent intent)
{
    return patience_is_asking(session) && intent != INTENT_CANCEL && intent != INTENT_FINISH_CASH &&
           intent != INTENT_LANGUAGE;
}

void session_on_intent(struct session *session, enum intent intent, int argument)
{
    if (intent <= INTENT_NONE || intent >= INTENTS)
        return;
    if (intent == INTENT_SPOKEN && !session->speech_offered)
        return;
    bool is_answer = answers_question(session, intent);
    bool is_covered = modes_cover(&session->modes, intent) && !patience_is_asking(session);
    bool is_mode = modes_take(&session->modes, intent, argument, session_step_now(session));
    if (is_waiting_for_person(session) || (is_mode && session->visit.state == VISIT_HOME))
        patience_restart(session);
    if (is_mode)
        session_changed(session);
    else if (!is_answer && !is_covered && intent != INTENT_MORE_TIME)
        sm_post(machine_in_charge(session, intent), (int)intent, &argument);
    finish(session);
}

void session_on_activity(struct session *session)
{
    bool guards_modes = session->visit.state == VISIT_HOME && session->ring_ms > 0;
    if ((is_waiting_for_person(session) || guards_modes) && !patience_is_asking(session))
        patience_restart(session);
}

void session_on_stroke(struct session *session, const struct ui_stroke_point *point)
{
    if (session->visit.state != VISIT_REGISTER || session->enrol.state != ENROL_SIGNATURE ||
        patience_is_asking(session))
        return;
    (void)strokes_put(&session->v.strokes, point);
    session_changed(session);
}

/* ---- devices ---- */

void session_on_reader(struct session *session, const struct id_reader_event *event)
{
    switch (event->kind) {
    case ID_READER_EVENT_STATUS:
        if (event->status.state != DEVICE_READY && event->status.state != DEVICE_DEGRADED)
            sm_post(&session->visit, VISIT_EV_READER_LOST, NULL);
        break;
    case ID_READER_EVENT_CARD_SEEN:
        session->card_seen = true;
        break;
    case ID_READER_EVENT_CARD_READ:
        session->card_seen = true;
        sm_post(&session->visit, VISIT_EV_CARD_READ, &event->card);
        break;
    case ID_READER_EVENT_UNREADABLE:
        sm_post(&session->visit, VISIT_EV_UNREADABLE, &event->reason);
        break;
    case ID_READER_EVENT_CARD_GONE:
        session->card_seen = false;
        break;
    }
    session_changed(session);
    finish(session);
}

void session_on_acceptor(struct session *session, const struct cash_acceptor_event *event)
{
    limits_on_acceptor(session, event);
    cash_flow_on_acceptor(&session->cash, event);
    finish(session);
}

void session_on_printer(struct session *session, const struct printer_event *event)
{
    receipt_flow_on_printer(&session->receipt, event);
    finish(session);
}

void session_on_text(struct session *session, const char *text)
{
    if (session->visit.state != VISIT_INQUIRY || patience_is_asking(session))
        return;
    inquiry_on_text(session, text);
    finish(session);
}

/* ---- time ---- */

void session_tick(struct session *session)
{
    cash_flow_tick(&session->cash);
    receipt_flow_tick(&session->receipt);
    sm_tick(&session->patience);
    sm_tick(&session->visit);
    sm_tick(&session->enrol);
    sm_tick(&session->pay);
    sm_tick(&session->recovery);
    sm_tick(&session->inquiry);
    sm_tick(&session->learn);
    finish(session);
}

int64_t session_next_deadline_ms(const struct session *session)
{
    const int64_t deadlines[] = {
        sm_next_deadline_ms(&session->patience),
        sm_next_deadline_ms(&session->visit),
        sm_next_deadline_ms(&session->enrol),
        sm_next_deadline_ms(&session->pay),
        sm_next_deadline_ms(&session->recovery),
        sm_next_deadline_ms(&session->inquiry),
        sm_next_deadline_ms(&session->learn),
        cash_flow_next_deadline_ms(&session->cash),
        receipt_flow_next_deadline_ms(&session->receipt),
    };
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < ARRAY_SIZE(deadlines); i++)
        if (deadlines[i] < next)
            next = deadlines[i];
    return next;
}

static bool is_zero(const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

bool session_is_wiped(const struct session *session)
{
    const struct receipt_facts *facts = &session->receipt.facts;
    return session->visit.state == VISIT_HOME && is_zero(&session->v, sizeof session->v) &&
           session->view.name_masked[0] == '\0' && session->view.number_masked[0] == '\0' &&
           session->view.account_number[0] == '\0' && session->view.phone_typed[0] == '\0' &&
           session->view.phone_masked[0] == '\0' && session->view.leaving_typed[0] == '\0' &&
           session->view.signature.count == 0 &&
           is_zero(&session->view.inquiry, sizeof session->view.inquiry) &&
           facts->name_masked[0] == '\0' && facts->number_masked[0] == '\0' &&
           facts->account_number[0] == '\0';
}
