#include "store/journal.h"

#include "base/check.h"

static const char *const ACCOUNT_NAMES[BOOK_ACCOUNTS] = {
    [BOOK_CASH_BOX] = "cash_box", [BOOK_CITIZEN] = "citizen", [BOOK_PREMIUM] = "premium",
    [BOOK_SURPLUS] = "surplus",   [BOOK_UNKNOWN] = "unknown",
};

static const char *const KIND_NAMES[JOURNAL_KINDS] = {
    [JOURNAL_KIOSK_STARTED] = "kiosk_started",
    [JOURNAL_POLICY_LOADED] = "policy_loaded",
    [JOURNAL_NUMBERS_LEASED] = "numbers_leased",
    [JOURNAL_REGISTERED] = "registered",
    [JOURNAL_QUOTE_ACCEPTED] = "quote_accepted",
    [JOURNAL_NOTE_ESCROWED] = "note_escrowed",
    [JOURNAL_NOTE_CREDITED] = "note_credited",
    [JOURNAL_NOTE_RETURNED] = "note_returned",
    [JOURNAL_NOTE_UNKNOWN] = "note_unknown",
    [JOURNAL_PAYMENT_COMPLETED] = "payment_completed",
    [JOURNAL_PAYMENT_CANCELLED] = "payment_cancelled",
    [JOURNAL_RECEIPT_STATE] = "receipt_state",
    [JOURNAL_DEVICE_SWAPPED] = "device_swapped",
    [JOURNAL_COUNTER_MISMATCH] = "counter_mismatch",
    [JOURNAL_DATASET_CHANGED] = "dataset_changed",
    [JOURNAL_BOX_EVENT] = "box_event",
    [JOURNAL_ENTRY_REJECTED] = "entry_rejected",
    [JOURNAL_DAY_ROOT] = "day_root",
    [JOURNAL_POLICY_INSTALLED] = "policy_installed",
    [JOURNAL_POLICY_REFUSED] = "policy_refused",
    [JOURNAL_PERSON_KNOWN] = "person_known",
};

const char *book_account_name(enum book_account account)
{
    CHECK((unsigned)account < BOOK_ACCOUNTS);
    return ACCOUNT_NAMES[account];
}

const char *journal_kind_name(enum journal_kind kind)
{
    CHECK((unsigned)kind < JOURNAL_KINDS);
    return KIND_NAMES[kind];
}
