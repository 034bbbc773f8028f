#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/quote.h"
#include "tools/guichetctl/guichetctl.h"
#include "tools/guichetctl/policy_tools.h"

/* guichetctl policy quote: the arithmetic of a kiosk at a desk. */

struct wish {
    const char *month, *months, *base, *grade, *insurance, *area, *today;
};

static bool read_options(int argc, char **argv, struct wish *out)
{
    static const struct option OPTIONS[] = {
        { "month", required_argument, NULL, 'm' },     { "months", required_argument, NULL, 'n' },
        { "base", required_argument, NULL, 'b' },      { "grade", required_argument, NULL, 'g' },
        { "insurance", required_argument, NULL, 'i' }, { "area", required_argument, NULL, 'a' },
        { "today", required_argument, NULL, 't' },     { NULL, 0, NULL, 0 },
    };
    int option;
    *out = (struct wish){ .months = "1" };
    while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
        const char **fields[] = {
            ['m'] = &out->month,     ['n'] = &out->months, ['b'] = &out->base,  ['g'] = &out->grade,
            ['i'] = &out->insurance, ['a'] = &out->area,   ['t'] = &out->today,
        };
        if (option == '?')
            return false;
        *fields[option] = optarg;
    }
    return out->month != NULL && optind == argc - 1;
}

/* -1: there is none of that name. */
static int find_insurance(const struct policy *policy, const char *id)
{
    for (int i = 0; i < policy->insurance_count; i++)
        if (strcmp(policy->insurances[i].id, id) == 0)
            return i;
    return -1;
}

static bool read_count(const char *text, int *out)
{
    char *end;
    long number = strtol(text, &end, 10);
    *out = (int)number;
    return *text != '\0' && *end == '\0' && number >= 0 && number <= 1000;
}

static bool read_today(const char *text, struct quote_request *request)
{
    char month_text[MONTH_TEXT_SIZE];
    month_index month;
    int day;
    if (!text)
        return true;
    snprintf(month_text, sizeof month_text, "%.7s", text);
    if (strlen(text) != 10 || !read_count(text + 8, &day) ||
        month_parse(month_text, &month) != STATUS_OK || day < 1 || day > 31)
        return false;
    request->today = month_year(month) * 10000 + month_number(month) * 100 + day;
    return true;
}

static bool make_request(const struct policy *policy, const struct wish *wish,
                         struct quote_request *out)
{
    int insurance = wish->insurance ? find_insurance(policy, wish->insurance) : 0;
    int area = policy_find_area(policy, wish->area ? wish->area : "");
    int grade = 0;
    *out = (struct quote_request){ 0 };
    if (insurance < 0 || area < 0 || !read_count(wish->months, &out->months) ||
        (wish->grade && !read_count(wish->grade, &grade)) ||
        month_parse(wish->month, &out->first) != STATUS_OK || !read_today(wish->today, out) ||
        (wish->base && money_parse(wish->base, &out->chosen_base_fen) != STATUS_OK))
        return false;
    out->insurances = wish->insurance ? 1u << insurance : (1u << policy->insurance_count) - 1;
    out->area = area;
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
        out->grade[i] = grade;
    return true;
}

static const char *source_text(const struct policy *policy, int source)
{
    return source < 0 ? "-" : policy->sources[source].number;
}

static void print_line(const struct policy *policy, const struct quote_line *line)
{
    const struct policy_insurance *insurance = &policy->insurances[line->insurance];
    char month[MONTH_TEXT_SIZE], since[MONTH_TEXT_SIZE];
    char base[MONEY_TEXT_SIZE], amount[MONEY_TEXT_SIZE], account[MONEY_TEXT_SIZE],
        pooled[MONEY_TEXT_SIZE], surcharge[MONEY_TEXT_SIZE];
    month_format(line->month, month);
    month_format(line->since, since);
    money_format(line->base_fen, 0, base);
    money_format(line->amount_fen, 0, amount);
    money_format(line->account_fen, 0, account);
    money_format(line->pooled_fen, 0, pooled);
    money_format(line->surcharge_fen, 0, surcharge);
    printf("%s %-12s base %10s rate %d.%04d%% amount %10s = account %s + pooled %s", month,
           insurance->id, base, line->rate / 10000, line->rate % 10000, amount, account, pooled);
    if (line->surcharge_fen > 0)
        printf(" surcharge %s", surcharge);
    for (int part = 0; part < insurance->part_count; part++) {
        money_format(line->part_fen[part], 0, amount);
        printf(" (%s %s)", insurance->parts[part].id, amount);
    }
    printf("  %s from %s", source_text(policy, line->source), since);
    if (line->rate_source != line->source)
        printf("; %s", source_text(policy, line->rate_source));
    printf("\n");
}

static int print_quote(const struct policy *policy, const struct quote *quote)
{
    char text[MONEY_TEXT_SIZE], month[MONTH_TEXT_SIZE];
    if (quote->refusal != QUOTE_OK) {
        month_format(quote->refused_month, month);
        printf("refused: %s %s: %s %s\n", policy->insurances[quote->refused_insurance].id, month,
               quote_refusal_code(quote->refusal), quote_refusal_name(quote->refusal));
        const struct policy_range *pending = policy_find_range(
            &policy->insurances[quote->refused_insurance].pending, quote->refused_month);
        if (quote->refusal == QUOTE_PENDING && pending)
            printf("    %s\n", pending->pending);
        return 1;
    }
    for (int i = 0; i < quote->line_count; i++)
        print_line(policy, &quote->lines[i]);
    money_format(quote->total_fen, 0, text);
    printf("total %s, %s revision %d sha256:%s\n", text, policy->id, policy->revision,
           policy->sha256);
    return 0;
}

int command_policy_quote(int argc, char **argv)
{
    struct wish wish;
    struct policy_file file;
    struct quote_request request;
    struct quote quote;
    if (!read_options(argc, argv, &wish))
        return 2;
    if (policy_tool_load(argv[optind], NULL, NULL, &file) != STATUS_OK) {
        fprintf(stderr, "guichetctl: %s is not good\n", argv[optind]);
        return 1;
    }
    int result = 2;
    if (make_request(file.policy, &wish, &request)) {
        quote_make(file.policy, &request, &quote);
        result = print_quote(file.policy, &quote);
    }
    policy_tool_free(&file);
    return result;
}
