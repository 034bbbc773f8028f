#include "variants_learn.h"

#include <stdio.h>
#include <string.h>

#define COPY(out, text) snprintf((out), sizeof(out), "%s", (text))
#define NOVEMBER month_of(2026, 11)

static const char *const NAMES[VIEW_STANDARDS_MAX][2] = {
    { "职工基本养老保险", "Employee pension insurance" },
    { "职工基本医疗保险", "Employee medical insurance" },
    { "失业保险", "Unemployment insurance" },
    { "大额医疗补助", "Large-sum medical aid" },
    { "城乡居民基本医疗保险", "Resident medical insurance" },
    { "城乡居民基本养老保险", "Resident pension insurance" },
};

static void standard(struct view_standard *out, int index, int flags)
{
    const bool full = flags & LEARN_FULL;
    *out = (struct view_standard){
        .is_known = !(flags & LEARN_PENDING) || index != 1,
        .is_rate = index < 3,
        .follows = index == 1,
        .least_fen = full ? 754620 : 150920,
        .most_fen = full ? 754620 * 5 : 754620,
        .floor_fen = index < 3 ? 754600 : 0,
        .ceiling_fen = index < 3 ? 3773100 : 0,
        .rate = index == 0   ? 200000
                : index == 1 ? 85000
                             : 10000,
        .account_rate = index == 0 ? 80000 : 0,
        .choice = index == 0 ? CHOICE_FREE : CHOICE_NONE,
        .pays = full ? VIEW_PAYS(1) | VIEW_PAYS(3) | VIEW_PAYS(6) | VIEW_PAYS(12) : VIEW_PAYS(1),
        .pays_ahead = full,
        .back = full         ? BACK_MONTHS
                : index == 0 ? BACK_NONE
                             : BACK_YEAR,
        .back_months = 24,
        .retro = full ? RETRO_FLOOR_ONLY : RETRO_UNSET,
        .surcharge = full ? 500 : 0,
        .due_day = flags & LEARN_NO_RULE ? 0 : 25,
        .wait_months = index == 1 && !(flags & LEARN_NO_RULE) ? 6 : 0,
        .wait_gap_months = index == 1 && !(flags & LEARN_NO_RULE) ? 3 : 0,
        .age_min = full ? 16 : 0,
        .age_max_male = full ? 60 : 0,
        .age_max_female = full ? 55 : 0,
    };
    COPY(out->name[LANGUAGE_ZH], NAMES[index][0]);
    COPY(out->name[LANGUAGE_EN], NAMES[index][1]);
    COPY(out->basis[LANGUAGE_ZH],
         "自愿参加，由个人缴费（社会保险法第十条第二款）；可以直接缴费（第六十条第二款）。");
    COPY(out->basis[LANGUAGE_EN], "Voluntary, you pay it yourself (Social Insurance Law, art. "
                                  "10(2)) and may pay directly (art. 60(2)).");
    if (!(flags & LEARN_LISTS))
        return;
    static const enum view_choice CHOICES[] = { CHOICE_GRADES, CHOICE_PERCENT, CHOICE_TIERS };
    out->choice = CHOICES[index % 3];
    out->is_rate = out->choice != CHOICE_TIERS;
    out->is_yearly = !out->is_rate;
    out->follows = false;
    out->average_fen = out->choice == CHOICE_PERCENT ? 815725 : 0;
    out->pick_count = 12;
    out->floor_fen = out->is_rate ? out->floor_fen : 0;
}

static void calculation(const struct view_standard *standard, struct view_calculation *out,
                        int flags)
{
    static const int MONTHS[PERIODS] = { 1, 3, 12 };
    *out = (struct view_calculation){ 0 };
    if (flags & LEARN_LISTS) {
        out->pick = 3;
        out->pick_fen = 700000;
        out->pick_percent = standard->choice == CHOICE_PERCENT ? 800000 : 0;
    }
    for (int period = 0; period < PERIODS; period++) {
        const bool is_short = standard->is_yearly && period != PERIOD_YEAR;
        const bool is_open = !standard->is_known || ((flags & LEARN_PENDING) && period > 0);
        out->costs[period] = (struct view_cost){
            .is_known = !is_short && !is_open,
            .amount_fen = is_short || is_open ? 0 : standard->least_fen * MONTHS[period],
            .unknown = is_open ? month_of(2027, 1) : 0,
        };
    }
}

static void list(struct view_learn *out, int flags)
{
    const bool full = flags & LEARN_FULL;
    out->pick_count = full ? VIEW_PICKS_MAX : 12;
    for (int i = 0; i < out->pick_count; i++) {
        out->picks_fen[i] = 495200 + (full ? 12345678 : 100000) * (int64_t)i;
        out->picks_percent[i] =
            out->standards[out->picking].choice == CHOICE_PERCENT ? 600000 + 100000 * i : 0;
    }
}

static void leaving(struct view_leaving *out, int index, int flags)
{
    const bool gap = flags & LEARN_GAP;
    const bool no_rule = flags & LEARN_NO_RULE;
    static const enum view_back_cost COSTS[] = { BACK_COST_REFUSED, BACK_COST_SUM,
                                                 BACK_COST_PENDING, BACK_COST_WINDOW };
    *out = (struct view_leaving){
        .is_medical = index == 1,
        .wait = !gap         ? WAIT_NONE
                : no_rule    ? WAIT_NOT_STATED
                : index == 1 ? WAIT_MONTHS
                             : WAIT_NONE,
        .wait_months = 6,
        .no_gap = { gap ? month_of(2026, 7) : NOVEMBER, gap ? 31 : 30, false, gap },
        .no_wait = { no_rule || index != 1 ? 0
                     : gap                 ? month_of(2026, 9)
                                           : month_of(2027, 1),
                     gap ? 30 : 31, false, gap },
        .due_first = NOVEMBER,
        .due_months = index == 2 ? 3 : 1,
        .due_day = no_rule ? 0 : 25,
        .is_late = gap,
        .cost = gap ? COSTS[index % 4] : BACK_COST_NOTHING,
        .back_first = month_of(2026, 8),
        .back_last = month_of(2026, 10),
        .amount_fen = 1131930,
        .refused_month = month_of(2026, 9),
    };
}

void variant_learn(struct session_view *view, int flags)
{
    struct view_learn *out = &view->learn;
    *out = (struct view_learn){
        .is_on = true,
        .month = NOVEMBER,
        .standard_count = flags & LEARN_TWO     ? 2
                          : flags & LEARN_FULL  ? VIEW_INSURANCES_MAX
                          : flags & LEARN_LISTS ? 3
                                                : 2,
        .has_base = !(flags & LEARN_LISTS),
        .base_fen = flags & LEARN_FULL ? 1234500 : 754600,
        .base_floor_fen = 754600,
        .base_ceiling_fen = 3773100,
        .picking = flags & LEARN_PENDING ? 2
                   : flags & LEARN_FULL  ? 1
                                         : 0,
        .leaving_year = 2026,
        .leaving_year_first = 2022,
        .leaving_year_last = 2026,
        .left = flags & LEARN_GAP ? month_of(2026, 6) : month_of(2026, 10),
        .missing = flags & LEARN_GAP ? 4 : 0,
        .first_missing = flags & LEARN_GAP ? month_of(2026, 7) : 0,
        .print = flags & LEARN_PRINTED     ? PRINT_DONE
                 : flags & LEARN_UNPRINTED ? PRINT_FAILED
                                           : PRINT_NOTHING,
    };
    if ((flags & LEARN_FULL) && (flags & LEARN_GAP)) {
        out->left = month_of(2022, 1);
        out->missing = 57;
        out->first_missing = month_of(2022, 2);
    }
    view->seconds_total = 60;
    view->seconds_left = 41;
    view->name_masked[0] = view->number_masked[0] = view->account_number[0] = '\0';
    for (int i = 0; i < out->standard_count; i++) {
        standard(&out->standards[i], i, flags);
        calculation(&out->standards[i], &out->calculations[i], flags);
        leaving(&out->leaving[out->leaving_count++], i, flags);
    }
    for (int period = 0; period < PERIODS; period++)
        out->totals[period] =
            (struct view_cost){ .is_known = !(flags & LEARN_PENDING) && !(flags & LEARN_LISTS),
                                .amount_fen = 226380 * (period == 0   ? 1
                                                        : period == 1 ? 3
                                                                      : 12) };
    list(out, flags);
}

static void source(struct view_explained *explained, enum view_figure figure, const char *number,
                   month_index since, month_index until)
{
    struct view_source *out = &explained->sources[explained->source_count++];
    *out = (struct view_source){ .figure = figure, .since = since, .until = until };
    COPY(out->number, number);
    COPY(out->date, "2026-08-24");
    COPY(out->place, "rsj.example.gov.cn");
}

/* Every second rule is one of which the policy names no document. */
void variant_figure(struct session_view *view, int figure)
{
    struct view_learn *learn = &view->learn;
    struct view_explained *out = &learn->explained;
    const bool on = learn->is_on;
    if (!on)
        variant_learn(view, LEARN_TYPICAL);
    learn->is_on = on;
    const int insurance = figure == FIGURE_WAIT || figure == FIGURE_SUM ? 1 : 0;
    view->overlay = OVERLAY_FIGURE;
    view->figure = VIEW_FIGURE(insurance, figure);
    *out = (struct view_explained){ .is_on = true,
                                    .insurance = insurance,
                                    .figure = (enum view_figure)figure,
                                    .month = NOVEMBER,
                                    .is_computed = figure == FIGURE_AMOUNT,
                                    .base_fen = 754600,
                                    .rate = 200000,
                                    .amount_fen = 150920,
                                    .account_fen = 60368,
                                    .rounds_to_fen = 1 };
    if (figure == FIGURE_SUM)
        learn->standards[1].is_rate = false;
    if (figure != FIGURE_AMOUNT) {
        const bool has_months = figure < FIGURE_PAY;
        source(out, (enum view_figure)figure, figure % 2 == 0 ? "临人社规〔2026〕12号" : "",
               has_months ? month_of(2026, 7) : 0, 0);
        return;
    }
    source(out, FIGURE_LIMITS, "临人社规〔2026〕12号", month_of(2026, 7), 0);
    source(out, FIGURE_RATE, "国发〔2005〕38号", month_of(2024, 3), month_of(2026, 12));
    source(out, FIGURE_ACCOUNT, "国发〔2005〕38号", month_of(2024, 3), 0);
}
