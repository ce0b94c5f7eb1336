#pragma once

#include "pattern.h"

typedef enum { PATH_AUTO, PATH_HEADING, PATH_INLINE, PATH_NONE } PathStyle;
typedef enum { SHOW_LINES, SHOW_COUNTS, SHOW_MATCHING_FILES, SHOW_OTHER_FILES, SHOW_NOTHING } Report;

typedef struct {
    const char **items;
    int count;
} List;

typedef struct {
    const char *pattern, *file_pattern, *match_color, *path_color, *number_color;
    char **paths;
    int path_count, before, after, depth, width, path_style, report;
    int breaks, grouping, numbers, color, column, only_matching, stats, vimgrep;
    int path_end, follow, hidden, literal, multiline, binary, invert, whole_words, case_mode;
    int skip_ignores, skip_vcs, name_search, read_stream, silent;
    long max_count;
    List ignored, ignore_files, suffixes;
    Regex *regex, *file_regex;
} Settings;

extern Settings settings;

void read_command_line(int argc, char **argv);
void list_add(List *list, const char *item);
void complain(const char *format, ...);
