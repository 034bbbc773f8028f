#include "identity/identity.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"

static bool is_leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool identity_is_date(int32_t date)
{
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (year < 1800 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= DAYS[month - 1] + (month == 2 && is_leap_year(year));
}

/* GB/T 2260 provinces. County codes are abolished over the years and stay in numbers for life, so
 * only the province is held against a list. 83 is on Taiwan residents' permits only. */
static bool is_province(int prefix)
{
    static const int8_t PREFIXES[] = { 11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                       35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                       53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83 };
    for (size_t i = 0; i < sizeof PREFIXES; i++)
        if (PREFIXES[i] == prefix)
            return true;
    return false;
}

static int number_of(const char *digits, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (digits[i] - '0');
    return number;
}

/* GB 11643-1999, mod 11-2. */
static char check_character(const char *number)
{
    static const int WEIGHTS[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (number[i] - '0') * WEIGHTS[i];
    return "10X98765432"[sum % 11];
}

bool identity_number_is_valid(const char *number, int32_t today)
{
    if (strlen(number) != 18 || strspn(number, "0123456789") < 17)
        return false;
    int32_t birth = number_of(number + 6, 8);
    return is_province(number_of(number, 2)) && identity_is_date(birth) && birth <= today &&
           number[17] == check_character(number);
}

/* The card says sex and birth twice: in the number and in fields of their own. */
static bool number_agrees(const struct identity_card *card)
{
    const char *number = card->number;
    bool is_hmt = number_of(number, 2) >= 81;
    bool is_male = (number[16] - '0') % 2 == 1;
    if (number_of(number + 6, 8) != card->birth)
        return false;
    if ((card->sex == 1 && !is_male) || (card->sex == 2 && is_male))
        return false;
    return is_hmt == (card->kind == IDENTITY_HMT_PERMIT);
}

enum identity_verdict identity_check(const struct identity_card *card, int32_t today)
{
    /* Foreigners' cards need a passport beside them: the window's business. */
    if (card->kind == IDENTITY_FOREIGN_PR || card->kind == IDENTITY_FOREIGN_PR_2017)
        return IDENTITY_KIND_AT_WINDOW;
    if (!identity_number_is_valid(card->number, today) || !number_agrees(card))
        return IDENTITY_BAD_NUMBER;
    if (card->valid_to < today)
        return IDENTITY_EXPIRED;
    if (card->valid_from > today)
        return IDENTITY_NOT_YET_VALID;
    return IDENTITY_GOOD;
}

/* The number as it would be written today: 19 before the year, a check character behind. */
static void write_in_full(const char *number, char out[20])
{
    text_copy(out, 20, number);
    if (strlen(number) != 15)
        return;
    text_format(out, 20, "%.6s19%.9s", number, number + 6);
    out[17] = check_character(out);
    out[18] = '\0';
}

static bool is_between_names(uint32_t code)
{
    static const uint32_t SIGNS[] = { ' ',    '.',    0x00A0, 0x00B7, 0x2022,
                                      0x2027, 0x3000, 0x30FB, 0xFF0E };
    for (size_t i = 0; i < ARRAY_SIZE(SIGNS); i++)
        if (SIGNS[i] == code)
            return true;
    return false;
}

static uint32_t next_of_name(const char **cursor)
{
    uint32_t code = text_next(cursor);
    while (is_between_names(code))
        code = text_next(cursor);
    return code;
}

static bool names_agree(const char *one, const char *other)
{
    uint32_t code;
    do {
        code = next_of_name(&one);
        if (code != next_of_name(&other))
            return false;
    } while (code != 0);
    return true;
}

enum identity_social_verdict identity_compare_social_card(const struct social_card *social,
                                                          const struct identity_card *identity,
                                                          int32_t today)
{
    char number[20];
    write_in_full(social->number, number);
    bool is_good = identity_number_is_valid(number, today);
    bool is_same = strcmp(number, identity->number) == 0;
    bytes_wipe(number, sizeof number);
    if (!is_good)
        return IDENTITY_SOCIAL_BAD_NUMBER;
    if (!is_same)
        return IDENTITY_SOCIAL_OTHER_PERSON;
    if (!names_agree(social->name, identity->name))
        return IDENTITY_SOCIAL_OTHER_NAME;
    if (social->valid_to != 0 && social->valid_to < today)
        return IDENTITY_SOCIAL_EXPIRED;
    return social->issued > today ? IDENTITY_SOCIAL_NOT_YET_VALID : IDENTITY_SOCIAL_GOOD;
}

int identity_age(int32_t birth, int32_t today)
{
    return (today - birth) / 10000;
}

void identity_wipe(struct identity_card *card)
{
    bytes_wipe(card, sizeof *card);
}
