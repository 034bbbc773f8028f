#include "access.h"

#include <stdlib.h>
#include <string.h>

#include "access_internal.h"
#include "base/text.h"

struct access_run {
    struct paint *paint;
    FILE *complaints;
    long complaints_max;
    const char *only;
    int rule;
    struct access_result results[ACCESS_RULES_MAX];
};

struct access_run *access_open(FILE *complaints, long complaints_max)
{
    struct access_run *run = calloc(1, sizeof(*run));
    CHECK(run != NULL);
    run->complaints = complaints;
    run->complaints_max = complaints_max;
    run->paint = paint_open();
    if (run->paint)
        return run;
    free(run);
    return NULL;
}

void access_close(struct access_run *run)
{
    if (!run)
        return;
    paint_close(run->paint);
    free(run);
}

struct paint *access_paint(struct access_run *run)
{
    return run->paint;
}

void access_set_repaint(struct access_run *run, access_repaint *repaint)
{
    paint_set_repaint(run->paint, repaint);
}

void access_set_capitals(struct access_run *run, int percent)
{
    paint_set_capitals(run->paint, percent);
}

void access_forget(struct access_run *run)
{
    paint_forget(run->paint);
}

void access_set_only(struct access_run *run, const char *rule)
{
    run->only = rule;
}

void access_look(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < access_rule_count(); i++) {
        if (run->only && strcmp(run->only, ACCESS_RULE_LIST[i].name) != 0)
            continue;
        run->rule = i;
        run->results[i].screens++;
        if (screen->is_known)
            continue;
        ACCESS_RULE_LIST[i].check(run, screen);
    }
}

const struct access_result *access_result_of(const struct access_run *run, int rule)
{
    CHECK(rule >= 0 && rule < access_rule_count());
    return &run->results[rule];
}

/* In one line, without half a character at its end. */
static void shorten(const char *text, char *out, size_t size)
{
    (void)text_copy(out, size, text);
    for (; *out != '\0'; out++) {
        if (*out == '\n')
            *out = ' ';
    }
}

static void describe(char *out, size_t size, const struct access_screen *screen,
                     const struct ui_node *node)
{
    char text[61];
    shorten(node && node->text ? node->text : "", text, sizeof(text));
    (void)text_format(out, size, "%s %s %s %s part %d/%d: id \"%s\" text \"%s\" at %d,%d %dx%d",
                      screen->variant, screen->language, screen->mode->name, screen->panel_name,
                      screen->part + 1, screen->parts, node ? node->id : "", text,
                      node ? node->rect.x : 0, node ? node->rect.y : 0, node ? node->rect.width : 0,
                      node ? node->rect.height : 0);
}

static void complain(struct access_run *run, const struct access_screen *screen,
                     const struct ui_node *node, const char *what)
{
    char where[ACCESS_WHERE_SIZE];
    if (run->results[run->rule].failures++ >= run->complaints_max || !run->complaints)
        return;
    describe(where, sizeof(where), screen, node);
    fprintf(run->complaints, "%s: %s: %s\n", ACCESS_RULE_LIST[run->rule].name, where, what);
}

void access_measure(struct access_run *run, const struct access_screen *screen,
                    const struct ui_node *node, const char *what, double value, double least)
{
    struct access_result *result = &run->results[run->rule];
    result->measured++;
    if (!result->has_least || value - least < result->least - result->least_limit) {
        result->has_least = true;
        result->least = value;
        result->least_limit = least;
        describe(result->least_where, sizeof(result->least_where), screen, node);
    }
    if (value >= least)
        return;
    char words[160];
    snprintf(words, sizeof(words), "%s: %.2f, must be %.2f", what, value, least);
    complain(run, screen, node, words);
}

void access_require(struct access_run *run, const struct access_screen *screen,
                    const struct ui_node *node, const char *what, bool holds)
{
    run->results[run->rule].measured++;
    if (!holds)
        complain(run, screen, node, what);
}
