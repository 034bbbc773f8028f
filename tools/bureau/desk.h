/*
 * What a kiosk asks for: take my entries, lease me numbers, what is new, give me that policy, where
 * is a payment. Bytes in, an HTTP status and JSON out; no network here.
 *
 * Wire: firmware/sync/WIRE.md.
 */
#pragma once
#include "tools/bureau/store.h"
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_REQUEST_BYTES_MAX (1024 * 1024)
#define DESK_BATCH_ENTRIES_MAX 500
#define DESK_LEASE_COUNT_MAX 1000
#define DESK_PAYMENTS_MAX 60 /* of one inquiry, the newest: five years, month by month */
#define DESK_MONTHS_MAX 240

/* All return the HTTP status; *reply_out is owned by the caller. now_ms is wall time. */
int desk_take_entries(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                      int64_t now_ms, json_t **reply_out);
int desk_lease_numbers(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                       json_t **reply_out);
int desk_tell_updates(struct bureau_store *store, const char *kiosk, int64_t now_ms,
                      json_t **reply_out);
int desk_give_policy(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                     json_t **reply_out);

/* desk_registration.c: how a person stands with the bureau who is about to register. */
int desk_tell_standing(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                       int64_t now_ms, json_t **reply_out);

/* desk_inquiry.c: the payments of one person, or the one with a voucher's number. */
int desk_tell_payments(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                       int64_t now_ms, json_t **reply_out);
