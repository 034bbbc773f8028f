/* Any bytes as a policy file: refused with lines and codes, or a policy that can be quoted from. */
#include "base/check.h"
#include "plan/policy.h"
#include "plan/quote.h"

static void quote_all(const struct policy *policy)
{
    struct quote quote;
    for (int year = 1990; year < 2100; year++) {
        const struct quote_request request = {
            .insurances = ~0u,
            .chosen_base_fen = 500000,
            .first = month_of(year, 1),
            .months = 12,
        };
        quote_make(policy, &request, &quote);
        CHECK(quote.total_fen >= 0 && quote.line_count <= QUOTE_LINES_MAX);
    }
}

static void check_error(void *context, const char *file, int line, const char *code,
                        const char *text)
{
    (void)context;
    CHECK(file[0] == 'f' && line >= 0 && code[0] == 'E' && text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct policy *policy = NULL;
    enum status status = policy_parse("fuzz", data, size, NULL, check_error, NULL, &policy);
    CHECK((status == STATUS_OK) == (policy != NULL));
    if (policy)
        quote_all(policy);
    policy_free(policy);
    return 0;
}
