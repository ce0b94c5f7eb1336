/* eval.c - evaluates filters: each node passes every output it produces to a receiver K. A path is
   carried along when path() or an assignment wants it; NO_PATH marks a value that is not part of the input. */
#include "program.h"

static const Path ROOT, NO_PATH;
#define TO(...) (&(K){__VA_ARGS__})
#define RECEIVER(name) static Status name(K *s, const Path *p, Val v)
static Status emit(K *k, const Path *p, Val v) { return k->f(k, p, v); }
static Status made(K *k, const Path *p, Val v) { return k->f(k, p ? &NO_PATH : NULL, v); }
static Env *walk(Env *e, int up) { while (up-- > 0) e = e->up; return e; }
static Env *cell(Env *up, Val v, Node *body, Env *env) {
    Env *c = alloc(sizeof *c);
    *c = (Env){up, v, body, env};
    return c;
}
static Path *extend(const Path *up, Val key) {
    Path *q = alloc(sizeof *q);
    *q = (Path){up, key};
    return q;
}
static Val path_keys(const Path *p) { return p == &ROOT ? EMPTY_ARR : arr_push(path_keys(p->up), p->key); }

/* ---- access ---- */
static Status emit_at(const Path *p, Val t, Val key, K *k) {
    Val out; if (p == &NO_PATH) return fail("Invalid path expression near attempt to access element %J of %J", key, t);
    if (val_index(t, key, &out)) return FAILED;
    return emit(k, p ? extend(p, key) : NULL, out);
}
RECEIVER(got_target) { return emit_at(p, v, s->v, s->k); }
RECEIVER(got_key) { (void)p; return eval(s->n->a, s->e, s->p, s->v, TO(.f = got_target, .v = v, .k = s->k)); }
RECEIVER(got_end) {
    (void)p; Val key = obj_put(obj_put(EMPTY_OBJ, "start", s->w), "end", v);
    if ((s->w.t != T_NUM && s->w.t != T_NULL) || (v.t != T_NUM && v.t != T_NULL)) return fail("Array/string slice indices must be integers");
    return eval(s->n->a, s->e, s->p, s->v, TO(.f = got_target, .v = key, .k = s->k));
}
RECEIVER(got_start) {
    (void)p; K *k = TO(.f = got_end, .n = s->n, .e = s->e, .p = s->p, .v = s->v, .w = v, .k = s->k);
    return s->n->c ? eval(s->n->c, s->e, NULL, s->v, k) : emit(k, NULL, NULL_VAL);
}
static Status each(const Path *p, Val v, K *k) {
    if (p == &NO_PATH) return fail("Invalid path expression near attempt to iterate through %J", v);
    if (v.t != T_ARR && v.t != T_OBJ) return fail("Cannot iterate over %V", v);
    Status r = OK;
    for (size_t i = 0; i < v.len && r == OK; i++)
        if (v.t == T_ARR) r = emit(k, p ? extend(p, num(i)) : NULL, v.a->v[i]);
        else r = emit(k, p ? extend(p, (Val){.t = T_STR, .s = v.o->e[i].k}) : NULL, v.o->e[i].v);
    return r;
}
RECEIVER(each_of) { return each(p, v, s->k); }
RECEIVER(recurse) { Status r = emit(s->k, p, v); return r || (v.t != T_ARR && v.t != T_OBJ) ? r : each(p, v, TO(.f = recurse, .k = s->k)); }
/* ---- operators and construction ---- */
RECEIVER(then) { return eval(s->n, s->e, p, v, s->k); }
RECEIVER(collect) { (void)p; s->v = arr_push(s->v, v); return OK; }
RECEIVER(keep_last) { (void)p; s->v = v; return OK; }
RECEIVER(got_left) { (void)p; Val out; return binary_op(s->n->op, v, s->v, &out) ? FAILED : made(s->k, s->p, out); }
RECEIVER(got_right) { (void)p; return eval(s->n->a, s->e, NULL, s->v, TO(.f = got_left, .n = s->n, .v = v, .p = s->p, .k = s->k)); }
RECEIVER(as_bool) { (void)p; return made(s->k, s->p, boolean(truthy(v))); }
RECEIVER(got_logic) {
    (void)p; bool is_or = s->n->k == N_OR; if (truthy(v) == is_or) return made(s->k, s->p, boolean(is_or));
    return eval(s->n->b, s->e, NULL, s->v, TO(.f = as_bool, .p = s->p, .k = s->k));
}
RECEIVER(negate) {
    if (v.t != T_NUM) return fail("%V cannot be negated", v);
    Val r = num(v.n ? -v.n : 0);
    if (v.lit && v.n) { Text t = {0}; if (*v.lit != '-') text_chr(&t, '-'); text_str(&t, v.lit + (*v.lit == '-')); r.lit = text_val(&t).s->b; }
    return made(s->k, p, r);
}
RECEIVER(choose) {
    (void)p; Node *branch = truthy(v) ? s->n->b : s->n->c; return branch ? eval(branch, s->e, s->p, s->v, s->k) : emit(s->k, s->p, s->v);
}
/* Passes on outputs, noting whether a failure came from downstream and so must not be caught here. */
RECEIVER(guarded) {
    if (s->n && !truthy(v)) return OK;
    Status r = emit(s->k, p, v); s->i |= r == FAILED ? 2 : 1; return r;
}
static Status build_object(Node *n, int i, Env *e, const Path *p, Val in, Val acc, K *k);
RECEIVER(got_field) { (void)p; return build_object(s->n, s->i + 2, s->e, s->p, s->v, obj_set(s->w, s->x, v), s->k); }
RECEIVER(got_name) {
    (void)p; if (v.t != T_STR) return fail("Cannot use %V as object key", v);
    return eval(s->n->kids[s->i + 1], s->e, NULL, s->v, TO(.f = got_field, .n = s->n, .i = s->i, .e = s->e, .p = s->p, .v = s->v, .w = s->w, .x = v.s, .k = s->k));
}
static Status build_object(Node *n, int i, Env *e, const Path *p, Val in, Val acc, K *k) {
    if (i >= n->n) return made(k, p, acc);
    return eval(n->kids[i], e, NULL, in, TO(.f = got_name, .n = n, .i = i, .e = e, .p = p, .v = in, .w = acc, .k = k));
}
/* Strings are built from the last part to the first. */
static Status build_string(Node *n, int i, Env *e, const Path *p, Val in, Val tail, K *k);
RECEIVER(got_part) {
    (void)p; if (s->n->kids[s->i]->k != N_LIT && apply_format(s->n->op, v, &v)) return FAILED;
    binary_op("+", v, s->w, &v); return build_string(s->n, s->i - 1, s->e, s->p, s->v, v, s->k);
}
static Status build_string(Node *n, int i, Env *e, const Path *p, Val in, Val tail, K *k) {
    if (i < 0) return made(k, p, tail);
    return eval(n->kids[i], e, NULL, in, TO(.f = got_part, .n = n, .i = i, .e = e, .p = p, .v = in, .w = tail, .k = k));
}
/* ---- variables, reduce, calls ---- */
/* Assigns the variables of a pattern, held in the n->n innermost cells of e; keys are computed from `in`. */
static Status bind(Node *n, Pat *pat, Val v, Env *e, Val in) {
    if (pat->n == 0) walk(e, n->n - 1 - pat->var)->v = v;
    for (int i = 0; i < pat->n; i++) {
        K key = {.f = keep_last, .v = num(i)}; Val child;
        if (pat->is_obj && eval(pat->keys[i], walk(e, n->n - pat->known[i]), NULL, in, &key)) return FAILED;
        if (pat->is_obj && key.v.t != T_STR) return fail("Cannot index %s with %s", type_name(v), type_name(key.v));
        if (val_index(v, key.v, &child)) return FAILED;
        if (pat->is_obj && pat->key_var[i] >= 0) walk(e, n->n - 1 - pat->key_var[i])->v = child;
        if (pat->subs[i] && bind(n, pat->subs[i], child, e, in)) return FAILED;
    }
    return OK;
}
static Env *variable_cells(Node *n, Env *e) {
    for (int i = 0; i < n->n; i++) e = cell(e, NULL_VAL, NULL, NULL);
    return e;
}
RECEIVER(destructure) {
    (void)p; Env *e = variable_cells(s->n, s->e); return bind(s->n, s->n->pat, v, e, s->v) ? FAILED : eval(s->n->b, e, s->p, s->v, s->k);
}
RECEIVER(extracted) { return emit(s->k, s->p ? p : NULL, v); }
RECEIVER(foreach_state) {
    s->v = v; return s->n->d ? eval(s->n->d, s->e, p, v, TO(.f = extracted, .p = s->p, .k = s->k)) : emit(s->k, s->p ? &NO_PATH : NULL, v);
}
RECEIVER(fold_item) { /* s->x: the receiver that holds the state */
    (void)p; K *state = s->x; Val from = state->v; state->e = variable_cells(s->n, s->e);
    if (bind(s->n, s->n->pat, v, state->e, s->v)) return FAILED;
    if (s->n->k == N_REDUCE) state->v = NULL_VAL;
    return eval(s->n->c, state->e, NULL, from, state);
}
RECEIVER(fold) {
    (void)p; K state = {.f = s->n->k == N_REDUCE ? keep_last : foreach_state, .n = s->n, .v = v, .p = s->p, .k = s->k};
    Status r = eval(s->n->a, s->e, NULL, s->v, TO(.f = fold_item, .n = s->n, .e = s->e, .v = s->v, .x = &state));
    return r || s->n->k == N_FOREACH ? r : emit(s->k, s->p, state.v);
}
static Status call_function(Node *n, int i, Env *callee, Env *caller, const Path *p, Val v, K *k);
RECEIVER(got_arg) { (void)p; return call_function(s->n, s->i, cell(s->x, v, NULL, NULL), s->e, s->p, s->v, s->k); }
static Status call_function(Node *n, int i, Env *callee, Env *caller, const Path *p, Val v, K *k) {
    for (; i < n->n; i++) {
        callee = cell(callee, NULL_VAL, n->kids[i], caller);
        if (n->fn->by_value[i]) return eval(n->kids[i], caller, NULL, v, TO(.f = got_arg, .n = n, .i = i + 1, .x = callee, .e = caller, .p = p, .v = v, .k = k));
    }
    return eval(n->fn->body, callee, p, v, k);
}
static Status call_native(Node *n, int i, Val *args, Env *e, const Path *p, Val v, K *k);
RECEIVER(got_native_arg) { (void)p; ((Val *)s->x)[s->i] = v; return call_native(s->n, s->i + 1, s->x, s->e, s->p, s->v, s->k); }
static Status call_native(Node *n, int i, Val *args, Env *e, const Path *p, Val v, K *k) {
    if (i < n->n) return eval(n->kids[i], e, NULL, v, TO(.f = got_native_arg, .n = n, .i = i, .x = args, .e = e, .p = p, .v = v, .k = k));
    const Native *f = n->native; Val out = NULL_VAL, *a = f->m2 ? args : &v;
    if (f->fn) return f->fn(v, args, &out) ? FAILED : made(k, p, out);
    for (int j = 0; j < (f->m2 ? 2 : 1); j++) if (a[j].t != T_NUM) return fail("%V number required", a[j]);
    return made(k, p, num(f->m2 ? f->m2(a[0].n, a[1].n) : f->m1(a[0].n)));
}
/* ---- paths and assignment ---- */
RECEIVER(path_of) {
    if (p == &NO_PATH) return fail("Invalid path expression with result %J", v);
    return made(s->k, s->p, path_keys(p));
}
RECEIVER(first_output) { (void)p; s->v = v; s->i = 1; broken_label = s; return BROKEN; }
RECEIVER(update_all) { /* v: the right-hand value; s->v: the input */
    (void)p; K list = {.f = collect, .v = EMPTY_ARR}, got; Val t = s->v, dead = EMPTY_ARR, old;
    Status r = eval(s->n->a, s->e, &ROOT, t, TO(.f = path_of, .k = &list));
    for (size_t i = 0; !r && i < list.v.len; i++) {
        Val path = list.v.a->v[i]; if ((r = val_getpath(t, path, &old))) break;
        if (!strcmp(s->n->op, "|=")) {
            got = (K){.f = first_output}; r = eval(s->n->b, s->e, NULL, old, &got); if (r == BROKEN && broken_label == &got) r = OK;
            if (!got.i) { dead = arr_push(dead, path); continue; }
            old = got.v;
        } else if (!strcmp(s->n->op, "=")) old = v;
        else if (!strcmp(s->n->op, "//=")) old = truthy(old) ? old : v;
        else r = binary_op((char[]){s->n->op[0], 0}, old, v, &old);
        if (!r) r = val_setpath(t, path, 0, old, &t);
    }
    return r || val_delpaths(t, dead, &t) ? (r ? r : FAILED) : made(s->k, s->p, t);
}
/* ---- builtins that take filters or produce several outputs ---- */
static const char *specials[] = {"empty/0", "error/0", "path/1", "getpath/1", "recurse/0", "range/2", "input/0", "inputs/0"};
bool is_special(const char *name, int arity) {
    char b[80]; snprintf(b, sizeof b, "%s/%d", name, arity);
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) if (!strcmp(b, specials[i])) return true;
    return false;
}
RECEIVER(range_to) {
    (void)p; Status r = OK; if (s->w.t != T_NUM || v.t != T_NUM) return fail("Range bounds must be numeric");
    for (double i = s->w.n; i < v.n && r == OK; i++) r = made(s->k, s->p, num(i));
    return r;
}
RECEIVER(range_from) { (void)p; return eval(s->n->kids[1], s->e, NULL, s->v, TO(.f = range_to, .w = v, .p = s->p, .k = s->k)); }
RECEIVER(at_path) {
    (void)p; Val out; const Path *q = s->p;
    if (q == &NO_PATH) return fail("Invalid path expression near attempt to access element %J of %J", v, s->v);
    if (val_getpath(s->v, v, &out)) return FAILED;
    for (size_t i = 0; q && i < v.len; i++) q = extend(q, v.a->v[i]);
    return emit(s->k, q, out);
}
static Status special(Node *n, Env *e, const Path *p, Val v, K *k) {
    bool have;
    switch (n->op[0] == 'e' ? n->op[1] : n->op[0]) {
    case 'm': return OK;
    case 'p': return eval(n->kids[0], e, &ROOT, v, TO(.f = path_of, .p = p, .k = k));
    case 'g': return eval(n->kids[0], e, NULL, v, TO(.f = at_path, .p = p, .v = v, .k = k));
    case 'i':
        for (Status r = OK; r == OK;) {
            if (next_input(&v, &have)) return FAILED;
            if (!have) return n->op[5] ? OK : fail("break");
            r = made(k, p, v); if (r || !n->op[5]) return r;
        }
        return OK;
    case 'r':
        if (n->op[1] == 'e') return recurse(TO(.k = k), p, v);
        if (n->op[1] == 'a') return eval(n->kids[0], e, NULL, v, TO(.f = range_from, .n = n, .e = e, .p = p, .v = v, .k = k));
        error_val = v;
    }
    return FAILED;
}
Status eval(Node *n, Env *e, const Path *p, Val v, K *k) {
    K g; Status r;
    switch (n->k) {
    case N_ID: return emit(k, p, v);
    case N_LIT: return made(k, p, n->v);
    case N_INDEX: return eval(n->b, e, NULL, v, TO(.f = got_key, .n = n, .e = e, .p = p, .v = v, .k = k));
    case N_SLICE:
        g = (K){.f = got_start, .n = n, .e = e, .p = p, .v = v, .k = k};
        return n->b ? eval(n->b, e, NULL, v, &g) : emit(&g, NULL, NULL_VAL);
    case N_ITER: return eval(n->a, e, p, v, TO(.f = each_of, .k = k));
    case N_PIPE: return eval(n->a, e, p, v, TO(.f = then, .n = n->b, .e = e, .k = k));
    case N_COMMA: r = eval(n->a, e, p, v, k); return r ? r : eval(n->b, e, p, v, k);
    case N_NEG: return eval(n->a, e, p, v, TO(.f = negate, .k = k));
    case N_BIN: return eval(n->b, e, NULL, v, TO(.f = got_right, .n = n, .e = e, .p = p, .v = v, .k = k));
    case N_AND: case N_OR: return eval(n->a, e, NULL, v, TO(.f = got_logic, .n = n, .e = e, .p = p, .v = v, .k = k));
    case N_ALT:
        g = (K){.f = guarded, .n = n, .k = k}; r = eval(n->a, e, p, v, &g);
        return g.i == 0 && r != BROKEN ? eval(n->b, e, p, v, k) : r == FAILED && !(g.i & 2) ? OK : r;
    case N_ASSIGN:
        g = (K){.f = update_all, .n = n, .e = e, .p = p, .v = v, .k = k};
        return strcmp(n->op, "|=") ? eval(n->b, e, NULL, v, &g) : emit(&g, NULL, v);
    case N_IF: return eval(n->a, e, NULL, v, TO(.f = choose, .n = n, .e = e, .p = p, .v = v, .k = k));
    case N_TRY:
        g = (K){.f = guarded, .k = k}; r = eval(n->a, e, p, v, &g); if (r != FAILED || g.i & 2) return r;
        return n->b ? eval(n->b, e, p ? &NO_PATH : NULL, error_val, k) : OK;
    case N_REDUCE: case N_FOREACH: return eval(n->b, e, NULL, v, TO(.f = fold, .n = n, .e = e, .p = p, .v = v, .k = k));
    case N_DEF: return eval(n->b, cell(e, NULL_VAL, NULL, NULL), p, v, k);
    case N_CALL: return call_function(n, 0, n->up < 0 ? NULL : walk(e, n->up), e, p, v, k);
    case N_PARAM: e = walk(e, n->up); return eval(e->body, e->env, p, v, k);
    case N_NATIVE: return call_native(n, 0, (Val[4]){{0}}, e, p, v, k);
    case N_SPECIAL: return special(n, e, p, v, k);
    case N_VAR: return made(k, p, walk(e, n->up)->v);
    case N_AS: return eval(n->a, e, NULL, v, TO(.f = destructure, .n = n, .e = e, .p = p, .v = v, .k = k));
    case N_LABEL: e = cell(e, NULL_VAL, NULL, NULL); r = eval(n->a, e, p, v, k); return r == BROKEN && broken_label == e ? OK : r;
    case N_BREAK: broken_label = walk(e, n->up); return BROKEN;
    case N_FORMAT: return apply_format(n->op, v, &v) ? FAILED : made(k, p, v);
    case N_STRING: return build_string(n, n->n - 1, e, p, v, str(""), k);
    case N_ARRAY:
        g = (K){.f = collect, .v = EMPTY_ARR}; r = n->a ? eval(n->a, e, NULL, v, &g) : OK; return r ? r : made(k, p, g.v);
    case N_OBJECT: return build_object(n, 0, e, p, v, EMPTY_OBJ, k);
    }
    return OK;
}
