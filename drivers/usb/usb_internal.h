/*
 * What the three files of this folder share: usb_hub.c (context, event thread, hotplug),
 * usb_libusb.c (finding and claiming), usb_transfer.c (moving bytes).
 */
#pragma once
#include "drivers/usb/usb.h"
#include <libusb.h>
#include <pthread.h>

/* One bulk or interrupt IN endpoint with its always pending transfer. Guarded by the port's lock.
 */
struct usb_input {
    struct usb_port *port;
    struct libusb_transfer *transfer;
    bool submitted, failed;
    bool stalled;         /* failed, but clearing the halt mends it */
    int64_t resume_at_ms; /* after a zero-length packet: not before then; 0 otherwise */
    int empty_count;      /* zero-length packets in a row */
    size_t packet_size;   /* wMaxPacketSize */
    size_t first, count;
    uint8_t ring[USB_INPUT_SIZE];
    uint8_t buffer[USB_INPUT_SIZE / 2];
};

struct usb_port {
    struct device_match match;
    struct usb_wish wish;
    libusb_context *context;
    struct usb_identity identity; /* device thread only */
    uint8_t claimed[8];           /* device thread only */
    int claimed_count;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool woken, cancelled, gone, connected;
    libusb_device *device;
    libusb_device_handle *handle;
    struct usb_input inputs[USB_PIPES_MAX];
};

/* The shared context, started with the first port and stopped with the last. NULL on failure. */
libusb_context *usb_hub_join(struct usb_port *port);
void usb_hub_leave(struct usb_port *port);

/* Arrival or departure of any device. Called on the event thread. */
void usb_port_on_bus_change(struct usb_port *port, libusb_device *left);

/* Monotonic now plus timeout_ms; false once that has passed (never for USB_FOREVER). Needs lock. */
bool usb_port_sleep(struct usb_port *port, int64_t until_ms);
int64_t usb_now_ms(void);

/* Bulk IN endpoints and, if wished for, the interrupt one behind them. */
int usb_inputs_count(const struct usb_port *port);
NODISCARD enum status usb_inputs_start(struct usb_port *port);
void usb_inputs_stop(struct usb_port *port);

/* Submits what waited out its pause; returns when the next pause ends, INT64_MAX if none. Needs
 * lock. */
int64_t usb_inputs_resume(struct usb_port *port);

enum status usb_status_of(int libusb_error);
