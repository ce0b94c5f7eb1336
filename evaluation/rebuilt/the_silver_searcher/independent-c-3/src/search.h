#pragma once

typedef struct {
    long matches, matched_files, files, bytes;
    int reported; /* whether the program has found or printed anything */
} Totals;

extern Totals totals;

void inspect_file(const char *path);
void inspect_stream(void);
