#include "tools/bureau/http.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "registration/precheck.h"
#include "tools/bureau/desk.h"
#include "tools/bureau/page.h"
#include "tools/bureau/slip.h"

#define CONNECTIONS_MAX 256
#define CONNECTIONS_PER_ADDRESS_MAX 32 /* many kiosks or citizens may share one */
#define CONNECTION_TIMEOUT_S 60
#define PEM_BYTES_MAX 65536
#define COMMON_NAME_SIZE 64
#define GARBAGE "<html>\xff\xfe{\"acked_seq\":-1e999,\"acked_hash\":[[[["

struct http_server {
    struct http_config config;
    struct bureau_store *writer, *reader;
    struct MHD_Daemon *https, *public_http;
    char *ca, *certificate, *key;
};

struct route {
    char kiosk[BUREAU_KIOSK_SIZE];
    char action[32];
};

struct request {
    struct route route; /* the peer has proved to be that kiosk */
    char *data;
    size_t size;
    bool too_large;
};

static char *read_pem(const char *folder, const char *name)
{
    char path[HTTP_PATH_SIZE];
    if (!text_format(path, sizeof path, "%s/%s", folder, name))
        return NULL;
    FILE *file = fopen(path, "re");
    char *text = calloc(1, PEM_BYTES_MAX);
    size_t size = file && text ? fread(text, 1, PEM_BYTES_MAX - 1, file) : 0;
    if (file)
        fclose(file);
    if (size > 0)
        return text;
    log_error("bureau", "pem_unreadable", "%s", name);
    free(text);
    return NULL;
}

static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status, const char *type,
                               const void *data, size_t size)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, (void *)(uintptr_t)data, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result respond_json(struct MHD_Connection *connection, int status, json_t *reply)
{
    char *text = json_dumps(reply, JSON_COMPACT);
    json_decref(reply);
    if (!text)
        return MHD_NO;
    enum MHD_Result result =
        respond(connection, (unsigned)status, "application/json", text, strlen(text));
    free(text);
    return result;
}

static enum MHD_Result respond_error(struct MHD_Connection *connection, int status,
                                     const char *error)
{
    return respond_json(connection, status, json_pack("{s:s}", "error", error));
}

static bool read_common_name(gnutls_session_t session, char name[COMMON_NAME_SIZE])
{
    unsigned count = 0;
    size_t size = COMMON_NAME_SIZE;
    gnutls_x509_crt_t certificate;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    if (!chain || count == 0 || gnutls_x509_crt_init(&certificate) != GNUTLS_E_SUCCESS)
        return false;
    bool found =
        gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS &&
        gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name,
                                      &size) == GNUTLS_E_SUCCESS;
    gnutls_x509_crt_deinit(certificate);
    return found;
}

/* The library only asks for a certificate; whether it came and is good is for us to check. */
static bool peer_is_kiosk(struct MHD_Connection *connection, const char *kiosk)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (!info || !info->tls_session)
        return false;
    gnutls_session_t session = info->tls_session;
    gnutls_typed_vdata_st purpose = { .type = GNUTLS_DT_KEY_PURPOSE_OID,
                                      .data =
                                          (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT };
    unsigned problems = 1;
    char name[COMMON_NAME_SIZE], wanted[COMMON_NAME_SIZE];
    if (gnutls_certificate_verify_peers(session, &purpose, 1, &problems) != GNUTLS_E_SUCCESS ||
        problems != 0 || !read_common_name(session, name))
        return false;
    return text_format(wanted, sizeof wanted, "kiosk-%s", kiosk) && strcmp(name, wanted) == 0;
}

static bool parse_route(const char *url, struct route *out)
{
    int end = 0;
    return sscanf(url, "/v1/kiosks/%15[A-Za-z0-9_-]/%31[a-z-]%n", out->kiosk, out->action, &end) ==
               2 &&
           url[end] == '\0';
}

static enum MHD_Result serve_kiosk(struct http_server *server, struct MHD_Connection *connection,
                                   const char *method, const struct request *request)
{
    const struct route *route = &request->route;
    json_t *reply = NULL;
    int64_t now_ms = clock_wall_ms(&clock_system);
    bool post = strcmp(method, "POST") == 0;
    int status;
    if (post && strcmp(route->action, "entries") == 0)
        status = desk_take_entries(server->writer, route->kiosk, request->data, request->size,
                                   now_ms, &reply);
    else if (post && strcmp(route->action, "number-blocks") == 0)
        status =
            desk_lease_numbers(server->writer, route->kiosk, request->data, request->size, &reply);
    else if (post && strcmp(route->action, "policy") == 0)
        status =
            desk_give_policy(server->writer, route->kiosk, request->data, request->size, &reply);
    else if (post && strcmp(route->action, PRECHECK_ACTION) == 0)
        status = desk_tell_standing(server->writer, route->kiosk, request->data, request->size,
                                    now_ms, &reply);
    else if (post && strcmp(route->action, "inquiry") == 0)
        status = desk_tell_payments(server->writer, route->kiosk, request->data, request->size,
                                    now_ms, &reply);
    else if (strcmp(method, "GET") == 0 && strcmp(route->action, "updates") == 0)
        status = desk_tell_updates(server->writer, route->kiosk, now_ms, &reply);
    else
        return respond_error(connection, 404, "not_found");
    return respond_json(connection, status, reply);
}

/* The word in force now, in a buffer of the caller; "" for good behaviour. */
static void read_misbehaviour(const struct http_server *server, char word[16])
{
    word[0] = '\0';
    if (server->config.misbehave)
        text_copy(word, 16, server->config.misbehave);
    if (!server->config.misbehave_file)
        return;
    FILE *file = fopen(server->config.misbehave_file, "re");
    if (file && fscanf(file, "%15s", word) != 1)
        word[0] = '\0';
    if (file)
        fclose(file);
}

/* True if the request has been answered badly on purpose; *result_out is what to return. */
static bool misbehave(const struct http_server *server, struct MHD_Connection *connection,
                      enum MHD_Result *result_out)
{
    char word[16];
    read_misbehaviour(server, word);
    if (strcmp(word, "garbage") == 0)
        *result_out = respond(connection, 200, "application/json", GARBAGE, sizeof GARBAGE - 1);
    else if (strcmp(word, "error500") == 0)
        *result_out = respond_error(connection, 500, "on_purpose");
    else if (strcmp(word, "close") == 0)
        *result_out = MHD_NO;
    else
        return false;
    return true;
}

static enum MHD_Result serve_whole_request(struct http_server *server,
                                           struct MHD_Connection *connection, const char *method,
                                           const struct request *request)
{
    enum MHD_Result result;
    if (misbehave(server, connection, &result))
        return result;
    if (request->too_large)
        return respond_error(connection, 413, "too_large");
    return serve_kiosk(server, connection, method, request);
}

/* The headers are here, the body is not: nothing of it is kept for somebody who is no kiosk. */
static enum MHD_Result begin_request(struct MHD_Connection *connection, const char *url,
                                     void **state)
{
    struct route route;
    if (!parse_route(url, &route))
        return respond_error(connection, 404, "not_found");
    if (!peer_is_kiosk(connection, route.kiosk)) {
        log_warning("bureau", "certificate_refused", "for kiosk %s", route.kiosk);
        return respond_error(connection, 403, "certificate");
    }
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        return MHD_NO;
    request->route = route;
    *state = request;
    return MHD_YES;
}

static bool collect(struct request *request, const char *data, size_t size)
{
    if (request->too_large || request->size + size > DESK_REQUEST_BYTES_MAX) {
        request->too_large = true;
        return true;
    }
    char *grown = realloc(request->data, request->size + size);
    if (!grown)
        return false;
    memcpy(grown + request->size, data, size);
    request->data = grown;
    request->size += size;
    return true;
}

static enum MHD_Result on_kiosk_request(void *context, struct MHD_Connection *connection,
                                        const char *url, const char *method, const char *version,
                                        const char *data, size_t *size, void **state)
{
    (void)version;
    struct request *request = *state;
    if (!request)
        return begin_request(connection, url, state);
    if (*size > 0) {
        bool collected = collect(request, data, *size);
        *size = 0;
        return collected ? MHD_YES : MHD_NO;
    }
    return serve_whole_request(context, connection, method, request);
}

static void on_kiosk_completed(void *context, struct MHD_Connection *connection, void **state,
                               enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    struct request *request = *state;
    if (request)
        bytes_free_wiped(request->data);
    free(request);
    *state = NULL;
}

static enum MHD_Result answer_html(struct MHD_Connection *connection, unsigned status, char *html,
                                   size_t size)
{
    if (!html)
        return MHD_NO;
    enum MHD_Result result = respond(connection, status, "text/html; charset=utf-8", html, size);
    free(html);
    return result;
}

static enum MHD_Result answer_statement(struct http_server *server,
                                        struct MHD_Connection *connection, const char *text)
{
    char *html = NULL;
    size_t size = 0;
    unsigned status = page_statement(server->reader, text, &html, &size);
    return answer_html(connection, status, html, size);
}

static enum MHD_Result answer_voucher(struct http_server *server, struct MHD_Connection *connection)
{
    char *html = NULL;
    size_t size = 0;
    unsigned status = page_voucher(
        server->reader, MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "n"),
        MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "h"), &html, &size);
    return answer_html(connection, status, html, size);
}

/* What a root.pub holds, so that the answer can be saved as one. */
static enum MHD_Result answer_key(struct http_server *server, struct MHD_Connection *connection,
                                  const char *kiosk)
{
    uint8_t key[JOURNAL_ROOT_KEY_BYTES];
    char text[2 * sizeof key + 2];
    if (slip_find_key(server->reader, kiosk, key) != STATUS_OK)
        return respond(connection, 404, "text/plain; charset=utf-8", "not found\n", 10);
    bytes_to_hex(key, sizeof key, text);
    memcpy(text + 2 * sizeof key, "\n", 2);
    return respond(connection, 200, "text/plain; charset=utf-8", text, sizeof text - 1);
}

static enum MHD_Result on_public_request(void *context, struct MHD_Connection *connection,
                                         const char *url, const char *method, const char *version,
                                         const char *data, size_t *size, void **state)
{
    static int seen;
    struct http_server *server = context;
    (void)version;
    (void)data;
    if (strcmp(method, "GET") != 0 || *size > 0)
        return MHD_NO;
    if (!*state) {
        *state = &seen;
        return MHD_YES;
    }
    if (strncmp(url, "/v/", 3) == 0 && url[3] != '\0')
        return answer_statement(server, connection, url + 3);
    if (strcmp(url, "/v") == 0 || strcmp(url, "/v/") == 0)
        return answer_voucher(server, connection);
    if (strncmp(url, "/keys/", 6) == 0)
        return answer_key(server, connection, url + 6);
    return respond(connection, 404, "text/plain; charset=utf-8", "not found\n", 10);
}

static bool make_address(const struct http_config *config, uint16_t port, struct sockaddr_in *out)
{
    *out = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port) };
    return inet_pton(AF_INET, config->bind_address, &out->sin_addr) == 1;
}

static struct MHD_Daemon *start_https(struct http_server *server)
{
    struct sockaddr_in address;
    if (!make_address(&server->config, server->config.port, &address))
        return NULL;
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS, server->config.port, NULL, NULL,
        on_kiosk_request, server, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_HTTPS_MEM_CERT,
        server->certificate, MHD_OPTION_HTTPS_MEM_KEY, server->key, MHD_OPTION_HTTPS_MEM_TRUST,
        server->ca, MHD_OPTION_HTTPS_PRIORITIES, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
        MHD_OPTION_NOTIFY_COMPLETED, on_kiosk_completed, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_PER_ADDRESS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)65536,
        MHD_OPTION_END);
}

static struct MHD_Daemon *start_public(struct http_server *server)
{
    struct sockaddr_in address;
    uint16_t port = (uint16_t)server->config.public_port;
    if (!make_address(&server->config, port, &address))
        return NULL;
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, port, NULL, NULL, on_public_request,
                            server, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
                            (unsigned)CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                            (unsigned)CONNECTIONS_PER_ADDRESS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)CONNECTION_TIMEOUT_S, MHD_OPTION_END);
}

static enum status start(struct http_server *server)
{
    const char *folder = server->config.tls_dir;
    server->ca = read_pem(folder, "ca.pem");
    server->certificate = read_pem(folder, "server.pem");
    server->key = read_pem(folder, "server.key");
    if (!server->ca || !server->certificate || !server->key)
        return STATUS_DENIED;
    server->https = start_https(server);
    if (server->config.public_port >= 0)
        server->public_http = start_public(server);
    if (server->https && (server->public_http || server->config.public_port < 0))
        return STATUS_OK;
    log_error("bureau", "listen_failed", "port %u on %s", server->config.port,
              server->config.bind_address);
    return STATUS_IO;
}

enum status http_open(const struct http_config *config, struct bureau_store *writer,
                      struct bureau_store *reader, struct http_server **out)
{
    *out = NULL;
    struct http_server *server = calloc(1, sizeof *server);
    if (!server)
        return STATUS_IO;
    server->config = *config;
    server->writer = writer;
    server->reader = reader;
    enum status status = start(server);
    if (status != STATUS_OK) {
        http_close(server);
        return status;
    }
    *out = server;
    return STATUS_OK;
}

static uint16_t port_of(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info =
        daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    return info ? info->port : 0;
}

uint16_t http_port(const struct http_server *server)
{
    return port_of(server->https);
}

uint16_t http_public_port(const struct http_server *server)
{
    return port_of(server->public_http);
}

void http_close(struct http_server *server)
{
    if (!server)
        return;
    if (server->https)
        MHD_stop_daemon(server->https);
    if (server->public_http)
        MHD_stop_daemon(server->public_http);
    free(server->ca);
    free(server->certificate);
    free(server->key);
    free(server);
}
