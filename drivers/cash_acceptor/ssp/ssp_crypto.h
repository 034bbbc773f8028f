/*
 * eSSP: the key agreement and the encrypted packet (manual GA138, "eSSP").
 *
 * The protocol authenticates nobody and its fixed key is public, so this guards against replay and
 * line errors, not against a thief at the cable; the cable is inside the locked case.
 *
 * Ownership: the session holds a key; ssp_crypto_wipe forgets it.
 */
#pragma once
#include "base/status.h"
#include "drivers/cash_acceptor/ssp/ssp_wire.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SSP_KEY_SIZE 16
#define SSP_FIXED_KEY UINT64_C(0x0123456701234567)
/* STEX, then length, count, data and CRC padded to whole blocks, all within one frame. */
#define SSP_SEALED_DATA_MAX 233

struct ssp_crypto {
    bool ready; /* a key is agreed */
    uint8_t key[SSP_KEY_SIZE];
    uint32_t count; /* of the next packet we send; the answer carries one more */
};

struct ssp_key_offer {
    uint64_t generator, modulus, host_inter, secret;
};

/* Random 64-bit primes and a random secret. STATUS_IO when the random source fails. */
NODISCARD enum status ssp_crypto_make_offer(struct ssp_key_offer *out);

/* base^exponent mod modulus. STATUS_IO when out of memory. */
NODISCARD enum status ssp_crypto_power(uint64_t base, uint64_t exponent, uint64_t modulus,
                                       uint64_t *out);

/* Sets the key from both halves and the packet count to zero. */
void ssp_crypto_set_key(struct ssp_crypto *crypto, uint64_t fixed, uint64_t negotiated);

/* Completes an offer with the device's answer. */
NODISCARD enum status ssp_crypto_agree(struct ssp_crypto *crypto, uint64_t fixed,
                                       const struct ssp_key_offer *offer, uint64_t slave_inter);

void ssp_crypto_wipe(struct ssp_crypto *crypto);

/* Seals data into frame data that begins with STEX. STATUS_INVALID if it does not fit. */
NODISCARD enum status ssp_crypto_seal(const struct ssp_crypto *crypto, const uint8_t *data,
                                      size_t size, struct ssp_frame *out);

/*
 * Opens frame data that begins with STEX. Replies must carry count + 1; a good reply moves the
 * count on, so that it cannot be played again.
 *
 * Returns: STATUS_OK, or STATUS_PROTOCOL for a wrong length, check or count.
 */
NODISCARD enum status ssp_crypto_open(struct ssp_crypto *crypto, const struct ssp_frame *frame,
                                      uint8_t *data_out, size_t *size_out);
