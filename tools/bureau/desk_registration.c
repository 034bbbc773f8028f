#include <string.h>

#include "base/log.h"
#include "tools/bureau/desk.h"
#include "tools/bureau/person.h"
#include "tools/bureau/standing.h"

enum {
    HTTP_OK = 200,
    HTTP_BAD_REQUEST = 400,
    HTTP_SERVER_ERROR = 500,
    HTTP_UNAVAILABLE = 503
};

static int answer_error(int http_status, const char *error, json_t **reply_out)
{
    *reply_out = json_pack("{s:s}", "error", error);
    return http_status;
}

static json_t *answer_of(const struct precheck *standing, int64_t now_ms)
{
    static const char *const STATES[] = {
        [PRECHECK_NOT_KNOWN] = "new",   [PRECHECK_NEW] = "new",
        [PRECHECK_RENEWAL] = "renewal", [PRECHECK_KNOWN] = "registered",
        [PRECHECK_REFUSED] = "refused",
    };
    json_t *answer =
        json_pack("{s:I, s:s}", "at", (json_int_t)now_ms, "state", STATES[standing->state]);
    if (standing->state == PRECHECK_REFUSED)
        json_object_set_new(answer, "reason", json_string(refusal_words(standing->refusal)->word));
    else if (standing->account[0] != '\0')
        json_object_set_new(answer, "account", json_string(standing->account));
    return answer;
}

static int tell_standing(struct bureau_store *store, const char *sealed, const json_t *insurances,
                         int64_t now_ms, json_t **reply_out)
{
    char tag[PERSON_TAG_SIZE];
    struct precheck standing;
    if (!store->person_key)
        return answer_error(HTTP_UNAVAILABLE, "no_sealing_key", reply_out);
    if (person_compute_asked_tag(store->person_key, sealed, PERSON_ASK_REGISTRATION, tag) !=
        STATUS_OK)
        return answer_error(HTTP_BAD_REQUEST, "person_unreadable", reply_out);
    enum status status = standing_find(store, tag, insurances, &standing);
    if (status != STATUS_OK) {
        log_error("bureau", "standing_failed", "%s", status_name(status));
        return answer_error(HTTP_SERVER_ERROR, "store", reply_out);
    }
    *reply_out = answer_of(&standing, now_ms);
    return HTTP_OK;
}

int desk_tell_standing(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                       int64_t now_ms, json_t **reply_out)
{
    json_t *request = json_loadb(body ? body : "", size, JSON_REJECT_DUPLICATES, NULL);
    const char *sealed = json_string_value(json_object_get(request, "sealed"));
    const json_t *insurances = json_object_get(request, "insurances");
    int http_status = sealed && json_is_array(insurances)
                          ? tell_standing(store, sealed, insurances, now_ms, reply_out)
                          : answer_error(HTTP_BAD_REQUEST, "malformed", reply_out);
    log_info("bureau", "standing", "kiosk %s: %d", kiosk, http_status);
    json_decref(request);
    return http_status;
}
