#include "tools/simulator/simulator.h"
#include "base/check.h"
#include "base/log.h"
#include "tools/simulator/receipt_png.h"
#include <stdlib.h>
#include <string.h>

static const char *const HELP[] = {
    "insert-card ID | remove-card | citizens",
    "reader framing a|b | reader refind on|off",
    "reader fault none|move|garbage|checksum|short|stall|rejected|forged|foreign|silent|endless|"
    "locked",
    "contact insert ID|remove|cards | contact sam in|out | contact level tpdu|short|extended",
    "contact class standard|vendor | contact notices on|off | contact descriptor front|behind",
    "contact voltage-by host|reader | contact card-voltage any|5|3|1.8 | contact slots 1|2",
    "contact message BYTES",
    "contact fault none|checksum|waiting|extension|pull|garbage|surplus|stale|short|stall|babble|"
    "mute|bad-atr|silent|endless",
    "note YUAN [--fake] [--wait [PLACE]] | notes | take-back",
    "acceptor power on|off | acceptor fail at PLACE | acceptor clear-jam [back]",
    "acceptor reset | acceptor serial N",
    "acceptor memory on|off | box remove|replace|full",
    "acceptor fault none|drop|checksum|garbage|unknown-event|jam|pull-back|cannot-stack|fraud|slow|"
    "silent|safe-jam|second-note|silent-stack|silent-return|silent-read|reject-refused|reject-echo|"
    "no-hold",
    "PLACE: mouth reading escrow stacking credited box rejecting returned jammed collected",
    "paper out|low|ok | paper MM | cover open|closed",
    "printer state | printer power on|off | printer free-cutter | printer process-id on|off",
    "printer fault none|cutter|garbage|head-hot|silent|broken",
    "fault reader|contact|acceptor|printer NAME",
    "plug reader|contact|acceptor|printer | unplug reader|contact|acceptor|printer",
    "state | env | ping | help | quit",
};

static const char *command_help(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)simulator;
    (void)argc;
    (void)argv;
    for (size_t i = 0; i < ARRAY_SIZE(HELP); i++)
        g_string_append_printf(reply, "%s\n", HELP[i]);
    return NULL;
}

static const char *command_ping(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)simulator;
    (void)argc;
    (void)argv;
    (void)reply;
    return NULL;
}

static const char *command_quit(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)argc;
    (void)argv;
    (void)reply;
    g_main_loop_quit(simulator->loop);
    return NULL;
}

/* What a program needs to see the virtual bus, one NAME=value a line. */
static const char *command_env(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)argc;
    (void)argv;
    usb_bus_env(simulator->bus, reply);
    return NULL;
}

static const char *command_state(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)argc;
    (void)argv;
    simulator_reply_json(reply, json_pack("{s:o, s:o, s:o, s:o}", "reader",
                                          simulator_reader_state(simulator), "contact",
                                          simulator_contact_state(simulator), "acceptor",
                                          simulator_acceptor_state(simulator), "printer",
                                          simulator_printer_state(simulator)));
    return NULL;
}

static struct usb_port *port_named(struct simulator *simulator, const char *name)
{
    if (strcmp(name, "reader") == 0)
        return simulator->reader_port;
    if (strcmp(name, "contact") == 0)
        return simulator->contact_port;
    if (strcmp(name, "acceptor") == 0)
        return simulator->acceptor_port;
    if (strcmp(name, "printer") == 0)
        return simulator->printer_port;
    return NULL;
}

static const char *set_cable(struct simulator *simulator, int argc, char **argv, bool in)
{
    struct usb_port *port = argc == 2 ? port_named(simulator, argv[1]) : NULL;
    if (port == NULL)
        return "which device? reader, contact, acceptor or printer";
    usb_port_set_cable(port, in);
    return NULL;
}

static const char *command_plug(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)reply;
    return set_cable(simulator, argc, argv, true);
}

static const char *command_unplug(struct simulator *simulator, int argc, char **argv,
                                  GString *reply)
{
    (void)reply;
    return set_cable(simulator, argc, argv, false);
}

/* "fault reader move" is "reader fault move". */
static const char *command_fault(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    if (argc != 3 || port_named(simulator, argv[1]) == NULL)
        return "fault reader|contact|acceptor|printer NAME";
    char *line = g_strdup_printf("%s fault %s", argv[1], argv[2]);
    const char *problem = simulator_execute(simulator, line, reply);
    g_free(line);
    return problem;
}

static const struct {
    const char *name;
    simulator_command *run;
} COMMANDS[] = {
    { "insert-card", command_insert_card },
    { "remove-card", command_remove_card },
    { "citizens", command_citizens },
    { "reader", command_reader },
    { "contact", command_contact },
    { "note", command_note },
    { "notes", command_notes },
    { "take-back", command_take_back },
    { "acceptor", command_acceptor },
    { "box", command_box },
    { "paper", command_paper },
    { "cover", command_cover },
    { "printer", command_printer },
    { "fault", command_fault },
    { "plug", command_plug },
    { "unplug", command_unplug },
    { "state", command_state },
    { "env", command_env },
    { "ping", command_ping },
    { "help", command_help },
    { "quit", command_quit },
};

static simulator_command *find_command(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(COMMANDS); i++) {
        if (strcmp(COMMANDS[i].name, name) == 0)
            return COMMANDS[i].run;
    }
    return NULL;
}

const char *simulator_execute(struct simulator *simulator, const char *line, GString *reply)
{
    gint argc;
    gchar **argv;
    if (!g_shell_parse_argv(line, &argc, &argv, NULL))
        return "empty or badly quoted line";
    const char *problem = "no such command; see: help";
    simulator_command *run = find_command(argv[0]);
    if (run != NULL) {
        usb_bus_lock(simulator->bus);
        problem = run(simulator, argc, argv, reply);
        usb_bus_unlock(simulator->bus);
    }
    g_strfreev(argv);
    return problem;
}

void simulator_reply_json(GString *reply, json_t *value)
{
    CHECK(value != NULL);
    char *text = json_dumps(value, JSON_COMPACT | JSON_PRESERVE_ORDER);
    g_string_append_printf(reply, "%s\n", text);
    free(text);
    json_decref(value);
}

static void save_receipt(void *context, const struct paper_strip *strip,
                         const struct printed_receipt *receipt)
{
    struct simulator *simulator = context;
    size_t size = (size_t)strip->height_rows * (size_t)strip->width_dots / 8;
    g_free(simulator->last_receipt.rows);
    simulator->last_receipt = *strip;
    simulator->last_receipt.rows = g_memdup2(strip->rows, size);
    char *path =
        g_strdup_printf("%s/receipt-%03d.png", simulator->options.out_directory, receipt->number);
    if (!receipt_png_save(strip, path))
        log_error("simulator", "receipt_not_saved", "receipt %d", receipt->number);
    g_free(path);
}

bool simulator_init(struct simulator *simulator, const struct simulator_options *options)
{
    *simulator = (struct simulator){ .options = *options };
    simulator->bus = usb_bus_create(options->transport);
    if (simulator->bus == NULL)
        return false;
    simulator->loop = g_main_loop_new(NULL, FALSE);
    model_id_reader_init(&simulator->reader, &clock_system, options->time_percent,
                         options->framing);
    model_contact_reader_init(&simulator->contact, &clock_system, options->time_percent);
    if (options->tongue == ACCEPTOR_ID003)
        model_acceptor_init_id003(&simulator->acceptor, &clock_system, options->time_percent,
                                  options->bridge);
    else
        model_acceptor_init(&simulator->acceptor, &clock_system, options->time_percent);
    model_printer_init(&simulator->printer, &clock_system, options->time_percent,
                       options->width_dots);
    simulator->printer.on_receipt = save_receipt;
    simulator->printer.on_receipt_context = simulator;
    g_mkdir_with_parents(options->out_directory, 0755);

    usb_bus_lock(simulator->bus);
    simulator->reader_port = usb_bus_add(simulator->bus, &simulator->reader.usb);
    simulator->contact_port = usb_bus_add(simulator->bus, &simulator->contact.usb);
    simulator->acceptor_port = usb_bus_add(simulator->bus, &simulator->acceptor.usb);
    simulator->printer_port = usb_bus_add(simulator->bus, &simulator->printer.usb);
    usb_port_set_cable(simulator->printer_port, true);
    usb_port_set_cable(simulator->reader_port, true);
    usb_port_set_cable(simulator->contact_port, true);
    usb_port_set_cable(simulator->acceptor_port, true);
    usb_bus_unlock(simulator->bus);
    return true;
}

void simulator_deinit(struct simulator *simulator)
{
    usb_bus_destroy(simulator->bus);
    model_printer_deinit(&simulator->printer);
    g_free(simulator->last_receipt.rows);
    g_main_loop_unref(simulator->loop);
}
