/*
 * Who stands before the kiosk. Most know what they want; some touch whatever is there, take notes
 * that are not wanted, go back at the last moment, or walk off with their money inside.
 */
#include "base/bytes.h"
#include "sim/world.h"
#include <stdio.h>
#include <string.h>

/* Invented: the county 449999 does not exist. The check character of GB 11643 is right. */
static void make_number(int person, char out[24])
{
    static const int WEIGHTS[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    static const char CHECKS[] = "10X98765432";
    int sum = 0;
    snprintf(out, 24, "44999919880315%03u", (unsigned)(2 * person + 1) % 1000); /* odd: male */
    for (int i = 0; i < 17; i++)
        sum += (out[i] - '0') * WEIGHTS[i];
    out[17] = CHECKS[sum % 11];
    out[18] = '\0';
}

static void make_card(int person, struct identity_card *out)
{
    *out = (struct identity_card){
        .kind = IDENTITY_RESIDENT,
        .name = "李明轩",
        .sex = 1,
        .nation = 1,
        .birth = 19880315,
        .address = "广东省虚构市示例区样板路12号",
        .authority = "虚构市公安局示例分局",
        .valid_from = 20160520,
        .valid_to = 20360520,
    };
    make_number(person, out->number);
}

static struct dice *dice(struct sim_world *world)
{
    return &world->dice;
}

static bool is_odd(struct sim_world *world, int percent)
{
    return world_has(world, FAULT_PEOPLE) && dice_chance(dice(world), percent);
}

static void touch(struct sim_world *world, enum intent intent, int argument)
{
    world->touches++;
    session_on_intent(world->session, intent, argument);
}

void citizen_come(struct sim_world *world)
{
    bool is_new = world->people_count == 0 ||
                  (world->people_count < WORLD_PEOPLE_MAX && dice_chance(dice(world), 80));
    world->person =
        is_new ? world->people_count++ : (int)dice_between(dice(world), 0, world->people_count - 1);
    world->person_is_here = true;
    world->money_put_in = world->touches = 0;
    world->has_started = false;
    world->acts_at_ms = world_now(world) + 1000;
    world->leaves_at_ms =
        is_odd(world, 15) ? world_now(world) + dice_between(dice(world), 1000, 60000) : INT64_MAX;
    world->counts.visits++;
    TELL(world, "citizen %d comes", world->person);
}

static void leave(struct sim_world *world)
{
    world->person_is_here = false;
    fake_id_reader_take_away(&world->reader);
    world->acts_at_ms = world_now(world) + (world->plan.is_exact ? 1 : 5000);
    TELL(world, "citizen leaves");
}

static void show_card(struct sim_world *world)
{
    struct identity_card card;
    if (is_odd(world, 5)) {
        fake_id_reader_fail(&world->reader, ID_READER_MOVED);
        return;
    }
    make_card(world->person, &card);
    fake_id_reader_show(&world->reader, &card);
    bytes_wipe(&card, sizeof card);
}

static void type_digits(struct sim_world *world, const char *digits)
{
    for (const char *digit = digits; *digit != '\0'; digit++)
        touch(world, INTENT_DIGIT, *digit - '0');
    touch(world, INTENT_NEXT, 0);
}

/* A cross, or nothing: then at the window. */
static void sign(struct sim_world *world)
{
    static const struct ui_stroke_point CROSS[] = {
        { 1000, 2000, true }, { 2000, 2000, false }, { 1500, 1000, true }, { 1500, 3000, false }
    };
    if (is_odd(world, 30)) {
        touch(world, INTENT_SIGN_LATER, 0);
        return;
    }
    for (size_t i = 0; i < sizeof CROSS / sizeof *CROSS; i++)
        session_on_stroke(world->session, &CROSS[i]);
    touch(world, INTENT_NEXT, VIEW_FIELD_MM(200, 80));
}

static enum note_trick roll_trick(struct sim_world *world)
{
    if (!world_has(world, FAULT_NOTES) || dice_chance(dice(world), 75))
        return NOTE_GOOD;
    return (enum note_trick)dice_between(dice(world), NOTE_UNREADABLE, NOTE_JAMS);
}

static int64_t choose_note(struct sim_world *world, int64_t missing_fen)
{
    if (world->plan.has_limits && missing_fen > 0 && !is_odd(world, 20))
        return limits_choose_note(world, missing_fen);
    if (is_odd(world, 20) || missing_fen <= 0)
        return ACCEPTOR_VALUES_FEN[dice_between(dice(world), 0, ACCEPTOR_VALUES - 1)];
    int64_t value_fen = 10000;
    if (!world->plan.is_exact && missing_fen < 10000)
        value_fen = dice_chance(dice(world), 50) ? 5000 : 10000;
    return value_fen;
}

static void pay(struct sim_world *world)
{
    const struct session_visit *visit = &world->session->v;
    if (is_odd(world, 6)) {
        static const enum intent WAYS_OUT[] = { INTENT_BACK, INTENT_CANCEL, INTENT_FINISH_CASH };
        touch(world, WAYS_OUT[dice_between(dice(world), 0, 2)], 0);
        return;
    }
    int64_t missing_fen = visit->quote.total_fen - visit->inserted_fen;
    if (acceptor_is_open(&world->acceptor)) {
        acceptor_insert(&world->acceptor, choose_note(world, missing_fen),
                        books_find_txn(&world->books, world->session->cash.txn), roll_trick(world));
        world->money_put_in++;
        world->counts.notes++;
    } else if (!world->plan.is_exact && dice_chance(dice(world), 10)) {
        /* The machine has had its mouth shut for long: whoever has put money in wants to end. */
        touch(world, visit->inserted_fen > 0 ? INTENT_FINISH_CASH : INTENT_BACK, 0);
    }
}

static void act_on(struct sim_world *world, enum session_step step)
{
    switch (step) {
    case STEP_HOME:
        touch(world, INTENT_START, 0);
        break;
    case STEP_IDENTIFY:
        show_card(world);
        break;
    case STEP_OWED:
        if (world->session->v.quote.total_fen == 0 && !choice_is_payable(world->session))
            leave(world);
        else
            touch(world, INTENT_NEXT, 0);
        break;
    case STEP_PHONE:
        type_digits(world, "13900000000");
        break;
    case STEP_CONSENT:
        if (!world->session->v.consent_given)
            touch(world, INTENT_TOGGLE_CONSENT, 0);
        touch(world, INTENT_NEXT, 0);
        break;
    case STEP_STARTS:
        if (is_odd(world, 30))
            touch(world, INTENT_EARLIER, 0);
        touch(world, INTENT_NEXT, 0);
        break;
    case STEP_MATERIALS:
        touch(world, INTENT_TOGGLE_MATERIAL, 1);
        touch(world, INTENT_NEXT, 0);
        break;
    case STEP_CERTIFICATE:
        type_digits(world, world->session->enrol.state == ENROL_LEAVING_DATE ? "20261031" : "42");
        break;
    case STEP_SIGNATURE:
        sign(world);
        break;
    case STEP_REGISTERED:
        touch(world, is_odd(world, 15) ? INTENT_PAY_LATER : INTENT_NEXT, 0);
        break;
    case STEP_MONTHS:
        if (world->policy->insurances[0].back == POLICY_BACK_MONTHS)
            touch(world, INTENT_EARLIER, 0);
        if (!world->plan.is_exact)
            touch(world, INTENT_CHOOSE_MONTHS, (int)dice_between(dice(world), 1, 2));
        touch(world, INTENT_NEXT, 0);
        break;
    case STEP_METHOD:
        if (world->touches > 25)
            leave(world); /* cash is not offered, and will not be for some time */
        else
            touch(world, INTENT_PAY_CASH, 0);
        break;
    case STEP_CASH:
        pay(world);
        break;
    case STEP_DONE:
        touch(world, INTENT_DONE, 0);
        break;
    case STEP_GOODBYE:
        leave(world);
        break;
    case STEP_OUT_OF_SERVICE:
        if (++world->touches > 30)
            leave(world);
        break;
    case STEP_RIGHTS:
    case STEP_CARD_PROBLEM:
    case STEP_REFUSED:
    case STEP_BASE:
    case STEP_CHOICES:
    case STEP_INQUIRY:
    case STEP_LIST:
    case STEP_WHERE:
    case STEP_NUMBER:
    case STEP_FOUND:
    case STEP_LEARN:
    case STEP_STANDARDS:
    case STEP_TIMES:
    case STEP_INDIVIDUAL:
    case STEP_LAW:
    case STEP_CALCULATOR:
    case STEP_GRADES:
    case STEP_LEAVING:
    case STEP_PLAN:
        leave(world);
        break;
    case STEP_ASKING:
    case STEP_CHECKING:
    case STEP_PRINTING:
    case STEP_RECEIPT:
    case STEPS:
        break;
    }
}

static void touch_anything(struct sim_world *world)
{
    touch(world, (enum intent)dice_between(dice(world), INTENT_START, INTENTS - 1),
          (int)dice_between(dice(world), 0, 3));
}

/* The same as the pages say; the home page after a visit means that this one is over. */
void citizen_act(struct sim_world *world)
{
    bool is_slow = !world->plan.is_exact && dice_chance(dice(world), 3);
    int64_t pause_ms = world->plan.is_exact ? 500 : dice_between(dice(world), 200, 1500);
    world->acts_at_ms = world_now(world) + (is_slow ? 90000 : pause_ms);
    bool is_dark = world->session == NULL;
    world->touches += is_dark; /* nobody waits before a black screen for ever */
    if (world_now(world) >= world->leaves_at_ms || world->touches > 60) {
        leave(world);
        return;
    }
    if (is_dark)
        return;
    enum session_step step = session_current_view(world->session)->step;
    bool is_over = step == STEP_HOME && world->has_started;
    world->has_started = world->has_started || step != STEP_HOME;
    if (is_over)
        leave(world);
    else if (is_odd(world, 4))
        touch_anything(world);
    else
        act_on(world, step);
}
