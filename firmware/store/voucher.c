#include "store/voucher.h"

#include "base/check.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

#define REGION_DIGITS 6
#define DEVICE_DIGITS 6
#define SERIAL_AT 20
#define SERIAL_DIGITS 6

static int luhn_sum(const char *digits, size_t count, bool double_last)
{
    int sum = 0;
    bool doubled = double_last;
    for (size_t i = count; i > 0; i--) {
        int digit = digits[i - 1] - '0';
        if (doubled)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
        doubled = !doubled;
    }
    return sum;
}

void voucher_format(const char *region, const char *device, int32_t date_yyyymmdd, int64_t serial,
                    char out[VOUCHER_SIZE])
{
    CHECK(strlen(region) == REGION_DIGITS && strlen(device) == DEVICE_DIGITS);
    CHECK(date_yyyymmdd > 0 && serial >= 0);
    bool whole = text_format(out, VOUCHER_SIZE, "%s%s%08d%06d", region, device, (int)date_yyyymmdd,
                             (int)(serial % VOUCHER_SERIALS));
    size_t count = VOUCHER_DIGITS - 1;
    CHECK(whole && strlen(out) == count && strspn(out, "0123456789") == count);
    out[count] = (char)('0' + (10 - luhn_sum(out, count, true) % 10) % 10);
    out[count + 1] = '\0';
}

bool voucher_is_valid(const char *voucher)
{
    if (strlen(voucher) != VOUCHER_DIGITS || strspn(voucher, "0123456789") != VOUCHER_DIGITS)
        return false;
    return luhn_sum(voucher, VOUCHER_DIGITS, false) % 10 == 0;
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

void voucher_read_device(const char *voucher, char out[VOUCHER_DEVICE_SIZE])
{
    memcpy(out, voucher + REGION_DIGITS, DEVICE_DIGITS);
    out[DEVICE_DIGITS] = '\0';
}

int64_t voucher_serial(const char *voucher)
{
    char digits[SERIAL_DIGITS + 1] = { 0 };
    memcpy(digits, voucher + SERIAL_AT, SERIAL_DIGITS);
    return strtoll(digits, NULL, 10);
}

int64_t voucher_next_serial(int64_t last_serial)
{
    return last_serial < 0 ? 1 : (last_serial + 1) % VOUCHER_SERIALS;
}
