#include "store/key_file.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_HEX_LENGTH (2 * KEY_FILE_BYTES)
#define PATH_LENGTH_MAX 480

enum status key_file_refuse(const char *what, enum status status)
{
    log_error("store", "key_refused", "%s: %s", what, status_name(status));
    return status;
}

static enum status read_key_text(int fd, uint8_t key[KEY_FILE_BYTES])
{
    char text[KEY_HEX_LENGTH + 2] = { 0 };
    ssize_t length = read(fd, text, sizeof text - 1);
    enum status status = STATUS_INVALID;
    if (length == KEY_HEX_LENGTH ||
        (length == KEY_HEX_LENGTH + 1 && text[KEY_HEX_LENGTH] == '\n')) {
        text[KEY_HEX_LENGTH] = '\0';
        status = bytes_from_hex(text, key, KEY_FILE_BYTES);
    }
    bytes_wipe(text, sizeof text);
    return status;
}

enum status key_file_read(const char *path, const char *what, mode_t refused_mode,
                          uint8_t key[KEY_FILE_BYTES])
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? STATUS_NOT_FOUND : key_file_refuse(what, STATUS_DENIED);
    enum status status = STATUS_DENIED;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & refused_mode) == 0)
        status = read_key_text(fd, key);
    close(fd);
    return status == STATUS_OK ? STATUS_OK : key_file_refuse(what, status);
}

static bool write_key_text(int fd, const uint8_t key[KEY_FILE_BYTES])
{
    char text[KEY_HEX_LENGTH + 2];
    bytes_to_hex(key, KEY_FILE_BYTES, text);
    text[KEY_HEX_LENGTH] = '\n';
    bool written = write(fd, text, KEY_HEX_LENGTH + 1) == KEY_HEX_LENGTH + 1 && fsync(fd) == 0;
    bytes_wipe(text, sizeof text);
    return written;
}

static bool sync_folder_of(const char *path)
{
    char copy[PATH_LENGTH_MAX];
    if (!text_copy(copy, sizeof copy, path))
        return false;
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

/* Written aside and renamed: half a key after a power loss would lock every known person out. */
enum status key_file_write(const char *path, const char *what, mode_t mode,
                           const uint8_t key[KEY_FILE_BYTES])
{
    char aside[PATH_LENGTH_MAX];
    if (!text_format(aside, sizeof aside, "%s.new", path))
        return STATUS_INVALID;
    int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return key_file_refuse(what, STATUS_DENIED);
    bool written = write_key_text(fd, key);
    close(fd);
    if (written && rename(aside, path) == 0 && sync_folder_of(path))
        return STATUS_OK;
    return key_file_refuse(what, STATUS_IO);
}

enum status key_file_create(const char *path, const char *what, uint8_t key[KEY_FILE_BYTES])
{
    randombytes_buf(key, KEY_FILE_BYTES);
    return key_file_write(path, what, 0600, key);
}
