#include "store/seal.h"

#include "base/bytes.h"
#include "base/check.h"
#include "store/key_file.h"
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

enum status seal_open(struct seal *seal, const char *bureau_public_path,
                      const char *person_key_path)
{
    CHECK(sodium_init() >= 0);
    memset(seal, 0, sizeof *seal);
    enum status status =
        key_file_read(bureau_public_path, "bureau.pub", S_IWGRP | S_IWOTH, seal->bureau_public_key);
    if (status == STATUS_NOT_FOUND)
        return key_file_refuse("bureau.pub", status);
    if (status != STATUS_OK)
        return status;
    status = key_file_read(person_key_path, "person.key", S_IRWXG | S_IRWXO, seal->person_key);
    if (status == STATUS_NOT_FOUND)
        status = key_file_create(person_key_path, "person.key", seal->person_key);
    return status;
}

void seal_close(struct seal *seal)
{
    bytes_wipe(seal, sizeof *seal);
}

enum status seal_text(const struct seal *seal, const void *plain, size_t size, char *out,
                      size_t out_size)
{
    unsigned char box[SEAL_PLAIN_SIZE_MAX + crypto_box_SEALBYTES];
    size_t box_size = size + crypto_box_SEALBYTES;
    if (size > SEAL_PLAIN_SIZE_MAX)
        return STATUS_INVALID;
    if (sodium_base64_ENCODED_LEN(box_size, sodium_base64_VARIANT_ORIGINAL) > out_size)
        return STATUS_FULL;
    /* Fails only for a public key of low order. */
    if (crypto_box_seal(box, plain, size, seal->bureau_public_key) != 0)
        return key_file_refuse("bureau.pub", STATUS_INVALID);
    sodium_bin2base64(out, out_size, box, box_size, sodium_base64_VARIANT_ORIGINAL);
    return STATUS_OK;
}

void seal_person_hash(const struct seal *seal, const char *id_number,
                      char out[SEAL_PERSON_HASH_SIZE])
{
    uint8_t hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, seal->person_key, KEY_FILE_BYTES);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)id_number, strlen(id_number));
    crypto_auth_hmacsha256_final(&state, hash);
    bytes_to_hex(hash, sizeof hash, out);
    bytes_wipe(&state, sizeof state);
}
