/*
 * What the control panel shows, and what a click in it means.
 */
#pragma once
#include "tools/simulator/panel_canvas.h"
#include "tools/simulator/simulator.h"

#define PANEL_WIDTH 1180
#define PANEL_HEIGHT 800

/* Everything on the panel; two equal snapshots look the same. Zeroed before it is filled. */
struct panel_snapshot {
    const struct citizen *card;
    enum id_card_progress progress;
    enum id_reader_fault reader_fault;
    bool cable[3], attached[3], open[3], powered[3]; /* reader, acceptor, printer */
    bool accepting, starting, box_out, box_full;
    enum acceptor_fault acceptor_fault;
    int place_count[NOTE_PLACE_COUNT], place_yuan[NOTE_PLACE_COUNT];
    int box_count[ACCEPTOR_CHANNELS];
    bool cover_open, cutter_error, printing;
    int paper_mm_tens; /* in steps that are worth a redraw */
    enum printer_fault printer_fault;
    int receipt_count, strip_rows, protocol_errors[3];
    int scroll_rows; /* of the shown receipt */
};

/* Under the bus's lock. */
void panel_view_snapshot(const struct simulator *simulator, struct panel_snapshot *out);

/* Draws a frame; returns the command that the frame's click means, NULL if none. */
const char *panel_view_draw(struct panel_canvas *canvas, const struct panel_snapshot *snapshot,
                            const struct paper_strip *paper);
