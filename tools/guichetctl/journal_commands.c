#include "tools/guichetctl/guichetctl.h"

#include <stdio.h>

#include "base/bytes.h"
#include "store/journal.h"

static int fail(const char *path, enum status status)
{
    fprintf(stderr, "guichetctl: %s: %s\n", path, status_name(status));
    return 1;
}

int command_journal_verify(const char *path)
{
    struct journal *journal;
    int64_t bad_seq;
    enum status status = journal_open_read_only(path, &journal);
    if (status != STATUS_OK)
        return fail(path, status);
    status = journal_verify(journal, &bad_seq);
    long long last_seq = (long long)journal_last_seq(journal);
    journal_close(journal);
    if (status == STATUS_OK)
        printf("sound: %lld entries, chain and projections\n", last_seq);
    else if (bad_seq > 0)
        printf("BROKEN: entry %lld is the first that does not match its hash (of %lld)\n",
               (long long)bad_seq, last_seq);
    else if (bad_seq == JOURNAL_BAD_PROJECTION)
        printf("BROKEN: all %lld entries are sound, but the sums kept beside them differ\n",
               last_seq);
    else
        return fail(path, status);
    return status == STATUS_OK ? 0 : 1;
}

static bool print_entry(void *context, const struct journal_entry *entry)
{
    char at[CLOCK_ISO_SIZE], hash[17];
    (void)context;
    clock_format_iso(entry->at_ms, at);
    bytes_to_hex(entry->hash, (sizeof hash - 1) / 2, hash);
    printf("%6lld  %s  %-22s %-18s %s  %s\n", (long long)entry->seq, at, entry->txn, entry->kind,
           hash, entry->body);
    return true;
}

int command_journal_show(const char *path, const char *txn)
{
    struct journal *journal;
    enum status status = journal_open_read_only(path, &journal);
    if (status != STATUS_OK)
        return fail(path, status);
    status = txn ? journal_read_transaction(journal, txn, print_entry, NULL)
                 : journal_read(journal, 1, INT64_MAX, print_entry, NULL);
    journal_close(journal);
    return status == STATUS_OK ? 0 : fail(path, status);
}
