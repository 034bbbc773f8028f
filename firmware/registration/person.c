#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "registration/registration.h"

/* Written by hand into one buffer that can be wiped: a JSON library would leave copies on the heap.
 */
struct plain {
    char text[SEAL_PLAIN_SIZE_MAX];
    size_t size;
    bool is_cut;
};

static void add_byte(struct plain *plain, char byte)
{
    if (plain->size < sizeof plain->text)
        plain->text[plain->size++] = byte;
    else
        plain->is_cut = true;
}

static void add_raw(struct plain *plain, const char *text)
{
    while (*text != '\0')
        add_byte(plain, *text++);
}

static void add_escaped(struct plain *plain, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        char escape[8];
        if (byte < 0x20) {
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            add_raw(plain, escape);
            continue;
        }
        if (byte == '"' || byte == '\\')
            add_byte(plain, '\\');
        add_byte(plain, (char)byte);
    }
}

static void add_number(struct plain *plain, const char *name, int64_t value)
{
    char text[64];
    snprintf(text, sizeof text, "%s\"%s\":%lld", plain->size == 0 ? "{" : ",", name,
             (long long)value);
    add_raw(plain, text);
}

static void add_member(struct plain *plain, const char *name, const char *value)
{
    add_raw(plain, plain->size == 0 ? "{\"" : ",\"");
    add_raw(plain, name);
    add_raw(plain, "\":\"");
    add_escaped(plain, value);
    add_byte(plain, '"');
}

enum status registration_seal_person(const struct seal *seal, const struct identity_card *card,
                                     const char *phone, const struct registration_leaving *leaving,
                                     int consent_version, int64_t at_ms, char out[SEAL_TEXT_SIZE])
{
    struct plain plain = { .size = 0 };
    add_member(&plain, "name", card->name);
    add_member(&plain, "number", card->number);
    add_number(&plain, "sex", card->sex);
    add_number(&plain, "birth", card->birth);
    add_number(&plain, "nation", card->nation);
    if (phone && phone[0] != '\0')
        add_member(&plain, "phone", phone);
    add_member(&plain, "address", card->address);
    if (leaving && leaving->number[0] != '\0') {
        add_member(&plain, "leaving_number", leaving->number);
        add_member(&plain, "leaving_date", leaving->date);
    }
    add_number(&plain, "consent", consent_version);
    add_number(&plain, "at", at_ms);
    add_raw(&plain, "}");
    enum status status = plain.is_cut
                             ? STATUS_INVALID
                             : seal_text(seal, plain.text, plain.size, out, SEAL_TEXT_SIZE);
    bytes_wipe(&plain, sizeof plain);
    return status;
}
