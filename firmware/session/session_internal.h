/*
 * Inside a session: seven small machines over one visit's data.
 *
 *   visit     which page the person is on                          session_visit.c
 *   enrol     registration: phone, consent, number                 session_enrol.c
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
#include "session/session.h"
#include "session/session_inquiry.h"
#include "session/session_learn.h"
#include "session/session_modes.h"

enum visit_state {
    VISIT_HOME,
    VISIT_RIGHTS,
    VISIT_LEARN,
    VISIT_IDENTIFY,
    VISIT_CARD_PROBLEM,
    VISIT_OWED,
    VISIT_BASE,
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
    [INTENT_DIGIT] = "digit", [INTENT_ERASE] = "erase", [INTENT_CLEAR] = "clear",                  \
    [INTENT_TOGGLE_CONSENT] = "toggle_consent", [INTENT_CHOOSE_MONTHS] = "choose_months",          \
    [INTENT_PAY_CASH] = "pay_cash", [INTENT_PAY_LATER] = "pay_later",                              \
    [INTENT_FINISH_CASH] = "finish_cash", [INTENT_DONE] = "done", [INTENT_INQUIRY] = "inquiry",    \
    [INTENT_BY_NUMBER] = "by_number", [INTENT_LIST_MONTHS] = "list_months",                        \
    [INTENT_WHERE] = "where", [INTENT_PRINT] = "print", [INTENT_REPRINT] = "reprint",              \
    [INTENT_LEARN] = "learn", [INTENT_TOPIC] = "topic", [INTENT_GRADES] = "grades",                \
    [INTENT_CHOOSE_GRADE] = "choose_grade", [INTENT_CHOOSE_YEAR] = "choose_year",                  \
    [INTENT_CHOOSE_MONTH] = "choose_month", [INTENT_FIGURE] = "figure",                            \
    [INTENT_OVERLAY] = "overlay", [INTENT_LARGE] = "large", [INTENT_CONTRAST] = "contrast",        \
    [INTENT_LOW_REACH] = "low_reach", [INTENT_SPOKEN] = "spoken", [INTENT_VOLUME] = "volume",      \
    [INTENT_KEEP_SIZE] = "keep_size", [INTENT_PAGE] = "page"

/* Arrows for touches that mean nothing in a machine; its file defines IGNORE(event). The intents of
 * every page (INTENT_OVERLAY and on) never reach a machine: session.c takes them. */
#define SESSION_IGNORE_INTENTS                                                                     \
    IGNORE(INTENT_START), IGNORE(INTENT_RIGHTS), IGNORE(INTENT_LANGUAGE), IGNORE(INTENT_BACK),     \
        IGNORE(INTENT_NEXT), IGNORE(INTENT_CANCEL), IGNORE(INTENT_MORE_TIME),                      \
        IGNORE(INTENT_TOGGLE_INSURANCE), IGNORE(INTENT_CHOOSE_BASE), IGNORE(INTENT_OWN_BASE),      \
        IGNORE(INTENT_DIGIT), IGNORE(INTENT_ERASE), IGNORE(INTENT_CLEAR),                          \
        IGNORE(INTENT_TOGGLE_CONSENT), IGNORE(INTENT_CHOOSE_MONTHS), IGNORE(INTENT_PAY_CASH),      \
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
    VISIT_EV_ACCEPTED,    /* quote_accepted is durable */
    VISIT_EV_NOT_ACCEPTED,
    VISIT_EV_ALREADY_PAID, /* a month of the quote has been paid meanwhile */
    VISIT_EV_PAID,         /* from pay: what there was to pay or print has been dealt with */
    VISIT_EV_NOT_PAID,     /* from pay: nothing was taken; another way may be chosen */
    VISIT_EV_ENDED,        /* from pay: the visit is over */
    VISIT_EV_INQUIRY_BACK, /* from inquiry: back to the card */
    VISIT_EV_LEARN_BACK,   /* from learn: nothing more to read */
    VISIT_EVENTS,
};

enum enrol_state {
    ENROL_OFF,
    ENROL_PHONE,
    ENROL_CONSENT,
    ENROL_REGISTERED,
    ENROL_STATES,
};

enum enrol_event {
    ENROL_EV_START = INTENTS,
    ENROL_EV_RESUME, /* the person is registered already: back to the number */
    ENROL_EV_STOP,
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

/* What is on its way out of the printer, one after the other. */
enum session_slip {
    SLIP_NONE,
    SLIP_PAYMENT,
    SLIP_REGISTRATION,
    SLIP_UNKNOWN_NOTE,
    SLIP_INTERRUPTED,
    SLIP_RECORD, /* what an inquiry shows */
    SLIP_COPY,   /* a receipt once more */
    SLIP_PLAN,   /* what to do after leaving a job; nobody's */
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
    month_index first_month; /* of the run: the first unpaid one of what is chosen */
    month_index unpaid_from[POLICY_INSURANCES_MAX];
    uint32_t insurances, available, paid_up; /* bits; paid_up: nothing more can be paid now */
    int64_t base_fen;
    bool base_is_chosen, base_is_own, base_refused;
    char base_typed[12];

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

/* session_inquiry.c */
void inquiry_on_receipt(struct session *session, enum receipt_result result);
/* What a person is told of a paper that is nothing's proof. */
enum view_print session_print_of(enum receipt_result result);

/* session_learn.c */
void learn_on_receipt(struct session *session, enum receipt_result result);

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
struct quote choice_quote(const struct session *session, uint32_t insurances, int months);
/* One month of one insurance; for one that is paid up, this month's. */
struct quote choice_quote_month(const struct session *session, int index);
/* Everything that could be paid now has been paid; the month that can be paid next. */
bool choice_all_is_paid(const struct session *session, month_index *next_out);
bool choice_is_payable(const struct session *session);
void choice_append_digit(char *text, size_t size, int digit);
void choice_erase_digit(char *text);

/* session_inquiry_paper.c: one more fact of a slip; beyond the last there is room for, none. */
struct receipt_note *paper_add_note(struct receipt_facts *facts, const char *zh, const char *en);
/* "2026.11" */
void paper_format_month(month_index month, char out[16]);

/* session_entries.c: what goes into the journal and onto paper. */
NODISCARD enum status entries_begin_txn(struct session *session);
/* STATUS_EXISTS if a month of the quote has been paid already. */
NODISCARD enum status entries_accept_quote(struct session *session);
void entries_compose_facts(struct session *session, enum session_slip slip,
                           struct receipt_facts *facts);
