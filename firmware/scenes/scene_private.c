/*
 * Which nodes show the person's own data: found by what they show, so that no screen can forget to
 * say so. Speech keeps them to itself where others can listen.
 */
#include <string.h>

#include "scenes/scene_parts.h"

#define DATA_LENGTH_MIN 3 /* shorter ones, a first digit typed, stand in many texts */

/* Does text hold the words, whatever blanks group either? */
static bool holds(const char *text, const char *words)
{
    for (; *text; text++) {
        const char *in = text, *of = words;
        while (*of && *in) {
            if (*in == ' ') {
                in++;
            } else if (*of == ' ') {
                of++;
            } else if (*in == *of) {
                in++;
                of++;
            } else {
                break;
            }
        }
        if (*of == '\0')
            return true;
    }
    return false;
}

static bool tells(const struct ui_node *node, const char *words)
{
    const bool is_data = strlen(words) >= DATA_LENGTH_MIN;
    return is_data && ((node->text && holds(node->text, words)) ||
                       (node->spoken && holds(node->spoken, words)));
}

void scene_mark_private(const struct session_view *view, struct ui_tree *tree)
{
    const char *const data[] = { view->name_masked, view->number_masked, view->account_number,
                                 view->phone_typed, view->phone_masked,  view->leaving_typed };
    for (int i = 0; i < tree->count; i++) {
        struct ui_node *node = &tree->nodes[i];
        for (size_t j = 0; j < sizeof data / sizeof data[0]; j++)
            node->is_private = node->is_private || tells(node, data[j]);
        if ((view->step == STEP_PHONE || view->step == STEP_CERTIFICATE) &&
            strcmp(node->id, "field") == 0)
            node->is_private = true; /* from the first digit on */
    }
}
