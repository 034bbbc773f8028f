#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "plan/quote.h"
#include "store/journal.h"
#include "tools/guichetctl/guichetctl.h"

/* guichetctl policy recheck: every accepted quote of a journal worked out again, each from the
 * very file that its entry names by hash. A difference is worked out from what this journal took
 * for its month before; of one paid elsewhere only a bound can be given, and that is said. */

#define FILES_MAX 256
#define PATH_SIZE 480

struct recheck {
    struct policy *policies[FILES_MAX];
    int policy_count;
    int quotes, lines, faults;
    int bounded;  /* differences for months that were paid elsewhere */
    json_t *open; /* transaction: its quote, not paid yet */
    json_t *paid; /* "person code month": fen taken for it so far */
};

static void load_all(struct recheck *recheck, const char *folder)
{
    char pattern[PATH_SIZE];
    glob_t found = { 0 };
    if (!text_format(pattern, sizeof pattern, "%s/*.policy", folder) ||
        glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc && recheck->policy_count < FILES_MAX; i++) {
        struct policy *policy;
        if (policy_load(found.gl_pathv[i], NULL, NULL, NULL, &policy) == STATUS_OK)
            recheck->policies[recheck->policy_count++] = policy;
    }
    globfree(&found);
}

static const struct policy *find_policy(const struct recheck *recheck, const char *sha256)
{
    for (int i = 0; sha256 && i < recheck->policy_count; i++)
        if (strcmp(recheck->policies[i]->sha256, sha256) == 0)
            return recheck->policies[i];
    return NULL;
}

static int find_code(const struct policy *policy, const char *code)
{
    for (int i = 0; code && i < policy->insurance_count; i++)
        if (strcmp(policy->insurances[i].code, code) == 0)
            return i;
    return -1;
}

static bool is_difference(const json_t *line)
{
    const char *kind = json_string_value(json_object_get(line, "kind"));
    return kind && strcmp(kind, "difference") == 0;
}

/* The recorded base is within the limits of its insurance, so it stands for the choice; a place in
 * a list does where there is no base. */
static bool price_again(const struct policy *policy, const char *area, const json_t *line,
                        struct quote *out)
{
    const char *month = json_string_value(json_object_get(line, "month"));
    int insurance = find_code(policy, json_string_value(json_object_get(line, "code")));
    struct quote_request request = {
        .chosen_base_fen = json_integer_value(json_object_get(line, "base")),
        .months = 1,
    };
    if (!month || insurance < 0 || month_parse(month, &request.first) != STATUS_OK)
        return false;
    request.insurances = 1u << insurance;
    request.area = policy_find_area(policy, area ? area : "");
    request.base_is_given = is_difference(line);
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
        request.grade[i] = (int)json_integer_value(json_object_get(line, "grade"));
    /* One month of a year that is sold only as one: the year, for its share of that month. */
    request.months = quote_period_months(policy, insurance, request.first, request.area);
    if (request.months > 1)
        request.first = month_of(month_year(request.first), 1);
    quote_make(policy, &request, out);
    return true;
}

static void report_fault(struct recheck *recheck, int64_t seq, const json_t *line,
                         const struct policy *policy, const struct quote *quote)
{
    char recorded[MONEY_TEXT_SIZE], found[MONEY_TEXT_SIZE];
    money_format(json_integer_value(json_object_get(line, "amount")), 0, recorded);
    money_format(quote->total_fen, 0, found);
    recheck->faults++;
    printf("entry %lld: %s %s: recorded %s, by %s revision %d it is %s\n", (long long)seq,
           json_string_value(json_object_get(line, "code")),
           json_string_value(json_object_get(line, "month")), recorded, policy->id,
           policy->revision,
           quote->refusal == QUOTE_OK ? found : quote_refusal_name(quote->refusal));
}

/* In the month of the line: a year has one for each of its months. */
static const struct quote_line *line_again(const struct quote *quote, const json_t *line)
{
    month_index month;
    if (quote->refusal != QUOTE_OK ||
        month_parse(json_string_value(json_object_get(line, "month")), &month) != STATUS_OK)
        return NULL;
    for (int i = 0; i < quote->line_count; i++)
        if (quote->lines[i].month == month)
            return &quote->lines[i];
    return NULL;
}

/* ---- what was paid before ---- */

static void key_of(const json_t *quote, const json_t *line, char out[PATH_SIZE])
{
    const char *person = json_string_value(json_object_get(quote, "person"));
    const char *code = json_string_value(json_object_get(line, "code"));
    const char *month = json_string_value(json_object_get(line, "month"));
    text_format(out, PATH_SIZE, "%s %s %s", person ? person : "", code ? code : "",
                month ? month : "");
}

static bool covers(const json_t *months, const json_t *line)
{
    size_t index;
    json_t *month;
    json_array_foreach(months, index, month)
    {
        if (json_equal(json_object_get(month, "month"), json_object_get(line, "month")))
            return true;
    }
    return false;
}

/* The months that a payment covers were taken. */
static void take_payment(struct recheck *recheck, const char *txn, const json_t *body)
{
    const json_t *quote = json_object_get(recheck->open, txn);
    const json_t *months = json_object_get(body, "months");
    size_t index;
    json_t *line;
    json_array_foreach(json_object_get(quote, "lines"), index, line)
    {
        char key[PATH_SIZE];
        if (!covers(months, line))
            continue;
        key_of(quote, line, key);
        json_object_set_new(recheck->paid, key,
                            json_integer(json_integer_value(json_object_get(recheck->paid, key)) +
                                         json_integer_value(json_object_get(line, "amount"))));
    }
    json_object_del(recheck->open, txn);
}

static bool difference_is_equal(struct recheck *recheck, const json_t *body, const json_t *recorded,
                                const struct quote_line *again)
{
    char key[PATH_SIZE];
    key_of(body, recorded, key);
    const json_t *before = json_object_get(recheck->paid, key);
    int64_t amount_fen = json_integer_value(json_object_get(recorded, "amount"));
    recheck->bounded += before == NULL;
    return before ? amount_fen == again->amount_fen - json_integer_value(before)
                  : amount_fen > 0 && amount_fen <= again->amount_fen;
}

static bool is_equal(struct recheck *recheck, const json_t *body, const json_t *recorded,
                     const struct quote_line *again)
{
    int64_t amount_fen = json_integer_value(json_object_get(recorded, "amount"));
    if (is_difference(recorded))
        return difference_is_equal(recheck, body, recorded, again);
    return amount_fen == again->amount_fen &&
           json_integer_value(json_object_get(recorded, "account")) == again->account_fen;
}

static void check_line(struct recheck *recheck, int64_t seq, const json_t *body, const json_t *line,
                       const struct policy *policy)
{
    const char *area = json_string_value(json_object_get(body, "area"));
    struct quote quote;
    recheck->lines++;
    if (!price_again(policy, area, line, &quote)) {
        recheck->faults++;
        printf("entry %lld: a line cannot be read\n", (long long)seq);
        return;
    }
    const struct quote_line *again = line_again(&quote, line);
    if (!again || !is_equal(recheck, body, line, again))
        report_fault(recheck, seq, line, policy, &quote);
}

static void check_sum(struct recheck *recheck, int64_t seq, const json_t *body)
{
    const json_t *line;
    size_t index;
    json_int_t sum_fen = 0;
    json_array_foreach(json_object_get(body, "lines"), index, line) sum_fen +=
        json_integer_value(json_object_get(line, "amount")) +
        json_integer_value(json_object_get(line, "surcharge"));
    if (sum_fen == json_integer_value(json_object_get(body, "due")))
        return;
    recheck->faults++;
    printf("entry %lld: its lines do not add up to what was due\n", (long long)seq);
}

static void check_quote(struct recheck *recheck, int64_t seq, const json_t *body)
{
    const char *sha256 = json_string_value(json_object_get(body, "sha256"));
    const struct policy *policy = find_policy(recheck, sha256);
    const json_t *line;
    size_t index;
    recheck->quotes++;
    if (!policy) {
        recheck->faults++;
        printf("entry %lld: no file here is revision %lld, sha256:%s\n", (long long)seq,
               (long long)json_integer_value(json_object_get(body, "revision")),
               sha256 ? sha256 : "-");
        return;
    }
    json_array_foreach(json_object_get(body, "lines"), index, line)
        check_line(recheck, seq, body, line, policy);
    check_sum(recheck, seq, body);
}

static bool check_entry(void *context, const struct journal_entry *entry)
{
    struct recheck *recheck = context;
    bool is_quote = strcmp(entry->kind, journal_kind_name(JOURNAL_QUOTE_ACCEPTED)) == 0;
    bool is_payment = strcmp(entry->kind, journal_kind_name(JOURNAL_PAYMENT_COMPLETED)) == 0;
    if (!is_quote && !is_payment)
        return true;
    json_t *body = json_loads(entry->body, 0, NULL);
    if (is_quote) {
        check_quote(recheck, entry->seq, body);
        json_object_set(recheck->open, entry->txn, body);
    } else {
        take_payment(recheck, entry->txn, body);
    }
    json_decref(body);
    return true;
}

int command_policy_recheck(const char *journal_path, const char *folder)
{
    static struct recheck recheck;
    struct journal *journal;
    enum status status = journal_open_read_only(journal_path, &journal);
    recheck.open = json_object();
    recheck.paid = json_object();
    if (status == STATUS_OK) {
        load_all(&recheck, folder);
        status = journal_read(journal, 1, INT64_MAX, check_entry, &recheck);
        journal_close(journal);
    }
    for (int i = 0; i < recheck.policy_count; i++)
        policy_free(recheck.policies[i]);
    json_decref(recheck.open);
    json_decref(recheck.paid);
    if (status != STATUS_OK) {
        fprintf(stderr, "guichetctl: %s: %s\n", journal_path, status_name(status));
        return 1;
    }
    printf("%d quotes, %d lines worked out again from %d files: ", recheck.quotes, recheck.lines,
           recheck.policy_count);
    if (recheck.bounded > 0)
        printf("%d differences for months paid elsewhere are possible; ", recheck.bounded);
    if (recheck.faults == 0)
        printf("all equal\n");
    else
        printf("%d differ\n", recheck.faults);
    return recheck.faults > 0;
}
