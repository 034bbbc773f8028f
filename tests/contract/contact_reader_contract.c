/*
 * What every driver of a contact card reader must do, on the wire model of the reader.
 */
#include "contract/contact_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void names_itself_when_ready(void **state)
{
    struct contact_rig *rig = *state;
    const struct device_status *status = &rig->heard[rig->read_count - 1].status;
    assert_string_equal(status->serial, "C-000001");
    assert_string_equal(status->model, "096e:0503 Contact Card Reader");
    assert_int_equal(status->problems, 0);
}

static void reads_a_card_once_and_takes_its_power_away(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-01");
    expect(rig, CONTACT_READER_EVENT_CARD_SEEN);
    const struct contact_reader_event *event = expect_card(rig, "449999198803150019");
    assert_string_equal(event->card.name, "李明轩");
    assert_string_equal(event->card.card_number, "T00000001");
    assert_string_equal(event->card.region, "449999");
    assert_int_equal(event->card.generation, 2);
    assert_int_equal(event->card.issued, 20180601);
    assert_int_equal(event->card.valid_to, 20380531);
    rig_run_for(&rig->rig, 2500);
    assert_int_equal(count_heard(rig, CONTACT_READER_EVENT_CARD_READ), 1);
    assert_non_null(strstr(rig_sim("state"), "\"powered\":false"));
}

static void reads_nothing_until_asked(void **state)
{
    struct contact_rig *rig = *state;
    rig_sim("contact insert sb-01");
    long resets = sim_number("resets");
    rig_run_for(&rig->rig, 1000);
    assert_int_equal(count_heard(rig, CONTACT_READER_EVENT_CARD_SEEN), 0);
    assert_int_equal(sim_number("resets"), resets);
    contact_reader_set_reading(rig->reader, true);
    expect_card(rig, "449999198803150019");
}

static void tells_when_the_card_is_taken_away(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-01");
    expect_card(rig, "449999198803150019");
    rig_sim("contact remove");
    expect(rig, CONTACT_READER_EVENT_CARD_GONE);
    rig_sim("contact insert sb-03");
    expect_card(rig, "339999197908200035");
}

static void a_reader_without_notices_is_asked_instead(void **state)
{
    struct contact_rig *rig = *state;
    change(rig, "notices off");
    tells_when_the_card_is_taken_away(state);
}

static void a_new_visit_reads_the_card_that_still_is_in(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-01");
    expect_card(rig, "449999198803150019");
    contact_reader_set_reading(rig->reader, false);
    rig_run_for(&rig->rig, 300);
    contact_reader_set_reading(rig->reader, true);
    expect_card(rig, "449999198803150019");
}

/* Every card at every level; names that need the second record, records that come in chains. */
static void read_all_cards(struct contact_rig *rig)
{
    static const struct {
        const char *card, *number, *name;
        int generation;
    } TABLE[] = {
        { "sb-01", "449999198803150019", "李明轩", 2 },
        { "sb-03", "339999197908200035", "陈建国", 1 },
        { "sb-04", "449999199006050044", "阿依古丽·麦麦提·吐尔逊", 2 },
    };
    contact_reader_set_reading(rig->reader, true);
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        rig_sim("contact insert %s", TABLE[i].card);
        const struct contact_reader_event *event = expect_card(rig, TABLE[i].number);
        assert_string_equal(event->card.name, TABLE[i].name);
        assert_int_equal(event->card.generation, TABLE[i].generation);
        rig_sim("contact remove");
        expect(rig, CONTACT_READER_EVENT_CARD_GONE);
    }
}

static void reads_every_card_at_tpdu_level(void **state)
{
    long errors = sim_number("protocol_errors");
    read_all_cards(*state);
    assert_int_equal(sim_number("protocol_errors"), errors);
}

static void reads_every_card_at_short_apdu_level(void **state)
{
    long errors = sim_number("protocol_errors");
    change(*state, "level short");
    read_all_cards(*state);
    assert_int_equal(sim_number("protocol_errors"), errors);
}

/* Messages of 30 bytes: both the SELECT and the name come in parts. */
static void reads_every_card_at_extended_level_in_parts(void **state)
{
    long errors = sim_number("protocol_errors");
    change(*state, "level extended");
    read_all_cards(*state);
    change(*state, "message 30");
    read_all_cards(*state);
    assert_int_equal(sim_number("protocol_errors"), errors);
}

static void finds_a_reader_of_a_vendors_class(void **state)
{
    static const struct device_match VENDOR = { .driver = "ccid",
                                                .vid = 0x096E,
                                                .pid = 0x0503,
                                                .interface_class = -1,
                                                .interface_subclass = -1 };
    struct contact_rig *rig = *state;
    unplug(rig);
    rig_sim("contact class vendor");
    rig_sim("contact descriptor behind");
    open_reader(rig, &VENDOR, NULL, DEVICE_ABSENT);
    rig_sim("plug contact");
    expect_state(rig, DEVICE_READY);
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-01");
    expect_card(rig, "449999198803150019");
}

/* 5 V does not wake this card; 1.8 V does. Power is off in between. */
static void tries_the_voltages_one_after_another(void **state)
{
    struct contact_rig *rig = *state;
    change(rig, "card-voltage 1.8");
    long resets = sim_number("resets");
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-01");
    expect_card(rig, "449999198803150019");
    assert_int_equal(sim_number("resets") - resets, 3);
}

static void leaves_the_voltage_to_a_reader_that_chooses(void **state)
{
    struct contact_rig *rig = *state;
    change(rig, "card-voltage 3");
    change(rig, "voltage-by reader");
    long resets = sim_number("resets");
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-01");
    expect_card(rig, "449999198803150019");
    assert_int_equal(sim_number("resets") - resets, 1);
}

/* ---- the third generation ---- */

/* The model's SAM computes the proof over the last two random numbers. */
struct sam_authority {
    struct card_authority authority;
    int asked, refused;
};

static struct sam_authority authority;

static void a_third_generation_card_is_told_apart(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-08");
    expect_refused(rig, CONTACT_READER_NO_AUTHORITY);
    assert_int_equal(rig->heard[rig->read_count - 1].status.state, DEVICE_READY);
}

static enum status prove_in_sam(struct card_authority *self, const struct card_challenge *challenge,
                                struct apdu_channel *sam,
                                uint8_t proof_out[CARD_AUTHORITY_PROOF_SIZE])
{
    struct sam_authority *sams = (struct sam_authority *)self;
    sams->asked++;
    if (sam == NULL || challenge->algorithm != 3 || strcmp(challenge->region, "449999") != 0) {
        sams->refused++;
        return STATUS_DENIED;
    }
    const struct apdu crypt = {
        .cla = 0x80, .ins = 0xFA, .data = challenge->randoms[2], .size = 16, .le = 0
    };
    struct apdu_answer answer;
    enum status status = sam->exchange(sam, &crypt, &answer);
    if (status == STATUS_OK && (answer.sw != APDU_SW_OK || answer.size != 16))
        status = STATUS_DENIED;
    if (status == STATUS_OK)
        memcpy(proof_out, answer.data, 16);
    return status;
}

static void start_with_sam(struct contact_rig *rig, enum device_state state)
{
    static const struct device_match WITH_SAM = { .driver = "ccid",
                                                  .vid = -1,
                                                  .pid = -1,
                                                  .interface_class = 0x0B,
                                                  .interface_subclass = -1,
                                                  .options = "slot=0 sam=1" };
    authority = (struct sam_authority){ .authority = { .prove = prove_in_sam } };
    open_reader(rig, &WITH_SAM, &authority.authority, state);
    contact_reader_set_reading(rig->reader, true);
}

/* A SAM in the reader's second slot, over T=0 and T=1. */
static void a_sam_opens_a_third_generation_card(void **state)
{
    static const char *const CARDS[] = { "sb-08", "sb-08-t1" };
    struct contact_rig *rig = *state;
    change(rig, "slots 2");
    rig_sim("contact sam in");
    start_with_sam(rig, DEVICE_READY);
    long errors = sim_number("protocol_errors");
    for (int i = 0; i < 2; i++) {
        rig_sim("contact insert %s", CARDS[i]);
        const struct contact_reader_event *event = expect_card(rig, "339999200102280026");
        assert_int_equal(event->card.generation, 3);
        assert_int_equal(event->card.valid_to, 20430531);
        rig_sim("contact remove");
        expect(rig, CONTACT_READER_EVENT_CARD_GONE);
    }
    assert_int_equal(authority.asked, 2);
    assert_int_equal(sim_number("protocol_errors"), errors);
}

static void a_missing_sam_is_a_matter_for_staff(void **state)
{
    struct contact_rig *rig = *state;
    change(rig, "slots 2");
    rig_sim("contact sam out");
    start_with_sam(rig, DEVICE_DEGRADED);
    assert_int_equal(rig->heard[rig->read_count - 1].status.problems, DEVICE_PROBLEM_AUTHORISATION);
    rig_sim("contact insert sb-08");
    expect_refused(rig, CONTACT_READER_UNPROVED);
    rig_sim("contact remove");
    expect(rig, CONTACT_READER_EVENT_CARD_GONE);
    rig_sim("contact insert sb-01"); /* other cards go on */
    expect_card(rig, "449999198803150019");
}

static void a_slot_the_reader_does_not_have_is_a_fault(void **state)
{
    struct contact_rig *rig = *state;
    start_with_sam(rig, DEVICE_FAULT);
    assert_int_equal(rig->heard[rig->read_count - 1].status.problems, DEVICE_PROBLEM_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT(names_itself_when_ready),
        CONTRACT(reads_a_card_once_and_takes_its_power_away),
        CONTRACT(reads_nothing_until_asked),
        CONTRACT(tells_when_the_card_is_taken_away),
        CONTRACT(a_reader_without_notices_is_asked_instead),
        CONTRACT(a_new_visit_reads_the_card_that_still_is_in),
        CONTRACT(reads_every_card_at_tpdu_level),
        CONTRACT(reads_every_card_at_short_apdu_level),
        CONTRACT(reads_every_card_at_extended_level_in_parts),
        CONTRACT(finds_a_reader_of_a_vendors_class),
        CONTRACT(tries_the_voltages_one_after_another),
        CONTRACT(leaves_the_voltage_to_a_reader_that_chooses),
        CONTRACT(a_third_generation_card_is_told_apart),
        CONTRACT(a_sam_opens_a_third_generation_card),
        CONTRACT(a_missing_sam_is_a_matter_for_staff),
        CONTRACT(a_slot_the_reader_does_not_have_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
