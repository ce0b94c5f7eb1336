/* Heap: object allocation, interned strings, tables.
 * Memory is never given back: garbage collection is left out of this program. */
#include "core.h"
#include <sys/mman.h>
size_t heap_bytes;
Fiber *cur, *main_fiber;
Table *globals, *registry, *loaded, *string_meta, *file_meta;
static Str **interned; static size_t nbuckets, ninterned;
void *heap_new(size_t size) { void *o = calloc(1, size); if (!o) { fputs("not enough memory\n", stderr); exit(1); } heap_bytes += size; return o; }

/* ---- strings: those up to 48 bytes are unique ---- */
Str *str_new(const char *s, size_t n) {
    uint32_t h = 2166136261u ^ (uint32_t)n; for (size_t i = 0; i < n; i++) h = (h ^ (uint8_t)s[i]) * 16777619u;
    h ^= h >> 15;
    if (n <= 48) {
        if (ninterned >= nbuckets) {
            size_t nb = nbuckets ? nbuckets * 2 : 1024; Str **t = calloc(nb, sizeof *t);
            for (size_t i = 0; i < nbuckets; i++)
                for (Str *p = interned[i], *q; p; p = q) { q = p->chain; p->chain = t[p->hash & (nb - 1)]; t[p->hash & (nb - 1)] = p; }
            free(interned); interned = t; nbuckets = nb;
        }
        for (Str *p = interned[h & (nbuckets - 1)]; p; p = p->chain) if (p->hash == h && p->len == n && !memcmp(p->s, s, n)) return p;
    }
    Str *r = heap_new(sizeof(Str) + n + 1); r->hash = h; r->len = n; memcpy(r->s, s, n);
    if (n <= 48) { r->chain = interned[h & (nbuckets - 1)]; interned[h & (nbuckets - 1)] = r; ninterned++; }
    return r;
}
Str *str_text(const char *s) { return str_new(s, strlen(s)); }
Str *str_fmt(const char *fmt, ...) {
    va_list ap; char *p; va_start(ap, fmt); int n = vasprintf(&p, fmt, ap); va_end(ap); Str *s = str_new(p, n); free(p); return s;
}
void buf_put(Buf *b, const char *s, size_t n) {
    if (b->n + n > b->cap) { b->cap = (b->n + n) * 2 + 32; b->p = realloc(b->p, b->cap); if (!b->p) { fputs("not enough memory\n", stderr); exit(1); } }
    memcpy(b->p + b->n, s, n); b->n += n;
}
Str *buf_take(Buf *b) { Str *s = str_new(b->p ? b->p : "", b->n); free(b->p); *b = (Buf){ 0 }; return s; }

/* ---- tables ---- */
Table *table_new(void) { return heap_new(sizeof(Table)); }
bool raw_equal(Value a, Value b) {
    if (a.k != b.k) {
        if (a.k == K_INT && b.k == K_NUM) return (long double)a.i == (long double)b.n;
        if (a.k == K_NUM && b.k == K_INT) return (long double)a.n == (long double)b.i;
        return false;
    }
    switch (a.k) {
    case K_NIL: return true;
    case K_BOOL: return a.b == b.b;
    case K_NUM: return a.n == b.n;
    case K_STR: return a.s == b.s || (a.s->len > 48 && a.s->len == b.s->len && a.s->hash == b.s->hash && !memcmp(a.s->s, b.s->s, a.s->len));
    default: return a.i == b.i;
    }
}
static uint32_t hash_key(Value k) {
    if (k.k == K_STR) return k.s->hash;
    uint64_t x = k.k == K_BOOL ? k.b + 1 : (uint64_t)k.i; x *= 0x9E3779B97F4A7C15ull; return x >> 32;
}
static int32_t lookup(Table *t, Value k) {
    if (!t->cap) return -1;
    uint32_t m = t->cap * 2 - 1;
    for (uint32_t i = hash_key(k) & m;; i = (i + 1) & m) {
        int32_t e = t->idx[i]; if (e < 0) return -1;
        Value *q = &t->ent[e].key; if (q->k == k.k && (q->i == k.i || (k.k == K_STR && raw_equal(*q, k)) || (k.k == K_BOOL && q->b == k.b))) return e;
    }
}
/* Floats with an integer value are the same key as that integer. */
static inline Value norm_key(Value k) {
    if (k.k == K_NUM && k.n >= -9.3e18 && k.n < 9.2233720368547758e18 && (double)(int64_t)k.n == k.n) return INT((int64_t)k.n);
    return k;
}
Value table_get(Table *t, Value k) {
    if (k.k == K_NUM) k = norm_key(k);
    if (k.k == K_INT && (uint64_t)k.i - 1 < t->alen) return t->arr[k.i - 1];
    int32_t e = lookup(t, k); return e < 0 ? NIL : t->ent[e].val;
}
Value table_field(Table *t, const char *name) { return table_get(t, TEXT(name)); }
static void link_entry(Table *t, uint32_t e) {
    uint32_t m = t->cap * 2 - 1, i = hash_key(t->ent[e].key) & m; while (t->idx[i] >= 0) i = (i + 1) & m;
    t->idx[i] = e;
}
/* Drops dead entries and makes room for at least one more. */
static void rebuild(Table *t) {
    uint32_t live = 0, cap = 4; for (uint32_t i = 0; i < t->nent; i++) if (t->ent[i].val.k != K_NIL) t->ent[live++] = t->ent[i];
    while (cap < live + live / 2 + 1) cap *= 2;
    if (cap > t->cap) heap_bytes += (cap - t->cap) * (sizeof(Entry) + 8);
    t->nent = live; t->cap = cap; t->ent = realloc(t->ent, cap * sizeof(Entry)); t->idx = realloc(t->idx, cap * 2 * sizeof(int32_t));
    memset(t->idx, 0xff, cap * 2 * sizeof(int32_t)); for (uint32_t i = 0; i < live; i++) link_entry(t, i);
}
static void append(Table *t, Value v) {
    if (t->alen == t->acap) { heap_bytes += (t->acap + 4) * sizeof(Value); t->acap = t->acap * 2 + 4; t->arr = realloc(t->arr, t->acap * sizeof(Value)); }
    t->arr[t->alen++] = v;
}
void table_set(Table *t, Value k, Value v) {
    k = norm_key(k);
    if (k.k == K_INT) {
        if ((uint64_t)k.i - 1 < t->alen) {
            t->arr[k.i - 1] = v; if (v.k == K_NIL) while (t->alen && t->arr[t->alen - 1].k == K_NIL) t->alen--;
            return;
        }
        if ((uint64_t)k.i == (uint64_t)t->alen + 1 && v.k != K_NIL) {
            int32_t e = t->nent ? lookup(t, k) : -1; if (e >= 0) t->ent[e].val = NIL;
            append(t, v);
            while (t->nent && (e = lookup(t, INT((int64_t)t->alen + 1))) >= 0 && t->ent[e].val.k != K_NIL) {
                append(t, t->ent[e].val); t->ent[e].val = NIL;
            }
            return;
        }
    }
    int32_t e = lookup(t, k); if (e >= 0) { t->ent[e].val = v; return; }
    if (v.k == K_NIL) return;
    if (t->nent == t->cap) rebuild(t);
    t->ent[t->nent] = (Entry){ k, v }; link_entry(t, t->nent++);
}
/* Walks all non-nil pairs; positions below acap are array slots, the others entries. */
bool table_step(Table *t, uint32_t *pos, Value *k, Value *v) {
    uint32_t p = *pos;
    for (; p < t->acap && p < t->alen; p++) if (t->arr[p].k != K_NIL) { *k = INT((int64_t)p + 1); *v = t->arr[p]; *pos = p + 1; return true; }
    for (p = p < t->acap ? t->acap : p; p - t->acap < t->nent; p++)
        if (t->ent[p - t->acap].val.k != K_NIL) { *k = t->ent[p - t->acap].key; *v = t->ent[p - t->acap].val; *pos = p + 1; return true; }
    return false;
}
/* Finds the position just after key k; false if k is not a key. */
bool table_seek(Table *t, Value k, uint32_t *pos) {
    *pos = 0;
    if (k.k == K_NIL) return true;
    k = norm_key(k); if (k.k == K_INT && (uint64_t)k.i - 1 < t->alen) { *pos = k.i; return true; }
    int32_t e = lookup(t, k); if (e >= 0) *pos = t->acap + e + 1;
    else if (k.k == K_INT && (uint64_t)k.i - 1 < t->acap) *pos = k.i;
    else return false;
    return true;
}

/* ---- fiber stacks ---- */
enum { SMALL_VALUES = 1 << 16, BIG_VALUES = 1 << 23 };
static struct { char *c; Value *v; } pool[64]; static int npool;
bool fiber_stack(Fiber *f, bool big) {
    size_t nv = big ? BIG_VALUES : SMALL_VALUES; f->csize = big ? (size_t)768 << 20 : (size_t)1 << 20;
    if (!big && npool) { npool--; f->cstack = pool[npool].c; f->stack = pool[npool].v; }
    else {
        f->cstack = mmap(NULL, f->csize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        f->stack = mmap(NULL, nv * sizeof(Value), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (f->cstack == MAP_FAILED || f->stack == MAP_FAILED) { f->cstack = NULL; return false; }
    }
    f->top = f->stack; f->limit = f->stack + nv - 256; heap_bytes += 16384; return true;
}
void fiber_release(Fiber *f) {
    if (!f->cstack) return;
    if (npool < 64) { pool[npool].c = f->cstack; pool[npool++].v = f->stack; }
    else { munmap(f->cstack, f->csize); munmap(f->stack, SMALL_VALUES * sizeof(Value)); }
    f->cstack = NULL; f->stack = f->top = NULL;
}
