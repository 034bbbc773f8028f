#include <string.h>

#include "base/log.h"
#include "session/session_internal.h"

/* ---- the months that are paid ---- */

static void add_paid_month(void *context, month_index month)
{
    due_paid_add(context, month);
}

static int find_code(const struct policy *policy, const char *code)
{
    for (int i = 0; i < policy->insurance_count; i++)
        if (strcmp(policy->insurances[i].code, code) == 0)
            return i;
    return -1;
}

static void add_start(void *context, const char *code, month_index month)
{
    struct session *session = context;
    int insurance = find_code(session->parts.policy, code);
    if (insurance >= 0)
        due_paid_start(&session->v.paid[insurance], month);
}

/* A journal that cannot be read is no reason to show nothing: entries_accept_quote asks again
 * before money is taken. */
static void read_own_months(struct session *session)
{
    struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    for (int i = 0; i < policy->insurance_count; i++) {
        due_paid_begin(&visit->paid[i], visit->this_month);
        enum status status =
            journal_list_paid_months(session->parts.journal, visit->person,
                                     policy->insurances[i].code, add_paid_month, &visit->paid[i]);
        if (status != STATUS_OK)
            log_error("session", "paid_months_unread", "%s", status_name(status));
    }
    enum status status =
        journal_list_starts(session->parts.journal, visit->person, add_start, session);
    if (status != STATUS_OK)
        log_error("session", "starts_unread", "%s", status_name(status));
}

/* The months that other kiosks took, for who comes from his record at the bureau. */
static void add_recorded_months(struct session *session, const struct inquiry_record *record)
{
    for (int i = 0; i < record->month_count; i++) {
        int insurance = find_code(session->parts.policy, record->months[i].code);
        bool is_set_aside = record->payments[record->months[i].payment].rejected[0] != '\0';
        if (insurance >= 0 && !is_set_aside)
            due_paid_add(&session->v.paid[insurance], record->months[i].month);
    }
}

/* ---- what those months would cost by today's figures ---- */

/* A month and the differences paid for it since are one: their sum, by the newest base. */
static void add_up(const struct inquiry_month *month, struct quote_paid *paid, int *count)
{
    int at = 0;
    while (at < *count && paid[at].month != month->month)
        at++;
    if (at == *count) {
        if (at == QUOTE_LINES_MAX)
            return;
        paid[(*count)++] = (struct quote_paid){ .month = month->month };
    }
    paid[at].amount_fen += month->amount_fen;
    if (paid[at].base_fen == 0 || month->is_difference)
        paid[at].base_fen = month->base_fen;
    if (month->grade > 0)
        paid[at].grade = month->grade;
}

static int paid_lines(const struct inquiry_record *record, const char *code,
                      struct quote_paid *paid)
{
    int count = 0;
    for (int i = record->month_count - 1; i >= 0; i--) { /* the oldest payment stands last */
        const struct inquiry_month *month = &record->months[i];
        bool is_set_aside = record->payments[month->payment].rejected[0] != '\0';
        if (strcmp(month->code, code) == 0 && !is_set_aside && month->base_fen > 0)
            add_up(month, paid, &count);
    }
    return count;
}

/* Oldest first: a bill is settled in that order. */
static void insert_difference(struct session_visit *visit, const struct quote_line *line)
{
    int at = visit->difference_count;
    if (line->amount_fen < 0) {
        visit->refund_is_due = true;
        return;
    }
    if (at == SESSION_DIFFERENCES_MAX)
        return; /* the next visit bills the rest */
    for (; at > 0 && visit->differences[at - 1].month > line->month; at--)
        visit->differences[at] = visit->differences[at - 1];
    visit->differences[at] = *line;
    visit->difference_count++;
}

static void find_differences(struct session *session, const struct inquiry_record *record)
{
    struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    visit->difference_count = 0;
    visit->refund_is_due = false;
    for (int i = 0; i < policy->insurance_count; i++) {
        struct quote_paid paid[QUOTE_LINES_MAX];
        int count = paid_lines(record, policy->insurances[i].code, paid);
        for (int j = 0; j < count; j++) {
            /* One by one: a month whose figures are gone is no reason not to bill the others. */
            struct quote quote;
            quote_difference(policy, i, visit->area, &paid[j], 1, &quote);
            if (quote.refusal == QUOTE_OK && quote.line_count > 0)
                insert_difference(visit, &quote.lines[0]);
        }
    }
}

void owed_read(struct session *session)
{
    struct session_visit *visit = &session->v;
    struct inquiry_record *own = &visit->inquiry.own;
    const struct policy *policy = session->parts.policy;
    const struct inquiry_record *record = &visit->inquiry.shown;
    read_own_months(session);
    if (record->is_bureaus) {
        add_recorded_months(session, record);
    } else if (inquiry_read_own(session->parts.journal, visit->person,
                                session->parts.settings->kiosk_id,
                                clock_wall_ms(session->parts.clock), own) == STATUS_OK) {
        record = own;
    }
    find_differences(session, record);
    for (int i = 0; i < policy->insurance_count; i++)
        due_owed_of(&policy->insurances[i], &visit->paid[i], session_today(session),
                    &visit->owed[i]);
}

/* ---- asked again before money is taken ---- */

struct search {
    month_index month;
    bool is_paid;
};

static void compare_month(void *context, month_index month)
{
    struct search *search = context;
    search->is_paid = search->is_paid || month == search->month;
}

static enum status check_line(const struct session *session, const struct quote_line *line)
{
    struct search search = { .month = line->month };
    enum status status = journal_list_paid_months(
        session->parts.journal, session->v.person,
        session->parts.policy->insurances[line->insurance].code, compare_month, &search);
    return status == STATUS_OK && search.is_paid ? STATUS_EXISTS : status;
}

/* A difference that was paid meanwhile has one of its own kind in the record now. */
static enum status check_differences(struct session *session)
{
    struct session_visit *visit = &session->v;
    int64_t before_fen = 0, now_fen = 0;
    for (int i = 0; i < visit->difference_count; i++)
        before_fen += visit->differences[i].amount_fen;
    if (before_fen == 0)
        return STATUS_OK;
    enum status status =
        inquiry_read_own(session->parts.journal, visit->person, session->parts.settings->kiosk_id,
                         clock_wall_ms(session->parts.clock), &visit->inquiry.own);
    if (status != STATUS_OK)
        return status;
    if (!visit->inquiry.shown.is_bureaus)
        find_differences(session, &visit->inquiry.own);
    for (int i = 0; i < visit->difference_count; i++)
        now_fen += visit->differences[i].amount_fen;
    return now_fen == before_fen ? STATUS_OK : STATUS_EXISTS;
}

enum status owed_check_unpaid(struct session *session)
{
    const struct quote *quote = &session->v.quote;
    enum status status = check_differences(session);
    for (int i = 0; i < quote->line_count && status == STATUS_OK; i++)
        if (!quote->lines[i].is_difference)
            status = check_line(session, &quote->lines[i]);
    return status;
}

/* ---- what comes next ---- */

/* Paid in an earlier visit, or by the payment that has just been closed. */
static bool is_paid_now(const struct session_visit *visit, int insurance, month_index month)
{
    month_index covered_end = owed_covered_end(visit);
    for (int i = 0; i < visit->quote.line_count; i++) {
        const struct quote_line *line = &visit->quote.lines[i];
        if (line->insurance == insurance && line->month == month && month < covered_end)
            return true;
    }
    return due_is_paid(&visit->paid[insurance], month);
}

month_index owed_covered_end(const struct session_visit *visit)
{
    int covered = visit->record.sum.months_covered;
    return covered > 0 ? visit->record.month[covered - 1] + 1 : 0;
}

/* What is left out of this payment stays owed. */
static month_index first_owed(const struct session *session, int index)
{
    const struct session_visit *visit = &session->v;
    month_index owed = visit->owed[index].next;
    return owed < visit->from[index] && begin_has_figures(session, index, owed)
               ? owed
               : visit->from[index];
}

void owed_find_next(const struct session *session, struct owed_next *out)
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    memset(out, 0, sizeof *out);
    for (int i = 0; i < policy->insurance_count; i++) {
        month_index month = first_owed(session, i);
        if (!(visit->insurances >> i & 1))
            continue;
        while (is_paid_now(visit, i, month))
            month++;
        if (out->month != 0 && month >= out->month)
            continue;
        out->month = month;
        out->insurance = i;
        out->date = due_date(&policy->insurances[i], month);
        out->is_late =
            due_state_of(&policy->insurances[i], month, session_today(session)) == DUE_ARREARS;
    }
}
