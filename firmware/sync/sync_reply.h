/*
 * What a reply of the bureau does to the journal. Called by the flow with the reply to what it
 * sent.
 */
#pragma once
#include "sync/sync.h"

enum sync_result {
    SYNC_RESULT_DONE,    /* taken; go on */
    SYNC_RESULT_REFUSED, /* the bureau refuses our chain or certificate */
    SYNC_RESULT_FAILED,  /* no answer, rubbish, or our own disk refused; try again later */
};

enum sync_result sync_reply_to_entries(struct sync_flow *flow, const struct transport_reply *reply);
enum sync_result sync_reply_to_lease(struct sync_flow *flow, const struct transport_reply *reply);
enum sync_result sync_reply_to_poll(struct sync_flow *flow, const struct transport_reply *reply);
enum sync_result sync_reply_to_policy(struct sync_flow *flow, const struct transport_reply *reply);

#define SYNC_FACT_LEASE "lease_request"
