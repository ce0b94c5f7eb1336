/* The string library, with the pattern matcher. */
#include "core.h"
#define FN(name) static int name(Value *a, int n)
enum { CAPTURE_LIMIT = 32, OPEN_CAPTURE = -1, POINT_CAPTURE = -2 };
typedef struct { const char *s, *end, *pend; int ncap, depth; struct { const char *at; ptrdiff_t len; } cap[CAPTURE_LIMIT]; } Match;

/* ---- patterns ---- */
static const char *item_end(Match *m, const char *p) {
    if (*p++ == '%') { if (p >= m->pend) throw_fmt("malformed pattern (ends with '%%')"); return p + 1; }
    if (p[-1] == '[') {
        if (p < m->pend && *p == '^') p++;
        do { if (p >= m->pend) throw_fmt("malformed pattern (missing ']')"); if (*p++ == '%' && p < m->pend) p++; } while (p >= m->pend || *p != ']');
        p++;
    }
    return p;
}
static bool in_class(int c, int cl) {
    bool r;
    switch (tolower(cl)) {
    case 'a': r = isalpha(c); break;
    case 'c': r = iscntrl(c); break;
    case 'd': r = isdigit(c); break;
    case 'g': r = isgraph(c); break;
    case 'l': r = islower(c); break;
    case 'p': r = ispunct(c); break;
    case 's': r = isspace(c); break;
    case 'u': r = isupper(c); break;
    case 'w': r = isalnum(c); break;
    case 'x': r = isxdigit(c); break;
    default: return cl == c;
    }
    return isupper(cl) ? !r : r;
}
/* Matches a character against the set [p, e), where *p is '[' and e[-1] is ']'. */
static bool in_set(int c, const char *p, const char *e) {
    bool neg = *++p == '^'; if (neg) p++;
    for (e--; p < e; p++) {
        if (*p == '%' && p + 1 < e) { if (in_class(c, (uint8_t)*++p)) return !neg; }
        else if (p + 2 < e && p[1] == '-') { if ((uint8_t)*p <= c && c <= (uint8_t)p[2]) return !neg; p += 2; }
        else if ((uint8_t)*p == c) return !neg;
    }
    return neg;
}
static bool one(Match *m, const char *s, const char *p, const char *e) {
    if (s >= m->end) return false;
    int c = (uint8_t)*s; return *p == '.' || (*p == '%' ? in_class(c, (uint8_t)p[1]) : *p == '[' ? in_set(c, p, e) : (uint8_t)*p == c);
}
static const char *match(Match *m, const char *s, const char *p) {
    const char *r = NULL; if (++m->depth > 3000) throw_fmt("pattern nests too deeply");
    for (;; ) {
        if (p == m->pend) { r = s; break; }
        if (*p == '(' || *p == ')') {
            int i = m->ncap;
            if (*p == '(') {
                bool pos = p + 1 < m->pend && p[1] == ')'; if (i == CAPTURE_LIMIT) throw_fmt("more captures than a pattern may have");
                m->cap[i].at = s; m->cap[i].len = pos ? POINT_CAPTURE : OPEN_CAPTURE; m->ncap++; if (!(r = match(m, s, p + 1 + pos))) m->ncap--;
            } else {
                while (i-- > 0 && m->cap[i].len != OPEN_CAPTURE) {}
                if (i < 0) throw_fmt("')' without an open capture in pattern");
                m->cap[i].len = s - m->cap[i].at; if (!(r = match(m, s, p + 1))) m->cap[i].len = OPEN_CAPTURE;
            } break;
        }
        if (*p == '$' && p + 1 == m->pend) { r = s == m->end ? s : NULL; break; }
        if (*p == '%' && p + 1 < m->pend && p[1] == 'b') {
            if (p + 3 >= m->pend) throw_fmt("pattern item '%%b' needs two characters");
            if (s >= m->end || *s != p[2]) break;
            int level = 1; const char *q = s + 1; for (; q < m->end; q++) if (*q == p[3]) { if (!--level) break; } else if (*q == p[2]) level++;
            if (q >= m->end) break;
            s = q + 1; p += 4; continue;
        }
        if (*p == '%' && p + 1 < m->pend && p[1] == 'f') {
            p += 2; if (p >= m->pend || *p != '[') throw_fmt("pattern item '%%f' needs a set");
            const char *e = item_end(m, p); int before = s == m->s ? 0 : (uint8_t)s[-1], now = s < m->end ? (uint8_t)*s : 0;
            if (in_set(before, p, e) || !in_set(now, p, e)) break;
            p = e; continue;
        }
        if (*p == '%' && p + 1 < m->pend && isdigit((uint8_t)p[1])) {
            int i = p[1] - '1'; if (i < 0 || i >= m->ncap || m->cap[i].len == OPEN_CAPTURE) throw_fmt("invalid capture index %%%d", i + 1);
            ptrdiff_t len = m->cap[i].len; if (m->end - s < len || memcmp(s, m->cap[i].at, len)) break;
            s += len; p += 2; continue;
        }
        const char *e = item_end(m, p); char q = e < m->pend ? *e : 0;
        if (q == '*' || q == '+' || q == '-') {
            ptrdiff_t i = 0, least = q == '+'; if (q == '-') { while (!(r = match(m, s, e + 1)) && one(m, s, p, e)) s++; break; }
            while (one(m, s + i, p, e)) i++;
            for (; i >= least && !r; i--) r = match(m, s + i, e + 1); break;
        }
        if (q == '?') { if (one(m, s, p, e) && (r = match(m, s + 1, e + 1))) break; p = e + 1; continue; }
        if (!one(m, s, p, e)) break;
        s++; p = e;
    }
    m->depth--; return r;
}
/* Capture i of a match; with no captures, capture 0 is the whole match. */
static Value captured(Match *m, int i, const char *s, const char *e) {
    if (i >= m->ncap) { if (i) throw_fmt("invalid capture index %%%d", i + 1); return STR(str_new(s, e - s)); }
    if (m->cap[i].len == OPEN_CAPTURE) throw_fmt("capture still open at the end of the pattern");
    return m->cap[i].len == POINT_CAPTURE ? INT(m->cap[i].at - m->s + 1) : STR(str_new(m->cap[i].at, m->cap[i].len));
}
static int all_captures(Match *m, Value *out, const char *s, const char *e) {
    int k = m->ncap ? m->ncap : 1; for (int i = 0; i < k; i++) out[i] = captured(m, i, s, e);
    return k;
}
static int64_t from_end(int64_t i, size_t len) { return i >= 0 ? i : -(uint64_t)i > len ? 0 : (int64_t)len + i + 1; }
static int search(Value *a, int n, bool find) {
    Str *s = arg_str(a, n, 0), *p = arg_str(a, n, 1); int64_t init = from_end(opt_int(a, n, 2, 1), s->len); if (init < 1) init = 1;
    a[0] = NIL; if (init > (int64_t)s->len + 1) return 1;
    if (find && ((n > 3 && TRUTHY(a[3])) || strcspn(p->s, "^$*+?.([%-") == p->len)) {
        char *at = memmem(s->s + init - 1, s->len - init + 1, p->s, p->len); if (!at) return 1;
        a[0] = INT(at - s->s + 1); a[1] = INT(at - s->s + p->len); return 2;
    }
    bool anchor = *p->s == '^'; Match m = { s->s, s->s + s->len, p->s + p->len };
    for (const char *q = s->s + init - 1; q <= m.end; q++) {
        m.ncap = m.depth = 0; const char *e = match(&m, q, p->s + anchor); if (e && !find) return all_captures(&m, a, q, e);
        if (e) { a[0] = INT(q - s->s + 1); a[1] = INT(e - s->s); return m.ncap ? 2 + all_captures(&m, a + 2, q, e) : 2; }
        if (anchor) break;
    }
    return 1;
}
FN(s_find) { return search(a, n, true); }
FN(s_match) { return search(a, n, false); }
FN(gmatch_step) {
    Value *d = cur->frame->nat->data;                           /* subject, pattern, next position (with the last end in the upper half) */
    Str *s = d[0].s, *p = d[1].s; Match m = { s->s, s->s + s->len, p->s + p->len };
    for (int64_t i = d[2].i & 0xffffffff, last = d[2].i >> 32; i <= (int64_t)s->len; i++) {
        m.ncap = m.depth = 0; const char *e = match(&m, s->s + i, p->s); if (!e || e - s->s + 1 == last) continue;
        d[2].i = (e - s->s) | (int64_t)(e - s->s + 1) << 32; return all_captures(&m, a, s->s + i, e);
    }
    a[0] = NIL; return 1;
}
FN(s_gmatch) {
    Native *g = native_new("", NULL, gmatch_step); g->data[0] = STR(arg_str(a, n, 0)); g->data[1] = STR(arg_str(a, n, 1));
    int64_t init = from_end(opt_int(a, n, 2, 1), a[0].s->len); g->data[2] = INT(init < 1 ? 0 : init - 1); a[0] = NATIVE(g); return 1;
}
FN(s_gsub) {
    Str *s = arg_str(a, n, 0), *p = arg_str(a, n, 1); Value r = n > 2 ? a[2] : NIL; if (r.k == K_INT || r.k == K_NUM) r = STR(number_str(r));
    if (r.k != K_STR && r.k != K_TABLE && r.k != K_FUNC && r.k != K_NATIVE) arg_type(a, n, 2, "string/function/table");
    int64_t max = opt_int(a, n, 3, INT64_MAX), count = 0; bool anchor = *p->s == '^'; Match m = { s->s, s->s + s->len, p->s + p->len };
    const char *q = s->s, *last = NULL; Buf b = { 0 };
    while (count < max) {
        m.ncap = m.depth = 0; const char *e = match(&m, q, p->s + anchor);
        if (e && e != last) {
            Value v = NIL, *base = cur->top; count++; last = e;
            if (r.k == K_STR) {
                Buf t = { 0 };
                for (const char *c = r.s->s; c < r.s->s + r.s->len; c++) {
                    if (*c != '%') { buf_put(&t, c, 1); continue; }
                    if (*++c == '%') { buf_put(&t, c, 1); continue; }
                    if (!isdigit((uint8_t)*c)) throw_fmt("'%%' in a replacement must precede a digit or '%%'");
                    if (*c != '0' && *c - '1' >= (m.ncap ? m.ncap : 1)) throw_fmt("invalid capture index %%%c", *c);
                    Str *x = to_str(*c == '0' ? STR(str_new(q, e - q)) : captured(&m, *c - '1', q, e)); buf_put(&t, x->s, x->len);
                }
                v = STR(buf_take(&t));
            } else if (r.k == K_TABLE) v = index_value(r, captured(&m, 0, q, e), NULL);
            else {
                need(CAPTURE_LIMIT + 8); int k = all_captures(&m, base, q, e); cur->top = base + k; v = invoke(r, base, k, NULL) ? base[0] : NIL;
                cur->top = base;
            }
            if (!TRUTHY(v)) v = STR(str_new(q, e - q));
            else if (v.k != K_STR && v.k != K_INT && v.k != K_NUM) throw_fmt("invalid replacement value (a %s)", type_label(v));
            v = STR(to_str(v)); buf_put(&b, v.s->s, v.s->len); if (e > q) q = e; else if (q < m.end) buf_put(&b, q++, 1); else { q++; break; }
        } else if (q < m.end) buf_put(&b, q++, 1);
        else break;
        if (anchor || q > m.end) break;
    }
    if (q < m.end) buf_put(&b, q, m.end - q);
    a[0] = STR(buf_take(&b)); a[1] = INT(count); return 2;
}
/* ---- formatting ---- */
static void quote(Buf *b, Value v) {
    Str *s = NULL;
    if (v.k == K_STR) {
        buf_put(b, "\"", 1);
        for (size_t i = 0; i < v.s->len; i++) {
            uint8_t c = v.s->s[i];
            if (c == '"' || c == '\\' || c == '\n') { buf_put(b, "\\", 1); buf_put(b, (char *)&c, 1); }
            else if (iscntrl(c)) { s = str_fmt(isdigit((uint8_t)v.s->s[i + 1]) ? "\\%03d" : "\\%d", c); buf_put(b, s->s, s->len); }
            else buf_put(b, (char *)&c, 1);
        }
        buf_put(b, "\"", 1); return;
    }
    if (v.k == K_NIL || v.k == K_BOOL) s = to_str(v);
    else if (v.k == K_INT) s = v.i == INT64_MIN ? str_text("0x8000000000000000") : to_str(v);
    else if (v.k == K_NUM) s = isnan(v.n) ? str_text("(0/0)") : isinf(v.n) ? str_text(v.n > 0 ? "(1/0)" : "(-1/0)") : floor(v.n) == v.n && fabs(v.n) < 1e15 ? str_fmt("%lld.0", (long long)v.n) : str_fmt("%a", v.n);
    else return;
    if (v.k == K_NUM && isfinite(v.n)) s = str_fmt("%a", v.n);
    buf_put(b, s->s, s->len);
}
FN(s_format) {
    Str *f = arg_str(a, n, 0); Buf b = { 0 }; int arg = 0;
    for (const char *p = f->s, *end = f->s + f->len; p < end; p++) {
        if (*p != '%') { buf_put(&b, p, 1); continue; }
        if (*++p == '%') { buf_put(&b, p, 1); continue; }
        char spec[32] = "%", *out = NULL; const char *from = p; p += strspn(p, "-+ #0"); for (int i = 0; i < 2 && isdigit((uint8_t)*p); i++) p++;
        if (*p == '.') { p++; for (int i = 0; i < 2 && isdigit((uint8_t)*p); i++) p++; }
        int len = p - from, r = 0;
        if (len > 12 || !*p || !strchr("aAcdeEfFgGiopqsuxX", *p)) throw_fmt("invalid conversion '%%%.*s' to 'format'", len + 1 > 20 ? 20 : len + 1, from);
        memcpy(spec + 1, from, len); if (++arg >= n) arg_error(arg, "no value");
        switch (*p) {
        case 'q': if (len) throw_fmt("specifier '%%q' cannot have modifiers");
            if (a[arg].k > K_STR) arg_error(arg, "value has no literal form");
            quote(&b, a[arg]); continue;
        case 's': {
            Str *s = to_str(a[arg]); if (!len) { buf_put(&b, s->s, s->len); continue; }
            strcat(spec, "s"); r = asprintf(&out, spec, s->s); break;
        }
        case 'c': strcat(spec, "c"); r = asprintf(&out, spec, (int)arg_int(a, n, arg)); break;
        case 'p': strcat(spec, "p"); r = asprintf(&out, spec, a[arg].k >= K_STR ? a[arg].o : NULL); break;
        case 'd': case 'i': case 'o': case 'u': case 'x': case 'X': sprintf(spec + len + 1, "ll%c", *p);
            r = asprintf(&out, spec, (long long)arg_int(a, n, arg)); break;
        default: sprintf(spec + len + 1, "%c", *p); r = asprintf(&out, spec, arg_num(a, n, arg));
        }
        buf_put(&b, out, r); free(out);
    }
    a[0] = STR(buf_take(&b)); return 1;
}
/* ---- simple functions ---- */
static void range(Value *a, int n, size_t len, int64_t i0, int64_t j0, int64_t *i, int64_t *j) {
    *i = from_end(opt_int(a, n, 1, i0), len);
    *j = from_end(opt_int(a, n, 2, j0), len);
    if (*i < 1) *i = 1;
    if (*j > (int64_t)len) *j = len;
}
FN(s_len) { a[0] = INT(arg_str(a, n, 0)->len); return 1; }
FN(s_sub) {
    Str *s = arg_str(a, n, 0); int64_t i, j; arg_int(a, n, 1); range(a, n, s->len, 1, -1, &i, &j);
    a[0] = STR(i > j ? str_text("") : str_new(s->s + i - 1, j - i + 1)); return 1;
}
FN(s_byte) {
    Str *s = arg_str(a, n, 0); int64_t i = opt_int(a, n, 1, 1), j; range(a, n, s->len, 1, i, &i, &j); if (i > j) return 0;
    need(j - i + 8); for (int64_t k = i; k <= j; k++) a[k - i] = INT((uint8_t)s->s[k - 1]);
    return j - i + 1;
}
FN(s_char) {
    Buf b = { 0 };
    for (int i = 0; i < n; i++) {
        int64_t v = arg_int(a, n, i); char c = v; if (v < 0 || v > 255) arg_error(i, "value out of range");
        buf_put(&b, &c, 1);
    }
    a[0] = STR(buf_take(&b)); return 1;
}
static int mapped(Value *a, int n, int (*f)(int)) {
    Str *s = arg_str(a, n, 0); Buf b = { 0 }; buf_put(&b, s->s, s->len);
    for (size_t i = 0; i < s->len; i++) b.p[i] = f ? f((uint8_t)s->s[i]) : s->s[s->len - 1 - i];
    a[0] = STR(buf_take(&b)); return 1;
}
FN(s_upper) { return mapped(a, n, toupper); }
FN(s_lower) { return mapped(a, n, tolower); }
FN(s_reverse) { return mapped(a, n, NULL); }
FN(s_rep) {
    Str *s = arg_str(a, n, 0), *sep = n > 2 ? arg_str(a, n, 2) : str_text(""); int64_t k = arg_int(a, n, 1); Buf b = { 0 };
    if (k > 0 && (s->len + sep->len) > 4000000000ull / k) throw_value(TEXT("not enough memory"));
    for (int64_t i = 0; i < k; i++) { buf_put(&b, s->s, s->len); if (i < k - 1) buf_put(&b, sep->s, sep->len); }
    a[0] = STR(buf_take(&b)); return 1;
}
void open_strings(void) {
    static const struct { const char *name; int (*run)(Value *, int); } list[] = { { "find", s_find }, { "match", s_match }, { "gmatch", s_gmatch },
        { "gsub", s_gsub }, { "format", s_format }, { "len", s_len }, { "sub", s_sub }, { "byte", s_byte }, { "char", s_char },
        { "upper", s_upper }, { "lower", s_lower }, { "reverse", s_reverse }, { "rep", s_rep } };
    Table *t = table_new(); for (size_t i = 0; i < sizeof list / sizeof *list; i++) native_add(t, "string", list[i].name, list[i].run);
    string_meta = table_new(); table_set(string_meta, STR(event_name[M_INDEX]), TABLE(t));
    table_set(globals, TEXT("string"), TABLE(t)); table_set(loaded, TEXT("string"), TABLE(t));
}
