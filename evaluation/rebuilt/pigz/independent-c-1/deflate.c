/* Deflate: turns the tokens of a block into stored, fixed or dynamic blocks. */
#include "pigz.h"

enum { MAX_TOKENS = 16383, MAX_STORED = 65535 };

struct encoder {
    struct buf *out;
    uint64_t bits;
    int count, n;
    const uint8_t *raw;         /* input of the tokens gathered so far */
    size_t raw_len;
    uint32_t freq[318];         /* 288 literals and lengths, 30 distances */
    struct token tokens[MAX_TOKENS];
};

struct codes { uint8_t len[318]; uint16_t code[318]; };

static void put_bits(struct encoder *e, unsigned value, int n) {
    e->bits |= (uint64_t)value << e->count;
    for (e->count += n; e->count >= 8; e->count -= 8) {
        buf_int(e->out, e->bits, 1);
        e->bits >>= 8;
    }
}

static int base_index(const uint16_t *base, int i, int value) {
    while (base[i] > value) i--;
    return i;
}

static void put_stored(struct encoder *e, const uint8_t *p, size_t len, int last) {
    do {
        unsigned n = len > MAX_STORED ? MAX_STORED : (unsigned)len;
        len -= n;
        put_bits(e, last && len == 0, 3);
        put_bits(e, 0, -e->count & 7);
        buf_int(e->out, n | (uint64_t)(n ^ 0xffff) << 16, 4);
        buf_add(e->out, p, n);
        p += n;
    } while (len);
}

static int extra_bits(int symbol) {
    return symbol >= 288 ? dist_extra[symbol - 288] : symbol > 256 ? length_extra[symbol - 257] : 0;
}

static size_t body_bits(const struct encoder *e, const struct codes *k) {
    size_t bits = 0;
    for (int i = 0; i < 318; i++) bits += e->freq[i] * (size_t)(k->len[i] + extra_bits(i));
    return bits;
}

/* Describe dynamic codes: all lengths are sent, each in four bits. */
static void put_code_lengths(struct encoder *e, const struct codes *k) {
    static const uint8_t four[19] = {4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4};
    uint16_t code[19];
    huff_codes(four, 19, code);
    put_bits(e, 29 | 29 << 5 | 15 << 10, 14);
    for (int i = 0; i < 19; i++) put_bits(e, four[clen_order[i]], 3);
    for (int i = 0; i < 318; i++)
        if (i != 286 && i != 287) put_bits(e, code[k->len[i]], 4);
}

static void put_symbol(struct encoder *e, const struct codes *k, int symbol, int extra) {
    put_bits(e, k->code[symbol], k->len[symbol]);
    put_bits(e, (unsigned)extra, extra_bits(symbol));
}

static void put_tokens(struct encoder *e, struct codes *k) {
    huff_codes(k->len, 288, k->code);
    huff_codes(k->len + 288, 30, k->code + 288);
    for (int i = 0; i < e->n; i++) {
        struct token t = e->tokens[i];
        if (t.dist == 0) { put_symbol(e, k, t.len, 0); continue; }
        int ls = base_index(length_base, 28, t.len), ds = base_index(dist_base, 29, t.dist);
        put_symbol(e, k, 257 + ls, t.len - length_base[ls]);
        put_symbol(e, k, 288 + ds, t.dist - dist_base[ds]);
    }
    put_symbol(e, k, 256, 0);
}

/* Write out the tokens gathered so far in the cheapest kind of block. */
static void end_block(struct encoder *e, int last) {
    struct codes fixed = {0}, dynamic = {0};
    e->freq[256] = 1;
    huff_fixed(fixed.len);
    huff_lengths(e->freq, 286, 15, dynamic.len);
    huff_lengths(e->freq + 288, 30, 15, dynamic.len + 288);
    size_t fixed_bits = body_bits(e, &fixed), dynamic_bits = body_bits(e, &dynamic) + 14 + 19 * 3 + 316 * 4;
    int use_fixed = fixed_bits <= dynamic_bits;
    if (e->raw_len && (e->raw_len + 4) * 8 <= (use_fixed ? fixed_bits : dynamic_bits)) {
        put_stored(e, e->raw, e->raw_len, last);
    } else {
        put_bits(e, (unsigned)(last | (use_fixed ? 1 : 2) << 1), 3);
        if (!use_fixed) put_code_lengths(e, &dynamic);
        put_tokens(e, use_fixed ? &fixed : &dynamic);
    }
    e->raw += e->raw_len;
    e->raw_len = 0, e->n = 0;
    memset(e->freq, 0, sizeof e->freq);
}

static void add_token(void *state, struct token t) {
    struct encoder *e = state;
    if (e->n == MAX_TOKENS) end_block(e, 0);
    e->tokens[e->n++] = t;
    e->raw_len += t.dist ? t.len : 1;
    e->freq[t.dist ? 257 + base_index(length_base, 28, t.len) : t.len]++;
    if (t.dist) e->freq[288 + base_index(dist_base, 29, t.dist)]++;
}

/* Compress base[dict..dict+len) with base[0..dict) as preset dictionary.
   All but the last piece end with an empty stored block on a byte boundary. */
void deflate_block(const uint8_t *base, size_t dict, size_t len, int last, struct buf *out) {
    struct encoder *e = xalloc(NULL, sizeof *e);
    memset(e, 0, offsetof(struct encoder, tokens));
    e->out = out, e->raw = base + dict;
    if (opt.level == 0) put_stored(e, e->raw, len, last);
    else lz_parse(base, dict, len, add_token, e);
    if (opt.level && (e->n || last)) end_block(e, last);
    for (int marks = last ? 0 : opt.independent ? 2 : opt.level != 0; marks; marks--) put_stored(e, base, 0, 0);
    put_bits(e, 0, -e->count & 7);
    free(e);
}
