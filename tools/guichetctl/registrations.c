/* guichetctl journal registrations: what became of each, and of one set aside why and what helps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "registration/refusal.h"
#include "store/journal_registrations.h"
#include "tools/bureau/dead_letter.h"
#include "tools/guichetctl/guichetctl.h"

static void print_reason(const char *reason)
{
    enum refusal refusal = refusal_of_word(reason);
    if (refusal == REFUSAL_NONE || refusal == REFUSAL_OTHER) {
        printf("    %s: %s\n", reason, dead_letter_remedy(reason));
        return;
    }
    const struct refusal_words *words = refusal_words(refusal);
    printf("    %s %s\n    %s\n    %s\n    %s\n", words->code, words->sentence[0], words->bring[0],
           words->sentence[1], words->bring[1]);
}

static void print_one(void *context, const struct journal_registration *registration)
{
    int *count = context;
    const struct clock_civil at = clock_civil_in_china(registration->at_ms);
    const char *state = registration->rejected[0] != '\0' ? "set aside"
                        : registration->is_acked          ? "with the bureau"
                                                          : "not sent yet";
    printf("%04d-%02d-%02d %02d:%02d  entry %lld  visit %s  account %s  %s\n", at.year, at.month,
           at.day, at.hour, at.minute, (long long)registration->seq, registration->txn,
           registration->account, state);
    if (registration->rejected[0] != '\0')
        print_reason(registration->rejected);
    ++*count;
}

int command_journal_registrations(const char *path, bool rejected_only)
{
    struct journal *journal;
    int count = 0;
    enum status status = journal_open_read_only(path, &journal);
    if (status == STATUS_OK) {
        status = journal_list_registrations(journal, rejected_only, print_one, &count);
        journal_close(journal);
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "guichetctl: %s: %s\n", path, status_name(status));
        return 1;
    }
    if (count == 0)
        puts(rejected_only ? "No registration was set aside." : "Nobody has registered here.");
    return rejected_only && count > 0 ? 1 : 0;
}
