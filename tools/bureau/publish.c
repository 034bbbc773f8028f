#include "tools/bureau/publish.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/text.h"
#include "plan/policy.h"

#define SIGNATURES_BYTES_MAX 4096 /* rulebook/signature.h: a kiosk takes no more */

enum {
    HTTP_OK = 200,
    HTTP_BAD_REQUEST = 400,
    HTTP_NOT_FOUND = 404,
};

void publish_init(struct publish *publish, const char *folder)
{
    *publish = (struct publish){ 0 };
    text_copy(publish->folder, sizeof publish->folder, folder);
}

void publish_free(struct publish *publish)
{
    policy_free(publish->loaded);
    publish->loaded = NULL;
}

static void log_fault(void *context, const char *file, int line, const char *code, const char *text)
{
    (void)context;
    if (strncmp(text, "warning: ", 9) != 0)
        log_error("bureau", "policy_not_published", "%s:%d: %s %s", file, line, code, text);
}

static const struct publish_file *find_file(const struct publish *publish, const char *region,
                                            int revision)
{
    for (int i = 0; i < publish->count; i++)
        if (strcmp(publish->files[i].region, region) == 0 && publish->files[i].revision == revision)
            return &publish->files[i];
    return NULL;
}

static void add_file(struct publish *publish, const char *path)
{
    struct policy *policy;
    if (policy_load(path, NULL, log_fault, NULL, &policy) != STATUS_OK)
        return;
    const struct publish_file *same = find_file(publish, policy->region, policy->revision);
    if (same) {
        log_error("bureau", "policy_not_published", "%s: revision %d of %s is in %s too", path,
                  policy->revision, policy->region, same->path);
    } else if (publish->count == PUBLISH_FILES_MAX) {
        log_error("bureau", "policy_not_published", "%s: more than %d", path, PUBLISH_FILES_MAX);
    } else {
        struct publish_file *file = &publish->files[publish->count++];
        text_copy(file->region, sizeof file->region, policy->region);
        text_copy(file->path, sizeof file->path, path);
        text_copy(file->id, sizeof file->id, policy->id);
        file->revision = policy->revision;
    }
    policy_free(policy);
}

static int64_t folder_time_ns(const struct publish *publish)
{
    struct stat info;
    if (stat(publish->folder, &info) != 0)
        return 0;
    return info.st_mtim.tv_sec * INT64_C(1000000000) + info.st_mtim.tv_nsec;
}

static void read_again_if_changed(struct publish *publish)
{
    char pattern[PUBLISH_PATH_SIZE + 16];
    glob_t found = { 0 };
    int64_t now_ns = folder_time_ns(publish);
    if (now_ns == publish->read_ns)
        return;
    publish->read_ns = now_ns;
    publish->count = 0;
    text_format(pattern, sizeof pattern, "%s/*.policy", publish->folder);
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            add_file(publish, found.gl_pathv[i]);
    globfree(&found);
    log_info("bureau", "policies_published", "%d of %s", publish->count, publish->folder);
}

static bool is_loaded(const struct publish *publish, const char *id, int revision)
{
    return publish->loaded && publish->loaded_ns == publish->read_ns &&
           strcmp(publish->loaded->id, id) == 0 && publish->loaded->revision == revision;
}

const struct policy *publish_find(struct publish *publish, const char *id, int revision)
{
    if (!publish)
        return NULL;
    read_again_if_changed(publish);
    if (is_loaded(publish, id, revision))
        return publish->loaded;
    publish_free(publish);
    for (int i = 0; i < publish->count && !publish->loaded; i++) {
        const struct publish_file *file = &publish->files[i];
        if (strcmp(file->id, id) == 0 && file->revision == revision &&
            policy_load(file->path, NULL, log_fault, NULL, &publish->loaded) != STATUS_OK)
            publish->loaded = NULL;
    }
    publish->loaded_ns = publish->read_ns;
    return publish->loaded;
}

void publish_add_offers(struct publish *publish, json_t *reply)
{
    if (!publish)
        return;
    read_again_if_changed(publish);
    json_t *policies = json_object();
    for (int i = 0; i < publish->count; i++) {
        const struct publish_file *file = &publish->files[i];
        json_int_t highest = json_integer_value(json_object_get(policies, file->region));
        if (file->revision > highest)
            json_object_set_new(policies, file->region, json_integer(file->revision));
    }
    json_object_set_new(reply, "policies", policies);
}

/* NULL: none is above it. */
static const struct publish_file *next_of(const struct publish *publish, const char *region,
                                          json_int_t revision)
{
    const struct publish_file *next = NULL;
    for (int i = 0; i < publish->count; i++) {
        const struct publish_file *file = &publish->files[i];
        if (strcmp(file->region, region) == 0 && file->revision > revision &&
            (!next || file->revision < next->revision))
            next = file;
    }
    return next;
}

static int answer_error(int http_status, const char *error, json_t **reply_out)
{
    *reply_out = json_pack("{s:s}", "error", error);
    return http_status;
}

/* A file without signatures is sent without: the kiosk refuses it and says so in its journal. */
static json_t *read_signatures(const struct publish_file *file)
{
    char path[PUBLISH_PATH_SIZE + 8];
    char *bytes;
    size_t size;
    text_format(path, sizeof path, "%s.sig", file->path);
    if (policy_read_file(path, &bytes, &size) != STATUS_OK)
        return json_string("");
    json_t *text = size <= SIGNATURES_BYTES_MAX ? json_stringn(bytes, size) : NULL;
    free(bytes);
    return text ? text : json_string("");
}

static int answer_file(const struct publish_file *file, json_t **reply_out)
{
    char *bytes;
    size_t size;
    if (policy_read_file(file->path, &bytes, &size) != STATUS_OK)
        return answer_error(HTTP_NOT_FOUND, "none", reply_out);
    *reply_out =
        json_pack("{s:i, s:o*}", "revision", file->revision, "policy", json_stringn(bytes, size));
    json_object_set_new(*reply_out, "signatures", read_signatures(file));
    free(bytes);
    return HTTP_OK;
}

int publish_answer(struct publish *publish, const char *body, size_t size, json_t **reply_out)
{
    json_t *request = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
    const char *region = json_string_value(json_object_get(request, "region"));
    const json_t *revision = json_object_get(request, "revision");
    int http_status;
    if (!region || !json_is_integer(revision)) {
        http_status = answer_error(HTTP_BAD_REQUEST, "malformed", reply_out);
    } else {
        const struct publish_file *file = NULL;
        if (publish) {
            read_again_if_changed(publish);
            file = next_of(publish, region, json_integer_value(revision));
        }
        http_status =
            file ? answer_file(file, reply_out) : answer_error(HTTP_NOT_FOUND, "none", reply_out);
    }
    json_decref(request);
    return http_status;
}
