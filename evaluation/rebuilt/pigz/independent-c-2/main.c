/* A parallel gzip and zlib compressor. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void codec_init(void);
uint32_t crc_update(uint32_t crc, const uint8_t *p, size_t n);
uint32_t adler_update(uint32_t sum, const uint8_t *p, size_t n);
size_t deflate_chunk(const uint8_t *buf, size_t dict, size_t len, int level, int mode, int split, int last, uint8_t *out);
const char *inflate_stream(uint64_t *size);

#define BUF 65536

static int level = 6, mode, loudness = 1, split, keep, force, to_stdout, expanding, testing, listing, zlib, flush_disk;
static int with_name = -1, with_time = -1, status, listed, nfiles;
static unsigned long threads, block_size = 131072;
static const char *self_name, *suffix, *comment, **files;

static int in_fd, out_fd = -1, out_made;
static const char *in_name;
static char out_name[PATH_MAX];
static uint8_t rd_buf[8 + BUF], *rd_pos = rd_buf + 8, *rd_end = rd_buf + 8;
static uint32_t check;

struct header {
    int zlib;
    time_t mtime;
    char name[NAME_MAX + 1];
};

struct block {
    pthread_t thread;
    uint8_t *in, *out;
    size_t dict, len, outlen;
    int last, threaded;
};

static const char usage_lines[] =
    "Usage: pigz [options] [files ...]\n  will compress files in place, adding the suffix '.gz'. If no files are\n"
    "  specified, stdin will be compressed to stdout. pigz does what gzip does,\n  but spreads the work over multiple processors and cores when compressing.\n\nOptions:\n"
    "  -0 to -9, -11        Compression level (level 11, zopfli, is much slower)\n  --fast, --best       Compression levels 1 and 9 respectively\n"
    "  -A, --alias xxx      Use xxx as the name for any --zip entry from stdin\n  -b, --blocksize mmm  Set compression block size to mmmK (default 128K)\n"
    "  -c, --stdout         Write all processed output to stdout (won't delete)\n  -C, --comment ccc    Put comment ccc in the gzip or zip header\n"
    "  -d, --decompress     Decompress the compressed input\n  -f, --force          Force overwrite, compress .gz, links, and to terminal\n"
    "  -F  --first          Do iterations first, before block split for -11\n  -h, --help           Display a help screen and quit\n"
    "  -H, --huffman        Use only Huffman coding for compression\n  -i, --independent    Compress blocks independently for damage recovery\n"
    "  -I, --iterations n   Number of iterations for -11 optimization\n  -J, --maxsplits n    Maximum number of split blocks for -11\n"
    "  -k, --keep           Do not delete original file after processing\n  -K, --zip            Compress to PKWare zip (.zip) single entry format\n"
    "  -l, --list           List the contents of the compressed input\n  -L, --license        Display the pigz license and quit\n"
    "  -m, --no-time        Do not store or restore mod time\n  -M, --time           Store or restore mod time\n"
    "  -n, --no-name        Do not store or restore file name or mod time\n  -N, --name           Store or restore file name and mod time\n"
    "  -O  --oneblock       Do not split into smaller blocks for -11\n  -p, --processes n    Allow up to n compression threads (default is the\n"
    "                       number of online processors, or 8 if unknown)\n  -q, --quiet          Print no messages, even on error\n"
    "  -r, --recursive      Process the contents of all subdirectories\n  -R, --rsyncable      Input-determined block locations for rsync\n"
    "  -S, --suffix .sss    Use suffix .sss instead of .gz (for compression)\n  -t, --test           Test the integrity of the compressed input\n"
    "  -U, --rle            Use run-length encoding for compression\n  -v, --verbose        Provide more verbose output\n"
    "  -V  --version        Show the version of pigz\n  -Y  --synchronous    Force output file write to permanent storage\n"
    "  -z, --zlib           Compress to zlib (.zz) instead of gzip format\n  --                   All arguments after \"--\" are treated as files\n";

static void report(const char *kind, const char *fmt, va_list ap) {
    fflush(stdout);
    if (loudness) {
        fprintf(stderr, "%s: %s", self_name, kind);
        vfprintf(stderr, fmt, ap);
        fputc('\n', stderr);
    }
}

static int skip(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    report("skipping: ", fmt, ap);
    va_end(ap);
    status = 1;
    return 0;
}

static void die(int code, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    report("abort: ", fmt, ap);
    if (out_made)
        unlink(out_name);
    exit(code);
}

/* ---- input and output ---- */

static size_t read_some(uint8_t *p, size_t n) {
    ssize_t r = read(in_fd, p, n);
    if (r < 0)
        die(errno, "read error on %s (%s)", in_name, strerror(errno));
    return r;
}

int in_byte(void) {
    if (rd_pos == rd_end) {
        memmove(rd_buf, rd_end - 8, 8);
        rd_pos = rd_buf + 8;
        size_t n = read_some(rd_pos, BUF);
        rd_end = rd_pos + n;
        if (!n)
            return -1;
    }
    return *rd_pos++;
}

void in_unread(int n) {
    rd_pos -= n;
}

static int in_bytes(uint8_t *p, int n) {
    int i = 0, c;
    while (i < n && (c = in_byte()) >= 0)
        p[i++] = c;
    return i;
}

static void write_all(const uint8_t *p, size_t n) {
    while (n) {
        ssize_t w = write(out_fd, p, n);
        if (w < 0)
            die(errno, "write error on %s (%s)", out_name, strerror(errno));
        p += w;
        n -= w;
    }
}

void out_bytes(const uint8_t *p, size_t n) {
    check = zlib ? adler_update(check, p, n) : crc_update(check, p, n);
    if (out_fd >= 0)
        write_all(p, n);
}

/* ---- compression ---- */

static void *run_block(void *arg) {
    struct block *b = arg;
    b->outlen = deflate_chunk(b->in, b->dict, b->len, level, mode, split, b->last, b->out);
    return NULL;
}

static void finish_block(struct block *b) {
    if (b->threaded)
        pthread_join(b->thread, NULL);
    check = zlib ? adler_update(check, b->in + b->dict, b->len) : crc_update(check, b->in + b->dict, b->len);
    write_all(b->out, b->outlen);
    free(b->in);
    free(b->out);
}

static void compress_stream(const char *name, time_t mtime) {
    uint8_t gz[10] = {0x1f, 0x8b, 8, (name ? 8 : 0) | (comment ? 16 : 0), mtime, mtime >> 8, mtime >> 16, mtime >> 24,
                      level >= 9 ? 2 : level == 1 ? 4 : 0, 3};
    uint8_t zz[2] = {0x78, level >= 9 ? 0xda : level == 1 ? 0x01 : level >= 6 ? 0x5e : 0x9c}, tail[8];
    uint8_t *pend = malloc(block_size + 1), *dict = malloc(32768);
    size_t have = 0, dlen = 0, n, got;
    unsigned long started = 0, done = 0;
    uint64_t total = 0;
    struct block *ring = calloc(threads, sizeof *ring), *b;
    check = zlib;
    write_all(zlib ? zz : gz, zlib ? 2 : 10);
    if (name && !zlib)
        write_all((const uint8_t *)name, strlen(name) + 1);
    if (comment && !zlib)
        write_all((const uint8_t *)comment, strlen(comment) + 1);
    do {
        while (have <= block_size && (got = read_some(pend + have, block_size + 1 - have)) > 0)
            have += got;
        n = have < block_size ? have : block_size;
        if (started - done == threads)
            finish_block(&ring[done++ % threads]);
        b = &ring[started++ % threads];
        b->dict = dlen;
        b->len = n;
        b->last = have <= block_size;
        b->in = malloc(dlen + n + 1);
        b->out = malloc(n + n / 8 + 1024);
        memcpy(b->in, dict, dlen);
        memcpy(b->in + dlen, pend, n);
        dlen = split || b->last ? 0 : 32768;
        memcpy(dict, pend + n - dlen, dlen);
        have -= n;
        if (have)
            pend[0] = pend[n];
        total += n;
        b->threaded = threads > 1 && !(b->last && started == 1) && !pthread_create(&b->thread, NULL, run_block, b);
        if (!b->threaded)
            run_block(b);
    } while (!b->last);
    while (done < started)
        finish_block(&ring[done++ % threads]);
    for (int i = 0; i < 4; i++) {
        tail[i] = check >> (zlib ? 24 - 8 * i : 8 * i);
        tail[4 + i] = total >> (8 * i);
    }
    write_all(tail, zlib ? 4 : 8);
    free(pend);
    free(dict);
    free(ring);
}

/* ---- decompression ---- */

static uint32_t word(const uint8_t *p, int big) {
    return big ? (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3] : (uint32_t)p[3] << 24 | p[2] << 16 | p[1] << 8 | p[0];
}

static int read_text(char *out) {
    int c, i = 0;
    while ((c = in_byte()) > 0)
        if (i < NAME_MAX)
            out[i++] = c;
    out[i] = 0;
    return c;
}

/* returns NULL for a good header, or the complaint that follows the file name */
static const char *read_header(struct header *h) {
    static const char bad[] = " unrecognized format";
    char ignored[NAME_MAX + 1];
    uint8_t b[10];
    int n = in_bytes(b, 2);
    h->mtime = h->name[0] = 0;
    if (n == 0)
        return " empty";
    h->zlib = n == 2 && (b[0] << 8 | b[1]) % 31 == 0 && (b[0] & 15) == 8 && b[0] < 0x80 && !(b[1] & 32);
    if (h->zlib)
        return NULL;
    if (n < 2 || b[0] != 0x1f || b[1] != 0x8b || in_bytes(b + 2, 8) < 8)
        return bad;
    if (b[2] != 8)
        return " unknown compression method";
    h->mtime = word(b + 4, 0);
    if (b[3] & 4) {
        n = in_bytes(b + 8, 2) < 2 ? 0 : b[8] | b[9] << 8;
        while (n-- > 0)
            in_byte();
    }
    if (b[3] & 0xe0 || (b[3] & 8 && read_text(h->name)) || (b[3] & 16 && read_text(ignored)))
        return bad;
    return b[3] & 2 && in_bytes(b, 2) < 2 ? bad : NULL;
}

/* file name without its compressed suffix, or 0 if it has none */
static int plain_name(const char *path, char *out) {
    static const char *const known[] = {".gz", ".zz", ".z", ".zip", ".tgz"};
    size_t n = strlen(path);
    snprintf(out, PATH_MAX - 8, "%s", path);
    for (int i = 0; i < 5; i++) {
        size_t k = strlen(known[i]);
        if (n > k && n < PATH_MAX - 8 && !strcmp(path + n - k, known[i])) {
            strcpy(out + n - k, i == 4 ? ".tar" : "");
            return 1;
        }
    }
    return 0;
}

/* list one file; the check and length come from its last bytes */
static void show_row(struct header *h) {
    uint64_t packed = 0, size = 0;
    uint8_t last[8] = {0};
    char when[32] = "------ -----", name[PATH_MAX];
    for (int c; (c = in_byte()) >= 0; packed++) {
        memmove(last, last + 1, 7);
        last[7] = c;
    }
    if (!h->zlib && packed <= 8) {
        skip("%s not a valid gzip file", in_name);
        return;
    }
    if (!loudness)
        return;
    packed -= packed < 8 ? packed : h->zlib ? 4 : 8;
    check = word(last + (h->zlib ? 4 : 0), h->zlib);
    size = h->zlib ? 0 : word(last + 4, 0);
    if (!listed++)
        printf("%scompressed   original reduced  name\n", loudness > 1 ? "method    check    timestamp    " : "");
    if (h->mtime)
        strftime(when, sizeof when, llabs((long long)(time(NULL) - h->mtime)) > 15768000 ? "%b %e  %Y" : "%b %e %H:%M", localtime(&h->mtime));
    plain_name(in_name, name);
    if (loudness > 1)
        printf("%s  %08x  %s  ", h->zlib ? "zlib 8" : "gzip 8", check, when);
    printf("%10ju %10ju", (uintmax_t)packed, (uintmax_t)size);
    if (!h->zlib && packed <= size + size / 4096 + 12)
        printf(" %6.1f%%  ", 100.0 * ((double)size - packed) / size);
    else
        printf("?  unk    ");
    printf("%s\n", h->name[0] ? h->name : name);
}

/* expanding all members; the first header has been read. Returns 0 on an error. */
static int decode_stream(struct header *h) {
    const char *why;
    uint64_t size;
    uint8_t tail[8];
    do {
        check = zlib = h->zlib;
        why = inflate_stream(&size);
        if (why && *why)
            return skip("%s: corrupted -- invalid deflate data (%s)", in_name, why);
        if (why)
            return skip("%s: corrupted -- incomplete deflate data", in_name);
        if (in_bytes(tail, zlib ? 4 : 8) < (zlib ? 4 : 8))
            return skip("%s: corrupted -- missing trailer", in_name);
        if (word(tail, zlib) != check)
            return skip("%s: corrupted -- %s mismatch", in_name, zlib ? "adler32" : "crc32");
        if (!zlib && word(tail + 4, 0) != (uint32_t)size)
            return skip("%s: corrupted -- length mismatch", in_name);
    } while (!(why = read_header(h)));
    if (strcmp(why, " empty") && loudness > 1) {
        fprintf(stderr, "%s: warning: %s: trailing junk was ignored\n", self_name, in_name);
        status = 1;
    }
    return 1;
}

/* ---- files ---- */

/* path is NULL for standard input */
static int handle_file(const char *path) {
    struct stat st = {0};
    static struct header h;
    time_t saved_time;
    const char *slash = path ? strrchr(path, '/') : NULL, *base = slash ? slash + 1 : path, *why;
    int quiet_out = testing || listing, use_stdout = to_stdout || !path, ok = 1;
    size_t len = path ? strlen(path) : 0, slen = strlen(suffix);

    in_name = path ? path : "<stdin>";
    if (!path) {
        in_fd = 0;
        fstat(0, &st);
    } else {
        if ((force || use_stdout || quiet_out ? stat : lstat)(path, &st))
            return skip("%s does not exist", path);
        if (S_ISDIR(st.st_mode))
            return skip("%s is a directory", path);
        if (S_ISLNK(st.st_mode))
            return skip("%s is a symbolic link", path);
        if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode) && !force)
            return skip("%s is a special file or device", path);
        if (!expanding && !force && len > slen && !strcmp(path + len - slen, suffix)) {
            if (loudness)
                fprintf(stderr, "%s: skipping: %s ends with %s\n", self_name, path, suffix);
            return 0;
        }
        if (expanding && !plain_name(path, out_name) && !use_stdout && !quiet_out)
            return skip("%s does not have compressed suffix", path);
        if ((in_fd = open(path, O_RDONLY)) < 0)
            die(errno, "read error on %s (%s)", path, strerror(errno));
    }
    rd_pos = rd_end = rd_buf + 8;
    if (expanding && (why = read_header(&h))) {
        skip("%s%s", in_name, why);
        goto close_input;
    }
    saved_time = h.mtime;
    if (listing) {
        show_row(&h);
        goto close_input;
    }
    if (use_stdout && !quiet_out) {
        strcpy(out_name, "<stdout>");
        out_fd = 1;
    } else if (!quiet_out) {
        if (!expanding)
            snprintf(out_name, sizeof out_name, "%s%s", path, suffix);
        else if (with_name > 0 && h.name[0])
            snprintf(out_name, sizeof out_name, "%.*s%s", (int)(base - path), path, h.name);
        out_fd = open(out_name, O_WRONLY | O_CREAT | (force ? O_TRUNC : O_EXCL), 0600);
        if (out_fd < 0 && errno == EEXIST) {
            skip("%s exists", out_name);
            goto close_input;
        }
        if (out_fd < 0)
            die(errno, "write error on %s (%s)", out_name, strerror(errno));
        out_made = 1;
    }
    if (loudness > 1 && !quiet_out)
        fprintf(stderr, "%s to %s ", in_name, out_name);
    if (expanding)
        ok = decode_stream(&h);
    else
        compress_stream(with_name ? base : NULL, with_time && S_ISREG(st.st_mode) ? st.st_mtime : 0);
    if (loudness > 1 && !quiet_out)
        fputc('\n', stderr);
    if (out_made) {
        struct timespec times[2] = {st.st_atim, st.st_mtim};
        if (expanding && with_time > 0 && saved_time)
            times[1] = (struct timespec){saved_time, 0};
        fchmod(out_fd, st.st_mode & 07777);
        futimens(out_fd, times);
        if (flush_disk)
            fsync(out_fd);
        if (close(out_fd))
            die(errno, "write error on %s (%s)", out_name, strerror(errno));
        if (!ok)
            unlink(out_name);
        else if (!keep)
            unlink(path);
    }
close_input:
    out_fd = -1;
    out_made = 0;
    if (path)
        close(in_fd);
    return 0;
}

/* ---- options ---- */

static const struct {
    char letter;
    const char *name;
    int *flag, value;
} options[] = {
    {'c', "stdout", &to_stdout, 1}, {'c', "to-stdout", &to_stdout, 1}, {'d', "decompress", &expanding, 1},
    {'d', "uncompress", &expanding, 1}, {'f', "force", &force, 1}, {'H', "huffman", &mode, 1},
    {'U', "rle", &mode, 2}, {'i', "independent", &split, 1}, {'k', "keep", &keep, 1}, {'l', "list", &listing, 1},
    {'t', "test", &testing, 1}, {'m', "no-time", &with_time, 0}, {'M', "time", &with_time, 1},
    {'n', "no-name", &with_name, 0}, {'N', "name", &with_name, 1}, {'q', "quiet", &loudness, 0},
    {'q', "silent", &loudness, 0}, {'Y', "synchronous", &flush_disk, 1}, {'z', "zlib", &zlib, 1},
    {'1', "fast", &level, 1}, {'9', "best", &level, 9}, {'A', "alias", NULL, 0}, {'b', "blocksize", NULL, 0},
    {'C', "comment", NULL, 0}, {'F', "first", NULL, 0}, {'h', "help", NULL, 0}, {'I', "iterations", NULL, 0},
    {'J', "maxsplits", NULL, 0}, {'K', "zip", NULL, 0}, {'L', "license", NULL, 0}, {'O', "oneblock", NULL, 0},
    {'p', "processes", NULL, 0}, {'r', "recursive", NULL, 0}, {'R', "rsyncable", NULL, 0},
    {'S', "suffix", NULL, 0}, {'v', "verbose", NULL, 0}, {'V', "version", NULL, 0}, {'Z', "", NULL, 0},
    {'a', "", NULL, 0}
};

static unsigned long number(const char *s) {
    char *end;
    errno = 0;
    unsigned long n = strtoul(s, &end, 10);
    if (errno || *end || *s < '0' || *s > '9')
        die(22, "invalid numeric parameter: %s", s);
    return n;
}

static void set_option(int c, const char *arg) {
    switch (c) {
    case 'b':
        block_size = number(arg) << 10;
        if (block_size < 32768)
            die(22, "block size too small (must be >= 32K)");
        if (number(arg) > 2000000)
            die(22, "block size too large: %s", arg);
        break;
    case 'p':
        threads = number(arg);
        if (threads < 1)
            die(22, "invalid number of processes: %s", arg);
        if (threads > INT_MAX)
            die(22, "too many processes: %s", arg);
        break;
    case 'S':
        if (!*arg)
            die(22, "suffix cannot be empty");
        suffix = arg;
        break;
    case 'I': case 'J': number(arg); break;
    case 'C': comment = arg; break;
    case 'l': case 't': expanding = 1; break;
    case 'n': with_name = with_time = 0; break;
    case 'N': with_name = with_time = 1; break;
    case 'v': loudness++; break;
    case 'r': case 'K': die(22, "not available in this version: -%c", c); break;
    case 'Z': die(22, "invalid option: LZW output not supported: -Z"); break;
    case 'a': die(22, "invalid option: no ascii conversion: -a"); break;
    case 'h': fputs(usage_lines, stderr); exit(0);
    case 'V': printf("pigz 2.8\n%s", loudness > 1 ? "built-in deflate\n" : ""); exit(0);
    case 'L':
        printf("pigz 2.8\nCopyright (C) 2007-2023 Mark Adler\nSubject to the terms of the zlib license.\n"
               "No warranty is provided or implied.\n");
        exit(0);
    }
}

static void parse_words(char **words, int n) {
    int plain = 0, k, count = sizeof options / sizeof *options;
    for (int i = 0; i < n; i++) {
        char *w = words[i], single[2] = {0};
        if (plain || w[0] != '-' || !w[1] || !strcmp(w, "--")) {
            if (plain || strcmp(w, "--"))
                files[nfiles++] = !plain && !strcmp(w, "-") ? NULL : w;
            plain |= !strcmp(w, "--");
            continue;
        }
        if (w[1] == '-') {
            for (k = 0; k < count && strcmp(options[k].name, w + 2); k++)
                ;
            if (k == count)
                die(22, "invalid option: %s", w);
            single[0] = options[k].letter;
        }
        w = single[0] ? single : w + 1;
        while (*w) {
            char c = *w++, *arg = NULL;
            if (c >= '0' && c <= '9') {
                unsigned long v = strtoul(w - 1, &w, 10);
                if (v > 9 && v != 11)
                    die(22, "only levels 0..9 and 11 are allowed");
                level = v;
                continue;
            }
            if (strchr("AbCIJpS", c)) {
                arg = *w ? w : i + 1 < n && words[i + 1][0] != '-' ? words[++i] : NULL;
                if (!arg)
                    die(22, "missing parameter after -%c", c);
                w = "";
            }
            for (k = 0; k < count && options[k].letter != c; k++)
                ;
            if (k == count)
                die(22, "invalid option: -%c", c);
            if (options[k].flag)
                *options[k].flag = options[k].value;
            set_option(c, arg);
        }
    }
}

static void parse_env(const char *var) {
    char *value = getenv(var), *words[256];
    int n = 0;
    if (!value)
        return;
    for (char *w = strtok(strdup(value), " \t"); w && n < 256; w = strtok(NULL, " \t"))
        words[n++] = w;
    files = calloc(n + 1, sizeof *files);
    parse_words(words, n);
    if (nfiles)
        die(22, "cannot provide files in %s environment variable", var);
}

int main(int argc, char **argv) {
    self_name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    expanding = !strncmp(self_name, "un", 2);
    codec_init();
    parse_env("GZIP");
    parse_env("PIGZ");
    files = calloc(argc + 1, sizeof *files);
    if (argc == 1 && !expanding && isatty(1))
        set_option('h', NULL);
    parse_words(argv + 1, argc - 1);
    if (!suffix)
        suffix = zlib ? ".zz" : ".gz";
    if (!threads)
        threads = sysconf(_SC_NPROCESSORS_ONLN) > 0 ? sysconf(_SC_NPROCESSORS_ONLN) : 8;
    threads = threads > 256 ? 256 : threads;
    if (comment && zlib && !expanding) {
        if (loudness)
            fprintf(stderr, "%s: can't store comment in zlib format -- ignoring\n", self_name);
        status = 1;
    }
    if (!expanding && !force && isatty(1) && (to_stdout || !nfiles))
        die(22, "will not write compressed data to a terminal without -f");
    if (!nfiles)
        files[nfiles++] = NULL;
    for (int i = 0; i < nfiles; i++)
        handle_file(files[i]);
    fflush(stdout);
    return status;
}
