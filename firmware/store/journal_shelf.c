#include "store/journal.h"

#include "base/text.h"
#include "store/journal_internal.h"
#include <string.h>

static enum status count_up(struct journal *journal, const char *name, int64_t *value_out)
{
    db_bind_text(journal->next_serial, 1, name);
    enum status status = db_step(journal->next_serial);
    if (status != STATUS_OK)
        return status;
    *value_out = db_column_int(journal->next_serial, 0);
    db_reset(journal->next_serial);
    return STATUS_OK;
}

enum status journal_next_serial(struct journal *journal, const char *name, int64_t *value_out)
{
    int64_t value = 0;
    enum status status = journal_begin(journal);
    if (status != STATUS_OK)
        return status;
    status = journal_end(journal, count_up(journal, name, &value));
    if (status == STATUS_OK)
        *value_out = value;
    return status;
}

static bool fact_is(struct journal *journal, const char *key, const char *value)
{
    db_bind_text(journal->get_fact, 1, key);
    if (db_step(journal->get_fact) != STATUS_OK)
        return false;
    bool same = strcmp(db_column_text(journal->get_fact, 0), value) == 0;
    db_reset(journal->get_fact);
    return same;
}

enum status journal_put_fact(struct journal *journal, const char *key, const char *value)
{
    if (journal_is_writable(journal) && fact_is(journal, key, value))
        return STATUS_OK; /* spares the flash a commit that says nothing new */
    enum status status = journal_begin(journal);
    if (status != STATUS_OK)
        return status;
    db_bind_text(journal->put_fact, 1, key);
    db_bind_text(journal->put_fact, 2, value);
    return journal_end(journal, db_run(journal->put_fact));
}

enum status journal_get_fact(struct journal *journal, const char *key, char *out, size_t out_size)
{
    db_bind_text(journal->get_fact, 1, key);
    enum status status = db_step(journal->get_fact);
    if (status != STATUS_OK)
        return status;
    if (!text_copy(out, out_size, db_column_text(journal->get_fact, 0)))
        status = STATUS_FULL;
    db_reset(journal->get_fact);
    return status;
}
