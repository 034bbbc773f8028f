#include "session/session_view.h"

#include <assert.h>
#include <string.h>

#include "base/check.h"

static const char *const CARD_CODES[] = {
    [CARD_PROBLEM_MOVED] = "C01",    [CARD_PROBLEM_WRONG_CARD] = "C02",
    [CARD_PROBLEM_BAD_CARD] = "C03", [CARD_PROBLEM_GARBLED] = "C04",
    [CARD_PROBLEM_EXPIRED] = "C05",  [CARD_PROBLEM_NOT_YET_VALID] = "C06",
    [CARD_PROBLEM_NUMBER] = "C07",   [CARD_PROBLEM_KIND] = "C08",
    [CARD_PROBLEM_AGE] = "C09",      [CARD_PROBLEM_READER_LOST] = "C10",
};
static_assert(ARRAY_SIZE(CARD_CODES) == CARD_PROBLEMS, "a code for each card problem");

static const char *const NOTICE_CODES[] = {
    [CASH_NOTICE_NONE] = "N00",           [CASH_NOTICE_READING] = "N01",
    [CASH_NOTICE_TAKEN] = "N02",          [CASH_NOTICE_RETURNED] = "N03",
    [CASH_NOTICE_NOT_ACCEPTED] = "N04",   [CASH_NOTICE_SECOND_NOTE] = "N05",
    [CASH_NOTICE_WOULD_NOT_BOOK] = "N06", [CASH_NOTICE_DEVICE_LOST] = "N07",
    [CASH_NOTICE_NOTE_UNKNOWN] = "N08",   [CASH_NOTICE_NOT_RECORDED] = "N09",
    [CASH_NOTICE_TOO_LARGE] = "N10",      [CASH_NOTICE_PAST_LIMIT] = "N11",
    [CASH_NOTICE_LIMIT] = "N12",
};
static_assert(ARRAY_SIZE(NOTICE_CODES) == CASH_NOTICES, "a code for each cash notice");

const char *card_problem_code(enum view_card_problem problem)
{
    CHECK((unsigned)problem < CARD_PROBLEMS);
    return CARD_CODES[problem];
}

const char *cash_notice_code(enum view_cash_notice notice)
{
    CHECK((unsigned)notice < CASH_NOTICES);
    return NOTICE_CODES[notice];
}

/* The words of tools/bureau/booking.h that can meet a payment or what it hangs on. */
static const struct {
    const char *reason, *code;
} SET_ASIDE_CODES[] = {
    { "account_unknown", "B01" },      { "account_of_another", "B02" }, { "visit_unknown", "B03" },
    { "already_paid", "B04" },         { "visit_closed", "B05" },       { "bad_sum", "B06" },
    { "voucher_invalid", "B07" },      { "voucher_taken", "B08" },      { "bad_posting", "B09" },
    { "postings_not_allowed", "B10" }, { "body_not_json", "B11" },      { "month_paid", "B12" },
};

const char *session_set_aside_code(const char *reason)
{
    for (size_t i = 0; i < ARRAY_SIZE(SET_ASIDE_CODES); i++)
        if (strcmp(SET_ASIDE_CODES[i].reason, reason) == 0)
            return SET_ASIDE_CODES[i].code;
    return "B00";
}
