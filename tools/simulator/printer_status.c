#include "tools/simulator/model_printer.h"
#include <string.h>

static bool is_out(const struct model_printer *printer)
{
    return printer->paper_rows <= 0;
}

static bool is_near_end(const struct model_printer *printer)
{
    return printer->paper_rows < (int64_t)PRINTER_NEAR_END_MM * PRINTER_ROWS_PER_MM;
}

bool model_printer_is_offline(const struct model_printer *printer)
{
    return printer->cover_open || is_out(printer) || printer->cutter_error ||
           printer->fault == PRINTER_FAULT_HOT || printer->fault == PRINTER_FAULT_BROKEN;
}

void printer_status_send(struct model_printer *printer, const void *data, size_t size)
{
    uint8_t noise[64];
    if (printer->fault == PRINTER_FAULT_SILENT ||
        printer->status.size + size > PRINTER_STATUS_SIZE || size > sizeof noise)
        return;
    if (printer->fault == PRINTER_FAULT_GARBAGE) {
        printer->fault = PRINTER_FAULT_NONE;
        for (size_t i = 0; i < size; i++)
            noise[i] = (uint8_t)(0xE7 - i * 31);
        data = noise;
    }
    usb_pipe_put(&printer->status, data, size);
}

static void compose_asb(const struct model_printer *printer, uint8_t asb[4])
{
    asb[0] = 0x10;
    asb[1] = asb[2] = asb[3] = 0;
    if (model_printer_is_offline(printer))
        asb[0] |= 0x08;
    if (printer->cover_open)
        asb[0] |= 0x20;
    if (printer->cutter_error)
        asb[1] |= 0x08;
    if (printer->fault == PRINTER_FAULT_BROKEN)
        asb[1] |= 0x20;
    if (printer->fault == PRINTER_FAULT_HOT)
        asb[1] |= 0x40;
    if (is_near_end(printer))
        asb[2] |= 0x03;
    if (is_out(printer))
        asb[2] |= 0x0C;
}

void printer_status_update(struct model_printer *printer)
{
    static const uint8_t GROUPS[4] = { 0x42, 0x04, 0x08, 0x00 };
    uint8_t asb[4];
    bool changed = false;
    compose_asb(printer, asb);
    for (int i = 0; i < 4; i++)
        changed |= (printer->asb_mask & GROUPS[i]) != 0 && asb[i] != printer->asb[i];
    memcpy(printer->asb, asb, 4);
    if (changed)
        printer_status_send(printer, asb, 4);
}

void printer_status_set_asb(struct model_printer *printer, uint8_t mask)
{
    printer->asb_mask = mask;
    compose_asb(printer, printer->asb);
    if (mask != 0)
        printer_status_send(printer, printer->asb, 4);
}

void printer_status_send_realtime(struct model_printer *printer, uint8_t n)
{
    uint8_t asb[4], reply = 0x12;
    compose_asb(printer, asb);
    switch (n) {
    case 1:
        reply |= asb[0] & 0x08;
        break;
    case 2:
        reply |= (uint8_t)((printer->cover_open ? 0x04 : 0) | (is_out(printer) ? 0x20 : 0) |
                           (asb[1] != 0 ? 0x40 : 0));
        break;
    case 3:
        reply |= asb[1];
        break;
    case 4:
        reply |= (uint8_t)((is_near_end(printer) ? 0x0C : 0) | (is_out(printer) ? 0x60 : 0));
        break;
    }
    printer_status_send(printer, &reply, 1);
}

void printer_status_send_paper(struct model_printer *printer)
{
    uint8_t reply = (uint8_t)((is_near_end(printer) ? 0x03 : 0) | (is_out(printer) ? 0x0C : 0));
    printer_status_send(printer, &reply, 1);
}

void printer_status_send_identity(struct model_printer *printer, uint8_t n)
{
    /* 65 to 69: firmware, maker, model, serial number, font language; a block 5F … 00. */
    static const char *const BLOCKS[] = { "_10.05 ESC/POS", "_EPSON", "_TM-T88VI", "_SIM0000001",
                                          "_CHINA GB18030" };
    static const uint8_t BYTES[] = { 0x20, 0x03, 0x01 };
    if (n >= 1 && n <= 3)
        printer_status_send(printer, &BYTES[n - 1], 1);
    else if (n >= 65 && n <= 69)
        printer_status_send(printer, BLOCKS[n - 65], strlen(BLOCKS[n - 65]) + 1);
    else
        printer->protocol_errors++;
}

uint8_t printer_status_port(const struct model_printer *printer)
{
    if (is_out(printer))
        return 0x30;
    return model_printer_is_offline(printer) ? 0x10 : 0x18;
}
