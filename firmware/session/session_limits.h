/*
 * Which notes this kiosk takes, and on what terms a payment may be made with them: the policy's
 * rule about a surplus, and the limits of the site. A payment that cannot be ended within them is
 * not begun; the person hears why before the first note.
 */
#pragma once
#include "payment/note_plan.h"
#include "session/session.h"

/* The site's denominations, as far as the acceptor knows them. */
void limits_init(struct session *session);
void limits_on_acceptor(struct session *session, const struct cash_acceptor_event *event);

/*
 * The terms of the quote that is chosen, as of now. Requires: a quote and its policy.
 * Returns SERVICE_OFFERED, or the limit under which no notes can pay it; *out is whole either way.
 */
enum service limits_terms(const struct session *session, struct note_terms *out);

/* On the page where a way to pay is chosen: the same. Elsewhere SERVICE_OFFERED, unless there is no
 * denomination that settings and acceptor have in common. */
enum service limits_service(const struct session *session);
