/*
 * Is this card good for a visit? Number, dates, kind and age against the wall clock.
 * Pure; source of the number and its check character: GB 11643.
 *
 * Of the region only the province is held against a list (GB/T 2260): county codes are abolished
 * over the years and stay in numbers for life, so an unknown county refuses nobody. An unknown
 * province does: no such card was ever issued.
 */
#pragma once
#include "drivers/id_reader/id_reader.h"
#include "drivers/social_card/social_card.h"

/* 18 characters, region prefix of a province, real birth date not after today, check character
 * (mod 11-2, upper-case X). today: YYYYMMDD. */
bool identity_number_is_valid(const char *number, int32_t today);

enum identity_verdict {
    IDENTITY_GOOD,
    IDENTITY_BAD_NUMBER, /* or it contradicts birth date or sex on the card */
    IDENTITY_EXPIRED,
    IDENTITY_NOT_YET_VALID,
    IDENTITY_KIND_AT_WINDOW, /* kinds this kiosk does not register */
};
enum identity_verdict identity_check(const struct identity_card *card, int32_t today);

/* Is the social security card good, and of the person whose ID card this is? The first that is
 * wrong. */
enum identity_social_verdict {
    IDENTITY_SOCIAL_GOOD,
    IDENTITY_SOCIAL_BAD_NUMBER,   /* its own number fails its check */
    IDENTITY_SOCIAL_OTHER_PERSON, /* a good number, but not that of the ID card */
    IDENTITY_SOCIAL_OTHER_NAME,   /* the number is the same, the name is not: renamed, or a rare
                                     character the older card could not hold: the window's business */
    IDENTITY_SOCIAL_EXPIRED,
    IDENTITY_SOCIAL_NOT_YET_VALID,
};

/*
 * Numbers agree also where the older card has 15 figures (GB 11643-1989). Names are compared
 * without the points and blanks between their parts, which each card writes its own way. A date the
 * card leaves open does not count against it.
 */
enum identity_social_verdict identity_compare_social_card(const struct social_card *social,
                                                          const struct identity_card *identity,
                                                          int32_t today);

/* A day of the calendar, YYYYMMDD, from 1800 on. */
bool identity_is_date(int32_t date);

/* Whole years on a day. */
int identity_age(int32_t birth, int32_t today);

void identity_wipe(struct identity_card *card);
