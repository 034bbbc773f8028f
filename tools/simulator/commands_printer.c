#include "tools/simulator/simulator.h"
#include <stdlib.h>
#include <string.h>

const char *command_paper(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)reply;
    const char *word = argc == 2 ? argv[1] : "";
    char *end = NULL;
    long left_mm = strtol(word, &end, 10);
    if (strcmp(word, "out") == 0)
        left_mm = 0;
    else if (strcmp(word, "low") == 0)
        left_mm = PRINTER_NEAR_END_MM - 1;
    else if (strcmp(word, "ok") == 0)
        left_mm = PRINTER_ROLL_MM;
    else if (*word == '\0' || *end != '\0' || left_mm < 0 || left_mm > PRINTER_ROLL_MM)
        return "paper out|low|ok, or paper and the millimetres left on the roll";
    model_printer_set_paper_mm(&simulator->printer, left_mm);
    return NULL;
}

const char *command_cover(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    (void)reply;
    const char *word = argc == 2 ? argv[1] : "";
    if (strcmp(word, "open") != 0 && strcmp(word, "closed") != 0)
        return "cover open|closed";
    simulator->printer.cover_open = *word == 'o';
    return NULL;
}

const char *command_printer(struct simulator *simulator, int argc, char **argv, GString *reply)
{
    struct model_printer *printer = &simulator->printer;
    const char *word = argc > 1 ? argv[1] : "";
    bool on = argc == 3 && strcmp(argv[2], "on") == 0;
    if (argc == 2 && strcmp(word, "state") == 0)
        simulator_reply_json(reply, simulator_printer_state(simulator));
    else if (argc == 2 && strcmp(word, "free-cutter") == 0)
        model_printer_free_cutter(printer);
    else if (argc == 3 && strcmp(word, "power") == 0)
        model_printer_set_power(printer, on);
    else if (argc == 3 && strcmp(word, "process-id") == 0)
        printer->knows_process_id = on;
    else if (argc == 3 && strcmp(word, "fault") == 0)
        return printer_fault_parse(argv[2], &printer->fault) ? NULL : "no such fault; see: help";
    else
        return "printer state, power on|off, fault NAME, free-cutter, process-id on|off";
    return NULL;
}

static json_t *receipts_state(const struct model_printer *printer)
{
    json_t *list = json_array();
    for (int i = 0; i < printer->receipt_count; i++) {
        const struct printed_receipt *receipt = &printer->receipts[i];
        char file[32];
        g_snprintf(file, sizeof file, "receipt-%03d.png", receipt->number);
        json_array_append_new(list, json_pack("{s:s, s:i, s:s}", "file", file, "rows",
                                              receipt->height_rows, "end",
                                              receipt->end == STRIP_CUT ? "cut" : "roll-end"));
    }
    return list;
}

static const char *paper_word(const struct model_printer *printer)
{
    if (printer->paper_rows <= 0)
        return "out";
    return printer->paper_rows < (int64_t)PRINTER_NEAR_END_MM * PRINTER_ROWS_PER_MM ? "low" : "ok";
}

json_t *simulator_printer_state(const struct simulator *simulator)
{
    const struct model_printer *printer = &simulator->printer;
    const struct usb_port *port = simulator->printer_port;
    return json_pack(
        "{s:b, s:b, s:b, s:i, s:s, s:i, s:b, s:b, s:b, s:b, s:i, s:i, s:i, s:i, s:s, s:o}", "cable",
        usb_port_has_cable(port), "attached", usb_port_is_attached(port), "powered",
        printer->usb.powered, "clients", usb_port_clients(port), "paper", paper_word(printer),
        "paper_mm", (int)(printer->paper_rows / PRINTER_ROWS_PER_MM), "cover_open",
        printer->cover_open, "cutter_error", printer->cutter_error, "offline",
        model_printer_is_offline(printer), "busy", model_printer_is_busy(printer), "buffered",
        (int)printer->input_size, "unfinished_rows", printer->strip.height_rows, "cuts",
        printer->cuts, "protocol_errors", printer->protocol_errors, "fault",
        printer_fault_name(printer->fault), "receipts", receipts_state(printer));
}
