/*
 * The network side: HTTPS with client certificates for kiosks, and a plain HTTP page for citizens.
 *
 * Threads: one for each of the two servers; each has its own opening of the database, and only the
 * HTTPS thread writes.
 */
#pragma once
#include "base/status.h"
#include "tools/bureau/store.h"
#include <stdint.h>

#define HTTP_PATH_SIZE 256

struct http_config {
    const char *bind_address;   /* numeric IPv4 */
    uint16_t port;              /* 0: any free one */
    int public_port;            /* -1: no public page; 0: any free one */
    const char *tls_dir;        /* ca.pem server.pem server.key */
    const char *misbehave;      /* test aid: "garbage", "close", "error500"; NULL none */
    const char *misbehave_file; /* test aid: the word is read from this file at each request */
};

struct http_server;

/* STATUS_DENIED the certificates cannot be read, STATUS_IO the port cannot be had. */
NODISCARD enum status http_open(const struct http_config *config, struct bureau_store *writer,
                                struct bureau_store *reader, struct http_server **out);
uint16_t http_port(const struct http_server *server);
uint16_t http_public_port(const struct http_server *server); /* 0: none */
void http_close(struct http_server *server);
