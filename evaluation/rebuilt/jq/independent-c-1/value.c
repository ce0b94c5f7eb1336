/* value.c - regions, strings, arrays, objects, ordering and path access. */
#include "value.h"
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

Val error_val;
void *broken_label;

/* ---- regions ---- */
typedef struct Chunk { struct Chunk *prev; size_t cap; _Alignas(16) char b[]; } Chunk;
static Chunk *chunk;
static size_t chunk_off;

void *alloc(size_t n) {
    n = (n + 15) & ~(size_t)15;
    if (!chunk || chunk_off + n > chunk->cap) {
        size_t cap = n > (1 << 20) ? n : 1 << 20; Chunk *c = malloc(sizeof *c + cap);
        if (!c) { fprintf(stderr, "jq: error: cannot allocate memory\n"); exit(2); }
        c->prev = chunk; c->cap = cap; chunk = c; chunk_off = 0;
    }
    void *p = chunk->b + chunk_off; chunk_off += n; return p;
}
Mark region_mark(void) { return (Mark){chunk, chunk_off}; }
void region_reset(Mark m) {
    while (chunk != m.chunk) { Chunk *c = chunk; chunk = c->prev; free(c); }
    chunk_off = m.off;
}

/* ---- text ---- */
void text_add(Text *t, const char *s, size_t n) {
    if (t->len + n + 1 > t->cap) t->p = realloc(t->p, t->cap = (t->len + n + 1) * 2);
    if (n) memcpy(t->p + t->len, s, n);
    t->p[t->len += n] = 0;
}
void text_str(Text *t, const char *s) { text_add(t, s, strlen(s)); }
void text_chr(Text *t, char c) { text_add(t, &c, 1); }
void text_utf8(Text *t, unsigned c) {
    if (c < 0x80) text_chr(t, c);
    else if (c < 0x800) text_add(t, (char[]){0xC0 | c >> 6, 0x80 | (c & 63)}, 2);
    else if (c < 0x10000) text_add(t, (char[]){0xE0 | c >> 12, 0x80 | (c >> 6 & 63), 0x80 | (c & 63)}, 3);
    else text_add(t, (char[]){0xF0 | c >> 18, 0x80 | (c >> 12 & 63), 0x80 | (c >> 6 & 63), 0x80 | (c & 63)}, 4);
}
Val text_val(Text *t) {
    Val v = str_n(t->p ? t->p : "", t->len); free(t->p);
    *t = (Text){0};
    return v;
}
/* Decodes one code point; malformed bytes give U+FFFD. */
unsigned utf8_next(const char **p, const char *end) {
    const unsigned char *s = (const unsigned char *)*p;
    unsigned c = *s++, n = c < 0x80 ? 0 : c < 0xC2 ? 9 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : c < 0xF5 ? 3 : 9, cp = n == 9 ? 0xFFFD : n ? c & (0x3F >> n) : c;
    if (n < 9) for (unsigned i = 0; i < n; i++) {
        if ((const char *)s >= end || (*s & 0xC0) != 0x80) { cp = 0xFFFD; break; }
        cp = cp << 6 | (*s++ & 63);
    }
    if ((n == 2 && cp < 0x800) || (n == 3 && (cp < 0x10000 || cp > 0x10FFFF)) || (cp >= 0xD800 && cp < 0xE000)) cp = 0xFFFD;
    *p = (const char *)s;
    return cp;
}
size_t utf8_len(Val s) {
    size_t n = 0;
    for (size_t i = 0; i < s.s->len; i++) n += (s.s->b[i] & 0xC0) != 0x80;
    return n;
}

/* ---- strings, arrays, objects ---- */
Val str_n(const char *s, size_t n) {
    Str *r = alloc(sizeof *r + n + 1); r->len = n; r->hash = 0; memcpy(r->b, s, n); r->b[n] = 0; return (Val){.t = T_STR, .s = r};
}
Val str(const char *s) { return str_n(s, strlen(s)); }
bool str_eq(Val v, const char *s) { return v.t == T_STR && !strcmp(v.s->b, s); }

Val arr_push(Val a, Val x) {
    if (!a.a || a.a->used != a.len || a.a->used == a.a->cap) {
        size_t cap = a.len < 4 ? 4 : a.len * 2; ArrBuf *b = alloc(sizeof *b + cap * sizeof(Val));
        if (a.len) memcpy(b->v, a.a->v, a.len * sizeof(Val));
        b->cap = cap; a.a = b;
    }
    a.a->v[a.len++] = x; a.a->used = a.len; return a;
}
Val arr_slice(Val a, size_t from, size_t to) {
    if (from == 0) return to ? (Val){.t = T_ARR, .len = to, .a = a.a} : EMPTY_ARR;
    Val r = EMPTY_ARR;
    for (size_t i = from; i < to; i++) r = arr_push(r, a.a->v[i]);
    return r;
}
static unsigned hash_of(Str *s) {
    if (!s->hash) {
        unsigned h = 2166136261u;
        for (size_t i = 0; i < s->len; i++) h = (h ^ (unsigned char)s->b[i]) * 16777619u;
        s->hash = h ? h : 1;
    }
    return s->hash;
}
static int str_cmp(Str *a, Str *b) {
    int r = memcmp(a->b, b->b, a->len < b->len ? a->len : b->len); return r ? r : a->len < b->len ? -1 : a->len > b->len;
}
Val *obj_find(Val o, Str *k) {
    unsigned h = o.len ? hash_of(k) : 0;
    for (size_t i = 0; i < o.len; i++) { Str *q = o.o->e[i].k; if (q == k || (hash_of(q) == h && !str_cmp(q, k))) return &o.o->e[i].v; }
    return NULL;
}
static Val obj_copy(Val o, size_t cap) {
    ObjBuf *b = alloc(sizeof *b + cap * sizeof(Entry)); if (o.len) memcpy(b->e, o.o->e, o.len * sizeof(Entry));
    b->cap = cap; b->used = o.len; o.o = b; return o;
}
Val obj_set(Val o, Str *k, Val v) {
    Val *old = obj_find(o, k);
    if (old) { size_t i = (Entry *)((char *)old - offsetof(Entry, v)) - o.o->e; o = obj_copy(o, o.o->cap); o.o->e[i].v = v; return o; }
    if (!o.o || o.o->used != o.len || o.o->used == o.o->cap) o = obj_copy(o, o.len < 4 ? 4 : o.len * 2);
    o.o->e[o.len++] = (Entry){k, v}; o.o->used = o.len; return o;
}
Val obj_put(Val o, const char *k, Val v) { return obj_set(o, str(k).s, v); }
static Val obj_del(Val o, Str *k) {
    Val r = EMPTY_OBJ;
    for (size_t i = 0; i < o.len; i++)
        if (str_cmp(o.o->e[i].k, k)) r = obj_set(r, o.o->e[i].k, o.o->e[i].v);
    return r;
}
Val obj_keys(Val o, bool sorted) {
    Val r = EMPTY_ARR;
    for (size_t i = 0; i < o.len; i++) r = arr_push(r, (Val){.t = T_STR, .s = o.o->e[i].k});
    return sorted ? arr_sort(r, r) : r;
}

/* ---- ordering ---- */
int val_cmp(Val a, Val b) {
    if (a.t != b.t) return a.t < b.t ? -1 : 1;
    if (a.t == T_NUM) return a.n < b.n || isnan(a.n) ? -1 : a.n == b.n ? 0 : 1;
    if (a.t == T_STR) return str_cmp(a.s, b.s);
    if (a.t == T_ARR) {
        for (size_t i = 0; i < a.len && i < b.len; i++) { int r = val_cmp(a.a->v[i], b.a->v[i]); if (r) return r; }
        return a.len < b.len ? -1 : a.len > b.len;
    }
    if (a.t == T_OBJ) {
        Val ka = obj_keys(a, true), kb = obj_keys(b, true); int r = val_cmp(ka, kb);
        for (size_t i = 0; !r && i < ka.len; i++) r = val_cmp(*obj_find(a, ka.a->v[i].s), *obj_find(b, ka.a->v[i].s));
        return r;
    }
    return 0;
}
typedef struct { Val key, v; size_t i; } SortItem;
static int item_cmp(const void *x, const void *y) {
    const SortItem *a = x, *b = y; int r = val_cmp(a->key, b->key); return r ? r : a->i < b->i ? -1 : 1;
}
Val arr_sort(Val a, Val keys) {
    SortItem *it = malloc((a.len + 1) * sizeof *it);
    for (size_t i = 0; i < a.len; i++) it[i] = (SortItem){keys.a->v[i], a.a->v[i], i};
    qsort(it, a.len, sizeof *it, item_cmp); Val r = EMPTY_ARR;
    for (size_t i = 0; i < a.len; i++) r = arr_push(r, it[i].v);
    free(it); return r;
}

/* ---- errors ---- */
const char *type_name(Val v) { return (const char *[]){"null", "boolean", "boolean", "number", "string", "array", "object"}[v.t]; }
/* %s string, %V "type (text shortened to 14 bytes)", %J full JSON text. */
Status fail(const char *fmt, ...) {
    Text t = {0}; va_list ap; va_start(ap, fmt);
    for (; *fmt; fmt++) {
        if (*fmt != '%') { text_chr(&t, *fmt); continue; }
        if (*++fmt == 's') { text_str(&t, va_arg(ap, char *)); continue; }
        Val v = va_arg(ap, Val), d = json_text(v); bool cut = d.s->len > 14 && *fmt == 'V';
        if (*fmt == 'V') { text_str(&t, type_name(v)); text_str(&t, " ("); }
        text_add(&t, d.s->b, cut ? 11 : d.s->len); if (cut) text_str(&t, "...");
        if (*fmt == 'V') text_chr(&t, ')');
    }
    va_end(ap); error_val = text_val(&t); return FAILED;
}

/* ---- paths ---- */
/* Resolves a slice key against a length; false if the bounds are not numbers. */
static bool slice_bounds(Val key, size_t len, size_t *from, size_t *to) {
    Val *a = obj_find(key, str("start").s), *b = obj_find(key, str("end").s);
    if (!a || !b || (a->t != T_NULL && a->t != T_NUM) || (b->t != T_NULL && b->t != T_NUM)) return false;
    double f = a->t == T_NULL || isnan(a->n) ? 0 : a->n, e = b->t == T_NULL || isnan(b->n) ? (double)len : b->n;
    if (f < 0) f += len;
    if (e < 0) e += len;
    f = floor(fmin(fmax(f, 0), len)); e = ceil(fmin(fmax(e, f), len));
    *from = f; *to = e;
    return true;
}
static Status bad_index(Val t, Val k) {
    if (k.t == T_STR) return fail("Cannot index %s with string \"%s\"", type_name(t), k.s->b);
    return fail("Cannot index %s with %s", type_name(t), type_name(k));
}
Status val_index(Val t, Val k, Val *out) {
    *out = NULL_VAL;
    if (t.t == T_OBJ && k.t == T_STR) {
        Val *v = obj_find(t, k.s); if (v) *out = *v;
    } else if (t.t == T_ARR && k.t == T_NUM) {
        double d = floor(k.n);
        if (d < 0) d += t.len;
        if (d >= 0 && d < t.len) *out = t.a->v[(size_t)d];
    } else if (k.t == T_OBJ && (t.t == T_ARR || t.t == T_STR)) {
        size_t from, to;
        if (!slice_bounds(k, t.t == T_ARR ? t.len : utf8_len(t), &from, &to)) return fail("Array/string slice indices must be integers");
        if (t.t == T_ARR) { *out = arr_slice(t, from, to); return OK; }
        const char *p = t.s->b, *end = p + t.s->len, *q;
        for (size_t i = 0; i < from; i++) utf8_next(&p, end);
        q = p;
        for (size_t i = from; i < to; i++) utf8_next(&q, end);
        *out = str_n(p, q - p);
    } else if (t.t == T_ARR && k.t == T_ARR) {
        *out = EMPTY_ARR;
        for (size_t i = 0; k.len && i + k.len <= t.len; i++)
            if (!val_cmp(arr_slice(arr_slice(t, i, t.len), 0, k.len), k)) *out = arr_push(*out, num(i));
    } else if (t.t != T_NULL || (k.t != T_STR && k.t != T_NUM && k.t != T_OBJ)) return bad_index(t, k);
    return OK;
}
/* t with element k replaced by x. */
static Status val_set(Val t, Val k, Val x, Val *out) {
    if (k.t == T_STR && (t.t == T_OBJ || t.t == T_NULL)) { *out = obj_set(t.t == T_NULL ? EMPTY_OBJ : t, k.s, x); return OK; }
    if (t.t == T_NULL && (k.t == T_NUM || k.t == T_OBJ)) t = EMPTY_ARR;
    if (k.t == T_NUM && t.t == T_ARR) {
        if (isnan(k.n)) return fail("Cannot set array element at NaN index");
        double d = floor(k.n);
        if (d < 0) d += t.len;
        if (d < 0) return fail("Out of bounds negative array index");
        if (d > 536870911) return fail("Array index too large");
        while (t.len < d) t = arr_push(t, NULL_VAL);
        if (t.len == d) { *out = arr_push(t, x); return OK; }
        *out = EMPTY_ARR;
        for (size_t i = 0; i < t.len; i++) *out = arr_push(*out, i == d ? x : t.a->v[i]);
        return OK;
    }
    if (k.t == T_OBJ && t.t == T_ARR) {
        size_t from, to; if (!slice_bounds(k, t.len, &from, &to)) return fail("Array/string slice indices must be integers");
        if (x.t != T_ARR) return fail("A slice of an array can only be assigned another array");
        Val r = EMPTY_ARR;
        for (size_t i = 0; i < from; i++) r = arr_push(r, t.a->v[i]);
        for (size_t i = 0; i < x.len; i++) r = arr_push(r, x.a->v[i]);
        for (size_t i = to; i < t.len; i++) r = arr_push(r, t.a->v[i]);
        *out = r;
        return OK;
    }
    if (k.t == T_OBJ && t.t == T_STR) return fail("Cannot update string slices");
    return bad_index(t, k);
}
Status val_getpath(Val t, Val path, Val *out) {
    if (path.t != T_ARR) return fail("Path must be specified as an array");
    for (size_t i = 0; i < path.len && t.t != T_NULL; i++)
        if (val_index(t, path.a->v[i], &t)) return FAILED;
    *out = t;
    return OK;
}
Status val_setpath(Val t, Val path, size_t i, Val x, Val *out) {
    if (path.t != T_ARR) return fail("Path must be specified as an array");
    if (i == path.len) { *out = x; return OK; }
    Val child; if (val_index(t, path.a->v[i], &child) || val_setpath(child, path, i + 1, x, &child)) return FAILED;
    return val_set(t, path.a->v[i], child, out);
}
static Status val_delpath(Val t, Val path, size_t i, Val *out) {
    Val k = path.a->v[i], child;
    *out = t;
    if (t.t == T_NULL) return OK;
    if (val_index(t, k, &child)) return FAILED;
    if (i + 1 < path.len) return child.t == T_NULL ? OK : val_delpath(child, path, i + 1, &child) ? FAILED : val_set(t, k, child, out);
    if (t.t == T_OBJ && k.t == T_STR) *out = obj_del(t, k.s);
    else if (t.t == T_ARR && k.t == T_OBJ) return val_set(t, k, EMPTY_ARR, out);
    else if (t.t == T_ARR && k.t == T_NUM) {
        double d = floor(k.n) + (k.n < 0 ? t.len : 0);
        *out = EMPTY_ARR;
        for (size_t j = 0; j < t.len; j++) if (j != d) *out = arr_push(*out, t.a->v[j]);
    } else return fail("Cannot delete field at object index of %s", type_name(t));
    return OK;
}
Status val_delpaths(Val t, Val paths, Val *out) {
    if (paths.t != T_ARR) return fail("Paths must be specified as an array");
    paths = arr_sort(paths, paths);
    for (size_t i = paths.len; i-- > 0;) {
        Val p = paths.a->v[i]; if (p.t != T_ARR) return fail("Path must be specified as an array");
        if (p.len == 0) t = NULL_VAL;
        else if (val_delpath(t, p, 0, &t)) return FAILED;
    }
    *out = t;
    return OK;
}
