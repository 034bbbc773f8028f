/*
 * One HTTP exchange at a time with the bureau, on a thread of its own.
 *
 * Threads: send from the main loop; the reply is delivered on the main loop through the queue.
 */
#pragma once
#include "base/queue.h"
#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

#define TRANSPORT_REPLY_BYTES_MAX (512 * 1024) /* a policy of 256 KiB in JSON */

struct transport_reply {
    enum status status; /* OK: an HTTP answer came; TIMEOUT, DISCONNECTED, DENIED (TLS), PROTOCOL
                           (too large) */
    int http_status;
    char *body; /* NUL-terminated; freed by the transport after delivery */
    size_t size;
};

typedef void transport_on_reply(void *context, struct transport_reply *reply);

struct transport;
struct transport_ops {
    /* Copies path and body. STATUS_BUSY while an exchange runs. body NULL: GET, else POST of JSON.
     */
    enum status (*send)(struct transport *transport, const char *path, const char *body,
                        size_t size);
    /* The exchange under way is over as soon as can be; its reply comes all the same, as
     * STATUS_DISCONNECTED or, if it was there already, as it is. Nothing while none runs. */
    void (*cancel)(struct transport *transport);
    void (*close)(struct transport *transport);
};
struct transport {
    const struct transport_ops *ops;
};

struct transport_https_config {
    const char *base_url, *ca_cert, *client_cert, *client_key;
    int timeout_s;
};

/*
 * mTLS, TLS 1.2 or newer, https only, no proxy, no redirects; the connection is kept alive.
 * The strings of config are copied. close() waits for the thread; close the queue before it, and do
 * not drain the queue after it.
 *
 * NULL only when out of memory or threads.
 */
struct transport *transport_https_open(const struct transport_https_config *config,
                                       struct queue *queue, transport_on_reply *on_reply,
                                       void *context);
