#include "sync/transport.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include <curl/curl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_TIMEOUT_S_MAX 15
#define URL_SIZE 512

enum exchange_state {
    EXCHANGE_NONE,
    EXCHANGE_ASKED,
    EXCHANGE_RUNNING
};

struct transport_https {
    struct transport transport; /* first: a struct transport * is a struct transport_https * */
    struct queue *queue;
    transport_on_reply *on_reply;
    void *context;
    char *base_url, *ca_cert, *client_cert, *client_key;
    int timeout_s;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t asked;
    enum exchange_state state; /* guarded by lock; back to NONE on the main loop at delivery */
    bool quit;                 /* guarded by lock */
    bool cancelled;            /* the exchange; guarded by lock */
    char url[URL_SIZE];        /* of the exchange; written only while state is NONE */
    char *body;
    size_t size;
    struct transport_reply reply; /* the thread's until it is posted */
};

/* Runs on the main loop. The exchange is over before on_reply, which may send the next. */
static void deliver(void *target, const void *message)
{
    struct transport_https *https = target;
    struct transport_reply reply = https->reply;
    (void)message;
    https->reply = (struct transport_reply){ 0 };
    pthread_mutex_lock(&https->lock);
    https->state = EXCHANGE_NONE;
    pthread_mutex_unlock(&https->lock);
    https->on_reply(https->context, &reply);
    bytes_free_wiped(reply.body);
}

static bool must_stop(struct transport_https *https)
{
    pthread_mutex_lock(&https->lock);
    bool stop = https->quit || https->cancelled;
    pthread_mutex_unlock(&https->lock);
    return stop;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return must_stop(context) ? 1 : 0;
}

static size_t on_body(char *data, size_t unit, size_t count, void *context)
{
    struct transport_reply *reply = context;
    size_t size = unit * count;
    if (reply->size + size > TRANSPORT_REPLY_BYTES_MAX) {
        reply->status = STATUS_PROTOCOL;
        return 0;
    }
    char *grown = realloc(reply->body, reply->size + size + 1);
    if (!grown)
        return 0;
    memcpy(grown + reply->size, data, size);
    reply->body = grown;
    reply->size += size;
    reply->body[reply->size] = '\0';
    return size;
}

static enum status status_of(CURLcode code)
{
    switch ((int)code) {
    case CURLE_OK:
        return STATUS_OK;
    case CURLE_OPERATION_TIMEDOUT:
        return STATUS_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return STATUS_DENIED;
    default:
        return STATUS_DISCONNECTED;
    }
}

/* Options that are the same for every exchange. */
static void set_up(CURL *curl, CURLSH *share, struct transport_https *https)
{
    long timeout_s = https->timeout_s;
    curl_easy_setopt(curl, CURLOPT_SHARE, share);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_CAINFO, https->ca_cert);
    curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(curl, CURLOPT_SSLCERT, https->client_cert);
    curl_easy_setopt(curl, CURLOPT_SSLKEY, https->client_key);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, timeout_s);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
                     timeout_s < CONNECT_TIMEOUT_S_MAX ? timeout_s : (long)CONNECT_TIMEOUT_S_MAX);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, https);
}

static void perform(CURL *curl, struct curl_slist *headers, struct transport_https *https)
{
    char problem[CURL_ERROR_SIZE] = "";
    long http_status = 0;
    struct transport_reply *reply = &https->reply;
    *reply = (struct transport_reply){ .status = STATUS_OK };
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
    curl_easy_setopt(curl, CURLOPT_URL, https->url);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
    if (https->body) {
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, https->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)https->size);
    } else {
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    }
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http_status);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    if (code != CURLE_OK)
        log_warning("sync", "transport", "%s", problem[0] ? problem : curl_easy_strerror(code));
    if (reply->status == STATUS_OK)
        reply->status = status_of(code);
    reply->http_status = (int)http_status;
    bytes_free_wiped(https->body);
    https->body = NULL;
    if (!reply->body)
        reply->body = calloc(1, 1);
    if (!reply->body && reply->status == STATUS_OK)
        reply->status = STATUS_DISCONNECTED;
}

/* Sleeps until something is asked. False at the end. */
static bool wait_for_work(struct transport_https *https)
{
    pthread_mutex_lock(&https->lock);
    while (!https->quit && https->state != EXCHANGE_ASKED)
        pthread_cond_wait(&https->asked, &https->lock);
    bool quit = https->quit;
    if (!quit)
        https->state = EXCHANGE_RUNNING;
    pthread_mutex_unlock(&https->lock);
    return !quit;
}

/* A handle keeps the last upload in a buffer of its own, so each exchange has another; the
 * connection is the share's and stays. */
static void exchange(CURLSH *share, struct curl_slist *headers, struct transport_https *https)
{
    CURL *curl = curl_easy_init();
    CHECK(curl);
    set_up(curl, share, https);
    perform(curl, headers, https);
    curl_easy_cleanup(curl);
}

/* Only this thread uses it, so it needs no locks. */
static CURLSH *open_share(void)
{
    CURLSH *share = curl_share_init();
    CHECK(share);
    CHECK(curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT) == CURLSHE_OK);
    CHECK(curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK);
    return share;
}

static void *run(void *context)
{
    struct transport_https *https = context;
    CURLSH *share = open_share();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    struct curl_slist *more = curl_slist_append(headers, "Expect:"); /* one round trip less */
    CHECK(headers && more);
    while (wait_for_work(https)) {
        exchange(share, headers, https);
        if (queue_post(https->queue, deliver, https, NULL, 0) != STATUS_OK)
            break; /* shutting down */
    }
    curl_slist_free_all(headers);
    curl_share_cleanup(share);
    return NULL;
}

static enum status https_send(struct transport *transport, const char *path, const char *body,
                              size_t size)
{
    struct transport_https *https = (struct transport_https *)transport;
    pthread_mutex_lock(&https->lock);
    bool busy = https->state != EXCHANGE_NONE;
    pthread_mutex_unlock(&https->lock);
    if (busy)
        return STATUS_BUSY;
    if (!text_format(https->url, sizeof https->url, "%s%s", https->base_url, path))
        return STATUS_INVALID;
    if (body) {
        https->body = malloc(size + 1);
        if (!https->body)
            return STATUS_FULL;
        memcpy(https->body, body, size);
        https->size = size;
    }
    pthread_mutex_lock(&https->lock);
    https->state = EXCHANGE_ASKED;
    https->cancelled = false;
    pthread_cond_signal(&https->asked);
    pthread_mutex_unlock(&https->lock);
    return STATUS_OK;
}

static void https_cancel(struct transport *transport)
{
    struct transport_https *https = (struct transport_https *)transport;
    pthread_mutex_lock(&https->lock);
    https->cancelled = https->state != EXCHANGE_NONE;
    pthread_mutex_unlock(&https->lock);
}

static void destroy(struct transport_https *https)
{
    free(https->base_url);
    free(https->ca_cert);
    free(https->client_cert);
    free(https->client_key);
    bytes_free_wiped(https->body);
    bytes_free_wiped(https->reply.body);
    pthread_mutex_destroy(&https->lock);
    pthread_cond_destroy(&https->asked);
    free(https);
}

static void https_close(struct transport *transport)
{
    struct transport_https *https = (struct transport_https *)transport;
    pthread_mutex_lock(&https->lock);
    https->quit = true;
    pthread_cond_signal(&https->asked);
    pthread_mutex_unlock(&https->lock);
    pthread_join(https->thread, NULL);
    destroy(https);
}

static const struct transport_ops OPS = { .send = https_send,
                                          .cancel = https_cancel,
                                          .close = https_close };

/* It copies the entries it sends. */
static void init_curl(void)
{
    CHECK(curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, bytes_free_wiped, bytes_realloc_wiped,
                               strdup, calloc) == CURLE_OK);
}

struct transport *transport_https_open(const struct transport_https_config *config,
                                       struct queue *queue, transport_on_reply *on_reply,
                                       void *context)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_curl);
    struct transport_https *https = calloc(1, sizeof *https);
    if (!https)
        return NULL;
    https->transport.ops = &OPS;
    https->queue = queue;
    https->on_reply = on_reply;
    https->context = context;
    https->timeout_s = config->timeout_s;
    https->base_url = strdup(config->base_url);
    https->ca_cert = strdup(config->ca_cert);
    https->client_cert = strdup(config->client_cert);
    https->client_key = strdup(config->client_key);
    pthread_mutex_init(&https->lock, NULL);
    pthread_cond_init(&https->asked, NULL);
    if (https->base_url && https->ca_cert && https->client_cert && https->client_key &&
        pthread_create(&https->thread, NULL, run, https) == 0)
        return &https->transport;
    destroy(https);
    return NULL;
}
