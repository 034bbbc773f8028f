#include "session/session_modes.h"

/* WCAG 2.2, 2.2.1 lets a person have ten times as much; each "more time" adds to this. */
#define PATIENCE_FACTOR 2

void modes_reset(struct session_modes *modes)
{
    *modes = (struct session_modes){
        .language = LANGUAGE_ZH,
        .chosen.volume = VIEW_VOLUME_NORMAL,
    };
}

static void take_overlay(struct session_modes *modes, int overlay, enum session_step step)
{
    if (overlay < OVERLAY_NONE || overlay >= OVERLAYS)
        return;
    modes->overlay = (enum view_overlay)overlay;
    modes->overlay_step = step;
    modes->overlay_page = 0;
}

/* Which insurances there are the session knows; what is none of them is shown as nothing. */
static void take_figure(struct session_modes *modes, int figure, enum session_step step)
{
    if (figure < 0 || figure >= VIEW_STANDARDS_MAX * FIGURES)
        return;
    take_overlay(modes, OVERLAY_FIGURE, step);
    modes->figure = figure;
}

static void take_page(struct session_modes *modes, int page, enum session_step step)
{
    if (page < 0)
        page = 0;
    if (modes->overlay != OVERLAY_NONE) {
        modes->overlay_page = page;
        return;
    }
    modes->page = page;
    modes->page_step = step;
}

static void take_size(struct session_modes *modes, bool large)
{
    modes->chosen.large = large;
    modes->size_is_answered = true;
}

static void take_language(struct session_modes *modes, int language)
{
    if (language >= 0 && language < LANGUAGES)
        modes->language = (enum language)language;
}

static void take_volume(struct session_modes *modes, int volume)
{
    if (volume >= 1 && volume <= VIEW_VOLUME_MAX)
        modes->chosen.volume = volume;
}

bool modes_take(struct session_modes *modes, enum intent intent, int argument,
                enum session_step step)
{
    if (intent == INTENT_LANGUAGE)
        take_language(modes, argument);
    else if (intent == INTENT_OVERLAY)
        take_overlay(modes, argument, step);
    else if (intent == INTENT_FIGURE)
        take_figure(modes, argument, step);
    else if (intent == INTENT_LARGE)
        take_size(modes, argument != 0);
    else if (intent == INTENT_KEEP_SIZE)
        modes->size_is_answered = true;
    else if (intent == INTENT_CONTRAST)
        modes->chosen.contrast = argument != 0;
    else if (intent == INTENT_LOW_REACH)
        modes->chosen.low_reach = argument != 0;
    else if (intent == INTENT_SPOKEN)
        modes->chosen.spoken = argument != 0;
    else if (intent == INTENT_VOLUME)
        take_volume(modes, argument);
    else if (intent == INTENT_PAGE)
        take_page(modes, argument, step);
    return intent == INTENT_LANGUAGE || intent >= INTENT_OVERLAY;
}

void modes_follow(struct session_modes *modes, enum session_step step)
{
    if (modes->overlay != OVERLAY_NONE && modes->overlay_step != step)
        modes->overlay = OVERLAY_NONE;
}

bool modes_cover(const struct session_modes *modes, enum intent intent)
{
    return modes->overlay != OVERLAY_NONE && intent != INTENT_LANGUAGE && intent < INTENT_OVERLAY;
}

int modes_patience_factor(const struct session_modes *modes)
{
    return modes->chosen.large || modes->chosen.spoken ? PATIENCE_FACTOR : 1;
}

/* A page of one screen means nothing on the next. */
void modes_show(const struct session_modes *modes, struct session_view *view)
{
    view->language = modes->language;
    view->modes = modes->chosen;
    view->overlay = modes->overlay;
    view->overlay_page = modes->overlay_page;
    view->figure = modes->overlay == OVERLAY_FIGURE ? modes->figure : 0;
    view->page = view->step == modes->page_step ? modes->page : 0;
}
