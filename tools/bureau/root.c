#include "tools/bureau/root.h"

#include <string.h>

#include "store/journal_root.h"

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
