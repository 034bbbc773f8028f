#include "tools/bureau/sealing.h"

#include <assert.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"
#include "store/seal.h"

#define PATH_SIZE 480
#define HEX_LENGTH (2 * SEALING_KEY_SIZE)

static_assert(crypto_box_PUBLICKEYBYTES == SEALING_KEY_SIZE, "X25519");

static enum status write_hex(const char *folder, const char *name, const uint8_t *key)
{
    char path[PATH_SIZE], hex[HEX_LENGTH + 2];
    if (!text_format(path, sizeof path, "%s/%s", folder, name))
        return STATUS_INVALID;
    bytes_to_hex(key, SEALING_KEY_SIZE, hex);
    hex[HEX_LENGTH] = '\n';
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = fd >= 0 && fchmod(fd, 0600) == 0 &&
                   write(fd, hex, HEX_LENGTH + 1) == HEX_LENGTH + 1 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    bytes_wipe(hex, sizeof hex);
    return written ? STATUS_OK : STATUS_IO;
}

enum status sealing_read_key(const char *folder, struct sealing_key *out)
{
    char path[PATH_SIZE], hex[HEX_LENGTH + 1] = "";
    if (!text_format(path, sizeof path, "%s/bureau.key", folder))
        return STATUS_INVALID;
    FILE *file = fopen(path, "re");
    if (!file)
        return STATUS_NOT_FOUND;
    size_t size = fread(hex, 1, HEX_LENGTH, file);
    fclose(file);
    enum status status = size == HEX_LENGTH ? bytes_from_hex(hex, out->secret_key, SEALING_KEY_SIZE)
                                            : STATUS_INVALID;
    bytes_wipe(hex, sizeof hex);
    if (status == STATUS_OK && crypto_scalarmult_base(out->public_key, out->secret_key) != 0)
        status = STATUS_INVALID;
    return status;
}

void sealing_wipe_key(struct sealing_key *key)
{
    bytes_wipe(key, sizeof *key);
}

enum status sealing_make_key(const char *folder)
{
    struct sealing_key key;
    CHECK(sodium_init() >= 0);
    enum status status = sealing_read_key(folder, &key);
    if (status == STATUS_NOT_FOUND) {
        crypto_box_keypair(key.public_key, key.secret_key);
        status = write_hex(folder, "bureau.key", key.secret_key);
    }
    if (status == STATUS_OK)
        status = write_hex(folder, "bureau.pub", key.public_key);
    sealing_wipe_key(&key);
    return status;
}

enum status sealing_open_text(const struct sealing_key *key, const char *text, char *plain_out,
                              size_t plain_size, size_t *size_out)
{
    unsigned char box[SEAL_PLAIN_SIZE_MAX + crypto_box_SEALBYTES];
    size_t size;
    if (sodium_base642bin(box, sizeof box, text, strlen(text), NULL, &size, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        size < crypto_box_SEALBYTES)
        return STATUS_INVALID;
    *size_out = size - crypto_box_SEALBYTES;
    if (*size_out >= plain_size)
        return STATUS_FULL;
    if (crypto_box_seal_open((unsigned char *)plain_out, box, size, key->public_key,
                             key->secret_key) != 0)
        return STATUS_DENIED;
    plain_out[*size_out] = '\0';
    return STATUS_OK;
}
