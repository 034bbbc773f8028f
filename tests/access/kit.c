#include "kit.h"

#include <stdio.h>

#include "base/check.h"
#include "scenes/scene_parts.h"
#include "ui/strokes.h"
#include "ui/text_layout.h"

/* What pieces say is the product's words, so that the pseudo-languages stretch and turn them. */
static const char *words(const struct scene_page *page, enum string_id id)
{
    return scene_text(page, id);
}

/* Names of pieces are for us and stand in no table. */
static void title(struct scene_page *page, const char *zh, const char *en)
{
    scene_title(page, page->language == LANGUAGE_ZH ? zh : en);
    scene_gap(page, 12);
}

static void build_page(const struct session_view *view, const struct scene_panel *panel,
                       struct ui_tree *tree, scene_body *body)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, words(&page, STR_FOOTER_NEXT), !view->registration_service);
    scene_build_body(&page, body, SCENE_LEVELS);
}

#define KIT_BUILDER(name)                                                                          \
    static void build_##name(const struct session_view *view, const struct scene_panel *panel,     \
                             struct ui_tree *tree)                                                 \
    {                                                                                              \
        build_page(view, panel, tree, name);                                                       \
    }

/* ---- controls ---- */

static struct scene_action action(const struct scene_page *page, const char *id,
                                  enum string_id id_of_text, bool enabled, bool primary)
{
    return (struct scene_action){ id, words(page, id_of_text), INTENT_NEXT, 0, enabled, primary };
}

static void pair_card(struct scene_page *page, struct scene_action first,
                      struct scene_action second, enum theme_size size, enum string_id says)
{
    const struct scene_action pair[2] = { first, second };
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_words(page, words(page, says), scene_prose(page, INK_STRONG));
    scene_gap(page, 16);
    scene_pair(page, pair, size);
    scene_card_end(page, card);
    scene_gap(page, 24);
}

/* As high as its words are. */
static void one_button(struct scene_page *page, const char *id, enum string_id says,
                       enum theme_surface surface)
{
    const bool primary = surface == SURFACE_BUTTON_PRIMARY;
    const int style =
        STYLE(surface, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | (primary ? STYLE_BOLD : 0);
    const int inner = page->column.width - 2 * scene_px(page, theme_padding_dp(surface));
    const int height = text_layout_height(style_weight(style), scene_size_px(page, SIZE_BUTTON),
                                          words(page, says), inner) +
                       scene_px(page, 60);
    const struct ui_rect rect = { page->column.x, page->column.y, page->column.width, height };
    struct ui_node *node = scene_button(page, rect, id, words(page, says), style, INTENT_NEXT, 0);
    node->enabled = surface != SURFACE_BUTTON_OFF;
    node->primary = primary;
    page->column.y += height;
    scene_gap(page, 24);
}

static void buttons(struct scene_page *page)
{
    title(page, "按钮", "Buttons");
    one_button(page, "kit.primary", STR_MORE_YES, SURFACE_BUTTON_PRIMARY);
    one_button(page, "kit.plain", STR_MORE_END, SURFACE_BUTTON);
    one_button(page, "kit.off", STR_CASH_FINISH, SURFACE_BUTTON_OFF);
    scene_second_column(page);
    pair_card(page, action(page, "kit.later", STR_REGISTERED_LATER, true, false),
              action(page, "kit.pay", STR_REGISTERED_PAY, true, true), SIZE_BUTTON,
              STR_REGISTERED_NEXT);
    pair_card(page, action(page, "kit.quieter", STR_MODES_QUIETER, false, false),
              action(page, "kit.louder", STR_MODES_LOUDER, true, false), SIZE_BODY,
              STR_MODES_SPOKEN_LEAD);
    pair_card(page, action(page, "kit.refuse", STR_CONSENT_REFUSE, true, false),
              action(page, "kit.agree", STR_CONSENT_NEXT, false, true), SIZE_BODY,
              STR_CONSENT_LEAD);
}
KIT_BUILDER(buttons)

static void option(struct scene_page *page, const char *id, enum string_id name, const char *says,
                   enum icon icon, bool enabled, bool primary)
{
    const struct scene_option option = { .id = id,
                                         .title = words(page, name),
                                         .words = says,
                                         .icon = icon,
                                         .intent = INTENT_NEXT,
                                         .enabled = enabled,
                                         .primary = primary };
    scene_option(page, &option);
    scene_gap(page, 24);
}

static void options(struct scene_page *page)
{
    title(page, "选项卡片", "Option cards");
    option(page, "kit.primary", STR_METHOD_CASH, words(page, STR_METHOD_CASH_LEAD), ICON_PAY, true,
           true);
    option(page, "kit.plain", STR_PRIVACY_TITLE, words(page, STR_PRIVACY_OPTION_LEAD), ICON_SHIELD,
           true, false);
    scene_second_column(page);
    option(page, "kit.short", STR_OUTAGE_PHONE, NULL, ICON_PHONE, true, false);
    option(page, "kit.off", STR_METHOD_NO_CASH,
           SCENE_FORMAT(page, STR_METHOD_NO_CASH_LEAD, { "window", scene_window(page) }), ICON_PAY,
           false, false);
    scene_banner(page, SURFACE_BANNER, ICON_INFO, words(page, STR_MODES_LEAD));
}
KIT_BUILDER(options)

static void choice(struct scene_page *page, const char *id, enum string_id name,
                   enum string_id says, bool selected, bool enabled)
{
    const struct scene_choice choice = { .id = id,
                                         .title = words(page, name),
                                         .words = words(page, says),
                                         .intent = INTENT_NEXT,
                                         .selected = selected,
                                         .enabled = enabled };
    scene_choice(page, &choice);
    scene_gap(page, 24);
}

static void choices(struct scene_page *page)
{
    title(page, "选择行", "Choice rows");
    choice(page, "kit.chosen", STR_MODES_LARGE, STR_MODES_LARGE_LEAD, true, true);
    choice(page, "kit.open", STR_MODES_CONTRAST, STR_MODES_CONTRAST_LEAD, false, true);
    scene_second_column(page);
    choice(page, "kit.off", STR_MODES_LOW_REACH, STR_MODES_LOW_REACH_LEAD, false, false);
    choice(page, "kit.kept", STR_MODES_SPOKEN, STR_MODES_SPOKEN_LEAD, true, false);
    scene_section(page, ICON_SHIELD, words(page, STR_PRIVACY_WHY),
                  words(page, STR_PRIVACY_WHY_LEAD));
}
KIT_BUILDER(choices)

static void keypad(struct scene_page *page)
{
    title(page, "数字键盘", "Keypad");
    scene_field(page, page->view->base_typed);
    scene_gap(page, 24);
    scene_banner(page, SURFACE_BANNER, ICON_INFO, words(page, STR_PHONE_LEAD));
    scene_gap(page, 24);
    scene_second_column(page);
    scene_keypad(page, page->elder && page->is_last_try ? 84 : page->wide ? 108 : 120);
}
KIT_BUILDER(keypad)

static void typed(struct session_view *view)
{
    snprintf(view->base_typed, sizeof(view->base_typed), "12345");
}

/* ---- what is said ---- */

static void amount(struct scene_page *page, enum string_id label, int64_t fen, enum theme_size most,
                   enum theme_ink ink)
{
    const char *text = scene_amount(page, fen);
    const enum theme_size size = scene_size_for(page, text, page->column.width, most);
    scene_words(page, words(page, label), scene_caption(page, INK_SECOND));
    scene_words(page, text, STYLE(SURFACE_NONE, size, ink, ALIGN_LEFT) | STYLE_BOLD);
}

static void progress(struct scene_page *page, const char *id, int64_t value)
{
    const struct ui_rect rect = { page->column.x, page->column.y, page->column.width,
                                  scene_px(page, 28) };
    struct ui_node *bar = ui_tree_add(page->tree, UI_ROLE_PROGRESS, rect,
                                      STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    ui_tree_name(page->tree, bar, "%s", id);
    bar->value = value;
    bar->value_max = 100;
    page->column.y += rect.height;
    scene_gap(page, 12);
}

static void money(struct scene_page *page)
{
    const struct session_view *view = page->view;
    title(page, "金额", "Sums");
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    amount(page, STR_CASH_LEFT, view->due_fen, SIZE_HUGE, INK_PRIMARY);
    progress(page, "kit.half", 50);
    progress(page, "kit.full", 100);
    scene_row(page, words(page, STR_CASH_RECEIVED), scene_amount(page, view->inserted_fen), true);
    scene_rule(page);
    scene_row(page, words(page, STR_DONE_METHOD), words(page, STR_DONE_METHOD_CASH), false);
    scene_card_end(page, card);
    scene_gap(page, 24);
    scene_second_column(page);
    card = scene_card_begin(page, SURFACE_CARD);
    scene_row(page, words(page, STR_DONE_SURPLUS), scene_amount(page, view->surplus_fen), false);
    scene_rule(page);
    scene_gap(page, 12);
    scene_total(page, words(page, STR_METHOD_TOTAL), view->due_fen);
    scene_card_end(page, card);
}
KIT_BUILDER(money)

static void sum(struct scene_page *page)
{
    title(page, "合计", "Sum");
    scene_sum(page, words(page, STR_OWED_TOTAL), page->view->monthly_total_fen);
    scene_gap(page, 24);
    scene_banner(page, SURFACE_BANNER, ICON_INFO, words(page, STR_MONTHS_TITLE));
    scene_second_column(page);
    scene_gap(page, 24);
    scene_section(page, ICON_PAY, words(page, STR_PRIVACY_WHY), words(page, STR_PRIVACY_WHY_LEAD));
    scene_gap(page, 24);
    scene_section(page, ICON_CLOCK, words(page, STR_CONSENT_KEPT),
                  words(page, STR_CONSENT_KEPT_LEAD));
}
KIT_BUILDER(sum)

/* The largest the program lets through. */
static void large_sums(struct session_view *view)
{
    view->due_fen = view->inserted_fen = view->monthly_total_fen = INT64_C(99999999);
    view->surplus_fen = 9999;
}

static void tags(struct scene_page *page)
{
    static const enum theme_surface SURFACES_OF[] = { SURFACE_TAG, SURFACE_TAG_GOOD,
                                                      SURFACE_TAG_CAUTION, SURFACE_TAG_BAD };
    static const enum string_id SAYS[] = { STR_CASH_ACCEPTED, STR_CASH_COUNTED,
                                           STR_OWED_UNAVAILABLE, STR_METHOD_NO_CASH };
    const struct session_view *view = page->view;
    const char *texts[VIEW_NOTES_MAX];
    title(page, "标签", "Tags");
    for (int i = 0; i < view->accepted_count; i++)
        texts[i] = scene_yuan_short(page, view->accepted_fen[i]);
    for (int i = 0; i < (int)ARRAY_SIZE(SAYS); i++) {
        if (i == 2)
            scene_second_column(page);
        struct scene_card card = scene_card_begin(page, SURFACE_CARD);
        scene_words(page, words(page, SAYS[i]), scene_caption(page, INK_SECOND));
        scene_gap(page, 14);
        scene_tags(page, texts, view->accepted_count, SURFACES_OF[i]);
        scene_card_end(page, card);
        scene_gap(page, 24);
    }
}
KIT_BUILDER(tags)

static void banners(struct scene_page *page)
{
    title(page, "提示条", "Banners");
    scene_banner(page, SURFACE_BANNER, ICON_INFO, words(page, STR_CASH_NOTICE_NONE));
    scene_gap(page, 24);
    scene_banner(page, SURFACE_BANNER_GOOD, ICON_CHECK, words(page, STR_DONE_PRINTED));
    scene_gap(page, 24);
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WARNING, words(page, STR_CASH_NOTICE_RETURNED));
    scene_gap(page, 24);
    scene_banner(page, SURFACE_BANNER_BAD, ICON_WARNING, words(page, STR_CASH_NOTICE_DEVICE_LOST));
    scene_gap(page, 24);
    scene_banner(page, SURFACE_BANNER, ICON_NONE, words(page, STR_CARD_AGAIN));
    scene_gap(page, 24);
    scene_second_column(page);
    scene_alert(page, SURFACE_BANNER_CAUTION, ICON_REGISTER, words(page, STR_DONE_CARD_LEFT));
    scene_gap(page, 24);
    scene_alert(page, SURFACE_BANNER_BAD, ICON_WARNING, words(page, STR_OUTAGE_TITLE));
    scene_gap(page, 24);
    scene_alert(page, SURFACE_BANNER_GOOD, ICON_CHECK, words(page, STR_REGISTERED_TITLE));
}
KIT_BUILDER(banners)

/* ---- the frame: steps, ring ---- */

static void frame(struct scene_page *page)
{
    title(page, "步骤与计时", "Steps and ring");
    scene_lead(page, words(page, STR_MONTHS_TITLE));
    scene_section(page, ICON_CLOCK, words(page, STR_CONSENT_KEPT),
                  words(page, STR_CONSENT_KEPT_LEAD));
    scene_gap(page, 24);
    scene_second_column(page);
    scene_section(page, ICON_LOOK, words(page, STR_PRIVACY_WHY), words(page, STR_PRIVACY_WHY_LEAD));
    scene_gap(page, 24);
    scene_banner(page, SURFACE_BANNER, ICON_INFO, words(page, STR_REGISTERED_LATER_LEAD));
}
KIT_BUILDER(frame)

static void first_step(struct session_view *view)
{
    view->steps_total = 5;
    view->steps_done = 0;
    view->registering = false;
    view->seconds_left = view->seconds_total = 90;
}

static void last_step(struct session_view *view)
{
    view->steps_total = 6;
    view->steps_done = 6;
    view->seconds_left = 1;
    view->registration_service = SERVICE_NUMBERS; /* the next step is off */
}

static void no_steps(struct session_view *view)
{
    view->steps_total = view->steps_done = view->seconds_total = 0;
}

/* ---- a list in parts ---- */

#define LIST_ROWS 18

static void list(struct scene_page *page)
{
    title(page, "分页列表", "List in parts");
    for (int i = 0; i < LIST_ROWS; i++) {
        char id[UI_ID_SIZE];
        snprintf(id, sizeof(id), "kit.%d", i);
        const struct scene_choice choice = { .id = id,
                                             .title =
                                                 scene_month(page, page->view->first_month + i),
                                             .words = scene_amount(page, page->view->due_fen),
                                             .intent = INTENT_NEXT,
                                             .argument = i,
                                             .selected = i % 5 == 0,
                                             .enabled = true };
        scene_choice(page, &choice);
        scene_gap(page, 20);
    }
}
KIT_BUILDER(list)

/* ---- the field to write on ---- */

/* Two characters, in hundredths of the field. */
static void write_name(struct ui_strokes *strokes)
{
    static const uint8_t LINES[][6] = {
        { 20, 28, 30, 27, 41, 26 }, { 22, 50, 30, 49, 39, 48 }, { 31, 28, 31, 52, 30, 76 },
        { 17, 78, 30, 76, 45, 77 }, { 62, 18, 58, 32, 53, 42 }, { 58, 34, 58, 46, 58, 58 },
        { 76, 20, 71, 30, 64, 36 }, { 67, 20, 67, 46, 79, 44 }, { 52, 66, 66, 64, 82, 63 },
        { 67, 52, 67, 74, 66, 92 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(LINES) * 3; i++) {
        const uint8_t *at = &LINES[i / 3][i % 3 * 2];
        const struct ui_stroke_point point = { (uint16_t)(at[0] * UI_STROKE_RANGE / 100),
                                               (uint16_t)(at[1] * UI_STROKE_RANGE / 100),
                                               i % 3 == 0 };
        (void)strokes_put(strokes, &point);
    }
}

static void signature(struct scene_page *page)
{
    const bool is_empty = page->view->base_typed[0] == '\0';
    const char *hint =
        page->language == LANGUAGE_ZH ? "请用手指在这里签名" : "Sign here with your finger";
    struct ui_strokes strokes = { 0 };
    if (!is_empty)
        write_name(&strokes);
    title(page, "签名", "Signature");
    scene_lead(page, words(page, STR_CONSENT_BOX));
    scene_signature(page, &strokes, hint);
    scene_gap(page, 24);
    const struct scene_action pair[2] = {
        action(page, "kit.clear", STR_KEY_CLEAR, !is_empty, false),
        action(page, "kit.refuse", STR_CONSENT_REFUSE, true, false)
    };
    scene_second_column(page);
    scene_section(page, ICON_SHIELD, words(page, STR_CONSENT_KEPT),
                  words(page, STR_CONSENT_KEPT_LEAD));
    scene_gap(page, 24);
    scene_pair(page, pair, SIZE_BODY);
}
KIT_BUILDER(signature)

/* ---- pictures ---- */

static void qr(struct scene_page *page)
{
    title(page, "二维码", "QR code");
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_qr(page, "https://bureau.example/v?n=440300000003202611300000011",
             words(page, STR_DONE_PRINTED), page->room == ROOM_TIGHT ? 240 : 320);
    scene_card_end(page, card);
    scene_gap(page, 24);
    scene_second_column(page);
    card = scene_card_begin(page, SURFACE_CARD);
    scene_row(page, words(page, STR_DONE_VOUCHER), scene_number(page, page->view->voucher), true);
    scene_rule(page);
    scene_row(page, words(page, STR_DONE_APPLIED), scene_amount(page, page->view->applied_fen),
              false);
    scene_card_end(page, card);
    scene_gap(page, 24);
    scene_section(page, ICON_RECEIPT, words(page, STR_STEP_RECEIPT), words(page, STR_OUTAGE_SOON));
    scene_gap(page, 24);
    scene_alert(page, SURFACE_BANNER_GOOD, ICON_CHECK, words(page, STR_REGISTERED_TITLE));
}
KIT_BUILDER(qr)

struct picture {
    enum icon icon;
    enum string_id title, says;
};

static const struct picture PICTURES[] = {
    { ICON_PLACE_CARD, STR_IDENTIFY_TITLE, STR_IDENTIFY_LEAD },
    { ICON_READING_CARD, STR_IDENTIFY_READING, STR_IDENTIFY_READING_LEAD },
    { ICON_FEED_NOTE, STR_CASH_TITLE, STR_CASH_NOTICE_NONE },
    { ICON_TAKE_RECEIPT, STR_DONE_TITLE, STR_DONE_PRINTED },
    { ICON_TAKE_CARD, STR_DONE_CARD_LEFT, STR_GOODBYE_CARD_LEFT },
};

/* Which of them: the view has a number to spare. */
static void illustration(struct scene_page *page)
{
    const struct picture *picture = &PICTURES[page->view->months_chosen];
    scene_title(page, words(page, picture->title));
    scene_gap(page, 16);
    scene_banner(page, SURFACE_BANNER, ICON_INFO, words(page, picture->says));
    scene_gap(page, 24);
    scene_second_column(page);
    struct scene_card card = scene_card_begin(page, SURFACE_CARD_SELECTED);
    scene_illustration(page, picture->icon, page->wide ? 300 : 500, 880, INK_DEFAULT);
    scene_card_end(page, card);
}
KIT_BUILDER(illustration)

static void place_card(struct session_view *view)
{
    view->months_chosen = 0;
}

static void reading_card(struct session_view *view)
{
    view->months_chosen = 1;
}

static void feed_note(struct session_view *view)
{
    view->months_chosen = 2;
}

static void take_receipt(struct session_view *view)
{
    view->months_chosen = 3;
}

static void take_card(struct session_view *view)
{
    view->months_chosen = 4;
}

static void signs(struct scene_page *page)
{
    title(page, "图标", "Signs");
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_emblem(page, ICON_REGISTER, 120, INK_DEFAULT);
    scene_gap(page, 12);
    scene_words(page, words(page, STR_REGISTERED_TITLE), scene_prose(page, INK_STRONG));
    scene_card_end(page, card);
    scene_gap(page, 24);
    scene_second_column(page);
    card = scene_card_begin(page, SURFACE_CARD);
    scene_picture(page, ICON_CHECK, 200, INK_GOOD);
    scene_gap(page, 16);
    scene_picture(page, ICON_NOTE, 200, INK_CAUTION);
    scene_gap(page, 16);
    scene_picture(page, ICON_WARNING, 200, INK_BAD);
    scene_card_end(page, card);
}
KIT_BUILDER(signs)

/* ---- large pieces ---- */

static void offer(struct scene_page *page)
{
    title(page, "大字提议", "Offer of larger type");
    scene_large_offer(page);
    scene_second_column(page);
    scene_section(page, ICON_LOOK, words(page, STR_MODES_LARGE), words(page, STR_MODES_LARGE_LEAD));
    scene_gap(page, 24);
    scene_section(page, ICON_SHIELD, words(page, STR_MODES_CONTRAST),
                  words(page, STR_MODES_CONTRAST_LEAD));
}
KIT_BUILDER(offer)

static void offered(struct session_view *view)
{
    view->large_offered = true;
}

static void services(struct scene_page *page)
{
    title(page, "服务状态", "Services");
    scene_services(page);
    scene_gap(page, 24);
    scene_second_column(page);
    scene_refused_registration(page);
    scene_gap(page, 24);
    scene_section(page, ICON_WINDOW, words(page, STR_OUTAGE_WINDOW),
                  SCENE_FORMAT(page, STR_OUTAGE_WINDOW_LEAD, { "window", scene_window(page) }));
}
KIT_BUILDER(services)

static void some_services(struct session_view *view)
{
    view->cash_service = SERVICE_PAPER_OUT;
    view->registration_service = SERVICE_NUMBERS;
    view->bureau_reachable = false;
}

static const struct kit_page PAGES[] = {
    { "kit.buttons", build_buttons, NULL },
    { "kit.options", build_options, NULL },
    { "kit.choices", build_choices, NULL },
    { "kit.keypad-empty", build_keypad, NULL },
    { "kit.keypad-typed", build_keypad, typed },
    { "kit.money", build_money, NULL },
    { "kit.money-largest", build_money, large_sums },
    { "kit.sum", build_sum, NULL },
    { "kit.sum-largest", build_sum, large_sums },
    { "kit.tags", build_tags, NULL },
    { "kit.banners", build_banners, NULL },
    { "kit.first-step", build_frame, first_step },
    { "kit.last-step", build_frame, last_step },
    { "kit.no-steps", build_frame, no_steps },
    { "kit.list", build_list, NULL },
    { "kit.signature-empty", build_signature, NULL },
    { "kit.signature", build_signature, typed },
    { "kit.qr", build_qr, NULL },
    { "kit.place-card", build_illustration, place_card },
    { "kit.reading-card", build_illustration, reading_card },
    { "kit.feed-note", build_illustration, feed_note },
    { "kit.take-receipt", build_illustration, take_receipt },
    { "kit.take-card", build_illustration, take_card },
    { "kit.signs", build_signs, NULL },
    { "kit.large-offer", build_offer, offered },
    { "kit.services", build_services, some_services },
};

int kit_count(void)
{
    return (int)ARRAY_SIZE(PAGES);
}

const struct kit_page *kit_at(int index)
{
    CHECK(index >= 0 && index < kit_count());
    return &PAGES[index];
}
