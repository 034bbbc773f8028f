/* The ID reader through the real libusb: both framings, unplug in mid-wait, a killed predecessor.
 */
#include "unit/simulator/sim_client.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static const uint8_t FIND[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x03, 0x20, 0x01, 0x22 };
static const uint8_t SELECT[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x03, 0x20, 0x02, 0x21 };
static const uint8_t READ[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x03, 0x30, 0x01, 0x32 };

static bool four_pipes;

static int transfer(libusb_device_handle *handle, uint8_t endpoint, const void *data, int size)
{
    int count = 0;
    uint8_t bytes[4096];
    memcpy(bytes, data, (size_t)size);
    EXPECT(libusb_bulk_transfer(handle, endpoint, bytes, size, &count, 2000) == 0);
    return count;
}

/* One command; the whole answer frame in reply. */
static int ask(libusb_device_handle *handle, const uint8_t *frame, uint8_t reply[4096])
{
    int head = 0, body = 0;
    if (four_pipes) {
        EXPECT(transfer(handle, 0x02, frame, 7) == 7);
        EXPECT(transfer(handle, 0x06, frame + 7, 3) == 3);
        EXPECT(libusb_bulk_transfer(handle, 0x81, reply, 64, &head, 2000) == 0 && head == 7);
        EXPECT(libusb_bulk_transfer(handle, 0x85, reply + 7, 4000, &body, 2000) == 0);
        return head + body;
    }
    EXPECT(transfer(handle, 0x02, frame, 10) == 10);
    EXPECT(libusb_bulk_transfer(handle, 0x81, reply, 4096, &head, 2000) == 0);
    return head;
}

static void read_a_card(libusb_device_handle *handle)
{
    uint8_t reply[4096];
    EXPECT(ask(handle, FIND, reply) == 11 && reply[9] == 0x80);
    sim_command("insert-card id-01");
    EXPECT(ask(handle, FIND, reply) == 15 && reply[9] == 0x9F);
    EXPECT(ask(handle, SELECT, reply) == 19 && reply[9] == 0x90);
    EXPECT(ask(handle, READ, reply) == 1295 && reply[9] == 0x90);
    EXPECT(ask(handle, FIND, reply) == 11 && reply[9] == 0x80);
    sim_command("remove-card");
}

static void wait_idle_without_wakeups(libusb_context *context, libusb_device_handle *handle)
{
    struct rusage before, after;
    uint8_t byte[64];
    int count;
    getrusage(RUSAGE_SELF, &before);
    EXPECT(libusb_bulk_transfer(handle, 0x81, byte, 64, &count, 300) == LIBUSB_ERROR_TIMEOUT);
    getrusage(RUSAGE_SELF, &after);
    /* A node that always polls ready costs thousands of switches here. */
    EXPECT(after.ru_nvcsw - before.ru_nvcsw < 50);
    (void)context;
}

static int arrived, left;

static int LIBUSB_CALL on_hotplug(libusb_context *context, libusb_device *device,
                                  libusb_hotplug_event event, void *user)
{
    (void)context;
    (void)device;
    (void)user;
    arrived += event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED;
    left += event == LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
    return 0;
}

static void wait_for(libusb_context *context, const int *counter)
{
    for (int tries = 0; tries < 250 && *counter == 0; tries++) {
        struct timeval wait = { 0, 20000 };
        libusb_handle_events_timeout(context, &wait);
    }
    EXPECT(*counter > 0);
}

static enum libusb_transfer_status ended;
static int end_count;

static void LIBUSB_CALL on_end(struct libusb_transfer *transfer)
{
    ended = transfer->status;
    end_count++;
}

static libusb_device_handle *replug(libusb_context *context, libusb_device_handle *handle)
{
    uint8_t byte[64];
    struct libusb_transfer *transfer = libusb_alloc_transfer(0);
    libusb_fill_bulk_transfer(transfer, handle, 0x81, byte, 64, on_end, NULL, 0);
    EXPECT(libusb_submit_transfer(transfer) == 0);
    left = arrived = end_count = 0;
    sim_command("unplug reader");
    wait_for(context, &end_count);
    EXPECT(ended == LIBUSB_TRANSFER_NO_DEVICE);
    wait_for(context, &left);
    libusb_free_transfer(transfer);
    libusb_close(handle);
    sim_command("plug reader");
    wait_for(context, &arrived);
    handle = sim_open(context, 0x0400, 0xC35A);
    EXPECT(handle != NULL && sim_claim(handle, 0));
    return handle;
}

/* A program that is killed with the interface claimed and a transfer in flight. */
static void die_with_the_interface(void)
{
    int ready[2];
    EXPECT(pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0) {
        libusb_context *context;
        EXPECT(libusb_init(&context) == 0);
        libusb_device_handle *handle = sim_open(context, 0x0400, 0xC35A);
        EXPECT(handle != NULL && sim_claim(handle, 0));
        uint8_t byte[64];
        struct libusb_transfer *transfer = libusb_alloc_transfer(0);
        libusb_fill_bulk_transfer(transfer, handle, 0x81, byte, 64, on_end, NULL, 0);
        EXPECT(libusb_submit_transfer(transfer) == 0);
        EXPECT(write(ready[1], "", 1) == 1);
        pause();
    }
    char byte;
    EXPECT(read(ready[0], &byte, 1) == 1);
    kill(child, SIGKILL);
    EXPECT(waitpid(child, NULL, 0) == child);
    close(ready[0]);
    close(ready[1]);
}

/* A program stopped in the middle of an ioctl must not stop everybody else. */
static void freeze_again_and_again(void)
{
    pid_t child = fork();
    if (child == 0) {
        libusb_context *context;
        EXPECT(libusb_init(&context) == 0);
        libusb_device_handle *handle = sim_open(context, 0x0400, 0xC35A);
        EXPECT(handle != NULL && sim_claim(handle, 0));
        for (uint8_t language[4];;)
            libusb_get_string_descriptor(handle, 0, 0, language, sizeof language);
    }
    for (int i = 0; i < 50; i++) {
        kill(child, SIGSTOP);
        sim_command("state");
        kill(child, SIGCONT);
        nanosleep(&(struct timespec){ 0, 1000000 + i * 10000 }, NULL);
    }
    kill(child, SIGKILL);
    EXPECT(waitpid(child, NULL, 0) == child);
}

int main(void)
{
    libusb_context *context;
    freeze_again_and_again();
    die_with_the_interface();
    EXPECT(libusb_init(&context) == 0);
    libusb_device_handle *handle = sim_open(context, 0x0400, 0xC35A);
    EXPECT(handle != NULL);
    libusb_set_auto_detach_kernel_driver(handle, 1);
    EXPECT(libusb_kernel_driver_active(handle, 0) == 0);
    EXPECT(sim_claim(handle, 0));
    EXPECT(libusb_hotplug_register_callback(context, 3, 0, 0x0400, 0xC35A, -1, on_hotplug, NULL,
                                            NULL) == 0);
    four_pipes = true;
    read_a_card(handle);
    wait_idle_without_wakeups(context, handle);
    handle = replug(context, handle);
    read_a_card(handle);

    left = arrived = 0;
    sim_command("reader framing b");
    wait_for(context, &left);
    libusb_close(handle);
    wait_for(context, &arrived);
    handle = sim_open(context, 0x0400, 0xC35A);
    EXPECT(handle != NULL && sim_claim(handle, 0));
    four_pipes = false;
    read_a_card(handle);
    EXPECT(strstr(sim_command("state"), "\"protocol_errors\":0") != NULL);
    libusb_close(handle);
    libusb_exit(context);
    return 0;
}
