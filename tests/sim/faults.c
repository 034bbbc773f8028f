#include "sim/disk.h"
#include "sim/world.h"

static const char *const NAMES[WORLD_FAULTS] = {
    [FAULT_CRASH] = "crash",
    [FAULT_POWER] = "power",
    [FAULT_BLACKOUT] = "blackout",
    [FAULT_ACCEPTOR_POWER] = "acceptor_power",
    [FAULT_ACCEPTOR_PLUG] = "acceptor_plug",
    [FAULT_ACCEPTOR_SWAP] = "acceptor_swap",
    [FAULT_ACCEPTOR_BOX] = "acceptor_box",
    [FAULT_NOTES] = "notes",
    [FAULT_REPEATS] = "repeats",
    [FAULT_PAPER] = "paper",
    [FAULT_PRINTER_PLUG] = "printer_plug",
    [FAULT_READER] = "reader",
    [FAULT_NETWORK] = "network",
    [FAULT_NETWORK_DOWN] = "network_down",
    [FAULT_DISK] = "disk",
    [FAULT_CLOCK] = "clock",
    [FAULT_PEOPLE] = "people",
};

const char *world_fault_name(enum world_fault fault)
{
    return NAMES[fault];
}

static int64_t in(struct sim_world *world, int64_t least_ms, int64_t most_ms)
{
    return world_now(world) + dice_between(&world->dice, least_ms, most_ms);
}

void faults_begin(struct sim_world *world)
{
    world->disk_heals_ms = world->network_heals_ms = world->acceptor_back_ms = INT64_MAX;
    world->printer_back_ms = world->box_back_ms = world->reader_back_ms = INT64_MAX;
    world->clock_back_ms = INT64_MAX;
    world->fault_at_ms = world->plan.is_exact ? INT64_MAX : in(world, 2000, 40000);
}

/* The next death comes at some step of the kiosk, not at some time. */
static void arm_death(struct sim_world *world, enum death death)
{
    if (world->crash_at > world->points)
        return;
    world->death = death;
    world->crash_at = world->points + dice_between(&world->dice, 1, 150);
}

static void break_disk(struct sim_world *world)
{
    enum disk_trouble trouble =
        (enum disk_trouble)dice_between(&world->dice, DISK_FULL, DISK_SYNC_FAILS);
    TELL(world, "fault: disk trouble %d", (int)trouble);
    disk_set_trouble(DISK_KIOSK, trouble);
    world->disk_heals_ms = in(world, 100, 120000);
    /* Whoever sees a kiosk in trouble switches it off and on. */
    if (world_has(world, FAULT_CRASH) && dice_chance(&world->dice, 50))
        arm_death(world, DEATH_CRASH);
}

static void jump_clock(struct sim_world *world)
{
    int64_t jump_ms = dice_between(&world->dice, -3, 3) * 86400000 +
                      dice_between(&world->dice, -7200000, 7200000);
    TELL(world, "fault: the clock jumps by %lld s", (long long)jump_ms / 1000);
    world->clock.wall_ms += jump_ms;
    world->clock_off_ms += jump_ms;
    world->clock_back_ms = in(world, 60000, 600000);
}

static void lose_reader(struct sim_world *world)
{
    struct id_reader_event event = { .kind = ID_READER_EVENT_STATUS,
                                     .status = { .state = DEVICE_ABSENT } };
    world->reader_is_plugged = false;
    kiosk_hear_reader(world, &event);
    world->reader_back_ms = in(world, 1000, 60000);
}

static void strike(struct sim_world *world, enum world_fault fault)
{
    struct sim_acceptor *acceptor = &world->acceptor;
    TELL(world, "fault: %s", NAMES[fault]);
    switch (fault) {
    case FAULT_CRASH:
        arm_death(world, DEATH_CRASH);
        break;
    case FAULT_POWER:
        arm_death(world, DEATH_POWER);
        break;
    case FAULT_BLACKOUT:
        arm_death(world, DEATH_BLACKOUT);
        break;
    case FAULT_ACCEPTOR_POWER:
        acceptor_cut_power(acceptor);
        world->acceptor_back_ms = in(world, 1000, 90000);
        break;
    case FAULT_ACCEPTOR_PLUG:
        acceptor_unplug(acceptor);
        world->acceptor_back_ms = in(world, 500, 90000);
        break;
    case FAULT_ACCEPTOR_SWAP:
        if (acceptor->place == NOTE_NOWHERE && acceptor->has_power)
            acceptor_swap(acceptor);
        break;
    case FAULT_ACCEPTOR_BOX:
        acceptor_take_box(acceptor);
        world->box_back_ms = in(world, 5000, 120000);
        break;
    case FAULT_PAPER:
        printer_run_out(&world->printer);
        world->printer_back_ms = in(world, 2000, 120000);
        break;
    case FAULT_PRINTER_PLUG:
        printer_unplug(&world->printer);
        world->printer_back_ms = in(world, 2000, 120000);
        break;
    case FAULT_READER:
        lose_reader(world);
        break;
    case FAULT_NETWORK_DOWN:
        world->network.is_down = true;
        world->network_heals_ms = in(world, 5000, 900000);
        break;
    case FAULT_DISK:
        break_disk(world);
        break;
    case FAULT_CLOCK:
        jump_clock(world);
        break;
    case FAULT_NOTES:
    case FAULT_REPEATS:
    case FAULT_NETWORK:
    case FAULT_PEOPLE:
    case WORLD_FAULTS:
        break; /* asked for where they happen */
    }
}

int64_t faults_next_ms(const struct sim_world *world)
{
    const int64_t times_ms[] = { world->fault_at_ms,      world->disk_heals_ms,
                                 world->network_heals_ms, world->acceptor_back_ms,
                                 world->printer_back_ms,  world->box_back_ms,
                                 world->reader_back_ms,   world->clock_back_ms,
                                 world->reader_ready_ms };
    int64_t next_ms = INT64_MAX;
    for (size_t i = 0; i < sizeof times_ms / sizeof times_ms[0]; i++)
        if (times_ms[i] < next_ms)
            next_ms = times_ms[i];
    return next_ms;
}

static void heal_disk(struct sim_world *world)
{
    world->disk_heals_ms = INT64_MAX;
    disk_set_trouble(DISK_KIOSK, DISK_SOUND);
}

static void heal_acceptor(struct sim_world *world)
{
    struct sim_acceptor *acceptor = &world->acceptor;
    world->acceptor_back_ms = INT64_MAX;
    if (acceptor->is_jammed)
        acceptor_clear_jam(acceptor);
    if (!acceptor->has_power)
        acceptor_power_up(acceptor, world->plan.is_exact ? world->plan.cut : CUT_BY_DICE);
    if (!acceptor->is_plugged)
        acceptor_plug(acceptor);
}

static void heal_printer(struct sim_world *world)
{
    world->printer_back_ms = INT64_MAX;
    if (!world->printer.is_plugged)
        printer_plug(&world->printer);
    if (!world->printer.has_paper)
        printer_refill(&world->printer);
}

static void set_clock_right(struct sim_world *world)
{
    world->clock_back_ms = INT64_MAX;
    world->clock.wall_ms -= world->clock_off_ms;
    world->clock_off_ms = 0;
}

static void greet_reader(struct sim_world *world)
{
    struct id_reader_event event = { .kind = ID_READER_EVENT_STATUS,
                                     .status = { .state = DEVICE_READY } };
    world->reader_ready_ms = INT64_MAX;
    if (world->reader_is_plugged)
        kiosk_hear_reader(world, &event);
}

static void plug_reader(struct sim_world *world)
{
    world->reader_back_ms = INT64_MAX;
    world->reader_is_plugged = true;
    if (world->session != NULL)
        world->reader_ready_ms = world_now(world) + 300;
}

static void put_box(struct sim_world *world)
{
    world->box_back_ms = INT64_MAX;
    acceptor_put_box(&world->acceptor);
}

static void heal_network(struct sim_world *world)
{
    world->network_heals_ms = INT64_MAX;
    world->network.is_down = false;
}

static void strike_one(struct sim_world *world)
{
    int enabled = __builtin_popcount(world->plan.faults);
    world->fault_at_ms = in(world, 2000, 60000);
    if (enabled == 0)
        return;
    int64_t left = dice_between(&world->dice, 0, enabled - 1);
    int fault = -1;
    while (left >= 0)
        left -= (world->plan.faults >> ++fault) & 1;
    world->counts.faults++;
    strike(world, (enum world_fault)fault);
}

void faults_run(struct sim_world *world)
{
    int64_t now_ms = world_now(world);
    if (world->disk_heals_ms <= now_ms)
        heal_disk(world);
    else if (world->network_heals_ms <= now_ms)
        heal_network(world);
    else if (world->acceptor_back_ms <= now_ms)
        heal_acceptor(world);
    else if (world->printer_back_ms <= now_ms)
        heal_printer(world);
    else if (world->box_back_ms <= now_ms)
        put_box(world);
    else if (world->reader_back_ms <= now_ms)
        plug_reader(world);
    else if (world->clock_back_ms <= now_ms)
        set_clock_right(world);
    else if (world->reader_ready_ms <= now_ms)
        greet_reader(world);
    else if (world->fault_at_ms <= now_ms)
        strike_one(world);
}

void faults_end(struct sim_world *world)
{
    if (!world->plan.is_exact)
        world->crash_at = 0;
    world->fault_at_ms = INT64_MAX;
    heal_disk(world);
    heal_network(world);
    heal_acceptor(world);
    heal_printer(world);
    put_box(world);
    plug_reader(world);
    if (world->clock_off_ms != 0)
        set_clock_right(world);
    world->clock_back_ms = INT64_MAX;
}
