/* Whatever a host may send to the virtual devices. The first byte chooses the device, then come
 * transfers: endpoint, length, bytes. Models are strict, not fragile. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "tools/simulator/model_acceptor.h"
#include "tools/simulator/model_contact_reader.h"
#include "tools/simulator/model_id_reader.h"
#include "tools/simulator/model_printer.h"

static void transfer(struct usb_model *usb, struct clock_fake *clock, uint8_t pipe,
                     const uint8_t *data, size_t size)
{
    static const uint8_t OUT[] = { 0x02, 0x06, 0x01 }, IN[] = { 0x81, 0x85, 0x82, 0x83 };
    uint8_t reply[512];
    uint8_t control[64] = { 0 };
    if (pipe == 0xFF && size >= 4) {
        const struct usb_setup setup = {
            .type = data[0], .request = data[1], .value = data[2], .length = data[3] % 64
        };
        int count = usb_model_control(usb, &setup, control);
        CHECK(count == USB_STALL || (count >= 0 && count <= setup.length));
    }
    int taken = usb->ops->bulk_out(usb, OUT[pipe % sizeof OUT], data, size);
    CHECK(taken == USB_NAK || (taken >= 0 && (size_t)taken <= size));
    clock_fake_advance(clock, pipe * 4);
    usb->ops->advance(usb);
    int given = usb->ops->bulk_in(usb, IN[pipe % sizeof IN], reply, sizeof reply);
    CHECK(given <= (int)sizeof reply);
}

static void play(struct usb_model *usb, struct clock_fake *clock, const uint8_t *data, size_t size)
{
    while (size >= 2) {
        size_t length = data[1] < size - 2 ? data[1] : size - 2;
        transfer(usb, clock, data[0], data + 2, length);
        data += 2 + length;
        size -= 2 + length;
    }
}

#define CONTACT_READER_FROM 0xE0 /* and 32 ways to make it up */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct model_id_reader reader;
    static struct model_contact_reader contact;
    static struct model_acceptor acceptor;
    static struct model_printer printer;
    struct clock_fake clock;
    if (size == 0)
        return 0;
    clock_fake_init(&clock, 0);
    if (data[0] >= CONTACT_READER_FROM) {
        int choice = data[0] - CONTACT_READER_FROM;
        model_contact_reader_init(&contact, &clock.clock, 100);
        contact.features.level = (enum contact_level)(choice % 3);
        contact.usb.ops->plugged(&contact.usb);
        model_contact_reader_set_card(&contact, 0,
                                      &CONTACT_CARDS[(size_t)choice % CONTACT_CARD_COUNT]);
        play(&contact.usb, &clock, data + 1, size - 1);
    } else if (data[0] % 4 < 2) {
        model_id_reader_init(&reader, &clock.clock, 100, (enum id_framing)(data[0] % 4));
        model_id_reader_set_card(&reader, &CITIZENS[data[0] / 4 % CITIZEN_COUNT]);
        play(&reader.usb, &clock, data + 1, size - 1);
    } else if (data[0] % 4 == 2) {
        int bridge = data[0] / 4 % (BRIDGE_KIND_COUNT + 1);
        if (bridge == 0)
            model_acceptor_init(&acceptor, &clock.clock, 0);
        else
            model_acceptor_init_id003(&acceptor, &clock.clock, 0, (enum bridge_kind)(bridge - 1));
        acceptor.usb.ops->advance(&acceptor.usb);
        model_acceptor_feed(&acceptor, 100, false);
        play(&acceptor.usb, &clock, data + 1, size - 1);
    } else {
        model_printer_init(&printer, &clock.clock, 10, 576);
        play(&printer.usb, &clock, data + 1, size - 1);
        model_printer_deinit(&printer);
    }
    return 0;
}
