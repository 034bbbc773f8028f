#include "tools/guichetctl/guichetctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "plan/policy.h"
#include "tools/guichetctl/policy_tools.h"

/* guichetctl policy lint | sign | verify | make-key; quote and diff are in policy_quote.c,
 * policy_diff.c. */

struct tally {
    int errors, warnings;
};

static void print_problem(void *context, const char *file, int line, const char *code,
                          const char *text)
{
    struct tally *tally = context;
    bool is_warning = strncmp(text, "warning: ", 9) == 0;
    tally->errors += !is_warning;
    tally->warnings += is_warning;
    printf("%s:%d: %s %s\n", file, line, code, text);
}

static int unreadable(const char *path, enum status status)
{
    fprintf(stderr, "guichetctl: %s: %s\n", path, status_name(status));
    return 1;
}

enum status policy_tool_load(const char *path, const char *replaced, int *warnings_out,
                             struct policy_file *out)
{
    struct policy *old = NULL;
    struct tally tally = { 0 }, old_tally = { 0 };
    struct policy_against against = { 0 };
    *out = (struct policy_file){ 0 };
    if (replaced) {
        enum status status = policy_load(replaced, NULL, print_problem, &old_tally, &old);
        if (status != STATUS_OK)
            return status;
        against.stored_revision = old->revision;
        against.stored_sha256 = old->sha256;
    }
    enum status status = policy_read_file(path, &out->bytes, &out->size);
    if (status == STATUS_OK)
        status = policy_parse_against(path, out->bytes, out->size, &against, print_problem, &tally,
                                      &out->policy);
    if (warnings_out)
        *warnings_out = tally.warnings;
    policy_free(old);
    if (status != STATUS_OK)
        policy_tool_free(out);
    return status;
}

void policy_tool_free(struct policy_file *file)
{
    policy_free(file->policy);
    free(file->bytes);
    *file = (struct policy_file){ 0 };
}

int command_policy_lint(const char *path, const char *replaced)
{
    struct policy_file file;
    enum status status = policy_tool_load(path, replaced, NULL, &file);
    if (status == STATUS_INVALID) /* every error has been printed */
        return 1;
    if (status != STATUS_OK)
        return unreadable(path, status);
    printf("good: %s, revision %d, region %s\nsha256:%s\n", file.policy->id, file.policy->revision,
           file.policy->region, file.policy->sha256);
    policy_tool_free(&file);
    return 0;
}

static char *signature_path_of(const char *path)
{
    size_t size = strlen(path) + sizeof ".sig";
    char *out = malloc(size);
    if (out)
        snprintf(out, size, "%s.sig", path);
    return out;
}

static int verify_file(const struct policy_file *file, const char *signature_path,
                       const struct signature_keys *keys, const char *today, bool is_new)
{
    char *bytes = NULL;
    size_t size = 0;
    struct tally tally = { 0 };
    enum status status = policy_read_file(signature_path, &bytes, &size);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return unreadable(signature_path, status);
    const struct signature_check check = {
        .file = signature_path,
        .policy = file->policy,
        .policy_bytes = file->bytes,
        .policy_size = file->size,
        .keys = keys,
        .date_max = today,
        .is_new = is_new,
    };
    status = signature_verify(&check, bytes ? bytes : "", size, print_problem, &tally);
    free(bytes);
    if (status != STATUS_OK)
        return 1;
    printf("good: %s revision %d, signed by %s (author) and %s (approver)\n", file->policy->id,
           file->policy->revision, file->policy->author, file->policy->approver);
    return 0;
}

int command_policy_verify(const char *path, const char *keys_path)
{
    struct signature_keys keys;
    struct policy_file file;
    struct tally tally = { 0 };
    char today[SIGNATURE_DATE_SIZE];
    policy_tool_today(today);
    enum status status = signature_keys_load(keys_path, print_problem, &tally, &keys);
    if (status != STATUS_OK)
        return unreadable(keys_path, status);
    status = policy_tool_load(path, NULL, NULL, &file);
    if (status != STATUS_OK)
        return unreadable(path, status);
    char *signature_path = signature_path_of(path);
    int result = signature_path ? verify_file(&file, signature_path, &keys, today, true) : 1;
    free(signature_path);
    policy_tool_free(&file);
    return result;
}

/* The lines of the other roles stay; one of the same role is replaced. */
static bool write_signature(const char *path, enum signature_role role, const char *line)
{
    char kept[SIGNATURE_FILE_BYTES_MAX + 1] = "";
    const char *name = signature_role_name(role);
    size_t name_size = strlen(name), used = 0;
    char old[SIGNATURE_LINE_SIZE];
    FILE *file = fopen(path, "re");
    while (file && fgets(old, sizeof old, file)) {
        bool is_same = strncmp(old, name, name_size) == 0 && old[name_size] == ' ';
        if (!is_same && used + strlen(old) < sizeof kept)
            used += (size_t)snprintf(kept + used, sizeof kept - used, "%s", old);
    }
    if (file)
        fclose(file);
    file = fopen(path, "we");
    if (!file)
        return false;
    bool is_written = fputs(kept, file) >= 0 && fputs(line, file) >= 0;
    return fclose(file) == 0 && is_written;
}

static int refuse_to_sign(const char *why)
{
    fprintf(stderr, "guichetctl: not signed: %s\n", why);
    return 1;
}

int command_policy_sign(const char *path, enum signature_role role, const char *key_path,
                        bool confirms)
{
    struct policy_file file;
    uint8_t seed[SIGNATURE_SEED_BYTES];
    char line[SIGNATURE_LINE_SIZE], today[SIGNATURE_DATE_SIZE];
    int warnings = 0;
    policy_tool_today(today);
    enum status status = policy_tool_load(path, NULL, &warnings, &file);
    if (status != STATUS_OK)
        return status == STATUS_INVALID ? refuse_to_sign("the file is not good")
                                        : unreadable(path, status);
    if (warnings > 0 && role == SIGNATURE_APPROVER && !confirms) {
        policy_tool_free(&file);
        return refuse_to_sign("it has warnings; --confirm says that they are meant");
    }
    if (strcmp(today, file.policy->issued) < 0) {
        policy_tool_free(&file);
        return refuse_to_sign("it is issued in the future");
    }
    status = policy_tool_read_seed(key_path, seed);
    const char *name = role == SIGNATURE_AUTHOR ? file.policy->author : file.policy->approver;
    char *signature_path = signature_path_of(path);
    bool is_signed = false;
    if (status == STATUS_OK && signature_path) {
        signature_make(role, name, today, file.bytes, file.size, seed, line);
        is_signed = write_signature(signature_path, role, line);
    }
    bytes_wipe(seed, sizeof seed);
    if (is_signed)
        printf("signed as %s by %s: %s\n", signature_role_name(role), name, signature_path);
    else
        status = status == STATUS_OK ? STATUS_IO : status;
    free(signature_path);
    policy_tool_free(&file);
    return is_signed ? 0 : unreadable(key_path, status);
}

int command_policy_make_key(const char *folder, const char *name, enum signature_role role)
{
    char hex[2 * SIGNATURE_PUBLIC_BYTES + 1];
    enum status status = policy_tool_make_key(folder, name, hex);
    if (status != STATUS_OK)
        return unreadable(folder, status);
    printf("%s %s %s\n", name, signature_role_name(role), hex);
    return 0;
}
