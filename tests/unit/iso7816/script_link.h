/*
 * A card that follows a script: what it must be sent, and what it answers.
 */
#pragma once
#include "drivers/iso7816/apdu.h"
#include "support/unit.h"
#include "unit/drivers/hex.h"
#include <stdbool.h>

struct script_line {
    const char *sent;   /* hex, without the check byte when the script adds it; NULL: the end */
    const char *answer; /* hex */
    enum status status; /* in place of an answer */
    bool is_spoilt;     /* the check byte of the answer is wrong */
    int waiting_factor; /* that the host must allow this time */
};

struct script_link {
    struct card_link link;
    const struct script_line *lines;
    bool has_check; /* T=1: an LRC ends every block */
    int at;
};

static inline size_t script_bytes(const struct script_link *script, const char *hex, uint8_t *out,
                                  size_t size)
{
    size_t count = hex_bytes(hex, out, size - 1);
    if (script->has_check) {
        out[count] = 0;
        for (size_t i = 0; i < count; i++)
            out[count] ^= out[i];
        count++;
    }
    return count;
}

static inline enum status script_transmit(struct card_link *link, const uint8_t *out, size_t size,
                                          uint8_t *in, size_t in_size, size_t *got_out)
{
    struct script_link *script = (struct script_link *)link;
    const struct script_line *line = &script->lines[script->at];
    uint8_t wanted[512], answer[512];
    if (line->sent == NULL)
        fail_msg("one exchange more than the script has: line %d", script->at);
    script->at++;
    size_t wanted_size = script_bytes(script, line->sent, wanted, sizeof wanted);
    assert_int_equal(size, wanted_size);
    assert_memory_equal(out, wanted, size);
    assert_int_equal(link->waiting_factor, line->waiting_factor);
    *got_out = 0;
    if (line->status != STATUS_OK)
        return line->status;
    size_t count = script_bytes(script, line->answer, answer, sizeof answer);
    assert_true(count <= in_size);
    if (line->is_spoilt)
        answer[count - 1] ^= 0x55;
    memcpy(in, answer, count);
    *got_out = count;
    return STATUS_OK;
}

static inline void script_init(struct script_link *script, const struct script_line *lines,
                               bool has_check)
{
    *script = (struct script_link){ .link = { .transmit = script_transmit },
                                    .lines = lines,
                                    .has_check = has_check };
}

static inline void assert_script_ended(const struct script_link *script)
{
    assert_null(script->lines[script->at].sent);
}
