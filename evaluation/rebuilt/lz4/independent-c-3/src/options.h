#pragma once
#include "frame.h"

enum { ACTION_GUESS, ACTION_COMPRESS, ACTION_DECOMPRESS, ACTION_TEST };

typedef struct {
    int action;
    int overwrite, to_stdout, multiple, remove_source, store_size, unused;
    FrameOptions frame;
    const char **names;
    int name_count;
} Options;

/* Reads the command line; exits after a request for help or a mistake. */
Options read_options(int count, char **words);
void refuse_usage(void);
