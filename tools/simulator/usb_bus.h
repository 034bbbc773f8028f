/*
 * The virtual bus: models behind a transport, so that unmodified programs with the unmodified
 * libusb reach them from other processes.
 *
 * Nothing ticks: a timer exists only while a model has something scheduled.
 *
 * Threads:   a transport may call from a thread of its own, everything else is on the main thread.
 *            Every touch of a model happens between usb_bus_lock() and usb_bus_unlock(); unlocking
 *            serves the transfers that became possible. Needs a running GLib main loop.
 * Ownership: models outlive the bus.
 */
#pragma once
#include "tools/simulator/usb_model.h"
#include <glib.h>

struct usb_bus;
struct usb_port;
struct usb_node; /* a device as the host sees it, from attach to detach; the transport's own */

/* How the host reaches the models. All fields are mandatory; all calls but open under the lock. */
struct usb_transport {
    /* NULL: this process cannot; what is missing was said. */
    void *(*open)(void);
    void (*close)(void *state);
    /* Appends what a program needs in its environment, as NAME=value lines. */
    void (*env)(void *state, GString *out);
    /* The device appears, under a new number each time. NULL: it could not. Main thread. */
    struct usb_node *(*attach)(void *state, struct usb_bus *bus, struct usb_model *model,
                               int port_number);
    void (*detach)(struct usb_node *node);
    /* Carries on every transfer that can be carried on. */
    void (*serve)(struct usb_node *node);
    /* The device has lost its power: transfers end now. Any thread. */
    void (*shut_down)(struct usb_node *node);
    /* How many programs have it open; -1: not known. */
    int (*clients)(const struct usb_node *node);
};

/*
 * Behind umockdev, without kernel USB. Requires the preload library from the start of the process.
 * Each device node is a FIFO kept full while nothing can be reaped; poll() then blocks as it does
 * on the real usbfs.
 */
extern const struct usb_transport usb_transport_umockdev;
/* Behind the kernel's own USB stack, through its virtual controller. Requires root and vhci_hcd. */
extern const struct usb_transport usb_transport_vhci;

/* NULL if the transport is not to be had here. */
struct usb_bus *usb_bus_create(const struct usb_transport *transport);
/* Unplugs everything. */
void usb_bus_destroy(struct usb_bus *bus);

/* What programs must find in their environment, as NAME=value lines. */
void usb_bus_env(const struct usb_bus *bus, GString *out);

void usb_bus_lock(struct usb_bus *bus);
void usb_bus_unlock(struct usb_bus *bus);

/* Called under the lock whenever something was served; may be NULL. */
void usb_bus_on_served(struct usb_bus *bus, void (*on_served)(void *context), void *context);

/* A socket of the bus with a device in it; its cable is not plugged in yet. */
struct usb_port *usb_bus_add(struct usb_bus *bus, struct usb_model *model);

/* The cable. Under the lock; the device appears or leaves from the main loop right after, under a
 * new device number each time. */
void usb_port_set_cable(struct usb_port *port, bool in);
bool usb_port_has_cable(const struct usb_port *port);
/* True while the host can see the device: cable in and model powered. */
bool usb_port_is_attached(const struct usb_port *port);
/* How many programs have the device open; -1: the transport cannot know. */
int usb_port_clients(const struct usb_port *port);

/* Leaves the bus and comes back at once, for instance with other descriptors. Under the lock. */
void usb_port_reconnect(struct usb_port *port);
