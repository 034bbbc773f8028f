/*
 * A strip of printed paper as a picture: one bit a dot, black on white.
 */
#pragma once
#include "tools/simulator/model_printer.h"

/* Writes a whole file or none. */
bool receipt_png_save(const struct paper_strip *strip, const char *path);
