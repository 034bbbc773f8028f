/* The same bytes as a key registry and as a file of signatures. */
#include <string.h>

#include "base/check.h"
#include "rulebook/signature.h"

static void check_error(void *context, const char *file, int line, const char *code,
                        const char *text)
{
    int *count = context;
    (*count)++;
    CHECK(file[0] == 'f' && line >= 0 && code[0] == 'E' && text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct policy POLICY = { .author = "a.zhao",
                                          .approver = "b.qian",
                                          .issued = "2026-09-01" };
    struct signature_keys keys;
    const char *bytes = (const char *)data;
    int count = 0;
    enum status status = signature_keys_parse("fuzz", bytes, size, check_error, &count, &keys);
    CHECK((status == STATUS_OK) == (count == 0) && keys.count <= SIGNATURE_KEYS_MAX);
    const struct signature_check check = {
        .file = "fuzz",
        .policy = &POLICY,
        .policy_bytes = data,
        .policy_size = size,
        .keys = &keys,
        .date_max = "2026-11-30",
        .is_new = size % 2,
    };
    count = 0;
    status = signature_verify(&check, bytes, size, check_error, &count);
    CHECK((status == STATUS_OK) == (count == 0));
    return 0;
}
