/* What the commands of the access program share. */
#pragma once
#include "access.h"

struct tool_options {
    const char *language, *panel, *mode, *name, *prefix, *rule, *results, *out;
    int part; /* from 1; 0: all */
    long max;
    int panel_index; /* -1: all panels */
};

/* Each returns the exit code of the program. */
int tool_check(const struct tool_options *options);
int tool_list(const struct tool_options *options);
int tool_paint(const struct tool_options *options);

/* Calls visit for every screen the options name. */
void tool_for_each(const struct tool_options *options, access_visit *visit, void *context);
/* "OUT/owed.typical.zh.usual.1080x1920.1.EXT". */
void tool_path(char *out, size_t size, const char *folder, const struct access_screen *screen,
               const char *extension);
