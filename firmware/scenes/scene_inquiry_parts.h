/*
 * What the inquiry pages share.
 */
#pragma once
#include "scenes/scene_parts.h"

/* "2026年11月", "Nov 2026" */
const char *scene_month_words(const struct scene_page *page, month_index month);
/* "11月", "Nov"; number: 1..12 */
const char *scene_month_name(const struct scene_page *page, int number);
/* "2026-11-30 10:32" as people of that language write it. */
const char *scene_moment(const struct scene_page *page, int64_t wall_ms);
/* Whose records these are, and as of when. */
void scene_inquiry_source(struct scene_page *page);
/* What came of the last print of this page; nothing if there was none. */
void scene_print_notice(struct scene_page *page, enum view_print print);
/* "booked" */
const char *scene_money_state(const struct scene_page *page, enum view_money money);
/* Two buttons that turn the parts of a list; nothing where there is only one part. */
void scene_turns(struct scene_page *page, const struct scene_action turns[2]);
