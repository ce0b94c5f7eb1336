/* parse.c - lexer and recursive descent parser; names are resolved while parsing. */
#include "program.h"
#include <ctype.h>
#include <setjmp.h>
#include <stdlib.h>

typedef enum { K_EOF, K_OP, K_IDENT, K_FIELD, K_NUM, K_VAR, K_FORMAT, K_STR, K_BAD } TokKind;
typedef struct { TokKind k; const char *s; int from, to; } Tok;
typedef enum { S_VAR, S_FUNC, S_PARAM, S_LABEL, S_GLOBAL } ScopeKind;
typedef struct Scope { struct Scope *up; ScopeKind k; const char *name; int arity, depth; Func *fn; Val v; } Scope;
static const char *src;
static int pos, nest, n_errors;
static char nesting[1000];
static Tok tok, last;
static Scope *scope, *builtins;
static Text errors;
static jmp_buf bail;
static Node *pipe_expr(void), *postfix(bool allow_as), *string_expr(const char *format), *binary(int level);

/* ---- errors ---- */
static void report(const char *msg, int from, int to) {
    int line = 1, start = 0, end = from;
    for (int i = 0; i < from; i++) if (src[i] == '\n') { line++; start = i + 1; }
    while (src[end] && src[end] != '\n') end++;
    Text t = {0}; char b[80]; snprintf(b, sizeof b, " at <top-level>, line %d, column %d:\n    ", line, from - start + 1);
    text_str(&t, "jq: error: "); text_str(&t, msg); text_str(&t, b); text_add(&t, src + start, end - start); text_str(&t, "\n    ");
    for (int i = start; i < from; i++) text_chr(&t, ' ');
    for (int i = from; i < to && i < end; i++) text_chr(&t, '^');
    text_chr(&t, '\n'); text_add(&errors, t.p, t.len); free(t.p); n_errors++;
}
static void syntax(const char *expecting) {
    static const char *names[] = {"end of file", "", "IDENT", "FIELD", "LITERAL", "BINDING", "FORMAT", "QQSTRING_START", "INVALID_CHARACTER"};
    char b[200]; bool one = tok.k == K_OP && !tok.s[1];
    snprintf(b, sizeof b, "syntax error, unexpected %s%s%s%s%s", one ? "'" : "", tok.k == K_OP ? tok.s : names[tok.k], one ? "'" : "", expecting ? ", expecting " : "", expecting ? expecting : "");
    Tok at = tok.k == K_EOF ? last : tok; errors.len = n_errors = 0; report(b, at.from, at.to); longjmp(bail, 1);
}
/* ---- lexer ---- */
static const char *copy(int from, int to) { return str_n(src + from, to - from).s->b; }
static bool word(int c) { return isalnum(c) || c == '_'; }
static bool is(const char *s) { return tok.k == K_OP && !strcmp(tok.s, s); }
static void advance(void) {
    static const char *ops[] = {"?//=", "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..", 0};
    static const char *keywords = " def if then elif else end and or as reduce foreach try catch label import include __loc__ ";
    last = tok;
    for (;; pos++) {
        if (src[pos] == '#') while (src[pos] && src[pos] != '\n') pos++;
        if (!src[pos] || !isspace((unsigned char)src[pos])) break;
    }
    const char *p = src + pos; int n = 1; TokKind k = K_OP;
    if (!*p) { tok = (Tok){K_EOF, "", pos, pos}; return; }
    if (*p == '"') k = K_STR;
    else if (isdigit((unsigned char)*p) || (*p == '.' && isdigit((unsigned char)p[1]))) {
        k = K_NUM; n = 0;
        while (isdigit((unsigned char)p[n])) n++;
        if (p[n] == '.') for (n++; isdigit((unsigned char)p[n]);) n++;
        int e = n + 1 + (p[n] && (p[n + 1] == '-' || p[n + 1] == '+'));
        if ((p[n] == 'e' || p[n] == 'E') && isdigit((unsigned char)p[e])) for (n = e; isdigit((unsigned char)p[n]);) n++;
    } else if ((strchr(".$@", *p) && word((unsigned char)p[1])) || (word((unsigned char)*p))) {
        k = *p == '.' ? K_FIELD : *p == '$' ? K_VAR : *p == '@' ? K_FORMAT : K_IDENT;
        while (word((unsigned char)p[n]) || (p[n] == ':' && p[n + 1] == ':' && k != K_FIELD && n++)) n++;
    } else {
        for (int i = 0; ops[i] && n == 1; i++) if (!strncmp(p, ops[i], strlen(ops[i])) && i) n = strlen(ops[i]);
        char want = *p == ')' ? '(' : *p == ']' ? '[' : '{'; if (strchr("([{", *p) && nest < 999) nesting[nest++] = *p;
        else if (strchr(")]}", *p)) { if (nest && nesting[nest - 1] == want) nest--; else k = K_BAD; }
        else if (!strchr(".|,:;=<>+-*/%?$!", *p) || (*p == '!' && n == 1)) k = K_BAD;
    }
    tok = (Tok){k, copy(pos + (k == K_FIELD || k == K_VAR), pos + n), pos, pos + n};
    if (k == K_IDENT) { char b[80]; snprintf(b, sizeof b, " %s ", tok.s); if (strstr(keywords, b)) tok.k = K_OP; }
    pos += n;
}
static void expect(const char *s, const char *hint) {
    if (!is(s)) syntax(hint);
    advance();
}
/* ---- construction and scopes ---- */
static Node *node(Kind k, Node *a, Node *b) {
    Node *n = alloc(sizeof *n);
    *n = (Node){.k = k, .a = a, .b = b};
    return n;
}
static Node *literal(Val v) { Node *n = node(N_LIT, 0, 0); n->v = v; return n; }
static void add_kid(Node *n, Node *kid) {
    Node **k = alloc((n->n + 1) * sizeof *k); if (n->n) memcpy(k, n->kids, n->n * sizeof *k);
    k[n->n++] = kid; n->kids = k;
}
static Scope *push(ScopeKind k, const char *name, int arity, Func *fn) {
    Scope *s = alloc(sizeof *s);
    *s = (Scope){scope, k, name, arity, (scope ? scope->depth : 0) + (k != S_GLOBAL), fn, NULL_VAL};
    return scope = s;
}
static Scope *lookup(const char *name, int arity, ScopeKind a, ScopeKind b) {
    for (Scope *s = scope; s; s = s->up)
        if ((s->k == a || s->k == b) && s->arity == arity && !strcmp(s->name, name)) return s;
    return NULL;
}
static Node *variable(const char *name, Tok at, ScopeKind kind) {
    Scope *s = lookup(name, -1, kind, kind == S_VAR ? S_GLOBAL : kind);
    if (!s) {
        char b[200]; snprintf(b, sizeof b, "$%s%s is not defined", kind == S_LABEL ? "*label-" : "", name); report(b, at.from, at.to);
        return literal(NULL_VAL);
    }
    if (s->k == S_GLOBAL) return literal(s->v);
    Node *n = node(kind == S_LABEL ? N_BREAK : N_VAR, 0, 0); n->up = scope->depth - s->depth; return n;
}
static Node *call(const char *name, Node *n, Tok at) {
    Scope *s = lookup(name, n->n, S_FUNC, S_PARAM); n->op = name;
    if (!s) for (s = builtins; s && !(s->k == S_GLOBAL && s->fn && s->arity == n->n && !strcmp(s->name, name));) s = s->up;
    if (s) {
        n->k = s->k == S_PARAM ? N_PARAM : N_CALL; n->fn = s->fn; n->up = s->k == S_GLOBAL ? -1 : scope->depth - s->depth;
    } else if (is_special(name, n->n)) n->k = N_SPECIAL;
    else if ((n->native = find_native(name, n->n))) n->k = N_NATIVE;
    else { char b[200]; snprintf(b, sizeof b, "%s/%d is not defined", name, n->n); report(b, at.from, at.to); }
    return n;
}
/* Parses `def name(params): body;` and leaves the function in scope. */
static Func *definition(bool global) {
    Func *f = alloc(sizeof *f);
    *f = (Func){.params = alloc(64 * sizeof(char *)), .by_value = alloc(64)};
    advance(); if (tok.k != K_IDENT) syntax("IDENT");
    f->name = tok.s; advance();
    if (is("(")) do {
        advance(); if (tok.k != K_IDENT && tok.k != K_VAR) syntax(NULL);
        f->by_value[f->n] = tok.k == K_VAR; f->params[f->n++] = tok.s; advance();
    } while (is(";") && f->n < 64);
    if (f->n) expect(")", "';' or ')'");
    expect(":", "':'"); Scope *mine = push(global ? S_GLOBAL : S_FUNC, f->name, f->n, f); if (global) builtins = mine;
    for (int i = 0; i < f->n; i++) { push(S_PARAM, f->params[i], 0, NULL); if (f->by_value[i]) push(S_VAR, f->params[i], -1, NULL); }
    f->body = pipe_expr(); expect(";", "'|' or ',' or ';'"); scope = mine; return f;
}
/* ---- patterns ---- */
static int new_variable(Node *n) { push(S_VAR, tok.s, -1, NULL); advance(); return n->n++; }
static Pat *pattern(Node *n) {
    Pat *p = alloc(sizeof *p);
    *p = (Pat){.subs = alloc(64 * sizeof *p->subs), .keys = alloc(64 * sizeof *p->keys), .key_var = alloc(64 * sizeof(int)), .known = alloc(64 * sizeof(int))};
    if (tok.k == K_VAR) { p->var = new_variable(n); return p; }
    if (!is("[") && !is("{")) syntax("BINDING or '[' or '{'");
    p->is_obj = is("{");
    do {
        advance(); int i = p->n++; p->subs[i] = NULL; p->key_var[i] = -1; p->known[i] = n->n;
        if (p->is_obj) {
            if (tok.k == K_VAR) { p->keys[i] = literal(str(tok.s)); p->key_var[i] = new_variable(n); }
            else if (tok.k == K_STR) p->keys[i] = string_expr("text");
            else if (is("(")) { advance(); p->keys[i] = pipe_expr(); expect(")", "'|' or ',' or ')'"); }
            else { if (tok.k != K_IDENT && tok.k != K_OP) syntax(NULL); p->keys[i] = literal(str(tok.s)); advance(); }
            if (!is(":")) { if (p->key_var[i] < 0) syntax("':'"); continue; }
            advance();
        }
        p->subs[i] = pattern(n);
    } while (is(",") && p->n < 64);
    expect(p->is_obj ? "}" : "]", p->is_obj ? "',' or '}'" : "',' or ']'"); return p;
}
static void patterns(Node *n) { advance(); n->pat = pattern(n); }
/* ---- expressions ---- */
/* Parses a string from its opening quote; a format is applied to the interpolated values. */
static Node *string_expr(const char *format) {
    Node *n = node(N_STRING, 0, 0); n->op = format;
    for (;;) {
        int from = pos;
        while (src[pos] && src[pos] != '"' && !(src[pos] == '\\' && src[pos + 1] == '(')) pos += src[pos] == '\\' && src[pos + 1] ? 2 : 1;
        if (!src[pos]) { tok = (Tok){K_EOF, "", pos, pos}; last = (Tok){K_STR, "", from < pos ? from : from - 1, pos}; syntax("QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END"); }
        if (pos > from) {
            Text t = {0}; text_chr(&t, '"'); text_add(&t, src + from, pos - from); text_chr(&t, '"'); JParser jp = {.s = t.p, .n = t.len};
            Val v = NULL_VAL;
            if (json_next(&jp, &v) < 0) {
                char b[600]; snprintf(b, sizeof b, "%s (while parsing '%s')", jp.err, t.p); report(b, from, pos);
            }
            free(t.p); add_kid(n, literal(v));
        }
        if (src[pos] == '"') break;
        pos += 2; nesting[nest++] = '('; advance();
        add_kid(n, node(N_PIPE, node(N_ID, 0, 0), pipe_expr())); /* never a plain literal: those are the text parts */
        if (!is(")")) syntax("QQSTRING_INTERP_END or '|' or ','");
    }
    pos++; advance(); if (n->n == 0) return literal(str(""));
    return n->n == 1 && n->kids[0]->k == N_LIT ? n->kids[0] : n;
}
static Node *object_value(void) {
    Node *n; if (is("-")) { advance(); n = node(N_NEG, object_value(), 0); } else n = postfix(false);
    if (is("|")) { advance(); n = node(N_PIPE, n, object_value()); }
    return n;
}
static Node *object_expr(void) {
    Node *n = node(N_OBJECT, 0, 0);
    do {
        advance(); if (is("}")) break;
        Tok at = tok; Node *key, *val = NULL;
        if (tok.k == K_VAR) { key = literal(str(tok.s)); val = variable(tok.s, tok, S_VAR); advance(); }
        else if (tok.k == K_STR) key = string_expr("text");
        else if (tok.k == K_FORMAT) { const char *f = tok.s + 1; advance(); key = tok.k == K_STR ? string_expr(f) : literal(str(at.s)); }
        else if (is("(")) {
            advance(); key = pipe_expr(); expect(")", "'|' or ',' or ')'");
            if (key->k == N_LIT && key->v.t != T_STR) { fail("Cannot use %V as object key", key->v); report(error_val.s->b, at.from + 1, at.from + 2); }
        } else { if (tok.k != K_IDENT && !(tok.k == K_OP && isalpha((unsigned char)*tok.s))) syntax(NULL); key = literal(str(tok.s)); advance(); }
        if (is(":") ) { if (at.k == K_VAR) syntax("'}'"); advance(); val = object_value(); }
        else if (!val) val = node(N_INDEX, node(N_ID, 0, 0), key);
        add_kid(n, key); add_kid(n, val);
    } while (is(","));
    expect("}", "'}'"); return n;
}
static Node *if_expr(void) {
    Node *n = node(N_IF, 0, 0); advance(); n->a = pipe_expr(); expect("then", "then or '|' or ','"); n->b = pipe_expr();
    if (is("elif")) { n->c = if_expr(); return n; }
    if (is("else")) { advance(); n->c = pipe_expr(); }
    if (!is("end")) syntax(NULL);
    advance(); return n;
}
static Node *term(void) {
    Node *n; Tok at = tok; Scope *outer = scope;
    switch (tok.k) {
    case K_NUM: { bool ok; Val v = num_literal(tok.s, &ok); advance(); return literal(v); }
    case K_STR: return string_expr("text");
    case K_FORMAT: advance(); if (tok.k == K_STR) return string_expr(at.s + 1); n = node(N_FORMAT, 0, 0); n->op = at.s + 1; return n;
    case K_VAR: advance(); return variable(at.s, at, S_VAR);
    case K_FIELD: advance(); return node(N_INDEX, node(N_ID, 0, 0), literal(str(at.s)));
    case K_IDENT:
        advance();
        if (!strcmp(at.s, "break")) { if (tok.k != K_VAR) syntax("BINDING"); Tok l = {K_VAR, tok.s, at.from, tok.to}; advance(); return variable(l.s, l, S_LABEL); }
        if (!strcmp(at.s, "null")) return literal(NULL_VAL);
        if (!strcmp(at.s, "true") || !strcmp(at.s, "false")) return literal(boolean(*at.s == 't'));
        n = node(N_CALL, 0, 0);
        if (is("(")) { do { advance(); add_kid(n, pipe_expr()); } while (is(";")); expect(")", "'|' or ',' or ';' or ')'"); }
        return call(at.s, n, at);
    case K_OP: break;
    default: syntax(at.from == 0 || at.k == K_BAD ? last.k == K_EOF ? "end of file" : NULL : NULL);
    }
    if (is("..")) { advance(); return call("recurse", node(N_CALL, 0, 0), at); }
    if (is(".")) { advance(); n = node(N_ID, 0, 0); return tok.k == K_STR ? node(N_INDEX, n, string_expr("text")) : n; }
    if (is("-")) { advance(); return node(N_NEG, postfix(true), 0); }
    if (is("(")) { advance(); n = pipe_expr(); expect(")", "'|' or ',' or ')'"); return n; }
    if (is("[")) { advance(); n = node(N_ARRAY, is("]") ? NULL : pipe_expr(), 0); expect("]", "'|' or ',' or ']'"); return n; }
    if (is("{")) return object_expr();
    if (is("if")) return if_expr();
    if (is("def")) { n = node(N_DEF, 0, 0); n->fn = definition(false); n->b = pipe_expr(); scope = outer; return n; }
    if (is("try")) { advance(); n = node(N_TRY, postfix(false), 0); if (is("catch")) { advance(); n->b = postfix(false); } return n; }
    if (is("label")) {
        advance(); if (tok.k != K_VAR) syntax("BINDING");
        push(S_LABEL, tok.s, -1, NULL); advance(); expect("|", "'|'"); n = node(N_LABEL, pipe_expr(), 0); scope = outer; return n;
    }
    if (is("reduce") || is("foreach")) {
        n = node(is("reduce") ? N_REDUCE : N_FOREACH, 0, 0); advance(); n->a = postfix(false); if (!is("as")) syntax("as");
        patterns(n); Scope *inner = scope; scope = outer; expect("(", "'('"); n->b = pipe_expr(); expect(";", "'|' or ',' or ';'");
        scope = inner; n->c = pipe_expr();
        if (n->k == N_FOREACH && is(";")) { advance(); n->d = pipe_expr(); }
        expect(")", n->k == N_REDUCE ? "'|' or ',' or ')'" : "'|' or ',' or ';' or ')'"); scope = outer; return n;
    }
    syntax(at.from == 0 ? "end of file" : NULL); return NULL;
}
static Node *bracket(Node *t) { /* after '[' */
    Node *n = node(N_SLICE, t, 0);
    if (is("]")) { n->k = N_ITER; advance(); return n; }
    if (is(":")) { advance(); n->c = pipe_expr(); }
    else {
        n->b = pipe_expr();
        if (!is(":")) { n->k = N_INDEX; if (!is("]")) syntax("'|' or ',' or ':' or ']'"); }
        else { advance(); if (!is("]")) n->c = pipe_expr(); }
    }
    expect("]", "'|' or ',' or ']'"); return n;
}
static Node *postfix(bool allow_as) {
    Node *n = term();
    for (;;) {
        if (tok.k == K_FIELD) { n = node(N_INDEX, n, literal(str(tok.s))); advance(); }
        else if (is("[")) { advance(); n = bracket(n); }
        else if (is("?")) { advance(); n = node(N_TRY, n, 0); }
        else if (is(".") && (src[pos] == '[' || src[pos] == '"')) { advance(); if (tok.k == K_STR) n = node(N_INDEX, n, string_expr("text")); }
        else break;
    }
    if (!allow_as || !is("as")) return n;
    Scope *outer = scope; n = node(N_AS, n, 0); patterns(n); expect("|", "'|'"); n->b = pipe_expr(); scope = outer; return n;
}
static Node *binary(int level) {
    static const struct { const char *ops; Kind k; char assoc; } levels[] = {{" , ", N_COMMA, 'l'}, {" // ", N_ALT, 'r'}, {" = |= += -= *= /= %= //= ", N_ASSIGN, 'n'}, {" or ", N_OR, 'l'}, {" and ", N_AND, 'l'}, {" == != < <= > >= ", N_BIN, 'n'}, {" + - ", N_BIN, 'l'}, {" * / % ", N_BIN, 'l'}};
    if (level == 8) return postfix(true);
    Node *n = binary(level + 1); char b[80];
    while (tok.k == K_OP && snprintf(b, sizeof b, " %s ", tok.s) && strstr(levels[level].ops, b)) {
        const char *op = tok.s; advance(); n = node(levels[level].k, n, binary(levels[level].assoc == 'r' ? level : level + 1)); n->op = op;
        if (levels[level].assoc == 'n' && tok.k == K_OP && snprintf(b, sizeof b, " %s ", tok.s) && strstr(levels[level].ops, b)) syntax(NULL);
    }
    return n;
}
static Node *pipe_expr(void) {
    Node *n = binary(0); if (!is("|")) return n;
    advance(); return node(N_PIPE, n, pipe_expr());
}
Node *parse_program(const char *text, Global *globals, int n) {
    static Node *root;
    tok = last = (Tok){0}; src = prelude; pos = 0; scope = NULL;
    if (setjmp(bail) == 0) { for (advance(); tok.k != K_EOF;) definition(true); }
    tok = last = (Tok){0}; src = text; pos = 0; nest = 0; scope = NULL;
    for (int i = 0; i < n; i++) push(S_GLOBAL, globals[i].name, -1, NULL)->v = globals[i].v;
    if (setjmp(bail) == 0) {
        Node defs = {0}, *end = &defs;
        for (advance(); is("def");) { end->b = node(N_DEF, 0, 0); end = end->b; end->fn = definition(false); }
        if (tok.k == K_EOF) { text_str(&errors, "jq: error: Top-level program not given (try \".\")\n"); n_errors++; }
        else {
            end->b = pipe_expr(); if (tok.k != K_EOF) syntax("end of file");
            root = defs.b;
        }
    }
    if (!n_errors) return root;
    fprintf(stderr, "%sjq: %d compile error%s\n", errors.p, n_errors, n_errors > 1 ? "s" : ""); return NULL;
}
