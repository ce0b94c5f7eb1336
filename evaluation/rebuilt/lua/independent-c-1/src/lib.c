/* Argument checking and the basic, table, math, coroutine and debug libraries. */
#include "core.h"
#define FN(name) static int name(Value *a, int n)
#define ONE(v) do { a[0] = (v); return 1; } while (0)
#define IS_FN(v) ((v).k == K_FUNC || (v).k == K_NATIVE)

/* ---- arguments (numbered from 0) ---- */
_Noreturn void arg_error(int i, const char *fmt, ...) {
    char msg[512]; va_list ap; va_start(ap, fmt); vsnprintf(msg, sizeof msg, fmt, ap); Frame *f = cur->frame;
    const char *kind, *nm = name_of(f->site && f->site->op == E_CALL ? f->site->a : f->site, &kind); if (f->site && f->site->op == E_METHOD) i--;
    if (!nm) nm = str_fmt("%s%s%s", f->nat->module, *f->nat->module ? "." : "", f->nat->name ? f->nat->name : "?")->s;
    throw_fmt("bad argument #%d to '%s' (%s)", i + 1, nm, msg);
}
_Noreturn void arg_type(Value *a, int n, int i, const char *want) { arg_error(i, "%s expected, got %s", want, i < n ? type_label(a[i]) : "no value"); }
double arg_num(Value *a, int n, int i) { double d; if (i >= n || !to_num(a[i], &d)) arg_type(a, n, i, "number"); return d; }
int64_t arg_int(Value *a, int n, int i) { int64_t v; if (i < n && to_int(a[i], &v)) return v; arg_num(a, n, i); arg_error(i, "number has no integer representation"); }
int64_t opt_int(Value *a, int n, int i, int64_t def) { return i >= n || a[i].k == K_NIL ? def : arg_int(a, n, i); }
Str *arg_str(Value *a, int n, int i) {
    if (i < n && (a[i].k == K_INT || a[i].k == K_NUM)) a[i] = STR(number_str(a[i]));
    if (i >= n || a[i].k != K_STR) arg_type(a, n, i, "string");
    return a[i].s;
}
Table *arg_table(Value *a, int n, int i) { if (i >= n || a[i].k != K_TABLE) arg_type(a, n, i, "table"); return a[i].t; }
Value arg_any(Value *a, int n, int i) { if (i >= n) arg_error(i, "value expected"); return a[i]; }
static Value arg_fn(Value *a, int n, int i) { if (i >= n || !IS_FN(a[i])) arg_type(a, n, i, "function"); return a[i]; }
static Fiber *arg_fiber(Value *a, int n) { if (!n || a[0].k != K_FIBER) arg_type(a, n, 0, "thread"); return a[0].co; }
Native *native_new(const char *module, const char *name, int (*run)(Value *, int)) {
    Native *c = heap_new(sizeof *c); c->module = module; c->name = name; c->run = run; return c;
}
void native_add(Table *t, const char *module, const char *name, int (*run)(Value *, int)) { table_set(t, TEXT(name), NATIVE(native_new(module, name, run))); }

/* ---- basic functions ---- */
FN(b_print) { for (int i = 0; i < n; i++) { Str *s = to_str(a[i]); if (i) putchar('\t'); fwrite(s->s, 1, s->len, stdout); } putchar('\n'); return 0; }
FN(b_type) { ONE(TEXT(kind_name(arg_any(a, n, 0)))); }
FN(b_tostring) { ONE(STR(to_str(arg_any(a, n, 0)))); }
FN(b_tonumber) {
    Value v;
    if (n < 2 || a[1].k == K_NIL) {
        arg_any(a, n, 0); if (a[0].k == K_INT || a[0].k == K_NUM) return 1;
        ONE(a[0].k == K_STR && parse_number(a[0].s->s, a[0].s->len, &v) ? v : NIL);
    }
    int64_t base = arg_int(a, n, 1); if (a[0].k != K_STR) arg_type(a, n, 0, "string");
    if (base < 2 || base > 36) arg_error(1, "base must lie between 2 and 36");
    char *end; const char *p = a[0].s->s + strspn(a[0].s->s, " \t\n\r\f\v"); long long r = strtoll(p, &end, base); end += strspn(end, " \t\n\r\f\v");
    ONE(*p && isalnum((uint8_t)p[*p == '-']) && end == a[0].s->s + a[0].s->len ? INT(r) : NIL);
}
FN(b_error) {
    int64_t level = opt_int(a, n, 1, 1); Value v = n ? a[0] : NIL; Frame *f = cur->frame;
    if (v.k == K_STR && level > 0) { while (level-- > 0 && f) f = f->up; v = STR(str_fmt("%s%s", position(f)->s, v.s->s)); }
    throw_value(v);
}
FN(b_assert) { arg_any(a, n, 0); if (TRUTHY(a[0])) return n; if (n > 1) throw_value(a[1].k == K_STR ? STR(str_fmt("%s%s", position(cur->frame->up)->s, a[1].s->s)) : a[1]); throw_fmt("assertion failed!"); }
FN(b_pcall) { int r; arg_any(a, n, 0); bool ok = protect(a[0], a + 1, n - 1, NIL, &r); a[0] = BOOL(ok); return r + 1; }
FN(b_xpcall) {
    int r; Value f = n ? a[0] : NIL, h = arg_fn(a, n, 1); bool ok = protect(f, a + 2, n - 2, h, &r); memmove(a + 1, a + 2, r * sizeof *a);
    a[0] = BOOL(ok); return r + 1;
}
int base_next(Value *a, int n) {
    uint32_t pos; Table *t = arg_table(a, n, 0); if (!table_seek(t, n > 1 ? a[1] : NIL, &pos)) throw_fmt("invalid key to 'next'");
    if (table_step(t, &pos, &a[0], &a[1])) return 2;
    ONE(NIL);
}
FN(b_pairs) {
    Value m = metamethod(arg_any(a, n, 0), M_PAIRS), *b = cur->top;
    if (m.k == K_NIL) { a[1] = a[0]; a[0] = table_field(globals, "next"); a[2] = NIL; return 3; }
    b[0] = a[0]; cur->top = b + 1; int r = invoke(m, b, 1, NULL); for (int i = 0; i < 4; i++) a[i] = i < r ? b[i] : NIL;
    return 4;
}
FN(ipairs_step) {
    int64_t i = a[1].i + 1; Value v = index_value(a[0], INT(i), NULL); a[0] = v.k == K_NIL ? NIL : INT(i); a[1] = v; return v.k == K_NIL ? 1 : 2;
}
FN(b_ipairs) { a[1] = arg_any(a, n, 0); a[0] = table_get(registry, INT(1)); a[2] = INT(0); return 3; }
FN(b_rawget) { arg_table(a, n, 0); ONE(table_get(a[0].t, arg_any(a, n, 1))); }
FN(b_rawequal) { arg_any(a, n, 1); ONE(BOOL(raw_equal(a[0], a[1]))); }
FN(b_rawlen) { if (n && a[0].k == K_STR) ONE(INT(a[0].s->len)); if (!n || a[0].k != K_TABLE) arg_error(0, "neither a table nor a string"); ONE(INT(a[0].t->alen)); }
FN(b_rawset) {
    arg_table(a, n, 0); arg_any(a, n, 1); arg_any(a, n, 2);
    if (a[1].k == K_NIL || (a[1].k == K_NUM && isnan(a[1].n))) throw_value(STR(str_fmt("table index is %s", a[1].k == K_NIL ? "nil" : "NaN")));
    table_set(a[0].t, a[1], a[2]); return 1;
}
FN(b_getmetatable) {
    Value v = arg_any(a, n, 0), shown = metamethod(v, M_METATABLE);
    Table *m = v.k == K_TABLE ? v.t->meta : v.k == K_STR ? string_meta : v.k == K_FILE ? file_meta : NULL;
    ONE(shown.k != K_NIL ? shown : m ? TABLE(m) : NIL);
}
FN(b_setmetatable) {
    arg_table(a, n, 0); if (n < 2 || (a[1].k != K_NIL && a[1].k != K_TABLE)) arg_type(a, n, 1, "nil or table");
    if (metamethod(a[0], M_METATABLE).k != K_NIL) throw_fmt("cannot change a protected metatable");
    a[0].t->meta = a[1].k == K_NIL ? NULL : a[1].t; return 1;
}
FN(b_select) {
    if (n && a[0].k == K_STR && !strcmp(a[0].s->s, "#")) ONE(INT(n - 1));
    int64_t i = arg_int(a, n, 0); if (i < 0) i += n;
    if (i < 1) arg_error(0, "index out of range");
    if (i >= n) return 0;
    memmove(a, a + i, (n - i) * sizeof *a); return n - i;
}
FN(b_load) {
    Buf b = { 0 }; bool text = n && (a[0].k == K_STR || a[0].k == K_INT || a[0].k == K_NUM);
    Str *mode = n > 2 && a[2].k != K_NIL ? arg_str(a, n, 2) : str_text("bt"), *src; if (text) src = arg_str(a, n, 0);
    else {
        for (Value f = arg_fn(a, n, 0);;) {
            Value v = call_one(f, 0, NIL, NIL, NIL); if (v.k == K_NIL || (v.k == K_STR && !v.s->len)) break;
            if (v.k != K_STR) throw_fmt("the chunk reader returned something other than a string");
            buf_put(&b, v.s->s, v.s->len);
        }
        src = buf_take(&b);
    }
    Str *nm = n > 1 && a[1].k != K_NIL ? arg_str(a, n, 1) : text ? src : str_text("=(load)"); Value env = n > 3 ? a[3] : TABLE(globals); a[0] = NIL;
    if (!strchr(mode->s, 't')) a[1] = STR(str_fmt("attempt to load a text chunk (mode is '%s')", mode->s));
    else if (load_text(src->s, src->len, nm, env, &a[1])) { a[0] = a[1]; return 1; }
    return 2;
}
FN(b_dofile) {
    Value v, *b = cur->top; if (!load_file(n && a[0].k != K_NIL ? arg_str(a, n, 0)->s : NULL, &v)) throw_value(v);
    int r = invoke(v, b, 0, NULL); memmove(a, b, r * sizeof *a); return r;
}
FN(b_loadfile) { if (load_file(n && a[0].k != K_NIL ? arg_str(a, n, 0)->s : NULL, &a[1])) ONE(a[1]); a[0] = NIL; return 2; }
static bool warnings;
FN(b_warn) {
    for (int i = 0; i < n || !n; i++) arg_str(a, n, i);
    if (n == 1 && a[0].s->s[0] == '@') { if (!strcmp(a[0].s->s, "@on")) warnings = true; else if (!strcmp(a[0].s->s, "@off")) warnings = false; return 0; }
    if (warnings) { fputs("Lua warning: ", stderr); for (int i = 0; i < n; i++) fputs(a[i].s->s, stderr); fputs("\n", stderr); }
    return 0;
}
FN(b_collectgarbage) {
    static const char *mode = "generational"; const char *o = n && a[0].k != K_NIL ? arg_str(a, n, 0)->s : "collect", *old = mode;
    if (!strcmp(o, "count")) ONE(NUM(heap_bytes / 1024.0));
    if (!strcmp(o, "step")) ONE(BOOL(false));
    if (!strcmp(o, "isrunning")) ONE(BOOL(true));
    if (!strcmp(o, "incremental")) { mode = "incremental"; ONE(TEXT(old)); }
    if (!strcmp(o, "generational")) { mode = "generational"; ONE(TEXT(old)); }
    if (strcmp(o, "collect") && strcmp(o, "stop") && strcmp(o, "restart") && strcmp(o, "param")) arg_error(0, "invalid option '%s'", o);
    ONE(INT(0));
}
/* ---- tables ---- */
static Value at(Value t, int64_t i) { return t.t->meta ? index_value(t, INT(i), NULL) : table_get(t.t, INT(i)); }
static void put(Value t, int64_t i, Value v) { if (t.t->meta) assign_index(t, INT(i), v, NULL); else table_set(t.t, INT(i), v); }
static int64_t count(Value *a, int n) { arg_table(a, n, 0); int64_t k = 0; to_int(length_of(a[0], NULL), &k); return k; }
FN(t_insert) {
    int64_t e = count(a, n) + 1, p = e;
    if (n == 3) {
        p = arg_int(a, n, 1); if (p < 1 || p > e) arg_error(1, "position out of bounds");
        for (int64_t i = e; i > p; i--) put(a[0], i, at(a[0], i - 1));
    } else if (n != 2) throw_fmt("wrong number of arguments to 'insert'");
    put(a[0], p, a[n - 1]); return 0;
}
FN(t_remove) {
    int64_t e = count(a, n), p = opt_int(a, n, 1, e);
    if (n > 1 && e + 1 != p && (p < 1 || p > e + 1) && !(e == 0 && p == 0)) arg_error(1, "position out of bounds");
    Value v = at(a[0], p); for (; p < e; p++) put(a[0], p, at(a[0], p + 1));
    if (p > 0 && p <= e) put(a[0], p, NIL);
    ONE(v);
}
FN(t_concat) {
    int64_t e = count(a, n), i = opt_int(a, n, 2, 1); Str *sep = n > 1 && a[1].k != K_NIL ? arg_str(a, n, 1) : str_text(""); Buf b = { 0 };
    e = opt_int(a, n, 3, e);
    for (; i <= e; i++) {
        Value v = at(a[0], i);
        if (v.k != K_STR && v.k != K_INT && v.k != K_NUM) throw_fmt("invalid value (%s) at index %lld in table for 'concat'", type_label(v), (long long)i);
        Str *s = to_str(v); buf_put(&b, s->s, s->len); if (i < e) buf_put(&b, sep->s, sep->len);
    }
    ONE(STR(buf_take(&b)));
}
FN(t_unpack) {
    int64_t i = opt_int(a, n, 1, 1), e = n > 2 && a[2].k != K_NIL ? arg_int(a, n, 2) : count(a, n); if (i > e) return 0;
    if ((uint64_t)e - i >= 1000000 || cur->limit - cur->top < e - i + 64) throw_fmt("too many results to unpack");
    Value t = a[0];
    for (int64_t k = i; k <= e; k++) { cur->top = a + (k - i) + 2; Value v = t.k == K_TABLE ? at(t, k) : index_value(t, INT(k), NULL); a[k - i] = v; }
    return e - i + 1;
}
FN(t_pack) { Table *t = table_new(); for (int i = 0; i < n; i++) table_set(t, INT(i + 1), a[i]); table_set(t, TEXT("n"), INT(n)); ONE(TABLE(t)); }
FN(t_move) {
    int64_t f = arg_int(a, n, 1), e = arg_int(a, n, 2), t = arg_int(a, n, 3); arg_table(a, n, 0);
    Value to = n > 4 && a[4].k != K_NIL ? TABLE(arg_table(a, n, 4)) : a[0];
    if (t > f && t <= e && to.t == a[0].t) for (int64_t i = e - f; i >= 0; i--) put(to, t + i, at(a[0], f + i));
    else for (int64_t i = 0; i <= e - f; i++) put(to, t + i, at(a[0], f + i));
    ONE(to);
}
FN(t_create) { arg_int(a, n, 0); ONE(TABLE(table_new())); }
static bool before(Value f, Value x, Value y) { if (f.k == K_NIL) return less_than(x, y); Value r = call_one(f, 2, x, y, NIL); return TRUTHY(r); }
static void sort_range(Value *v, int64_t lo, int64_t hi, Value f) {
    while (lo < hi) {
        Value p = v[lo + (hi - lo) / 2]; int64_t i = lo, j = hi;
        while (i <= j) {
            while (before(f, v[i], p)) if (++i > hi) throw_fmt("invalid order function for sorting");
            while (before(f, p, v[j])) if (--j < lo) throw_fmt("invalid order function for sorting");
            if (i <= j) { Value t = v[i]; v[i++] = v[j]; v[j--] = t; }
        }
        if (j - lo < hi - i) { sort_range(v, lo, j, f); lo = i; } else { sort_range(v, i, hi, f); hi = j; }
    }
}
FN(t_sort) {
    int64_t e = count(a, n); Value f = n > 1 && a[1].k != K_NIL ? arg_fn(a, n, 1) : NIL, *v = heap_new((e + 1) * sizeof *v);
    for (int64_t i = 0; i < e; i++) v[i] = at(a[0], i + 1);
    sort_range(v, 0, e - 1, f); for (int64_t i = 0; i < e; i++) put(a[0], i + 1, v[i]);
    return 0;
}
/* ---- math ---- */
static Value whole(double d) { return d >= -9223372036854775808.0 && d < 9223372036854775808.0 ? INT((int64_t)d) : NUM(d); }
#define REAL(name, expr) FN(name) { double x = arg_num(a, n, 0); ONE(NUM(expr)); }
REAL(m_sqrt, sqrt(x)) REAL(m_sin, sin(x)) REAL(m_cos, cos(x)) REAL(m_tan, tan(x)) REAL(m_asin, asin(x)) REAL(m_acos, acos(x)) REAL(m_exp, exp(x))
REAL(m_deg, x * (180.0 / M_PI)) REAL(m_rad, x * (M_PI / 180.0)) REAL(m_atan, atan2(x, n > 1 ? arg_num(a, n, 1) : 1.0))
REAL(m_log, n < 2 ? log(x) : arg_num(a, n, 1) == 2 ? log2(x) : arg_num(a, n, 1) == 10 ? log10(x) : log(x) / log(arg_num(a, n, 1))) REAL(m_ldexp, ldexp(x, arg_int(a, n, 1)))
FN(m_floor) { double d = arg_num(a, n, 0); if (a[0].k == K_INT) return 1; ONE(whole(floor(d))); }
FN(m_ceil) { double d = arg_num(a, n, 0); if (a[0].k == K_INT) return 1; ONE(whole(ceil(d))); }
FN(m_abs) { double d = arg_num(a, n, 0); ONE(a[0].k == K_INT ? INT(a[0].i < 0 ? -(uint64_t)a[0].i : a[0].i) : NUM(fabs(d))); }
FN(m_fmod) {
    double x = arg_num(a, n, 0), y = arg_num(a, n, 1); if (a[0].k != K_INT || a[1].k != K_INT) ONE(NUM(fmod(x, y)));
    if (!a[1].i) arg_error(1, "zero");
    ONE(INT(a[1].i == -1 ? 0 : a[0].i % a[1].i));
}
FN(m_modf) { double x = arg_num(a, n, 0), t = trunc(x); a[0] = whole(t); a[1] = NUM(isinf(x) ? 0.0 : x - t); return 2; }
FN(m_frexp) { int e; double x = frexp(arg_num(a, n, 0), &e); a[0] = NUM(x); a[1] = INT(e); return 2; }
static int extreme(Value *a, int n, bool max) {
    Value best = arg_any(a, n, 0);
    for (int i = 0; i < n; i++) { arg_num(a, n, i); if (max ? less_than(best, a[i]) : less_than(a[i], best)) best = a[i]; }
    ONE(best);
}
FN(m_max) { return extreme(a, n, true); }
FN(m_min) { return extreme(a, n, false); }
FN(m_type) { arg_any(a, n, 0); ONE(a[0].k == K_INT ? TEXT("integer") : a[0].k == K_NUM ? TEXT("float") : NIL); }
FN(m_tointeger) { int64_t i; arg_any(a, n, 0); ONE(to_int(a[0], &i) ? INT(i) : NIL); }
FN(m_ult) { ONE(BOOL((uint64_t)arg_int(a, n, 0) < (uint64_t)arg_int(a, n, 1))); }
static uint64_t seed = 0x2545F4914F6CDD1Dull;
static uint64_t random_bits(void) { seed ^= seed >> 12; seed ^= seed << 25; seed ^= seed >> 27; return seed * 0x2545F4914F6CDD1Dull; }
FN(m_random) {
    if (!n) ONE(NUM((random_bits() >> 11) * 0x1p-53));
    int64_t lo = n > 1 ? arg_int(a, n, 0) : 1, hi = arg_int(a, n, n > 1); if (n == 1 && hi == 0) ONE(INT((int64_t)random_bits()));
    if (lo > hi) arg_error(n > 2 ? 1 : 0, "interval is empty");
    uint64_t span = (uint64_t)hi - lo + 1; ONE(INT((int64_t)(lo + (span ? random_bits() % span : random_bits()))));
}
FN(m_randomseed) { seed = n ? (uint64_t)arg_num(a, n, 0) * 0x9E3779B97F4A7C15ull + 1 : (uint64_t)time(NULL) * 0x9E3779B97F4A7C15ull + 1; return 0; }
/* ---- coroutines ---- */
static Fiber *fiber_new(Value fn) { Fiber *f = heap_new(sizeof *f); f->fn = fn; return f; }
static Value fiber_value(Fiber *f) { return (Value){ .k = K_FIBER, .co = f }; }
FN(c_create) { ONE(fiber_value(fiber_new(arg_fn(a, n, 0)))); }
FN(c_resume) {
    Fiber *f = arg_fiber(a, n);
    if (f->state != F_SUSPENDED) { a[0] = BOOL(false); a[1] = STR(str_fmt("cannot resume %s coroutine", f->state == F_DEAD ? "dead" : "non-suspended")); return 2; }
    int r = fiber_resume(f, a + 1, n - 1); a[0] = BOOL(!f->failed); return r + 1;
}
FN(c_yield) { return fiber_yield(a, n); }
static bool close_fiber(Fiber *f, Value *err) {
    *err = f->failed ? f->err : NIL;
    bool failing = f->failed; Value *closing = f->closing; int k = f->nclosing, base = cur->nclosing;
    f->state = F_DEAD; f->failed = false; f->nclosing = 0;
    for (int i = 0; i < k; i++) { if (cur->nclosing == cur->capclosing) cur->closing = realloc(cur->closing, (cur->capclosing = cur->capclosing * 2 + 8) * sizeof(Value)); cur->closing[cur->nclosing++] = closing[i]; }
    bool ok = close_pending(base, err, true) && !failing; fiber_release(f); return ok;
}
FN(c_wrapped) {
    Fiber *f = cur->frame->nat->data[0].co;
    if (f->state != F_SUSPENDED) throw_fmt("cannot resume %s coroutine", f->state == F_DEAD ? "dead" : "non-suspended");
    int r = fiber_resume(f, a, n); if (!f->failed) return r;
    Value err; close_fiber(f, &err); throw_value(err.k == K_STR ? STR(str_fmt("%s%s", position(cur->frame->up)->s, err.s->s)) : err);
}
FN(c_wrap) { Native *w = native_new("", NULL, c_wrapped); w->data[0] = fiber_value(fiber_new(arg_fn(a, n, 0))); ONE(NATIVE(w)); }
FN(c_status) { static const char *names[] = { "suspended", "running", "normal", "dead" }; ONE(TEXT(names[arg_fiber(a, n)->state])); }
FN(c_running) { a[0] = fiber_value(cur); a[1] = BOOL(cur == main_fiber); return 2; }
FN(c_isyieldable) { ONE(BOOL(cur != main_fiber)); }
FN(c_close) {
    Fiber *f = n ? arg_fiber(a, n) : cur;
    if (f->state == F_RUNNING || f->state == F_NORMAL) throw_fmt("a coroutine that is running cannot be closed");
    a[0] = BOOL(close_fiber(f, &a[1])); return a[0].b ? 1 : 2;
}
/* ---- debug ---- */
FN(d_traceback) {
    Fiber *f = n && a[0].k == K_FIBER ? a[0].co : cur; if (f != cur) { a++; n--; }
    if (n && a[0].k != K_STR && a[0].k != K_INT && a[0].k != K_NUM && a[0].k != K_NIL) { if (f != cur) a[-1] = a[0]; return 1; }
    Frame *from = f->state == F_DEAD ? NULL : f->frame; for (int64_t l = opt_int(a, n, 1, f == cur); from && l > 0; l--) from = from->up;
    Value r = STR(traceback(f, from, n && a[0].k != K_NIL ? arg_str(a, n, 0)->s : NULL)); if (f != cur) a[-1] = r;
    ONE(r);
}
FN(d_getmetatable) { Value v = arg_any(a, n, 0); Table *m = v.k == K_TABLE ? v.t->meta : v.k == K_STR ? string_meta : v.k == K_FILE ? file_meta : NULL; ONE(m ? TABLE(m) : NIL); }
typedef struct { const char *name; int (*run)(Value *, int); } Def;
static Table *module(const char *name, const Def *d, int k) {
    Table *t = *name ? table_new() : globals; for (int i = 0; i < k; i++) native_add(t, name, d[i].name, d[i].run);
    table_set(globals, TEXT(*name ? name : "_G"), TABLE(t)); table_set(loaded, TEXT(*name ? name : "_G"), TABLE(t)); return t;
}
#define MODULE(name, ...) ({ static const Def d[] = { __VA_ARGS__ }; module(name, d, sizeof d / sizeof *d); })
void open_base(void) {
    MODULE("", { "print", b_print }, { "type", b_type }, { "tostring", b_tostring }, { "tonumber", b_tonumber }, { "error", b_error },
        { "assert", b_assert }, { "pcall", b_pcall }, { "xpcall", b_xpcall }, { "next", base_next }, { "pairs", b_pairs }, { "ipairs", b_ipairs },
        { "rawget", b_rawget }, { "rawset", b_rawset }, { "rawequal", b_rawequal }, { "rawlen", b_rawlen }, { "getmetatable", b_getmetatable },
        { "setmetatable", b_setmetatable }, { "select", b_select }, { "load", b_load }, { "dofile", b_dofile }, { "loadfile", b_loadfile },
        { "warn", b_warn }, { "collectgarbage", b_collectgarbage });
    table_set(globals, TEXT("_VERSION"), TEXT("Lua 5.5")); table_set(registry, INT(1), NATIVE(native_new("", "for iterator", ipairs_step)));
    MODULE("table", { "insert", t_insert }, { "remove", t_remove }, { "concat", t_concat }, { "unpack", t_unpack }, { "pack", t_pack },
        { "move", t_move }, { "create", t_create }, { "sort", t_sort });
    Table *m = MODULE("math", { "sqrt", m_sqrt }, { "sin", m_sin }, { "cos", m_cos }, { "tan", m_tan }, { "asin", m_asin }, { "acos", m_acos },
        { "exp", m_exp }, { "deg", m_deg }, { "rad", m_rad }, { "atan", m_atan }, { "log", m_log }, { "ldexp", m_ldexp }, { "floor", m_floor },
        { "ceil", m_ceil }, { "abs", m_abs }, { "fmod", m_fmod }, { "modf", m_modf }, { "frexp", m_frexp }, { "max", m_max }, { "min", m_min },
        { "type", m_type }, { "tointeger", m_tointeger }, { "ult", m_ult }, { "random", m_random }, { "randomseed", m_randomseed });
    table_set(m, TEXT("pi"), NUM(M_PI)); table_set(m, TEXT("huge"), NUM(HUGE_VAL));
    table_set(m, TEXT("maxinteger"), INT(INT64_MAX)); table_set(m, TEXT("mininteger"), INT(INT64_MIN));
    MODULE("coroutine", { "create", c_create }, { "resume", c_resume }, { "yield", c_yield }, { "wrap", c_wrap }, { "status", c_status },
        { "running", c_running }, { "isyieldable", c_isyieldable }, { "close", c_close });
    MODULE("debug", { "traceback", d_traceback }, { "getmetatable", d_getmetatable });
}
