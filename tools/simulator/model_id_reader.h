/*
 * A SAM_V reader of second-generation ID cards, 0400:C35A, with both USB framings seen in the
 * field: A, "4 pipes" (02/81 carry preamble and length, 06/85 the body), and B, "2 pipes" (02/81
 * carry whole frames).
 *
 * Not modelled: the UART commands, appended information 30 02, the card number 30 05 (SW3 21).
 */
#pragma once
#include "tools/simulator/citizens.h"
#include "tools/simulator/usb_model.h"

#define ID_FRAME_SIZE_MAX 2321 /* text, photo and two fingers */

enum id_framing {
    ID_FRAMING_A,
    ID_FRAMING_B
};

enum id_reader_fault {
    ID_FAULT_NONE,
    ID_FAULT_MOVE,     /* once: the card moves during the next read (41) */
    ID_FAULT_GARBAGE,  /* once: a frame of noise */
    ID_FAULT_CHECKSUM, /* once: a good answer with a wrong checksum */
    ID_FAULT_SHORT,    /* once: half an answer, then nothing */
    ID_FAULT_STALL,    /* once: the IN endpoint stalls */
    ID_FAULT_REJECTED, /* until cleared: the SAM rejects the card (32) */
    ID_FAULT_FORGED,   /* until cleared: verification fails (33) */
    ID_FAULT_FOREIGN,  /* until cleared: not an ID card (40) */
    ID_FAULT_SILENT,   /* until cleared: no answer */
    ID_FAULT_ENDLESS,  /* until cleared: bytes without end */
    ID_FAULT_LOCKED,   /* until cleared: SAM not authorised (66) */
};
#define ID_FAULT_COUNT 12

enum id_card_progress {
    ID_CARD_IDLE,
    ID_CARD_FOUND,
    ID_CARD_SELECTED,
    ID_CARD_DONE
};

struct model_id_reader {
    struct usb_model usb;
    enum id_framing framing;
    bool finds_again; /* find answers 9F for a card that was read already */
    enum id_reader_fault fault;

    const struct citizen *card; /* lying on the reader; NULL: none */
    enum id_card_progress progress;

    uint8_t request[ID_FRAME_SIZE_MAX]; /* what came so far */
    size_t request_size;
    uint8_t reply[ID_FRAME_SIZE_MAX]; /* whole frame, waiting for its time */
    size_t reply_size;
    int64_t reply_at_ms; /* -1: none is being prepared */
    bool reading;        /* the reply under way is a card read: lifting the card spoils it */
    bool stalled;

    struct usb_pipe head, body; /* IN endpoints 81 and 85; framing B uses head only */
    int reads, protocol_errors;
};

void model_id_reader_init(struct model_id_reader *reader, const struct clock *clock,
                          int time_percent, enum id_framing framing);

/* Puts a card on the reader (NULL: lifts it). A read under way then fails with 41. */
void model_id_reader_set_card(struct model_id_reader *reader, const struct citizen *citizen);

const char *id_reader_fault_name(enum id_reader_fault fault);
/* False if there is no such word. */
bool id_reader_fault_parse(const char *name, enum id_reader_fault *out);
