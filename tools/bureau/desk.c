#include "tools/bureau/desk.h"

#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "store/journal.h"
#include "tools/bureau/booking.h"
#include "tools/bureau/publish.h"

enum {
    HTTP_OK = 200,
    HTTP_BAD_REQUEST = 400,
    HTTP_CONFLICT = 409,
    HTTP_SERVER_ERROR = 500
};

#define REQUEST_ID_LENGTH_MAX 64
#define NUMBER_MAX 99999999 /* eight digits follow the prefix */

static int answer_error(int http_status, const char *error, json_t **reply_out)
{
    *reply_out = json_pack("{s:s}", "error", error);
    return http_status;
}

static int answer_failed(enum status status, json_t **reply_out)
{
    log_error("bureau", "store_failed", "%s", status_name(status));
    return answer_error(HTTP_SERVER_ERROR, "store", reply_out);
}

static void add_point(json_t *reply, const struct bureau_point *point)
{
    char hex[2 * JOURNAL_HASH_SIZE + 1];
    bytes_to_hex(point->hash, sizeof point->hash, hex);
    json_object_set_new(reply, "acked_seq", json_integer(point->seq));
    json_object_set_new(reply, "acked_hash", json_string(hex));
}

static int answer_conflict(const char *kiosk, const char *error, const struct bureau_point *point,
                           json_t **reply_out)
{
    log_warning("bureau", "refused", "kiosk %s: %s, last good entry %lld", kiosk, error,
                (long long)point->seq);
    *reply_out = json_pack("{s:s}", "error", error);
    add_point(*reply_out, point);
    return HTTP_CONFLICT;
}

static bool parse_entry(const json_t *item, struct bureau_entry *entry)
{
    const json_t *seq = json_object_get(item, "seq"), *at = json_object_get(item, "at");
    const char *hash = json_string_value(json_object_get(item, "hash"));
    entry->seq = json_integer_value(seq);
    entry->at_ms = json_integer_value(at);
    entry->txn = json_string_value(json_object_get(item, "txn"));
    entry->kind = json_string_value(json_object_get(item, "kind"));
    entry->body = json_string_value(json_object_get(item, "body"));
    return json_is_integer(seq) && json_is_integer(at) && hash && entry->txn && entry->kind &&
           entry->body && strlen(entry->txn) < JOURNAL_TXN_SIZE &&
           strlen(entry->body) <= JOURNAL_BODY_SIZE_MAX &&
           bytes_from_hex(hash, entry->hash, sizeof entry->hash) == STATUS_OK;
}

static enum status store_entry(struct bureau_store *store, const char *kiosk, int64_t now_ms,
                               const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_ENTRY_ADD);
    db_bind_text(statement, 1, kiosk);
    db_bind_int(statement, 2, entry->seq);
    db_bind_int(statement, 3, entry->at_ms);
    db_bind_text(statement, 4, entry->txn);
    db_bind_text(statement, 5, entry->kind);
    db_bind_text(statement, 6, entry->body);
    db_bind_blob(statement, 7, entry->hash, sizeof entry->hash);
    db_bind_int(statement, 8, now_ms);
    return db_run(statement);
}

static enum status add_dead_letter(struct bureau_store *store, const char *kiosk, int64_t seq,
                                   const struct booking_refusal *refusal)
{
    struct db_statement *statement = bureau_statement(store, SQL_DEAD_ADD);
    log_warning("bureau", "dead_letter", "kiosk %s entry %lld: %s", kiosk, (long long)seq,
                refusal->reason);
    db_bind_text(statement, 1, kiosk);
    db_bind_int(statement, 2, seq);
    db_bind_text(statement, 3, refusal->reason);
    db_bind_text(statement, 4, refusal->detail);
    return db_run(statement);
}

static enum status take_new_entry(struct bureau_store *store, const char *kiosk, int64_t now_ms,
                                  struct bureau_entry *entry)
{
    struct booking_refusal refusal;
    json_t *content = json_loads(entry->body, JSON_REJECT_DUPLICATES, NULL);
    entry->content = content;
    enum status status = store_entry(store, kiosk, now_ms, entry);
    if (status == STATUS_OK)
        status = booking_check(store, kiosk, entry, &refusal);
    if (status == STATUS_OK)
        status = refusal.reason ? add_dead_letter(store, kiosk, entry->seq, &refusal)
                                : booking_apply(store, kiosk, entry);
    json_decref(content);
    entry->content = NULL;
    return status;
}

struct batch {
    const char *kiosk;
    int64_t now_ms;
    struct bureau_point point;       /* of what is stored; moves with each new entry */
    uint8_t hash[JOURNAL_HASH_SIZE]; /* of the entry before the next one */
    const char *conflict;            /* "chain": an entry is not what its hash or our copy says */
    bool malformed;
};

static enum status take_entry(struct bureau_store *store, struct batch *batch, int64_t seq,
                              const json_t *item)
{
    struct bureau_entry entry = { 0 };
    if (!parse_entry(item, &entry) || entry.seq != seq) {
        batch->malformed = true;
        return STATUS_INVALID;
    }
    journal_hash_entry(batch->hash, seq, entry.at_ms, entry.txn, entry.kind, entry.body,
                       batch->hash);
    if (memcmp(batch->hash, entry.hash, sizeof entry.hash) != 0) {
        batch->conflict = "chain";
        return STATUS_INVALID;
    }
    if (seq > batch->point.seq) {
        batch->point.seq = seq;
        memcpy(batch->point.hash, entry.hash, sizeof entry.hash);
        return take_new_entry(store, batch->kiosk, batch->now_ms, &entry);
    }
    uint8_t known[JOURNAL_HASH_SIZE];
    enum status status = bureau_store_hash(store, batch->kiosk, seq, known);
    if (status == STATUS_OK && memcmp(known, entry.hash, sizeof known) != 0) {
        batch->conflict = "chain";
        return STATUS_INVALID;
    }
    return status;
}

static enum status advance(struct bureau_store *store, const struct batch *batch)
{
    struct db_statement *statement = bureau_statement(store, SQL_KIOSK_ADVANCE);
    db_bind_text(statement, 1, batch->kiosk);
    db_bind_int(statement, 2, batch->point.seq);
    db_bind_blob(statement, 3, batch->point.hash, sizeof batch->point.hash);
    return db_run(statement);
}

static enum status take_all(struct bureau_store *store, struct batch *batch, int64_t first_seq,
                            const json_t *entries)
{
    struct db_statement *add = bureau_statement(store, SQL_KIOSK_ADD);
    int64_t known_seq = batch->point.seq;
    enum status status = bureau_store_begin(store);
    if (status != STATUS_OK)
        return status;
    db_bind_text(add, 1, batch->kiosk);
    status = db_run(add);
    for (size_t i = 0; i < json_array_size(entries) && status == STATUS_OK; i++)
        status = take_entry(store, batch, first_seq + (int64_t)i, json_array_get(entries, i));
    if (status == STATUS_OK && batch->point.seq > known_seq)
        status = advance(store, batch);
    return bureau_store_end(store, status);
}

static enum status list_rejected(struct bureau_store *store, const char *kiosk, int64_t first_seq,
                                 int64_t last_seq, json_t *list)
{
    struct db_statement *statement = bureau_statement(store, SQL_DEAD_RANGE);
    enum status status;
    db_bind_text(statement, 1, kiosk);
    db_bind_int(statement, 2, first_seq);
    db_bind_int(statement, 3, last_seq);
    while ((status = db_step(statement)) == STATUS_OK)
        json_array_append_new(list, json_pack("{s:I, s:s}", "seq",
                                              (json_int_t)db_column_int(statement, 0), "reason",
                                              db_column_text(statement, 1)));
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static int answer_taken(struct bureau_store *store, const struct batch *batch, int64_t first_seq,
                        size_t count, json_t **reply_out)
{
    json_t *rejected = json_array();
    enum status status =
        list_rejected(store, batch->kiosk, first_seq, first_seq + (int64_t)count - 1, rejected);
    if (status != STATUS_OK) {
        json_decref(rejected);
        return answer_failed(status, reply_out);
    }
    *reply_out = json_object();
    add_point(*reply_out, &batch->point);
    json_object_set_new(*reply_out, "rejected", rejected);
    return HTTP_OK;
}

static int take_parsed(struct bureau_store *store, const char *kiosk, const json_t *request,
                       int64_t now_ms, json_t **reply_out)
{
    const json_t *entries = json_object_get(request, "entries");
    const char *prev_hash = json_string_value(json_object_get(request, "prev_hash"));
    int64_t first_seq = json_integer_value(json_object_get(request, "first_seq"));
    uint8_t expected[JOURNAL_HASH_SIZE];
    struct batch batch = { .kiosk = kiosk, .now_ms = now_ms };
    if (!json_is_array(entries) || json_array_size(entries) > DESK_BATCH_ENTRIES_MAX ||
        first_seq < 1 || first_seq > INT64_MAX - DESK_BATCH_ENTRIES_MAX || !prev_hash ||
        bytes_from_hex(prev_hash, batch.hash, sizeof batch.hash) != STATUS_OK)
        return answer_error(HTTP_BAD_REQUEST, "malformed", reply_out);
    struct bureau_point good; /* what is durable, whatever becomes of this batch */
    enum status status = bureau_store_point(store, kiosk, &good);
    if (status != STATUS_OK)
        return answer_failed(status, reply_out);
    if (first_seq > good.seq + 1)
        return answer_conflict(kiosk, "gap", &good, reply_out);
    status = bureau_store_hash(store, kiosk, first_seq - 1, expected);
    if (status != STATUS_OK)
        return answer_failed(status, reply_out);
    if (memcmp(expected, batch.hash, sizeof expected) != 0)
        return answer_conflict(kiosk, "chain", &good, reply_out);
    batch.point = good;
    status = take_all(store, &batch, first_seq, entries);
    if (batch.malformed)
        return answer_error(HTTP_BAD_REQUEST, "malformed", reply_out);
    if (batch.conflict)
        return answer_conflict(kiosk, batch.conflict, &good, reply_out);
    if (status != STATUS_OK)
        return answer_failed(status, reply_out);
    return answer_taken(store, &batch, first_seq, json_array_size(entries), reply_out);
}

int desk_take_entries(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                      int64_t now_ms, json_t **reply_out)
{
    json_t *request = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
    int http_status = json_is_object(request)
                          ? take_parsed(store, kiosk, request, now_ms, reply_out)
                          : answer_error(HTTP_BAD_REQUEST, "malformed", reply_out);
    json_decref(request);
    return http_status;
}

struct lease {
    char prefix[BUREAU_PREFIX_SIZE];
    int64_t first, count;
};

static enum status find_lease(struct bureau_store *store, const char *kiosk, const char *request,
                              struct lease *out)
{
    struct db_statement *statement = bureau_statement(store, SQL_LEASE_FIND);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, request);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status;
    text_copy(out->prefix, sizeof out->prefix, db_column_text(statement, 0));
    out->first = db_column_int(statement, 1);
    out->count = db_column_int(statement, 2);
    db_reset(statement);
    return STATUS_OK;
}

static enum status add_lease(struct bureau_store *store, const char *kiosk, const char *request,
                             int64_t count, struct lease *out)
{
    struct db_statement *next = bureau_statement(store, SQL_NUMBER_NEXT);
    struct db_statement *add = bureau_statement(store, SQL_LEASE_ADD);
    text_copy(out->prefix, sizeof out->prefix, store->number_prefix);
    db_bind_text(next, 1, out->prefix);
    db_bind_int(next, 2, count);
    enum status status = db_step(next);
    if (status != STATUS_OK)
        return status;
    out->first = db_column_int(next, 0);
    out->count = count;
    db_reset(next);
    if (out->first + count - 1 > NUMBER_MAX)
        return STATUS_FULL;
    db_bind_text(add, 1, kiosk);
    db_bind_text(add, 2, request);
    db_bind_text(add, 3, out->prefix);
    db_bind_int(add, 4, out->first);
    db_bind_int(add, 5, count);
    return db_run(add);
}

/* The same request id gets the same block for ever, so a lost reply costs nothing. */
static enum status lease_once(struct bureau_store *store, const char *kiosk, const char *request,
                              int64_t count, struct lease *out)
{
    enum status status = bureau_store_begin(store);
    if (status != STATUS_OK)
        return status;
    status = find_lease(store, kiosk, request, out);
    if (status == STATUS_NOT_FOUND)
        status = add_lease(store, kiosk, request, count, out);
    return bureau_store_end(store, status);
}

static int lease_parsed(struct bureau_store *store, const char *kiosk, const json_t *body,
                        json_t **reply_out)
{
    const char *request = json_string_value(json_object_get(body, "request"));
    int64_t count = json_integer_value(json_object_get(body, "count"));
    struct lease lease;
    if (!request || request[0] == '\0' || strlen(request) > REQUEST_ID_LENGTH_MAX || count < 1 ||
        count > DESK_LEASE_COUNT_MAX)
        return answer_error(HTTP_BAD_REQUEST, "malformed", reply_out);
    enum status status = lease_once(store, kiosk, request, count, &lease);
    if (status != STATUS_OK)
        return answer_failed(status, reply_out);
    log_info("bureau", "numbers_leased", "kiosk %s: %lld from %lld", kiosk, (long long)lease.count,
             (long long)lease.first);
    *reply_out =
        json_pack("{s:s, s:s, s:s, s:I, s:I}", "lease", request, "kind", "account", "prefix",
                  lease.prefix, "first", (json_int_t)lease.first, "count", (json_int_t)lease.count);
    return HTTP_OK;
}

int desk_lease_numbers(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                       json_t **reply_out)
{
    json_t *request = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
    int http_status = lease_parsed(store, kiosk, request, reply_out);
    json_decref(request);
    return http_status;
}

int desk_tell_updates(struct bureau_store *store, const char *kiosk, int64_t now_ms,
                      json_t **reply_out)
{
    struct bureau_point point;
    enum status status = bureau_store_point(store, kiosk, &point);
    if (status != STATUS_OK)
        return answer_failed(status, reply_out);
    *reply_out = json_pack("{s:I}", "time", (json_int_t)now_ms);
    add_point(*reply_out, &point);
    publish_add_offers(store->publish, *reply_out);
    return HTTP_OK;
}

int desk_give_policy(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                     json_t **reply_out)
{
    int http_status = publish_answer(store->publish, body, size, reply_out);
    if (http_status == HTTP_OK)
        log_info("bureau", "policy_sent", "kiosk %s: revision %lld", kiosk,
                 (long long)json_integer_value(json_object_get(*reply_out, "revision")));
    return http_status;
}
