#include "tools/guichetctl/hardware.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

#define ANSWER_BYTES_MAX (256 * 1024)
#define QUESTION "notes\n"

static int connect_to(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (!text_copy(address.sun_path, sizeof address.sun_path, path))
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* The answer is lines and at last "ok"; the first line is the one with the notes. */
static enum status read_answer(int fd, json_t **notes_out)
{
    static char text[ANSWER_BYTES_MAX];
    size_t size = 0;
    ssize_t count;
    while (size < sizeof text - 1 && (size < 3 || memcmp(text + size - 3, "ok\n", 3) != 0) &&
           (count = recv(fd, text + size, sizeof text - 1 - size, 0)) > 0) {
        size += (size_t)count;
        if (memchr(text, '\n', size) && strncmp(text, "error:", 6) == 0)
            return STATUS_PROTOCOL;
    }
    text[size] = '\0';
    *notes_out = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
    if (json_is_object(json_object_get(*notes_out, "box")))
        return STATUS_OK;
    json_decref(*notes_out);
    *notes_out = NULL;
    return STATUS_PROTOCOL;
}

enum status hardware_ask_notes(const char *socket_path, json_t **notes_out)
{
    *notes_out = NULL;
    int fd = connect_to(socket_path);
    if (fd < 0)
        return STATUS_DISCONNECTED;
    enum status status = STATUS_DISCONNECTED;
    if (send(fd, QUESTION, strlen(QUESTION), MSG_NOSIGNAL) == (ssize_t)strlen(QUESTION))
        status = read_answer(fd, notes_out);
    close(fd);
    return status;
}
