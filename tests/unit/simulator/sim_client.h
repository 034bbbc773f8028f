/*
 * What the smoke programs share: commands to the simulator they run inside, and devices by VID:PID.
 */
#pragma once
#include <errno.h>
#include <libusb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition);               \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* Sends one command and returns its answer, which ends with "ok\n". */
static inline const char *sim_command(const char *command)
{
    static char answer[65536];
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", getenv("GUICHET_SIM_SOCKET"));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT(connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    EXPECT(dprintf(fd, "%s\n", command) > 0);
    size_t size = 0;
    do {
        ssize_t count = recv(fd, answer + size, sizeof answer - 1 - size, 0);
        EXPECT(count > 0);
        size += (size_t)count;
        answer[size] = '\0';
    } while (strstr(answer, "ok\n") == NULL && strstr(answer, "error:") == NULL);
    close(fd);
    if (strstr(answer, "error:") != NULL) {
        fprintf(stderr, "%s: %s", command, answer);
        exit(1);
    }
    return answer;
}

static inline libusb_device_handle *sim_open(libusb_context *context, uint16_t vid, uint16_t pid)
{
    for (int tries = 0; tries < 250; tries++) {
        libusb_device_handle *handle = libusb_open_device_with_vid_pid(context, vid, pid);
        if (handle != NULL)
            return handle;
        struct timeval wait = { 0, 20000 };
        libusb_handle_events_timeout(context, &wait);
    }
    return NULL;
}

/* A predecessor that was killed may hold the interface for a moment longer. */
static inline bool sim_claim(libusb_device_handle *handle, int interface)
{
    int claimed = LIBUSB_ERROR_BUSY;
    for (int tries = 0; tries < 200 && claimed == LIBUSB_ERROR_BUSY; tries++) {
        claimed = libusb_claim_interface(handle, interface);
        if (claimed == LIBUSB_ERROR_BUSY)
            nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
    }
    return claimed == 0;
}
