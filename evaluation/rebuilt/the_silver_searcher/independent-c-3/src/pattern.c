#define _GNU_SOURCE
#include "pattern.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *pattern;
    int pos, length, depth;
    bool repeatable; /* whether a quantifier may follow */
    FILE *out;
    RegexError error;
} Translation;

/* Keeps the first error and ends the translation by moving to the end of the pattern. */
static void fail(Translation *t, const char *message, int position) {
    if (!t->error.message) t->error = (RegexError){message, position};
    t->pos = t->length;
}

static void put_literal(Translation *t, char c) {
    if (strchr("\\[](){}*+?.^$|", c)) fputc('\\', t->out);
    fputc(c, t->out);
}

static char escaped_byte(char c) {
    static const char names[] = "ntrfea", bytes[] = "\n\t\r\f\033\a";
    const char *name = strchr(names, c);
    return name ? bytes[name - names] : c;
}

static void translate_escape(Translation *t) {
    static const char names[] = "dDhAzZ";
    static const char *const texts[] = {"[0-9]", "[^0-9]", "[ \t]", "\\`", "\\'", "\\'"};
    if (t->pos == t->length) {
        fail(t, "\\ at end of pattern", t->length);
        return;
    }
    char c = t->pattern[t->pos++];
    const char *name = strchr(names, c);
    if (name) fputs(texts[name - names], t->out);
    else if (strchr("wWsSbB123456789", c)) fprintf(t->out, "\\%c", c);
    else put_literal(t, escaped_byte(c));
}

static void translate_class_escape(Translation *t, char c) {
    if (c == 'd') fputs("0-9", t->out);
    else if (c == 'w') fputs("[:alnum:]_", t->out);
    else if (c == 's') fputs("[:space:]", t->out);
    else if (strchr("]-^[", c)) fprintf(t->out, "[.%c.]", c);
    else fputc(escaped_byte(c), t->out);
}

static void copy_named_class(Translation *t) {
    const char *name = t->pattern + t->pos, *end = strstr(name, ":]");
    int size = end ? end + 2 - name : 1;
    fprintf(t->out, "[%.*s", size, name);
    t->pos += size;
}

static void translate_class(Translation *t) {
    const char *p = t->pattern;
    fputc('[', t->out);
    if (p[t->pos] == '^') fputc(p[t->pos++], t->out);
    for (int start = t->pos; t->pos < t->length && (t->pos == start || p[t->pos] != ']');) {
        char c = p[t->pos++];
        if (c == '[' && p[t->pos] == ':') copy_named_class(t);
        else if (c == '\\' && t->pos < t->length) translate_class_escape(t, p[t->pos++]);
        else if (p[t->pos] == '-' && isalnum((unsigned char)p[t->pos + 1]) && p[t->pos + 1] < c)
            fail(t, "range out of order in character class", t->pos + 1);
        else fputc(c, t->out);
    }
    if (t->pos++ >= t->length) fail(t, "missing terminating ] for character class", t->length);
    fputc(']', t->out);
}

static void open_group(Translation *t) {
    const char *at = t->pattern + t->pos;
    t->depth++;
    fputc('(', t->out);
    if (*at != '?') return;
    t->pos += 2;
    if (at[1] == ':') return;
    fail(t, strchr("=!<", at[1]) ? "this kind of group is not available"
                                 : "unrecognized character after (? or (?-", t->pos - 1);
}

static void close_group(Translation *t) {
    fputc(')', t->out);
    if (t->depth-- == 0) fail(t, "unmatched parentheses", t->pos - 1);
}

/* Lazy and possessive quantifiers are taken as greedy ones. */
static void end_quantifier(Translation *t) {
    t->repeatable = false;
    if (t->pos < t->length && strchr("?+", t->pattern[t->pos])) t->pos++;
}

/* Copies {n}, {n,} or {n,m}; any other brace is literal text. */
static bool copy_bounds(Translation *t) {
    const char *at = t->pattern + t->pos, *end = at + strspn(at, "0123456789,");
    int low, high;
    if (!t->repeatable || *end != '}' || !isdigit((unsigned char)*at)) return false;
    t->pos += end + 1 - at;
    fprintf(t->out, "{%.*s}", (int)(end - at), at);
    if (sscanf(at, "%d,%d", &low, &high) == 2 && high < low)
        fail(t, "numbers out of order in {} quantifier", t->pos - 1);
    else end_quantifier(t);
    return true;
}

static void translate_symbol(Translation *t, char c) {
    switch (c) {
    case '\\': translate_escape(t); break;
    case '[': translate_class(t); break;
    case '(': open_group(t); break;
    case ')': close_group(t); break;
    case '.': case '^': case '$': case '|': fputc(c, t->out); break;
    default: put_literal(t, c);
    }
}

static void translate_next(Translation *t) {
    char c = t->pattern[t->pos++];
    bool quantifier = strchr("*+?", c), repeatable = t->repeatable;
    if (c == '{' && copy_bounds(t)) return;
    t->repeatable = !strchr("(|", c);
    if (quantifier && !repeatable) fail(t, "nothing to repeat", t->pos - 1);
    if (quantifier) fputc(c, t->out), end_quantifier(t);
    else translate_symbol(t, c);
}

Regex *regex_compile(const char *pattern, RegexMode mode, RegexError *error) {
    char *text;
    size_t size;
    Translation t = {.pattern = pattern, .length = strlen(pattern), .out = open_memstream(&text, &size)};
    if (mode.whole_words) fputs("\\b(", t.out);
    while (t.pos < t.length) {
        if (mode.literal) put_literal(&t, pattern[t.pos++]);
        else translate_next(&t);
    }
    if (t.depth > 0) fail(&t, "missing )", t.length);
    if (mode.whole_words) fputs(")\\b", t.out);
    fclose(t.out);
    Regex *regex = malloc(sizeof *regex);
    int flags = REG_EXTENDED | REG_NEWLINE | (mode.fold_case ? REG_ICASE : 0);
    if (!t.error.message && regcomp(regex, text, flags) != 0) fail(&t, "the expression is not valid", 0);
    free(text);
    *error = t.error;
    return t.error.message ? NULL : regex;
}

bool regex_find(Regex *regex, const char *text, size_t length, size_t from, Span *found) {
    regmatch_t match = {.rm_so = from, .rm_eo = length};
    if (from >= length || regexec(regex, text, 1, &match, REG_STARTEND) != 0) return false;
    *found = (Span){match.rm_so, match.rm_eo};
    return found->start < length;
}
