#include "drivers/printer/escpos/escpos_internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#define ASB_TIMEOUT_MS 1000
#define TEXT_TIMEOUT_MS 300
#define FENCE_PROBE_MS 2000
#define CLEAR_TIMEOUT_MS 500

/* Printer class requests. */
#define CLASS_REQUEST_IN 0xA1
#define GET_DEVICE_ID 0x00
#define GET_PORT_STATUS 0x01

static const uint8_t CLEAR_BUFFERS[] = {
    0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08
};
static const uint8_t INITIALISE[] = { 0x1B, 0x40, 0x1D, 0x61, 0x0F };
static const uint8_t CUT[] = { 0x1D, 0x56, 0x42, 0x00 };
static const uint8_t ASK_STATUS[] = { 0x1D, 0x72, 0x01 };

static int64_t now_ms(void)
{
    return clock_now_ms(&clock_system);
}

/* ---- what the printer says ---- */

static void on_block(struct escpos *escpos, const struct escpos_item *item)
{
    struct escpos_heard *heard = &escpos->heard;
    if (escpos_is_clear_reply(item))
        heard->clear_reply = true;
    else if (escpos_is_process_id(item, escpos->id_before_cut))
        heard->id_before_cut = true;
    else if (escpos_is_process_id(item, escpos->id_after_cut))
        heard->id_after_cut = true;
    else if (item->bytes[0] == 0x5F)
        heard->text_heard = text_format(heard->text, sizeof heard->text, "%.*s",
                                        (int)item->size - 1, (const char *)item->bytes + 1);
}

static void on_item(struct escpos *escpos, const struct escpos_item *item)
{
    switch (item->kind) {
    case ESCPOS_ITEM_ASB:
        escpos->heard.asb = true;
        escpos->problems = escpos_asb_problems(item->bytes);
        break;
    case ESCPOS_ITEM_BYTE:
        escpos->heard.byte = true;
        break;
    case ESCPOS_ITEM_BLOCK:
        on_block(escpos, item);
        break;
    case ESCPOS_ITEM_REALTIME:
        break;
    }
}

void escpos_listen(struct escpos *escpos)
{
    uint8_t data[64];
    size_t size;
    while ((size = usb_port_take(escpos->port, 0, data, sizeof data)) > 0)
        for (size_t i = 0; i < size; i++)
            if (escpos_parser_feed(&escpos->parser, data[i]))
                on_item(escpos, &escpos->parser.item);
}

enum status escpos_wait_until_heard(struct escpos *escpos, const bool *flag, int64_t timeout_ms,
                                    bool despite_faults)
{
    int64_t until_ms = now_ms() + timeout_ms;
    for (;;) {
        escpos_listen(escpos);
        if (*flag)
            return STATUS_OK;
        enum status status = escpos_check_link(escpos);
        if (status != STATUS_OK)
            return status;
        if (!despite_faults && (escpos->problems & ESCPOS_FATAL_PROBLEMS))
            return STATUS_BUSY;
        int64_t left_ms = until_ms - now_ms();
        if (left_ms <= 0)
            return STATUS_TIMEOUT;
        usb_port_wait(escpos->port, left_ms);
    }
}

/* ---- talking to it ---- */

static enum status send_command(struct escpos *escpos, const uint8_t *data, size_t size,
                                int timeout_ms)
{
    int64_t until_ms = now_ms() + timeout_ms;
    for (size_t offset = 0; offset < size;) {
        size_t piece = size - offset < ESCPOS_PIECE_SIZE ? size - offset : ESCPOS_PIECE_SIZE,
               written = 0;
        int64_t left_ms = until_ms - now_ms();
        enum status status = usb_port_write(escpos->port, 0, data + offset, piece,
                                            left_ms > 0 ? (int)left_ms : 0, &written);
        offset += written;
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

void escpos_ask_port_status(struct escpos *escpos)
{
    uint8_t port_status = 0;
    size_t got = 0;
    const struct usb_request request = {
        .type = CLASS_REQUEST_IN,
        .request = GET_PORT_STATUS,
        .index = (uint16_t)usb_port_identity(escpos->port)->interface_number,
    };
    enum status status =
        usb_port_control(escpos->port, &request, &port_status, 1, ESCPOS_COMMAND_TIMEOUT_MS, &got);
    if (status != STATUS_OK || got != 1)
        return;
    log_info("printer", "port_status", "%02x", port_status);
    escpos->problems |= escpos_port_problems(port_status);
}

enum status escpos_clear_buffers(struct escpos *escpos)
{
    static const uint8_t ZEROS[ESCPOS_PIECE_SIZE] = { 0 };
    escpos->heard.clear_reply = false;
    enum status status =
        send_command(escpos, CLEAR_BUFFERS, sizeof CLEAR_BUFFERS, CLEAR_TIMEOUT_MS);
    if (status != STATUS_OK)
        return status;
    status = escpos_wait_until_heard(escpos, &escpos->heard.clear_reply, CLEAR_TIMEOUT_MS, true);
    if (status != STATUS_TIMEOUT)
        return status;
    size_t left = ESCPOS_BAND_SIZE_MAX;
    status = STATUS_OK;
    while (left > 0 && status == STATUS_OK) {
        size_t piece = left < sizeof ZEROS ? left : sizeof ZEROS;
        status = send_command(escpos, ZEROS, piece, ESCPOS_COMMAND_TIMEOUT_MS);
        left -= piece;
    }
    return status == STATUS_OK ? STATUS_UNSUPPORTED : status;
}

/* ---- start-up ---- */

static void read_device_id(struct escpos *escpos)
{
    uint8_t data[USB_CONTROL_SIZE_MAX];
    size_t got = 0;
    const struct usb_identity *identity = usb_port_identity(escpos->port);
    const struct usb_request request = {
        .type = CLASS_REQUEST_IN,
        .request = GET_DEVICE_ID,
        .index = (uint16_t)(identity->interface_number << 8 | identity->alternate),
    };
    enum status status = usb_port_control(escpos->port, &request, data, sizeof data,
                                          ESCPOS_COMMAND_TIMEOUT_MS, &got);
    struct device_status *known = &escpos->status;
    if (status != STATUS_OK ||
        !escpos_device_id_value(data, got, "MDL,MODEL", known->model, sizeof known->model))
        text_copy(known->model, sizeof known->model, identity->product);
    if (status != STATUS_OK ||
        !escpos_device_id_value(data, got, "SERN,SN", known->serial, sizeof known->serial))
        text_copy(known->serial, sizeof known->serial, identity->serial);
}

static enum status ask_text(struct escpos *escpos, uint8_t what, char *out, size_t out_size)
{
    const uint8_t request[] = { 0x1D, 0x49, what };
    escpos->heard.text_heard = false;
    enum status status = send_command(escpos, request, sizeof request, ESCPOS_COMMAND_TIMEOUT_MS);
    if (status == STATUS_OK)
        status = escpos_wait_until_heard(escpos, &escpos->heard.text_heard, TEXT_TIMEOUT_MS, true);
    if (status == STATUS_OK)
        text_copy(out, out_size, escpos->heard.text);
    return status == STATUS_TIMEOUT ? STATUS_OK : status;
}

static enum status identify(struct escpos *escpos)
{
    struct device_status *known = &escpos->status;
    read_device_id(escpos);
    enum status status = STATUS_OK;
    if (known->model[0] == '\0')
        status = ask_text(escpos, 0x43, known->model, sizeof known->model);
    if (status == STATUS_OK && known->serial[0] == '\0')
        status = ask_text(escpos, 0x44, known->serial, sizeof known->serial);
    return status;
}

void escpos_expect_process_id(struct escpos *escpos, uint32_t number)
{
    escpos_process_id(number, false, escpos->id_before_cut);
    escpos_process_id(number, true, escpos->id_after_cut);
    escpos->heard.id_before_cut = escpos->heard.id_after_cut = false;
}

static enum status probe_process_id(struct escpos *escpos)
{
    uint8_t request[11] = { 0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30 };
    escpos_expect_process_id(escpos, 0);
    memcpy(request + 7, escpos->id_before_cut, 4);
    enum status status = send_command(escpos, request, sizeof request, ESCPOS_COMMAND_TIMEOUT_MS);
    if (status == STATUS_OK)
        status =
            escpos_wait_until_heard(escpos, &escpos->heard.id_before_cut, FENCE_PROBE_MS, false);
    return status;
}

static enum status probe_status_byte(struct escpos *escpos)
{
    escpos->heard.byte = false;
    enum status status =
        send_command(escpos, ASK_STATUS, sizeof ASK_STATUS, ESCPOS_COMMAND_TIMEOUT_MS);
    if (status == STATUS_OK)
        status = escpos_wait_until_heard(escpos, &escpos->heard.byte, FENCE_PROBE_MS, false);
    return status;
}

/* A printer that can say nothing after a job could only ever be hoped about. */
static enum status probe_fence(struct escpos *escpos)
{
    enum escpos_fence fence = ESCPOS_FENCE_PROCESS_ID;
    enum status status = probe_process_id(escpos);
    if (status == STATUS_TIMEOUT) {
        fence = ESCPOS_FENCE_STATUS_BYTE;
        status = probe_status_byte(escpos);
    }
    if (status == STATUS_TIMEOUT) {
        log_error("printer", "no_fence", "answers neither GS ( H nor GS r");
        return STATUS_UNSUPPORTED;
    }
    if (status != STATUS_OK)
        return status;
    log_info("printer", "fence", "%d", (int)fence);
    escpos->probed = true;
    pthread_mutex_lock(&escpos->lock);
    escpos->fence = fence;
    pthread_mutex_unlock(&escpos->lock);
    return STATUS_OK;
}

static enum status initialise(struct escpos *escpos)
{
    escpos->heard.asb = false;
    enum status status =
        send_command(escpos, INITIALISE, sizeof INITIALISE, ESCPOS_COMMAND_TIMEOUT_MS);
    if (status == STATUS_OK)
        status = escpos_wait_until_heard(escpos, &escpos->heard.asb, ASB_TIMEOUT_MS, true);
    if (status == STATUS_TIMEOUT)
        escpos_ask_port_status(escpos);
    return status;
}

enum status escpos_greet(struct escpos *escpos)
{
    if (usb_port_identity(escpos->port)->in_count == 0) {
        log_error("printer", "unidirectional", "no way to hear what became of a receipt");
        return STATUS_UNSUPPORTED;
    }
    escpos_parser_init(&escpos->parser);
    escpos->problems = 0;
    escpos->probed = false;
    /* There may be a job of before a crash of ours. */
    enum status status = escpos_clear_buffers(escpos);
    if (status == STATUS_TIMEOUT)
        escpos_ask_port_status(escpos);
    if (status == STATUS_OK || status == STATUS_UNSUPPORTED)
        status = initialise(escpos);
    if (status != STATUS_OK)
        return status;
    escpos->needs_clear = false;
    return identify(escpos);
}

bool escpos_needs_work(const struct escpos *escpos)
{
    return escpos->needs_clear || escpos->needs_cut || !escpos->probed;
}

enum status escpos_make_ready(struct escpos *escpos)
{
    enum status status = STATUS_OK;
    if (escpos->needs_clear) {
        status = escpos_clear_buffers(escpos);
        if (status != STATUS_OK && status != STATUS_UNSUPPORTED)
            return status;
        escpos->needs_clear = false;
        status = initialise(escpos);
    }
    if (status == STATUS_OK && (escpos->problems & ESCPOS_FATAL_PROBLEMS))
        return STATUS_BUSY;
    if (status == STATUS_OK && escpos->needs_cut) {
        /* Half a receipt must not hang on to the next citizen's. */
        status = send_command(escpos, CUT, sizeof CUT, ESCPOS_COMMAND_TIMEOUT_MS);
        escpos->needs_cut = status != STATUS_OK;
    }
    if (status == STATUS_OK && !escpos->probed)
        status = probe_fence(escpos);
    return status;
}
