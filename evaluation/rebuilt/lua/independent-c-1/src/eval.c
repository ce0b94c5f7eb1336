/* Evaluator: walks the syntax tree.  Calls pass arguments and results on the value stack of the current fiber:
 * invoke(fn, base, n) finds n arguments at base and leaves its results there, with cur->top just after them. */
#include "core.h"
typedef enum { GO, BREAKING, RETURNING, TAILING, JUMPING } Flow;
static const char *event_text[M_COUNT] = { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat",
    "unm", "bnot", "len", "eq", "lt", "le", "index", "newindex", "call", "close", "tostring", "name", "pairs", "metatable" };
Str *event_name[M_COUNT];
static Node event_site[M_COUNT], iterator_site; static Native event_native; static size_t guard = 65536; static Value eval(Frame *F, Node *e);
static Flow exec_block(Frame *F, Node *b);
void eval_init(void) {
    for (int i = 0; i < M_COUNT; i++) {
        event_name[i] = str_fmt("__%s", event_text[i]); event_site[i] = (Node){ .op = E_EVENT, .val = TEXT(event_text[i]) };
    }
    iterator_site = (Node){ .op = E_EVENT, .sub = 1, .val = TEXT("for iterator") };
}
/* ---- errors ---- */
const char *kind_name(Value v) {
    static const char *names[] = { "nil", "boolean", "number", "number", "string", "table", "function", "function", "userdata", "thread" };
    return names[v.k];
}
const char *type_label(Value v) { Value nm = metamethod(v, M_NAME); return nm.k == K_STR ? nm.s->s : kind_name(v); }
/* How the source names an expression or a called function; NULL if it has no name. */
const char *name_of(const Node *e, const char **kind) {
    if (!e) return NULL;
    switch (e->op) {
    case E_LOCAL: *kind = "local"; break;
    case E_UPVAL: *kind = "upvalue"; break;
    case E_GLOBAL: *kind = "global"; break;
    case E_METHOD: *kind = "method"; break;
    case E_PAREN: return e->a->op == E_METHOD ? NULL : name_of(e->a, kind);
    case E_EVENT: *kind = e->sub ? "for iterator" : "metamethod"; break;
    case E_CONST: *kind = "constant"; return e->val.k == K_STR ? e->val.s->s : NULL;
    case E_INDEX: *kind = "field"; return e->b->op != E_CONST ? "?" : e->b->val.k == K_STR ? e->b->val.s->s : "integer index";
    default: return NULL;
    }
    return e->val.s->s;
}
Str *position(Frame *f) { return f && f->fn ? str_fmt("%s:%d: ", f->fn->code->source->s, f->line) : str_text(""); }
_Noreturn void throw_value(Value v) {
    Handler *h = cur->handler;
    if (h->msgh.k != K_NIL) { Value m = h->msgh; h->msgh = NIL; guard = 16384; v = call_one(m, 1, v, NIL, NIL); guard = 65536; }
    cur->err = v.k == K_NIL ? TEXT("<no error object>") : v; _longjmp(h->jb, 1);
}
_Noreturn static void throw_at(Frame *f, const char *fmt, va_list ap) {
    char msg[4096]; vsnprintf(msg, sizeof msg, fmt, ap); throw_value(STR(str_fmt("%s%s", position(f)->s, msg)));
}
_Noreturn void throw_fmt(const char *fmt, ...) { va_list ap; va_start(ap, fmt); throw_at(cur->frame->up, fmt, ap); }
_Noreturn static void run_error(const char *fmt, ...) { va_list ap; va_start(ap, fmt); throw_at(cur->frame, fmt, ap); }
_Noreturn static void type_error(const char *deed, Value v, const Node *e) {
    const char *kind, *nm = name_of(e, &kind); if (nm) run_error("attempt to %s a %s value (%s '%s')", deed, type_label(v), kind, nm);
    run_error("attempt to %s a %s value", deed, type_label(v));
}
Str *traceback(Fiber *fib, Frame *from, const char *msg) {
    Buf b = { 0 }; int total = 0, i = 0; if (msg) { buf_put(&b, msg, strlen(msg)); buf_put(&b, "\n", 1); }
    buf_put(&b, "stack traceback:", 16); for (Frame *f = from; f; f = f->up) total++;
    for (Frame *f = from; f; f = f->up, i++) {
        Str *s;
        if (total > 22 && i >= 10 && i < total - 11) {
            if (i > 10) continue;
            s = str_fmt("\n\t...\t(skipping %d levels)", total - 21);
        } else {
            const char *kind, *nm = f->site && f->site->op == E_CALL ? name_of(f->site->a, &kind) : name_of(f->site, &kind);
            s = f->fn ? str_fmt("\n\t%sin ", position(f)->s) : str_text("\n\t[C]: in ");
            if (f->fn && f->fn->code->is_main) s = str_fmt("%smain chunk", s->s);
            else if (nm) s = str_fmt("%s%s '%s'", s->s, kind, nm);
            else if (f->fn) s = str_fmt("%sfunction <%s:%d>", s->s, f->fn->code->source->s, f->fn->code->line);
            else if (f->nat && f->nat->name) s = str_fmt("%sfunction '%s%s%s'", s->s, f->nat->module, *f->nat->module ? "." : "", f->nat->name);
            else s = str_fmt("%s?", s->s);
            if (f->tail) s = str_fmt("%s\n\t(...tail calls...)", s->s);
        }
        buf_put(&b, s->s, s->len);
    }
    return buf_take(&b);
}
/* ---- conversions ---- */
bool to_num(Value v, double *out) {
    if (v.k == K_STR && !parse_number(v.s->s, v.s->len, &v)) return false;
    if (v.k != K_INT && v.k != K_NUM) return false;
    *out = v.k == K_INT ? (double)v.i : v.n;
    return true;
}
bool to_int(Value v, int64_t *out) {
    if (v.k == K_STR && !parse_number(v.s->s, v.s->len, &v)) return false;
    if (v.k == K_NUM && v.n >= -9223372036854775808.0 && v.n < 9223372036854775808.0 && floor(v.n) == v.n) v = INT((int64_t)v.n);
    if (v.k != K_INT) return false;
    *out = v.i;
    return true;
}
Str *number_str(Value v) {
    char s[64]; if (v.k == K_INT) return str_fmt("%lld", (long long)v.i);
    snprintf(s, sizeof s, "%.15g", v.n); if (strtod(s, NULL) != v.n) snprintf(s, sizeof s, "%.17g", v.n);
    if (!s[strspn(s, "-0123456789")]) strcat(s, ".0");
    return str_text(s);
}
Str *to_str(Value v) {
    Value m = metamethod(v, M_TOSTRING);
    if (m.k != K_NIL) {
        m = call_one(m, 1, v, NIL, NIL); if (m.k == K_INT || m.k == K_NUM) return number_str(m);
        if (m.k != K_STR) throw_fmt("'__tostring' gave something other than a string");
        return m.s;
    }
    switch (v.k) {
    case K_NIL: return str_text("nil");
    case K_BOOL: return str_text(v.b ? "true" : "false");
    case K_INT: case K_NUM: return number_str(v);
    case K_STR: return v.s;
    case K_FILE: return v.h->fp ? str_fmt("file (%p)", v.o) : str_text("file (closed)");
    default: return str_fmt("%s: %p", type_label(v), v.o);
    }
}
/* ---- metamethods and calls ---- */
Value metamethod(Value v, Op ev) {
    Table *m = v.k == K_TABLE ? v.t->meta : v.k == K_STR ? string_meta : v.k == K_FILE ? file_meta : NULL;
    return m ? table_get(m, STR(event_name[ev])) : NIL;
}
void need(int n) { if (cur->limit - cur->top < n) run_error("stack overflow"); }
static Value call_site(Value fn, int n, Value a, Value b, Value c, const Node *site) {
    Value *base = cur->top; need(8); base[0] = a; base[1] = b; base[2] = c; cur->top = base + n; Value r = invoke(fn, base, n, site) ? base[0] : NIL;
    cur->top = base; return r;
}
Value call_one(Value fn, int n, Value a, Value b, Value c) { return call_site(fn, n, a, b, c, NULL); }
static bool try_event(Op op, Value a, Value b, Value *out) {
    Value m = metamethod(a, op); if (m.k == K_NIL) m = metamethod(b, op);
    if (m.k == K_NIL) return false;
    *out = call_site(m, 2, a, b, NIL, &event_site[op]);
    return true;
}
static Cell *cell_new(Value v) { Cell *c = heap_new(sizeof *c); c->v = v; return c; }
static inline void set_local(Frame *F, Var *var, Value v) { F->slot[var->slot] = var->captured ? (Value){ .k = K_CELL, .cell = cell_new(v) } : v; }
Func *func_new(Code *c, Value env) {
    Func *f = heap_new(sizeof *f + c->ncaps * sizeof(Cell *)); f->code = c; if (c->is_main) f->cell[0] = cell_new(env);
    return f;
}
int invoke(Value fn, Value *base, int n, const Node *site) {
    Frame f; f.up = cur->frame; f.site = site; f.tail = false; f.nclosing = cur->nclosing; f.line = 0;
    if ((char *)&f - cur->cstack < (ptrdiff_t)guard) run_error("stack overflow");
    for (;;) {
        if (fn.k == K_NATIVE) {
            f.nat = fn.c; f.fn = NULL; cur->frame = &f; need(64); n = fn.c->run(base, n); cur->top = base + n; cur->frame = f.up; return n;
        }
        if (fn.k != K_FUNC) {
            Value m = metamethod(fn, M_CALL); if (m.k == K_NIL) type_error("call", fn, site && site->op == E_CALL ? site->a : site);
            memmove(base + 1, base, n * sizeof *base); base[0] = fn; fn = m; n++; cur->top = base + n; continue;
        }
        Code *c = fn.f->code; need(c->nslots + n + 64); f.fn = fn.f; f.slot = base; f.extra = base + c->nparams;
        f.nextra = c->vararg && n > c->nparams ? n - c->nparams : 0;
        if (f.nextra) { f.slot = base + n; memcpy(f.slot, base, c->nparams * sizeof *base); }
        for (int i = n < c->nparams ? n : c->nparams; i < c->nslots; i++) f.slot[i] = NIL;
        cur->top = f.slot + c->nslots; cur->frame = &f;
        for (int i = 0; i < c->nparams; i++) if (c->params[i]->captured) set_local(&f, c->params[i], f.slot[i]);
        if (c->pack) {
            Table *t = table_new(); for (int i = 0; i < f.nextra; i++) table_set(t, INT(i + 1), f.extra[i]);
            table_set(t, TEXT("n"), INT(f.nextra)); set_local(&f, c->pack, TABLE(t));
        }
        Flow fl = exec_block(&f, c->body); n = fl == GO ? 0 : f.nret; if (n) memmove(base, f.ret, n * sizeof *base);
        cur->top = base + n; cur->frame = f.up; if (fl != TAILING) return n;
        fn = f.callee; f.tail = true; f.site = site = NULL;
    }
}
bool protect(Value fn, Value *base, int n, Value msgh, int *nres) {
    Handler h = { .up = cur->handler, .frame = cur->frame, .msgh = msgh, .nclosing = cur->nclosing }; cur->handler = &h;
    if (!_setjmp(h.jb)) { *nres = invoke(fn, base, n, NULL); cur->handler = h.up; return true; }
    cur->handler = h.up; cur->frame = h.frame; cur->top = base + 1; Value err = cur->err; close_pending(h.nclosing, &err, true);
    base[0] = err; *nres = 1; return false;
}
/* Closes to-be-closed variables down to a depth; while failing, errors of closers replace the current one. */
bool close_pending(int depth, Value *err, bool failing) {
    bool ok = true;
    while (cur->nclosing > depth) {
        Value v = cur->closing[--cur->nclosing], m = metamethod(v, M_CLOSE), *b = cur->top; int r;
        if (!failing) { call_site(m, 1, v, NIL, NIL, &event_site[M_CLOSE]); continue; }
        b[0] = v; b[1] = *err; cur->top = b + 2; if (!protect(m, b, err->k == K_NIL ? 1 : 2, NIL, &r)) { *err = b[0]; ok = false; }
        cur->top = b;
    }
    return ok;
}
static void push_pending(Value v, Str *name) {
    if (!TRUTHY(v)) return;
    if (metamethod(v, M_CLOSE).k == K_NIL) run_error("variable '%s' got a non-closable value", name->s);
    if (cur->nclosing == cur->capclosing) cur->closing = realloc(cur->closing, (cur->capclosing = cur->capclosing * 2 + 8) * sizeof(Value));
    cur->closing[cur->nclosing++] = v;
}
bool load_text(const char *src, size_t len, Str *chunkname, Value env, Value *out) {
    Handler h = { .up = cur->handler, .frame = cur->frame, .msgh = NIL, .nclosing = cur->nclosing }; cur->handler = &h; bool ok = !_setjmp(h.jb);
    if (ok) *out = (Value){ .k = K_FUNC, .f = func_new(parse_chunk(src, len, chunkname), env) };
    else *out = cur->err;
    cur->handler = h.up; cur->frame = h.frame; return ok;
}
/* ---- fibers ---- */
static void fiber_entry(void) {
    Fiber *f = cur; Handler h = { .msgh = NIL }; f->handler = &h; f->failed = _setjmp(h.jb);
    if (!f->failed) f->nx = invoke(f->fn, f->stack, f->nx, NULL);
    else { f->nx = 1; f->stack[0] = f->err; }
    f->xfer = f->stack; f->state = F_DEAD; cur = f->resumer; swapcontext(&f->ctx, &cur->ctx);
}
/* Runs f with n arguments from a until it yields or ends; its values replace the arguments.  Returns their number. */
int fiber_resume(Fiber *f, Value *a, int n) {
    Fiber *me = cur;
    if (!f->started) {
        if (!fiber_stack(f, false)) throw_fmt("no memory for another coroutine");
        f->started = true; f->xfer = f->stack; getcontext(&f->ctx); f->ctx.uc_stack.ss_sp = f->cstack; f->ctx.uc_stack.ss_size = f->csize;
        makecontext(&f->ctx, fiber_entry, 0);
    }
    memcpy(f->xfer, a, n * sizeof *a); f->top = f->xfer + n; f->nx = n; f->resumer = me; me->state = F_NORMAL; f->state = F_RUNNING; cur = f;
    swapcontext(&me->ctx, &f->ctx); me->state = F_RUNNING; need(f->nx + 8); memcpy(a, f->xfer, f->nx * sizeof *a);
    if (f->state == F_DEAD && !f->nclosing) fiber_release(f);
    return f->nx;
}
int fiber_yield(Value *a, int n) {
    Fiber *f = cur; if (!f->resumer) throw_fmt("attempt to yield from outside a coroutine");
    f->xfer = a; f->nx = n; f->state = F_SUSPENDED; cur = f->resumer; swapcontext(&f->ctx, &cur->ctx); return f->nx;
}
/* ---- operations ---- */
Value index_value(Value o, Value k, const Node *n) {
    for (int loop = 0; loop < 2000; loop++) {
        Value m;
        if (o.k == K_TABLE) {
            Value v = table_get(o.t, k); if (v.k != K_NIL || !o.t->meta) return v;
            m = table_get(o.t->meta, STR(event_name[M_INDEX])); if (m.k == K_NIL) return NIL;
        } else if ((m = metamethod(o, M_INDEX)).k == K_NIL) type_error("index", o, n ? n->a : NULL);
        if (m.k == K_FUNC || m.k == K_NATIVE) return call_site(m, 2, o, k, NIL, &event_site[M_INDEX]);
        o = m; n = NULL;
    }
    run_error("too many chained '__index' values");
}
void assign_index(Value o, Value k, Value v, const Node *n) {
    for (int loop = 0; loop < 2000; loop++) {
        Value m;
        if (o.k == K_TABLE) {
            m = o.t->meta && table_get(o.t, k).k == K_NIL ? table_get(o.t->meta, STR(event_name[M_NEWINDEX])) : NIL;
            if (m.k == K_NIL) {
                if (k.k == K_NIL || (k.k == K_NUM && isnan(k.n))) run_error("table index is %s", k.k == K_NIL ? "nil" : "NaN");
                table_set(o.t, k, v); return;
            }
        } else if ((m = metamethod(o, M_NEWINDEX)).k == K_NIL) type_error("index", o, n ? n->a : NULL);
        if (m.k == K_FUNC || m.k == K_NATIVE) { call_site(m, 3, o, k, v, &event_site[M_NEWINDEX]); return; }
        o = m; n = NULL;
    }
    run_error("too many chained '__newindex' values");
}
static int64_t shift_left(int64_t a, int64_t n) { return n <= -64 || n >= 64 ? 0 : n >= 0 ? (int64_t)((uint64_t)a << n) : (int64_t)((uint64_t)a >> -n); }
static bool compute(Op op, Value a, Value b, Value *out) {
    int64_t x, y; double p, q;
    if (op >= M_BAND && op <= M_SHR || op == M_BNOT) {
        if (!to_int(a, &x) || !to_int(b, &y)) return false;
        *out = INT(op == M_BAND ? x & y : op == M_BOR ? x | y : op == M_BXOR ? x ^ y : op == M_SHL ? shift_left(x, y) : op == M_SHR ? (y == INT64_MIN ? 0 : shift_left(x, -y)) : ~x);
        return true;
    }
    if (a.k == K_STR && !parse_number(a.s->s, a.s->len, &a)) return false;
    if (b.k == K_STR && !parse_number(b.s->s, b.s->len, &b)) return false;
    if (a.k == K_INT && b.k == K_INT && op != M_DIV && op != M_POW) {
        x = a.i; y = b.i;
        switch (op) {
        case M_ADD: *out = INT((uint64_t)x + y); return true;
        case M_SUB: *out = INT((uint64_t)x - y); return true;
        case M_MUL: *out = INT((uint64_t)x * y); return true;
        case M_UNM: *out = INT(-(uint64_t)x); return true;
        default: if (y == 0) run_error(op == M_MOD ? "attempt to perform 'n%%0'" : "attempt to divide by zero");
            if (y == -1) *out = INT(op == M_MOD ? 0 : -(uint64_t)x);
            else if (op == M_MOD) *out = INT(x % y && (x % y ^ y) < 0 ? x % y + y : x % y);
            else *out = INT(x / y - (x % y && (x ^ y) < 0));
            return true;
        }
    }
    if (!to_num(a, &p) || !to_num(b, &q)) return false;
    if (op == M_MOD) { double m = fmod(p, q); if (m != 0 && (m < 0) != (q < 0)) m += q; *out = NUM(m); }
    else *out = NUM(op == M_ADD ? p + q : op == M_SUB ? p - q : op == M_MUL ? p * q : op == M_DIV ? p / q : op == M_POW ? (q == 2 ? p * p : pow(p, q)) : op == M_IDIV ? floor(p / q) : -p);
    return true;
}
#define NUMERIC(v) ((v).k == K_INT || (v).k == K_NUM)
Value arith(Op op, Value a, Value b, const Node *n) {
    Value r; bool bits = op >= M_BAND && op <= M_SHR || op == M_BNOT;
    if (op == M_CONCAT && (NUMERIC(a) || a.k == K_STR) && (NUMERIC(b) || b.k == K_STR)) {
        Str *x = to_str(a), *y = to_str(b); Buf buf = { malloc(x->len + y->len + 1), 0, x->len + y->len + 1 };
        buf_put(&buf, x->s, x->len); buf_put(&buf, y->s, y->len); return STR(buf_take(&buf));
    }
    if ((op != M_CONCAT && compute(op, a, b, &r)) || try_event(op, a, b, &r)) return r;
    const Node *ea = n ? n->a : NULL, *eb = n && n->op == E_BINARY ? n->b : NULL; bool second = NUMERIC(a) || (op == M_CONCAT && a.k == K_STR);
    if (bits && NUMERIC(a) && NUMERIC(b)) run_error("number has no integer representation");
    if (op != M_CONCAT && !bits && (a.k == K_STR || b.k == K_STR)) {
        Frame f = { .up = cur->frame, .nat = &event_native, .site = &event_site[op] }; cur->frame = &f;
        throw_fmt("attempt to %s a '%s' with a '%s'", event_text[op], type_label(a), type_label(b));
    }
    type_error(op == M_CONCAT ? "concatenate" : bits ? "perform bitwise operation on" : "perform arithmetic on", second ? b : a, second ? eb : ea);
}
static int order(Op op, Value a, Value b) {
    if (a.k == K_INT && b.k == K_INT) return op == M_LT ? a.i < b.i : a.i <= b.i;
    if (NUMERIC(a) && NUMERIC(b)) { long double x = a.k == K_INT ? a.i : a.n, y = b.k == K_INT ? b.i : b.n; return op == M_LT ? x < y : x <= y; }
    if (a.k == K_STR && b.k == K_STR) {
        size_t m = a.s->len < b.s->len ? a.s->len : b.s->len; int c = memcmp(a.s->s, b.s->s, m);
        if (!c) c = (a.s->len > b.s->len) - (a.s->len < b.s->len);
        return op == M_LT ? c < 0 : c <= 0;
    }
    Value r; if (try_event(op, a, b, &r)) return TRUTHY(r);
    const char *x = type_label(a), *y = type_label(b); if (!strcmp(x, y)) run_error("attempt to compare two %s values", x);
    run_error("attempt to compare %s with %s", x, y);
}
bool less_than(Value a, Value b) { return order(M_LT, a, b); }
bool less_equal(Value a, Value b) { return order(M_LE, a, b); }
bool equal_values(Value a, Value b) {
    Value r; if (raw_equal(a, b)) return true;
    return a.k == K_TABLE && b.k == K_TABLE && (a.t->meta || b.t->meta) && try_event(M_EQ, a, b, &r) && TRUTHY(r);
}
Value length_of(Value v, const Node *n) {
    if (v.k == K_STR) return INT(v.s->len);
    Value m = metamethod(v, M_LEN); if (m.k != K_NIL) return call_site(m, 1, v, NIL, NIL, &event_site[M_LEN]);
    if (v.k != K_TABLE) type_error("get length of", v, n ? n->a : NULL);
    return INT(v.t->alen);
}
/* ---- expressions ---- */
static bool is_multi(Node *e) { return e->op == E_CALL || e->op == E_METHOD || e->op == E_VARARG; }
static inline void push(Value v) { if (cur->top >= cur->limit) run_error("stack overflow"); *cur->top++ = v; }
static void push_list(Frame *F, Node **e, int n);
/* Pushes the arguments of a call and returns the function to be called. */
static Value prepare_call(Frame *F, Node *e) {
    Value fn = eval(F, e->a); if (e->op == E_METHOD) { Value self = fn; F->line = e->line; fn = index_value(self, e->val, e); push(self); }
    push_list(F, e->rhs, e->m); F->line = e->line; return fn;
}
/* Pushes all values of an expression. */
static void push_multi(Frame *F, Node *e) {
    if (e->op == E_CALL || e->op == E_METHOD) {
        Value *base = cur->top, fn = prepare_call(F, e); invoke(fn, base, cur->top - base, e);
    } else if (e->op == E_VARARG) { need(F->nextra + 8); memcpy(cur->top, F->extra, F->nextra * sizeof(Value)); cur->top += F->nextra; }
    else { Value v = eval(F, e); push(v); }
}
static void push_list(Frame *F, Node **e, int n) {
    for (int i = 0; i < n - 1; i++) { Value v = eval(F, e[i]); push(v); }
    if (n) push_multi(F, e[n - 1]);
}
static Value eval(Frame *F, Node *e) {
    Value a, b;
    switch (e->op) {
    case E_CONST: return e->val;
    case E_LOCAL: return e->var->captured ? F->slot[e->var->slot].cell->v : F->slot[e->var->slot];
    case E_UPVAL: return F->fn->cell[e->n]->v;
    case E_GLOBAL: case E_INDEX: a = eval(F, e->a); b = e->op == E_GLOBAL ? e->val : e->b->op == E_CONST ? e->b->val : eval(F, e->b);
        if (a.k == K_TABLE && !a.t->meta) return table_get(a.t, b);
        F->line = e->line; return index_value(a, b, e);
    case E_CALL: case E_METHOD: {
        Value *base = cur->top, fn = prepare_call(F, e); a = invoke(fn, base, cur->top - base, e) ? base[0] : NIL; cur->top = base; return a;
    }
    case E_VARARG: return F->nextra ? F->extra[0] : NIL;
    case E_PAREN: return eval(F, e->a);
    case E_AND: a = eval(F, e->a); return TRUTHY(a) ? eval(F, e->b) : a;
    case E_OR: a = eval(F, e->a); return TRUTHY(a) ? a : eval(F, e->b);
    case E_NOT: a = eval(F, e->a); return BOOL(!TRUTHY(a));
    case E_UNARY: a = eval(F, e->a); F->line = e->line; return e->sub == M_LEN ? length_of(a, e) : arith(e->sub, a, a, e);
    case E_BINARY: a = eval(F, e->a); b = eval(F, e->b);
        if (a.k == K_INT && b.k == K_INT) switch (e->sub) {
        case M_ADD: return INT((uint64_t)a.i + b.i);
        case M_SUB: return INT((uint64_t)a.i - b.i);
        case M_MUL: return INT((uint64_t)a.i * b.i);
        case M_LT: return BOOL(a.i < b.i);
        case M_LE: return BOOL(a.i <= b.i);
        case M_EQ: return BOOL(a.i == b.i);
        } else if (a.k == K_NUM && b.k == K_NUM) switch (e->sub) {
        case M_ADD: return NUM(a.n + b.n);
        case M_SUB: return NUM(a.n - b.n);
        case M_MUL: return NUM(a.n * b.n);
        case M_DIV: return NUM(a.n / b.n);
        }
        F->line = e->line;
        switch (e->sub) {
        case M_EQ: return BOOL(equal_values(a, b));
        case O_NE: return BOOL(!equal_values(a, b));
        case M_LT: return BOOL(less_than(a, b));
        case M_LE: return BOOL(less_equal(a, b));
        case O_GT: return BOOL(less_than(b, a));
        case O_GE: return BOOL(less_equal(b, a));
        default: return arith(e->sub, a, b, e);
        }
    case E_FUNC: {
        Func *f = func_new(e->code, NIL);
        for (int i = 0; i < e->code->ncaps; i++) {
            Capture *c = &e->code->caps[i]; f->cell[i] = c->from_local ? F->slot[c->var->slot].cell : F->fn->cell[c->idx];
        }
        return (Value){ .k = K_FUNC, .f = f };
    }
    case E_TABLE: {
        Table *t = table_new(); int64_t at = 1;
        for (int i = 0; i < e->n; i++) {
            if (e->kid[i]) { a = eval(F, e->kid[i]); b = eval(F, e->rhs[i]); F->line = e->line; assign_index(TABLE(t), a, b, NULL); }
            else if (i < e->n - 1 || !is_multi(e->rhs[i])) table_set(t, INT(at++), eval(F, e->rhs[i]));
            else {
                Value *base = cur->top; push_multi(F, e->rhs[i]); for (Value *v = base; v < cur->top; v++) table_set(t, INT(at++), *v);
                cur->top = base;
            }
        }
        return TABLE(t);
    }
    }
    return NIL;
}
/* ---- statements ---- */
static void store(Frame *F, Node *e, Value o, Value k, Value v) {
    if (e->op == E_LOCAL) { if (e->var->captured) F->slot[e->var->slot].cell->v = v; else F->slot[e->var->slot] = v; }
    else if (e->op == E_UPVAL) F->fn->cell[e->n]->v = v;
    else { F->line = e->line; assign_index(o, k, v, e); }
}
/* Evaluates a list of expressions to exactly want values at the returned place. */
static Value *adjusted(Frame *F, Node *n, int want) {
    Value *base = cur->top; push_list(F, n->rhs, n->m); need(want + 8); while (cur->top < base + want) *cur->top++ = NIL;
    return base;
}
static void assign(Frame *F, Node *n) {
    Value o = NIL, k = NIL, *base = cur->top;
    if (n->n == 1 && n->m == 1) {
        Node *e = n->kid[0]; if (e->op == E_INDEX) { o = eval(F, e->a); push(o); k = eval(F, e->b); }
        else if (e->op == E_GLOBAL) { o = eval(F, e->a); k = e->val; }
        store(F, e, o, k, eval(F, n->rhs[0])); cur->top = base; return;
    }
    for (int i = 0; i < n->n; i++) {
        Node *e = n->kid[i]; o = e->op == E_INDEX || e->op == E_GLOBAL ? eval(F, e->a) : NIL; push(o);
        k = e->op == E_INDEX ? eval(F, e->b) : e->val; push(k);
    }
    Value *v = adjusted(F, n, n->n); for (int i = n->n; i-- > 0;) store(F, n->kid[i], base[2 * i], base[2 * i + 1], v[i]);
    cur->top = base;
}
static void for_check(Value v, const char *what) { if (!NUMERIC(v)) run_error("bad 'for' %s (number expected, got %s)", what, type_label(v)); }
static Flow for_numeric(Frame *F, Node *n) {
    Value i = eval(F, n->rhs[0]), lim = eval(F, n->rhs[1]), step = n->m > 2 ? eval(F, n->rhs[2]) : INT(1); Flow fl = GO; double a, b, s;
    F->line = n->line; for_check(i, "initial value"); for_check(lim, "limit"); for_check(step, "step");
    if (step.k == K_INT ? step.i == 0 : step.n == 0) run_error("'for' step is zero");
    if (i.k == K_INT && step.k == K_INT) {
        int64_t l; if (lim.k == K_INT) l = lim.i;
        else if (isnan(lim.n)) return GO;
        else if (lim.n >= 9223372036854775808.0) { if (step.i < 0) return GO; l = INT64_MAX; }
        else if (lim.n < -9223372036854775808.0) { if (step.i > 0) return GO; l = INT64_MIN; }
        else l = (int64_t)(step.i > 0 ? floor(lim.n) : ceil(lim.n));
        if (step.i > 0 ? i.i > l : i.i < l) return GO;
        uint64_t count = step.i > 0 ? ((uint64_t)l - i.i) / (uint64_t)step.i : ((uint64_t)i.i - l) / -(uint64_t)step.i;
        for (;; i.i += step.i) { set_local(F, n->vars[0], i); if ((fl = exec_block(F, n->a)) != GO || count-- == 0) return fl; }
    }
    to_num(i, &a); to_num(lim, &b); to_num(step, &s);
    for (; s > 0 ? a <= b : a >= b; a += s) { set_local(F, n->vars[0], NUM(a)); if ((fl = exec_block(F, n->a)) != GO) break; }
    return fl;
}
static Flow for_in(Frame *F, Node *n) {
    int depth = cur->nclosing; Flow fl = GO; Value *base = adjusted(F, n, 4), fn = base[0], state = base[1], control = base[2], closer = base[3];
    cur->top = base; F->line = n->line; if (closer.k != K_NIL) push_pending(closer, str_text("closing value of the loop"));
    uint32_t pos = 0; bool quick = fn.k == K_NATIVE && fn.c->run == base_next && state.k == K_TABLE && control.k == K_NIL;
    for (;;) {
        int r = 2; if (quick) { if (!table_step(state.t, &pos, &base[0], &base[1])) break; }
        else {
            base[0] = state; base[1] = control; cur->top = base + 2; F->line = n->line; r = invoke(fn, base, 2, &iterator_site);
            if (!r || base[0].k == K_NIL) { cur->top = base; break; }
        }
        for (; r < n->n; r++) base[r] = NIL;
        control = base[0]; for (int i = 0; i < n->n; i++) set_local(F, n->vars[i], base[i]);
        cur->top = base; if ((fl = exec_block(F, n->a)) != GO) break;
    }
    if (cur->nclosing > depth) close_pending(depth, NULL, false);
    return fl;
}
static Flow exec(Frame *F, Node *n) {
    Flow fl; Value v, *base = cur->top;
    switch (n->op) {
    case S_BLOCK: return exec_block(F, n);
    case S_LOCAL: if (n->n == 1 && n->m == 1) set_local(F, n->vars[0], eval(F, n->rhs[0]));
        else { adjusted(F, n, n->n); for (int i = 0; i < n->n; i++) set_local(F, n->vars[i], base[i]); cur->top = base; }
        F->line = n->line;
        if (n->sub) for (int i = 0; i < n->n; i++) if (n->vars[i]->attr == ATTR_CLOSE) push_pending(n->vars[i]->captured ? F->slot[n->vars[i]->slot].cell->v : F->slot[n->vars[i]->slot], n->vars[i]->name);
        return GO;
    case S_GLOBAL: adjusted(F, n, n->n);
        for (int i = 0; i < n->n; i++) {
            Value env = eval(F, n->kid[i]->a); F->line = n->line;
            if (index_value(env, n->kid[i]->val, n->kid[i]).k != K_NIL) run_error("global '%s' already defined", n->kid[i]->val.s->s);
            assign_index(env, n->kid[i]->val, base[i], n->kid[i]);
        }
        cur->top = base; return GO;
    case S_ASSIGN: assign(F, n); return GO;
    case S_CALL: v = prepare_call(F, n->a); invoke(v, base, cur->top - base, n->a); cur->top = base; return GO;
    case S_WHILE: while (v = eval(F, n->a), TRUTHY(v)) if ((fl = exec_block(F, n->b)) != GO) return fl == BREAKING ? GO : fl;
        return GO;
    case S_REPEAT: do if ((fl = exec_block(F, n->b)) != GO) return fl == BREAKING ? GO : fl;
        while (v = eval(F, n->a), !TRUTHY(v));
        return GO;
    case S_IF: for (int i = 0; i < n->n; i++) if (!n->kid[i] || (v = eval(F, n->kid[i]), TRUTHY(v))) return exec_block(F, n->rhs[i]);
        return GO;
    case S_FORNUM: fl = for_numeric(F, n); return fl == BREAKING ? GO : fl;
    case S_FORIN: fl = for_in(F, n); return fl == BREAKING ? GO : fl;
    case S_LOCALFUNC: set_local(F, n->var, NIL); v = eval(F, n->a);
        if (n->var->captured) F->slot[n->var->slot].cell->v = v; else F->slot[n->var->slot] = v;
        return GO;
    case S_RETURN: F->ret = base;
        if (n->m == 1 && (n->rhs[0]->op == E_CALL || n->rhs[0]->op == E_METHOD) && cur->nclosing == F->nclosing) {
            F->callee = prepare_call(F, n->rhs[0]); if (F->callee.k == K_FUNC) { F->nret = cur->top - base; return TAILING; }
            invoke(F->callee, base, cur->top - base, n->rhs[0]);
        } else push_list(F, n->rhs, n->m);
        F->nret = cur->top - base; return RETURNING;
    case S_BREAK: return BREAKING;
    case S_GOTO: F->target = n->a; return JUMPING;
    }
    return GO;
}
static Flow exec_block(Frame *F, Node *b) {
    int depth = cur->nclosing; Flow fl = GO;
    for (int i = 0; i < b->n; i++) {
        if ((fl = exec(F, b->kid[i])) == GO) continue;
        if (fl != JUMPING || F->target->a != b) break;
        i = F->target->m; fl = GO;
    }
    if (cur->nclosing > depth) close_pending(depth, NULL, false);
    return fl;
}
