/*
 * Preloaded into power_writer: flushes that flush nothing, as a program would be that forgot them.
 * With it the power test must fail.
 */
#include <unistd.h>

int fsync(int fd)
{
    (void)fd;
    return 0;
}

int fdatasync(int fd)
{
    (void)fd;
    return 0;
}
