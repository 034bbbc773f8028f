/* The files of the kiosk's own folder (rulebook_files.c). */
#pragma once
#include "rulebook/rulebook.h"

/* <folder>/<region>-r000007-<first 16 digits of the hash>.policy: names sort by revision. */
void rulebook_name_file(const struct rulebook *rulebook, int revision, const char *sha256,
                        char *out, size_t out_size);

/* The signatures first, then the file: each aside, durable, renamed. Nothing if it is there
 * already. STATUS_OK, STATUS_IO. */
NODISCARD enum status rulebook_write_files(const struct rulebook *rulebook,
                                           const struct policy *policy, const char *text,
                                           size_t size, const char *signatures,
                                           size_t signatures_size);
