/* Shared by quote.c, quote_rules.c, due.c and leaving.c. */
#pragma once
#include "plan/quote.h"

void quote_refuse(struct quote *out, enum quote_refusal refusal, month_index month, int insurance);
/* One line; month, insurance are set. */
enum quote_refusal quote_price_line(const struct policy *policy,
                                    const struct quote_request *request, struct quote_line *line);

/* The months of the shortest period in a set of pay words (enum policy_pay). */
int quote_shortest_period(unsigned pay);
