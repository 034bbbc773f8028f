/*
 * The built guichetctl beside a kiosk's journal and a bureau's file.
 */
#pragma once
#include <pthread.h>

#include "unit/store/store_rig.h"

struct ctl_rig {
    struct store_rig *store;
    char bureau_path[128], socket_path[128];
    char out[16384];
    int socket_fd;
    pthread_t simulator;
    const char *notes;
};

int ctl_rig_setup(void **state);
int ctl_rig_teardown(void **state);

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, ctl_rig_setup, ctl_rig_teardown)

/* The exit code; what was said on both outputs is in rig->out. */
int ctl_run(struct ctl_rig *rig, const char *arguments);
void ctl_expect_said(struct ctl_rig *rig, const char *sentence);

void ctl_play_visit(struct ctl_rig *rig);
void ctl_deliver(struct ctl_rig *rig); /* what the journal has, to the bureau */
