/* The io and os libraries and module loading. */
#include "core.h"
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>
#define FN(name) static int name(Value *a, int n)
#define ONE(v) do { a[0] = (v); return 1; } while (0)
static File *in_file, *out_file;
extern bool no_environment;

/* Loads a source file (NULL: standard input), skipping a first line that starts with '#'. */
bool load_file(const char *path, Value *out) {
    FILE *f = path ? fopen(path, "rb") : stdin; Buf b = { 0 }; char block[8192]; size_t k;
    if (!f) { *out = STR(str_fmt("cannot open %s: %s", path, strerror(errno))); return false; }
    while ((k = fread(block, 1, sizeof block, f)) > 0) buf_put(&b, block, k);
    if (path) fclose(f);
    size_t skip = 0; if (b.n && b.p[0] == '#') while (skip < b.n && b.p[skip] != '\n') skip++;
    return load_text(b.p + skip, b.n - skip, path ? str_fmt("@%s", path) : str_text("=stdin"), TABLE(globals), out);
}
/* ---- files ---- */
static Value file_value(FILE *fp, bool pipe) { File *h = heap_new(sizeof *h); h->fp = fp; h->pipe = pipe; return (Value){ .k = K_FILE, .h = h }; }
static File *arg_file(Value *a, int n) {
    if (!n || a[0].k != K_FILE) arg_type(a, n, 0, "file");
    if (!a[0].h->fp) throw_fmt("attempt to use a closed file");
    return a[0].h;
}
static int failure(Value *a, const char *path) { int e = errno; a[0] = NIL; a[1] = STR(path ? str_fmt("%s: %s", path, strerror(e)) : str_text(strerror(e))); a[2] = INT(e); return 3; }
static Value read_line(FILE *f, bool keep) {
    char *line = NULL; size_t cap = 0; ssize_t k = getline(&line, &cap, f);
    Value v = k < 0 ? NIL : STR(str_new(line, k - (!keep && k && line[k - 1] == '\n'))); free(line); return v;
}
static Value read_number(FILE *f) {
    char s[202]; int k = 0, c; Value v; while (isspace(c = getc(f))) {}
    for (; k < 200 && c != EOF && (isalnum(c) || c == '.' || c == '+' || c == '-'); c = getc(f)) {
        if ((c == '+' || c == '-') && k && !strchr("eEpP", s[k - 1])) break;
        s[k++] = c;
    }
    ungetc(c, f); return parse_number(s, k, &v) ? v : NIL;
}
/* Reads by the formats at fmt; returns the number of results left in out. */
static int read_formats(FILE *f, Value *fmt, int n, Value *out, int first) {
    Value want[200]; int k = 0, m = n < 200 ? n : 200; memcpy(want, fmt, m * sizeof *want); if (!m) { want[0] = TEXT("l"); m = 1; }
    for (; k < m; k++) {
        Value v;
        if (want[k].k == K_INT || want[k].k == K_NUM) {
            int64_t len = 0; to_int(want[k], &len); char *p = malloc(len + 1); size_t got = fread(p, 1, len, f);
            v = got || (!len && !feof(f)) ? STR(str_new(p, got)) : NIL; free(p);
        } else {
            const char *s = want[k].k == K_STR ? want[k].s->s : "?"; if (*s == '*') s++;
            if (*s == 'l' || *s == 'L') v = read_line(f, *s == 'L');
            else if (*s == 'n') v = read_number(f);
            else if (*s == 'a') { Buf b = { 0 }; char block[4096]; size_t r; while ((r = fread(block, 1, sizeof block, f)) > 0) buf_put(&b, block, r); v = STR(buf_take(&b)); }
            else arg_error(first + k, "invalid format");
        }
        out[k] = v; if (v.k == K_NIL) return k + 1;
    }
    return k;
}
FN(f_read) { return read_formats(arg_file(a, n)->fp, a + 1, n - 1, a, 1); }
FN(i_read) { return read_formats(in_file->fp, a, n, a, 0); }
static int write_all(File *h, Value *a, int n, int from) {
    for (int i = from; i < n; i++) { Str *s = arg_str(a, n, i); fwrite(s->s, 1, s->len, h->fp); }
    ONE(((Value){ .k = K_FILE, .h = h }));
}
FN(f_write) { return write_all(arg_file(a, n), a, n, 1); }
FN(i_write) { return write_all(out_file, a, n, 0); }
static int exit_result(Value *a, int st) { a[0] = st == 0 ? BOOL(true) : NIL; a[1] = TEXT(WIFSIGNALED(st) ? "signal" : "exit"); a[2] = INT(WIFSIGNALED(st) ? WTERMSIG(st) : WEXITSTATUS(st)); return 3; }
FN(f_close) {
    File *h = n ? arg_file(a, n) : out_file; FILE *fp = h->fp; h->fp = NULL; if (h->pipe) return exit_result(a, pclose(fp));
    fclose(fp); ONE(BOOL(true));
}
FN(f_flush) { fflush(n ? arg_file(a, n)->fp : out_file->fp); if (!n) ONE(((Value){ .k = K_FILE, .h = out_file })); return 1; }
FN(f_seek) {
    FILE *f = arg_file(a, n)->fp; const char *w = n > 1 && a[1].k != K_NIL ? arg_str(a, n, 1)->s : "cur";
    if (strcmp(w, "set") && strcmp(w, "cur") && strcmp(w, "end")) arg_error(1, "invalid option '%s'", w);
    if (fseek(f, opt_int(a, n, 2, 0), *w == 's' ? SEEK_SET : *w == 'c' ? SEEK_CUR : SEEK_END)) return failure(a, NULL);
    ONE(INT(ftell(f)));
}
FN(lines_step) {
    Native *c = cur->frame->nat; if (!c->data[0].h->fp) throw_fmt("the file being read by lines was closed");
    int k = 0, r; Value fmt[200]; for (Table *t = c->data[1].t; k < 200 && k < (int)t->alen; k++) fmt[k] = t->arr[k];
    r = read_formats(c->data[0].h->fp, fmt, k, a, 0); if (a[0].k == K_NIL && c->data[2].b) { fclose(c->data[0].h->fp); c->data[0].h->fp = NULL; }
    return r;
}
static Value lines_of(Value file, Value *fmt, int n, bool close) {
    Native *c = native_new("", NULL, lines_step); c->data[0] = file; c->data[1] = TABLE(table_new()); c->data[2] = BOOL(close);
    for (int i = 0; i < n; i++) table_set(c->data[1].t, INT(i + 1), fmt[i]);
    return NATIVE(c);
}
FN(f_lines) { arg_file(a, n); ONE(lines_of(a[0], a + 1, n - 1, false)); }
FN(i_lines) {
    if (!n || a[0].k == K_NIL) ONE(lines_of((Value){ .k = K_FILE, .h = in_file }, NULL, 0, false));
    FILE *f = fopen(arg_str(a, n, 0)->s, "r"); if (!f) throw_fmt("cannot open file '%s' (%s)", a[0].s->s, strerror(errno));
    ONE(lines_of(file_value(f, false), a + 1, n - 1, true));
}
FN(i_open) {
    const char *path = arg_str(a, n, 0)->s, *m = n > 1 && a[1].k != K_NIL ? arg_str(a, n, 1)->s : "r"; const char *rest = m + 1;
    if (*rest == '+') rest++;
    if (!*m || !strchr("rwa", *m) || (*rest && strcmp(rest, "b"))) arg_error(1, "invalid mode");
    FILE *f = fopen(path, m); if (!f) return failure(a, path);
    ONE(file_value(f, false));
}
FN(i_popen) { fflush(NULL); FILE *f = popen(arg_str(a, n, 0)->s, n > 1 ? arg_str(a, n, 1)->s : "r"); if (!f) return failure(a, a[0].s->s); ONE(file_value(f, true)); }
FN(i_type) { if (!n) arg_error(0, "value expected"); ONE(a[0].k != K_FILE ? NIL : TEXT(a[0].h->fp ? "file" : "closed file")); }
/* ---- operating system ---- */
FN(o_time) {
    if (!n || a[0].k == K_NIL) ONE(INT(time(NULL)));
    static const char *names[] = { "year", "month", "day", "hour", "min", "sec" }; struct tm tm = { .tm_isdst = -1 };
    int64_t v[6] = { 0, 0, 0, 12, 0, 0 };
    for (int i = 0; i < 6; i++) {
        Value f = index_value(TABLE(arg_table(a, n, 0)), TEXT(names[i]), NULL);
        if (!to_int(f, &v[i]) && (i < 3 || f.k != K_NIL)) throw_fmt(f.k == K_NIL ? "field '%s' missing in date table" : "date field '%s' needs an integer", names[i]);
    }
    tm.tm_year = v[0] - 1900; tm.tm_mon = v[1] - 1; tm.tm_mday = v[2]; tm.tm_hour = v[3]; tm.tm_min = v[4]; tm.tm_sec = v[5]; ONE(INT(mktime(&tm)));
}
FN(o_date) {
    const char *f = n && a[0].k != K_NIL ? arg_str(a, n, 0)->s : "%c"; time_t t = opt_int(a, n, 1, time(NULL));
    struct tm *tm = *f == '!' ? gmtime(&t) : localtime(&t); char out[2048] = ""; if (*f == '!') f++;
    if (!strncmp(f, "*t", 2)) {
        Table *r = table_new(); const char *names[] = { "year", "month", "day", "hour", "min", "sec", "yday", "wday" };
        int v[] = { tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, tm->tm_yday + 1, tm->tm_wday + 1 };
        for (int i = 0; i < 8; i++) table_set(r, TEXT(names[i]), INT(v[i]));
        table_set(r, TEXT("isdst"), BOOL(tm->tm_isdst > 0)); ONE(TABLE(r));
    }
    for (const char *p = f; *p; p++) if (*p == '%' && (!*++p || !strchr("aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%", *p))) arg_error(0, "invalid conversion specifier '%%%s'", p);
    strftime(out, sizeof out, f, tm); ONE(TEXT(out));
}
FN(o_clock) { ONE(NUM((double)clock() / CLOCKS_PER_SEC)); }
FN(o_getenv) { char *s = getenv(arg_str(a, n, 0)->s); ONE(s ? TEXT(s) : NIL); }
FN(o_remove) { if (remove(arg_str(a, n, 0)->s)) return failure(a, a[0].s->s); ONE(BOOL(true)); }
FN(o_rename) { arg_str(a, n, 1); if (rename(arg_str(a, n, 0)->s, a[1].s->s)) return failure(a, NULL); ONE(BOOL(true)); }
FN(o_execute) { fflush(NULL); if (!n) ONE(BOOL(system(NULL))); return exit_result(a, system(arg_str(a, n, 0)->s)); }
FN(o_exit) { int code = !n || a[0].k == K_NIL ? 0 : a[0].k == K_BOOL ? !a[0].b : (int)arg_int(a, n, 0); fflush(NULL); exit(code); }
/* ---- modules ---- */
/* Tries each template of a path; tells the file found or adds the failures to the buffer. */
static Str *search_path(const char *nm, const char *path, Buf *tried) {
    Buf b = { 0 };
    for (const char *p = path;; p++) {
        if (*p == '?') for (const char *c = nm; *c; c++) buf_put(&b, *c == '.' ? "/" : c, 1);
        else if (*p && *p != ';') buf_put(&b, p, 1);
        else {
            Str *file = buf_take(&b); if (!access(file->s, R_OK)) return file;
            Str *s = str_fmt("\n\tno file '%s'", file->s); buf_put(tried, s->s, s->len); if (!*p) return NULL;
        }
    }
}
FN(p_require) {
    Str *nm = arg_str(a, n, 0); Value v = table_get(loaded, STR(nm)), pkg = table_field(globals, "package"), fn, data; if (v.k != K_NIL) ONE(v);
    fn = table_get(table_get(registry, TEXT("preload")).t, STR(nm)); data = TEXT(":preload:");
    if (fn.k == K_NIL) {
        Value path = pkg.k == K_TABLE ? table_field(pkg.t, "path") : NIL, cpath = pkg.k == K_TABLE ? table_field(pkg.t, "cpath") : NIL;
        if (path.k != K_STR) throw_fmt("package.path is not a string");
        Buf b = { 0 }; Str *f = search_path(nm->s, path.s->s, &b);
        if (!f) {
            if (cpath.k == K_STR) search_path(nm->s, cpath.s->s, &b);
            throw_fmt("module '%s' not found:\n\tno field package.preload['%s']%s", nm->s, nm->s, buf_take(&b)->s);
        }
        if (!load_file(f->s, &fn)) throw_fmt("error loading module '%s' from file '%s':\n\t%s", nm->s, f->s, to_str(fn)->s);
        data = STR(f);
    }
    v = call_one(fn, 2, STR(nm), data, NIL); if (v.k == K_NIL) v = table_get(loaded, STR(nm));
    if (v.k == K_NIL) v = BOOL(true);
    table_set(loaded, STR(nm), v); a[0] = v; a[1] = data; return 2;
}
typedef struct { const char *name; int (*run)(Value *, int); } Def;
static Table *fill(const char *name, const Def *d, int k) {
    Table *t = table_new(); for (int i = 0; i < k; i++) native_add(t, name, d[i].name, d[i].run);
    return t;
}
static void publish(const char *name, Table *t) { table_set(globals, TEXT(name), TABLE(t)); table_set(loaded, TEXT(name), TABLE(t)); }
static void standard(Table *io, const char *name, FILE *fp, File **h) { Value v = file_value(fp, false); v.h->standard = true; if (h) *h = v.h; table_set(io, TEXT(name), v); }
void open_system(void) {
    static const Def io[] = { { "read", i_read }, { "write", i_write }, { "lines", i_lines }, { "open", i_open }, { "popen", i_popen }, { "type", i_type },
        { "close", f_close }, { "flush", f_flush } };
    static const Def methods[] = { { "read", f_read }, { "write", f_write }, { "lines", f_lines }, { "close", f_close }, { "flush", f_flush }, { "seek", f_seek } };
    static const Def os[] = { { "time", o_time }, { "date", o_date }, { "clock", o_clock }, { "getenv", o_getenv }, { "remove", o_remove }, { "rename", o_rename },
        { "execute", o_execute }, { "exit", o_exit } };
    Table *t = fill("io", io, sizeof io / sizeof *io), *p = table_new(); publish("io", t);
    standard(t, "stdin", stdin, &in_file); standard(t, "stdout", stdout, &out_file); standard(t, "stderr", stderr, NULL); file_meta = table_new();
    table_set(file_meta, STR(event_name[M_INDEX]), TABLE(fill("file", methods, sizeof methods / sizeof *methods)));
    publish("os", fill("os", os, sizeof os / sizeof *os));
    const char *lp = no_environment ? NULL : getenv("LUA_PATH_5_5") ? getenv("LUA_PATH_5_5") : getenv("LUA_PATH");
    table_set(p, TEXT("path"), TEXT(lp ? lp : "/usr/local/share/lua/5.5/?.lua;/usr/local/share/lua/5.5/?/init.lua;/usr/local/lib/lua/5.5/?.lua;/usr/local/lib/lua/5.5/?/init.lua;./?.lua;./?/init.lua"));
    table_set(p, TEXT("cpath"), TEXT("/usr/local/lib/lua/5.5/?.so;/usr/local/lib/lua/5.5/loadall.so;./?.so"));
    table_set(p, TEXT("config"), TEXT("/\n;\n?\n!\n-\n")); table_set(p, TEXT("loaded"), TABLE(loaded));
    table_set(registry, TEXT("preload"), TABLE(table_new())); table_set(p, TEXT("preload"), table_get(registry, TEXT("preload")));
    publish("package", p); native_add(globals, "", "require", p_require);
}
