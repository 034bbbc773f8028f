#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "rulebook/rulebook_internal.h"

#define PATH_SIZE (RULEBOOK_PATH_SIZE + 64)

void rulebook_name_file(const struct rulebook *rulebook, int revision, const char *sha256,
                        char *out, size_t out_size)
{
    text_format(out, out_size, "%s/%s-r%06d-%.16s.policy", rulebook->folder, rulebook->region,
                revision, sha256);
}

static bool write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, data, size);
        if (written <= 0)
            return false;
        data += written;
        size -= (size_t)written;
    }
    return fsync(fd) == 0;
}

static enum status write_aside_and_rename(const char *path, const char *data, size_t size)
{
    char aside[PATH_SIZE + 8];
    text_format(aside, sizeof aside, "%s.new", path);
    int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return STATUS_IO;
    bool is_written = write_all(fd, data, size);
    close(fd);
    if (is_written && rename(aside, path) == 0)
        return STATUS_OK;
    unlink(aside);
    return STATUS_IO;
}

/* A file of that name may be there and damaged. */
static bool is_there(const char *path, const char *text, size_t size)
{
    char *bytes;
    size_t found_size;
    if (policy_read_file(path, &bytes, &found_size) != STATUS_OK)
        return false;
    bool is_same = found_size == size && memcmp(bytes, text, size) == 0;
    free(bytes);
    return is_same;
}

static enum status sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return STATUS_IO;
    enum status status = fsync(fd) == 0 ? STATUS_OK : STATUS_IO;
    close(fd);
    return status;
}

enum status rulebook_write_files(const struct rulebook *rulebook, const struct policy *policy,
                                 const char *text, size_t size, const char *signatures,
                                 size_t signatures_size)
{
    char path[PATH_SIZE], signature_path[PATH_SIZE + 8];
    rulebook_name_file(rulebook, policy->revision, policy->sha256, path, sizeof path);
    text_format(signature_path, sizeof signature_path, "%s.sig", path);
    if (is_there(path, text, size))
        return STATUS_OK;
    enum status status = STATUS_OK;
    if (signatures_size > 0)
        status = write_aside_and_rename(signature_path, signatures, signatures_size);
    if (status == STATUS_OK)
        status = write_aside_and_rename(path, text, size);
    return status == STATUS_OK ? sync_folder(rulebook->folder) : status;
}
