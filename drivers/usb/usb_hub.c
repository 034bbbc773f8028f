#include "drivers/usb/usb_internal.h"

#include <stdatomic.h>

#include "base/check.h"
#include "base/log.h"

#define USB_PORTS_MAX 8

static struct {
    pthread_mutex_t life; /* starting and stopping; never taken by a callback */
    pthread_mutex_t lock; /* guards ports */
    struct usb_port *ports[USB_PORTS_MAX];
    int port_count; /* guarded by life */
    libusb_context *context;
    libusb_hotplug_callback_handle hotplug;
    pthread_t thread;
    atomic_bool stopping;
} hub = { .life = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER };

/*
 * The kernel stack may report one arrival twice, and libusb tells of it before the kernel has
 * configured the device. So an arrival only means "look again"; looking twice does no harm.
 */
static int LIBUSB_CALL on_hotplug(libusb_context *context, libusb_device *device,
                                  libusb_hotplug_event event, void *unused)
{
    (void)context;
    (void)unused;
    libusb_device *left = event == LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT ? device : NULL;
    pthread_mutex_lock(&hub.lock);
    for (int i = 0; i < USB_PORTS_MAX; i++)
        if (hub.ports[i] != NULL)
            usb_port_on_bus_change(hub.ports[i], left);
    pthread_mutex_unlock(&hub.lock);
    return 0;
}

static void *run_events(void *unused)
{
    (void)unused;
    while (!atomic_load(&hub.stopping))
        libusb_handle_events_completed(hub.context, NULL);
    return NULL;
}

static bool start(void)
{
    int error = libusb_init(&hub.context);
    if (error != 0) {
        log_error("usb", "init_failed", "libusb_init: %s", libusb_error_name(error));
        return false;
    }
    error = libusb_hotplug_register_callback(
        hub.context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, 0,
        LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug,
        NULL, &hub.hotplug);
    if (error != 0) {
        log_error("usb", "no_hotplug", "register callback: %s", libusb_error_name(error));
        goto out;
    }
    atomic_store(&hub.stopping, false);
    if (pthread_create(&hub.thread, NULL, run_events, NULL) == 0)
        return true;
    log_error("usb", "no_thread", "cannot start the event thread");
out:
    libusb_exit(hub.context);
    hub.context = NULL;
    return false;
}

static void stop(void)
{
    atomic_store(&hub.stopping, true);
    /* Deregistering wakes the event thread too, but only once; the interrupt is remembered. */
    libusb_hotplug_deregister_callback(hub.context, hub.hotplug);
    libusb_interrupt_event_handler(hub.context);
    pthread_join(hub.thread, NULL);
    libusb_exit(hub.context);
    hub.context = NULL;
}

libusb_context *usb_hub_join(struct usb_port *port)
{
    pthread_mutex_lock(&hub.life);
    CHECK(hub.port_count < USB_PORTS_MAX);
    libusb_context *context = hub.port_count > 0 || start() ? hub.context : NULL;
    if (context != NULL) {
        hub.port_count++;
        pthread_mutex_lock(&hub.lock);
        int place = 0;
        while (hub.ports[place] != NULL)
            place++;
        hub.ports[place] = port;
        pthread_mutex_unlock(&hub.lock);
    }
    pthread_mutex_unlock(&hub.life);
    return context;
}

void usb_hub_leave(struct usb_port *port)
{
    pthread_mutex_lock(&hub.life);
    pthread_mutex_lock(&hub.lock);
    for (int i = 0; i < USB_PORTS_MAX; i++)
        if (hub.ports[i] == port)
            hub.ports[i] = NULL;
    pthread_mutex_unlock(&hub.lock);
    if (--hub.port_count == 0)
        stop();
    pthread_mutex_unlock(&hub.life);
}
