/* The printer through the real libusb: identity, a receipt to a PNG, NAK while it cannot print. */
#include "unit/simulator/sim_client.h"
#include <time.h>

static libusb_device_handle *handle;

static void feed(const void *data, int size)
{
    int count = 0;
    uint8_t bytes[8192];
    memcpy(bytes, data, (size_t)size);
    EXPECT(libusb_bulk_transfer(handle, 0x01, bytes, size, &count, 5000) == 0 && count == size);
}

static void expect_status(const char *expected, int size)
{
    uint8_t reply[64];
    int count = 0;
    EXPECT(libusb_bulk_transfer(handle, 0x82, reply, 64, &count, 5000) == 0);
    EXPECT(count == size && memcmp(reply, expected, (size_t)size) == 0);
}

static void print_receipt(void)
{
    static uint8_t band[8 + 72 * 100] = { 0x1D, 0x76, 0x30, 0, 72, 0, 100, 0 };
    memset(band + 8, 0xAA, sizeof band - 8);
    feed("\x1B\x40", 2);
    for (int i = 0; i < 5; i++)
        feed(band, sizeof band);
    feed("\x1D\x56\x42\0\x1D(H\6\0\x30\x30ID01", 15);
    expect_status("\x37\x22ID01", 7);
    const char *state = sim_command("printer state");
    EXPECT(strstr(state, "\"file\":\"receipt-001.png\",\"rows\":500,\"end\":\"cut\"") != NULL);
    EXPECT(strstr(state, "\"protocol_errors\":0") != NULL);
}

/* A blocked OUT transfer times out with part of it taken; the rest of the printer stays reachable.
 */
static void fill_up_while_open(void)
{
    static uint8_t zeros[6000];
    uint8_t status = 0;
    int count = 0;
    sim_command("cover open");
    EXPECT(libusb_bulk_transfer(handle, 0x01, zeros, sizeof zeros, &count, 200) ==
           LIBUSB_ERROR_TIMEOUT);
    EXPECT(count == 4096);
    EXPECT(libusb_control_transfer(handle, 0xA1, 1, 0, 0, &status, 1, 1000) == 1);
    EXPECT(status == 0x10);
    sim_command("cover closed");
}

int main(void)
{
    libusb_context *context;
    EXPECT(libusb_init(&context) == 0);
    handle = sim_open(context, 0x04B8, 0x0E28);
    EXPECT(handle != NULL);
    libusb_set_auto_detach_kernel_driver(handle, 1);
    EXPECT(libusb_claim_interface(handle, 0) == 0);
    uint8_t id[1024];
    EXPECT(libusb_control_transfer(handle, 0xA1, 0, 0, 0, id, sizeof id, 1000) > 20);
    print_receipt();
    fill_up_while_open();
    EXPECT(libusb_release_interface(handle, 0) == 0);
    libusb_close(handle);
    libusb_exit(context);
    return 0;
}
