#include "tools/bureau/person.h"

#include <assert.h>
#include <ctype.h>
#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "identity/identity.h"
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

static void make_upper(char *text)
{
    for (; *text != '\0'; text++)
        *text = (char)toupper((unsigned char)*text);
}

static void tag_of(const struct person_key *key, const char *number, char out[PERSON_TAG_SIZE])
{
    uint8_t tag[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(tag, (const unsigned char *)number, strlen(number), key->tag_key);
    bytes_to_hex(tag, sizeof tag, out);
}

/* The X of a check digit is the same in either case. */
static bool read_number(const char *plain, const char *ask, char number[ID_NUMBER_SIZE])
{
    json_t *root = json_loads(plain, JSON_REJECT_DUPLICATES, NULL);
    const char *text = json_string_value(json_object_get(root, "number"));
    const char *asked = json_string_value(json_object_get(root, "ask"));
    bool found = text && text[0] != '\0' && text_copy(number, ID_NUMBER_SIZE, text) &&
                 strcmp(asked ? asked : "", ask) == 0;
    if (found)
        make_upper(number);
    json_decref(root);
    return found;
}

static enum status compute_tag(const struct person_key *key, const char *sealed, const char *ask,
                               char out[PERSON_TAG_SIZE])
{
    char plain[SEAL_PLAIN_SIZE_MAX + 1], number[ID_NUMBER_SIZE];
    size_t size;
    enum status status = sealing_open_text(&key->sealing, sealed, plain, sizeof plain, &size);
    if (status == STATUS_OK && !read_number(plain, ask, number))
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        tag_of(key, number, out);
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
                                     const char *ask, char out[PERSON_TAG_SIZE])
{
    return compute_tag(key, sealed, ask, out);
}

void person_tag_number(const struct person_key *key, const char *number, char out[PERSON_TAG_SIZE])
{
    char upper[ID_NUMBER_SIZE];
    text_copy(upper, sizeof upper, number);
    make_upper(upper);
    tag_of(key, upper, out);
    bytes_wipe(upper, sizeof upper);
}

static const char *text_of(const json_t *root, const char *member)
{
    const char *text = json_string_value(json_object_get(root, member));
    return text ? text : "";
}

static bool is_phone(const char *text)
{
    return strlen(text) == 11 && strspn(text, "0123456789") == 11 && text[0] == '1';
}

/* As the kiosk must have checked: it may be an old one, or in wrong hands. */
static bool fields_agree(const json_t *root, int32_t today)
{
    const json_t *birth = json_object_get(root, "birth"), *sex = json_object_get(root, "sex");
    struct identity_card card = { .kind = IDENTITY_RESIDENT,
                                  .birth = (int32_t)json_integer_value(birth),
                                  .sex = (int)json_integer_value(sex),
                                  .valid_to = IDENTITY_NO_EXPIRY };
    if (!birth)
        return true;
    bool is_whole = text_copy(card.number, sizeof card.number, text_of(root, "number"));
    if (is_whole && strncmp(card.number, "8", 1) == 0)
        card.kind = IDENTITY_HMT_PERMIT;
    bool agree = is_whole && is_phone(text_of(root, "phone")) &&
                 identity_check(&card, today) == IDENTITY_GOOD;
    identity_wipe(&card);
    return agree;
}

bool person_is_sound(const struct person_key *key, const char *sealed, int64_t at_ms,
                     struct person_facts *out)
{
    *out = (struct person_facts){ 0 };
    char plain[SEAL_PLAIN_SIZE_MAX + 1];
    size_t size;
    const struct clock_civil day = clock_civil_in_china(at_ms);
    if (sealing_open_text(&key->sealing, sealed, plain, sizeof plain, &size) != STATUS_OK)
        return false;
    json_t *root = json_loads(plain, JSON_REJECT_DUPLICATES, NULL);
    bool is_sound = fields_agree(root, day.year * 10000 + day.month * 100 + day.day);
    out->birth = (int32_t)json_integer_value(json_object_get(root, "birth"));
    out->sex = out->birth ? (int)json_integer_value(json_object_get(root, "sex")) : 0;
    json_decref(root);
    bytes_wipe(plain, sizeof plain);
    return is_sound;
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
