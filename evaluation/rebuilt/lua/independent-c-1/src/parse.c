/* Lexer and parser: source text to a syntax tree whose variables are already resolved to frame slots or captures. */
#include "core.h"

/* ---- tokens: single characters stand for themselves ---- */
enum {
    T_EOF = 256, T_NAME, T_STRING, T_NUMBER, T_EQ, T_NE, T_LE, T_GE, T_SHL, T_SHR, T_IDIV, T_CONCAT, T_DOTS, T_LABEL,
    T_AND, T_BREAK, T_DO, T_ELSE, T_ELSEIF, T_END, T_FALSE, T_FOR, T_FUNCTION, T_GOTO, T_IF, T_IN, T_LOCAL, T_NIL, T_NOT, T_OR,
    T_REPEAT, T_RETURN, T_THEN, T_TRUE, T_UNTIL, T_WHILE
};
static const char *token_text[] = { "<eof>", "<name>", "<string>", "<number>", "==", "~=", "<=", ">=", "<<", ">>", "//", "..", "...", "::",
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or",
    "repeat", "return", "then", "true", "until", "while" };
typedef struct { int kind, line; Value val; const char *from, *to; } Token;
/* One name visible at this point: a local variable or a global declaration (var NULL; name NULL for "global *"). */
typedef struct { Var *var; Str *name; bool constant; } Scope;
typedef struct Block { struct Block *up; Node *node; bool loop; int scope_mark, slot_mark, first_jump, nlabels; Node *label[64]; int label_scope[64]; } Block;
typedef struct FnState { struct FnState *up; Code *code; Block *block; int nslots, scope_base; } FnState;
typedef struct { Node *node; int scope; } Jump;
typedef struct {
    const char *p, *end; int line, prev_line; Token t, ahead; bool has_ahead;
    Str *source; FnState *fn; Scope scope[2000]; int nscope; Jump jump[2000]; int njump; int depth;
} Parser;
_Noreturn static void fail_near(Parser *P, const char *msg, const char *from, const char *to) {
    if (from) throw_value(STR(str_fmt("%s:%d: %s near '%.*s'", P->source->s, P->line, msg, (int)(to - from), from)));
    throw_value(STR(str_fmt("%s:%d: %s near <eof>", P->source->s, P->line, msg)));
}
_Noreturn static void fail(Parser *P, const char *msg) { P->line = P->t.line; fail_near(P, msg, P->t.kind == T_EOF ? NULL : P->t.from, P->t.to); }
/* A complaint about meaning rather than syntax, with no token to show. */
_Noreturn static void fail_plain(Parser *P, int line, Str *msg) { throw_value(STR(str_fmt("%s:%d: %s", P->source->s, line, msg->s))); }

/* ---- lexer ---- */
bool parse_number(const char *s, size_t len, Value *out) {
    const char *e = s + len; while (s < e && isspace((uint8_t)*s)) s++;
    while (e > s && isspace((uint8_t)e[-1])) e--;
    if (s == e || e - s > 2000) return false;
    const char *p = s; bool neg = *p == '-'; if (*p == '-' || *p == '+') p++;
    bool hex = e - p > 1 && p[0] == '0' && (p[1] | 32) == 'x'; uint64_t u = 0; const char *d = hex ? p + 2 : p, *q = d; bool fits = true;
    for (; q < e && (hex ? isxdigit((uint8_t)*q) : isdigit((uint8_t)*q)); q++) {
        int v = isdigit((uint8_t)*q) ? *q - '0' : (*q | 32) - 'a' + 10;
        if (!hex && (u > (INT64_MAX - v) / 10 + 0ull) && !(neg && u == INT64_MAX / 10 && v == 8)) fits = false;
        u = u * (hex ? 16 : 10) + v;
    }
    if (q == e && q > d && fits) { *out = INT((int64_t)(neg ? -u : u)); return true; }
    for (q = p; q < e; q++) if (!isxdigit((uint8_t)*q) && !strchr(hex ? "xXpP.+-" : ".+-", *q)) return false;
    char tmp[2048], *stop; memcpy(tmp, s, e - s); tmp[e - s] = 0; if (!isdigit((uint8_t)*p) && *p != '.') return false;
    double n = strtod(tmp, &stop); if (*stop || stop == tmp || (hex && q - p == 2)) return false;
    *out = NUM(n);
    return true;
}
void utf8_put(Buf *b, uint32_t c) {
    char out[8]; int n = 0; if (c < 0x80) out[n++] = c;
    else {
        int k = c < 0x800 ? 1 : c < 0x10000 ? 2 : c < 0x200000 ? 3 : c < 0x4000000 ? 4 : 5;
        out[n++] = (0xff << (7 - k) << 1 >> 1 & (0xff00 >> (k + 1)) & 0xff) | c >> 6 * k; while (k--) out[n++] = 0x80 | (c >> 6 * k & 0x3f);
    }
    buf_put(b, out, n);
}
static int peek(Parser *P, int i) { return P->p + i < P->end ? (uint8_t)P->p[i] : -1; }
/* Counts the '=' of a long bracket that starts here; -1 if there is none. */
static int long_level(Parser *P) { int i = 1; while (peek(P, i) == '=') i++; return peek(P, i) == '[' ? i - 1 : -1; }
static Str *long_text(Parser *P, int level, const char *what) {
    int start = P->line; Buf b = { 0 }; P->p += level + 2;
    if (peek(P, 0) == '\r' || peek(P, 0) == '\n') { P->p += (peek(P, 1) == '\n' && peek(P, 0) == '\r') ? 2 : 1; P->line++; }
    for (;; P->p++) {
        int c = peek(P, 0); if (c < 0) fail_near(P, str_fmt("unfinished long %s (starting at line %d)", what, start)->s, NULL, NULL);
        if (c == ']') { int i = 1; while (peek(P, i) == '=') i++; if (i - 1 == level && peek(P, i) == ']') { P->p += i + 1; return buf_take(&b); } }
        if (c == '\n') P->line++;
        char ch = c; buf_put(&b, &ch, 1);
    }
}
static Str *quoted_text(Parser *P) {
    const char *start = P->p; char q = *P->p++; Buf b = { 0 };
    for (;;) {
        int c = peek(P, 0); if (c < 0) fail_near(P, "unfinished string", NULL, NULL);
        if (c == '\n' || c == '\r') fail_near(P, "unfinished string", start, P->p);
        P->p++; if (c == q) return buf_take(&b);
        char ch = c;
        if (c == '\\') {
            c = peek(P, 0); if (c < 0) continue;
            P->p++; const char *names = "abfnrtv", *codes = "\a\b\f\n\r\t\v", *at = strchr(names, c); if (at && c) ch = codes[at - names];
            else if (c == '\n' || c == '\r') { P->line++; ch = '\n'; if (c == '\r' && peek(P, 0) == '\n') P->p++; }
            else if (c == 'x') {
                int v = 0;
                for (int i = 0; i < 2; i++, P->p++) {
                    int d = peek(P, 0); if (d < 0 || !isxdigit(d)) fail_near(P, "hexadecimal digit expected", start, P->p + (d >= 0));
                    v = v * 16 + (isdigit(d) ? d - '0' : (d | 32) - 'a' + 10);
                }
                ch = v;
            } else if (c == 'z') {
                for (; peek(P, 0) >= 0 && isspace(peek(P, 0)); P->p++) if (*P->p == '\n') P->line++; continue;
            } else if (isdigit(c)) {
                int v = c - '0'; for (int i = 0; i < 2 && peek(P, 0) >= 0 && isdigit(peek(P, 0)); i++) v = v * 10 + *P->p++ - '0';
                if (v > 255) fail_near(P, "decimal escape too large", start, P->p + (P->p < P->end));
                ch = v;
            } else if (c == 'u') {
                uint64_t v = 0; if (peek(P, 0) != '{') fail_near(P, "missing '{'", start, P->p + (P->p < P->end));
                P->p++; const char *first = P->p;
                for (; peek(P, 0) >= 0 && isxdigit(peek(P, 0)); P->p++) {
                    v = v * 16 + (isdigit((uint8_t)*P->p) ? *P->p - '0' : (*P->p | 32) - 'a' + 10);
                    if (v > 0x7FFFFFFF) fail_near(P, "UTF-8 value too large", start, P->p + 1);
                }
                if (P->p == first) fail_near(P, "hexadecimal digit expected", start, P->p + (P->p < P->end));
                if (peek(P, 0) != '}') fail_near(P, "missing '}'", start, P->p + (P->p < P->end));
                P->p++; utf8_put(&b, v); continue;
            } else if (!strchr("\\\"'", c)) fail_near(P, "invalid escape sequence", start, P->p);
            else ch = c;
        }
        buf_put(&b, &ch, 1);
    }
}
static void scan(Parser *P, Token *t) {
    for (;;) {
        int c = peek(P, 0), level; if (c == '\n') P->line++;
        if (c >= 0 && isspace(c)) { P->p++; continue; }
        if (c == '-' && peek(P, 1) == '-') {
            P->p += 2; if (peek(P, 0) == '[' && (level = long_level(P)) >= 0) { long_text(P, level, "comment"); continue; }
            while (peek(P, 0) >= 0 && peek(P, 0) != '\n') P->p++; continue;
        }
        t->line = P->line; t->from = P->p; t->val = NIL; if (c < 0) { t->kind = T_EOF; t->to = P->p; return; }
        if (isalpha(c) || c == '_') {
            while (peek(P, 0) >= 0 && (isalnum(peek(P, 0)) || peek(P, 0) == '_')) P->p++;
            t->kind = T_NAME;
            for (int k = T_AND; k <= T_WHILE; k++)
                if (strlen(token_text[k - T_EOF]) == (size_t)(P->p - t->from) && !memcmp(token_text[k - T_EOF], t->from, P->p - t->from)) t->kind = k;
            if (t->kind == T_NAME) t->val = STR(str_new(t->from, P->p - t->from));
        } else if (isdigit(c) || (c == '.' && peek(P, 1) >= 0 && isdigit(peek(P, 1)))) {
            bool hex = c == '0' && (peek(P, 1) | 32) == 'x';
            for (; (c = peek(P, 0)) >= 0; P->p++)
                if (!(isalnum(c) || c == '.' || c == '_' || ((c == '+' || c == '-') && (P->p[-1] | 32) == (hex ? 'p' : 'e')))) break;
            if (!parse_number(t->from, P->p - t->from, &t->val)) fail_near(P, "malformed number", t->from, P->p);
            t->kind = T_NUMBER;
        } else if (c == '"' || c == '\'') {
            t->val = STR(quoted_text(P)); t->kind = T_STRING; t->line = P->line;
        } else if (c == '[' && (level = long_level(P)) >= 0) {
            t->val = STR(long_text(P, level, "string")); t->kind = T_STRING; t->line = P->line;
        } else {
            if (c == '[' && peek(P, 1) == '=') {
                int i = 1; while (peek(P, i) == '=') i++;
                fail_near(P, "invalid long string delimiter", P->p, P->p + i);
            }
            t->kind = c; int best = 1;
            for (int k = T_EQ; k <= T_LABEL; k++) {
                int n = strlen(token_text[k - T_EOF]);
                if (n > best && n <= P->end - P->p && !memcmp(P->p, token_text[k - T_EOF], n)) { best = n; t->kind = k; }
            }
            P->p += best;
        }
        t->to = P->p; return;
    }
}
static void next(Parser *P) { P->prev_line = P->t.line; if (P->has_ahead) { P->t = P->ahead; P->has_ahead = false; } else scan(P, &P->t); }
static Token *look_ahead(Parser *P) { if (!P->has_ahead) { scan(P, &P->ahead); P->has_ahead = true; } return &P->ahead; }
static bool accept(Parser *P, int k) { if (P->t.kind != k) return false; next(P); return true; }
static const char *kind_text(int k) { return k >= T_NAME && k <= T_NUMBER || k == T_EOF ? token_text[k - T_EOF] : str_fmt(k < T_EOF ? "'%c'" : "'%s'", k < T_EOF ? (void *)(intptr_t)k : (void *)token_text[k - T_EOF])->s; }
static void expect(Parser *P, int k) { if (!accept(P, k)) fail(P, str_fmt("%s expected", kind_text(k))->s); }
static void expect_close(Parser *P, int k, int opener, int line) {
    if (accept(P, k)) return;
    if (line == P->t.line) fail(P, str_fmt("%s expected", kind_text(k))->s);
    fail(P, str_fmt("%s expected (to close %s at line %d)", kind_text(k), kind_text(opener), line)->s);
}
static Str *name(Parser *P) { if (P->t.kind != T_NAME) fail(P, "<name> expected"); Str *s = P->t.val.s; next(P); return s; }

/* ---- tree building ---- */
static Node *node(int op, int line) { Node *n = calloc(1, sizeof *n); n->op = op; n->line = line; return n; }
static void add_kid(Node *n, Node *k) { n->kid = realloc(n->kid, (n->n + 1) * sizeof *n->kid); n->kid[n->n++] = k; }
static void add_rhs(Node *n, Node *k) { n->rhs = realloc(n->rhs, (n->m + 1) * sizeof *n->rhs); n->rhs[n->m++] = k; }
static Node *constant(Value v, int line) { Node *n = node(E_CONST, line); n->val = v; return n; }
static Var *declare(Parser *P, Str *nm, int attr) {
    Var *v = calloc(1, sizeof *v); v->name = nm; v->attr = attr; v->slot = P->fn->nslots++;
    if (P->fn->nslots > P->fn->code->nslots) P->fn->code->nslots = P->fn->nslots;
    if (P->nscope >= 1990 || P->fn->nslots > 220) fail(P, "too many variables in scope");
    P->scope[P->nscope++] = (Scope){ v, nm, attr != 0 }; return v;
}
static Str *environment_name(void) { return str_text("_ENV"); }
/* Index of the capture through which fn reaches var, which belongs to function owner (NULL: the chunk's _ENV). */
static int capture(FnState *fn, Var *var, FnState *owner, Str *nm) {
    Code *c = fn->code; for (int i = 0; i < c->ncaps; i++) if (c->caps[i].var == var) return i;
    Capture cap = { owner && fn->up == owner, var, 0, nm };
    if (cap.from_local) var->captured = true; else if (fn->up) cap.idx = capture(fn->up, var, owner, nm);
    c->caps = realloc(c->caps, (c->ncaps + 1) * sizeof *c->caps); c->caps[c->ncaps] = cap; return c->ncaps++;
}
static Node *variable(Parser *P, Str *nm, int line) {
    Scope *star = NULL, *hit = NULL; bool declared = false; int i = P->nscope - 1;
    for (; i >= 0 && !hit; i--) {
        Scope *s = &P->scope[i]; if (s->name == nm) { hit = s; break; }
        if (!s->var) { declared = true; if (!s->name && !star) star = s; }
    }
    if (hit && hit->var) {
        FnState *owner = P->fn; while (i < owner->scope_base) owner = owner->up;
        Node *n = node(owner == P->fn ? E_LOCAL : E_UPVAL, line); n->var = hit->var; n->val = STR(nm);
        if (owner != P->fn) n->n = capture(P->fn, hit->var, owner, nm);
        return n;
    }
    if (nm == environment_name()) { Node *n = node(E_UPVAL, line); n->val = STR(nm); n->n = capture(P->fn, NULL, NULL, nm); return n; }
    if (!hit && !star && declared) fail_plain(P, line, str_fmt("variable '%s' not declared", nm->s));
    Node *n = node(E_GLOBAL, line); n->a = variable(P, environment_name(), line); n->val = STR(nm);
    n->sub = hit ? hit->constant : star ? star->constant : 0; return n;
}
static void open_block(Parser *P, Block *b, Node *n, bool loop) {
    *b = (Block){ P->fn->block, n, loop, P->nscope, P->fn->nslots, P->njump };
    P->fn->block = b;
}
static void close_block(Parser *P) {
    Block *b = P->fn->block; int keep = b->first_jump;
    for (int i = keep; i < P->njump; i++) {
        Jump j = P->jump[i]; bool found = false;
        for (int l = 0; l < b->nlabels && !found; l++) {
            if (b->label[l]->val.s != j.node->val.s) continue;
            if (b->label_scope[l] > j.scope)
                fail_plain(P, j.node->line, str_fmt("<goto %s> at line %d jumps into the scope of '%s'", j.node->val.s->s, j.node->line, P->scope[j.scope].name ? P->scope[j.scope].name->s : "*"));
            j.node->a = b->label[l]; found = true;
        }
        if (found) continue;
        if (j.scope > b->scope_mark) j.scope = b->scope_mark;
        P->jump[keep++] = j;
    }
    P->njump = keep; P->nscope = b->scope_mark; P->fn->nslots = b->slot_mark; P->fn->block = b->up;
}
static bool block_ends(Parser *P) { int k = P->t.kind; return k == T_EOF || k == T_END || k == T_ELSE || k == T_ELSEIF || k == T_UNTIL; }
static Node *expr(Parser *P, int limit); static void statement(Parser *P, Node *into);
static void statements(Parser *P, Node *into) { while (!block_ends(P)) { bool last = P->t.kind == T_RETURN; statement(P, into); if (last) break; } }
static Node *block(Parser *P, bool loop) {
    Node *n = node(S_BLOCK, P->t.line); Block b; open_block(P, &b, n, loop); statements(P, n); close_block(P); return n;
}
static void expr_list(Parser *P, Node *into) { do add_rhs(into, expr(P, 0)); while (accept(P, ',')); }

/* ---- functions ---- */
static void begin_fn(Parser *P, FnState *f, int line) {
    *f = (FnState){ P->fn, calloc(1, sizeof(Code)), NULL, 0, P->nscope };
    f->code->source = P->source; f->code->line = line; P->fn = f;
}
static void end_fn(Parser *P) { FnState *f = P->fn; P->fn = f->up; }
static void check_jumps(Parser *P, int from) {
    if (P->njump > from) fail_plain(P, P->jump[from].node->line, str_fmt("no visible label '%s' for <goto> at line %d", P->jump[from].node->val.s->s, P->jump[from].node->line));
}
static Node *function(Parser *P, bool method, int line) {
    FnState f; Block b; begin_fn(P, &f, line); Code *c = f.code; c->body = node(S_BLOCK, line); open_block(P, &b, c->body, false);
    int jumps = P->njump; c->params = calloc(230, sizeof(Var *)); if (method) c->params[c->nparams++] = declare(P, (str_text("self")), 0);
    expect(P, '(');
    if (P->t.kind != ')') do {
        if (accept(P, T_DOTS)) { c->vararg = true; if (P->t.kind == T_NAME) c->pack = declare(P, name(P), 0); break; }
        if (P->t.kind != T_NAME) fail(P, "<name> or '...' expected");
        c->params[c->nparams++] = declare(P, name(P), 0);
    } while (accept(P, ','));
    expect(P, ')'); statements(P, c->body); expect_close(P, T_END, T_FUNCTION, line); close_block(P); check_jumps(P, jumps); end_fn(P);
    Node *n = node(E_FUNC, line); n->code = c; return n;
}

/* ---- expressions ---- */
static Node *table_cons(Parser *P) {
    Node *t = node(E_TABLE, P->t.line); int line = P->t.line; next(P);
    while (P->t.kind != '}') {                                  /* kid: keys (NULL for list items), rhs: values */
        Node *key = NULL; if (P->t.kind == T_NAME && look_ahead(P)->kind == '=') { key = constant(P->t.val, P->t.line); next(P); next(P); }
        else if (accept(P, '[')) { key = expr(P, 0); expect(P, ']'); expect(P, '='); }
        add_kid(t, key); add_rhs(t, expr(P, 0)); if (!accept(P, ',') && !accept(P, ';')) break;
    }
    expect_close(P, '}', '{', line); return t;
}
static void call_args(Parser *P, Node *call) {
    call->line = P->t.line; if (P->t.kind == T_STRING) { add_rhs(call, constant(P->t.val, P->t.line)); next(P); }
    else if (P->t.kind == '{') add_rhs(call, table_cons(P));
    else if (accept(P, '(')) {
        if (P->t.kind != ')') expr_list(P, call);
        expect_close(P, ')', '(', call->line);
    } else fail(P, "function arguments expected");
}
static Node *suffixed(Parser *P) {
    Node *e, *n; int line = P->t.line;
    if (accept(P, '(')) {
        e = node(E_PAREN, line); e->a = expr(P, 0); expect_close(P, ')', '(', line);
    } else if (P->t.kind == T_NAME) { Str *s = name(P); e = variable(P, s, line); }
    else fail(P, "unexpected symbol");
    for (;;) switch (P->t.kind) {
    case '.': case '[': n = node(E_INDEX, P->t.line); n->a = e; if (accept(P, '[')) { n->b = expr(P, 0); n->line = P->t.line; expect(P, ']'); }
        else { next(P); n->line = P->t.line; n->b = constant(STR(name(P)), n->line); }
        e = n; break;
    case ':': next(P); n = node(E_METHOD, P->t.line); n->a = e; n->val = STR(name(P)); call_args(P, n); e = n; break;
    case '(': case '{': case T_STRING: n = node(E_CALL, P->t.line); n->a = e; call_args(P, n); e = n; break;
    default: return e;
    }
}
static Node *simple(Parser *P) {
    Node *n; int line = P->t.line;
    switch (P->t.kind) {
    case T_NUMBER: case T_STRING: n = constant(P->t.val, line); break;
    case T_NIL: n = constant(NIL, line); break;
    case T_TRUE: case T_FALSE: n = constant(BOOL(P->t.kind == T_TRUE), line); break;
    case T_DOTS: if (!P->fn->code->vararg) fail(P, "cannot use '...' outside a vararg function");
        n = node(E_VARARG, line); break;
    case '{': return table_cons(P);
    case T_FUNCTION: next(P); return function(P, false, line);
    default: return suffixed(P);
    }
    next(P); return n;
}
/* Binary operators by level of precedence; right-associative ones bind one step looser to their right. */
static const struct { int tok, op, level; bool right; } binary[] = {
    { T_OR, -1, 1 }, { T_AND, -2, 2 }, { '<', M_LT, 3 }, { '>', O_GT, 3 }, { T_LE, M_LE, 3 }, { T_GE, O_GE, 3 }, { T_NE, O_NE, 3 }, { T_EQ, M_EQ, 3 },
    { '|', M_BOR, 4 }, { '~', M_BXOR, 5 }, { '&', M_BAND, 6 }, { T_SHL, M_SHL, 7 }, { T_SHR, M_SHR, 7 }, { T_CONCAT, M_CONCAT, 8, true },
    { '+', M_ADD, 9 }, { '-', M_SUB, 9 }, { '*', M_MUL, 10 }, { '/', M_DIV, 10 }, { T_IDIV, M_IDIV, 10 }, { '%', M_MOD, 10 }, { '^', M_POW, 12, true } };
enum { UNARY_LEVEL = 11 };
static Node *expr(Parser *P, int limit) {
    Node *e, *n; int line = P->t.line, k = P->t.kind; if (++P->depth > 195) fail(P, "expression nested too deeply");
    if (k == T_NOT || k == '-' || k == '#' || k == '~') {
        next(P); e = node(k == T_NOT ? E_NOT : E_UNARY, line); e->sub = k == '-' ? M_UNM : k == '#' ? M_LEN : M_BNOT; e->a = expr(P, 2 * UNARY_LEVEL);
        if (k == '-' && e->a->op == E_CONST && e->a->val.k == K_INT) { e->a->val.i = -(uint64_t)e->a->val.i; e = e->a; }
        else if (k == '-' && e->a->op == E_CONST && e->a->val.k == K_NUM) { e->a->val.n = -e->a->val.n; e = e->a; }
    } else e = simple(P);
    for (;;) {
        unsigned i = 0; while (i < sizeof binary / sizeof *binary && binary[i].tok != P->t.kind) i++;
        if (i == sizeof binary / sizeof *binary || 2 * binary[i].level <= limit) break;
        line = P->t.line; next(P); n = node(binary[i].op == -1 ? E_OR : binary[i].op == -2 ? E_AND : E_BINARY, line); n->sub = binary[i].op; n->a = e;
        n->b = expr(P, 2 * binary[i].level - binary[i].right); e = n;
    }
    P->depth--; return e;
}

/* ---- statements ---- */
static int attribute(Parser *P, int none) {
    if (!accept(P, '<')) return none;
    Str *a = name(P); int r = !strcmp(a->s, "const") ? ATTR_CONST : !strcmp(a->s, "close") ? ATTR_CLOSE : -1;
    if (r < 0) fail_plain(P, P->prev_line, str_fmt("unknown attribute '%s'", a->s));
    expect(P, '>'); return r;
}
static void check_assignable(Parser *P, Node *e) {
    if (e->op != E_LOCAL && e->op != E_UPVAL && e->op != E_GLOBAL && e->op != E_INDEX) fail(P, "syntax error");
    if (((e->op == E_LOCAL || e->op == E_UPVAL) && e->var && e->var->attr) || (e->op == E_GLOBAL && e->sub))
        fail_plain(P, e->line, str_fmt("attempt to assign to const variable '%s'", e->val.s->s));
}
/* local and global declarations, after the keyword. */
static void declaration(Parser *P, Node *into, bool global, int line) {
    if (accept(P, T_FUNCTION)) {
        Str *nm = name(P); Node *n = node(global ? S_GLOBAL : S_LOCALFUNC, line);
        if (global) {
            P->scope[P->nscope++] = (Scope){ NULL, nm, false }; add_kid(n, variable(P, nm, line)); add_rhs(n, function(P, false, line));
        } else { n->var = declare(P, nm, 0); n->a = function(P, false, line); }
        add_kid(into, n); return;
    }
    int common = attribute(P, 0), count = 0, closers = 0, attr[200];
    if (global && accept(P, '*')) { P->scope[P->nscope++] = (Scope){ NULL, NULL, common == ATTR_CONST }; return; }
    Str *names[200];
    do {
        if (count == 200) fail(P, "too many names in one declaration");
        names[count] = name(P); attr[count] = attribute(P, common);
        if (attr[count] == ATTR_CLOSE && global) fail_plain(P, line, str_text("global variables cannot be to-be-closed"));
        if (attr[count++] == ATTR_CLOSE && closers++) fail_plain(P, line, str_text("multiple to-be-closed variables in local list"));
    } while (accept(P, ','));
    Node *n = node(global ? S_GLOBAL : S_LOCAL, line); bool init = accept(P, '='); if (init) expr_list(P, n);
    n->vars = calloc(count, sizeof(Var *));
    for (int i = 0; i < count; i++) {
        if (!global) { n->vars[n->n++] = declare(P, names[i], attr[i]); n->sub |= attr[i] == ATTR_CLOSE; continue; }
        P->scope[P->nscope++] = (Scope){ NULL, names[i], attr[i] == ATTR_CONST }; if (init) add_kid(n, variable(P, names[i], line));
    }
    if (!global || init) add_kid(into, n);
}
static void for_loop(Parser *P, Node *into, int line) {
    Block b; Node *n = node(S_FORNUM, line), *outer = node(S_BLOCK, line); Str *first = name(P), *names[200] = { first }; int count = 1;
    open_block(P, &b, outer, true);
    if (accept(P, '=')) {
        add_rhs(n, expr(P, 0)); expect(P, ','); add_rhs(n, expr(P, 0)); if (accept(P, ',')) add_rhs(n, expr(P, 0));
    } else {
        if (P->t.kind != ',' && P->t.kind != T_IN) fail(P, "'=' or 'in' expected");
        while (accept(P, ',')) { if (count == 200) fail(P, "too many loop variables"); names[count++] = name(P); }
        expect(P, T_IN); n->op = S_FORIN; expr_list(P, n);
    }
    expect(P, T_DO); n->vars = calloc(count, sizeof(Var *));
    for (int i = 0; i < count; i++) n->vars[n->n++] = declare(P, names[i], i ? 0 : ATTR_CONST);
    n->a = block(P, false); expect_close(P, T_END, T_FOR, line); close_block(P); add_kid(into, n);
}
static void label(Parser *P, Node *into) {
    int line = P->t.line; next(P); Node *n = node(S_LABEL, line); n->val = STR(name(P)); expect(P, T_LABEL); Block *b = P->fn->block;
    for (Block *q = b; q; q = q->up)
        for (int i = 0; i < q->nlabels; i++)
            if (q->label[i]->val.s == n->val.s) fail_plain(P, line, str_fmt("label '%s' already defined on line %d", n->val.s->s, q->label[i]->line));
    n->a = b->node; n->m = b->node->n; add_kid(into, n); if (b->nlabels == 64) fail(P, "too many labels in one block");
    int l = b->nlabels++; b->label[l] = n; b->label_scope[l] = P->nscope;
    while (accept(P, ';') || P->t.kind == T_LABEL) if (P->t.kind == T_LABEL) label(P, into);
    if (block_ends(P) && P->t.kind != T_UNTIL) b->label_scope[l] = b->scope_mark;
}
static void statement(Parser *P, Node *into) {
    int line = P->t.line; Node *n, *e;
    switch (P->t.kind) {
    case ';': next(P); return;
    case T_IF:
        n = node(S_IF, line);                                   /* kid: conditions (NULL for else), rhs: blocks */
        do { next(P); add_kid(n, expr(P, 0)); expect(P, T_THEN); add_rhs(n, block(P, false)); } while (P->t.kind == T_ELSEIF);
        if (accept(P, T_ELSE)) { add_kid(n, NULL); add_rhs(n, block(P, false)); }
        expect_close(P, T_END, T_IF, line); break;
    case T_WHILE: next(P); n = node(S_WHILE, line); n->a = expr(P, 0); expect(P, T_DO); n->b = block(P, true); expect_close(P, T_END, T_WHILE, line);
        break;
    case T_DO: next(P); n = block(P, false); expect_close(P, T_END, T_DO, line); break;
    case T_FOR: next(P); for_loop(P, into, line); return;
    case T_REPEAT: {
        Block b; next(P); n = node(S_REPEAT, line); n->b = node(S_BLOCK, line); open_block(P, &b, n->b, true); statements(P, n->b);
        expect_close(P, T_UNTIL, T_REPEAT, line); n->a = expr(P, 0); close_block(P); break;
    }
    case T_FUNCTION: {
        next(P); int at = P->t.line; Str *s = name(P); e = variable(P, s, at); bool method = false;
        while (!method && (P->t.kind == '.' || P->t.kind == ':')) {
            method = P->t.kind == ':'; next(P); Node *i = node(E_INDEX, P->t.line); i->a = e; i->b = constant(STR(name(P)), P->t.line); e = i;
        }
        check_assignable(P, e); n = node(S_ASSIGN, line); add_kid(n, e); add_rhs(n, function(P, method, line)); break;
    }
    case T_LOCAL: next(P); declaration(P, into, false, line); return;
    case T_RETURN: next(P); n = node(S_RETURN, line); if (!block_ends(P) && P->t.kind != ';') expr_list(P, n);
        accept(P, ';'); add_kid(into, n); return;
    case T_BREAK: {
        Block *b = P->fn->block; while (b && !b->loop) b = b->up;
        if (!b) fail(P, "break outside loop");
        next(P); n = node(S_BREAK, line); break;
    }
    case T_GOTO: next(P); n = node(S_GOTO, line); n->val = STR(name(P)); if (P->njump == 2000) fail(P, "too many pending gotos");
        P->jump[P->njump++] = (Jump){ n, P->nscope }; break;
    case T_LABEL: label(P, into); return;
    default:
        if (P->t.kind == T_NAME && !strcmp(P->t.val.s->s, "global")) {
            int k = look_ahead(P)->kind;
            if (k == T_NAME || k == '<' || k == '*' || k == T_FUNCTION) { next(P); declaration(P, into, true, line); return; }
        }
        e = suffixed(P);
        if (P->t.kind == '=' || P->t.kind == ',') {
            n = node(S_ASSIGN, line); check_assignable(P, e); add_kid(n, e);
            while (accept(P, ',')) { e = suffixed(P); check_assignable(P, e); add_kid(n, e); }
            expect(P, '='); expr_list(P, n);
        } else { if (e->op != E_CALL && e->op != E_METHOD) fail(P, "syntax error"); n = node(S_CALL, line); n->a = e; }
    }
    add_kid(into, n);
}

/* The name of a chunk as messages show it: "=x" and "@x" literally, else the first line of the text. */
static Str *shown_source(Str *c) {
    if (c->s[0] == '=' || c->s[0] == '@') return str_text(c->s + 1);
    size_t n = strcspn(c->s, "\n"); bool cut = n < c->len || n > 45;
    return str_fmt("[string \"%.*s%s\"]", (int)(n > 45 ? 42 : n), c->s, cut ? "..." : "");
}
Code *parse_chunk(const char *src, size_t len, Str *chunkname) {
    Parser *P = calloc(1, sizeof *P); P->p = src; P->end = src + len; P->line = 1; P->source = (shown_source(chunkname)); FnState f; Block b;
    begin_fn(P, &f, 0); f.code->is_main = f.code->vararg = true; f.code->body = node(S_BLOCK, 1); capture(&f, NULL, NULL, environment_name());
    f.code->caps[0].from_local = false; open_block(P, &b, f.code->body, false); next(P); statements(P, f.code->body);
    if (P->t.kind != T_EOF) fail(P, "<eof> expected");
    close_block(P); check_jumps(P, 0); Code *c = f.code; free(P); return c;
}
