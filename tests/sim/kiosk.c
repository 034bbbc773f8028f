/*
 * The kiosk of a world: journal, session, sync and health put together as firmware/app/app.c and
 * wiring.c do it, without window, speech and USB. What app.c decides and this file repeats: when a
 * failed journal is tried again, when sync is nudged, how long the kiosk counts as offline.
 */
#include "base/text.h"
#include "inquiry/inquiry.h"
#include "plan/quote.h"
#include "sim/checks.h"
#include "sim/disk.h"
#include "sim/world.h"
#include <stdio.h>
#include <stdlib.h>

#define REACHED_KEPT_MS 3600000
#define FACT_BUREAU_REACHED "bureau.reached"

extern char world_journal_path[96];

static void refresh_limits(struct sim_world *world)
{
    struct health *health = &world->health;
    health->offline_payments_max = world->settings.offline_payments_max;
    health->box_notes = journal_box_notes(world->journal);
    health->box_notes_max = world->settings.box_notes_max;
    health->day_cash_fen = journal_day_cash_fen(world->journal, world->clock.wall_ms);
    health->day_sum_max_fen = world->settings.day_sum_max_fen;
}

static void refresh_health(struct sim_world *world)
{
    struct health *health = &world->health;
    if (world->session == NULL)
        return;
    month_index month = month_of_wall(world->clock.wall_ms);
    int64_t offline_ms =
        world->sync.status.reachable ? 0 : world->clock.wall_ms - world->reached_wall_ms;
    health->journal_writable = journal_is_writable(world->journal);
    health->policy_good = policy_find_range(&world->policy->insurances[0].fixed, month) != NULL;
    health->numbers_left = journal_numbers_left(world->journal);
    health->bureau_reachable = world->sync.status.reachable;
    if (world->plan.has_limits)
        refresh_limits(world);
    health->offline_sum_max_fen = world->settings.offline_sum_max_fen;
    health->offline_ms = offline_ms > 0 ? offline_ms : 0;
    health->offline_ms_max = (int64_t)world->settings.offline_hours_max * 3600000;
    session_set_health(world->session, health);
}

static void refresh_unsent(struct sim_world *world)
{
    const struct journal_unsent unsent = journal_unsent_cash(world->journal);
    world->health.unsent_money_fen = unsent.cash_fen;
    world->health.unsent_payments = unsent.payments;
}

static void on_appended(void *context)
{
    struct sim_world *world = context;
    refresh_unsent(world);
    if (world->sync_runs)
        sync_flow_nudge(&world->sync);
    refresh_health(world);
}

static void remember_reached(struct sim_world *world, int64_t wall_ms)
{
    char text[24];
    text_format(text, sizeof text, "%lld", (long long)wall_ms);
    world->reached_wall_ms = wall_ms;
    (void)!journal_put_fact(world->journal, FACT_BUREAU_REACHED, text);
}

static void on_sync_change(void *context)
{
    struct sim_world *world = context;
    int64_t success_ms = world->sync.status.last_success_wall_ms;
    if (world->session != NULL)
        session_set_bureau_reachable(world->session, world->sync.status.reachable);
    refresh_unsent(world);
    if (success_ms > world->reached_wall_ms + REACHED_KEPT_MS)
        remember_reached(world, success_ms);
    refresh_health(world);
}

static void append_started(struct sim_world *world)
{
    char body[256];
    struct journal_draft draft = { .kind = JOURNAL_KIOSK_STARTED, .body = body };
    snprintf(body, sizeof body, "{\"version\":\"0\",\"kiosk\":\"%s\"}", world->settings.kiosk_id);
    (void)!journal_append(world->journal, &draft, NULL);
    draft.kind = JOURNAL_POLICY_LOADED;
    snprintf(body, sizeof body, "{\"id\":\"%s\",\"revision\":%d,\"sha256\":\"%s\"}",
             world->policy->id, world->policy->revision, world->policy->sha256);
    (void)!journal_append(world->journal, &draft, NULL);
}

static void on_inquiry_answer(void *context, const struct transport_reply *reply)
{
    struct sim_world *world = context;
    if (world->session != NULL)
        session_on_bureau_answer(world->session, reply->status, reply->http_status, reply->body,
                                 reply->size);
}

static enum status ask_bureau(void *context, const char *action, const char *body, size_t size)
{
    struct sim_world *world = context;
    if (!world->sync_runs)
        return STATUS_DISCONNECTED;
    return sync_flow_ask(&world->sync, action, body, size, on_inquiry_answer, world);
}

static void drop_question(void *context)
{
    struct sim_world *world = context;
    if (world->sync_runs)
        sync_flow_drop_question(&world->sync);
}

static void start_session(struct sim_world *world)
{
    const struct session_parts parts = {
        .clock = &world->clock.clock,
        .settings = &world->settings,
        .journal = world->journal,
        .seal = &world->seal,
        .signing_key = &world->key,
        .policy = world->policy,
        .reader = &world->reader.reader,
        .acceptor = &world->acceptor.acceptor,
        .printer = &world->printer.printer,
        .ask_bureau = ask_bureau,
        .drop_question = drop_question,
        .on_appended = on_appended,
        .context = world,
    };
    world->session = session_create(&parts);
}

static void start_sync(struct sim_world *world)
{
    struct sync_config config = {
        .retry_s_min = 2, .retry_s_max = 60, .poll_s = 300, .numbers_low = 20
    };
    char text[24];
    text_copy(config.kiosk_id, sizeof config.kiosk_id, world->settings.kiosk_id);
    sync_flow_init(&world->sync, &world->clock.clock, world->journal, &world->network.transport,
                   &config, on_sync_change, world);
    world->sync_runs = true;
    if (journal_get_fact(world->journal, FACT_BUREAU_REACHED, text, sizeof text) == STATUS_OK)
        world->reached_wall_ms = strtoll(text, NULL, 10);
    else
        remember_reached(world, world->clock.wall_ms);
    sync_flow_nudge(&world->sync);
}

static void start_service(struct sim_world *world)
{
    enum status status = journal_open(world_journal_path, &world->clock.clock, &world->journal);
    if (status != STATUS_OK) {
        world->journal = NULL;
        TELL(world, "kiosk: the journal cannot be opened: %s", status_name(status));
        if (status == STATUS_CORRUPT && !world->is_dying)
            world_fail(world, "chain_verifies", "the journal is damaged after a start");
        return;
    }
    if (!world->is_dying)
        checks_after_start(world);
    append_started(world);
    acceptor_connect(&world->acceptor);
    printer_connect(&world->printer);
    world->reader_ready_ms = world_now(world) + 300;
    start_session(world);
    start_sync(world);
    refresh_unsent(world);
    refresh_health(world);
}

void kiosk_start(struct sim_world *world)
{
    world->starts_at_ms = INT64_MAX;
    world->health = (struct health){ 0 };
    recheck_init(&world->recheck);
    world->counts.restarts++;
    TELL(world, "kiosk: starts");
    start_service(world);
}

/* Nothing in here reaches anything: the disk is dead for this machine until it is revived. */
void kiosk_bury(struct sim_world *world)
{
    disk_kill(DISK_KIOSK);
    session_destroy(world->session);
    journal_close(world->journal);
    world->session = NULL;
    world->journal = NULL;
    world->sync_runs = false;
    acceptor_abandon(&world->acceptor);
    printer_abandon(&world->printer);
    network_abandon(&world->network);
    world->reader.is_reading = false;
    world->reader_ready_ms = INT64_MAX;
    recheck_init(&world->recheck);
    if (world->death != DEATH_CRASH)
        disk_lose_power(DISK_KIOSK, &world->dice);
    disk_revive(DISK_KIOSK);
    world->is_dying = false;
}

static void recheck(struct sim_world *world)
{
    bool has_failed = world->journal == NULL || !journal_is_writable(world->journal);
    if (!recheck_is_due(&world->recheck, has_failed, world_now(world)))
        return;
    if (world->journal == NULL)
        start_service(world);
    else
        (void)!journal_recheck(world->journal);
    refresh_health(world);
}

void kiosk_turn(struct sim_world *world)
{
    recheck(world);
    if (world->session != NULL && !world->is_dying)
        session_tick(world->session);
    if (world->sync_runs && !world->is_dying)
        sync_flow_tick(&world->sync);
    if (world->session != NULL && world->clock.wall_ms / 60000 != world->looked_minute) {
        world->looked_minute = world->clock.wall_ms / 60000;
        refresh_health(world);
    }
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t kiosk_next_ms(const struct sim_world *world)
{
    int64_t next_ms = least(world->starts_at_ms, world->recheck.at_ms);
    if (world->session != NULL)
        next_ms = least(next_ms, session_next_deadline_ms(world->session));
    if (world->sync_runs)
        next_ms = least(next_ms, sync_flow_next_deadline_ms(&world->sync));
    return next_ms;
}

void kiosk_hear_acceptor(struct sim_world *world, const struct cash_acceptor_event *event)
{
    static const char *const KINDS[] = { "status",   "reading",   "escrowed", "stacked", "returned",
                                         "rejected", "recovered", "fraud",    "box out", "box in" };
    if (world->session == NULL || world_point(world, POINT_EVENT))
        return;
    TELL(world, "acceptor says: %s%s %lld%s%s", KINDS[event->kind], event->repeated ? " again" : "",
         (long long)event->value_fen, event->kind == CASH_EVENT_STATUS ? " " : "",
         event->kind == CASH_EVENT_STATUS ? device_state_name(event->status.state) : "");
    if (event->kind == CASH_EVENT_STATUS)
        world->health.acceptor = event->status;
    if (event->kind == CASH_EVENT_NOTE_ESCROWED)
        acceptor_give_note_to(&world->acceptor, world->session->cash.txn);
    refresh_health(world);
    session_on_acceptor(world->session, event);
}

void kiosk_hear_printer(struct sim_world *world, const struct printer_event *event)
{
    static const char *const KINDS[] = { "status", "sent", "printed", "failed", "unknown" };
    if (world->session == NULL || world_point(world, POINT_EVENT))
        return;
    TELL(world, "printer says: %s %s", KINDS[event->kind], device_state_name(event->status.state));
    if (event->kind == PRINTER_EVENT_STATUS)
        world->health.printer = event->status;
    refresh_health(world);
    session_on_printer(world->session, event);
}

void kiosk_hear_reader(struct sim_world *world, const struct id_reader_event *event)
{
    if (world->session == NULL || world_point(world, POINT_EVENT))
        return;
    if (event->kind == ID_READER_EVENT_STATUS)
        world->health.reader = event->status;
    refresh_health(world);
    session_on_reader(world->session, event);
}

void kiosk_hear_bureau(struct sim_world *world, struct transport_reply *reply)
{
    if (!world->sync_runs || world_point(world, POINT_EVENT))
        return;
    TELL(world, "bureau says: %s, HTTP %d", status_name(reply->status), reply->http_status);
    if (reply->status == STATUS_OK && reply->http_status == 200)
        limits_hear_bureau(world);
    sync_flow_on_reply(&world->sync, reply);
}

bool kiosk_is_at_rest(struct sim_world *world)
{
    const struct session *session = world->session;
    return session != NULL && session->visit.state == VISIT_HOME && session->pay.state == PAY_OFF &&
           session->recovery.state == RECOVERY_OFF && cash_flow_is_at_rest(&session->cash) &&
           !cash_flow_is_recovering(&session->cash) && receipt_flow_is_at_rest(&session->receipt) &&
           journal_is_writable(world->journal) && !acceptor_holds_secret(&world->acceptor) &&
           world->acceptor.state == DEVICE_READY && !world->network.waits &&
           session->cash.compare_at_ms == INT64_MAX &&
           journal_acked_seq(world->journal) == journal_last_seq(world->journal) &&
           world->sync.status.reachable && world->network.old_due_ms == INT64_MAX;
}
