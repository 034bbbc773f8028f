#include "settings/settings_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "base/text.h"

#define AT(field) offsetof(struct settings, field), sizeof(((struct settings *)0)->field)
#define DAY_S 86400

/* clang-format off */
const struct settings_key SETTINGS_KEYS[] = {
    { "kiosk", "id", SETTINGS_DIGITS, AT(kiosk_id), 0, 6, NULL },
    { "kiosk", "region", SETTINGS_DIGITS, AT(region), 0, 6, NULL },
    { "kiosk", "area", SETTINGS_TEXT, AT(area), 0, 15, "" },
    { "kiosk", "production", SETTINGS_SWITCH, AT(production), 0, 0, "yes" },
    { "kiosk", "bureau_zh", SETTINGS_TEXT, AT(bureau_zh), 1, 63, NULL },
    { "kiosk", "bureau_en", SETTINGS_TEXT, AT(bureau_en), 1, 63, NULL },
    { "kiosk", "place_zh", SETTINGS_TEXT, AT(place_zh), 0, 63, "" },
    { "kiosk", "place_en", SETTINGS_TEXT, AT(place_en), 0, 63, "" },
    { "kiosk", "window_zh", SETTINGS_TEXT, AT(window_zh), 0, 31, "服务窗口" },
    { "kiosk", "window_en", SETTINGS_TEXT, AT(window_en), 0, 31, "the service window" },
    { "kiosk", "service_phone", SETTINGS_PHONE, AT(service_phone), 0, 0, "12333" },
    { "kiosk", "hotline_social", SETTINGS_PHONE, AT(hotline_social), 0, 0, "12333" },
    { "kiosk", "hotline_tax", SETTINGS_PHONE, AT(hotline_tax), 0, 0, "12366" },
    { "kiosk", "hotline_medical", SETTINGS_PHONE, AT(hotline_medical), 0, 0, "12393" },
    { "kiosk", "hours", SETTINGS_HOURS, AT(hours), 0, 0, "" },
    { "paths", "data_dir", SETTINGS_PATH, AT(data_dir), 0, 0, "/var/lib/guichet" },
    { "paths", "policy_dir", SETTINGS_PATH, AT(policy_dir), 0, 0, "/etc/guichet/policy" },
    { "paths", "policy_keys", SETTINGS_PATH_OR_NONE, AT(policy_keys), 0, 0, "/etc/guichet/policy.keys" },
    { "paths", "font", SETTINGS_PATH, AT(font), 0, 0, "/usr/share/fonts/opentype/noto" },
    { "panel", "width_px", SETTINGS_NUMBER, AT(panel_width_px), 0, 7680, "0" },
    { "panel", "height_px", SETTINGS_NUMBER, AT(panel_height_px), 0, 7680, "0" },
    { "panel", "width_mm", SETTINGS_NUMBER, AT(panel_width_mm), 100, 2000, "268" },
    { "panel", "lower_edge_mm", SETTINGS_NUMBER, AT(panel_lower_edge_mm), 300, 1300, "850" },
    { "panel", "full_screen", SETTINGS_SWITCH, AT(full_screen), 0, 0, "yes" },
    { "visit", "idle_timeout_s", SETTINGS_NUMBER, AT(idle_timeout_s), 5, 600, "60" },
    { "visit", "cash_timeout_s", SETTINGS_NUMBER, AT(cash_timeout_s), 5, 600, "120" },
    { "visit", "more_time_s", SETTINGS_NUMBER, AT(more_time_s), 20, 120, "20" },
    { "visit", "elder_age", SETTINGS_NUMBER_OR_NONE, AT(elder_age), 50, 100, "60" },
    { "visit", "reprints_max", SETTINGS_NUMBER, AT(reprints_max), 0, 20, "3" },
    { "visit", "consent_version", SETTINGS_NUMBER, AT(consent_version), 1, 9999, "1" },
    { "cash", "denominations_yuan", SETTINGS_NOTES, AT(denominations_fen), 0, 0, "5 10 20 50 100" },
    { "cash", "offline_sum_max_yuan", SETTINGS_YUAN, AT(offline_sum_max_fen), 0, 100000000, "50000.00" },
    { "cash", "offline_hours_max", SETTINGS_NUMBER, AT(offline_hours_max), 1, 720, "72" },
    { "cash", "offline_payments_max", SETTINGS_NUMBER, AT(offline_payments_max), 0, 100000, "0" },
    { "cash", "box_notes_max", SETTINGS_NUMBER, AT(box_notes_max), 0, 10000, "0" },
    { "cash", "box_notes_warn", SETTINGS_NUMBER, AT(box_notes_warn), 0, 10000, "0" },
    { "cash", "visit_sum_max_yuan", SETTINGS_YUAN, AT(visit_sum_max_fen), 0, 100000000, "0.00" },
    { "cash", "visit_notes_max", SETTINGS_NUMBER, AT(visit_notes_max), 0, 10000, "0" },
    { "cash", "day_sum_max_yuan", SETTINGS_YUAN, AT(day_sum_max_fen), 0, 1000000000, "0.00" },
    { "printer", "width_dots", SETTINGS_NUMBER, AT(printer_width_dots), 384, 640, "576" },
    { "bureau", "url", SETTINGS_ORIGIN, AT(bureau_url), 0, 0, NULL },
    { "bureau", "ca_cert", SETTINGS_PATH, AT(ca_cert), 0, 0, "/etc/guichet/tls/ca.pem" },
    { "bureau", "client_cert", SETTINGS_PATH, AT(client_cert), 0, 0, "/etc/guichet/tls/kiosk.pem" },
    { "bureau", "client_key", SETTINGS_PATH, AT(client_key), 0, 0, "/etc/guichet/tls/kiosk.key" },
    { "bureau", "bureau_public_key", SETTINGS_PATH, AT(bureau_public_key), 0, 0, "/etc/guichet/tls/bureau.pub" },
    { "bureau", "verify_url", SETTINGS_PREFIX, AT(verify_url), 0, 0, "" },
    { "bureau", "retry_s_min", SETTINGS_NUMBER, AT(sync_retry_s_min), 1, 3600, "5" },
    { "bureau", "retry_s_max", SETTINGS_NUMBER, AT(sync_retry_s_max), 1, DAY_S, "300" },
    { "bureau", "poll_s", SETTINGS_NUMBER, AT(sync_poll_s), 1, DAY_S, "60" },
    { "bureau", "numbers_low", SETTINGS_NUMBER, AT(numbers_low), 1, 10000, "50" },
    { "speech", "enabled", SETTINGS_SWITCH, AT(speech_enabled), 0, 0, "yes" },
    { "speech", "output", SETTINGS_OUTPUT, AT(speech_output), 0, 0, "speaker" },
    { "speech", "device", SETTINGS_TEXT, AT(speech_device), 0, 127, "" },
    { "speech", "private", SETTINGS_SWITCH, AT(speech_private), 0, 0, "no" },
    { "speech", "voice_zh", SETTINGS_VOICE, AT(speech_voice_zh), 0, 0, "cmn-latn-pinyin" },
    { "speech", "voice_en", SETTINGS_VOICE, AT(speech_voice_en), 0, 0, "en-gb" },
    { "speech", "rate", SETTINGS_NUMBER, AT(speech_rate), 80, 300, "150" },
};
/* clang-format on */
const size_t SETTINGS_KEY_COUNT = ARRAY_SIZE(SETTINGS_KEYS);
_Static_assert(ARRAY_SIZE(SETTINGS_KEYS) <= SETTINGS_KEYS_MAX, "raise SETTINGS_KEYS_MAX");

static bool parse_number(const char *value, int64_t *out)
{
    size_t length = strspn(value, "0123456789");
    if (length == 0 || length > 9 || value[length] != '\0')
        return false;
    *out = strtoll(value, NULL, 10);
    return true;
}

static bool apply_number(const struct settings_key *key, const char *value, int *field, char *why)
{
    int64_t number;
    if (!parse_number(value, &number)) {
        text_format(why, SETTINGS_WHY_SIZE, "\"%.40s\" is not a whole number", value);
        return false;
    }
    bool is_none = key->kind == SETTINGS_NUMBER_OR_NONE && number == 0;
    if (!is_none && (number < key->min || number > key->max)) {
        text_format(why, SETTINGS_WHY_SIZE, "%d is outside %d..%d%s", (int)number, (int)key->min,
                    (int)key->max, key->kind == SETTINGS_NUMBER_OR_NONE ? ", and not 0" : "");
        return false;
    }
    *field = (int)number;
    return true;
}

static bool apply_switch(const char *value, bool *field, char *why)
{
    bool yes = strcmp(value, "yes") == 0;
    if (!yes && strcmp(value, "no") != 0) {
        text_format(why, SETTINGS_WHY_SIZE, "\"%.40s\" is neither yes nor no", value);
        return false;
    }
    *field = yes;
    return true;
}

static bool has_control(const char *value)
{
    for (const char *c = value; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return true;
    }
    return false;
}

static bool apply_text(const struct settings_key *key, const char *value, char *field, char *why)
{
    size_t length = strlen(value);
    if (length < (size_t)key->min || length > (size_t)key->max || has_control(value)) {
        text_format(why, SETTINGS_WHY_SIZE, "expected a text of %d to %d bytes", (int)key->min,
                    (int)key->max);
        return false;
    }
    return text_copy(field, key->size, value);
}

static bool apply_digits(const struct settings_key *key, const char *value, char *field, char *why)
{
    if (strlen(value) != (size_t)key->max || strspn(value, "0123456789") != (size_t)key->max) {
        text_format(why, SETTINGS_WHY_SIZE, "\"%.40s\" is not %d digits", value, (int)key->max);
        return false;
    }
    return text_copy(field, key->size, value);
}

static bool apply_phone(const struct settings_key *key, const char *value, char *field, char *why)
{
    size_t length = strlen(value);
    if (length < 3 || length >= key->size || strspn(value, "0123456789 -+") != length) {
        text_format(why, SETTINGS_WHY_SIZE, "\"%.40s\" is not a telephone number", value);
        return false;
    }
    return text_copy(field, key->size, value);
}

static bool apply_path(const struct settings_key *key, const char *value, const char *folder,
                       char *field, char *why)
{
    if (*value == '\0' && key->kind == SETTINGS_PATH_OR_NONE) {
        field[0] = '\0';
        return true;
    }
    if (*value == '\0' || has_control(value)) {
        text_format(why, SETTINGS_WHY_SIZE, "expected a path");
        return false;
    }
    if (!text_format(field, key->size, "%s%s", *value == '/' ? "" : folder, value)) {
        text_format(why, SETTINGS_WHY_SIZE, "the path with its folder is longer than %d bytes",
                    (int)key->size - 1);
        return false;
    }
    return true;
}

static bool is_origin(const char *value)
{
    static const char SCHEME[] = "https://";
    if (strncmp(value, SCHEME, strlen(SCHEME)) != 0)
        return false;
    const char *host = value + strlen(SCHEME);
    size_t length = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    if (length == 0 || (host[length] != '\0' && host[length] != ':'))
        return false;
    int64_t port = 443;
    if (host[length] == ':' && !parse_number(host + length + 1, &port))
        return false;
    return port >= 1 && port <= 65535;
}

static bool apply_url(const struct settings_key *key, const char *value, char *field, char *why)
{
    bool fits = strlen(value) < key->size;
    if (key->kind == SETTINGS_ORIGIN && !(fits && is_origin(value))) {
        text_format(why, SETTINGS_WHY_SIZE, "expected https://host or https://host:port");
        return false;
    }
    bool is_prefix = *value == '\0' || strncmp(value, "https://", 8) == 0;
    if (!fits || !is_prefix || has_control(value) || strchr(value, ' ') != NULL) {
        text_format(why, SETTINGS_WHY_SIZE, "expected https://…, or nothing");
        return false;
    }
    return text_copy(field, key->size, value);
}

static bool apply_yuan(const struct settings_key *key, const char *value, int64_t *field, char *why)
{
    int64_t fen;
    if (money_parse(value, &fen) != STATUS_OK) {
        text_format(why, SETTINGS_WHY_SIZE, "\"%.40s\" is not a sum like 50000.00", value);
        return false;
    }
    if (fen < key->min || fen > key->max) {
        char min[MONEY_TEXT_SIZE], max[MONEY_TEXT_SIZE];
        money_format(key->min, 0, min);
        money_format(key->max, 0, max);
        text_format(why, SETTINGS_WHY_SIZE, "%s is outside %s..%s", value, min, max);
        return false;
    }
    *field = fen;
    return true;
}

static bool is_banknote(int64_t yuan)
{
    return yuan == 1 || yuan == 5 || yuan == 10 || yuan == 20 || yuan == 50 || yuan == 100;
}

static bool apply_notes(const char *value, struct settings *settings, char *why)
{
    char copy[64];
    int count = 0;
    int64_t last = 0, fen[SETTINGS_DENOMINATIONS_MAX];
    if (!text_copy(copy, sizeof copy, value))
        goto refused;
    char *rest = NULL;
    for (char *word = strtok_r(copy, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
        int64_t yuan;
        if (count == SETTINGS_DENOMINATIONS_MAX || !parse_number(word, &yuan) ||
            !is_banknote(yuan) || yuan <= last)
            goto refused;
        last = yuan;
        fen[count++] = yuan * 100;
    }
    if (count == 0)
        goto refused;
    memcpy(settings->denominations_fen, fen, (size_t)count * sizeof fen[0]);
    settings->denomination_count = count;
    return true;
refused:
    text_format(why, SETTINGS_WHY_SIZE, "expected notes of 1 5 10 20 50 100 yuan, ascending");
    return false;
}

static bool apply_output(const char *value, enum settings_output *field, char *why)
{
    bool headphone = strcmp(value, "headphone") == 0;
    if (!headphone && strcmp(value, "speaker") != 0) {
        text_format(why, SETTINGS_WHY_SIZE, "\"%.40s\" is neither speaker nor headphone", value);
        return false;
    }
    *field = headphone ? SETTINGS_HEADPHONE : SETTINGS_SPEAKER;
    return true;
}

/* It becomes an argument of the speech program: nothing that could be an option or a path. */
static bool apply_voice(const struct settings_key *key, const char *value, char *field, char *why)
{
    size_t length =
        strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+");
    if (length == 0 || length >= key->size || value[length] != '\0' || *value == '-') {
        text_format(why, SETTINGS_WHY_SIZE, "\"%.40s\" is not the name of a voice", value);
        return false;
    }
    return text_copy(field, key->size, value);
}

bool settings_key_apply(const struct settings_key *key, const char *value, const char *folder,
                        struct settings *settings, char why[SETTINGS_WHY_SIZE])
{
    void *field = (char *)settings + key->offset;
    text_format(why, SETTINGS_WHY_SIZE, "is too long");
    switch (key->kind) {
    case SETTINGS_TEXT:
        return apply_text(key, value, field, why);
    case SETTINGS_PATH:
    case SETTINGS_PATH_OR_NONE:
        return apply_path(key, value, folder, field, why);
    case SETTINGS_NUMBER:
    case SETTINGS_NUMBER_OR_NONE:
        return apply_number(key, value, field, why);
    case SETTINGS_SWITCH:
        return apply_switch(value, field, why);
    case SETTINGS_DIGITS:
        return apply_digits(key, value, field, why);
    case SETTINGS_PHONE:
        return apply_phone(key, value, field, why);
    case SETTINGS_ORIGIN:
    case SETTINGS_PREFIX:
        return apply_url(key, value, field, why);
    case SETTINGS_YUAN:
        return apply_yuan(key, value, field, why);
    case SETTINGS_NOTES:
        return apply_notes(value, settings, why);
    case SETTINGS_HOURS:
        return settings_hours_parse(value, field, why, SETTINGS_WHY_SIZE);
    case SETTINGS_OUTPUT:
        return apply_output(value, field, why);
    case SETTINGS_VOICE:
        return apply_voice(key, value, field, why);
    }
    return false;
}
