/*
 * The virtual kiosk hardware: one bus, its devices, and the words that move the physical world
 * around them. The control socket and the panel both speak through simulator_execute().
 *
 * Threads: main thread only, except where said.
 */
#pragma once
#include "tools/simulator/model_acceptor.h"
#include "tools/simulator/model_contact_reader.h"
#include "tools/simulator/model_id_reader.h"
#include "tools/simulator/model_printer.h"
#include "tools/simulator/usb_bus.h"
#include <glib.h>
#include <jansson.h>

struct simulator_options {
    const struct usb_transport *transport;
    const char *socket_path;
    const char *out_directory; /* for receipts */
    enum id_framing framing;
    int width_dots; /* of the printer's head */
    enum acceptor_tongue tongue;
    enum bridge_kind bridge; /* of an acceptor that speaks ID-003 */
    int time_percent;
    bool headless;
    char **program; /* run inside, then quit with its status; NULL: none */
};

struct simulator {
    struct simulator_options options;
    struct usb_bus *bus;
    struct model_id_reader reader;
    struct model_contact_reader contact;
    struct model_acceptor acceptor;
    struct model_printer printer;
    struct usb_port *reader_port, *contact_port, *acceptor_port, *printer_port;
    struct note *awaited; /* set by a command whose answer waits for a note to get somewhere */
    enum note_place awaited_place;
    struct paper_strip last_receipt; /* a copy, for the panel */
    GMainLoop *loop;
    int exit_status;
};

/* Plugs every device in. False if the transport is not to be had. */
bool simulator_init(struct simulator *simulator, const struct simulator_options *options);
void simulator_deinit(struct simulator *simulator);

/* How a command ended: NULL is success, else a sentence without a full stop. */
typedef const char *simulator_command(struct simulator *simulator, int argc, char **argv,
                                      GString *reply);

/*
 * Executes one line. Answer lines are appended to reply.
 * Returns NULL, or what was wrong; lives until the next call.
 */
const char *simulator_execute(struct simulator *simulator, const char *line, GString *reply);

/* Appends one line of JSON and frees the value. */
void simulator_reply_json(GString *reply, json_t *value);

json_t *simulator_reader_state(const struct simulator *simulator);
json_t *simulator_contact_state(const struct simulator *simulator);
json_t *simulator_acceptor_state(const struct simulator *simulator);
json_t *simulator_printer_state(const struct simulator *simulator);
/* {"note":3,"value":100,"place":"escrow"} */
json_t *simulator_note_state(const struct note *note);
/* True once the note is at that place or can no longer get there. */
bool simulator_note_has_arrived(const struct note *note, enum note_place place);

/* The rest of the words, by device. */
simulator_command command_paper, command_cover, command_printer;
simulator_command command_note, command_notes, command_take_back, command_acceptor, command_box;
simulator_command command_insert_card, command_remove_card, command_citizens, command_reader;
simulator_command command_contact;
