#include "tools/simulator/control.h"
#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct control {
    struct simulator *simulator;
    char *path;
    int fd;
    guint source;
    GList *connections;
    gint waiting;  /* connections that wait for a note */
    gint checking; /* a look at them is on its way */
};

struct connection {
    struct control *control;
    int fd;
    guint source;
    char line[CONTROL_LINE_SIZE];
    size_t size;
    const struct note *awaited; /* the answer is sent when it gets there */
    enum note_place awaited_place;
};

static void connection_close(struct connection *connection)
{
    connection->control->connections = g_list_remove(connection->control->connections, connection);
    if (connection->awaited != NULL)
        g_atomic_int_add(&connection->control->waiting, -1);
    g_source_remove(connection->source);
    close(connection->fd);
    g_free(connection);
}

/* Answers are a few KiB; a client that does not read them is cut off rather than waited for. */
static bool send_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, text, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        text += sent;
        size -= (size_t)sent;
    }
    return true;
}

static void on_served(void *context);

static void wait_for_note(struct connection *connection)
{
    struct simulator *simulator = connection->control->simulator;
    connection->awaited = simulator->awaited;
    connection->awaited_place = simulator->awaited_place;
    simulator->awaited = NULL;
    g_atomic_int_inc(&connection->control->waiting);
    on_served(connection->control); /* it may be there already */
}

static bool answer_line(struct connection *connection, const char *line)
{
    GString *reply = g_string_new(NULL);
    const char *problem = simulator_execute(connection->control->simulator, line, reply);
    if (problem == NULL && connection->control->simulator->awaited != NULL) {
        wait_for_note(connection);
        g_string_free(reply, TRUE);
        return true;
    }
    if (problem == NULL)
        g_string_append(reply, "ok\n");
    else
        g_string_append_printf(reply, "error: %s\n", problem);
    bool sent = send_all(connection->fd, reply->str, reply->len);
    g_string_free(reply, TRUE);
    return sent;
}

/* False when the connection is of no more use. */
static bool answer_lines(struct connection *connection)
{
    char *end;
    while (connection->awaited == NULL &&
           (end = memchr(connection->line, '\n', connection->size)) != NULL) {
        *end = '\0';
        if (!answer_line(connection, connection->line))
            return false;
        size_t used = (size_t)(end + 1 - connection->line);
        connection->size -= used;
        memmove(connection->line, end + 1, connection->size);
    }
    return connection->size < sizeof connection->line;
}

static void answer_arrival(struct connection *connection)
{
    GString *reply = g_string_new(NULL);
    simulator_reply_json(reply, simulator_note_state(connection->awaited));
    g_string_append(reply, "ok\n");
    connection->awaited = NULL;
    g_atomic_int_add(&connection->control->waiting, -1);
    send_all(connection->fd, reply->str, reply->len);
    g_string_free(reply, TRUE);
    answer_lines(connection);
}

static gboolean check_waiting(gpointer context)
{
    struct control *control = context;
    g_atomic_int_set(&control->checking, 0);
    usb_bus_lock(control->simulator->bus);
    for (GList *at = control->connections; at != NULL; at = at->next) {
        struct connection *connection = at->data;
        if (connection->awaited != NULL &&
            simulator_note_has_arrived(connection->awaited, connection->awaited_place))
            answer_arrival(connection);
    }
    usb_bus_unlock(control->simulator->bus);
    return G_SOURCE_REMOVE;
}

/* On whichever thread served the bus; the sockets belong to the main thread. */
static void on_served(void *context)
{
    struct control *control = context;
    if (g_atomic_int_get(&control->waiting) > 0 &&
        g_atomic_int_compare_and_exchange(&control->checking, 0, 1))
        g_idle_add(check_waiting, control);
}

static gboolean on_readable(gint fd, GIOCondition condition, gpointer context)
{
    (void)condition;
    struct connection *connection = context;
    ssize_t count = recv(fd, connection->line + connection->size,
                         sizeof connection->line - connection->size, 0);
    if (count > 0) {
        connection->size += (size_t)count;
        if (answer_lines(connection))
            return G_SOURCE_CONTINUE;
    }
    connection_close(connection);
    return G_SOURCE_CONTINUE; /* removed above */
}

static gboolean on_connection(gint fd, GIOCondition condition, gpointer context)
{
    (void)condition;
    struct control *control = context;
    int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0)
        return G_SOURCE_CONTINUE;
    struct connection *connection = g_new0(struct connection, 1);
    connection->control = control;
    connection->fd = client;
    connection->source =
        g_unix_fd_add(client, (GIOCondition)(G_IO_IN | G_IO_HUP), on_readable, connection);
    control->connections = g_list_append(control->connections, connection);
    return G_SOURCE_CONTINUE;
}

static bool fill_address(struct sockaddr_un *address, const char *path)
{
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof address->sun_path) {
        fprintf(stderr, "guichet-sim: %s: path too long for a socket\n", path);
        return false;
    }
    memcpy(address->sun_path, path, strlen(path) + 1);
    return true;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address;
    if (!fill_address(&address, path))
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

struct control *control_open(struct simulator *simulator, const char *path)
{
    struct sockaddr_un address;
    if (!fill_address(&address, path))
        return NULL;
    int living = connect_to(path);
    if (living >= 0) {
        close(living);
        fprintf(stderr, "guichet-sim: %s: another simulator listens there\n", path);
        return NULL;
    }
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, 8) != 0) {
        fprintf(stderr, "guichet-sim: %s: %s\n", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct control *control = g_new0(struct control, 1);
    control->simulator = simulator;
    control->path = g_strdup(path);
    control->fd = fd;
    control->source = g_unix_fd_add(fd, G_IO_IN, on_connection, control);
    usb_bus_on_served(simulator->bus, on_served, control);
    return control;
}

void control_close(struct control *control)
{
    usb_bus_on_served(control->simulator->bus, NULL, NULL);
    g_idle_remove_by_data(control);
    while (control->connections != NULL)
        connection_close(control->connections->data);
    g_source_remove(control->source);
    close(control->fd);
    unlink(control->path);
    g_free(control->path);
    g_free(control);
}

/* The last line of an answer is "ok" or begins with "error:". */
static bool is_complete(const GString *reply, bool *ok_out)
{
    if (reply->len == 0 || reply->str[reply->len - 1] != '\n')
        return false;
    const char *last = reply->str + reply->len - 1;
    while (last > reply->str && last[-1] != '\n')
        last--;
    *ok_out = strcmp(last, "ok\n") == 0;
    return *ok_out || strncmp(last, "error:", 6) == 0;
}

bool control_ask(const char *path, const char *line, GString *reply, bool *ok_out)
{
    int fd = connect_to(path);
    if (fd < 0) {
        fprintf(stderr, "guichet-sim: %s: no simulator there\n", path);
        return false;
    }
    char *text = g_strconcat(line, "\n", NULL);
    bool sent = send_all(fd, text, strlen(text));
    g_free(text);
    char part[4096];
    ssize_t count;
    *ok_out = false;
    while (sent && !is_complete(reply, ok_out) && (count = recv(fd, part, sizeof part, 0)) > 0)
        g_string_append_len(reply, part, count);
    close(fd);
    if (!sent || !is_complete(reply, ok_out)) {
        fprintf(stderr, "guichet-sim: %s: the simulator went away\n", path);
        return false;
    }
    return true;
}
