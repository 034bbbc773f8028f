/*
 * Asks the virtual hardware where every note is.
 */
#pragma once
#include "base/status.h"
#include <jansson.h>

/* {"box":{"fen":20000,"notes":{"100":2}}, "escrow":{…}, …}; the caller owns it. STATUS_DISCONNECTED
 * nobody answers, STATUS_PROTOCOL the answer is not that. */
NODISCARD enum status hardware_ask_notes(const char *socket_path, json_t **notes_out);
