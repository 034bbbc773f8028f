#include "base/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

/* The folder a source file lies in, which is its module's name. */
static void module_of_file(const char *file, char *out, size_t out_size)
{
    const char *end = strrchr(file, '/');
    if (end == NULL) {
        text_copy(out, out_size, "base");
        return;
    }
    const char *start = end;
    while (start > file && start[-1] != '/')
        start--;
    text_format(out, out_size, "%.*s", (int)(end - start), start);
}

_Noreturn void check_failed(const char *condition, const char *file, int line)
{
    char module[32];
    module_of_file(file, module, sizeof module);
    const char *slash = strrchr(file, '/');
    log_error(module, "check_failed", "%s:%d: %s", slash ? slash + 1 : file, line, condition);
    abort();
}
