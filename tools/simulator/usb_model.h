/*
 * One virtual USB device, as its descriptors and transfers: what a host controller would see.
 *
 * A model knows nothing of how the host reaches it. A transport (transport_umockdev.c,
 * transport_vhci.c) forwards control requests and bulk data, calls advance() when a model asked for
 * time, and offers data again whenever the model said USB_NAK.
 *
 * Threads:   none of its own. The transport serialises every call, also those of the control socket
 *            and the panel, under one lock (usb_bus_lock).
 * Ownership: the model belongs to the program; descriptors live as long as the model.
 * Units:     *_ms are milliseconds of clock_now_ms(); delays are multiplied by time_percent / 100.
 */
#pragma once
#include "base/clock.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Results of a transfer besides a byte count. The values are the kernel's URB codes, NAK excepted.
 */
enum usb_result {
    USB_NAK = -1,     /* nothing now: the transport keeps the transfer and offers it again */
    USB_STALL = -32,  /* -EPIPE */
    USB_BABBLE = -75, /* -EOVERFLOW: the device sent more than the host had room for */
};

/* All bulk endpoints of our devices are full speed. */
#define USB_PACKET_SIZE 64
#define USB_CONTROL_SIZE_MAX 4096

struct usb_setup {
    uint8_t type, request;
    uint16_t value, index, length;
};

struct usb_descriptors {
    const uint8_t *device; /* 18 bytes */
    const uint8_t *configuration;
    size_t configuration_size;
    const char *const *strings; /* UTF-8, index 1 is strings[0] */
    int string_count;
};

struct usb_model;

/* All fields are mandatory. */
struct usb_model_ops {
    /* May change while the device is off the bus. */
    const struct usb_descriptors *(*descriptors)(const struct usb_model *model);
    /* The device was just put on the bus: its pipes are empty, its memory is what it was. */
    void (*plugged)(struct usb_model *model);
    /* The host reset it or chose the configuration again. */
    void (*reset)(struct usb_model *model);
    /* Class and vendor requests. data holds what the host sends or receives the answer (at most
     * setup->length bytes). Returns the byte count or USB_STALL. */
    int (*control)(struct usb_model *model, const struct usb_setup *setup, uint8_t *data);
    /* Returns the bytes taken; fewer than size means the rest is NAKed for now. */
    int (*bulk_out)(struct usb_model *model, uint8_t endpoint, const uint8_t *data, size_t size);
    /* Returns the bytes given (0: a zero-length packet), or an enum usb_result. */
    int (*bulk_in)(struct usb_model *model, uint8_t endpoint, uint8_t *data, size_t size);
    /* When advance() is wanted next; -1: not before something else happens. */
    int64_t (*due_ms)(const struct usb_model *model);
    void (*advance)(struct usb_model *model);
};

/* First member of every model. */
struct usb_model {
    const struct usb_model_ops *ops;
    const struct clock *clock;
    int time_percent; /* 100: as slow as the real device */
    bool powered;     /* a device without power is not on the bus, whatever its cable does */
};

static inline int64_t usb_model_now(const struct usb_model *model)
{
    return clock_now_ms(model->clock);
}

/* The moment when something that takes duration_ms in the real device is over. */
int64_t usb_model_after(const struct usb_model *model, int64_t duration_ms);

/* Any control request: the standard ones are answered here, the others by the model. */
int usb_model_control(struct usb_model *model, const struct usb_setup *setup, uint8_t *data);

/* The interface an endpoint of the model belongs to; -1 if there is no such endpoint. */
int usb_model_interface_of(const struct usb_model *model, uint8_t endpoint);

/*
 * What a device has ready for one IN endpoint: messages, each ended by a short packet.
 */
#define USB_PIPE_SIZE 8192
#define USB_PIPE_MESSAGES_MAX 128

struct usb_pipe {
    uint8_t data[USB_PIPE_SIZE];
    size_t size;
    size_t lengths[USB_PIPE_MESSAGES_MAX];
    int count;
};

void usb_pipe_clear(struct usb_pipe *pipe);
/* False, and nothing added, if there is no room. */
bool usb_pipe_put(struct usb_pipe *pipe, const void *data, size_t size);
/* One IN transfer: whole packets of the first message, as many as fit. */
int usb_pipe_take(struct usb_pipe *pipe, uint8_t *data, size_t size);
