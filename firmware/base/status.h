/*
 * The one way a function says that the world failed. A refusal by a person or a device is not an
 * error but an event or a result of its own.
 */
#pragma once

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_index, first) __attribute__((format(printf, format_index, first)))

enum status {
    STATUS_OK = 0,
    STATUS_INVALID,      /* the input breaks its format or its limits */
    STATUS_TIMEOUT,      /* no answer in time; whether it was done is not known */
    STATUS_DISCONNECTED, /* the device or the peer is gone */
    STATUS_IO,           /* the operating system or the bus refused */
    STATUS_PROTOCOL,     /* the peer answered something it must not */
    STATUS_BUSY,         /* not now; trying again later makes sense */
    STATUS_FULL,         /* no room: buffer, table, disk */
    STATUS_NOT_FOUND,
    STATUS_EXISTS,
    STATUS_DENIED,      /* permission, certificate or signature refused */
    STATUS_CORRUPT,     /* stored data does not match its check */
    STATUS_UNSUPPORTED, /* the device or format lacks it */
    STATUS_CANCELLED,
};

/* A stable lower-case name, for logs: "ok", "timeout", … Never NULL. */
const char *status_name(enum status status);
