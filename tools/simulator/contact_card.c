#include "tools/simulator/contact_card.h"
#include "base/check.h"
#include "tools/simulator/contact_card_files.h"
#include <string.h>

const uint8_t CONTACT_CARD_KEY[CONTACT_CARD_PROOF_SIZE] = { 0x4E, 0x6F, 0x74, 0x41, 0x52, 0x65,
                                                            0x61, 0x6C, 0x4B, 0x65, 0x79, 0x21,
                                                            0x01, 0x02, 0x03, 0x04 };

const struct contact_card_kind CONTACT_CARDS[] = {
    { "sb-01", "of id-01, second generation", "id-01", 2, false, true, false, false, NULL,
      "20180601", "20380531" },
    { "sb-03", "of id-03, first generation, by record numbers only", "id-03", 1, false, false,
      false, false, NULL, "20090601", NULL },
    { "sb-04", "of id-04, long name, T=1", "id-04", 2, true, true, false, false, NULL, "20200601",
      "20400531" },
    { "sb-08", "of id-08, third generation", "id-08", 3, false, true, false, false, NULL,
      "20230601", "20430531" },
    { "sb-08-t1", "of id-08, third generation, T=1", "id-08", 3, true, true, false, false, NULL,
      "20230601", "20430531" },
    { "sb-02", "of id-02, expired", "id-02", 2, false, true, false, false, NULL, "20100601",
      "20200531" },
    { "sb-other-name", "of id-01, under another name", "id-01", 2, false, true, false, false,
      "李明煊", "20180601", "20380531" },
    { "sb-locked", "of id-01, locked by its issuer", "id-01", 2, false, true, true, false, NULL,
      "20180601", "20380531" },
    { "bank", "a bank card", NULL, 0, false, true, false, false, NULL, NULL, NULL },
    { "sam", "a security module for the second slot", NULL, 0, false, true, false, true, NULL, NULL,
      NULL },
};
const size_t CONTACT_CARD_COUNT = ARRAY_SIZE(CONTACT_CARDS);

enum {
    INS_VERIFY = 0x20,
    INS_EXTERNAL_AUTHENTICATE = 0x82,
    INS_GET_CHALLENGE = 0x84,
    INS_SELECT = 0xA4,
    INS_READ_RECORD = 0xB2,
    INS_GET_RESPONSE = 0xC0,
    INS_SAM_CRYPT = 0xFA /* of this model's SAM */
};

#define TRIES 3
#define NO_LE (-1)

const struct contact_card_kind *contact_card_find(const char *id)
{
    for (size_t i = 0; i < CONTACT_CARD_COUNT; i++)
        if (strcmp(CONTACT_CARDS[i].id, id) == 0)
            return &CONTACT_CARDS[i];
    return NULL;
}

void contact_card_prove(const uint8_t *last_two_randoms, uint8_t out[CONTACT_CARD_PROOF_SIZE])
{
    for (size_t i = 0; i < CONTACT_CARD_PROOF_SIZE; i++)
        out[i] = last_two_randoms[i] ^ CONTACT_CARD_KEY[i];
}

/* ---- power ---- */

void contact_card_power_off(struct contact_card *card)
{
    const struct contact_card_kind *kind = card->kind;
    int tries_left = card->tries_left, errors = card->errors;
    uint32_t random_state = card->random_state;
    bool spoils_next = card->spoils_next, waits_next = card->waits_next;
    *card = (struct contact_card){ .kind = kind,
                                   .tries_left = tries_left,
                                   .errors = errors,
                                   .random_state = random_state,
                                   .spoils_next = spoils_next,
                                   .waits_next = waits_next,
                                   .ifsd = 32 };
}

size_t contact_card_reset(struct contact_card *card, uint8_t atr[33])
{
    /* 3B 6D 00 00 and 13 bytes of history, as on every card seen; the maker's bytes are invented.
     */
    static const uint8_t ATR_T0[] = { 0x3B, 0x6D, 0x00, 0x00, 0x00, 0x99, 0x54, 0x48, 0x32,
                                      0x99, 0x60, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 };
    /* TA3 10: it takes 16 bytes a block, so that a SELECT comes in a chain. */
    static const uint8_t ATR_T1[] = { 0x3B, 0xED, 0x00, 0x00, 0x81, 0x31, 0x10,
                                      0x45, 0x00, 0x99, 0x54, 0x48, 0x32, 0x99,
                                      0x60, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 };
    contact_card_power_off(card);
    card->powered = true;
    if (!card->kind->speaks_t1) {
        memcpy(atr, ATR_T0, sizeof ATR_T0);
        return sizeof ATR_T0;
    }
    memcpy(atr, ATR_T1, sizeof ATR_T1);
    uint8_t check = 0;
    for (size_t i = 1; i < sizeof ATR_T1; i++)
        check ^= ATR_T1[i];
    atr[sizeof ATR_T1] = check;
    return sizeof ATR_T1 + 1;
}

/* ---- commands ---- */

struct command {
    uint8_t ins, p1, p2;
    const uint8_t *data;
    size_t size;
    int le; /* 0: 256; NO_LE */
};

/* Data and status of an answer. */
struct answer {
    uint8_t data[CONTACT_CARD_ANSWER_MAX];
    size_t size;
    unsigned sw;
};

static unsigned select_name(struct contact_card *card, const struct command *command,
                            struct answer *answer)
{
    static const uint8_t SSSE[] = { 0x73, 0x78, 0x31, 0x2E, 0x73, 0x68, 0x2E, 0xC9,
                                    0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF };
    static const uint8_t FCI_END[] = { 0xA5, 0x06, 0x9F, 0x0C, 0x03, 0x86, 0x01, 0x03 };
    if (card->kind->citizen == NULL || command->size != sizeof SSSE ||
        memcmp(command->data, SSSE, sizeof SSSE) != 0)
        return 0x6A82;
    if (card->kind->is_locked)
        return 0x9303;
    bool tells_algorithm = card->kind->generation == 3;
    uint8_t *at = answer->data;
    *at++ = 0x6F;
    *at++ = (uint8_t)(2 + sizeof SSSE + (tells_algorithm ? sizeof FCI_END : 0));
    *at++ = 0x84;
    *at++ = sizeof SSSE;
    memcpy(at, SSSE, sizeof SSSE);
    at += sizeof SSSE;
    if (tells_algorithm)
        memcpy(at, FCI_END, sizeof FCI_END);
    answer->size = 2 + (size_t)answer->data[1];
    card->selected = true;
    card->file = 0;
    return 0x9000;
}

static unsigned select_file(struct contact_card *card, const struct command *command)
{
    if (!card->selected || command->size != 2)
        return 0x6A82;
    int file = command->data[0] << 8 | command->data[1];
    if (file != CONTACT_FILE_ISSUER && file != CONTACT_FILE_HOLDER)
        return 0x6A82;
    card->file = file;
    return 0x9000;
}

static unsigned read_record(struct contact_card *card, const struct command *command,
                            struct answer *answer)
{
    int short_id = command->p2 >> 3, how = command->p2 & 7;
    int file = short_id != 0 ? 0xEF00 | short_id : card->file;
    if (!card->selected || (how != 0 && how != 4) || (how == 0 && !card->kind->knows_tags))
        return 0x6A86;
    if (file != CONTACT_FILE_ISSUER && file != CONTACT_FILE_HOLDER)
        return 0x6985;
    if (file == CONTACT_FILE_HOLDER && card->kind->generation == 3 && !card->authenticated)
        return 0x6982;
    answer->size = contact_card_record(card->kind, file, command->p1, how == 4, answer->data);
    return answer->size > 0 ? 0x9000 : 0x6A83;
}

static unsigned get_challenge(struct contact_card *card, struct answer *answer)
{
    memcpy(card->randoms[0], card->randoms[1], CONTACT_CARD_RANDOM_SIZE);
    for (size_t i = 0; i < CONTACT_CARD_RANDOM_SIZE; i++) {
        card->random_state = card->random_state * 1664525u + 1013904223u;
        card->randoms[1][i] = (uint8_t)(card->random_state >> 24);
    }
    memcpy(answer->data, card->randoms[1], CONTACT_CARD_RANDOM_SIZE);
    answer->size = CONTACT_CARD_RANDOM_SIZE;
    return 0x9000;
}

static unsigned authenticate(struct contact_card *card, const struct command *command)
{
    uint8_t proof[CONTACT_CARD_PROOF_SIZE];
    if (command->p2 != 0x0A || command->size != sizeof proof)
        return 0x6A86;
    if (card->tries_left == 0)
        return 0x6983;
    contact_card_prove(card->randoms[0], proof);
    card->authenticated = memcmp(proof, command->data, sizeof proof) == 0;
    card->tries_left = card->authenticated ? TRIES : card->tries_left - 1;
    return card->authenticated ? 0x9000 : 0x63C0u | (unsigned)card->tries_left;
}

static unsigned crypt_in_sam(const struct contact_card *card, const struct command *command,
                             struct answer *answer)
{
    if (!card->kind->is_sam || command->size != CONTACT_CARD_PROOF_SIZE)
        return 0x6D00;
    contact_card_prove(command->data, answer->data);
    answer->size = CONTACT_CARD_PROOF_SIZE;
    return 0x9000;
}

static unsigned run(struct contact_card *card, const struct command *command, struct answer *answer)
{
    switch (command->ins) {
    case INS_SELECT:
        return command->p1 == 0x04 ? select_name(card, command, answer)
                                   : select_file(card, command);
    case INS_READ_RECORD:
        return read_record(card, command, answer);
    case INS_GET_CHALLENGE:
        return get_challenge(card, answer);
    case INS_EXTERNAL_AUTHENTICATE:
        return authenticate(card, command);
    case INS_SAM_CRYPT:
        return crypt_in_sam(card, command, answer);
    case INS_VERIFY:
        card->errors++;
        return 0x63C2;
    }
    card->errors++;
    return 0x6D00;
}

static size_t finish(const struct answer *answer, unsigned sw, uint8_t *out)
{
    memcpy(out, answer->data, answer->size);
    out[answer->size] = (uint8_t)(sw >> 8);
    out[answer->size + 1] = (uint8_t)sw;
    return answer->size + 2;
}

static size_t finish_bare(unsigned sw, uint8_t *out)
{
    const struct answer none = { .size = 0 };
    return finish(&none, sw, out);
}

/* ---- T=0 ---- */

static bool takes_data(uint8_t ins)
{
    return ins != INS_READ_RECORD && ins != INS_GET_CHALLENGE && ins != INS_GET_RESPONSE;
}

static size_t give_pending(struct contact_card *card, int le, uint8_t *out)
{
    if (card->pending_size == 0)
        return finish_bare(0x6985, out);
    if ((size_t)le != card->pending_size)
        return finish_bare(0x6C00u | (unsigned)card->pending_size, out);
    struct answer answer = { .size = card->pending_size };
    memcpy(answer.data, card->pending, answer.size);
    card->pending_size = 0;
    return finish(&answer, 0x9000, out);
}

size_t contact_card_take_tpdu(struct contact_card *card, const uint8_t *data, size_t size,
                              uint8_t out[CONTACT_CARD_ANSWER_MAX])
{
    if (size < 5 || (size > 5 && size != 5u + data[4]) ||
        (size == 5 && takes_data(data[1]) && data[4] != 0)) {
        card->errors++;
        return finish_bare(0x6700, out);
    }
    if (data[1] == INS_GET_RESPONSE)
        return give_pending(card, data[4], out);
    card->pending_size = 0;
    struct answer answer = { .size = 0 };
    const struct command command = { .ins = data[1],
                                     .p1 = data[2],
                                     .p2 = data[3],
                                     .data = data + 5,
                                     .size = size - 5,
                                     .le = takes_data(data[1]) ? NO_LE : data[4] };
    unsigned sw = run(card, &command, &answer);
    if (answer.size == 0)
        return finish_bare(sw, out);
    if (command.le == NO_LE) {
        memcpy(card->pending, answer.data, answer.size);
        card->pending_size = answer.size;
        return finish_bare(0x6100u | (unsigned)answer.size, out);
    }
    if ((size_t)command.le != answer.size)
        return finish_bare(0x6C00u | (unsigned)answer.size, out);
    return finish(&answer, sw, out);
}

/* ---- whole commands ---- */

static bool parse_command(const uint8_t *data, size_t size, struct command *out)
{
    if (size < 4)
        return false;
    *out = (struct command){ .ins = data[1], .p1 = data[2], .p2 = data[3], .le = NO_LE };
    if (size == 5)
        out->le = data[4];
    if (size <= 5)
        return true;
    out->size = data[4];
    out->data = data + 5;
    if (size == 6 + out->size)
        out->le = data[size - 1];
    return size == 5 + out->size || size == 6 + out->size;
}

size_t contact_card_take_apdu(struct contact_card *card, const uint8_t *data, size_t size,
                              uint8_t out[CONTACT_CARD_ANSWER_MAX])
{
    struct command command;
    struct answer answer = { .size = 0 };
    if (!parse_command(data, size, &command)) {
        card->errors++;
        return finish_bare(0x6700, out);
    }
    unsigned sw = run(card, &command, &answer);
    /* Le 00 asks for whatever there is; only bare T=0 needs the exact length. */
    if (command.le > 0 && answer.size > 0 && (size_t)command.le != answer.size)
        return finish_bare(0x6C00u | (unsigned)answer.size, out);
    return finish(&answer, sw, out);
}
