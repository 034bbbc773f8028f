#include "support/fake_printer.h"

static struct fake_printer *fake_of(struct printer *printer)
{
    return (struct fake_printer *)printer;
}

static int count_black(const struct printer_bitmap *bitmap)
{
    size_t size = printer_bitmap_stride(bitmap) * (size_t)bitmap->height_dots;
    int count = 0;
    for (size_t i = 0; i < size; i++)
        count += __builtin_popcount(bitmap->rows[i]);
    return count;
}

static enum status print(struct printer *printer, uint32_t job, const struct printer_bitmap *bitmap)
{
    struct fake_printer *fake = fake_of(printer);
    bool is_usable = fake->state == DEVICE_READY || fake->state == DEVICE_DEGRADED;
    if (fake->has_job || !is_usable)
        return STATUS_BUSY;
    if (bitmap->height_dots < 1 || bitmap->height_dots > PRINTER_HEIGHT_DOTS_MAX)
        return STATUS_INVALID;
    fake->has_job = true;
    fake->job = job;
    fake->job_count++;
    fake->black_count = count_black(bitmap);
    return STATUS_OK;
}

static void close_printer(struct printer *printer)
{
    (void)printer;
}

static const struct printer_ops OPS = { .print = print, .close = close_printer };

void fake_printer_init(struct fake_printer *fake, printer_listener *listener, void *context)
{
    *fake = (struct fake_printer){
        .printer = { .ops = &OPS },
        .listener = listener,
        .context = context,
        .state = DEVICE_READY,
    };
}

static void tell(struct fake_printer *fake, enum printer_event_kind kind)
{
    struct printer_event event = {
        .kind = kind,
        .status = { .state = fake->state },
        .job = fake->job,
        .evidence =
            kind == PRINTER_EVENT_PRINTED ? PRINTER_EVIDENCE_PROCESS_ID : PRINTER_EVIDENCE_NONE,
    };
    fake->listener(fake->context, &event);
}

void fake_printer_say(struct fake_printer *fake, enum device_state state)
{
    fake->state = state;
    tell(fake, PRINTER_EVENT_STATUS);
}

void fake_printer_finish(struct fake_printer *fake, enum printer_event_kind result)
{
    if (!fake->has_job)
        return;
    fake->has_job = false;
    if (result == PRINTER_EVENT_PRINTED)
        tell(fake, PRINTER_EVENT_SENT);
    tell(fake, result);
}
