#include "payment/cash_audit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"

#define FACT_SERIAL "acceptor.serial"
#define FACT_DATASET "acceptor.dataset"
#define FACT_STACKED "acceptor.stacked"
#define FACT_OTHERS "acceptor.others"
#define FACT_BOX "acceptor.box"

#define OTHERS_SIZE 48 /* four counters */

static bool get_fact(struct journal *journal, const char *key, char *out, size_t size)
{
    return journal_get_fact(journal, key, out, size) == STATUS_OK;
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

void cash_audit_write_dataset(const struct cash_acceptor_event *event, char out[CASH_DATASET_SIZE])
{
    size_t length = 0;
    out[0] = '\0';
    for (int i = 0; i < event->channel_count && i < CASH_CHANNELS_MAX; i++) {
        text_format(out + length, CASH_DATASET_SIZE - length, "%s%lld", i > 0 ? " " : "",
                    (long long)event->channel_value_fen[i]);
        length += strlen(out + length);
    }
}

int64_t cash_audit_expected(struct journal *journal, const char *serial,
                            const struct cash_note *last)
{
    char text[24], known_serial[DEVICE_SERIAL_SIZE];
    int64_t expected = -1;
    if (serial[0] == '\0')
        return -1;
    if (get_fact(journal, FACT_SERIAL, known_serial, sizeof(known_serial)) &&
        strcmp(serial, known_serial) == 0 && get_fact(journal, FACT_STACKED, text, sizeof(text)))
        expected = strtoll(text, NULL, 10);
    /* The last note knows its device also where the facts are still those of another one. */
    bool newer = last->stacked >= 0 && strcmp(last->serial, serial) == 0;
    if (newer && (expected < 0 || cash_counter_ahead(last->stacked, expected) > 0))
        return last->stacked;
    return expected;
}

static bool append(struct journal *journal, enum journal_kind kind, json_t *tree)
{
    char *body = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);
    CHECK(body != NULL);
    struct journal_draft draft = { .kind = kind, .body = body };
    enum status status = journal_append(journal, &draft, NULL);
    free(body);
    if (status != STATUS_OK)
        log_error("payment", "audit_not_kept", "%s: %s", journal_kind_name(kind),
                  status_name(status));
    return status == STATUS_OK;
}

/* What the books knew last: whoever looks into it later begins there. */
static void add_last_note(json_t *tree, const struct cash_note *last)
{
    static const char *const STATES[] = {
        [CASH_NOTE_NONE] = "none",         [CASH_NOTE_ESCROWED] = "escrowed",
        [CASH_NOTE_CREDITED] = "credited", [CASH_NOTE_RETURNED] = "returned",
        [CASH_NOTE_UNKNOWN] = "unknown",
    };
    CHECK((size_t)last->state < ARRAY_SIZE(STATES));
    json_object_set_new(tree, "last", json_string(STATES[last->state]));
    json_object_set_new(tree, "value", json_integer(last->value_fen));
}

static bool append_mismatch(struct journal *journal, const char *serial,
                            const struct cash_note *last, const char *counter, int64_t expected,
                            int64_t found)
{
    json_t *tree = json_pack("{s:s, s:I, s:I, s:s}", "counter", counter, "expected",
                             (json_int_t)expected, "found", (json_int_t)found, "acceptor", serial);
    add_last_note(tree, last);
    log_error("payment", "counter_mismatch", "%s: expected %lld, found %lld", counter,
              (long long)expected, (long long)found);
    return append(journal, JOURNAL_COUNTER_MISMATCH, tree);
}

void cash_audit_count(struct journal *journal, const struct cash_note *last, int64_t expected,
                      int64_t stacked)
{
    if (stacked < 0)
        return;
    if (expected >= 0 && cash_counter_ahead(stacked, expected) != 1 &&
        !append_mismatch(journal, last->serial, last, "stacked", (int64_t)(uint32_t)(expected + 1),
                         stacked))
        return;
    put_stacked(journal, stacked);
}

/* ---- the counters of what a device without a payout must not do, and of what it gave back ---- */

struct others {
    long long stored, dispensed, transferred, rejected;
};

static void put_others(struct journal *journal, const struct cash_counters *counters)
{
    char text[OTHERS_SIZE];
    text_format(text, sizeof(text), "%lld %lld %lld %lld", (long long)counters->stored,
                (long long)counters->dispensed, (long long)counters->transferred,
                (long long)counters->rejected);
    put_fact(journal, FACT_OTHERS, text);
}

static bool get_others(struct journal *journal, struct others *out)
{
    char text[OTHERS_SIZE], *rest = text;
    if (!get_fact(journal, FACT_OTHERS, text, sizeof(text)) || text[0] == '\0')
        return false;
    out->stored = strtoll(rest, &rest, 10);
    out->dispensed = strtoll(rest, &rest, 10);
    out->transferred = strtoll(rest, &rest, 10);
    out->rejected = strtoll(rest, &rest, 10);
    return true;
}

static void compare_others(struct journal *journal, const struct cash_witness *witness,
                           const struct cash_note *last)
{
    const struct cash_counters *found = &witness->counters;
    struct others known;
    bool kept = true;
    if (get_others(journal, &known)) {
        const struct {
            const char *name;
            int64_t expected, found;
            bool differs;
        } rows[] = {
            { "stored", known.stored, found->stored, known.stored != found->stored },
            { "dispensed", known.dispensed, found->dispensed, known.dispensed != found->dispensed },
            { "transferred", known.transferred, found->transferred,
              known.transferred != found->transferred },
            /* It goes up with every note that is given back; only back it cannot go. */
            { "rejected", known.rejected, found->rejected,
              cash_counter_ahead(found->rejected, known.rejected) < 0 },
        };
        for (size_t i = 0; i < ARRAY_SIZE(rows) && kept; i++)
            kept = !rows[i].differs || append_mismatch(journal, witness->serial, last, rows[i].name,
                                                       rows[i].expected, rows[i].found);
    }
    if (kept)
        put_others(journal, found);
}

/* ---- which device, and what its channels are worth ---- */

static void take_device(struct journal *journal, const struct cash_witness *witness)
{
    log_info("payment", "acceptor_known", "%s, channels %s", witness->serial, witness->dataset);
    put_fact(journal, FACT_SERIAL, witness->serial);
    put_fact(journal, FACT_DATASET, witness->dataset);
}

static void take_new_device(struct journal *journal, const struct cash_witness *witness)
{
    const struct cash_counters *counters = &witness->counters;
    take_device(journal, witness);
    put_stacked(journal, counters->known ? (int64_t)counters->stacked : -1);
    if (counters->known)
        put_others(journal, counters);
    else
        put_fact(journal, FACT_OTHERS, "");
}

static bool append_swapped(struct journal *journal, const char *was,
                           const struct cash_witness *witness, const struct cash_note *last)
{
    json_t *tree =
        json_pack("{s:s, s:s, s:s}", "class", "cash_acceptor", "was", was, "is", witness->serial);
    int64_t expected = cash_audit_expected(journal, was, last);
    if (expected >= 0)
        json_object_set_new(tree, "expected", json_integer(expected));
    if (witness->counters.known)
        json_object_set_new(tree, "found", json_integer(witness->counters.stacked));
    add_last_note(tree, last);
    log_error("payment", "acceptor_swapped", "another serial number than last time");
    return append(journal, JOURNAL_DEVICE_SWAPPED, tree);
}

static bool knows_dataset(struct journal *journal, const struct cash_witness *witness)
{
    char known[CASH_DATASET_SIZE];
    if (witness->dataset[0] == '\0')
        return true;
    if (!get_fact(journal, FACT_DATASET, known, sizeof(known)) || known[0] == '\0') {
        put_fact(journal, FACT_DATASET, witness->dataset);
        return true;
    }
    if (strcmp(known, witness->dataset) == 0)
        return true;
    log_error("payment", "dataset_changed", "channels were %s, are %s", known, witness->dataset);
    if (append(journal, JOURNAL_DATASET_CHANGED,
               json_pack("{s:s, s:s, s:s}", "acceptor", witness->serial, "was", known, "is",
                         witness->dataset)))
        put_fact(journal, FACT_DATASET, witness->dataset);
    return false;
}

/* The first one of all is known by its notes until it was compared for the first time. */
static bool get_known_serial(struct journal *journal, const struct cash_note *last,
                             char out[DEVICE_SERIAL_SIZE])
{
    if (get_fact(journal, FACT_SERIAL, out, DEVICE_SERIAL_SIZE))
        return true;
    text_copy(out, DEVICE_SERIAL_SIZE, last->serial);
    return out[0] != '\0';
}

bool cash_audit_knows(struct journal *journal, const struct cash_witness *witness,
                      const struct cash_note *last)
{
    char known[DEVICE_SERIAL_SIZE];
    if (witness->serial[0] == '\0' || !get_known_serial(journal, last, known))
        return true;
    if (strcmp(known, witness->serial) == 0)
        return knows_dataset(journal, witness);
    if (append_swapped(journal, known, witness, last))
        take_new_device(journal, witness);
    return false;
}

static void compare_count(struct journal *journal, const struct cash_witness *witness,
                          const struct cash_note *last)
{
    int64_t expected = cash_audit_expected(journal, witness->serial, last);
    int64_t found = witness->counters.stacked;
    if (expected == found)
        return;
    if (expected < 0 || append_mismatch(journal, witness->serial, last, "stacked", expected, found))
        put_stacked(journal, found);
}

bool cash_audit_compare(struct journal *journal, const struct cash_witness *witness,
                        const struct cash_note *last)
{
    char known[DEVICE_SERIAL_SIZE];
    if (witness->serial[0] == '\0')
        return true;
    if (!cash_audit_knows(journal, witness, last))
        return false;
    if (!get_fact(journal, FACT_SERIAL, known, sizeof(known)))
        take_device(journal, witness);
    if (witness->counters.known) {
        compare_count(journal, witness, last);
        compare_others(journal, witness, last);
    }
    return true;
}

/* ---- the box ---- */

static bool box_is_out(struct journal *journal)
{
    char text[8];
    return get_fact(journal, FACT_BOX, text, sizeof(text)) && strcmp(text, "out") == 0;
}

static bool append_box(struct journal *journal, bool removed, bool missed)
{
    json_t *tree = json_pack("{s:s}", "event", removed ? "removed" : "replaced");
    if (missed)
        json_object_set_new(tree, "missed", json_true());
    if (!append(journal, JOURNAL_BOX_EVENT, tree))
        return false;
    put_fact(journal, FACT_BOX, removed ? "out" : "in");
    return true;
}

int cash_audit_box(struct journal *journal, const enum cash_event_kind *events, int count)
{
    for (int i = 0; i < count; i++) {
        bool removed = events[i] == CASH_EVENT_BOX_REMOVED;
        bool is_known = removed && box_is_out(journal);
        if (!is_known && !append_box(journal, removed, false))
            return i;
    }
    return count;
}

void cash_audit_meet_box(struct journal *journal)
{
    if (box_is_out(journal))
        (void)append_box(journal, false, true); /* refused: again when it is met the next time */
}
