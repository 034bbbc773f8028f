/*
 * The bureau's ledger as people and tests read it.
 */
#pragma once
#include "tools/bureau/store.h"
#include <jansson.h>
#include <stdio.h>

/*
 * {"kiosks":[{"id","acked_seq","acked_hash","root_date","root_seq","accounts":{"cash_box":…}}],
 *  "citizens":[{"account","kiosk","premium","surplus"}],
 *  "payments":[{"voucher","kiosk","txn","seq","at","account","paid","applied","surplus","outcome",
 *               "receipt"}],
 *  "dead_letters":[{"kiosk","seq","kind","txn","reason","detail"}]}
 */
NODISCARD enum status ledger_build(struct bureau_store *reader, json_t **ledger_out);
void ledger_print(FILE *out, const json_t *ledger);
