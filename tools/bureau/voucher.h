/*
 * The slip number a kiosk gives a payment, read by the bureau for itself: region(6) device(6)
 * date(8) serial(6) and the Luhn digit (ISO/IEC 7812-1 annex B).
 */
#pragma once
#include <stdbool.h>

#define VOUCHER_REGION_SIZE 7

/* All digits, of that length, and the last one is right. */
bool voucher_is_sound(const char *voucher);
/* Both require: voucher_is_sound. */
bool voucher_is_of_kiosk(const char *voucher, const char *kiosk);
void voucher_read_region(const char *voucher, char out[VOUCHER_REGION_SIZE]);
