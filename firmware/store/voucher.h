/*
 * The number of a slip: region(6) device(6) date(8) serial(6) check(1), 27 digits; policy.md of the
 * trade calls it the kiosk's own serial. Kiosk and bureau share this one reading of it.
 *
 * check is the Luhn digit (ISO/IEC 7812-1 annex B) over the 26 before it: every single wrong digit
 * and nearly every swap of two neighbours is seen.
 *
 * serial counts the kiosk's slips without a gap, over midnight and years; after 999999 comes
 * 000000, and the date tells the two apart. A number is used up by the journal entry that names it
 * and by nothing else (journal_peek_voucher), so there is none that nobody can account for.
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stdint.h>

#define VOUCHER_SIZE 40
#define VOUCHER_DIGITS 27
#define VOUCHER_REGION_SIZE 7
#define VOUCHER_DEVICE_SIZE 7
#define VOUCHER_SERIALS 1000000

/* Requires: region and device are six digits each, the date is one, serial >= 0. */
void voucher_format(const char *region, const char *device, int32_t date_yyyymmdd, int64_t serial,
                    char out[VOUCHER_SIZE]);
bool voucher_is_valid(const char *voucher);

/* All require: voucher_is_valid. */
bool voucher_is_of_kiosk(const char *voucher, const char *kiosk);
void voucher_read_region(const char *voucher, char out[VOUCHER_REGION_SIZE]);
void voucher_read_device(const char *voucher, char out[VOUCHER_DEVICE_SIZE]);
int64_t voucher_serial(const char *voucher);

/* 1 after none (last_serial < 0). */
int64_t voucher_next_serial(int64_t last_serial);
