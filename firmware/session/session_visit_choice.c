/* What a touch on the pages of choosing does: actions and guards of the table of session_visit.c.
 */
#include "session/session_internal.h"

void visit_choice_toggle_insurance(void *context, const void *argument)
{
    choice_toggle(context, *(const int *)argument);
}

void visit_choice_choose_base(void *context, const void *argument)
{
    struct session *session = context;
    int index = *(const int *)argument;
    int64_t bases_fen[VIEW_BASES_MAX];
    if (index >= 0 && index < choice_bases(session, bases_fen))
        choice_take_base(session, bases_fen[index], false);
}

bool visit_choice_has_list(void *context, const void *argument)
{
    int64_t values[POLICY_GRADES_MAX];
    return choice_list(context, *(const int *)argument, values) > 0;
}

void visit_choice_open_list(void *context, const void *argument)
{
    struct session *session = context;
    session->v.list_of = *(const int *)argument;
}

void visit_choice_take_grade(void *context, const void *argument)
{
    struct session *session = context;
    choice_take_grade(session, session->v.list_of, *(const int *)argument);
}

void visit_choice_begin_earlier(void *context, const void *argument)
{
    (void)argument;
    begin_move(context, true);
}

void visit_choice_begin_later(void *context, const void *argument)
{
    (void)argument;
    begin_move(context, false);
}

void visit_choice_choose_months(void *context, const void *argument)
{
    choice_take_months(context, *(const int *)argument);
}
