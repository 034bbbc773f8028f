/*
 * Inside a session: somebody looks after his payments. A machine of its own below visit, as enrol
 * and pay are: while visit is in INQUIRY, touches go here.
 *
 * The bureau is asked once a page; who stands here waits for it ANSWER_MS at most and is then shown
 * what this machine knows itself. All of struct session_inquiry is one person's: it is part of
 * struct session_visit and wiped with it.
 */
#pragma once
#include "inquiry/inquiry.h"
#include "session/inquiry_view.h"

struct session;

enum inquiry_state {
    INQUIRY_OFF,
    INQUIRY_ASKING,
    INQUIRY_RECORD, /* totals, gaps, what is due next */
    INQUIRY_LIST,   /* month by month, a year at a time */
    INQUIRY_WHERE,  /* each payment with its four lamps */
    INQUIRY_NUMBER, /* a slip's number on the keypad or by a scanner */
    INQUIRY_SEEKING,
    INQUIRY_FOUND, /* that one payment, or that there is none */
    INQUIRY_PRINTING,
    INQUIRY_LOOKING, /* for somebody who is about to pay; shows no page of its own */
    INQUIRY_STATES,
};

struct session_inquiry {
    struct inquiry_record own, shown;
    bool own_failed;
    int half;          /* a year of the list, as in view_inquiry; 0 the newest there is */
    int payments_from; /* of the lamps */
    char typed[VIEW_SLIP_DIGITS + 1]; /* on the keypad */
    struct inquiry_number number;     /* what is looked for */
    bool number_refused;
    int copy_of; /* payment that is being printed again; -1 the record's slip */
    int copies;
    enum view_print print;
    bool print_is_copy;
};

void session_init_inquiry(struct session *session);
/* The card has been read: ask. Or begin without a card, with the number of a slip. */
void inquiry_begin(struct session *session, bool has_card);
/* Before anything is offered for payment: the record alone, for owed_read. Always ends with
 * VISIT_EV_LOOKED, with the bureau's answer or without. */
void inquiry_look(struct session *session);
void inquiry_stop(struct session *session);
/* What a scanner or a keyboard wrote, as one line. */
void inquiry_on_text(struct session *session, const char *text);

/* session_inquiry_view.c */
struct session_view;
void session_inquiry_show(struct session *session, struct session_view *view);
/* The totals of all insurances in which something was paid; how many. */
int session_inquiry_totals(const struct session *session,
                           struct inquiry_total totals[VIEW_TOTALS_MAX],
                           int insurances[VIEW_TOTALS_MAX]);

/* session_inquiry_paper.c: STATUS_OK, or why there is no paper. */
struct receipt_facts;
NODISCARD enum status session_inquiry_compose_slip(struct session *session,
                                                   struct receipt_facts *facts);
NODISCARD enum status session_inquiry_compose_copy(struct session *session, int payment,
                                                   struct receipt_facts *facts);
