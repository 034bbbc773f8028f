/*
 * The virtual bus: models behind umockdev, so that unmodified programs with the unmodified libusb
 * reach them from other processes without kernel USB.
 *
 * Each device node is a FIFO kept full while nothing can be reaped; poll() then blocks as it does
 * on the real usbfs. Nothing ticks: a timer exists only while a model has something scheduled.
 *
 * Threads:   ioctls arrive on umockdev's thread, everything else on the main thread. Every touch of
 *            a model happens between usb_bus_lock() and usb_bus_unlock(); unlocking serves the
 *            transfers that became possible. Needs a running GLib main loop.
 * Ownership: models and their names outlive the bus.
 * Requires:  the process runs under umockdev's preload library.
 */
#pragma once
#include "tools/simulator/usb_model.h"

struct usb_bus;
struct usb_port;

/* NULL if the process does not run under the preload library. */
struct usb_bus *usb_bus_create(void);
/* Unplugs everything and removes the testbed's directory. */
void usb_bus_destroy(struct usb_bus *bus);

/* The directory programs must find in UMOCKDEV_DIR; lives as long as the bus. */
const char *usb_bus_directory(const struct usb_bus *bus);

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
/* How many programs have the device open. */
int usb_port_clients(const struct usb_port *port);

/* Leaves the bus and comes back at once, for instance with other descriptors. Under the lock. */
void usb_port_reconnect(struct usb_port *port);
