#include "session/session_view.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "session/session_internal.h"
#include "session/session_limits.h"
#include "session/session_place.h"

static const char *const INTENT_NAMES[INTENTS] = {
    [INTENT_NONE] = "none",
    SESSION_INTENT_NAMES,
};

static const char *const STEP_NAMES[STEPS] = {
    [STEP_HOME] = "home",
    [STEP_OUT_OF_SERVICE] = "out_of_service",
    [STEP_RIGHTS] = "rights",
    [STEP_IDENTIFY] = "identify",
    [STEP_CARD_PROBLEM] = "card_problem",
    [STEP_REFUSED] = "refused",
    [STEP_OWED] = "owed",
    [STEP_BASE] = "base",
    [STEP_CHOICES] = "choices",
    [STEP_CHECKING] = "checking",
    [STEP_STARTS] = "starts",
    [STEP_MATERIALS] = "materials",
    [STEP_CERTIFICATE] = "certificate",
    [STEP_PHONE] = "phone",
    [STEP_CONSENT] = "consent",
    [STEP_SIGNATURE] = "signature",
    [STEP_REGISTERED] = "registered",
    [STEP_MONTHS] = "months",
    [STEP_METHOD] = "method",
    [STEP_CASH] = "cash",
    [STEP_RECEIPT] = "receipt",
    [STEP_DONE] = "done",
    [STEP_GOODBYE] = "goodbye",
    [STEP_ASKING] = "asking",
    [STEP_INQUIRY] = "inquiry",
    [STEP_LIST] = "list",
    [STEP_WHERE] = "where",
    [STEP_NUMBER] = "number",
    [STEP_FOUND] = "found",
    [STEP_PRINTING] = "printing",
    [STEP_LEARN] = "learn",
    [STEP_STANDARDS] = "standards",
    [STEP_TIMES] = "times",
    [STEP_INDIVIDUAL] = "individual",
    [STEP_LAW] = "law",
    [STEP_CALCULATOR] = "calculator",
    [STEP_GRADES] = "grades",
    [STEP_LEAVING] = "leaving",
    [STEP_PLAN] = "plan",
};

const char *intent_name(enum intent intent)
{
    return intent >= 0 && intent < INTENTS ? INTENT_NAMES[intent] : "unknown";
}

const char *session_step_name(enum session_step step)
{
    return step >= 0 && step < STEPS ? STEP_NAMES[step] : "unknown";
}

/* ---- which page ---- */

enum service session_visit_service(const struct session *session)
{
    return session->parts.policy ? health_visit(&session->health) : SERVICE_POLICY;
}

static enum session_step home_step(const struct session *session)
{
    return session_visit_service(session) == SERVICE_OFFERED ? STEP_HOME : STEP_OUT_OF_SERVICE;
}

static enum session_step enrol_step(const struct session *session)
{
    static const enum session_step STEPS_OF[ENROL_STATES] = {
        [ENROL_OFF] = STEP_PHONE,
        [ENROL_CHECKING] = STEP_CHECKING,
        [ENROL_STARTS] = STEP_STARTS,
        [ENROL_MATERIALS] = STEP_MATERIALS,
        [ENROL_LEAVING_NUMBER] = STEP_CERTIFICATE,
        [ENROL_LEAVING_DATE] = STEP_CERTIFICATE,
        [ENROL_PHONE] = STEP_PHONE,
        [ENROL_CONSENT] = STEP_CONSENT,
        [ENROL_SIGNATURE] = STEP_SIGNATURE,
        [ENROL_REGISTERED] = STEP_REGISTERED,
    };
    return STEPS_OF[session->enrol.state];
}

/* The cash page stays while the last note is resolved: that takes a moment and may still say why.
 */
static enum session_step pay_step(const struct session *session)
{
    bool is_cash = session->pay.state == PAY_CASH || session->pay.state == PAY_CLOSING;
    return is_cash ? STEP_CASH : STEP_RECEIPT;
}

static enum session_step inquiry_step(const struct session *session)
{
    static const enum session_step STEPS_OF[INQUIRY_STATES] = {
        [INQUIRY_OFF] = STEP_INQUIRY,       [INQUIRY_ASKING] = STEP_ASKING,
        [INQUIRY_RECORD] = STEP_INQUIRY,    [INQUIRY_LIST] = STEP_LIST,
        [INQUIRY_WHERE] = STEP_WHERE,       [INQUIRY_NUMBER] = STEP_NUMBER,
        [INQUIRY_SEEKING] = STEP_ASKING,    [INQUIRY_FOUND] = STEP_FOUND,
        [INQUIRY_PRINTING] = STEP_PRINTING, [INQUIRY_LOOKING] = STEP_ASKING,
    };
    return STEPS_OF[session->inquiry.state];
}

static enum session_step learn_step(const struct session *session)
{
    static const enum session_step STEPS_OF[LEARN_STATES] = {
        [LEARN_OFF] = STEP_LEARN,
        [LEARN_MENU] = STEP_LEARN,
        [LEARN_STANDARDS] = STEP_STANDARDS,
        [LEARN_TIMES] = STEP_TIMES,
        [LEARN_INDIVIDUAL] = STEP_INDIVIDUAL,
        [LEARN_LAW] = STEP_LAW,
        [LEARN_CALCULATOR] = STEP_CALCULATOR,
        [LEARN_GRADES] = STEP_GRADES,
        [LEARN_BASE] = STEP_BASE,
        [LEARN_LEAVING] = STEP_LEAVING,
        [LEARN_PLAN] = STEP_PLAN,
        [LEARN_PRINTING] = STEP_PRINTING,
    };
    return STEPS_OF[session->learn.state];
}

enum session_step session_step_now(const struct session *session)
{
    switch ((enum visit_state)session->visit.state) {
    case VISIT_RIGHTS:
        return STEP_RIGHTS;
    case VISIT_LEARN:
        return learn_step(session);
    case VISIT_IDENTIFY:
        return STEP_IDENTIFY;
    case VISIT_CARD_PROBLEM:
        return STEP_CARD_PROBLEM;
    case VISIT_REFUSED:
        return STEP_REFUSED;
    case VISIT_LOOKING:
        return STEP_ASKING;
    case VISIT_OWED:
        return STEP_OWED;
    case VISIT_BASE:
        return STEP_BASE;
    case VISIT_CHOICES:
        return STEP_CHOICES;
    case VISIT_REGISTER:
        return enrol_step(session);
    case VISIT_MONTHS:
        return STEP_MONTHS;
    case VISIT_METHOD:
        return STEP_METHOD;
    case VISIT_PAY:
        return pay_step(session);
    case VISIT_INQUIRY:
        return inquiry_step(session);
    case VISIT_DONE:
        return STEP_DONE;
    case VISIT_GOODBYE:
        return STEP_GOODBYE;
    case VISIT_HOME:
    case VISIT_STATES:
        break;
    }
    return home_step(session);
}

/* Identity, insurances, [registration], months, payment, receipt. */
static void add_steps(const struct session *session, struct session_view *view)
{
    static const int DONE[STEPS] = {
        [STEP_OWED] = 1,    [STEP_BASE] = 1,      [STEP_CHOICES] = 1,     [STEP_CHECKING] = 2,
        [STEP_STARTS] = 2,  [STEP_MATERIALS] = 2, [STEP_CERTIFICATE] = 2, [STEP_PHONE] = 2,
        [STEP_CONSENT] = 2, [STEP_SIGNATURE] = 2, [STEP_MONTHS] = 2,      [STEP_METHOD] = 3,
        [STEP_CASH] = 3,    [STEP_RECEIPT] = 4,   [STEP_DONE] = 5,        [STEP_REGISTERED] = 3,
    };
    bool is_first = view->step == STEP_IDENTIFY || view->step == STEP_ASKING;
    bool has_bar = (is_first && !session->is_inquiry) || DONE[view->step] > 0;
    has_bar = has_bar && session->visit.state != VISIT_LEARN;
    bool is_later = view->step == STEP_MONTHS || view->step == STEP_METHOD ||
                    view->step == STEP_CASH || view->step == STEP_RECEIPT ||
                    view->step == STEP_DONE;
    view->registering =
        session->v.has_card && (!session->v.is_registered || session->v.registered_now);
    view->steps_total = !has_bar ? 0 : view->registering ? 6 : 5;
    view->steps_done = DONE[view->step] + (view->registering && is_later ? 1 : 0);
}

/* ---- parts of the view ---- */

static void add_policy(const struct session *session, struct session_view *view)
{
    const struct policy *policy = session->parts.policy;
    if (!policy)
        return;
    text_copy(view->city[LANGUAGE_ZH], sizeof view->city[0], policy->name_zh);
    text_copy(view->city[LANGUAGE_EN], sizeof view->city[0], policy->name_en);
    text_copy(view->collector[LANGUAGE_ZH], sizeof view->collector[0], policy->collector_zh);
    text_copy(view->collector[LANGUAGE_EN], sizeof view->collector[0], policy->collector_en);
    text_copy(view->materials[LANGUAGE_ZH], sizeof view->materials[0], policy->materials_zh);
    text_copy(view->materials[LANGUAGE_EN], sizeof view->materials[0], policy->materials_en);
    text_copy(view->surplus[LANGUAGE_ZH], sizeof view->surplus[0], policy->surplus_zh);
    text_copy(view->surplus[LANGUAGE_EN], sizeof view->surplus[0], policy->surplus_en);
}

static int seconds(int64_t ms)
{
    return ms > 0 ? (int)((ms + 999) / 1000) : 0;
}

static void add_time(const struct session *session, struct session_view *view)
{
    if (session->ring_ms == 0 || session->visit.state == VISIT_HOME)
        return;
    int64_t left_ms = sm_next_deadline_ms(&session->patience) - clock_now_ms(session->parts.clock);
    view->seconds_total = seconds(session->ring_ms);
    view->seconds_left = seconds(left_ms);
    view->ask_more_time = patience_is_asking(session);
}

static enum view_until until_of(enum service service)
{
    switch (service) {
    case SERVICE_OFFERED:
        return UNTIL_NOW;
    case SERVICE_STARTING:
        return UNTIL_SOON;
    case SERVICE_NUMBERS:
    case SERVICE_OFFLINE_LIMIT:
    case SERVICE_BUREAU:
        return UNTIL_NETWORK;
    case SERVICE_DAY_LIMIT:
        return UNTIL_TOMORROW;
    case SERVICE_BOX_LIMIT:
    case SERVICE_BOX_FILLS:
    case SERVICE_VISIT_SUM:
    case SERVICE_VISIT_NOTES:
    case SERVICE_EXACT_SUM:
    case SERVICE_NO_READER:
    case SERVICE_NO_ACCEPTOR:
    case SERVICE_BOX_FULL:
    case SERVICE_BOX_OUT:
    case SERVICE_ACCEPTOR_JAM:
    case SERVICE_NO_PRINTER:
    case SERVICE_PAPER_OUT:
    case SERVICE_PRINTER_COVER:
    case SERVICE_JOURNAL:
    case SERVICE_POLICY:
    case SERVICES:
        break;
    }
    return UNTIL_STAFF;
}

/* Nothing of a visit can be done while none can start; what only the bureau knows needs none. */
static void add_offers(const struct session *session, struct session_view *view)
{
    const enum service own[OFFERS] = {
        [OFFER_VISIT] = view->visit_service,
        [OFFER_REGISTRATION] = health_registration(&session->health),
        [OFFER_CASH] = view->cash_service,
        [OFFER_INQUIRIES] = session->bureau_reachable ? SERVICE_OFFERED : SERVICE_BUREAU,
    };
    for (int what = 0; what < OFFERS; what++) {
        bool needs_visit = what == OFFER_REGISTRATION || what == OFFER_CASH;
        bool has_visit = view->visit_service == SERVICE_OFFERED;
        enum service service = needs_visit && !has_visit ? view->visit_service : own[what];
        view->services[view->service_count++] = (struct view_service){
            .what = (enum view_offer)what,
            .service = service,
            .warning = what == OFFER_CASH ? health_cash_warning(&session->health) : SERVICE_OFFERED,
            .until = until_of(service),
        };
    }
}

static void add_services(const struct session *session, struct session_view *view)
{
    view->visit_service = session_visit_service(session);
    view->service_since_ms = session->out_since_wall_ms;
    view->cash_service = health_cash(&session->health);
    if (view->cash_service == SERVICE_OFFERED && !journal_is_writable(session->parts.journal))
        view->cash_service = SERVICE_JOURNAL;
    if (view->cash_service == SERVICE_OFFERED && session_is_cash_blocked(session))
        view->cash_service = session->v.payment_refusal == SERVICE_OFFERED
                                 ? SERVICE_STARTING
                                 : session->v.payment_refusal;
    if (view->cash_service == SERVICE_OFFERED)
        view->cash_service = limits_service(session);
    view->cash_broke_off = session->v.cash_broke_off;
    /* What the last try met counts on its own page only; one step back and it may be tried again.
     */
    bool was_refused =
        view->step == STEP_SIGNATURE && session->v.registration_refusal != SERVICE_OFFERED;
    if (!session->v.is_registered)
        view->registration_service =
            was_refused ? session->v.registration_refusal : health_registration(&session->health);
    add_offers(session, view);
}

/* As the code has it: sam.c wipes the photograph unread, identity.c checks number, birth date, sex
 * and validity, person.c seals name, sex, nation, birth, number and address. */
static void add_card_fields(struct session_view *view)
{
    static const struct view_card_field FIELDS[CARD_ITEMS] = {
        { CARD_ITEM_NAME, true, KEEP_SEALED },      { CARD_ITEM_SEX, true, KEEP_SEALED },
        { CARD_ITEM_NATION, true, KEEP_SEALED },    { CARD_ITEM_BIRTH, true, KEEP_SEALED },
        { CARD_ITEM_ADDRESS, true, KEEP_SEALED },   { CARD_ITEM_NUMBER, true, KEEP_SEALED },
        { CARD_ITEM_AUTHORITY, false, KEEP_VISIT }, { CARD_ITEM_VALIDITY, true, KEEP_VISIT },
        { CARD_ITEM_PHOTO, false, KEEP_NOT },
    };
    memcpy(view->card_fields, FIELDS, sizeof FIELDS);
}

/* Who was registered just now and has no paper with the number on it reads it on the last page. */
static bool hands_out_account(const struct session *session, enum session_step step)
{
    bool has_paper = session->v.receipt == RECEIPT_PRINTED;
    return step == STEP_REGISTERED ||
           (step == STEP_DONE && session->v.registered_now && !has_paper);
}

static void add_person(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    if (!visit->has_card)
        return;
    text_mask_name(visit->card.name, view->name_masked, sizeof view->name_masked);
    text_mask_number(visit->card.number, view->number_masked, sizeof view->number_masked);
    view->registered = visit->is_registered;
    view->card_read = true;
    if (hands_out_account(session, view->step))
        text_copy(view->account_number, sizeof view->account_number, visit->account);
    else if (visit->account[0] != '\0')
        text_mask_number(visit->account, view->account_number, sizeof view->account_number);
}

/* Never forced: one question, until it is answered or money is asked for. */
static bool offers_large(const struct session *session)
{
    const struct session_modes *modes = &session->modes;
    return session->v.is_elder && !modes->chosen.large && !modes->size_is_answered &&
           session->visit.state < VISIT_PAY;
}

/* Settled as it would be now. Once the payment is closed there is a receipt for it, and nothing
 * left that might happen to it. */
static void add_money_inside(const struct session *session, struct session_view *view)
{
    struct session_bill bill[SETTLE_MONTHS_MAX];
    int64_t months_fen[SETTLE_MONTHS_MAX];
    struct settlement sum;
    if (session->visit.state != VISIT_PAY)
        return;
    int count = entries_bill(&session->v.quote, bill);
    for (int i = 0; i < count; i++)
        months_fen[i] = bill[i].amount_fen;
    (entries_bill_is_whole(bill, count) ? settle_compute_whole : settle_compute)(
        months_fen, count, session->v.inserted_fen, &sum);
    view->money_inside_fen = sum.paid_fen;
    for (int i = 0; i < sum.months_covered; i++)
        view->money_inside_months += bill[i].month >= session->v.first_month;
    view->money_inside_over_fen = sum.surplus_fen;
}

static void add_cash(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    view->inserted_fen = visit->inserted_fen;
    view->note_count = visit->note_count;
    memcpy(view->notes, visit->notes, sizeof view->notes);
    view->limit_fen = session->parts.settings->visit_sum_max_fen;
    view->limit_notes = session->parts.settings->visit_notes_max;
    view->cash_notice = visit->notice;
    view->last_note_fen = visit->last_note_fen;
    view->can_cancel = visit->inserted_fen == 0 && session->pay.state == PAY_CASH;
}

static void accept_all(const struct note_set *notes, struct session_view *view)
{
    view->accepted_count = notes->count;
    memcpy(view->accepted_fen, notes->value_fen, sizeof view->accepted_fen);
}

/* The largest notes alone are what people carry; worth a line if they come to something else. */
static void add_top_plan(const struct note_terms *terms, int64_t inserted_fen, int64_t notes,
                         const struct note_plan *best, struct session_view *view)
{
    struct note_plan plan;
    const int top = terms->set->count - 1;
    if (!note_plan_of_one(terms, inserted_fen, notes, top, &plan) ||
        plan.count[top] == best->count[top])
        return;
    view->plan_top = (struct view_note){ terms->set->value_fen[top], (int)plan.notes };
    view->plan_top_surplus_fen = plan.surplus_fen;
}

static void add_plan_of(const struct note_terms *terms, int64_t inserted_fen, int64_t notes,
                        struct session_view *view)
{
    struct note_plan plan;
    const struct note_set *set = terms->set;
    if (inserted_fen >= terms->due_fen || !note_plan_make(terms, inserted_fen, notes, &plan))
        return;
    for (int kind = set->count - 1; kind >= 0; kind--)
        if (plan.count[kind] > 0)
            view->plan[view->plan_count++] =
                (struct view_note){ set->value_fen[kind], (int)plan.count[kind] };
    view->plan_sum_fen = inserted_fen + plan.sum_fen;
    view->plan_surplus_fen = plan.surplus_fen;
    add_top_plan(terms, inserted_fen, notes, &plan, view);
    view->accepted_count = note_plan_wanted(terms, inserted_fen, notes, view->accepted_fen);
}

/* Which notes are taken: all of them, until the sum is known. */
static void add_notes(const struct session *session, struct session_view *view)
{
    struct note_terms terms;
    accept_all(&session->notes, view);
    if (view->step == STEP_CASH)
        add_plan_of(&session->cash.terms, session->v.inserted_fen, session->cash.inserted_notes,
                    view);
    else if (view->step == STEP_METHOD && limits_terms(session, &terms) == SERVICE_OFFERED)
        add_plan_of(&terms, 0, 0, view);
}

/* Of the run; a bill may have differences of other months before it. */
static int months_paid(const struct session *session, const struct session_view *view)
{
    month_index end = owed_covered_end(&session->v);
    int paid = 0;
    while (paid < view->months_chosen && paid < view->month_count && view->months[paid].month < end)
        paid++;
    return paid;
}

static void add_receipt(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    const struct settle_record *record = &visit->record;
    text_copy(view->voucher, sizeof view->voucher, record->voucher);
    view->paid_fen = record->sum.paid_fen;
    view->applied_fen = record->sum.applied_fen;
    view->surplus_fen = record->sum.surplus_fen;
    view->months_paid = months_paid(session, view);
    view->partial = record->months > 0 && record->sum.months_covered < record->months;
    view->receipt_printed = visit->receipt == RECEIPT_PRINTED;
    view->receipt_failed = visit->receipt == RECEIPT_FAILED;
    view->receipt_unknown = visit->receipt == RECEIPT_NOT_KNOWN;
    view->note_unknown = visit->has_unknown_note;
    view->unknown_fen = visit->unknown_fen;
    view->claim_printed = visit->claim == RECEIPT_PRINTED;
    text_copy(view->claim_voucher, sizeof view->claim_voucher, visit->claim_voucher);
    view->note_unrecorded = visit->note_unrecorded && session->visit.state == VISIT_DONE;
    /* The journal refused to close it: what is in was booked note by note. */
    if (session->visit.state != VISIT_DONE || record->voucher[0] != '\0')
        return;
    view->paid_fen = visit->inserted_fen;
    if (view->paid_fen > 0 || view->note_unrecorded)
        text_copy(view->txn, sizeof view->txn, visit->txn);
}

const struct session_view *session_current_view(struct session *session)
{
    struct session_view *view = &session->view;
    memset(view, 0, sizeof *view);
    view->step = session_step_now(session);
    modes_show(&session->modes, view);
    view->wall_ms = clock_wall_ms(session->parts.clock);
    place_show(session->parts.settings, session->parts.policy, view);
    view->bureau_reachable = session->bureau_reachable;
    view->speech_offered = session->speech_offered;
    view->says_private = session->speech_offered && session->parts.settings->speech_private;
    view->large_offered = offers_large(session);
    view->interrupted = session->interrupted;
    view->interrupted_fen = session->interrupted_fen;
    view->interrupted_note_unknown = session->interrupted_note_unknown;
    view->interrupted_slip_waits = session->recovery.state == RECOVERY_HOLDING;
    view->card_seen = session->card_seen;
    view->card_left = session->card_seen && session->visit.state >= VISIT_DONE;
    view->card_problem = session->v.problem;
    add_policy(session, view);
    add_time(session, view);
    add_services(session, view);
    add_steps(session, view);
    add_card_fields(view);
    add_person(session, view);
    session_inquiry_show(session, view);
    session_learn_show(session, view);
    if (session->v.has_card && session->parts.policy && session->visit.state != VISIT_INQUIRY) {
        session_owed_show(session, view);
    }
    session_enrol_show(session, view);
    refused_show(session, view);
    add_cash(session, view);
    add_notes(session, view);
    add_money_inside(session, view);
    add_receipt(session, view);
    return view;
}
