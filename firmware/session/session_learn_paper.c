/* What somebody who has left a job takes home: months, dates, costs, in large type; nobody's name.
 */
#include "base/text.h"
#include "session/session_internal.h"

#define VALUE_SIZE 64

static void format_run(month_index first, month_index last, char out[VALUE_SIZE])
{
    char from[16], to[16];
    session_format_month(first, from);
    session_format_month(last, to);
    text_format(out, VALUE_SIZE, "%s%s%s", from, first < last ? "–" : "", first < last ? to : "");
}

static void add(struct receipt_facts *facts, const char *zh, const char *en, const char *value)
{
    struct receipt_note *note = session_add_note(facts, zh, en);
    text_copy(note->value, sizeof note->value, value);
}

static void add_day(struct receipt_facts *facts, const char *zh, const char *en,
                    const struct view_day *day)
{
    char value[VALUE_SIZE];
    if (day->month == 0)
        return;
    text_format(value, sizeof value, "%04d.%02d.%02d%s", month_year(day->month),
                month_number(day->month), day->day, day->is_over ? " 已过 over" : "");
    add(facts, zh, en, value);
}

static void add_due(const struct view_leaving *line, struct receipt_facts *facts)
{
    char value[VALUE_SIZE];
    format_run(line->due_first, line->due_first + line->due_months - 1, value);
    add(facts, "下次缴费的月份", "Pay next for", value);
    if (line->due_day == 0) {
        add(facts, "缴费截止日", "Due date", "没有固定 not fixed");
        return;
    }
    text_format(value, sizeof value, "%04d.%02d.%02d%s", month_year(line->due_first),
                month_number(line->due_first), line->due_day, line->is_late ? " 已过 over" : "");
    add(facts, "缴费截止日", "Due date", value);
}

static void add_wait(const struct view_leaving *line, struct receipt_facts *facts)
{
    char value[VALUE_SIZE] = "没有 none";
    if (!line->is_medical && line->wait != WAIT_MONTHS)
        return;
    if (line->wait == WAIT_MONTHS)
        text_format(value, sizeof value, "%d 个月 months", line->wait_months);
    if (line->wait == WAIT_NOT_STATED)
        text_copy(value, sizeof value, "请问窗口 ask");
    add(facts, "本月续缴，等待期", "Waiting time if you go on this month", value);
    add_day(facts, "不用等待，最晚缴费", "No wait if paid by", &line->no_wait);
}

static void add_cost(const struct view_leaving *line, struct receipt_facts *facts)
{
    char zh[VALUE_SIZE], en[VALUE_SIZE], run[VALUE_SIZE], value[VALUE_SIZE], money[MONEY_TEXT_SIZE];
    if (line->cost == BACK_COST_NOTHING)
        return;
    format_run(line->back_first, line->back_last, run);
    if (line->cost == BACK_COST_REFUSED) {
        add(facts, "补缴以前的月份", "Paying past months", "不能补 not possible");
        return;
    }
    text_format(zh, sizeof zh, "补缴 %s", run);
    text_format(en, sizeof en, "Past months %s", run);
    money_format(line->amount_fen, 1, money);
    if (line->cost == BACK_COST_SUM)
        text_format(value, sizeof value, "￥%s", money);
    else
        text_copy(value, sizeof value, "请问窗口 ask");
    add(facts, zh, en, value);
}

static void add_line(const struct view_standard *standard, const struct view_leaving *line,
                     struct receipt_facts *facts)
{
    (void)session_add_note(facts, standard->name[0], standard->name[1]);
    add_due(line, facts);
    add_day(facts, "不断缴，最晚缴费", "No gap if paid by", &line->no_gap);
    add_wait(line, facts);
    add_cost(line, facts);
}

static void add_months(const struct view_learn *learn, struct receipt_facts *facts)
{
    char run[VALUE_SIZE], value[VALUE_SIZE] = "没有 none";
    format_run(learn->left, learn->left, run);
    add(facts, "最后参保的月份", "Last insured month", run);
    if (learn->missing > 0) {
        format_run(learn->first_missing, learn->first_missing + learn->missing - 1, run);
        text_format(value, sizeof value, "%s (%d)", run, learn->missing);
    }
    add(facts, "没有缴费的月份", "Months not paid", value);
}

enum status session_learn_compose(struct session *session, struct receipt_facts *facts)
{
    const struct session_view *view = session_current_view(session);
    const struct view_learn *learn = &view->learn;
    *facts = (struct receipt_facts){ 0 };
    enum status status = entries_begin_txn(session);
    if (status != STATUS_OK)
        return status;
    session->v.txn_is_used = true; /* the life of this paper is told under it */
    entries_compose_facts(session, SLIP_PLAN, facts);
    add_months(learn, facts);
    for (int i = 0; i < learn->leaving_count; i++)
        add_line(&learn->standards[i], &learn->leaving[i], facts);
    for (int language = 0; language < LANGUAGES; language++) {
        text_copy(facts->bring[language], sizeof facts->bring[0], view->materials[language]);
        text_copy(facts->open[language], sizeof facts->open[0], view->hours[language]);
    }
    return STATUS_OK;
}
