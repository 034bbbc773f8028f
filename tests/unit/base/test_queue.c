/* Run under the tsan preset as well: the posting threads are real. */
#include "base/queue.h"

#include <string.h>

#include "base/check.h"
#include "support/unit.h"

#define POSTERS 4
#define MESSAGES_PER_POSTER 2000

struct message {
    int poster, number;
};

struct inbox {
    struct queue queue;
    int next[POSTERS]; /* what must come next from each poster */
    int received;
    bool ordered;
};

static void receive(void *target, const void *body)
{
    struct inbox *inbox = target;
    struct message message;
    memcpy(&message, body, sizeof message);
    if (message.number != inbox->next[message.poster])
        inbox->ordered = false;
    inbox->next[message.poster] = message.number + 1;
    inbox->received++;
}

struct poster {
    struct inbox *inbox;
    int index;
    enum status last;
};

static void *post_all(void *argument)
{
    struct poster *poster = argument;
    for (int i = 0; i < MESSAGES_PER_POSTER; i++) {
        struct message message = { .poster = poster->index, .number = i };
        poster->last =
            queue_post(&poster->inbox->queue, receive, poster->inbox, &message, sizeof message);
        if (poster->last != STATUS_OK)
            break;
    }
    return NULL;
}

static struct inbox inbox; /* 130 KiB: too much for a test's stack */

static int setup(void **state)
{
    memset(&inbox, 0, sizeof inbox);
    queue_init(&inbox.queue, NULL, NULL);
    inbox.ordered = true;
    *state = &inbox;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    queue_deinit(&inbox.queue);
    return 0;
}

static enum status post_one(int poster, int number)
{
    struct message message = { .poster = poster, .number = number };
    return queue_post(&inbox.queue, receive, &inbox, &message, sizeof message);
}

static void messages_arrive_in_the_order_they_were_posted(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(post_one(0, i), STATUS_OK);
    assert_int_equal(queue_drain(&inbox.queue), 10);
    assert_int_equal(inbox.received, 10);
    assert_true(inbox.ordered);
    assert_int_equal(queue_drain(&inbox.queue), 0);
}

static void nothing_is_lost_between_several_posters_and_a_full_queue(void **state)
{
    (void)state;
    pthread_t threads[POSTERS];
    struct poster posters[POSTERS];
    for (int i = 0; i < POSTERS; i++) {
        posters[i] = (struct poster){ .inbox = &inbox, .index = i };
        assert_int_equal(pthread_create(&threads[i], NULL, post_all, &posters[i]), 0);
    }
    while (inbox.received < POSTERS * MESSAGES_PER_POSTER)
        queue_drain(&inbox.queue);
    for (int i = 0; i < POSTERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(posters[i].last, STATUS_OK);
        assert_int_equal(inbox.next[i], MESSAGES_PER_POSTER);
    }
    assert_true(inbox.ordered);
    assert_int_equal(queue_drain(&inbox.queue), 0);
}

static void closing_frees_a_poster_that_waits_for_room(void **state)
{
    (void)state;
    struct poster poster = { .inbox = &inbox, .index = 0 };
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, post_all, &poster), 0);
    for (unsigned count = 0; count < QUEUE_SLOTS;) {
        pthread_mutex_lock(&inbox.queue.lock);
        count = inbox.queue.count;
        pthread_mutex_unlock(&inbox.queue.lock);
    }
    queue_close(&inbox.queue);
    pthread_join(thread, NULL);
    assert_int_equal(poster.last, STATUS_CANCELLED);
    assert_int_equal(post_one(0, 0), STATUS_CANCELLED);
    /* What was already posted is still delivered. */
    assert_int_equal(queue_drain(&inbox.queue), QUEUE_SLOTS);
}

static void a_slot_is_wiped_once_delivered(void **state)
{
    (void)state;
    char name[] = "王小华";
    assert_int_equal(queue_post(&inbox.queue, receive, &inbox, name, sizeof name), STATUS_OK);
    inbox.queue.slots[0].deliver = receive;
    struct message none = { 0 };
    memcpy(inbox.queue.slots[0].body, &none, sizeof none);
    assert_int_equal(queue_drain(&inbox.queue), 1);
    struct queue_slot wiped = { 0 };
    assert_memory_equal(&inbox.queue.slots[0], &wiped, sizeof wiped);
}

static void count_wake(void *context)
{
    (*(int *)context)++;
}

static void each_post_wakes_the_main_loop(void **state)
{
    (void)state;
    int wakes = 0;
    inbox.queue.wake = count_wake;
    inbox.queue.wake_context = &wakes;
    assert_int_equal(post_one(0, 0), STATUS_OK);
    assert_int_equal(post_one(0, 1), STATUS_OK);
    assert_int_equal(wakes, 2);
}

static void post_again(void *target, const void *body)
{
    (void)body;
    (void)target;
    inbox.received++;
    assert_int_equal(post_one(0, 0), STATUS_OK);
}

static void what_is_posted_while_draining_waits_for_the_next_drain(void **state)
{
    (void)state;
    assert_int_equal(queue_post(&inbox.queue, post_again, NULL, NULL, 0), STATUS_OK);
    assert_int_equal(queue_drain(&inbox.queue), 1);
    assert_int_equal(inbox.received, 1);
    assert_int_equal(queue_drain(&inbox.queue), 1);
    assert_int_equal(inbox.received, 2);
}

static void post_too_much(void *context)
{
    (void)context;
    static uint8_t body[QUEUE_BODY_SIZE + 1];
    (void)!queue_post(&inbox.queue, receive, &inbox, body, sizeof body);
}

static void a_body_larger_than_a_slot_is_our_own_bug(void **state)
{
    (void)state;
    assert_aborts(post_too_much, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_arrive_in_the_order_they_were_posted, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(nothing_is_lost_between_several_posters_and_a_full_queue,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(closing_frees_a_poster_that_waits_for_room, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_slot_is_wiped_once_delivered, setup, teardown),
        cmocka_unit_test_setup_teardown(each_post_wakes_the_main_loop, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_posted_while_draining_waits_for_the_next_drain,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_body_larger_than_a_slot_is_our_own_bug, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
