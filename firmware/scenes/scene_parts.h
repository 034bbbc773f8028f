/*
 * What all screens share: the frame (header, steps, footer) and the pieces screens are made of.
 *
 * A page has two columns of flowing pieces. On an upright panel the second follows the first; on a
 * wide one they stand side by side, so that a scene is written once. Heights come from the text, so
 * nothing is cut; what does not fit the panel is a fault the scene tests find.
 *
 * Units: _dp of ui/theme.h; everything else pixels of the panel.
 */
#pragma once
#include "base/check.h"
#include "scenes/scene_list.h"
#include "ui/icons.h"
#include "ui/strings.h"
#include "ui/theme.h"

/* Groups of nodes that never stand on two sheets. */
#define SCENE_KEEPS_MAX 40

struct scene_column {
    int x, y, width, bottom;
};

/* How large the type is: the largest with which the page fits. */
enum scene_room {
    ROOM_AMPLE,
    ROOM_USUAL,
    ROOM_TIGHT,
};

struct scene_action {
    const char *id;
    const char *text;
    enum intent intent;
    int argument;
    bool enabled, primary;
};

#define SCENE_ACTIONS_MAX 4
#define SCENE_ROWS_MAX 4

/* Laid out before the body, which ends above it, and drawn after it, as it is read. */
struct scene_footer {
    struct scene_action actions[SCENE_ACTIONS_MAX];
    int action_count;
    int row_of[SCENE_ACTIONS_MAX];
    int rows; /* of actions; 0: only the note, if any */
    int top;
    bool has_modes;   /* the buttons of the header stand here, in reach */
    const char *note; /* a line of its own: the time, how to call */
};

struct scene_page {
    const struct session_view *view;
    const struct scene_panel *panel;
    struct ui_tree *tree;
    int scale;
    bool wide;
    bool elder; /* large type: fewer things, no small ones */
    enum scene_room room;
    int level; /* which try at the body this is, 0 the largest */
    int language;
    int reach_top; /* no target above this; 0: anywhere */
    struct scene_footer footer;
    struct scene_column body;   /* what lies between header and footer */
    int body_top;               /* the same, where a scene moved its columns down */
    struct scene_column column; /* where the next piece goes */
    int title;                  /* node of the title, repeated on every sheet; 0 none */
    int keep_first[SCENE_KEEPS_MAX], keep_end[SCENE_KEEPS_MAX], keep_count;
    /* Of each column: what is left is shared out in thousandths of a pixel a share. */
    int side;       /* the column being filled */
    int first_node; /* of the second column; 0 while there is none */
    int spread[2], shares[2];
    bool centred[2];
    bool is_last_try; /* nothing else fits: prose of elders in the smallest type they get */
    bool rigid;       /* nothing grows: the heading both columns begin below */
};

/* Words and figures; all in the tree's arena. */
int scene_px(const struct scene_page *page, int dp);
/* Of a text in this page's look. */
int scene_size_px(const struct scene_page *page, enum theme_size size);
const char *scene_text(const struct scene_page *page, enum string_id id);
const char *scene_format(const struct scene_page *page, enum string_id id,
                         const struct string_value *values, int count);
#define SCENE_FORMAT(page, id, ...)                                                                \
    scene_format((page), (id), (const struct string_value[]){ __VA_ARGS__ },                       \
                 (int)ARRAY_SIZE(((const struct string_value[]){ __VA_ARGS__ })))
const char *scene_own(const struct scene_page *page, const char *text);
/* "1,234.50" */
const char *scene_yuan(const struct scene_page *page, int64_t fen);
/* "1,234" when there are no fen, else as scene_yuan. */
const char *scene_yuan_short(const struct scene_page *page, int64_t fen);
/* "¥1,234.50" */
const char *scene_amount(const struct scene_page *page, int64_t fen);
/* 85000 → "8.5%" */
const char *scene_percent(const struct scene_page *page, int32_t rate);
const char *scene_month(const struct scene_page *page, month_index month);
const char *scene_months(const struct scene_page *page, int count);
const char *scene_count(const struct scene_page *page, int64_t count);
/* "2026-11-25", and "2026-11" or "2026-09 to 2026-11". */
const char *scene_due_date(const struct scene_page *page, int32_t date);
const char *scene_due_run(const struct scene_page *page, month_index first, month_index last);
/* What is to be paid next and until when, or that no day is fixed and where to ask (scene_due.c).
 */
const char *scene_next_due(const struct scene_page *page);
/* What is still to pay for months paid by older figures; nothing if there is none. */
void scene_differences(struct scene_page *page);
/* "5、10、20" */
const char *scene_denominations(const struct scene_page *page);
/* A long number in groups people say aloud. */
const char *scene_number(const struct scene_page *page, const char *number);
const char *scene_window(const struct scene_page *page);
/* The sentence for a service that is not offered. */
const char *scene_service(const struct scene_page *page, enum service service);
/* Somebody who is not registered yet cannot be registered now, and the banner that says why. */
bool scene_registration_is_refused(const struct session_view *view);
void scene_refused_registration(struct scene_page *page);

/* The time, and whom to call. */
const char *scene_now(const struct scene_page *page);
/* When the hall is open and whether it is now; NULL: always. */
const char *scene_hours(const struct scene_page *page);
/* What the machine can do now (scene_services.c). */
void scene_services(struct scene_page *page);
/* What there is to read without a card: what one owes and why, ways to pay, window and phone; on
 * the first page and during an outage. */
void scene_reading_options(struct scene_page *page, enum icon rights);

/* The frame (scene_frame.c). */
void scene_page_begin(struct scene_page *page, const struct session_view *view,
                      const struct scene_panel *panel, struct ui_tree *tree);
/* From here on pieces go to the second column of a wide panel; on an upright one nothing changes.
 */
void scene_second_column(struct scene_page *page);
#define SCENE_COLUMN_GAP_DP 48
/* A page that may be too full is built again with less: remember its start, go back to it. */
struct scene_mark {
    struct scene_page page;
    int nodes, arena_used;
};
struct scene_mark scene_mark(const struct scene_page *page);
void scene_rewind(struct scene_page *page, const struct scene_mark *mark);
/* Does the column end above the footer? */
bool scene_fits(const struct scene_page *page);
/*
 * Builds the body at level 0, then at 1 and on until it fits, and shares out the height left over:
 * gaps, cards, rows and pictures each take some, so that a page with little on it is not half
 * empty.
 */
typedef void scene_body(struct scene_page *page);
void scene_build_body(struct scene_page *page, scene_body *body, int levels);
#define SCENE_LEVELS 3 /* one for each room */
/* Pixels a piece is higher than it must be; called once a build for each piece. */
int scene_grow(struct scene_page *page, int share, int most_dp);
/* The heading of both columns: pieces between these do not grow, and columns begin below them. */
void scene_heading_begin(struct scene_page *page);
void scene_heading_end(struct scene_page *page);
/* All that is left goes here: what follows stands at the foot of the column. */
void scene_spring(struct scene_page *page);
/* What cannot be shared out goes half above, half below. */
void scene_centre(struct scene_page *page);

/* The footer; before scene_build_body, which draws it. */
void scene_footer(struct scene_page *page, const struct scene_action *actions, int count);
/* Back, quit and next: the footer of most pages. next NULL: no such button. */
void scene_footer_usual(struct scene_page *page, bool back, const char *next, bool next_enabled);
/* The line of a page without buttons; before scene_footer. */
void scene_footer_note(struct scene_page *page, const char *note);
void scene_draw_footer(struct scene_page *page);
/* Language and modes from x to the left, in the header or the footer; returns what is left. */
int scene_mode_buttons(struct scene_page *page, int right, int top, int height);

/* scene_sheets.c: a body that is too long, or that has controls out of reach, is shown sheet by
 * sheet. The nodes from first on are the body's. False, and nothing done, if a piece is higher than
 * a sheet, unless this is the last try. */
bool scene_lay_sheets(struct scene_page *page, int first, bool at_last);
/* What is added between these stands on one sheet. */
int scene_keep_begin(const struct scene_page *page);
void scene_keep_end(struct scene_page *page, int first);

/* Pages over the page (scene_overlay.c). */
void scene_modes(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree);
void scene_privacy(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree);
void scene_figure(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree);
void scene_rights_over(const struct session_view *view, const struct scene_panel *panel,
                       struct ui_tree *tree);
/* Their one button: back to the page. */
void scene_over_footer(struct scene_page *page, enum string_id words);
/* The large question over a finished screen: nothing below it can be touched but the language. */
void scene_more_time(const struct session_view *view, const struct scene_panel *panel,
                     struct ui_tree *tree);

/* Of a finished tree: marks the nodes that show the person's own data. scene_private.c */
void scene_mark_private(const struct session_view *view, struct ui_tree *tree);

/* Pieces; each advances page->column. */
void scene_gap(struct scene_page *page, int dp);
void scene_title(struct scene_page *page, const char *text);
void scene_lead(struct scene_page *page, const char *text);
struct ui_node *scene_words(struct scene_page *page, const char *text, int style);
void scene_banner(struct scene_page *page, enum theme_surface surface, enum icon icon,
                  const char *text);
/* The same with a large sign and a bold word, for what must not be missed. */
void scene_alert(struct scene_page *page, enum theme_surface surface, enum icon icon,
                 const char *text);
void scene_picture(struct scene_page *page, enum icon icon, int side_dp, enum theme_ink ink);
/* A picture as large as there is room. */
void scene_illustration(struct scene_page *page, enum icon icon, int least_dp, int most_dp,
                        enum theme_ink ink);
/* One at the left edge, over a title. */
void scene_emblem_centred(struct scene_page *page, enum icon icon, int side_dp);
void scene_emblem(struct scene_page *page, enum icon icon, int side_dp, enum theme_ink ink);
/* Returns the node of the value. */
struct ui_node *scene_row(struct scene_page *page, const char *label, const char *value,
                          bool strong);
void scene_rule(struct scene_page *page);
/* A sum as the last line of a card, and as a box of its own. */
void scene_total(struct scene_page *page, const char *label, int64_t fen);
void scene_sum(struct scene_page *page, const char *label, int64_t fen);
/* Prose and captions: larger where there is room. */
int scene_prose(const struct scene_page *page, enum theme_ink ink);
int scene_caption(const struct scene_page *page, enum theme_ink ink);
/* The largest size up to most in which a bold text stays in one line of this width. */
enum theme_size scene_size_for(const struct scene_page *page, const char *text, int width,
                               enum theme_size most);
/* A tick on what is chosen: colour alone would not do. */
void scene_tick(struct scene_page *page, int x, int y, int side);
/* Tags in a line, wrapped. */
void scene_tags(struct scene_page *page, const char *const *texts, int count,
                enum theme_surface surface);
/* A code for a phone, with what it is good for beside or below it. */
void scene_qr(struct scene_page *page, const char *payload, const char *words, int side_dp);
/* A field to write on; hint stands in it while it is empty. */
void scene_signature(struct scene_page *page, const struct ui_strokes *strokes, const char *hint);
/* Returns its node. */
struct ui_node *scene_field(struct scene_page *page, const char *digits);
void scene_keypad(struct scene_page *page, int key_dp);

/* The keypad of a page that has a field: below it, or beside it where there is room. */
void scene_keypad_column(struct scene_page *page);
/* The page on which the machine works and nothing is to be done: a large picture. */
void scene_working(struct scene_page *page, enum icon icon);

/* The largest size up to most in which no word is wider than this width. */
enum theme_size scene_size_unbroken(const struct scene_page *page, const char *text, int width,
                                    enum theme_size most);

/* A card around the pieces between begin and end; NULL id: no target. */
struct scene_card {
    int node, growth;
    struct scene_column outside;
};
struct scene_card scene_card_begin(struct scene_page *page, enum theme_surface surface);
struct ui_node *scene_card_end(struct scene_page *page, struct scene_card card);

/* One target. Returns its node. */
struct ui_node *scene_button(struct scene_page *page, struct ui_rect rect, const char *id,
                             const char *text, int style, enum intent intent, int argument);
/* A wide choice with icon, title and words. */
struct scene_option {
    const char *id;
    const char *title, *words;
    enum icon icon;
    enum intent intent;
    int argument;
    bool enabled, primary;
};
void scene_option(struct scene_page *page, const struct scene_option *option);

/* A card that explains: sign, title, words. */
void scene_section(struct scene_page *page, enum icon icon, const char *title, const char *words);

/* Two buttons alike in size, beside or, in a long language, below one another. */
void scene_pair(struct scene_page *page, const struct scene_action pair[2], enum theme_size size);

/* To whom larger type may help: taken with one touch, declined with another, never forced. */
void scene_large_offer(struct scene_page *page);

/* A wide choice with a box to tick. */
struct scene_choice {
    const char *id;
    const char *title, *words;
    enum intent intent;
    int argument;
    bool selected, enabled;
};
struct ui_node *scene_choice(struct scene_page *page, const struct scene_choice *choice);
void scene_tick_box(struct scene_page *page, int x, int y, int side, bool selected);
enum theme_surface scene_choice_surface(bool enabled, bool selected);

/* Builders, one per step. */
scene_build_function scene_home, scene_out_of_service, scene_rights, scene_identify,
    scene_card_problem, scene_refused, scene_owed, scene_base, scene_choices, scene_checking,
    scene_starts, scene_materials, scene_certificate, scene_phone, scene_consent, scene_sign,
    scene_registered, scene_months_page, scene_method, scene_cash, scene_receipt, scene_done,
    scene_goodbye, scene_asking, scene_inquiry, scene_list_months, scene_where, scene_slip_number,
    scene_found, scene_printing, scene_learn, scene_standards, scene_times, scene_individual,
    scene_law, scene_calculator, scene_grades, scene_leaving, scene_plan;
