#include "app/recheck.h"

void recheck_init(struct recheck *recheck)
{
    recheck->at_ms = INT64_MAX;
}

bool recheck_is_due(struct recheck *recheck, bool has_failed, int64_t now_ms)
{
    /* A time that has passed and is kept would make the loop turn without a pause. */
    if (!has_failed) {
        recheck->at_ms = INT64_MAX;
        return false;
    }
    if (recheck->at_ms == INT64_MAX)
        recheck->at_ms = now_ms + RECHECK_MS;
    if (now_ms < recheck->at_ms)
        return false;
    recheck->at_ms = INT64_MAX;
    return true;
}
