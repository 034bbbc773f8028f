#include "tools/simulator/usbfs.h"
#include "base/log.h"
#include <glib.h>
#include <linux/usbdevice_fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    TRANSFER_SIZE_MAX = 1 << 20,
    INTERFACES_MAX = 32,
    SETUP_SIZE = 8
};

struct usbfs_node {
    struct usb_model *model;
    char *path;
    int fifo_fd;
    bool detached; /* nobody but its clients holds it */
    bool gone;     /* the device left the bus */
    GList *clients;
};

struct usbfs_client {
    struct usbfs_node *node;
    GQueue pending, done; /* of struct transfer */
    uint32_t claimed;     /* a bit for each interface */
};

struct transfer {
    UMockdevIoctlData *urb, *buffer;
    size_t progress; /* OUT bytes the device has taken */
};

static struct usbdevfs_urb *urb_of(const struct transfer *transfer)
{
    return (struct usbdevfs_urb *)transfer->urb->data;
}

static void transfer_destroy(gpointer data)
{
    struct transfer *transfer = data;
    g_clear_object(&transfer->buffer);
    g_clear_object(&transfer->urb);
    g_free(transfer);
}

/* Node */

struct usbfs_node *usbfs_node_create(struct usb_model *model, const char *path, int fifo_fd)
{
    struct usbfs_node *node = g_new0(struct usbfs_node, 1);
    node->model = model;
    node->path = g_strdup(path);
    node->fifo_fd = fifo_fd;
    return node;
}

const char *usbfs_node_path(const struct usbfs_node *node)
{
    return node->path;
}

int usbfs_node_client_count(const struct usbfs_node *node)
{
    return (int)g_list_length(node->clients);
}

static void node_destroy_if_unused(struct usbfs_node *node)
{
    if (!node->detached || node->clients != NULL)
        return;
    close(node->fifo_fd);
    g_free(node->path);
    g_free(node);
}

/* Libusb waits for the node to become writable, then reaps: an empty FIFO says "reap", a full one
 * "wait". A plain file would always say "reap" and spin both processes. */
static void update_readiness(struct usbfs_node *node)
{
    static char filler[4096];
    bool ready = false;
    for (GList *at = node->clients; at != NULL; at = at->next)
        ready |= !g_queue_is_empty(&((struct usbfs_client *)at->data)->done);
    if (ready) {
        while (read(node->fifo_fd, filler, sizeof filler) > 0) {
        }
    } else {
        while (write(node->fifo_fd, filler, sizeof filler) > 0) {
        }
    }
}

static void finish(struct usbfs_client *client, struct transfer *transfer, int status, size_t count)
{
    g_queue_remove(&client->pending, transfer);
    urb_of(transfer)->status = status;
    urb_of(transfer)->actual_length = (int)count;
    g_queue_push_tail(&client->done, transfer);
}

/* True if the transfer ended. */
static bool serve_out(struct usbfs_client *client, struct transfer *transfer)
{
    struct usb_model *model = client->node->model;
    size_t size = (size_t)urb_of(transfer)->buffer_length;
    if (transfer->progress < size) {
        int result = model->ops->bulk_out(model, urb_of(transfer)->endpoint,
                                          transfer->buffer->data + transfer->progress,
                                          size - transfer->progress);
        if (result < 0 && result != USB_NAK) {
            finish(client, transfer, result, transfer->progress);
            return true;
        }
        transfer->progress += result > 0 ? (size_t)result : 0;
    }
    if (transfer->progress < size)
        return false;
    finish(client, transfer, 0, size);
    return true;
}

static bool serve_in(struct usbfs_client *client, struct transfer *transfer)
{
    struct usb_model *model = client->node->model;
    if (urb_of(transfer)->buffer_length == 0) {
        finish(client, transfer, 0, 0);
        return true;
    }
    int result = model->ops->bulk_in(model, urb_of(transfer)->endpoint, transfer->buffer->data,
                                     (size_t)urb_of(transfer)->buffer_length);
    if (result == USB_NAK)
        return false;
    finish(client, transfer, result < 0 ? result : 0, result < 0 ? 0 : (size_t)result);
    return true;
}

/* A NAKed transfer holds up the later ones of its endpoint, not those of the others. */
static bool serve_client(struct usbfs_client *client)
{
    uint32_t waiting = 0;
    bool progress = false;
    for (GList *at = client->pending.head, *next; at != NULL; at = next) {
        next = at->next;
        struct transfer *transfer = at->data;
        uint8_t endpoint = urb_of(transfer)->endpoint;
        uint32_t bit = 1u << ((endpoint & 15) + (endpoint >> 7) * 16);
        if ((waiting & bit) != 0)
            continue;
        bool ended =
            (endpoint & 0x80) != 0 ? serve_in(client, transfer) : serve_out(client, transfer);
        progress |= ended;
        if (!ended)
            waiting |= bit;
    }
    return progress;
}

void usbfs_node_serve(struct usbfs_node *node)
{
    if (node->gone)
        return;
    bool progress;
    do {
        /* What the device was given may let it answer at once. */
        progress = false;
        node->model->ops->advance(node->model);
        for (GList *at = node->clients; at != NULL; at = at->next)
            progress |= serve_client(at->data);
    } while (progress);
    update_readiness(node);
}

void usbfs_node_shut_down(struct usbfs_node *node)
{
    if (node->gone)
        return;
    node->gone = true;
    for (GList *at = node->clients; at != NULL; at = at->next) {
        struct usbfs_client *client = at->data;
        struct transfer *transfer;
        while ((transfer = g_queue_peek_head(&client->pending)) != NULL)
            finish(client, transfer, -ESHUTDOWN, transfer->progress);
    }
    update_readiness(node);
}

void usbfs_node_detach(struct usbfs_node *node)
{
    usbfs_node_shut_down(node);
    node->detached = true;
    node_destroy_if_unused(node);
}

/* Client */

struct usbfs_client *usbfs_client_create(struct usbfs_node *node)
{
    struct usbfs_client *client = g_new0(struct usbfs_client, 1);
    client->node = node;
    g_queue_init(&client->pending);
    g_queue_init(&client->done);
    node->clients = g_list_append(node->clients, client);
    return client;
}

void usbfs_client_destroy(struct usbfs_client *client)
{
    struct usbfs_node *node = client->node;
    g_queue_clear_full(&client->pending, transfer_destroy);
    g_queue_clear_full(&client->done, transfer_destroy);
    node->clients = g_list_remove(node->clients, client);
    g_free(client);
    update_readiness(node);
    node_destroy_if_unused(node);
}

static bool is_claimed_elsewhere(const struct usbfs_client *client, int interface)
{
    for (GList *at = client->node->clients; at != NULL; at = at->next) {
        const struct usbfs_client *other = at->data;
        if (other != client && (other->claimed & 1u << interface) != 0)
            return true;
    }
    return false;
}

static int claim(struct usbfs_client *client, unsigned interface)
{
    if (interface >= INTERFACES_MAX)
        return -EINVAL;
    if (is_claimed_elsewhere(client, (int)interface))
        return -EBUSY;
    client->claimed |= 1u << interface;
    return 0;
}

static int release(struct usbfs_client *client, unsigned interface)
{
    if (interface >= INTERFACES_MAX || (client->claimed & 1u << interface) == 0)
        return -EINVAL;
    client->claimed &= ~(1u << interface);
    return 0;
}

static int control(struct usbfs_client *client, uint8_t *packet, size_t size)
{
    static uint8_t data[USB_CONTROL_SIZE_MAX];
    struct usb_setup setup = {
        .type = packet[0],
        .request = packet[1],
        .value = (uint16_t)(packet[2] | packet[3] << 8),
        .index = (uint16_t)(packet[4] | packet[5] << 8),
        .length = (uint16_t)(packet[6] | packet[7] << 8),
    };
    if (setup.length > size || setup.length > sizeof data)
        return -EINVAL;
    bool in = (setup.type & 0x80) != 0;
    memset(data, 0, sizeof data);
    if (!in)
        memcpy(data, packet + SETUP_SIZE, setup.length);
    int result = usb_model_control(client->node->model, &setup, data);
    if (in && result > 0)
        memcpy(packet + SETUP_SIZE, data, (size_t)result);
    return result;
}

static int submit_control(struct usbfs_client *client, struct transfer *transfer)
{
    size_t size = (size_t)urb_of(transfer)->buffer_length;
    if (size < SETUP_SIZE)
        return -EINVAL;
    int result = control(client, transfer->buffer->data, size - SETUP_SIZE);
    if (result == -EINVAL)
        return result;
    g_queue_push_tail(&client->pending, transfer);
    bool in = (transfer->buffer->data[0] & 0x80) != 0;
    size_t count = in ? (size_t)MAX(result, 0) : size - SETUP_SIZE;
    finish(client, transfer, result < 0 ? result : 0, result < 0 ? 0 : count);
    return 0;
}

static int submit_bulk(struct usbfs_client *client, struct transfer *transfer)
{
    uint8_t endpoint = urb_of(transfer)->endpoint;
    int interface = usb_model_interface_of(client->node->model, endpoint);
    if (interface < 0)
        return -ENOENT;
    /* The kernel claims silently for a program that forgot to; so do we. */
    int result = claim(client, (unsigned)interface);
    if (result < 0)
        return result;
    g_queue_push_tail(&client->pending, transfer);
    return 0;
}

static int submit(struct usbfs_client *client, struct usbfs_call *call)
{
    int result = -EINVAL;
    struct transfer *transfer = g_new0(struct transfer, 1);
    transfer->urb = g_steal_pointer(&call->data);
    transfer->buffer = g_steal_pointer(&call->buffer);
    if (urb_of(transfer)->buffer_length != 0 && transfer->buffer == NULL)
        goto out;
    switch (urb_of(transfer)->type) {
    case USBDEVFS_URB_TYPE_CONTROL:
        result = submit_control(client, transfer);
        break;
    case USBDEVFS_URB_TYPE_BULK:
    case USBDEVFS_URB_TYPE_INTERRUPT:
        result = submit_bulk(client, transfer);
        break;
    }
out:
    if (result < 0)
        transfer_destroy(transfer);
    return result;
}

static int reap(struct usbfs_client *client, struct usbfs_call *call)
{
    struct transfer *transfer = g_queue_pop_head(&client->done);
    update_readiness(client->node);
    if (transfer == NULL)
        return client->node->gone ? -ENODEV : -EAGAIN;
    bool told = umockdev_ioctl_data_set_ptr(call->data, 0, transfer->urb);
    transfer_destroy(transfer);
    return told ? 0 : -EFAULT;
}

static int discard(struct usbfs_client *client, const UMockdevIoctlData *arg)
{
    gulong address;
    memcpy(&address, arg->data, sizeof address);
    for (GList *at = client->pending.head; at != NULL; at = at->next) {
        struct transfer *transfer = at->data;
        if (transfer->urb->client_addr != address)
            continue;
        finish(client, transfer, -ENOENT, transfer->progress);
        update_readiness(client->node);
        return 0;
    }
    return -EINVAL;
}

static int get_capabilities(struct usbfs_call *call)
{
    static const uint32_t CAPABILITIES =
        USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
        USBDEVFS_CAP_REAP_AFTER_DISCONNECT | USBDEVFS_CAP_ZERO_PACKET;
    memcpy(call->data->data, &CAPABILITIES, sizeof CAPABILITIES);
    return 0;
}

static int standard_request(struct usbfs_client *client, uint8_t type, uint8_t request,
                            unsigned value, unsigned index)
{
    const struct usb_setup setup = {
        .type = type, .request = request, .value = (uint16_t)value, .index = (uint16_t)index
    };
    return usb_model_control(client->node->model, &setup, NULL) < 0 ? -EINVAL : 0;
}

static void reset(struct usbfs_client *client)
{
    struct transfer *transfer;
    while ((transfer = g_queue_peek_head(&client->pending)) != NULL)
        finish(client, transfer, -ENOENT, transfer->progress);
    client->node->model->ops->reset(client->node->model);
}

/* DISCONNECT and CONNECT: no kernel driver is ever bound to a virtual device. */
static int driver_ioctl(const struct usbfs_call *call)
{
    struct usbdevfs_ioctl command;
    memcpy(&command, call->data->data, sizeof command);
    switch ((unsigned)command.ioctl_code) {
    case USBDEVFS_DISCONNECT:
        return -ENODATA;
    case USBDEVFS_CONNECT:
        return 0;
    }
    return -ENOTTY;
}

/* Bytes behind an ioctl's argument; 0: the argument is no pointer, or not used. */
static size_t argument_size(gulong request)
{
    switch (request) {
    case USBDEVFS_SUBMITURB:
        return sizeof(struct usbdevfs_urb);
    case USBDEVFS_REAPURB:
    case USBDEVFS_REAPURBNDELAY:
        return sizeof(void *);
    case USBDEVFS_GET_CAPABILITIES:
    case USBDEVFS_CLAIMINTERFACE:
    case USBDEVFS_RELEASEINTERFACE:
    case USBDEVFS_SETCONFIGURATION:
    case USBDEVFS_CLEAR_HALT:
    case USBDEVFS_RESETEP:
        return sizeof(unsigned);
    case USBDEVFS_SETINTERFACE:
        return sizeof(struct usbdevfs_setinterface);
    case USBDEVFS_DISCONNECT_CLAIM:
        return sizeof(struct usbdevfs_disconnect_claim);
    case USBDEVFS_IOCTL:
        return sizeof(struct usbdevfs_ioctl);
    }
    return 0;
}

void usbfs_call_load(struct usbfs_call *call, gulong request, UMockdevIoctlData *arg)
{
    *call = (struct usbfs_call){ .request = request, .arg = arg };
    size_t size = argument_size(request);
    if (size == 0)
        return;
    call->data = umockdev_ioctl_data_resolve(arg, 0, size, NULL);
    if (request != USBDEVFS_SUBMITURB || call->data == NULL)
        return;
    int length = ((const struct usbdevfs_urb *)call->data->data)->buffer_length;
    if (length > 0 && length <= TRANSFER_SIZE_MAX)
        call->buffer = umockdev_ioctl_data_resolve(
            call->data, G_STRUCT_OFFSET(struct usbdevfs_urb, buffer), (gsize)length, NULL);
}

void usbfs_call_release(struct usbfs_call *call)
{
    g_clear_object(&call->buffer);
    g_clear_object(&call->data);
}

/* The argument's n-th number. */
static unsigned number(const struct usbfs_call *call, size_t n)
{
    unsigned value;
    memcpy(&value, call->data->data + n * sizeof value, sizeof value);
    return value;
}

int usbfs_client_ioctl(struct usbfs_client *client, struct usbfs_call *call)
{
    if (argument_size(call->request) > 0 && call->data == NULL)
        return -EFAULT;
    if (call->request == USBDEVFS_REAPURB || call->request == USBDEVFS_REAPURBNDELAY)
        return reap(client, call);
    if (client->node->gone)
        return -ENODEV;
    switch (call->request) {
    case USBDEVFS_SUBMITURB:
        return submit(client, call);
    case USBDEVFS_DISCARDURB:
        return discard(client, call->arg);
    case USBDEVFS_GET_CAPABILITIES:
        return get_capabilities(call);
    case USBDEVFS_CLAIMINTERFACE:
    case USBDEVFS_DISCONNECT_CLAIM: /* begins with the interface too */
        return claim(client, number(call, 0));
    case USBDEVFS_RELEASEINTERFACE:
        return release(client, number(call, 0));
    case USBDEVFS_SETCONFIGURATION:
        return standard_request(client, 0x00, 0x09, number(call, 0), 0);
    case USBDEVFS_SETINTERFACE:
        return standard_request(client, 0x01, 0x0B, number(call, 1), number(call, 0));
    case USBDEVFS_CLEAR_HALT:
    case USBDEVFS_RESETEP:
        return standard_request(client, 0x02, 0x01, 0, number(call, 0));
    case USBDEVFS_RESET:
        reset(client);
        return 0;
    case USBDEVFS_GETDRIVER:
        return -ENODATA;
    case USBDEVFS_IOCTL:
        return driver_ioctl(call);
    }
    log_warning("simulator", "unknown_ioctl", "request %lx", call->request);
    return -ENOTTY;
}
