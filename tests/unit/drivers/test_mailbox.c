#include "drivers/mailbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/device.h"

struct listener {
    struct mailbox *mailbox;
    int events[64];
    int count;
    int close_after; /* stops its own mailbox while hearing this many-th event; 0: never */
};

static void hear(void *owner, const void *event)
{
    struct listener *listener = owner;
    memcpy(&listener->events[listener->count++], event, sizeof(int));
    if (listener->count == listener->close_after) {
        mailbox_stop(listener->mailbox);
        mailbox_destroy(listener->mailbox);
    }
}

static void put_numbers(struct mailbox *mailbox, int first, int last)
{
    for (int i = first; i <= last; i++)
        assert_true(mailbox_put(mailbox, &i));
}

static void delivers_in_order_with_one_message_in_the_queue(void **state)
{
    (void)state;
    struct queue queue;
    struct listener listener = { 0 };
    queue_init(&queue, NULL, NULL);
    listener.mailbox = mailbox_open(&queue, sizeof(int), hear, &listener);
    put_numbers(listener.mailbox, 1, 5);
    assert_int_equal(queue.count, 1);
    queue_drain(&queue);
    put_numbers(listener.mailbox, 6, 6);
    queue_drain(&queue);
    assert_int_equal(listener.count, 6);
    for (int i = 0; i < 6; i++)
        assert_int_equal(listener.events[i], i + 1);
    mailbox_stop(listener.mailbox);
    mailbox_destroy(listener.mailbox);
    queue_deinit(&queue);
}

static void delivers_nothing_after_it_was_stopped(void **state)
{
    (void)state;
    struct queue queue;
    struct listener listener = { 0 };
    queue_init(&queue, NULL, NULL);
    listener.mailbox = mailbox_open(&queue, sizeof(int), hear, &listener);
    put_numbers(listener.mailbox, 1, 2);
    mailbox_stop(listener.mailbox);
    int late = 3;
    assert_false(mailbox_put(listener.mailbox, &late));
    mailbox_destroy(listener.mailbox);
    /* The message is still in the queue; whom it was for is gone. */
    assert_int_equal(queue_drain(&queue), 1);
    assert_int_equal(listener.count, 0);
    queue_deinit(&queue);
}

static void a_listener_may_close_its_own_device(void **state)
{
    (void)state;
    struct queue queue;
    struct listener listener = { .close_after = 2 };
    queue_init(&queue, NULL, NULL);
    listener.mailbox = mailbox_open(&queue, sizeof(int), hear, &listener);
    put_numbers(listener.mailbox, 1, 5);
    queue_drain(&queue);
    assert_int_equal(listener.count, 2);
    queue_deinit(&queue);
}

static void *put_forty(void *mailbox)
{
    for (int i = 1; i <= 40; i++)
        mailbox_put(mailbox, &i);
    return NULL;
}

static void a_full_mailbox_makes_the_device_wait_and_loses_nothing(void **state)
{
    (void)state;
    struct queue queue;
    struct listener listener = { 0 };
    pthread_t thread;
    queue_init(&queue, NULL, NULL);
    listener.mailbox = mailbox_open(&queue, sizeof(int), hear, &listener);
    assert_int_equal(pthread_create(&thread, NULL, put_forty, listener.mailbox), 0);
    while (listener.count < 40)
        queue_drain(&queue);
    pthread_join(thread, NULL);
    for (int i = 0; i < 40; i++)
        assert_int_equal(listener.events[i], i + 1);
    mailbox_stop(listener.mailbox);
    mailbox_destroy(listener.mailbox);
    queue_deinit(&queue);
}

static void stopping_frees_a_device_that_waits(void **state)
{
    (void)state;
    struct queue queue;
    struct listener listener = { 0 };
    pthread_t thread;
    queue_init(&queue, NULL, NULL);
    listener.mailbox = mailbox_open(&queue, sizeof(int), hear, &listener);
    assert_int_equal(pthread_create(&thread, NULL, put_forty, listener.mailbox), 0);
    mailbox_stop(listener.mailbox);
    pthread_join(thread, NULL);
    mailbox_destroy(listener.mailbox);
    assert_int_equal(listener.count, 0);
    queue_deinit(&queue);
}

static void reads_driver_options(void **state)
{
    (void)state;
    struct device_match match = { .options = "linewidth=9 width=384 key=00ff blank=dots" };
    char word[8];
    assert_int_equal(device_option_number(&match, "width", 576), 384);
    assert_int_equal(device_option_number(&match, "height", 5), 5);
    assert_int_equal(device_option_number(&match, "blank", 5), 5);
    assert_true(device_option(&match, "blank", word, sizeof word));
    assert_string_equal(word, "dots");
    assert_false(device_option(&match, "blank", word, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delivers_in_order_with_one_message_in_the_queue),
        cmocka_unit_test(delivers_nothing_after_it_was_stopped),
        cmocka_unit_test(a_listener_may_close_its_own_device),
        cmocka_unit_test(a_full_mailbox_makes_the_device_wait_and_loses_nothing),
        cmocka_unit_test(stopping_frees_a_device_that_waits),
        cmocka_unit_test(reads_driver_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
