#include "tools/simulator/ssp_link.h"
#include "base/bytes.h"
#include "base/check.h"
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

enum {
    STX = 0x7F,
    STEX = 0x7E,
    SEQUENCE_BIT = 0x80,
    COMMAND_SYNC = 0x11
};
/* Inside an encrypted packet: eLEN, eCOUNT, data, padding, CRC. */
enum {
    ESSP_HEAD_SIZE = 5,
    ESSP_CRC_SIZE = 2,
    AES_BLOCK = 16
};

#define FIXED_KEY_DEFAULT UINT64_C(0x0123456701234567)

uint16_t ssp_link_crc(const uint8_t *data, size_t size)
{
    uint16_t crc = 0xFFFF;
    for (size_t i = 0; i < size; i++) {
        crc = (uint16_t)(crc ^ data[i] << 8);
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)((crc & 0x8000) != 0 ? crc << 1 ^ 0x8005 : crc << 1);
    }
    return crc;
}

/* Keys */

static uint64_t multiply_mod(uint64_t a, uint64_t b, uint64_t modulus)
{
    return (uint64_t)((unsigned __int128)a * b % modulus);
}

uint64_t ssp_power_mod(uint64_t base, uint64_t exponent, uint64_t modulus)
{
    uint64_t result = 1 % modulus;
    for (base %= modulus; exponent > 0; exponent >>= 1) {
        if ((exponent & 1) != 0)
            result = multiply_mod(result, base, modulus);
        base = multiply_mod(base, base, modulus);
    }
    return result;
}

static bool is_witness(uint64_t base, uint64_t odd, int twos, uint64_t value)
{
    uint64_t x = ssp_power_mod(base, odd, value);
    if (x == 1 || x == value - 1)
        return false;
    for (int i = 1; i < twos; i++) {
        x = multiply_mod(x, x, value);
        if (x == value - 1)
            return false;
    }
    return true;
}

/* Miller-Rabin; the first twelve primes as bases decide every 64-bit number. */
bool ssp_is_prime(uint64_t value)
{
    static const uint64_t BASES[] = { 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37 };
    if (value < 2)
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(BASES); i++) {
        if (value % BASES[i] == 0)
            return value == BASES[i];
    }
    uint64_t odd = value - 1;
    int twos = 0;
    for (; (odd & 1) == 0; odd >>= 1)
        twos++;
    for (size_t i = 0; i < ARRAY_SIZE(BASES); i++) {
        if (is_witness(BASES[i], odd, twos, value))
            return false;
    }
    return true;
}

enum ssp_reply ssp_link_set_generator(struct ssp_link *link, uint64_t value)
{
    if (!ssp_is_prime(value))
        return SSP_OUT_OF_RANGE;
    link->generator = value;
    return SSP_OK;
}

enum ssp_reply ssp_link_set_modulus(struct ssp_link *link, uint64_t value)
{
    if (!ssp_is_prime(value))
        return SSP_OUT_OF_RANGE;
    link->modulus = value;
    return SSP_OK;
}

enum ssp_reply ssp_link_exchange(struct ssp_link *link, uint64_t host_inter_key,
                                 uint64_t *device_inter_key_out)
{
    if (link->generator == 0 || link->modulus == 0)
        return SSP_CANNOT_PROCESS;
    while (link->secret == 0)
        CHECK(RAND_bytes((unsigned char *)&link->secret, sizeof link->secret) == 1);
    *device_inter_key_out = ssp_power_mod(link->generator, link->secret, link->modulus);
    struct bytes_writer writer;
    bytes_writer_init(&writer, link->key, sizeof link->key);
    bytes_write_u64le(&writer, link->fixed_key);
    bytes_write_u64le(&writer, ssp_power_mod(host_inter_key, link->secret, link->modulus));
    link->secret = 0;
    link->keyed = true;
    link->count = 0;
    return SSP_OK;
}

static void run_aes(const struct ssp_link *link, bool encrypt, const uint8_t *in, uint8_t *out,
                    size_t size)
{
    int count = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    CHECK(context != NULL);
    CHECK(EVP_CipherInit_ex(context, EVP_aes_128_ecb(), NULL, link->key, NULL, encrypt) == 1);
    EVP_CIPHER_CTX_set_padding(context, 0);
    CHECK(EVP_CipherUpdate(context, out, &count, in, (int)size) == 1 && count == (int)size);
    EVP_CIPHER_CTX_free(context);
}

/* False: the packet is dropped without a word, as the manual says. */
static bool decrypt(struct ssp_link *link, struct ssp_request *request)
{
    uint8_t plain[SSP_DATA_SIZE_MAX];
    size_t size = request->size - 1;
    if (size == 0 || size % AES_BLOCK != 0)
        return false;
    run_aes(link, false, request->data + 1, plain, size);
    struct bytes_reader reader;
    bytes_reader_init(&reader, plain, size);
    size_t length = bytes_read_u8(&reader);
    uint32_t count = bytes_read_u32le(&reader);
    uint16_t crc = (uint16_t)(plain[size - 2] | plain[size - 1] << 8);
    if (crc != ssp_link_crc(plain, size - ESSP_CRC_SIZE) || count != link->count || length == 0 ||
        length > size - ESSP_HEAD_SIZE - ESSP_CRC_SIZE)
        return false;
    memcpy(request->data, plain + ESSP_HEAD_SIZE, length);
    request->size = length;
    request->encrypted = true;
    link->count++;
    return true;
}

static size_t encrypt(const struct ssp_link *link, const uint8_t *data, size_t size, uint8_t *out)
{
    uint8_t plain[SSP_DATA_SIZE_MAX];
    size_t total = ESSP_HEAD_SIZE + size + ESSP_CRC_SIZE;
    total = (total + AES_BLOCK - 1) / AES_BLOCK * AES_BLOCK;
    CHECK(total < sizeof plain);
    CHECK(RAND_bytes(plain, (int)total) == 1);
    struct bytes_writer writer;
    bytes_writer_init(&writer, plain, total);
    bytes_write_u8(&writer, (uint8_t)size);
    bytes_write_u32le(&writer, link->count);
    bytes_write_all(&writer, data, size);
    writer.offset = total - ESSP_CRC_SIZE;
    bytes_write_u16le(&writer, ssp_link_crc(plain, writer.offset));
    out[0] = STEX;
    run_aes(link, true, plain, out + 1, total);
    return 1 + total;
}

/* Line */

void ssp_link_init(struct ssp_link *link, uint8_t address)
{
    *link = (struct ssp_link){ .address = address, .last_bit = -1, .fixed_key = FIXED_KEY_DEFAULT };
}

void ssp_link_reset(struct ssp_link *link)
{
    int errors = link->errors;
    ssp_link_init(link, link->address);
    link->errors = errors;
}

/* A whole packet with a good CRC for our address. */
static enum ssp_arrival judge(struct ssp_link *link, struct ssp_request *request)
{
    int bit = (link->packet[0] & SEQUENCE_BIT) != 0;
    request->size = link->packet[1];
    request->encrypted = false;
    memcpy(request->data, link->packet + 2, request->size);
    bool sync = request->size == 1 && request->data[0] == COMMAND_SYNC;
    if (!sync && bit == link->last_bit)
        return SSP_REPEAT;
    enum ssp_arrival arrival = SSP_EXECUTE;
    if (request->data[0] == STEX && !link->keyed) {
        arrival = SSP_REFUSE;
    } else if (request->data[0] == STEX && !decrypt(link, request)) {
        link->errors++;
        return SSP_NOTHING;
    }
    /* Hosts send SYNC with either bit; the packet after it carries the other one. */
    link->last_bit = bit;
    link->head_seq = link->packet[0];
    return arrival;
}

static enum ssp_arrival end_packet(struct ssp_link *link, struct ssp_request *request)
{
    link->in_packet = false;
    size_t body = link->packet_size - 2;
    uint16_t crc = (uint16_t)(link->packet[body] | link->packet[body + 1] << 8);
    if ((link->packet[0] & ~SEQUENCE_BIT & 0xFF) != link->address)
        return SSP_NOTHING;
    if (crc != ssp_link_crc(link->packet, body) || link->packet[1] == 0) {
        link->errors++;
        return SSP_NOTHING;
    }
    return judge(link, request);
}

static enum ssp_arrival take_data(struct ssp_link *link, uint8_t byte, struct ssp_request *request)
{
    if (!link->in_packet) {
        link->errors++;
        return SSP_NOTHING;
    }
    link->packet[link->packet_size++] = byte;
    if (link->packet_size >= 2 && link->packet_size == (size_t)link->packet[1] + 4)
        return end_packet(link, request);
    return SSP_NOTHING;
}

static void begin_packet(struct ssp_link *link)
{
    link->in_packet = true;
    link->packet_size = 0;
}

enum ssp_arrival ssp_link_take(struct ssp_link *link, uint8_t byte, struct ssp_request *request)
{
    bool stuffing = link->after_stx;
    link->after_stx = false;
    if (stuffing && byte == STX)
        return take_data(link, STX, request);
    if (stuffing)
        begin_packet(link); /* a single STX restarts reception wherever it stands */
    if (byte == STX) {
        link->after_stx = true;
        return SSP_NOTHING;
    }
    return take_data(link, byte, request);
}

static void put_stuffed(struct ssp_link *link, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        link->reply[link->reply_size++] = data[i];
        if (data[i] == STX)
            link->reply[link->reply_size++] = STX;
    }
}

void ssp_link_compose(struct ssp_link *link, bool encrypted, const uint8_t *data, size_t size)
{
    uint8_t packet[SSP_DATA_SIZE_MAX + 4];
    packet[0] = link->head_seq;
    if (encrypted) {
        size = encrypt(link, data, size, packet + 2);
    } else {
        CHECK(size <= SSP_DATA_SIZE_MAX);
        memcpy(packet + 2, data, size);
    }
    packet[1] = (uint8_t)size;
    uint16_t crc = ssp_link_crc(packet, size + 2);
    packet[size + 2] = (uint8_t)crc;
    packet[size + 3] = (uint8_t)(crc >> 8);
    link->reply[0] = STX;
    link->reply_size = 1;
    put_stuffed(link, packet, size + 4);
}
