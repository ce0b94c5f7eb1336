#include "display.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define REFRESH_SECONDS 0.166

int display_level = LEVEL_NORMAL;

void say(int level, const char *fmt, ...)
{
    va_list ap;
    if (display_level < level) return;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
}

static int refresh_due(void)
{
    static double last = -1;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double t = (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
    if (last >= 0 && t - last < REFRESH_SECONDS) return 0;
    last = t;
    return 1;
}

void progress(const char *fmt, ...)
{
    va_list ap;
    if (display_level < LEVEL_NORMAL || !refresh_due()) return;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fflush(stderr);
}

void progress_clear(void)
{
    say(LEVEL_NORMAL, "\r%79s\r", "");
}

void die(int code, const char *fmt, ...)
{
    if (display_level >= LEVEL_ERROR) {
        va_list ap;
        fprintf(stderr, "Error %i : ", code);
        va_start(ap, fmt);
        vfprintf(stderr, fmt, ap);
        va_end(ap);
        fputs(" \n", stderr);
    }
    exit(code);
}
