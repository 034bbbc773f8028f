/*
 * guichetctl: one command for people who look after kiosks. See README.md.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tools/guichetctl/guichetctl.h"

static const char USAGE[] =
    "guichetctl journal verify FILE [--root-key ROOT.PUB[@FIRST-[LAST]]]...\n"
    "    walks the hash chain, the books, the signed roots and every sum; names the first bad\n"
    "    entry; with the kiosk's root.pub no other key's roots count; give each key the kiosk "
    "had,\n"
    "    @FIRST-LAST if it is known among which entries\n"
    "guichetctl journal explain A B\n"
    "    what two of these have differently, in sentences: a journal, a bureau's file, a file "
    "with\n"
    "    an acceptor's counters {\"acceptor\":\"SERIAL\",\"stacked\":N,\"box\":{\"100\":N,...}}\n"
    "guichetctl journal doubtful FILE [CODE]\n"
    "    what waits for people: notes that could not be proved, counters that differ, another\n"
    "    acceptor; each with what to do; CODE: a slip's number, a transaction, an entry's number\n"
    "guichetctl journal registrations FILE [--set-aside]\n"
    "    who registered (by account number) and what became of it; of those the bureau set "
    "aside\n"
    "    the code, the reason and what to bring; exit code 1 if there are such\n"
    "guichetctl journal show FILE [--txn T]\n"
    "    prints the entries, one a line\n"
    "guichetctl report --journal FILE --bureau-db FILE [--sim-socket S]\n"
    "    what was physically paid, what the journal says, what the bureau says, side by side;\n"
    "    exit code 1 if anything differs\n"
    "guichetctl policy lint FILE [--replaces OLD]\n"
    "    checks a policy file as a kiosk does and prints every error as file:line: Enn what\n"
    "guichetctl policy diff OLD NEW\n"
    "    what changes for a payer, month by month; exit code 1 if anything does\n"
    "guichetctl policy quote FILE --month YYYY-MM [--months N] [--base YUAN | --grade N]\n"
    "        [--insurance ID] [--area ID] [--today YYYY-MM-DD]\n"
    "    what is owed, line by line, with the sources\n"
    "guichetctl policy recheck JOURNAL FOLDER\n"
    "    works every accepted quote out again from the revision it names, among FOLDER/*.policy\n"
    "guichetctl policy make-key FOLDER NAME author|approver\n"
    "    makes FOLDER/NAME.key and prints the line for the key registry\n"
    "guichetctl policy sign FILE author|approver KEY [--confirm]\n"
    "    adds a signature to FILE.sig; --confirm: the approver means what gives warnings\n"
    "guichetctl policy verify FILE KEYS\n"
    "    whether a kiosk with that key registry would take it\n"
    "guichetctl receipt verify [--key FILE | --bureau-db FILE] TEXT|FILE|-\n"
    "    what the code on a slip states and whether the kiosk signed it, offline, with the "
    "kiosk's\n"
    "    root.pub (the bureau gives it at /keys/KIOSK); with the bureau's file also whether the "
    "sum\n"
    "    is credited\n"
    "guichetctl receipt list JOURNAL\n"
    "    every slip number the kiosk has used and what became of it; exit code 1 if one is "
    "missing\n";

static int usage_error(void)
{
    fputs(USAGE, stderr);
    return 2;
}

/* FILE and any number of --root-key KEY. */
static int run_verify(int argc, char **argv)
{
    const char *keys[ROOT_KEYS_MAX];
    int count = 0;
    if (argc < 1 || argc % 2 == 0 || argc > 1 + 2 * ROOT_KEYS_MAX)
        return usage_error();
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--root-key") != 0)
            return usage_error();
        keys[count++] = argv[i + 1];
    }
    return command_journal_verify(argv[0], keys, count);
}

static int run_journal(int argc, char **argv)
{
    if (argc >= 1 && strcmp(argv[0], "verify") == 0)
        return run_verify(argc - 1, argv + 1);
    if (argc == 3 && strcmp(argv[0], "explain") == 0)
        return command_journal_explain(argv[1], argv[2]);
    if ((argc == 2 || argc == 3) && strcmp(argv[0], "doubtful") == 0)
        return command_journal_doubtful(argv[1], argc == 3 ? argv[2] : NULL);
    if (argc == 2 && strcmp(argv[0], "registrations") == 0)
        return command_journal_registrations(argv[1], false);
    if (argc == 3 && strcmp(argv[0], "registrations") == 0 && strcmp(argv[2], "--set-aside") == 0)
        return command_journal_registrations(argv[1], true);
    if (argc == 2 && strcmp(argv[0], "show") == 0)
        return command_journal_show(argv[1], NULL);
    if (argc == 4 && strcmp(argv[0], "show") == 0 && strcmp(argv[2], "--txn") == 0)
        return command_journal_show(argv[1], argv[3]);
    return usage_error();
}

static bool find_role(const char *word, enum signature_role *out)
{
    for (int i = 0; i < SIGNATURE_ROLES; i++) {
        *out = (enum signature_role)i;
        if (strcmp(word, signature_role_name(*out)) == 0)
            return true;
    }
    return false;
}

static int run_policy_keys(int argc, char **argv)
{
    enum signature_role role;
    bool confirms = argc == 5 && strcmp(argv[4], "--confirm") == 0;
    if (strcmp(argv[0], "sign") == 0 && (argc == 4 || confirms) && find_role(argv[2], &role))
        return command_policy_sign(argv[1], role, argv[3], confirms);
    if (strcmp(argv[0], "make-key") == 0 && argc == 4 && find_role(argv[3], &role))
        return command_policy_make_key(argv[1], argv[2], role);
    if (strcmp(argv[0], "verify") == 0 && argc == 3)
        return command_policy_verify(argv[1], argv[2]);
    return usage_error();
}

static int run_policy(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[0], "lint") == 0)
        return command_policy_lint(argv[1], NULL);
    if (argc == 4 && strcmp(argv[0], "lint") == 0 && strcmp(argv[2], "--replaces") == 0)
        return command_policy_lint(argv[1], argv[3]);
    if (argc == 3 && strcmp(argv[0], "recheck") == 0)
        return command_policy_recheck(argv[1], argv[2]);
    if (argc == 3 && strcmp(argv[0], "diff") == 0)
        return command_policy_diff(argv[1], argv[2]);
    if (argc > 1 && strcmp(argv[0], "quote") == 0) {
        int result = command_policy_quote(argc, argv);
        return result == 2 ? usage_error() : result;
    }
    return argc > 0 ? run_policy_keys(argc, argv) : usage_error();
}

static int run_report(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        { "journal", required_argument, NULL, 'j' },
        { "bureau-db", required_argument, NULL, 'b' },
        { "sim-socket", required_argument, NULL, 's' },
        { NULL, 0, NULL, 0 },
    };
    const char *journal = NULL, *bureau = NULL, *simulator = NULL;
    int option;
    while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
        if (option == 'j')
            journal = optarg;
        else if (option == 'b')
            bureau = optarg;
        else if (option == 's')
            simulator = optarg;
        else
            return usage_error();
    }
    return journal && bureau && optind == argc ? command_report(journal, bureau, simulator)
                                               : usage_error();
}

static int run_receipt(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[0], "verify") == 0)
        return command_receipt_verify(argv[1], NULL, NULL);
    if (argc == 4 && strcmp(argv[0], "verify") == 0 && strcmp(argv[1], "--key") == 0)
        return command_receipt_verify(argv[3], argv[2], NULL);
    if (argc == 4 && strcmp(argv[0], "verify") == 0 && strcmp(argv[1], "--bureau-db") == 0)
        return command_receipt_verify(argv[3], NULL, argv[2]);
    if (argc == 2 && strcmp(argv[0], "list") == 0)
        return command_receipt_list(argv[1]);
    return usage_error();
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "journal") == 0)
        return run_journal(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "report") == 0)
        return run_report(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "policy") == 0)
        return run_policy(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "receipt") == 0)
        return run_receipt(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        fputs(USAGE, stdout);
        return 0;
    }
    return usage_error();
}
