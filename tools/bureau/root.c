#include "tools/bureau/root.h"

#include <string.h>
#include <strings.h>

/* True also while no key is known. */
static enum status key_is_known(struct bureau_store *store, const char *kiosk,
                                const struct journal_root *root, bool *known_out)
{
    struct db_statement *statement = bureau_statement(store, SQL_KIOSK_ROOT_KEY);
    size_t size;
    db_bind_text(statement, 1, kiosk);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status;
    const void *key = db_column_blob(statement, 0, &size);
    *known_out =
        size == 0 || (size == sizeof root->key && memcmp(key, root->key, sizeof root->key) == 0);
    db_reset(statement);
    return STATUS_OK;
}

enum status root_check(struct bureau_store *store, const char *kiosk,
                       const struct bureau_entry *entry, struct booking_refusal *out)
{
    struct journal_root root;
    uint8_t previous_hash[JOURNAL_HASH_SIZE];
    bool key_known = false;
    if (journal_root_parse(entry->content, &root) != STATUS_OK || strcmp(root.kiosk, kiosk) != 0) {
        out->reason = "bad_root";
        return STATUS_OK;
    }
    enum status status = bureau_store_hash(store, kiosk, entry->seq - 1, previous_hash);
    if (status == STATUS_OK)
        status = key_is_known(store, kiosk, &root, &key_known);
    if (status != STATUS_OK)
        return status;
    if (!key_known)
        out->reason = "root_key_changed";
    else if (!journal_root_is_signed(&root))
        out->reason = "root_not_signed";
    else if (!journal_root_fits(&root, entry->seq, previous_hash))
        out->reason = "bad_root";
    return STATUS_OK;
}

enum status root_apply(struct bureau_store *store, const char *kiosk,
                       const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_KIOSK_SET_ROOT);
    struct journal_root root;
    enum status status = journal_root_parse(entry->content, &root);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, kiosk);
    db_bind_blob(statement, 2, root.key, sizeof root.key);
    db_bind_text(statement, 3, root.date);
    db_bind_int(statement, 4, root.last_seq);
    return db_run(statement);
}

static bool is_text(const char *text, size_t size)
{
    return text && text[0] != '\0' && strlen(text) < size;
}

/* Upper and lower case do not make two people of one. */
static bool names_two_people(const struct root_acceptance *acceptance)
{
    return is_text(acceptance->accepted_by, ROOT_NAME_SIZE) &&
           is_text(acceptance->confirmed_by, ROOT_NAME_SIZE) &&
           is_text(acceptance->why, ROOT_WHY_SIZE) &&
           strcasecmp(acceptance->accepted_by, acceptance->confirmed_by) != 0;
}

static enum status record_change(struct bureau_store *store, const char *kiosk, const void *old_key,
                                 size_t old_size, const uint8_t key[JOURNAL_ROOT_KEY_BYTES],
                                 const struct root_acceptance *acceptance)
{
    struct db_statement *statement = bureau_statement(store, SQL_ROOT_KEY_CHANGE_ADD);
    db_bind_text(statement, 1, kiosk);
    db_bind_int(statement, 2, acceptance->at_ms);
    db_bind_blob(statement, 3, old_key, old_size);
    db_bind_blob(statement, 4, key, JOURNAL_ROOT_KEY_BYTES);
    db_bind_text(statement, 5, acceptance->accepted_by);
    db_bind_text(statement, 6, acceptance->confirmed_by);
    db_bind_text(statement, 7, acceptance->why);
    return db_run(statement);
}

static enum status change_key(struct bureau_store *store, const char *kiosk,
                              const uint8_t key[JOURNAL_ROOT_KEY_BYTES],
                              const struct root_acceptance *acceptance)
{
    struct db_statement *known = bureau_statement(store, SQL_KIOSK_ROOT_KEY);
    struct db_statement *set = bureau_statement(store, SQL_KIOSK_SET_ROOT_KEY);
    size_t size;
    db_bind_text(known, 1, kiosk);
    enum status status = db_step(known);
    if (status != STATUS_OK)
        return status;
    const void *old_key = db_column_blob(known, 0, &size);
    if (size == JOURNAL_ROOT_KEY_BYTES && memcmp(old_key, key, size) == 0)
        status = STATUS_EXISTS;
    else
        status = record_change(store, kiosk, size ? old_key : "", size, key, acceptance);
    db_reset(known);
    if (status != STATUS_OK)
        return status;
    db_bind_text(set, 1, kiosk);
    db_bind_blob(set, 2, key, JOURNAL_ROOT_KEY_BYTES);
    return db_run(set);
}

enum status root_accept_key(struct bureau_store *store, const char *kiosk,
                            const uint8_t key[JOURNAL_ROOT_KEY_BYTES],
                            const struct root_acceptance *acceptance)
{
    if (!names_two_people(acceptance))
        return STATUS_INVALID;
    enum status status = bureau_store_begin(store);
    if (status != STATUS_OK)
        return status;
    return bureau_store_end(store, change_key(store, kiosk, key, acceptance));
}
