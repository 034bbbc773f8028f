/*
 * What may replace a policy, what stays when it may not, and that old revisions remain.
 */
#include "rulebook/rulebook.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "plan/quote.h"
#include "unit/plan/policy_text.h"
#include "unit/store/store_rig.h"

static const uint8_t AUTHOR_SEED[SIGNATURE_SEED_BYTES] = { 1 };
static const uint8_t APPROVER_SEED[SIGNATURE_SEED_BYTES] = { 2 };
static const char SHANGHAI[] = "310000-shanghai.policy";

struct book_rig {
    struct store_rig *store;
    char folder[96], shipped[96], keys[96];
    struct rulebook rulebook;
    struct policy *policy;
};

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void write_keys(struct book_rig *rig)
{
    static const char *const ROLES[] = { "a.zhao author", "b.qian approver" };
    static const uint8_t *const SEEDS[] = { AUTHOR_SEED, APPROVER_SEED };
    char text[512] = "";
    for (int i = 0; i < 2; i++) {
        uint8_t key[SIGNATURE_PUBLIC_BYTES];
        char hex[2 * SIGNATURE_PUBLIC_BYTES + 1];
        signature_public_key(SEEDS[i], key);
        bytes_to_hex(key, sizeof key, hex);
        sprintf(text + strlen(text), "%s %s\n", ROLES[i], hex);
    }
    write_file(rig->store->folder, "keys", text);
}

static void hash_text(const char *text, char out[65])
{
    uint8_t digest[32];
    assert_int_equal(EVP_Digest(text, strlen(text), digest, NULL, EVP_sha256(), NULL), 1);
    bytes_to_hex(digest, sizeof digest, out);
}

static void sign_text(const char *text, char out[2 * SIGNATURE_LINE_SIZE])
{
    signature_make(SIGNATURE_AUTHOR, "a.zhao", "2026-09-01", text, strlen(text), AUTHOR_SEED, out);
    signature_make(SIGNATURE_APPROVER, "b.qian", "2026-09-02", text, strlen(text), APPROVER_SEED,
                   out + strlen(out));
}

static void replace(char *text, const char *find, const char *replacement)
{
    char rest[POLICY_TEXT_MAX];
    char *at = strstr(text, find);
    if (!at)
        fail_msg("no '%s'", find);
    snprintf(rest, sizeof rest, "%s", at + strlen(find));
    sprintf(at, "%s%s", replacement, rest);
}

/* The shipped file as another revision that follows the given hash, with a higher floor. */
static void make_revision(int revision, const char *replaces, char out[POLICY_TEXT_MAX])
{
    char head[160];
    read_policy_text(SHANGHAI, out);
    snprintf(head, sizeof head, "revision = %d\nreplaces = %d sha256:%s", revision, revision - 1,
             replaces);
    replace(out, "revision = 1", head);
    replace(out, "limits = 2026-07.. 7546.00", "limits = 2026-07.. 7600.00");
    replace(out, "check = 2026-07 7546.00 1509.20", "check = 2026-07 7600.00 1520.00");
    replace(out, "limits = 2026-07.. 7546.00", "limits = 2026-07.. 7600.00");
    replace(out, "check = 2026-07 7546.00 754.60", "check = 2026-07 7600.00 760.00");
}

static void open_book(struct book_rig *rig, bool with_keys, bool production)
{
    const struct rulebook_config config = {
        .folder = rig->folder,
        .shipped = rig->shipped,
        .region = "310000",
        .keys_path = with_keys ? rig->keys : "",
        .production = production,
    };
    policy_free(rig->policy);
    rulebook_open(&rig->rulebook, &config, &rig->store->clock.clock, rig->store->journal);
    rig->policy = rulebook_load(&rig->rulebook);
}

static void ship(struct book_rig *rig, const char *text)
{
    char signatures[2 * SIGNATURE_LINE_SIZE];
    sign_text(text, signatures);
    write_file(rig->shipped, SHANGHAI, text);
    write_file(rig->shipped, "310000-shanghai.policy.sig", signatures);
}

static int setup(void **state)
{
    struct book_rig *rig = calloc(1, sizeof *rig);
    char text[POLICY_TEXT_MAX];
    void *store;
    assert_non_null(rig);
    setenv("TZ", "Asia/Shanghai", 1);
    assert_int_equal(rig_setup(&store), 0);
    rig->store = store;
    snprintf(rig->folder, sizeof rig->folder, "%s/policy", rig->store->folder);
    snprintf(rig->shipped, sizeof rig->shipped, "%s/shipped", rig->store->folder);
    snprintf(rig->keys, sizeof rig->keys, "%s/keys", rig->store->folder);
    assert_int_equal(mkdir(rig->shipped, 0700), 0);
    write_keys(rig);
    read_policy_text(SHANGHAI, text);
    ship(rig, text);
    open_book(rig, true, true);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct book_rig *rig = *state;
    char command[384];
    void *store = rig->store;
    policy_free(rig->policy);
    snprintf(command, sizeof command, "rm -rf '%s' '%s' '%s'", rig->folder, rig->shipped,
             rig->keys);
    assert_int_equal(system(command), 0);
    free(rig);
    return rig_teardown(&store);
}

static enum rulebook_verdict offer(struct book_rig *rig, int revision, const char *text,
                                   const char *signatures)
{
    struct policy *next = NULL;
    const struct rulebook_offer bytes = { revision, text, strlen(text), signatures,
                                          strlen(signatures) };
    enum rulebook_verdict verdict = rulebook_take(&rig->rulebook, rig->policy, &bytes, &next);
    assert_true((verdict == RULEBOOK_INSTALLED) == (next != NULL));
    if (next) {
        policy_free(rig->policy);
        rig->policy = next;
    }
    return verdict;
}

static enum rulebook_verdict offer_signed(struct book_rig *rig, int revision, const char *text)
{
    char signatures[2 * SIGNATURE_LINE_SIZE];
    sign_text(text, signatures);
    return offer(rig, revision, text, signatures);
}

struct found {
    char kind[32];
    char body[512];
};

static bool keeps_last(void *context, const struct journal_entry *entry)
{
    struct found *found = context;
    snprintf(found->kind, sizeof found->kind, "%s", entry->kind);
    snprintf(found->body, sizeof found->body, "%s", entry->body);
    return true;
}

static struct found last_entry(struct book_rig *rig)
{
    struct found found = { 0 };
    assert_int_equal(journal_read(rig->store->journal, 1, INT64_MAX, keeps_last, &found),
                     STATUS_OK);
    return found;
}

static int64_t floor_of(const struct policy *policy)
{
    int64_t floor_fen, ceiling_fen;
    assert_true(quote_base_limits(policy, 1, month_of(2026, 11), 0, &floor_fen, &ceiling_fen));
    return floor_fen;
}

static void loads_what_was_installed_and_signed(void **state)
{
    struct book_rig *rig = *state;
    assert_non_null(rig->policy);
    assert_int_equal(rig->policy->revision, 1);
    assert_int_equal(rulebook_revision(&rig->rulebook, rig->policy), 1);
}

static void takes_the_next_revision_and_has_it_after_a_restart(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    make_revision(2, rig->policy->sha256, text);
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_INSTALLED);
    assert_int_equal(floor_of(rig->policy), 760000);
    struct found entry = last_entry(rig);
    assert_string_equal(entry.kind, "policy_installed");
    assert_non_null(strstr(entry.body, "\"revision\":2"));
    assert_non_null(strstr(entry.body, "\"replaces\":1"));
    assert_non_null(strstr(entry.body, rig->policy->sha256));
    open_book(rig, true, true);
    assert_int_equal(rig->policy->revision, 2);
}

static void an_old_quote_is_worked_out_again_from_its_revision(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX], old_sha256[65];
    struct quote before, after;
    struct policy *old;
    const struct quote_request request = {
        .insurances = 3, .chosen_base_fen = 754600, .first = month_of(2026, 11), .months = 1
    };
    memcpy(old_sha256, rig->policy->sha256, sizeof old_sha256);
    quote_make(rig->policy, &request, &before);
    make_revision(2, rig->policy->sha256, text);
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_INSTALLED);
    quote_make(rig->policy, &request, &after);
    assert_int_equal(after.refusal, QUOTE_OUTSIDE_LIMITS);
    assert_int_equal(rulebook_load_revision(&rig->rulebook, 1, old_sha256, &old), STATUS_OK);
    quote_make(old, &request, &after);
    assert_memory_equal(&before, &after, sizeof before);
    policy_free(old);
    assert_int_equal(rulebook_load_revision(&rig->rulebook, 3, old_sha256, &old), STATUS_NOT_FOUND);
}

static void assert_refusal(struct book_rig *rig, int revision, const char *text,
                           const char *signatures, const char *codes)
{
    char expected[160], sha256[65];
    enum rulebook_verdict verdict =
        signatures ? offer(rig, revision, text, signatures) : offer_signed(rig, revision, text);
    assert_int_equal(verdict, RULEBOOK_REFUSED);
    assert_int_equal(rig->policy->revision, 1);
    struct found entry = last_entry(rig);
    assert_string_equal(entry.kind, "policy_refused");
    hash_text(text, sha256);
    snprintf(expected, sizeof expected, "{\"revision\":%d,\"sha256\":\"%s\",\"codes\":[%s]}",
             revision, sha256, codes);
    assert_string_equal(entry.body, expected);
    open_book(rig, true, true);
    assert_int_equal(rig->policy->revision, 1);
    assert_int_equal(floor_of(rig->policy), 754600);
}

static void a_bad_signature_is_refused_and_the_old_file_stays(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX], signatures[2 * SIGNATURE_LINE_SIZE];
    make_revision(2, rig->policy->sha256, text);
    sign_text(text, signatures);
    char *last = signatures + strlen(signatures) - 2;
    *last = *last == '0' ? '1' : '0';
    assert_refusal(rig, 2, text, signatures, "\"E12\"");
}

static void a_file_without_signatures_is_refused(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    make_revision(2, rig->policy->sha256, text);
    assert_refusal(rig, 2, text, "", "\"E12\"");
}

static void all_that_is_wrong_is_in_the_entry(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    make_revision(2, rig->policy->sha256, text);
    replace(text, "check = 2026-07 7600.00 1520.00", "check = 2026-07 7600.00 1520.01");
    replace(text, "region = 310000", "region = 440300");
    replace(text, "check = 2026-07 7600.00 760.00", "check = 2026-07 7600.00 760.01");
    assert_refusal(rig, 2, text, NULL, "\"E08\",\"E42\"");
}

static void a_rollback_is_refused(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    read_policy_text(SHANGHAI, text);
    replace(text, "name_en = Shanghai", "name_en = Shanghai city");
    assert_refusal(rig, 1, text, NULL, "\"E09\"");
}

static void what_does_not_follow_the_file_in_force_is_refused(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX], other[65];
    hash_text("something else", other);
    make_revision(2, other, text);
    assert_refusal(rig, 2, text, NULL, "\"E10\"");
}

static void another_policy_is_refused(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    make_revision(2, rig->policy->sha256, text);
    replace(text, "id = shanghai-individual", "id = shanghai-resident");
    assert_refusal(rig, 2, text, NULL, "\"E10\"");
}

static void the_same_bytes_are_refused_once_a_day(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    make_revision(2, rig->policy->sha256, text);
    assert_refusal(rig, 2, text, "", "\"E12\"");
    int64_t seq = journal_last_seq(rig->store->journal);
    assert_int_equal(offer(rig, 2, text, ""), RULEBOOK_KNOWN);
    assert_int_equal(journal_last_seq(rig->store->journal), seq);
    clock_fake_advance(&rig->store->clock, INT64_C(86400000));
    assert_int_equal(offer(rig, 2, text, ""), RULEBOOK_REFUSED);
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_INSTALLED); /* signed after all */
}

static void empty_and_rubbish_are_refused(void **state)
{
    struct book_rig *rig = *state;
    assert_refusal(rig, 2, "\n", "", "\"E02\"");
    assert_refusal(rig, 3, "\xff\xfe", "rubbish", "\"E01\"");
}

static void time_is_not_turned_back_by_removing_files(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX], command[256];
    make_revision(2, rig->policy->sha256, text);
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_INSTALLED);
    snprintf(command, sizeof command, "rm -f '%s'/310000-r000002*", rig->folder);
    assert_int_equal(system(command), 0);
    open_book(rig, true, true);
    assert_null(rig->policy);
    /* The bureau is asked for that one again, and it is taken. */
    assert_int_equal(rulebook_revision(&rig->rulebook, rig->policy), 1);
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_INSTALLED);
    open_book(rig, true, true);
    assert_int_equal(rig->policy->revision, 2);
}

static void a_damaged_copy_is_noticed_and_replaced(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX], command[256];
    make_revision(2, rig->policy->sha256, text);
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_INSTALLED);
    snprintf(command, sizeof command, "sed -i 's/7600.00/7601.00/' '%s'/310000-r000002*.policy",
             rig->folder);
    assert_int_equal(system(command), 0);
    open_book(rig, true, true);
    assert_null(rig->policy);
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_INSTALLED);
    open_book(rig, true, true);
    assert_int_equal(rig->policy->revision, 2);
    assert_int_equal(floor_of(rig->policy), 760000);
}

static void a_higher_revision_that_is_installed_by_hand_is_taken_too(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    make_revision(2, rig->policy->sha256, text);
    ship(rig, text);
    open_book(rig, true, true);
    assert_int_equal(rig->policy->revision, 2);
}

static void an_unsigned_installation_has_no_policy_in_production(void **state)
{
    struct book_rig *rig = *state;
    write_file(rig->shipped, "310000-shanghai.policy.sig", "");
    write_file(rig->store->folder, "keys", "");
    char command[384];
    snprintf(command, sizeof command, "rm -rf '%s'", rig->folder);
    assert_int_equal(system(command), 0);
    open_book(rig, false, true);
    assert_null(rig->policy);
    open_book(rig, true, false);
    assert_null(rig->policy);
    open_book(rig, false, false);
    assert_non_null(rig->policy);
    char text[POLICY_TEXT_MAX];
    make_revision(2, rig->policy->sha256, text);
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_REFUSED); /* no keys: nothing is taken */
}

static void a_bad_file_beside_a_good_copy_leaves_the_copy_in_force(void **state)
{
    struct book_rig *rig = *state;
    write_file(rig->shipped, SHANGHAI, "[policy]\nid = broken\n");
    open_book(rig, true, true);
    assert_non_null(rig->policy);
    assert_int_equal(rig->policy->revision, 1);
}

static void a_corrected_file_is_noticed(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    assert_false(rulebook_has_changed(&rig->rulebook));
    make_revision(2, rig->policy->sha256, text);
    ship(rig, text);
    assert_true(rulebook_has_changed(&rig->rulebook));
    policy_free(rig->policy);
    rig->policy = rulebook_load(&rig->rulebook);
    assert_int_equal(rig->policy->revision, 2);
    assert_false(rulebook_has_changed(&rig->rulebook));
}

static void a_registry_that_changes_is_read_again(void **state)
{
    struct book_rig *rig = *state;
    char text[POLICY_TEXT_MAX];
    write_file(rig->store->folder, "keys", "");
    assert_true(rulebook_has_changed(&rig->rulebook));
    assert_null(rulebook_load(&rig->rulebook)); /* nobody's signature counts now */
    make_revision(2, rig->policy->sha256, text);
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_REFUSED);
    write_keys(rig);
    assert_true(rulebook_has_changed(&rig->rulebook));
    policy_free(rig->policy);
    rig->policy = rulebook_load(&rig->rulebook);
    assert_int_equal(rig->policy->revision, 1);
    clock_fake_advance(&rig->store->clock, INT64_C(86400000));
    assert_int_equal(offer_signed(rig, 2, text), RULEBOOK_INSTALLED);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(loads_what_was_installed_and_signed),
        ON_RIG(takes_the_next_revision_and_has_it_after_a_restart),
        ON_RIG(an_old_quote_is_worked_out_again_from_its_revision),
        ON_RIG(a_bad_signature_is_refused_and_the_old_file_stays),
        ON_RIG(a_file_without_signatures_is_refused),
        ON_RIG(all_that_is_wrong_is_in_the_entry),
        ON_RIG(a_rollback_is_refused),
        ON_RIG(what_does_not_follow_the_file_in_force_is_refused),
        ON_RIG(another_policy_is_refused),
        ON_RIG(the_same_bytes_are_refused_once_a_day),
        ON_RIG(empty_and_rubbish_are_refused),
        ON_RIG(time_is_not_turned_back_by_removing_files),
        ON_RIG(a_damaged_copy_is_noticed_and_replaced),
        ON_RIG(a_higher_revision_that_is_installed_by_hand_is_taken_too),
        ON_RIG(an_unsigned_installation_has_no_policy_in_production),
        ON_RIG(a_corrected_file_is_noticed),
        ON_RIG(a_registry_that_changes_is_read_again),
        ON_RIG(a_bad_file_beside_a_good_copy_leaves_the_copy_in_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
