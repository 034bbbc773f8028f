#include "variants.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "kit.h"
#include "variants_inquiry.h"
#include "variants_learn.h"
#include "variants_register.h"

const struct scene_panel PANEL_LIST[PANELS] = { { 1080, 1920, 268, 850 },
                                                { 1920, 1080, 476, 850 },
                                                { 1280, 1024, 376, 850 } };
const char *const PANEL_NAMES[PANELS] = { "1080x1920", "1920x1080", "1280x1024" };

#define COPY(out, text) snprintf((out), sizeof(out), "%s", (text))
#define BOTH(out, zh, en) (COPY((out)[LANGUAGE_ZH], zh), COPY((out)[LANGUAGE_EN], en))

static void insurance(struct view_insurance *out, const char *zh, const char *en,
                      int64_t monthly_fen, int64_t account_fen, int32_t rate)
{
    *out = (struct view_insurance){ .selected = true,
                                    .uses_base = rate > 0,
                                    .is_pension = account_fen > 0,
                                    .available = true,
                                    .monthly_fen = monthly_fen,
                                    .account_fen = account_fen,
                                    .base_fen = 754600,
                                    .floor_fen = 754600,
                                    .ceiling_fen = 3773100,
                                    .rate = rate,
                                    .account_rate = account_fen > 0 ? 80000 : 0 };
    BOTH(out->name, zh, en);
    COPY(out->source, "人社局问答（2026 年缴费基数）");
    COPY(out->source_date, "2026-08-24");
    COPY(out->rate_source, "国发〔2005〕38号");
    BOTH(out->basis,
         "自愿参加，由个人缴费（社会保险法第十条第二款）；可以直接缴费（第六十条第二款）。",
         "Voluntary, you pay it yourself (Social Insurance Law, art. 10(2)) and may pay directly "
         "(art. 60(2)).");
}

static void frame(struct session_view *view)
{
    BOTH(view->bureau, "临江市社会保险服务", "Linjiang Social Insurance");
    BOTH(view->place, "大厅 03 号", "hall no. 03");
    BOTH(view->city, "临江市", "Linjiang");
    BOTH(view->window, "2 号窗口", "window 2");
    BOTH(view->collector, "税务部门", "the tax authority");
    BOTH(view->materials, "本人的居民身份证原件；不需要其他证明。",
         "your own resident ID card; no other proof is needed.");
    BOTH(view->surplus, "多付的钱全部记入您本人的缴费账户，下次缴费时抵用。",
         "What is over is credited to your own account and counts towards your next payment.");
    COPY(view->service_phone, "0571-12333");
    COPY(view->hotlines[HOTLINE_SOCIAL], "12333");
    COPY(view->hotlines[HOTLINE_TAX], "12366");
    COPY(view->hotlines[HOTLINE_MEDICAL], "12393");
    view->wall_ms = INT64_C(1795398060000);
    view->bureau_reachable = true;
    view->is_open = true;
    view->modes.volume = VIEW_VOLUME_NORMAL;
    view->speech_offered = true;
}

static void person(struct session_view *view)
{
    COPY(view->name_masked, "王*华");
    COPY(view->number_masked, "9901**********21");
    COPY(view->account_number, "990100000318");
    COPY(view->phone_masked, "138****4000");
    view->card_read = true;
    for (int i = 0; i < CARD_ITEMS; i++)
        view->card_fields[i] =
            (struct view_card_field){ (enum view_card_item)i,
                                      i != CARD_ITEM_NATION && i != CARD_ITEM_AUTHORITY,
                                      i == CARD_ITEM_PHOTO ? KEEP_NOT : KEEP_VISIT };
    insurance(&view->insurances[0], "职工基本养老保险", "Employee pension insurance", 150920, 60368,
              200000);
    insurance(&view->insurances[1], "职工基本医疗保险", "Employee medical insurance", 75460, 0,
              100000);
    view->insurances[1].wait_months = 6;
    view->insurance_count = 2;
    const int64_t bases[] = { 754600, 1010000, 1260000, 2515400, 3773100 };
    memcpy(view->bases_fen, bases, sizeof(bases));
    view->base_count = 5;
    view->chosen_base_fen = 754600;
    view->base_floor_fen = 754600;
    view->base_ceiling_fen = 3773100;
    view->monthly_total_fen = 226380;
    view->first_month = month_of(2026, 11);
    view->month_count = 6;
    for (int i = 0; i < VIEW_MONTHS_MAX; i++)
        view->months[i] =
            (struct view_month){ .month = month_of(2026, 11) + i, .amount_fen = 226380 };
    view->months_chosen = 3;
    view->due_fen = 679140;
    view->next_month = month_of(2026, 11);
    view->consent_version = 1;
}

static void money(struct session_view *view)
{
    view->inserted_fen = 400000;
    view->note_count = 1;
    view->notes[0] = (struct view_note){ 10000, 40 };
    const int64_t accepted[] = { 500, 1000, 2000, 5000, 10000 };
    memcpy(view->accepted_fen, accepted, sizeof(accepted));
    view->accepted_count = 5;
    view->limit_fen = 500000;
    view->limit_notes = 60;
    COPY(view->voucher, "990100000003202611230003186");
    view->paid_fen = 680000;
    view->applied_fen = 679140;
    view->surplus_fen = 860;
    view->months_paid = 3;
    view->receipt_printed = true;
}

static int steps_done_at(enum session_step step)
{
    static const int DONE[STEPS] = {
        [STEP_OWED] = 1,        [STEP_BASE] = 1,      [STEP_CHOICES] = 1,    [STEP_PHONE] = 2,
        [STEP_CONSENT] = 2,     [STEP_CHECKING] = 2,  [STEP_STARTS] = 2,     [STEP_MATERIALS] = 2,
        [STEP_CERTIFICATE] = 2, [STEP_SIGNATURE] = 2, [STEP_REGISTERED] = 2, [STEP_MONTHS] = 3,
        [STEP_METHOD] = 4,      [STEP_CASH] = 4,      [STEP_RECEIPT] = 5,    [STEP_DONE] = 5,
    };
    return DONE[step];
}

static bool is_in_visit(enum session_step step)
{
    return step >= STEP_IDENTIFY && step <= STEP_DONE;
}

static struct session_view typical(enum session_step step)
{
    struct session_view view = { .step = step, .language = LANGUAGE_ZH };
    frame(&view);
    money(&view);
    if (is_in_visit(step)) {
        view.registering = true;
        view.steps_total = 6;
        view.steps_done = steps_done_at(step);
        view.seconds_total = 90;
        view.seconds_left = 62;
    }
    if (step == STEP_GOODBYE || step == STEP_RIGHTS)
        view.seconds_total = view.seconds_left = 10;
    if (step >= STEP_OWED && step != STEP_GOODBYE)
        person(&view);
    return view;
}

static void fill(char *out, size_t size, const char *unit)
{
    const size_t step = strlen(unit);
    size_t used = 0;
    for (; used + step < size; used += step)
        memcpy(out + used, unit, step);
    out[used] = '\0';
}

#define FILL(out, zh, en)                                                                          \
    (fill((out)[LANGUAGE_ZH], sizeof((out)[0]), zh), fill((out)[LANGUAGE_EN], sizeof((out)[0]), en))

/* As long as the policy and the settings may make them, with the largest sums. */
static void longest(struct session_view *view)
{
    FILL(view->bureau, "临江市社会保险服务", "Linjiang Social Insurance ");
    BOTH(view->place, "政务服务大厅一层东侧 03 号", "main hall, ground floor, no. 03");
    BOTH(view->window, "一楼 12 号窗口", "window 12, ground floor");
    FILL(view->surplus, "多付的钱记入本人账户，下次抵用。", "What is over is credited to you. ");
    FILL(view->collector, "临江市税务局", "Linjiang tax authority ");
    FILL(view->materials, "本人居民身份证原件、", "your own ID card, ");
    COPY(view->service_phone, "0571-88880000-12333");
    for (int i = 0; i < HOTLINES; i++)
        COPY(view->hotlines[i], "0571-88880000-12333");
    if (view->name_masked[0] != '\0')
        COPY(view->name_masked, "买***********江");
    COPY(view->account_number, "99010000000000000318");
    COPY(view->voucher, "990100000003202611230003186");
    for (int i = 0; i < view->insurance_count; i++) {
        struct view_insurance *insurance = &view->insurances[i];
        FILL(insurance->basis, "自愿参加，由个人缴费。", "Voluntary; you pay it yourself. ");
        fill(insurance->source, sizeof(insurance->source), "临人社规〔2026〕12号、");
        fill(insurance->rate_source, sizeof(insurance->rate_source), "国发〔2005〕38号、");
        insurance->monthly_fen = 754620 + i;
        insurance->account_fen = 301848;
        insurance->wait_months = 12;
    }
    view->monthly_total_fen = 1131930;
    view->month_count = view->month_count > 0 ? VIEW_MONTHS_MAX : 0;
    for (int i = 0; i < view->month_count; i++)
        view->months[i].amount_fen = 1131930 + i;
    view->months_chosen = VIEW_MONTHS_MAX;
    view->due_fen = 13583160 + 66;
    view->inserted_fen = 12345600;
    view->paid_fen = 13583500;
    view->applied_fen = 13583226;
    view->months_paid = VIEW_MONTHS_MAX;
    view->surplus_fen = 274;
    view->limit_fen = 100000000;
    view->limit_notes = 10000;
    view->note_count = 5;
    for (int i = 0; i < view->note_count; i++)
        view->notes[i] = (struct view_note){ 10000 >> i, 234 };
}

struct entry {
    const char *name;
    enum session_step step;
    void (*change)(struct session_view *view, int argument);
    int argument;
};

static void none(struct session_view *view, int argument)
{
    (void)view;
    (void)argument;
}

static void make_longest(struct session_view *view, int argument)
{
    (void)argument;
    longest(view);
}

static void longest_starts(struct session_view *view, int argument)
{
    make_longest(view, argument);
    variant_register(view, REGISTER_FULL);
}

static void no_cash(struct session_view *view, int service)
{
    view->cash_service = (enum service)service;
}

static void broke_off(struct session_view *view, int unused)
{
    (void)unused;
    view->cash_broke_off = true;
}

static void no_visit(struct session_view *view, int service)
{
    view->visit_service = (enum service)service;
    view->cash_service = (enum service)service;
}

static void bare_outage(struct session_view *view, int service)
{
    view->visit_service = view->cash_service = (enum service)service;
    view->accepted_count = 0;
}

static void interrupted(struct session_view *view, int longest_too)
{
    if (longest_too)
        longest(view);
    view->interrupted = true;
    view->interrupted_fen = 12345600;
    view->bureau_reachable = false;
    if (longest_too)
        view->cash_service = SERVICE_OFFLINE_LIMIT;
}

static void reading(struct session_view *view, int argument)
{
    (void)argument;
    view->card_seen = true;
}

static void problem(struct session_view *view, int argument)
{
    view->card_problem = (enum view_card_problem)argument;
}

static void card_refused(struct session_view *view, int argument)
{
    problem(view, argument);
    view->card_is_refused = true;
}

static void none_chosen(struct session_view *view, int argument)
{
    (void)argument;
    for (int i = 0; i < view->insurance_count; i++)
        view->insurances[i].selected = false;
    view->insurances[1].available = false;
    view->monthly_total_fen = 0;
}

static void own_base(struct session_view *view, int argument)
{
    (void)argument;
    view->base_is_own = true;
    view->chosen_base_fen = 1234500;
}

static void four_insurances(struct session_view *view, int longest_too)
{
    view->insurance_count = VIEW_INSURANCES_MAX;
    insurance(&view->insurances[2], "失业保险", "Unemployment insurance", 7546, 0, 10000);
    insurance(&view->insurances[3], "大额医疗补助", "Large-sum medical aid", 6000, 0, 0);
    if (longest_too)
        longest(view);
}

static void limit_longest(struct session_view *view, int service)
{
    four_insurances(view, 1);
    no_cash(view, service);
}

static void typed(struct session_view *view, int refused)
{
    COPY(view->base_typed, refused ? "99999999" : "12345");
    COPY(view->phone_typed, refused ? "12805714000" : "1380571");
    view->base_refused = view->phone_refused = refused;
    view->phone_complete = refused;
}

static void agreed(struct session_view *view, int longest_too)
{
    view->consent_given = true;
    if (longest_too)
        longest(view);
}

static void notice(struct session_view *view, int argument)
{
    view->cash_notice = (enum view_cash_notice)argument;
    view->last_note_fen = 10000;
}

static void first_note(struct session_view *view, int argument)
{
    (void)argument;
    view->inserted_fen = 0;
    view->note_count = 0;
    view->can_cancel = true;
}

/* What pays 6,791.40 and 135,832.26 yuan best, and what is left of it. */
static void plan(struct session_view *view, int64_t hundreds)
{
    const bool is_long = view->due_fen > 10000000;
    const struct view_note notes[] = {
        { 10000, (int)hundreds },  { 5000, 1 }, { 2000, is_long ? 1 : 2 },
        { 1000, is_long ? 2 : 0 }, { 500, 1 },
    };
    view->plan_count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(notes); i++)
        if (notes[i].count > 0)
            view->plan[view->plan_count++] = notes[i];
    view->plan_sum_fen = is_long ? 13583500 : 679500;
    view->plan_surplus_fen = view->plan_sum_fen - view->due_fen;
    view->plan_top = (struct view_note){ 10000, (int)hundreds + 1 };
    view->plan_top_surplus_fen = view->plan_surplus_fen + 500;
}

/* What follows from the sums, as the session has it. */
static void complete_plan(struct session_view *view)
{
    if (view->step != STEP_CASH || view->inserted_fen >= view->due_fen)
        return;
    plan(view, (view->due_fen - view->inserted_fen) / 10000);
    if (view->cash_notice == CASH_NOTICE_TOO_LARGE) {
        view->plan_surplus_fen = 0;
        view->accepted_count = 3;
    }
    if (view->cash_notice == CASH_NOTICE_LIMIT)
        view->plan_count = 0;
}

static void first_longest(struct session_view *view, int argument)
{
    longest(view);
    first_note(view, argument);
}

static void box_fills(struct session_view *view, int argument)
{
    (void)argument;
    view->services[OFFER_CASH].warning = SERVICE_BOX_FILLS;
}

static void enough(struct session_view *view, int argument)
{
    (void)argument;
    view->inserted_fen = 680000;
    view->notes[0].count = 68;
    view->cash_notice = CASH_NOTICE_TAKEN;
    view->last_note_fen = 10000;
}

static void longest_cash(struct session_view *view, int argument)
{
    longest(view);
    notice(view, argument);
}

static void done(struct session_view *view, int argument)
{
    view->receipt_printed = argument == 0;
    view->receipt_failed = argument == 1;
    view->receipt_unknown = argument == 2;
    view->card_left = true;
    view->next_month = month_of(2027, 2);
    if (argument == 0)
        return;
    view->partial = true;
    view->next_month = month_of(2026, 12);
    view->paid_fen = view->applied_fen = 400000;
    view->months_paid = 1;
    view->surplus_fen = 0;
}

static void done_longest(struct session_view *view, int argument)
{
    longest(view);
    view->receipt_failed = true;
    view->partial = true;
    view->card_left = true;
    view->paid_fen = 12345600 - argument;
}

static void done_registered(struct session_view *view, int argument)
{
    (void)argument;
    view->paid_fen = view->applied_fen = view->surplus_fen = 0;
    view->months_paid = 0;
}

static void card_left(struct session_view *view, int argument)
{
    (void)argument;
    view->card_left = true;
}

static void more_time(struct session_view *view, int money_inside)
{
    view->ask_more_time = true;
    view->seconds_left = 20;
    view->money_inside_fen = money_inside;
}

static void known_person(struct session_view *view, int argument)
{
    (void)argument;
    view->registering = false;
    view->registered = true;
    view->steps_total = 5;
    view->steps_done--;
}

static void paid_up(struct session_view *view, int count)
{
    known_person(view, 0);
    for (int i = 0; i < count; i++) {
        view->insurances[i].paid_up = true;
        view->insurances[i].paid_until = month_of(2026, 11);
        view->insurances[i].available = view->insurances[i].selected = false;
    }
    view->all_paid = count == view->insurance_count;
    view->next_payable = view->all_paid ? month_of(2026, 12) : 0;
    view->monthly_total_fen = view->all_paid ? 0 : 75460;
}

static void paid_ahead(struct session_view *view, int longest_too)
{
    if (longest_too)
        longest(view);
    view->insurances[0].paid_until = month_of(2026, 11);
    view->months_min = 2;
}

/* November 2026 is being paid; the due day is the 25th, and September and October are late. */
static void with_due_days(struct session_view *view, int longest_too)
{
    if (longest_too)
        longest(view);
    view->first_month = month_of(2026, 9);
    for (int i = 0; i < view->month_count; i++) {
        struct view_month *month = &view->months[i];
        month->month = view->first_month + i;
        month->due_date = month_year(month->month) * 10000 + month_number(month->month) * 100 + 25;
        month->is_late = month->month < month_of(2026, 11);
        month->surcharge_fen = month->is_late ? 1132 + i : 0;
    }
    view->next_month = view->first_month;
    view->next_date = 20260925;
    view->next_is_late = true;
    view->insurances[0].arrears = 2;
    view->insurances[1].closed_first = month_of(2026, 3);
    view->insurances[1].closed_last = month_of(2026, 6);
    view->can_begin_later = true;
}

static void with_difference(struct session_view *view, int longest_too)
{
    if (longest_too)
        longest(view);
    view->difference_fen = longest_too ? 1234567 : 800;
    view->difference_first = month_of(2026, 7);
    view->difference_last = month_of(2026, 10);
    view->refund_is_due = longest_too;
    view->next_date = 20261125;
    view->due_fen += view->difference_fen;
}

static void here_only(struct session_view *view, int longest_too)
{
    if (longest_too)
        longest(view);
    view->paid_here_only = true;
}

/* Everything that may stand under the sum. */
static void difference_here_only(struct session_view *view, int argument)
{
    with_difference(view, argument);
    here_only(view, 0);
}

static void difference_only(struct session_view *view, int argument)
{
    (void)argument;
    paid_up(view, 2);
    with_difference(view, 0);
    view->difference_only = true;
    view->due_fen = view->difference_fen;
}

static void with_tiers(struct session_view *view, int longest_too)
{
    if (longest_too)
        longest(view);
    struct view_insurance *resident = &view->insurances[1];
    insurance(resident, "城乡居民基本医疗保险", "Resident medical insurance", 307500, 0, 0);
    resident->uses_base = false;
    resident->base_fen = resident->floor_fen = resident->ceiling_fen = 0;
    resident->is_yearly = true;
    resident->grade = 1;
    resident->grade_count = 2;
    resident->grade_fen = 307500;
    view->insurances[0].grade_count = 12;
    view->monthly_total_fen = 458420;
}

static void grades(struct session_view *view, int count)
{
    COPY(view->list_name[LANGUAGE_ZH], "职工基本养老保险");
    COPY(view->list_name[LANGUAGE_EN], "Employee pension insurance");
    view->list_is_tiers = view->list_is_yearly = count == 2;
    view->list_count = count;
    view->list_chosen = 2;
    for (int i = 0; i < count; i++) {
        view->list_fen[i] = 307500 + 369000 * i;
        view->list_percent[i] = count == VIEW_LIST_MAX ? 60 + 6 * i : 0;
    }
}

static void grades_more_time(struct session_view *view, int argument)
{
    grades(view, 12);
    more_time(view, argument);
}

static void next_due(struct session_view *view, int date)
{
    view->next_month = month_of(2027, 2);
    view->next_date = date;
    view->next_is_late = date == 0;
}

static void no_registration(struct session_view *view, int longest_too)
{
    if (longest_too)
        longest(view);
    view->consent_given = true;
    view->registration_service = SERVICE_NUMBERS;
}

static void slip_waits(struct session_view *view, int note_unknown)
{
    view->interrupted = true;
    view->interrupted_fen = 12345600;
    view->interrupted_slip_waits = true;
    view->interrupted_note_unknown = note_unknown;
    view->cash_service = SERVICE_PRINTER_COVER;
}

static void note_unknown(struct session_view *view, int claim_printed)
{
    done_registered(view, 0);
    view->voucher[0] = '\0';
    view->receipt_printed = false;
    view->note_unknown = true;
    view->claim_printed = claim_printed;
    COPY(view->claim_voucher, "310000310003202611230000014");
    view->card_left = true;
}

static void note_unknown_too(struct session_view *view, int longest_too)
{
    if (longest_too)
        done_longest(view, 0);
    view->note_unknown = true;
    COPY(view->claim_voucher, "310000310003202611230000014");
}

/* The journal refused: the payment could not be closed, or not even its last note be booked. */
static void not_closed(struct session_view *view, int with_note)
{
    if (with_note)
        done_longest(view, 0);
    else
        done(view, 1);
    view->voucher[0] = view->claim_voucher[0] = '\0';
    view->applied_fen = view->surplus_fen = 0;
    view->months_paid = 0;
    view->partial = false;
    view->note_unrecorded = with_note;
    COPY(view->txn, "K310003-20261123-000318");
}

static void note_unrecorded(struct session_view *view, int longest_too)
{
    if (longest_too)
        done_longest(view, 0);
    done_registered(view, 0);
    view->voucher[0] = '\0';
    view->receipt_printed = false;
    view->receipt_failed = true;
    view->note_unrecorded = true;
    view->card_left = true;
    COPY(view->txn, "K310003-20261123-000318");
}

static void overlay(struct session_view *view, int over)
{
    view->overlay = (enum view_overlay)over;
}

static void larger_offered(struct session_view *view, int longest_too)
{
    if (longest_too)
        longest(view);
    view->large_offered = true;
}

static void hours(struct session_view *view, int is_open)
{
    BOTH(view->hours, "周一至周五 9:00–17:00，周六 9:00–12:00",
         "Monday to Friday 9:00–17:00, Saturday 9:00–12:00");
    view->is_open = is_open;
    if (!is_open)
        BOTH(view->opens_next, "周一 9:00", "Monday 9:00");
}

static void closed(struct session_view *view, int service)
{
    hours(view, false);
    view->service_since_ms = view->wall_ms - 3600 * 1000;
    no_visit(view, service);
}

static void longest_hours(struct session_view *view, int service)
{
    longest(view);
    FILL(view->hours, "周一至周五 9:00–12:00、13:30–17:00，", "Monday to Friday 9:00–12:00, ");
    view->visit_service = (enum service)service;
}

static void rights_longest(struct session_view *view, int argument)
{
    longest_hours(view, argument);
    overlay(view, OVERLAY_RIGHTS);
}

static void last_seconds(struct session_view *view, int seconds)
{
    view->card_left = true;
    view->seconds_left = seconds;
}

static enum view_until until_of(enum service service)
{
    if (service == SERVICE_OFFERED)
        return UNTIL_NOW;
    if (service == SERVICE_STARTING)
        return UNTIL_SOON;
    if (service == SERVICE_DAY_LIMIT)
        return UNTIL_TOMORROW;
    return service == SERVICE_NUMBERS || service == SERVICE_OFFLINE_LIMIT ||
                   service == SERVICE_BUREAU
               ? UNTIL_NETWORK
               : UNTIL_STAFF;
}

/* What follows from the rest, as the session has it. */
static void complete(struct session_view *view)
{
    const bool visit = view->visit_service == SERVICE_OFFERED;
    const enum service services[OFFERS] = {
        [OFFER_VISIT] = view->visit_service,
        [OFFER_REGISTRATION] = visit ? view->registration_service : view->visit_service,
        [OFFER_CASH] = visit ? view->cash_service : view->visit_service,
        [OFFER_INQUIRIES] = view->bureau_reachable ? SERVICE_OFFERED : SERVICE_BUREAU,
    };
    for (int i = 0; i < CARD_ITEMS; i++)
        view->card_fields[i] = (struct view_card_field){
            (enum view_card_item)i, i != CARD_ITEM_PHOTO && i != CARD_ITEM_NATION,
            i == CARD_ITEM_PHOTO                                                     ? KEEP_NOT
            : i == CARD_ITEM_NAME || i == CARD_ITEM_NUMBER || i == CARD_ITEM_ADDRESS ? KEEP_SEALED
                                                                                     : KEEP_VISIT
        };
    complete_plan(view);
    view->service_count = OFFERS;
    for (int i = 0; i < OFFERS; i++)
        view->services[i] = (struct view_service){ .what = (enum view_offer)i,
                                                   .service = services[i],
                                                   .warning = view->services[i].warning,
                                                   .until = until_of(services[i]) };
    if (view->monthly_total_fen > 0)
        view->money_inside_months = (int)(view->money_inside_fen / view->monthly_total_fen);
    view->money_inside_over_fen =
        view->money_inside_fen - view->money_inside_months * view->monthly_total_fen;
}

static void inquiry(struct session_view *view, int flags)
{
    if (flags & INQUIRY_FULL)
        longest(view);
    variant_inquiry(view, flags);
}

static void refusal_more_time(struct session_view *view, int argument)
{
    variant_refusal(view, VARIANT_REFUSAL(REFUSAL_EMPLOYED, REFUSED_BY_BUREAU));
    more_time(view, argument);
}

static void inquiry_more_time(struct session_view *view, int argument)
{
    variant_inquiry(view, INQUIRY_TYPICAL);
    more_time(view, argument);
}

static void learn(struct session_view *view, int flags)
{
    if (flags & LEARN_FULL)
        longest(view);
    variant_learn(view, flags);
}

static void learn_hours(struct session_view *view, int flags)
{
    hours(view, true);
    variant_learn(view, flags);
}

static void learn_more_time(struct session_view *view, int argument)
{
    variant_learn(view, LEARN_TYPICAL);
    more_time(view, argument);
}

static void figure(struct session_view *view, int argument)
{
    if (view->step != STEP_OWED)
        variant_learn(view, LEARN_TYPICAL);
    variant_figure(view, argument);
}

static void figure_gone(struct session_view *view, int argument)
{
    variant_figure(view, argument);
    view->learn.explained.is_on = false;
}

static void figure_longest(struct session_view *view, int argument)
{
    longest(view);
    variant_figure(view, argument);
    struct view_explained *explained = &view->learn.explained;
    for (int i = 0; i < explained->source_count; i++) {
        struct view_source *source = &explained->sources[i];
        fill(source->number, sizeof source->number, "临人社规〔2026〕12号、");
        fill(source->place, sizeof source->place, "rsj.example.gov.cn ");
    }
    FILL(view->learn.standards[0].basis, "自愿参加，由个人缴费。", "Voluntary; you pay it. ");
}

static const struct entry ENTRIES[] = {
    { "home.typical", STEP_HOME, none, 0 },
    { "home.longest", STEP_HOME, make_longest, 0 },
    { "home.no-paper", STEP_HOME, no_cash, SERVICE_PAPER_OUT },
    { "home.interrupted", STEP_HOME, interrupted, 0 },
    { "home.worst", STEP_HOME, interrupted, 1 },
    { "home.slip-waits", STEP_HOME, slip_waits, 0 },
    { "home.claim-waits", STEP_HOME, slip_waits, 1 },
    { "home.no-acceptor", STEP_HOME, no_cash, SERVICE_NO_ACCEPTOR },
    { "home.box-full", STEP_HOME, no_cash, SERVICE_BOX_FULL },
    { "home.box-out", STEP_HOME, no_cash, SERVICE_BOX_OUT },
    { "home.jam", STEP_HOME, no_cash, SERVICE_ACCEPTOR_JAM },
    { "home.no-printer", STEP_HOME, no_cash, SERVICE_NO_PRINTER },
    { "home.cover", STEP_HOME, no_cash, SERVICE_PRINTER_COVER },
    { "home.offline", STEP_HOME, no_cash, SERVICE_OFFLINE_LIMIT },
    { "home.box-limit", STEP_HOME, no_cash, SERVICE_BOX_LIMIT },
    { "home.day-limit", STEP_HOME, no_cash, SERVICE_DAY_LIMIT },
    { "home.box-fills", STEP_HOME, box_fills, 0 },
    { "home.journal", STEP_HOME, no_cash, SERVICE_JOURNAL },
    { "home.policy", STEP_HOME, no_cash, SERVICE_POLICY },
    { "home.starting", STEP_HOME, no_cash, SERVICE_STARTING },
    { "home.hours", STEP_HOME, hours, true },
    { "home.hours-longest", STEP_HOME, longest_hours, 0 },
    { "outage.hours-longest", STEP_OUT_OF_SERVICE, longest_hours, SERVICE_JOURNAL },
    { "home.closed", STEP_HOME, hours, false },
    { "home.modes", STEP_HOME, overlay, OVERLAY_MODES },
    { "outage.no-reader", STEP_OUT_OF_SERVICE, no_visit, SERVICE_NO_READER },
    { "outage.no-acceptor", STEP_OUT_OF_SERVICE, no_visit, SERVICE_NO_ACCEPTOR },
    { "outage.box-full", STEP_OUT_OF_SERVICE, no_visit, SERVICE_BOX_FULL },
    { "outage.box-out", STEP_OUT_OF_SERVICE, no_visit, SERVICE_BOX_OUT },
    { "outage.jam", STEP_OUT_OF_SERVICE, no_visit, SERVICE_ACCEPTOR_JAM },
    { "outage.no-printer", STEP_OUT_OF_SERVICE, no_visit, SERVICE_NO_PRINTER },
    { "outage.cover", STEP_OUT_OF_SERVICE, no_visit, SERVICE_PRINTER_COVER },
    { "outage.offline", STEP_OUT_OF_SERVICE, no_visit, SERVICE_OFFLINE_LIMIT },
    { "outage.paper-out", STEP_OUT_OF_SERVICE, no_visit, SERVICE_PAPER_OUT },
    { "outage.journal", STEP_OUT_OF_SERVICE, bare_outage, SERVICE_JOURNAL },
    { "outage.policy", STEP_OUT_OF_SERVICE, no_visit, SERVICE_POLICY },
    { "outage.numbers", STEP_OUT_OF_SERVICE, no_visit, SERVICE_NUMBERS },
    { "outage.starting", STEP_OUT_OF_SERVICE, no_visit, SERVICE_STARTING },
    { "outage.longest", STEP_OUT_OF_SERVICE, make_longest, 0 },
    { "outage.closed", STEP_OUT_OF_SERVICE, closed, SERVICE_PAPER_OUT },
    { "outage.modes", STEP_OUT_OF_SERVICE, overlay, OVERLAY_MODES },
    { "rights.typical", STEP_RIGHTS, none, 0 },
    { "rights.longest", STEP_RIGHTS, make_longest, 0 },
    { "rights.no-cash", STEP_RIGHTS, no_cash, SERVICE_NUMBERS },
    { "rights.outage", STEP_RIGHTS, bare_outage, SERVICE_JOURNAL },
    { "rights.hours", STEP_RIGHTS, hours, true },
    { "rights.hours-longest", STEP_RIGHTS, longest_hours, 0 },
    { "identify.typical", STEP_IDENTIFY, none, 0 },
    { "identify.reading", STEP_IDENTIFY, reading, 0 },
    { "identify.longest", STEP_IDENTIFY, make_longest, 0 },
    { "identify.more-time", STEP_IDENTIFY, more_time, 0 },
    { "identify.privacy", STEP_IDENTIFY, overlay, OVERLAY_PRIVACY },
    { "identify.modes", STEP_IDENTIFY, overlay, OVERLAY_MODES },
    { "card.moved", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_MOVED },
    { "card.wrong-card", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_WRONG_CARD },
    { "card.bad-card", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_BAD_CARD },
    { "card.garbled", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_GARBLED },
    { "card.expired", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_EXPIRED },
    { "card.not-yet-valid", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_NOT_YET_VALID },
    { "card.number", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_NUMBER },
    { "card.kind", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_KIND },
    { "card.age", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_AGE },
    { "card.reader-lost", STEP_CARD_PROBLEM, problem, CARD_PROBLEM_READER_LOST },
    { "card.longest", STEP_CARD_PROBLEM, make_longest, 0 },
    { "card.more-time", STEP_CARD_PROBLEM, more_time, 0 },
    { "card.refused", STEP_CARD_PROBLEM, card_refused, CARD_PROBLEM_EXPIRED },
    { "card.refused-age", STEP_CARD_PROBLEM, card_refused, CARD_PROBLEM_AGE },
    { "refused.typical", STEP_REFUSED, variant_refusal,
      VARIANT_REFUSAL(REFUSAL_EMPLOYED, REFUSED_BY_BUREAU) },
    { "refused.card", STEP_REFUSED, variant_refusal,
      VARIANT_REFUSAL(REFUSAL_IDENTITY, REFUSED_BY_CARD) },
    { "refused.rule", STEP_REFUSED, variant_refusal,
      VARIANT_REFUSAL(REFUSAL_WINDOW, REFUSED_BY_RULE) },
    { "refused.later", STEP_REFUSED, variant_refusal,
      VARIANT_REFUSAL(REFUSAL_KNOWN, REFUSED_LATER) },
    { "refused.later-printed", STEP_REFUSED, variant_refusal,
      VARIANT_REFUSAL(REFUSAL_KNOWN, REFUSED_LATER) | VARIANT_IS_PRINTED },
    { "refused.unemployment", STEP_REFUSED, variant_refusal,
      VARIANT_REFUSAL(REFUSAL_UNEMPLOYMENT, REFUSED_BY_BUREAU) },
    { "refused.printing", STEP_REFUSED, variant_refusal,
      VARIANT_REFUSAL(REFUSAL_EMPLOYED, REFUSED_BY_BUREAU) | VARIANT_IS_PRINTING },
    { "refused.unprinted", STEP_REFUSED, variant_refusal,
      VARIANT_REFUSAL(REFUSAL_EMPLOYED, REFUSED_BY_BUREAU) | VARIANT_IS_UNPRINTED },
    { "refused.more-time", STEP_REFUSED, refusal_more_time, 0 },
    { "owed.typical", STEP_OWED, none, 0 },
    { "owed.known", STEP_OWED, known_person, 0 },
    { "owed.longest", STEP_OWED, make_longest, 0 },
    { "owed.none", STEP_OWED, none_chosen, 0 },
    { "owed.own-base", STEP_OWED, own_base, 0 },
    { "owed.four", STEP_OWED, four_insurances, 0 },
    { "owed.four-longest", STEP_OWED, four_insurances, 1 },
    { "owed.paid-one", STEP_OWED, paid_up, 1 },
    { "owed.all-paid", STEP_OWED, paid_up, 2 },
    { "owed.paid-ahead", STEP_OWED, paid_ahead, 0 },
    { "owed.paid-ahead-longest", STEP_OWED, paid_ahead, 1 },
    { "owed.no-registration", STEP_OWED, no_registration, 0 },
    { "owed.no-registration-longest", STEP_OWED, no_registration, 1 },
    { "owed.large-offered", STEP_OWED, larger_offered, 0 },
    { "owed.large-offered-longest", STEP_OWED, larger_offered, 1 },
    { "owed.modes", STEP_OWED, overlay, OVERLAY_MODES },
    { "owed.privacy", STEP_OWED, overlay, OVERLAY_PRIVACY },
    { "owed.more-time", STEP_OWED, more_time, 0 },
    { "owed.arrears", STEP_OWED, with_due_days, 0 },
    { "owed.arrears-longest", STEP_OWED, with_due_days, 1 },
    { "owed.difference", STEP_OWED, with_difference, 0 },
    { "owed.difference-longest", STEP_OWED, with_difference, 1 },
    { "owed.difference-only", STEP_OWED, difference_only, 0 },
    { "owed.here-only", STEP_OWED, here_only, 0 },
    { "owed.here-only-longest", STEP_OWED, here_only, 1 },
    { "owed.difference-here-only", STEP_OWED, difference_here_only, 1 },
    { "owed.tiers", STEP_OWED, with_tiers, 0 },
    { "owed.tiers-longest", STEP_OWED, with_tiers, 1 },
    { "choices.tiers", STEP_CHOICES, grades, 2 },
    { "choices.bases", STEP_CHOICES, grades, 12 },
    { "choices.longest", STEP_CHOICES, grades, VIEW_LIST_MAX },
    { "choices.more-time", STEP_CHOICES, grades_more_time, 0 },
    { "base.empty", STEP_BASE, none, 0 },
    { "base.typed", STEP_BASE, typed, 0 },
    { "base.refused", STEP_BASE, typed, 1 },
    { "base.longest", STEP_BASE, make_longest, 0 },
    { "base.more-time", STEP_BASE, more_time, 0 },
    { "checking.typical", STEP_CHECKING, none, 0 },
    { "checking.more-time", STEP_CHECKING, more_time, 0 },
    { "starts.typical", STEP_STARTS, variant_register, REGISTER_TYPICAL },
    { "starts.longest", STEP_STARTS, longest_starts, 0 },
    { "starts.more-time", STEP_STARTS, more_time, 0 },
    { "materials.typical", STEP_MATERIALS, variant_register, REGISTER_TYPICAL },
    { "materials.complete", STEP_MATERIALS, variant_register, REGISTER_COMPLETE },
    { "materials.longest", STEP_MATERIALS, variant_register, REGISTER_FULL },
    { "materials.more-time", STEP_MATERIALS, more_time, 0 },
    { "certificate.empty", STEP_CERTIFICATE, variant_register, REGISTER_TYPICAL },
    { "certificate.longest", STEP_CERTIFICATE, variant_register,
      REGISTER_COMPLETE | REGISTER_FULL },
    { "certificate.date", STEP_CERTIFICATE, variant_register, REGISTER_DATE },
    { "certificate.date-refused", STEP_CERTIFICATE, variant_register,
      REGISTER_DATE | REGISTER_WRONG },
    { "certificate.more-time", STEP_CERTIFICATE, more_time, 0 },
    { "phone.empty", STEP_PHONE, none, 0 },
    { "phone.typed", STEP_PHONE, typed, 0 },
    { "phone.refused", STEP_PHONE, typed, 1 },
    { "phone.longest", STEP_PHONE, make_longest, 0 },
    { "phone.more-time", STEP_PHONE, more_time, 0 },
    { "consent.typical", STEP_CONSENT, none, 0 },
    { "consent.agreed", STEP_CONSENT, agreed, 0 },
    { "consent.longest", STEP_CONSENT, agreed, 1 },
    { "signature.empty", STEP_SIGNATURE, variant_register, REGISTER_TYPICAL },
    { "signature.signed", STEP_SIGNATURE, variant_register, REGISTER_COMPLETE },
    { "signature.residence", STEP_SIGNATURE, variant_register, REGISTER_COMPLETE | REGISTER_FULL },
    { "signature.refused", STEP_SIGNATURE, no_registration, 0 },
    { "signature.refused-longest", STEP_SIGNATURE, no_registration, 1 },
    { "signature.more-time", STEP_SIGNATURE, more_time, 0 },
    { "consent.refused", STEP_CONSENT, no_registration, 0 },
    { "consent.refused-longest", STEP_CONSENT, no_registration, 1 },
    { "consent.privacy", STEP_CONSENT, overlay, OVERLAY_PRIVACY },
    { "consent.more-time", STEP_CONSENT, more_time, 0 },
    { "registered.typical", STEP_REGISTERED, variant_register, REGISTER_TYPICAL },
    { "registered.offline", STEP_REGISTERED, variant_register,
      REGISTER_OFFLINE | REGISTER_UNSIGNED },
    { "registered.again", STEP_REGISTERED, variant_register, REGISTER_AGAIN },
    { "registered.before", STEP_REGISTERED, variant_register, REGISTER_BEFORE },
    { "registered.longest", STEP_REGISTERED, make_longest, 0 },
    { "registered.more-time", STEP_REGISTERED, more_time, 0 },
    { "months.typical", STEP_MONTHS, none, 0 },
    { "months.longest", STEP_MONTHS, make_longest, 0 },
    { "months.two-at-least", STEP_MONTHS, paid_ahead, 0 },
    { "months.arrears", STEP_MONTHS, with_due_days, 0 },
    { "months.arrears-longest", STEP_MONTHS, with_due_days, 1 },
    { "months.difference", STEP_MONTHS, with_difference, 0 },
    { "months.more-time", STEP_MONTHS, more_time, 0 },
    { "method.typical", STEP_METHOD, none, 0 },
    { "method.longest", STEP_METHOD, four_insurances, 1 },
    { "method.broke-off", STEP_METHOD, broke_off, 0 },
    { "method.no-acceptor", STEP_METHOD, no_cash, SERVICE_NO_ACCEPTOR },
    { "method.box-full", STEP_METHOD, no_cash, SERVICE_BOX_FULL },
    { "method.box-out", STEP_METHOD, no_cash, SERVICE_BOX_OUT },
    { "method.jam", STEP_METHOD, no_cash, SERVICE_ACCEPTOR_JAM },
    { "method.no-printer", STEP_METHOD, no_cash, SERVICE_NO_PRINTER },
    { "method.paper-out", STEP_METHOD, no_cash, SERVICE_PAPER_OUT },
    { "method.cover", STEP_METHOD, no_cash, SERVICE_PRINTER_COVER },
    { "method.journal", STEP_METHOD, no_cash, SERVICE_JOURNAL },
    { "method.offline-limit", STEP_METHOD, no_cash, SERVICE_OFFLINE_LIMIT },
    { "method.box-limit", STEP_METHOD, no_cash, SERVICE_BOX_LIMIT },
    { "method.day-limit", STEP_METHOD, no_cash, SERVICE_DAY_LIMIT },
    { "method.visit-sum", STEP_METHOD, no_cash, SERVICE_VISIT_SUM },
    { "method.visit-notes", STEP_METHOD, no_cash, SERVICE_VISIT_NOTES },
    { "method.visit-sum-longest", STEP_METHOD, limit_longest, SERVICE_VISIT_SUM },
    { "method.exact-sum", STEP_METHOD, no_cash, SERVICE_EXACT_SUM },
    { "method.policy", STEP_METHOD, no_cash, SERVICE_POLICY },
    { "method.numbers", STEP_METHOD, no_cash, SERVICE_NUMBERS },
    { "method.starting", STEP_METHOD, no_cash, SERVICE_STARTING },
    { "method.bureau", STEP_METHOD, no_cash, SERVICE_BUREAU },
    { "method.more-time", STEP_METHOD, more_time, 0 },
    { "cash.first", STEP_CASH, first_note, 0 },
    { "cash.waiting", STEP_CASH, notice, CASH_NOTICE_NONE },
    { "cash.typical", STEP_CASH, notice, CASH_NOTICE_TAKEN },
    { "cash.reading", STEP_CASH, notice, CASH_NOTICE_READING },
    { "cash.returned", STEP_CASH, notice, CASH_NOTICE_RETURNED },
    { "cash.not-accepted", STEP_CASH, notice, CASH_NOTICE_NOT_ACCEPTED },
    { "cash.second-note", STEP_CASH, notice, CASH_NOTICE_SECOND_NOTE },
    { "cash.would-not-book", STEP_CASH, notice, CASH_NOTICE_WOULD_NOT_BOOK },
    { "cash.device-lost", STEP_CASH, notice, CASH_NOTICE_DEVICE_LOST },
    { "cash.note-unknown", STEP_CASH, notice, CASH_NOTICE_NOTE_UNKNOWN },
    { "cash.not-recorded", STEP_CASH, notice, CASH_NOTICE_NOT_RECORDED },
    { "cash.not-recorded-longest", STEP_CASH, longest_cash, CASH_NOTICE_NOT_RECORDED },
    { "cash.first-longest", STEP_CASH, first_longest, 0 },
    { "cash.too-large", STEP_CASH, notice, CASH_NOTICE_TOO_LARGE },
    { "cash.past-limit", STEP_CASH, notice, CASH_NOTICE_PAST_LIMIT },
    { "cash.past-limit-longest", STEP_CASH, longest_cash, CASH_NOTICE_PAST_LIMIT },
    { "cash.limit", STEP_CASH, notice, CASH_NOTICE_LIMIT },
    { "cash.enough", STEP_CASH, enough, 0 },
    { "cash.longest", STEP_CASH, longest_cash, CASH_NOTICE_NOTE_UNKNOWN },
    { "cash.more-time", STEP_CASH, more_time, 400000 },
    { "cash.more-time-empty", STEP_CASH, more_time, 0 },
    { "cash.rights", STEP_CASH, overlay, OVERLAY_RIGHTS },
    { "cash.rights-longest", STEP_CASH, rights_longest, 0 },
    { "cash.modes", STEP_CASH, overlay, OVERLAY_MODES },
    { "receipt.typical", STEP_RECEIPT, none, 0 },
    { "receipt.registered", STEP_RECEIPT, done_registered, 0 },
    { "receipt.longest", STEP_RECEIPT, make_longest, 0 },
    { "done.typical", STEP_DONE, done, 0 },
    { "done.partial-failed", STEP_DONE, done, 1 },
    { "done.partial-unknown", STEP_DONE, done, 2 },
    { "done.longest", STEP_DONE, done_longest, 0 },
    { "done.registered", STEP_DONE, done_registered, 0 },
    { "done.note-slip", STEP_DONE, note_unknown, 1 },
    { "done.note-no-slip", STEP_DONE, note_unknown, 0 },
    { "done.note-too", STEP_DONE, note_unknown_too, 0 },
    { "done.note-longest", STEP_DONE, note_unknown_too, 1 },
    { "done.not-closed", STEP_DONE, not_closed, 0 },
    { "done.not-closed-longest", STEP_DONE, not_closed, 1 },
    { "done.note-unrecorded", STEP_DONE, note_unrecorded, 0 },
    { "done.note-unrecorded-longest", STEP_DONE, note_unrecorded, 1 },
    { "done.next-due", STEP_DONE, next_due, 20270225 },
    { "done.next-late", STEP_DONE, next_due, 0 },
    { "done.more-time", STEP_DONE, more_time, 0 },
    { "done.last-seconds", STEP_DONE, last_seconds, 5 },
    { "done.modes", STEP_DONE, overlay, OVERLAY_MODES },
    { "goodbye.typical", STEP_GOODBYE, none, 0 },
    { "goodbye.card-left", STEP_GOODBYE, card_left, 0 },
    { "goodbye.longest", STEP_GOODBYE, make_longest, 0 },
    { "identify.inquiry", STEP_IDENTIFY, inquiry, INQUIRY_NOBODY },
    { "identify.inquiry-longest", STEP_IDENTIFY, inquiry, INQUIRY_NOBODY | INQUIRY_FULL },
    { "asking.typical", STEP_ASKING, inquiry, INQUIRY_NOBODY },
    { "asking.more-time", STEP_ASKING, inquiry_more_time, 0 },
    { "inquiry.typical", STEP_INQUIRY, inquiry, INQUIRY_TYPICAL },
    { "inquiry.offline", STEP_INQUIRY, inquiry, INQUIRY_OFFLINE },
    { "inquiry.longest", STEP_INQUIRY, inquiry, INQUIRY_FULL },
    { "inquiry.printed", STEP_INQUIRY, inquiry, INQUIRY_PRINTED },
    { "inquiry.unprinted", STEP_INQUIRY, inquiry, INQUIRY_UNPRINTED | INQUIRY_OFFLINE },
    { "inquiry.nobody", STEP_INQUIRY, inquiry, INQUIRY_NOBODY },
    { "inquiry.nobody-here", STEP_INQUIRY, inquiry, INQUIRY_NOBODY | INQUIRY_OFFLINE },
    { "inquiry.unread", STEP_INQUIRY, inquiry, INQUIRY_NOBODY | INQUIRY_UNREAD },
    { "inquiry.more-time", STEP_INQUIRY, inquiry_more_time, 0 },
    { "list.typical", STEP_LIST, inquiry, INQUIRY_TYPICAL },
    { "list.longest", STEP_LIST, inquiry, INQUIRY_FULL },
    { "list.more-time", STEP_LIST, inquiry_more_time, 0 },
    { "where.typical", STEP_WHERE, inquiry, INQUIRY_TYPICAL },
    { "where.offline", STEP_WHERE, inquiry, INQUIRY_OFFLINE },
    { "where.set-aside", STEP_WHERE, inquiry, INQUIRY_ASIDE },
    { "where.printed", STEP_WHERE, inquiry, INQUIRY_PRINTED },
    { "where.no-more", STEP_WHERE, inquiry, INQUIRY_UNPRINTED },
    { "where.longest", STEP_WHERE, inquiry, INQUIRY_FULL | INQUIRY_ASIDE },
    { "where.more-time", STEP_WHERE, inquiry_more_time, 0 },
    { "number.empty", STEP_NUMBER, inquiry, INQUIRY_NOBODY },
    { "number.typed", STEP_NUMBER, inquiry, INQUIRY_NOBODY | INQUIRY_TYPED },
    { "number.refused", STEP_NUMBER, inquiry, INQUIRY_NOBODY | INQUIRY_REFUSED },
    { "number.more-time", STEP_NUMBER, inquiry_more_time, 0 },
    { "found.typical", STEP_FOUND, inquiry, INQUIRY_NUMBER_ONLY },
    { "found.sum", STEP_FOUND, inquiry, INQUIRY_TYPICAL },
    { "found.set-aside", STEP_FOUND, inquiry, INQUIRY_ASIDE },
    { "found.offline", STEP_FOUND, inquiry, INQUIRY_OFFLINE | INQUIRY_NUMBER_ONLY },
    { "found.nothing", STEP_FOUND, inquiry, INQUIRY_NOBODY },
    { "found.nothing-here", STEP_FOUND, inquiry, INQUIRY_NOBODY | INQUIRY_OFFLINE },
    { "found.more-time", STEP_FOUND, inquiry_more_time, 0 },
    { "printing.typical", STEP_PRINTING, inquiry, INQUIRY_NOBODY },
    { "printing.plan", STEP_PRINTING, learn, LEARN_TYPICAL },
    { "learn.typical", STEP_LEARN, learn, LEARN_TYPICAL },
    { "learn.more-time", STEP_LEARN, learn_more_time, 0 },
    { "standards.typical", STEP_STANDARDS, learn, LEARN_TYPICAL },
    { "standards.pending", STEP_STANDARDS, learn, LEARN_PENDING },
    { "standards.lists", STEP_STANDARDS, learn, LEARN_LISTS },
    { "standards.longest", STEP_STANDARDS, learn, LEARN_FULL },
    { "standards.more-time", STEP_STANDARDS, learn_more_time, 0 },
    { "times.typical", STEP_TIMES, learn, LEARN_TYPICAL },
    { "times.no-rule", STEP_TIMES, learn, LEARN_NO_RULE },
    { "times.longest", STEP_TIMES, learn, LEARN_FULL | LEARN_TWO },
    { "times.more-time", STEP_TIMES, learn_more_time, 0 },
    { "individual.typical", STEP_INDIVIDUAL, learn, LEARN_TYPICAL },
    { "individual.longest", STEP_INDIVIDUAL, learn, LEARN_FULL },
    { "individual.more-time", STEP_INDIVIDUAL, learn_more_time, 0 },
    { "law.typical", STEP_LAW, learn, LEARN_TYPICAL },
    { "law.more-time", STEP_LAW, learn_more_time, 0 },
    { "calculator.typical", STEP_CALCULATOR, learn, LEARN_TYPICAL },
    { "calculator.pending", STEP_CALCULATOR, learn, LEARN_PENDING },
    { "calculator.lists", STEP_CALCULATOR, learn, LEARN_LISTS },
    { "calculator.longest", STEP_CALCULATOR, learn, LEARN_FULL },
    { "calculator.more-time", STEP_CALCULATOR, learn_more_time, 0 },
    { "base.calculator", STEP_BASE, learn, LEARN_TYPICAL },
    { "grades.typical", STEP_GRADES, learn, LEARN_LISTS },
    { "grades.longest", STEP_GRADES, learn, LEARN_LISTS | LEARN_FULL },
    { "grades.tiers", STEP_GRADES, learn, LEARN_LISTS | LEARN_PENDING },
    { "grades.more-time", STEP_GRADES, learn_more_time, 0 },
    { "leaving.typical", STEP_LEAVING, learn, LEARN_TYPICAL },
    { "leaving.more-time", STEP_LEAVING, learn_more_time, 0 },
    { "plan.no-gap", STEP_PLAN, learn, LEARN_TYPICAL },
    { "plan.gap", STEP_PLAN, learn, LEARN_GAP },
    { "plan.no-rule", STEP_PLAN, learn, LEARN_GAP | LEARN_NO_RULE },
    { "plan.printed", STEP_PLAN, learn, LEARN_GAP | LEARN_PRINTED },
    { "plan.unprinted", STEP_PLAN, learn, LEARN_UNPRINTED },
    { "plan.hours", STEP_PLAN, learn_hours, LEARN_GAP },
    { "plan.longest", STEP_PLAN, learn, LEARN_FULL | LEARN_GAP },
    { "plan.more-time", STEP_PLAN, learn_more_time, 0 },
    { "standards.figure-amount", STEP_STANDARDS, figure, FIGURE_AMOUNT },
    { "standards.figure-limits", STEP_STANDARDS, figure, FIGURE_LIMITS },
    { "standards.figure-rate", STEP_STANDARDS, figure, FIGURE_RATE },
    { "standards.figure-account", STEP_STANDARDS, figure, FIGURE_ACCOUNT },
    { "standards.figure-sum", STEP_STANDARDS, figure, FIGURE_SUM },
    { "standards.figure-list", STEP_STANDARDS, figure, FIGURE_LIST },
    { "times.figure-pay", STEP_TIMES, figure, FIGURE_PAY },
    { "times.figure-due", STEP_TIMES, figure, FIGURE_DUE },
    { "times.figure-back", STEP_TIMES, figure, FIGURE_BACK },
    { "times.figure-retro", STEP_TIMES, figure, FIGURE_RETRO },
    { "times.figure-surcharge", STEP_TIMES, figure, FIGURE_SURCHARGE },
    { "times.figure-wait", STEP_TIMES, figure, FIGURE_WAIT },
    { "times.figure-age", STEP_TIMES, figure, FIGURE_AGE },
    { "owed.figure", STEP_OWED, figure, FIGURE_AMOUNT },
    { "owed.figure-longest", STEP_OWED, figure_longest, FIGURE_AMOUNT },
    { "owed.figure-gone", STEP_OWED, figure_gone, FIGURE_RATE },
};

int variant_count(void)
{
    return (int)ARRAY_SIZE(ENTRIES) + kit_count();
}

static void get_kit_page(const struct kit_page *page, struct variant *out)
{
    out->name = page->name;
    out->build = page->build;
    out->view = typical(STEP_CONSENT);
    if (page->change)
        page->change(&out->view);
    complete(&out->view);
}

void variant_get(int index, struct variant *out)
{
    CHECK(index >= 0 && index < variant_count());
    if (index >= (int)ARRAY_SIZE(ENTRIES)) {
        get_kit_page(kit_at(index - (int)ARRAY_SIZE(ENTRIES)), out);
        return;
    }
    const struct entry *entry = &ENTRIES[index];
    out->name = entry->name;
    out->build = NULL;
    out->view = typical(entry->step);
    entry->change(&out->view, entry->argument);
    complete(&out->view);
}

void variant_build(scene_build_function *build, const struct session_view *view,
                   const struct scene_panel *panel, struct ui_tree *tree)
{
    if (build)
        scene_build_page(build, view, panel, tree);
    else
        scene_build(view, panel, tree);
}
