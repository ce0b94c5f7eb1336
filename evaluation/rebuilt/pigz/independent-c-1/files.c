/* Choice and care of input and output files. */
#include "pigz.h"

jmp_buf skip_point;

static struct {
    const char *path, *name;    /* path NULL for standard input; name to be shown */
    struct stat st;
    int in, out, created;
    char target[4096];
} cur;

/* Length of the suffix that marks a compressed file, 0 if there is none. */
size_t packed_suffix(const char *name) {
    static const char *const known[] = {".gz", "-gz", ".z", "-z", "_z", ".Z", ".tgz"};
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (len > strlen(known[i]) && strcmp(name + len - strlen(known[i]), known[i]) == 0) return strlen(known[i]);
    return 0;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void name_target(const struct header *h) {
    size_t len = strlen(cur.name), cut = packed_suffix(cur.name);
    if (opt.to_stdout || !cur.path) strcpy(cur.target, "<stdout>");
    else if (opt.mode == MODE_COMPRESS) snprintf(cur.target, sizeof cur.target, "%s%s", cur.name, opt.suffix);
    else if (opt.name == 1 && h->name[0])
        snprintf(cur.target, sizeof cur.target, "%.*s%s", (int)(base_name(cur.name) - cur.name), cur.name, base_name(h->name));
    else
        snprintf(cur.target, sizeof cur.target, "%.*s%s", (int)(len - cut), cur.name,
                 strcmp(cur.name + len - cut, ".tgz") ? "" : ".tar");
}

static void open_target(const struct header *h) {
    name_target(h);
    cur.out = STDOUT_FILENO;
    if (!opt.to_stdout && cur.path) {
        cur.out = open(cur.target, O_WRONLY | O_CREAT | (opt.force ? O_TRUNC : O_EXCL), 0600);
        if (cur.out < 0 && errno == EEXIST) skip("%s exists", cur.target);
        if (cur.out < 0) die(errno, "write error on %s (%s)", cur.target, strerror(errno));
        cur.created = 1;
    } else if (opt.mode == MODE_COMPRESS && !opt.force && isatty(cur.out))
        die(22, "trying to write compressed data to a terminal (use -f to force)");
    if (opt.verbosity > 1) fprintf(stderr, "%s to %s ", cur.name, cur.target);
}

/* Give the output the owner, mode and times of the input, then drop the input. */
static void close_target(const struct header *h) {
    if (opt.verbosity > 1) putc('\n', stderr);
    if (!cur.created) return;
    fstat(cur.in, &cur.st);
    struct timespec times[2] = {cur.st.st_atim, cur.st.st_mtim};
    if (opt.mode == MODE_DECOMPRESS && opt.time == 1 && h->mtime) times[1] = (struct timespec){h->mtime, 0};
    if (fchown(cur.out, cur.st.st_uid, cur.st.st_gid) == 0 || errno == EPERM) fchmod(cur.out, cur.st.st_mode & 07777);
    futimens(cur.out, times);
    if (close(cur.out)) die(errno, "write error on %s (%s)", cur.target, strerror(errno));
    if (!opt.keep) unlink(cur.path);
}

static void compress_input(struct header *h) {
    if (cur.path && opt.name != 0) snprintf(h->name, sizeof h->name, "%s", base_name(cur.path));
    if (opt.time != 0 && (cur.path || S_ISREG(cur.st.st_mode))) h->mtime = (uint32_t)cur.st.st_mtime;
    open_target(h);
    compress_stream(cur.in, cur.out, h);
    close_target(h);
}

static void expand_input(struct reader *r, struct header *h) {
    r->fd = cur.in, r->pos = r->end = 8, r->total = 0;
    enum parse parsed = read_header(r, h);
    if (parsed == PARSE_EMPTY) skip("%s empty", cur.name);
    int raw = parsed == PARSE_UNKNOWN && opt.force && opt.to_stdout && opt.mode == MODE_DECOMPRESS;
    if (parsed != PARSE_OK && !raw)
        skip("%s %s", cur.name, parsed == PARSE_METHOD ? "unknown compression method" : "unrecognized format");
    if (opt.mode == MODE_LIST) list_input(r, h, cur.name);
    else if (opt.mode == MODE_TEST) expand_members(r, h, -1, cur.name);
    else {
        open_target(h);
        if (!raw) expand_members(r, h, cur.out, cur.name);
        else for (r->pos = 8; write_full(cur.out, r->buf + r->pos, r->end - r->pos), r->pos = r->end,
                  reader_byte(r) >= 0;) r->pos--;   /* -dcf copies what it does not know */
        close_target(h);
    }
}

static void run_current(void) {
    static struct header h;
    static struct reader r;
    memset(&h, 0, sizeof h);
    cur.created = 0, cur.out = -1;
    if (setjmp(skip_point) == 0) {
        if (opt.mode == MODE_COMPRESS) compress_input(&h);
        else expand_input(&r, &h);
    } else {
        if (cur.out >= 0 && opt.verbosity > 1) putc('\n', stderr);
        if (cur.created) close(cur.out), unlink(cur.target);
    }
}

static void walk(const char *path) {
    DIR *dir = opendir(path);
    char child[4096];
    for (struct dirent *d; dir && (d = readdir(dir)) != NULL;)
        if (strcmp(d->d_name, ".") && strcmp(d->d_name, "..")) {
            snprintf(child, sizeof child, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", d->d_name);
            process_path(child);
        }
    if (dir) closedir(dir);
}

/* Why this path is not to be processed, or NULL; cur.st is filled in. */
static const char *objection(const char *path) {
    size_t len = strlen(path), end = strlen(opt.suffix);
    if (lstat(path, &cur.st)) return "does not exist";
    if (S_ISLNK(cur.st.st_mode) && !opt.force && !opt.to_stdout) return "is a symbolic link";
    struct stat st;             /* of what a link points to; times are taken from the link */
    if (stat(path, &st)) return "does not exist";
    if (S_ISDIR(st.st_mode)) return opt.recursive ? NULL : "is a directory";
    if (!S_ISREG(st.st_mode)) return "is a special file or device";
    if (opt.mode == MODE_COMPRESS && !opt.force && len > end && strcmp(path + len - end, opt.suffix) == 0) {
        report("skipping: ", "%s ends with %s", path, opt.suffix);
        return "";
    }
    return opt.mode == MODE_DECOMPRESS && !opt.to_stdout && !packed_suffix(path) ? "does not have compressed suffix" : NULL;
}

/* The path, or else the name of a compressed file that it stands for. */
static const char *complete(const char *path) {
    static char guess[4096];
    struct stat st;
    snprintf(guess, sizeof guess, "%s%s", path, opt.suffix);
    return opt.mode != MODE_COMPRESS && lstat(path, &st) && lstat(guess, &st) == 0 ? guess : path;
}

void process_path(const char *path) {
    if (path) path = complete(path);
    const char *why = path ? objection(path) : NULL;
    cur.path = path;
    cur.name = path ? path : "<stdin>";
    cur.in = STDIN_FILENO;
    if (path == NULL) fstat(cur.in, &cur.st);
    if (why && *why) complain("%s %s", path, why);
    else if (why) return;
    else if (path && S_ISDIR(cur.st.st_mode)) walk(path);
    else if (path && (cur.in = open(path, O_RDONLY)) < 0) complain("%s: %s", path, strerror(errno));
    else {
        run_current();
        if (path) close(cur.in);
    }
}
