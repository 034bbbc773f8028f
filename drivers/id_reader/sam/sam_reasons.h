/* What a failure of the reader, or of a card, is called above the driver. */
#pragma once
#include "drivers/id_reader/id_reader.h"
#include "drivers/id_reader/sam/sam_wire.h"

/* One of DEVICE_PROBLEM_* for a status the reader could not be started or asked with. */
uint32_t sam_problem_of(enum status status);
/* Why a card was not read, for any result but success. */
enum id_reader_reason sam_reason_of(enum sam_result result);
/* A spoiled exchange may go better the next time. */
bool sam_is_worth_repeating(enum status status);
