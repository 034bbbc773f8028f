/*
 * How the person wants the screens: size, contrast, reach, voice, and what lies over the page.
 * Chosen on every page, forgotten with the visit.
 */
#include "session/session_internal.h"

void modes_reset(struct session *session)
{
    session->modes = (struct view_modes){ .volume = VIEW_VOLUME_NORMAL };
    session->overlay = OVERLAY_NONE;
    session->size_is_answered = false;
    session->page = 0;
}

static void take_size(struct session *session, bool large)
{
    session->modes.large = large;
    session->size_is_answered = true;
}

static void take_volume(struct session *session, int volume)
{
    if (volume >= 1 && volume <= VIEW_VOLUME_MAX)
        session->modes.volume = volume;
}

static void take_page(struct session *session, int page)
{
    session->page = page >= 0 ? page : 0;
    session->page_step = session_current_view(session)->step;
}

bool modes_take(struct session *session, enum intent intent, int argument)
{
    if (intent == INTENT_OVERLAY && argument >= OVERLAY_NONE && argument < OVERLAYS)
        session->overlay = (enum view_overlay)argument;
    else if (intent == INTENT_LARGE)
        take_size(session, argument != 0);
    else if (intent == INTENT_KEEP_SIZE)
        session->size_is_answered = true;
    else if (intent == INTENT_CONTRAST)
        session->modes.contrast = argument != 0;
    else if (intent == INTENT_LOW_REACH)
        session->modes.low_reach = argument != 0;
    else if (intent == INTENT_SPOKEN)
        session->modes.spoken = argument != 0;
    else if (intent == INTENT_VOLUME)
        take_volume(session, argument);
    else if (intent == INTENT_PAGE)
        take_page(session, argument);
    return intent >= INTENT_OVERLAY;
}

/* A page of one screen means nothing on the next. */
void modes_show(const struct session *session, struct session_view *view)
{
    view->modes = session->modes;
    view->overlay = session->overlay;
    view->page = view->step == session->page_step ? session->page : 0;
}
