#include "tools/simulator/usb_model.h"
#include "base/text.h"
#include <string.h>

enum {
    REQUEST_GET_STATUS = 0x00,
    REQUEST_CLEAR_FEATURE = 0x01,
    REQUEST_SET_FEATURE = 0x03
};
enum {
    REQUEST_GET_DESCRIPTOR = 0x06,
    REQUEST_GET_CONFIGURATION = 0x08
};
enum {
    REQUEST_SET_CONFIGURATION = 0x09,
    REQUEST_GET_INTERFACE = 0x0A,
    REQUEST_SET_INTERFACE = 0x0B
};
enum {
    DESCRIPTOR_DEVICE = 1,
    DESCRIPTOR_CONFIGURATION = 2,
    DESCRIPTOR_STRING = 3
};
enum {
    DESCRIPTOR_INTERFACE = 4,
    DESCRIPTOR_ENDPOINT = 5
};

int64_t usb_model_after(const struct usb_model *model, int64_t duration_ms)
{
    return usb_model_now(model) + duration_ms * model->time_percent / 100;
}

static int copy_out(const struct usb_setup *setup, uint8_t *data, const void *from, size_t size)
{
    size_t count = size < setup->length ? size : setup->length;
    memcpy(data, from, count);
    return (int)count;
}

static int string_descriptor(const struct usb_descriptors *descriptors,
                             const struct usb_setup *setup, uint8_t *data)
{
    static const uint8_t LANGUAGES[] = { 4, DESCRIPTOR_STRING, 0x09, 0x04 };
    int index = setup->value & 0xFF;
    if (index == 0)
        return copy_out(setup, data, LANGUAGES, sizeof LANGUAGES);
    if (index > descriptors->string_count)
        return USB_STALL;
    uint8_t out[254];
    size_t size = 2;
    const char *cursor = descriptors->strings[index - 1];
    for (uint32_t code; size + 2 <= sizeof out && (code = text_next(&cursor)) != 0;) {
        out[size++] = (uint8_t)code;
        out[size++] = (uint8_t)(code >> 8);
    }
    out[0] = (uint8_t)size;
    out[1] = DESCRIPTOR_STRING;
    return copy_out(setup, data, out, size);
}

static int get_descriptor(const struct usb_model *model, const struct usb_setup *setup,
                          uint8_t *data)
{
    const struct usb_descriptors *descriptors = model->ops->descriptors(model);
    switch (setup->value >> 8) {
    case DESCRIPTOR_DEVICE:
        return copy_out(setup, data, descriptors->device, 18);
    case DESCRIPTOR_CONFIGURATION:
        return copy_out(setup, data, descriptors->configuration, descriptors->configuration_size);
    case DESCRIPTOR_STRING:
        return string_descriptor(descriptors, setup, data);
    }
    return USB_STALL;
}

static int standard_request(struct usb_model *model, const struct usb_setup *setup, uint8_t *data)
{
    static const uint8_t ZEROS[2];
    static const uint8_t ONE[1] = { 1 };
    switch (setup->request) {
    case REQUEST_GET_STATUS:
        return copy_out(setup, data, ZEROS, 2);
    case REQUEST_CLEAR_FEATURE:
    case REQUEST_SET_FEATURE:
        return 0;
    case REQUEST_GET_DESCRIPTOR:
        return get_descriptor(model, setup, data);
    case REQUEST_GET_CONFIGURATION:
        return copy_out(setup, data, ONE, 1);
    case REQUEST_GET_INTERFACE:
        return copy_out(setup, data, ZEROS, 1);
    case REQUEST_SET_CONFIGURATION:
        if (setup->value > 1)
            return USB_STALL;
        model->ops->reset(model);
        return 0;
    case REQUEST_SET_INTERFACE:
        return setup->value == 0 ? 0 : USB_STALL;
    }
    return USB_STALL;
}

int usb_model_control(struct usb_model *model, const struct usb_setup *setup, uint8_t *data)
{
    if ((setup->type & 0x60) == 0)
        return standard_request(model, setup, data);
    return model->ops->control(model, setup, data);
}

int usb_model_interface_of(const struct usb_model *model, uint8_t endpoint)
{
    const struct usb_descriptors *descriptors = model->ops->descriptors(model);
    const uint8_t *at = descriptors->configuration;
    const uint8_t *end = at + descriptors->configuration_size;
    int interface = -1;
    for (; at + 2 <= end && at[0] >= 2; at += at[0]) {
        if (at[1] == DESCRIPTOR_INTERFACE)
            interface = at[2];
        else if (at[1] == DESCRIPTOR_ENDPOINT && at[2] == endpoint)
            return interface;
    }
    return -1;
}

void usb_pipe_clear(struct usb_pipe *pipe)
{
    pipe->size = 0;
    pipe->count = 0;
}

bool usb_pipe_put(struct usb_pipe *pipe, const void *data, size_t size)
{
    if (pipe->count == USB_PIPE_MESSAGES_MAX || size > sizeof pipe->data - pipe->size)
        return false;
    memcpy(pipe->data + pipe->size, data, size);
    pipe->size += size;
    pipe->lengths[pipe->count++] = size;
    return true;
}

static void drop_front(struct usb_pipe *pipe, size_t taken, bool message_done)
{
    pipe->size -= taken;
    memmove(pipe->data, pipe->data + taken, pipe->size);
    pipe->lengths[0] -= taken;
    if (!message_done)
        return;
    pipe->count--;
    memmove(pipe->lengths, pipe->lengths + 1, (size_t)pipe->count * sizeof pipe->lengths[0]);
}

int usb_pipe_take(struct usb_pipe *pipe, uint8_t *data, size_t size)
{
    if (pipe->count == 0)
        return USB_NAK;
    size_t message = pipe->lengths[0];
    size_t taken = 0;
    while (taken < size) {
        size_t packet = message - taken;
        if (packet > USB_PACKET_SIZE)
            packet = USB_PACKET_SIZE;
        if (packet > size - taken) {
            drop_front(pipe, message, true);
            return USB_BABBLE;
        }
        memcpy(data + taken, pipe->data + taken, packet);
        taken += packet;
        if (packet < USB_PACKET_SIZE) {
            drop_front(pipe, taken, true);
            return (int)taken;
        }
    }
    /* The host's buffer is full with whole packets; a message that ends here still owes its
     * zero-length packet, which the next transfer gets. */
    drop_front(pipe, taken, false);
    return (int)taken;
}
