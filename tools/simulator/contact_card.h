/*
 * A contact card: its answer to reset, its files, and both protocols from the card's side. Social
 * security cards of three generations, a bank card, a locked one, and a SAM for the second slot.
 *
 * Not modelled: the PIN (whoever sends it makes a protocol error), writing, INTERNAL AUTHENTICATE,
 * the real keys: the proof of a third-generation card is CONTACT_CARD_KEY over its last two random
 * numbers, which only this model and the tests know.
 */
#pragma once
#include "tools/simulator/citizens.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTACT_CARD_ANSWER_MAX 258
#define CONTACT_CARD_BLOCK_MAX 259
#define CONTACT_CARD_RANDOM_SIZE 8
#define CONTACT_CARD_PROOF_SIZE 16

extern const uint8_t CONTACT_CARD_KEY[CONTACT_CARD_PROOF_SIZE];

struct contact_card_kind {
    const char *id; /* "sb-01", the word of the control socket */
    const char *label;
    const char *citizen; /* whose it is; NULL: no social security application */
    int generation;
    bool speaks_t1, knows_tags, is_locked, is_sam;
    const char *name; /* other than the citizen's own; NULL: that */
    const char *issued, *valid_to;
};

extern const struct contact_card_kind CONTACT_CARDS[];
extern const size_t CONTACT_CARD_COUNT;

/* NULL if there is none. */
const struct contact_card_kind *contact_card_find(const char *id);

struct contact_card {
    const struct contact_card_kind *kind; /* NULL: the slot is empty */
    bool powered;
    bool spoils_next; /* once: the next block of T=1 has a wrong check byte */
    bool waits_next;  /* once: it asks for time before the next answer (T=1) */

    bool selected, authenticated;
    int file, tries_left;
    uint32_t random_state;
    uint8_t randoms[2][CONTACT_CARD_RANDOM_SIZE]; /* the last two */
    uint8_t pending[CONTACT_CARD_ANSWER_MAX];     /* T=0: waits for GET RESPONSE */
    size_t pending_size;

    /* T=1 */
    bool wants_number, sends_number;
    size_t ifsd, piece;
    uint8_t command[512], answer[CONTACT_CARD_ANSWER_MAX];
    size_t command_size, answer_size, answer_offset;
    uint8_t last[CONTACT_CARD_BLOCK_MAX];
    size_t last_size;

    int errors; /* what the host did wrong */
};

/* Gives it power; returns the size of its answer to reset. */
size_t contact_card_reset(struct contact_card *card, uint8_t atr[33]);
void contact_card_power_off(struct contact_card *card);

/* One T=0 exchange, P3 included. Returns the size of the answer. */
size_t contact_card_take_tpdu(struct contact_card *card, const uint8_t *data, size_t size,
                              uint8_t out[CONTACT_CARD_ANSWER_MAX]);
/* One block of T=1; 0: the card is silent. */
size_t contact_card_take_block(struct contact_card *card, const uint8_t *data, size_t size,
                               uint8_t out[CONTACT_CARD_BLOCK_MAX]);
/* A whole command, as a reader that does the protocol itself would carry it through. */
size_t contact_card_take_apdu(struct contact_card *card, const uint8_t *data, size_t size,
                              uint8_t out[CONTACT_CARD_ANSWER_MAX]);

/* What the holder of the key would present. */
void contact_card_prove(const uint8_t *last_two_randoms, uint8_t out[CONTACT_CARD_PROOF_SIZE]);
