/* The acceptor through the real libusb: CDC requests, start-up events, a note to the box. */
#include "unit/simulator/sim_client.h"
#include <time.h>

static libusb_device_handle *handle;

/* One frame out, one frame back; both given and checked as bytes. */
static void exchange(const uint8_t *frame, int size, uint8_t *reply, int *reply_size)
{
    int count = 0;
    uint8_t bytes[64];
    memcpy(bytes, frame, (size_t)size);
    EXPECT(libusb_bulk_transfer(handle, 0x02, bytes, size, &count, 1000) == 0 && count == size);
    EXPECT(libusb_bulk_transfer(handle, 0x81, reply, 512, reply_size, 2000) == 0);
}

static void expect(const uint8_t *frame, int size, const uint8_t *expected, int expected_size)
{
    uint8_t reply[512];
    int reply_size = 0;
    exchange(frame, size, reply, &reply_size);
    EXPECT(reply_size == expected_size && memcmp(reply, expected, (size_t)expected_size) == 0);
}

int main(void)
{
    static const uint8_t SYNC[] = { 0x7F, 0x80, 0x01, 0x11, 0x65, 0x82 };
    static const uint8_t SYNC_OK[] = { 0x7F, 0x80, 0x01, 0xF0, 0x23, 0x80 };
    libusb_context *context;
    EXPECT(libusb_init(&context) == 0);
    handle = sim_open(context, 0x191C, 0x4104);
    EXPECT(handle != NULL);
    libusb_set_auto_detach_kernel_driver(handle, 1);
    EXPECT(libusb_claim_interface(handle, 0) == 0);
    EXPECT(libusb_claim_interface(handle, 1) == 0);
    uint8_t coding[7] = { 0x80, 0x25, 0, 0, 2, 0, 8 };
    EXPECT(libusb_control_transfer(handle, 0x21, 0x20, 0, 0, coding, 7, 1000) == 7);
    EXPECT(libusb_control_transfer(handle, 0x21, 0x22, 3, 0, NULL, 0, 1000) == 0);
    /* Silent until it has started. */
    while (strstr(sim_command("state"), "\"started\":true") == NULL)
        nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
    expect(SYNC, sizeof SYNC, SYNC_OK, sizeof SYNC_OK);

    unsigned char name[64];
    EXPECT(libusb_get_string_descriptor_ascii(handle, 2, name, sizeof name) == 5);
    EXPECT(memcmp(name, "NV200", 5) == 0);

    sim_command("note 100");
    EXPECT(strstr(sim_command("notes"), "\"mouth\":{\"fen\":10000") != NULL);
    sim_command("take-back");
    EXPECT(strstr(sim_command("notes"), "\"returned\":{\"fen\":10000") != NULL);
    EXPECT(strstr(sim_command("state"), "\"protocol_errors\":1") == NULL);
    libusb_close(handle);
    libusb_exit(context);
    return 0;
}
