#include "tools/simulator/contact_descriptors.h"
#include "base/bytes.h"
#include "base/check.h"

static const uint8_t DEVICE[18] = { 18,   1,    0x10, 0x01, 0, 0, 0, 64, 0x6E,
                                    0x09, 0x03, 0x05, 0x01, 1, 1, 2, 3,  1 };
static const char *const STRINGS[] = { "Virtual", "Contact Card Reader", "C-000001" };

/* dwFeatures as readers of each level have them. */
static uint32_t features_of(const struct contact_features *features)
{
    static const uint32_t LEVELS[] = {
        [CONTACT_LEVEL_TPDU] = 0x00010030,     /* clock and speed only: the host sets parameters */
        [CONTACT_LEVEL_SHORT] = 0x000204B2,    /* parameters from the ATR, PPS, IFSD */
        [CONTACT_LEVEL_EXTENDED] = 0x000404F2, /* and the negotiation itself */
    };
    return LEVELS[features->level] | (features->chooses_voltage ? 0x08u : 0);
}

static void write_class(struct bytes_writer *writer, const struct contact_features *features)
{
    bytes_write_u8(writer, 54);
    bytes_write_u8(writer, 0x21);
    bytes_write_u16le(writer, 0x0110);
    bytes_write_u8(writer, (uint8_t)(features->slot_count - 1));
    bytes_write_u8(writer, 7); /* 5 V, 3 V, 1.8 V */
    bytes_write_u32le(writer, 3);
    bytes_write_u32le(writer, 3580); /* kHz */
    bytes_write_u32le(writer, 3580);
    bytes_write_u8(writer, 0);
    bytes_write_u32le(writer, 9600);
    bytes_write_u32le(writer, 115200);
    bytes_write_u8(writer, 0);
    bytes_write_u32le(writer, 254);
    bytes_write_u32le(writer, 0);
    bytes_write_u32le(writer, 0);
    bytes_write_u32le(writer, features_of(features));
    bytes_write_u32le(writer, (uint32_t)features->message_size);
    bytes_write_u8(writer, 0xFF);
    bytes_write_u8(writer, 0xFF);
    bytes_write_u16le(writer, 0);
    bytes_write_u8(writer, 0);
    bytes_write_u8(writer, 1);
}

static void write_endpoint(struct bytes_writer *writer, uint8_t address, uint8_t type,
                           uint16_t size, uint8_t interval)
{
    bytes_write_u8(writer, 7);
    bytes_write_u8(writer, 5);
    bytes_write_u8(writer, address);
    bytes_write_u8(writer, type);
    bytes_write_u16le(writer, size);
    bytes_write_u8(writer, interval);
}

static void write_interface(struct bytes_writer *writer, const struct contact_features *features)
{
    const uint8_t interface[] = {
        9, 4, 0, 0, features->lacks_interrupt ? 2 : 3, features->is_vendor_class ? 0xFF : 0x0B,
        0, 0, 0,
    };
    bytes_write_all(writer, interface, sizeof interface);
    if (!features->hides_descriptor)
        write_class(writer, features);
    write_endpoint(writer, CONTACT_PIPE_OUT, 2, USB_PACKET_SIZE, 0);
    write_endpoint(writer, CONTACT_PIPE_IN, 2, USB_PACKET_SIZE, 0);
    if (!features->lacks_interrupt)
        write_endpoint(writer, CONTACT_PIPE_NOTICES, 3, 8, 24);
    if (features->hides_descriptor)
        write_class(writer, features);
}

void contact_descriptors_build(struct model_contact_reader *reader)
{
    struct bytes_writer writer;
    bytes_writer_init(&writer, reader->configuration, sizeof reader->configuration);
    const uint8_t head[] = { 9, 2, 0, 0, 1, 1, 0, 0x80, 50 };
    bytes_write_all(&writer, head, sizeof head);
    write_interface(&writer, &reader->features);
    CHECK(!writer.bad && writer.offset <= UINT8_MAX);
    reader->configuration[2] = (uint8_t)writer.offset; /* wTotalLength */
    reader->descriptors = (struct usb_descriptors){ .device = DEVICE,
                                                    .configuration = reader->configuration,
                                                    .configuration_size = writer.offset,
                                                    .strings = STRINGS,
                                                    .string_count = ARRAY_SIZE(STRINGS) };
}
