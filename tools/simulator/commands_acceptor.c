#include "tools/simulator/simulator.h"
#include <stdlib.h>
#include <string.h>

json_t *simulator_note_state(const struct note *note)
{
    json_t *state = json_pack("{s:i, s:i, s:s}", "note", note->number, "value", note->value_yuan,
                              "place", note_place_name(note->place));
    if (note->counterfeit)
        json_object_set_new(state, "counterfeit", json_true());
    if (note->reject_code != 0)
        json_object_set_new(state, "reject_code", json_integer(note->reject_code));
    return state;
}

static bool is_final(enum note_place place)
{
    return place == NOTE_IN_BOX || place == NOTE_RETURNED || place == NOTE_JAMMED ||
           place == NOTE_COLLECTED;
}

bool simulator_note_has_arrived(const struct note *note, enum note_place place)
{
    if (place == NOTE_ESCROW)
        return note->place >= NOTE_ESCROW && note->place != NOTE_REJECTING;
    return note->place == place || is_final(note->place);
}

/* note 100 [--fake] [--wait [PLACE]] */
const char *command_note(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    bool fake = false, wait = false;
    enum note_place place = NOTE_ESCROW;
    char *end = NULL;
    long value_yuan = argc > 1 ? strtol(argv[1], &end, 10) : 0;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--fake") == 0)
            fake = true;
        else if (strcmp(argv[i], "--wait") == 0)
            wait = true;
        else if (!wait || !note_place_parse(argv[i], &place))
            return "note YUAN [--fake] [--wait [PLACE]]";
    }
    if (end == NULL || *end != '\0' || value_yuan <= 0 || value_yuan > 100000)
        return "which note? for instance: note 100";
    struct note *note = model_acceptor_feed(&simulator->acceptor, (int)value_yuan, fake);
    if (note == NULL)
        return "no more notes can be kept";
    if (wait) {
        simulator->awaited = note;
        simulator->awaited_place = place;
    } else {
        simulator_reply_json(reply, simulator_note_state(note));
    }
    return NULL;
}

struct sum {
    json_t *counts; /* {"100": 2} */
    int64_t yuan;
};

static void add_note(struct sum *sum, const struct note *note)
{
    char value[16];
    g_snprintf(value, sizeof value, "%d", note->value_yuan);
    json_int_t count = json_integer_value(json_object_get(sum->counts, value));
    json_object_set_new(sum->counts, value, json_integer(count + 1));
    sum->yuan += note->value_yuan;
}

/* Where every note is: {"box":{"fen":20000,"notes":{"100":2}}, …, "list":[…]} */
const char *command_notes(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)argc;
    (void)argv;
    const struct model_acceptor *acceptor = &simulator->acceptor;
    json_t *result = json_object(), *list = json_array();
    for (int place = 0; place < NOTE_PLACE_COUNT; place++) {
        struct sum sum = { .counts = json_object() };
        for (int i = 0; i < acceptor->note_count; i++) {
            if ((int)acceptor->notes[i].place == place)
                add_note(&sum, &acceptor->notes[i]);
        }
        json_object_set_new(
            result, note_place_name((enum note_place)place),
            json_pack("{s:I, s:o}", "fen", (json_int_t)sum.yuan * 100, "notes", sum.counts));
    }
    for (int i = 0; i < acceptor->note_count; i++)
        json_array_append_new(list, simulator_note_state(&acceptor->notes[i]));
    json_object_set_new(result, "list", list);
    simulator_reply_json(reply, result);
    return NULL;
}

const char *command_take_back(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)argc;
    (void)argv;
    (void)reply;
    model_acceptor_take_back(&simulator->acceptor);
    return NULL;
}

static const char *leave_inside(struct model_acceptor *acceptor, const char *yuan,
                                const char *place_name)
{
    enum note_place place;
    long value_yuan = strtol(yuan, NULL, 10);
    bool is_known = note_place_parse(place_name, &place) &&
                    (place == NOTE_ESCROW || place == NOTE_STACKING || place == NOTE_READING);
    if (!is_known || value_yuan <= 0 || value_yuan > 100000)
        return "inside YUAN reading|escrow|stacking";
    return model_acceptor_leave_inside(acceptor, (int)value_yuan, place)
               ? NULL
               : "only without power, and one note";
}

const char *command_acceptor(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)reply;
    struct model_acceptor *acceptor = &simulator->acceptor;
    const char *word = argc > 1 ? argv[1] : "";
    const char *value = argc > 2 ? argv[argc - 1] : "";
    bool on = strcmp(value, "on") == 0;
    if (argc == 2 && strcmp(word, "clear-jam") == 0)
        model_acceptor_clear_jam(acceptor);
    else if (argc == 3 && strcmp(word, "clear-jam") == 0 && strcmp(value, "back") == 0)
        model_acceptor_free_jam(acceptor);
    else if (argc == 2 && strcmp(word, "reset") == 0)
        model_acceptor_reset(acceptor);
    else if (argc == 3 && strcmp(word, "power") == 0)
        model_acceptor_set_power(acceptor, on);
    else if (argc == 3 && strcmp(word, "memory") == 0)
        acceptor->remembers = on;
    else if (argc == 3 && strcmp(word, "serial") == 0)
        model_acceptor_set_serial(acceptor, (uint32_t)strtoul(value, NULL, 10));
    else if (argc == 3 && strcmp(word, "dispensed") == 0)
        acceptor->dispensed = (uint32_t)strtoul(value, NULL, 10);
    else if (argc == 3 && strcmp(word, "dataset") == 0)
        acceptor->reversed = strcmp(value, "reversed") == 0;
    else if (argc == 3 && strcmp(word, "stray") == 0 && strtol(value, NULL, 10) > 0)
        return model_acceptor_stray(acceptor, (int)strtol(value, NULL, 10))
                   ? NULL
                   : "no more notes can be kept";
    else if (argc == 4 && strcmp(word, "inside") == 0)
        return leave_inside(acceptor, argv[2], value);
    else if (argc == 3 && strcmp(word, "fault") == 0)
        return acceptor_fault_parse(value, &acceptor->fault) ? NULL : "no such fault; see: help";
    else if (argc == 4 && strcmp(word, "fail") == 0 && strcmp(argv[2], "at") == 0 &&
             note_place_parse(value, &acceptor->fail_place))
        acceptor->fails = true;
    else
        return "acceptor power|memory on|off, fault NAME, fail at PLACE, clear-jam [back], reset, "
               "serial N, dispensed N, dataset usual|reversed, stray YUAN, inside YUAN PLACE";
    return NULL;
}

const char *command_box(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)reply;
    const char *word = argc == 2 ? argv[1] : "";
    if (strcmp(word, "remove") == 0)
        model_acceptor_remove_box(&simulator->acceptor);
    else if (strcmp(word, "replace") == 0)
        model_acceptor_replace_box(&simulator->acceptor);
    else if (strcmp(word, "full") == 0)
        simulator->acceptor.box_full = true;
    else
        return "box remove|replace|full";
    return NULL;
}

json_t *simulator_acceptor_state(const struct simulator *simulator)
{
    const struct model_acceptor *acceptor = &simulator->acceptor;
    const struct usb_port *port = simulator->acceptor_port;
    return json_pack(
        "{s:b, s:b, s:b, s:i, s:b, s:b, s:i, s:i, s:i, s:b, s:s?, s:b, s:b, s:i, s:i, s:s, s:i}",
        "cable", usb_port_has_cable(port), "attached", usb_port_is_attached(port), "powered",
        acceptor->usb.powered, "clients", usb_port_clients(port), "started",
        acceptor->starting_until_ms < 0, "enabled", acceptor->enabled, "inhibits",
        acceptor->inhibits, "protocol_version", acceptor->protocol_version, "last_reject",
        acceptor->last_reject, "unacked", acceptor_has_unacked(acceptor), "moving",
        acceptor->moving == NULL ? NULL : note_place_name(acceptor->moving->place), "box_out",
        acceptor->box_out, "box_full", acceptor->box_full, "stacked", (int)acceptor->stacked,
        "rejected", (int)acceptor->rejected, "fault", acceptor_fault_name(acceptor->fault),
        "protocol_errors", model_acceptor_errors(acceptor));
}
