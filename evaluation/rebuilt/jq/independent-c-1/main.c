/* main.c - command line, input files and output. */
#include "program.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static struct { bool null_input, raw_input, slurp, raw, raw0, join, seq, stream, exit_status, unbuffered; Style style; } opt = {.style.indent = 2};
static const char *usage =
#include "usage.inc"
static const char **files;
static int n_files, file_at, exit_code, last_output = 4;
static JParser reader;
static bool opened, slurped, read_error, have_line;
static Val events;
static size_t event_at;

static void die(const char *msg) {
    fprintf(stderr, "jq: %s\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs at https://jqlang.org\n", msg);
    exit(2);
}
int input_line(void);
static char *read_all(FILE *f, size_t *n) {
    Text t = {0}; char b[65536]; text_add(&t, "", 0);
    for (size_t k; (k = fread(b, 1, sizeof b, f)) > 0;) text_add(&t, b, k);
    *n = t.len;
    return t.p;
}
static char *read_file(const char *name, size_t *n) {
    FILE *f = fopen(name, "rb"); if (!f) return NULL;
    char *p = read_all(f, n); fclose(f); return p;
}
void halt_program(int code) { fflush(stdout); exit(code); }
/* ---- input ---- */
static bool open_next(void) {
    input_line(); free((char *)reader.s); reader = (JParser){0};
    if (!n_files && !opened) { opened = true; reader.s = read_all(stdin, &reader.n); return true; }
    for (; file_at < n_files; ) {
        opened = true; if ((reader.s = read_file(files[file_at++], &reader.n))) return true;
        fprintf(stderr, "jq: error: Could not open file %s: %s\n", files[file_at - 1], strerror(errno)); exit_code = 2;
    }
    return false;
}
Val input_name(void) { return !opened ? NULL_VAL : str(n_files ? files[file_at - 1] : "<stdin>"); }
/* Lines loaded so far: up to the end of the one being read. */
int input_line(void) {
    static int lines; /* kept after the last input is closed */
    int n = 0;
    for (size_t i = 0; i < reader.n; i++) if (reader.s[i] == '\n') { n++; if (i + 1 >= reader.pos) break; }
    return lines = reader.s ? n : lines;
}
static void stream(Val v, Val path) {
    Val keys = v.t == T_OBJ ? obj_keys(v, false) : v, child = NULL_VAL, at = path;
    if (v.t < T_ARR || !v.len) { events = arr_push(events, arr_push(arr_push(EMPTY_ARR, path), v)); return; }
    for (size_t i = 0; i < v.len; i++) {
        Val key = v.t == T_OBJ ? keys.a->v[i] : num(i); val_index(v, key, &child);
        stream(child, at = arr_push(arr_slice(path, 0, path.len), key));
    }
    events = arr_push(events, arr_push(EMPTY_ARR, at));
}
static int raw_line(Val *out) {
    if (reader.pos >= reader.n) return 0;
    const char *p = reader.s + reader.pos, *e = memchr(p, '\n', reader.n - reader.pos);
    size_t n = e ? (size_t)(e - p) : reader.n - reader.pos;
    *out = str_n(p, n);
    reader.pos += n + 1; return 1;
}
static Status read_one(Val *out, bool *have) {
    for (*have = false; !*have;) {
        if (!reader.s && !open_next()) return OK;
        have_line = true; int r = opt.raw_input ? raw_line(out) : json_next(&reader, out);
        if (r < 0) { read_error = true; return fail("%s", reader.err); }
        *have = r;
        if (!r && !open_next()) return OK;
    }
    return OK;
}
static Status read_input(Val *out, bool *have) {
    if (opt.stream && !opt.slurp) {
        if (event_at >= events.len) {
            Val v; events = EMPTY_ARR; event_at = 0; if (read_one(&v, have) || !*have) return *have ? FAILED : read_error ? FAILED : OK;
            stream(v, EMPTY_ARR);
        }
        *out = events.a->v[event_at++];
        *have = true;
        return OK;
    }
    if (!opt.slurp) return read_one(out, have);
    *have = !slurped;
    if (slurped) return OK;
    slurped = true; Text t = {0}; Val v, all = EMPTY_ARR;
    for (bool more = true; ;) {
        if (opt.raw_input) { if (!reader.s && !open_next()) break; text_add(&t, reader.s, reader.n); if (!open_next()) break; continue; }
        if (read_one(&v, &more)) return FAILED;
        if (!more) break;
        all = arr_push(all, v);
    }
    *out = opt.raw_input ? text_val(&t) : all;
    *have = true;
    return OK;
}
Status (*next_input)(Val *, bool *) = read_input;
/* ---- output ---- */
static Status print(K *k, const Path *p, Val v) {
    static Text t;
    (void)k; (void)p; t.len = 0; if (opt.seq) text_chr(&t, 0x1e);
    if (v.t == T_STR && opt.raw && !opt.style.ascii) text_add(&t, v.s->b, v.s->len);
    else json_dump(v, &opt.style, &t);
    if (opt.raw0) text_chr(&t, 0); else if (!opt.join) text_chr(&t, '\n');
    fwrite(t.p, 1, t.len, stdout); if (opt.unbuffered) fflush(stdout);
    last_output = truthy(v) ? 0 : 1; return OK;
}
static void report_error(void) {
    char at[300] = "<unknown>";
    if (read_error) { fprintf(stderr, "jq: parse error: %s\n", error_val.s->b); return; }
    if (have_line) snprintf(at, sizeof at, "%s:%d", n_files ? files[file_at - 1] : "<stdin>", input_line());
    fprintf(stderr, "jq: error (at %s)%s: %s\n", at, error_val.t == T_STR ? "" : " (not a string)", error_val.t == T_STR ? error_val.s->b : json_text(error_val).s->b);
}
static void *run(void *program) {
    for (bool have = true;;) {
        Mark mark = region_mark(); Val v = NULL_VAL; Status r = opt.null_input ? OK : read_input(&v, &have); if (!r && !have) break;
        if (!r) { r = eval(program, NULL, NULL, v, &(K){.f = print}); if (exit_code == 5) exit_code = 0; }
        if (r) { report_error(); exit_code = 5; }
        if (opt.null_input || read_error) break;
        if (!opt.stream) region_reset(mark);
    }
    return NULL;
}
/* ---- command line ---- */
static Val parse_json(const char *s, const char *flag) {
    JParser p = {.s = s, .n = strlen(s)}; Val v; char b[100]; snprintf(b, sizeof b, "invalid JSON text passed to --%s", flag);
    if (json_next(&p, &v) != 1) die(b);
    return v;
}
static Val file_value(const char *name, const char *file, bool raw) {
    size_t n; char b[500], *s = read_file(file, &n); JParser p = {.s = s, .n = n}; Val v, all = EMPTY_ARR;
    snprintf(b, sizeof b, "Bad JSON in --%s %s %s: Could not open %s: %s", raw ? "rawfile" : "slurpfile", name, file, file, strerror(errno));
    if (!s) { fprintf(stderr, "jq: %s\n", b); exit(2); }
    if (raw) return str_n(s, n);
    for (int r; (r = json_next(&p, &v));) { if (r < 0) die(p.err); all = arr_push(all, v); }
    return all;
}
int main(int argc, char **argv) {
    const char *filter = NULL, *from_file = NULL; Val named = EMPTY_OBJ, positional = EMPTY_ARR, env; bool options = true, use_file = false;
    char rest = 'f', b[300]; files = calloc(argc + 1, sizeof *files);
    for (int i = 1; i < argc; i++) {
        const char *s = argv[i];
        if (!options || s[0] != '-' || !s[1]) {
            if (!filter && !use_file) filter = s;
            else if (!from_file && use_file) from_file = s;
            else if (rest == 'f') files[n_files++] = s;
            else positional = arr_push(positional, rest == 'a' ? str(s) : parse_json(s, "jsonargs"));
            continue;
        }
        if (!strcmp(s, "--")) { options = false; continue; }
        static const struct { char c; const char *name; bool *flag; } flags[] = {{'n', "null-input", &opt.null_input}, {'R', "raw-input", &opt.raw_input}, {'s', "slurp", &opt.slurp}, {'r', "raw-output", &opt.raw}, {0, "raw-output0", &opt.raw0}, {'j', "join-output", &opt.join}, {'a', "ascii-output", &opt.style.ascii}, {'S', "sort-keys", &opt.style.sort}, {'C', "color-output", &opt.style.color}, {0, "seq", &opt.seq}, {0, "stream", &opt.stream}, {'e', "exit-status", &opt.exit_status}, {0, "unbuffered", &opt.unbuffered}};
        bool known = s[1] != '-';
        for (const char *c = s + 1; known && *c; c++) {
            bool found = strchr("cMfhVbL", *c);
            for (size_t j = 0; j < sizeof flags / sizeof *flags; j++) if (flags[j].c == *c) found = *flags[j].flag = true;
            known &= found;
        }
        for (size_t j = 0; s[1] == '-' && j < sizeof flags / sizeof *flags; j++) if (!strcmp(s + 2, flags[j].name)) known = *flags[j].flag = true;
        bool small = s[1] != '-' && known;
#define IS(c, name) ((small && strchr(s + 1, c)) || !strcmp(s, name))
        if (IS('h', "--help")) { fputs(usage, stdout); return 0; }
        if (IS('V', "--version")) { puts("jq-1.8.1-32-gb33a763"); return 0; }
        if (IS('c', "--compact-output")) { opt.style.indent = -1; known = true; }
        if (IS('M', "--monochrome-output")) { opt.style.color = false; known = true; }
        if (IS('f', "--from-file")) { use_file = known = true; if (filter) { from_file = filter; filter = NULL; } }
        if (IS('L', "--library-path")) { i++; known = true; }
        if (!strcmp(s, "--tab")) { opt.style.indent = 100; known = true; }
        if (!strcmp(s, "--args") || !strcmp(s, "--jsonargs")) { rest = s[2]; known = true; }
        if (!strcmp(s, "--indent")) {
            char *end = ""; if (++i >= argc) die("--indent takes one parameter");
            long n = strtol(argv[i], &end, 10); if (*end || n < -1 || n > 7) die("--indent takes a number between -1 and 7");
            opt.style.indent = n < 0 ? 100 : n; known = true;
        }
        bool arg = !strcmp(s, "--arg"), json = !strcmp(s, "--argjson"), raw = !strcmp(s, "--rawfile");
        if (arg || json || raw || !strcmp(s, "--slurpfile")) {
            snprintf(b, sizeof b, "%s takes two parameters (e.g. %s varname %s)", s, s, arg ? "value" : json ? "text" : "filename");
            if (i + 2 >= argc) die(b);
            named = obj_put(named, argv[i + 1], arg ? str(argv[i + 2]) : json ? parse_json(argv[i + 2], "argjson") : file_value(argv[i + 1], argv[i + 2], raw));
            i += 2; known = true;
        }
        snprintf(b, sizeof b, "Unknown option %s", s); if (!known) die(b);
    }
    if (opt.raw0 || opt.join) opt.raw = true;
    size_t n;
    if (from_file && !(filter = read_file(from_file, &n))) { fprintf(stderr, "jq: Could not open %s: %s\n", from_file, strerror(errno)); return 2; }
    Global *globals = alloc((named.len + 2) * sizeof *globals);
    for (size_t i = 0; i < named.len; i++) globals[i] = (Global){named.o->e[i].k->b, named.o->e[i].v};
    find_native("env", 0)->fn(NULL_VAL, NULL, &env); globals[named.len] = (Global){"ENV", env};
    globals[named.len + 1] = (Global){"ARGS", obj_put(obj_put(EMPTY_OBJ, "positional", positional), "named", named)};
    Node *program = parse_program(filter ? filter : ".", globals, named.len + 2); if (!program) return 3;
    pthread_attr_t attr; /* deep recursion in filters needs a deep stack */
    pthread_t thread; pthread_attr_init(&attr); pthread_attr_setstacksize(&attr, (size_t)1 << 30);
    if (pthread_create(&thread, &attr, run, program)) run(program); else pthread_join(thread, NULL);
    fflush(stdout); return exit_code ? exit_code : opt.exit_status ? last_output : 0;
}
