#include "tools/guichetctl/guichetctl.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "store/journal.h"
#include "store/key_file.h"
#include "tools/bureau/doubtful_report.h"
#include "tools/guichetctl/explain.h"

static int fail(const char *path, enum status status)
{
    fprintf(stderr, "guichetctl: %s: %s\n", path, status_name(status));
    return 1;
}

static const char *const FINDINGS[] = {
    [JOURNAL_ENTRY_MISSING] = "is missing",
    [JOURNAL_ENTRY_FOREIGN] = "belongs to no chain: somebody put it in",
    [JOURNAL_ENTRY_CHANGED] =
        "is not what its hash says: it was changed, or put in another's place",
    [JOURNAL_ENTRY_UNREADABLE] = "is nothing a kiosk writes",
    [JOURNAL_ENTRY_UNBOOKABLE] = "breaks the rules of the books",
    [JOURNAL_ROOT_FALSE] = "is a day's root that does not hold",
    [JOURNAL_TAIL_MISSING] = "and all after it are missing, though the bureau acknowledged them",
};

static void print_finding(const struct journal_finding *finding, long long last_seq)
{
    const char *separator = finding->detail[0] ? ": " : "";
    if (finding->fault == JOURNAL_SUMS_DIFFER)
        printf(
            "BROKEN: all %lld entries are sound, but the sums kept beside them differ (%s).\n"
            "Either a sum was changed, or entries after %lld were cut off, or the whole chain was "
            "made anew; guichetctl journal explain, with the bureau's file, tells.\n",
            last_seq, finding->detail, last_seq);
    else
        printf("BROKEN: entry %lld %s%s%s (the last one is %lld)\n", (long long)finding->seq,
               FINDINGS[finding->fault], separator, finding->detail, last_seq);
}

static int inspect(const char *path, const uint8_t *root_key)
{
    struct journal *journal;
    struct journal_finding finding;
    enum status status = journal_open_read_only(path, &journal);
    if (status != STATUS_OK)
        return fail(path, status);
    status = journal_inspect(journal, root_key, &finding);
    long long last_seq = (long long)journal_last_seq(journal);
    int64_t voucher = 0;
    if (status == STATUS_OK)
        status = journal_peek_voucher(journal, &voucher);
    journal_close(journal);
    if (status == STATUS_OK)
        printf("sound: %lld entries, chain, books and projections; voucher numbers without a gap,\n"
               "the next slip's is %06lld\n",
               last_seq, (long long)voucher);
    else if (finding.fault != JOURNAL_SOUND)
        print_finding(&finding, last_seq);
    else
        return fail(path, status);
    return status == STATUS_OK ? 0 : 1;
}

int command_journal_verify(const char *path, const char *root_key_path)
{
    uint8_t root_key[KEY_FILE_BYTES];
    if (!root_key_path)
        return inspect(path, NULL);
    enum status status = key_file_read(root_key_path, "root.pub", S_IWGRP | S_IWOTH, root_key);
    return status == STATUS_OK ? inspect(path, root_key) : fail(root_key_path, status);
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

static enum status print_visits(struct journal *journal, const json_t *list)
{
    const char *told = "";
    enum status status = STATUS_OK;
    for (size_t i = 0; i < json_array_size(list) && status == STATUS_OK; i++) {
        const char *txn = json_string_value(json_object_get(json_array_get(list, i), "txn"));
        if (txn[0] != '\0' && strcmp(txn, told) != 0)
            status = journal_read_transaction(journal, txn, print_entry, NULL);
        told = txn;
    }
    return status;
}

int command_journal_doubtful(const char *path, const char *code)
{
    struct journal *journal;
    json_t *list = NULL;
    enum status status = journal_open_read_only(path, &journal);
    if (status != STATUS_OK)
        return fail(path, status);
    status = explain_list_doubtful(journal, code, &list);
    if (status == STATUS_OK && json_array_size(list) == 0)
        puts(code ? "Nothing doubtful has this code." : "Nothing is doubtful.");
    if (status == STATUS_OK)
        doubtful_report_print(stdout, list, NULL);
    if (status == STATUS_OK && code)
        status = print_visits(journal, list);
    bool is_missing = code && json_array_size(list) == 0;
    json_decref(list);
    journal_close(journal);
    if (status != STATUS_OK)
        return fail(path, status);
    return is_missing ? 1 : 0;
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
