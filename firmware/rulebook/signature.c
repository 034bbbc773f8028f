#include "rulebook/signature.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"

#define WORDS_MAX 5
#define LINE_SIZE 512
#define DOMAIN_TEXT "guichet-policy-1\n"

static const char *const ROLE_NAMES[SIGNATURE_ROLES] = {
    [SIGNATURE_AUTHOR] = "author",
    [SIGNATURE_APPROVER] = "approver",
};

const char *signature_role_name(enum signature_role role)
{
    return ROLE_NAMES[role];
}

/* Where faults go. */
struct reporter {
    const char *file;
    policy_on_error *on_error;
    void *context;
    int count;
};

static void PRINTF_LIKE(4, 5)
    report(struct reporter *reporter, int line, const char *code, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    reporter->count++;
    if (reporter->on_error)
        reporter->on_error(reporter->context, reporter->file, line, code, text);
}

static bool find_role(const char *word, enum signature_role *out)
{
    for (int i = 0; i < SIGNATURE_ROLES; i++) {
        if (strcmp(word, ROLE_NAMES[i]) == 0) {
            *out = (enum signature_role)i;
            return true;
        }
    }
    return false;
}

/* Digits and hyphens in the right places; a day that does not exist harms nobody here. */
static bool is_date(const char *word)
{
    static const char FORM[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof FORM - 1; i++)
        if (FORM[i] == 'd' ? word[i] < '0' || word[i] > '9' : word[i] != '-')
            return false;
    return word[sizeof FORM - 1] == '\0';
}

/* ---- lines of words ---- */

struct lines {
    const char *at, *end;
    int number;
    char text[LINE_SIZE];
    char *words[WORDS_MAX + 1];
    int count; /* of words; more than fit: WORDS_MAX + 1 */
};

static void split_words(struct lines *lines)
{
    char *rest = NULL;
    lines->count = 0;
    for (char *word = strtok_r(lines->text, " \t\r", &rest); word && lines->count <= WORDS_MAX;
         word = strtok_r(NULL, " \t\r", &rest))
        lines->words[lines->count++] = word;
}

/* The next line that says something. A line too long or with a NUL has WORDS_MAX + 1 words. */
static bool next_line(struct lines *lines)
{
    while (lines->at < lines->end) {
        const char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
        size_t size = (size_t)((newline ? newline : lines->end) - lines->at);
        const char *line = lines->at;
        lines->at = newline ? newline + 1 : lines->end;
        lines->number++;
        if (size >= sizeof lines->text || memchr(line, '\0', size)) {
            lines->count = WORDS_MAX + 1;
            return true;
        }
        memcpy(lines->text, line, size);
        lines->text[size] = '\0';
        split_words(lines);
        if (lines->count > 0 && lines->words[0][0] != '#')
            return true;
    }
    return false;
}

/* ---- the registry ---- */

static bool parse_key(const struct lines *lines, struct signature_key *out)
{
    char *const *words = lines->words;
    if ((lines->count != 3 && lines->count != 5) || !find_role(words[1], &out->role) ||
        strlen(words[2]) != 2 * SIGNATURE_PUBLIC_BYTES ||
        bytes_from_hex(words[2], out->public_key, sizeof out->public_key) != STATUS_OK)
        return false;
    if (lines->count == 5 && (strcmp(words[3], "revoked") != 0 || !is_date(words[4])))
        return false;
    return text_copy(out->name, sizeof out->name, words[0]) &&
           text_copy(out->revoked, sizeof out->revoked, lines->count == 5 ? words[4] : "");
}

static const struct signature_key *find_key(const struct signature_keys *keys, const char *name)
{
    for (int i = 0; i < keys->count; i++)
        if (strcmp(keys->items[i].name, name) == 0)
            return &keys->items[i];
    return NULL;
}

enum status signature_keys_parse(const char *file, const char *bytes, size_t size,
                                 policy_on_error *on_error, void *context,
                                 struct signature_keys *out)
{
    struct reporter reporter = { file, on_error, context, 0 };
    struct lines lines = { .at = bytes, .end = bytes + size };
    *out = (struct signature_keys){ 0 };
    while (next_line(&lines)) {
        struct signature_key key = { 0 };
        if (!parse_key(&lines, &key))
            report(&reporter, lines.number, "E12", "a key is: name, author or approver, %s",
                   "64 hex digits, and perhaps: revoked YYYY-MM-DD");
        else if (find_key(out, key.name))
            report(&reporter, lines.number, "E12", "%s has a key already", key.name);
        else if (out->count == SIGNATURE_KEYS_MAX)
            report(&reporter, lines.number, "E12", "more than %d keys", SIGNATURE_KEYS_MAX);
        else
            out->items[out->count++] = key;
    }
    if (reporter.count == 0)
        return STATUS_OK;
    out->count = 0; /* half a registry could lack the line that revokes */
    return STATUS_INVALID;
}

enum status signature_keys_load(const char *path, policy_on_error *on_error, void *context,
                                struct signature_keys *out)
{
    char *bytes;
    size_t size;
    *out = (struct signature_keys){ 0 };
    enum status status = policy_read_file(path, &bytes, &size);
    if (status != STATUS_OK)
        return status;
    status = signature_keys_parse(path, bytes, size, on_error, context, out);
    free(bytes);
    return status;
}

/* ---- signatures ---- */

/* What is signed: the role, the name and the date are bound to the bytes. Allocated. */
static uint8_t *make_message(enum signature_role role, const char *name, const char *date,
                             const void *bytes, size_t size, size_t *message_size)
{
    char head[128];
    CHECK(text_format(head, sizeof head, DOMAIN_TEXT "%s\n%s\n%s\n", ROLE_NAMES[role], name, date));
    size_t head_size = strlen(head);
    uint8_t *message = malloc(head_size + size);
    CHECK(message);
    memcpy(message, head, head_size);
    memcpy(message + head_size, bytes, size);
    *message_size = head_size + size;
    return message;
}

void signature_make(enum signature_role role, const char *name, const char *date,
                    const void *policy_bytes, size_t policy_size,
                    const uint8_t seed[SIGNATURE_SEED_BYTES], char out[SIGNATURE_LINE_SIZE])
{
    uint8_t public_key[SIGNATURE_PUBLIC_BYTES], secret[crypto_sign_SECRETKEYBYTES];
    uint8_t signature[crypto_sign_BYTES];
    char hex[2 * crypto_sign_BYTES + 1];
    size_t size;
    uint8_t *message = make_message(role, name, date, policy_bytes, policy_size, &size);
    CHECK(crypto_sign_seed_keypair(public_key, secret, seed) == 0);
    CHECK(crypto_sign_detached(signature, NULL, message, size, secret) == 0);
    bytes_to_hex(signature, sizeof signature, hex);
    text_format(out, SIGNATURE_LINE_SIZE, "%s %s %s %s\n", ROLE_NAMES[role], name, date, hex);
    bytes_wipe(secret, sizeof secret);
    free(message);
}

void signature_public_key(const uint8_t seed[SIGNATURE_SEED_BYTES],
                          uint8_t out[SIGNATURE_PUBLIC_BYTES])
{
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    CHECK(crypto_sign_seed_keypair(out, secret, seed) == 0);
    bytes_wipe(secret, sizeof secret);
}

struct signature_line {
    int line; /* 0: not seen */
    enum signature_role role;
    char name[32], date[SIGNATURE_DATE_SIZE];
    uint8_t bytes[crypto_sign_BYTES];
    const struct signature_key *key; /* NULL: none that counts */
};

static bool parse_signature(const struct lines *lines, struct signature_line *out)
{
    char *const *words = lines->words;
    return lines->count == 4 && find_role(words[0], &out->role) &&
           text_copy(out->name, sizeof out->name, words[1]) && is_date(words[2]) &&
           text_copy(out->date, sizeof out->date, words[2]) &&
           strlen(words[3]) == 2 * crypto_sign_BYTES &&
           bytes_from_hex(words[3], out->bytes, sizeof out->bytes) == STATUS_OK;
}

static bool is_revoked(const struct signature_check *check, const struct signature_key *key,
                       const struct signature_line *line)
{
    return key->revoked[0] != '\0' && (check->is_new || strcmp(line->date, key->revoked) >= 0);
}

/* The key of a signature, if the registry has it for that role. */
static void find_signer(const struct signature_check *check, struct signature_line *line,
                        struct reporter *reporter)
{
    const char *wanted =
        line->role == SIGNATURE_AUTHOR ? check->policy->author : check->policy->approver;
    const struct signature_key *key = find_key(check->keys, line->name);
    if (strcmp(wanted, line->name) != 0)
        report(reporter, line->line, "E12", "signed by %s, but the %s of the file is %s",
               line->name, ROLE_NAMES[line->role], wanted);
    else if (!key || key->role != line->role)
        report(reporter, line->line, "E12", "%s has no key as %s", line->name,
               ROLE_NAMES[line->role]);
    else if (is_revoked(check, key, line))
        report(reporter, line->line, "E12", "the key of %s was revoked on %s", line->name,
               key->revoked);
    else
        line->key = key;
}

static void check_bytes(const struct signature_check *check, const struct signature_line *line,
                        struct reporter *reporter)
{
    size_t size;
    if (!line->key)
        return;
    uint8_t *message = make_message(line->role, line->name, line->date, check->policy_bytes,
                                    check->policy_size, &size);
    if (crypto_sign_verify_detached(line->bytes, message, size, line->key->public_key) != 0)
        report(reporter, line->line, "E12", "the signature of %s is not of this file", line->name);
    free(message);
}

static void check_date(const struct signature_check *check, const struct signature_line *line,
                       struct reporter *reporter)
{
    if (strcmp(line->date, check->policy->issued) < 0)
        report(reporter, line->line, "E13", "signed on %s, before the file was issued on %s",
               line->date, check->policy->issued);
    else if (check->date_max && strcmp(line->date, check->date_max) > 0)
        report(reporter, line->line, "E13", "signed in the future, on %s", line->date);
}

static void read_signatures(const struct signature_check *check, const char *bytes, size_t size,
                            struct signature_line found[SIGNATURE_ROLES], struct reporter *reporter)
{
    struct lines lines = { .at = bytes, .end = bytes + size };
    while (next_line(&lines)) {
        struct signature_line line = { .line = lines.number };
        if (!parse_signature(&lines, &line)) {
            report(reporter, lines.number, "E12", "a signature is: role, name, date, %s",
                   "128 hex digits");
        } else if (found[line.role].line > 0) {
            report(reporter, lines.number, "E12", "a second signature as %s",
                   ROLE_NAMES[line.role]);
        } else {
            find_signer(check, &line, reporter);
            check_bytes(check, &line, reporter);
            check_date(check, &line, reporter);
            found[line.role] = line;
        }
    }
}

enum status signature_verify(const struct signature_check *check, const char *bytes, size_t size,
                             policy_on_error *on_error, void *context)
{
    struct reporter reporter = { check->file, on_error, context, 0 };
    struct signature_line found[SIGNATURE_ROLES] = { 0 };
    if (size > SIGNATURE_FILE_BYTES_MAX)
        report(&reporter, 0, "E12", "the signatures are over %d bytes", SIGNATURE_FILE_BYTES_MAX);
    else
        read_signatures(check, bytes, size, found, &reporter);
    for (int i = 0; i < SIGNATURE_ROLES; i++)
        if (found[i].line == 0 && size <= SIGNATURE_FILE_BYTES_MAX)
            report(&reporter, 0, "E12", "no signature of the %s", ROLE_NAMES[i]);
    const struct signature_key *author = found[SIGNATURE_AUTHOR].key;
    const struct signature_key *approver = found[SIGNATURE_APPROVER].key;
    if (author && approver &&
        memcmp(author->public_key, approver->public_key, SIGNATURE_PUBLIC_BYTES) == 0)
        report(&reporter, found[SIGNATURE_APPROVER].line, "E12", "the same key signed twice");
    return reporter.count == 0 ? STATUS_OK : STATUS_DENIED;
}
