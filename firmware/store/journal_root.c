#include "store/journal_root.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "store/journal_internal.h"
#include "store/key_file.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FACT_ROOT_DATE "root.date" /* spares the search for the last root each minute */
#define PATH_SIZE 512
#define SIGNED_TEXT_SIZE 256

static enum status write_public_key(const char *path, const struct journal_root_key *key)
{
    char public_path[PATH_SIZE];
    uint8_t known[JOURNAL_ROOT_KEY_BYTES];
    size_t stem = strlen(path);
    if (stem > 4 && strcmp(path + stem - 4, ".key") == 0)
        stem -= 4;
    if (!text_format(public_path, sizeof public_path, "%.*s.pub", (int)stem, path))
        return STATUS_INVALID;
    if (key_file_read(public_path, "root.pub", 0, known) == STATUS_OK &&
        memcmp(known, key->public_key, sizeof known) == 0)
        return STATUS_OK;
    return key_file_write(public_path, "root.pub", 0644, key->public_key);
}

enum status journal_root_open_key(const char *path, struct journal_root_key *out)
{
    uint8_t seed[KEY_FILE_BYTES];
    CHECK(sodium_init() >= 0);
    memset(out, 0, sizeof *out);
    enum status status = key_file_read(path, "root.key", S_IRWXG | S_IRWXO, seed);
    if (status == STATUS_NOT_FOUND)
        status = key_file_create(path, "root.key", seed);
    if (status != STATUS_OK)
        return status;
    CHECK(crypto_sign_seed_keypair(out->public_key, out->secret_key, seed) == 0);
    bytes_wipe(seed, sizeof seed);
    return write_public_key(path, out);
}

void journal_root_close_key(struct journal_root_key *key)
{
    bytes_wipe(key, sizeof *key);
}

/* Length of the text that is signed. */
static size_t compose(const struct journal_root *root, char text[SIGNED_TEXT_SIZE])
{
    char hash[2 * JOURNAL_HASH_SIZE + 1];
    bytes_to_hex(root->hash, sizeof root->hash, hash);
    bool whole = text_format(text, SIGNED_TEXT_SIZE, "guichet day root 1\n%s\n%s\n%lld\n%s\n",
                             root->kiosk, root->date, (long long)root->last_seq, hash);
    CHECK(whole);
    return strlen(text);
}

static void sign(struct journal_root *root, const struct journal_root_key *key)
{
    char text[SIGNED_TEXT_SIZE];
    size_t length = compose(root, text);
    memcpy(root->key, key->public_key, sizeof root->key);
    CHECK(crypto_sign_detached(root->signature, NULL, (const unsigned char *)text, length,
                               key->secret_key) == 0);
}

bool journal_root_is_signed(const struct journal_root *root)
{
    char text[SIGNED_TEXT_SIZE];
    size_t length = compose(root, text);
    return crypto_sign_verify_detached(root->signature, (const unsigned char *)text, length,
                                       root->key) == 0;
}

bool journal_root_fits(const struct journal_root *root, int64_t seq,
                       const uint8_t previous_hash[JOURNAL_HASH_SIZE])
{
    return root->last_seq == seq - 1 && memcmp(root->hash, previous_hash, JOURNAL_HASH_SIZE) == 0;
}

static void format_date(const struct clock *clock, char date[JOURNAL_ROOT_DATE_SIZE])
{
    struct clock_civil now = clock_civil_of(clock_wall_ms(clock));
    if (!text_format(date, JOURNAL_ROOT_DATE_SIZE, "%04d-%02d-%02d", now.year, now.month, now.day))
        date[0] = '\0';
}

static enum status append_root(struct journal *journal, const struct journal_root *root)
{
    char hash[2 * sizeof root->hash + 1], key[2 * sizeof root->key + 1];
    char signature[2 * sizeof root->signature + 1], body[512];
    bytes_to_hex(root->hash, sizeof root->hash, hash);
    bytes_to_hex(root->key, sizeof root->key, key);
    bytes_to_hex(root->signature, sizeof root->signature, signature);
    if (!text_format(body, sizeof body,
                     "{\"kiosk\":\"%s\",\"date\":\"%s\",\"last_seq\":%lld,\"hash\":\"%s\","
                     "\"key\":\"%s\",\"signature\":\"%s\"}",
                     root->kiosk, root->date, (long long)root->last_seq, hash, key, signature))
        return STATUS_INVALID;
    struct journal_draft draft = { .kind = JOURNAL_DAY_ROOT, .body = body };
    return journal_append(journal, &draft, NULL);
}

enum status journal_root_append(struct journal *journal, const struct journal_root_key *key,
                                const char *kiosk, const struct clock *clock)
{
    struct journal_root root = { .last_seq = journal_last_seq(journal) };
    if (!text_copy(root.kiosk, sizeof root.kiosk, kiosk))
        return STATUS_INVALID;
    format_date(clock, root.date);
    journal_last_hash(journal, root.hash);
    sign(&root, key);
    enum status status = append_root(journal, &root);
    /* Without the fact the same day is signed twice, which harms nobody. */
    if (status == STATUS_OK && journal_put_fact(journal, FACT_ROOT_DATE, root.date) != STATUS_OK)
        log_warning("store", "root_date_not_kept", "%s", root.date);
    return status;
}

static bool see_if_root(void *context, const struct journal_entry *entry)
{
    *(bool *)context = strcmp(entry->kind, journal_kind_name(JOURNAL_DAY_ROOT)) == 0;
    return true;
}

enum status journal_root_append_end(struct journal *journal, const struct journal_root_key *key,
                                    const char *kiosk, const struct clock *clock)
{
    bool nothing_since = false;
    if (journal_last_seq(journal) == 0)
        return STATUS_OK;
    enum status status =
        journal_read(journal, journal_last_seq(journal), 1, see_if_root, &nothing_since);
    if (status != STATUS_OK || nothing_since)
        return status;
    return journal_root_append(journal, key, kiosk, clock);
}

enum status journal_root_append_daily(struct journal *journal, const struct journal_root_key *key,
                                      const char *kiosk, const struct clock *clock)
{
    char today[JOURNAL_ROOT_DATE_SIZE], last[JOURNAL_ROOT_DATE_SIZE] = "";
    format_date(clock, today);
    enum status status = journal_get_fact(journal, FACT_ROOT_DATE, last, sizeof last);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    if (strcmp(last, today) == 0 || journal_last_seq(journal) == 0)
        return STATUS_OK;
    return journal_root_append_end(journal, key, kiosk, clock);
}

static bool read_hex(const json_t *body, const char *member, void *out, size_t size)
{
    const char *hex = json_string_value(json_object_get(body, member));
    return hex && bytes_from_hex(hex, out, size) == STATUS_OK;
}

static bool read_text(const json_t *body, const char *member, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(body, member));
    return text && text_copy(out, size, text);
}

enum status journal_root_parse(const json_t *body, struct journal_root *out)
{
    const json_t *last_seq = json_object_get(body, "last_seq");
    *out = (struct journal_root){ .last_seq = json_integer_value(last_seq) };
    bool whole = json_is_integer(last_seq) &&
                 read_text(body, "kiosk", out->kiosk, sizeof out->kiosk) &&
                 read_text(body, "date", out->date, sizeof out->date) &&
                 read_hex(body, "hash", out->hash, sizeof out->hash) &&
                 read_hex(body, "key", out->key, sizeof out->key) &&
                 read_hex(body, "signature", out->signature, sizeof out->signature);
    return whole ? STATUS_OK : STATUS_INVALID;
}

enum status journal_root_find_before(struct journal *journal, int64_t seq, struct journal_root *out)
{
    struct db_statement *statement;
    enum status status = db_prepare(journal->db,
                                    "SELECT body FROM journal WHERE kind = 'day_root'"
                                    " AND seq < ?1 ORDER BY seq DESC LIMIT 1",
                                    &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_int(statement, 1, seq);
    status = db_step(statement);
    if (status == STATUS_OK) {
        json_t *body = json_loads(db_column_text(statement, 0), JSON_REJECT_DUPLICATES, NULL);
        status = journal_root_parse(body, out) == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
        json_decref(body);
    }
    db_finalize(statement);
    return status;
}

enum status journal_root_find_last(struct journal *journal, struct journal_root *out)
{
    return journal_root_find_before(journal, INT64_MAX, out);
}
