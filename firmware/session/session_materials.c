/*
 * What the policy asks for to register: the ID card, which was read, and perhaps more. Without a
 * rule nothing is asked and there is no page (Agency Regulation, art. 31).
 */
#include <string.h>

#include "base/text.h"
#include "session/session_internal.h"

/* The policy's list without what only an agreement with a bank needs; index into its materials. */
static int list(const struct session *session, int indexes[VIEW_MATERIALS_MAX])
{
    const struct policy *policy = session->parts.policy;
    int count = 0;
    for (int i = 0; i < policy->material_count && count < VIEW_MATERIALS_MAX; i++)
        if (!policy->materials[i].for_withholding)
            indexes[count++] = i;
    return count;
}

static bool is_there(const struct session *session, int index)
{
    return session->parts.policy->materials[index].material == POLICY_MATERIAL_ID_CARD ||
           (session->v.materials >> index & 1);
}

bool materials_are_asked(const struct session *session)
{
    int indexes[VIEW_MATERIALS_MAX];
    int count = list(session, indexes);
    for (int i = 0; i < count; i++)
        if (session->parts.policy->materials[indexes[i]].material != POLICY_MATERIAL_ID_CARD)
            return true;
    return false;
}

bool materials_are_there(const struct session *session)
{
    int indexes[VIEW_MATERIALS_MAX];
    int count = list(session, indexes);
    for (int i = 0; i < count; i++)
        if (!is_there(session, indexes[i]))
            return false;
    return true;
}

bool materials_need_leaving(const struct session *session)
{
    return registration_needs(session->parts.policy, POLICY_MATERIAL_LEAVING_CERTIFICATE) != NULL;
}

void materials_toggle(struct session *session, int index)
{
    int indexes[VIEW_MATERIALS_MAX];
    if (index < 0 || index >= list(session, indexes))
        return;
    session->v.materials ^= 1u << indexes[index];
    session_changed(session);
}

static const enum view_material_kind KINDS[] = {
    [POLICY_MATERIAL_ID_CARD] = MATERIAL_ID_CARD,
    [POLICY_MATERIAL_RESIDENCE_PERMIT] = MATERIAL_RESIDENCE_PERMIT,
    [POLICY_MATERIAL_HOUSEHOLD_BOOK] = MATERIAL_HOUSEHOLD_BOOK,
    [POLICY_MATERIAL_LEAVING_CERTIFICATE] = MATERIAL_LEAVING_CERTIFICATE,
    [POLICY_MATERIAL_SOCIAL_CARD] = MATERIAL_SOCIAL_CARD,
    [POLICY_MATERIAL_BANK_CARD] = MATERIAL_BANK_CARD,
    [POLICY_MATERIAL_PHOTO] = MATERIAL_PHOTO,
};

static void show_list(const struct session *session, struct session_view *view)
{
    const struct policy *policy = session->parts.policy;
    int indexes[VIEW_MATERIALS_MAX];
    view->material_count = list(session, indexes);
    for (int i = 0; i < view->material_count; i++) {
        const struct policy_needed *needed = &policy->materials[indexes[i]];
        struct view_material *out = &view->needed[i];
        out->kind = KINDS[needed->material];
        out->is_there = is_there(session, indexes[i]);
        if (needed->source >= 0)
            text_copy(out->source, sizeof out->source, policy->sources[needed->source].number);
    }
    view->materials_complete = materials_are_there(session);
}

void materials_show(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    if (view->step == STEP_MATERIALS)
        show_list(session, view);
    if (view->step != STEP_CERTIFICATE)
        return;
    view->leaving_is_date = session->enrol.state == ENROL_LEAVING_DATE;
    view->leaving_refused = visit->leaving_refused;
    if (view->leaving_is_date)
        text_copy(view->leaving_typed, sizeof view->leaving_typed, visit->leaving.date);
    else
        text_copy(view->leaving_typed, sizeof view->leaving_typed, visit->leaving.number);
    view->leaving_complete =
        view->leaving_is_date ? strlen(visit->leaving.date) == 8 : visit->leaving.number[0] != '\0';
}
