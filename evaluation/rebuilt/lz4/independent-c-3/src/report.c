#include "report.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int verbosity = 2;

void say(int minimum, const char *format, ...)
{
    va_list arguments;
    if (verbosity < minimum) return;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
}

void fail(int code, const char *message)
{
    say(1, "Error %d : %s \n", code, message);
    exit(code);
}

/* At most once a second. */
bool progress_due(void)
{
    static time_t last;
    if (verbosity < 2 || time(NULL) == last) return false;
    last = time(NULL);
    return true;
}
