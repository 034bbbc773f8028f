/*
 * A speech program for the tests of the voice: writes WAV like espeak-ng, or misbehaves. What it
 * does is chosen by the voice it is asked for: speaker … -v WHAT …
 *
 *   loud     one second of samples at half of full scale for each line of its text
 *   hang     reads its text and says nothing
 *   deaf     says nothing and reads nothing
 *   babble   never ends
 *   broken   a head that is no WAV
 *   stereo   a WAV of another shape
 *   silent   a head and no samples
 *   odd      an odd number of bytes, in single bytes
 *   spy      "loud" if its text came and arguments, environment and descriptors told nothing, else
 *            silent
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define RATE 22050
#define LEVEL 16384

extern char **environ;

static void put_u16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *at, unsigned value)
{
    put_u16(at, value & 0xffff);
    put_u16(at + 2, value >> 16);
}

static void write_head(unsigned channels)
{
    uint8_t head[44] = "RIFF____WAVEfmt ";
    put_u32(head + 4, 0x7ffff024);
    put_u32(head + 16, 16);
    put_u16(head + 20, 1);
    put_u16(head + 22, channels);
    put_u32(head + 24, RATE);
    put_u32(head + 28, RATE * 2 * channels);
    put_u16(head + 32, 2 * channels);
    put_u16(head + 34, 16);
    memcpy(head + 36, "data", 4);
    put_u32(head + 40, 0x7ffff000);
    fwrite(head, 1, sizeof head, stdout);
}

static void write_samples(int count)
{
    for (int i = 0; i < count; i++) {
        uint8_t sample[2];
        put_u16(sample, (uint16_t)(i % 40 < 20 ? LEVEL : -LEVEL));
        fwrite(sample, 1, 2, stdout);
    }
}

static int read_text(char *text, size_t size)
{
    const size_t length = fread(text, 1, size - 1, stdin);
    int lines = 0;
    text[length] = '\0';
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

/* What anybody on the machine, or the program itself, could learn or do beyond its text. */
static int tells_nothing(int argc, char **argv, const char *text)
{
    if (!strstr(text, "secret") || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return 0;
    for (int i = 0; i < argc; i++) {
        if (strstr(argv[i], "secret"))
            return 0;
    }
    for (char **at = environ; *at; at++) {
        if (strncmp(*at, "HOME=", 5) == 0 || strncmp(*at, "LD_", 3) == 0)
            return 0;
    }
    for (int fd = 3; fd < 1024; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            return 0;
    }
    return 1;
}

static void babble(void)
{
    for (;;)
        write_samples(RATE);
}

static void dribble(void)
{
    for (int i = 0; i < 2001; i++) {
        putchar(i % 2 ? LEVEL >> 8 : 0);
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    static char text[1 << 16];
    const char *what = "";
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], "-v") == 0)
            what = argv[i + 1];
    }
    if (strcmp(what, "deaf") == 0)
        pause();
    const int lines = read_text(text, sizeof text);
    if (strcmp(what, "hang") == 0)
        pause();
    if (strcmp(what, "broken") == 0) {
        fputs("This is no sound at all, but a message to somebody.\n", stdout);
        return 0;
    }
    write_head(strcmp(what, "stereo") == 0 ? 2 : 1);
    fflush(stdout);
    if (strcmp(what, "babble") == 0)
        babble();
    else if (strcmp(what, "odd") == 0)
        dribble();
    else if (strcmp(what, "spy") == 0)
        write_samples(tells_nothing(argc, argv, text) ? RATE : 0);
    else if (strcmp(what, "silent") != 0)
        write_samples(RATE * lines);
    return 0;
}
