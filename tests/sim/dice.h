/*
 * Every chance of a simulated world comes from one seed through here, so that the seed is the whole
 * story. splitmix64 (Steele, Lea, Flood 2014): a counter and a mixer, any seed will do.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_roll(struct dice *dice)
{
    uint64_t mixed = dice->state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

/* From least to most, both included. */
static inline int64_t dice_between(struct dice *dice, int64_t least, int64_t most)
{
    return least + (int64_t)(dice_roll(dice) % (uint64_t)(most - least + 1));
}

static inline bool dice_chance(struct dice *dice, int percent)
{
    return dice_between(dice, 0, 99) < percent;
}
