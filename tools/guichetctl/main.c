/*
 * guichetctl: one command for people who look after kiosks. See README.md.
 */
#include <stdio.h>
#include <string.h>

#include "tools/guichetctl/guichetctl.h"

static const char USAGE[] =
    "guichetctl journal verify FILE\n"
    "    recomputes the hash chain and every sum; names the first bad entry\n"
    "guichetctl journal show FILE [--txn T]\n"
    "    prints the entries, one a line\n";

static int usage_error(void)
{
    fputs(USAGE, stderr);
    return 2;
}

static int run_journal(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[0], "verify") == 0)
        return command_journal_verify(argv[1]);
    if (argc == 2 && strcmp(argv[0], "show") == 0)
        return command_journal_show(argv[1], NULL);
    if (argc == 4 && strcmp(argv[0], "show") == 0 && strcmp(argv[2], "--txn") == 0)
        return command_journal_show(argv[1], argv[3]);
    return usage_error();
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "journal") == 0)
        return run_journal(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        fputs(USAGE, stdout);
        return 0;
    }
    return usage_error();
}
