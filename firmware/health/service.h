/*
 * Is something offered to the citizen, and if not, why: one sentence each on screen, so every
 * reason has its own word here.
 */
#pragma once

enum service {
    SERVICE_OFFERED,
    SERVICE_NO_READER,
    SERVICE_NO_ACCEPTOR,
    SERVICE_BOX_FULL,
    SERVICE_BOX_OUT,
    SERVICE_ACCEPTOR_JAM,
    SERVICE_NO_PRINTER,
    SERVICE_PAPER_OUT,
    SERVICE_PRINTER_COVER,
    SERVICE_JOURNAL, /* cannot be written: disk full or broken */
    SERVICE_POLICY,  /* missing, expired, or no figure for this month */
    SERVICE_NUMBERS, /* no account numbers left and the bureau cannot be reached */
    SERVICE_OFFLINE_LIMIT,
    SERVICE_STARTING,
    SERVICE_BOX_LIMIT,   /* as many notes in the box as the site wants there */
    SERVICE_DAY_LIMIT,   /* the kiosk has taken, or would take with this, what it may in a day */
    SERVICE_VISIT_SUM,   /* this payment is above what is taken at once */
    SERVICE_VISIT_NOTES, /* it would take more notes than are taken at once */
    SERVICE_EXACT_SUM,   /* notes cannot pay it exactly, and nothing may be over */
    SERVICE_BOX_FILLS,   /* a warning for staff, no reason: the box should be taken out soon */
    SERVICE_BUREAU, /* cannot be reached just now: what only the bureau knows cannot be shown */
    SERVICES,
};

/* "offered", "no_reader", … for logs, automation and entries. */
const char *service_name(enum service service);

/*
 * What a clerk is told by the screen, "P02": device or place, then which trouble. One code each,
 * never given to another meaning later; firmware/session/README.md says what to do about it.
 */
const char *service_code(enum service service);
