#include "unit/bureau/desk_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "support/unit.h"
#include "tools/bureau/desk.h"
#include "tools/bureau/ledger.h"

int desk_setup(void **state)
{
    struct desk_rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    snprintf(rig->folder, sizeof rig->folder, "/tmp/guichet-desk-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    snprintf(rig->path, sizeof rig->path, "%s/bureau.db", rig->folder);
    assert_int_equal(bureau_store_open(&rig->store, rig->path, "9901"), STATUS_OK);
    rig->entries = json_array();
    rig->kiosk = KIOSK;
    rig->txn = TXN;
    memset(rig->first_hashes[0], '0', 2 * JOURNAL_HASH_SIZE);
    *state = rig;
    return 0;
}

int desk_teardown(void **state)
{
    static const char *const SUFFIXES[] = { "", "-wal", "-shm" };
    struct desk_rig *rig = *state;
    bureau_store_close(&rig->store);
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", rig->path, SUFFIXES[i]);
        unlink(path);
    }
    rmdir(rig->folder);
    json_decref(rig->entries);
    json_decref(rig->reply);
    free(rig);
    return 0;
}

void become_kiosk(struct desk_rig *rig, const char *kiosk)
{
    rig->kiosk = kiosk;
    json_array_clear(rig->entries);
    memset(rig->hash, 0, sizeof rig->hash);
}

void write_entry(struct desk_rig *rig, const char *kind, const char *body)
{
    int64_t seq = (int64_t)json_array_size(rig->entries) + 1;
    int64_t at_ms = rig->begin_ms + 1000 + seq;
    journal_hash_entry(rig->hash, seq, at_ms, rig->txn, kind, body, rig->hash);
    bytes_to_hex(rig->hash, sizeof rig->hash, rig->first_hashes[seq]);
    json_array_append_new(rig->entries,
                          json_pack("{s:I, s:I, s:s, s:s, s:s, s:s}", "seq", (json_int_t)seq, "at",
                                    (json_int_t)at_ms, "txn", rig->txn, "kind", kind, "body", body,
                                    "hash", rig->first_hashes[seq]));
}

int send_text(struct desk_rig *rig, const char *text)
{
    json_decref(rig->reply);
    rig->reply = NULL;
    return desk_take_entries(&rig->store, rig->kiosk, text, strlen(text), 5, &rig->reply);
}

int send(struct desk_rig *rig, size_t first, size_t last)
{
    json_t *entries = json_array();
    for (size_t seq = first; seq <= last; seq++)
        json_array_append(entries, json_array_get(rig->entries, seq - 1));
    json_t *request = json_pack("{s:I, s:s, s:o}", "first_seq", (json_int_t)first, "prev_hash",
                                rig->first_hashes[first - 1], "entries", entries);
    char *text = json_dumps(request, 0);
    int http_status = send_text(rig, text);
    free(text);
    json_decref(request);
    return http_status;
}

int64_t reply_int(const struct desk_rig *rig, const char *member)
{
    assert_true(json_is_integer(json_object_get(rig->reply, member)));
    return json_integer_value(json_object_get(rig->reply, member));
}

const char *reply_text(const struct desk_rig *rig, const char *member)
{
    const char *text = json_string_value(json_object_get(rig->reply, member));
    return text ? text : "";
}

const char *rejection_of(const struct desk_rig *rig, int64_t seq)
{
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(rig->reply, "rejected"), index, item)
    {
        if (json_integer_value(json_object_get(item, "seq")) == seq)
            return json_string_value(json_object_get(item, "reason"));
    }
    return "";
}

const char *try_entry(struct desk_rig *rig, const char *kind, const char *body)
{
    write_entry(rig, kind, body);
    size_t seq = json_array_size(rig->entries);
    assert_int_equal(send(rig, seq, seq), 200);
    return rejection_of(rig, (int64_t)seq);
}

int lease(struct desk_rig *rig, const char *kiosk, const char *request, int count)
{
    char text[128];
    snprintf(text, sizeof text, "{\"request\":\"%s\",\"count\":%d}", request, count);
    json_decref(rig->reply);
    rig->reply = NULL;
    return desk_lease_numbers(&rig->store, kiosk, text, strlen(text), &rig->reply);
}

void write_visit(struct desk_rig *rig)
{
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    write_entry(rig, "registered",
                "{\"account\":\"990100000001\",\"person\":\"aa\",\"sealed\":\"\"}");
    write_entry(rig, "quote_accepted",
                "{\"account\":\"990100000001\",\"person\":\"aa\",\"due\":14950}");
    write_entry(rig, "note_escrowed", "{\"value\":10000}");
    write_entry(rig, "note_credited",
                "{\"value\":10000,\"post\":[[\"cash_box\",\"citizen\",10000]],\"box\":10000}");
    write_entry(rig, "note_credited",
                "{\"value\":5000,\"post\":[[\"cash_box\",\"citizen\",5000]],\"box\":5000}");
    write_entry(rig, "payment_completed",
                "{\"paid\":15000,\"applied\":14950,\"surplus\":50,\"outcome\":\"complete\","
                "\"voucher\":\"" VOUCHER "\",\"post\":[[\"citizen\",\"premium\",14950],"
                "[\"citizen\",\"surplus\",50]]}");
    write_entry(rig, "receipt_state", "{\"voucher\":\"" VOUCHER "\",\"state\":\"printed\"}");
}

char *ledger_text(struct desk_rig *rig)
{
    json_t *ledger;
    assert_int_equal(ledger_build(&rig->store, &ledger), STATUS_OK);
    char *text = json_dumps(ledger, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(ledger);
    return text;
}

bool ledger_says(struct desk_rig *rig, const char *text)
{
    char *ledger = ledger_text(rig);
    bool found = strstr(ledger, text) != NULL;
    free(ledger);
    return found;
}
