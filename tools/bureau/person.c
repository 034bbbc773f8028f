#include "tools/bureau/person.h"

#include <assert.h>
#include <ctype.h>
#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "store/journal.h"
#include "store/seal.h"

#define TAG_CONTEXT "gperson1"
#define TAG_SUBKEY 1
#define ID_NUMBER_SIZE 33

static_assert(SEALING_KEY_SIZE == crypto_kdf_KEYBYTES, "tag keys follow from sealing keys");
static_assert(PERSON_TAG_SIZE == 2 * crypto_auth_hmacsha256_BYTES + 1, "hex");

enum status person_read_key(const char *folder, struct person_key *out)
{
    enum status status = sealing_read_key(folder, &out->sealing);
    if (status == STATUS_OK &&
        crypto_kdf_derive_from_key(out->tag_key, sizeof out->tag_key, TAG_SUBKEY, TAG_CONTEXT,
                                   out->sealing.secret_key) != 0)
        status = STATUS_INVALID;
    return status;
}

void person_wipe_key(struct person_key *key)
{
    bytes_wipe(key, sizeof *key);
}

/* The X of a check digit is the same in either case. */
static bool read_number(const char *plain, const char *ask, char number[ID_NUMBER_SIZE])
{
    json_t *root = json_loads(plain, JSON_REJECT_DUPLICATES, NULL);
    const char *text = json_string_value(json_object_get(root, "number"));
    const char *asked = json_string_value(json_object_get(root, "ask"));
    bool found = text && text[0] != '\0' && text_copy(number, ID_NUMBER_SIZE, text) &&
                 strcmp(asked ? asked : "", ask) == 0;
    for (char *at = number; found && *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    json_decref(root);
    return found;
}

static enum status compute_tag(const struct person_key *key, const char *sealed, const char *ask,
                               char out[PERSON_TAG_SIZE])
{
    char plain[SEAL_PLAIN_SIZE_MAX + 1], number[ID_NUMBER_SIZE];
    uint8_t tag[crypto_auth_hmacsha256_BYTES];
    size_t size;
    enum status status = sealing_open_text(&key->sealing, sealed, plain, sizeof plain, &size);
    if (status == STATUS_OK && !read_number(plain, ask, number))
        status = STATUS_INVALID;
    if (status == STATUS_OK) {
        crypto_auth_hmacsha256(tag, (const unsigned char *)number, strlen(number), key->tag_key);
        bytes_to_hex(tag, sizeof tag, out);
    }
    bytes_wipe(plain, sizeof plain);
    bytes_wipe(number, sizeof number);
    return status;
}

enum status person_compute_tag(const struct person_key *key, const char *sealed,
                               char out[PERSON_TAG_SIZE])
{
    return compute_tag(key, sealed, "", out);
}

enum status person_compute_asked_tag(const struct person_key *key, const char *sealed,
                                     char out[PERSON_TAG_SIZE])
{
    return compute_tag(key, sealed, "payments", out);
}

static enum status next_untagged(struct bureau_store *store, char account[JOURNAL_NUMBER_SIZE],
                                 char tag[PERSON_TAG_SIZE])
{
    struct db_statement *statement = bureau_statement(store, SQL_CITIZEN_UNTAGGED);
    db_bind_text(statement, 1, account);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status;
    enum status tagged = person_compute_tag(store->person_key, db_column_text(statement, 1), tag);
    bool whole = text_copy(account, JOURNAL_NUMBER_SIZE, db_column_text(statement, 0));
    db_reset(statement);
    if (tagged != STATUS_OK)
        tag[0] = '\0';
    return whole ? STATUS_OK : STATUS_CORRUPT;
}

static enum status put_tag(struct bureau_store *store, const char *account, const char *tag)
{
    struct db_statement *statement = bureau_statement(store, SQL_CITIZEN_TAG);
    db_bind_text(statement, 1, account);
    db_bind_text(statement, 2, tag);
    enum status status = db_run(statement);
    if (status == STATUS_OK && db_changes(store->db) == 0)
        log_warning("bureau", "person_twice", "account %s is a second one of its person", account);
    return status;
}

enum status person_tag_citizens(struct bureau_store *store)
{
    char account[JOURNAL_NUMBER_SIZE] = "", tag[PERSON_TAG_SIZE];
    enum status status;
    CHECK(store->person_key);
    while ((status = next_untagged(store, account, tag)) == STATUS_OK) {
        if (tag[0] == '\0')
            log_warning("bureau", "person_unreadable", "account %s", account);
        else
            status = put_tag(store, account, tag);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
