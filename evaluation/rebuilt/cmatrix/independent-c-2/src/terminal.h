#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

bool terminal_known(const char *type);
bool terminal_attach(const char *tty_path);     /* false: errno tells why */
FILE *terminal_enter(const char *type);         /* returns where to draw */
void terminal_begin_colour(void);
void terminal_leave(bool abruptly);
void terminal_measure(int *rows, int *cols);
int terminal_poll_key(void);                    /* -1 when there is none */

#endif
