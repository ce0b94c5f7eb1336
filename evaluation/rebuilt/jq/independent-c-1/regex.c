/* regex.c - the regular expression builtin, on top of the C library's extended expressions. */
#include "program.h"
#include <ctype.h>
#include <regex.h>

enum { MAX_GROUPS = 40 };
typedef struct { regex_t re; int n; bool capture[MAX_GROUPS]; const char *name[MAX_GROUPS]; } Program;

/* Rewrites Perl syntax to extended syntax: \d, (?:...), (?<name>...), (?i) and flags are translated; lazy
   quantifiers become greedy. */
static Status compile(const char *p, bool icase, bool extended, Program *g) {
    Text t = {0}; bool in_set = false;
    for (; *p; p++) {
        if (*p == '\\' && p[1]) {
            p++;
            const char *esc = strchr("n\nt\tr\rf\f", *p), *class = *p == 'd' ? "0-9" : *p == 'w' ? "[:alnum:]_" : *p == 's' ? "[:space:]" : *p == 'D' ? "^0-9" : *p == 'h' ? "[:xdigit:]" : NULL;
            if (class) { if (!in_set) text_chr(&t, '['); text_str(&t, class); if (!in_set) text_chr(&t, ']'); }
            else if (esc && isalpha((unsigned char)*p)) text_chr(&t, esc[1]);
            else { if (!in_set) text_chr(&t, '\\'); text_chr(&t, *p == 'A' ? '`' : *p == 'z' || *p == 'Z' ? '\'' : *p); }
        } else if (in_set || *p == '[') {
            if (*p == '[' && in_set && p[1] == ':') while (p[1] && *p != ']') text_chr(&t, *p++);
            else if (!in_set && p[1] == '^') text_chr(&t, *p++);
            in_set = *p != ']' || (in_set && p[-1] == ':'); text_chr(&t, *p);
        } else if (*p == '(') {
            if (p[1] == '?' && p[2] == 'i' && p[3] == ')') { icase = true; p += 3; continue; }
            if (++g->n >= MAX_GROUPS || (p[1] == '?' && !(p[2] == ':' || (p[2] == '<' && isalpha((unsigned char)p[3]))))) return fail("Regex failure: undefined group option");
            g->capture[g->n] = p[1] != '?' || p[2] == '<'; g->name[g->n] = NULL; text_chr(&t, '('); if (p[1] == '?' && p[2] == ':') p += 2;
            else if (p[1] == '?') { const char *from = p + 3; p = from + strcspn(from, ">"); g->name[g->n] = str_n(from, p - from).s->b; if (!*p) break; }
        } else if (*p == '?' && t.len && strchr("*+?}", t.p[t.len - 1]) && !(t.len > 1 && t.p[t.len - 2] == '\\')) continue;
        else if (!extended || !isspace((unsigned char)*p)) text_chr(&t, *p);
    }
    int r = regcomp(&g->re, t.p ? t.p : "", REG_EXTENDED | (icase ? REG_ICASE : 0)); char msg[100];
    if (r) regerror(r, &g->re, msg, sizeof msg);
    return r ? fail("Regex failure: %s", r == REG_EPAREN ? "end pattern with unmatched parenthesis" : msg) : OK;
}
static Val span(Val in, regmatch_t m) {
    if (m.rm_so < 0) return obj_put(obj_put(obj_put(EMPTY_OBJ, "offset", num(-1)), "string", NULL_VAL), "length", num(0));
    Val s = str_n(in.s->b + m.rm_so, m.rm_eo - m.rm_so), o = obj_put(EMPTY_OBJ, "offset", num(utf8_len(str_n(in.s->b, m.rm_so))));
    return obj_put(obj_put(o, "length", num(utf8_len(s))), "string", s);
}
/* _match(regex; flags; test): the array of matches, or whether there is one. */
Status regex_match(Val in, Val *a, Val *out) {
    if (in.t != T_STR || a[0].t != T_STR) return fail("%V cannot be matched, as it is not a string", in.t != T_STR ? in : a[0]);
    if (a[1].t != T_STR && a[1].t != T_NULL) return fail("%V is not a string", a[1]);
    const char *flags = a[1].t == T_STR ? a[1].s->b : "";
    if (strspn(flags, "gimnpslx") < strlen(flags)) return fail("%s is not a valid modifier string", flags);
    Program g = {0}; if (compile(a[0].s->b, strchr(flags, 'i'), strchr(flags, 'x'), &g)) return FAILED;
    regmatch_t m[MAX_GROUPS];
    *out = EMPTY_ARR;
    for (size_t at = 0; at <= in.s->len; at = m[0].rm_eo) {
        if (regexec(&g.re, in.s->b + at, MAX_GROUPS, m, at ? REG_NOTBOL : 0)) break;
        for (int i = 0; i <= g.n; i++) if (m[i].rm_so >= 0) { m[i].rm_so += at; m[i].rm_eo += at; }
        Val captures = EMPTY_ARR;
        for (int i = 1; i <= g.n; i++)
            if (g.capture[i]) captures = arr_push(captures, obj_put(span(in, m[i]), "name", g.name[i] ? str(g.name[i]) : NULL_VAL));
        bool empty = m[0].rm_so == m[0].rm_eo;
        if (!empty || !strchr(flags, 'n')) *out = arr_push(*out, obj_put(span(in, m[0]), "captures", captures));
        if (empty) do m[0].rm_eo++; while ((in.s->b[m[0].rm_eo] & 0xC0) == 0x80);
        if (a[2].t == T_TRUE || !strchr(flags, 'g')) break;
    }
    regfree(&g.re); if (a[2].t == T_TRUE) *out = boolean(out->len);
    return OK;
}
