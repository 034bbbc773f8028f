#include "sim/limits.h"

#include "sim/world.h"
#include <string.h>

#define HOUR_MS 3600000
#define LOOK_MS 60000 /* the kiosk looks at the hours once a minute */

bool limits_are_small(uint64_t seed)
{
    struct dice dice = { seed ^ 0x905 };
    return dice_chance(&dice, 25);
}

/* ---- how small ---- */

static void draw_denominations(struct settings *settings, struct dice *dice)
{
    static const int64_t SETS_FEN[][4] = {
        { 1000, 2000, 5000, 10000 }, { 5000, 10000 }, { 2000, 5000 }, { 1000, 10000 }, { 10000 },
    };
    const int64_t *set_fen = SETS_FEN[dice_between(dice, 0, 4)];
    settings->denomination_count = 0;
    for (int i = 0; i < 4 && set_fen[i] > 0; i++)
        settings->denominations_fen[settings->denomination_count++] = set_fen[i];
}

/* Mostly 0, which is no limit, so that each is also met alone. */
static int64_t draw(struct dice *dice, int64_t least, int64_t most)
{
    int64_t limit = dice_between(dice, least, most);
    return dice_chance(dice, 30) ? limit : 0;
}

void limits_make(struct sim_world *world)
{
    struct settings *settings = &world->settings;
    struct dice dice = { ~world->plan.seed };
    world->limits.answered_wall_ms = world->clock.wall_ms;
    if (!world->plan.has_limits)
        return;
    draw_denominations(settings, &dice);
    world->limits.gives_no_surplus = dice_chance(&dice, 40);
    settings->visit_sum_max_fen = draw(&dice, 15, 40) * 1000;
    settings->visit_notes_max = (int)draw(&dice, 2, 8);
    settings->day_sum_max_fen = draw(&dice, 20, 100) * 1000;
    settings->box_notes_max = (int)draw(&dice, 4, 24);
    settings->offline_payments_max = (int)draw(&dice, 1, 3);
    if (dice_chance(&dice, 30))
        settings->offline_hours_max = (int)dice_between(&dice, 1, 24);
    if (dice_chance(&dice, 30))
        settings->offline_sum_max_fen = dice_between(&dice, 20, 80) * 1000;
}

int64_t limits_choose_note(struct sim_world *world, int64_t missing_fen)
{
    const struct settings *settings = &world->settings;
    int last = settings->denomination_count - 1;
    while (last > 0 && settings->denominations_fen[last] > missing_fen)
        last--;
    if (dice_chance(&world->dice, 30))
        last = (int)dice_between(&world->dice, 0, settings->denomination_count - 1);
    return settings->denominations_fen[last];
}

/* ---- what has come in ---- */

static int64_t day_cash_fen(const struct sim_world *world)
{
    const struct books *books = &world->books;
    return books->day == journal_day_of(world->clock.wall_ms) ? books->day_cash_fen : 0;
}

static int64_t unsent_fen(const struct sim_world *world)
{
    const struct books *books = &world->books;
    int64_t acked_seq = journal_acked_seq(world->journal);
    int64_t acked_fen = acked_seq > 0 ? books->balances_at[acked_seq - 1][BOOK_CASH_BOX] : 0;
    return books->balances[BOOK_CASH_BOX] - acked_fen;
}

static int64_t unsent_payments(const struct sim_world *world)
{
    const struct books *books = &world->books;
    int64_t acked_seq = journal_acked_seq(world->journal), count = 0;
    for (int i = 0; i < books->txn_count; i++)
        count += books->txns[i].money_seq > acked_seq;
    return count;
}

void limits_hear_bureau(struct sim_world *world)
{
    if (world->clock.wall_ms > world->limits.answered_wall_ms) /* and not set back */
        world->limits.answered_wall_ms = world->clock.wall_ms;
}

static bool was_away_too_long(const struct sim_world *world)
{
    int64_t away_ms = world->clock.wall_ms - world->limits.answered_wall_ms;
    int64_t most_ms = (int64_t)world->settings.offline_hours_max * HOUR_MS;
    return !world->sync.status.reachable && away_ms >= most_ms + LOOK_MS;
}

/* ---- the invariant ---- */

static void check_beginning(struct sim_world *world)
{
    const struct settings *settings = &world->settings;
    const struct {
        const char *name;
        int64_t limit, value;
    } rows[] = {
        { "notes in the box", settings->box_notes_max, world->books.box_notes },
        { "fen today", settings->day_sum_max_fen, day_cash_fen(world) },
        { "fen unsent", settings->offline_sum_max_fen, unsent_fen(world) },
        { "payments unsent", settings->offline_payments_max, unsent_payments(world) },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].limit > 0 && rows[i].value >= rows[i].limit)
            world_fail(world, "limits_hold", "a payment began with %lld %s, %lld are the most",
                       (long long)rows[i].value, rows[i].name, (long long)rows[i].limit);
    if (was_away_too_long(world))
        world_fail(world, "limits_hold", "a payment began, and the bureau was not heard for %d h",
                   settings->offline_hours_max);
}

static void lower(int64_t *most, int64_t limit, int64_t used)
{
    if (limit > 0 && limit - used < *most)
        *most = limit - used;
}

static void measure_room(struct sim_world *world)
{
    const struct settings *settings = &world->settings;
    struct sim_limits *limits = &world->limits;
    limits->sum_fen_max = limits->notes_max = INT64_MAX;
    lower(&limits->sum_fen_max, settings->visit_sum_max_fen, 0);
    lower(&limits->sum_fen_max, settings->day_sum_max_fen, day_cash_fen(world));
    if (!world->session->bureau_reachable)
        lower(&limits->sum_fen_max, settings->offline_sum_max_fen, unsent_fen(world));
    lower(&limits->notes_max, settings->visit_notes_max, 0);
    lower(&limits->notes_max, settings->box_notes_max, world->books.box_notes);
}

void limits_follow(struct sim_world *world)
{
    bool is_paying = world->session->cash.active;
    bool has_begun = is_paying && !world->limits.was_paying;
    world->limits.was_paying = is_paying;
    if (!has_begun || !world->plan.has_limits)
        return;
    check_beginning(world);
    measure_room(world);
}

static bool is_taken_here(const struct settings *settings, int64_t value_fen)
{
    for (int i = 0; i < settings->denomination_count; i++)
        if (settings->denominations_fen[i] == value_fen)
            return true;
    return false;
}

void limits_check_stack(struct sim_world *world)
{
    const struct sim_limits *limits = &world->limits;
    struct books *books = &world->books;
    const struct books_txn *txn = &books->txns[books_find_txn(books, world->session->cash.txn)];
    int64_t value_fen = world->acceptor.note_fen, sum_fen = txn->credited_fen + value_fen;
    if (!world->plan.has_limits || world->acceptor.place != NOTE_IN_ESCROW)
        return;
    if (!is_taken_here(&world->settings, value_fen))
        world_fail(world, "limits_hold", "%lld is stacked and not taken here",
                   (long long)value_fen);
    if (sum_fen > limits->sum_fen_max || txn->credited_notes + 1 > limits->notes_max)
        world_fail(world, "limits_hold", "%lld fen in %d notes; %lld in %lld are the most",
                   (long long)sum_fen, txn->credited_notes + 1, (long long)limits->sum_fen_max,
                   (long long)limits->notes_max);
    if (limits->gives_no_surplus && sum_fen > txn->due_fen)
        world_fail(world, "limits_hold", "%lld over, and the policy gives no surplus",
                   (long long)(sum_fen - txn->due_fen));
}

/* Who ends early has less than is owed, and what does not fill a month is his in any case. */
void limits_check_closings(struct sim_world *world)
{
    const struct books *books = &world->books;
    for (int i = 0; world->limits.gives_no_surplus && i < books->txn_count; i++)
        if (books->txns[i].paid && books->txns[i].paid_fen > books->txns[i].due_fen)
            world_fail(world, "limits_hold", "%s paid %lld, owed %lld, and there is no surplus",
                       books->txns[i].txn, (long long)books->txns[i].paid_fen,
                       (long long)books->txns[i].due_fen);
}
