#include "unit/simulator/acceptor_host.h"
#include "base/bytes.h"
#include <openssl/evp.h>
#include <string.h>

struct acceptor_host host;

void host_wait_ms(int ms)
{
    for (int i = 0; i < ms; i += 5) {
        clock_fake_advance(&host.clock, 5);
        host.usb->ops->advance(host.usb);
    }
}

int host_set_up(void **state)
{
    (void)state;
    memset(&host, 0, sizeof host);
    clock_fake_init(&host.clock, 0);
    model_acceptor_init(&host.acceptor, &host.clock.clock, 100);
    host.usb = &host.acceptor.usb;
    host_wait_ms(1600);
    return 0;
}

static void run_aes(bool encrypt, uint8_t *data, size_t size)
{
    int count;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    EVP_CipherInit_ex(context, EVP_aes_128_ecb(), NULL, host.key, NULL, encrypt);
    EVP_CIPHER_CTX_set_padding(context, 0);
    EVP_CipherUpdate(context, data, &count, data, (int)size);
    EVP_CIPHER_CTX_free(context);
}

void host_resend(void)
{
    host.usb->ops->bulk_out(host.usb, 0x02, host.sent, host.sent_size);
}

static void send_packet(const uint8_t *data, size_t size)
{
    uint8_t packet[300];
    packet[0] = host.bit;
    packet[1] = (uint8_t)size;
    memcpy(packet + 2, data, size);
    uint16_t crc = ssp_link_crc(packet, size + 2);
    packet[size + 2] = (uint8_t)crc;
    packet[size + 3] = (uint8_t)(crc >> 8);
    host.sent[0] = 0x7F;
    host.sent_size = 1;
    for (size_t i = 0; i < size + 4; i++) {
        host.sent[host.sent_size++] = packet[i];
        if (packet[i] == 0x7F)
            host.sent[host.sent_size++] = 0x7F;
    }
    host_resend();
    host.bit ^= 0x80;
}

void host_send_encrypted(const uint8_t *data, size_t size)
{
    uint8_t packet[17] = { 0x7E, (uint8_t)size };
    assert_true(size <= 9);
    for (int i = 0; i < 4; i++)
        packet[2 + i] = (uint8_t)(host.count >> (8 * i));
    memcpy(packet + 6, data, size);
    uint16_t crc = ssp_link_crc(packet + 1, 14);
    packet[15] = (uint8_t)crc;
    packet[16] = (uint8_t)(crc >> 8);
    run_aes(true, packet + 1, 16);
    send_packet(packet, 17);
}

static void decrypt_reply(void)
{
    run_aes(false, host.data + 1, (size_t)host.size - 1);
    host.count++;
    uint32_t count = 0;
    for (int i = 3; i >= 0; i--)
        count = count << 8 | host.data[2 + i];
    assert_int_equal(count, host.count);
    host.size = host.data[1];
    memmove(host.data, host.data + 6, (size_t)host.size);
}

/* Waits for one reply; size -1 if none comes within a second. */
int host_receive(void)
{
    uint8_t wire[600], packet[300];
    int got = USB_NAK;
    for (int i = 0; i < 200 && got == USB_NAK; i++) {
        host_wait_ms(5);
        got = host.usb->ops->bulk_in(host.usb, 0x81, wire, 512);
    }
    host.size = -1;
    if (got < 0)
        return -1;
    int size = 0;
    for (int i = 1; i < got; i++) {
        packet[size++] = wire[i];
        if (wire[i] == 0x7F && i + 1 < got)
            i++;
    }
    if (wire[0] != 0x7F || size < 5 ||
        ssp_link_crc(packet, (size_t)size - 2) != (packet[size - 2] | packet[size - 1] << 8))
        return -1;
    host.size = packet[1];
    memcpy(host.data, packet + 2, packet[1]);
    if (host.data[0] == 0x7E)
        decrypt_reply();
    return host.data[0];
}

int host_ask(uint8_t command)
{
    send_packet(&command, 1);
    return host_receive();
}

int host_ask_with(uint8_t command, uint8_t parameter)
{
    send_packet((const uint8_t[]){ command, parameter }, 2);
    return host_receive();
}

int host_ask_secretly(uint8_t command)
{
    host_send_encrypted(&command, 1);
    return host_receive();
}

void host_synchronise(void)
{
    host.bit = 0x80;
    assert_int_equal(host_ask(0x11), 0xF0);
}

int host_ask_u64(uint8_t command, uint64_t value)
{
    uint8_t data[9] = { command };
    for (int i = 0; i < 8; i++)
        data[1 + i] = (uint8_t)(value >> (8 * i));
    send_packet(data, 9);
    return host_receive();
}

static uint64_t reply_u64(void)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | host.data[1 + i];
    return value;
}

#define MODULUS UINT64_C(2147483647)

void host_agree_on_a_key(void)
{
    uint64_t generator = UINT64_C(4294967291), secret = 123456789;
    assert_int_equal(host_ask_u64(0x4A, generator), 0xF0);
    assert_int_equal(host_ask_u64(0x4B, MODULUS), 0xF0);
    assert_int_equal(host_ask_u64(0x4C, ssp_power_mod(generator, secret, MODULUS)), 0xF0);
    uint64_t key = ssp_power_mod(reply_u64(), secret, MODULUS);
    static const uint8_t FIXED[8] = { 0x67, 0x45, 0x23, 0x01, 0x67, 0x45, 0x23, 0x01 };
    memcpy(host.key, FIXED, 8);
    for (int i = 0; i < 8; i++)
        host.key[8 + i] = (uint8_t)(key >> (8 * i));
    host.count = 0;
}

void host_bring_up(void)
{
    host_synchronise();
    host_agree_on_a_key();
    assert_int_equal(host_ask_with(0x06, 8), 0xF0);
    assert_int_equal(host_ask_with(0x02, 0x1F), 0xF0);
    assert_int_equal(host_ask_secretly(0x56), 0xF0);
    assert_int_equal(host_ask(0x0A), 0xF0);
}

void host_expect_data(const char *hex)
{
    char got[511];
    bytes_to_hex(host.data, (size_t)host.size, got);
    assert_string_equal(got, hex);
}

void host_expect_poll(const char *hex)
{
    assert_int_equal(host_ask_secretly(0x56), 0xF0);
    host_expect_data(hex);
}

struct note *host_feed_to_escrow(int value_yuan)
{
    struct note *note = model_acceptor_feed(&host.acceptor, value_yuan, false);
    host_wait_ms(900);
    assert_int_equal(note->place, NOTE_ESCROW);
    return note;
}
