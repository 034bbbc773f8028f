/*
 * The component sheet: pages that show each piece of scenes/scene_parts.h in each of its states, so
 * that a piece is held to the rules before a page of a visit needs it.
 */
#pragma once
#include "scenes/scene_list.h"

struct kit_page {
    const char *name; /* "kit.buttons" */
    scene_build_function *build;
    void (*change)(struct session_view *view); /* of a person who is about to agree; may be NULL */
};

int kit_count(void);
const struct kit_page *kit_at(int index);
