#include "inquiry/inquiry.h"

#include <string.h>

static struct inquiry_payment *find(struct inquiry_record *record, const char *voucher)
{
    for (int i = 0; i < record->payment_count; i++)
        if (strcmp(record->payments[i].voucher, voucher) == 0)
            return &record->payments[i];
    return NULL;
}

/* The bureau's word on what it has counts, ours on what we did. */
static void add_own_facts(struct inquiry_payment *to, const struct inquiry_payment *own)
{
    to->is_own = true;
    memcpy(to->txn, own->txn, sizeof to->txn);
    if (own->lit_ms[INQUIRY_SENT] > 0)
        to->lit_ms[INQUIRY_SENT] = own->lit_ms[INQUIRY_SENT];
}

static void append(struct inquiry_record *to, const struct inquiry_record *from, int index)
{
    if (to->payment_count == INQUIRY_PAYMENTS_MAX) {
        to->more = true;
        return;
    }
    to->payments[to->payment_count] = from->payments[index];
    for (int i = 0; i < from->month_count; i++) {
        if (from->months[i].payment != index)
            continue;
        if (to->month_count == INQUIRY_MONTHS_MAX) {
            to->more = true;
            break;
        }
        to->months[to->month_count] = from->months[i];
        to->months[to->month_count++].payment = to->payment_count;
    }
    to->payment_count++;
}

static bool is_newer(const struct inquiry_payment *a, const struct inquiry_payment *b)
{
    return a->lit_ms[INQUIRY_TAKEN] > b->lit_ms[INQUIRY_TAKEN];
}

static void swap(struct inquiry_record *record, int a, int b)
{
    struct inquiry_payment payment = record->payments[a];
    record->payments[a] = record->payments[b];
    record->payments[b] = payment;
    for (int i = 0; i < record->month_count; i++) {
        int *of = &record->months[i].payment;
        *of = *of == a ? b : *of == b ? a : *of;
    }
}

/* Few, and in order but for some at the end. */
static void sort(struct inquiry_record *record)
{
    for (int i = 1; i < record->payment_count; i++)
        for (int at = i; at > 0 && is_newer(&record->payments[at], &record->payments[at - 1]); at--)
            swap(record, at, at - 1);
}

void inquiry_merge_own(struct inquiry_record *bureaus, const struct inquiry_record *own)
{
    for (int i = 0; i < own->payment_count; i++) {
        struct inquiry_payment *known = find(bureaus, own->payments[i].voucher);
        if (known)
            add_own_facts(known, &own->payments[i]);
        else
            append(bureaus, own, i);
    }
    sort(bureaus);
}
