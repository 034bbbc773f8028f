#include "receipt/closing_text.h"

#include "base/bytes.h"
#include "base/text.h"

#define GROUP 4
#define GROUPS_A_LINE 4

/* Four groups of four digits a line, indented: 16 digits are what a slip of 58 mm holds. */
static void group(const uint8_t *bytes, size_t size, char *out)
{
    for (size_t i = 0; i < size; i++) {
        size_t digits = 2 * i;
        if (digits % ((size_t)GROUP * GROUPS_A_LINE) == 0) {
            *out++ = '\n';
            *out++ = ' ';
        }
        if (digits % GROUP == 0)
            *out++ = ' ';
        bytes_to_hex(&bytes[i], 1, out);
        out += 2;
    }
    *out = '\0';
}

enum status closing_text_compose(const struct journal_root *root, char *out, size_t size)
{
    char hash[128], signature[256], key[64];
    group(root->hash, sizeof root->hash, hash);
    group(root->signature, sizeof root->signature, signature);
    group(root->key, CLOSING_KEY_BYTES, key);
    return text_format(out, size,
                       "日结签名 Day root\n"
                       "设备 Kiosk  %s\n"
                       "日期 Date  %s\n"
                       "截至流水 Up to entry  %lld\n"
                       "校验值 Hash%s\n"
                       "签名 Signature%s\n"
                       "密钥 Key%s\n",
                       root->kiosk, root->date, (long long)root->last_seq, hash, signature, key)
               ? STATUS_OK
               : STATUS_FULL;
}
