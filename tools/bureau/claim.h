/*
 * A registration held against the policy it names: the same judgement that the kiosk made
 * (registration/rule.h), by the bureau's own copy of the file.
 *
 * Threads: the HTTPS thread.
 */
#pragma once
#include "registration/refusal.h"
#include "tools/bureau/entry.h"
#include "tools/bureau/person.h"
#include "tools/bureau/store.h"

/*
 * REFUSAL_NONE: nothing stands against it, or this bureau does not have that policy and revision
 * (then nobody is turned away, which is logged). A visit that began before midnight is judged by
 * the day before, too.
 */
enum refusal claim_judge(struct bureau_store *store, const struct bureau_entry *entry,
                         const struct person_facts *person);
