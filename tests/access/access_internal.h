/* What the rules share: the measuring of rects, ink and colours. */
#pragma once
#include "access.h"
#include "base/check.h"
#include "ui/canvas.h"
#include "ui/font.h"
#include "ui/strings.h"
#include "ui/text_layout.h"
#include "ui/theme.h"

/* measure.c: rects */
double mm_of(const struct access_screen *screen, int px);
int size_px_of(const struct access_screen *screen, const struct ui_node *node);
bool is_target(const struct ui_node *node);
/* Its text is drawn, not only said. */
bool shows_text(const struct ui_node *node);
bool rect_holds(struct ui_rect outer, struct ui_rect inner);
bool rects_meet(struct ui_rect a, struct ui_rect b);
int gap_between(struct ui_rect a, struct ui_rect b);
/* The index of the last scrim under a question or of a page over the page; 0 if there is none. */
int over_from(const struct ui_tree *tree);
/* Darkened by what lies over the page: neither read nor touched. */
bool is_under_scrim(const struct ui_tree *tree, int index);
void lines_of(const struct access_screen *screen, const struct ui_node *node,
              struct text_lines *out);
uint32_t next_code(const char **cursor);
bool is_chinese(uint32_t code);
bool has_chinese(const char *text);
bool is_bidi_mark(uint32_t code);

/* paint.c: what is drawn */
struct paint;
struct paint *paint_open(void);
void paint_close(struct paint *paint);
struct font *paint_font(struct paint *paint);
void paint_set_repaint(struct paint *paint, access_repaint *repaint);

/* The height of the ink of a capital H at this size, in pixels. */
int paint_capital_px(struct paint *paint, enum font_weight weight, int size_px);
/* A font whose capitals are this much lower, in hundredths: for the seeded defects. */
void paint_set_capitals(struct paint *paint, int percent);
bool paint_has_glyph(struct paint *paint, enum font_weight weight, uint32_t code);

/* Once per process for each look of a thing on its ground: true when it was looked at before. */
bool paint_was_seen(struct paint *paint, uint64_t key);
void paint_forget(struct paint *paint);
uint64_t paint_key_of(const struct access_screen *screen, int index, const char *kind,
                      bool with_text);

/* The best contrast of what the node adds to the picture against the ground it is drawn on; 0 when
 * it draws nothing. text: only its text, else all but its text. */
double paint_contrast(struct paint *paint, const struct access_screen *screen, int index,
                      bool text);
/* What was written on a signature field against the field. */
double paint_ink_contrast(struct paint *paint, const struct access_screen *screen, int index);
/* The edge of a target against what surrounds it: the least of its four sides. */
double paint_edge_contrast(struct paint *paint, const struct access_screen *screen, int index);
/* The ring around the control that has the focus against what is there without it: the least of its
 * four sides. */
double paint_focus_contrast(struct paint *paint, const struct access_screen *screen, int index);
/* The filled part of a progress bar against its empty part, in the picture. */
double paint_fill_contrast(struct paint *paint, const struct access_screen *screen, int index);
/* As paint_contrast of a text, with the control it stands on under the finger. */
double paint_pressed_contrast(struct paint *paint, const struct access_screen *screen, int text,
                              int control);
/* Pixels of a node painted alone that lie outside its rect. */
long paint_outside(struct paint *paint, const struct access_screen *screen,
                   const struct ui_node *node);

struct paint *access_paint(struct access_run *run);

/* The rules, by file. */
access_check rule_tree_complete, rule_on_panel, rule_ids_unique, rule_language_button,
    rule_modes_button, rule_direction, rule_modes_applied, rule_crossing, rule_footer, rule_filled,
    rule_values, rule_pager; /* rules_page.c */
access_check rule_target_size, rule_main_target_size, rule_target_gap, rule_target_named,
    rule_low_reach, rule_ticks; /* rules_target.c */
access_check rule_read_height, rule_small_height, rule_line_pitch, rule_text_fits, rule_ink_inside,
    rule_glyphs, rule_kinsoku, rule_orphan; /* rules_text.c */
access_check rule_text_contrast, rule_part_contrast, rule_pressed_contrast,
    rule_focus_contrast; /* rules_colour.c */
access_check rule_reading_order, rule_focus_order, rule_spoken, rule_private, rule_time_shown,
    rule_more_time, rule_question_alone; /* rules_use.c */
