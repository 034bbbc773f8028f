#include "inquiry/inquiry.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "store/statement.h"

#define HEX "0123456789abcdef"
#define DIGITS "0123456789"
#define HASH16_LENGTH 16
#define SHORT_FORM "GUICHET1|"

static bool take_voucher(const char *digits, size_t length, struct inquiry_number *out)
{
    if (length != VOUCHER_DIGITS)
        return false;
    memcpy(out->voucher, digits, length);
    out->voucher[length] = '\0';
    return voucher_is_valid(out->voucher);
}

static bool take_hash(const char *hex, struct inquiry_number *out)
{
    size_t length = strspn(hex, HEX);
    if (length != HASH16_LENGTH)
        return false;
    memcpy(out->hash16, hex, length);
    out->hash16[length] = '\0';
    return true;
}

/* As it stands on paper, in groups, or as somebody types it. */
static bool read_plain(const char *text, struct inquiry_number *out)
{
    char digits[VOUCHER_DIGITS + 1];
    size_t count = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '-')
            continue;
        if (*text < '0' || *text > '9' || count == VOUCHER_DIGITS)
            return false;
        digits[count++] = *text;
    }
    return take_voucher(digits, count, out);
}

/* The value of n or h, whichever of ? and & stands before it. */
static const char *find_member(const char *text, char name)
{
    for (; *text != '\0'; text++)
        if ((text[0] == '?' || text[0] == '&') && text[1] == name && text[2] == '=')
            return text + 3;
    return NULL;
}

static bool read_link(const char *text, struct inquiry_number *out)
{
    const char *number = find_member(text, 'n'), *hash = find_member(text, 'h');
    if (!number || !take_voucher(number, strspn(number, DIGITS), out))
        return false;
    return !hash || take_hash(hash, out);
}

/* GUICHET1|number|fen|hash */
static bool read_short_form(const char *text, struct inquiry_number *out)
{
    if (strncmp(text, SHORT_FORM, strlen(SHORT_FORM)) != 0)
        return false;
    text += strlen(SHORT_FORM);
    size_t digits = strspn(text, DIGITS);
    const char *hash = strrchr(text, '|');
    return text[digits] == '|' && take_voucher(text, digits, out) && hash &&
           take_hash(hash + 1, out);
}

/* The signature is for who trusts the paper; here the journal and the bureau are asked. */
static bool read_statement(const char *text, struct inquiry_number *out)
{
    struct statement statement;
    if (statement_parse(text, &statement) != STATUS_OK)
        return false;
    bytes_to_hex(statement.hash, HASH16_LENGTH / 2, out->hash16);
    return take_voucher(statement.voucher, strlen(statement.voucher), out);
}

enum status inquiry_read_number(const char *text, struct inquiry_number *out)
{
    static bool (*const READERS[])(const char *text, struct inquiry_number *out) = {
        read_plain,
        read_statement,
        read_short_form,
        read_link,
    };
    bool is_read = false;
    if (strnlen(text, INQUIRY_TEXT_MAX + 1) > INQUIRY_TEXT_MAX)
        return STATUS_INVALID;
    for (size_t i = 0; i < sizeof READERS / sizeof *READERS && !is_read; i++) {
        *out = (struct inquiry_number){ 0 };
        is_read = READERS[i](text, out);
    }
    if (!is_read)
        *out = (struct inquiry_number){ 0 };
    return is_read ? STATUS_OK : STATUS_INVALID;
}
