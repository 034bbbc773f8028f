#include "inquiry/inquiry.h"

#include <jansson.h>
#include <string.h>

#include "base/bytes.h"
#include "base/money.h"
#include "base/text.h"

#define ANSWER_BYTES_MAX (256 * 1024)
#define GRADE_MAX 40                       /* plan/policy.h, POLICY_GRADES_MAX */
#define WALL_MS_MAX INT64_C(4102444800000) /* 2100 */
#define LOWER "abcdefghijklmnopqrstuvwxyz0123456789_"
#define DIGITS "0123456789"
#define NAME LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"

enum status inquiry_ask_person(const struct seal *seal, const char *id_number,
                               char out[INQUIRY_QUESTION_SIZE])
{
    char plain[96], sealed[SEAL_TEXT_SIZE];
    enum status status = STATUS_INVALID;
    bool whole =
        strspn(id_number, DIGITS "X") == strlen(id_number) &&
        text_format(plain, sizeof plain, "{\"ask\":\"payments\",\"number\":\"%s\"}", id_number);
    if (whole)
        status = seal_text(seal, plain, strlen(plain), sealed, sizeof sealed);
    if (status == STATUS_OK &&
        !text_format(out, INQUIRY_QUESTION_SIZE, "{\"sealed\":\"%s\"}", sealed))
        status = STATUS_INVALID;
    bytes_wipe(plain, sizeof plain);
    return status;
}

void inquiry_ask_voucher(const char *voucher, const char *hash16, char out[INQUIRY_QUESTION_SIZE])
{
    if (hash16[0] != '\0')
        text_format(out, INQUIRY_QUESTION_SIZE, "{\"voucher\":\"%s\",\"hash\":\"%s\"}", voucher,
                    hash16);
    else
        text_format(out, INQUIRY_QUESTION_SIZE, "{\"voucher\":\"%s\"}", voucher);
}

static bool read_int(const json_t *object, const char *member, int64_t max, int64_t *out)
{
    const json_t *value = json_object_get(object, member);
    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= 0 && *out <= max;
}

static bool read_word(const json_t *object, const char *member, const char *characters, char *out,
                      size_t out_size)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text && text[0] != '\0' && strspn(text, characters) == strlen(text) &&
           text_copy(out, out_size, text);
}

/* Absent as a whole where only the number was known. */
static bool read_sums(const json_t *item, struct inquiry_payment *out)
{
    out->paid_fen = out->applied_fen = out->surplus_fen = INQUIRY_NOT_TOLD;
    if (!json_object_get(item, "paid"))
        return !json_object_get(item, "applied") && !json_object_get(item, "surplus");
    return read_int(item, "paid", MONEY_FEN_MAX, &out->paid_fen) &&
           read_int(item, "applied", MONEY_FEN_MAX, &out->applied_fen) &&
           read_int(item, "surplus", MONEY_FEN_MAX, &out->surplus_fen);
}

/* The bureau books in the moment it receives, and says in "state" what came of it. */
static bool read_state(const json_t *item, struct inquiry_payment *out)
{
    char state[16];
    int64_t at_ms, received_ms;
    if (!read_word(item, "state", LOWER, state, sizeof state) ||
        !read_int(item, "at", WALL_MS_MAX, &at_ms) ||
        !read_int(item, "received", WALL_MS_MAX, &received_ms))
        return false;
    bool is_credited = strcmp(state, "credited") == 0;
    if (!is_credited && (strcmp(state, "rejected") != 0 ||
                         !read_word(item, "reason", LOWER, out->rejected, sizeof out->rejected)))
        return false;
    for (int lamp = 0; lamp < INQUIRY_LAMPS; lamp++)
        out->lit[lamp] = lamp < INQUIRY_CREDITED || is_credited;
    out->lit_ms[INQUIRY_TAKEN] = at_ms;
    out->lit_ms[INQUIRY_RECEIVED] = received_ms;
    out->lit_ms[INQUIRY_CREDITED] = is_credited ? received_ms : 0;
    return true;
}

static bool read_payment(const json_t *item, struct inquiry_payment *out)
{
    return read_word(item, "voucher", DIGITS, out->voucher, sizeof out->voucher) &&
           voucher_is_valid(out->voucher) &&
           read_word(item, "kiosk", NAME, out->kiosk, sizeof out->kiosk) && read_state(item, out) &&
           read_sums(item, out);
}

static bool read_month(const json_t *item, int payment_count, struct inquiry_month *out)
{
    const char *month = json_string_value(json_object_get(item, "month"));
    int64_t payment;
    if (!month || month_parse(month, &out->month) != STATUS_OK ||
        !read_int(item, "payment", payment_count - 1, &payment))
        return false;
    out->payment = (int)payment;
    const json_t *kind = json_object_get(item, "kind");
    if (kind && (!json_is_string(kind) || strcmp(json_string_value(kind), "difference") != 0))
        return false;
    out->is_difference = kind != NULL;
    int64_t grade = 0;
    if (json_object_get(item, "grade") && !read_int(item, "grade", GRADE_MAX, &grade))
        return false;
    out->grade = (int)grade;
    return read_word(item, "insurance", LOWER, out->insurance, sizeof out->insurance) &&
           read_word(item, "code", DIGITS, out->code, sizeof out->code) &&
           read_int(item, "base", MONEY_FEN_MAX, &out->base_fen) &&
           read_int(item, "amount", MONEY_FEN_MAX, &out->amount_fen);
}

static bool read_lists(const json_t *root, struct inquiry_record *out)
{
    const json_t *payments = json_object_get(root, "payments");
    const json_t *months = json_object_get(root, "months");
    if (!json_is_array(payments) || json_array_size(payments) > INQUIRY_PAYMENTS_MAX ||
        !json_is_array(months) || json_array_size(months) > INQUIRY_MONTHS_MAX)
        return false;
    for (size_t i = 0; i < json_array_size(payments); i++)
        if (!read_payment(json_array_get(payments, i), &out->payments[out->payment_count++]))
            return false;
    for (size_t i = 0; i < json_array_size(months); i++)
        if (!read_month(json_array_get(months, i), out->payment_count,
                        &out->months[out->month_count++]))
            return false;
    return true;
}

static bool read_answer(const json_t *root, struct inquiry_record *out)
{
    const json_t *more = json_object_get(root, "more");
    out->is_bureaus = true;
    out->more = json_is_true(more);
    return read_int(root, "at", WALL_MS_MAX, &out->as_of_ms) && json_is_boolean(more) &&
           read_lists(root, out);
}

enum status inquiry_parse_answer(const char *body, size_t size, struct inquiry_record *out)
{
    memset(out, 0, sizeof *out);
    json_t *root =
        size <= ANSWER_BYTES_MAX ? json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL) : NULL;
    bool is_good = json_is_object(root) && read_answer(root, out);
    json_decref(root);
    if (!is_good)
        bytes_wipe(out, sizeof *out);
    return is_good ? STATUS_OK : STATUS_PROTOCOL;
}
