/*
 * The kernel's side of one USB device node, spoken over umockdev: ioctls in, URBs out.
 *
 * Threads:   every call under the bus's lock.
 * Ownership: a node lives until it is detached and its last client is gone; clients belong to the
 *            umockdev client object they serve.
 */
#pragma once
#include "tools/simulator/usb_model.h"
#include <errno.h>
#include <umockdev.h>

struct usbfs_node;
struct usbfs_client;

/* fifo_fd is the device node, opened for reading and writing; the node closes it. */
struct usbfs_node *usbfs_node_create(struct usb_model *model, const char *path, int fifo_fd);
const char *usbfs_node_path(const struct usbfs_node *node);
int usbfs_node_client_count(const struct usbfs_node *node);

/* Carries on every transfer that can be carried on. */
void usbfs_node_serve(struct usbfs_node *node);
/* The device is gone: transfers end with ESHUTDOWN, everything later with ENODEV. */
void usbfs_node_shut_down(struct usbfs_node *node);
/* Shuts down and gives the node up. */
void usbfs_node_detach(struct usbfs_node *node);

struct usbfs_client *usbfs_client_create(struct usbfs_node *node);
/* The program closed the node or died: its transfers are dropped, its interfaces released. */
void usbfs_client_destroy(struct usbfs_client *client);

/*
 * One ioctl, with the program's memory it needs. Loading waits for the program, which may have been
 * stopped in the middle: so it happens without the lock, or a frozen program would freeze the bus.
 */
struct usbfs_call {
    gulong request;
    UMockdevIoctlData *arg;
    UMockdevIoctlData *data;   /* what arg points at; NULL: nothing, or not readable */
    UMockdevIoctlData *buffer; /* of an URB */
};

void usbfs_call_load(struct usbfs_call *call, gulong request, UMockdevIoctlData *arg);
void usbfs_call_release(struct usbfs_call *call);

/* Answers one ioctl: a result of 0 or more, or a negative errno. */
int usbfs_client_ioctl(struct usbfs_client *client, struct usbfs_call *call);
