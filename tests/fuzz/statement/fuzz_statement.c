/*
 * What a scanned slip says, from anybody's phone: read strictly, and one text for one statement.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "store/statement.h"

static void check_content(const struct statement *statement)
{
    CHECK(voucher_is_valid(statement->voucher));
    CHECK(statement->paid_fen >= 0 && statement->paid_fen <= MONEY_FEN_MAX);
    CHECK(strlen(statement->number_masked) < STATEMENT_NUMBER_SIZE);
    CHECK(strpbrk(statement->number_masked, "<>&\"'\\\n") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t KEY[JOURNAL_ROOT_KEY_BYTES] = { 1 };
    struct statement statement;
    char again[STATEMENT_TEXT_SIZE];
    char *text = malloc(size + 1);
    CHECK(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (statement_parse(text, &statement) == STATUS_OK) {
        const char *slash = strrchr(text, '/');
        check_content(&statement);
        (void)statement_is_signed(&statement, KEY);
        statement_format(&statement, again);
        CHECK(strcmp(again, slash ? slash + 1 : text) == 0);
    }
    free(text);
    return 0;
}
