#include "store/journal_hash.h"

#include "base/bytes.h"
#include <sodium.h>
#include <string.h>

static void add_text(crypto_hash_sha256_state *state, const char *text, size_t terminator)
{
    crypto_hash_sha256_update(state, (const unsigned char *)text, strlen(text) + terminator);
}

void journal_hash_entry(const uint8_t previous[JOURNAL_HASH_SIZE], int64_t seq, int64_t at_ms,
                        const char *txn, const char *kind, const char *body,
                        uint8_t out[JOURNAL_HASH_SIZE])
{
    uint8_t head[JOURNAL_HASH_SIZE + 16];
    struct bytes_writer writer;
    bytes_writer_init(&writer, head, sizeof head);
    bytes_write_all(&writer, previous, JOURNAL_HASH_SIZE);
    bytes_write_u64le(&writer, (uint64_t)seq);
    bytes_write_u64le(&writer, (uint64_t)at_ms);

    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, head, sizeof head);
    add_text(&state, txn, 1);
    add_text(&state, kind, 1);
    add_text(&state, body, 0);
    crypto_hash_sha256_final(&state, out);
}
