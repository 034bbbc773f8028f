#include "ui/spoken.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "support/unit.h"
#include "ui/strings.h"

#define TITLE (STYLE(SURFACE_NONE, SIZE_TITLE, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD)
#define PLAIN STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT)

static struct ui_tree tree;
static struct spoken_list list, before, news;
static struct spoken_rules rules;

static int fresh(void **state)
{
    (void)state;
    ui_tree_reset(&tree);
    rules = (struct spoken_rules){ .language = SPOKEN_EN };
    return 0;
}

static struct ui_node *put(enum ui_role role, struct ui_rect rect, int style, const char *text)
{
    struct ui_node *node = ui_tree_add(&tree, role, rect, style);
    node->text = text;
    return node;
}

static struct ui_node *put_row(enum ui_role role, const char *text)
{
    return put(role, (struct ui_rect){ 0, tree.count * 100, 500, 90 }, PLAIN, text);
}

static void rename_node(struct ui_node *node, const char *id)
{
    ui_tree_name(&tree, node, "%s", id);
}

/* "first | second | third" */
static const char *joined(const struct spoken_list *from)
{
    static char out[4096];
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < from->count; i++) {
        text_format(out + used, sizeof out - used, "%s%s", i > 0 ? " | " : "",
                    from->utterances[i].text);
        used = strlen(out);
    }
    return out;
}

static const char *read_aloud(void)
{
    spoken_read(&tree, &rules, &list);
    assert_false(list.cut);
    return joined(&list);
}

static const char *read_news(void)
{
    memcpy(&before, &list, sizeof before);
    for (int i = 0; i < before.count; i++) /* the texts lie in the list's own arena */
        before.utterances[i].text = before.arena + (list.utterances[i].text - list.arena);
    spoken_read(&tree, &rules, &list);
    spoken_find_news(&before, &list, &rules, &news);
    assert_false(news.cut);
    return joined(&news);
}

static void the_title_comes_first_then_the_order_of_the_tree(void **state)
{
    (void)state;
    put_row(UI_ROLE_TEXT, "Step 2 of 6");
    put(UI_ROLE_TEXT, (struct ui_rect){ 0, 100, 9, 9 }, TITLE, "What you pay");
    put(UI_ROLE_BOX, (struct ui_rect){ 0, 0, 999, 999 },
        STYLE(SURFACE_BANNER, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT), NULL);
    put_row(UI_ROLE_TEXT, "No change is given.");
    assert_string_equal(read_aloud(), "What you pay | Step 2 of 6 | No change is given.");
}

static void a_target_is_said_with_its_role_and_state(void **state)
{
    (void)state;
    put_row(UI_ROLE_BUTTON, "Next");
    put_row(UI_ROLE_BUTTON, "Back")->enabled = false;
    put_row(UI_ROLE_CHOICE, "Pension")->selected = true;
    put_row(UI_ROLE_CHOICE, "Medical");
    assert_string_equal(read_aloud(), "Next, button | Back, button, not available now | "
                                      "Pension, chosen | Medical, not chosen");
    rules.language = SPOKEN_ZH;
    ui_tree_reset(&tree);
    put_row(UI_ROLE_BUTTON, "下一步")->enabled = false;
    put_row(UI_ROLE_CHOICE, "养老保险")->selected = true;
    assert_string_equal(read_aloud(), "下一步，按钮，现在不能用 | 养老保险，已选中");
}

static void a_name_in_another_language_has_its_role_in_the_page_s(void **state)
{
    (void)state;
    rules.language = SPOKEN_ZH;
    put_row(UI_ROLE_BUTTON, "English");
    assert_string_equal(read_aloud(), "English | 按钮");
    assert_int_equal(list.utterances[0].language, SPOKEN_EN);
    assert_int_equal(list.utterances[1].language, SPOKEN_ZH);
}

static void the_spoken_form_stands_in_for_the_text(void **state)
{
    (void)state;
    put_row(UI_ROLE_TEXT, "x2")->spoken = "twice";
    put_row(UI_ROLE_TEXT, "ornament")->spoken = "";
    put_row(UI_ROLE_IMAGE, NULL);
    put_row(UI_ROLE_IMAGE, NULL)->spoken = "Put the card on the light";
    put(UI_ROLE_TEXT, (struct ui_rect){ 0, 0, 9, 9 },
        STYLE(SURFACE_SEAL, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT), "1");
    assert_string_equal(read_aloud(), "twice | Put the card on the light");
}

static struct ui_node *put_named(const char *name)
{
    return put(UI_ROLE_BUTTON, (struct ui_rect){ 0, 1000, 500, 300 }, PLAIN | STYLE_SPOKEN_ONLY,
               name);
}

static void what_lies_on_a_named_node_is_said_with_it_and_not_twice(void **state)
{
    (void)state;
    put_named("Pay cash");
    put_row(UI_ROLE_TEXT, "between");
    put(UI_ROLE_TEXT, (struct ui_rect){ 10, 1010, 400, 50 }, PLAIN, "Pay cash");
    put(UI_ROLE_TEXT, (struct ui_rect){ 10, 1100, 400, 50 }, PLAIN, "One note at a time");
    assert_string_equal(read_aloud(), "Pay cash, button | One note at a time | between");
    tree.nodes[0].spoken = "Pay in cash, one note at a time";
    assert_string_equal(read_aloud(), "Pay in cash, one note at a time, button | between");
}

static void below_a_scrim_nothing_is_said(void **state)
{
    (void)state;
    put_row(UI_ROLE_TEXT, "the page");
    put(UI_ROLE_BOX, (struct ui_rect){ 0, 0, 999, 999 },
        STYLE(SURFACE_SCRIM, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT), NULL);
    put_row(UI_ROLE_TEXT, "Do you need more time?");
    assert_string_equal(read_aloud(), "Do you need more time?");
}

static void the_ring_is_said_only_in_the_question_about_time(void **state)
{
    (void)state;
    struct ui_node *ring = put_row(UI_ROLE_TIMER, "42");
    ring->value = 42;
    assert_string_equal(read_aloud(), "");
    rules.counts_down = true;
    assert_string_equal(read_aloud(), "");
    put(UI_ROLE_BOX, (struct ui_rect){ 0, 0, 999, 999 },
        STYLE(SURFACE_SCRIM, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT), NULL);
    put_row(UI_ROLE_TIMER, "18")->value = 18;
    assert_string_equal(read_aloud(), "18 seconds left");
}

static void a_bar_says_how_far_it_is(void **state)
{
    (void)state;
    struct ui_node *bar = put_row(UI_ROLE_PROGRESS, NULL);
    bar->value = 400000;
    bar->value_max = 679140;
    assert_string_equal(read_aloud(), "58 percent done");
    bar->value = INT64_MAX;
    bar->value_max = 0;
    assert_string_equal(read_aloud(), "0 percent done");
}

static void the_person_s_own_data_is_said_only_where_nobody_else_listens(void **state)
{
    (void)state;
    rules.language = SPOKEN_ZH;
    put_row(UI_ROLE_TEXT, "姓名");
    put_row(UI_ROLE_TEXT, "王*华")->is_private = true;
    struct ui_node *field = put_row(UI_ROLE_TEXT, "138");
    rename_node(field, "field");
    field->is_private = true;
    struct ui_node *named = put_row(UI_ROLE_TEXT, "x");
    named->is_private = true;
    named->spoken = "王*华的编号";
    assert_string_equal(read_aloud(), "姓名 | 内容请看屏幕 | 已输入三位 | 内容请看屏幕");
    for (int i = 0; i < list.count; i++)
        assert_null(strstr(list.utterances[i].text, "王"));
    rules.says_private = true;
    assert_string_equal(read_aloud(), "姓名 | 王某华 | 幺三八 | 王某华的编号");
}

static void a_page_of_the_staff_says_nothing(void **state)
{
    (void)state;
    put_row(UI_ROLE_BUTTON, "Open the cash box");
    tree.is_staff = true;
    rules.says_private = true;
    assert_string_equal(read_aloud(), "");
    spoken_read_node(&tree, &tree.nodes[0], &rules, &list);
    assert_int_equal(list.count, 0);
}

static void one_node_is_read_for_the_focus(void **state)
{
    (void)state;
    put_row(UI_ROLE_TEXT, "the page");
    put_named("Pay cash");
    put(UI_ROLE_TEXT, (struct ui_rect){ 10, 1100, 400, 50 }, PLAIN, "One note at a time");
    spoken_read_node(&tree, &tree.nodes[1], &rules, &list);
    assert_string_equal(joined(&list), "Pay cash, button | One note at a time");
}

static void an_unchanged_screen_has_no_news(void **state)
{
    (void)state;
    put_row(UI_ROLE_TEXT, "Put in your banknotes");
    put_row(UI_ROLE_BUTTON, "Cancel");
    (void)read_aloud();
    assert_string_equal(read_news(), "");
}

static void a_counted_note_is_news_with_the_words_of_its_sum(void **state)
{
    (void)state;
    struct ui_node *notice = put_row(UI_ROLE_TEXT, "Please put in a banknote.");
    put_row(UI_ROLE_TEXT, "Received");
    struct ui_node *sum = put_row(UI_ROLE_TEXT, "¥0.00");
    put_row(UI_ROLE_TEXT, "To pay");
    put_row(UI_ROLE_TEXT, "¥955.00");
    struct ui_node *bar = put_row(UI_ROLE_PROGRESS, NULL);
    bar->value_max = 95500;
    (void)read_aloud();
    notice->text = "¥100 received and booked.";
    sum->text = "¥100.00";
    bar->value = 10000;
    assert_string_equal(read_news(), "100 yuan received and booked. | Received | 100 yuan");
}

static void of_typed_digits_only_the_new_ones_are_said(void **state)
{
    (void)state;
    struct ui_node *field = put_row(UI_ROLE_TEXT, "13");
    rename_node(field, "field");
    (void)read_aloud();
    field->text = "138";
    assert_string_equal(read_news(), "8");
    field->text = "13";
    assert_string_equal(read_news(), "1 3");
    field->is_private = true;
    field->text = "138";
    assert_string_equal(read_news(), "3 digits entered");
    field->text = "138 0";
    assert_string_equal(read_news(), "4 digits entered");
    rules.says_private = true;
    (void)read_news();
    field->text = "138 05";
    assert_string_equal(read_news(), "5");
    rules.says_private = false;
    field->text = NULL;
    field->spoken = "nothing entered yet";
    assert_string_equal(read_news(), "nothing entered yet");
}

static void seconds_that_pass_are_no_news(void **state)
{
    (void)state;
    struct ui_node *words = put_row(UI_ROLE_TEXT, "In 20 seconds this visit ends.");
    (void)read_aloud();
    rules.counts_down = true;
    words->text = "In 9 seconds this visit ends.";
    assert_string_equal(read_news(), "");
    words->text = "In 8 seconds exactly that is paid.";
    assert_string_equal(read_news(), "In 8 seconds exactly that is paid.");
    rules.language = SPOKEN_ZH;
    words->text = "再过 20 秒没有操作";
    (void)read_aloud();
    words->text = "再过 9 秒没有操作";
    assert_string_equal(read_news(), "");
}

static void the_time_of_day_is_no_news(void **state)
{
    (void)state;
    struct ui_node *clock = put_row(UI_ROLE_TEXT, "9:41");
    rename_node(clock, "clock");
    assert_string_equal(read_aloud(), "9 41");
    clock->text = "9:42";
    assert_string_equal(read_news(), "");
}

static void a_named_title_comes_first(void **state)
{
    (void)state;
    put(UI_ROLE_TEXT, (struct ui_rect){ 0, 0, 9, 9 }, TITLE, "A large word");
    rename_node(put_row(UI_ROLE_TEXT, "The title"), "title");
    assert_string_equal(read_aloud(), "The title | A large word");
}

static void of_an_exchange_only_what_is_chosen_now_is_said(void **state)
{
    (void)state;
    struct ui_node *one = put_row(UI_ROLE_CHOICE, "1 month");
    struct ui_node *two = put_row(UI_ROLE_CHOICE, "2 months");
    rename_node(one, "months.1");
    rename_node(two, "months.2");
    one->selected = true;
    (void)read_aloud();
    one->selected = false;
    two->selected = true;
    assert_string_equal(read_news(), "2 months, chosen");
    two->selected = false;
    assert_string_equal(read_news(), "2 months, not chosen");
}

static void a_tree_that_is_full_is_read_or_said_to_be_cut(void **state)
{
    (void)state;
    static char sentence[200];
    memset(sentence, 'a', sizeof sentence - 1);
    for (int i = 0; i < UI_NODES_MAX; i++)
        put_row(UI_ROLE_TEXT, sentence);
    spoken_read(&tree, &rules, &list);
    assert_true(list.cut);
    assert_true(list.used <= SPOKEN_ARENA_SIZE);
    spoken_wipe(&list);
    assert_int_equal(list.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_title_comes_first_then_the_order_of_the_tree, fresh),
        cmocka_unit_test_setup(a_target_is_said_with_its_role_and_state, fresh),
        cmocka_unit_test_setup(a_name_in_another_language_has_its_role_in_the_page_s, fresh),
        cmocka_unit_test_setup(the_spoken_form_stands_in_for_the_text, fresh),
        cmocka_unit_test_setup(what_lies_on_a_named_node_is_said_with_it_and_not_twice, fresh),
        cmocka_unit_test_setup(below_a_scrim_nothing_is_said, fresh),
        cmocka_unit_test_setup(the_ring_is_said_only_in_the_question_about_time, fresh),
        cmocka_unit_test_setup(a_bar_says_how_far_it_is, fresh),
        cmocka_unit_test_setup(the_person_s_own_data_is_said_only_where_nobody_else_listens, fresh),
        cmocka_unit_test_setup(a_page_of_the_staff_says_nothing, fresh),
        cmocka_unit_test_setup(one_node_is_read_for_the_focus, fresh),
        cmocka_unit_test_setup(an_unchanged_screen_has_no_news, fresh),
        cmocka_unit_test_setup(a_counted_note_is_news_with_the_words_of_its_sum, fresh),
        cmocka_unit_test_setup(of_typed_digits_only_the_new_ones_are_said, fresh),
        cmocka_unit_test_setup(seconds_that_pass_are_no_news, fresh),
        cmocka_unit_test_setup(the_time_of_day_is_no_news, fresh),
        cmocka_unit_test_setup(a_named_title_comes_first, fresh),
        cmocka_unit_test_setup(of_an_exchange_only_what_is_chosen_now_is_said, fresh),
        cmocka_unit_test_setup(a_tree_that_is_full_is_read_or_said_to_be_cut, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
