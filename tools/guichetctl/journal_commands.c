#include "tools/guichetctl/guichetctl.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/text.h"
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

static int inspect(const char *path, const struct journal_root_trust *trusted, int trusted_count)
{
    struct journal *journal;
    struct journal_finding finding;
    enum status status = journal_open_read_only(path, &journal);
    if (status != STATUS_OK)
        return fail(path, status);
    status = journal_inspect(journal, trusted, trusted_count, &finding);
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

/* "FIRST-" or "FIRST-LAST". */
static bool parse_range(const char *text, struct journal_root_trust *trust)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    trust->first_seq = strtoll(text, &end, 10);
    if (*end != '-' || trust->first_seq < 1)
        return false;
    const char *last = end + 1;
    if (*last == '\0')
        return true;
    if (*last < '0' || *last > '9')
        return false;
    trust->last_seq = strtoll(last, &end, 10);
    return *end == '\0' && trust->last_seq >= trust->first_seq;
}

/* A name may itself have an @: what is there as a file is a file. */
static enum status read_trust(const char *argument, struct journal_root_trust *trust)
{
    char path[PATH_MAX];
    const char *at = access(argument, F_OK) == 0 ? NULL : strrchr(argument, '@');
    int length = (int)(at ? at - argument : (ptrdiff_t)strlen(argument));
    *trust = (struct journal_root_trust){ .first_seq = 1, .last_seq = INT64_MAX };
    if (!text_format(path, sizeof path, "%.*s", length, argument) ||
        (at && !parse_range(at + 1, trust)))
        return STATUS_INVALID;
    return key_file_read(path, "root.pub", S_IWGRP | S_IWOTH, trust->key);
}

int command_journal_verify(const char *path, const char *const *root_keys, int root_key_count)
{
    struct journal_root_trust trusted[ROOT_KEYS_MAX];
    for (int i = 0; i < root_key_count; i++) {
        enum status status = read_trust(root_keys[i], &trusted[i]);
        if (status != STATUS_OK)
            return fail(root_keys[i], status);
    }
    return inspect(path, trusted, root_key_count);
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
