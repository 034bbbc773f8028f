/*
 * The kernel's virtual USB controller, vhci_hcd, fed over a socket in the protocol of USB/IP
 * (Documentation/usb/usbip_protocol.rst). The kernel does the rest: hub, addresses, enumeration,
 * usbfs. All numbers on the wire are big endian but the setup packet's.
 *
 * Two things the kernel does not forgive: an answer longer than was asked for, and a CMD_UNLINK
 * without an answer.
 */
#include "base/log.h"
#include "tools/simulator/usb_bus.h"
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char ATTACH[] = "/sys/devices/platform/vhci_hcd.0/attach";

enum {
    CMD_SUBMIT = 1,
    CMD_UNLINK = 2,
    RET_SUBMIT = 3,
    RET_UNLINK = 4
};

enum {
    PORTS = 8, /* of the controller's USB 2 hub; more than devices, as a port left needs time */
    SPEED_FULL = 2,
    HEADER_SIZE = 48,
    SETUP_OFFSET = 40,
    TRANSFER_SIZE_MAX = 1 << 20
};

struct transfer {
    uint32_t sequence;
    uint8_t endpoint; /* with the direction in bit 7 */
    size_t size, progress;
    uint8_t *data;
};

struct controller {
    int next_port;
};

struct usb_node {
    struct usb_bus *bus;
    struct usb_model *model;
    int sock;
    guint watch;
    GByteArray *inbox; /* what came and is not a whole command yet */
    GQueue pending;    /* of struct transfer */
    bool is_gone;
};

static uint32_t number_at(const uint8_t *header, int n)
{
    uint32_t value;
    memcpy(&value, header + n * 4, sizeof value);
    return GUINT32_FROM_BE(value);
}

static void put_number(uint8_t *header, int n, uint32_t value)
{
    value = GUINT32_TO_BE(value);
    memcpy(header + n * 4, &value, sizeof value);
}

static void transfer_destroy(gpointer data)
{
    struct transfer *transfer = data;
    g_free(transfer->data);
    g_free(transfer);
}

/* Header and data in one piece; the kernel reads as fast as we write. */
static void send_answer(struct usb_node *node, uint8_t *answer, size_t size)
{
    while (size > 0 && !node->is_gone) {
        ssize_t sent = send(node->sock, answer, size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            node->is_gone = true;
        answer += sent > 0 ? sent : 0;
        size -= sent > 0 ? (size_t)sent : 0;
    }
}

static void answer_submit(struct usb_node *node, uint32_t sequence, int status, size_t count,
                          const uint8_t *in)
{
    size_t size = HEADER_SIZE + (in == NULL ? 0 : count);
    uint8_t *answer = g_malloc0(size);
    put_number(answer, 0, RET_SUBMIT);
    put_number(answer, 1, sequence);
    put_number(answer, 5, (uint32_t)status);
    put_number(answer, 6, (uint32_t)count);
    if (in != NULL && count > 0)
        memcpy(answer + HEADER_SIZE, in, count);
    send_answer(node, answer, size);
    g_free(answer);
}

static void finish(struct usb_node *node, struct transfer *transfer, int result)
{
    bool in = (transfer->endpoint & 0x80) != 0;
    g_queue_remove(&node->pending, transfer);
    answer_submit(node, transfer->sequence, result < 0 ? result : 0,
                  result < 0 ? 0 : (size_t)result, in ? transfer->data : NULL);
    transfer_destroy(transfer);
}

/* ---- serving ---- */

/* Each returns the transfer's result, or USB_NAK while it has to wait. */
static int serve_out(struct usb_model *model, struct transfer *transfer)
{
    if (transfer->progress < transfer->size) {
        int result =
            model->ops->bulk_out(model, transfer->endpoint, transfer->data + transfer->progress,
                                 transfer->size - transfer->progress);
        if (result < 0)
            return result;
        transfer->progress += (size_t)result;
    }
    return transfer->progress < transfer->size ? USB_NAK : (int)transfer->size;
}

static int serve_in(struct usb_model *model, struct transfer *transfer)
{
    if (transfer->size == 0)
        return 0;
    return model->ops->bulk_in(model, transfer->endpoint, transfer->data, transfer->size);
}

/* A NAKed transfer holds up the later ones of its endpoint, not those of the others. */
static bool serve_pending(struct usb_node *node)
{
    uint32_t waiting = 0;
    bool progress = false;
    for (GList *at = node->pending.head, *next; at != NULL; at = next) {
        next = at->next;
        struct transfer *transfer = at->data;
        uint32_t bit = 1u << ((transfer->endpoint & 15) + (transfer->endpoint >> 7) * 16);
        if ((waiting & bit) != 0)
            continue;
        int result = (transfer->endpoint & 0x80) != 0 ? serve_in(node->model, transfer)
                                                      : serve_out(node->model, transfer);
        if (result == USB_NAK) {
            waiting |= bit;
            continue;
        }
        finish(node, transfer, result);
        progress = true;
    }
    return progress;
}

static void serve(struct usb_node *node)
{
    bool progress = true;
    while (progress && !node->is_gone) {
        /* What the device was given may let it answer at once. */
        node->model->ops->advance(node->model);
        progress = serve_pending(node);
    }
}

/* ---- commands ---- */

static void take_control(struct usb_node *node, uint32_t sequence, const uint8_t *setup_bytes,
                         const uint8_t *out, size_t size)
{
    static uint8_t data[USB_CONTROL_SIZE_MAX];
    struct usb_setup setup = {
        .type = setup_bytes[0],
        .request = setup_bytes[1],
        .value = (uint16_t)(setup_bytes[2] | setup_bytes[3] << 8),
        .index = (uint16_t)(setup_bytes[4] | setup_bytes[5] << 8),
        .length = (uint16_t)(setup_bytes[6] | setup_bytes[7] << 8),
    };
    bool in = (setup.type & 0x80) != 0;
    memset(data, 0, sizeof data);
    int result = USB_STALL;
    if (setup.length <= sizeof data && (in || setup.length <= size)) {
        if (!in)
            memcpy(data, out, setup.length);
        result = usb_model_control(node->model, &setup, data);
    }
    if (in && result > (int)size)
        result = (int)size;
    size_t count = result < 0 ? 0 : in ? (size_t)result : size;
    answer_submit(node, sequence, result < 0 ? result : 0, count, in ? data : NULL);
}

static void take_submit(struct usb_node *node, const uint8_t *header, size_t size)
{
    bool in = number_at(header, 3) == 1;
    uint8_t endpoint = (uint8_t)((number_at(header, 4) & 15) | (in ? 0x80 : 0));
    uint32_t sequence = number_at(header, 1);
    const uint8_t *out = header + HEADER_SIZE;
    if ((endpoint & 15) == 0) {
        take_control(node, sequence, header + SETUP_OFFSET, out, size);
        return;
    }
    struct transfer *transfer = g_new0(struct transfer, 1);
    transfer->sequence = sequence;
    transfer->endpoint = endpoint;
    transfer->size = size;
    transfer->data = g_malloc0(size + 1);
    if (!in && size > 0)
        memcpy(transfer->data, out, size);
    g_queue_push_tail(&node->pending, transfer);
}

/* A transfer that is still here ends with -ECONNRESET, which is its only answer; for one that has
 * ended the answer is 0. */
static void take_unlink(struct usb_node *node, const uint8_t *header)
{
    int status = 0;
    for (GList *at = node->pending.head; at != NULL; at = at->next) {
        struct transfer *transfer = at->data;
        if (transfer->sequence != number_at(header, 5))
            continue;
        g_queue_delete_link(&node->pending, at);
        transfer_destroy(transfer);
        status = -ECONNRESET;
        break;
    }
    uint8_t answer[HEADER_SIZE] = { 0 };
    put_number(answer, 0, RET_UNLINK);
    put_number(answer, 1, number_at(header, 1));
    put_number(answer, 5, (uint32_t)status);
    send_answer(node, answer, sizeof answer);
}

/* One whole command off the front of the inbox; false: there is none. */
static bool take_command(struct usb_node *node)
{
    const uint8_t *header = node->inbox->data;
    if (node->is_gone || node->inbox->len < HEADER_SIZE)
        return false;
    bool submits = number_at(header, 0) == CMD_SUBMIT;
    size_t size = submits ? number_at(header, 6) : 0;
    size_t whole = HEADER_SIZE + (number_at(header, 3) == 0 ? size : 0);
    if (size > TRANSFER_SIZE_MAX || (!submits && number_at(header, 0) != CMD_UNLINK)) {
        log_error("simulator", "vhci_nonsense", "command %u of %zu bytes", number_at(header, 0),
                  size);
        node->is_gone = true;
        return false;
    }
    if (node->inbox->len < whole)
        return false;
    if (submits)
        take_submit(node, header, size);
    else
        take_unlink(node, header);
    g_byte_array_remove_range(node->inbox, 0, (guint)whole);
    return true;
}

static gboolean on_readable(gint sock, GIOCondition condition, gpointer context)
{
    (void)condition;
    struct usb_node *node = context;
    uint8_t piece[16384];
    ssize_t size = recv(sock, piece, sizeof piece, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    struct usb_bus *bus = node->bus;
    usb_bus_lock(bus);
    if (size <= 0)
        node->is_gone = true;
    else
        g_byte_array_append(node->inbox, piece, (guint)size);
    while (take_command(node)) {
    }
    bool is_over = node->is_gone;
    if (is_over)
        node->watch = 0;
    usb_bus_unlock(bus);
    return is_over ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* ---- coming and going ---- */

static void *open_controller(void)
{
    if (access(ATTACH, W_OK) != 0) {
        fprintf(stderr, "guichet-sim: no virtual controller; as root: modprobe vhci_hcd\n");
        return NULL;
    }
    return g_new0(struct controller, 1);
}

static void close_controller(void *state)
{
    g_free(state);
}

/* Programs need nothing: the devices are the kernel's. */
static void env(void *state, GString *out)
{
    (void)state;
    (void)out;
}

/* Hands one end of a socket to the kernel; it keeps it. False: it does not want it on this port. */
static bool give_to_kernel(int port, int device, int sock)
{
    int fd = open(ATTACH, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    char line[64];
    int size = snprintf(line, sizeof line, "%d %d %d %d", port, sock, device, SPEED_FULL);
    bool ok = write(fd, line, (size_t)size) == size;
    close(fd);
    return ok;
}

/* The port a device has just left is busy for a moment, so each takes the next one. */
static bool find_port(struct controller *controller, int sock)
{
    for (int tries = 0; tries < PORTS; tries++) {
        int port = controller->next_port++ % PORTS;
        if (give_to_kernel(port, 0x10000 + controller->next_port, sock))
            return true;
    }
    return false;
}

static struct usb_node *attach(void *state, struct usb_bus *bus, struct usb_model *model,
                               int port_number)
{
    (void)port_number;
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return NULL;
    struct usb_node *node = g_new0(struct usb_node, 1);
    node->bus = bus;
    node->model = model;
    node->sock = pair[0];
    node->inbox = g_byte_array_new();
    g_queue_init(&node->pending);
    model->ops->plugged(model);
    node->watch = g_unix_fd_add(node->sock, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, node);
    if (!find_port(state, pair[1])) {
        log_error("simulator", "attach_failed", "no port of the controller takes the device: %s",
                  strerror(errno));
        node->is_gone = true;
    }
    close(pair[1]);
    return node;
}

/* For the kernel a closed socket is a pulled cable. */
static void shut_down(struct usb_node *node)
{
    node->is_gone = true;
    shutdown(node->sock, SHUT_RDWR);
}

static void detach(struct usb_node *node)
{
    shut_down(node);
    if (node->watch != 0)
        g_source_remove(node->watch);
    close(node->sock);
    g_queue_clear_full(&node->pending, transfer_destroy);
    g_byte_array_free(node->inbox, TRUE);
    g_free(node);
}

static int clients(const struct usb_node *node)
{
    (void)node;
    return -1; /* the kernel does not tell */
}

const struct usb_transport usb_transport_vhci = {
    .open = open_controller,
    .close = close_controller,
    .env = env,
    .attach = attach,
    .detach = detach,
    .serve = serve,
    .shut_down = shut_down,
    .clients = clients,
};
