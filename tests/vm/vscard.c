/*
 * A social security card for a reader that nobody here wrote: QEMU's usb-ccid, whose slot is filled
 * over a socket in the VSCard protocol (what libcacard's vscclient speaks).
 *
 * usage: vscard SOCKET      lines on stdin: "insert CARD", "remove"; ends with either side
 */
#include "tools/simulator/contact_card.h"
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    VSC_INIT = 1,
    VSC_READER_ADD = 3,
    VSC_ATR = 5,
    VSC_CARD_REMOVE = 6,
    VSC_APDU = 7,
    VSC_FLUSH = 8,
    VSC_FLUSH_COMPLETE = 9
};

enum {
    HEADER_SIZE = 12,
    BODY_MAX = 512,
    READER = 0
};
#define READER_UNDEFINED 0xFFFFFFFFu

static struct contact_card card;

static bool tell(int sock, uint32_t type, uint32_t reader, const void *body, size_t size)
{
    uint8_t message[HEADER_SIZE + BODY_MAX];
    const uint32_t header[] = { htonl(type), htonl(reader), htonl((uint32_t)size) };
    memcpy(message, header, sizeof header);
    if (size > 0)
        memcpy(message + sizeof header, body, size);
    return send(sock, message, sizeof header + size, MSG_NOSIGNAL) ==
           (ssize_t)(sizeof header + size);
}

static bool introduce(int sock)
{
    static const char NAME[] = "guichet";
    const struct {
        char magic[4];
        uint32_t version, capabilities;
    } init = { { 'V', 'S', 'C', 'D' }, htonl(2), 0 };
    return tell(sock, VSC_INIT, 0, &init, sizeof init) &&
           tell(sock, VSC_READER_ADD, READER_UNDEFINED, NAME, sizeof NAME);
}

/* The reader resets the card itself, from the answer it is told here. */
static bool insert(int sock, const char *id)
{
    uint8_t atr[33];
    card = (struct contact_card){ .kind = contact_card_find(id) };
    return card.kind != NULL && tell(sock, VSC_ATR, READER, atr, contact_card_reset(&card, atr));
}

/* False: the connection is over. */
static bool take_message(int sock)
{
    uint32_t header[3];
    uint8_t body[BODY_MAX], answer[CONTACT_CARD_ANSWER_MAX];
    if (recv(sock, header, sizeof header, MSG_WAITALL) != sizeof header)
        return false;
    size_t size = ntohl(header[2]);
    if (size > sizeof body || (size > 0 && recv(sock, body, size, MSG_WAITALL) != (ssize_t)size))
        return false;
    switch (ntohl(header[0])) {
    case VSC_FLUSH:
        return tell(sock, VSC_FLUSH_COMPLETE, READER, NULL, 0);
    case VSC_APDU:
        return tell(sock, VSC_APDU, READER, answer,
                    contact_card_take_apdu(&card, body, size, answer));
    }
    return true;
}

static bool take_line(int sock)
{
    char line[64], id[32];
    if (fgets(line, sizeof line, stdin) == NULL)
        return false;
    if (sscanf(line, "insert %31s", id) == 1)
        return insert(sock, id);
    return strcmp(line, "remove\n") == 0 && tell(sock, VSC_CARD_REMOVE, READER, NULL, 0);
}

int main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (argc != 2 || strlen(argv[1]) >= sizeof address.sun_path)
        return 2;
    strcpy(address.sun_path, argv[1]);
    int sock = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(sock, (struct sockaddr *)&address, sizeof address) != 0 || !introduce(sock)) {
        perror("vscard");
        return 1;
    }
    setvbuf(stdin, NULL, _IONBF, 0); /* or poll() would not see what stdio has read ahead */
    struct pollfd fds[] = { { .fd = sock, .events = POLLIN }, { .fd = 0, .events = POLLIN } };
    while (poll(fds, 2, -1) >= 0) {
        if (fds[0].revents != 0 && !take_message(sock))
            return 0;
        if (fds[1].revents != 0 && !take_line(sock))
            return 0;
    }
    return 1;
}
