/* Perl-like patterns, translated to the extended expressions of the C library. */
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

typedef regex_t Regex;

typedef struct {
    size_t start, end;
} Span;

typedef struct {
    bool fold_case, literal, whole_words;
} RegexMode;

typedef struct {
    const char *message;
    int position;
} RegexError;

Regex *regex_compile(const char *pattern, RegexMode mode, RegexError *error);
bool regex_find(Regex *regex, const char *text, size_t length, size_t from, Span *found);
