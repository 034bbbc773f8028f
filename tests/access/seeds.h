/* The seeded defects: each spoils one screen in one way that exactly one rule must notice. */
#pragma once
#include "access.h"

struct seed {
    const char *name;
    const char *rule;
    const char *variant;
    const char *language; /* "zh" or "en" */
    const char *mode;     /* NULL: usual */
    /* Each may be NULL. prepare makes the sound screen ready: what the defect needs to be there. */
    void (*prepare)(struct ui_tree *tree);
    void (*spoil)(struct ui_tree *tree);
    void (*spoil_screen)(struct access_screen *screen);
    access_repaint *repaint;
    int capitals_percent; /* 0: as the font has them */
};

int seed_count(void);
const struct seed *seed_at(int index);
