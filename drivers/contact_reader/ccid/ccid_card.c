#include "drivers/contact_reader/ccid/ccid_internal.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "drivers/social_card/social_card_reading.h"

#define READ_TRIES 3
#define SETTLE_MS 250        /* a card just put in still moves on its contacts */
#define READING_MS_MAX 30000 /* however much time a card asks for */

/* Between two commands of a reading it is seen whether anybody still waits for it. */
struct guarded_card {
    struct apdu_channel channel;
    struct ccid *ccid;
    int64_t until_ms;
};

static enum status exchange(struct apdu_channel *channel, const struct apdu *command,
                            struct apdu_answer *out)
{
    struct guarded_card *guarded = (struct guarded_card *)channel;
    struct ccid *ccid = guarded->ccid;
    if (!ccid_is_wanted(ccid))
        return STATUS_CANCELLED;
    if (clock_now_ms(&clock_system) >= guarded->until_ms)
        return STATUS_TIMEOUT;
    return ccid->card.channel.exchange(&ccid->card.channel, command, out);
}

static enum status read_once(struct ccid *ccid, int64_t until_ms, struct social_card *out,
                             enum social_card_result *result)
{
    struct guarded_card guarded = { .channel = { .exchange = exchange },
                                    .ccid = ccid,
                                    .until_ms = until_ms };
    const struct social_card_source source = { .card = &guarded.channel,
                                               .atr = &ccid->card.atr,
                                               .authority = ccid->authority,
                                               .sam = ccid->has_sam ? &ccid->sam.channel : NULL };
    enum status status = ccid_slot_power_on(&ccid->card);
    if (status == STATUS_OK)
        status = social_card_read(&source, out, result);
    if (status == STATUS_CANCELLED)
        usb_port_resume(ccid->port); /* a card should not be pulled out under power */
    if (status != STATUS_DISCONNECTED && status != STATUS_IO)
        ccid_slot_power_off(&ccid->card);
    return status;
}

static enum contact_reader_reason reason_of(enum social_card_result result)
{
    switch (result) {
    case SOCIAL_CARD_OTHER:
        return CONTACT_READER_OTHER;
    case SOCIAL_CARD_LOCKED:
        return CONTACT_READER_LOCKED;
    case SOCIAL_CARD_NEEDS_AUTHORITY:
        return CONTACT_READER_NO_AUTHORITY;
    case SOCIAL_CARD_UNPROVED:
        return CONTACT_READER_UNPROVED;
    case SOCIAL_CARD_READ:
    case SOCIAL_CARD_GARBLED:
        break;
    }
    return CONTACT_READER_GARBLED;
}

/* Whether another try makes sense. */
static bool judge_result(struct ccid_reading *reading, enum social_card_result result)
{
    log_info("contact_reader", "card", "generation %d: %s", reading->card.generation,
             social_card_result_name(result));
    if (result == SOCIAL_CARD_NEEDS_AUTHORITY)
        log_warning("contact_reader", "no_authority",
                    "this card opens only to a PSAM or the bureau's machine; none is configured");
    reading->is_read = result == SOCIAL_CARD_READ;
    reading->reason = reason_of(result);
    return result == SOCIAL_CARD_GARBLED;
}

static bool judge_failure(struct ccid_reading *reading, enum status status)
{
    switch (status) {
    case STATUS_NOT_FOUND:
        reading->reason = CONTACT_READER_PULLED;
        return false;
    case STATUS_UNSUPPORTED:
        reading->reason = CONTACT_READER_OTHER;
        return false;
    case STATUS_TIMEOUT:
        reading->reason = CONTACT_READER_MUTE;
        return true;
    case STATUS_OK:
    case STATUS_INVALID:
    case STATUS_DISCONNECTED:
    case STATUS_IO:
    case STATUS_PROTOCOL:
    case STATUS_BUSY:
    case STATUS_FULL:
    case STATUS_EXISTS:
    case STATUS_DENIED:
    case STATUS_CORRUPT:
    case STATUS_CANCELLED:
        break;
    }
    reading->reason = CONTACT_READER_GARBLED;
    return true;
}

static bool is_readers(enum status status)
{
    return status == STATUS_IO || status == STATUS_DISCONNECTED;
}

enum status ccid_read_card(struct ccid *ccid, struct ccid_reading *out)
{
    int64_t until_ms = clock_now_ms(&clock_system) + READING_MS_MAX;
    enum status status = STATUS_OK;
    bool again = true;
    *out = (struct ccid_reading){ 0 };
    for (int i = 0; i < READ_TRIES && again; i++) {
        enum social_card_result result = SOCIAL_CARD_GARBLED;
        usb_port_wait(ccid->port, SETTLE_MS);
        status = ccid_is_wanted(ccid) ? read_once(ccid, until_ms, &out->card, &result)
                                      : STATUS_CANCELLED;
        if (status == STATUS_CANCELLED || status == STATUS_DISCONNECTED)
            break;
        again = status == STATUS_OK ? judge_result(out, result) : judge_failure(out, status);
    }
    if (status == STATUS_CANCELLED)
        return STATUS_OK; /* closing, or nobody waits: the next turn of the thread sees it */
    out->is_refused = !out->is_read;
    return is_readers(status) ? status : STATUS_OK;
}
