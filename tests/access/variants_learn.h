/*
 * The views of the pages that explain; entries of the table in variants.c.
 */
#pragma once
#include "session/session_view.h"

enum variant_learn {
    LEARN_TYPICAL = 0,
    LEARN_FULL = 1,    /* four insurances, every rule, the largest sums */
    LEARN_PENDING = 2, /* one has no figures, the year has no sum */
    LEARN_LISTS = 4,   /* grades, percentages, tiers */
    LEARN_GAP = 8,     /* after leaving a job: months are missing */
    LEARN_PRINTED = 16,
    LEARN_UNPRINTED = 32,
    LEARN_TWO = 128,    /* but two insurances: nobody turns more than nine parts */
    LEARN_NO_RULE = 64, /* the policy says nothing about due days and waits */
};

void variant_learn(struct session_view *view, int flags);
/* With the overlay of a figure of the second insurance over the page. */
void variant_figure(struct session_view *view, int figure);
