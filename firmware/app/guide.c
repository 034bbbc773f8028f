#include "app/guide.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"

_Static_assert((int)SPOKEN_ZH == (int)LANGUAGE_ZH && (int)SPOKEN_EN == (int)LANGUAGE_EN &&
                   (int)SPOKEN_LANGUAGES == (int)LANGUAGES,
               "a page is spoken in its own language");
_Static_assert(VOICE_VOLUME_MAX == VIEW_VOLUME_MAX, "each step of the volume is heard");

#define RETRY_MS 600000 /* an unplugged device may be back; a missing one costs a log line */

static void deliver_failure(void *target, const void *body)
{
    struct guide *guide = target;
    (void)body;
    if (!guide->offered)
        return;
    guide->offered = false;
    guide->retry_at_ms = clock_now_ms(guide->clock) + RETRY_MS;
    guide->on_offer(guide->context, false);
}

/* The voice's thread. */
static void on_failure(void *context)
{
    struct guide *guide = context;
    (void)!queue_post(guide->queue, deliver_failure, guide, NULL, 0);
}

void guide_open(struct guide *guide, const struct settings *settings, const struct clock *clock,
                struct queue *queue, void (*on_offer)(void *context, bool offered), void *context)
{
    const struct voice_config config = {
        .program = VOICE_PROGRAM,
        .voices = { settings->speech_voice_zh, settings->speech_voice_en },
        .rate = settings->speech_rate,
        .device = settings->speech_device,
        .on_failure = on_failure,
        .context = guide,
    };
    *guide =
        (struct guide){ .clock = clock, .queue = queue, .on_offer = on_offer, .context = context };
    if (!settings->speech_enabled)
        return;
    if (!voice_is_installed(config.program)) {
        log_warning("app", "no_speech", "%s is not installed: speech is not offered",
                    config.program);
        return;
    }
    guide->voice = voice_open(&config);
    guide->offered = guide->voice != NULL;
}

static void forget(struct guide *guide)
{
    spoken_wipe(&guide->seen);
    spoken_wipe(&guide->now);
    spoken_wipe(&guide->news);
    spoken_wipe(&guide->said);
}

void guide_close(struct guide *guide)
{
    voice_close(guide->voice);
    guide->voice = NULL;
    forget(guide);
}

bool guide_is_offered(const struct guide *guide)
{
    return guide->offered;
}

/* Not under somebody who was just told that it does not work. */
static void offer_again(struct guide *guide, const struct session_view *view)
{
    if (guide->offered || view->step != STEP_HOME ||
        clock_now_ms(guide->clock) < guide->retry_at_ms)
        return;
    guide->offered = true;
    guide->on_offer(guide->context, true);
}

static void fall_silent(struct guide *guide)
{
    guide->on = false;
    voice_hush(guide->voice);
    voice_set_volume(guide->voice, VIEW_VOLUME_NORMAL);
    forget(guide);
}

static void say(struct guide *guide, const struct spoken_list *list)
{
    spoken_copy(&guide->said, list);
    voice_say(guide->voice, list);
}

static struct guide_page page_of(const struct session_view *view)
{
    return (struct guide_page){ .step = view->step,
                                .overlay = view->overlay,
                                .page = view->page,
                                .overlay_page = view->overlay_page,
                                .figure = view->figure,
                                .ask_more_time = view->ask_more_time,
                                .says_private = view->says_private,
                                .language = view->language };
}

static bool is_same_page(const struct guide_page *a, const struct guide_page *b)
{
    return a->step == b->step && a->overlay == b->overlay && a->page == b->page &&
           a->overlay_page == b->overlay_page && a->figure == b->figure &&
           a->ask_more_time == b->ask_more_time && a->says_private == b->says_private &&
           a->language == b->language;
}

void guide_show(struct guide *guide, const struct session_view *view, const struct ui_tree *tree)
{
    if (!guide->voice)
        return;
    const bool wanted = view->modes.spoken && guide->offered;
    if (!wanted && guide->on)
        fall_silent(guide);
    if (!wanted) {
        offer_again(guide, view);
        return;
    }
    const struct guide_page page = page_of(view);
    const bool is_known = guide->on && is_same_page(&page, &guide->page);
    guide->rules = (struct spoken_rules){ .language = (enum spoken_language)view->language,
                                          .says_private = view->says_private,
                                          .counts_down = view->ask_more_time };
    guide->on = true;
    guide->page = page;
    voice_set_volume(guide->voice, view->modes.volume);
    spoken_read(tree, &guide->rules, &guide->now);
    if (is_known)
        spoken_find_news(&guide->seen, &guide->now, &guide->rules, &guide->news);
    else
        spoken_copy(&guide->news, &guide->now);
    spoken_copy(&guide->seen, &guide->now);
    if (!is_known || guide->news.count > 0)
        say(guide, &guide->news);
}

void guide_say_node(struct guide *guide, const struct ui_tree *tree, const struct ui_node *node)
{
    if (!guide->voice || !guide->on)
        return;
    if (node < tree->nodes || node >= tree->nodes + tree->count)
        node = node->id[0] != '\0' ? ui_tree_find(tree, node->id) : NULL;
    if (!node)
        return;
    spoken_read_node(tree, node, &guide->rules, &guide->news);
    say(guide, &guide->news);
}

void guide_repeat(struct guide *guide)
{
    if (!guide->voice || !guide->on)
        return;
    say(guide, &guide->seen);
}
