#ifndef FIGLET_H
#define FIGLET_H

#include <stdio.h>

#define DEFAULT_FONT_DIR "/usr/local/share/figlet"

extern const char *font_dir;

void fail(const char *name, const char *message);
void *grow(void *p, size_t size);
FILE *open_library_file(const char *name, const char *suffix);

/* input.c: text source, byte decoding and control files */
void input_from_args(char **words, int count);
void input_from_stdin(void);
long input_char(void);
void load_control_file(const char *name);
long map_char(long c);

#endif
