#include "drivers/cash_acceptor/ssp/ssp_crypto.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/bytes.h"

#define BLOCK_SIZE 16
#define SEALED_OVERHEAD (1 + 4 + 2) /* length, count, CRC */

/* ---- key agreement ---- */

static uint64_t number_of(const BIGNUM *number)
{
    uint8_t bytes[8] = { 0 };
    if (BN_bn2lebinpad(number, bytes, sizeof bytes) < 0)
        return 0;
    struct bytes_reader reader;
    bytes_reader_init(&reader, bytes, sizeof bytes);
    return bytes_read_u64le(&reader);
}

static BIGNUM *bignum_of(uint64_t number)
{
    uint8_t bytes[8];
    struct bytes_writer writer;
    bytes_writer_init(&writer, bytes, sizeof bytes);
    bytes_write_u64le(&writer, number);
    return BN_lebin2bn(bytes, sizeof bytes, NULL);
}

enum status ssp_crypto_power(uint64_t base, uint64_t exponent, uint64_t modulus, uint64_t *out)
{
    enum status status = STATUS_IO;
    BN_CTX *context = BN_CTX_new();
    BIGNUM *b = bignum_of(base), *e = bignum_of(exponent), *m = bignum_of(modulus);
    BIGNUM *result = BN_new();
    if (context != NULL && b != NULL && e != NULL && m != NULL && result != NULL &&
        BN_mod_exp(result, b, e, m, context) == 1) {
        *out = number_of(result);
        status = STATUS_OK;
    }
    BN_clear_free(result);
    BN_clear_free(m);
    BN_clear_free(e);
    BN_clear_free(b);
    BN_CTX_free(context);
    return status;
}

static enum status random_prime(uint64_t *out)
{
    BIGNUM *prime = BN_new();
    bool made = prime != NULL && BN_generate_prime_ex(prime, 64, 0, NULL, NULL, NULL) == 1;
    if (made)
        *out = number_of(prime);
    BN_clear_free(prime);
    return made ? STATUS_OK : STATUS_IO;
}

enum status ssp_crypto_make_offer(struct ssp_key_offer *out)
{
    enum status status = random_prime(&out->generator);
    if (status == STATUS_OK)
        status = random_prime(&out->modulus);
    if (status != STATUS_OK)
        return status;
    if (out->generator == out->modulus)
        return STATUS_IO;
    /* Manual and vendor library both want the larger prime as generator. */
    if (out->generator < out->modulus) {
        uint64_t smaller = out->generator;
        out->generator = out->modulus;
        out->modulus = smaller;
    }
    if (RAND_bytes((unsigned char *)&out->secret, sizeof out->secret) != 1)
        return STATUS_IO;
    return ssp_crypto_power(out->generator, out->secret, out->modulus, &out->host_inter);
}

void ssp_crypto_set_key(struct ssp_crypto *crypto, uint64_t fixed, uint64_t negotiated)
{
    struct bytes_writer writer;
    bytes_writer_init(&writer, crypto->key, sizeof crypto->key);
    bytes_write_u64le(&writer, fixed);
    bytes_write_u64le(&writer, negotiated);
    crypto->count = 0;
    crypto->ready = true;
}

enum status ssp_crypto_agree(struct ssp_crypto *crypto, uint64_t fixed,
                             const struct ssp_key_offer *offer, uint64_t slave_inter)
{
    uint64_t negotiated = 0;
    enum status status = ssp_crypto_power(slave_inter, offer->secret, offer->modulus, &negotiated);
    if (status == STATUS_OK)
        ssp_crypto_set_key(crypto, fixed, negotiated);
    return status;
}

void ssp_crypto_wipe(struct ssp_crypto *crypto)
{
    bytes_wipe(crypto, sizeof *crypto);
}

/* ---- packets ---- */

static bool run_cipher(const struct ssp_crypto *crypto, bool encrypt, const uint8_t *in,
                       size_t size, uint8_t *out)
{
    int length = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool done =
        context != NULL &&
        EVP_CipherInit_ex(context, EVP_aes_128_ecb(), NULL, crypto->key, NULL, encrypt) == 1 &&
        EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
        EVP_CipherUpdate(context, out, &length, in, (int)size) == 1 && length == (int)size;
    EVP_CIPHER_CTX_free(context);
    return done;
}

enum status ssp_crypto_seal(const struct ssp_crypto *crypto, const uint8_t *data, size_t size,
                            struct ssp_frame *out)
{
    uint8_t plain[SSP_DATA_MAX] = { 0 };
    if (size > SSP_SEALED_DATA_MAX || !crypto->ready)
        return STATUS_INVALID;
    size_t total = (size + SEALED_OVERHEAD + BLOCK_SIZE - 1) / BLOCK_SIZE * BLOCK_SIZE;
    struct bytes_writer writer;
    bytes_writer_init(&writer, plain, total);
    bytes_write_u8(&writer, (uint8_t)size);
    bytes_write_u32le(&writer, crypto->count);
    bytes_write_all(&writer, data, size);
    if (RAND_bytes(plain + writer.offset, (int)(total - 2 - writer.offset)) != 1)
        return STATUS_IO;
    uint16_t crc = ssp_crc(plain, total - 2);
    plain[total - 2] = (uint8_t)crc;
    plain[total - 1] = (uint8_t)(crc >> 8);
    out->data[0] = SSP_STEX;
    out->size = (uint8_t)(total + 1);
    return run_cipher(crypto, true, plain, total, out->data + 1) ? STATUS_OK : STATUS_IO;
}

enum status ssp_crypto_open(struct ssp_crypto *crypto, const struct ssp_frame *frame,
                            uint8_t *data_out, size_t *size_out)
{
    uint8_t plain[SSP_DATA_MAX];
    size_t total = frame->size > 0 ? frame->size - 1u : 0;
    if (!crypto->ready || total == 0 || total % BLOCK_SIZE != 0 || frame->data[0] != SSP_STEX ||
        !run_cipher(crypto, false, frame->data + 1, total, plain))
        return STATUS_PROTOCOL;
    struct bytes_reader reader;
    bytes_reader_init(&reader, plain, total - 2);
    size_t size = bytes_read_u8(&reader);
    uint32_t count = bytes_read_u32le(&reader);
    const uint8_t *data = bytes_read_view(&reader, size);
    uint16_t crc = (uint16_t)(plain[total - 2] | plain[total - 1] << 8);
    if (reader.bad || crc != ssp_crc(plain, total - 2) || count != crypto->count + 1)
        return STATUS_PROTOCOL;
    memcpy(data_out, data, size);
    *size_out = size;
    crypto->count = count;
    return STATUS_OK;
}
