#pragma once

#include "options.h"

typedef struct {
    const char *path; /* empty for a stream */
    const char *text;
    size_t length;
    Span *matches;
    size_t match_count;
} Found;

void put_file_name(const char *path);
void print_count(const char *path, long count);
void print_heading(const char *path);
void print_found(const Found *found);
