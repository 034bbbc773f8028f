/*
 * Looks at every screen in one language:
 *   access check [--rule NAME] [--max N] [--results FILE]   hold them to the rules
 *   access list --out FOLDER                                write what is drawn, a line a node
 *   access paint --out FOLDER                               write them as PNG, with thumbnails
 * each with [--language NAME] [--panel NAME] [--mode NAME] [--variant PREFIX | --only VARIANT]
 * [--part N].
 * The language must be one this program was linked with: zh and en, or a pseudo-language.
 */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static bool take_option(struct tool_options *options, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {
        { "--language", &options->language }, { "--panel", &options->panel },
        { "--mode", &options->mode },         { "--variant", &options->prefix },
        { "--rule", &options->rule },         { "--results", &options->results },
        { "--out", &options->out },           { "--only", &options->name },
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(name, known[i].name) == 0) {
            *known[i].value = value;
            return true;
        }
    }
    if (strcmp(name, "--max") == 0)
        options->max = strtol(value, NULL, 10);
    else if (strcmp(name, "--part") == 0)
        options->part = (int)strtol(value, NULL, 10);
    else
        return false;
    return true;
}

static bool find_panel(struct tool_options *options)
{
    for (int i = 0; options->panel && i < PANELS; i++) {
        if (strcmp(options->panel, PANEL_NAMES[i]) == 0)
            options->panel_index = i;
    }
    return !options->panel || options->panel_index >= 0;
}

static bool is_mode(const char *name)
{
    bool found = !name;
    for (int i = 0; name && i < ACCESS_MODES; i++)
        found |= strcmp(name, ACCESS_MODE_LIST[i].name) == 0;
    return found;
}

static bool speaks(const char *language)
{
    const bool real = strcmp(language, "zh") == 0 || strcmp(language, "en") == 0;
    return strcmp(ACCESS_LANGUAGE, "zh") == 0 ? real : strcmp(ACCESS_LANGUAGE, language) == 0;
}

static int refuse(const char *why, const char *what)
{
    fprintf(stderr, "access: %s: %s; the top of tests/access/tool_main.c says what there is\n", why,
            what);
    return 2;
}

static int run_command(const char *command, const struct tool_options *options)
{
    if (strcmp(command, "check") == 0)
        return tool_check(options);
    if ((strcmp(command, "list") == 0 || strcmp(command, "paint") == 0) && !options->out)
        return refuse("no --out FOLDER for", command);
    if (strcmp(command, "list") == 0)
        return tool_list(options);
    if (strcmp(command, "paint") == 0)
        return tool_paint(options);
    return refuse("no command", command);
}

int main(int argc, char **argv)
{
    struct tool_options options = {
        .language = ACCESS_LANGUAGE, .prefix = "", .max = 5, .panel_index = -1
    };
    if (argc < 2)
        return refuse("no command", "");
    for (int i = 2; i < argc; i += 2) {
        if (i + 1 == argc || !take_option(&options, argv[i], argv[i + 1]))
            return refuse("not understood", argv[i]);
    }
    if (!find_panel(&options))
        return refuse("no panel", options.panel);
    if (!is_mode(options.mode))
        return refuse("no mode", options.mode);
    if (!speaks(options.language))
        return refuse("not a language of this program", options.language);
    return run_command(argv[1], &options);
}
