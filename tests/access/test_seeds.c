/*
 * The checker can fail: each seeded defect must be caught, by the rule it is seeded for and by no
 * other, and every rule must have one.
 */
#include "seeds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "access_internal.h"

/* Rules whose value no screen can spoil, with the reason. */
static const char *const WITHOUT_SEED[] = {
    "line-pitch", /* one constant of text_layout, the same for every screen */
};

struct counts {
    long failures[ACCESS_RULES_MAX];
};

static struct access_run *run;

static const struct access_mode *mode_of(const struct seed *seed)
{
    for (int i = 0; i < ACCESS_MODES; i++) {
        if (seed->mode && strcmp(seed->mode, ACCESS_MODE_LIST[i].name) == 0)
            return &ACCESS_MODE_LIST[i];
    }
    return &ACCESS_MODE_LIST[0];
}

static int variant_of(const char *name)
{
    for (int i = 0; i < variant_count(); i++) {
        struct variant variant;
        variant_get(i, &variant);
        if (strcmp(variant.name, name) == 0)
            return i;
    }
    fail_msg("no variant %s", name);
    return -1;
}

static struct counts look_at(const struct access_screen *screen)
{
    struct counts before, counts;
    for (int i = 0; i < access_rule_count(); i++)
        before.failures[i] = access_result_of(run, i)->failures;
    access_forget(run);
    access_look(run, screen);
    for (int i = 0; i < access_rule_count(); i++)
        counts.failures[i] = access_result_of(run, i)->failures - before.failures[i];
    return counts;
}

static struct counts look_with(const struct seed *seed, bool spoiled)
{
    static struct ui_tree tree;
    struct session_view view;
    const struct access_corpus corpus = {
        .language = seed->language ? seed->language : "zh",
        .column = seed->language && strcmp(seed->language, "en") == 0 ? LANGUAGE_EN : LANGUAGE_ZH,
    };
    const struct access_mode *mode = mode_of(seed);
    access_build(&corpus, variant_of(seed->variant), mode, 0, &view, &tree);
    struct access_screen screen = { .variant = seed->variant,
                                    .language = corpus.language,
                                    .mode = mode,
                                    .panel_name = PANEL_NAMES[0],
                                    .panel = &PANEL_LIST[0],
                                    .view = &view,
                                    .tree = &tree,
                                    .parts = 1 };
    if (seed->prepare)
        seed->prepare(&tree);
    if (spoiled && seed->spoil)
        seed->spoil(&tree);
    if (spoiled && seed->spoil_screen)
        seed->spoil_screen(&screen);
    access_set_repaint(run, spoiled ? seed->repaint : NULL);
    access_set_capitals(run, spoiled && seed->capitals_percent > 0 ? seed->capitals_percent : 100);
    return look_at(&screen);
}

static bool is_caught(const struct seed *seed)
{
    const struct counts sound = look_with(seed, false), spoiled = look_with(seed, true);
    bool caught = false, alone = true;
    for (int i = 0; i < access_rule_count(); i++) {
        const char *rule = ACCESS_RULE_LIST[i].name;
        if (spoiled.failures[i] <= sound.failures[i])
            continue;
        if (strcmp(rule, seed->rule) == 0)
            caught = true;
        else {
            alone = false;
            print_error("%s: seeded for %s, also caught by %s\n", seed->name, seed->rule, rule);
        }
    }
    if (!caught)
        print_error("%s: not caught by %s\n", seed->name, seed->rule);
    return caught && alone;
}

static void every_defect_is_caught_by_its_rule_alone(void **state)
{
    (void)state;
    int missed = 0;
    for (int i = 0; i < seed_count(); i++)
        missed += !is_caught(seed_at(i));
    assert_int_equal(missed, 0);
}

static bool has_seed(const char *rule)
{
    for (int i = 0; i < seed_count(); i++) {
        if (strcmp(seed_at(i)->rule, rule) == 0)
            return true;
    }
    return false;
}

static void every_rule_has_a_defect(void **state)
{
    (void)state;
    for (int i = 0; i < access_rule_count(); i++) {
        bool excused = false;
        for (size_t j = 0; j < ARRAY_SIZE(WITHOUT_SEED); j++)
            excused |= strcmp(WITHOUT_SEED[j], ACCESS_RULE_LIST[i].name) == 0;
        if (has_seed(ACCESS_RULE_LIST[i].name) == excused)
            fail_msg("%s: no defect is seeded for it", ACCESS_RULE_LIST[i].name);
    }
}

static int open_run(void **state)
{
    (void)state;
    run = access_open(NULL, 0);
    return run ? 0 : -1;
}

static int close_run(void **state)
{
    (void)state;
    access_close(run);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_defect_is_caught_by_its_rule_alone),
        cmocka_unit_test(every_rule_has_a_defect),
    };
    return cmocka_run_group_tests(tests, open_run, close_run);
}
