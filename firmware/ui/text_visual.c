#include "ui/text_visual.h"

#include <fribidi.h>
#include <string.h>

#define CHARACTERS_MAX 1024

int text_visual_order(const char *text, int length, char *out, int out_size)
{
    FriBidiChar logical[CHARACTERS_MAX + 1], visual[CHARACTERS_MAX + 1];
    out[0] = '\0';
    if (length <= 0 || length > CHARACTERS_MAX)
        return 0;
    const FriBidiStrIndex count =
        fribidi_charset_to_unicode(FRIBIDI_CHAR_SET_UTF8, text, length, logical);
    FriBidiParType direction = FRIBIDI_PAR_RTL;
    int written = 0;
    if (count > 0 && fribidi_log2vis(logical, count, &direction, visual, NULL, NULL, NULL) != 0) {
        const FriBidiStrIndex kept = fribidi_remove_bidi_marks(visual, count, NULL, NULL, NULL);
        if (kept * 4 < out_size)
            written = fribidi_unicode_to_charset(FRIBIDI_CHAR_SET_UTF8, visual, kept, out);
    }
    explicit_bzero(logical, sizeof(logical));
    explicit_bzero(visual, sizeof(visual));
    return written;
}
