/*
 * Inside a session: somebody wants to understand. A machine of its own below visit, as inquiry is:
 * while visit is in LEARN, touches go here. No card is read and nothing of a person is known.
 */
#pragma once
#include "plan/leaving.h"
#include "plan/quote.h"
#include "session/inquiry_view.h"
#include "session/learn_view.h"

struct session;
struct session_view;
struct receipt_facts;

enum learn_state {
    LEARN_OFF,
    LEARN_MENU,
    LEARN_STANDARDS,
    LEARN_TIMES,
    LEARN_INDIVIDUAL,
    LEARN_LAW,
    LEARN_CALCULATOR,
    LEARN_GRADES,
    LEARN_BASE,
    LEARN_LEAVING, /* which month was the last insured one */
    LEARN_PLAN,    /* what follows from it */
    LEARN_PRINTING,
    LEARN_STATES,
};

#define LEARN_YEARS_BACK 4 /* a last insured month may lie so far back */

struct session_learn {
    int64_t base_fen; /* 0: the lowest */
    char typed[12];
    bool base_refused;
    int grades[POLICY_INSURANCES_MAX]; /* of each list, from 1; 0 the first */
    int picking;
    int year;
    month_index left;
    enum view_print print;
};

void session_init_learn(struct session *session);
/* Actions of the visit's table; context is the session. */
void learn_begin(void *context, const void *argument);
void learn_stop(void *context, const void *argument);

/* session_learn_view.c: fills view->learn while the machine is on, or a figure is explained. */
void session_learn_show(struct session *session, struct session_view *view);
/* The limits of a base that may be typed; false: there is none to type. */
bool session_learn_base_limits(const struct session *session, int64_t *floor_fen,
                               int64_t *ceiling_fen);
/* What may be chosen in an insurance, in the view's order; how many. */
int session_learn_picks(const struct session *session, int insurance,
                        int64_t out[POLICY_GRADES_MAX]);

/* session_figure.c: where a figure comes from, for the overlay. line: a month's, or NULL. */
void session_explain(const struct policy *policy, int insurance, enum view_figure figure,
                     month_index month, int area, const struct quote_line *line,
                     struct view_explained *out);

/* session_learn_paper.c */
NODISCARD enum status session_learn_compose(struct session *session, struct receipt_facts *facts);
