#include "store/statement.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/money.h"
#include "base/text.h"
#include <assert.h>
#include <sodium.h>
#include <string.h>

#define VERSION 1
#define SIGNED_PREFIX "guichet voucher 1\n"
#define SIGNED_PREFIX_SIZE (sizeof SIGNED_PREFIX - 1)
#define NIBBLE_BYTES ((VOUCHER_DIGITS + 1) / 2)
#define CONTENT_SIZE_MAX                                                                           \
    (1 + NIBBLE_BYTES + 5 + 4 + 4 + STATEMENT_HASH_SIZE + STATEMENT_KEY_ID_SIZE + 1 +              \
     STATEMENT_NUMBER_SIZE - 1)
#define PACKED_SIZE_MAX (CONTENT_SIZE_MAX + JOURNAL_ROOT_SIGNATURE_BYTES)
#define BASE32_LENGTH(size) (((size)*8 + 4) / 5)

static_assert(sizeof STATEMENT_PREFIX + BASE32_LENGTH(PACKED_SIZE_MAX) <= STATEMENT_TEXT_SIZE,
              "the longest statement has room");

static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char NUMBER_LETTERS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";

/* ---- bytes ---- */

static void write_voucher(struct bytes_writer *writer, const char *voucher)
{
    for (int i = 0; i < NIBBLE_BYTES; i++) {
        int high = voucher[2 * i] - '0';
        int low = 2 * i + 1 < VOUCHER_DIGITS ? voucher[2 * i + 1] - '0' : 0;
        bytes_write_u8(writer, (uint8_t)(high << 4 | low));
    }
}

static size_t write_content(const struct statement *statement, uint8_t out[PACKED_SIZE_MAX])
{
    struct bytes_writer writer;
    size_t length = strlen(statement->number_masked);
    bytes_writer_init(&writer, out, PACKED_SIZE_MAX);
    bytes_write_u8(&writer, VERSION);
    write_voucher(&writer, statement->voucher);
    bytes_write_u8(&writer, (uint8_t)(statement->paid_fen >> 32));
    bytes_write_u32be(&writer, (uint32_t)statement->paid_fen);
    bytes_write_u32be(&writer, (uint32_t)statement->at_s);
    bytes_write_u32be(&writer, (uint32_t)statement->seq);
    bytes_write_all(&writer, statement->hash, STATEMENT_HASH_SIZE);
    bytes_write_all(&writer, statement->key_id, STATEMENT_KEY_ID_SIZE);
    bytes_write_u8(&writer, (uint8_t)length);
    bytes_write_all(&writer, statement->number_masked, length);
    CHECK(!writer.bad);
    return writer.offset;
}

static bool read_voucher(struct bytes_reader *reader, char out[VOUCHER_SIZE])
{
    const uint8_t *nibbles = bytes_read_view(reader, NIBBLE_BYTES);
    if (!nibbles || (nibbles[NIBBLE_BYTES - 1] & 0x0F) != 0)
        return false;
    for (int i = 0; i < VOUCHER_DIGITS; i++)
        out[i] = (char)('0' + (i % 2 == 0 ? nibbles[i / 2] >> 4 : nibbles[i / 2] & 0x0F));
    out[VOUCHER_DIGITS] = '\0';
    return voucher_is_valid(out);
}

static bool read_number(struct bytes_reader *reader, char out[STATEMENT_NUMBER_SIZE])
{
    size_t length = bytes_read_u8(reader);
    const uint8_t *letters =
        length < STATEMENT_NUMBER_SIZE ? bytes_read_view(reader, length) : NULL;
    if (!letters)
        return false;
    memcpy(out, letters, length);
    out[length] = '\0';
    return strspn(out, NUMBER_LETTERS) == length;
}

static bool read_bytes(struct bytes_reader *reader, uint8_t *out, size_t size)
{
    const uint8_t *bytes = bytes_read_view(reader, size);
    if (bytes)
        memcpy(out, bytes, size);
    return bytes != NULL;
}

static bool read_packed(const uint8_t *data, size_t size, struct statement *out)
{
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    if (bytes_read_u8(&reader) != VERSION || !read_voucher(&reader, out->voucher))
        return false;
    out->paid_fen = (int64_t)bytes_read_u8(&reader) << 32;
    out->paid_fen |= bytes_read_u32be(&reader);
    out->at_s = bytes_read_u32be(&reader);
    out->seq = bytes_read_u32be(&reader);
    return read_bytes(&reader, out->hash, sizeof out->hash) &&
           read_bytes(&reader, out->key_id, sizeof out->key_id) &&
           read_number(&reader, out->number_masked) &&
           read_bytes(&reader, out->signature, sizeof out->signature) && bytes_left(&reader) == 0 &&
           out->paid_fen <= MONEY_FEN_MAX;
}

/* ---- text ---- */

static void encode_base32(const uint8_t *data, size_t size, char *out)
{
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < size; i++) {
        bits = (bits << 8 | data[i]) & 0xFFFF;
        for (held += 8; held >= 5; held -= 5)
            *out++ = BASE32[bits >> (held - 5) & 31];
    }
    if (held > 0)
        *out++ = BASE32[bits << (5 - held) & 31];
    *out = '\0';
}

/* False unless text is what encode_base32 makes of the bytes it gives. */
static bool decode_base32(const char *text, uint8_t out[PACKED_SIZE_MAX], size_t *size_out)
{
    uint32_t bits = 0;
    int held = 0;
    size_t size = 0;
    for (; *text != '\0'; text++) {
        const char *letter = strchr(BASE32, *text);
        if (!letter)
            return false;
        bits = (bits << 5 | (uint32_t)(letter - BASE32)) & 0xFFFF;
        held += 5;
        if (held < 8)
            continue;
        if (size == PACKED_SIZE_MAX)
            return false;
        held -= 8;
        out[size++] = (uint8_t)(bits >> held);
    }
    *size_out = size;
    return held < 5 && (bits & ((1U << held) - 1)) == 0;
}

void statement_format(const struct statement *statement, char out[STATEMENT_TEXT_SIZE])
{
    uint8_t packed[PACKED_SIZE_MAX];
    size_t size = write_content(statement, packed);
    memcpy(packed + size, statement->signature, sizeof statement->signature);
    memcpy(out, STATEMENT_PREFIX, sizeof STATEMENT_PREFIX - 1);
    encode_base32(packed, size + sizeof statement->signature, out + sizeof STATEMENT_PREFIX - 1);
}

enum status statement_parse(const char *text, struct statement *out)
{
    uint8_t packed[PACKED_SIZE_MAX];
    size_t size;
    *out = (struct statement){ 0 };
    if (strnlen(text, STATEMENT_INPUT_MAX + 1) > STATEMENT_INPUT_MAX)
        return STATUS_INVALID;
    const char *slash = strrchr(text, '/');
    if (slash)
        text = slash + 1;
    if (strncmp(text, STATEMENT_PREFIX, sizeof STATEMENT_PREFIX - 1) != 0 ||
        !decode_base32(text + sizeof STATEMENT_PREFIX - 1, packed, &size) ||
        !read_packed(packed, size, out)) {
        *out = (struct statement){ 0 };
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* ---- signature ---- */

static size_t compose(const struct statement *statement,
                      uint8_t out[SIGNED_PREFIX_SIZE + PACKED_SIZE_MAX])
{
    memcpy(out, SIGNED_PREFIX, SIGNED_PREFIX_SIZE);
    return SIGNED_PREFIX_SIZE + write_content(statement, out + SIGNED_PREFIX_SIZE);
}

static void make_key_id(const uint8_t public_key[JOURNAL_ROOT_KEY_BYTES],
                        uint8_t out[STATEMENT_KEY_ID_SIZE])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, public_key, JOURNAL_ROOT_KEY_BYTES);
    memcpy(out, hash, STATEMENT_KEY_ID_SIZE);
}

static bool is_in_range(const struct statement *statement)
{
    const char *number = statement->number_masked;
    return voucher_is_valid(statement->voucher) && statement->paid_fen >= 0 &&
           statement->paid_fen <= MONEY_FEN_MAX && statement->at_s >= 0 &&
           statement->at_s <= UINT32_MAX && statement->seq >= 0 && statement->seq <= UINT32_MAX &&
           strspn(number, NUMBER_LETTERS) == strlen(number);
}

enum status statement_sign(struct statement *statement, const struct journal_root_key *key)
{
    uint8_t text[SIGNED_PREFIX_SIZE + PACKED_SIZE_MAX];
    if (!is_in_range(statement))
        return STATUS_INVALID;
    make_key_id(key->public_key, statement->key_id);
    size_t size = compose(statement, text);
    CHECK(crypto_sign_detached(statement->signature, NULL, text, size, key->secret_key) == 0);
    return STATUS_OK;
}

bool statement_is_signed(const struct statement *statement,
                         const uint8_t public_key[JOURNAL_ROOT_KEY_BYTES])
{
    uint8_t text[SIGNED_PREFIX_SIZE + PACKED_SIZE_MAX];
    size_t size = compose(statement, text);
    return statement_names_key(statement, public_key) &&
           crypto_sign_verify_detached(statement->signature, text, size, public_key) == 0;
}

bool statement_names_key(const struct statement *statement,
                         const uint8_t public_key[JOURNAL_ROOT_KEY_BYTES])
{
    uint8_t key_id[STATEMENT_KEY_ID_SIZE];
    make_key_id(public_key, key_id);
    return memcmp(key_id, statement->key_id, sizeof key_id) == 0;
}
