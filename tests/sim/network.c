#include "sim/network.h"

#include "sim/disk.h"
#include "sim/world.h"
#include "tools/bureau/desk.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLY_MS 120
#define TIMEOUT_MS 20000 /* transport_https's own, as app.c sets it */

static struct dice *dice(struct sim_network *network)
{
    return &network->world->dice;
}

static enum exchange_fate roll_fate(struct sim_network *network)
{
    if (!world_has(network->world, FAULT_NETWORK) || dice_chance(dice(network), 70))
        return EXCHANGE_GOOD;
    network->faults++;
    return (enum exchange_fate)dice_between(dice(network), 1, EXCHANGE_FATES - 1);
}

static enum status send(struct transport *transport, const char *path, const char *body,
                        size_t size)
{
    struct sim_network *network = (struct sim_network *)(void *)transport;
    if (world_point(network->world, POINT_NETWORK))
        return STATUS_IO;
    if (network->waits)
        return STATUS_BUSY;
    free(network->body);
    network->body = body != NULL ? strndup(body, size) : NULL;
    network->size = size;
    snprintf(network->path, sizeof network->path, "%s", path);
    network->waits = true;
    network->fate = roll_fate(network);
    network->due_ms = world_now(network->world) + REPLY_MS;
    network->exchanges++;
    TELL(network->world, "network: %s, fate %d", path, (int)network->fate);
    (void)world_point(network->world, POINT_NETWORK);
    return STATUS_OK;
}

static void close_transport(struct transport *transport)
{
    (void)transport;
}

/* A citizen who leaves does not hasten a network that is slow. */
static void cancel(struct transport *transport)
{
    (void)transport;
}

static const struct transport_ops OPS = { .send = send,
                                          .cancel = cancel,
                                          .close = close_transport };

/* ---- the bureau ---- */

static char bureau_path[96];

static void open_bureau(struct sim_network *network)
{
    network->bureau_runs =
        bureau_store_open(&network->bureau, bureau_path, NETWORK_NUMBER_PREFIX) == STATUS_OK;
    if (!network->bureau_runs)
        world_fail(network->world, "bureau_opens_again", "its books cannot be opened");
}

/* The power fails in the middle of what it was doing. */
static void bury_bureau(struct sim_network *network)
{
    disk_kill(DISK_BUREAU);
    bureau_store_close(&network->bureau);
    network->bureau_runs = false;
    network->bureau_dies_at = 0;
    disk_lose_power(DISK_BUREAU, dice(network));
    disk_revive(DISK_BUREAU);
    network->bureau_back_ms = world_now(network->world) + 3000;
    TELL(network->world, "bureau: dies");
}

bool network_bureau_step(struct sim_network *network)
{
    network->bureau_steps++;
    return network->bureau_dies_at > 0 && network->bureau_steps == network->bureau_dies_at;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* NULL: no answer. */
static char *ask(struct sim_network *network, const char *path, const char *body, size_t size,
                 int *http_status_out)
{
    const char *kiosk = network->world->settings.kiosk_id;
    int64_t now_ms = network->world->clock.wall_ms;
    json_t *reply = NULL;
    if (!network->bureau_runs)
        return NULL;
    if (ends_with(path, "/entries"))
        *http_status_out = desk_take_entries(&network->bureau, kiosk, body, size, now_ms, &reply);
    else if (ends_with(path, "/number-blocks"))
        *http_status_out = desk_lease_numbers(&network->bureau, kiosk, body, size, &reply);
    else if (ends_with(path, "/registration"))
        *http_status_out = desk_tell_standing(&network->bureau, kiosk, body, size, now_ms, &reply);
    else if (ends_with(path, "/inquiry"))
        *http_status_out = desk_tell_payments(&network->bureau, kiosk, body, size, now_ms, &reply);
    else
        *http_status_out = desk_tell_updates(&network->bureau, kiosk, now_ms, &reply);
    bool died = network->bureau_dies_at > 0 && network->bureau_steps >= network->bureau_dies_at;
    char *text = died ? NULL : json_dumps(reply, JSON_COMPACT);
    json_decref(reply);
    if (died)
        bury_bureau(network);
    return text;
}

/* ---- replies ---- */

static void reply(struct sim_network *network, enum status status, int http_status, char *body,
                  size_t size)
{
    struct transport_reply answer = {
        .status = status, .http_status = http_status, .body = body, .size = size
    };
    network->waits = false;
    kiosk_hear_bureau(network->world, &answer);
}

static void reply_text(struct sim_network *network, int http_status, char *text)
{
    if (text == NULL)
        reply(network, STATUS_DISCONNECTED, 0, (char *)"", 0);
    else
        reply(network, STATUS_OK, http_status, text, strlen(text));
    free(text);
}

static void keep_for_later(struct sim_network *network)
{
    free(network->old_body);
    network->old_body = network->body != NULL ? strndup(network->body, network->size) : NULL;
    network->old_size = network->size;
    snprintf(network->old_path, sizeof network->old_path, "%s", network->path);
    network->old_due_ms = world_now(network->world) + dice_between(dice(network), 1000, 200000);
}

static void time_out(struct sim_network *network)
{
    network->fate = EXCHANGE_NO_REPLY;
    network->due_ms = world_now(network->world) + TIMEOUT_MS;
}

static void answer(struct sim_network *network)
{
    int http_status = 0;
    char *text;
    bool twice = network->fate == EXCHANGE_TWICE;
    if (network->fate == EXCHANGE_BUREAU_DIES) {
        network->bureau_steps = 0;
        network->bureau_dies_at = (int)dice_between(dice(network), 1, 12);
    }
    if (network->fate == EXCHANGE_AGAIN_LATER)
        keep_for_later(network);
    if (twice)
        free(ask(network, network->path, network->body, network->size, &http_status));
    if (network->fate == EXCHANGE_BUREAU_DISK)
        disk_set_trouble(DISK_BUREAU, dice_chance(dice(network), 50) ? DISK_FULL : DISK_SYNC_FAILS);
    text = ask(network, network->path, network->body, network->size, &http_status);
    disk_set_trouble(DISK_BUREAU, DISK_SOUND);
    network->bureau_dies_at = 0;
    if (text != NULL && network->fate == EXCHANGE_CUT_REPLY)
        text[(size_t)dice_between(dice(network), 0, (int64_t)strlen(text) - 1)] = '\0';
    if (text != NULL && network->fate == EXCHANGE_TWO_REPLIES) {
        free(network->second_reply);
        network->second_reply = strdup(text);
        network->second_status = http_status;
        network->second_reply_ms = world_now(network->world) + dice_between(dice(network), 1, 500);
    }
    if (text != NULL && network->fate == EXCHANGE_RUBBISH) {
        free(text);
        text = strdup("{\"acked_seq\":\"many\"}");
    }
    reply_text(network, http_status, text);
}

static void run_exchange(struct sim_network *network)
{
    int http_status;
    if (network->is_down) {
        reply(network, STATUS_DISCONNECTED, 0, (char *)"", 0);
        return;
    }
    bool is_over = network->due_ms == INT64_MAX;
    switch (network->fate) {
    case EXCHANGE_NO_REQUEST:
        time_out(network);
        network->size = 0; /* the time-out that follows asks nothing */
        free(network->body);
        network->body = NULL;
        network->path[0] = '\0';
        return;
    case EXCHANGE_NO_REPLY:
        if (network->path[0] != '\0' && !is_over) {
            free(ask(network, network->path, network->body, network->size, &http_status));
            network->path[0] = '\0';
            time_out(network);
            return;
        }
        reply(network, STATUS_TIMEOUT, 0, (char *)"", 0);
        return;
    case EXCHANGE_GOOD:
    case EXCHANGE_TWICE:
    case EXCHANGE_AGAIN_LATER:
    case EXCHANGE_TWO_REPLIES:
    case EXCHANGE_CUT_REPLY:
    case EXCHANGE_RUBBISH:
    case EXCHANGE_BUREAU_DIES:
    case EXCHANGE_BUREAU_DISK:
    case EXCHANGE_FATES:
        answer(network);
        return;
    }
}

static void run_old(struct sim_network *network)
{
    int http_status;
    network->old_due_ms = INT64_MAX;
    TELL(network->world, "network: an old request arrives once more");
    free(ask(network, network->old_path, network->old_body, network->old_size, &http_status));
}

/* ---- for the world ---- */

void network_init(struct sim_network *network, struct sim_world *world, const char *path)
{
    memset(network, 0, sizeof *network);
    network->transport.ops = &OPS;
    network->world = world;
    network->old_due_ms = network->bureau_back_ms = network->second_reply_ms = INT64_MAX;
    snprintf(bureau_path, sizeof bureau_path, "%s", path);
    open_bureau(network);
}

void network_deinit(struct sim_network *network)
{
    if (network->bureau_runs)
        bureau_store_close(&network->bureau);
    free(network->body);
    free(network->old_body);
    free(network->second_reply);
}

/* The request is on its way all the same, and may arrive. */
void network_abandon(struct sim_network *network)
{
    network->second_reply_ms = INT64_MAX;
    if (!network->waits)
        return;
    if (network->path[0] != '\0')
        keep_for_later(network);
    network->waits = false;
}

int64_t network_next_ms(const struct sim_network *network)
{
    int64_t next_ms = network->waits ? network->due_ms : INT64_MAX;
    if (network->old_due_ms < next_ms)
        next_ms = network->old_due_ms;
    if (network->second_reply_ms < next_ms)
        next_ms = network->second_reply_ms;
    return network->bureau_back_ms < next_ms ? network->bureau_back_ms : next_ms;
}

void network_run(struct sim_network *network)
{
    int64_t now_ms = world_now(network->world);
    if (network->bureau_back_ms <= now_ms) {
        network->bureau_back_ms = INT64_MAX;
        open_bureau(network);
    } else if (network->old_due_ms <= now_ms) {
        run_old(network);
    } else if (network->second_reply_ms <= now_ms) {
        network->second_reply_ms = INT64_MAX;
        bool waited = network->waits;
        reply(network, STATUS_OK, network->second_status, network->second_reply,
              strlen(network->second_reply));
        network->waits = waited;
    } else if (network->waits && network->due_ms <= now_ms) {
        run_exchange(network);
    }
}
