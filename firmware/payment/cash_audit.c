#include "payment/cash_audit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"

#define FACT_SERIAL "acceptor.serial"
#define FACT_STACKED "acceptor.stacked"

static bool get_serial(struct journal *journal, char out[DEVICE_SERIAL_SIZE])
{
    return journal_get_fact(journal, FACT_SERIAL, out, DEVICE_SERIAL_SIZE) == STATUS_OK;
}

static void put_fact(struct journal *journal, const char *key, const char *value)
{
    enum status status = journal_put_fact(journal, key, value);
    if (status != STATUS_OK)
        log_warning("payment", "fact_not_kept", "%s: %s", key, status_name(status));
}

static void put_stacked(struct journal *journal, int64_t stacked)
{
    char text[24];
    text_format(text, sizeof(text), "%lld", (long long)stacked);
    put_fact(journal, FACT_STACKED, text);
}

int64_t cash_audit_expected(struct journal *journal, const char *serial,
                            const struct cash_note *last)
{
    char text[24], known_serial[DEVICE_SERIAL_SIZE];
    int64_t expected = -1;
    if (serial[0] == '\0')
        return -1;
    if (get_serial(journal, known_serial) && strcmp(serial, known_serial) == 0 &&
        journal_get_fact(journal, FACT_STACKED, text, sizeof(text)) == STATUS_OK)
        expected = strtoll(text, NULL, 10);
    /* The last note knows its device also where the facts are still those of another one. */
    bool newer = last->stacked >= 0 && strcmp(last->serial, serial) == 0;
    if (newer && (expected < 0 || cash_counter_ahead(last->stacked, expected) > 0))
        return last->stacked;
    return expected;
}

static bool append(struct journal *journal, enum journal_kind kind, const char *body)
{
    struct journal_draft draft = { .kind = kind, .body = body };
    enum status status = journal_append(journal, &draft, NULL);
    if (status != STATUS_OK)
        log_error("payment", "audit_not_kept", "%s: %s", journal_kind_name(kind),
                  status_name(status));
    return status == STATUS_OK;
}

static bool append_mismatch(struct journal *journal, int64_t expected, int64_t found)
{
    char body[80];
    text_format(body, sizeof(body), "{\"expected\":%lld,\"found\":%lld}", (long long)expected,
                (long long)found);
    log_error("payment", "counter_mismatch", "expected %lld, found %lld", (long long)expected,
              (long long)found);
    return append(journal, JOURNAL_COUNTER_MISMATCH, body);
}

void cash_audit_count(struct journal *journal, int64_t expected, int64_t stacked)
{
    if (stacked < 0)
        return;
    if (expected >= 0 && cash_counter_ahead(stacked, expected) != 1 &&
        !append_mismatch(journal, (int64_t)(uint32_t)(expected + 1), stacked))
        return;
    put_stacked(journal, stacked);
}

static void take_new_device(struct journal *journal, const struct device_status *status,
                            const struct cash_counters *counters)
{
    put_fact(journal, FACT_SERIAL, status->serial);
    put_stacked(journal, counters->known ? (int64_t)counters->stacked : -1);
}

static bool append_swapped(struct journal *journal, const char *was, const char *is)
{
    json_t *tree = json_pack("{s:s, s:s, s:s}", "class", "cash_acceptor", "was", was, "is", is);
    char *body = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);
    CHECK(body != NULL);
    log_error("payment", "acceptor_swapped", "another serial number than last time");
    bool durable = append(journal, JOURNAL_DEVICE_SWAPPED, body);
    free(body);
    return durable;
}

static void compare_count(struct journal *journal, const struct device_status *status,
                          const struct cash_counters *counters, const struct cash_note *last)
{
    if (!counters->known)
        return;
    int64_t expected = cash_audit_expected(journal, status->serial, last);
    if (expected == (int64_t)counters->stacked)
        return;
    if (expected < 0 || append_mismatch(journal, expected, counters->stacked))
        put_stacked(journal, counters->stacked);
}

bool cash_audit_knows(struct journal *journal, const struct device_status *status,
                      const struct cash_counters *counters)
{
    char known_serial[DEVICE_SERIAL_SIZE];
    if (status->serial[0] == '\0' || !get_serial(journal, known_serial) ||
        strcmp(known_serial, status->serial) == 0)
        return true;
    if (append_swapped(journal, known_serial, status->serial))
        take_new_device(journal, status, counters);
    return false;
}

bool cash_audit_compare(struct journal *journal, const struct device_status *status,
                        const struct cash_counters *counters, const struct cash_note *last)
{
    char known_serial[DEVICE_SERIAL_SIZE];
    if (status->serial[0] == '\0')
        return true;
    if (!get_serial(journal, known_serial)) {
        take_new_device(journal, status, counters);
        return true;
    }
    if (!cash_audit_knows(journal, status, counters))
        return false;
    compare_count(journal, status, counters, last);
    return true;
}

int cash_audit_box(struct journal *journal, const enum cash_event_kind *events, int count)
{
    for (int i = 0; i < count; i++) {
        const char *body = events[i] == CASH_EVENT_BOX_REMOVED ? "{\"event\":\"removed\"}"
                                                               : "{\"event\":\"replaced\"}";
        if (!append(journal, JOURNAL_BOX_EVENT, body))
            return i;
    }
    return count;
}
