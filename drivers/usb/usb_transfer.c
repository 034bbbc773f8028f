#include "drivers/usb/usb_internal.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

#define EMPTY_PAUSE_MS 20 /* a Seiko answers an idle IN with a zero-length packet at once */
#define EMPTY_PAUSE_MS_MAX 500
#define EMPTY_DOUBLINGS_MAX 5

/* ---- IN: always pending ---- */

static bool has_room(const struct usb_input *input)
{
    return sizeof input->ring - input->count >= sizeof input->buffer;
}

static void submit_input(struct usb_input *input)
{
    if (input->submitted || input->failed || input->resume_at_ms != 0 || !has_room(input))
        return;
    int error = libusb_submit_transfer(input->transfer);
    input->submitted = error == 0;
    if (error == LIBUSB_ERROR_NO_DEVICE)
        input->port->gone = true;
    input->failed = error != 0;
}

static void store(struct usb_input *input, const uint8_t *data, size_t size)
{
    CHECK(size <= sizeof input->ring - input->count);
    for (size_t i = 0; i < size; i++)
        input->ring[(input->first + input->count + i) % sizeof input->ring] = data[i];
    input->count += size;
}

/* A transfer of several packets has a head before the data of each. */
static void store_packets(struct usb_input *input, size_t size)
{
    size_t head = (size_t)input->port->wish.packet_head_bytes;
    for (size_t at = 0; at < size; at += input->packet_size) {
        size_t packet = size - at < input->packet_size ? size - at : input->packet_size;
        if (packet > head)
            store(input, input->buffer + at + head, packet - head);
    }
}

static void pause_input(struct usb_input *input)
{
    int doublings =
        input->empty_count < EMPTY_DOUBLINGS_MAX ? input->empty_count : EMPTY_DOUBLINGS_MAX;
    int64_t pause_ms = EMPTY_PAUSE_MS << doublings;
    input->resume_at_ms =
        usb_now_ms() + (pause_ms < EMPTY_PAUSE_MS_MAX ? pause_ms : EMPTY_PAUSE_MS_MAX);
    input->empty_count++;
}

int usb_inputs_count(const struct usb_port *port)
{
    return port->identity.in_count + (port->identity.interrupt_in >= 0 ? 1 : 0);
}

static bool is_interrupt(const struct usb_input *input)
{
    const struct usb_port *port = input->port;
    return port->identity.interrupt_in >= 0 && input == &port->inputs[port->identity.interrupt_in];
}

static bool wakes(const struct usb_input *input)
{
    return input->port->wish.wake_on_input || is_interrupt(input);
}

static void accept_input(struct usb_input *input, struct libusb_transfer *transfer)
{
    if (transfer->actual_length == 0) {
        pause_input(input);
        return;
    }
    input->empty_count = 0;
    store_packets(input, (size_t)transfer->actual_length);
    bytes_wipe(input->buffer, (size_t)transfer->actual_length);
    if (wakes(input))
        input->port->woken = true;
}

static void LIBUSB_CALL on_input(struct libusb_transfer *transfer)
{
    struct usb_input *input = transfer->user_data;
    struct usb_port *port = input->port;
    pthread_mutex_lock(&port->lock);
    input->submitted = false;
    switch (transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
        accept_input(input, transfer);
        submit_input(input);
        break;
    case LIBUSB_TRANSFER_CANCELLED:
        break;
    case LIBUSB_TRANSFER_NO_DEVICE:
        port->gone = true;
        input->failed = true;
        break;
    case LIBUSB_TRANSFER_ERROR:
    case LIBUSB_TRANSFER_TIMED_OUT:
    case LIBUSB_TRANSFER_STALL:
    case LIBUSB_TRANSFER_OVERFLOW:
        input->failed = true;
        input->stalled = transfer->status == LIBUSB_TRANSFER_STALL;
        if (wakes(input))
            port->woken = true;
        break;
    }
    pthread_cond_broadcast(&port->changed);
    pthread_mutex_unlock(&port->lock);
}

int64_t usb_inputs_resume(struct usb_port *port)
{
    int64_t now_ms = usb_now_ms(), next_ms = INT64_MAX;
    for (int i = 0; i < usb_inputs_count(port); i++) {
        struct usb_input *input = &port->inputs[i];
        if (input->resume_at_ms != 0 && input->resume_at_ms <= now_ms)
            input->resume_at_ms = 0;
        if (input->transfer != NULL)
            submit_input(input);
        if (input->resume_at_ms != 0 && input->resume_at_ms < next_ms)
            next_ms = input->resume_at_ms;
    }
    return next_ms;
}

static uint8_t address_of(const struct usb_port *port, int in)
{
    return in == port->identity.interrupt_in ? port->identity.interrupt_address
                                             : port->identity.in_address[in];
}

enum status usb_inputs_start(struct usb_port *port)
{
    for (int i = 0; i < usb_inputs_count(port); i++) {
        struct usb_input *input = &port->inputs[i];
        input->transfer = libusb_alloc_transfer(0);
        if (input->transfer == NULL)
            return STATUS_IO;
        input->first = input->count = 0;
        input->empty_count = 0;
        input->resume_at_ms = 0;
        input->failed = input->stalled = false;
        int packet_size = libusb_get_max_packet_size(port->device, address_of(port, i));
        if (packet_size <= port->wish.packet_head_bytes)
            return STATUS_IO;
        input->packet_size = (size_t)packet_size;
        libusb_fill_bulk_transfer(input->transfer, port->handle, address_of(port, i), input->buffer,
                                  sizeof input->buffer, on_input, input, 0);
        if (is_interrupt(input))
            input->transfer->type = LIBUSB_TRANSFER_TYPE_INTERRUPT;
        pthread_mutex_lock(&port->lock);
        submit_input(input);
        bool failed = input->failed;
        pthread_mutex_unlock(&port->lock);
        if (failed)
            return STATUS_IO;
    }
    return STATUS_OK;
}

void usb_inputs_stop(struct usb_port *port)
{
    for (int i = 0; i < USB_PIPES_MAX; i++) {
        struct usb_input *input = &port->inputs[i];
        if (input->transfer == NULL)
            continue;
        pthread_mutex_lock(&port->lock);
        input->failed = true; /* the callback must not submit again */
        bool submitted = input->submitted;
        pthread_mutex_unlock(&port->lock);
        if (submitted)
            libusb_cancel_transfer(input->transfer);
        pthread_mutex_lock(&port->lock);
        while (input->submitted)
            usb_port_sleep(port, INT64_MAX);
        bytes_wipe(input->ring, sizeof input->ring);
        bytes_wipe(input->buffer, sizeof input->buffer);
        input->count = 0;
        pthread_mutex_unlock(&port->lock);
        libusb_free_transfer(input->transfer);
        input->transfer = NULL;
    }
}

static size_t take(struct usb_input *input, uint8_t *data, size_t size)
{
    size_t count = input->count < size ? input->count : size;
    for (size_t i = 0; i < count; i++) {
        size_t at = (input->first + i) % sizeof input->ring;
        data[i] = input->ring[at];
        input->ring[at] = 0; /* may be a person's data */
    }
    input->first = (input->first + count) % sizeof input->ring;
    input->count -= count;
    return count;
}

size_t usb_port_take(struct usb_port *port, int in, void *data, size_t size)
{
    if (in < 0 || in >= usb_inputs_count(port))
        return 0;
    pthread_mutex_lock(&port->lock);
    size_t count = take(&port->inputs[in], data, size);
    usb_inputs_resume(port);
    pthread_mutex_unlock(&port->lock);
    return count;
}

/* A halt is cleared without the lock: it is a request to the device and may take its time. */
static void mend_stalled_input(struct usb_port *port, int in)
{
    struct usb_input *input = &port->inputs[in];
    pthread_mutex_lock(&port->lock);
    bool stalled = input->stalled;
    pthread_mutex_unlock(&port->lock);
    if (!stalled || libusb_clear_halt(port->handle, address_of(port, in)) != 0)
        return;
    pthread_mutex_lock(&port->lock);
    input->stalled = input->failed = false;
    pthread_mutex_unlock(&port->lock);
}

void usb_port_flush(struct usb_port *port)
{
    for (int i = 0; i < usb_inputs_count(port); i++) {
        struct usb_input *input = &port->inputs[i];
        mend_stalled_input(port, i);
        pthread_mutex_lock(&port->lock);
        if (!is_interrupt(input)) {
            bytes_wipe(input->ring, sizeof input->ring);
            input->count = 0;
        }
        usb_inputs_resume(port);
        pthread_mutex_unlock(&port->lock);
    }
}

bool usb_port_is_deaf(struct usb_port *port)
{
    bool deaf = false;
    pthread_mutex_lock(&port->lock);
    for (int i = 0; i < port->identity.in_count; i++)
        deaf |= port->inputs[i].failed;
    pthread_mutex_unlock(&port->lock);
    return deaf;
}

static enum status input_status(const struct usb_port *port, const struct usb_input *input)
{
    if (port->gone)
        return STATUS_DISCONNECTED;
    if (port->cancelled)
        return STATUS_CANCELLED;
    if (input->stalled)
        return STATUS_PROTOCOL;
    return input->failed ? STATUS_IO : STATUS_OK;
}

enum status usb_port_read(struct usb_port *port, int in, void *data, size_t size, int timeout_ms,
                          size_t *got_out)
{
    CHECK(in < port->identity.in_count);
    struct usb_input *input = &port->inputs[in];
    int64_t until_ms = usb_now_ms() + timeout_ms;
    enum status status = STATUS_OK;
    pthread_mutex_lock(&port->lock);
    while (status == STATUS_OK && input->count == 0) {
        status = input_status(port, input);
        if (status != STATUS_OK)
            break;
        int64_t pause_ms = usb_inputs_resume(port);
        int64_t next_ms = pause_ms < until_ms ? pause_ms : until_ms;
        if (!usb_port_sleep(port, next_ms) && next_ms == until_ms)
            status = STATUS_TIMEOUT;
    }
    *got_out = take(input, data, size);
    usb_inputs_resume(port);
    pthread_mutex_unlock(&port->lock);
    return *got_out > 0 ? STATUS_OK : status;
}

enum status usb_port_read_all(struct usb_port *port, int in, void *data, size_t size,
                              int timeout_ms)
{
    int64_t until_ms = usb_now_ms() + timeout_ms;
    for (size_t offset = 0; offset < size;) {
        int64_t left_ms = until_ms - usb_now_ms();
        size_t got = 0;
        enum status status = usb_port_read(port, in, (uint8_t *)data + offset, size - offset,
                                           left_ms > 0 ? (int)left_ms : 0, &got);
        if (status != STATUS_OK)
            return status;
        offset += got;
    }
    return STATUS_OK;
}

/* ---- OUT and control: one at a time, until done, late or cancelled ---- */

struct one_transfer {
    struct usb_port *port;
    bool done;
};

static void LIBUSB_CALL on_one_transfer(struct libusb_transfer *transfer)
{
    struct one_transfer *one = transfer->user_data;
    struct usb_port *port = one->port;
    pthread_mutex_lock(&port->lock);
    one->done = true;
    pthread_cond_broadcast(&port->changed);
    pthread_mutex_unlock(&port->lock);
}

static enum status transfer_status(const struct libusb_transfer *transfer, bool cancelled)
{
    switch (transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
        return STATUS_OK;
    case LIBUSB_TRANSFER_CANCELLED:
        return cancelled ? STATUS_CANCELLED : STATUS_TIMEOUT;
    case LIBUSB_TRANSFER_TIMED_OUT:
        return STATUS_TIMEOUT;
    case LIBUSB_TRANSFER_STALL:
        return STATUS_PROTOCOL;
    case LIBUSB_TRANSFER_NO_DEVICE:
        return STATUS_DISCONNECTED;
    case LIBUSB_TRANSFER_ERROR:
    case LIBUSB_TRANSFER_OVERFLOW:
        return STATUS_IO;
    }
    return STATUS_IO;
}

/* The transfer's buffer is the caller's, so this never returns with the transfer in flight. */
static enum status run_transfer(struct usb_port *port, struct libusb_transfer *transfer,
                                struct one_transfer *one, int timeout_ms)
{
    int64_t until_ms = usb_now_ms() + timeout_ms;
    int error = libusb_submit_transfer(transfer);
    if (error != 0)
        return error == LIBUSB_ERROR_NO_DEVICE ? STATUS_DISCONNECTED : STATUS_IO;
    pthread_mutex_lock(&port->lock);
    bool more = true;
    while (!one->done && more && !port->cancelled)
        more = usb_port_sleep(port, until_ms);
    bool done = one->done, cancelled = port->cancelled;
    pthread_mutex_unlock(&port->lock);
    if (!done) {
        libusb_cancel_transfer(transfer);
        pthread_mutex_lock(&port->lock);
        while (!one->done)
            usb_port_sleep(port, INT64_MAX);
        pthread_mutex_unlock(&port->lock);
    }
    return transfer_status(transfer, cancelled);
}

static void note_departure(struct usb_port *port, enum status status)
{
    if (status != STATUS_DISCONNECTED)
        return;
    pthread_mutex_lock(&port->lock);
    port->gone = true;
    pthread_mutex_unlock(&port->lock);
}

static bool is_cancelled(struct usb_port *port)
{
    pthread_mutex_lock(&port->lock);
    bool cancelled = port->cancelled;
    pthread_mutex_unlock(&port->lock);
    return cancelled;
}

enum status usb_port_write(struct usb_port *port, int out, const void *data, size_t size,
                           int timeout_ms, size_t *written_out)
{
    CHECK(out < port->identity.out_count && size <= USB_TRANSFER_SIZE_MAX);
    *written_out = 0;
    if (is_cancelled(port))
        return STATUS_CANCELLED;
    struct libusb_transfer *transfer = libusb_alloc_transfer(0);
    if (transfer == NULL)
        return STATUS_IO;
    struct one_transfer one = { .port = port };
    uint8_t address = port->identity.out_address[out];
    /* libusb's buffer is not const because it is the same struct for IN. */
    libusb_fill_bulk_transfer(transfer, port->handle, address, (uint8_t *)(uintptr_t)data,
                              (int)size, on_one_transfer, &one, 0);
    enum status status = run_transfer(port, transfer, &one, timeout_ms);
    *written_out = transfer->actual_length > 0 ? (size_t)transfer->actual_length : 0;
    libusb_free_transfer(transfer);
    if (status == STATUS_PROTOCOL)
        libusb_clear_halt(port->handle, address);
    note_departure(port, status);
    return status == STATUS_TIMEOUT && *written_out == size ? STATUS_OK : status;
}

enum status usb_port_control(struct usb_port *port, const struct usb_request *request, void *data,
                             uint16_t size, int timeout_ms, size_t *got_out)
{
    CHECK(size <= USB_CONTROL_SIZE_MAX);
    *got_out = 0;
    if (is_cancelled(port))
        return STATUS_CANCELLED;
    struct libusb_transfer *transfer = libusb_alloc_transfer(0);
    if (transfer == NULL)
        return STATUS_IO;
    uint8_t buffer[LIBUSB_CONTROL_SETUP_SIZE + USB_CONTROL_SIZE_MAX];
    struct one_transfer one = { .port = port };
    bool in = (request->type & LIBUSB_ENDPOINT_IN) != 0;
    libusb_fill_control_setup(buffer, request->type, request->request, request->value,
                              request->index, size);
    if (!in && size > 0)
        memcpy(buffer + LIBUSB_CONTROL_SETUP_SIZE, data, size);
    libusb_fill_control_transfer(transfer, port->handle, buffer, on_one_transfer, &one, 0);
    enum status status = run_transfer(port, transfer, &one, timeout_ms);
    if (status == STATUS_OK) {
        *got_out = (size_t)transfer->actual_length;
        if (in)
            memcpy(data, buffer + LIBUSB_CONTROL_SETUP_SIZE, *got_out);
    }
    libusb_free_transfer(transfer);
    note_departure(port, status);
    return status;
}
