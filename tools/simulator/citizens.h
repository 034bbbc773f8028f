/*
 * The invented people whose cards the virtual reader knows. Their region codes exist in a province
 * but name no county, so that no real number can be among them.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CITIZEN_TEXT_SIZE 256
#define CITIZEN_PHOTO_SIZE 1024
#define CITIZEN_ADDRESS_SIZE 70

struct citizen {
    const char *id;    /* "id-01", the word of the control socket */
    const char *label; /* why this card exists, for people */
    const char *label_zh;
    const char *name;
    const char *sex; /* one digit, GB/T 2261.1 */
    const char *nation;
    const char *birth;
    const char *address;
    const char *number;
    const char *authority;
    const char *valid_from, *valid_to;
    const char *appended_address; /* NULL: none on the card */
    char type;                    /* ' ' resident, 'J' Hong Kong, Macao and Taiwan permit */
    const char *permit;           /* type J: travel permit number */
    const char *issue_count;      /* type J: two digits */
};

extern const struct citizen CITIZENS[];
extern const size_t CITIZEN_COUNT;

/* NULL if there is none. */
const struct citizen *citizen_find(const char *id);

/* The 256 bytes of the card's text file (GA/T 490): UCS-2LE, padded with spaces. */
void citizen_encode_text(const struct citizen *citizen, uint8_t out[CITIZEN_TEXT_SIZE]);

/* 70 bytes; false if the card carries no appended address. */
bool citizen_encode_appended_address(const struct citizen *citizen,
                                     uint8_t out[CITIZEN_ADDRESS_SIZE]);

/* Opaque bytes in place of the compressed photo, different for each card. */
void citizen_encode_photo(const struct citizen *citizen, uint8_t out[CITIZEN_PHOTO_SIZE]);
