#include "tools/simulator/contact_descriptors.h"
#include "tools/simulator/simulator.h"
#include <stdlib.h>
#include <string.h>

static const char USAGE[] =
    "contact insert ID|remove|cards, contact sam in|out, contact fault NAME, contact FEATURE WORD";

static const char *insert(struct simulator *simulator, const char *id)
{
    const struct contact_card_kind *kind = contact_card_find(id);
    if (kind == NULL)
        return "which card? see: contact cards";
    model_contact_reader_set_card(&simulator->contact, 0, kind);
    return NULL;
}

static const char *pull(struct simulator *simulator)
{
    if (simulator->contact.slots[0].kind == NULL)
        return "there is no card in the slot";
    model_contact_reader_set_card(&simulator->contact, 0, NULL);
    return NULL;
}

static const char *list_cards(GString *reply)
{
    for (size_t i = 0; i < CONTACT_CARD_COUNT; i++)
        simulator_reply_json(reply, json_pack("{s:s, s:s}", "id", CONTACT_CARDS[i].id, "what",
                                              CONTACT_CARDS[i].label));
    return NULL;
}

static const char *put_sam(struct simulator *simulator, const char *word)
{
    const struct contact_card_kind *sam = contact_card_find("sam");
    if (simulator->contact.features.slot_count < 2)
        return "the reader has one slot; first: contact slots 2";
    model_contact_reader_set_card(&simulator->contact, 1, strcmp(word, "in") == 0 ? sam : NULL);
    return NULL;
}

/* The place of a word in a list; -1 if it is not there. */
static int place_of(const char *word, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static bool set_flag(const char *word, const char *off, const char *on, bool *out)
{
    const char *const words[] = { off, on, NULL };
    int place = place_of(word, words);
    *out = place < 0 ? *out : place == 1;
    return place >= 0;
}

static bool set_number(const char *word, int low, int high, int *out)
{
    char *end = NULL;
    long number = strtol(word, &end, 10);
    if (*word == '\0' || *end != '\0' || number < low || number > high)
        return false;
    *out = (int)number;
    return true;
}

static bool set_level(const char *word, enum contact_level *out)
{
    static const char *const LEVELS[] = { "tpdu", "short", "extended", NULL };
    int place = place_of(word, LEVELS);
    *out = place < 0 ? *out : (enum contact_level)place;
    return place >= 0;
}

/* What bPowerSelect calls them. */
static bool set_card_voltage(const char *word, int *out)
{
    static const char *const VOLTAGES[] = { "any", "5", "3", "1.8", NULL };
    int place = place_of(word, VOLTAGES);
    *out = place < 0 ? *out : place;
    return place >= 0;
}

static bool set_feature(struct contact_features *features, const char *name, const char *word)
{
    if (strcmp(name, "level") == 0)
        return set_level(word, &features->level);
    if (strcmp(name, "class") == 0)
        return set_flag(word, "standard", "vendor", &features->is_vendor_class);
    if (strcmp(name, "notices") == 0)
        return set_flag(word, "on", "off", &features->lacks_interrupt);
    if (strcmp(name, "descriptor") == 0)
        return set_flag(word, "front", "behind", &features->hides_descriptor);
    if (strcmp(name, "voltage-by") == 0)
        return set_flag(word, "host", "reader", &features->chooses_voltage);
    if (strcmp(name, "card-voltage") == 0)
        return set_card_voltage(word, &features->card_voltage);
    if (strcmp(name, "slots") == 0)
        return set_number(word, 1, CONTACT_SLOTS, &features->slot_count);
    if (strcmp(name, "message") == 0)
        return set_number(word, 27, CONTACT_MESSAGE_MAX, &features->message_size);
    return false;
}

static const char *change_feature(struct simulator *simulator, const char *name, const char *word)
{
    struct contact_features features = simulator->contact.features;
    if (!set_feature(&features, name, word))
        return "level tpdu|short|extended, class standard|vendor, notices on|off, descriptor "
               "front|behind, voltage-by host|reader, card-voltage any|5|3|1.8, slots 1|2, "
               "message 27..522";
    if (memcmp(&features, &simulator->contact.features, sizeof features) == 0)
        return NULL;
    simulator->contact.features = features;
    contact_descriptors_build(&simulator->contact);
    usb_port_reconnect(simulator->contact_port);
    return NULL;
}

const char *command_contact(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    const char *word = argc > 1 ? argv[1] : "", *value = argc == 3 ? argv[2] : NULL;
    if (argc == 2 && strcmp(word, "remove") == 0)
        return pull(simulator);
    if (argc == 2 && strcmp(word, "cards") == 0)
        return list_cards(reply);
    if (value == NULL)
        return USAGE;
    if (strcmp(word, "insert") == 0)
        return insert(simulator, value);
    if (strcmp(word, "sam") == 0)
        return put_sam(simulator, value);
    if (strcmp(word, "fault") == 0)
        return contact_fault_parse(value, &simulator->contact.fault) ? NULL
                                                                     : "no such fault; see: help";
    return change_feature(simulator, word, value);
}

json_t *simulator_contact_state(const struct simulator *simulator)
{
    static const char *const LEVELS[] = { "tpdu", "short", "extended" };
    const struct model_contact_reader *reader = &simulator->contact;
    const struct contact_card *card = &reader->slots[0];
    int errors = reader->protocol_errors + card->errors + reader->slots[1].errors;
    return json_pack("{s:b, s:b, s:i, s:s, s:s?, s:b, s:s, s:i, s:i, s:i}", "cable",
                     usb_port_has_cable(simulator->contact_port), "attached",
                     usb_port_is_attached(simulator->contact_port), "clients",
                     usb_port_clients(simulator->contact_port), "level",
                     LEVELS[reader->features.level], "in_slot",
                     card->kind == NULL ? NULL : card->kind->id, "powered", card->powered, "fault",
                     contact_fault_name(reader->fault), "resets", reader->resets, "transfers",
                     reader->transfers, "protocol_errors", errors);
}
