/*
 * One card terminal, whatever its maker: it takes the card, asks for the PIN and talks to the bank.
 * The kiosk gives it a sum and hears what became of it; it never sees a card number that is not
 * masked.
 *
 * A payment has three outcomes: charged, not charged, and unknown. The life of one, events on the
 * left, the kiosk's answers on the right:
 *
 *                  journal card_asked with last() durably, then pay()
 *   PROGRESS       what the citizen should do now
 *   APPROVED     → journal card_approved durably, then commit(); or refuse()
 *   DONE           CHARGED, NOT_CHARGED or UNKNOWN
 *
 * Until commit() the terminal undoes the payment by itself: the driver buys time for
 * TERMINAL_HOLD_MS_MAX, then refuses. After commit() it stands, whatever follows, and DONE says so.
 *
 * What became of a payment whose answer was lost, or that a crash cut off, is asked with resolve():
 * the terminal's last payment is set against the mark of the one before. DONE with UNKNOWN means
 * that the terminal cannot say it; nothing may then be asked of a card until a person has looked.
 * A driver that loses its terminal in the middle of a payment asks by itself first.
 *
 * One order at a time; each ends with exactly one DONE, also when the terminal leaves the bus. Not
 * before the first READY: orders given earlier end with NOT_CHARGED at once (pay) or wait (others).
 *
 * Threads:   functions: main loop only, they return at once. The listener runs on the main loop.
 * Ownership: listener and context must outlive close.
 * Units:     fen.
 */
#pragma once
#include "drivers/device.h"
#include <stdbool.h>
#include <stdint.h>

#define TERMINAL_HOLD_MS_MAX 20000
#define TERMINAL_MARK_SIZE 48
#define TERMINAL_LINE_SIZE 64

enum terminal_event_kind {
    TERMINAL_EVENT_STATUS,   /* .status; .mark once READY */
    TERMINAL_EVENT_PROGRESS, /* .step, .text */
    TERMINAL_EVENT_APPROVED, /* .payment */
    TERMINAL_EVENT_DONE,     /* .order, .outcome, .reason; .payment if charged; .totals of a day */
};

enum terminal_order {
    TERMINAL_ORDER_NONE,
    TERMINAL_ORDER_PAY,
    TERMINAL_ORDER_RESOLVE,
    TERMINAL_ORDER_REVERSE,
    TERMINAL_ORDER_CLOSE_DAY,
    TERMINAL_ORDER_DIAGNOSE,
};

/* Of PAY and RESOLVE: has the card been charged? Of REVERSE: CHARGED means that it still is. Of the
 * others NOT_CHARGED is success. */
enum terminal_outcome {
    TERMINAL_UNKNOWN, /* 0, so that nothing forgotten reads as known */
    TERMINAL_CHARGED,
    TERMINAL_NOT_CHARGED,
};

/* What the citizen should do or wait for. */
enum terminal_step {
    TERMINAL_STEP_WAIT,
    TERMINAL_STEP_INSERT_CARD, /* or hold it to the reader */
    TERMINAL_STEP_LOOK_AT_PAD, /* the terminal asks something itself: PIN, sum */
    TERMINAL_STEP_ASKING_BANK,
    TERMINAL_STEP_REMOVE_CARD,
    TERMINAL_STEP_TRY_AGAIN, /* the card could not be read, or the PIN was wrong */
    TERMINAL_STEP_UNDOING,   /* a reversal is under way */
    TERMINAL_STEP_APPROVED,
    TERMINAL_STEP_DECLINED,
    TERMINAL_STEPS,
};

/* Why a card was not charged, as far as a citizen or staff can act on it. */
enum terminal_reason {
    TERMINAL_REASON_NONE,
    TERMINAL_REASON_DECLINED,     /* by the bank, no cause given to us: another card, or ask it */
    TERMINAL_REASON_CARD,         /* not readable, not accepted here, blocked, not yet valid */
    TERMINAL_REASON_EXPIRED,      /* the card's date has passed */
    TERMINAL_REASON_PIN,          /* wrong, or too often wrong */
    TERMINAL_REASON_BALANCE,      /* not enough on it, or over a limit */
    TERMINAL_REASON_CANCELLED,    /* by the citizen, or nobody did anything in time */
    TERMINAL_REASON_REFUSED,      /* by refuse(), or nobody answered APPROVED in time */
    TERMINAL_REASON_NO_BANK,      /* the terminal cannot reach it */
    TERMINAL_REASON_NOT_READY,    /* the terminal is busy with itself, or gone: later */
    TERMINAL_REASON_NEEDS_DAY,    /* it wants its day closed first: staff */
    TERMINAL_REASON_FAULT,        /* of the terminal: staff */
    TERMINAL_REASON_REVERSED,     /* REVERSE: it had been reversed before */
    TERMINAL_REASON_IRREVERSIBLE, /* REVERSE: no longer possible; a refund at the window */
    TERMINAL_REASONS,
};

/* "declined", "card", …; never NULL. For journal and log. */
const char *terminal_reason_name(enum terminal_reason reason);
const char *terminal_outcome_name(enum terminal_outcome outcome);

/* The last payment a terminal knows, as the driver writes it; compared, not read. "none" for a
 * terminal without one, empty while not known. */
struct terminal_mark {
    char text[TERMINAL_MARK_SIZE];
};

/* What the terminal says of a payment. Texts are printable ASCII or UTF-8, empty if not said. */
struct terminal_payment {
    int64_t amount_fen;
    char receipt[12]; /* the terminal's receipt number: what reverse() wants */
    char trace[16];   /* of the bank's switch */
    char terminal_id[16], merchant[24];
    char card[24];   /* masked here, whatever the terminal sent: **** and the last four */
    char scheme[32]; /* name of the card's brand */
    char authorisation[24];
    int32_t date, time; /* the terminal's clock: mmdd, hhmmss; -1 not said */
    struct terminal_mark mark;
};

struct terminal_totals {
    int count;
    int64_t sum_fen;
    bool known;
};

struct terminal_event {
    enum terminal_event_kind kind;
    struct device_status status; /* with every kind */
    enum terminal_step step;
    char text[TERMINAL_LINE_SIZE]; /* the terminal's own words, to be shown as they are */
    enum terminal_order order;
    enum terminal_outcome outcome;
    enum terminal_reason reason;
    int code; /* the protocol's own result, for staff; -1 none */
    struct terminal_payment payment;
    struct terminal_mark mark;
    struct terminal_totals totals;
};

typedef void terminal_listener(void *context, const struct terminal_event *event);

struct terminal;

/* All mandatory. */
struct terminal_ops {
    void (*pay)(struct terminal *terminal, int64_t amount_fen, const struct terminal_mark *before);
    void (*resolve)(struct terminal *terminal, int64_t amount_fen,
                    const struct terminal_mark *before);
    void (*commit)(struct terminal *terminal);
    void (*refuse)(struct terminal *terminal);
    void (*cancel)(struct terminal *terminal);
    void (*reverse)(struct terminal *terminal, const struct terminal_payment *payment);
    void (*close_day)(struct terminal *terminal);
    void (*diagnose)(struct terminal *terminal);
    void (*close)(struct terminal *terminal);
};

struct terminal {
    const struct terminal_ops *ops;
};

/* Asks for the sum. Call only once card_asked, with before, is durable. before: the mark of the
 * last STATUS. */
static inline void terminal_pay(struct terminal *terminal, int64_t amount_fen,
                                const struct terminal_mark *before)
{
    terminal->ops->pay(terminal, amount_fen, before);
}

/* What became of the payment of this sum that was asked for when before was the last one. */
static inline void terminal_resolve(struct terminal *terminal, int64_t amount_fen,
                                    const struct terminal_mark *before)
{
    terminal->ops->resolve(terminal, amount_fen, before);
}

/* The approved payment stands. Call only once card_approved is durable. */
static inline void terminal_commit(struct terminal *terminal)
{
    terminal->ops->commit(terminal);
}

/* The approved payment shall not stand. DONE says whether that came in time. */
static inline void terminal_refuse(struct terminal *terminal)
{
    terminal->ops->refuse(terminal);
}

/* The citizen does not want to pay by card after all. It may be too late: DONE says. */
static inline void terminal_cancel(struct terminal *terminal)
{
    terminal->ops->cancel(terminal);
}

/* Gives a charged payment back to its card. Most terminals can only do that with the last one. */
static inline void terminal_reverse(struct terminal *terminal,
                                    const struct terminal_payment *payment)
{
    terminal->ops->reverse(terminal, payment);
}

/* Settles with the bank; .totals say what the terminal took since the last time. */
static inline void terminal_close_day(struct terminal *terminal)
{
    terminal->ops->close_day(terminal);
}

/* The terminal tries its line to the bank. */
static inline void terminal_diagnose(struct terminal *terminal)
{
    terminal->ops->diagnose(terminal);
}

static inline void terminal_close(struct terminal *terminal)
{
    terminal->ops->close(terminal);
}
