/* Messages, memory, byte buffers, whole reads and writes, buffered input. */
#include "pigz.h"

void report(const char *kind, const char *fmt, ...) {
    if (opt.verbosity == 0) return;
    va_list args;
    va_start(args, fmt);
    fflush(stdout);
    fprintf(stderr, "%s: %s", opt.prog, kind);
    vfprintf(stderr, fmt, args);
    putc('\n', stderr);
    va_end(args);
}

void *xalloc(void *old, size_t size) {
    void *p = realloc(old, size ? size : 1);
    if (p == NULL) die(ENOMEM, "not enough memory");
    return p;
}

void buf_add(struct buf *b, const void *data, size_t len) {
    if (b->len + len > b->cap) {
        b->cap = (b->len + len) * 2 + 64;
        b->data = xalloc(b->data, b->cap);
    }
    if (len) memcpy(b->data + b->len, data, len);
    b->len += len;
}

void buf_int(struct buf *b, uint64_t value, int bytes) {
    for (; bytes--; value >>= 8) buf_add(b, &(uint8_t){(uint8_t)value}, 1);
}

size_t read_full(int fd, void *buf, size_t len) {
    size_t got = 0;
    for (ssize_t n = 1; got < len && n; got += (size_t)n) {
        n = read(fd, (char *)buf + got, len - got);
        if (n < 0) die(errno, "read error (%s)", strerror(errno));
    }
    return got;
}

void write_full(int fd, const void *buf, size_t len) {
    for (const char *p = buf; len;) {
        ssize_t n = write(fd, p, len);
        if (n < 0) die(errno, "write error (%s)", strerror(errno));
        p += n, len -= (size_t)n;
    }
}

int reader_byte(struct reader *r) {
    if (r->pos == r->end) {
        memmove(r->buf, r->buf + r->end - 8, 8);
        size_t got = read_full(r->fd, r->buf + 8, sizeof r->buf - 8);
        r->pos = 8, r->end = 8 + got, r->total += got;
        if (got == 0) return -1;
    }
    return r->buf[r->pos++];
}

/* Read a little endian integer; false if the input ends first. */
int reader_int(struct reader *r, int bytes, uint64_t *value) {
    *value = 0;
    for (int i = 0; i < bytes; i++) {
        int c = reader_byte(r);
        if (c < 0) return 0;
        *value |= (uint64_t)c << (8 * i);
    }
    return 1;
}
