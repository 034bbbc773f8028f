#include "session_rig.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"

const struct identity_card RIG_PERSON = {
    .kind = IDENTITY_RESIDENT,
    .name = "李明轩",
    .number = "449999198803150019",
    .sex = 1,
    .nation = 1,
    .birth = 19880315,
    .address = "广东省虚构市示例区样板路12号3栋402室",
    .authority = "虚构市公安局示例分局",
    .valid_from = 20160520,
    .valid_to = 20360520,
};

const struct identity_card RIG_OTHER_PERSON = {
    .kind = IDENTITY_RESIDENT,
    .name = "周一诺",
    .number = "339999200102280026",
    .sex = 2,
    .nation = 15,
    .birth = 20010228,
    .address = "浙江省虚构市样本县青年路21号B座",
    .authority = "样本县公安局",
    .valid_from = 20210401,
    .valid_to = 20310401,
};

/* Past every age limit of Shanghai, and of an age to be offered larger type. */
const struct identity_card RIG_OLD_PERSON = {
    .kind = IDENTITY_RESIDENT,
    .name = "赵桂芳",
    .number = "449999194809190021",
    .sex = 2,
    .nation = 11,
    .birth = 19480919,
    .address = "广东省虚构市示例区安养巷3号",
    .authority = "虚构市公安局示例分局",
    .valid_from = 20060401,
    .valid_to = IDENTITY_NO_EXPIRY,
};

static void on_reader(void *context, const struct id_reader_event *event)
{
    session_on_reader(((struct rig *)context)->session, event);
}

static void on_acceptor(void *context, const struct cash_acceptor_event *event)
{
    session_on_acceptor(((struct rig *)context)->session, event);
}

static void on_printer(void *context, const struct printer_event *event)
{
    session_on_printer(((struct rig *)context)->session, event);
}

static void on_appended(void *context)
{
    ((struct rig *)context)->appended_count++;
}

static void make_settings(struct settings *settings)
{
    static const int64_t DENOMINATIONS_FEN[] = { 1000, 2000, 5000, 10000 };
    *settings = (struct settings){
        .kiosk_id = "310003",
        .region = "310000",
        .bureau_zh = "临江市社会保险服务",
        .bureau_en = "Linjiang Social Insurance Service",
        .place_zh = "大厅 03 号",
        .place_en = "Lobby 03",
        .window_zh = "2 号窗口",
        .window_en = "window 2",
        .service_phone = "12333",
        .font = "/usr/share/fonts/opentype/noto",
        .idle_timeout_s = 60,
        .cash_timeout_s = 120,
        .more_time_s = 20,
        .consent_version = 1,
        .elder_age = 60,
        .denomination_count = 4,
        .printer_width_dots = 576,
        .verify_url = "https://bureau.example/v",
    };
    memcpy(settings->denominations_fen, DENOMINATIONS_FEN, sizeof DENOMINATIONS_FEN);
}

static void open_session(struct rig *rig)
{
    assert_int_equal(journal_open(rig->journal_path, &rig->clock.clock, &rig->journal), STATUS_OK);
    const struct session_parts parts = {
        .clock = &rig->clock.clock,
        .settings = &rig->settings,
        .journal = rig->journal,
        .seal = &rig->seal,
        .signing_key = rig->cannot_sign ? NULL : &rig->key,
        .policy = rig->policy,
        .reader = &rig->reader.reader,
        .acceptor = &rig->acceptor.acceptor,
        .printer = &rig->printer.printer,
        .on_appended = on_appended,
        .context = rig,
    };
    rig->session = session_create(&parts);
    assert_non_null(rig->session);
    session_set_speech_offered(rig->session, true);
    rig_tell_health(rig);
}

int rig_set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    log_set_level(LOG_ERROR);
    strcpy(rig->folder, "/tmp/guichet-session-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    snprintf(rig->journal_path, sizeof rig->journal_path, "%s/journal.db", rig->folder);
    clock_fake_init(&rig->clock, RIG_WALL_MS);
    make_settings(&rig->settings);
    uint8_t secret[32];
    assert_true(sodium_init() >= 0);
    crypto_box_keypair(rig->seal.bureau_public_key, secret);
    memset(rig->seal.person_key, 7, sizeof rig->seal.person_key);
    crypto_sign_keypair(rig->key.public_key, rig->key.secret_key);
    assert_int_equal(policy_load(SOURCE_DIR "/config/policy/310000-shanghai.policy", "310000", NULL,
                                 NULL, &rig->policy),
                     STATUS_OK);
    fake_id_reader_init(&rig->reader, on_reader, rig);
    fake_acceptor_init(&rig->acceptor, on_acceptor, rig);
    fake_printer_init(&rig->printer, on_printer, rig);
    rig->health = (struct health){
        .reader.state = DEVICE_READY,
        .acceptor.state = DEVICE_READY,
        .printer.state = DEVICE_READY,
        .journal_writable = true,
        .policy_good = true,
        .numbers_left = 10,
        .offline_sum_max_fen = 5000000,
        .offline_ms_max = 72 * 3600 * 1000,
    };
    open_session(rig);
    rig_lease(rig, 41, 10);
    rig_greet(rig);
    *state = rig;
    return 0;
}

int rig_tear_down(void **state)
{
    struct rig *rig = *state;
    char command[128];
    rig_heal_disk(rig);
    session_destroy(rig->session);
    journal_close(rig->journal);
    policy_free(rig->policy);
    snprintf(command, sizeof command, "rm -r '%s'", rig->folder);
    free(rig);
    return system(command);
}

void rig_restart(struct rig *rig)
{
    session_destroy(rig->session);
    journal_close(rig->journal);
    rig->printer.has_job = false;
    open_session(rig);
    session_tick(rig->session);
}

void rig_greet(struct rig *rig)
{
    fake_id_reader_say(&rig->reader, DEVICE_READY);
    fake_printer_say(&rig->printer, rig->printer.state);
    fake_acceptor_greet(&rig->acceptor);
}

void rig_use_policy(struct rig *rig, const char *name)
{
    char path[512];
    struct policy *policy = NULL;
    snprintf(path, sizeof path, SOURCE_DIR "/config/policy/%s", name);
    assert_int_equal(policy_load(path, NULL, NULL, NULL, &policy), STATUS_OK);
    session_set_policy(rig->session, policy);
    policy_free(rig->policy);
    rig->policy = policy;
}

void rig_lease(struct rig *rig, int first, int count)
{
    char body[160];
    snprintf(body, sizeof body,
             "{\"kind\":\"account\",\"prefix\":\"P9\",\"first\":%d,\"count\":%d,\"lease\":\"%d\"}",
             first, count, first);
    const struct journal_draft draft = { .kind = JOURNAL_NUMBERS_LEASED, .body = body };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
}

void rig_tell_health(struct rig *rig)
{
    session_set_health(rig->session, &rig->health);
}

const struct session_view *rig_view(struct rig *rig)
{
    return session_current_view(rig->session);
}

void rig_touch(struct rig *rig, enum intent intent, int argument)
{
    session_on_intent(rig->session, intent, argument);
}

void rig_type(struct rig *rig, const char *digits)
{
    for (; *digits != '\0'; digits++)
        rig_touch(rig, INTENT_DIGIT, *digits - '0');
}

void rig_draw(struct rig *rig)
{
    static const struct ui_stroke_point CROSS[] = {
        { 1000, 2000, true }, { 2000, 2000, false }, { 1500, 1000, true }, { 1500, 3000, false }
    };
    for (size_t i = 0; i < sizeof CROSS / sizeof *CROSS; i++)
        session_on_stroke(rig->session, &CROSS[i]);
}

void rig_sign(struct rig *rig)
{
    rig_assert_step(rig, STEP_SIGNATURE);
    rig_draw(rig);
    rig_touch(rig, INTENT_NEXT, RIG_FIELD);
}

/* In steps, as a main loop would wake up. */
void rig_wait(struct rig *rig, int64_t ms)
{
    for (int64_t left_ms = ms; left_ms > 0; left_ms -= 500) {
        clock_fake_advance(&rig->clock, left_ms < 500 ? left_ms : 500);
        session_tick(rig->session);
    }
}

void rig_assert_step(struct rig *rig, enum session_step step)
{
    enum session_step found = rig_view(rig)->step;
    if (found != step)
        fail_msg("the page is %s, not %s", session_step_name(found), session_step_name(step));
}

void rig_go_to_owed(struct rig *rig)
{
    rig_assert_step(rig, STEP_HOME);
    rig_touch(rig, INTENT_START, 0);
    rig_assert_step(rig, STEP_IDENTIFY);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_assert_step(rig, STEP_OWED);
}

void rig_go_to_registered(struct rig *rig)
{
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_PHONE);
    rig_type(rig, "13900000000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_CONSENT);
    rig_touch(rig, INTENT_TOGGLE_CONSENT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_sign(rig);
    rig_assert_step(rig, STEP_REGISTERED);
}

void rig_go_to_method(struct rig *rig)
{
    rig_go_to_registered(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_MONTHS);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_METHOD);
}

void rig_go_to_cash(struct rig *rig)
{
    rig_go_to_method(rig);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_CASH);
    assert_true(rig->acceptor.is_enabled);
}

void rig_pay_all(struct rig *rig)
{
    while (rig_view(rig)->step == STEP_CASH)
        assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_assert_step(rig, STEP_RECEIPT);
}

void rig_break_disk(struct rig *rig)
{
    struct rlimit limit = { .rlim_cur = 0, .rlim_max = RLIM_INFINITY };
    (void)rig;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

void rig_heal_disk(struct rig *rig)
{
    struct rlimit limit = { .rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY };
    (void)rig;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

struct search {
    const char *kind, *text;
    int count;
    char txn[JOURNAL_TXN_SIZE];
    char body[JOURNAL_BODY_SIZE_MAX + 1];
};

static bool look(void *context, const struct journal_entry *entry)
{
    struct search *search = context;
    if (search->kind && strcmp(entry->kind, search->kind) != 0)
        return true;
    if (search->text && !strstr(entry->body, search->text))
        return true;
    search->count++;
    snprintf(search->txn, sizeof search->txn, "%s", entry->txn);
    snprintf(search->body, sizeof search->body, "%s", entry->body);
    return true;
}

static const struct search *search_journal(struct rig *rig, const char *kind, const char *text)
{
    static struct search search;
    search = (struct search){ .kind = kind, .text = text };
    assert_int_equal(journal_read(rig->journal, 1, 100000, look, &search), STATUS_OK);
    return &search;
}

int rig_count(struct rig *rig, enum journal_kind kind)
{
    return search_journal(rig, journal_kind_name(kind), NULL)->count;
}

const char *rig_last_body(struct rig *rig, enum journal_kind kind)
{
    return search_journal(rig, journal_kind_name(kind), NULL)->body;
}

const char *rig_last_txn(struct rig *rig, enum journal_kind kind)
{
    return search_journal(rig, journal_kind_name(kind), NULL)->txn;
}

bool rig_journal_holds(struct rig *rig, const char *text)
{
    return search_journal(rig, NULL, text)->count > 0;
}

void rig_assert_books(struct rig *rig)
{
    int64_t bad_seq = 0;
    assert_int_equal(journal_account_balance(rig->journal, BOOK_CASH_BOX), rig->acceptor.box_fen);
    assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_OK);
    assert_int_equal(bad_seq, 0);
}
