/* A signature as a kiosk sealed it: bytes the bureau opens. What can be read is written the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "registration/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ui_strokes strokes;
    uint8_t again[SIGNATURE_SIZE_MAX], *pbm;
    int width_mm, height_mm;
    size_t pbm_size;
    if (signature_decode(data, size, &strokes, &width_mm, &height_mm) != STATUS_OK)
        return 0;
    CHECK(signature_encode(&strokes, width_mm, height_mm, again) == size);
    CHECK(memcmp(again + SIGNATURE_HEAD + 1, data + SIGNATURE_HEAD + 1,
                 size - SIGNATURE_HEAD - 1) == 0); /* the first point always begins */
    CHECK(signature_draw(data, size, &pbm, &pbm_size) == STATUS_OK);
    free(pbm);
    return 0;
}
