#include "sync/sync_reply.h"

#include "base/log.h"
#include "base/text.h"
#include "sync/sync_wire.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HTTP_OK = 200,
    HTTP_FORBIDDEN = 403,
    HTTP_NOT_FOUND = 404,
    HTTP_CONFLICT = 409
};

static enum sync_result fail(const char *event, const char *what)
{
    log_warning("sync", event, "%s", what);
    return SYNC_RESULT_FAILED;
}

/* What every answer but 200 and 409 comes to. */
static enum sync_result judge_other(const struct transport_reply *reply)
{
    if (reply->status == STATUS_DENIED ||
        (reply->status == STATUS_OK && reply->http_status == HTTP_FORBIDDEN)) {
        log_error("sync", "certificate_refused", "status %s, HTTP %d", status_name(reply->status),
                  reply->http_status);
        return SYNC_RESULT_REFUSED;
    }
    log_warning("sync", "exchange_failed", "status %s, HTTP %d", status_name(reply->status),
                reply->http_status);
    return SYNC_RESULT_FAILED;
}

static bool is_in_our_chain(struct journal *journal, const struct sync_point *point)
{
    uint8_t hash[JOURNAL_HASH_SIZE];
    return journal_hash_at(journal, point->seq, hash) == STATUS_OK &&
           memcmp(hash, point->hash, sizeof hash) == 0;
}

static enum sync_result refuse_chain(const struct sync_point *point)
{
    log_error("sync", "chain_refused", "the bureau's last good entry %lld is not ours",
              (long long)point->seq);
    return SYNC_RESULT_REFUSED;
}

struct rejection_search {
    int64_t seq;
    bool found;
};

static bool looks_for_rejection(void *context, const struct journal_entry *entry)
{
    struct rejection_search *search = context;
    char wanted[48];
    text_format(wanted, sizeof wanted, "{\"seq\":%lld,", (long long)search->seq);
    search->found = strcmp(entry->kind, journal_kind_name(JOURNAL_ENTRY_REJECTED)) == 0 &&
                    strncmp(entry->body, wanted, strlen(wanted)) == 0;
    return !search->found;
}

static bool reads_kind(void *context, const struct journal_entry *entry)
{
    text_copy(context, sizeof entry->kind, entry->kind);
    return false;
}

/* The note about a rejection must not itself breed notes. */
static bool is_note_of_rejection(struct journal *journal, int64_t seq)
{
    char kind[sizeof((struct journal_entry *)NULL)->kind] = "";
    return journal_read(journal, seq, 1, reads_kind, kind) == STATUS_OK &&
           strcmp(kind, journal_kind_name(JOURNAL_ENTRY_REJECTED)) == 0;
}

static enum status append_rejection(struct journal *journal, const struct sync_rejection *rejection)
{
    char body[128];
    struct rejection_search search = { .seq = rejection->seq };
    log_error("sync", "entry_rejected", "entry %lld: %s", (long long)rejection->seq,
              rejection->reason);
    if (is_note_of_rejection(journal, rejection->seq))
        return STATUS_OK;
    /* It stands behind the rejected one, if an earlier reply got this far. */
    enum status status =
        journal_read(journal, rejection->seq + 1, INT64_MAX, looks_for_rejection, &search);
    if (status != STATUS_OK || search.found)
        return status;
    text_format(body, sizeof body, "{\"seq\":%lld,\"reason\":\"%s\"}", (long long)rejection->seq,
                rejection->reason);
    struct journal_draft draft = { .kind = JOURNAL_ENTRY_REJECTED, .body = body };
    return journal_append(journal, &draft, NULL);
}

/* The rejections first: once the acknowledgement is noted, the bureau will not repeat them. */
static enum sync_result take_ack(struct sync_flow *flow, const struct sync_ack *ack)
{
    enum status status = STATUS_OK;
    if (!is_in_our_chain(flow->journal, &ack->point))
        return refuse_chain(&ack->point);
    if (ack->point.seq < flow->batch_last_seq)
        return fail("rubbish", "acknowledged less than was sent");
    for (int i = 0; i < ack->rejected_count && status == STATUS_OK; i++)
        status = append_rejection(flow->journal, &ack->rejected[i]);
    if (status == STATUS_OK)
        status = journal_set_acked(flow->journal, ack->point.seq);
    if (status != STATUS_OK)
        return fail("ack_not_kept", status_name(status));
    flow->stepped = false;
    return SYNC_RESULT_DONE;
}

/* The bureau stands elsewhere in our chain than we thought: go on from there, but only once until
 * it has taken something, else the two of us would go round for ever. */
static enum sync_result step_to(struct sync_flow *flow, const struct sync_point *point)
{
    if (!is_in_our_chain(flow->journal, point))
        return refuse_chain(point);
    if (flow->stepped || point->seq == journal_acked_seq(flow->journal)) {
        log_error("sync", "chain_refused", "refused again after entry %lld", (long long)point->seq);
        return SYNC_RESULT_REFUSED;
    }
    log_warning("sync", "resend", "from entry %lld; we thought %lld was acknowledged",
                (long long)point->seq + 1, (long long)journal_acked_seq(flow->journal));
    enum status status = journal_set_acked(flow->journal, point->seq);
    if (status != STATUS_OK)
        return fail("ack_not_kept", status_name(status));
    flow->stepped = true;
    return SYNC_RESULT_DONE;
}

enum sync_result sync_reply_to_entries(struct sync_flow *flow, const struct transport_reply *reply)
{
    struct sync_ack ack;
    struct sync_point point;
    if (reply->status == STATUS_OK && reply->http_status == HTTP_OK)
        return sync_wire_parse_ack(reply->body, reply->size, &ack) == STATUS_OK
                   ? take_ack(flow, &ack)
                   : fail("rubbish", "answer to entries");
    if (reply->status == STATUS_OK && reply->http_status == HTTP_CONFLICT)
        return sync_wire_parse_point(reply->body, reply->size, &point) == STATUS_OK
                   ? step_to(flow, &point)
                   : fail("rubbish", "conflict without a point");
    return judge_other(reply);
}

static enum status append_lease(struct journal *journal, const struct sync_lease *lease)
{
    char body[256];
    text_format(body, sizeof body,
                "{\"kind\":\"account\",\"prefix\":\"%s\",\"first\":%lld,\"count\":%lld,"
                "\"lease\":\"%s\"}",
                lease->prefix, (long long)lease->first, (long long)lease->count, lease->lease);
    struct journal_draft draft = { .kind = JOURNAL_NUMBERS_LEASED, .body = body };
    enum status status = journal_append(journal, &draft, NULL);
    return status == STATUS_EXISTS ? STATUS_OK : status; /* a repeated reply */
}

enum sync_result sync_reply_to_lease(struct sync_flow *flow, const struct transport_reply *reply)
{
    struct sync_lease lease;
    if (reply->status != STATUS_OK || reply->http_status != HTTP_OK)
        return judge_other(reply);
    if (sync_wire_parse_lease(reply->body, reply->size, &lease) != STATUS_OK ||
        strcmp(lease.lease, flow->lease_request) != 0)
        return fail("rubbish", "answer to a lease");
    enum status status = append_lease(flow->journal, &lease);
    if (status == STATUS_OK)
        status = journal_put_fact(flow->journal, SYNC_FACT_LEASE, "");
    if (status != STATUS_OK)
        return fail("lease_not_kept", status_name(status));
    log_info("sync", "numbers_leased", "%lld numbers", (long long)lease.count);
    return SYNC_RESULT_DONE;
}

enum sync_result sync_reply_to_poll(struct sync_flow *flow, const struct transport_reply *reply)
{
    struct sync_point point;
    if (reply->status != STATUS_OK || reply->http_status != HTTP_OK)
        return judge_other(reply);
    if (sync_wire_parse_point(reply->body, reply->size, &point) != STATUS_OK)
        return fail("rubbish", "answer to a poll");
    if (sync_wire_parse_policies(reply->body, reply->size, flow->config.region,
                                 &flow->policy_offered) != STATUS_OK)
        return fail("rubbish", "policies in the answer to a poll");
    if (point.seq == journal_acked_seq(flow->journal) && is_in_our_chain(flow->journal, &point)) {
        flow->stepped = false;
        return SYNC_RESULT_DONE;
    }
    return step_to(flow, &point);
}

/* Taken or refused, this one is dealt with; whether there is a higher one still, if it was taken,
 * else the next poll says. */
enum sync_result sync_reply_to_policy(struct sync_flow *flow, const struct transport_reply *reply)
{
    struct sync_policy policy;
    const struct sync_policy_port *port = &flow->policies;
    if (reply->status == STATUS_OK && reply->http_status == HTTP_NOT_FOUND) {
        flow->policy_offered = 0;
        return SYNC_RESULT_DONE;
    }
    if (reply->status != STATUS_OK || reply->http_status != HTTP_OK)
        return judge_other(reply);
    if (sync_wire_parse_policy(reply->body, reply->size, &policy) != STATUS_OK)
        return fail("rubbish", "answer to a request for a policy");
    int before = port->revision(port->context);
    enum status status = port->take(port->context, &policy);
    sync_wire_free_policy(&policy);
    if (status != STATUS_OK)
        return fail("policy_not_kept", status_name(status));
    if (port->revision(port->context) <= before)
        flow->policy_offered = 0;
    return SYNC_RESULT_DONE;
}
