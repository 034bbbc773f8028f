/*
 * The control panel: the virtual hardware in a window, for a person to play with.
 *
 * Threads: main thread only. While the window exists a timer looks for input every 30 ms; it is
 * drawn only when something changed.
 */
#pragma once
#include "tools/simulator/simulator.h"

struct panel;

/* NULL, and the simulator stays without a window, when there is no display or no font. */
struct panel *panel_open(struct simulator *simulator);
void panel_close(struct panel *panel);
