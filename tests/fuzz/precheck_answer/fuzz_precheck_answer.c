/* What the bureau answers about somebody who is about to register: bytes from the network. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "registration/precheck.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct precheck precheck;
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    if (precheck_parse(text, size, &precheck) != STATUS_OK)
        CHECK(precheck.state == PRECHECK_NOT_KNOWN && precheck.account[0] == '\0');
    else
        CHECK((precheck.state == PRECHECK_REFUSED) == (precheck.refusal != REFUSAL_NONE));
    free(text);
    return 0;
}
