/* Inflate: decodes one deflate stream through full 15-bit lookup tables. */
#include "pigz.h"

enum { WINDOW = 32768, TABLE = 32768 };

struct inflater {
    struct reader *in;
    uint64_t bits, total;       /* bit buffer; bytes put out */
    int count, padding;         /* bits held; bytes made up after the end */
    byte_sink *sink;
    void *state;
    const char *error;
    jmp_buf failed;
    uint16_t lit[TABLE], dist[TABLE];   /* symbol << 4 | code length */
    uint8_t window[WINDOW];
};

static void fail(struct inflater *z, const char *error) {
    z->error = error;
    longjmp(z->failed, 1);
}

static void need(struct inflater *z, int n) {
    for (; z->count < n; z->count += 8) {
        int c = reader_byte(z->in);
        if (c < 0) z->padding++;
        else z->bits |= (uint64_t)c << z->count;
    }
}

static void drop(struct inflater *z, int n) {
    z->bits >>= n;
    z->count -= n;
    if (z->count < 8 * z->padding) fail(z, INFLATE_SHORT);
}

static int get_bits(struct inflater *z, int n) {
    need(z, n);
    int value = (int)(z->bits & ((1u << n) - 1));
    drop(z, n);
    return value;
}

/* Fill a lookup table; false unless the code is complete (or too small to be). */
static int build(uint16_t *table, const uint8_t *len, int n, int may_be_small) {
    uint16_t code[288];
    int left = 1 << 15;
    for (int i = 0; i < n; i++) left -= len[i] ? 1 << (15 - len[i]) : 0;
    if (left < 0 || (left && !(may_be_small && left >= 1 << 14))) return 0;
    memset(table, 0, TABLE * sizeof *table);
    huff_codes(len, n, code);
    for (int i = 0; i < n; i++)
        for (int k = code[i]; len[i] && k < TABLE; k += 1 << len[i]) table[k] = (uint16_t)(i << 4 | len[i]);
    return 1;
}

static int decode(struct inflater *z, const uint16_t *table, const char *error) {
    need(z, 15);
    int entry = table[z->bits & (TABLE - 1)], max = table == z->lit ? 285 : 29;
    if (entry == 0 || entry >> 4 > max) fail(z, z->padding ? INFLATE_SHORT : error);
    drop(z, entry & 15);
    return entry >> 4;
}

static void put(struct inflater *z, uint8_t byte) {
    z->window[z->total++ % WINDOW] = byte;
    if (z->total % WINDOW == 0) z->sink(z->state, z->window, WINDOW);
}

static void stored_block(struct inflater *z) {
    drop(z, z->count & 7);
    int len = get_bits(z, 16);
    if (get_bits(z, 16) != (len ^ 0xffff)) fail(z, "invalid stored block lengths");
    while (len--) put(z, (uint8_t)get_bits(z, 8));
}

static void fixed_tables(struct inflater *z) {
    uint8_t len[320];
    huff_fixed(len);
    memset(len + 318, 5, 2);
    build(z->lit, len, 288, 0);
    build(z->dist, len + 288, 32, 0);
}

static void dynamic_tables(struct inflater *z) {
    uint8_t len[320] = {0}, clen[19] = {0};
    int hlit = get_bits(z, 5) + 257, hdist = get_bits(z, 5) + 1, hclen = get_bits(z, 4) + 4;
    if (hlit > 286 || hdist > 30) fail(z, "too many length or distance symbols");
    for (int i = 0; i < hclen; i++) clen[clen_order[i]] = (uint8_t)get_bits(z, 3);
    if (!build(z->lit, clen, 19, 0)) fail(z, "invalid code lengths set");
    for (int i = 0; i < hlit + hdist;) {
        int sym = decode(z, z->lit, "invalid code lengths set");
        int run = sym < 16 ? 1 : sym == 16 ? 3 + get_bits(z, 2) : sym == 17 ? 3 + get_bits(z, 3) : 11 + get_bits(z, 7);
        if ((sym == 16 && i == 0) || i + run > hlit + hdist) fail(z, "invalid bit length repeat");
        memset(len + i, sym == 16 ? len[i - 1] : sym > 16 ? 0 : sym, (size_t)run);
        i += run;
    }
    if (len[256] == 0) fail(z, "invalid code -- missing end-of-block");
    if (!build(z->lit, len, hlit, 1)) fail(z, "invalid literal/lengths set");
    if (!build(z->dist, len + hlit, hdist, 1)) fail(z, "invalid distances set");
}

static void coded_block(struct inflater *z) {
    for (int sym; (sym = decode(z, z->lit, "invalid literal/length code")) != 256;) {
        if (sym < 256) { put(z, (uint8_t)sym); continue; }
        int len = length_base[sym - 257] + get_bits(z, length_extra[sym - 257]);
        int ds = decode(z, z->dist, "invalid distance code");
        unsigned dist = dist_base[ds] + (unsigned)get_bits(z, dist_extra[ds]);
        if (dist > z->total) fail(z, "invalid distance too far back");
        while (len--) put(z, z->window[(z->total - dist) % WINDOW]);
    }
}

static void decode_blocks(struct inflater *z) {
    for (int last = 0; !last;) {
        int head = get_bits(z, 3), type = head >> 1;
        last = head & 1;
        if (type == 3) fail(z, "invalid block type");
        static void (*const start[])(struct inflater *) = {stored_block, fixed_tables, dynamic_tables};
        start[type](z);
        if (type) coded_block(z);
    }
}

/* Returns NULL, or what is wrong with the data; the output so far is delivered. */
const char *inflate_stream(struct reader *r, byte_sink *sink, void *state) {
    struct inflater *z = xalloc(NULL, sizeof *z);
    memset(z, 0, offsetof(struct inflater, lit));
    z->in = r, z->sink = sink, z->state = state;
    if (setjmp(z->failed) == 0) decode_blocks(z);
    sink(state, z->window, z->total % WINDOW);
    if (z->error == NULL) r->pos -= (size_t)(z->count / 8 - z->padding);
    const char *error = z->error;
    free(z);
    return error;
}
