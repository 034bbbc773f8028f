/*
 * What all device classes share: the life of a device as the kiosk sees it.
 *
 * Each opened device has one I/O thread of its own. The thread looks for its hardware, starts it,
 * serves it, and when it leaves the bus goes back to looking: unplug and replug heal without a
 * restart. The thread only posts; every listener below runs on the main loop.
 *
 * Ownership: the class struct (struct id_reader …) belongs to whoever opened it, until close.
 */
#pragma once
#include "base/queue.h"
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum device_state {
    DEVICE_ABSENT,   /* not on the bus */
    DEVICE_STARTING, /* found; being claimed, reset, identified */
    DEVICE_READY,
    DEVICE_DEGRADED, /* works, but needs staff soon (paper near end, box nearly full) */
    DEVICE_FAULT,    /* on the bus but unusable; retried with back-off */
};

/* "absent", "starting", … */
const char *device_state_name(enum device_state state);

/* Why a device is degraded or in fault; health turns these into sentences. One bit each. */
enum device_problem {
    DEVICE_PROBLEM_COMMUNICATION = 1 << 0, /* no or malformed answers */
    DEVICE_PROBLEM_HARDWARE = 1 << 1,      /* self-test failed, motor, sensor, cutter */
    DEVICE_PROBLEM_AUTHORISATION = 1 << 2, /* SAM not authorised, key refused */
    DEVICE_PROBLEM_PAPER_NEAR_END = 1 << 3,
    DEVICE_PROBLEM_PAPER_OUT = 1 << 4,
    DEVICE_PROBLEM_COVER_OPEN = 1 << 5,
    DEVICE_PROBLEM_BOX_FULL = 1 << 6,
    DEVICE_PROBLEM_BOX_REMOVED = 1 << 7,
    DEVICE_PROBLEM_JAM = 1 << 8,
    DEVICE_PROBLEM_UNSUPPORTED = 1 << 9, /* model or firmware lacks something we must have */
    DEVICE_PROBLEM_SWAPPED = 1 << 10,    /* another serial number than last time */
};

#define DEVICE_SERIAL_SIZE 64
#define DEVICE_MODEL_SIZE 64

struct device_status {
    enum device_state state;
    uint32_t problems;               /* enum device_problem, or-ed */
    char serial[DEVICE_SERIAL_SIZE]; /* empty while not known */
    char model[DEVICE_MODEL_SIZE];
};

/*
 * How to find a device: one section of config/devices.ini.
 * vid/pid -1: any. interface_class -1: any. At least one of vid:pid or interface_class is given.
 */
struct device_match {
    char driver[24]; /* "sam", "ssp", "id003", "escpos" */
    int vid, pid;
    int interface_class, interface_subclass;
    char options[128]; /* driver's own "key=value key=value", documented in its README */
};

/* The value of one of the driver's options; false if it is not given or does not fit. */
bool device_option(const struct device_match *match, const char *key, char *out, size_t out_size);

/* A decimal option; fallback if it is not given or not a number. */
long device_option_number(const struct device_match *match, const char *key, long fallback);
