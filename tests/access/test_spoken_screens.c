/*
 * Every screen in every state, as a person who cannot see it hears it.
 */
#include "ui/spoken.h"

#include <string.h>

#include "base/text.h"

#include "scenes/scene_parts.h"
#include "support/unit.h"
#include "variants.h"

static struct ui_tree tree;
static struct spoken_list list;
static struct variant variant;

static void build(int index, int language)
{
    variant_get(index, &variant);
    variant.view.language = (enum language)language;
    variant_build(variant.build, &variant.view, &PANEL_LIST[0], &tree);
}

static void read_aloud(bool says_private)
{
    const struct spoken_rules rules = { .language = (enum spoken_language)variant.view.language,
                                        .says_private = says_private,
                                        .counts_down = variant.view.ask_more_time };
    spoken_read(&tree, &rules, &list);
}

static bool says(const char *words)
{
    for (int i = 0; i < list.count; i++) {
        if (strstr(list.utterances[i].text, words))
            return true;
    }
    return false;
}

/* As the ear would get it. */
static void assert_tells_nothing(const char *masked)
{
    char said[128] = "";
    if (masked[0] == '\0')
        return;
    struct spoken_out out = { .text = said, .size = sizeof said };
    spoken_text_put(&out, (int)variant.view.language, masked);
    if (says(said + 1))
        fail_msg("%s says \"%s\"", variant.name, said + 1);
}

static void each_screen_fits_what_can_be_said(void **state)
{
    (void)state;
    for (int i = 0; i < variant_count(); i++) {
        for (int language = 0; language < LANGUAGES; language++) {
            build(i, language);
            read_aloud(true);
            if (list.count < 3 || list.cut)
                fail_msg("%s in language %d says %d things%s", variant.name, language, list.count,
                         list.cut ? " and was cut" : "");
        }
    }
}

static bool has_han(const char *text)
{
    uint32_t code;
    while ((code = text_next(&text)) != 0) {
        if (code >= 0x3400 && code <= 0x9fff)
            return true;
    }
    return false;
}

/* The Chinese voice reads figures in thousands, the English one no Chinese at all. */
static void each_voice_gets_only_what_it_can_read(void **state)
{
    (void)state;
    for (int i = 0; i < variant_count(); i++) {
        for (int language = 0; language < LANGUAGES; language++) {
            build(i, language);
            read_aloud(true);
            for (int u = 0; u < list.count; u++) {
                const struct spoken_utterance *said = &list.utterances[u];
                const bool is_wrong = said->language == SPOKEN_ZH
                                          ? strpbrk(said->text, "0123456789%*/") != NULL
                                          : has_han(said->text);
                if (is_wrong)
                    fail_msg("%s: \"%s\"", variant.name, said->text);
            }
        }
    }
}

static void each_target_is_said(void **state)
{
    (void)state;
    for (int i = 0; i < variant_count(); i++) {
        build(i, LANGUAGE_ZH);
        if (variant.view.ask_more_time)
            continue; /* what lies below the question is not said */
        read_aloud(false);
        for (int n = 0; n < tree.count; n++) {
            const struct ui_node *node = &tree.nodes[n];
            bool is_said = node->intent == 0;
            for (int u = 0; u < list.count; u++)
                is_said = is_said || list.utterances[u].node == n;
            if (!is_said)
                fail_msg("%s: %s is not said", variant.name, node->id);
        }
    }
}

static void no_screen_tells_the_hall_who_stands_there(void **state)
{
    (void)state;
    for (int i = 0; i < variant_count(); i++) {
        for (int language = 0; language < LANGUAGES; language++) {
            build(i, language);
            read_aloud(false);
            assert_tells_nothing(variant.view.name_masked);
            assert_tells_nothing(variant.view.number_masked);
            assert_tells_nothing(variant.view.account_number);
        }
    }
}

static struct ui_node *put(const char *text)
{
    struct ui_node *node = ui_tree_add(&tree, UI_ROLE_TEXT, (struct ui_rect){ 0, 0, 9, 9 }, 0);
    node->text = text;
    return node;
}

static void data_of_the_person_is_found_wherever_it_stands(void **state)
{
    (void)state;
    struct session_view view = { .name_masked = "王*华",
                                 .account_number = "990100000318",
                                 .phone_typed = "13" };
    ui_tree_reset(&tree);
    const struct ui_node *grouped = put("编号 9901 0000 0318。");
    const struct ui_node *name = put("王*华，您好");
    const struct ui_node *spoken = put("您好");
    tree.nodes[2].spoken = "王*华";
    const struct ui_node *other = put("9901 0000 0319");
    const struct ui_node *digits = put("139");
    struct ui_node *field = put("13");
    ui_tree_name(&tree, field, "field");
    scene_mark_private(&view, &tree);
    assert_true(grouped->is_private && name->is_private && spoken->is_private);
    assert_false(other->is_private || digits->is_private || field->is_private);
    view.step = STEP_PHONE;
    scene_mark_private(&view, &tree);
    assert_true(field->is_private);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_screen_fits_what_can_be_said),
        cmocka_unit_test(each_voice_gets_only_what_it_can_read),
        cmocka_unit_test(each_target_is_said),
        cmocka_unit_test(no_screen_tells_the_hall_who_stands_there),
        cmocka_unit_test(data_of_the_person_is_found_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
