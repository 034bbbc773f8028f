#include "plan/cost.h"

/* Somebody who chose long ago is moved into limits that changed since, he is not refused. */
static int64_t base_in(const struct policy *policy, const struct cost_request *request,
                       month_index month, bool *is_moved)
{
    int64_t floor_fen, ceiling_fen, base_fen = request->base_fen;
    const uint32_t leader = 1u << quote_leader(policy, request->insurance);
    if (!quote_base_limits(policy, leader, month, request->area, &floor_fen, &ceiling_fen) &&
        !quote_base_limits(policy, 1u << request->insurance, month, request->area, &floor_fen,
                           &ceiling_fen))
        return base_fen;
    if (base_fen < floor_fen)
        base_fen = floor_fen;
    if (base_fen > ceiling_fen)
        base_fen = ceiling_fen;
    if (request->base_fen > 0 && base_fen != request->base_fen)
        *is_moved = true;
    return base_fen;
}

static struct quote_request request_of(const struct policy *policy,
                                       const struct cost_request *request, month_index first,
                                       int months, bool *is_moved)
{
    struct quote_request quote = {
        .insurances = 1u << request->insurance,
        .chosen_base_fen = base_in(policy, request, first, is_moved),
        .first = first,
        .months = months,
        .area = request->area,
        .today = request->today,
    };
    quote.grade[quote_leader(policy, request->insurance)] = request->grade;
    return quote;
}

static void add_quote(const struct quote *quote, struct cost *out)
{
    out->refusal = quote->refusal;
    out->refused_month = quote->refused_month;
    out->amount_fen += quote->total_fen;
    for (int i = 0; i < quote->line_count; i++)
        out->surcharge_fen += quote->lines[i].surcharge_fen;
}

/* A whole year at once, in the calendar year where the policy says so. */
static void make_year(const struct policy *policy, const struct cost_request *request,
                      struct cost *out)
{
    struct quote quote;
    month_index first = request->first;
    if (policy->insurances[request->insurance].align)
        first = month_of(month_year(first), 1);
    struct quote_request year = request_of(policy, request, first, 12, &out->is_moved);
    quote_make(policy, &year, &quote);
    *out = (struct cost){ 0 };
    add_quote(&quote, out);
}

void cost_make(const struct policy *policy, const struct cost_request *request, struct cost *out)
{
    *out = (struct cost){ 0 };
    if (request->months < 1 || request->months > QUOTE_MONTHS_MAX) {
        out->refusal = QUOTE_TOO_MANY;
        out->refused_month = request->first;
        return;
    }
    for (int i = 0; i < request->months && out->refusal == QUOTE_OK; i++) {
        struct quote quote;
        struct quote_request month =
            request_of(policy, request, request->first + i, 1, &out->is_moved);
        quote_make(policy, &month, &quote);
        add_quote(&quote, out);
    }
    if (out->refusal == QUOTE_PERIOD && request->months == 12)
        make_year(policy, request, out);
    if (out->refusal != QUOTE_OK)
        out->amount_fen = out->surcharge_fen = 0;
}

void cost_quote_month(const struct policy *policy, const struct cost_request *request,
                      struct quote *out)
{
    bool is_moved = false;
    struct quote_request month = request_of(policy, request, request->first, 1, &is_moved);
    quote_make(policy, &month, out);
}
