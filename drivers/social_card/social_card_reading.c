#include "drivers/social_card/social_card_reading.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"

enum {
    INS_SELECT = 0xA4,
    INS_READ_RECORD = 0xB2,
    INS_GET_CHALLENGE = 0x84,
    INS_EXTERNAL_AUTHENTICATE = 0x82,
    KEY_RK_SSSE = 0x0A
};

/* "sx1.sh.社会保障" in GBK: the environment of the social security application. */
static const uint8_t SSSE[] = { 0x73, 0x78, 0x31, 0x2E, 0x73, 0x68, 0x2E, 0xC9,
                                0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF };

/* How a record of the current file is asked for. The tag means the same on every generation, so it
 * comes first; numbers are for cards that know no tags. */
struct method {
    bool by_tag;
    bool by_short_id; /* P2 names the file: the five low bits of its id */
    uint8_t p2;
};
static const struct method METHODS[] = {
    { .by_tag = true, .p2 = 0x00 },
    { .by_tag = true, .by_short_id = true, .p2 = 0x00 },
    { .by_tag = false, .p2 = 0x04 },
};

/* Both are in use for selecting an elementary file. */
static const uint8_t SELECT_P1[] = { 0x02, 0x00 };

struct reading {
    const struct social_card_source *source;
    struct social_card *card;
    enum social_card_result result;
    const struct method *method; /* NULL: not found out yet */
    int file;                    /* current; 0 none */
    struct card_challenge challenge;
    bool is_proved;
    struct social_card_value name, name_more;
    struct apdu_answer answer;
};

static const char *const NAMES[] = {
    [SOCIAL_CARD_READ] = "read",         [SOCIAL_CARD_OTHER] = "other",
    [SOCIAL_CARD_LOCKED] = "locked",     [SOCIAL_CARD_NEEDS_AUTHORITY] = "needs_authority",
    [SOCIAL_CARD_UNPROVED] = "unproved", [SOCIAL_CARD_GARBLED] = "garbled",
};
static_assert(ARRAY_SIZE(NAMES) == SOCIAL_CARD_GARBLED + 1, "a name for each result");

const char *social_card_result_name(enum social_card_result result)
{
    CHECK((unsigned)result < ARRAY_SIZE(NAMES));
    return NAMES[result];
}

/* ---- one command ---- */

static enum status ask(struct reading *reading, const struct apdu *command)
{
    struct apdu_channel *card = reading->source->card;
    return card->exchange(card, command, &reading->answer);
}

static bool is_locked(uint16_t sw)
{
    return sw == APDU_SW_INVALIDATED || sw == APDU_SW_CARD_LOCKED ||
           sw == APDU_SW_APPLICATION_LOCKED;
}

/* ---- selecting ---- */

static enum status select_application(struct reading *reading)
{
    const struct apdu select = {
        .ins = INS_SELECT, .p1 = 0x04, .data = SSSE, .size = sizeof SSSE, .le = 0
    };
    enum status status = ask(reading, &select);
    if (status != STATUS_OK)
        return status;
    reading->challenge.algorithm =
        social_card_algorithm(reading->answer.data, reading->answer.size);
    if (reading->answer.sw == APDU_SW_OK)
        reading->result = SOCIAL_CARD_READ;
    else
        reading->result = is_locked(reading->answer.sw) ? SOCIAL_CARD_LOCKED : SOCIAL_CARD_OTHER;
    return STATUS_OK;
}

static enum status select_file(struct reading *reading, enum social_card_file file)
{
    const uint8_t id[] = { (uint8_t)(file >> 8), (uint8_t)file };
    enum status status = STATUS_OK;
    reading->file = 0;
    for (size_t i = 0; i < sizeof SELECT_P1 && status == STATUS_OK && reading->file == 0; i++) {
        const struct apdu select = {
            .ins = INS_SELECT, .p1 = SELECT_P1[i], .data = id, .size = sizeof id, .le = 0
        };
        status = ask(reading, &select);
        if (status == STATUS_OK && reading->answer.sw == APDU_SW_OK)
            reading->file = (int)file;
    }
    if (status == STATUS_OK && reading->file == 0)
        reading->result = is_locked(reading->answer.sw) ? SOCIAL_CARD_LOCKED : SOCIAL_CARD_GARBLED;
    return status;
}

/* ---- records ---- */

static uint8_t number_of(const struct reading *reading, const struct social_card_record *record)
{
    return reading->card->generation == 1 ? record->number_first : record->number;
}

/* False if this layout has no such record. */
static bool compose_read(const struct reading *reading, const struct method *method,
                         const struct social_card_record *record, struct apdu *out)
{
    uint8_t file = method->by_short_id ? (uint8_t)((record->file & 0x1F) << 3) : 0;
    *out = (struct apdu){ .ins = INS_READ_RECORD,
                          .p1 = method->by_tag ? (uint8_t)record->tag : number_of(reading, record),
                          .p2 = (uint8_t)(file | method->p2),
                          .le = 0 };
    return out->p1 != 0;
}

/* STATUS_OK with size 0 where the card has no such record under this method. */
static enum status read_by(struct reading *reading, const struct method *method,
                           const struct social_card_record *record, struct social_card_value *value)
{
    struct apdu command;
    value->size = 0;
    if (!compose_read(reading, method, record, &command))
        return STATUS_OK;
    enum status status = ask(reading, &command);
    if (status != STATUS_OK || reading->answer.sw != APDU_SW_OK)
        return status;
    enum status parsed = social_card_parse_record(reading->answer.data, reading->answer.size,
                                                  (uint8_t)record->tag, value);
    if (parsed == STATUS_PROTOCOL)
        reading->result = SOCIAL_CARD_GARBLED;
    return STATUS_OK;
}

/* The first record read finds out which method this card knows. */
static enum status read_value(struct reading *reading, const struct social_card_record *record,
                              struct social_card_value *value)
{
    if (reading->method != NULL)
        return read_by(reading, reading->method, record, value);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ARRAY_SIZE(METHODS) && status == STATUS_OK; i++) {
        status = read_by(reading, &METHODS[i], record, value);
        if (status != STATUS_OK || value->size == 0)
            continue;
        reading->method = &METHODS[i];
        break;
    }
    return status;
}

static void judge_missing(struct reading *reading, const struct social_card_record *record)
{
    if (reading->result != SOCIAL_CARD_READ)
        return;
    if (is_locked(reading->answer.sw))
        reading->result = SOCIAL_CARD_LOCKED;
    else if (reading->answer.sw == APDU_SW_NOT_ALLOWED && record->file == SOCIAL_CARD_HOLDER)
        reading->result =
            reading->source->authority == NULL ? SOCIAL_CARD_NEEDS_AUTHORITY : SOCIAL_CARD_UNPROVED;
    else if (!record->is_optional)
        reading->result = SOCIAL_CARD_GARBLED;
}

static enum status keep(struct reading *reading, enum social_card_tag tag,
                        const struct social_card_value *value)
{
    if (tag == SOCIAL_CARD_TAG_NAME)
        reading->name = *value;
    else if (tag == SOCIAL_CARD_TAG_NAME_MORE)
        reading->name_more = *value;
    else
        return social_card_take(reading->card, tag, value);
    return STATUS_OK;
}

static enum status read_record(struct reading *reading, const struct social_card_record *record)
{
    struct social_card_value value = { 0 };
    enum status status = STATUS_OK;
    if (reading->file != (int)record->file)
        status = select_file(reading, record->file);
    if (status != STATUS_OK || reading->result != SOCIAL_CARD_READ)
        return status;
    status = read_value(reading, record, &value);
    if (status == STATUS_OK && value.size == 0)
        judge_missing(reading, record);
    else if (status == STATUS_OK && keep(reading, record->tag, &value) != STATUS_OK)
        reading->result = SOCIAL_CARD_GARBLED;
    if (record->tag == SOCIAL_CARD_TAG_ID && value.size == sizeof reading->challenge.card_id)
        memcpy(reading->challenge.card_id, value.bytes, value.size);
    bytes_wipe(&value, sizeof value);
    return status;
}

/* ---- generation 3 ---- */

static enum status draw_randoms(struct reading *reading)
{
    static const struct apdu GET_CHALLENGE = { .ins = INS_GET_CHALLENGE,
                                               .le = CARD_AUTHORITY_RANDOM_SIZE };
    enum status status = STATUS_OK;
    for (int i = 0; i < CARD_AUTHORITY_RANDOMS && status == STATUS_OK; i++) {
        status = ask(reading, &GET_CHALLENGE);
        if (status != STATUS_OK)
            return status;
        if (reading->answer.sw != APDU_SW_OK || reading->answer.size != CARD_AUTHORITY_RANDOM_SIZE)
            reading->result = SOCIAL_CARD_UNPROVED;
        else
            memcpy(reading->challenge.randoms[i], reading->answer.data, reading->answer.size);
    }
    return status;
}

static enum status present_proof(struct reading *reading,
                                 const uint8_t proof[CARD_AUTHORITY_PROOF_SIZE])
{
    const struct apdu authenticate = { .ins = INS_EXTERNAL_AUTHENTICATE,
                                       .p2 = KEY_RK_SSSE,
                                       .data = proof,
                                       .size = CARD_AUTHORITY_PROOF_SIZE,
                                       .le = APDU_NO_LE };
    enum status status = ask(reading, &authenticate);
    if (status != STATUS_OK)
        return status;
    reading->is_proved = reading->answer.sw == APDU_SW_OK;
    if (!reading->is_proved)
        reading->result = SOCIAL_CARD_UNPROVED;
    return STATUS_OK;
}

static enum status prove(struct reading *reading)
{
    const struct social_card_source *source = reading->source;
    if (source->authority == NULL) {
        reading->result = SOCIAL_CARD_NEEDS_AUTHORITY;
        return STATUS_OK;
    }
    struct card_challenge *challenge = &reading->challenge;
    text_copy(challenge->region, sizeof challenge->region, reading->card->region);
    memcpy(challenge->history, source->atr->history, source->atr->history_size);
    challenge->history_size = source->atr->history_size;
    enum status status = draw_randoms(reading);
    if (status != STATUS_OK || reading->result != SOCIAL_CARD_READ)
        return status;
    uint8_t proof[CARD_AUTHORITY_PROOF_SIZE];
    status = source->authority->prove(source->authority, challenge, source->sam, proof);
    if (status == STATUS_OK)
        status = present_proof(reading, proof);
    else if (status != STATUS_CANCELLED) {
        reading->result = SOCIAL_CARD_UNPROVED;
        status = STATUS_OK;
    }
    bytes_wipe(proof, sizeof proof);
    return status;
}

/* Free to read before the proof, on every generation. */
static bool is_free(enum social_card_tag tag)
{
    return tag == SOCIAL_CARD_TAG_VERSION || tag == SOCIAL_CARD_TAG_ID ||
           tag == SOCIAL_CARD_TAG_CARD_NUMBER;
}

static enum status read_records(struct reading *reading)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < SOCIAL_CARD_RECORD_COUNT; i++) {
        const struct social_card_record *record = &SOCIAL_CARD_RECORDS[i];
        if (reading->card->generation == 3 && !is_free(record->tag) && !reading->is_proved)
            status = prove(reading);
        if (status == STATUS_OK && reading->result == SOCIAL_CARD_READ)
            status = read_record(reading, record);
        if (status != STATUS_OK || reading->result != SOCIAL_CARD_READ)
            break;
    }
    if (status == STATUS_OK && reading->result == SOCIAL_CARD_READ &&
        social_card_take_name(reading->card, &reading->name, &reading->name_more) != STATUS_OK)
        reading->result = SOCIAL_CARD_GARBLED;
    return status;
}

enum status social_card_read(const struct social_card_source *source, struct social_card *out,
                             enum social_card_result *result_out)
{
    struct reading reading = { .source = source, .card = out };
    *out = (struct social_card){ 0 };
    enum status status = select_application(&reading);
    if (status == STATUS_OK && reading.result == SOCIAL_CARD_READ)
        status = read_records(&reading);
    *result_out = reading.result;
    int generation = out->generation;
    if (status != STATUS_OK || reading.result != SOCIAL_CARD_READ) {
        social_card_wipe(out);
        out->generation = generation;
    }
    bytes_wipe(&reading, sizeof reading);
    return status;
}
