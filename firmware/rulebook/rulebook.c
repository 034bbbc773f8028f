#include "rulebook/rulebook.h"

#include <errno.h>
#include <glob.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "rulebook/rulebook_internal.h"

#define FACT_SEEN "policy.seen" /* "7 <sha256>": the highest revision that was in force */
/* "<sha256 of text and signatures> 2026-11-30": what was refused last, and when */
#define FACT_REFUSED "policy.refused"
#define CODES_SIZE 512

static void log_fault(void *context, const char *file, int line, const char *code, const char *text)
{
    (void)context;
    if (strncmp(text, "warning: ", 9) == 0)
        log_warning("rulebook", "policy_doubt", "%s:%d: %s %s", file, line, code, text);
    else
        log_error("rulebook", "policy_refused", "%s:%d: %s %s", file, line, code, text);
}

void rulebook_open(struct rulebook *rulebook, const struct rulebook_config *config,
                   const struct clock *clock, struct journal *journal)
{
    *rulebook = (struct rulebook){
        .needs_signatures = config->production || config->keys_path[0] != '\0',
        .clock = clock,
        .journal = journal,
    };
    text_copy(rulebook->folder, sizeof rulebook->folder, config->folder);
    text_copy(rulebook->shipped, sizeof rulebook->shipped, config->shipped);
    text_copy(rulebook->region, sizeof rulebook->region, config->region);
    text_copy(rulebook->keys_path, sizeof rulebook->keys_path, config->keys_path);
    if (mkdir(rulebook->folder, 0700) != 0 && errno != EEXIST)
        log_error("rulebook", "no_folder", "%s: %s", rulebook->folder, strerror(errno));
}

static void read_keys(struct rulebook *rulebook)
{
    if (rulebook->keys_path[0] == '\0')
        return;
    enum status status = signature_keys_load(rulebook->keys_path, log_fault, NULL, &rulebook->keys);
    if (status != STATUS_OK)
        log_error("rulebook", "no_keys", "%s: %s", rulebook->keys_path, status_name(status));
}

/* ---- the day, for what may not be from the future ---- */

static void format_day(int64_t wall_ms, char out[SIGNATURE_DATE_SIZE])
{
    struct clock_civil day = clock_civil_of(wall_ms);
    text_format(out, SIGNATURE_DATE_SIZE, "%04d-%02d-%02d", day.year, day.month, day.day);
}

struct days {
    char today[SIGNATURE_DATE_SIZE], latest[SIGNATURE_DATE_SIZE];
};

static struct days days_of(const struct rulebook *rulebook)
{
    struct days days;
    int64_t wall_ms = clock_wall_ms(rulebook->clock);
    format_day(wall_ms, days.today);
    format_day(wall_ms + RULEBOOK_CLOCK_ERROR_DAYS * INT64_C(86400000), days.latest);
    return days;
}

/* ---- what was seen ---- */

struct seen {
    int revision; /* 0: none yet */
    char sha256[65];
};

static struct seen recall_seen(const struct rulebook *rulebook)
{
    struct seen seen = { 0 };
    char text[96];
    if (journal_get_fact(rulebook->journal, FACT_SEEN, text, sizeof text) != STATUS_OK ||
        sscanf(text, "%d %64s", &seen.revision, seen.sha256) != 2)
        return (struct seen){ 0 };
    return seen;
}

static enum status remember_seen(struct rulebook *rulebook, const struct policy *policy)
{
    char text[96];
    struct seen seen = recall_seen(rulebook);
    if (seen.revision == policy->revision && strcmp(seen.sha256, policy->sha256) == 0)
        return STATUS_OK;
    text_format(text, sizeof text, "%d %s", policy->revision, policy->sha256);
    return journal_put_fact(rulebook->journal, FACT_SEEN, text);
}

int rulebook_revision(const struct rulebook *rulebook, const struct policy *in_force)
{
    if (in_force)
        return in_force->revision;
    /* The file of the highest revision is lost: that one is wanted again. */
    int seen = recall_seen(rulebook).revision;
    return seen > 0 ? seen - 1 : 0;
}

/* ---- reading what is here ---- */

struct text_file {
    char *bytes;
    size_t size;
};

static struct text_file read_text(const char *path)
{
    struct text_file file = { 0 };
    if (policy_read_file(path, &file.bytes, &file.size) != STATUS_OK)
        return (struct text_file){ 0 };
    return file;
}

static bool is_signed(const struct rulebook *rulebook, const char *path,
                      const struct text_file *file, const struct policy *policy)
{
    char signature_path[RULEBOOK_PATH_SIZE + 8];
    struct days days = days_of(rulebook);
    text_format(signature_path, sizeof signature_path, "%s.sig", path);
    struct text_file signatures = read_text(signature_path);
    const struct signature_check check = {
        .file = signature_path,
        .policy = policy,
        .policy_bytes = file->bytes,
        .policy_size = file->size,
        .keys = &rulebook->keys,
        .date_max = days.latest,
    };
    enum status status = signature_verify(&check, signatures.bytes ? signatures.bytes : "",
                                          signatures.size, log_fault, NULL);
    free(signatures.bytes);
    return status == STATUS_OK;
}

static struct policy *load_file(const struct rulebook *rulebook, const char *path)
{
    struct policy *policy = NULL;
    struct text_file file = read_text(path);
    if (!file.bytes)
        return NULL;
    enum status status =
        policy_parse(path, file.bytes, file.size, rulebook->region, log_fault, NULL, &policy);
    if (status == STATUS_OK && rulebook->needs_signatures &&
        !is_signed(rulebook, path, &file, policy)) {
        policy_free(policy);
        policy = NULL;
    }
    free(file.bytes);
    return policy;
}

/* The good one of the highest revision among files of names that sort by it. */
static struct policy *load_newest(const struct rulebook *rulebook)
{
    char pattern[RULEBOOK_PATH_SIZE + 32];
    glob_t found = { 0 };
    struct policy *policy = NULL;
    text_format(pattern, sizeof pattern, "%s/%s-r*.policy", rulebook->folder, rulebook->region);
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = found.gl_pathc; i > 0 && !policy; i--)
            policy = load_file(rulebook, found.gl_pathv[i - 1]);
    globfree(&found);
    return policy;
}

/* policy_dir holds one file a region, named <region>*.policy. */
static bool find_shipped(const struct rulebook *rulebook, char path[RULEBOOK_PATH_SIZE])
{
    char pattern[RULEBOOK_PATH_SIZE + 32];
    glob_t found = { 0 };
    text_format(pattern, sizeof pattern, "%s/%s*.policy", rulebook->shipped, rulebook->region);
    bool is_there = glob(pattern, 0, NULL, &found) == 0 &&
                    text_copy(path, RULEBOOK_PATH_SIZE, found.gl_pathv[0]);
    globfree(&found);
    return is_there;
}

static int64_t time_of(const char *path, int64_t *size_out)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return 0;
    *size_out = info.st_size;
    return info.st_mtim.tv_sec * INT64_C(1000000000) + info.st_mtim.tv_nsec;
}

static struct rulebook_stamp stamp_of(const struct rulebook *rulebook)
{
    char path[RULEBOOK_PATH_SIZE], signature_path[RULEBOOK_PATH_SIZE + 8];
    struct rulebook_stamp stamp = { 0 };
    int64_t ignored;
    stamp.keys_ns = time_of(rulebook->keys_path, &ignored);
    if (!find_shipped(rulebook, path))
        return stamp;
    text_format(signature_path, sizeof signature_path, "%s.sig", path);
    stamp.file_ns = time_of(path, &stamp.size);
    stamp.signature_ns = time_of(signature_path, &ignored);
    return stamp;
}

bool rulebook_has_changed(const struct rulebook *rulebook)
{
    struct rulebook_stamp now = stamp_of(rulebook);
    return now.file_ns != rulebook->stamp.file_ns || now.size != rulebook->stamp.size ||
           now.signature_ns != rulebook->stamp.signature_ns ||
           now.keys_ns != rulebook->stamp.keys_ns;
}

static struct policy *load_shipped(const struct rulebook *rulebook, char path[RULEBOOK_PATH_SIZE])
{
    if (find_shipped(rulebook, path))
        return load_file(rulebook, path);
    log_warning("rulebook", "none_shipped", "no %s/%s*.policy", rulebook->shipped,
                rulebook->region);
    return NULL;
}

/* Of the two the one that is in force; the other is freed. */
static struct policy *choose(const struct rulebook *rulebook, struct policy *own,
                             struct policy *shipped)
{
    bool takes_shipped =
        shipped && (!own || !rulebook->needs_signatures || shipped->revision > own->revision);
    policy_free(takes_shipped ? own : shipped);
    return takes_shipped ? shipped : own;
}

/* What lies here may not be older than what was in force, nor other bytes under the same number. */
static bool is_rolled_back(const struct rulebook *rulebook, const struct policy *policy)
{
    struct seen seen = recall_seen(rulebook);
    if (!rulebook->needs_signatures || policy->revision > seen.revision ||
        (policy->revision == seen.revision && strcmp(policy->sha256, seen.sha256) == 0))
        return false;
    log_error("rulebook", "policy_refused",
              "E09 revision %d of %s is not what was in force, which was %d", policy->revision,
              policy->id, seen.revision);
    return true;
}

static void keep_copy(struct rulebook *rulebook, const char *path, const struct policy *policy)
{
    char signature_path[RULEBOOK_PATH_SIZE + 8];
    text_format(signature_path, sizeof signature_path, "%s.sig", path);
    struct text_file file = read_text(path), signatures = read_text(signature_path);
    if (file.bytes && rulebook_write_files(rulebook, policy, file.bytes, file.size,
                                           signatures.bytes ? signatures.bytes : "",
                                           signatures.size) != STATUS_OK)
        log_warning("rulebook", "not_kept", "a copy of %s", path);
    free(file.bytes);
    free(signatures.bytes);
}

struct policy *rulebook_load(struct rulebook *rulebook)
{
    char path[RULEBOOK_PATH_SIZE];
    rulebook->stamp = stamp_of(rulebook);
    read_keys(rulebook);
    struct policy *shipped = load_shipped(rulebook, path);
    struct policy *policy = choose(rulebook, load_newest(rulebook), shipped);
    if (policy && is_rolled_back(rulebook, policy)) {
        policy_free(policy);
        return NULL;
    }
    if (!policy)
        return NULL;
    if (policy == shipped)
        keep_copy(rulebook, path, policy);
    if (remember_seen(rulebook, policy) != STATUS_OK)
        log_warning("rulebook", "not_remembered", "revision %d", policy->revision);
    return policy;
}

enum status rulebook_load_revision(const struct rulebook *rulebook, int revision,
                                   const char *sha256, struct policy **out)
{
    char path[RULEBOOK_PATH_SIZE + 64];
    *out = NULL;
    rulebook_name_file(rulebook, revision, sha256, path, sizeof path);
    /* No signatures: it was in force, and its hash is in the journal. */
    enum status status = policy_load(path, rulebook->region, log_fault, NULL, out);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_NOT_FOUND : STATUS_CORRUPT;
    if (strcmp((*out)->sha256, sha256) == 0)
        return STATUS_OK;
    policy_free(*out);
    *out = NULL;
    return STATUS_CORRUPT;
}

/* ---- a file from the bureau ---- */

/* The codes of its errors, each once, as they go into the journal: "E12","E42" */
struct faults {
    char codes[CODES_SIZE];
    int count;
};

static void note_fault(void *context, const char *file, int line, const char *code,
                       const char *text)
{
    struct faults *faults = context;
    char quoted[8];
    log_fault(NULL, file, line, code, text);
    text_format(quoted, sizeof quoted, "\"%s\"", code);
    if (strncmp(text, "warning: ", 9) == 0)
        return;
    faults->count++;
    size_t length = strlen(faults->codes);
    if (!strstr(faults->codes, quoted))
        text_format(faults->codes + length, sizeof faults->codes - length, "%s%s",
                    length > 0 ? "," : "", quoted);
}

static void hash_text(const char *text, size_t size, char out[65])
{
    uint8_t digest[32];
    CHECK(EVP_Digest(text, size, digest, NULL, EVP_sha256(), NULL) == 1);
    bytes_to_hex(digest, sizeof digest, out);
}

/* A file that is lost may come again although its revision was seen. */
static struct policy_against against_of(const struct rulebook *rulebook,
                                        const struct policy *in_force, const struct days *days,
                                        const struct seen *seen, bool is_lost_one)
{
    struct policy_against against = {
        .region = rulebook->region,
        .today = days->today,
        .issued_max = days->latest,
    };
    if (in_force) {
        against.stored_revision = in_force->revision;
        against.stored_sha256 = in_force->sha256;
    } else if (seen->revision > 0 && !is_lost_one) {
        against.stored_revision = seen->revision;
        against.stored_sha256 = seen->sha256;
    }
    return against;
}

static struct policy *judge(const struct rulebook *rulebook, const struct policy *in_force,
                            const struct rulebook_offer *offer, const char *sha256,
                            struct faults *faults)
{
    struct policy *policy = NULL;
    struct days days = days_of(rulebook);
    struct seen seen = recall_seen(rulebook);
    bool is_lost_one = !in_force && strcmp(seen.sha256, sha256) == 0;
    struct policy_against against = against_of(rulebook, in_force, &days, &seen, is_lost_one);
    if (policy_parse_against("bureau.policy", offer->text, offer->size, &against, note_fault,
                             faults, &policy) != STATUS_OK)
        return NULL;
    const struct signature_check check = {
        .file = "bureau.policy.sig",
        .policy = policy,
        .policy_bytes = offer->text,
        .policy_size = offer->size,
        .keys = &rulebook->keys,
        .date_max = days.latest,
        .is_new = true,
    };
    if (in_force && strcmp(in_force->id, policy->id) != 0)
        note_fault(faults, "bureau.policy", 0, "E10", "it is another policy than that in force");
    enum status status =
        signature_verify(&check, offer->signatures, offer->signatures_size, note_fault, faults);
    if (status == STATUS_OK && faults->count == 0)
        return policy;
    policy_free(policy);
    return NULL;
}

/* With its signatures: they alone may be mended. With the day: the same bytes may be good another
 * day, when a clock is set or a key comes into the registry. */
static void name_refusal(const struct rulebook *rulebook, const struct rulebook_offer *offer,
                         char out[96])
{
    char both[2 * 64 + 1], hash[65];
    struct days days = days_of(rulebook);
    hash_text(offer->text, offer->size, both);
    hash_text(offer->signatures, offer->signatures_size, both + 64);
    hash_text(both, sizeof both - 1, hash);
    text_format(out, 96, "%s %s", hash, days.today);
}

static bool was_refused_today(const struct rulebook *rulebook, const struct rulebook_offer *offer)
{
    char refused[96], name[96];
    name_refusal(rulebook, offer, name);
    return journal_get_fact(rulebook->journal, FACT_REFUSED, refused, sizeof refused) ==
               STATUS_OK &&
           strcmp(refused, name) == 0;
}

static enum rulebook_verdict refuse(struct rulebook *rulebook, const struct rulebook_offer *offer,
                                    const char *sha256, const struct faults *faults)
{
    char body[CODES_SIZE + 160], name[96];
    name_refusal(rulebook, offer, name);
    text_format(body, sizeof body, "{\"revision\":%d,\"sha256\":\"%s\",\"codes\":[%s]}",
                offer->revision, sha256, faults->codes);
    const struct journal_draft draft = { .kind = JOURNAL_POLICY_REFUSED, .body = body };
    if (journal_append(rulebook->journal, &draft, NULL) != STATUS_OK ||
        journal_put_fact(rulebook->journal, FACT_REFUSED, name) != STATUS_OK)
        return RULEBOOK_FAILED;
    return RULEBOOK_REFUSED;
}

static enum status install(struct rulebook *rulebook, const struct policy *policy,
                           const struct policy *in_force, const struct rulebook_offer *offer)
{
    char body[320];
    enum status status = rulebook_write_files(rulebook, policy, offer->text, offer->size,
                                              offer->signatures, offer->signatures_size);
    if (status == STATUS_OK)
        status = remember_seen(rulebook, policy);
    if (status != STATUS_OK)
        return status;
    text_format(body, sizeof body,
                "{\"id\":\"%s\",\"revision\":%d,\"sha256\":\"%s\",\"replaces\":%d}", policy->id,
                policy->revision, policy->sha256, in_force ? in_force->revision : 0);
    const struct journal_draft draft = { .kind = JOURNAL_POLICY_INSTALLED, .body = body };
    return journal_append(rulebook->journal, &draft, NULL);
}

enum rulebook_verdict rulebook_take(struct rulebook *rulebook, const struct policy *in_force,
                                    const struct rulebook_offer *offer, struct policy **policy_out)
{
    struct faults faults = { 0 };
    char sha256[65];
    *policy_out = NULL;
    if (was_refused_today(rulebook, offer))
        return RULEBOOK_KNOWN;
    hash_text(offer->text, offer->size, sha256);
    struct policy *policy = judge(rulebook, in_force, offer, sha256, &faults);
    if (!policy)
        return refuse(rulebook, offer, sha256, &faults);
    enum status status = install(rulebook, policy, in_force, offer);
    if (status != STATUS_OK) {
        log_error("rulebook", "not_installed", "revision %d: %s", policy->revision,
                  status_name(status));
        policy_free(policy);
        return RULEBOOK_FAILED;
    }
    log_info("rulebook", "policy_installed", "%s revision %d %s", policy->id, policy->revision,
             policy->sha256);
    *policy_out = policy;
    return RULEBOOK_INSTALLED;
}
