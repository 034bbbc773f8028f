#include "app/app.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int64_t next_ping_ms = INT64_MAX;
static int64_t period_ms;

/* The datagram protocol of sd_notify(3): one write to $NOTIFY_SOCKET; '@' means an abstract name.
 */
static void notify(const char *message)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (!path || strlen(path) >= sizeof address.sun_path)
        return;
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    (void)sendto(fd, message, strlen(message), MSG_NOSIGNAL, (struct sockaddr *)&address, size);
    close(fd);
}

void watchdog_ready(void)
{
    const char *limit_us = getenv("WATCHDOG_USEC");
    notify("READY=1");
    if (!limit_us)
        return;
    period_ms = strtoll(limit_us, NULL, 10) / 1000 / 2;
    if (period_ms > 0)
        next_ping_ms = 0;
}

void watchdog_step(const struct clock *clock)
{
    int64_t now_ms = clock_now_ms(clock);
    if (now_ms < next_ping_ms)
        return;
    notify("WATCHDOG=1");
    next_ping_ms = now_ms + period_ms;
}

int64_t watchdog_next_deadline_ms(void)
{
    return next_ping_ms;
}
