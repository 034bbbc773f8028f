#include "drivers/usb/usb_internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#define CLAIM_WAIT_MS                                                                              \
    2000 /* kernel's SET_CONFIGURATION after "add": one try of 5 ms was enough                     \
          */
#define CLAIM_RETRY_MS 10
#define STRING_TIMEOUT_MS 500
#define CLASS_DESCRIPTOR 0x21 /* what the class says of its interface */

int64_t usb_now_ms(void)
{
    return clock_now_ms(&clock_system);
}

enum status usb_status_of(int libusb_error)
{
    switch (libusb_error) {
    case LIBUSB_SUCCESS:
        return STATUS_OK;
    case LIBUSB_ERROR_ACCESS:
        return STATUS_DENIED;
    case LIBUSB_ERROR_BUSY:
        return STATUS_BUSY;
    case LIBUSB_ERROR_NO_DEVICE:
        return STATUS_DISCONNECTED;
    case LIBUSB_ERROR_NOT_FOUND:
        return STATUS_NOT_FOUND;
    case LIBUSB_ERROR_PIPE:
        return STATUS_PROTOCOL;
    case LIBUSB_ERROR_TIMEOUT:
        return STATUS_TIMEOUT;
    }
    return STATUS_IO;
}

struct usb_port *usb_port_open(const struct device_match *match, const struct usb_wish *wish)
{
    struct usb_port *port = calloc(1, sizeof *port);
    if (port == NULL)
        return NULL;
    port->match = *match;
    port->wish = *wish;
    port->identity.interrupt_in = -1;
    pthread_condattr_t monotonic;
    CHECK(pthread_condattr_init(&monotonic) == 0);
    CHECK(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&port->changed, &monotonic) == 0);
    CHECK(pthread_mutex_init(&port->lock, NULL) == 0);
    pthread_condattr_destroy(&monotonic);
    for (int i = 0; i < USB_PIPES_MAX; i++)
        port->inputs[i].port = port;
    port->context = usb_hub_join(port);
    if (port->context != NULL)
        return port;
    pthread_cond_destroy(&port->changed);
    pthread_mutex_destroy(&port->lock);
    free(port);
    return NULL;
}

void usb_port_close(struct usb_port *port)
{
    usb_port_disconnect(port);
    usb_hub_leave(port);
    pthread_cond_destroy(&port->changed);
    pthread_mutex_destroy(&port->lock);
    free(port);
}

static void set_flag(struct usb_port *port, bool *flag, bool value)
{
    pthread_mutex_lock(&port->lock);
    *flag = value;
    pthread_cond_broadcast(&port->changed);
    pthread_mutex_unlock(&port->lock);
}

void usb_port_wake(struct usb_port *port)
{
    set_flag(port, &port->woken, true);
}

void usb_port_cancel(struct usb_port *port)
{
    set_flag(port, &port->cancelled, true);
}

void usb_port_resume(struct usb_port *port)
{
    set_flag(port, &port->cancelled, false);
}

void usb_port_on_bus_change(struct usb_port *port, libusb_device *left)
{
    pthread_mutex_lock(&port->lock);
    if (left != NULL && left == port->device)
        port->gone = true;
    port->woken = true;
    pthread_cond_broadcast(&port->changed);
    pthread_mutex_unlock(&port->lock);
}

bool usb_port_sleep(struct usb_port *port, int64_t until_ms)
{
    if (until_ms == INT64_MAX) {
        pthread_cond_wait(&port->changed, &port->lock);
        return true;
    }
    struct timespec at = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
    return pthread_cond_timedwait(&port->changed, &port->lock, &at) == 0 || usb_now_ms() < until_ms;
}

void usb_port_wait(struct usb_port *port, int64_t timeout_ms)
{
    int64_t until_ms = timeout_ms == USB_FOREVER ? INT64_MAX : usb_now_ms() + timeout_ms;
    pthread_mutex_lock(&port->lock);
    bool more = true;
    while (more && !port->woken && !port->cancelled && !(port->connected && port->gone)) {
        int64_t pause_ms = usb_inputs_resume(port);
        int64_t next_ms = pause_ms < until_ms ? pause_ms : until_ms;
        more = usb_port_sleep(port, next_ms) || next_ms < until_ms;
    }
    port->woken = false;
    pthread_mutex_unlock(&port->lock);
}

bool usb_port_is_gone(struct usb_port *port)
{
    pthread_mutex_lock(&port->lock);
    bool gone = port->gone;
    pthread_mutex_unlock(&port->lock);
    return gone;
}

const struct usb_identity *usb_port_identity(const struct usb_port *port)
{
    return &port->identity;
}

/* ---- choosing an interface ---- */

static bool fits_number(int wanted, int is)
{
    return wanted < 0 || wanted == is;
}

static int add_endpoint(uint8_t *addresses, int count, uint8_t address)
{
    if (count == USB_PIPES_MAX)
        return count;
    int place = count;
    for (; place > 0 && addresses[place - 1] > address; place--)
        addresses[place] = addresses[place - 1];
    addresses[place] = address;
    return count + 1;
}

/* The first class descriptor among those that follow an interface or an endpoint. */
static void take_class_descriptor(struct usb_identity *identity, const uint8_t *extra, int size)
{
    const size_t room = sizeof identity->class_descriptor;
    while (size >= 2 && extra[0] >= 2 && extra[0] <= size && identity->class_descriptor_size == 0) {
        if (extra[1] == CLASS_DESCRIPTOR) {
            identity->class_descriptor_size = extra[0] < room ? extra[0] : room;
            memcpy(identity->class_descriptor, extra, identity->class_descriptor_size);
        }
        size -= extra[0];
        extra += extra[0];
    }
}

static bool has_type(const struct libusb_endpoint_descriptor *endpoint, int type)
{
    return (endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) == type;
}

static struct usb_identity describe(const struct libusb_interface_descriptor *interface)
{
    struct usb_identity identity = {
        .interface_number = interface->bInterfaceNumber,
        .alternate = interface->bAlternateSetting,
        .control_interface = -1,
        .interrupt_in = -1,
        .interface_class = interface->bInterfaceClass,
        .interface_protocol = interface->bInterfaceProtocol,
    };
    take_class_descriptor(&identity, interface->extra, interface->extra_length);
    for (int i = 0; i < interface->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[i];
        uint8_t address = endpoint->bEndpointAddress;
        take_class_descriptor(&identity, endpoint->extra, endpoint->extra_length);
        if (has_type(endpoint, LIBUSB_TRANSFER_TYPE_INTERRUPT) && (address & LIBUSB_ENDPOINT_IN) &&
            identity.interrupt_address == 0)
            identity.interrupt_address = address;
        if (!has_type(endpoint, LIBUSB_TRANSFER_TYPE_BULK))
            continue;
        if (address & LIBUSB_ENDPOINT_IN)
            identity.in_count = add_endpoint(identity.in_address, identity.in_count, address);
        else
            identity.out_count = add_endpoint(identity.out_address, identity.out_count, address);
    }
    return identity;
}

static bool fits_wish(const struct usb_port *port,
                      const struct libusb_interface_descriptor *interface)
{
    int class =
        port->wish.interface_class >= 0 ? port->wish.interface_class : port->match.interface_class;
    bool by_match = port->wish.interface_class < 0;
    return fits_number(class, interface->bInterfaceClass) &&
           (!by_match ||
            fits_number(port->match.interface_subclass, interface->bInterfaceSubClass));
}

static bool choose_interface(const struct usb_port *port,
                             const struct libusb_config_descriptor *config,
                             struct usb_identity *out)
{
    bool found = false;
    for (int i = 0; i < config->bNumInterfaces; i++)
        for (int a = 0; a < config->interface[i].num_altsetting; a++) {
            const struct libusb_interface_descriptor *interface =
                &config->interface[i].altsetting[a];
            if (!fits_wish(port, interface))
                continue;
            struct usb_identity identity = describe(interface);
            bool preferred = identity.interface_protocol == port->wish.preferred_protocol;
            if (identity.out_count > 0 && (!found || preferred)) {
                *out = identity;
                found = true;
            }
            if (preferred && identity.out_count > 0)
                return true;
        }
    return found;
}

static int find_control_interface(const struct libusb_config_descriptor *config)
{
    for (int i = 0; i < config->bNumInterfaces; i++)
        if (config->interface[i].altsetting[0].bInterfaceClass == LIBUSB_CLASS_COMM)
            return config->interface[i].altsetting[0].bInterfaceNumber;
    return -1;
}

/* ---- claiming ---- */

static enum status claim_one(struct usb_port *port, uint8_t number)
{
    int64_t until_ms = usb_now_ms() + CLAIM_WAIT_MS;
    int error;
    while ((error = libusb_claim_interface(port->handle, number)) == LIBUSB_ERROR_NOT_FOUND) {
        pthread_mutex_lock(&port->lock);
        bool quit = port->cancelled || port->gone || usb_now_ms() >= until_ms;
        if (!quit)
            usb_port_sleep(port, usb_now_ms() + CLAIM_RETRY_MS);
        pthread_mutex_unlock(&port->lock);
        if (quit)
            break;
    }
    if (error == 0)
        port->claimed[port->claimed_count++] = number;
    return usb_status_of(error);
}

static enum status claim(struct usb_port *port, const struct libusb_config_descriptor *config)
{
    libusb_set_auto_detach_kernel_driver(port->handle, 1);
    for (int i = 0; i < config->bNumInterfaces; i++) {
        uint8_t number = config->interface[i].altsetting[0].bInterfaceNumber;
        bool wanted = number == port->identity.interface_number || port->wish.claim_all;
        if (!wanted || port->claimed_count == (int)sizeof port->claimed)
            continue;
        enum status status = claim_one(port, number);
        if (status != STATUS_OK)
            return status;
    }
    if (port->identity.alternate == 0)
        return STATUS_OK;
    return usb_status_of(libusb_set_interface_alt_setting(
        port->handle, port->identity.interface_number, port->identity.alternate));
}

/* ---- strings ---- */

static void read_string(struct usb_port *port, uint8_t index, char *out, size_t out_size)
{
    uint8_t data[255];
    size_t got = 0;
    const struct usb_request request = {
        .type = LIBUSB_ENDPOINT_IN,
        .request = LIBUSB_REQUEST_GET_DESCRIPTOR,
        .value = (uint16_t)(LIBUSB_DT_STRING << 8 | index),
        .index = 0x0409,
    };
    out[0] = '\0';
    if (index == 0 ||
        usb_port_control(port, &request, data, sizeof data, STRING_TIMEOUT_MS, &got) != STATUS_OK)
        return;
    size_t length = got >= 2 && data[0] <= got && data[0] >= 2 ? data[0] : 2;
    if (text_from_ucs2le(data + 2, (length - 2) & ~(size_t)1, out, out_size) != STATUS_OK)
        out[0] = '\0';
}

static void read_strings(struct usb_port *port, const struct libusb_device_descriptor *device)
{
    struct usb_identity *identity = &port->identity;
    identity->vid = device->idVendor;
    identity->pid = device->idProduct;
    read_string(port, device->iManufacturer, identity->maker, sizeof identity->maker);
    read_string(port, device->iProduct, identity->product, sizeof identity->product);
    read_string(port, device->iSerialNumber, identity->serial, sizeof identity->serial);
}

/* ---- connecting ---- */

static void set_handle(struct usb_port *port, libusb_device *device, libusb_device_handle *handle)
{
    pthread_mutex_lock(&port->lock);
    port->device = device;
    port->handle = handle;
    port->gone = false;
    port->connected = handle != NULL;
    pthread_mutex_unlock(&port->lock);
}

void usb_port_disconnect(struct usb_port *port)
{
    if (port->handle == NULL)
        return;
    usb_inputs_stop(port);
    for (int i = 0; i < port->claimed_count; i++)
        libusb_release_interface(port->handle, port->claimed[i]);
    port->claimed_count = 0;
    libusb_device_handle *handle = port->handle;
    set_handle(port, NULL, NULL);
    libusb_close(handle);
}

static enum status open_device(struct usb_port *port, libusb_device *device,
                               const struct libusb_config_descriptor *config,
                               const struct libusb_device_descriptor *descriptor)
{
    libusb_device_handle *handle = NULL;
    int error = libusb_open(device, &handle);
    if (error != 0)
        return usb_status_of(error);
    set_handle(port, device, handle);
    enum status status = claim(port, config);
    if (status == STATUS_OK)
        status = usb_inputs_start(port);
    if (status == STATUS_OK)
        read_strings(port, descriptor);
    else
        usb_port_disconnect(port);
    return status;
}

static bool matches(const struct usb_port *port, const struct libusb_device_descriptor *descriptor)
{
    return fits_number(port->match.vid, descriptor->idVendor) &&
           fits_number(port->match.pid, descriptor->idProduct);
}

static enum status try_device(struct usb_port *port, libusb_device *device)
{
    struct libusb_device_descriptor descriptor;
    struct libusb_config_descriptor *config = NULL;
    if (libusb_get_device_descriptor(device, &descriptor) != 0 || !matches(port, &descriptor))
        return STATUS_NOT_FOUND;
    /* The first configuration, not the active one: just after an arrival there is none yet. */
    if (libusb_get_config_descriptor(device, 0, &config) != 0)
        return STATUS_NOT_FOUND;
    enum status status = STATUS_OK;
    bool found = choose_interface(port, config, &port->identity);
    if (found && port->wish.interrupt && port->identity.interrupt_address != 0 &&
        port->identity.in_count < USB_PIPES_MAX)
        port->identity.interrupt_in = port->identity.in_count;
    port->identity.control_interface = find_control_interface(config);
    if (!found)
        status = port->match.vid >= 0 ? STATUS_UNSUPPORTED : STATUS_NOT_FOUND;
    else
        status = open_device(port, device, config, &descriptor);
    libusb_free_config_descriptor(config);
    return status;
}

enum status usb_port_connect(struct usb_port *port)
{
    CHECK(port->handle == NULL);
    libusb_device **devices = NULL;
    ssize_t count = libusb_get_device_list(port->context, &devices);
    if (count < 0)
        return STATUS_IO;
    enum status status = STATUS_NOT_FOUND;
    for (ssize_t i = 0; i < count && status != STATUS_OK; i++) {
        enum status result = try_device(port, devices[i]);
        /* A device that just left may still be listed; the news of it is on its way. */
        if (result != STATUS_NOT_FOUND && result != STATUS_DISCONNECTED)
            status = result;
    }
    libusb_free_device_list(devices, 1);
    return status;
}
