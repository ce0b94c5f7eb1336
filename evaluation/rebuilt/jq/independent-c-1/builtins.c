/* builtins.c - operators, formats and builtins: native functions and a prelude written in the language itself. */
#define _GNU_SOURCE
#include "program.h"
#include <ctype.h>
#include <math.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#define FN(name) static Status name(Val in, Val *a, Val *out)
#define UNUSED (void)in, (void)a

/* ---- operators ---- */
static Val merge(Val a, Val b, bool deep) {
    for (size_t i = 0; i < b.len; i++) {
        Entry e = b.o->e[i]; Val *old = obj_find(a, e.k);
        a = obj_set(a, e.k, deep && old && old->t == T_OBJ && e.v.t == T_OBJ ? merge(*old, e.v, true) : e.v);
    }
    return a;
}
static Val split(Val s, Val sep) {
    Val r = EMPTY_ARR; const char *p = s.s->b, *end = p + s.s->len, *q;
    if (!sep.s->len) { while (p < end) { q = p; utf8_next(&p, end); r = arr_push(r, str_n(q, p - q)); } return r; }
    if (p == end) return r;
    for (; (q = memmem(p, end - p, sep.s->b, sep.s->len)); p = q + sep.s->len) r = arr_push(r, str_n(p, q - p));
    return arr_push(r, str_n(p, end - p));
}
static bool in_array(Val a, Val x) {
    for (size_t i = 0; i < a.len; i++) if (!val_cmp(a.a->v[i], x)) return true;
    return false;
}
static intmax_t to_int(double d) { return d >= 9.2e18 ? INTMAX_MAX : d <= -9.2e18 ? INTMAX_MIN + 1 : (intmax_t)d; }
static Status arithmetic(char op, Val a, Val b, Val *out) {
    bool nums = a.t == T_NUM && b.t == T_NUM, arrs = a.t == T_ARR && b.t == T_ARR, strs = a.t == T_STR && b.t == T_STR, objs = a.t == T_OBJ && b.t == T_OBJ;
    switch (op) {
    case '+':
        if (a.t == T_NULL || b.t == T_NULL) *out = a.t == T_NULL ? b : a;
        else if (nums) *out = num(a.n + b.n);
        else if (strs) { Text t = {0}; text_add(&t, a.s->b, a.s->len); text_add(&t, b.s->b, b.s->len); *out = text_val(&t); }
        else if (arrs) { for (size_t i = 0; i < b.len; i++) a = arr_push(a, b.a->v[i]); *out = a; }
        else if (objs) *out = merge(a, b, false);
        else return fail("%V and %V cannot be added", a, b);
        return OK;
    case '-':
        if (nums) { *out = num(a.n - b.n); return OK; }
        if (!arrs) return fail("%V and %V cannot be subtracted", a, b);
        *out = EMPTY_ARR;
        for (size_t i = 0; i < a.len; i++) if (!in_array(b, a.a->v[i])) *out = arr_push(*out, a.a->v[i]);
        return OK;
    case '*':
        if (nums) *out = num(a.n * b.n);
        else if ((a.t == T_STR && b.t == T_NUM) || (a.t == T_NUM && b.t == T_STR)) {
            Val s = a.t == T_STR ? a : b, n = a.t == T_STR ? b : a; Text t = {0};
            for (int i = 1; i <= n.n; i++) text_add(&t, s.s->b, s.s->len);
            *out = text_val(&t);
            if (!(n.n >= 0)) *out = NULL_VAL;
        } else if (objs) *out = merge(a, b, true);
        else return fail("%V and %V cannot be multiplied", a, b);
        return OK;
    case '/':
        if (strs) { *out = split(a, b); return OK; }
        if (!nums) return fail("%V and %V cannot be divided", a, b);
        if (b.n == 0) return fail("%V and %V cannot be divided because the divisor is zero", a, b);
        *out = num(a.n / b.n);
        return OK;
    default:
        if (!nums) return fail("%V and %V cannot be divided (remainder)", a, b);
        if (isnan(a.n) || isnan(b.n)) { *out = num(NAN); return OK; }
        if (!to_int(b.n)) return fail("%V and %V cannot be divided (remainder) because the divisor is zero", a, b);
        *out = num(to_int(a.n) % imaxabs(to_int(b.n)));
        return OK;
    }
}
Status binary_op(const char *op, Val a, Val b, Val *out) {
    if (!strchr("=!<>", *op)) return arithmetic(*op, a, b, out);
    int c = val_cmp(a, b);
    *out = boolean(*op == '=' ? !c : *op == '!' ? c : *op == '<' ? c < 0 || (op[1] && !c) : c > 0 || (op[1] && !c));
    return OK;
}
/* ---- formats ---- */
static Val to_string(Val v) { return v.t == T_STR ? v : json_text(v); }
static void escape(Text *t, Val v, const char *chars, const char *const *with) {
    for (const char *p = v.s->b; p < v.s->b + v.s->len; p++) {
        const char *q = *p ? strchr(chars, *p) : NULL; if (q) text_str(t, with[q - chars]); else text_chr(t, *p);
    }
}
static Status base64d(Val v, Text *t) {
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, n = 0, count = 0;
    for (const char *p = v.s->b; *p && *p != '='; p++, count++) {
        const char *q = strchr(set, *p); if (!q) return fail("%V is not valid base64 data", v);
        bits = bits << 6 | (q - set); if ((n += 6) >= 8) text_chr(t, bits >> (n -= 8));
    }
    return count % 4 == 1 ? fail("%V trailing base64 byte found", v) : OK;
}
Status apply_format(const char *f, Val v, Val *out) {
    static const char *const html[] = {"&lt;", "&gt;", "&amp;", "&#39;", "&quot;"}, *const tsv[] = {"\\t", "\\n", "\\r", "\\\\"};
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Text t = {0}; Val s = to_string(v); char b[8]; bool csv = !strcmp(f, "csv"), sh = !strcmp(f, "sh");
    if (!strcmp(f, "text")) text_add(&t, s.s->b, s.s->len);
    else if (!strcmp(f, "json")) { s = json_text(v); text_add(&t, s.s->b, s.s->len); }
    else if (!strcmp(f, "html")) escape(&t, s, "<>&'\"", html);
    else if (csv || sh || !strcmp(f, "tsv")) {
        if (v.t != T_ARR && !sh) return fail("%V cannot be %s-formatted, only array", v, f);
        if (v.t != T_ARR) v = arr_push(EMPTY_ARR, v);
        for (size_t i = 0; i < v.len; i++) {
            Val x = v.a->v[i]; if (i) text_chr(&t, csv ? ',' : sh ? ' ' : '\t');
            if (x.t >= T_ARR) return fail(sh ? "%V can not be escaped for shell" : "%V is not valid in a csv row", x);
            if (x.t == T_STR && (csv || sh)) { text_chr(&t, csv ? '"' : '\''); escape(&t, x, csv ? "\"" : "'", csv ? (const char *[]){"\"\""} : (const char *[]){"'\\''"}); text_chr(&t, csv ? '"' : '\''); }
            else if (x.t == T_STR) escape(&t, x, "\t\n\r\\", tsv);
            else if (x.t != T_NULL || sh) text_str(&t, json_text(x).s->b);
        }
    } else if (!strcmp(f, "uri")) for (size_t i = 0; i < s.s->len; i++) {
        unsigned char c = s.s->b[i];
        if (isalnum(c) || (c && strchr("-_.~", c))) text_chr(&t, c); else { snprintf(b, sizeof b, "%%%02X", c); text_str(&t, b); }
    } else if (!strcmp(f, "urid")) for (const char *p = s.s->b; *p; p++) {
        if (*p == '%' && isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2])) { text_chr(&t, strtol((char[]){p[1], p[2], 0}, NULL, 16)); p += 2; } else text_chr(&t, *p);
    } else if (!strcmp(f, "base64")) for (size_t i = 0; i < s.s->len; i += 3) {
        unsigned n = s.s->len - i, x = (unsigned char)s.s->b[i] << 16 | (n > 1 ? (unsigned char)s.s->b[i + 1] << 8 : 0) | (n > 2 ? (unsigned char)s.s->b[i + 2] : 0);
        text_add(&t, (char[]){set[x >> 18], set[x >> 12 & 63], n > 1 ? set[x >> 6 & 63] : '=', n > 2 ? set[x & 63] : '='}, 4);
    } else if (!strcmp(f, "base64d")) { if (base64d(s, &t)) return FAILED; }
    else return fail("%s is not a valid format", f);
    *out = text_val(&t);
    return OK;
}
/* ---- native functions ---- */
FN(f_length) {
    UNUSED; if (in.t == T_FALSE || in.t == T_TRUE) return fail("%V has no length", in);
    *out = in.t == T_NUM ? num(fabs(in.n)) : num(in.t == T_NULL ? 0 : in.t == T_STR ? utf8_len(in) : in.len);
    return OK;
}
FN(f_utf8bytelength) { UNUSED; if (in.t != T_STR) return fail("%V only strings have UTF-8 byte length", in); *out = num(in.s->len); return OK; }
static Status keys(Val in, bool sorted, Val *out) {
    if (in.t != T_OBJ && in.t != T_ARR) return fail("%V has no keys", in);
    *out = in.t == T_OBJ ? obj_keys(in, sorted) : EMPTY_ARR;
    for (size_t i = 0; in.t == T_ARR && i < in.len; i++) *out = arr_push(*out, num(i));
    return OK;
}
FN(f_keys) { UNUSED; return keys(in, true, out); }
FN(f_keys_unsorted) { UNUSED; return keys(in, false, out); }
FN(f_has) {
    if (in.t == T_OBJ && a->t == T_STR) *out = boolean(obj_find(in, a->s));
    else if (in.t == T_ARR && a->t == T_NUM) *out = boolean(a->n >= 0 && a->n < in.len);
    else return fail("Cannot check whether %s has a %s key", type_name(in), type_name(*a));
    return OK;
}
static Status contains(Val x, Val y, bool *yes) {
    bool one;
    *yes = true;
    if (x.t == T_OBJ && y.t == T_OBJ) for (size_t i = 0; i < y.len && *yes; i++) {
        Val *v = obj_find(x, y.o->e[i].k); if (!v) *yes = false; else if (contains(*v, y.o->e[i].v, yes)) return FAILED;
    } else if (x.t == T_ARR && y.t == T_ARR) for (size_t i = 0; i < y.len && *yes; i++) {
        *yes = false;
        for (size_t j = 0; j < x.len && !*yes; j++) if (x.a->v[j].t == y.a->v[i].t) { if (contains(x.a->v[j], y.a->v[i], &one)) return FAILED; *yes = one; }
    } else if (x.t == T_STR && y.t == T_STR) *yes = memmem(x.s->b, x.s->len, y.s->b, y.s->len);
    else if (x.t != y.t) return fail("%V and %V cannot have their containment checked", x, y);
    else *yes = !val_cmp(x, y);
    return OK;
}
FN(f_contains) { bool yes; if (contains(in, *a, &yes)) return FAILED; *out = boolean(yes); return OK; }
FN(f_type) { UNUSED; *out = str(type_name(in)); return OK; }
FN(f_not) { UNUSED; *out = boolean(!truthy(in)); return OK; }
FN(f_tojson) { UNUSED; *out = json_text(in); return OK; }
FN(f_tostring) { UNUSED; *out = to_string(in); return OK; }
FN(f_tonumber) {
    UNUSED; bool ok = in.t == T_NUM;
    *out = in.t == T_STR && !strchr(in.s->b, 'n') && !strchr(in.s->b, 'N') ? num_literal(in.s->b, &ok) : in;
    return ok ? OK : fail("%V cannot be parsed as a number", in);
}
FN(f_fromjson) {
    UNUSED; if (in.t != T_STR) return fail("%V only strings can be parsed", in);
    JParser p = {.s = in.s->b, .n = in.s->len}; return json_next(&p, out) < 0 ? fail("%s (while parsing '%s')", p.err, in.s->b) : OK;
}
FN(f_setpath) { return val_setpath(in, a[0], 0, a[1], out); }
FN(f_delpaths) { return val_delpaths(in, a[0], out); }
FN(f_sort) { UNUSED; if (in.t != T_ARR) return fail("%V cannot be sorted, as it is not an array", in); *out = arr_sort(in, in); return OK; }
/* _by(keys; how): the elements of an array by the matching elements of keys: s(ort), g(roup), u(nique), m(in), M(ax). */
FN(f_by) {
    if (in.t != T_ARR) return fail("%V and %V cannot be iterated over", in, a[0]);
    char how = *a[1].s->b;
    Val v = how == 'm' || how == 'M' ? in : arr_sort(in, a[0]), k = how == 'm' || how == 'M' ? a[0] : arr_sort(a[0], a[0]), r = EMPTY_ARR;
    size_t best = 0;
    if (how == 's') { *out = v; return OK; }
    for (size_t i = 0; i < v.len; i++) {
        int c = i ? val_cmp(k.a->v[i], k.a->v[how == 'g' || how == 'u' ? i - 1 : best]) : 1;
        if (i == 0 || (how == 'm' ? c < 0 : how == 'M' && c >= 0)) best = i;
        if (c && (how == 'g' || how == 'u')) r = arr_push(r, how == 'g' ? arr_push(EMPTY_ARR, v.a->v[i]) : v.a->v[i]);
        else if (how == 'g') r.a->v[r.len - 1] = arr_push(r.a->v[r.len - 1], v.a->v[i]);
    }
    *out = how == 'g' || how == 'u' ? r : v.len ? v.a->v[best] : NULL_VAL;
    return OK;
}
static Status affix(Val in, Val *a, bool end, Val *out) {
    if (in.t != T_STR || a->t != T_STR) return fail("%s() requires string inputs", end ? "endswith" : "startswith");
    *out = boolean(in.s->len >= a->s->len && !memcmp(in.s->b + (end ? in.s->len - a->s->len : 0), a->s->b, a->s->len));
    return OK;
}
FN(f_startswith) { return affix(in, a, false, out); }
FN(f_endswith) { return affix(in, a, true, out); }
static Status trim(Val in, int sides, Val *out) {
    if (in.t != T_STR) return fail("trim input must be a string");
    const char *p = in.s->b, *q = p + in.s->len;
    while (sides & 1 && p < q && isspace((unsigned char)*p)) p++;
    while (sides & 2 && q > p && isspace((unsigned char)q[-1])) q--;
    *out = str_n(p, q - p);
    return OK;
}
FN(f_trim) { UNUSED; return trim(in, 3, out); }
FN(f_ltrim) { UNUSED; return trim(in, 1, out); }
FN(f_rtrim) { UNUSED; return trim(in, 2, out); }
FN(f_explode) {
    UNUSED; if (in.t != T_STR) return fail("explode input must be a string");
    *out = EMPTY_ARR;
    for (const char *p = in.s->b, *end = p + in.s->len; p < end;) *out = arr_push(*out, num(utf8_next(&p, end)));
    return OK;
}
FN(f_implode) {
    UNUSED; Text t = {0}; if (in.t != T_ARR) return fail("implode input must be an array");
    for (size_t i = 0; i < in.len; i++) {
        if (in.a->v[i].t != T_NUM) return fail("%V can't be imploded, unicode codepoint needs to be numeric", in.a->v[i]);
        text_utf8(&t, in.a->v[i].n);
    }
    *out = text_val(&t);
    return OK;
}
FN(f_find) { /* code point offsets of all occurrences of a string */
    *out = EMPTY_ARR;
    for (const char *p = in.s->b, *q; a->s->len && (q = memmem(p, in.s->b + in.s->len - p, a->s->b, a->s->len)); p = q + 1) *out = arr_push(*out, num(utf8_len(str_n(in.s->b, q - in.s->b))));
    return OK;
}
FN(f_split) { if (in.t != T_STR || a->t != T_STR) return fail("split input and separator must be strings"); *out = split(in, *a); return OK; }
FN(f_format) { return a->t == T_STR ? apply_format(a->s->b, in, out) : fail("%V is not a valid format", *a); }
FN(f_error) { UNUSED; (void)out; error_val = *a; return FAILED; }
FN(f_now) { UNUSED; struct timespec t; clock_gettime(CLOCK_REALTIME, &t); *out = num(t.tv_sec + t.tv_nsec / 1e9); return OK; }
FN(f_env) {
    UNUSED;
    extern char **environ;
    *out = EMPTY_OBJ;
    for (char **e = environ; *e; e++) *out = obj_set(*out, str_n(*e, strcspn(*e, "=")).s, str(*e + strcspn(*e, "=") + 1));
    return OK;
}
FN(f_debug) { UNUSED; fprintf(stderr, "[\"DEBUG:\",%s]\n", json_text(in).s->b); *out = in; return OK; }
FN(f_stderr) { UNUSED; fputs(to_string(in).s->b, stderr); *out = in; return OK; }
FN(f_input_filename) { UNUSED; *out = input_name(); return OK; }
FN(f_input_line_number) { UNUSED; *out = num(input_line()); return OK; }
FN(f_halt_error) {
    (void)out; fflush(stdout); if (a->t != T_NUM) return fail("halt_error/1: number required");
    fprintf(stderr, in.t == T_STR ? "%s" : "%s\n", to_string(in).s->b); halt_program(a->n); return OK;
}
FN(f_halt) { UNUSED; (void)out; halt_program(0); return OK; }
FN(f_isnan) { UNUSED; *out = boolean(in.t == T_NUM && isnan(in.n)); return OK; }
FN(f_isinfinite) { UNUSED; *out = boolean(in.t == T_NUM && isinf(in.n)); return OK; }
FN(f_isnormal) { UNUSED; *out = boolean(in.t == T_NUM && isnormal(in.n)); return OK; }
FN(f_nan) { UNUSED; *out = num(NAN); return OK; }
FN(f_infinite) { UNUSED; *out = num(INFINITY); return OK; }
/* Broken down time: an array in the order of `parts`. */
static Val from_tm(struct tm t, double fraction) {
    double parts[] = {t.tm_year + 1900, t.tm_mon, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec + fraction, t.tm_wday, t.tm_yday};
    Val r = EMPTY_ARR;
    for (int i = 0; i < 8; i++) r = arr_push(r, num(parts[i]));
    return r;
}
static bool to_tm(Val v, struct tm *t) {
    int *parts[] = {&t->tm_year, &t->tm_mon, &t->tm_mday, &t->tm_hour, &t->tm_min, &t->tm_sec, &t->tm_wday, &t->tm_yday};
    memset(t, 0, sizeof *t);
    for (size_t i = 0; i < 8; i++) { if (v.t != T_ARR || i >= v.len || v.a->v[i].t != T_NUM) return v.t == T_ARR && i > 5; *parts[i] = v.a->v[i].n; }
    t->tm_year -= 1900; return true;
}
FN(f_gmtime) {
    UNUSED; if (in.t != T_NUM) return fail("gmtime() requires numeric inputs");
    time_t s = floor(in.n);
    *out = from_tm(*gmtime(&s), in.n - s);
    return OK;
}
FN(f_mktime) {
    UNUSED; struct tm t; if (in.t != T_ARR) return fail("mktime requires array inputs");
    if (!to_tm(in, &t)) return fail("mktime requires parsed datetime inputs");
    *out = num(timegm(&t));
    return OK;
}
FN(f_strftime) {
    struct tm t; char b[1000]; if (in.t == T_NUM && f_gmtime(in, a, &in)) return FAILED;
    if (!to_tm(in, &t) || a->t != T_STR) return fail("strftime/1 requires parsed datetime inputs");
    t.tm_zone = "UTC";
    *out = str_n(b, strftime(b, sizeof b, a->s->b, &t));
    return OK;
}
FN(f_strptime) {
    struct tm t = {0}; if (in.t != T_STR || a->t != T_STR) return fail("strptime/1 requires string inputs and arguments");
    const char *end = strptime(in.s->b, a->s->b, &t);
    if (!end || *end) return fail("date \"%s\" does not match format \"%s\"", in.s->b, a->s->b);
    timegm(&t);
    *out = from_tm(t, 0);
    return OK;
}
static double significand_of(double x) { int e; return x == 0 || isinf(x) ? x : frexp(x, &e) * 2; }
static double gamma_of(double x) { return lgamma(x); }
static double ldexp_of(double x, double e) { return ldexp(x, e); }
static const Native natives[] = {
    {.name = "length", .fn = f_length}, {.name = "utf8bytelength", .fn = f_utf8bytelength}, {.name = "keys", .fn = f_keys}, {.name = "keys_unsorted", .fn = f_keys_unsorted},
    {"_find", 1, f_find, 0, 0}, {"has", 1, f_has, 0, 0}, {"contains", 1, f_contains, 0, 0}, {.name = "type", .fn = f_type}, {.name = "not", .fn = f_not}, {.name = "tojson", .fn = f_tojson}, {.name = "tostring", .fn = f_tostring},
    {.name = "tonumber", .fn = f_tonumber}, {.name = "fromjson", .fn = f_fromjson}, {"setpath", 2, f_setpath, 0, 0}, {"delpaths", 1, f_delpaths, 0, 0}, {.name = "sort", .fn = f_sort}, {"_by", 2, f_by, 0, 0},
    {"startswith", 1, f_startswith, 0, 0}, {"endswith", 1, f_endswith, 0, 0}, {.name = "trim", .fn = f_trim}, {.name = "ltrim", .fn = f_ltrim}, {.name = "rtrim", .fn = f_rtrim}, {.name = "explode", .fn = f_explode},
    {.name = "implode", .fn = f_implode}, {"split", 1, f_split, 0, 0}, {"format", 1, f_format, 0, 0}, {"error", 1, f_error, 0, 0}, {.name = "now", .fn = f_now}, {.name = "env", .fn = f_env}, {.name = "debug", .fn = f_debug},
    {.name = "stderr", .fn = f_stderr}, {.name = "input_filename", .fn = f_input_filename}, {.name = "input_line_number", .fn = f_input_line_number}, {"halt_error", 1, f_halt_error, 0, 0}, {.name = "halt", .fn = f_halt},
    {.name = "isnan", .fn = f_isnan}, {.name = "isinfinite", .fn = f_isinfinite}, {.name = "isnormal", .fn = f_isnormal}, {.name = "nan", .fn = f_nan}, {.name = "infinite", .fn = f_infinite}, {"_match", 3, regex_match, 0, 0},
    {.name = "gmtime", .fn = f_gmtime}, {.name = "mktime", .fn = f_mktime}, {"strftime", 1, f_strftime, 0, 0}, {"strptime", 1, f_strptime, 0, 0},
#define M1(f) {.name = #f, .m1 = f}
    M1(floor), M1(ceil), M1(sqrt), M1(round), M1(trunc), M1(fabs), M1(rint), M1(nearbyint), M1(exp), M1(exp2), M1(exp10), M1(expm1), M1(log), M1(log2), M1(log10), M1(log1p), M1(logb), M1(cbrt), M1(sin), M1(cos), M1(tan),
    M1(asin), M1(acos), M1(atan), M1(sinh), M1(cosh), M1(tanh), M1(asinh), M1(acosh), M1(atanh), M1(tgamma), M1(lgamma), {.name = "gamma", .m1 = gamma_of}, {.name = "significand", .m1 = significand_of},
#define M2(f, g) {.name = #f, .arity = 2, .m2 = g}
    M2(pow, pow), M2(atan2, atan2), M2(fmod, fmod), M2(fmin, fmin), M2(fmax, fmax), M2(hypot, hypot), M2(drem, remainder), M2(remainder, remainder), M2(copysign, copysign), M2(ldexp, ldexp_of), M2(scalb, ldexp_of)};
const Native *find_native(const char *name, int arity) {
    for (size_t i = 0; i < sizeof natives / sizeof *natives; i++) if (natives[i].arity == arity && !strcmp(natives[i].name, name)) return &natives[i];
    return NULL;
}
const char *prelude =
"def map(f): [.[]|f]; def select(f): if f then . else empty end; def recurse(f): def r: ., (f|r); r; def recurse(f; c): def r: ., (f|select(c)|r); r;"
"def values: select(. != null); def nulls: select(. == null); def booleans: select(type == \"boolean\"); def numbers: select(type == \"number\"); def strings: select(type == \"string\");"
"def arrays: select(type == \"array\"); def objects: select(type == \"object\"); def iterables: select(type|. == \"array\" or . == \"object\"); def scalars: select(type|. != \"array\" and . != \"object\");"
"def isfinite: (isnan or isinfinite)|not; def finites: select(isfinite); def normals: select(isnormal); def abs: if type == \"number\" and . >= 0 then . else -. end; def toarray: if type == \"array\" then . else [.] end;"
"def toboolean: if type == \"boolean\" then . elif . == \"true\" then true elif . == \"false\" then false else error(\"\\(type) (\\(tojson)) cannot be parsed as a boolean\") end;"
"def range($n): range(0; $n); def while(c; u): def w: if c then ., (u|w) else empty end; w; def until(c; u): def w: if c then . else (u|w) end; w; def repeat(f): def r: f | (., r); r;"
"def range($a; $b; $s): if $s > 0 then $a|while(. < $b; . + $s) elif $s < 0 then $a|while(. > $b; . + $s) else empty end;"
"def first(f): label $out | f | ., break $out; def isempty(f): first((f|false), true); def last(f): reduce f as $x (null; $x); def first: .[0]; def last: .[-1]; def nth($n): .[$n];"
"def limit($n; f): if $n - 1 >= 0 then label $out | foreach f as $x (0; . + 1; $x, if . >= $n then break $out else empty end) elif $n == 0 then empty else error(\"limit doesn't support negative count\") end;"
"def skip($n; f): if $n > 0 then foreach f as $x ($n; . - 1; if . < 0 then $x else empty end) elif $n == 0 then f else error(\"skip doesn't support negative count\") end;"
"def nth($n; f): if $n < 0 then error(\"nth doesn't support negative indices\") else first(skip($n; f)) end;"
"def paths: path(..)|select(length > 0); def paths(f): . as $d | paths | select(. as $p | $d|getpath($p)|f); def del(f): delpaths([path(f)]); def add: reduce .[] as $x (null; . + $x); def add(f): reduce f as $x (null; . + $x);"
"def pick(f): . as $d | reduce path(f) as $p (null; setpath($p; $d|getpath($p))); def map_values(f): .[] |= f; def to_entries: . as $o | [keys_unsorted[] | {key: ., value: $o[.]}];"
"def from_entries: reduce .[] as $x ({}; . + {($x | if .key == null then .k // .name // .Name // .K // .Key else .key end | if type == \"boolean\" or type == \"number\" then tojson else . end): ($x | if has(\"value\") then .value elif has(\"v\") then .v else .Value end)});"
"def with_entries(f): to_entries|map(f)|from_entries; def walk(f): def w: if type == \"object\" then map_values(w) elif type == \"array\" then map(w) else . end | f; w;"
"def any(g; c): isempty(first(g|c or empty))|not; def all(g; c): isempty(first(g|c and empty)); def any(f): any(.[]; f); def all(f): all(.[]; f); def any: any(.); def all: all(.);"
"def flatten($n): if $n < 0 then error(\"flatten depth must not be negative\") else reduce .[] as $x ([]; if ($x|type) == \"array\" and $n > 0 then . + ($x|flatten($n - 1)) else . + [$x] end) end; def flatten: flatten(1e9);"
"def sort_by(f): _by(map([f]); \"s\"); def group_by(f): _by(map([f]); \"g\"); def unique_by(f): _by(map([f]); \"u\"); def min_by(f): _by(map([f]); \"m\"); def max_by(f): _by(map([f]); \"M\");"
"def unique: unique_by(.); def min: _by(.; \"m\"); def max: _by(.; \"M\"); def reverse: [.[length - 1 - range(0; length)]]; def in(x): . as $k | x | has($k); def inside(x): . as $v | x | contains($v);"
"def indices($i): if type == \"array\" and ($i|type) == \"array\" then .[$i] elif type == \"array\" then . as $a | [range(length)|select($a[.] == $i)] elif type == \"string\" and ($i|type) == \"string\" then _find($i) else .[$i] end;"
"def index($i): indices($i)|.[0]; def rindex($i): indices($i)|.[-1]; def combinations: if length == 0 then [] else .[0][] as $x | (.[1:]|combinations) as $w | [$x] + $w end; def combinations(n): . as $d | [range(n)]|map($d)|combinations;"
"def ltrimstr($x): if startswith($x) then .[($x|length):] else . end; def rtrimstr($x): if endswith($x) and $x != \"\" then .[:-($x|length)] else . end; def trimstr($x): ltrimstr($x)|rtrimstr($x);"
"def join($s): (reduce .[] as $x (null; (if . == null then \"\" else . + $s end) + ($x | if . == null then \"\" elif type == \"boolean\" or type == \"number\" then tojson else . end))) | if . == null then \"\" else . end;"
"def ascii_downcase: explode|map(if 65 <= . and . <= 90 then . + 32 else . end)|implode; def ascii_upcase: explode|map(if 97 <= . and . <= 122 then . - 32 else . end)|implode;"
"def transpose: [range(0; map(length)|max // 0) as $i | [.[][$i]]]; def bsearch($x): if type != \"array\" then error(\"\\(type) (\\(tojson)) cannot be searched from\") else (map(select(. < $x))|length) as $i | if .[$i] == $x and $i < length then $i else -1 - $i end end;"
"def match($re; $flags): _match($re; $flags; false)[]; def match($v): if ($v|type) == \"string\" then match($v; null) elif ($v|type) == \"array\" then match($v[0]; $v[1]) else error(\"\\($v|type) not a string or array\") end;"
"def test($re; $flags): _match($re; $flags; true); def test($v): if ($v|type) == \"string\" then test($v; null) elif ($v|type) == \"array\" then test($v[0]; $v[1]) else error(\"\\($v|type) not a string or array\") end;"
"def _names: reduce (.captures[]|select(.name != null)) as $c ({}; . + {($c.name): $c.string}); def capture($v): match($v)|_names; def capture($re; $flags): match($re; $flags)|_names;"
"def scan($re; $flags): match($re; \"g\" + $flags) | if (.captures|length) > 0 then [.captures[].string] else .string end; def scan($re): scan($re; null);"
"def split($re; $flags): . as $s | [foreach (match($re; $flags + \"g\"), null) as $m ({p: 0}; if $m == null then .s = $s[.p:] else .s = $s[.p:$m.offset] | .p = $m.offset + $m.length end; .s)]; def splits($re; $flags): split($re; $flags)[]; def splits($re): splits($re; null);"
"def sub($re; f; $flags): . as $s | [match($re; $flags) | {o: .offset, l: .length, r: [_names|f]}] as $ms | if $ms == [] then . else range($ms[0].r|length) as $i | reduce $ms[] as $m ({p: 0, s: \"\"}; .s = .s + $s[.p:$m.o] + $m.r[$i] | .p = $m.o + $m.l) | .s + $s[.p:] end;"
"def sub($re; f): sub($re; f; \"\"); def gsub($re; f; $flags): sub($re; f; $flags + \"g\"); def gsub($re; f): sub($re; f; \"g\"); def todate: strftime(\"%Y-%m-%dT%H:%M:%SZ\"); def fromdateiso8601: strptime(\"%Y-%m-%dT%H:%M:%SZ\")|mktime; def fromdate: fromdateiso8601; def todateiso8601: todate;"
"def tostream: path(def r: (.[]?|r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]); def truncate_stream(s): . as $n | null | s | if (.[0]|length) > $n then setpath([0]; .[0][$n:]) else empty end;"
"def fromstream(f): foreach f as $e ({x: null, e: false}; (if .e then {x: null, e: false} else . end) | if ($e|length) == 2 then .e = ($e[0]|length == 0) | setpath([\"x\"] + $e[0]; $e[1]) else .e = ($e[0]|length == 1) end; if .e then .x else empty end);"
"def debug(f): (f|debug|empty), .; def halt_error: halt_error(5); def have_literal_numbers: true; def have_decnum: true; def IN(s): any(s == .; .); def IN(a; b): any(a as $x | b == $x; .);"
"def INDEX(s; f): reduce s as $r ({}; .[$r|f|tostring] |= $r); def INDEX(f): INDEX(.[]; f); def JOIN($i; f): [.[] | [., $i[f]]]; def JOIN($i; s; f): s | [., $i[f]]; def JOIN($i; s; f; g): s | [., $i[f]] | g;";
