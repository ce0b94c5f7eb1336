/* The header of the gzip format. */
#include "pigz.h"

enum { FLAG_CRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16, FLAG_RESERVED = 0xe0 };

/* Read a zero-terminated string, keeping what fits in `text`. */
static int read_text(struct reader *r, char *text, size_t size) {
    size_t n = 0;
    int c;
    while ((c = reader_byte(r)) > 0)
        if (n + 1 < size) text[n++] = (char)c;
    text[n] = 0;
    return c == 0;
}

static enum parse read_gzip(struct reader *r, struct header *h) {
    uint64_t method, flags, skipped, n;
    char comment[2];
    if (!reader_int(r, 1, &method) || !reader_int(r, 1, &flags)) return PARSE_UNKNOWN;
    if (method != 8) return PARSE_METHOD;
    if (flags & FLAG_RESERVED || !reader_int(r, 4, &n) || !reader_int(r, 2, &skipped)) return PARSE_UNKNOWN;
    h->mtime = (uint32_t)n;
    if (flags & FLAG_EXTRA)
        for (reader_int(r, 2, &n); n; n--) reader_byte(r);
    if ((flags & FLAG_NAME && !read_text(r, h->name, sizeof h->name))
        || (flags & FLAG_COMMENT && !read_text(r, comment, sizeof comment))
        || (flags & FLAG_CRC && !reader_int(r, 2, &skipped)))
        return PARSE_UNKNOWN;
    return PARSE_OK;
}

enum parse read_header(struct reader *r, struct header *h) {
    memset(h, 0, sizeof *h);
    int first = reader_byte(r);
    if (first < 0) return PARSE_EMPTY;
    enum parse result = first == 0x1f && reader_byte(r) == 0x8b ? read_gzip(r, h) : PARSE_UNKNOWN;
    h->head_len = (uint32_t)(r->total - (r->end - r->pos));
    return result;
}

void write_header(struct buf *b, const struct header *h) {
    unsigned flags = (h->name[0] ? FLAG_NAME : 0) | (opt.comment ? FLAG_COMMENT : 0);
    buf_int(b, 0x088b1f | flags << 24, 4);
    buf_int(b, h->mtime, 4);
    buf_int(b, (opt.level >= 9 ? 2 : opt.level == 1 ? 4 : 0) | 3 << 8, 2);   /* 3: written on Unix */
    if (h->name[0]) buf_add(b, h->name, strlen(h->name) + 1);
    if (opt.comment) buf_add(b, opt.comment, strlen(opt.comment) + 1);
}
