/*
 * A whole kiosk below the screen, in virtual time: a real session on a real journal in a folder of
 * its own, with fakes for the three devices. rig_* speak the language of the lobby.
 */
#pragma once
#include "session/session_internal.h"
#include "support/fake_acceptor.h"
#include "support/fake_id_reader.h"
#include "support/fake_printer.h"
#include "support/unit.h"

#define RIG_WALL_MS INT64_C(1795399267000) /* 2026-11-23 */

/* Invented people; the counties 449999 and 339999 do not exist. */
extern const struct identity_card RIG_PERSON, RIG_OTHER_PERSON, RIG_OLD_PERSON;

struct rig {
    char folder[64], journal_path[96];
    struct clock_fake clock;
    struct settings settings;
    struct journal *journal;
    struct seal seal;
    struct journal_root_key key;
    bool cannot_sign; /* from the next restart on */
    struct policy *policy;
    struct fake_id_reader reader;
    struct fake_acceptor acceptor;
    struct fake_printer printer;
    struct health health;
    struct session *session;
    int appended_count;
};

/* cmocka set-up and tear-down; the city is Shanghai. */
int rig_set_up(void **state);
int rig_tear_down(void **state);

/* The process dies and starts again: nothing is finished, the journal is opened anew. */
void rig_restart(struct rig *rig);
/* The last part of a restart: the devices say hello. */
void rig_greet(struct rig *rig);
void rig_use_policy(struct rig *rig, const char *name);
void rig_lease(struct rig *rig, int first, int count);
void rig_tell_health(struct rig *rig);

const struct session_view *rig_view(struct rig *rig);
void rig_touch(struct rig *rig, enum intent intent, int argument);
void rig_type(struct rig *rig, const char *digits);
/* On the signature page: a cross in ink, and the key that registers. */
#define RIG_FIELD VIEW_FIELD_MM(200, 80)
void rig_draw(struct rig *rig);
void rig_sign(struct rig *rig);
void rig_wait(struct rig *rig, int64_t ms);
void rig_assert_step(struct rig *rig, enum session_step step);

/* Ways into the visit: each begins at home and ends on the page it names. */
void rig_go_to_owed(struct rig *rig);
void rig_go_to_registered(struct rig *rig);
void rig_go_to_method(struct rig *rig);
void rig_go_to_cash(struct rig *rig);
/* Notes until the sum is reached; the receipt is then being printed. */
void rig_pay_all(struct rig *rig);

/* No file can be written any more: what a full or broken disk comes to. Healed at tear-down too. */
void rig_break_disk(struct rig *rig);
void rig_heal_disk(struct rig *rig);

/* What the journal says. */
int rig_count(struct rig *rig, enum journal_kind kind);
/* The body of the newest entry of a kind; empty if there is none. Valid until the next call. */
const char *rig_last_body(struct rig *rig, enum journal_kind kind);
const char *rig_last_txn(struct rig *rig, enum journal_kind kind);
/* Whether text occurs in any entry. */
bool rig_journal_holds(struct rig *rig, const char *text);
/* Box and books agree, and the chain and projections verify. */
void rig_assert_books(struct rig *rig);
