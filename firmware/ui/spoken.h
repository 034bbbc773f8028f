/*
 * What a screen says: a tree as a list of utterances, in the order of reading (the order of the
 * tree, the title first). The same list that is painted, so that nothing is shown to the eye alone.
 *
 * Said:     texts; a target's name with its role and state; a bar's percentage. node.spoken stands
 *           in for the text. What lies on a node named for speech (STYLE_SPOKEN_ONLY) is said with
 *           it, but never the name twice. Below a scrim nothing is said.
 * Not said: pictures, ornament (SURFACE_SEAL), clocks and rings, a page of the staff; the person's
 *           own data where somebody else can listen, except that it is on the screen.
 *
 * Pure. Ownership: a list owns its texts. It may hold the person's data: wipe it after use.
 */
#pragma once
#include "ui/spoken_text.h"
#include "ui/tree.h"

#define SPOKEN_UTTERANCES_MAX 192
#define SPOKEN_ARENA_SIZE 24576

struct spoken_utterance {
    const char *text;
    enum spoken_language language; /* whose voice reads it */
    int node;                      /* index into the tree */
    char id[UI_ID_SIZE];           /* of that node */
    bool is_value;                 /* figures only: means nothing without what was said before it */
    bool is_off;                   /* a choice that is not chosen */
    bool is_quiet;                 /* not worth an announcement when it changes */
};

struct spoken_list {
    struct spoken_utterance utterances[SPOKEN_UTTERANCES_MAX];
    int count;
    char arena[SPOKEN_ARENA_SIZE];
    size_t used;
    bool cut; /* something did not fit: a bug, CHECKed in tests */
};

struct spoken_rules {
    enum spoken_language language; /* of the page */
    bool says_private;             /* nobody else can listen */
    bool counts_down; /* the texts hold the seconds that are left: figures alone are no news */
};

void spoken_wipe(struct spoken_list *list);
void spoken_copy(struct spoken_list *to, const struct spoken_list *from);

/* The whole screen. out is overwritten. */
void spoken_read(const struct ui_tree *tree, const struct spoken_rules *rules,
                 struct spoken_list *out);

/* One node of it, with what lies on it: for the focus. */
void spoken_read_node(const struct ui_tree *tree, const struct ui_node *node,
                      const struct spoken_rules *rules, struct spoken_list *out);

/* What of now was not in before, both of the same screen. A lone figure brings the words before it
 * along; of a number that is being typed only the new digits are said. */
void spoken_find_news(const struct spoken_list *before, const struct spoken_list *now,
                      const struct spoken_rules *rules, struct spoken_list *out);
