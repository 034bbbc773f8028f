/* What single screens must say and offer; what every screen must keep is in rules.c. */
#include "variants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"

static bool is_target(const struct ui_node *node)
{
    return node->intent != INTENT_NONE;
}

static void find(enum session_step step, const char *const *ids, int count)
{
    static struct ui_tree tree;
    for (int id = 0; id < count; id++) {
        bool found = false;
        for (int i = 0; i < variant_count() && !found; i++) {
            struct variant variant;
            variant_get(i, &variant);
            if (variant.view.step != step || variant.build)
                continue;
            scene_build(&variant.view, &PANEL_LIST[0], &tree);
            found = ui_tree_find(&tree, ids[id]) != NULL;
        }
        if (!found)
            fail_msg("step %d never shows %s", (int)step, ids[id]);
    }
}

#define FIND(step, ...)                                                                            \
    find(step, (const char *const[]){ __VA_ARGS__ },                                               \
         (int)ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))

static void scenarios_find_their_ids(void **state)
{
    (void)state;
    FIND(STEP_HOME, "home.start", "home.rights", "lang");
    FIND(STEP_OUT_OF_SERVICE, "home.rights");
    FIND(STEP_RIGHTS, "rights.back");
    FIND(STEP_IDENTIFY, "footer.back", "footer.cancel", "more_time.yes", "more_time.end");
    FIND(STEP_OWED, "owed.insurance.0", "owed.insurance.1", "owed.base.0", "owed.base.4",
         "owed.base.own", "footer.back", "footer.next", "footer.cancel");
    FIND(STEP_PHONE, "key.0", "key.9", "key.erase", "key.clear", "footer.next");
    FIND(STEP_REFUSED, "refused.print", "refused.done", "footer.back", "footer.next");
    FIND(STEP_STARTS, "starts.0.earlier", "starts.0.later", "footer.next");
    FIND(STEP_MATERIALS, "materials.1", "materials.2", "footer.next");
    FIND(STEP_SIGNATURE, "signature", "signature.again", "signature.later", "footer.next");
    FIND(STEP_CONSENT, "consent.box", "footer.next");
    FIND(STEP_REGISTERED, "registered.pay", "registered.later");
    FIND(STEP_MONTHS, "months.1", "months.12", "footer.next");
    FIND(STEP_METHOD, "method.cash", "footer.back");
    FIND(STEP_CASH, "cash.finish", "cash.cancel");
    FIND(STEP_DONE, "done.finish");
}

static void build_typical(enum session_step step, struct ui_tree *tree,
                          void (*change)(struct session_view *view))
{
    struct variant variant;
    for (int i = 0; i < variant_count(); i++) {
        variant_get(i, &variant);
        if (variant.view.step == step)
            break;
    }
    change(&variant.view);
    scene_build(&variant.view, &PANEL_LIST[0], tree);
}

static void with_question(struct session_view *view)
{
    view->ask_more_time = true;
    view->money_inside_fen = 5000;
}

static void under_the_question_only_language_and_answers_can_be_touched(void **state)
{
    (void)state;
    static struct ui_tree tree;
    build_typical(STEP_CASH, &tree, with_question);
    int targets = 0;
    for (int i = 0; i < tree.count; i++)
        targets += is_target(&tree.nodes[i]);
    assert_int_equal(targets, 3);
    assert_int_equal(ui_tree_find(&tree, "more_time.end")->intent, INTENT_FINISH_CASH);
}

static void with_no_paper(struct session_view *view)
{
    view->cash_service = SERVICE_PAPER_OUT;
}

static void cash_cannot_be_chosen_without_paper(void **state)
{
    (void)state;
    static struct ui_tree tree;
    build_typical(STEP_METHOD, &tree, with_no_paper);
    const struct ui_node *node = ui_tree_find(&tree, "method.cash");
    assert_non_null(node);
    assert_false(node->enabled);
    assert_null(ui_tree_hit(&tree, node->rect.x + 5, node->rect.y + 40));
}

static bool says(const struct ui_tree *tree, const char *text)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i].text && strstr(tree->nodes[i].text, text))
            return true;
    }
    return false;
}

static void unchanged(struct session_view *view)
{
    (void)view;
}

static void the_surplus_rule_is_said_before_the_first_note(void **state)
{
    (void)state;
    static struct ui_tree tree;
    build_typical(STEP_METHOD, &tree, unchanged);
    assert_true(says(&tree, "多付的钱全部记入您本人的缴费账户"));
    build_typical(STEP_CASH, &tree, unchanged);
    assert_true(says(&tree, "多付的钱全部记入您本人的缴费账户"));
}

static void with_note_inside(struct session_view *view)
{
    view->inserted_fen = 10000;
    view->can_cancel = false;
}

static void a_stacked_note_takes_cancel_away(void **state)
{
    (void)state;
    static struct ui_tree tree;
    build_typical(STEP_CASH, &tree, unchanged);
    assert_non_null(ui_tree_find(&tree, "cash.cancel"));
    assert_null(ui_tree_find(&tree, "cash.finish"));
    build_typical(STEP_CASH, &tree, with_note_inside);
    assert_null(ui_tree_find(&tree, "cash.cancel"));
    assert_true(ui_tree_find(&tree, "cash.finish")->enabled);
}

/* Each of these waits for a person, and gives up: the question must have been looked at there. */
static const enum session_step WAITING[] = {
    STEP_IDENTIFY,   STEP_CARD_PROBLEM, STEP_OWED,        STEP_BASE,      STEP_PHONE,  STEP_CONSENT,
    STEP_REGISTERED, STEP_MONTHS,       STEP_METHOD,      STEP_CASH,      STEP_DONE,   STEP_REFUSED,
    STEP_CHECKING,   STEP_MATERIALS,    STEP_CERTIFICATE, STEP_SIGNATURE, STEP_STARTS,
};

static void every_step_that_waits_counts_down_and_asks(void **state)
{
    (void)state;
    bool counts[STEPS] = { false }, asks[STEPS] = { false };
    for (int i = 0; i < variant_count(); i++) {
        struct variant variant;
        variant_get(i, &variant);
        counts[variant.view.step] |= variant.view.seconds_total > 0;
        asks[variant.view.step] |= variant.view.ask_more_time;
    }
    for (size_t i = 0; i < ARRAY_SIZE(WAITING); i++) {
        if (!counts[WAITING[i]] || !asks[WAITING[i]])
            fail_msg("step %d has no variant with a count-down and the question", WAITING[i]);
    }
}

static void every_state_of_the_view_has_a_variant(void **state)
{
    (void)state;
    bool steps[STEPS] = { false }, services[SERVICES] = { false }, overlays[OVERLAYS] = { false };
    bool notices[CASH_NOTICES] = { false };
    bool problems[CARD_PROBLEM_READER_LOST + 1] = { false };
    for (int i = 0; i < variant_count(); i++) {
        struct variant variant;
        variant_get(i, &variant);
        steps[variant.view.step] = true;
        services[variant.view.cash_service] = true;
        overlays[variant.view.overlay] = true;
        notices[variant.view.cash_notice] |= variant.view.step == STEP_CASH;
        problems[variant.view.card_problem] |= variant.view.step == STEP_CARD_PROBLEM;
    }
    for (int i = 0; i < STEPS; i++)
        assert_true(steps[i]);
    services[SERVICE_BOX_FILLS] = true; /* a warning: no reason of anything */
    for (int i = 0; i < SERVICES; i++)
        assert_true(services[i]);
    for (int i = 0; i < OVERLAYS; i++)
        assert_true(overlays[i]);
    for (size_t i = 0; i < ARRAY_SIZE(notices); i++)
        assert_true(notices[i]);
    for (size_t i = 0; i < ARRAY_SIZE(problems); i++)
        assert_true(problems[i]);
}

static void at_minute(struct session_view *view, int minute, struct ui_tree *into)
{
    view->wall_ms = INT64_C(1795398060000) / 60000 * 60000 + minute * INT64_C(60000);
    scene_build(view, &PANEL_LIST[0], into);
}

static void the_first_page_does_not_burn_in(void **state)
{
    (void)state;
    static struct ui_tree first, later;
    struct variant variant;
    int moved = 0;
    variant_get(0, &variant);
    assert_int_equal(variant.view.step, STEP_HOME);
    at_minute(&variant.view, 0, &first);
    for (int minute = 1; minute < 8; minute++) {
        at_minute(&variant.view, minute, &later);
        const struct ui_rect a = ui_tree_find(&first, "home.start")->rect;
        const struct ui_rect b = ui_tree_find(&later, "home.start")->rect;
        moved += a.x != b.x || a.y != b.y;
        assert_true(b.x - a.x <= 8 && a.x - b.x <= 8 && b.y - a.y <= 8 && a.y - b.y <= 8);
        assert_int_equal(a.width, b.width);
    }
    assert_true(moved >= 4);
}

static void outside_the_hours_the_waiting_page_is_dark_and_a_visit_is_not(void **state)
{
    (void)state;
    static struct ui_tree tree;
    struct variant variant;
    variant_get(0, &variant);
    snprintf(variant.view.hours[LANGUAGE_ZH], sizeof(variant.view.hours[0]), "9:00");
    variant.view.is_open = false;
    scene_build(&variant.view, &PANEL_LIST[0], &tree);
    assert_true(tree.look.contrast);
    variant.view.is_open = true;
    scene_build(&variant.view, &PANEL_LIST[0], &tree);
    assert_false(tree.look.contrast);
    variant.view.is_open = false;
    variant.view.step = STEP_IDENTIFY;
    scene_build(&variant.view, &PANEL_LIST[0], &tree);
    assert_false(tree.look.contrast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenarios_find_their_ids),
        cmocka_unit_test(under_the_question_only_language_and_answers_can_be_touched),
        cmocka_unit_test(cash_cannot_be_chosen_without_paper),
        cmocka_unit_test(the_surplus_rule_is_said_before_the_first_note),
        cmocka_unit_test(a_stacked_note_takes_cancel_away),
        cmocka_unit_test(every_step_that_waits_counts_down_and_asks),
        cmocka_unit_test(every_state_of_the_view_has_a_variant),
        cmocka_unit_test(the_first_page_does_not_burn_in),
        cmocka_unit_test(outside_the_hours_the_waiting_page_is_dark_and_a_visit_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
