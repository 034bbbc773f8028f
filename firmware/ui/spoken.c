#include "ui/spoken.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "ui/strings.h"

#define TEXT_SIZE 2048 /* a text of the screen and its figures in words */

/* The field over a keypad (scene_field): what it holds is read digit by digit. */
#define FIELD_ID "field"
#define TITLE_ID "title"

struct reading {
    const struct ui_tree *tree;
    const struct spoken_rules *rules;
    struct spoken_list *list;
    bool said[UI_NODES_MAX]; /* as part of another node */
};

void spoken_wipe(struct spoken_list *list)
{
    explicit_bzero(list, sizeof *list);
}

/* ---- lists ---- */

static struct spoken_utterance *add(struct spoken_list *list, const char *text, size_t length)
{
    if (list->count == SPOKEN_UTTERANCES_MAX || length >= SPOKEN_ARENA_SIZE - list->used) {
        list->cut = true;
        return NULL;
    }
    struct spoken_utterance *utterance = &list->utterances[list->count++];
    char *copy = list->arena + list->used;
    memcpy(copy, text, length);
    copy[length] = '\0';
    list->used += length + 1;
    *utterance = (struct spoken_utterance){ .text = copy };
    return utterance;
}

static void add_copy(struct spoken_list *list, const struct spoken_utterance *from,
                     const char *text)
{
    struct spoken_utterance *utterance = add(list, text, strlen(text));
    if (!utterance)
        return;
    const char *copy = utterance->text;
    *utterance = *from;
    utterance->text = copy;
}

void spoken_copy(struct spoken_list *to, const struct spoken_list *from)
{
    spoken_wipe(to);
    for (int i = 0; i < from->count; i++)
        add_copy(to, &from->utterances[i], from->utterances[i].text);
    to->cut = from->cut;
}

/* ---- one node ---- */

static const char *phrase(const struct reading *reading, enum string_id id)
{
    return string_text(id, (int)reading->rules->language);
}

static bool is_target(const struct ui_node *node)
{
    return node->role == UI_ROLE_BUTTON || node->role == UI_ROLE_CHOICE;
}

static bool is_ornament(const struct ui_node *node)
{
    return style_surface(node->style) == SURFACE_SEAL;
}

/* What moves with time alone is read with the page, and then announced no more. */
static bool is_quiet(const struct ui_node *node)
{
    return node->role == UI_ROLE_TIMER || node->role == UI_ROLE_PROGRESS ||
           strcmp(node->id, "clock") == 0 || strcmp(node->id, "footer.note") == 0;
}

static const char *own_text(const struct ui_node *node)
{
    return node->spoken ? node->spoken : node->text;
}

static void put_counted(struct reading *reading, struct spoken_out *out, enum string_id id,
                        const char *name, int64_t value)
{
    char figure[24], words[256];
    text_format(figure, sizeof figure, "%lld", (long long)value);
    const struct string_value values[] = { { name, figure } };
    out->cut = !strings_format(words, sizeof words, phrase(reading, id), values, 1) || out->cut;
    spoken_text_put(out, (int)reading->rules->language, words);
}

static int64_t percent_of(const struct ui_node *node)
{
    if (node->value_max <= 0 || node->value <= 0)
        return 0;
    return node->value >= node->value_max ? 100 : node->value * 100 / node->value_max;
}

static bool is_field(const struct ui_node *node)
{
    return strcmp(node->id, FIELD_ID) == 0;
}

/* How many digits stand there, in groups or not; -1 if there is anything else. */
static int count_typed(const char *text)
{
    int count = 0;
    for (; *text; text++) {
        if (*text != ' ' && (*text < '0' || *text > '9'))
            return -1;
        count += *text != ' ';
    }
    return count;
}

/* That nothing was typed yet is nobody's secret. */
static bool is_secret(const struct reading *reading, const struct ui_node *node, const char *text)
{
    return node->is_private && !reading->rules->says_private &&
           !(is_field(node) && count_typed(text) < 0);
}

static void put_private(struct reading *reading, const struct ui_node *node, const char *text,
                        struct spoken_out *out)
{
    if (is_field(node))
        put_counted(reading, out, STR_SPOKEN_TYPED, "count", count_typed(text));
    else
        spoken_text_put(out, (int)reading->rules->language, phrase(reading, STR_SPOKEN_PRIVATE));
}

/* What the node is called, without its role. */
static void put_name(struct reading *reading, const struct ui_node *node, struct spoken_out *out)
{
    const int language = (int)reading->rules->language;
    const char *text = own_text(node);
    if (node->role == UI_ROLE_PROGRESS && (!text || text[0] == '\0')) {
        if (!node->spoken)
            put_counted(reading, out, STR_SPOKEN_PROGRESS, "percent", percent_of(node));
    } else if (!text || text[0] == '\0') {
        return;
    } else if (node->role == UI_ROLE_TIMER) {
        put_counted(reading, out, STR_SPOKEN_SECONDS, "seconds", node->value);
    } else if (is_secret(reading, node, text)) {
        put_private(reading, node, text, out);
    } else if (is_field(node) && count_typed(text) > 0) {
        spoken_text_put_typed(out, language, text);
    } else {
        spoken_text_put(out, language, text);
    }
}

/* "，按钮": in the page's own language, whatever that of the name. */
static void put_role(struct reading *reading, enum string_id id, struct spoken_out *out)
{
    const int language = (int)reading->rules->language;
    const char *words = phrase(reading, id);
    const char *last = strrchr(out->text, SPOKEN_MARK + 1 - language);
    const char *own = strrchr(out->text, SPOKEN_MARK + language);
    if (own && (!last || last < own)) {
        spoken_put(out, language == SPOKEN_ZH ? "，" : ", ");
        spoken_put(out, words);
    } else {
        spoken_text_put(out, language, words);
    }
}

static void put_state(struct reading *reading, const struct ui_node *node, struct spoken_out *out)
{
    if (node->role == UI_ROLE_CHOICE)
        put_role(reading, node->selected ? STR_SPOKEN_CHOSEN : STR_SPOKEN_NOT_CHOSEN, out);
    else
        put_role(reading, STR_SPOKEN_BUTTON, out);
    if (!node->enabled)
        put_role(reading, STR_SPOKEN_UNAVAILABLE, out);
}

/* Names and figures without a word of their own. */
static bool is_figures(const struct ui_node *node)
{
    const char *text = own_text(node);
    if (is_target(node) || !text)
        return false;
    for (const char *at = text; *at;) {
        const uint32_t code = text_next(&at);
        const bool is_letter = (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') ||
                               (code >= 0x2e80 && code != 0xffe5);
        if (is_letter)
            return false;
    }
    return true;
}

static void keep(struct reading *reading, const struct ui_node *node, const char *from,
                 const char *to)
{
    struct spoken_utterance *utterance = add(reading->list, from + 1, (size_t)(to - from - 1));
    if (!utterance)
        return;
    utterance->language = (enum spoken_language)(*from - SPOKEN_MARK);
    utterance->node = (int)(node - reading->tree->nodes);
    (void)text_copy(utterance->id, sizeof utterance->id, node->id);
    utterance->is_value = is_figures(node) || (node->is_private && !reading->rules->says_private);
    utterance->is_off = node->role == UI_ROLE_CHOICE && !node->selected;
    utterance->is_quiet = is_quiet(node);
}

/* Each part goes to the voice of its language. */
static void keep_parts(struct reading *reading, const struct ui_node *node, const char *text)
{
    static const char MARKS[] = { SPOKEN_MARK, SPOKEN_MARK + 1, '\0' };
    while (*text) {
        const char *end = text + 1 + strcspn(text + 1, MARKS);
        if (end > text + 1)
            keep(reading, node, text, end);
        text = end;
    }
}

static void say(struct reading *reading, const struct ui_node *node)
{
    char text[TEXT_SIZE] = "";
    struct spoken_out out = { .text = text, .size = sizeof text };
    if (reading->said[node - reading->tree->nodes])
        return;
    reading->said[node - reading->tree->nodes] = true;
    put_name(reading, node, &out);
    if (out.used > 0 && is_target(node))
        put_state(reading, node, &out);
    reading->list->cut = reading->list->cut || out.cut;
    keep_parts(reading, node, text);
    explicit_bzero(text, sizeof text);
}

/* ---- which nodes ---- */

static bool is_inside(struct ui_rect inner, struct ui_rect outer)
{
    return inner.x >= outer.x && inner.y >= outer.y &&
           inner.x + inner.width <= outer.x + outer.width &&
           inner.y + inner.height <= outer.y + outer.height;
}

static bool is_on(const struct ui_node *upper, const struct ui_node *lower)
{
    return upper > lower && upper->role != UI_ROLE_BOX && !is_target(upper) &&
           is_inside(upper->rect, lower->rect);
}

/*
 * What is painted on a named node: with a spoken form of its own all of it is covered by that, else
 * what the name says already.
 */
static void cover(struct reading *reading, int index)
{
    const struct ui_tree *tree = reading->tree;
    const struct ui_node *node = &tree->nodes[index];
    for (int i = index + 1; i < tree->count; i++) {
        const struct ui_node *upper = &tree->nodes[i];
        if (!is_on(upper, node))
            continue;
        const bool in_name = node->text && upper->text && !upper->is_private &&
                             strstr(node->text, upper->text) != NULL;
        if (node->spoken || in_name)
            reading->said[i] = true;
    }
}

static bool is_named(const struct ui_node *node)
{
    return node->style & STYLE_SPOKEN_ONLY && is_target(node);
}

/* A named node is said together with the rest of what lies on it. */
static void say_whole(struct reading *reading, int index)
{
    const struct ui_tree *tree = reading->tree;
    say(reading, &tree->nodes[index]);
    if (!is_named(&tree->nodes[index]))
        return;
    for (int i = index + 1; i < tree->count; i++) {
        if (is_on(&tree->nodes[i], &tree->nodes[index]))
            say(reading, &tree->nodes[i]);
    }
}

static int first_node(const struct ui_tree *tree)
{
    int first = 0;
    for (int i = 0; i < tree->count; i++) {
        if (style_surface(tree->nodes[i].style) == SURFACE_SCRIM)
            first = i + 1;
    }
    return first;
}

/* Rings are said only in the question they are about, which lies over a page. */
static void hush(struct reading *reading, int first)
{
    const struct ui_tree *tree = reading->tree;
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        const bool is_silent =
            i < first || node->role == UI_ROLE_IMAGE || is_ornament(node) ||
            (node->role == UI_ROLE_TIMER && !(first > 0 && reading->rules->counts_down));
        const bool has_words = node->spoken && node->spoken[0] != '\0';
        if (is_silent && !(has_words && i >= first))
            reading->said[i] = true;
        if (node->spoken && node->spoken[0] == '\0')
            reading->said[i] = true;
    }
    for (int i = first; i < tree->count; i++) {
        if (is_named(&tree->nodes[i]))
            cover(reading, i);
    }
}

/* The node of that name, else the first large text that is more than a figure. */
static int find_title(const struct ui_tree *tree, int first)
{
    for (int i = first; i < tree->count; i++) {
        if (strcmp(tree->nodes[i].id, TITLE_ID) == 0)
            return i;
    }
    for (int i = first; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        const enum theme_size size = style_size(node->style);
        if (node->role == UI_ROLE_TEXT && node->text && node->style & STYLE_BOLD &&
            size >= SIZE_KEY && !node->is_private && !is_figures(node))
            return i;
    }
    return -1;
}

static struct reading begin(const struct ui_tree *tree, const struct spoken_rules *rules,
                            struct spoken_list *out)
{
    CHECK(rules->language < SPOKEN_LANGUAGES);
    spoken_wipe(out);
    return (struct reading){ .tree = tree, .rules = rules, .list = out };
}

void spoken_read(const struct ui_tree *tree, const struct spoken_rules *rules,
                 struct spoken_list *out)
{
    struct reading reading = begin(tree, rules, out);
    if (tree->is_staff)
        return;
    const int first = first_node(tree);
    hush(&reading, first);
    const int title = find_title(tree, first);
    if (title >= 0)
        say(&reading, &tree->nodes[title]);
    for (int i = first; i < tree->count; i++)
        say_whole(&reading, i);
}

void spoken_read_node(const struct ui_tree *tree, const struct ui_node *node,
                      const struct spoken_rules *rules, struct spoken_list *out)
{
    struct reading reading = begin(tree, rules, out);
    const ptrdiff_t index = node - tree->nodes;
    CHECK(index >= 0 && index < tree->count);
    if (tree->is_staff)
        return;
    hush(&reading, first_node(tree));
    say_whole(&reading, (int)index);
}

/* ---- news ---- */

static bool differs_in_figures_only(const char *a, const char *b)
{
    static const char FIGURES[] = "0123456789 ";
    static const char *const ZH[] = { "零", "一", "二", "两", "三", "四", "五",
                                      "六", "七", "八", "九", "十", "百" };
    for (;;) {
        const char *const before_a = a, *const before_b = b;
        a += strspn(a, FIGURES);
        b += strspn(b, FIGURES);
        for (size_t i = 0; i < ARRAY_SIZE(ZH); i++) {
            a += strncmp(a, ZH[i], strlen(ZH[i])) == 0 ? strlen(ZH[i]) : 0;
            b += strncmp(b, ZH[i], strlen(ZH[i])) == 0 ? strlen(ZH[i]) : 0;
        }
        if (a != before_a || b != before_b)
            continue;
        if (*a != *b || *a == '\0')
            return *a == *b;
        a++;
        b++;
    }
}

static bool is_known(const struct spoken_list *before, const struct spoken_utterance *utterance,
                     bool counts_down)
{
    for (int i = 0; i < before->count; i++) {
        const struct spoken_utterance *old = &before->utterances[i];
        if (strcmp(old->id, utterance->id) != 0)
            continue;
        if (strcmp(old->text, utterance->text) == 0 ||
            (counts_down && differs_in_figures_only(old->text, utterance->text)))
            return true;
    }
    return false;
}

static const struct spoken_utterance *find_field(const struct spoken_list *list)
{
    for (int i = 0; i < list->count; i++) {
        if (strcmp(list->utterances[i].id, FIELD_ID) == 0)
            return &list->utterances[i];
    }
    return NULL;
}

/* What has been typed since, or the whole after an erasure. */
static const char *typed_since(const struct spoken_list *before,
                               const struct spoken_utterance *field)
{
    const struct spoken_utterance *old = find_field(before);
    const size_t length = old ? strlen(old->text) : 0;
    if (!old || strncmp(old->text, field->text, length) != 0)
        return field->text;
    return field->text + length + strspn(field->text + length, " ");
}

/* A choice that was given up for another is no news of its own. */
static bool another_is_chosen(const struct spoken_list *before, const struct spoken_list *now)
{
    for (int i = 0; i < now->count; i++) {
        const struct spoken_utterance *utterance = &now->utterances[i];
        for (int j = 0; j < before->count; j++) {
            const struct spoken_utterance *old = &before->utterances[j];
            if (old->is_off && !utterance->is_off && utterance->id[0] != '\0' &&
                strcmp(old->id, utterance->id) == 0)
                return true;
        }
    }
    return false;
}

void spoken_find_news(const struct spoken_list *before, const struct spoken_list *now,
                      const struct spoken_rules *rules, struct spoken_list *out)
{
    const bool is_exchange = another_is_chosen(before, now);
    int last = -1; /* the last one taken */
    spoken_wipe(out);
    for (int i = 0; i < now->count; i++) {
        const struct spoken_utterance *utterance = &now->utterances[i];
        if (utterance->is_quiet || (utterance->is_off && is_exchange) ||
            is_known(before, utterance, rules->counts_down))
            continue;
        if (strcmp(utterance->id, FIELD_ID) == 0) {
            add_copy(out, utterance, typed_since(before, utterance));
            last = i;
            continue;
        }
        if (utterance->is_value && i > 0 && last != i - 1)
            add_copy(out, &now->utterances[i - 1], now->utterances[i - 1].text);
        add_copy(out, utterance, utterance->text);
        last = i;
    }
    out->cut = out->cut || now->cut;
}
