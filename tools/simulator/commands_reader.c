#include "tools/simulator/simulator.h"
#include <string.h>

const char *command_insert_card(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)reply;
    const struct citizen *citizen = argc == 2 ? citizen_find(argv[1]) : NULL;
    if (citizen == NULL)
        return "which card? see: citizens";
    model_id_reader_set_card(&simulator->reader, citizen);
    return NULL;
}

const char *command_remove_card(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)argc;
    (void)argv;
    (void)reply;
    if (simulator->reader.card == NULL)
        return "there is no card on the reader";
    model_id_reader_set_card(&simulator->reader, NULL);
    return NULL;
}

const char *command_citizens(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)simulator;
    (void)argc;
    (void)argv;
    for (size_t i = 0; i < CITIZEN_COUNT; i++) {
        const struct citizen *citizen = &CITIZENS[i];
        simulator_reply_json(reply, json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", citizen->id,
                                              "name", citizen->name, "number", citizen->number,
                                              "birth", citizen->birth, "what", citizen->label));
    }
    return NULL;
}

static const char *set_framing(struct simulator *simulator, const char *word)
{
    if (strcmp(word, "a") != 0 && strcmp(word, "b") != 0)
        return "framing is a or b";
    simulator->reader.framing = *word == 'a' ? ID_FRAMING_A : ID_FRAMING_B;
    usb_port_reconnect(simulator->reader_port);
    return NULL;
}

const char *command_reader(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)reply;
    if (argc == 3 && strcmp(argv[1], "framing") == 0)
        return set_framing(simulator, argv[2]);
    if (argc == 3 && strcmp(argv[1], "refind") == 0) {
        simulator->reader.finds_again = strcmp(argv[2], "on") == 0;
        return NULL;
    }
    if (argc == 3 && strcmp(argv[1], "fault") == 0)
        return id_reader_fault_parse(argv[2], &simulator->reader.fault)
                   ? NULL
                   : "no such fault; see: help";
    return "reader framing a|b, reader refind on|off, reader fault NAME";
}

json_t *simulator_reader_state(const struct simulator *simulator)
{
    static const char *const PROGRESS[] = { "idle", "found", "selected", "done" };
    const struct model_id_reader *reader = &simulator->reader;
    return json_pack("{s:b, s:b, s:i, s:s, s:s?, s:s, s:s, s:b, s:i, s:i}", "cable",
                     usb_port_has_cable(simulator->reader_port), "attached",
                     usb_port_is_attached(simulator->reader_port), "clients",
                     usb_port_clients(simulator->reader_port), "framing",
                     reader->framing == ID_FRAMING_A ? "a" : "b", "card",
                     reader->card == NULL ? NULL : reader->card->id, "progress",
                     PROGRESS[reader->progress], "fault", id_reader_fault_name(reader->fault),
                     "refind", reader->finds_again, "reads", reader->reads, "protocol_errors",
                     reader->protocol_errors);
}
