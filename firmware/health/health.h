/*
 * Device, journal, policy and sync states → which services are offered, and if not, why.
 * Pure rules over remembered states; the first reason in the order of the rule tables wins.
 *
 *   visit  a visit may start: reader ready, policy good, journal writable
 *   cash   cash may be offered: journal writable, printer can print, box not full, acceptor ready,
 *          policy good, offline limits (sum, hours) not reached
 *   register  account numbers left (or the person is known)
 */
#pragma once
#include "drivers/device.h"
#include "health/service.h"
#include <stdbool.h>
#include <stdint.h>

struct health {
    struct device_status reader, acceptor, printer;
    bool journal_writable;
    bool policy_good; /* loaded, not expired, figures for the current month */
    int64_t numbers_left;
    bool bureau_reachable;
    int64_t unsent_money_fen; /* cash booked and not yet acknowledged by the bureau */
    int64_t offline_sum_max_fen;
    int64_t offline_ms; /* since the last exchange that worked; 0 when reachable */
    int64_t offline_ms_max;
};

enum service health_visit(const struct health *health);
enum service health_cash(const struct health *health);
enum service health_registration(const struct health *health);
