/*
 * What the pages that explain share.
 */
#pragma once
#include "scenes/scene_inquiry_parts.h"

/* A figure that can be touched: its name, its value, and the sign that there is more to know. */
void scene_figure_row(struct scene_page *page, int insurance, enum view_figure figure,
                      const char *label, const char *value);
/* The same for anything that leads on. */
void scene_lead_row(struct scene_page *page, const char *id, const char *label, const char *value,
                    enum icon icon, enum intent intent, int argument);

/* "4,775–27,549", or one where both are the same; without .00. */
const char *scene_span(const struct scene_page *page, int64_t least_fen, int64_t most_fen);
/* "Sep 2026 to Nov 2026", or one month. */
const char *scene_run(const struct scene_page *page, month_index first, month_index last);
/* "30 Nov 2026" */
const char *scene_date(const struct scene_page *page, month_index month, int day);
/* The name of what a figure is. */
const char *scene_figure_name(const struct scene_page *page, const struct view_standard *standard,
                              enum view_figure figure);
/* A column of its own beside what is drawn in between: the button that tells where that figure
 * comes from. name: of what is shown, for who hears it. */
struct scene_why {
    struct scene_column column;
    int width; /* 0: it stands below */
    int first; /* node */
};
struct scene_why scene_why_begin(struct scene_page *page);
void scene_why_end(struct scene_page *page, struct scene_why why, int insurance,
                   enum view_figure figure, const char *name);
/* What a rule of the policy comes to in words, short enough for a row. */
const char *scene_rule_words(const struct scene_page *page, const struct view_standard *standard,
                             enum view_figure figure);

/* Buttons in rows of so many, each a choice among them. */
struct scene_grid {
    const char *prefix; /* of the ids; the number follows */
    int columns, height;
    int slot, top;
};
struct scene_grid scene_grid_begin(struct scene_page *page, const char *prefix, int columns,
                                   int count);
/* As many columns, at most so many, as leave the longest text its line. */
int scene_grid_columns(const struct scene_page *page, const char *longest, int most);
struct ui_node *scene_grid_add(struct scene_page *page, struct scene_grid *grid, int number,
                               const char *text, enum intent intent, int argument, bool enabled,
                               bool selected);
void scene_grid_end(struct scene_page *page, const struct scene_grid *grid);

/* A card around rows that can be touched. Within a seated person's reach there is none: rows then
 * stand for themselves, so that any number of them can be parted. */
struct scene_card scene_rows_begin(struct scene_page *page);
void scene_rows_end(struct scene_page *page, struct scene_card card);
void scene_card_title(struct scene_page *page, const char *text);
