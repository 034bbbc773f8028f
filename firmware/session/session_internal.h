/*
 * Inside a session: seven small machines over one visit's data.
 *
 *   visit     which page the person is on                          session_visit.c
 *   enrol     registration: materials, phone, consent, signature   session_enrol.c
 *   pay       cash, settling, paper                                session_pay.c
 *   patience  how long to wait for the person, and the question    session_patience.c
 *   recovery  what a crash left                                    session_recovery.c
 *   inquiry   the person's payments, and where each is             session_inquiry.c
 *   learn     what is paid and why, costs, after leaving a job     session_learn.c
 *
 * How the person wants the screens (session_modes.c) is no machine: it may change on every page.
 *
 * visit leads: while it is in REGISTER, PAY, INQUIRY or LEARN, touches go to enrol, pay, inquiry or
 * learn, which report back. The pages themselves have no deadline of their own: patience ends every
 * one of them, and never without its question. Only goodbye leaves by itself: there is nothing on
 * it to read or to do.
 */
#pragma once
#include "base/sm.h"
#include "identity/identity.h"
#include "payment/settle.h"
#include "registration/registration.h"
#include "registration/rule.h"
#include "session/session.h"
#include "session/session_inquiry.h"
#include "session/session_learn.h"
#include "session/session_modes.h"
#include "store/journal_registrations.h"

enum visit_state {
    VISIT_HOME,
    VISIT_RIGHTS,
    VISIT_LEARN,
    VISIT_IDENTIFY,
    VISIT_CARD_PROBLEM,
    VISIT_REFUSED,
    VISIT_LOOKING, /* the bureau is asked what was paid elsewhere */
    VISIT_OWED,
    VISIT_BASE,
    VISIT_CHOICES,
    VISIT_REGISTER,
    VISIT_MONTHS,
    VISIT_METHOD,
    VISIT_PAY,
    VISIT_INQUIRY,
    VISIT_DONE,
    VISIT_GOODBYE,
    VISIT_STATES,
};

/* The names of the intents, for the event names of every machine and for intent_name(). */
#define SESSION_INTENT_NAMES                                                                       \
    [INTENT_START] = "start", [INTENT_RIGHTS] = "rights", [INTENT_LANGUAGE] = "language",          \
    [INTENT_BACK] = "back", [INTENT_NEXT] = "next", [INTENT_CANCEL] = "cancel",                    \
    [INTENT_MORE_TIME] = "more_time", [INTENT_TOGGLE_INSURANCE] = "toggle_insurance",              \
    [INTENT_CHOOSE_BASE] = "choose_base", [INTENT_OWN_BASE] = "own_base",                          \
    [INTENT_CHOICES] = "choices", [INTENT_TAKE_CHOICE] = "take_choice",                            \
    [INTENT_EARLIER] = "earlier", [INTENT_LATER] = "later", [INTENT_DIGIT] = "digit",              \
    [INTENT_ERASE] = "erase", [INTENT_CLEAR] = "clear",                                            \
    [INTENT_TOGGLE_CONSENT] = "toggle_consent", [INTENT_TOGGLE_MATERIAL] = "toggle_material",      \
    [INTENT_SIGN_LATER] = "sign_later", [INTENT_WHY] = "why",                                      \
    [INTENT_CHOOSE_MONTHS] = "choose_months", [INTENT_PAY_CASH] = "pay_cash",                      \
    [INTENT_PAY_LATER] = "pay_later", [INTENT_FINISH_CASH] = "finish_cash",                        \
    [INTENT_DONE] = "done", [INTENT_INQUIRY] = "inquiry", [INTENT_BY_NUMBER] = "by_number",        \
    [INTENT_LIST_MONTHS] = "list_months", [INTENT_WHERE] = "where", [INTENT_PRINT] = "print",      \
    [INTENT_REPRINT] = "reprint", [INTENT_LEARN] = "learn", [INTENT_TOPIC] = "topic",              \
    [INTENT_GRADES] = "grades", [INTENT_CHOOSE_GRADE] = "choose_grade",                            \
    [INTENT_CHOOSE_YEAR] = "choose_year", [INTENT_CHOOSE_MONTH] = "choose_month",                  \
    [INTENT_FIGURE] = "figure", [INTENT_OVERLAY] = "overlay", [INTENT_LARGE] = "large",            \
    [INTENT_CONTRAST] = "contrast", [INTENT_LOW_REACH] = "low_reach", [INTENT_SPOKEN] = "spoken",  \
    [INTENT_VOLUME] = "volume", [INTENT_KEEP_SIZE] = "keep_size", [INTENT_PAGE] = "page"

/* Arrows for touches that mean nothing in a machine; its file defines IGNORE(event). The intents of
 * every page (INTENT_OVERLAY and on) never reach a machine: session.c takes them. */
#define SESSION_IGNORE_INTENTS                                                                     \
    IGNORE(INTENT_START), IGNORE(INTENT_RIGHTS), IGNORE(INTENT_LANGUAGE), IGNORE(INTENT_BACK),     \
        IGNORE(INTENT_NEXT), IGNORE(INTENT_CANCEL), IGNORE(INTENT_MORE_TIME),                      \
        IGNORE(INTENT_TOGGLE_INSURANCE), IGNORE(INTENT_CHOOSE_BASE), IGNORE(INTENT_OWN_BASE),      \
        IGNORE(INTENT_CHOICES), IGNORE(INTENT_TAKE_CHOICE), IGNORE(INTENT_EARLIER),                \
        IGNORE(INTENT_LATER), IGNORE(INTENT_DIGIT), IGNORE(INTENT_ERASE), IGNORE(INTENT_CLEAR),    \
        IGNORE(INTENT_TOGGLE_CONSENT), IGNORE(INTENT_TOGGLE_MATERIAL), IGNORE(INTENT_SIGN_LATER),  \
        IGNORE(INTENT_WHY), IGNORE(INTENT_CHOOSE_MONTHS), IGNORE(INTENT_PAY_CASH),                 \
        IGNORE(INTENT_PAY_LATER), IGNORE(INTENT_FINISH_CASH), IGNORE(INTENT_DONE),                 \
        IGNORE(INTENT_INQUIRY), IGNORE(INTENT_BY_NUMBER), IGNORE(INTENT_LIST_MONTHS),              \
        IGNORE(INTENT_WHERE), IGNORE(INTENT_PRINT), IGNORE(INTENT_REPRINT),                        \
        SESSION_IGNORE_LEARNING

/* Those of the pages that explain. */
#define SESSION_IGNORE_LEARNING                                                                    \
    IGNORE(INTENT_LEARN), IGNORE(INTENT_TOPIC), IGNORE(INTENT_GRADES),                             \
        IGNORE(INTENT_CHOOSE_GRADE), IGNORE(INTENT_CHOOSE_YEAR), IGNORE(INTENT_CHOOSE_MONTH)

/* A machine's first events are the intents themselves; INTENT_NONE is the deadline's place. */
enum visit_event {
    VISIT_EV_CARD_READ = INTENTS, /* argument: struct identity_card */
    VISIT_EV_UNREADABLE,          /* argument: enum id_reader_reason */
    VISIT_EV_READER_LOST,
    VISIT_EV_GAVE_UP,     /* nobody answered */
    VISIT_EV_ENROL_BACK,  /* from enrol: back before registering */
    VISIT_EV_ENROLLED,    /* from enrol: pay now */
    VISIT_EV_ENROL_LATER, /* from enrol: pay later */
    VISIT_EV_REFUSED,     /* from enrol: not to be registered */
    VISIT_EV_ACCEPTED,    /* quote_accepted is durable */
    VISIT_EV_NOT_ACCEPTED,
    VISIT_EV_ALREADY_PAID, /* a month of the quote has been paid meanwhile */
    VISIT_EV_PAID,         /* from pay: what there was to pay or print has been dealt with */
    VISIT_EV_NOT_PAID,     /* from pay: nothing was taken; another way may be chosen */
    VISIT_EV_ENDED,        /* from pay: the visit is over */
    VISIT_EV_INQUIRY_BACK, /* from inquiry: back to the card */
    VISIT_EV_LOOKED,       /* from inquiry: what is paid is known, as far as it can be */
    VISIT_EV_LEARN_BACK,   /* from learn: nothing more to read */
    VISIT_EVENTS,
};

enum enrol_state {
    ENROL_OFF,
    ENROL_CHECKING, /* the bureau is asked */
    ENROL_STARTS,   /* from which month on, where the rule leaves a choice */
    ENROL_MATERIALS,
    ENROL_LEAVING_NUMBER,
    ENROL_LEAVING_DATE,
    ENROL_PHONE,
    ENROL_CONSENT,
    ENROL_SIGNATURE,
    ENROL_REGISTERED,
    ENROL_STATES,
};

enum enrol_event {
    ENROL_EV_START = INTENTS,
    ENROL_EV_RESUME, /* the person is registered already: back to the number */
    ENROL_EV_STOP,
    ENROL_EV_CHECKED, /* the bureau answered, or does not */
    ENROL_EV_COMMITTED,
    ENROL_EV_REFUSED,
    ENROL_EVENTS,
};

enum pay_state {
    PAY_OFF,
    PAY_CASH,
    PAY_CLOSING,
    PAY_SETTLING,
    PAY_PRINTING,
    PAY_STATES,
};

enum pay_event {
    PAY_EV_BEGIN = INTENTS, /* quote_accepted is durable */
    PAY_EV_SLIP,            /* only the registration slip */
    PAY_EV_GAVE_UP,
    PAY_EV_MUST_END, /* nothing more can be accepted */
    PAY_EV_ENDED,    /* every note is resolved */
    PAY_EV_SETTLED,
    PAY_EV_NOT_SETTLED,
    PAY_EV_PRINTED,
    PAY_EVENTS,
};

enum patience_state {
    PATIENCE_OFF,
    PATIENCE_WAITING,
    PATIENCE_ASKING,
    PATIENCE_STATES
};
enum patience_event {
    PATIENCE_EV_RESTART = 1,
    PATIENCE_EV_STOP,
    PATIENCE_EVENTS
};

enum recovery_state {
    RECOVERY_OFF,
    RECOVERY_WAITING, /* for the acceptor to say where its note is */
    RECOVERY_SETTLING,
    RECOVERY_HOLDING, /* the slip waits for the home page and a printer */
    RECOVERY_PRINTING,
    RECOVERY_STATES,
};
enum recovery_event {
    RECOVERY_EV_START = 1, /* a transaction is open */
    RECOVERY_EV_SLIP,      /* a slip is owed */
    RECOVERY_EV_ADVANCE,   /* something outside may have changed */
    RECOVERY_EV_SETTLED,
    RECOVERY_EV_FAILED,
    RECOVERY_EV_PRINTED,
    RECOVERY_EVENTS,
};

/* A bill is its run and the differences of as many months. */
#define SESSION_DIFFERENCES_MAX (SETTLE_MONTHS_MAX - QUOTE_MONTHS_MAX)

/* What is on its way out of the printer, one after the other. */
enum session_slip {
    SLIP_NONE,
    SLIP_PAYMENT,
    SLIP_REGISTRATION,
    SLIP_UNKNOWN_NOTE,
    SLIP_INTERRUPTED,
    SLIP_RECORD, /* what an inquiry shows */
    SLIP_COPY,   /* a receipt once more */
    SLIP_REFUSAL,
    SLIP_PLAN, /* what to do after leaving a job; nobody's */
};

/* Everything that belongs to one person. All of it is wiped when the visit ends. */
struct session_visit {
    bool has_card;
    struct identity_card card;
    bool is_elder; /* by the birth date of the card, also of one that will not do */
    char person[SEAL_PERSON_HASH_SIZE];
    bool is_registered, registered_now;
    char account[JOURNAL_NUMBER_SIZE];
    enum view_card_problem problem;

    month_index this_month;
    int area;                                    /* of the policy, where this kiosk stands */
    struct due_paid paid[POLICY_INSURANCES_MAX]; /* before this visit */
    struct due_owed owed[POLICY_INSURANCES_MAX];
    struct quote_line differences[SESSION_DIFFERENCES_MAX]; /* billed with whatever is paid */
    int difference_count;
    bool refund_is_due; /* limits fell for months paid: the agency pays back, not the kiosk */
    month_index start[POLICY_INSURANCES_MAX]; /* registered from, as chosen; 0 not chosen */
    month_index begin;                        /* of what is paid, as chosen; 0 with what is owed */
    month_index first_month; /* of the run: the first unpaid one of what is chosen */
    month_index from[POLICY_INSURANCES_MAX]; /* each insurance's own first month in it */
    int grade[POLICY_INSURANCES_MAX];        /* tier, or base of a list, from 1; 0 by base_fen */
    int list_of;                             /* the insurance whose list is on the page */
    uint32_t insurances, available, paid_up; /* bits; paid_up: nothing more can be paid now */
    int64_t base_fen;
    bool base_is_chosen, base_is_own, base_refused;
    char base_typed[12];

    struct precheck precheck;
    uint32_t materials; /* bits of the policy's list: they are there */
    struct registration_leaving leaving;
    bool leaving_refused;
    struct ui_strokes strokes;
    bool is_signed;

    enum refusal refusal;
    enum view_refused_by refused_by;
    int64_t set_aside_ms; /* when what was set aside was registered */
    bool refusal_is_printing;
    enum view_print refusal_print;

    char phone[12];
    bool phone_refused, consent_given;
    enum service registration_refusal;

    int months, months_min, months_max;
    struct quote quote;
    char txn[JOURNAL_TXN_SIZE];
    bool txn_is_used; /* by a quote; the next one needs another */
    enum service payment_refusal;
    bool cash_broke_off; /* by itself, and nothing had come in */

    int64_t inserted_fen;
    int note_count;
    struct view_note notes[VIEW_NOTES_MAX];
    enum view_cash_notice notice;
    int64_t last_note_fen;
    bool has_unknown_note;
    int64_t unknown_fen;
    bool note_unrecorded; /* inside, and the journal has refused it so far */

    enum settle_outcome outcome;
    bool leaves; /* after a payment without money: the visit ends, else another way is chosen */
    int closing_tries, settle_tries;
    struct settle_record record;
    enum session_slip slip;
    bool slip_is_sent, slip_was_tried;
    enum receipt_result receipt;
    enum receipt_result form;  /* the registration's, to be signed, after a payment's */
    enum receipt_result claim; /* the slip for a note that cannot be proved */
    char claim_voucher[40];

    struct session_inquiry inquiry;
    struct session_learn learn;
};

/* Of somebody who is not there: no personal data. */
struct session_recovery {
    char txn[JOURNAL_TXN_SIZE];
    struct settle_record record;
    enum session_slip slip;
    char voucher[40]; /* of a claim slip that was tried before */
    int copy;
    int64_t retry_at_ms, retry_ms; /* after a failure; 0 none */
};

struct session {
    struct session_parts parts;
    const struct policy *next_policy; /* taken at the next home page */
    bool has_next_policy;
    struct health health;
    bool bureau_reachable;
    bool speech_offered;

    struct sm visit, enrol, pay, patience, recovery, inquiry, learn;
    int64_t patience_ms; /* of the page */
    int64_t ring_ms;     /* what the ring counts down from; 0 none */

    struct note_set notes; /* what this kiosk takes; session_limits.c */
    struct cash_flow cash;
    struct receipt_flow receipt;
    enum session_slip printing; /* whose result the receipt flow will tell */

    struct session_modes modes;
    bool keeps_modes;          /* back at home from reading, not from a visit */
    int64_t out_since_wall_ms; /* no visit may start since then; 0 it may */
    bool card_seen;
    bool is_inquiry; /* what this visit began for; the card is asked for either way */
    bool interrupted, interrupted_note_unknown;
    int64_t interrupted_fen;
    struct session_visit v;
    struct session_recovery r;
    struct session_view view;
};

/* session.c */
void session_changed(struct session *session);
/* Of the policy, where this kiosk stands; with one that the policy has not, no visit begins. */
int session_area(const struct session *session);
void session_appended(struct session *session);
int32_t session_today(const struct session *session);
void session_wipe_visit(struct session *session);
bool session_is_cash_blocked(const struct session *session);

/* session_view.c: the page that is shown, and may a visit start. */
enum session_step session_step_now(const struct session *session);
enum service session_visit_service(const struct session *session);

/* One each, called by session_create. */
void session_init_visit(struct session *session);
void session_init_enrol(struct session *session);
void session_init_pay(struct session *session);
void session_init_patience(struct session *session);
void session_init_recovery(struct session *session);

/* session_patience.c: the person is given this page's time again. */
void patience_restart(struct session *session);
void patience_stop(struct session *session);
bool patience_is_asking(const struct session *session);

/* session_pay.c, session_recovery.c */
void pay_on_cash(struct session *session, const struct cash_flow_event *event);
void pay_on_receipt(struct session *session, enum receipt_result result);
/* Only at start: whatever was being printed then may lie on paper. */
void recovery_close_cut_off(struct session *session);
/* Takes up the next thing that is left, if any: a payment to settle, then slips owed. */
void recovery_begin(struct session *session);
void recovery_advance(struct session *session);
void recovery_on_cash(struct session *session, const struct cash_flow_event *event);
void recovery_on_receipt(struct session *session, enum receipt_result result);

/* session_enrol.c */
void enrol_on_answer(struct session *session, enum status status, int http_status, const char *body,
                     size_t size);

/* session_enrol_view.c */
void session_enrol_show(const struct session *session, struct session_view *view);

/* session_materials.c: what the policy asks for besides the card. */
bool materials_are_asked(const struct session *session);
bool materials_are_there(const struct session *session);
bool materials_need_leaving(const struct session *session);
void materials_toggle(struct session *session, int index);
void materials_show(const struct session *session, struct session_view *view);

/* session_refused.c: why not, and its slip. */
enum refusal refused_by_card(const struct session *session, const struct identity_card *card);
enum refusal refused_by_rule(const struct session *session);
/* REFUSAL_NONE: nothing of this person was set aside. */
enum refusal refused_later(const struct session *session, const struct identity_card *card,
                           int64_t *registered_ms_out);
void refused_take(struct session *session, enum refusal refusal, enum view_refused_by by);
/* Guards and actions of visit's table. argument: the card, where one was read. */
bool refused_card_is(void *context, const void *argument);
void refused_tell_card(void *context, const void *argument);
bool refused_was_set_aside(void *context, const void *argument);
bool refused_may_go_on(void *context, const void *argument);
bool refused_may_look(void *context, const void *argument);
bool refused_for_choice(void *context, const void *argument);
bool refused_can_print(void *context, const void *argument);
void refused_print(void *context, const void *argument);
bool refused_rule_says(void *context, const void *argument);
void refused_tell_rule(void *context, const void *argument);
void refused_on_receipt(struct session *session, enum receipt_result result);
void refused_add_notes(const struct session *session, struct receipt_facts *facts);
void refused_show(const struct session *session, struct session_view *view);

/* session_inquiry.c */
void inquiry_on_receipt(struct session *session, enum receipt_result result);
/* What a person is told of a paper that is nothing's proof. */
enum view_print session_print_of(enum receipt_result result);

/* session_learn.c */
void learn_on_receipt(struct session *session, enum receipt_result result);

/* session_owed.c: what is paid, what is owed, what is still to pay for months paid before. */
void owed_read(struct session *session);
/* STATUS_EXISTS if a line of the quote has been paid since it was made. */
NODISCARD enum status owed_check_unpaid(struct session *session);
/* The month after the last one that the closed payment covers; 0 none. */
month_index owed_covered_end(const struct session_visit *visit);
/* session_owed_view.c */
void session_owed_show(const struct session *session, struct session_view *view);
struct owed_next {
    month_index month; /* 0: nothing is chosen */
    int insurance;
    int32_t date; /* yyyymmdd, 0 not fixed */
    bool is_late;
};
/* The first month that what is chosen still leaves to pay, after this payment. */
void owed_find_next(const struct session *session, struct owed_next *out);

/* session_choice.c: what the person may choose, and what it costs. */
void choice_begin(struct session *session);
bool choice_suits_age(const struct session *session, const struct policy_insurance *insurance,
                      const struct identity_card *card);
bool choice_limits(const struct session *session, int64_t *floor_fen, int64_t *ceiling_fen);
int choice_bases(const struct session *session, int64_t bases_fen[VIEW_BASES_MAX]);
void choice_toggle(struct session *session, int index);
void choice_take_base(struct session *session, int64_t base_fen, bool is_own);
bool choice_typed_base(const struct session *session, int64_t *base_fen);
/* Whether the policy sells just so many months at a time. */
bool choice_sells_months(const struct session *session, int months);
void choice_take_months(struct session *session, int months);
/* Everything of it again: the run, the base within its limits, the months, the quote. With what is
 * owed, or with as many months as were chosen. */
void choice_make_anew(struct session *session, uint32_t insurances);
void choice_make(struct session *session, uint32_t insurances);
/* The list of an insurance: its tiers, or the bases of who decides its base. */
int choice_list(const struct session *session, int index, int64_t values[POLICY_GRADES_MAX]);
void choice_take_grade(struct session *session, int index, int grade);
/* Nothing but differences is to be paid: there is no month to choose. */
bool choice_is_difference_only(const struct session *session);
struct quote choice_quote(const struct session *session, uint32_t insurances, int months);
/* What is paid at a time at least, beginning with month: as a price, whoever has paid it. */
struct quote choice_quote_one(const struct session *session, int index, month_index month,
                              int64_t base_fen);
/* One month of one insurance; for one that is paid up, this month's. */
struct quote choice_quote_month(const struct session *session, int index);
/* Everything that could be paid now has been paid; the month that can be paid next. */
bool choice_all_is_paid(const struct session *session, month_index *next_out);
bool choice_is_payable(const struct session *session);
void choice_append_digit(char *text, size_t size, int digit);
void choice_erase_digit(char *text);

/* session_begin.c: from when on. */
bool begin_has_figures(const struct session *session, int index, month_index month);
/* Each insurance's own first month. */
month_index begin_of(const struct session *session, int index);
/* The run begins one payable month earlier or later; false where there is none. */
bool begin_can_move(const struct session *session, bool is_earlier);
void begin_move(struct session *session, bool is_earlier);
/* The same of the start of one insurance, for who registers; is there anything to choose? */
bool begin_can_start(const struct session *session, int index, bool is_earlier);
void begin_start(struct session *session, int index, bool is_earlier);
bool begin_is_asked(const struct session *session);
/* What was chosen is registered from its first months on: nothing before them is paid any more. */
void begin_note_registered(struct session *session);

/* session_visit_card.c: guards and actions of a card that is laid down. Whoever comes to pay is
 * first looked up at the bureau, if it is there: what was paid at other kiosks only the bureau
 * knows. */
bool visit_card_is_good(void *context, const void *argument);
bool visit_card_may_look(void *context, const void *argument);
bool visit_card_may_look_anyway(void *context, const void *argument); /* refused, and goes on */
void visit_card_take(void *context, const void *argument);
void visit_card_look(void *context, const void *argument);
void visit_card_look_anyway(void *context, const void *argument);
void visit_card_take_looked(void *context, const void *argument);
void visit_card_take_problem(void *context, const void *argument);
void visit_card_take_unreadable(void *context, const void *argument);
void visit_card_take_reader_lost(void *context, const void *argument);
/* Everything of a person that every way of a visit begins with. */
void visit_card_keep(struct session *session, const struct identity_card *card);

/* session_visit_choice.c: guards and actions of the pages of choosing. */
void visit_choice_toggle_insurance(void *context, const void *argument);
void visit_choice_choose_base(void *context, const void *argument);
bool visit_choice_has_list(void *context, const void *argument);
void visit_choice_open_list(void *context, const void *argument);
void visit_choice_take_grade(void *context, const void *argument);
void visit_choice_begin_earlier(void *context, const void *argument);
void visit_choice_begin_later(void *context, const void *argument);
void visit_choice_choose_months(void *context, const void *argument);

/* session_inquiry_paper.c: one more fact of a slip; beyond the last there is room for, none. */
struct receipt_note *session_add_note(struct receipt_facts *facts, const char *zh, const char *en);
/* "2026.11" */
void session_format_month(month_index month, char out[16]);

/* session_base.c: the keypad for a base of one's own; for visit's table. */
bool base_is_asked(void *context, const void *argument);
void base_clear(void *context, const void *argument);
void base_type(void *context, const void *argument);
void base_erase(void *context, const void *argument);
bool base_is_good(void *context, const void *argument);
void base_take(void *context, const void *argument);
void base_refuse(void *context, const void *argument);

/* session_entries.c: what goes into the journal and onto paper. */
NODISCARD enum status entries_begin_txn(struct session *session);
/* What is billed for a month, all insurances together; oldest first, and how many. */
struct session_bill {
    month_index month;
    int64_t amount_fen;
    bool is_whole; /* part of a year that is sold only as one */
};
int entries_bill(const struct quote *quote, struct session_bill bill[SETTLE_MONTHS_MAX]);
bool entries_bill_is_whole(const struct session_bill *bill, int count);
/* STATUS_EXISTS if a month of the quote has been paid already. */
NODISCARD enum status entries_accept_quote(struct session *session);
void entries_compose_facts(struct session *session, enum session_slip slip,
                           struct receipt_facts *facts);
