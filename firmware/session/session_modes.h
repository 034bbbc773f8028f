/*
 * How a person wants the screens: language, size, contrast, reach, voice, and what lies over the
 * page. Chosen on every page, forgotten with the visit; the page without a session (app/outage.h)
 * keeps one of its own.
 */
#pragma once
#include "session/session_view.h"

struct session_modes {
    enum language language;
    struct view_modes chosen;
    bool size_is_answered; /* the offer of larger type was taken or declined */
    enum view_overlay overlay;
    enum session_step overlay_step; /* the page it was opened over */
    int overlay_page;
    int figure; /* of OVERLAY_FIGURE: VIEW_FIGURE() */
    int page;   /* of page_step, when that is shown in parts */
    enum session_step page_step;
};

void modes_reset(struct session_modes *modes);

/* Does what the intent asks for. False if it is none of these. step: the page that is shown. */
bool modes_take(struct session_modes *modes, enum intent intent, int argument,
                enum session_step step);

/* An overlay goes with the page it was opened over. */
void modes_follow(struct session_modes *modes, enum session_step step);

/* Does an open overlay keep this intent from the page below? */
bool modes_cover(const struct session_modes *modes, enum intent intent);

/* Whoever uses large type or listens is given more time. */
int modes_patience_factor(const struct session_modes *modes);

/* view->step is set. */
void modes_show(const struct session_modes *modes, struct session_view *view);
