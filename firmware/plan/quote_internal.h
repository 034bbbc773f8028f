/* Shared by quote.c and quote_rules.c. */
#pragma once
#include "plan/quote.h"

void quote_refuse(struct quote *out, enum quote_refusal refusal, month_index month, int insurance);
/* One line; month, insurance are set. */
enum quote_refusal quote_price_line(const struct policy *policy,
                                    const struct quote_request *request, struct quote_line *line);
