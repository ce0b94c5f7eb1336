/* Command line parsing. */
#ifndef OPTIONS_H
#define OPTIONS_H
#include "fileio.h"

typedef enum { MODE_AUTO, MODE_COMPRESS, MODE_DECOMPRESS, MODE_TEST } Mode;

typedef struct {
    const char *exe;
    Mode mode;
    int multiple, to_stdout;
    char **names;
    int count;
    Settings settings;
} Options;

/* Returns -1 to go on, otherwise the exit code. */
int parse_options(Options *o, int argc, char **argv);

#endif
