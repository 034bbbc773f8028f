#include "drivers/device.h"

#include <stdlib.h>
#include <string.h>

const char *device_state_name(enum device_state state)
{
    switch (state) {
    case DEVICE_ABSENT:
        return "absent";
    case DEVICE_STARTING:
        return "starting";
    case DEVICE_READY:
        return "ready";
    case DEVICE_DEGRADED:
        return "degraded";
    case DEVICE_FAULT:
        return "fault";
    }
    return "invalid";
}

/* Starts of words only: "width" is not found in "linewidth=3". */
static const char *find_option(const char *options, const char *key)
{
    size_t length = strlen(key);
    for (const char *at = options; (at = strstr(at, key)) != NULL; at += length)
        if ((at == options || at[-1] == ' ') && at[length] == '=')
            return at + length + 1;
    return NULL;
}

bool device_option(const struct device_match *match, const char *key, char *out, size_t out_size)
{
    const char *value = find_option(match->options, key);
    if (value == NULL)
        return false;
    size_t length = strcspn(value, " ");
    if (length >= out_size)
        return false;
    memcpy(out, value, length);
    out[length] = '\0';
    return true;
}

long device_option_number(const struct device_match *match, const char *key, long fallback)
{
    char word[24], *end = word;
    if (!device_option(match, key, word, sizeof word))
        return fallback;
    long value = strtol(word, &end, 10);
    return end != word && *end == '\0' ? value : fallback;
}
