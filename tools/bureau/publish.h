/*
 * The policies the bureau publishes: a folder of X.policy with X.policy.sig.
 *
 * Every file that is a good policy is offered to the kiosks of its region, in the order of its
 * revisions; one that is not is logged line by line and passed over. Whose signatures count is for
 * each kiosk to say. The folder is read again when something in it was renamed, added or removed,
 * so a file is put there under another name and renamed.
 *
 * Threads: the HTTPS thread only.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PUBLISH_FILES_MAX 256
#define PUBLISH_PATH_SIZE 320

struct policy;

struct publish_file {
    char region[8], id[48];
    int revision;
    char path[PUBLISH_PATH_SIZE];
};

struct publish {
    char folder[PUBLISH_PATH_SIZE];
    int64_t read_ns; /* the folder's own time when it was read; 0 never */
    struct publish_file files[PUBLISH_FILES_MAX];
    int count;
    struct policy *loaded; /* the one asked for last, owned here; NULL none */
    int64_t loaded_ns;
};

/* Nothing is read yet. folder is copied. */
void publish_init(struct publish *publish, const char *folder);

void publish_free(struct publish *publish);

/* The file of that id and revision; NULL: it is not, or no longer, in the folder, or publish is
 * NULL. Valid until the next call of publish_find. */
const struct policy *publish_find(struct publish *publish, const char *id, int revision);

/* Adds "policies": {"310000": 8, …} to a reply; publish NULL: nothing. */
void publish_add_offers(struct publish *publish, json_t *reply);

/* The answer to {"region","revision"}: the lowest revision above it. The HTTP status. */
int publish_answer(struct publish *publish, const char *body, size_t size, json_t **reply_out);
