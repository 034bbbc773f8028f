/*
 * The automation socket: JSON lines, one request, one reply (tests/scenarios/README.md).
 *
 * A thread accepts one client at a time and hands each line to the main loop, which answers; the
 * thread waits for the answer. Only a kiosk that is not in production opens it.
 */
#pragma once
#include "app/app.h"
#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define AUTOMATION_LINE_SIZE 900 /* fits a queue message */

struct automation_wait { /* a "wait" request that is not yet true */
    bool active;
    char screen[32], text[160], id[UI_ID_SIZE];
    int64_t deadline_ms;
};

struct automation {
    struct app *app;
    char path[108];
    int listener;
    int client; /* -1: none; closed only by the thread */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    char *answer; /* guarded by lock; owned by the thread once taken */
    bool closing; /* guarded by lock */
    struct automation_wait wait;
};

/* automation_requests.c: handles one line; NULL means that the answer comes later (wait). */
json_t *automation_handle(struct automation *automation, const char *line);
/* The answer to a pending wait, or NULL while it stays pending. */
json_t *automation_check_wait(struct automation *automation);
