/*
 * USB for device drivers: one port per driver, on one libusb context and one event thread for all.
 *
 * A port looks for its device, claims what it needs of it, and keeps an IN transfer pending on
 * every bulk IN endpoint; what arrives waits in a bounded buffer until the driver reads it. Nothing
 * here scans or polls: an absent device costs nothing until the bus says that something arrived.
 *
 * Threads:   a port belongs to its device thread, except usb_port_open, _close, _wake and _cancel.
 *            Callbacks run on the event thread with libusb's device list locked, so a port never
 * opens or closes a device with its own lock held. Ownership: match is copied. Buffers stay the
 * caller's; no call returns with one still in use. Bounds:    USB_PIPES_MAX endpoints a direction,
 * USB_INPUT_SIZE bytes waiting on each.
 */
#pragma once
#include "base/status.h"
#include "drivers/device.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USB_PIPES_MAX 4
#define USB_INPUT_SIZE 8192
#define USB_TRANSFER_SIZE_MAX 16384 /* one usbfs URB: a cancelled transfer then has one count */
#define USB_FOREVER (-1)

/* Which interface of a matching device carries the data. */
struct usb_wish {
    int interface_class;    /* -1: the class of the match, or any with a bulk OUT endpoint */
    int preferred_protocol; /* among interfaces and alternate settings; -1: the first */
    bool claim_all;         /* CDC: the control interface must be ours too */
    bool wake_on_input;     /* usb_port_wait returns when data arrives */
    bool interrupt;         /* listen to the interrupt IN endpoint too, if there is one */
    int packet_head_bytes;  /* at the head of every IN packet, not data: left out */
};

#define USB_CLASS_DESCRIPTOR_SIZE 64

struct usb_identity {
    uint16_t vid, pid;
    int interface_number, alternate, interface_class, interface_protocol;
    int control_interface; /* CDC communication interface (class 02), or -1 */
    int in_count, out_count;
    uint8_t in_address[USB_PIPES_MAX], out_address[USB_PIPES_MAX]; /* ascending */
    int interrupt_in; /* its number for usb_port_take; what it says wakes. -1: none, or not wished
                       */
    uint8_t interrupt_address;
    uint8_t class_descriptor[USB_CLASS_DESCRIPTOR_SIZE]; /* the interface's own: type 21, cut */
    size_t class_descriptor_size;
    char maker[DEVICE_MODEL_SIZE], product[DEVICE_MODEL_SIZE], serial[DEVICE_SERIAL_SIZE];
};

struct usb_port;

/* NULL when out of memory or threads, or when libusb does not start. */
struct usb_port *usb_port_open(const struct device_match *match, const struct usb_wish *wish);

/* Requires: the device thread no longer uses the port. */
void usb_port_close(struct usb_port *port);

/* Ends the current or the next usb_port_wait. Any thread. */
void usb_port_wake(struct usb_port *port);

/* For shutdown: waits and transfers end with STATUS_CANCELLED, now and later. Any thread. */
void usb_port_cancel(struct usb_port *port);

/* Lets the device thread talk once more after usb_port_cancel, to leave the device tidy. */
void usb_port_resume(struct usb_port *port);

/* Sleeps until woken, until the bus changes, until the device leaves, or for timeout_ms. */
void usb_port_wait(struct usb_port *port, int64_t timeout_ms);

/*
 * Finds the device, opens it and claims its interface; kernel drivers are put aside. Waits out the
 * moment after an arrival in which the kernel has not configured the device yet.
 *
 * Returns: STATUS_OK
 *          STATUS_NOT_FOUND    not on the bus; usb_port_wait returns when that may have changed.
 *          STATUS_DENIED       no permission on the device node.
 *          STATUS_BUSY         somebody else holds it.
 *          STATUS_UNSUPPORTED  no interface fits the wish.
 *          STATUS_IO, STATUS_DISCONNECTED, STATUS_CANCELLED
 */
NODISCARD enum status usb_port_connect(struct usb_port *port);

/* Ends all transfers and gives the device back. Does nothing when not connected. */
void usb_port_disconnect(struct usb_port *port);

bool usb_port_is_gone(struct usb_port *port);

/* Valid while connected. */
const struct usb_identity *usb_port_identity(const struct usb_port *port);

/*
 * Sends to the out-th OUT endpoint. *written_out says how much the device took, also on failure.
 *
 * Requires: size <= USB_TRANSFER_SIZE_MAX.
 * Returns:  STATUS_OK, STATUS_TIMEOUT, STATUS_DISCONNECTED, STATUS_CANCELLED,
 *           STATUS_PROTOCOL (stalled; the halt is cleared), STATUS_IO.
 */
NODISCARD enum status usb_port_write(struct usb_port *port, int out, const void *data, size_t size,
                                     int timeout_ms, size_t *written_out);

/* Waits for at least one byte on the in-th IN endpoint and takes up to size. Returns as above. */
NODISCARD enum status usb_port_read(struct usb_port *port, int in, void *data, size_t size,
                                    int timeout_ms, size_t *got_out);

/* Exactly size bytes within timeout_ms; on failure what had come is lost. Returns as above. */
NODISCARD enum status usb_port_read_all(struct usb_port *port, int in, void *data, size_t size,
                                        int timeout_ms);

/* Takes what has arrived, without waiting. */
size_t usb_port_take(struct usb_port *port, int in, void *data, size_t size);

/* Forgets what has arrived on the bulk endpoints: a late answer to an earlier question must not
 * answer the next. Mends a stalled IN endpoint, on which usb_port_read says STATUS_PROTOCOL. */
void usb_port_flush(struct usb_port *port);

/* An IN endpoint has failed: nothing will be heard until the device is connected anew (or, if it
 * only stalled, until a flush). */
bool usb_port_is_deaf(struct usb_port *port);

struct usb_request {
    uint8_t type, request;
    uint16_t value, index;
};

#define USB_CONTROL_SIZE_MAX 1024

/* A control transfer on endpoint 0; the direction is bit 7 of type. Returns as usb_port_write. */
NODISCARD enum status usb_port_control(struct usb_port *port, const struct usb_request *request,
                                       void *data, uint16_t size, int timeout_ms, size_t *got_out);
