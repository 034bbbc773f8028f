/*
 * Spoken guidance: what is on the panel, said by the voice. It reads a page when it appears, says
 * what is new on it while it stays, the node the focus goes to, and all of it again when asked to.
 * Silent unless the person asked for it.
 *
 * Threads: main loop. A voice that fails tells so through the queue.
 * Privacy: what was said is kept to tell what is new, and wiped when the person leaves or turns
 *          speech off.
 */
#pragma once
#include "base/clock.h"
#include "base/queue.h"
#include "session/session_view.h"
#include "settings/settings.h"
#include "ui/spoken.h"
#include "ui/voice.h"
#include <stdbool.h>
#include <stdint.h>

struct guide_page { /* another one is read from the start */
    enum session_step step;
    enum view_overlay overlay;
    int page, overlay_page, figure;
    bool ask_more_time, says_private;
    enum language language;
};

struct guide {
    const struct clock *clock;
    struct queue *queue;
    void (*on_offer)(void *context, bool offered);
    void *context;
    struct voice *voice; /* NULL: this kiosk does not speak */
    bool offered;        /* false while the voice is out of order */
    int64_t retry_at_ms; /* then it is offered again */
    bool on;             /* somebody listens */
    struct guide_page page;
    struct spoken_rules rules;
    struct spoken_list seen; /* the page as it was when last looked at */
    struct spoken_list now, news;
    struct spoken_list said; /* what the voice was given last */
};

/* on_offer: whether speech is offered has changed. queue, settings and context outlive the guide.
 */
void guide_open(struct guide *guide, const struct settings *settings, const struct clock *clock,
                struct queue *queue, void (*on_offer)(void *context, bool offered), void *context);
void guide_close(struct guide *guide);

bool guide_is_offered(const struct guide *guide);

/* The tree of view is on the panel; also when it is there already. */
void guide_show(struct guide *guide, const struct session_view *view, const struct ui_tree *tree);

/* The focus went to a node of tree, or to the one of the same id. */
void guide_say_node(struct guide *guide, const struct ui_tree *tree, const struct ui_node *node);

/* The page again, from the start. */
void guide_repeat(struct guide *guide);
