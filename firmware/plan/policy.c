#include "plan/policy.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"
#include "plan/policy_internal.h"

static void PRINTF_LIKE(5, 0) add_entry(struct policy_draft *draft, int line, const char *code,
                                        const char *prefix, const char *format, va_list arguments)
{
    char text[160];
    if (draft->error_count == POLICY_ERRORS_MAX) {
        draft->lost_count++;
        return;
    }
    vsnprintf(text, sizeof text, format, arguments);
    struct policy_error *error = &draft->errors[draft->error_count++];
    error->line = line;
    text_copy(error->code, sizeof error->code, code);
    text_format(error->text, sizeof error->text, "%s%s", prefix, text);
}

void policy_add_error(struct policy_draft *draft, int line, const char *code, const char *format,
                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_entry(draft, line, code, "", format, arguments);
    va_end(arguments);
    draft->is_refused = true;
    if (draft->section == SECTION_INSURANCE)
        draft->insurances[draft->index].has_errors = true;
}

void policy_add_warning(struct policy_draft *draft, int line, const char *code, const char *format,
                        ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_entry(draft, line, code, "warning: ", format, arguments);
    va_end(arguments);
}

static void sort_errors(struct policy_error *errors, int count)
{
    for (int i = 1; i < count; i++) {
        struct policy_error error = errors[i];
        int at = i;
        for (; at > 0 && errors[at - 1].line > error.line; at--)
            errors[at] = errors[at - 1];
        errors[at] = error;
    }
}

static void report_errors(struct policy_draft *draft, const char *file, policy_on_error *on_error,
                          void *context)
{
    sort_errors(draft->errors, draft->error_count);
    for (int i = 0; on_error && i < draft->error_count; i++)
        on_error(context, file, draft->errors[i].line, draft->errors[i].code,
                 draft->errors[i].text);
    if (on_error && draft->lost_count > 0)
        on_error(context, file, draft->line, "E45", "and more errors than can be listed");
}

static void hash_bytes(const void *bytes, size_t size, char out[65])
{
    uint8_t digest[32];
    unsigned digest_size = sizeof digest;
    CHECK(EVP_Digest(bytes, size, digest, &digest_size, EVP_sha256(), NULL) == 1);
    bytes_to_hex(digest, sizeof digest, out);
}

enum status policy_parse_against(const char *file, const void *bytes, size_t size,
                                 const struct policy_against *against, policy_on_error *on_error,
                                 void *context, struct policy **out)
{
    enum status status = STATUS_OK;
    struct policy_draft *draft = calloc(1, sizeof *draft);
    struct policy *policy = calloc(1, sizeof *policy);
    CHECK(draft && policy);
    draft->policy = policy;
    draft->against = against;
    policy->expires = POLICY_MONTH_OPEN;
    policy->surplus_source = policy->collector_source = policy->voucher_source = -1;
    hash_bytes(bytes, size, policy->sha256);
    if (policy_read_lines(draft, bytes, size))
        policy_check_all(draft);
    report_errors(draft, file, on_error, context);
    if (draft->is_refused) {
        status = STATUS_INVALID;
        goto out;
    }
    *out = policy;
    policy = NULL;
out:
    policy_free(policy);
    free(draft);
    return status;
}

enum status policy_parse(const char *file, const void *bytes, size_t size, const char *region,
                         policy_on_error *on_error, void *context, struct policy **out)
{
    const struct policy_against against = { .region = region };
    return policy_parse_against(file, bytes, size, &against, on_error, context, out);
}

enum status policy_read_file(const char *path, char **bytes_out, size_t *size_out)
{
    FILE *stream = fopen(path, "rbe");
    if (!stream)
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    char *bytes = malloc(POLICY_FILE_BYTES_MAX + 1);
    CHECK(bytes);
    *size_out = fread(bytes, 1, POLICY_FILE_BYTES_MAX + 1, stream);
    bool is_read = !ferror(stream);
    fclose(stream);
    if (!is_read) {
        free(bytes);
        return STATUS_IO;
    }
    *bytes_out = bytes;
    return STATUS_OK;
}

enum status policy_load(const char *path, const char *region, policy_on_error *on_error,
                        void *context, struct policy **out)
{
    char *bytes;
    size_t size;
    enum status status = policy_read_file(path, &bytes, &size);
    if (status != STATUS_OK)
        return status;
    status = policy_parse(path, bytes, size, region, on_error, context, out);
    free(bytes);
    return status;
}

void policy_free(struct policy *policy)
{
    free(policy);
}

const struct policy_range *policy_find_range_in(const struct policy_ranges *ranges,
                                                month_index month, int area)
{
    for (int i = 0; i < ranges->count; i++) {
        const struct policy_range *range = &ranges->items[i];
        if (range->first <= month && month <= range->last &&
            (range->area == POLICY_AREA_ALL || range->area == area))
            return range;
    }
    return NULL;
}

const struct policy_range *policy_find_range(const struct policy_ranges *ranges, month_index month)
{
    return policy_find_range_in(ranges, month, 0);
}

const struct policy_source *policy_rule_source(const struct policy *policy,
                                               const struct policy_insurance *insurance,
                                               enum policy_rule rule)
{
    int source = insurance->rule_sources[rule];
    return source < 0 ? NULL : &policy->sources[source];
}

int policy_find_area(const struct policy *policy, const char *id)
{
    for (int i = 0; i < policy->area_count; i++)
        if (strcmp(policy->areas[i].id, id) == 0)
            return i;
    return id[0] == '\0' ? 0 : -1;
}
