#pragma once
#include <stdbool.h>
#include <stdint.h>

extern int verbosity; /* 0 silent, 1 errors, 2 normal, 3 and above verbose */

void say(int minimum, const char *format, ...);
void fail(int code, const char *message);
bool progress_due(void);
