#include "tools/simulator/usb_bus.h"
#include "base/check.h"
#include <stdlib.h>

enum {
    PORTS_MAX = 8
};

struct usb_port {
    struct usb_bus *bus;
    struct usb_model *model;
    int number; /* 1.. */
    bool cable;
    bool reconnect;        /* leave the bus once although cable and power are there */
    struct usb_node *node; /* NULL while off the bus */
};

struct usb_bus {
    GRecMutex lock;
    const struct usb_transport *transport;
    void *transport_state;
    struct usb_port ports[PORTS_MAX];
    int port_count;
    GSource *timer;
    int64_t timer_at_ms;
    guint sync_id;
    int lock_depth;
    void (*on_served)(void *context);
    void *on_served_context;
};

struct usb_bus *usb_bus_create(const struct usb_transport *transport)
{
    void *state = transport->open();
    if (state == NULL)
        return NULL;
    struct usb_bus *bus = g_new0(struct usb_bus, 1);
    g_rec_mutex_init(&bus->lock);
    bus->transport = transport;
    bus->transport_state = state;
    bus->timer_at_ms = -1;
    return bus;
}

void usb_bus_env(const struct usb_bus *bus, GString *out)
{
    bus->transport->env(bus->transport_state, out);
}

void usb_bus_on_served(struct usb_bus *bus, void (*on_served)(void *context), void *context)
{
    usb_bus_lock(bus);
    bus->on_served = on_served;
    bus->on_served_context = context;
    usb_bus_unlock(bus);
}

/* Coming and going */

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
        if (port->node != NULL && !is_wanted(port)) {
            bus->transport->detach(port->node);
            port->node = NULL;
        }
        port->reconnect = false;
        if (port->node == NULL && is_wanted(port))
            port->node =
                bus->transport->attach(bus->transport_state, bus, port->model, port->number);
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
    port->bus->transport->shut_down(port->node);
    port->reconnect = true;
}

static void serve(struct usb_bus *bus)
{
    for (int i = 0; i < bus->port_count; i++) {
        struct usb_port *port = &bus->ports[i];
        port->model->ops->advance(port->model);
        if (port->node != NULL && is_wanted(port))
            bus->transport->serve(port->node);
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

struct usb_port *usb_bus_add(struct usb_bus *bus, struct usb_model *model)
{
    CHECK(bus->port_count < PORTS_MAX);
    struct usb_port *port = &bus->ports[bus->port_count++];
    port->bus = bus;
    port->model = model;
    port->number = bus->port_count;
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
    return port->node == NULL ? 0 : port->bus->transport->clients(port->node);
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
    /* A transport's thread may still deliver the end of a client: bus and lock live on. */
    bus->transport->close(bus->transport_state);
}
