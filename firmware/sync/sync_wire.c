#include "sync/sync_wire.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 99999999 /* eight digits follow the prefix */

struct batch_builder {
    json_t *entries;
    int64_t first_seq, last_seq;
    size_t size; /* of the texts, worst case escaped */
};

static bool add_entry(void *context, const struct journal_entry *entry)
{
    struct batch_builder *builder = context;
    char hash[2 * JOURNAL_HASH_SIZE + 1];
    builder->size += 6 * strlen(entry->body) + 300;
    /* The first entry goes whatever its size. */
    if (entry->seq > builder->first_seq && builder->size > SYNC_BATCH_BYTES_MAX)
        return false;
    bytes_to_hex(entry->hash, sizeof entry->hash, hash);
    json_t *one = json_pack("{s:I, s:I, s:s, s:s, s:s, s:s}", "seq", (json_int_t)entry->seq, "at",
                            (json_int_t)entry->at_ms, "txn", entry->txn, "kind", entry->kind,
                            "body", entry->body, "hash", hash);
    if (!one || json_array_append_new(builder->entries, one) != 0)
        return false;
    builder->last_seq = entry->seq;
    return true;
}

static char *dump_batch(int64_t first_seq, const uint8_t previous[JOURNAL_HASH_SIZE],
                        json_t *entries)
{
    char hex[2 * JOURNAL_HASH_SIZE + 1];
    bytes_to_hex(previous, JOURNAL_HASH_SIZE, hex);
    json_t *batch = json_pack("{s:I, s:s, s:O}", "first_seq", (json_int_t)first_seq, "prev_hash",
                              hex, "entries", entries);
    char *text = batch ? json_dumps(batch, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    json_decref(batch);
    return text;
}

enum status sync_wire_build_batch(struct journal *journal, int64_t first_seq, char **request_out,
                                  size_t *size_out, int64_t *last_seq_out)
{
    uint8_t previous[JOURNAL_HASH_SIZE];
    CHECK(first_seq >= 1 && first_seq <= journal_last_seq(journal));
    *request_out = NULL;
    enum status status = journal_hash_at(journal, first_seq - 1, previous);
    if (status != STATUS_OK)
        return status;
    struct batch_builder builder = { .entries = json_array(), .first_seq = first_seq };
    status = journal_read(journal, first_seq, SYNC_BATCH_ENTRIES, add_entry, &builder);
    if (status == STATUS_OK && builder.last_seq < first_seq)
        status = STATUS_CORRUPT;
    if (status == STATUS_OK) {
        *request_out = dump_batch(first_seq, previous, builder.entries);
        *size_out = *request_out ? strlen(*request_out) : 0;
        status = *request_out ? STATUS_OK : STATUS_FULL;
    }
    json_decref(builder.entries);
    *last_seq_out = builder.last_seq;
    return status;
}

static bool read_int(const json_t *object, const char *member, int64_t min, int64_t max,
                     int64_t *out)
{
    const json_t *value = json_object_get(object, member);
    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= min && *out <= max;
}

/* A word of these characters only: it will stand in a journal body and in a log. */
static bool read_word(const json_t *object, const char *member, const char *characters, char *out,
                      size_t out_size)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text && text[0] != '\0' && strspn(text, characters) == strlen(text) &&
           text_copy(out, out_size, text);
}

static bool read_point(const json_t *object, struct sync_point *out)
{
    const char *hash = json_string_value(json_object_get(object, "acked_hash"));
    return read_int(object, "acked_seq", 0, INT64_MAX - 1, &out->seq) && hash &&
           bytes_from_hex(hash, out->hash, sizeof out->hash) == STATUS_OK;
}

static bool read_rejected(const json_t *object, struct sync_ack *out)
{
    const json_t *list = json_object_get(object, "rejected");
    if (!json_is_array(list) || json_array_size(list) > SYNC_BATCH_ENTRIES)
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct sync_rejection *rejection = &out->rejected[out->rejected_count++];
        const json_t *item = json_array_get(list, i);
        if (!read_int(item, "seq", 1, out->point.seq, &rejection->seq) ||
            !read_word(item, "reason", "abcdefghijklmnopqrstuvwxyz0123456789_", rejection->reason,
                       sizeof rejection->reason))
            return false;
    }
    return true;
}

static json_t *parse_object(const char *body, size_t size)
{
    if (size > TRANSPORT_REPLY_BYTES_MAX)
        return NULL;
    return json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
}

enum status sync_wire_parse_ack(const char *body, size_t size, struct sync_ack *out)
{
    memset(out, 0, sizeof *out);
    json_t *object = parse_object(body, size);
    bool sound = read_point(object, &out->point) && read_rejected(object, out);
    json_decref(object);
    return sound ? STATUS_OK : STATUS_PROTOCOL;
}

enum status sync_wire_parse_point(const char *body, size_t size, struct sync_point *out)
{
    memset(out, 0, sizeof *out);
    json_t *object = parse_object(body, size);
    bool sound = read_point(object, out);
    json_decref(object);
    return sound ? STATUS_OK : STATUS_PROTOCOL;
}

enum status sync_wire_parse_lease(const char *body, size_t size, struct sync_lease *out)
{
    memset(out, 0, sizeof *out);
    json_t *object = parse_object(body, size);
    bool sound = read_word(object, "lease", "0123456789abcdef-", out->lease, sizeof out->lease) &&
                 read_word(object, "prefix", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", out->prefix,
                           sizeof out->prefix) &&
                 read_int(object, "first", 0, NUMBER_MAX, &out->first) &&
                 read_int(object, "count", 1, SYNC_LEASE_COUNT_MAX, &out->count) &&
                 out->first + out->count - 1 <= NUMBER_MAX;
    json_decref(object);
    return sound ? STATUS_OK : STATUS_PROTOCOL;
}

enum status sync_wire_parse_policies(const char *body, size_t size, const char *region,
                                     int *revision_out)
{
    int64_t revision = 0;
    json_t *object = parse_object(body, size);
    const json_t *policies = json_object_get(object, "policies");
    bool is_named = region[0] != '\0' && json_object_get(policies, region) != NULL;
    bool sound = object && (!policies || json_is_object(policies)) &&
                 (!is_named || read_int(policies, region, 1, SYNC_POLICY_REVISION_MAX, &revision));
    json_decref(object);
    *revision_out = sound ? (int)revision : 0;
    return sound ? STATUS_OK : STATUS_PROTOCOL;
}

/* Without NUL inside: it is a text. */
static char *copy_text(const json_t *object, const char *member, size_t *size_out)
{
    const json_t *value = json_object_get(object, member);
    const char *text = json_string_value(value);
    *size_out = json_string_length(value);
    return text && strlen(text) == *size_out ? strdup(text) : NULL;
}

enum status sync_wire_parse_policy(const char *body, size_t size, struct sync_policy *out)
{
    int64_t revision;
    memset(out, 0, sizeof *out);
    json_t *object = parse_object(body, size);
    if (read_int(object, "revision", 1, SYNC_POLICY_REVISION_MAX, &revision)) {
        out->revision = (int)revision;
        out->text = copy_text(object, "policy", &out->size);
        out->signatures = copy_text(object, "signatures", &out->signatures_size);
    }
    json_decref(object);
    if (out->text && out->signatures)
        return STATUS_OK;
    sync_wire_free_policy(out);
    return STATUS_PROTOCOL;
}

void sync_wire_free_policy(struct sync_policy *policy)
{
    free(policy->text);
    free(policy->signatures);
    memset(policy, 0, sizeof *policy);
}
