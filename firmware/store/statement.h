/*
 * What a kiosk signs about one payment, small enough for the QR code on its slip and whole in
 * itself: whoever has the kiosk's public key can check it without any network.
 *
 * It says: this kiosk took this sum at this time, gave this number for it, showed this masked ID,
 * and closed the payment in this entry of its journal, whose hash covers all entries before it. It
 * says nothing about the bureau: that the sum arrived there only the bureau can tell.
 *
 * The key is the one that signs the day's root (journal_root.h), so the bureau knows it already and
 * there is one key to guard. Each signature covers a first line of its own ("guichet day root 1",
 * "guichet voucher 1"), so that neither can pass for the other. Ed25519 is deterministic: the same
 * payment gives the same statement, on the original and on every copy.
 *
 * Text, all in the QR alphanumeric set: "GV1." and the bytes below in base32 (RFC 4648, upper case,
 * no padding, unused bits zero). A prefix up to the last '/' is skipped, so that it may be a link.
 *
 *   bytes   what
 *   1       version, 1
 *   14      voucher number, 27 digits as nibbles, the first one high; the last nibble is 0
 *   5       sum taken, fen, big-endian
 *   4       time of the closing entry, Unix seconds, big-endian
 *   4       number of that entry, big-endian
 *   16      the first half of its hash
 *   4       key id: the first bytes of the public key's SHA-256
 *   1       n, 0..24
 *   n       masked ID as printed: digits, letters A-Z, '*'
 *   64      Ed25519 over "guichet voucher 1\n" and all bytes above
 *
 * Reading is strict: one text for one statement, nothing left over.
 */
#pragma once
#include "store/journal_root.h"
#include "store/voucher.h"

#define STATEMENT_PREFIX "GV1."
#define STATEMENT_HASH_SIZE 16
#define STATEMENT_KEY_ID_SIZE 4
#define STATEMENT_NUMBER_SIZE 25
#define STATEMENT_TEXT_SIZE 232  /* a formatted one: 4 + 220 letters at most, and the end */
#define STATEMENT_INPUT_MAX 1024 /* longer texts are refused unread */

struct statement {
    char voucher[VOUCHER_SIZE]; /* names region, kiosk and day */
    int64_t paid_fen;
    int64_t at_s; /* Unix seconds */
    int64_t seq;
    uint8_t hash[STATEMENT_HASH_SIZE];
    uint8_t key_id[STATEMENT_KEY_ID_SIZE];
    char number_masked[STATEMENT_NUMBER_SIZE]; /* empty: the slip shows none */
    uint8_t signature[JOURNAL_ROOT_SIGNATURE_BYTES];
};

/* Fills key_id and signature. STATUS_INVALID a member is out of its range; nothing is signed. */
NODISCARD enum status statement_sign(struct statement *statement,
                                     const struct journal_root_key *key);

/* Requires: what statement_sign or statement_parse gave. */
void statement_format(const struct statement *statement, char out[STATEMENT_TEXT_SIZE]);

/* STATUS_INVALID it is no statement, or not all of one. The signature is not looked at. */
NODISCARD enum status statement_parse(const char *text, struct statement *out);

/* Is it signed with this key? */
bool statement_is_signed(const struct statement *statement,
                         const uint8_t public_key[JOURNAL_ROOT_KEY_BYTES]);
/* Does it name this key? A statement of another key cannot be judged with it. */
bool statement_names_key(const struct statement *statement,
                         const uint8_t public_key[JOURNAL_ROOT_KEY_BYTES]);
