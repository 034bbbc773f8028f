/*
 * What the pages that explain may know: figures of a month, what they cost, what it means to have
 * left a job; part of session_view.h, which explains the rules. No page of these needs a card, and
 * nothing in here is anybody's.
 */
#pragma once
#include "base/month.h"
#include "session/inquiry_view.h"
#include <stdbool.h>
#include <stdint.h>

#define VIEW_STANDARDS_MAX 6 /* as many insurances as a policy may have */
#define VIEW_PICKS_MAX 40
#define VIEW_SOURCES_MAX 3
#define VIEW_MISSING_MAX 24

/* The pages of the menu. */
enum view_topic {
    TOPIC_STANDARDS,
    TOPIC_TIMES, /* methods, due dates, past months */
    TOPIC_INDIVIDUAL,
    TOPIC_LAW,
    TOPIC_CALCULATOR,
    TOPIC_LEAVING,
    TOPICS,
};

/* What can be touched to learn where it comes from. */
enum view_figure {
    FIGURE_AMOUNT, /* a month's premium: how it is made, and of what */
    FIGURE_LIMITS,
    FIGURE_RATE, /* or the parts it is made of */
    FIGURE_ACCOUNT,
    FIGURE_SUM,  /* fixed, or tiers */
    FIGURE_LIST, /* grades, or percentages of the average */
    FIGURE_PAY,
    FIGURE_DUE,
    FIGURE_BACK,
    FIGURE_RETRO,
    FIGURE_SURCHARGE,
    FIGURE_WAIT,
    FIGURE_AGE,
    FIGURES,
};
/* Argument of INTENT_FIGURE. */
#define VIEW_FIGURE(insurance, figure) ((insurance)*FIGURES + (int)(figure))

struct view_source {
    enum view_figure figure; /* what of the amount this is the source of */
    char number[96];         /* "": the policy names none */
    char date[12];
    char place[64];
    month_index since, until; /* 0: not a figure of months; until 0: open */
};

enum view_choice {
    CHOICE_NONE, /* one sum for all, or the base of another insurance */
    CHOICE_FREE,
    CHOICE_GRADES,
    CHOICE_PERCENT,
    CHOICE_TIERS,
};

/* How many months at a time; a set, in months, so that 3 is bit 3. */
#define VIEW_PAYS(months) (1u << (months))

enum view_back {
    BACK_NONE,
    BACK_YEAR,
    BACK_MONTHS,
};

enum view_retro {
    RETRO_UNSET,
    RETRO_NONE,
    RETRO_COLLECT,
    RETRO_FLOOR_ONLY,
    RETRO_NEXT_MONTH,
};

struct view_standard {
    char name[VIEW_LANGUAGES][64];
    char basis[VIEW_LANGUAGES][192];
    bool is_known;               /* figures of the month exist; else only the rules below hold */
    bool is_rate, is_yearly;     /* yearly: its sums are a year's */
    bool follows;                /* the base chosen for another insurance counts here */
    int64_t least_fen, most_fen; /* a month's premium, or a year's */
    int64_t floor_fen, ceiling_fen, average_fen; /* 0: none */
    int32_t rate, account_rate;                  /* millionths */
    enum view_choice choice;
    int pick_count;
    unsigned pays;
    bool pays_ahead; /* months to December in one go */
    enum view_back back;
    int back_months;
    enum view_retro retro;
    int32_t surcharge; /* millionths a day */
    int due_day;
    int wait_months, wait_gap_months, wait_break_months;
    int age_min, age_max_male, age_max_female;
};

/* The overlay of a figure. */
struct view_explained {
    bool is_on;
    int insurance; /* index into standards */
    enum view_figure figure;
    month_index month; /* whose figures these are */
    int area;          /* of the policy; where they hold */
    int source_count;
    struct view_source sources[VIEW_SOURCES_MAX];
    /* FIGURE_AMOUNT */
    bool is_computed;
    int64_t base_fen, amount_fen, account_fen;
    int32_t rate;
    bool rounds_up, rounds_down; /* else half up */
    int rounds_to_fen;           /* 1, 10, 100 */
};

enum view_period {
    PERIOD_MONTH,
    PERIOD_QUARTER,
    PERIOD_YEAR,
    PERIODS,
};

struct view_cost {
    bool is_known;
    int64_t amount_fen;
    month_index unknown; /* the first month without a figure; 0: sold by the year only */
};

struct view_calculation {
    int pick; /* of its list, from 1; 0: none, or there is no list */
    int64_t pick_fen;
    int32_t pick_percent; /* millionths; 0: not one of the average */
    struct view_cost costs[PERIODS];
};

enum view_wait {
    WAIT_NONE,
    WAIT_MONTHS,
    WAIT_NOT_STATED,
};

enum view_back_cost {
    BACK_COST_NOTHING,
    BACK_COST_SUM,
    BACK_COST_REFUSED,
    BACK_COST_PENDING,
    BACK_COST_WINDOW,
};

struct view_day {
    month_index month; /* 0: there is none */
    int day;
    bool is_fixed, is_over;
};

struct view_leaving {
    bool is_medical;
    enum view_wait wait;
    int wait_months, gap_months_max;
    struct view_day no_gap, no_wait;
    month_index due_first;
    int due_months, due_day;
    bool is_late;
    enum view_back_cost cost;
    month_index back_first, back_last;
    bool closes;
    int64_t amount_fen;
    month_index refused_month;
};

struct view_learn {
    bool is_on;
    month_index month; /* this one */
    int standard_count;
    struct view_standard standards[VIEW_STANDARDS_MAX];
    struct view_explained explained;

    /* calculator */
    bool has_base; /* one that may be chosen freely */
    int64_t base_fen, base_floor_fen, base_ceiling_fen;
    struct view_calculation calculations[VIEW_STANDARDS_MAX];
    struct view_cost totals[PERIODS]; /* known only if all are */
    int picking;                      /* the insurance whose list is shown */
    int pick_count;
    int64_t picks_fen[VIEW_PICKS_MAX];
    int32_t picks_percent[VIEW_PICKS_MAX];

    /* after leaving a job */
    int leaving_year, leaving_year_first, leaving_year_last;
    month_index left; /* the last insured month; 0: not chosen */
    int missing;
    month_index first_missing;
    int leaving_count;
    struct view_leaving leaving[VIEW_STANDARDS_MAX];
    enum view_print print;
};
