/*
 * guichetctl receipt verify: what a slip's code states, whether the kiosk signed it, and what that
 * does not prove. Needs no network and no bureau, only the kiosk's public key.
 */
#include "tools/guichetctl/guichetctl.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "store/key_file.h"
#include "tools/bureau/slip.h"

static const char PROVEN[] =
    "\nSIGNED. The kiosk signed exactly this, and nothing of it was changed since.\n"
    "That proves that the kiosk took this sum and closed the payment in that entry of its "
    "journal.\n"
    "It does not prove\n"
    "  - that the bureau has received or credited the sum: only the bureau's books tell that;\n"
    "  - that this paper is the original: a copy carries the same code;\n"
    "  - who holds the paper: the masked ID must fit the card that is shown;\n"
    "  - that the key is the kiosk's: that is for whoever gave you the key to know.\n";

static void print_sum(int64_t fen)
{
    char figures[MONEY_TEXT_SIZE], words[MONEY_WORDS_SIZE];
    money_format(fen, 1, figures);
    money_format_words(fen, words);
    printf("  cash taken      %s yuan (%s)\n", figures, words);
}

static void print_time(int64_t at_s)
{
    struct clock_civil at = clock_civil_in_china(at_s * 1000);
    printf("  time            %04d-%02d-%02d %02d:%02d:%02d (China)\n", at.year, at.month, at.day,
           at.hour, at.minute, at.second);
}

static void print_statement(const struct statement *statement)
{
    char region[VOUCHER_REGION_SIZE], kiosk[VOUCHER_DEVICE_SIZE];
    char hash[2 * sizeof statement->hash + 1], key_id[2 * sizeof statement->key_id + 1];
    voucher_read_region(statement->voucher, region);
    voucher_read_device(statement->voucher, kiosk);
    bytes_to_hex(statement->hash, sizeof statement->hash, hash);
    bytes_to_hex(statement->key_id, sizeof statement->key_id, key_id);
    printf("The slip states\n  voucher         %s\n  kiosk           %s, region %s\n",
           statement->voucher, kiosk, region);
    print_sum(statement->paid_fen);
    print_time(statement->at_s);
    printf("  masked ID       %s\n",
           statement->number_masked[0] != '\0' ? statement->number_masked : "none on this slip");
    printf("  journal entry   %lld, hash %s...\n", (long long)statement->seq, hash);
    printf("  key             %s\n", key_id);
}

/* 0 signed, 1 not. */
static int judge(const struct statement *statement, const uint8_t key[JOURNAL_ROOT_KEY_BYTES])
{
    if (!statement_names_key(statement, key))
        puts("\nFALSE. It was signed with another key than this one: another kiosk's, an older one "
             "of\nthis kiosk, or a forger's. Do not rely on it.");
    else if (!statement_is_signed(statement, key))
        puts("\nFALSE. The signature does not fit: something was changed after it was signed. Do "
             "not\nrely on any of it.");
    else
        fputs(PROVEN, stdout);
    return statement_is_signed(statement, key) ? 0 : 1;
}

static int judge_with_file(const struct statement *statement, const char *path)
{
    uint8_t key[KEY_FILE_BYTES];
    enum status status = key_file_read(path, "root.pub", S_IWGRP | S_IWOTH, key);
    if (status == STATUS_OK)
        return judge(statement, key);
    fprintf(stderr, "guichetctl: %s: %s\n", path, status_name(status));
    return 1;
}

static int print_books(const struct slip *slip)
{
    char applied[MONEY_TEXT_SIZE], surplus[MONEY_TEXT_SIZE];
    money_format(slip->applied_fen, 1, applied);
    money_format(slip->surplus_fen, 1, surplus);
    if (slip->verdict == SLIP_DIFFERS)
        puts("\nTHE BOOKS DIFFER. The bureau has this number with another sum or another entry: "
             "somebody\nmust look.");
    else if (slip->credited)
        printf("\nCREDITED in the bureau's books: %s contributions, %s surplus.\nThe kiosk's last "
               "word about the paper: %s.\n",
               applied, surplus, slip->paper[0] != '\0' ? slip->paper : "none yet");
    else
        printf("\nNOT CREDITED YET: %s.\n", slip->was_set_aside
                                                ? "the entry came and was set aside for staff"
                                                : "the entry has not come to the bureau");
    return slip->verdict == SLIP_DIFFERS ? 1 : 0;
}

static int judge_with_books(const struct statement *statement, const char *text, const char *path)
{
    struct bureau_store reader;
    struct slip slip;
    uint8_t key[JOURNAL_ROOT_KEY_BYTES];
    char kiosk[VOUCHER_DEVICE_SIZE];
    voucher_read_device(statement->voucher, kiosk);
    enum status status = bureau_store_open_read_only(&reader, path);
    if (status != STATUS_OK) {
        fprintf(stderr, "guichetctl: %s: %s\n", path, status_name(status));
        return 1;
    }
    status = slip_find_key(&reader, kiosk, key);
    if (status == STATUS_OK)
        status = slip_judge(&reader, text, &slip);
    bureau_store_close(&reader);
    if (status == STATUS_NOT_FOUND)
        puts("\nNOT CHECKED. The bureau has no key of this kiosk.");
    if (status != STATUS_OK)
        return 1;
    int result = judge(statement, key);
    return result == 0 ? print_books(&slip) : result;
}

/* "-" is the standard input, a name of a file that file, anything else the text itself. */
static bool read_text(const char *argument, char out[STATEMENT_INPUT_MAX + 2])
{
    struct stat info;
    bool is_input = strcmp(argument, "-") == 0;
    if (!is_input && (stat(argument, &info) != 0 || !S_ISREG(info.st_mode)))
        return text_copy(out, STATEMENT_INPUT_MAX + 2, argument);
    FILE *file = is_input ? stdin : fopen(argument, "r");
    if (!file)
        return false;
    size_t size = fread(out, 1, STATEMENT_INPUT_MAX + 1, file);
    bool whole = !ferror(file) && feof(file);
    if (!is_input)
        fclose(file);
    out[size] = '\0';
    return whole && strlen(out) == size;
}

/* A scanner ends a line. */
static void trim(char *text)
{
    text[strcspn(text, "\r\n")] = '\0';
}

int command_receipt_verify(const char *argument, const char *key_path, const char *bureau_db)
{
    char text[STATEMENT_INPUT_MAX + 2];
    struct statement statement;
    if (!read_text(argument, text)) {
        fprintf(stderr, "guichetctl: %.80s: cannot be read, or is too long\n", argument);
        return 1;
    }
    trim(text);
    if (statement_parse(text, &statement) != STATUS_OK) {
        puts("FALSE. This is no signed statement of a kiosk, or not all of one: scan it again.");
        return 1;
    }
    print_statement(&statement);
    if (key_path)
        return judge_with_file(&statement, key_path);
    if (bureau_db)
        return judge_with_books(&statement, text, bureau_db);
    puts("\nNOT CHECKED. Without the kiosk's public key (--key) anybody may have written this.");
    return 1;
}
