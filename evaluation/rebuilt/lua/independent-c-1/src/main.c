/* The stand-alone interpreter: command line, script start and interactive mode. */
#include "core.h"
#include <unistd.h>
bool no_environment;
static int argc_, status; static char **argv_; static const char *program;
static void version(void) { puts("Lua 5.5.1  Copyright (C) 1994-2026 Lua.org, PUC-Rio"); }
static void report(Value v) { fflush(stdout); fprintf(stderr, program ? "%s: %s\n" : "%.0s%s\n", program ? program : "", to_str(v)->s); }
static int usage(const char *fmt, const char *arg) {
    fprintf(stderr, "%s: ", argv_[0]); fprintf(stderr, fmt, arg);
    fprintf(stderr, "\nusage: %s [options] [script [args]]\nAvailable options are:\n", argv_[0]);
    fputs("  -e stat   execute string 'stat'\n  -i        enter interactive mode after executing 'script'\n"
          "  -l mod    require library 'mod' into global 'mod'\n  -l g=mod  require library 'mod' into global 'g'\n"
          "  -v        show version information\n  -E        ignore environment variables\n  -W        turn warnings on\n"
          "  --        stop handling options\n  -         stop handling options and execute stdin\n", stderr);
    return 1;
}
/* Message handler of all protected calls made here: text with a traceback. */
static int explain(Value *a, int n) {
    if (a[0].k != K_STR) {
        if (metamethod(a[0], M_TOSTRING).k != K_NIL) { a[0] = STR(to_str(a[0])); return 1; }
        a[0] = STR(a[0].k == K_INT || a[0].k == K_NUM ? number_str(a[0]) : str_fmt("(error object is a %s value)", kind_name(a[0])));
    }
    a[0] = STR(traceback(cur, cur->frame->up, a[0].s->s)); return 1;
}
/* Calls fn with n arguments on the stack; reports an error.  Results start at *base. */
static bool run(Value fn, Value *base, int n, int *r) {
    cur->top = base + n; bool ok = protect(fn, base, n, NATIVE(native_new("", NULL, explain)), r); if (!ok) { report(base[0]); cur->top = base; }
    return ok;
}
static bool run_text(const char *s, const char *name) {
    Value fn, *base = cur->top; int r; if (!load_text(s, strlen(s), str_text(name), TABLE(globals), &fn)) { report(fn); return false; }
    bool ok = run(fn, base, 0, &r); cur->top = base; return ok;
}
static bool run_file(const char *path, char **args, int n) {
    Value fn, *base = cur->top; int r; if (!load_file(path, &fn)) { report(fn); return false; }
    for (int i = 0; i < n; i++) base[i] = TEXT(args[i]);
    bool ok = run(fn, base, n, &r); cur->top = base; return ok;
}
static bool run_require(const char *spec) {
    Value *base = cur->top; const char *eq = strchr(spec, '='); Str *nm = eq ? str_new(spec, eq - spec) : str_new(spec, strcspn(spec, "-")); int r;
    base[0] = TEXT(eq ? eq + 1 : spec); bool ok = run(table_field(globals, "require"), base, 1, &r); if (ok) table_set(globals, STR(nm), base[0]);
    cur->top = base; return ok;
}
/* Prompts and reads one line, echoing it when input is not a terminal. */
static bool ask(const char *var, const char *def, Buf *b) {
    Value p = table_field(globals, var); char *line = NULL; size_t cap = 0; printf("%s", p.k == K_NIL ? def : to_str(p)->s); fflush(stdout);
    ssize_t k = getline(&line, &cap, stdin); if (k < 0) return false;
    if (k && line[k - 1] == '\n') k--;
    if (!isatty(0)) printf("%.*s\n", (int)k, line);
    if (b->n) buf_put(b, "\n", 1);
    buf_put(b, line, k); free(line); return true;
}
static void interact(void) {
    const char *saved = program; program = NULL;
    for (Buf b = { 0 }; b.n = 0, ask("_PROMPT", "> ", &b);) {
        Value fn, *base = cur->top; int r; Str *s = str_fmt("return %.*s", (int)b.n, b.p), *name = str_text("=stdin");
        bool ok = load_text(s->s, s->len, name, TABLE(globals), &fn);
        if (!ok && b.n > 5 && !strncmp(b.p, "local", 5) && isspace((uint8_t)b.p[5])) { fflush(stdout); fputs("warning: locals do not survive across lines in interactive mode\n", stderr); }
        while (!ok && !(ok = load_text(b.p ? b.p : "", b.n, name, TABLE(globals), &fn))) {
            size_t k = fn.s->len; if (k < 5 || strcmp(fn.s->s + k - 5, "<eof>") || !ask("_PROMPT2", ">> ", &b)) break;
        }
        if (!ok) report(fn);
        else if (run(fn, base, 0, &r) && r) { memmove(base + 1, base, r * sizeof *base); run(table_field(globals, "print"), base + 1, r, &r); }
        cur->top = base;
    }
    putchar('\n'); program = saved;
}
static bool execute(void) {
    int i, script = 0; bool interactive = false, show = false, stmt = false; program = argv_[0];
    for (i = 1; i < argc_ && argv_[i][0] == '-'; i++) {
        char *o = argv_[i]; if (!strcmp(o, "--")) { i++; break; }
        if (!o[1]) break;
        bool plain = !o[2];
        if (o[1] == 'e' || o[1] == 'l') { stmt |= o[1] == 'e'; if (plain && (++i >= argc_ || argv_[i][0] == '-')) return !usage("'%s' needs argument", o); }
        else if (o[1] == 'i' && plain) interactive = show = true;
        else if (o[1] == 'v' && plain) show = true;
        else if (o[1] == 'E' && plain) no_environment = true;
        else if (o[1] != 'W' || !plain) return !usage("unrecognized option '%s'", o);
    }
    script = i; open_base(); open_strings(); open_system(); if (show) version();
    Table *arg = table_new(); int zero = script < argc_ ? script : 0; for (int k = 0; k < argc_; k++) table_set(arg, INT(k - zero), TEXT(argv_[k]));
    table_set(globals, TEXT("arg"), TABLE(arg)); const char *var = "LUA_INIT_5_5", *init = no_environment ? NULL : getenv(var);
    if (!init && !no_environment) init = getenv(var = "LUA_INIT");
    if (init && !(*init == '@' ? run_file(init + 1, NULL, 0) : run_text(init, str_fmt("=%s", var)->s))) return false;
    for (int k = 1; k < script; k++) {
        char *o = argv_[k];
        if (o[0] == '-' && (o[1] == 'e' || o[1] == 'l')) {
            const char *x = o[2] ? o + 2 : argv_[++k]; if (!(o[1] == 'e' ? run_text(x, "=(command line)") : run_require(x))) return false;
        } else if (!strcmp(o, "-W")) call_one(table_field(globals, "warn"), 1, TEXT("@on"), NIL, NIL);
    }
    if (script < argc_) {
        bool std = !strcmp(argv_[script], "-") && strcmp(argv_[script - 1], "--");
        if (!run_file(std ? NULL : argv_[script], argv_ + script + 1, argc_ - script - 1) && !interactive) return false;
    }
    if (interactive) interact();
    else if (script >= argc_ && !stmt && !show) { if (isatty(0)) { version(); interact(); } else return run_file(NULL, NULL, 0); }
    return true;
}
/* Runs on the large stack of the main fiber. */
static void entry(void) { status = execute() ? 0 : 1; fflush(NULL); exit(status); }
int main(int argc, char **argv) {
    static Native outside; static Frame bottom = { .nat = &outside }; argc_ = argc; argv_ = argv; eval_init();
    globals = table_new(); registry = table_new(); loaded = table_new(); cur = main_fiber = heap_new(sizeof *cur);
    cur->state = F_RUNNING; cur->started = true; cur->frame = &bottom;
    if (!fiber_stack(cur, true)) { fputs("not enough memory\n", stderr); return 1; }
    getcontext(&cur->ctx); cur->ctx.uc_stack.ss_sp = cur->cstack; cur->ctx.uc_stack.ss_size = cur->csize; makecontext(&cur->ctx, entry, 0);
    setcontext(&cur->ctx);
}
