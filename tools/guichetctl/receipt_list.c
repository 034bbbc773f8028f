/*
 * guichetctl receipt list: every slip number a journal has used, in order, and what became of it.
 * One that stands for no payment and whose paper never came out is void.
 */
#include "tools/guichetctl/guichetctl.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "store/journal.h"
#include "store/voucher.h"

struct number {
    char voucher[VOUCHER_SIZE], txn[JOURNAL_TXN_SIZE], paper[16], state[16];
    int64_t paid_fen; /* of a payment */
    bool came_out;    /* some print of it is known to have */
    int copies;       /* sent to the printer after the original */
};

struct list {
    struct number *numbers;
    size_t count, room;
    bool failed; /* out of memory */
};

static struct number *find(struct list *list, const char *txn, const char *voucher)
{
    for (size_t i = list->count; i-- > 0;) /* the newest are asked for again and again */
        if (strcmp(list->numbers[i].voucher, voucher) == 0 &&
            strcmp(list->numbers[i].txn, txn) == 0)
            return &list->numbers[i];
    return NULL;
}

static struct number *add(struct list *list, const char *txn, const char *voucher)
{
    if (list->count == list->room) {
        size_t room = list->room > 0 ? 2 * list->room : 64;
        struct number *numbers = realloc(list->numbers, room * sizeof *numbers);
        if (!numbers)
            return NULL;
        list->numbers = numbers;
        list->room = room;
    }
    struct number *number = &list->numbers[list->count++];
    *number = (struct number){ .paper = "payment" };
    text_copy(number->txn, sizeof number->txn, txn);
    text_copy(number->voucher, sizeof number->voucher, voucher);
    return number;
}

static void take_state(struct number *number, const json_t *body)
{
    const char *state = json_string_value(json_object_get(body, "state"));
    const char *paper = json_string_value(json_object_get(body, "paper"));
    json_int_t copy = json_integer_value(json_object_get(body, "copy"));
    text_copy(number->state, sizeof number->state, state ? state : "");
    if (paper)
        text_copy(number->paper, sizeof number->paper, paper);
    number->came_out = number->came_out || (state && strcmp(state, "printed") == 0);
    if (state && strcmp(state, "sending") == 0 && copy > number->copies && copy < INT32_MAX)
        number->copies = (int)copy;
}

static bool take_entry(void *context, const struct journal_entry *entry)
{
    struct list *list = context;
    bool pays = strcmp(entry->kind, journal_kind_name(JOURNAL_PAYMENT_COMPLETED)) == 0;
    if (!pays && strcmp(entry->kind, journal_kind_name(JOURNAL_RECEIPT_STATE)) != 0)
        return true;
    json_t *body = json_loads(entry->body, 0, NULL);
    const char *voucher = json_string_value(json_object_get(body, "voucher"));
    if (voucher && voucher_is_valid(voucher)) {
        struct number *number = find(list, entry->txn, voucher);
        if (!number)
            number = add(list, entry->txn, voucher);
        list->failed = number == NULL;
        if (number && pays)
            number->paid_fen = json_integer_value(json_object_get(body, "paid"));
        else if (number)
            take_state(number, body);
    }
    json_decref(body);
    return !list->failed;
}

static const char *fate(const struct number *number)
{
    if (number->came_out)
        return "printed";
    if (strcmp(number->state, "unknown") == 0 || strcmp(number->state, "sending") == 0)
        return "may have come out";
    if (number->paid_fen > 0)
        return "no paper came out, the payment stands";
    return "VOID: never came out";
}

static int print_list(const struct list *list)
{
    int64_t last = -1;
    int gaps = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct number *number = &list->numbers[i];
        char paid[MONEY_TEXT_SIZE] = "-";
        int64_t serial = voucher_serial(number->voucher);
        if (last >= 0 && serial != voucher_next_serial(last)) {
            printf("GAP: after %06lld comes %06lld\n", (long long)last, (long long)serial);
            gaps++;
        }
        last = serial;
        if (number->paid_fen > 0)
            money_format(number->paid_fen, 1, paid);
        printf("%s  %-22s  %-12s  %12s  %s, %d copies\n", number->voucher, number->txn,
               number->paper, paid, fate(number), number->copies);
    }
    printf("%zu numbers, %s\n", list->count, gaps == 0 ? "no gap" : "with gaps");
    return gaps == 0 ? 0 : 1;
}

int command_receipt_list(const char *journal_path)
{
    struct journal *journal;
    struct list list = { 0 };
    enum status status = journal_open_read_only(journal_path, &journal);
    if (status == STATUS_OK) {
        status = journal_read(journal, 1, INT64_MAX, take_entry, &list);
        journal_close(journal);
    }
    if (status == STATUS_OK && list.failed)
        status = STATUS_FULL;
    int result = status == STATUS_OK ? print_list(&list) : 1;
    if (status != STATUS_OK)
        fprintf(stderr, "guichetctl: %s: %s\n", journal_path, status_name(status));
    free(list.numbers);
    return result;
}
