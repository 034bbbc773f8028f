/*
 * Device, journal, policy and sync states → which services are offered, and if not, why.
 * Pure rules over remembered states; the first reason in the order of the rule tables wins.
 *
 *   visit  a visit may start: reader ready, policy good, journal writable
 *   cash   cash may be offered: journal writable, printer can print, box not full by its own word
 *          or by the site's limit, acceptor ready, policy good, the day's sum and the offline
 * limits (sum, count, hours) not reached. Whether one payment is within them, session/ knows.
 *   register  account numbers left (or the person is known)
 */
#pragma once
#include "drivers/device.h"
#include "health/service.h"
#include <stdbool.h>
#include <stdint.h>

struct health {
    struct device_status reader, acceptor, printer;
    struct device_status contact_reader; /* of social security cards; absent where there is none */
    bool journal_writable;
    bool policy_good; /* loaded, not expired, figures for the current month */
    int64_t numbers_left;
    bool bureau_reachable;
    int64_t unsent_money_fen; /* cash booked and not yet acknowledged by the bureau */
    int64_t offline_sum_max_fen;
    int64_t unsent_payments;      /* the same counted in payments */
    int64_t offline_payments_max; /* of these limits 0 means none */
    int64_t box_notes;            /* since the box was taken out */
    int64_t box_notes_max, box_notes_warn;
    int64_t day_cash_fen; /* booked today */
    int64_t day_sum_max_fen;
    int64_t offline_ms; /* since the last exchange that worked; 0 when reachable */
    int64_t offline_ms_max;
};

enum service health_visit(const struct health *health);
enum service health_cash(const struct health *health);
enum service health_registration(const struct health *health);
/* Whether a social security card can be asked for. No service depends on it alone: a citizen
 * without one, or a kiosk without a reader, goes by the ID card. */
bool health_can_read_social_cards(const struct health *health);
/* SERVICE_OFFERED, or SERVICE_BOX_FILLS: staff should see to it, cash goes on. */
enum service health_cash_warning(const struct health *health);
