#include "ui/qr.h"

#include <qrencode.h>

bool qr_make(const char *text, struct qr *out)
{
    out->side = 0;
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    if (code->width <= QR_SIDE_MAX) {
        out->side = code->width;
        for (int i = 0; i < code->width * code->width; i++)
            out->dark[i] = code->data[i] & 1;
    }
    QRcode_free(code);
    return out->side > 0;
}
