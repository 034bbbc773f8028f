/*
 * One citizen's visit, from the first touch to the wipe. A state table; everything outside comes in
 * as events and everything shown goes out as one view.
 *
 * Threads:   main loop. Ownership: everything in session_parts outlives the session.
 * Privacy:   identity, phone and typed digits live in struct session only and are wiped when the
 *            visit ends (session_is_wiped is a test of that).
 */
#pragma once
#include "drivers/id_reader/id_reader.h"
#include "health/health.h"
#include "payment/cash_flow.h"
#include "plan/policy.h"
#include "plan/quote.h"
#include "receipt/receipt_flow.h"
#include "session/session_view.h"
#include "settings/settings.h"
#include "store/journal.h"
#include "store/journal_root.h"
#include "store/seal.h"

struct session_parts {
    const struct clock *clock;
    const struct settings *settings;
    struct journal *journal;
    const struct seal *seal;
    const struct journal_root_key *signing_key; /* signs what a slip says; NULL: it cannot */
    const struct policy *policy;                /* NULL: none loaded */
    struct id_reader *reader;
    struct cash_acceptor *acceptor;
    struct printer *printer;
    struct font *font; /* of the screens, for receipts; NULL: opened for each receipt */
    void (*on_change)(void *context); /* the view changed: redraw soon */
    /* Asks the bureau something out of turn (sync/WIRE.md, "inquiry" and "registration"; action is
     * that word). After STATUS_OK one
     * session_on_bureau_answer follows, unless the question is dropped. Both NULL: no bureau. */
    enum status (*ask_bureau)(void *context, const char *action, const char *body, size_t size);
    void (*drop_question)(void *context);
    void (*on_appended)(void *context); /* something for the bureau was appended */
    void *context;
};

struct session; /* defined in session_internal.h; allocate with session_create */

/* NULL only when out of memory. Also resolves what a crash left: an open transaction is completed
 * from the journal once the acceptor has told where its note is, and its slip is printed. */
struct session *session_create(const struct session_parts *parts);
void session_destroy(struct session *session);

/* A visit under way keeps the policy it began with: the old one must stay valid until the session
 * is at home. */
void session_set_policy(struct session *session, const struct policy *policy);
bool session_uses_policy(const struct session *session, const struct policy *policy);
void session_set_health(struct session *session, const struct health *health);
void session_set_bureau_reachable(struct session *session, bool reachable);
/* Can this kiosk speak now? While it cannot, nobody is offered it, and whoever listened sees it go.
 * False until told. */
void session_set_speech_offered(struct session *session, bool offered);

void session_on_intent(struct session *session, enum intent intent, int argument);
/* Somebody touched the panel anywhere or pressed a key: the wait for the person begins anew, unless
 * the question whether more time is needed stands; that one wants an answer. */
void session_on_activity(struct session *session);
void session_on_reader(struct session *session, const struct id_reader_event *event);
void session_on_acceptor(struct session *session, const struct cash_acceptor_event *event);
void session_on_printer(struct session *session, const struct printer_event *event);

/* Somebody writes on the signature field: the next point; NULL takes back the stroke begun last. On
 * any other page it means nothing. */
void session_on_stroke(struct session *session, const struct ui_stroke_point *point);

/* body is looked at and not kept. An answer nobody waits for is ignored. */
void session_on_bureau_answer(struct session *session, enum status status, int http_status,
                              const char *body, size_t size);
/* A line that a scanner or a keyboard wrote; on most pages it means nothing. */
void session_on_text(struct session *session, const char *text);

void session_tick(struct session *session);
int64_t session_next_deadline_ms(const struct session *session);

/* Valid until the next call into the session. */
const struct session_view *session_current_view(struct session *session);

/* True at rest with no byte of the last visit's person left in the session. */
bool session_is_wiped(const struct session *session);
