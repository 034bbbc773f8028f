#include "base/check.h"
#include "base/log.h"
#include "tools/simulator/usb_bus.h"
#include "tools/simulator/usbfs.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

enum {
    PORTS_MAX = 8
};

/* One for each port, and kept: umockdev's thread may be on its way here with one more ioctl after
 * the device has left. */
struct usb_node {
    struct testbed *testbed;
    struct usb_bus *bus;
    struct usb_model *model;
    struct usbfs_node *usbfs; /* NULL while off the bus */
    UMockdevIoctlBase *handler;
    char syspath[64]; /* below /sys */
};

struct testbed {
    UMockdevTestbed *umockdev;
    char *directory;
    int next_device_number;
    struct usb_node nodes[PORTS_MAX];
};

static void *open_testbed(void)
{
    UMockdevTestbed *umockdev = umockdev_testbed_new();
    if (!umockdev_in_mock_environment()) {
        g_object_unref(umockdev);
        fprintf(stderr, "guichet-sim: umockdev's preload library is not active\n");
        return NULL;
    }
    struct testbed *testbed = g_new0(struct testbed, 1);
    testbed->umockdev = umockdev;
    testbed->directory = umockdev_testbed_get_root_dir(umockdev);
    return testbed;
}

/* Removes its directory. The nodes live on, see above. */
static void close_testbed(void *state)
{
    struct testbed *testbed = state;
    g_object_unref(testbed->umockdev);
    g_free(testbed->directory);
}

static void env(void *state, GString *out)
{
    const struct testbed *testbed = state;
    g_string_append_printf(out,
                           "UMOCKDEV_DIR=%s\nLD_PRELOAD=libumockdev-preload.so.0\n"
                           "ASAN_OPTIONS=verify_asan_link_order=0\n",
                           testbed->directory);
}

/* Coming and going. Only the main thread talks to the testbed. */

static void append_hex(GString *out, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        g_string_append_printf(out, "%02x", data[i]);
}

/* A device in umockdev's record format, with the attributes libusb reads. */
static char *describe(const struct usb_node *node, int device_number)
{
    const struct usb_descriptors *descriptors = node->model->ops->descriptors(node->model);
    const uint8_t *device = descriptors->device;
    unsigned vid = (unsigned)(device[8] | device[9] << 8);
    unsigned pid = (unsigned)(device[10] | device[11] << 8);
    unsigned version = (unsigned)(device[12] | device[13] << 8);
    GString *out = g_string_new(NULL);
    g_string_append_printf(out,
                           "P: %s\nE: DEVNAME=/dev/bus/usb/001/%03d\nE: SUBSYSTEM=usb\n"
                           "E: DRIVER=usb\nE: DEVTYPE=usb_device\nE: BUSNUM=001\nE: DEVNUM=%03d\n"
                           "E: MAJOR=189\nE: MINOR=%d\nE: PRODUCT=%x/%x/%x\n",
                           node->syspath, device_number, device_number, device_number - 1, vid, pid,
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

static int make_fifo(const struct testbed *testbed, const char *node_path)
{
    char *path = g_strconcat(testbed->directory, node_path, NULL);
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

static struct usb_node *attach(void *state, struct usb_bus *bus, struct usb_model *model,
                               int port_number)
{
    struct testbed *testbed = state;
    CHECK(port_number >= 1 && port_number <= PORTS_MAX);
    struct usb_node *node = &testbed->nodes[port_number - 1];
    node->testbed = testbed;
    node->bus = bus;
    node->model = model;
    snprintf(node->syspath, sizeof node->syspath, "/devices/pci0000:00/usb1/1-%d", port_number);
    char path[64];
    int number = ++testbed->next_device_number;
    snprintf(path, sizeof path, "/dev/bus/usb/001/%03d", number);

    node->handler = umockdev_ioctl_base_new();
    g_signal_connect(node->handler, "client-connected", G_CALLBACK(on_client), node);
    g_signal_connect(node->handler, "handle-ioctl", G_CALLBACK(on_ioctl), node);
    if (!umockdev_testbed_attach_ioctl(testbed->umockdev, path, node->handler, NULL)) {
        log_error("simulator", "attach_failed", "no ioctl socket for device %d", number);
        g_object_unref(node->handler);
        return NULL;
    }
    int fd = make_fifo(testbed, path);
    CHECK(fd >= 0);
    node->usbfs = usbfs_node_create(model, path, fd);
    model->ops->plugged(model);

    /* The node had to exist first: this call already sends the "add" event. */
    GError *error = NULL;
    char *description = describe(node, number);
    if (!umockdev_testbed_add_from_string(testbed->umockdev, description, &error)) {
        log_error("simulator", "attach_failed", "%s", error->message);
        g_error_free(error);
    }
    g_free(description);
    return node;
}

static void detach(struct usb_node *node)
{
    struct testbed *testbed = node->testbed;
    char path[96];
    snprintf(path, sizeof path, "/sys%s", node->syspath);
    umockdev_testbed_uevent(testbed->umockdev, path, "remove");
    umockdev_testbed_remove_device(testbed->umockdev, path);
    umockdev_testbed_detach_ioctl(testbed->umockdev, usbfs_node_path(node->usbfs), NULL);
    char *node_path = g_strconcat(testbed->directory, usbfs_node_path(node->usbfs), NULL);
    unlink(node_path);
    g_free(node_path);
    usbfs_node_detach(node->usbfs);
    node->usbfs = NULL;
    g_object_unref(node->handler);
}

static void serve(struct usb_node *node)
{
    usbfs_node_serve(node->usbfs);
}

static void shut_down(struct usb_node *node)
{
    usbfs_node_shut_down(node->usbfs);
}

static int clients(const struct usb_node *node)
{
    return usbfs_node_client_count(node->usbfs);
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
    struct usb_node *node = context;
    struct usb_bus *bus = node->bus;
    usb_bus_lock(bus);
    if (node->usbfs != NULL) {
        struct client *state = g_new(struct client, 1);
        *state = (struct client){ bus, usbfs_client_create(node->usbfs) };
        g_object_set_data_full(G_OBJECT(client), "client", state, client_gone);
    }
    usb_bus_unlock(bus);
    g_signal_connect(client, "notify::connected", G_CALLBACK(on_connected_changed), bus);
}

static gboolean on_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer context)
{
    (void)handler;
    struct usb_node *node = context;
    struct usb_bus *bus = node->bus;
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

const struct usb_transport usb_transport_umockdev = {
    .open = open_testbed,
    .close = close_testbed,
    .env = env,
    .attach = attach,
    .detach = detach,
    .serve = serve,
    .shut_down = shut_down,
    .clients = clients,
};
