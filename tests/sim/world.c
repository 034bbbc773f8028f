#include "sim/world.h"

#include "sim/checks.h"
#include "sim/disk.h"
#include <jansson.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WALL_MS INT64_C(1795399267000) /* 2026-11-23 */
#define REST_MS_MAX INT64_C(10800000)  /* everything comes to rest within three hours of calm */
#define STEPS_MAX 60000

char world_journal_path[96];
static char bureau_file[96];
static struct dice random_dice; /* of the running world, for libsodium */

/* ---- history ---- */

void world_tell(struct sim_world *world, const char *format, ...)
{
    va_list arguments;
    printf("%6lld %9.3f  ", (long long)world->step, (double)world_now(world) / 1000);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

void world_fail(struct sim_world *world, const char *check, const char *format, ...)
{
    va_list arguments;
    if (world->failed)
        return;
    world->failed = true;
    world->check = check;
    va_start(arguments, format);
    vsnprintf(world->why, sizeof world->why, format, arguments);
    va_end(arguments);
    TELL(world, "FAILED %s: %s", check, world->why);
}

void world_blame(struct sim_world *world, const char *why)
{
    if (world->blamed_note == world->acceptor.inserted_count)
        return;
    world->blamed_note = world->acceptor.inserted_count;
    world->causes++;
    TELL(world, "a cause: %s", why);
}

/* ---- dying ---- */

int64_t world_now(const struct sim_world *world)
{
    return world->clock.now_ms;
}

bool world_kiosk_lives(const struct sim_world *world)
{
    return world->session != NULL && !world->is_dying;
}

bool world_point(struct sim_world *world, enum world_point kind)
{
    static const char *const NAMES[] = { "disk", "device", "network", "event" };
    if (world->is_dying)
        return true;
    world->points++;
    world->points_of[kind]++;
    if (world->points != world->crash_at)
        return false;
    world->is_dying = true;
    disk_kill(DISK_KIOSK);
    TELL(world, "kiosk: dies (%d) at point %lld, a step of the %s", (int)world->death,
         (long long)world->points, NAMES[kind]);
    return true;
}

static bool on_disk_step(void *context, enum disk_machine machine)
{
    struct sim_world *world = context;
    if (machine == DISK_BUREAU)
        return network_bureau_step(&world->network);
    return world_point(world, POINT_DISK);
}

static void bury(struct sim_world *world)
{
    world->counts.crashes++;
    kiosk_bury(world);
    if (world->death == DEATH_BLACKOUT) {
        acceptor_cut_power(&world->acceptor);
        world->acceptor_back_ms = world_now(world) + 2000;
        printer_unplug(&world->printer);
        world->printer_back_ms = world_now(world) + 2000;
    }
    bool is_exact = world->plan.is_exact;
    world->starts_at_ms =
        world_now(world) + (is_exact ? 4000 : dice_between(&world->dice, 500, 40000));
    if (is_exact && world->plan.crash_again_after > 0) {
        world->crash_at = world->points + world->plan.crash_again_after;
        world->plan.crash_again_after = 0;
    } else if (!is_exact && dice_chance(&world->dice, 30)) {
        world->crash_at = world->points + dice_between(&world->dice, 1, 60); /* in its recovery */
    } else if (!is_exact && world_has(world, FAULT_POWER) && dice_chance(&world->dice, 30)) {
        world->death = DEATH_POWER;
        world->crash_at = world->points + dice_between(&world->dice, 30, 300);
    }
    TELL(world, "kiosk: is down");
}

/* ---- one world ---- */

static uint32_t random_word(void)
{
    return (uint32_t)dice_roll(&random_dice);
}

static void random_bytes(void *out, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)out)[i] = (uint8_t)random_word();
}

static const char *random_name(void)
{
    return "sim";
}

/* Journal and books without an entry: making them anew would be a fifth of all the work. Worlds of
 * the exhaustive kind begin with nothing, so that a death while they are made is tried too. */
static void prepare_files(void)
{
    struct clock_fake clock;
    struct journal *journal;
    struct bureau_store store;
    clock_fake_init(&clock, WALL_MS);
    disk_reset(NULL, NULL);
    if (journal_open(world_journal_path, &clock.clock, &journal) != STATUS_OK ||
        bureau_store_open(&store, bureau_file, NETWORK_NUMBER_PREFIX) != STATUS_OK)
        abort();
    journal_close(journal);
    bureau_store_close(&store);
    disk_keep_template();
}

void world_prepare(const char *folder)
{
    static struct randombytes_implementation source = { .implementation_name = random_name,
                                                        .random = random_word,
                                                        .buf = random_bytes };
    snprintf(world_journal_path, sizeof world_journal_path, "%s/journal.db", folder);
    snprintf(bureau_file, sizeof bureau_file, "%s/bureau.db", folder);
    setenv("TZ", "Asia/Shanghai", 1);
    json_object_seed(1);
    if (randombytes_set_implementation(&source) != 0 || sodium_init() < 0)
        abort();
    disk_install();
    prepare_files();
}

/* Two notes pay a month, so that worlds are about notes and not about counting them. */
static const char POLICY[] =
    "[policy]\nid = sim\nformat = 1\nregion = 310000\nrevision = 1\nissued = 2026-09-01\n"
    "author = a.zhao\napprover = b.qian\ncollector = tax\n"
    "name_zh = 某市\nname_en = Somewhere\ncollector_zh = 税务\ncollector_en = Tax\n"
    "surplus = %s\nsurplus_zh = 记入\nsurplus_en = Credited\n"
    "[source s1]\nnumber = 1\ndate = 2025-09\nplace = here\n"
    "[insurance pension]\ncode = 110\nname_zh = 险\nname_en = Insurance\nbasis_zh = 法\n"
    "basis_en = Law\nmode = fixed\nfixed = 2025-07.. 180.00 s1\n"
    "check = 2025-07 - 180.00 s1\n";

static void print_error(void *context, const char *file, int line, const char *code,
                        const char *text)
{
    (void)context;
    fprintf(stderr, "%s:%d: %s %s\n", file, line, code, text);
}

static void make_settings(struct settings *settings)
{
    static const int64_t DENOMINATIONS_FEN[] = { 1000, 2000, 5000, 10000 };
    *settings = (struct settings){
        .kiosk_id = "310003",
        .region = "310000",
        .bureau_zh = "临江市社会保险服务",
        .place_zh = "大厅 03 号",
        .window_zh = "2 号窗口",
        .service_phone = "12333",
        .idle_timeout_s = 60,
        .cash_timeout_s = 120,
        .more_time_s = 20,
        .consent_version = 1,
        .denomination_count = 4,
        .printer_width_dots = 576,
        .offline_sum_max_fen = 2000000,
        .offline_hours_max = 72,
        .verify_url = "https://bureau.example/v",
    };
    memcpy(settings->denominations_fen, DENOMINATIONS_FEN, sizeof DENOMINATIONS_FEN);
}

static void load_policy(struct sim_world *world)
{
    char text[sizeof POLICY + 8];
    int size =
        snprintf(text, sizeof text, POLICY, world->limits.gives_no_surplus ? "none" : "credit");
    if (policy_parse("sim", text, (size_t)size, "310000", print_error, NULL, &world->policy) !=
        STATUS_OK)
        abort();
    /* In some worlds months that are over may be paid too. By the seed itself: a throw of the dice
     * would turn every seed that was ever written down into another world. */
    if (!world->plan.is_exact && world->plan.seed % 4 == 1) {
        world->policy->insurances[0].back = POLICY_BACK_MONTHS;
        world->policy->insurances[0].back_months = 2;
    }
}

static void on_reader(void *context, const struct id_reader_event *event)
{
    kiosk_hear_reader(context, event);
}

void world_open(struct sim_world *world, const struct world_plan *plan, bool tells)
{
    memset(world, 0, offsetof(struct sim_world, books));
    memset((char *)world + offsetof(struct sim_world, books) + sizeof world->books, 0,
           sizeof *world - offsetof(struct sim_world, books) - sizeof world->books);
    books_reset(&world->books, &world->acceptor);
    world->plan = *plan;
    world->dice.state = plan->seed;
    random_dice.state = ~plan->seed;
    world->tells = tells;
    clock_fake_init(&world->clock, WALL_MS);
    make_settings(&world->settings);
    limits_make(world);
    load_policy(world);
    uint8_t secret[32];
    crypto_box_keypair(world->seal.bureau_public_key, secret);
    memset(world->seal.person_key, 7, sizeof world->seal.person_key);
    (void)crypto_sign_seed_keypair(world->key.public_key, world->key.secret_key,
                                   world->seal.person_key);
    disk_reset(on_disk_step, world);
    if (!plan->is_exact)
        disk_load_template();
    acceptor_init(&world->acceptor, world,
                  plan->is_exact ? plan->has_counters : !dice_chance(&world->dice, 25));
    printer_init(&world->printer, world);
    fake_id_reader_init(&world->reader, on_reader, world);
    world->reader_is_plugged = true;
    world->reader_ready_ms = world->silent_since_ms = INT64_MAX;
    network_init(&world->network, world, bureau_file);
    world->visits_left = plan->visits;
    world->crash_at = plan->is_exact ? plan->crash_at : 0;
    world->death = plan->death;
    world->acts_at_ms = world_now(world) + 8000;
    world->leaves_at_ms = INT64_MAX;
    recheck_init(&world->recheck);
    world->starts_at_ms = world_now(world);
    faults_begin(world);
}

void world_close(struct sim_world *world)
{
    if (world->session != NULL || world->journal != NULL) {
        world->is_dying = true;
        kiosk_bury(world);
    }
    network_deinit(&world->network);
    policy_free(world->policy);
}

/* ---- steps ---- */

enum turn {
    TURN_KIOSK,
    TURN_ACCEPTOR,
    TURN_PRINTER,
    TURN_NETWORK,
    TURN_FAULT,
    TURN_CITIZEN,
    TURNS,
};

static int64_t citizen_next_ms(const struct sim_world *world)
{
    if (world->person_is_here || world->visits_left > 0)
        return world->acts_at_ms;
    return INT64_MAX;
}

/* What is due first; of several things due at once, which one comes first is chance. */
static enum turn choose_turn(struct sim_world *world, int64_t *at_ms_out)
{
    const int64_t times_ms[TURNS] = {
        [TURN_KIOSK] = kiosk_next_ms(world),
        [TURN_ACCEPTOR] = acceptor_next_ms(&world->acceptor),
        [TURN_PRINTER] = printer_next_ms(&world->printer),
        [TURN_NETWORK] = network_next_ms(&world->network),
        [TURN_FAULT] = faults_next_ms(world),
        [TURN_CITIZEN] = citizen_next_ms(world),
    };
    int first = world->plan.is_exact ? 0 : (int)dice_between(&world->dice, 0, TURNS - 1);
    int chosen = first;
    for (int i = 1; i < TURNS; i++)
        if (times_ms[(first + i) % TURNS] < times_ms[chosen])
            chosen = (first + i) % TURNS;
    *at_ms_out = times_ms[chosen];
    return (enum turn)chosen;
}

static void take_citizen_turn(struct sim_world *world)
{
    if (world->person_is_here) {
        citizen_act(world);
    } else if (world->visits_left > 0) {
        world->visits_left--;
        citizen_come(world);
    }
}

static void take_turn(struct sim_world *world, enum turn turn)
{
    switch (turn) {
    case TURN_KIOSK:
        if (world->starts_at_ms <= world_now(world))
            kiosk_start(world);
        break;
    case TURN_ACCEPTOR:
        acceptor_run(&world->acceptor);
        break;
    case TURN_PRINTER:
        printer_run(&world->printer);
        break;
    case TURN_NETWORK:
        network_run(&world->network);
        break;
    case TURN_FAULT:
        faults_run(world);
        break;
    case TURN_CITIZEN:
        take_citizen_turn(world);
        break;
    case TURNS:
        break;
    }
}

/* All visits have been made: everything is mended and must come to rest. */
static void calm_down(struct sim_world *world)
{
    if (world->calm || world->visits_left > 0 || world->person_is_here)
        return;
    world->calm = true;
    world->calm_since_ms = world_now(world);
    TELL(world, "all visits are made; everything is mended");
    faults_end(world);
}

/* For a minute after it looked so, to be sure. */
static bool is_over(struct sim_world *world)
{
    int64_t calm_ms = world_now(world) - world->calm_since_ms;
    if (!world->calm || calm_ms < 60000)
        return false;
    if (kiosk_is_at_rest(world)) {
        checks_at_rest(world);
        return true;
    }
    if (calm_ms > REST_MS_MAX)
        world_fail(world, "comes_to_rest",
                   "visit %s, pay %s, cash %s, recovery %s, receipt %s, %lld entries unsent",
                   world->session ? sm_state_name(&world->session->visit) : "down",
                   world->session ? sm_state_name(&world->session->pay) : "",
                   world->session ? sm_state_name(&world->session->cash.sm) : "",
                   world->session ? sm_state_name(&world->session->recovery) : "",
                   world->session ? sm_state_name(&world->session->receipt.sm) : "",
                   world->journal ? (long long)(journal_last_seq(world->journal) -
                                                journal_acked_seq(world->journal))
                                  : -1);
    return false;
}

bool world_step(struct sim_world *world)
{
    int64_t at_ms;
    enum turn turn = choose_turn(world, &at_ms);
    if (at_ms == INT64_MAX || world->step > STEPS_MAX) {
        world_fail(world, "comes_to_rest", "nothing will ever happen again, or too much; turn %d",
                   (int)turn);
        return false;
    }
    world->step++;
    if (at_ms > world_now(world))
        clock_fake_advance(&world->clock, at_ms - world_now(world));
    checks_find_causes(world);
    take_turn(world, turn);
    if (!world->is_dying && world->starts_at_ms == INT64_MAX)
        kiosk_turn(world);
    if (world->is_dying)
        bury(world);
    checks_run(world);
    calm_down(world);
    return !world->failed && !is_over(world) && !world->failed;
}
