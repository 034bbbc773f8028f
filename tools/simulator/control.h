/*
 * The control socket: one command a line, answered by any number of lines and then by "ok" or
 * "error: what". A line is at most CONTROL_LINE_SIZE bytes.
 */
#pragma once
#include "tools/simulator/simulator.h"

#define CONTROL_LINE_SIZE 4096

struct control;

/* Listens; replaces a socket left by a dead simulator. NULL, with a reason on stderr, if it cannot.
 */
struct control *control_open(struct simulator *simulator, const char *path);
void control_close(struct control *control);

/* The client's side. Each returns false, with a reason on stderr, when it cannot talk. */
bool control_ask(const char *path, const char *line, GString *reply, bool *ok_out);
