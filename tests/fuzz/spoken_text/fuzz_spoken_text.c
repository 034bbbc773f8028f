/*
 * Any text, as names and documents of a policy may bring it, becomes one that a speech program
 * cannot take for a command.
 */
#include "ui/spoken_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    CHECK(text);
    memcpy(text, data, size);
    text[size] = '\0';
    for (int language = 0; language < SPOKEN_LANGUAGES; language++) {
        char said[1024] = "";
        struct spoken_out out = { .text = said, .size = size % 2 ? sizeof said : 40 };
        spoken_text_put(&out, language, text);
        CHECK(out.used == strlen(said) && out.used < out.size);
        CHECK(text_is_valid_utf8(said, out.used));
        CHECK(out.used == 0 || said[0] == SPOKEN_MARK + SPOKEN_ZH ||
              said[0] == SPOKEN_MARK + SPOKEN_EN);
        for (size_t i = 0; i < out.used; i++)
            CHECK((uint8_t)said[i] >= ' ' || said[i] == SPOKEN_MARK + SPOKEN_ZH ||
                  said[i] == SPOKEN_MARK + SPOKEN_EN);
        CHECK(strpbrk(said, "[]<>{}\\\x7f") == NULL);
    }
    free(text);
    return 0;
}
