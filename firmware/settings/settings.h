/*
 * Settings: config/kiosk.ini documents every key with unit, default and range; a site file holds
 * differences only. An unknown key, a value out of range or a malformed line refuses the start with
 * "file:line: what"; all errors are reported in one pass.
 */
#pragma once
#include "base/status.h"
#include "drivers/device.h"
#include "settings/settings_hours.h"
#include <stdbool.h>
#include <stdint.h>

#define SETTINGS_PATH_SIZE 256
#define SETTINGS_DENOMINATIONS_MAX 8
#define SETTINGS_DEVICES_MAX 12

enum settings_class {
    SETTINGS_ID_READER,
    SETTINGS_CONTACT_READER, /* of social security cards; a kiosk may have none */
    SETTINGS_CASH_ACCEPTOR,
    SETTINGS_PRINTER,
    SETTINGS_CLASSES
};

enum settings_output {
    SETTINGS_SPEAKER,  /* the whole hall hears it */
    SETTINGS_HEADPHONE /* nobody but who wears it */
};

struct settings {
    /* [kiosk] */
    char kiosk_id[16]; /* 6 digits; client certificate CN is "kiosk-<id>" */
    char region[8];    /* GB/T 2260 */
    char area[16];     /* the part of it with figures of its own; "": the policy's first */
    bool production;   /* refuses automation */
    char bureau_zh[64], bureau_en[64];
    char place_zh[64], place_en[64];
    char window_zh[32], window_en[32];
    char service_phone[24];
    char hotline_social[24], hotline_tax[24], hotline_medical[24]; /* national, for questions */
    struct settings_hours hours; /* of the hall; shown only, the kiosk serves outside them too */
    /* [paths] relative to the settings file's folder */
    char data_dir[SETTINGS_PATH_SIZE];    /* journal.db, keys */
    char policy_dir[SETTINGS_PATH_SIZE];  /* *.policy; the one of the region is used */
    char policy_keys[SETTINGS_PATH_SIZE]; /* whose signatures count; "": none are asked for */
    char font[SETTINGS_PATH_SIZE];
    /* [panel] */
    int panel_width_px, panel_height_px; /* 0: the display's own */
    int panel_width_mm;
    int panel_lower_edge_mm; /* of the visible panel above the floor */
    bool full_screen;
    /* [visit] seconds */
    int idle_timeout_s; /* per screen; 60 */
    int cash_timeout_s; /* per note; 120 */
    int more_time_s;    /* how long the question stands; at least 20 */
    int reprints_max;   /* copies of a receipt in one visit; 3, 0 none */
    int consent_version;
    int elder_age; /* from which larger type is offered; 0 never */
    /* [cash] */
    int denomination_count;
    int64_t denominations_fen[SETTINGS_DENOMINATIONS_MAX];
    int64_t offline_sum_max_fen; /* unsent money before cash stops being offered */
    int offline_hours_max;
    int offline_payments_max; /* unsent payments; of this and the following 0 means no limit */
    int box_notes_max;        /* in the box, under what it holds */
    int box_notes_warn;       /* from which staff are told */
    int64_t visit_sum_max_fen;
    int visit_notes_max;
    int64_t day_sum_max_fen; /* of all payments of one day */
    /* [printer] */
    int printer_width_dots;
    /* [bureau] */
    char bureau_url[SETTINGS_PATH_SIZE]; /* https://host:port */
    char ca_cert[SETTINGS_PATH_SIZE], client_cert[SETTINGS_PATH_SIZE],
        client_key[SETTINGS_PATH_SIZE];
    char bureau_public_key[SETTINGS_PATH_SIZE]; /* for sealing */
    char verify_url[SETTINGS_PATH_SIZE];        /* prefix of the receipt's QR; may be empty */
    int sync_retry_s_min, sync_retry_s_max, sync_poll_s;
    int numbers_low; /* lease a new block when fewer are left */
    /* [speech] */
    bool speech_enabled;
    enum settings_output speech_output;
    char speech_device[128]; /* SDL's name; empty: the system's own */
    bool speech_private;     /* the person's own data is said; only with a headphone */
    char speech_voice_zh[32], speech_voice_en[32];
    int speech_rate; /* words a minute */
    /* from devices.ini */
    struct {
        enum settings_class class;
        struct device_match match;
    } devices[SETTINGS_DEVICES_MAX];
    int device_count;
};

typedef void settings_on_error(void *context, const char *file, int line, const char *text);

/* Defaults, then path. STATUS_NOT_FOUND, STATUS_INVALID (all errors reported), STATUS_IO. */
NODISCARD enum status settings_load(const char *path, settings_on_error *on_error, void *context,
                                    struct settings *out);

/* Adds the devices of a devices.ini. Same errors. */
NODISCARD enum status settings_load_devices(const char *path, settings_on_error *on_error,
                                            void *context, struct settings *out);
