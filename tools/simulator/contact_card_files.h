/*
 * What stands in the files of a social security card: its records, made from a citizen.
 */
#pragma once
#include "tools/simulator/contact_card.h"

#define CONTACT_FILE_ISSUER 0xEF05
#define CONTACT_FILE_HOLDER 0xEF06

/* "T L V" of the record with this tag, or with this number in the layout of the card's generation.
 * 0: there is none. */
size_t contact_card_record(const struct contact_card_kind *kind, int file, uint8_t tag_or_number,
                           bool by_number, uint8_t out[64]);
