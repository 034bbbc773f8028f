/* Until when what is to be paid next, and what older months still cost: on every page of money. */
#include "scenes/scene_parts.h"

#include <stdio.h>

const char *scene_due_date(const struct scene_page *page, int32_t date)
{
    char text[24];
    snprintf(text, sizeof(text), "%04d-%02d-%02d", date / 10000, date / 100 % 100, date % 100);
    return scene_own(page, text);
}

const char *scene_due_run(const struct scene_page *page, month_index first, month_index last)
{
    if (first == last)
        return scene_month(page, first);
    return SCENE_FORMAT(page, STR_UNIT_MONTH_RANGE, { "first", scene_month(page, first) },
                        { "last", scene_month(page, last) });
}

const char *scene_next_due(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const struct string_value values[] = {
        { "month", scene_month(page, view->next_month) },
        { "date", scene_due_date(page, view->next_date) },
        { "phone", view->service_phone },
    };
    if (view->next_is_late)
        return scene_format(page, STR_DUE_NEXT_LATE, values, 1);
    return view->next_date > 0 ? scene_format(page, STR_DUE_NEXT, values, 2)
                               : SCENE_FORMAT(page, STR_DUE_NEXT_OPEN, values[0], values[2]);
}

void scene_differences(struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->difference_fen > 0)
        scene_words(page,
                    SCENE_FORMAT(page, STR_DUE_DIFFERENCE,
                                 { "months", scene_due_run(page, view->difference_first,
                                                           view->difference_last) },
                                 { "amount", scene_yuan(page, view->difference_fen) }),
                    scene_caption(page, INK_STRONG));
    if (view->refund_is_due)
        scene_words(page, scene_text(page, STR_DUE_REFUND), scene_caption(page, INK_SECOND));
}
