/* Messages to stderr, filtered by verbosity, and the progress line. */
#ifndef DISPLAY_H
#define DISPLAY_H

enum { LEVEL_ERROR = 1, LEVEL_NORMAL = 2, LEVEL_VERBOSE = 3 };

extern int display_level;

void say(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void progress_clear(void);
void die(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3), noreturn));

#endif
