/* json.c - JSON text to values and values to JSON text. */
#include "value.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

/* ---- numbers ---- */
/* Reads a whole string as a number; *ok tells whether it is one. */
Val num_literal(const char *s, bool *ok) {
    const char *p = s + (*s == '-' || *s == '+'); int digits = 0;
    *ok = false;
    if (!strcmp(p, "nan") || !strcmp(p, "NaN")) { *ok = true; return num(NAN); }
    if (!strcmp(p, "Infinity")) { *ok = true; return num(*s == '-' ? -INFINITY : INFINITY); }
    for (; isdigit((unsigned char)*p); p++) digits++;
    if (*p == '.') for (p++; isdigit((unsigned char)*p); p++) digits++;
    if (digits && (*p == 'e' || *p == 'E')) {
        p += p[1] == '-' || p[1] == '+' ? 2 : 1; if (!isdigit((unsigned char)*p)) return NULL_VAL;
        while (isdigit((unsigned char)*p)) p++;
    }
    if (!digits || *p) return NULL_VAL;
    *ok = true;
    Val v = num(strtod(s, NULL));
    bool plain = strspn(s, "-0123456789.") == strlen(s) && *s != '.' && s[strlen(s) - 1] != '.' && !(s[*s == '-'] == '0' && isdigit((unsigned char)s[(*s == '-') + 1]));
    if (plain) v.lit = str(s).s->b;
    return v;
}
/* Shortest text that reads back as the same double. */
static void dump_num(Val v, Text *out) {
    char b[40], *e;
    double d = v.n;
    if (isnan(d)) { text_str(out, "null"); return; }
    if (v.lit) { text_str(out, v.lit); return; }
    if (isinf(d)) d = d > 0 ? 1.7976931348623157e308 : -1.7976931348623157e308;
    if (d == 0) { text_str(out, signbit(d) ? "-0" : "0"); return; }
    for (int prec = 0; prec < 17; prec++) { snprintf(b, sizeof b, "%.*e", prec, d); if (strtod(b, NULL) == d) break; }
    e = strchr(b, 'e');
    int point = atoi(e + 1) + 1; /* position of the decimal point among the digits */
    char digits[24]; int n = 0;
    for (char *p = b; p < e; p++) if (isdigit((unsigned char)*p)) digits[n++] = *p;
    digits[n] = 0; if (d < 0) text_chr(out, '-');
    if (point <= -4 || point > n + 15) {
        text_chr(out, digits[0]);
        if (n > 1) { text_chr(out, '.'); text_str(out, digits + 1); }
        snprintf(b, sizeof b, "e%c%02d", point - 1 < 0 ? '-' : '+', abs(point - 1)); text_str(out, b);
    } else if (point <= 0) {
        text_str(out, "0.");
        for (; point < 0; point++) text_chr(out, '0');
        text_str(out, digits);
    } else {
        for (int i = 0; i < n || i < point; i++) {
            if (i == point) text_chr(out, '.');
            text_chr(out, i < n ? digits[i] : '0');
        }
    }
}

/* ---- writing ---- */
static char colors[8][24] = {"0;90", "0;39", "0;39", "0;39", "0;32", "1;39", "1;39", "1;34"};
void set_colors(const char *spec) {
    for (int i = 0; i < 8 && spec; i++) {
        size_t n = strcspn(spec, ":"); if (strspn(spec, "0123456789;") < n || n > 20) return;
        memcpy(colors[i], spec, n); colors[i][n] = 0; spec = spec[n] ? spec + n + 1 : NULL;
    }
}
static void dump_str(Str *s, bool ascii, Text *out) {
    const char *p = s->b, *end = p + s->len; char b[16]; text_chr(out, '"');
    while (p < end) {
        const char *q = p, *esc; unsigned c = utf8_next(&p, end);
        if (c < 128 && c && (esc = strchr("\"\"\\\\\nn\tt\rr\bb\ff", c)) && *esc == (char)c && !islower(c)) { text_chr(out, '\\'); text_chr(out, esc[1]); }
        else if (c < 32 || c == 127 || (ascii && c > 126 && c < 0x10000)) { snprintf(b, sizeof b, "\\u%04x", c); text_str(out, b); }
        else if (ascii && c > 126) { snprintf(b, sizeof b, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF)); text_str(out, b); }
        else if (c == 0xFFFD) text_utf8(out, c);
        else text_add(out, q, p - q);
    }
    text_chr(out, '"');
}
static void piece(const Style *st, int color, const char *s, Text *out) {
    if (st->color) { text_str(out, "\x1b["); text_str(out, colors[color]); text_chr(out, 'm'); }
    text_str(out, s); if (st->color) text_str(out, "\x1b[0m");
}
static void newline(const Style *st, int depth, Text *out) {
    if (st->indent < 0) return;
    text_chr(out, '\n');
    for (int i = 0; i < (st->indent == 100 ? depth : depth * st->indent); i++) text_chr(out, st->indent == 100 ? '\t' : ' ');
}
static void dump(Val v, const Style *st, int depth, Text *out) {
    Text t = {0};
    switch (v.t) {
    case T_NULL: case T_FALSE: case T_TRUE: piece(st, v.t, (const char *[]){"null", "false", "true"}[v.t], out); return;
    case T_NUM: dump_num(v, &t); piece(st, v.t, t.p, out); break;
    case T_STR: dump_str(v.s, st->ascii, &t); piece(st, v.t, t.p, out); break;
    case T_ARR: case T_OBJ: {
        const char *open = v.t == T_ARR ? "[" : "{", *close = v.t == T_ARR ? "]" : "}";
        if (!v.len) { piece(st, v.t, v.t == T_ARR ? "[]" : "{}", out); return; }
        piece(st, v.t, open, out); Val keys = v.t == T_OBJ ? obj_keys(v, st->sort) : v;
        for (size_t i = 0; i < v.len; i++) {
            if (i) piece(st, v.t, ",", out);
            newline(st, depth + 1, out);
            if (v.t == T_ARR) { dump(v.a->v[i], st, depth + 1, out); continue; }
            t.len = 0; dump_str(keys.a->v[i].s, st->ascii, &t); piece(st, 7, t.p, out); piece(st, v.t, ":", out);
            if (st->indent >= 0) text_chr(out, ' ');
            dump(*obj_find(v, keys.a->v[i].s), st, depth + 1, out);
        }
        newline(st, depth, out); piece(st, v.t, close, out);
    }
    }
    free(t.p);
}
void json_dump(Val v, const Style *st, Text *out) { dump(v, st, 0, out); }
Val json_text(Val v) { Text t = {0}; dump(v, &(Style){.indent = -1}, 0, &t); return text_val(&t); }

/* ---- reading ---- */
static int jerr(JParser *p, const char *msg, bool eof) {
    if (!p->failed) snprintf(p->err, sizeof p->err, "%s%s at line %d, column %d", msg, eof ? " at EOF" : "", p->line, p->col);
    p->failed = true; return -1;
}
/* The next character without taking it, or -1; and taking it, with the position kept. */
static int peek(JParser *p) { return p->pos < p->n ? (unsigned char)p->s[p->pos] : -1; }
static int take(JParser *p) {
    int c = peek(p); if (c >= 0) p->pos++;
    if (c == '\n') { p->line++; p->col = 0; } else if (c >= 0) p->col++;
    return c;
}
static int skip_blanks(JParser *p) {
    while (peek(p) >= 0 && (isspace(peek(p)) || peek(p) == 0x1e)) take(p);
    return peek(p);
}
static int hex4(const char *s, const char *end) {
    char b[5] = {0}, *stop; if (end - s < 4) return -1;
    int v = strtol(memcpy(b, s, 4), &stop, 16); return *stop || !isxdigit((unsigned char)*b) ? -1 : v;
}
static int read_string(JParser *p, Val *out) {
    size_t from = p->pos + 1; bool control = false; take(p);
    for (int c; (c = take(p)) != '"';) {
        if (c == '\\') c = take(p);
        if (c < 0) return jerr(p, "Unfinished string", true);
        control |= c < 32;
    }
    Text t = {0}; const char *s = p->s + from, *end = p->s + p->pos - 1, *e;
    if (control) return jerr(p, "Invalid string: control characters from U+0000 through U+001F must be escaped", false);
    while (s < end) {
        if (*s != '\\') { text_utf8(&t, utf8_next(&s, end)); continue; }
        s += 2;
        if ((e = strchr("\"\"\\\\//b\bf\fn\nr\rt\t", s[-1])) && s[-1] > ' ') { text_chr(&t, e[1]); continue; }
        int c = s[-1] == 'u' ? hex4(s, end) : -1, lo; if (c < 0) return jerr(p, "Invalid escape", false);
        s += 4;
        if (c >= 0xD800 && c < 0xE000) {
            if (c >= 0xDC00 || end - s < 6 || s[0] != '\\' || s[1] != 'u' || (lo = hex4(s + 2, end)) < 0xDC00 || lo > 0xDFFF) return jerr(p, "Invalid \\uXXXX\\uXXXX surrogate pair escape", false);
            c = 0x10000 + ((c - 0xD800) << 10) + (lo - 0xDC00); s += 6;
        }
        text_utf8(&t, c);
    }
    *out = text_val(&t);
    return 1;
}
/* A bare word: a number or a literal name. Errors are placed after the character that ends it. */
static int read_word(JParser *p, Val *out) {
    size_t from = p->pos;
    while (peek(p) >= 0 && !isspace(peek(p)) && !strchr("[]{},:\"", peek(p))) take(p);
    const char *w = str_n(p->s + from, p->pos - from).s->b; bool ok = true, eof = peek(p) < 0;
    *out = NULL_VAL;
    if (!strcmp(w, "true") || !strcmp(w, "false")) *out = boolean(*w == 't');
    else if (strcmp(w, "null")) *out = num_literal(w, &ok);
    if (ok) return 1;
    take(p);
    return jerr(p, strchr("tfn", *w) ? "Invalid literal" : *w == '\'' ? "Invalid string literal; expected \", but got '" : "Invalid numeric literal", eof);
}
static int read_value(JParser *p, Val *out) {
    static const char *again[] = {"Expected another array element", "Expected another key-value pair"};
    int c = skip_blanks(p); Val key, v; if (c < 0) return jerr(p, "Unfinished JSON term", true);
    if (c == '"') return read_string(p, out);
    if (!strchr("[]{},:", c)) return read_word(p, out);
    take(p); if (c == ',') return jerr(p, "Expected value before ','", false);
    if (c == ':') return jerr(p, "Expected string key before ':'", false);
    if (c == ']' || c == '}') return jerr(p, c == ']' ? "Unmatched ']'" : "Unmatched '}'", false);
    int close = c == '[' ? ']' : '}';
    *out = c == '[' ? EMPTY_ARR : EMPTY_OBJ;
    for (;;) {
        if (skip_blanks(p) == close) { take(p); return out->len ? jerr(p, again[c == '{'], false) : 1; }
        if (read_value(p, &v) < 0) return -1;
        if (c == '{') {
            key = v; int d = skip_blanks(p); if (d == ':' || d == ',' || d == '}') take(p);
            else if (read_value(p, &v) > 0) return take(p), jerr(p, "Expected separator between values", false);
            if (d >= 0 && d != ':') return jerr(p, "Objects must consist of key:value pairs", false);
            if (d == ':' && key.t != T_STR) return jerr(p, "Object keys must be strings", false);
            if (read_value(p, &v) < 0) return -1;
            *out = obj_set(*out, key.s, v);
        } else *out = arr_push(*out, v);
        int d = skip_blanks(p);
        if (d == close) { take(p); return 1; }
        if (d == ',') { take(p); continue; }
        if (strchr("}]:", d) && d > 0) return take(p), jerr(p, d == ':' ? "':' not as part of an object" : d == ']' ? "Unmatched ']'" : "Objects must consist of key:value pairs", false);
        if (read_value(p, &v) > 0) { if (!strchr("\"]}", p->s[p->pos - 1])) take(p); jerr(p, "Expected separator between values", false); }
        return -1;
    }
}
int json_next(JParser *p, Val *out) {
    if (p->failed) return 0;
    if (!p->line) p->line = 1;
    if (skip_blanks(p) < 0) return 0;
    int r = read_value(p, out); if (r > 0 && (peek(p) == ',' || peek(p) == ':')) return read_value(p, out);
    if (r > 0 && peek(p) == '\n') take(p);
    return r;
}
