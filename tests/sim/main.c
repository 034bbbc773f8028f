/*
 * kiosk_sim: worlds by seed until told to stop.
 *
 *   kiosk_sim [--seed N [--tell]] [--visits N] [--seconds N] [--seeds FILE] [--exhaustive] …
 *
 * Exit 0: nothing failed; 1: a check failed (its history was printed); 2: wrong usage.
 */
#include "base/log.h"
#include "sim/world.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define VISITS_A_WORLD 24
#define WORLD_CPU_S_MAX 20 /* the longest takes a tenth of one */

struct options {
    bool has_seed, exhaustive, tells, twice, brief, limits;
    uint64_t seed;
    int64_t visits, seconds;
    int64_t every; /* of the exhaustive run: each how-manyeth pair of points; 0: all */
    const char *seeds_file;
    uint32_t faults; /* exactly these in every world; 0: the seed decides */
};

static struct sim_world *world;

/* Shared with the child that runs the worlds, so that one that aborts can be named. */
struct shared {
    struct world_plan plan;
    struct world_counts counts;
    int64_t worlds;
    bool failed;
    char check[48], why[WORLD_WHY_SIZE];
};
static struct shared *shared;

static int64_t real_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- one world ---- */

/* One visit without dice, cut off at a point by chance: what the exhaustive run does for each. */
static void make_exact(struct world_plan *plan, struct dice *dice)
{
    plan->visits = 1;
    plan->is_exact = true;
    plan->has_limits = false;
    plan->has_counters = dice_chance(dice, 70);
    plan->tells_first = dice_chance(dice, 50);
    plan->crash_at = dice_between(dice, 1, 290);
    plan->crash_again_after = dice_chance(dice, 50) ? dice_between(dice, 1, 150) : 0;
    plan->death = (enum death)dice_between(dice, 0, DEATHS - 1);
    plan->cut = (enum cut_fate)dice_between(dice, CUT_FRONT_TOLD, CUT_FATES - 1);
}

/* A few worlds have every kind of trouble, most a few kinds, so that each is also seen alone: the
 * check that nothing is unknown without a cause is sharpest where there are no causes. */
static struct world_plan plan_of(const struct options *options, uint64_t seed)
{
    struct dice dice = { seed ^ 0x5eed };
    struct world_plan plan = {
        .seed = seed,
        .visits = VISITS_A_WORLD,
        .faults = options->faults,
        .has_limits = options->limits || limits_are_small(seed),
    };
    if (options->faults != 0)
        return plan;
    int64_t kind = dice_between(&dice, 0, 15);
    if (kind < 4 && !options->limits) {
        make_exact(&plan, &dice);
        return plan;
    }
    for (int i = 0; i < WORLD_FAULTS; i++)
        if (kind == 4 || dice_chance(&dice, kind < 8 ? 15 : 40))
            plan.faults |= 1U << i;
    if (kind >= 12)
        plan.faults |= 1U << FAULT_CRASH;
    return plan;
}

static void add_counts(struct world_counts *sum)
{
    const struct world_counts *counts = &world->counts;
    sum->visits += counts->visits;
    sum->notes += counts->notes;
    sum->crashes += counts->crashes;
    sum->faults += counts->faults;
    sum->papers += counts->papers;
    sum->restarts += counts->restarts;
    sum->steps += world->step;
    sum->points += world->points;
    sum->entries += world->books.last_seq;
    sum->payments += world->books.completed;
    sum->unknowns += world->books.unknown_total;
    sum->exchanges += world->network.exchanges;
    for (int i = 0; i < WORLD_POINTS; i++)
        sum->points_of[i] += world->points_of[i];
}

/* A step that has no end is a failure like any other. */
static void on_cpu_time_over(int signal_number)
{
    static const char WHY[] = "one step of the kiosk has no end";
    (void)signal_number;
    memcpy(shared->check, "comes_to_rest", sizeof "comes_to_rest");
    memcpy(shared->why, WHY, sizeof WHY);
    shared->failed = true;
    _exit(1);
}

/* Of the processor's time, not of the day's: a busy machine is no failure. */
static void limit_cpu_time(void)
{
    const struct itimerval limit = { .it_value.tv_sec = WORLD_CPU_S_MAX };
    (void)signal(SIGVTALRM, on_cpu_time_over);
    (void)setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

static bool run_world(const struct world_plan *plan, bool tells)
{
    limit_cpu_time();
    shared->plan = *plan;
    shared->check[0] = '\0';
    world_open(world, plan, tells);
    while (world_step(world))
        continue;
    shared->failed = world->failed;
    snprintf(shared->check, sizeof shared->check, "%s", world->failed ? world->check : "");
    snprintf(shared->why, sizeof shared->why, "%s", world->why);
    shared->worlds++;
    add_counts(&shared->counts);
    world_close(world);
    return !shared->failed;
}

/* ---- failure ---- */

static void print_plan(const struct world_plan *plan)
{
    printf("seed %llu:", (unsigned long long)plan->seed);
    if (plan->is_exact)
        printf(" exact, dies (%d) at point %lld, acceptor cut %d%s%s, again after %lld",
               (int)plan->death, (long long)plan->crash_at, (int)plan->cut,
               plan->has_counters ? ", counters" : ", no counters",
               plan->tells_first ? ", tells before READY" : "", (long long)plan->crash_again_after);
    for (int i = 0; i < WORLD_FAULTS; i++)
        if ((plan->faults >> i) & 1)
            printf(" %s", world_fault_name((enum world_fault)i));
    if (plan->has_limits)
        printf(", small limits");
    putchar('\n');
}

/* Runs body in a child, because a CHECK of the product ends the process. */
static bool run_apart(void (*body)(const struct options *options), const struct options *options)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        body(options);
        fflush(stdout);
        _exit(shared->failed ? 1 : 0);
    }
    int result = 0;
    while (waitpid(child, &result, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(result))
        printf("the kiosk ended itself by signal %d\n", WTERMSIG(result));
    shared->failed = !WIFEXITED(result) || WEXITSTATUS(result) != 0;
    return !shared->failed;
}

static void tell_again(const struct options *options)
{
    struct world_plan plan = shared->plan;
    (void)options;
    log_set_level(LOG_INFO);
    dup2(STDOUT_FILENO, STDERR_FILENO); /* the kiosk's own log stands among the history */
    run_world(&plan, true);
    printf("step %lld, %s: %s\n", (long long)world->step, world->failed ? world->check : "no check",
           world->failed ? world->why : "failed");
}

static void explain(const struct options *options)
{
    if (options->brief) {
        printf("CAUGHT %s %lld visits seed %llu: %s\n",
               shared->check[0] != '\0' ? shared->check : "abort", (long long)shared->counts.visits,
               (unsigned long long)shared->plan.seed, shared->why);
        return;
    }
    printf("FAILED. The history of this world, the end is what matters:\n");
    print_plan(&shared->plan);
    (void)run_apart(tell_again, options);
    if (!options->exhaustive)
        printf("replay: tools/dev sim --seed %llu%s\n", (unsigned long long)shared->plan.seed,
               options->faults != 0 || options->limits ? " and the same options" : "");
}

/* ---- what to run ---- */

static bool run_seeds_of(const struct options *options, const char *path)
{
    char line[64];
    bool is_well = true;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        shared->failed = true;
        return false;
    }
    while (is_well && fgets(line, sizeof line, file) != NULL) {
        char *end;
        uint64_t seed = strtoull(line, &end, 10);
        struct world_plan plan = plan_of(options, seed);
        if (end != line)
            is_well = run_world(&plan, false);
    }
    fclose(file);
    return is_well;
}

static void run_many(const struct options *options)
{
    int64_t end_ms = options->seconds > 0 ? real_ms() + options->seconds * 1000 : INT64_MAX;
    uint64_t seed = options->seed;
    if (options->seeds_file != NULL && !run_seeds_of(options, options->seeds_file))
        return;
    while (real_ms() < end_ms &&
           (options->visits == 0 || shared->counts.visits < options->visits)) {
        struct world_plan plan = plan_of(options, seed++);
        if (!run_world(&plan, false))
            return;
    }
}

static void run_one(const struct options *options)
{
    struct world_plan plan = plan_of(options, options->seed);
    (void)run_world(&plan, options->tells);
}

/* ---- the exhaustive run ---- */

#define RECOVERY_POINTS 120 /* of a start and what follows */

struct small_world {
    enum death death;
    enum cut_fate cut;
    bool has_counters, tells_first;
};

static struct world_plan exact_plan(const struct small_world *small, int64_t crash_at,
                                    int64_t crash_again_after)
{
    return (struct world_plan){
        .seed = 1,
        .visits = 1,
        .is_exact = true,
        .has_counters = small->has_counters,
        .crash_at = crash_at,
        .crash_again_after = crash_again_after,
        .death = small->death,
        .cut = small->cut,
        .tells_first = small->tells_first,
    };
}

static bool run_points(const struct options *options, const struct small_world *small,
                       int64_t points, int64_t *tried)
{
    static int64_t met;
    int64_t again_points = options->twice ? RECOVERY_POINTS : 0;
    for (int64_t at = 1; at <= points; at++)
        for (int64_t again = 0; again <= again_points; again++) {
            if (options->every > 1 && met++ % options->every != 0)
                continue;
            struct world_plan plan = exact_plan(small, at, again);
            if (!run_world(&plan, false))
                return false;
            ++*tried;
        }
    return true;
}

static void run_exhaustive(const struct options *options)
{
    int64_t tried = 0;
    struct world_plan whole = exact_plan(&(struct small_world){ .has_counters = true }, 0, 0);
    if (!run_world(&whole, false))
        return;
    int64_t points = world->points;
    printf("A visit with two notes has %lld points at which the kiosk may die: %lld steps of the "
           "disk, %lld of the devices, %lld of the network, %lld events.\n",
           (long long)points, (long long)world->points_of[POINT_DISK],
           (long long)world->points_of[POINT_DEVICE], (long long)world->points_of[POINT_NETWORK],
           (long long)world->points_of[POINT_EVENT]);
    for (int variant = 0; variant < 4; variant++) {
        struct small_world small = { .has_counters = (variant & 1) == 0,
                                     .tells_first = (variant & 2) != 0 };
        for (int death = 0; death < DEATHS; death++) {
            small.death = (enum death)death;
            int first = death == DEATH_BLACKOUT ? CUT_FRONT_TOLD : CUT_BY_DICE;
            int last = death == DEATH_BLACKOUT ? CUT_FATES - 1 : CUT_BY_DICE;
            for (int cut = first; cut <= last; cut++) {
                small.cut = (enum cut_fate)cut;
                if (!run_points(options, &small, points, &tried))
                    return;
            }
        }
    }
    printf("%lld crashes tried, each recovered to books that agree.\n", (long long)tried);
}

/* ---- the program ---- */

static void print_counts(int64_t ms)
{
    const struct world_counts *counts = &shared->counts;
    int64_t a_second = ms > 0 ? counts->visits * 1000 / ms : 0;
    printf("%lld visits in %lld worlds, %lld.%03lld s, %lld visits/s\n", (long long)counts->visits,
           (long long)shared->worlds, (long long)ms / 1000, (long long)ms % 1000,
           (long long)a_second);
    printf("%lld deaths of the kiosk, %lld other faults, %lld notes put in, %lld payments, "
           "%lld notes unknown, %lld papers, %lld exchanges with the bureau\n",
           (long long)counts->crashes, (long long)counts->faults, (long long)counts->notes,
           (long long)counts->payments, (long long)counts->unknowns, (long long)counts->papers,
           (long long)counts->exchanges);
    printf("%lld entries, %lld steps, each with every check: %s\n", (long long)counts->entries,
           (long long)counts->steps, shared->failed ? "ONE FAILED" : "0 off");
}

static bool take_number(int *index, int argc, char **argv, int64_t *out)
{
    char *end;
    if (*index + 1 >= argc)
        return false;
    *out = (int64_t)strtoull(argv[++*index], &end, 10);
    return *end == '\0';
}

/* "crash,disk": names of world_fault_name. */
static bool take_faults(const char *list, uint32_t *out)
{
    while (*list != '\0') {
        size_t length = strcspn(list, ",");
        int fault = 0;
        while (fault < WORLD_FAULTS &&
               (strlen(world_fault_name((enum world_fault)fault)) != length ||
                strncmp(world_fault_name((enum world_fault)fault), list, length) != 0))
            fault++;
        if (fault == WORLD_FAULTS)
            return false;
        *out |= 1U << fault;
        list += length + (list[length] == ',');
    }
    return true;
}

static bool parse(int argc, char **argv, struct options *options)
{
    int64_t number;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--exhaustive") == 0) {
            options->exhaustive = true;
        } else if (strcmp(argv[i], "--twice") == 0) {
            options->exhaustive = options->twice = true;
        } else if (strcmp(argv[i], "--every") == 0 && take_number(&i, argc, argv, &number)) {
            options->every = number;
        } else if (strcmp(argv[i], "--brief") == 0) {
            options->brief = true;
        } else if (strcmp(argv[i], "--limits") == 0) {
            options->limits = true;
        } else if (strcmp(argv[i], "--tell") == 0) {
            options->tells = true;
        } else if (strcmp(argv[i], "--faults") == 0 && i + 1 < argc) {
            if (!take_faults(argv[++i], &options->faults))
                return false;
        } else if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc) {
            options->seeds_file = argv[++i];
        } else if (strcmp(argv[i], "--seed") == 0 && take_number(&i, argc, argv, &number)) {
            options->seed = (uint64_t)number;
            options->has_seed = true;
        } else if (strcmp(argv[i], "--visits") == 0 && take_number(&i, argc, argv, &number)) {
            options->visits = number;
        } else if (strcmp(argv[i], "--seconds") == 0 && take_number(&i, argc, argv, &number)) {
            options->seconds = number;
        } else {
            return false;
        }
    }
    return true;
}

static bool make_folder(char *folder, size_t size)
{
    bool has_memory = access("/dev/shm", W_OK) == 0;
    snprintf(folder, size, "%s/guichet-sim-XXXXXX", has_memory ? "/dev/shm" : "/tmp");
    return mkdtemp(folder) != NULL;
}

static void remove_folder(const char *folder)
{
    static const char *const NAMES[] = { "journal.db", "journal.db-lock", "bureau.db" };
    char path[128];
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, NAMES[i]);
        unlink(path);
    }
    rmdir(folder);
}

int main(int argc, char **argv)
{
    char folder[64];
    struct options options = { 0 };
    if (!parse(argc, argv, &options)) {
        fprintf(stderr,
                "usage: kiosk_sim [--seed N [--tell]] [--visits N] [--seconds N]"
                " [--seeds FILE] [--faults A,B] [--limits] [--exhaustive [--twice] [--every N]]\n");
        return 2;
    }
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    world = calloc(1, sizeof *world);
    if (shared == MAP_FAILED || world == NULL || !make_folder(folder, sizeof folder))
        return 2;
    log_set_level((enum log_level)(LOG_ERROR + 1));
    world_prepare(folder);
    bool is_one = options.has_seed && options.visits == 0 && options.seconds == 0;
    if (!options.has_seed)
        options.seed = (uint64_t)time(NULL) * 1000000;
    if (!is_one && !options.exhaustive)
        printf("first seed %llu\n", (unsigned long long)options.seed);
    if (!is_one && options.visits == 0 && options.seconds == 0)
        options.seconds = 10;
    int64_t begin_ms = real_ms();
    bool is_well = run_apart(options.exhaustive ? run_exhaustive
                             : is_one           ? run_one
                                                : run_many,
                             &options);
    int64_t ms = real_ms() - begin_ms;
    if (!is_well)
        explain(&options);
    shared->failed = !is_well;
    print_counts(ms);
    remove_folder(folder);
    return is_well ? 0 : 1;
}
