#include "variants_register.h"

#include <stdio.h>
#include <string.h>

#define COPY(out, text) snprintf((out), sizeof(out), "%s", (text))

static void materials(struct session_view *view, int flags)
{
    static const enum view_material_kind KINDS[] = {
        MATERIAL_ID_CARD,        MATERIAL_LEAVING_CERTIFICATE,
        MATERIAL_SOCIAL_CARD,    MATERIAL_RESIDENCE_PERMIT,
        MATERIAL_HOUSEHOLD_BOOK, MATERIAL_BANK_CARD,
        MATERIAL_PHOTO,
    };
    view->material_count = flags & REGISTER_FULL ? 7 : 3;
    for (int i = 0; i < view->material_count; i++) {
        view->needed[i].kind = KINDS[i];
        view->needed[i].is_there = i == 0 || flags & REGISTER_COMPLETE;
        COPY(view->needed[i].source, flags & REGISTER_FULL
                                         ? "临人社规〔2026〕12号、临医保规〔2026〕3号"
                                         : "临人社规〔2026〕12号");
    }
    view->materials_complete = flags & REGISTER_COMPLETE;
}

static void starts(struct session_view *view, int flags)
{
    for (int i = 0; i < view->insurance_count; i++) {
        struct view_insurance *insurance = &view->insurances[i];
        insurance->selected = i < 2 || flags & REGISTER_FULL;
        insurance->start_back = i == 0 || flags & REGISTER_FULL ? 2 : 0;
        insurance->start = view->first_month - insurance->start_back;
        insurance->can_start_earlier = insurance->can_start_later = insurance->start_back > 0;
    }
}

static void leaving(struct session_view *view, int flags)
{
    view->leaving_is_date = flags & REGISTER_DATE;
    view->leaving_complete = flags & (REGISTER_COMPLETE | REGISTER_WRONG);
    view->leaving_refused = flags & REGISTER_WRONG;
    if (view->leaving_is_date && view->leaving_complete)
        COPY(view->leaving_typed, "20261131");
    else if (flags & REGISTER_FULL)
        COPY(view->leaving_typed, "20260004170000000318");
    else if (view->leaving_complete)
        COPY(view->leaving_typed, "2026000417");
}

static void sign(struct session_view *view)
{
    static const struct ui_stroke_point INK[] = {
        { 900, 1400, true },   { 2300, 1300, false }, { 1600, 600, true },   { 1550, 2300, false },
        { 1000, 3500, false }, { 1650, 1500, true },  { 2100, 2600, false }, { 2700, 3300, false },
    };
    memcpy(view->signature.points, INK, sizeof INK);
    view->signature.count = (int)(sizeof INK / sizeof *INK);
}

void variant_register(struct session_view *view, int flags)
{
    view->registered_as = flags & REGISTER_BEFORE  ? REGISTERED_BEFORE
                          : flags & REGISTER_AGAIN ? REGISTERED_AGAIN
                                                   : REGISTERED_NEW;
    view->bureau_checked = !(flags & REGISTER_OFFLINE);
    view->is_signed = !(flags & REGISTER_UNSIGNED);
    if (view->step == STEP_STARTS)
        starts(view, flags);
    if (view->step == STEP_MATERIALS)
        materials(view, flags);
    if (view->step == STEP_CERTIFICATE)
        leaving(view, flags);
    if (view->step == STEP_SIGNATURE && flags & REGISTER_FULL) {
        view->residence = RESIDENCE_HOUSEHOLD;
        COPY(view->residence_source, "临人社规〔2026〕12号、临医保规〔2026〕3号");
    }
    if (view->step == STEP_SIGNATURE && flags & REGISTER_COMPLETE)
        sign(view);
}

void variant_refusal(struct session_view *view, int argument)
{
    struct view_refusal *out = &view->refusal;
    const struct refusal_words *words = refusal_words((enum refusal)(argument >> 8));
    const int print = argument & 15;
    COPY(out->code, words->code);
    out->by = (enum view_refused_by)(argument >> 4 & 15);
    for (int i = 0; i < LANGUAGES; i++) {
        COPY(out->sentence[i], words->sentence[i]);
        COPY(out->bring[i], words->bring[i]);
        COPY(out->review[i], REFUSAL_REVIEW[i]);
    }
    out->may_go_on = out->by == REFUSED_LATER;
    out->registered_ms = out->may_go_on ? view->wall_ms - INT64_C(7200000) : 0;
    out->is_printing = print == VARIANT_IS_PRINTING;
    out->print = print == VARIANT_IS_PRINTED     ? PRINT_DONE
                 : print == VARIANT_IS_UNPRINTED ? PRINT_FAILED
                                                 : PRINT_NOTHING;
}
