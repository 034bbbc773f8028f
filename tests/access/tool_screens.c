#include <string.h>

#include "tool.h"

struct filter {
    int part;
    access_visit *visit;
    void *context;
};

static void visit_part(void *context, const struct access_screen *screen)
{
    const struct filter *filter = context;
    if (filter->part == 0 || filter->part == screen->part + 1)
        filter->visit(filter->context, screen);
}

void tool_for_each(const struct tool_options *options, access_visit *visit, void *context)
{
    struct filter filter = { options->part, visit, context };
    for (int panel = 0; panel < PANELS; panel++) {
        if (options->panel_index >= 0 && options->panel_index != panel)
            continue;
        const struct access_corpus corpus = {
            .name = options->name,
            .prefix = options->prefix,
            .mode = options->mode,
            .language = options->language,
            .column = strcmp(options->language, "zh") == 0 ? LANGUAGE_ZH : LANGUAGE_EN,
            .panel = panel,
        };
        access_for_each(&corpus, visit_part, &filter);
    }
}

void tool_path(char *out, size_t size, const char *folder, const struct access_screen *screen,
               const char *extension)
{
    snprintf(out, size, "%s/%s.%s.%s.%s.%d.%s", folder, screen->variant, screen->language,
             screen->mode->name, screen->panel_name, screen->part + 1, extension);
}
