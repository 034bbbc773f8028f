/*
 * The real guichet-bureau on a free loopback port with development certificates, and the kiosk's
 * real transport. BUREAU is the program's path.
 */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/bytes.h"
#include "base/queue.h"
#include "store/seal.h"
#include "store/statement.h"
#include "support/unit.h"
#include "sync/sync.h"
#include "sync/sync_wire.h"
#include "unit/store/store_rig.h"

#define WAIT_S 20 /* only a hang takes that long */
#define ADDRESS_SHARE 32

/* Made once for all tests: certificates take their time. */
static char tls_dir[80], foreign_tls_dir[80];

struct https_rig {
    struct store_rig *store;
    pid_t bureau;
    int port, public_port;
    char base_url[64], misbehave_path[128], db_path[128];
    struct queue queue;
    sem_t woken;
    struct transport *transport;
    int replies;
    enum status status;
    int http_status;
    char body[4096];
};

static void wake(void *context)
{
    struct https_rig *rig = context;
    sem_post(&rig->woken);
}

static void remember_reply(void *context, struct transport_reply *reply)
{
    struct https_rig *rig = context;
    rig->replies++;
    rig->status = reply->status;
    rig->http_status = reply->http_status;
    snprintf(rig->body, sizeof rig->body, "%s", reply->body);
}

static void open_transport(struct https_rig *rig, const char *ca_dir, const char *client_dir)
{
    char ca[128], certificate[128], key[128];
    snprintf(ca, sizeof ca, "%s/ca.pem", ca_dir);
    snprintf(certificate, sizeof certificate, "%s/kiosk.pem", client_dir);
    snprintf(key, sizeof key, "%s/kiosk.key", client_dir);
    struct transport_https_config config = { .base_url = rig->base_url,
                                             .ca_cert = ca,
                                             .client_cert = certificate,
                                             .client_key = key,
                                             .timeout_s = 10 };
    if (rig->transport)
        rig->transport->ops->close(rig->transport);
    rig->transport = transport_https_open(&config, &rig->queue, remember_reply, rig);
    assert_non_null(rig->transport);
}

static void start_bureau(struct https_rig *rig)
{
    int output[2];
    assert_int_equal(pipe(output), 0);
    rig->bureau = fork();
    assert_true(rig->bureau >= 0);
    if (rig->bureau == 0) {
        dup2(output[1], STDOUT_FILENO);
        close(output[0]);
        close(output[1]);
        execl(BUREAU, BUREAU, "--db", rig->db_path, "--tls-dir", tls_dir, "--port", "0",
              "--public-port", "0", "--misbehave-file", rig->misbehave_path, (char *)NULL);
        _exit(127);
    }
    close(output[1]);
    FILE *lines = fdopen(output[0], "r");
    assert_non_null(lines);
    assert_int_equal(fscanf(lines,
                            "guichet-bureau: https://127.0.0.1:%d public http://127.0.0.1:%d",
                            &rig->port, &rig->public_port),
                     2);
    fclose(lines);
    snprintf(rig->base_url, sizeof rig->base_url, "https://127.0.0.1:%d", rig->port);
}

static void stop_bureau(struct https_rig *rig)
{
    int result;
    assert_int_equal(kill(rig->bureau, SIGTERM), 0);
    assert_int_equal(waitpid(rig->bureau, &result, 0), rig->bureau);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);
}

static int setup(void **state)
{
    struct https_rig *rig = calloc(1, sizeof *rig);
    void *store;
    assert_non_null(rig);
    assert_int_equal(rig_setup(&store), 0);
    rig->store = store;
    snprintf(rig->db_path, sizeof rig->db_path, "%s/bureau.db", rig->store->folder);
    snprintf(rig->misbehave_path, sizeof rig->misbehave_path, "%s/misbehave", rig->store->folder);
    sem_init(&rig->woken, 0, 0);
    queue_init(&rig->queue, wake, rig);
    start_bureau(rig);
    open_transport(rig, tls_dir, tls_dir);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    static const char *const SUFFIXES[] = { "", "-wal", "-shm" };
    struct https_rig *rig = *state;
    void *store = rig->store;
    queue_close(&rig->queue);
    rig->transport->ops->close(rig->transport);
    queue_deinit(&rig->queue);
    sem_destroy(&rig->woken);
    stop_bureau(rig);
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s%s", rig->db_path, SUFFIXES[i]);
        unlink(path);
    }
    unlink(rig->misbehave_path);
    free(rig);
    return rig_teardown(&store);
}

static void wait_for_reply(struct https_rig *rig)
{
    struct timespec until;
    int before = rig->replies;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_S;
    while (rig->replies == before) {
        assert_int_equal(sem_timedwait(&rig->woken, &until), 0);
        queue_drain(&rig->queue);
    }
}

static void exchange(struct https_rig *rig, const char *path, const char *body)
{
    assert_int_equal(rig->transport->ops->send(rig->transport, path, body, body ? strlen(body) : 0),
                     STATUS_OK);
    wait_for_reply(rig);
}

static char *batch_from(struct https_rig *rig, int64_t first_seq)
{
    char *request;
    size_t size;
    int64_t last_seq;
    assert_int_equal(
        sync_wire_build_batch(rig->store->journal, first_seq, &request, &size, &last_seq),
        STATUS_OK);
    assert_int_equal(strlen(request), size);
    return request;
}

static void takes_a_batch_and_the_same_again(void **state)
{
    struct https_rig *rig = *state;
    char first[sizeof rig->body];
    struct sync_ack ack;
    rig_play_visit(rig->store);
    char *request = batch_from(rig, 1);
    exchange(rig, "/v1/kiosks/000003/entries", request);
    assert_int_equal(rig->status, STATUS_OK);
    assert_int_equal(rig->http_status, 200);
    assert_int_equal(sync_wire_parse_ack(rig->body, strlen(rig->body), &ack), STATUS_OK);
    assert_int_equal(ack.point.seq, journal_last_seq(rig->store->journal));
    memcpy(first, rig->body, sizeof first);
    exchange(rig, "/v1/kiosks/000003/entries", request);
    assert_int_equal(rig->http_status, 200);
    assert_string_equal(rig->body, first);
    free(request);
}

static void refuses_a_gap(void **state)
{
    struct https_rig *rig = *state;
    rig_play_visit(rig->store);
    char *request = batch_from(rig, 3);
    exchange(rig, "/v1/kiosks/000003/entries", request);
    assert_int_equal(rig->http_status, 409);
    assert_non_null(strstr(rig->body, "\"gap\""));
    free(request);
}

static void refuses_a_tampered_entry(void **state)
{
    struct https_rig *rig = *state;
    rig_play_visit(rig->store);
    char *request = batch_from(rig, 1);
    char *value = strstr(request, "14950");
    assert_non_null(value);
    value[0] = '9';
    exchange(rig, "/v1/kiosks/000003/entries", request);
    assert_int_equal(rig->http_status, 409);
    assert_non_null(strstr(rig->body, "\"chain\""));
    free(request);
}

static void refuses_the_certificate_of_another_kiosk(void **state)
{
    struct https_rig *rig = *state;
    exchange(rig, "/v1/kiosks/000004/updates", NULL);
    assert_int_equal(rig->http_status, 403);
}

static void refuses_a_certificate_of_another_authority(void **state)
{
    struct https_rig *rig = *state;
    open_transport(rig, tls_dir, foreign_tls_dir);
    exchange(rig, "/v1/kiosks/000003/updates", NULL);
    assert_int_equal(rig->http_status, 403);
}

static void is_refused_by_a_kiosk_that_trusts_another_authority(void **state)
{
    struct https_rig *rig = *state;
    open_transport(rig, foreign_tls_dir, tls_dir);
    exchange(rig, "/v1/kiosks/000003/updates", NULL);
    assert_int_equal(rig->status, STATUS_DENIED);
}

static void refuses_what_is_too_large(void **state)
{
    struct https_rig *rig = *state;
    size_t size = 1024 * 1024 + 1;
    char *body = malloc(size + 1);
    assert_non_null(body);
    memset(body, 'x', size);
    body[size] = '\0';
    exchange(rig, "/v1/kiosks/000003/entries", body);
    assert_int_equal(rig->http_status, 413);
    free(body);
}

/* Handshake done, nothing sent: what follows goes byte by byte. */
static CURL *connect_by_hand(const struct https_rig *rig, const char *client_dir)
{
    char path[128];
    CURL *curl = curl_easy_init();
    assert_non_null(curl);
    curl_easy_setopt(curl, CURLOPT_URL, rig->base_url);
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    snprintf(path, sizeof path, "%s/ca.pem", tls_dir);
    curl_easy_setopt(curl, CURLOPT_CAINFO, path);
    snprintf(path, sizeof path, "%s/kiosk.pem", client_dir);
    curl_easy_setopt(curl, CURLOPT_SSLCERT, path);
    snprintf(path, sizeof path, "%s/kiosk.key", client_dir);
    curl_easy_setopt(curl, CURLOPT_SSLKEY, path);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    return curl;
}

static void wait_to_read(CURL *curl)
{
    curl_socket_t socket_fd;
    assert_int_equal(curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket_fd), CURLE_OK);
    struct pollfd waiting = { .fd = socket_fd, .events = POLLIN };
    assert_int_equal(poll(&waiting, 1, WAIT_S * 1000), 1);
}

static void refuses_a_stranger_before_it_reads_the_body(void **state)
{
    static const char HEADERS[] = "POST /v1/kiosks/000003/entries HTTP/1.1\r\nHost: bureau\r\n"
                                  "Content-Length: 1000000\r\n\r\n";
    struct https_rig *rig = *state;
    char reply[512] = "";
    size_t size = 0;
    CURLcode code;
    CURL *curl = connect_by_hand(rig, foreign_tls_dir);
    assert_int_equal(curl_easy_send(curl, HEADERS, sizeof HEADERS - 1, &size), CURLE_OK);
    assert_int_equal(size, sizeof HEADERS - 1); /* and of the body not one byte */
    while ((code = curl_easy_recv(curl, reply, sizeof reply - 1, &size)) == CURLE_AGAIN)
        wait_to_read(curl);
    assert_int_equal(code, CURLE_OK);
    assert_non_null(strstr(reply, " 403 "));
    curl_easy_cleanup(curl);
}

static int connect_plainly(const struct https_rig *rig)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)rig->port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static bool is_closed(int fd, int timeout_ms)
{
    char byte;
    struct pollfd waiting = { .fd = fd, .events = POLLIN };
    return poll(&waiting, 1, timeout_ms) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

static void gives_one_address_only_its_share_of_connections(void **state)
{
    struct https_rig *rig = *state;
    int fds[ADDRESS_SHARE + 1];
    for (int i = 0; i <= ADDRESS_SHARE; i++)
        fds[i] = connect_plainly(rig);
    assert_true(is_closed(fds[ADDRESS_SHARE], WAIT_S * 1000));
    for (int i = 0; i < ADDRESS_SHARE; i++) {
        assert_false(is_closed(fds[i], 0));
        close(fds[i]);
    }
    close(fds[ADDRESS_SHARE]);
}

struct answer {
    char text[8192];
    size_t size;
};

static size_t take_answer(char *data, size_t unit, size_t count, void *context)
{
    struct answer *answer = context;
    size_t size = unit * count;
    if (answer->size + size >= sizeof answer->text)
        return 0;
    memcpy(answer->text + answer->size, data, size);
    answer->size += size;
    answer->text[answer->size] = '\0';
    return size;
}

/* As a citizen's phone: no certificate, no TLS here (a proxy does that). Returns the HTTP status.
 */
static long browse(const struct https_rig *rig, const char *path, struct answer *out)
{
    char url[1400];
    long status = 0;
    *out = (struct answer){ 0 };
    CURL *curl = curl_easy_init();
    assert_non_null(curl);
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", rig->public_port, path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    return status;
}

/* The kiosk's key comes with its first signed day; then anybody can fetch it and check a slip. */
static void gives_anybody_a_kiosks_key_and_the_page_of_a_slip(void **state)
{
    struct https_rig *rig = *state;
    struct journal_root_key key;
    struct answer answer;
    char path[128], link[STATEMENT_TEXT_SIZE + 8], hex[2 * sizeof key.public_key + 2];
    struct statement statement = { .voucher = "990000000003202611230003192", .paid_fen = 15000 };
    assert_int_equal(browse(rig, "/keys/000003", &answer), 404);
    snprintf(path, sizeof path, "%s/root.key", rig->store->folder);
    assert_int_equal(journal_root_open_key(path, &key), STATUS_OK);
    unlink(path);
    memcpy(path + strlen(path) - 3, "pub", 3);
    unlink(path);
    rig_play_visit(rig->store);
    assert_int_equal(
        journal_root_append(rig->store->journal, &key, "000003", &rig->store->clock.clock),
        STATUS_OK);
    char *request = batch_from(rig, 1);
    exchange(rig, "/v1/kiosks/000003/entries", request);
    free(request);
    assert_int_equal(rig->http_status, 200);
    bytes_to_hex(key.public_key, sizeof key.public_key, hex);
    strcat(hex, "\n");
    assert_int_equal(browse(rig, "/keys/000003", &answer), 200);
    assert_string_equal(answer.text, hex);
    assert_int_equal(browse(rig, "/keys/000004", &answer), 404);
    assert_int_equal(statement_sign(&statement, &key), STATUS_OK);
    memcpy(link, "/v/", 4);
    statement_format(&statement, link + 3);
    assert_int_equal(browse(rig, link, &answer), 200);
    assert_non_null(strstr(answer.text, "终端已收款"));
    link[40] = link[40] == 'A' ? 'B' : 'A';
    assert_int_not_equal(browse(rig, link, &answer), 200);
    assert_int_equal(browse(rig, "/v/%3Cscript%3E", &answer), 400);
    assert_null(strstr(answer.text, "<script>"));
    assert_int_equal(browse(rig, "/v", &answer), 400);
    assert_int_equal(browse(rig, "/etc/passwd", &answer), 404);
}

static void set_misbehaviour(struct https_rig *rig, const char *word)
{
    FILE *file = fopen(rig->misbehave_path, "w");
    assert_non_null(file);
    fputs(word, file);
    fclose(file);
}

static void carries_every_misbehaviour_to_the_kiosk(void **state)
{
    struct https_rig *rig = *state;
    struct sync_point point;
    set_misbehaviour(rig, "garbage");
    exchange(rig, "/v1/kiosks/000003/updates", NULL);
    assert_int_equal(rig->http_status, 200);
    assert_int_equal(sync_wire_parse_point(rig->body, strlen(rig->body), &point), STATUS_PROTOCOL);
    set_misbehaviour(rig, "error500");
    exchange(rig, "/v1/kiosks/000003/updates", NULL);
    assert_int_equal(rig->http_status, 500);
    set_misbehaviour(rig, "close");
    exchange(rig, "/v1/kiosks/000003/updates", NULL);
    assert_int_equal(rig->status, STATUS_DISCONNECTED);
    set_misbehaviour(rig, "");
    exchange(rig, "/v1/kiosks/000003/updates", NULL);
    assert_int_equal(rig->http_status, 200);
}

static void says_disconnected_when_nobody_listens(void **state)
{
    struct https_rig *rig = *state;
    snprintf(rig->base_url, sizeof rig->base_url, "https://127.0.0.1:1");
    open_transport(rig, tls_dir, tls_dir);
    exchange(rig, "/v1/kiosks/000003/updates", NULL);
    assert_int_equal(rig->status, STATUS_DISCONNECTED);
}

static void is_busy_until_the_reply_is_delivered(void **state)
{
    struct https_rig *rig = *state;
    struct transport *transport = rig->transport;
    assert_int_equal(transport->ops->send(transport, "/v1/kiosks/000003/updates", NULL, 0),
                     STATUS_OK);
    assert_int_equal(transport->ops->send(transport, "/v1/kiosks/000003/updates", NULL, 0),
                     STATUS_BUSY);
    wait_for_reply(rig);
    exchange(rig, "/v1/kiosks/000003/updates", NULL);
    assert_int_equal(rig->http_status, 200);
}

static void on_flow_reply(void *context, struct transport_reply *reply)
{
    sync_flow_on_reply(context, reply);
}

/* The whole way: journal, flow, threads, TLS, bureau. */
static void a_flow_leases_numbers_and_delivers_the_journal(void **state)
{
    struct https_rig *rig = *state;
    struct sync_flow flow;
    struct sync_config config = {
        .kiosk_id = "000003", .retry_s_min = 1, .retry_s_max = 2, .poll_s = 60, .numbers_low = 5
    };
    char ca[128], certificate[128], key[128];
    snprintf(ca, sizeof ca, "%s/ca.pem", tls_dir);
    snprintf(certificate, sizeof certificate, "%s/kiosk.pem", tls_dir);
    snprintf(key, sizeof key, "%s/kiosk.key", tls_dir);
    struct transport_https_config https = { rig->base_url, ca, certificate, key, 10 };
    rig->transport->ops->close(rig->transport);
    rig->transport = transport_https_open(&https, &rig->queue, on_flow_reply, &flow);
    assert_non_null(rig->transport);
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{\"version\":\"1\"}"),
                     STATUS_OK);
    sync_flow_init(&flow, &clock_system, rig->store->journal, rig->transport, &config, NULL, NULL);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_S;
    sync_flow_tick(&flow);
    while (flow.status.unsent > 0 || journal_numbers_left(rig->store->journal) == 0) {
        assert_int_equal(sem_timedwait(&rig->woken, &until), 0);
        queue_drain(&rig->queue);
        sync_flow_tick(&flow);
    }
    assert_true(flow.status.reachable);
    if (flow.sm.state != 0) /* a poll may be on the wire; it must not outlive the flow */
        queue_close(&rig->queue);
}

static int run_command(const char *command, char *out, size_t out_size)
{
    FILE *pipe_end = popen(command, "r");
    assert_non_null(pipe_end);
    size_t size = fread(out, 1, out_size - 1, pipe_end);
    out[size] = '\0';
    return pclose(pipe_end);
}

static void opens_what_a_kiosk_sealed(void **state)
{
    (void)state;
    struct seal seal;
    char pub[128], person[128], text[SEAL_TEXT_SIZE], command[SEAL_TEXT_SIZE + 256], out[256];
    snprintf(pub, sizeof pub, "%s/bureau.pub", tls_dir);
    snprintf(person, sizeof person, "%s/person.key", tls_dir);
    assert_int_equal(seal_open(&seal, pub, person), STATUS_OK);
    assert_int_equal(seal_text(&seal, "{\"name\":\"张三\"}", 17, text, sizeof text), STATUS_OK);
    snprintf(command, sizeof command, BUREAU " open-sealed --tls-dir %s --text '%s'", tls_dir,
             text);
    assert_int_equal(run_command(command, out, sizeof out), 0);
    assert_string_equal(out, "{\"name\":\"张三\"}\n");
    snprintf(command, sizeof command, BUREAU " open-sealed --tls-dir %s --text '%s' 2>&1",
             foreign_tls_dir, text);
    assert_int_not_equal(run_command(command, out, sizeof out), 0);
    assert_null(strstr(out, "张三"));
}

static void make_certificates(char *folder, size_t size, const char *pattern)
{
    char command[512], out[8];
    snprintf(folder, size, "%s", pattern);
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof command,
             "GUICHET_BUREAU=" BUREAU " " SOURCE_DIR "/tools/bureau/make-dev-certs.sh %s", folder);
    assert_int_equal(run_command(command, out, sizeof out), 0);
}

static int make_all_certificates(void **state)
{
    (void)state;
    make_certificates(tls_dir, sizeof tls_dir, "/tmp/guichet-tls-XXXXXX");
    make_certificates(foreign_tls_dir, sizeof foreign_tls_dir, "/tmp/guichet-tls-XXXXXX");
    return 0;
}

static int remove_certificates(void **state)
{
    (void)state;
    char command[256], out[8];
    snprintf(command, sizeof command, "rm -r %s %s", tls_dir, foreign_tls_dir);
    return run_command(command, out, sizeof out);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(takes_a_batch_and_the_same_again),
        ON_RIG(refuses_a_gap),
        ON_RIG(refuses_a_tampered_entry),
        ON_RIG(refuses_the_certificate_of_another_kiosk),
        ON_RIG(refuses_a_certificate_of_another_authority),
        ON_RIG(is_refused_by_a_kiosk_that_trusts_another_authority),
        ON_RIG(refuses_what_is_too_large),
        ON_RIG(refuses_a_stranger_before_it_reads_the_body),
        ON_RIG(gives_one_address_only_its_share_of_connections),
        ON_RIG(gives_anybody_a_kiosks_key_and_the_page_of_a_slip),
        ON_RIG(carries_every_misbehaviour_to_the_kiosk),
        ON_RIG(says_disconnected_when_nobody_listens),
        ON_RIG(is_busy_until_the_reply_is_delivered),
        ON_RIG(a_flow_leases_numbers_and_delivers_the_journal),
        cmocka_unit_test(opens_what_a_kiosk_sealed),
    };
    return cmocka_run_group_tests(tests, make_all_certificates, remove_certificates);
}
