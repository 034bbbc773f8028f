#include "app/automation.h"

#include "base/log.h"
#include "base/text.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void answer(struct automation *automation, json_t *reply)
{
    char *text = json_dumps(reply, JSON_COMPACT);
    json_decref(reply);
    pthread_mutex_lock(&automation->lock);
    free(automation->answer);
    automation->answer = text;
    pthread_cond_signal(&automation->answered);
    pthread_mutex_unlock(&automation->lock);
}

static void deliver_line(void *target, const void *body)
{
    struct automation *automation = target;
    json_t *reply = automation_handle(automation, body);
    if (reply)
        answer(automation, reply);
}

void automation_step(struct automation *automation)
{
    if (!automation->wait.active)
        return;
    json_t *reply = automation_check_wait(automation);
    if (reply)
        answer(automation, reply);
}

int64_t automation_next_deadline_ms(const struct automation *automation)
{
    return automation->wait.active ? automation->wait.deadline_ms : INT64_MAX;
}

/* Thread: hands one line over and waits for what the main loop answers. NULL when closing. */
static char *ask_main_loop(struct automation *automation, const char *line)
{
    char *text = NULL;
    if (queue_post(&automation->app->queue, deliver_line, automation, line, strlen(line) + 1) !=
        STATUS_OK)
        return NULL;
    pthread_mutex_lock(&automation->lock);
    while (!automation->answer && !automation->closing)
        pthread_cond_wait(&automation->answered, &automation->lock);
    text = automation->answer;
    automation->answer = NULL;
    pthread_mutex_unlock(&automation->lock);
    return text;
}

static bool serve_line(struct automation *automation, FILE *stream, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *text = ask_main_loop(automation, line);
    if (!text)
        return false;
    bool sent = fprintf(stream, "%s\n", text) > 0 && fflush(stream) == 0;
    free(text);
    return sent;
}

static void serve(struct automation *automation, int client)
{
    char line[AUTOMATION_LINE_SIZE];
    FILE *stream = fdopen(client, "r+");
    if (!stream) {
        close(client);
        return;
    }
    while (fgets(line, sizeof line, stream) && serve_line(automation, stream, line))
        continue;
    fclose(stream);
}

static bool is_closing(struct automation *automation)
{
    pthread_mutex_lock(&automation->lock);
    bool closing = automation->closing;
    pthread_mutex_unlock(&automation->lock);
    return closing;
}

static void set_client(struct automation *automation, int client)
{
    pthread_mutex_lock(&automation->lock);
    automation->client = client;
    if (automation->closing && client >= 0)
        shutdown(client, SHUT_RDWR); /* accepted while the kiosk was closing */
    pthread_mutex_unlock(&automation->lock);
}

static void *run(void *context)
{
    struct automation *automation = context;
    while (!is_closing(automation)) {
        int client = accept4(automation->listener, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0)
            break;
        set_client(automation, client);
        serve(automation, client);
        set_client(automation, -1);
    }
    return NULL;
}

static enum status listen_at(struct automation *automation, const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (!text_copy(address.sun_path, sizeof address.sun_path, path))
        return STATUS_INVALID;
    unlink(path);
    automation->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (automation->listener < 0 ||
        bind(automation->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(automation->listener, 1) != 0) {
        log_error("app", "automation_refused", "%s: %s", path, strerror(errno));
        return STATUS_IO;
    }
    return STATUS_OK;
}

enum status automation_open(struct app *app, const char *path, struct automation **out)
{
    struct automation *automation = calloc(1, sizeof *automation);
    if (!automation)
        return STATUS_FULL;
    automation->app = app;
    automation->client = -1;
    pthread_mutex_init(&automation->lock, NULL);
    pthread_cond_init(&automation->answered, NULL);
    text_copy(automation->path, sizeof automation->path, path);
    enum status status = listen_at(automation, path);
    if (status == STATUS_OK && pthread_create(&automation->thread, NULL, run, automation) != 0)
        status = STATUS_IO;
    if (status != STATUS_OK) {
        if (automation->listener > 0)
            close(automation->listener);
        free(automation);
        return status;
    }
    *out = automation;
    return STATUS_OK;
}

void automation_close(struct automation *automation)
{
    pthread_mutex_lock(&automation->lock);
    automation->closing = true;
    pthread_cond_broadcast(&automation->answered);
    if (automation->client >= 0)
        shutdown(automation->client, SHUT_RDWR);
    pthread_mutex_unlock(&automation->lock);
    shutdown(automation->listener, SHUT_RDWR);
    pthread_join(automation->thread, NULL);
    close(automation->listener);
    unlink(automation->path);
    free(automation->answer);
    free(automation);
}
