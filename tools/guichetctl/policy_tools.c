#include "tools/guichetctl/policy_tools.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"
#include "store/key_file.h"

#define PATH_SIZE 480
#define OTHERS_MODE 077

void policy_tool_today(char out[SIGNATURE_DATE_SIZE])
{
    time_t now = time(NULL);
    struct tm day;
    localtime_r(&now, &day);
    CHECK(strftime(out, SIGNATURE_DATE_SIZE, "%Y-%m-%d", &day) > 0);
}

enum status policy_tool_make_key(const char *folder, const char *name,
                                 char public_hex[2 * SIGNATURE_PUBLIC_BYTES + 1])
{
    char path[PATH_SIZE];
    struct stat ignored;
    uint8_t seed[SIGNATURE_SEED_BYTES], public_key[SIGNATURE_PUBLIC_BYTES];
    if (name[0] == '\0' ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != strlen(name) ||
        !text_format(path, sizeof path, "%s/%s.key", folder, name))
        return STATUS_INVALID;
    if (stat(path, &ignored) == 0)
        return STATUS_EXISTS;
    CHECK(sodium_init() >= 0);
    enum status status = key_file_create(path, "a signing key", seed);
    if (status == STATUS_OK) {
        signature_public_key(seed, public_key);
        bytes_to_hex(public_key, sizeof public_key, public_hex);
    }
    bytes_wipe(seed, sizeof seed);
    return status;
}

enum status policy_tool_read_seed(const char *path, uint8_t seed[SIGNATURE_SEED_BYTES])
{
    return key_file_read(path, "a signing key", OTHERS_MODE, seed);
}
