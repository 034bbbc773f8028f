#include "tools/simulator/transport_umockdev.h"
#include "base/check.h"
#include "base/log.h"
#include "tools/simulator/usbfs.h"
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

enum {
    PORTS_MAX = 8
};

struct usb_port {
    struct usb_bus *bus;
    struct usb_model *model;
    int number; /* 1.. */
    bool cable;
    bool reconnect;          /* leave the bus once although cable and power are there */
    struct usbfs_node *node; /* NULL while off the bus */
    UMockdevIoctlBase *handler;
    char syspath[64]; /* below /sys */
};

struct usb_bus {
    GRecMutex lock;
    UMockdevTestbed *testbed;
    char *directory;
    struct usb_port ports[PORTS_MAX];
    int port_count;
    int next_device_number;
    GSource *timer;
    int64_t timer_at_ms;
    guint sync_id;
    int lock_depth;
    void (*on_served)(void *context);
    void *on_served_context;
};

struct usb_bus *usb_bus_create(void)
{
    UMockdevTestbed *testbed = umockdev_testbed_new();
    if (!umockdev_in_mock_environment()) {
        g_object_unref(testbed);
        return NULL;
    }
    struct usb_bus *bus = g_new0(struct usb_bus, 1);
    g_rec_mutex_init(&bus->lock);
    bus->testbed = testbed;
    bus->directory = umockdev_testbed_get_root_dir(testbed);
    bus->timer_at_ms = -1;
    return bus;
}

const char *usb_bus_directory(const struct usb_bus *bus)
{
    return bus->directory;
}

void usb_bus_on_served(struct usb_bus *bus, void (*on_served)(void *context), void *context)
{
    usb_bus_lock(bus);
    bus->on_served = on_served;
    bus->on_served_context = context;
    usb_bus_unlock(bus);
}

/* Coming and going. Only the main thread talks to the testbed. */

static void append_hex(GString *out, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        g_string_append_printf(out, "%02x", data[i]);
}

/* A device in umockdev's record format, with the attributes libusb reads. */
static char *describe(const struct usb_port *port, int device_number)
{
    const struct usb_descriptors *descriptors = port->model->ops->descriptors(port->model);
    const uint8_t *device = descriptors->device;
    unsigned vid = (unsigned)(device[8] | device[9] << 8);
    unsigned pid = (unsigned)(device[10] | device[11] << 8);
    unsigned version = (unsigned)(device[12] | device[13] << 8);
    GString *out = g_string_new(NULL);
    g_string_append_printf(out,
                           "P: %s\nE: DEVNAME=/dev/bus/usb/001/%03d\nE: SUBSYSTEM=usb\n"
                           "E: DRIVER=usb\nE: DEVTYPE=usb_device\nE: BUSNUM=001\nE: DEVNUM=%03d\n"
                           "E: MAJOR=189\nE: MINOR=%d\nE: PRODUCT=%x/%x/%x\n",
                           port->syspath, device_number, device_number, device_number - 1, vid, pid,
                           version);
    g_string_append_printf(out,
                           "A: busnum=1\\n\nA: devnum=%d\\n\nA: speed=12\\n\n"
                           "A: bConfigurationValue=1\\n\nA: bDeviceClass=%02x\\n\n"
                           "A: idVendor=%04x\\n\nA: idProduct=%04x\\n\nA: bcdDevice=%04x\\n\n",
                           device_number, device[4], vid, pid, version);
    g_string_append(out, "H: descriptors=");
    append_hex(out, device, 18);
    append_hex(out, descriptors->configuration, descriptors->configuration_size);
    g_string_append(out, "\n");
    return g_string_free(out, FALSE);
}

static int make_fifo(const struct usb_bus *bus, const char *node_path)
{
    char *path = g_strconcat(bus->directory, node_path, NULL);
    char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0755);
    unlink(path);
    int fd = -1;
    if (mkfifo(path, 0666) == 0)
        fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0)
        fcntl(fd, F_SETPIPE_SZ, 4096);
    g_free(folder);
    g_free(path);
    return fd;
}

static void on_client(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer context);
static gboolean on_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer context);

static void attach(struct usb_port *port)
{
    struct usb_bus *bus = port->bus;
    char path[64];
    int number = ++bus->next_device_number;
    snprintf(path, sizeof path, "/dev/bus/usb/001/%03d", number);

    port->handler = umockdev_ioctl_base_new();
    g_signal_connect(port->handler, "client-connected", G_CALLBACK(on_client), port);
    g_signal_connect(port->handler, "handle-ioctl", G_CALLBACK(on_ioctl), port);
    if (!umockdev_testbed_attach_ioctl(bus->testbed, path, port->handler, NULL)) {
        log_error("simulator", "attach_failed", "no ioctl socket for device %d", number);
        return;
    }
    int fd = make_fifo(bus, path);
    CHECK(fd >= 0);
    port->node = usbfs_node_create(port->model, path, fd);
    port->model->ops->plugged(port->model);

    /* The node had to exist first: this call already sends the "add" event. */
    GError *error = NULL;
    char *description = describe(port, number);
    if (!umockdev_testbed_add_from_string(bus->testbed, description, &error)) {
        log_error("simulator", "attach_failed", "%s", error->message);
        g_error_free(error);
    }
    g_free(description);
}

static void detach(struct usb_port *port)
{
    struct usb_bus *bus = port->bus;
    char path[96];
    snprintf(path, sizeof path, "/sys%s", port->syspath);
    umockdev_testbed_uevent(bus->testbed, path, "remove");
    umockdev_testbed_remove_device(bus->testbed, path);
    umockdev_testbed_detach_ioctl(bus->testbed, usbfs_node_path(port->node), NULL);
    char *node_path = g_strconcat(bus->directory, usbfs_node_path(port->node), NULL);
    unlink(node_path);
    g_free(node_path);
    usbfs_node_detach(port->node);
    port->node = NULL;
    g_object_unref(port->handler);
    port->handler = NULL;
}

static bool is_wanted(const struct usb_port *port)
{
    return port->cable && port->model->powered && !port->reconnect;
}

static gboolean sync_ports(gpointer context)
{
    struct usb_bus *bus = context;
    usb_bus_lock(bus);
    bus->sync_id = 0;
    for (int i = 0; i < bus->port_count; i++) {
        struct usb_port *port = &bus->ports[i];
        if (port->node != NULL && !is_wanted(port))
            detach(port);
        port->reconnect = false;
        if (port->node == NULL && is_wanted(port))
            attach(port);
    }
    usb_bus_unlock(bus);
    return G_SOURCE_REMOVE;
}

/* Serving */

static gboolean on_timer(gpointer context)
{
    struct usb_bus *bus = context;
    usb_bus_lock(bus);
    bus->timer_at_ms = -1;
    usb_bus_unlock(bus);
    return G_SOURCE_REMOVE;
}

static void arm_timer(struct usb_bus *bus)
{
    int64_t at_ms = -1, now_ms = 0;
    for (int i = 0; i < bus->port_count; i++) {
        struct usb_model *model = bus->ports[i].model;
        int64_t due_ms = model->ops->due_ms(model);
        now_ms = usb_model_now(model);
        if (due_ms >= 0 && (at_ms < 0 || due_ms < at_ms))
            at_ms = due_ms;
    }
    if (at_ms == bus->timer_at_ms)
        return;
    if (bus->timer != NULL) {
        g_source_destroy(bus->timer);
        g_source_unref(bus->timer);
        bus->timer = NULL;
    }
    bus->timer_at_ms = at_ms;
    if (at_ms < 0)
        return;
    bus->timer = g_timeout_source_new(at_ms > now_ms ? (guint)(at_ms - now_ms) : 0);
    g_source_set_callback(bus->timer, on_timer, bus, NULL);
    g_source_attach(bus->timer, NULL);
}

/* Power that is back before the bus has noticed is a new device all the same: its old node is dead.
 */
static void shut_down(struct usb_port *port)
{
    usbfs_node_shut_down(port->node);
    port->reconnect = true;
}

static void serve(struct usb_bus *bus)
{
    for (int i = 0; i < bus->port_count; i++) {
        struct usb_port *port = &bus->ports[i];
        port->model->ops->advance(port->model);
        if (port->node != NULL && is_wanted(port))
            usbfs_node_serve(port->node);
        else if (port->node != NULL)
            shut_down(port);
        if ((port->node != NULL) != is_wanted(port) && bus->sync_id == 0)
            bus->sync_id = g_idle_add(sync_ports, bus);
    }
    if (bus->on_served != NULL)
        bus->on_served(bus->on_served_context);
}

void usb_bus_lock(struct usb_bus *bus)
{
    g_rec_mutex_lock(&bus->lock);
    bus->lock_depth++;
}

void usb_bus_unlock(struct usb_bus *bus)
{
    if (bus->lock_depth == 1) {
        serve(bus);
        arm_timer(bus);
    }
    bus->lock_depth--;
    g_rec_mutex_unlock(&bus->lock);
}

/* Clients: one for each open device node of a program. */

struct client {
    struct usb_bus *bus;
    struct usbfs_client *usbfs;
};

/* A program killed inside an ioctl is noticed only when umockdev drops its client object, so this
 * must take the lock itself. */
static void client_gone(gpointer context)
{
    struct client *client = context;
    struct usb_bus *bus = client->bus;
    usb_bus_lock(bus);
    usbfs_client_destroy(client->usbfs);
    g_free(client);
    usb_bus_unlock(bus);
}

static struct usbfs_client *client_of(UMockdevIoctlClient *client)
{
    struct client *state = g_object_get_data(G_OBJECT(client), "client");
    return state == NULL ? NULL : state->usbfs;
}

static void on_connected_changed(GObject *client, GParamSpec *spec, gpointer context)
{
    (void)spec;
    struct usb_bus *bus = context;
    if (umockdev_ioctl_client_get_connected(UMOCKDEV_IOCTL_CLIENT(client)))
        return;
    usb_bus_lock(bus);
    g_object_set_data(client, "client", NULL);
    usb_bus_unlock(bus);
}

static void on_client(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer context)
{
    (void)handler;
    struct usb_port *port = context;
    struct usb_bus *bus = port->bus;
    usb_bus_lock(bus);
    if (port->node != NULL) {
        struct client *state = g_new(struct client, 1);
        *state = (struct client){ bus, usbfs_client_create(port->node) };
        g_object_set_data_full(G_OBJECT(client), "client", state, client_gone);
    }
    usb_bus_unlock(bus);
    g_signal_connect(client, "notify::connected", G_CALLBACK(on_connected_changed), bus);
}

static gboolean on_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer context)
{
    (void)handler;
    struct usb_port *port = context;
    struct usb_bus *bus = port->bus;
    struct usbfs_call call;
    usbfs_call_load(&call, umockdev_ioctl_client_get_request(client),
                    umockdev_ioctl_client_get_arg(client));
    usb_bus_lock(bus);
    struct usbfs_client *state = client_of(client);
    int result = state == NULL ? -ENODEV : usbfs_client_ioctl(state, &call);
    usb_bus_unlock(bus);
    usbfs_call_release(&call);
    umockdev_ioctl_client_complete(client, result < 0 ? -1 : result, result < 0 ? -result : 0);
    return TRUE;
}

struct usb_port *usb_bus_add(struct usb_bus *bus, struct usb_model *model)
{
    CHECK(bus->port_count < PORTS_MAX);
    struct usb_port *port = &bus->ports[bus->port_count++];
    port->bus = bus;
    port->model = model;
    port->number = bus->port_count;
    snprintf(port->syspath, sizeof port->syspath, "/devices/pci0000:00/usb1/1-%d", port->number);
    return port;
}

void usb_port_set_cable(struct usb_port *port, bool in)
{
    port->cable = in;
}

bool usb_port_has_cable(const struct usb_port *port)
{
    return port->cable;
}

bool usb_port_is_attached(const struct usb_port *port)
{
    return port->node != NULL;
}

int usb_port_clients(const struct usb_port *port)
{
    return port->node == NULL ? 0 : usbfs_node_client_count(port->node);
}

void usb_port_reconnect(struct usb_port *port)
{
    port->reconnect = port->node != NULL;
}

void usb_bus_destroy(struct usb_bus *bus)
{
    usb_bus_lock(bus);
    for (int i = 0; i < bus->port_count; i++)
        bus->ports[i].cable = false;
    bus->on_served = NULL;
    usb_bus_unlock(bus);
    sync_ports(bus);
    if (bus->sync_id != 0)
        g_source_remove(bus->sync_id);
    if (bus->timer != NULL) {
        g_source_destroy(bus->timer);
        g_source_unref(bus->timer);
    }
    /* umockdev's thread may still deliver the end of a client: bus and lock live on. */
    g_object_unref(bus->testbed);
    g_free(bus->directory);
}
