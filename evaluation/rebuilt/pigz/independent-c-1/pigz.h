/* Shared declarations of the parallel gzip clone. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum mode { MODE_COMPRESS, MODE_DECOMPRESS, MODE_TEST, MODE_LIST };
struct options {
    enum mode mode;
    int level, verbosity;       /* verbosity 0 is quiet, 1 normal */
    int keep, force, to_stdout, recursive, independent;
    int name, time;             /* store or restore: -1 is the default */
    size_t block, procs;
    const char *suffix, *comment, *prog;    /* prog is the name in front of messages */
};
extern struct options opt;
extern int exit_code;
extern jmp_buf skip_point;      /* where to go on after giving up on a file */

/* io.c: messages, memory, input and output */
struct buf { uint8_t *data; size_t len, cap; };
struct reader {
    int fd;
    size_t pos, end, total;     /* bytes read from fd so far */
    uint8_t buf[8 + 65536];     /* the last 8 bytes before a refill are kept */
};
void report(const char *kind, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define warn(...) (report("", __VA_ARGS__), exit_code = 1)
#define complain(...) (report("skipping: ", __VA_ARGS__), exit_code = 1)
#define skip(...) (complain(__VA_ARGS__), longjmp(skip_point, 1))
#define die(code, ...) (report("abort: ", __VA_ARGS__), exit(code))
void *xalloc(void *old, size_t size);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_int(struct buf *b, uint64_t value, int bytes);     /* little endian */
size_t read_full(int fd, void *buf, size_t len);
void write_full(int fd, const void *buf, size_t len);
int reader_byte(struct reader *r);                          /* -1 at the end */
int reader_int(struct reader *r, int bytes, uint64_t *value);

/* check.c */
void crc_init(void);
uint32_t crc_update(uint32_t crc, const uint8_t *p, size_t n);
uint32_t crc_combine(uint32_t a, uint32_t b, uint64_t len_b);

/* huffman.c, lz77.c, deflate.c, inflate.c */
extern const uint16_t length_base[29], dist_base[30];
extern const uint8_t length_extra[31], dist_extra[30], clen_order[19];
void huff_lengths(const uint32_t *freq, int n, int max_bits, uint8_t *len);
void huff_codes(const uint8_t *len, int n, uint16_t *code);
void huff_fixed(uint8_t *len);          /* 288 literal, then 30 distance lengths */
struct token { uint16_t dist, len; };   /* dist 0: len is a literal */
typedef void token_sink(void *state, struct token t);
void lz_parse(const uint8_t *base, size_t dict, size_t len, token_sink *emit, void *state);
void deflate_block(const uint8_t *base, size_t dict, size_t len, int last, struct buf *out);
typedef void byte_sink(void *state, const uint8_t *p, size_t n);
#define INFLATE_SHORT ((const char *)-1)    /* the input ended too early */
const char *inflate_stream(struct reader *r, byte_sink *sink, void *state);

/* format.c */
struct header {
    char name[1024];            /* empty if there is none */
    uint32_t mtime, head_len;   /* mtime 0 if there is none */
};
enum parse { PARSE_OK, PARSE_EMPTY, PARSE_UNKNOWN, PARSE_METHOD };
enum parse read_header(struct reader *r, struct header *h);
void write_header(struct buf *b, const struct header *h);

/* compress.c, expand.c, list.c, files.c, options.c */
void compress_stream(int in, int out, struct header *h);
void expand_members(struct reader *r, struct header *h, int out, const char *name);
void list_input(struct reader *r, struct header *h, const char *name);
void process_path(const char *path);    /* NULL for standard input */
size_t packed_suffix(const char *name);
int parse_args(int n, char **arg, const char *env_name);   /* operands are moved to the front */
