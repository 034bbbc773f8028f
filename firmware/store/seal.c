#include "store/seal.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_SIZE 32
#define KEY_HEX_LENGTH (2 * KEY_SIZE)
#define PATH_LENGTH_MAX 480

static enum status refuse(const char *what, enum status status)
{
    log_error("store", "key_refused", "%s: %s", what, status_name(status));
    return status;
}

static enum status read_key_text(int fd, uint8_t key[KEY_SIZE])
{
    char text[KEY_HEX_LENGTH + 2] = { 0 };
    ssize_t length = read(fd, text, sizeof text - 1);
    enum status status = STATUS_INVALID;
    if (length == KEY_HEX_LENGTH ||
        (length == KEY_HEX_LENGTH + 1 && text[KEY_HEX_LENGTH] == '\n')) {
        text[KEY_HEX_LENGTH] = '\0';
        status = bytes_from_hex(text, key, KEY_SIZE);
    }
    bytes_wipe(text, sizeof text);
    return status;
}

/* refused_mode: permission bits that make the file untrustworthy. */
static enum status read_key(const char *path, const char *what, mode_t refused_mode,
                            uint8_t key[KEY_SIZE])
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? STATUS_NOT_FOUND : refuse(what, STATUS_DENIED);
    enum status status = STATUS_DENIED;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & refused_mode) == 0)
        status = read_key_text(fd, key);
    close(fd);
    return status == STATUS_OK ? STATUS_OK : refuse(what, status);
}

static bool write_key_text(int fd, const uint8_t key[KEY_SIZE])
{
    char text[KEY_HEX_LENGTH + 2];
    bytes_to_hex(key, KEY_SIZE, text);
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
static enum status create_key(const char *path, uint8_t key[KEY_SIZE])
{
    char aside[PATH_LENGTH_MAX];
    if (!text_format(aside, sizeof aside, "%s.new", path))
        return STATUS_INVALID;
    int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return refuse("person.key", STATUS_DENIED);
    randombytes_buf(key, KEY_SIZE);
    bool written = write_key_text(fd, key);
    close(fd);
    if (written && rename(aside, path) == 0 && sync_folder_of(path))
        return STATUS_OK;
    return refuse("person.key", STATUS_IO);
}

enum status seal_open(struct seal *seal, const char *bureau_public_path,
                      const char *person_key_path)
{
    CHECK(sodium_init() >= 0);
    memset(seal, 0, sizeof *seal);
    enum status status =
        read_key(bureau_public_path, "bureau.pub", S_IWGRP | S_IWOTH, seal->bureau_public_key);
    if (status == STATUS_NOT_FOUND)
        return refuse("bureau.pub", status);
    if (status != STATUS_OK)
        return status;
    status = read_key(person_key_path, "person.key", S_IRWXG | S_IRWXO, seal->person_key);
    if (status == STATUS_NOT_FOUND)
        status = create_key(person_key_path, seal->person_key);
    return status;
}

void seal_close(struct seal *seal)
{
    bytes_wipe(seal, sizeof *seal);
}

enum status seal_text(const struct seal *seal, const void *plain, size_t size, char *out,
                      size_t out_size)
{
    unsigned char box[SEAL_PLAIN_SIZE_MAX + crypto_box_SEALBYTES];
    size_t box_size = size + crypto_box_SEALBYTES;
    if (size > SEAL_PLAIN_SIZE_MAX)
        return STATUS_INVALID;
    if (sodium_base64_ENCODED_LEN(box_size, sodium_base64_VARIANT_ORIGINAL) > out_size)
        return STATUS_FULL;
    /* Fails only for a public key of low order. */
    if (crypto_box_seal(box, plain, size, seal->bureau_public_key) != 0)
        return refuse("bureau.pub", STATUS_INVALID);
    sodium_bin2base64(out, out_size, box, box_size, sodium_base64_VARIANT_ORIGINAL);
    return STATUS_OK;
}

void seal_person_hash(const struct seal *seal, const char *id_number,
                      char out[SEAL_PERSON_HASH_SIZE])
{
    uint8_t hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, seal->person_key, KEY_SIZE);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)id_number, strlen(id_number));
    crypto_auth_hmacsha256_final(&state, hash);
    bytes_to_hex(hash, sizeof hash, out);
    bytes_wipe(&state, sizeof state);
}
