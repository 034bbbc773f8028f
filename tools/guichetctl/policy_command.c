#include "tools/guichetctl/guichetctl.h"

#include <stdio.h>

#include "plan/policy.h"

static void print_problem(void *context, const char *file, int line, const char *code,
                          const char *text)
{
    (void)context;
    printf("%s:%d: %s %s\n", file, line, code, text);
}

int command_policy(const char *path)
{
    struct policy *policy;
    enum status status = policy_load(path, NULL, print_problem, NULL, &policy);
    if (status == STATUS_OK) {
        printf("good: %s, revision %d, region %s\n", policy->id, policy->revision, policy->region);
        policy_free(policy);
        return 0;
    }
    if (status != STATUS_INVALID) /* else every error has been printed */
        fprintf(stderr, "guichetctl: %s: %s\n", path, status_name(status));
    return 1;
}
