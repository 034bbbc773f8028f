/* Both INI parsers of the settings; the first byte chooses. */
#include <string.h>

#include "base/check.h"
#include "settings/settings_internal.h"

static void count(void *context, const char *file, int line, const char *text)
{
    CHECK(line >= 0 && file != NULL && text[0] != '\0');
    (*(int *)context)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    int reported = 0;
    struct settings_source source = { .file = "fuzz/kiosk.ini",
                                      .text = (const char *)data + 1,
                                      .size = size - 1,
                                      .on_error = count,
                                      .error_context = &reported };
    struct settings settings = { 0 };
    enum status status = data[0] % 2 == 0 ? settings_parse_kiosk(&source, &settings)
                                          : settings_parse_devices(&source, &settings);
    /* Refused if and only if something was said. */
    CHECK((status == STATUS_OK) == (reported == 0));
    CHECK(settings.device_count >= 0 && settings.device_count <= SETTINGS_DEVICES_MAX);
    CHECK(settings.denomination_count <= SETTINGS_DENOMINATIONS_MAX);
    return 0;
}
