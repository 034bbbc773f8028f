/*
 * guichet-bureau: the bureau's end. See README.md.
 */
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "registration/signature.h"
#include "store/key_file.h"
#include "store/seal.h"
#include "tools/bureau/doubtful_report.h"
#include "tools/bureau/http.h"
#include "tools/bureau/ledger.h"
#include "tools/bureau/person.h"
#include "tools/bureau/publish.h"
#include "tools/bureau/root.h"
#include "tools/bureau/sealing.h"
#include "tools/bureau/standing.h"

#define DEFAULT_PORT 8443
#define DEFAULT_PREFIX                                                                             \
    "9901" /* 99: no region of GB/T 2260, so no development number is a real one */

/* The newest registration with that number that was not set aside. */
#define SQL_SIGNATURE                                                                              \
    "SELECT coalesce(json_extract(body, '$.signature'), '') FROM entry WHERE"                      \
    " kind = 'registered' AND CASE WHEN json_valid(body) THEN"                                     \
    " json_extract(body, '$.account') = ?1 ELSE 0 END AND NOT EXISTS (SELECT 1 FROM dead_letter"   \
    " AS dead WHERE dead.kiosk = entry.kiosk AND dead.seq = entry.seq) ORDER BY at DESC LIMIT 1"

static const char USAGE[] =
    "guichet-bureau --db FILE --tls-dir DIR [--port N] [--public-port N] [--bind ADDRESS]\n"
    "               [--number-prefix DIGITS] [--region DIGITS] [--policy-dir DIR]\n"
    "    serves kiosks over HTTPS (default port 8443; 0 takes a free one and prints it)\n"
    "guichet-bureau ledger --db FILE [--json]\n"
    "    prints kiosks, citizens, payments, dead letters and what is doubtful\n"
    "guichet-bureau doubtful --db FILE [--code CODE] [--json]\n"
    "    prints what waits for people: notes that could not be proved, counters that differ, an\n"
    "    acceptor that was exchanged; CODE: a slip's number, a transaction or an entry's number\n"
    "guichet-bureau make-sealing-key DIR\n"
    "    makes bureau.pub and bureau.key unless they are there\n"
    "guichet-bureau open-sealed --tls-dir DIR (--db FILE --account NUMBER | --text BASE64)\n"
    "    prints what a kiosk sealed for the bureau\n"
    "guichet-bureau signature --tls-dir DIR --db FILE --account NUMBER > NAME.pbm\n"
    "    the signature that was drawn on the screen, as a picture (PBM)\n"
    "guichet-bureau person --tls-dir DIR --db FILE --by NAME < LINES\n"
    "    marks persons for registrations, a line each: ID-NUMBER MARK [DETAIL], or ID-NUMBER "
    "-MARK;\n"
    "    marks: employed pensioner unemployment elsewhere resident_medical not_in_person\n"
    "    record_closed open_bill residence years, and former ACCOUNT\n"
    "guichet-bureau person --db FILE --list\n"
    "guichet-bureau accept-root-key --db FILE --kiosk ID --root-key ROOT.PUB --by NAME --and NAME\n"
    "               --why TEXT\n"
    "    from now on the kiosk signs its days with another key; two people answer for it\n"
    "Test aids: --misbehave garbage|close|error500, --misbehave-file FILE\n";

struct options {
    const char *db, *tls_dir, *bind_address, *number_prefix, *misbehave, *misbehave_file;
    const char *account, *text, *region, *code, *policy_dir;
    const char *kiosk, *root_key, *accepted_by, *confirmed_by, *why;
    int port, public_port;
    bool json, list;
};

static const struct option LONG_OPTIONS[] = {
    { "db", required_argument, NULL, 'd' },
    { "tls-dir", required_argument, NULL, 't' },
    { "port", required_argument, NULL, 'p' },
    { "public-port", required_argument, NULL, 'P' },
    { "bind", required_argument, NULL, 'b' },
    { "number-prefix", required_argument, NULL, 'n' },
    { "region", required_argument, NULL, 'r' },
    { "policy-dir", required_argument, NULL, 'o' },
    { "misbehave", required_argument, NULL, 'm' },
    { "misbehave-file", required_argument, NULL, 'M' },
    { "account", required_argument, NULL, 'a' },
    { "text", required_argument, NULL, 'x' },
    { "kiosk", required_argument, NULL, 'k' },
    { "root-key", required_argument, NULL, 'R' },
    { "by", required_argument, NULL, 'B' },
    { "and", required_argument, NULL, 'A' },
    { "why", required_argument, NULL, 'w' },
    { "code", required_argument, NULL, 'c' },
    { "list", no_argument, NULL, 'l' },
    { "json", no_argument, NULL, 'j' },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static int parse_port(const char *text)
{
    char *end;
    long port = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || port < 0 || port > 65535) {
        fprintf(stderr, "guichet-bureau: \"%s\" is no port\n", text);
        exit(2);
    }
    return (int)port;
}

/* Where an option's text goes; NULL: it is none of these. */
static const char **text_option(struct options *options, int option)
{
    const struct {
        int option;
        const char **text;
    } texts[] = {
        { 'd', &options->db },           { 't', &options->tls_dir },
        { 'b', &options->bind_address }, { 'n', &options->number_prefix },
        { 'r', &options->region },       { 'o', &options->policy_dir },
        { 'm', &options->misbehave },    { 'M', &options->misbehave_file },
        { 'a', &options->account },      { 'x', &options->text },
        { 'k', &options->kiosk },        { 'R', &options->root_key },
        { 'B', &options->accepted_by },  { 'A', &options->confirmed_by },
        { 'w', &options->why },          { 'c', &options->code },
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        if (texts[i].option == option)
            return texts[i].text;
    return NULL;
}

static void parse_option(struct options *options, int option)
{
    const char **text = text_option(options, option);
    if (text) {
        *text = optarg;
        return;
    }
    switch (option) {
    case 'p':
        options->port = parse_port(optarg);
        return;
    case 'P':
        options->public_port = parse_port(optarg);
        return;
    case 'j':
        options->json = true;
        return;
    case 'l':
        options->list = true;
        return;
    case 'h':
        fputs(USAGE, stdout);
        exit(0);
    default:
        fputs(USAGE, stderr);
        exit(2);
    }
}

static void parse(int argc, char **argv, struct options *options)
{
    int option;
    *options = (struct options){ .port = DEFAULT_PORT,
                                 .public_port = -1,
                                 .bind_address = "127.0.0.1",
                                 .number_prefix = DEFAULT_PREFIX,
                                 .region = "" };
    while ((option = getopt_long(argc, argv, "", LONG_OPTIONS, NULL)) != -1)
        parse_option(options, option);
}

static int fail(const char *what, enum status status)
{
    fprintf(stderr, "guichet-bureau: %s: %s\n", what, status_name(status));
    return 1;
}

static int usage_error(void)
{
    fputs(USAGE, stderr);
    return 2;
}

static void wait_for_signal(const sigset_t *signals)
{
    int number;
    CHECK(sigwait(signals, &number) == 0);
}

static int serve_stores(const struct options *options, struct bureau_store *writer,
                        struct bureau_store *reader, const sigset_t *signals)
{
    const struct http_config config = {
        .bind_address = options->bind_address,
        .port = (uint16_t)options->port,
        .public_port = options->public_port,
        .tls_dir = options->tls_dir,
        .misbehave = options->misbehave,
        .misbehave_file = options->misbehave_file,
    };
    struct http_server *server;
    enum status status = http_open(&config, writer, reader, &server);
    if (status != STATUS_OK)
        return fail("cannot serve", status);
    printf("guichet-bureau: https://%s:%u", options->bind_address, http_port(server));
    if (options->public_port >= 0)
        printf(" public http://%s:%u", options->bind_address, http_public_port(server));
    printf("\n");
    fflush(stdout);
    wait_for_signal(signals);
    http_close(server);
    return 0;
}

static bool region_is_sound(const char *region)
{
    size_t length = strlen(region);
    return (length == 0 || length == BUREAU_REGION_SIZE - 1) &&
           strspn(region, "0123456789") == length;
}

/* Without its key the bureau serves all the same; it cannot notice a person who comes twice. */
static enum status open_persons(const struct options *options, struct person_key *key,
                                struct bureau_store *writer)
{
    enum status status = person_read_key(options->tls_dir, key);
    if (status == STATUS_NOT_FOUND) {
        log_warning("bureau", "no_sealing_key", "registrations are not compared");
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    writer->person_key = key;
    return person_tag_citizens(writer);
}

static enum status open_writer(const struct options *options, struct person_key *key,
                               struct bureau_store *writer)
{
    if (!region_is_sound(options->region))
        return STATUS_INVALID;
    enum status status = bureau_store_open(writer, options->db, options->number_prefix);
    if (status != STATUS_OK)
        return status;
    text_copy(writer->region, sizeof writer->region, options->region);
    return open_persons(options, key, writer);
}

static int serve(const struct options *options)
{
    struct bureau_store writer = { 0 }, reader = { 0 };
    struct person_key key;
    static struct publish publish; /* too large for the stack */
    sigset_t signals;
    if (!options->db || !options->tls_dir)
        return usage_error();
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* before the threads, which inherit it */
    enum status status = open_writer(options, &key, &writer);
    if (options->policy_dir) {
        publish_init(&publish, options->policy_dir);
        writer.publish = &publish;
    }
    if (status == STATUS_OK)
        status = bureau_store_open_read_only(&reader, options->db);
    int result = status == STATUS_OK ? serve_stores(options, &writer, &reader, &signals)
                                     : fail(options->db, status);
    bureau_store_close(&reader);
    bureau_store_close(&writer);
    publish_free(&publish);
    person_wipe_key(&key);
    return result;
}

static int print_ledger(const struct options *options)
{
    struct bureau_store reader;
    json_t *ledger = NULL;
    if (!options->db)
        return usage_error();
    enum status status = bureau_store_open_read_only(&reader, options->db);
    if (status != STATUS_OK)
        return fail(options->db, status);
    status = ledger_build(&reader, &ledger);
    if (status == STATUS_OK && options->json) {
        json_dumpf(ledger, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        putchar('\n');
    } else if (status == STATUS_OK) {
        ledger_print(stdout, ledger);
    }
    json_decref(ledger);
    bureau_store_close(&reader);
    return status == STATUS_OK ? 0 : fail(options->db, status);
}

static enum status print_doubtful_list(struct bureau_store *reader, const struct options *options,
                                       const json_t *list)
{
    if (options->json) {
        json_dumpf(list, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        putchar('\n');
        return STATUS_OK;
    }
    doubtful_report_print(stdout, list, NULL);
    return options->code ? doubtful_report_print_visits(stdout, reader, list) : STATUS_OK;
}

/* 1 too if nothing has the code that was asked for. */
static int print_doubtful(const struct options *options)
{
    struct bureau_store reader;
    json_t *list = NULL;
    if (!options->db)
        return usage_error();
    enum status status = bureau_store_open_read_only(&reader, options->db);
    if (status != STATUS_OK)
        return fail(options->db, status);
    status = doubtful_report_build(&reader, options->code, &list);
    if (status == STATUS_OK)
        status = print_doubtful_list(&reader, options, list);
    bool is_missing = options->code && json_array_size(list) == 0;
    json_decref(list);
    bureau_store_close(&reader);
    if (status != STATUS_OK)
        return fail(options->db, status);
    if (is_missing)
        fprintf(stderr, "guichet-bureau: nothing doubtful has the code %s\n", options->code);
    return is_missing ? 1 : 0;
}

static int print_opened(const char *tls_dir, const char *sealed)
{
    struct sealing_key key;
    char plain[SEAL_PLAIN_SIZE_MAX + 1];
    size_t size;
    enum status status = sealing_read_key(tls_dir, &key);
    if (status == STATUS_OK)
        status = sealing_open_text(&key, sealed, plain, sizeof plain, &size);
    sealing_wipe_key(&key);
    if (status != STATUS_OK)
        return fail("cannot open", status);
    fwrite(plain, 1, size, stdout);
    putchar('\n');
    bytes_wipe(plain, sizeof plain);
    return 0;
}

static int open_citizen(const struct options *options)
{
    struct bureau_store reader;
    struct db_statement *statement = NULL;
    int result = 1;
    enum status status = bureau_store_open_read_only(&reader, options->db);
    if (status == STATUS_OK)
        status = db_prepare(reader.db, "SELECT sealed FROM citizen WHERE account = ?1", &statement);
    if (status == STATUS_OK) {
        db_bind_text(statement, 1, options->account);
        status = db_step(statement);
    }
    if (status == STATUS_OK)
        result = print_opened(options->tls_dir, db_column_text(statement, 0));
    else
        fail("no such account", status);
    db_finalize(statement);
    bureau_store_close(&reader);
    return result;
}

static int open_sealed(const struct options *options)
{
    if (!options->tls_dir || (!options->text && !(options->db && options->account)))
        return usage_error();
    return options->text ? print_opened(options->tls_dir, options->text) : open_citizen(options);
}

/* ---- signature ---- */

static enum status find_signature(const struct options *options, char sealed[SEAL_TEXT_SIZE])
{
    struct bureau_store reader;
    struct db_statement *statement = NULL;
    enum status status = bureau_store_open_read_only(&reader, options->db);
    if (status == STATUS_OK)
        status = db_prepare(reader.db, SQL_SIGNATURE, &statement);
    if (status == STATUS_OK) {
        db_bind_text(statement, 1, options->account);
        status = db_step(statement);
    }
    if (status == STATUS_OK && !text_copy(sealed, SEAL_TEXT_SIZE, db_column_text(statement, 0)))
        status = STATUS_INVALID;
    db_finalize(statement);
    bureau_store_close(&reader);
    return status == STATUS_OK && sealed[0] == '\0' ? STATUS_NOT_FOUND : status;
}

static enum status draw_signature(const char *tls_dir, const char *sealed)
{
    struct sealing_key key;
    char plain[SEAL_PLAIN_SIZE_MAX + 1];
    size_t size, pbm_size = 0;
    uint8_t *pbm = NULL;
    enum status status = sealing_read_key(tls_dir, &key);
    if (status == STATUS_OK)
        status = sealing_open_text(&key, sealed, plain, sizeof plain, &size);
    sealing_wipe_key(&key);
    if (status == STATUS_OK)
        status = signature_draw((const uint8_t *)plain, size, &pbm, &pbm_size);
    if (status == STATUS_OK)
        fwrite(pbm, 1, pbm_size, stdout);
    bytes_wipe(plain, sizeof plain);
    free(pbm);
    return status;
}

static int print_signature(const struct options *options)
{
    char sealed[SEAL_TEXT_SIZE];
    if (!options->tls_dir || !options->db || !options->account)
        return usage_error();
    enum status status = find_signature(options, sealed);
    if (status == STATUS_OK)
        status = draw_signature(options->tls_dir, sealed);
    return status == STATUS_OK ? 0 : fail("no signature", status);
}

/* ---- the register of persons ---- */

static enum status take_marks(const struct options *options, struct bureau_store *writer,
                              int *count_out)
{
    struct person_key key;
    enum status status = person_read_key(options->tls_dir, &key);
    if (status != STATUS_OK)
        return status;
    writer->person_key = &key;
    status = standing_import(writer, stdin, options->accepted_by, clock_wall_ms(&clock_system),
                             stderr, count_out);
    person_wipe_key(&key);
    return status;
}

static int list_persons(const struct options *options)
{
    struct bureau_store reader;
    enum status status = bureau_store_open_read_only(&reader, options->db);
    if (status != STATUS_OK)
        return fail(options->db, status);
    status = standing_list(&reader, stdout);
    bureau_store_close(&reader);
    return status == STATUS_OK ? 0 : fail(options->db, status);
}

/* ID numbers come on standard input: whoever lists processes sees none. */
static int mark_persons(const struct options *options)
{
    struct bureau_store writer;
    int count = 0;
    if (options->db && options->list)
        return list_persons(options);
    if (!options->db || !options->tls_dir || !options->accepted_by)
        return usage_error();
    enum status status = bureau_store_open(&writer, options->db, options->number_prefix);
    if (status != STATUS_OK)
        return fail(options->db, status);
    status = take_marks(options, &writer, &count);
    bureau_store_close(&writer);
    if (status != STATUS_OK)
        return fail("nothing was marked", status);
    printf("%d lines taken\n", count);
    return 0;
}

static enum status accept_key_in(const struct options *options,
                                 const uint8_t key[JOURNAL_ROOT_KEY_BYTES])
{
    struct bureau_store writer;
    const struct root_acceptance acceptance = { .accepted_by = options->accepted_by,
                                                .confirmed_by = options->confirmed_by,
                                                .why = options->why,
                                                .at_ms = clock_wall_ms(&clock_system) };
    enum status status = bureau_store_open(&writer, options->db, options->number_prefix);
    if (status != STATUS_OK)
        return status;
    status = root_accept_key(&writer, options->kiosk, key, &acceptance);
    bureau_store_close(&writer);
    return status;
}

static int accept_root_key(const struct options *options)
{
    uint8_t key[KEY_FILE_BYTES];
    if (!options->db || !options->kiosk || !options->root_key)
        return usage_error();
    /* bureau_store_open would make new books. */
    if (access(options->db, F_OK) != 0)
        return fail(options->db, STATUS_NOT_FOUND);
    enum status status = key_file_read(options->root_key, "root.pub", S_IWGRP | S_IWOTH, key);
    if (status != STATUS_OK)
        return fail(options->root_key, status);
    status = accept_key_in(options, key);
    if (status == STATUS_INVALID)
        fputs("guichet-bureau: two different people must be named, --by and --and, and the reason,"
              " --why\n",
              stderr);
    if (status != STATUS_OK)
        return fail("the key was not accepted", status);
    printf("kiosk %s: accepted by %s and %s; guichet-bureau ledger shows it\n", options->kiosk,
           options->accepted_by, options->confirmed_by);
    return 0;
}

static int make_sealing_key(const char *folder)
{
    enum status status = sealing_make_key(folder);
    return status == STATUS_OK ? 0 : fail(folder, status);
}

int main(int argc, char **argv)
{
    struct options options;
    const char *command = argc > 1 && argv[1][0] != '-' ? argv[1] : "";
    CHECK(sodium_init() >= 0);
    if (strcmp(command, "make-sealing-key") == 0)
        return argc == 3 ? make_sealing_key(argv[2]) : usage_error();
    if (command[0] != '\0') {
        argc--;
        argv++;
    }
    parse(argc, argv, &options);
    if (command[0] == '\0' || strcmp(command, "serve") == 0)
        return serve(&options);
    if (strcmp(command, "ledger") == 0)
        return print_ledger(&options);
    if (strcmp(command, "doubtful") == 0)
        return print_doubtful(&options);
    if (strcmp(command, "open-sealed") == 0)
        return open_sealed(&options);
    if (strcmp(command, "signature") == 0)
        return print_signature(&options);
    if (strcmp(command, "person") == 0)
        return mark_persons(&options);
    if (strcmp(command, "accept-root-key") == 0)
        return accept_root_key(&options);
    return usage_error();
}
