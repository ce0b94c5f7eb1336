#include "output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walk.h"

typedef enum { UNMARKED, CONTEXT, MATCHED } Mark;

static int printed_files;

static void print_colored(const char *color, const char *text, int length) {
    if (settings.color) printf("\033[%sm%.*s\033[0m\033[K", color, length, text);
    else fwrite(text, 1, length, stdout);
}

static void print_number(long number, int end) {
    char digits[24];
    print_colored(settings.number_color, digits, snprintf(digits, sizeof digits, "%ld", number));
    putchar(end);
}

static void print_name(const char *path, int end) {
    path = shown_path(path);
    print_colored(settings.path_color, path, strlen(path));
    putchar(end);
}

void put_file_name(const char *path) { print_name(path, settings.path_end); }

void print_count(const char *path, long count) {
    bool named = *path && settings.path_style != PATH_NONE;
    if (named) print_name(path, ':');
    print_number(count, named ? settings.path_end : '\n');
}

void print_heading(const char *path) {
    if (printed_files++ && settings.breaks) putchar('\n');
    if (settings.path_style == PATH_HEADING) print_name(path, '\n');
}

/* Prints a line up to the width limit, with the parts that match colored. */
static void put_text(const Found *found, size_t start, size_t end, size_t match) {
    bool cut = settings.width > 0 && end - start > (size_t)settings.width;
    if (cut) end = start + settings.width;
    for (; settings.color && match < found->match_count && found->matches[match].start < end; match++) {
        Span span = found->matches[match];
        size_t from = span.start < start ? start : span.start, to = span.end > end ? end : span.end;
        if (to <= from) continue;
        fwrite(found->text + start, 1, from - start, stdout);
        print_colored(settings.match_color, found->text + from, to - from);
        start = to;
    }
    fwrite(found->text + start, 1, end - start, stdout);
    puts(cut ? " [...]" : "");
}

static void print_prefix(const Found *found, size_t line, char separator) {
    bool inline_path = settings.path_style == PATH_INLINE || (settings.vimgrep && separator == ':');
    if (inline_path && *found->path) print_name(found->path, ':');
    if (settings.numbers) print_number(line + 1, settings.vimgrep ? ':' : separator);
}

/* Prints a matching line, or each of its matches when those are wanted one by one. */
static void print_matched_line(const Found *found, size_t line, size_t start, size_t end, size_t match) {
    bool each = (settings.vimgrep || settings.only_matching) && !settings.invert;
    size_t i = match;
    do {
        Span span = settings.invert ? (Span){start, start} : found->matches[i];
        if (each && span.start < start) continue;
        print_prefix(found, line, ':');
        if (settings.column || settings.vimgrep) printf("%zu:", span.start < start ? 1 : span.start - start + 1);
        if (!each || !settings.only_matching) {
            put_text(found, start, end, match);
            continue;
        }
        print_colored(settings.match_color, found->text + span.start, span.end - span.start);
        putchar('\n');
    } while (each && ++i < found->match_count && found->matches[i].start <= end);
}

static char *mark_lines(const Found *found, const size_t *starts, long real, long total) {
    char *marks = calloc(total + 1, 1);
    for (size_t i = 0, line = 0; i < found->match_count; i++) {
        Span span = found->matches[i];
        while (starts[line + 1] <= span.start) line++;
        for (size_t l = line; l == line || starts[l] < span.end; l++) marks[l] = MATCHED;
    }
    for (long i = 0; settings.invert && i < real; i++) marks[i] = marks[i] == MATCHED ? UNMARKED : MATCHED;
    for (long i = 0; i < real; i++) {
        if (marks[i] != MATCHED) continue;
        for (long j = i - settings.before; j <= i + settings.after; j++)
            if (j >= 0 && j < total && marks[j] == UNMARKED) marks[j] = CONTEXT;
    }
    return marks;
}

static void print_marked(const Found *found, const size_t *starts, const char *marks, long total) {
    size_t match = 0;
    long previous = -1;
    for (long line = 0; line < total; line++) {
        size_t start = starts[line], end = starts[line + 1] - 1;
        while (match < found->match_count && found->matches[match].end <= start &&
               found->matches[match].start < start) match++;
        if (marks[line] == UNMARKED) continue;
        if (previous >= 0 && line > previous + 1 && (settings.before || settings.after)) puts("--");
        previous = line;
        if (marks[line] == MATCHED) {
            print_matched_line(found, line, start, end, match);
            continue;
        }
        print_prefix(found, line, '-');
        put_text(found, start, end, found->match_count);
    }
}

void print_found(const Found *found) {
    size_t room = 2, total = 1;
    for (size_t i = 0; i < found->length; i++) room += found->text[i] == '\n';
    size_t *starts = calloc(room + 1, sizeof *starts);
    for (size_t i = 0; i < found->length; i++)
        if (found->text[i] == '\n') starts[total++] = i + 1;
    starts[total] = found->length + 1;
    /* The empty line after a final newline can only serve as context. */
    size_t real = starts[total - 1] == found->length ? total - 1 : total;
    char *marks = mark_lines(found, starts, real, total);
    print_marked(found, starts, marks, total);
    free(marks);
    free(starts);
}
