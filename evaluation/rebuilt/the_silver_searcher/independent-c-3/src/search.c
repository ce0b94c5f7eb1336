#include "search.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "walk.h"

enum { SAMPLE = 512 };

Totals totals;

static char *read_all(FILE *file, size_t *length) {
    size_t room = 1 << 16, n;
    char *text = malloc(room);
    *length = 0;
    while ((n = fread(text + *length, 1, room - *length, file)) > 0)
        if ((*length += n) == room) text = realloc(text, room *= 2);
    return text;
}

static bool looks_binary(const char *text, size_t length) {
    size_t sample = length < SAMPLE ? length : SAMPLE;
    return memchr(text, '\0', sample) || (length > 4 && memcmp(text, "%PDF-", 5) == 0);
}

static void add_match(Found *found, Span span) {
    if ((found->match_count & (found->match_count + 1)) == 0)
        found->matches = realloc(found->matches, (found->match_count + 1) * 2 * sizeof(Span));
    found->matches[found->match_count++] = span;
}

/* Adds the matches that lie within one part of the text; false once there are too many. */
static bool search_part(Found *found, size_t start, size_t length, size_t limit) {
    Span span;
    size_t from = 0;
    while (regex_find(settings.regex, found->text + start, length, from, &span)) {
        from = span.end > span.start ? span.end : span.end + 1;
        add_match(found, (Span){span.start + start, span.end + start});
        if (limit == 0 || found->match_count < limit) continue;
        complain("Too many matches in %s. Skipping the rest of this file.", found->path);
        return false;
    }
    return true;
}

static size_t line_length(const Found *found, size_t start) {
    const char *end = memchr(found->text + start, '\n', found->length - start);
    return (end ? (size_t)(end - found->text) : found->length) - start;
}

static void search_text(Found *found) {
    size_t limit = settings.max_count > 0 ? settings.max_count : 0;
    if (settings.multiline) {
        search_part(found, 0, found->length, limit);
        return;
    }
    for (size_t at = 0, n; at < found->length; at += n + 1) {
        n = line_length(found, at);
        if (!search_part(found, at, n, limit)) return;
    }
}

/* With -v the stretches between matching lines count. */
static long count_stretches(const Found *found) {
    long count = 0;
    bool inside = false;
    for (size_t at = 0, match = 0, n; at < found->length; at += n + 1) {
        n = line_length(found, at);
        while (match < found->match_count && found->matches[match].end <= at) match++;
        bool matched = match < found->match_count && found->matches[match].start <= at + n;
        count += !matched && !inside;
        inside = !matched;
    }
    return count;
}

static void report(const Found *found, long count, bool binary) {
    if ((count > 0) == (settings.report == SHOW_OTHER_FILES)) return;
    totals.reported = 1;
    switch (settings.report) {
    case SHOW_NOTHING: return;
    case SHOW_COUNTS: print_count(found->path, count); return;
    case SHOW_MATCHING_FILES: case SHOW_OTHER_FILES: put_file_name(found->path); return;
    }
    if (binary) {
        printf("Binary file %s matches.\n", shown_path(found->path));
        return;
    }
    print_heading(found->path);
    print_found(found);
}

static void search_contents(const char *path, const char *text, size_t length) {
    Found found = {.path = path, .text = text, .length = length};
    bool binary = looks_binary(text, length);
    if (length == 0 || (binary && !settings.binary)) return;
    totals.files++;
    totals.bytes += length;
    if (*settings.pattern) search_text(&found);
    long count = !*settings.pattern ? 1 : settings.invert ? count_stretches(&found) : (long)found.match_count;
    totals.matches += count;
    totals.matched_files += count > 0;
    report(&found, count, binary);
    free(found.matches);
}

void inspect_file(const char *path) {
    Span span;
    if (settings.name_search) {
        const char *name = shown_path(path);
        if (*settings.pattern && !regex_find(settings.regex, name, strlen(name), 0, &span)) return;
        totals.reported = 1;
        put_file_name(path);
        return;
    }
    FILE *file = fopen(path, "rb");
    if (!file) {
        complain("cannot read %s", path);
        return;
    }
    size_t length;
    char *text = read_all(file, &length);
    fclose(file);
    search_contents(path, text, length);
    fflush(stdout);
    free(text);
}

/* A stream is matched line by line, and its counts are given per line. */
void inspect_stream(void) {
    size_t length;
    char *text = read_all(stdin, &length);
    Found all = {.path = "", .text = text, .length = length};
    for (size_t at = 0, n; at < length; at += n + 1) {
        Found line = {.path = "", .text = text + at, .length = n = line_length(&all, at)};
        search_part(&line, 0, n, settings.max_count > 0 ? settings.max_count : 0);
        bool hit = settings.invert ? line.match_count == 0 : line.match_count > 0;
        for (size_t i = 0; i < line.match_count; i++)
            add_match(&all, (Span){line.matches[i].start + at, line.matches[i].end + at});
        free(line.matches);
        totals.files++;
        totals.matched_files += hit;
        totals.matches += settings.invert ? hit : (long)line.match_count;
        totals.reported |= hit && settings.report != SHOW_OTHER_FILES;
        if (hit && settings.report == SHOW_COUNTS) print_count("", line.match_count);
    }
    totals.bytes = length;
    if (settings.report == SHOW_LINES) print_found(&all);
    free(text);
}
