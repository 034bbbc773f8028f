#include "tools/bureau/standing.h"

#include <ctype.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/text.h"
#include "identity/identity.h"

#define LINE_SIZE 256
#define TAG_SHOWN 12 /* enough to tell two persons apart */

/* ---- what is known ---- */

static bool lists(const json_t *insurances, const char *code)
{
    size_t index;
    json_t *item;
    json_array_foreach(insurances, index, item)
    {
        if (json_is_string(item) && strcmp(json_string_value(item), code) == 0)
            return true;
    }
    return false;
}

static bool counts(enum refusal refusal, const json_t *insurances)
{
    const char *code = refusal_words(refusal)->insurance;
    return !code || lists(insurances, code);
}

/* Of several that refuse, the first of the table is told. */
static void take_mark(const char *mark, const char *detail, const json_t *insurances,
                      struct precheck *out)
{
    if (strcmp(mark, STANDING_FORMER) == 0) {
        text_copy(out->account, sizeof out->account, detail);
        if (out->state == PRECHECK_NEW)
            out->state = PRECHECK_RENEWAL;
        return;
    }
    enum refusal refusal = refusal_of_word(mark);
    bool is_first = out->state != PRECHECK_REFUSED || refusal < out->refusal;
    if (!counts(refusal, insurances) || !is_first)
        return;
    out->state = PRECHECK_REFUSED;
    out->refusal = refusal;
}

static enum status read_marks(struct bureau_store *store, const char *tag, const json_t *insurances,
                              struct precheck *out)
{
    struct db_statement *statement = bureau_statement(store, SQL_MARKS_OF);
    enum status status;
    db_bind_text(statement, 1, tag);
    while ((status = db_step(statement)) == STATUS_OK)
        take_mark(db_column_text(statement, 0), db_column_text(statement, 1), insurances, out);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status read_account(struct bureau_store *store, const char *tag, struct precheck *out)
{
    struct db_statement *statement = bureau_statement(store, SQL_CITIZEN_OF_PERSON);
    db_bind_text(statement, 1, tag);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    bool whole = text_copy(out->account, sizeof out->account, db_column_text(statement, 0));
    if (out->state != PRECHECK_REFUSED)
        out->state = PRECHECK_KNOWN;
    db_reset(statement);
    return whole ? STATUS_OK : STATUS_CORRUPT;
}

enum status standing_find(struct bureau_store *store, const char *tag, const json_t *insurances,
                          struct precheck *out)
{
    *out = (struct precheck){ .state = PRECHECK_NEW };
    if (tag[0] == '\0')
        return STATUS_OK;
    enum status status = read_marks(store, tag, insurances, out);
    return status == STATUS_OK ? read_account(store, tag, out) : status;
}

/* ---- the register ---- */

static bool is_mark(const char *word)
{
    if (strcmp(word, STANDING_FORMER) == 0)
        return true;
    enum refusal refusal = refusal_of_word(word);
    return refusal != REFUSAL_NONE && refusal != REFUSAL_OTHER && refusal != REFUSAL_KNOWN &&
           refusal_words(refusal)->knower == REFUSAL_BY_BUREAU;
}

struct mark_line {
    const char *number, *mark, *detail;
    bool takes_back;
};

static bool is_sound(const struct mark_line *line)
{
    size_t length = strlen(line->detail);
    bool is_former = strcmp(line->mark, STANDING_FORMER) == 0 && !line->takes_back;
    bool is_account =
        length > 0 && length < JOURNAL_NUMBER_SIZE && strspn(line->detail, "0123456789") == length;
    /* Any day after: whether a birth lies ahead is not for a register to say. */
    return identity_number_is_valid(line->number, IDENTITY_NO_EXPIRY) && is_mark(line->mark) &&
           (!is_former || is_account);
}

/* False: nothing but blanks or a comment. */
static bool split(char *text, struct mark_line *out)
{
    char *rest = NULL;
    *out = (struct mark_line){ .number = strtok_r(text, " \t\r\n", &rest) };
    if (!out->number || out->number[0] == '#')
        return false;
    const char *mark = strtok_r(NULL, " \t\r\n", &rest);
    const char *detail = strtok_r(NULL, "\r\n", &rest);
    out->takes_back = mark && mark[0] == '-';
    out->mark = mark ? mark + out->takes_back : "";
    out->detail = detail ? detail : "";
    return true;
}

static enum status put_mark(struct bureau_store *store, const struct mark_line *line,
                            const char *by, int64_t now_ms)
{
    char tag[PERSON_TAG_SIZE];
    struct db_statement *statement =
        bureau_statement(store, line->takes_back ? SQL_MARK_REMOVE : SQL_MARK_ADD);
    person_tag_number(store->person_key, line->number, tag);
    db_bind_text(statement, 1, tag);
    db_bind_text(statement, 2, line->mark);
    if (line->takes_back)
        return db_run(statement);
    db_bind_text(statement, 3, line->detail);
    db_bind_int(statement, 4, now_ms);
    db_bind_text(statement, 5, by);
    return db_run(statement);
}

static enum status take_lines(struct bureau_store *store, FILE *in, const char *by, int64_t now_ms,
                              FILE *errors, int *count_out)
{
    char text[LINE_SIZE];
    struct mark_line line;
    enum status status = STATUS_OK;
    for (int number = 1; status == STATUS_OK && fgets(text, sizeof text, in); number++) {
        if (!split(text, &line))
            continue;
        status = is_sound(&line) ? put_mark(store, &line, by, now_ms) : STATUS_INVALID;
        if (status == STATUS_INVALID)
            fprintf(errors, "line %d: not \"ID-NUMBER MARK [DETAIL]\"\n", number);
        (*count_out)++;
    }
    bytes_wipe(text, sizeof text);
    return status;
}

enum status standing_import(struct bureau_store *store, FILE *in, const char *by, int64_t now_ms,
                            FILE *errors, int *count_out)
{
    CHECK(store->person_key);
    *count_out = 0;
    enum status status = bureau_store_begin(store);
    if (status != STATUS_OK)
        return status;
    return bureau_store_end(store, take_lines(store, in, by, now_ms, errors, count_out));
}

enum status standing_list(struct bureau_store *reader, FILE *out)
{
    struct db_statement *statement;
    enum status status = db_prepare(
        reader->db, "SELECT person, mark, detail, at, marked_by FROM person_mark ORDER BY at, mark",
        &statement);
    while (status == STATUS_OK && (status = db_step(statement)) == STATUS_OK) {
        const struct clock_civil at = clock_civil_of(db_column_int(statement, 3));
        fprintf(out, "%.*s %s%s%s, %04d-%02d-%02d, %s\n", TAG_SHOWN, db_column_text(statement, 0),
                db_column_text(statement, 1), db_column_text(statement, 2)[0] ? " " : "",
                db_column_text(statement, 2), at.year, at.month, at.day,
                db_column_text(statement, 4));
    }
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
