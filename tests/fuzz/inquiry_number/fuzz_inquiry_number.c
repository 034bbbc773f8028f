/*
 * What a scanner or a hand gives for a slip's number.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "inquiry/inquiry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct inquiry_number number;
    char question[INQUIRY_QUESTION_SIZE];
    char *text = malloc(size + 1);
    CHECK(text);
    memcpy(text, data, size);
    text[size] = '\0';
    if (inquiry_read_number(text, &number) == STATUS_OK) {
        CHECK(voucher_is_valid(number.voucher));
        CHECK(number.hash16[0] == '\0' || strspn(number.hash16, "0123456789abcdef") == 16);
        inquiry_ask_voucher(number.voucher, number.hash16, question);
        CHECK(strpbrk(question, "\\\n") == NULL);
    } else {
        CHECK(number.voucher[0] == '\0' && number.hash16[0] == '\0');
    }
    free(text);
    return 0;
}
