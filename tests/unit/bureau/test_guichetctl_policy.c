/*
 * `guichetctl policy`: lint, quote, diff, and two people who sign.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "unit/bureau/ctl_rig.h"

#define SHANGHAI SOURCE_DIR "/config/policy/310000-shanghai.policy"

static void checks_a_policy_file(void **state)
{
    struct ctl_rig *rig = *state;
    assert_int_equal(ctl_run(rig, "policy lint " SHANGHAI), 0);
    assert_non_null(strstr(rig->out, "good: "));
    assert_non_null(strstr(rig->out, "sha256:"));
    assert_int_equal(ctl_run(rig, "policy lint " SOURCE_DIR "/tools/guichetctl/README.md"), 1);
    assert_non_null(strstr(rig->out, "README.md:1: E"));
    assert_int_equal(ctl_run(rig, "policy lint /nonexistent"), 1);
    assert_int_equal(ctl_run(rig, "policy lint " SHANGHAI " --replaces " SHANGHAI), 1);
    assert_non_null(strstr(rig->out, "E09"));
}

static void quotes_by_a_policy_file(void **state)
{
    struct ctl_rig *rig = *state;
    assert_int_equal(
        ctl_run(rig, "policy quote " SHANGHAI " --month 2026-06 --months 2 --base 8000.00"), 0);
    assert_non_null(strstr(rig->out, "account 640.00 + pooled 960.00"));
    assert_non_null(strstr(rig->out, "total 4800.00, shanghai-individual revision 1"));
    assert_int_equal(ctl_run(rig, "policy quote " SHANGHAI " --month 2026-06 --base 1.00"), 1);
    assert_non_null(strstr(rig->out, "R14 outside_limits"));
    assert_int_equal(ctl_run(rig, "policy quote " SOURCE_DIR "/config/policy/320100-nanjing.policy "
                                  "--month 2025-03 --grade 4 --insurance pension"),
                     0);
    assert_non_null(strstr(rig->out, "total 1600.00"));
    assert_int_equal(ctl_run(rig, "policy quote " SOURCE_DIR "/config/policy/110000-beijing.policy "
                                  "--month 2026-07 --base 8000.00"),
                     1);
    assert_non_null(strstr(rig->out, "R15 pending\n    7270/36348"));
    assert_int_equal(ctl_run(rig, "policy quote " SHANGHAI " --month 2026-06 --base 8000.00 "
                                  "--today 2026-07-01"),
                     1);
    assert_non_null(strstr(rig->out, "R16 back"));
    assert_int_equal(ctl_run(rig, "policy quote " SHANGHAI), 2);
    assert_int_equal(ctl_run(rig, "policy quote " SHANGHAI " --month 2026-06 --insurance housing"),
                     2);
}

static void shell(struct ctl_rig *rig, const char *format)
{
    char command[1024];
    snprintf(command, sizeof command, "cd '%s' && %s", rig->store->folder, format);
    assert_int_equal(system(command), 0);
}

/* new.policy is the next revision, with another floor for the pension from 2026-07; issued on a day
 * that is past on any machine. */
static void make_next_revision(struct ctl_rig *rig)
{
    shell(rig,
          "sed -e \"s/^revision = 1/revision = 2\\nreplaces = 1 sha256:$(sha256sum " SHANGHAI
          " | cut -c1-64)/\" -e '0,/limits = 2026-07.. 7546.00/s//limits = 2026-07.. 7546.50/' "
          "-e 's/^check = 2026-07 7546.00 1509.20/check = 2026-07 7546.50 1509.30/' " SHANGHAI
          " > new.policy");
}

static void tells_what_changes_for_a_payer(void **state)
{
    struct ctl_rig *rig = *state;
    char command[512];
    make_next_revision(rig);
    snprintf(command, sizeof command, "policy diff " SHANGHAI " %s/new.policy", rig->store->folder);
    assert_int_equal(ctl_run(rig, command), 1);
    assert_non_null(strstr(rig->out, "pension 2026-07..2027-06\n"
                                     "    - base 7546.00..37731.00 costs 1509.20..7546.20\n"
                                     "    + base 7546.50..37731.00 costs 1509.30..7546.20"));
    assert_null(strstr(rig->out, "2026-06"));
    assert_int_equal(ctl_run(rig, "policy diff " SHANGHAI " " SHANGHAI), 0);
    shell(rig, "rm new.policy");
}

static int policy_in_folder(struct ctl_rig *rig, const char *format)
{
    char arguments[1024] = "policy ";
    size_t length = strlen(arguments);
    for (const char *at = format; *at; at++) {
        bool is_folder = *at == '@';
        length += (size_t)snprintf(arguments + length, sizeof arguments - length, "%.*s",
                                   is_folder ? 96 : 1, is_folder ? rig->store->folder : at);
    }
    return ctl_run(rig, arguments);
}

static void two_people_sign_a_file(void **state)
{
    struct ctl_rig *rig = *state;
    make_next_revision(rig);
    assert_int_equal(policy_in_folder(rig, "make-key @ a.zhao author"), 0);
    shell(rig, "chmod 600 a.zhao.key && test $(stat -c %a a.zhao.key) = 600");
    assert_non_null(strstr(rig->out, "a.zhao author "));
    char author[256];
    snprintf(author, sizeof author, "%.200s", rig->out);
    assert_int_equal(policy_in_folder(rig, "make-key @ a.zhao author"), 1); /* never overwritten */
    assert_int_equal(policy_in_folder(rig, "make-key @ b.qian approver"), 0);
    char path[128];
    snprintf(path, sizeof path, "%s/keys", rig->store->folder);
    FILE *keys = fopen(path, "w");
    assert_non_null(keys);
    fprintf(keys, "%s%s", author, rig->out);
    fclose(keys);
    assert_int_equal(policy_in_folder(rig, "verify @/new.policy @/keys"), 1);
    assert_non_null(strstr(rig->out, "no signature of the author"));
    assert_int_equal(policy_in_folder(rig, "sign @/new.policy author @/a.zhao.key"), 0);
    assert_int_equal(policy_in_folder(rig, "verify @/new.policy @/keys"), 1);
    assert_int_equal(policy_in_folder(rig, "sign @/new.policy approver @/b.qian.key"), 0);
    assert_int_equal(policy_in_folder(rig, "verify @/new.policy @/keys"), 0);
    assert_non_null(strstr(rig->out, "signed by a.zhao (author) and b.qian (approver)"));
    shell(rig, "echo '# later' >> new.policy");
    assert_int_equal(policy_in_folder(rig, "verify @/new.policy @/keys"), 1);
    assert_non_null(strstr(rig->out, "E12 the signature of a.zhao is not of this file"));
    shell(rig, "rm new.policy new.policy.sig keys a.zhao.key b.qian.key");
}

static void warnings_are_signed_only_when_they_are_meant(void **state)
{
    struct ctl_rig *rig = *state;
    shell(rig, "sed -e 's/^check = 2026-06.*//' -e 's/^issued = .*/issued = 2020-01-01/' " SHANGHAI
               " > new.policy");
    assert_int_equal(policy_in_folder(rig, "make-key @ b.qian approver"), 0);
    assert_int_equal(policy_in_folder(rig, "sign @/new.policy approver @/b.qian.key"), 1);
    assert_non_null(strstr(rig->out, "E43 warning"));
    assert_int_equal(policy_in_folder(rig, "sign @/new.policy approver @/b.qian.key --confirm"), 0);
    shell(rig, "rm new.policy new.policy.sig b.qian.key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(checks_a_policy_file),
        ON_RIG(quotes_by_a_policy_file),
        ON_RIG(tells_what_changes_for_a_payer),
        ON_RIG(two_people_sign_a_file),
        ON_RIG(warnings_are_signed_only_when_they_are_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
