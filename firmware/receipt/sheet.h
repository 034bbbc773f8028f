/*
 * What all slips are set in: the sizes for the paper's width, and facts, sums and sentences in
 * Chinese with English beside or under them.
 */
#pragma once
#include "base/money.h"
#include "receipt/paper.h"
#include "receipt/receipt.h"

/* Han body at least 24 dots (3 mm), English at least 20; key facts 32 and more.
 * Small sizes are bold, so that no stroke is thinner than two dots. */
struct style {
    struct paper_type heading, title, title_en, body, strong, english, key, sum;
    int margin;
    int tab; /* of the facts in the head; 0: at the right edge */
    bool is_narrow;
};
/* Requires: 384 or 576. */
const struct style *sheet_style_of(int width_dots);

struct sheet {
    struct paper paper;
    const struct style *style;
    const struct receipt_facts *facts;
};

/* A Chinese paragraph with its English below. */
void sheet_say(struct sheet *sheet, struct paper_type type, const char *zh, const char *en);
struct paper_label sheet_label(const struct sheet *sheet, const char *zh, const char *en);
/* Who, when, where: read down a column. Nothing for an empty value. */
void sheet_fact(struct sheet *sheet, struct paper_type value_type, const char *zh, const char *en,
                const char *value);
/* Sums and what they are made of: at the right edge. */
void sheet_pair(struct sheet *sheet, struct paper_type value_type, const char *zh, const char *en,
                const char *value);
/* English left, a value right. */
void sheet_two_sides(struct sheet *sheet, struct paper_type value_type, const char *en,
                     const char *value);
void sheet_money(struct sheet *sheet, struct paper_type value_type, const char *zh, const char *en,
                 int64_t fen);
/* 补打 in a frame, if it is a copy. */
void sheet_copy_mark(struct sheet *sheet, const char *en_same_what);

#define SHEET_YUAN_SIZE (MONEY_TEXT_SIZE + 8)
void sheet_format_yuan(int64_t fen, char out[SHEET_YUAN_SIZE]);
void sheet_format_time(int64_t at_ms, char out[32]);
