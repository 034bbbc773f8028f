/*
 * The access checker: every screen is built as a person would meet it and held to the rules of
 * rules.c, measured in millimetres of the panel and on the colours that are drawn.
 *
 * A rule is a function that looks at one screen and reports each thing it measured with
 * access_measure or access_require. The run keeps, per rule, how much was looked at, the tightest
 * case and every failure.
 *
 * Threads: one. Ownership: the caller owns screens; a run owns its font, canvases and memory.
 */
#pragma once
#include <stdio.h>

#include "variants.h"

#define ACCESS_RULES_MAX 48
#define ACCESS_WHERE_SIZE 320

struct access_mode {
    const char *name;
    bool large, contrast, low_reach, spoken;
};

#define ACCESS_MODES 6
extern const struct access_mode ACCESS_MODE_LIST[ACCESS_MODES];

/* One part of one screen. */
struct access_screen {
    const char *variant;  /* "owed.typical" */
    const char *language; /* "zh", "en", "long", "rtl" */
    const struct access_mode *mode;
    const char *panel_name;
    const struct scene_panel *panel;
    const struct session_view *view;
    const struct ui_tree *tree;
    bool is_known;   /* the same, node by node, as in the usual mode just before */
    int part, parts; /* which this is, from 0, and how many the screen has in this mode */
};

struct access_run;
typedef void access_check(struct access_run *run, const struct access_screen *screen);

struct access_rule {
    const char *name;
    const char *says;   /* one sentence for the examiner */
    const char *source; /* clause; "own" where the project asks it of itself */
    const char *limit;
    access_check *check;
};

extern const struct access_rule ACCESS_RULE_LIST[];
int access_rule_count(void);

struct access_result {
    long screens, measured, failures;
    bool has_least;
    double least, least_limit; /* of all values measured, the nearest to its limit */
    char least_where[ACCESS_WHERE_SIZE];
};

/* failures go to complaints, one line each, at most complaints_max per rule. NULL when the font
 * cannot be opened. */
struct access_run *access_open(FILE *complaints, long complaints_max);
void access_close(struct access_run *run);

/* Changes pixels after they were painted: how the seeded defects reach a colour. */
typedef void access_repaint(uint32_t *pixels, int stride, struct ui_rect rect);
void access_set_repaint(struct access_run *run, access_repaint *repaint);
/* The font's capitals become this much lower, in hundredths. */
void access_set_capitals(struct access_run *run, int percent);
/* What looks like something seen before is painted again. */
void access_forget(struct access_run *run);
/* Only the rule of this name; NULL: all. */
void access_set_only(struct access_run *run, const char *rule);

void access_look(struct access_run *run, const struct access_screen *screen);
const struct access_result *access_result_of(const struct access_run *run, int rule);

/* For rules. Node may be NULL: the screen as a whole. */
void access_measure(struct access_run *run, const struct access_screen *screen,
                    const struct ui_node *node, const char *what, double value, double least);
void access_require(struct access_run *run, const struct access_screen *screen,
                    const struct ui_node *node, const char *what, bool holds);

/*
 * Builds every variant whose name begins with prefix, in every mode (or the one named), part by
 * part, on one panel and in one language. language_index: the column of the table of words.
 */
typedef void access_visit(void *context, const struct access_screen *screen);
struct access_corpus {
    const char *name;     /* the one variant; NULL: all that begin with prefix */
    const char *prefix;   /* "" for all */
    const char *mode;     /* NULL for all */
    const char *language; /* its name */
    enum language column; /* of the table of words this program is linked with */
    int panel;            /* index into PANEL_LIST */
};
void access_for_each(const struct access_corpus *corpus, access_visit *visit, void *context);
/* Builds one screen into a tree; what access_for_each does for each. */
void access_build(const struct access_corpus *corpus, int variant, const struct access_mode *mode,
                  int part, struct session_view *view, struct ui_tree *tree);
