/*
 * panel_probe: times a full-screen X11 program from outside, as a finger and an eye would.
 *
 *   panel_probe first DISPLAY X,Y RRGGBB -- COMMAND…
 *       starts COMMAND and prints the milliseconds from fork() until that pixel has that colour
 *   panel_probe press DISPLAY AX,AY BX,BY SX,SY,SW,SH ROUNDS
 *       presses A and B in turns, waits for the pressed button to change (feedback), lets go, waits
 *       for the rectangle S to change (the new screen); prints "feedback_ms screen_ms" per press
 *
 * It presses with XTest, wakes up by XDamage and reads pixels with XShmGetImage, so it neither
 * polls nor asks the program anything.
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/XTest.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GIVE_UP_MS 5000.0
/* Twice between presses: above the 300 ms in which a new screen takes none. */
#define SETTLE_MS 200.0

struct eye { /* one rectangle of the screen, watched */
    int x, y;
    XImage *image;
    XShmSegmentInfo shm;
    uint8_t *before;
    size_t size;
};

static Display *display;
static Damage damage;
static int damage_event;

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "panel_probe: %s\n", what);
    exit(2);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void open_display(const char *name)
{
    int error_base;
    display = XOpenDisplay(name);
    if (!display)
        fail("cannot open the display");
    if (!XDamageQueryExtension(display, &damage_event, &error_base))
        fail("the server has no XDamage");
    damage = XDamageCreate(display, DefaultRootWindow(display), XDamageReportNonEmpty);
    XSync(display, False);
}

static void eye_open(struct eye *eye, int x, int y, int width, int height)
{
    eye->x = x;
    eye->y = y;
    eye->image =
        XShmCreateImage(display, DefaultVisual(display, 0), (unsigned)DefaultDepth(display, 0),
                        ZPixmap, NULL, &eye->shm, (unsigned)width, (unsigned)height);
    if (!eye->image)
        fail("no shared image");
    eye->size = (size_t)eye->image->bytes_per_line * (size_t)height;
    eye->shm.shmid = shmget(IPC_PRIVATE, eye->size, IPC_CREAT | 0600);
    eye->shm.shmaddr = eye->image->data = shmat(eye->shm.shmid, NULL, 0);
    eye->shm.readOnly = False;
    XShmAttach(display, &eye->shm);
    XSync(display, False);
    shmctl(eye->shm.shmid, IPC_RMID, NULL);
    eye->before = malloc(eye->size);
}

static void eye_read(struct eye *eye)
{
    if (!XShmGetImage(display, DefaultRootWindow(display), eye->image, eye->x, eye->y, AllPlanes))
        fail("cannot read pixels");
}

static void eye_remember(struct eye *eye)
{
    eye_read(eye);
    memcpy(eye->before, eye->image->data, eye->size);
}

static bool eye_differs(struct eye *eye)
{
    eye_read(eye);
    return memcmp(eye->before, eye->image->data, eye->size) != 0;
}

/* Blocks until something was drawn or the time is up. */
static void wait_for_drawing(double until_ms)
{
    struct pollfd wait = { .fd = ConnectionNumber(display), .events = POLLIN };
    XEvent event;
    bool drawn = false;
    while (!drawn && now_ms() < until_ms) {
        XFlush(display);
        if (!XPending(display))
            poll(&wait, 1, 5);
        while (XPending(display)) {
            XNextEvent(display, &event);
            drawn = drawn || event.type == damage_event + XDamageNotify;
        }
    }
    XDamageSubtract(display, damage, None, None);
}

static double time_until_changed(struct eye *eye, double start_ms)
{
    double until_ms = start_ms + GIVE_UP_MS;
    while (!eye_differs(eye)) {
        if (now_ms() > until_ms)
            fail("the screen did not change");
        wait_for_drawing(until_ms);
    }
    return now_ms() - start_ms;
}

/* Quiet for SETTLE_MS: what was drawn so far belongs to the press before. */
static void settle(void)
{
    double until_ms = now_ms() + SETTLE_MS;
    while (now_ms() < until_ms)
        wait_for_drawing(until_ms);
}

static void press_once(int x, int y, struct eye *screen)
{
    struct eye button;
    eye_open(&button, x - 20, y - 20, 40, 40);
    XTestFakeMotionEvent(display, 0, x, y, 0);
    XSync(display, False);
    settle();
    eye_remember(&button);
    eye_remember(screen);
    double pressed_ms = now_ms();
    XTestFakeButtonEvent(display, 1, True, 0);
    double feedback_ms = time_until_changed(&button, pressed_ms);
    settle();
    double released_ms = now_ms();
    XTestFakeButtonEvent(display, 1, False, 0);
    printf("%.3f %.3f\n", feedback_ms, time_until_changed(screen, released_ms));
    XShmDetach(display, &button.shm);
    shmdt(button.shm.shmaddr);
    free(button.before);
    settle();
}

static int press(char **arguments)
{
    int ax, ay, bx, by, x, y, width, height;
    long rounds = strtol(arguments[3], NULL, 10);
    struct eye screen;
    if (sscanf(arguments[0], "%d,%d", &ax, &ay) != 2 ||
        sscanf(arguments[1], "%d,%d", &bx, &by) != 2 ||
        sscanf(arguments[2], "%d,%d,%d,%d", &x, &y, &width, &height) != 4)
        fail("bad coordinates");
    eye_open(&screen, x, y, width, height);
    for (long i = 0; i < rounds; i++) {
        press_once(ax, ay, &screen);
        press_once(bx, by, &screen);
    }
    return 0;
}

static int first(char **arguments, char **command)
{
    int x, y;
    unsigned long colour = strtoul(arguments[1], NULL, 16);
    struct eye eye;
    if (sscanf(arguments[0], "%d,%d", &x, &y) != 2)
        fail("bad coordinates");
    eye_open(&eye, x, y, 1, 1);
    double start_ms = now_ms();
    pid_t child = fork();
    if (child == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    for (;;) {
        eye_read(&eye);
        if ((XGetPixel(eye.image, 0, 0) & 0xffffff) == colour)
            break;
        if (now_ms() > start_ms + GIVE_UP_MS || waitpid(child, NULL, WNOHANG) == child)
            fail("the program drew nothing");
        wait_for_drawing(now_ms() + 5);
    }
    printf("%.3f\n", now_ms() - start_ms);
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc >= 7 && strcmp(argv[1], "first") == 0 && strcmp(argv[5], "--") == 0) {
        open_display(argv[2]);
        return first(argv + 3, argv + 6);
    }
    if (argc == 7 && strcmp(argv[1], "press") == 0) {
        open_display(argv[2]);
        return press(argv + 3);
    }
    fail("usage: first DISPLAY X,Y RRGGBB -- COMMAND… | press DISPLAY AX,AY BX,BY X,Y,W,H ROUNDS");
}
