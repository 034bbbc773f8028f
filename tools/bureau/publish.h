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
#include <stddef.h>
#include <stdint.h>

#define PUBLISH_FILES_MAX 256
#define PUBLISH_PATH_SIZE 320

struct publish_file {
    char region[8];
    int revision;
    char path[PUBLISH_PATH_SIZE];
};

struct publish {
    char folder[PUBLISH_PATH_SIZE];
    int64_t read_ns; /* the folder's own time when it was read; 0 never */
    struct publish_file files[PUBLISH_FILES_MAX];
    int count;
};

/* Nothing is read yet. folder is copied. */
void publish_init(struct publish *publish, const char *folder);

/* Adds "policies": {"310000": 8, …} to a reply; publish NULL: nothing. */
void publish_add_offers(struct publish *publish, json_t *reply);

/* The answer to {"region","revision"}: the lowest revision above it. The HTTP status. */
int publish_answer(struct publish *publish, const char *body, size_t size, json_t **reply_out);
