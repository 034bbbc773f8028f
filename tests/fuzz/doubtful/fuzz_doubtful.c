/* Lines "kind number-of-visit body" as entries of a kiosk that may lie: what is left for people is
 * listed, looked up and summed without harm. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "base/text.h"
#include "payment/doubtful.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_line(struct doubtful *list, char *line, int64_t seq)
{
    struct journal_entry entry = { .seq = seq };
    char *rest = NULL;
    const char *kind = strtok_r(line, " ", &rest), *txn = strtok_r(NULL, " ", &rest);
    if (kind == NULL || txn == NULL)
        return;
    text_copy(entry.kind, sizeof entry.kind, kind);
    text_copy(entry.txn, sizeof entry.txn, txn);
    entry.body = rest;
    doubtful_add(list, &entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubtful list;
    char *text = malloc(size + 1), *rest = NULL;
    int64_t seq = 0;
    CHECK(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    doubtful_init(&list);
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        add_line(&list, line, ++seq);
    CHECK(doubtful_open_count(&list) >= 0 && doubtful_open_count(&list) <= list.count);
    CHECK(doubtful_open_fen(&list) >= 0 && doubtful_open_fen(&list) <= list.count * MONEY_FEN_MAX);
    for (int i = 0; i < list.count; i++) {
        CHECK(list.items[i].remedy != NULL && list.items[i].answered_by >= 0);
        if (list.items[i].slip[0] != '\0' && strchr(list.items[i].slip, ' ') == NULL)
            CHECK(doubtful_has_code(&list.items[i], list.items[i].slip));
    }
    doubtful_deinit(&list);
    free(text);
    return 0;
}
