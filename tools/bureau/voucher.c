#include "tools/bureau/voucher.h"

#include <string.h>

#define REGION_DIGITS (VOUCHER_REGION_SIZE - 1)
#define DEVICE_DIGITS 6
#define DIGITS 27

bool voucher_is_sound(const char *voucher)
{
    if (strlen(voucher) != DIGITS || strspn(voucher, "0123456789") != DIGITS)
        return false;
    int sum = 0;
    for (int i = 0; i < DIGITS; i++) {
        int digit = voucher[i] - '0';
        bool doubled = (DIGITS - i) % 2 == 0;
        sum += doubled ? digit * 2 - (digit > 4 ? 9 : 0) : digit;
    }
    return sum % 10 == 0;
}

bool voucher_is_of_kiosk(const char *voucher, const char *kiosk)
{
    return strlen(kiosk) == DEVICE_DIGITS &&
           memcmp(voucher + REGION_DIGITS, kiosk, DEVICE_DIGITS) == 0;
}

void voucher_read_region(const char *voucher, char out[VOUCHER_REGION_SIZE])
{
    memcpy(out, voucher, REGION_DIGITS);
    out[REGION_DIGITS] = '\0';
}
