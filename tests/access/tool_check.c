#include <string.h>

#include "tool.h"

static const char *panel_name(const struct tool_options *options)
{
    return options->panel ? options->panel : "all";
}

static bool write_results(const struct access_run *run, const struct tool_options *options)
{
    FILE *file = fopen(options->results, "w");
    if (!file)
        return false;
    for (int i = 0; i < access_rule_count(); i++) {
        const struct access_rule *rule = &ACCESS_RULE_LIST[i];
        const struct access_result *result = access_result_of(run, i);
        fprintf(file, "%s\t%s\t%s\t%s\t%s\t%s\t%ld\t%ld\t%ld\t", rule->name, rule->says,
                rule->source, rule->limit, options->language, panel_name(options), result->screens,
                result->measured, result->failures);
        if (result->has_least)
            fprintf(file, "%.3f\t%.3f\t%s\n", result->least, result->least_limit,
                    result->least_where);
        else
            fprintf(file, "\t\t\n");
    }
    return fclose(file) == 0;
}

static long sum_up(const struct access_run *run)
{
    long failures = 0, measured = 0, screens = 0;
    for (int i = 0; i < access_rule_count(); i++) {
        const struct access_result *result = access_result_of(run, i);
        failures += result->failures;
        measured += result->measured;
        screens = result->screens > screens ? result->screens : screens;
        if (result->failures > 0)
            printf("FAILED %-18s %6ld of %ld measured (%s)\n", ACCESS_RULE_LIST[i].name,
                   result->failures, result->measured, ACCESS_RULE_LIST[i].limit);
    }
    printf("%ld screens, %ld measurements, %ld failures\n", screens, measured, failures);
    return screens > 0 ? failures : 1;
}

static void look(void *context, const struct access_screen *screen)
{
    access_look(context, screen);
}

int tool_check(const struct tool_options *options)
{
    struct access_run *run = access_open(stdout, options->max);
    if (!run) {
        fprintf(stderr, "access: the font cannot be opened\n");
        return 2;
    }
    access_set_only(run, options->rule);
    tool_for_each(options, look, run);
    const long failures = sum_up(run);
    const bool written = !options->results || write_results(run, options);
    access_close(run);
    return failures == 0 && written ? 0 : 1;
}
