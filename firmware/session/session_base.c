/* The keypad for a base of one's own: guards and actions of visit's table. */
#include "session/session_internal.h"

bool base_is_asked(void *context, const void *argument)
{
    int64_t floor_fen, ceiling_fen;
    (void)argument;
    return choice_limits(context, &floor_fen, &ceiling_fen);
}

void base_clear(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.base_typed[0] = '\0';
    session->v.base_refused = false;
    session_changed(session);
}

void base_type(void *context, const void *argument)
{
    struct session *session = context;
    session->v.base_refused = false;
    choice_append_digit(session->v.base_typed, 8, *(const int *)argument);
    session_changed(session);
}

void base_erase(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.base_refused = false;
    choice_erase_digit(session->v.base_typed);
    session_changed(session);
}

bool base_is_good(void *context, const void *argument)
{
    int64_t base_fen;
    (void)argument;
    return choice_typed_base(context, &base_fen);
}

void base_take(void *context, const void *argument)
{
    struct session *session = context;
    int64_t base_fen;
    (void)argument;
    (void)choice_typed_base(session, &base_fen);
    choice_take_base(session, base_fen, true);
}

void base_refuse(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.base_refused = true;
    session_changed(session);
}
