/*
 * The device's end of an SSP line: frames, the sequence bit, and eSSP encryption. Written from the
 * protocol alone; the kiosk's driver has its own.
 *
 * Threads: none of its own. No allocation.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SSP_DATA_SIZE_MAX 255
#define SSP_WIRE_SIZE_MAX (1 + 2 * (SSP_DATA_SIZE_MAX + 4))

/* Generic replies. */
enum ssp_reply {
    SSP_OK = 0xF0,
    SSP_UNKNOWN_COMMAND = 0xF2,
    SSP_WRONG_PARAMETER_COUNT = 0xF3,
    SSP_OUT_OF_RANGE = 0xF4,
    SSP_CANNOT_PROCESS = 0xF5,
    SSP_FAIL = 0xF8,
    SSP_KEY_NOT_SET = 0xFA,
};

struct ssp_request {
    uint8_t data[SSP_DATA_SIZE_MAX]; /* command first */
    size_t size;
    bool encrypted;
};

enum ssp_arrival {
    SSP_NOTHING, /* not yet, or dropped */
    SSP_EXECUTE, /* a new command */
    SSP_REPEAT,  /* the same sequence bit: send the last reply again */
    SSP_REFUSE,  /* encrypted without a key: reply FA */
};

struct ssp_link {
    uint8_t address;
    uint8_t packet[SSP_DATA_SIZE_MAX + 4]; /* from SEQ/ADDR on, unstuffed */
    size_t packet_size;
    bool in_packet, after_stx;
    int last_bit;     /* sequence bit of the last executed packet; -1: any is new */
    uint8_t head_seq; /* SEQ/ADDR byte to echo */

    uint8_t reply[SSP_WIRE_SIZE_MAX]; /* on the wire, kept for repetition */
    size_t reply_size;

    uint64_t fixed_key, generator, modulus, secret;
    bool keyed;
    uint8_t key[16];
    uint32_t count;
    int errors; /* frames the host got wrong */
};

void ssp_link_init(struct ssp_link *link, uint8_t address);
/* Power-up: no key, any sequence bit. */
void ssp_link_reset(struct ssp_link *link);

/* One byte from the host. request_out is filled on SSP_EXECUTE and SSP_REFUSE. */
enum ssp_arrival ssp_link_take(struct ssp_link *link, uint8_t byte,
                               struct ssp_request *request_out);

/* Composes the reply to a request into link->reply; encrypted if the request was. At most 233
 * bytes. */
void ssp_link_compose(struct ssp_link *link, bool encrypted, const uint8_t *data, size_t size);

/* Key exchange, each returning a generic reply. 4C also yields the device's own inter-key. */
enum ssp_reply ssp_link_set_generator(struct ssp_link *link, uint64_t value);
enum ssp_reply ssp_link_set_modulus(struct ssp_link *link, uint64_t value);
enum ssp_reply ssp_link_exchange(struct ssp_link *link, uint64_t host_inter_key,
                                 uint64_t *device_inter_key_out);

/* CRC-16, polynomial 8005, seed FFFF, most significant bit first. */
uint16_t ssp_link_crc(const uint8_t *data, size_t size);
uint64_t ssp_power_mod(uint64_t base, uint64_t exponent, uint64_t modulus);
bool ssp_is_prime(uint64_t value);
