#include "health/health.h"

#include <assert.h>

#include "base/check.h"

struct rule {
    bool (*is_broken)(const struct health *health);
    enum service reason;
};

static const char *const NAMES[] = {
    [SERVICE_OFFERED] = "offered",
    [SERVICE_NO_READER] = "no_reader",
    [SERVICE_NO_ACCEPTOR] = "no_acceptor",
    [SERVICE_BOX_FULL] = "box_full",
    [SERVICE_BOX_OUT] = "box_out",
    [SERVICE_ACCEPTOR_JAM] = "acceptor_jam",
    [SERVICE_NO_PRINTER] = "no_printer",
    [SERVICE_PAPER_OUT] = "paper_out",
    [SERVICE_PRINTER_COVER] = "printer_cover",
    [SERVICE_JOURNAL] = "journal",
    [SERVICE_POLICY] = "policy",
    [SERVICE_NUMBERS] = "numbers",
    [SERVICE_OFFLINE_LIMIT] = "offline_limit",
    [SERVICE_STARTING] = "starting",
    [SERVICE_BOX_LIMIT] = "box_limit",
    [SERVICE_DAY_LIMIT] = "day_limit",
    [SERVICE_VISIT_SUM] = "visit_sum",
    [SERVICE_VISIT_NOTES] = "visit_notes",
    [SERVICE_EXACT_SUM] = "exact_sum",
    [SERVICE_BOX_FILLS] = "box_fills",
    [SERVICE_BUREAU] = "bureau_unreachable",
};
static_assert(ARRAY_SIZE(NAMES) == SERVICES, "a name for each service state");

static const char *const CODES[] = {
    [SERVICE_OFFERED] = "K00",    [SERVICE_JOURNAL] = "K01",       [SERVICE_POLICY] = "K02",
    [SERVICE_NUMBERS] = "K03",    [SERVICE_OFFLINE_LIMIT] = "K04", [SERVICE_BUREAU] = "K05",
    [SERVICE_STARTING] = "K06",   [SERVICE_NO_READER] = "I01",     [SERVICE_NO_ACCEPTOR] = "A01",
    [SERVICE_BOX_FULL] = "A02",   [SERVICE_BOX_OUT] = "A03",       [SERVICE_ACCEPTOR_JAM] = "A04",
    [SERVICE_NO_PRINTER] = "P01", [SERVICE_PAPER_OUT] = "P02",     [SERVICE_PRINTER_COVER] = "P03",
    [SERVICE_BOX_LIMIT] = "A05",  [SERVICE_BOX_FILLS] = "A06",     [SERVICE_DAY_LIMIT] = "K07",
    [SERVICE_VISIT_SUM] = "K08",  [SERVICE_VISIT_NOTES] = "K09",   [SERVICE_EXACT_SUM] = "K10",
};
static_assert(ARRAY_SIZE(CODES) == SERVICES, "a code for each service state");

const char *service_name(enum service service)
{
    CHECK((unsigned)service < SERVICES);
    return NAMES[service];
}

const char *service_code(enum service service)
{
    CHECK((unsigned)service < SERVICES);
    return CODES[service];
}

static bool is_usable(const struct device_status *status)
{
    return status->state == DEVICE_READY || status->state == DEVICE_DEGRADED;
}

static bool has_problem(const struct device_status *status, enum device_problem problem)
{
    return (status->problems & (uint32_t)problem) != 0;
}

static bool reader_starts(const struct health *health)
{
    return health->reader.state == DEVICE_STARTING;
}

static bool reader_is_out(const struct health *health)
{
    return !is_usable(&health->reader);
}

static bool printer_starts(const struct health *health)
{
    return health->printer.state == DEVICE_STARTING;
}

static bool paper_is_out(const struct health *health)
{
    return has_problem(&health->printer, DEVICE_PROBLEM_PAPER_OUT);
}

static bool cover_is_open(const struct health *health)
{
    return has_problem(&health->printer, DEVICE_PROBLEM_COVER_OPEN);
}

static bool printer_is_out(const struct health *health)
{
    return !is_usable(&health->printer);
}

static bool acceptor_starts(const struct health *health)
{
    return health->acceptor.state == DEVICE_STARTING;
}

static bool box_is_out(const struct health *health)
{
    return has_problem(&health->acceptor, DEVICE_PROBLEM_BOX_REMOVED);
}

static bool box_is_full(const struct health *health)
{
    return has_problem(&health->acceptor, DEVICE_PROBLEM_BOX_FULL);
}

static bool acceptor_is_jammed(const struct health *health)
{
    return has_problem(&health->acceptor, DEVICE_PROBLEM_JAM);
}

static bool acceptor_is_out(const struct health *health)
{
    return !is_usable(&health->acceptor);
}

static bool journal_is_out(const struct health *health)
{
    return !health->journal_writable;
}

static bool policy_is_out(const struct health *health)
{
    return !health->policy_good;
}

static bool is_reached(int64_t limit, int64_t value)
{
    return limit > 0 && value >= limit;
}

static bool offline_limit_is_reached(const struct health *health)
{
    return health->unsent_money_fen >= health->offline_sum_max_fen ||
           is_reached(health->offline_payments_max, health->unsent_payments) ||
           health->offline_ms >= health->offline_ms_max;
}

static bool box_limit_is_reached(const struct health *health)
{
    return is_reached(health->box_notes_max, health->box_notes);
}

static bool day_limit_is_reached(const struct health *health)
{
    return is_reached(health->day_sum_max_fen, health->day_cash_fen);
}

static bool numbers_are_out(const struct health *health)
{
    return health->numbers_left <= 0;
}

/* What concerns the whole kiosk comes before what concerns one device; within a device, what a
 * person can set right (paper, cover, box) comes before "it does not work". */
static const struct rule VISIT[] = {
    { journal_is_out, SERVICE_JOURNAL },
    { policy_is_out, SERVICE_POLICY },
    { reader_starts, SERVICE_STARTING },
    { reader_is_out, SERVICE_NO_READER },
};

static const struct rule CASH[] = {
    { journal_is_out, SERVICE_JOURNAL },
    { printer_starts, SERVICE_STARTING },
    { cover_is_open, SERVICE_PRINTER_COVER },
    { paper_is_out, SERVICE_PAPER_OUT },
    { printer_is_out, SERVICE_NO_PRINTER },
    { acceptor_starts, SERVICE_STARTING },
    { box_is_out, SERVICE_BOX_OUT },
    { box_is_full, SERVICE_BOX_FULL },
    { box_limit_is_reached, SERVICE_BOX_LIMIT },
    { acceptor_is_jammed, SERVICE_ACCEPTOR_JAM },
    { acceptor_is_out, SERVICE_NO_ACCEPTOR },
    { policy_is_out, SERVICE_POLICY },
    { offline_limit_is_reached, SERVICE_OFFLINE_LIMIT },
    { day_limit_is_reached, SERVICE_DAY_LIMIT },
};

static const struct rule REGISTRATION[] = {
    { journal_is_out, SERVICE_JOURNAL },
    { policy_is_out, SERVICE_POLICY },
    { numbers_are_out, SERVICE_NUMBERS },
};

static enum service first_reason(const struct rule *rules, size_t count,
                                 const struct health *health)
{
    for (size_t i = 0; i < count; i++) {
        if (rules[i].is_broken(health))
            return rules[i].reason;
    }
    return SERVICE_OFFERED;
}

enum service health_visit(const struct health *health)
{
    return first_reason(VISIT, ARRAY_SIZE(VISIT), health);
}

enum service health_cash(const struct health *health)
{
    return first_reason(CASH, ARRAY_SIZE(CASH), health);
}

enum service health_registration(const struct health *health)
{
    return first_reason(REGISTRATION, ARRAY_SIZE(REGISTRATION), health);
}

bool health_can_read_social_cards(const struct health *health)
{
    return is_usable(&health->contact_reader);
}

enum service health_cash_warning(const struct health *health)
{
    return is_reached(health->box_notes_warn, health->box_notes) ? SERVICE_BOX_FILLS
                                                                 : SERVICE_OFFERED;
}
