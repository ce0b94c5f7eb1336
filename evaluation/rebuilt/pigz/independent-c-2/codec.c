/* Checksums, deflate compression and inflate decompression. */
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MODE_NORMAL, MODE_HUFFMAN, MODE_RLE };

int in_byte(void);
void in_unread(int n);
void out_bytes(const uint8_t *p, size_t n);

static uint32_t crc_table[256];
static const uint16_t len_base[29] = {3,4,5,6,7,8,9,10,11,13,15,17,19,23,27,31,35,43,51,59,67,83,99,115,131,163,195,227,258};
static const uint8_t len_bits[29] = {0,0,0,0,0,0,0,0,1,1,1,1,2,2,2,2,3,3,3,3,4,4,4,4,5,5,5,5,0};
static const uint16_t dist_base[30] = {1,2,3,4,5,7,9,13,17,25,33,49,65,97,129,193,257,385,513,769,1025,1537,2049,3073,4097,6145,8193,12289,16385,24577};
static const uint8_t dist_bits[30] = {0,0,0,0,1,1,2,2,3,3,4,4,5,5,6,6,7,7,8,8,9,9,10,10,11,11,12,12,13,13};
static const uint8_t cl_order[19] = {16,17,18,0,8,7,9,6,10,5,11,4,12,3,13,2,14,1,15};

/* ---- checksums ---- */

void codec_init(void) {
    for (int i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? (c >> 1) ^ 0xedb88320u : c >> 1;
        crc_table[i] = c;
    }
}

uint32_t crc_update(uint32_t crc, const uint8_t *p, size_t n) {
    crc = ~crc;
    while (n--)
        crc = crc_table[(crc ^ *p++) & 255] ^ (crc >> 8);
    return ~crc;
}

#define ADLER_MOD 65521u

uint32_t adler_update(uint32_t sum, const uint8_t *p, size_t n) {
    uint32_t a = sum & 0xffff, b = sum >> 16;
    while (n) {
        size_t k = n < 5000 ? n : 5000;
        n -= k;
        while (k--) {
            a += *p++;
            b += a;
        }
        a %= ADLER_MOD;
        b %= ADLER_MOD;
    }
    return b << 16 | a;
}

/* ---- deflate ---- */

struct encoder {
    uint8_t *out;
    size_t n;
    uint64_t bits;
    int nbits, mode;
    uint32_t tokens[32768];
    int ntokens;
    int32_t head[32768];
    int32_t *prev;
    const uint8_t *buf;
    size_t end;
};

static void put_bits(struct encoder *e, uint32_t v, int n) {
    e->bits |= (uint64_t)v << e->nbits;
    e->nbits += n;
    while (e->nbits >= 8) {
        e->out[e->n++] = e->bits;
        e->bits >>= 8;
        e->nbits -= 8;
    }
}

static void put_stored(struct encoder *e, const uint8_t *p, size_t n, int last) {
    do {
        size_t k = n < 65535 ? n : 65535;
        put_bits(e, last && k == n, 3);
        put_bits(e, 0, -e->nbits & 7);
        put_bits(e, k, 16);
        put_bits(e, ~k & 0xffff, 16);
        memcpy(e->out + e->n, p, k);
        e->n += k;
        p += k;
        n -= k;
    } while (n);
}

/* base of the length or distance code whose range holds v */
static int code_for(const uint16_t *base, int n, int v) {
    int c = 0;
    for (int step = 16; step; step >>= 1)
        if (c + step < n && base[c + step] <= v)
            c += step;
    return c;
}

/* canonical, bit-reversed codes from lengths */
static void assign_codes(const uint8_t *lens, int n, uint16_t *codes) {
    int count[16] = {0}, next[16], code = 0;
    for (int i = 0; i < n; i++)
        count[lens[i]]++;
    count[0] = 0;
    for (int l = 1; l < 16; l++)
        next[l] = code = (code + count[l - 1]) << 1;
    for (int i = 0; i < n; i++) {
        int c = lens[i] ? next[lens[i]]++ : 0, r = 0;
        for (int k = 0; k < lens[i]; k++)
            r |= ((c >> k) & 1) << (lens[i] - 1 - k);
        codes[i] = r;
    }
}

/* Huffman code lengths of at most max bits; at least two symbols get a code */
static void build_lengths(uint32_t *freq, int n, int max, uint8_t *lens) {
    uint32_t weight[576];
    int parent[576], used = 0, nodes, deepest, shift = 0;
    for (int i = 0; i < n; i++)
        used += freq[i] != 0;
    for (int i = 0; used < 2; i++)
        if (!freq[i])
            used += freq[i] = 1;
    do {
        for (int i = 0; i < n; i++)
            weight[i] = freq[i] ? (freq[i] >> shift) + (shift > 0) : 0;
        for (nodes = n; ; nodes++) {
            int a = -1, b = -1;
            for (int i = 0; i < nodes; i++) {
                if (weight[i] && (a < 0 || weight[i] < weight[a])) {
                    b = a;
                    a = i;
                } else if (weight[i] && (b < 0 || weight[i] < weight[b]))
                    b = i;
            }
            if (b < 0)
                break;
            weight[nodes] = weight[a] + weight[b];
            weight[a] = weight[b] = 0;
            parent[a] = parent[b] = nodes;
        }
        deepest = 0;
        for (int i = 0; i < n; i++) {
            lens[i] = 0;
            for (int k = i; freq[i] && k != nodes - 1; k = parent[k])
                lens[i]++;
            deepest = lens[i] > deepest ? lens[i] : deepest;
        }
        shift++;
    } while (deepest > max);
}

static void put_tokens(struct encoder *e, const uint8_t *ll, const uint8_t *dl) {
    uint16_t lc[288], dc[30];
    assign_codes(ll, 288, lc);
    assign_codes(dl, 30, dc);
    for (int i = 0; i < e->ntokens; i++) {
        int v = e->tokens[i] & 0xffff, d = e->tokens[i] >> 16;
        if (!d) {
            put_bits(e, lc[v], ll[v]);
            continue;
        }
        int c = code_for(len_base, 29, v), x = code_for(dist_base, 30, d);
        put_bits(e, lc[257 + c], ll[257 + c]);
        put_bits(e, v - len_base[c], len_bits[c]);
        put_bits(e, dc[x], dl[x]);
        put_bits(e, d - dist_base[x], dist_bits[x]);
    }
    put_bits(e, lc[256], ll[256]);
}

/* write the pending tokens, which stand for n raw bytes at p, as one block */
static void flush_block(struct encoder *e, const uint8_t *p, size_t n, int last) {
    uint32_t lf[288] = {0}, df[30] = {0}, cf[19] = {0};
    uint8_t ll[288], dl[30], cl[19], fl[288], fd[30], all[320], sym[320], arg[320];
    uint16_t cc[19];
    int nsym = 0;
    for (int i = 0; i < e->ntokens; i++) {
        int v = e->tokens[i] & 0xffff, d = e->tokens[i] >> 16;
        lf[d ? 257 + code_for(len_base, 29, v) : v]++;
        if (d)
            df[code_for(dist_base, 30, d)]++;
    }
    lf[256] = 1;
    for (int i = 0; i < 288; i++)
        fl[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    memset(fd, 5, sizeof fd);
    uint64_t extra = 0, fixed = 3, dynamic = 17;
    for (int i = 0; i < 286; i++) {
        extra += i > 256 ? lf[i] * len_bits[i - 257] : 0;
        fixed += lf[i] * fl[i];
    }
    for (int i = 0; i < 30; i++) {
        extra += df[i] * dist_bits[i];
        fixed += df[i] * 5;
    }
    build_lengths(lf, 286, 15, ll);
    ll[286] = ll[287] = 0;
    build_lengths(df, 30, 15, dl);
    for (int i = 0; i < 286; i++)
        dynamic += lf[i] * ll[i] + (i < 30 ? df[i] * dl[i] : 0);
    memcpy(all, ll, 286);
    memcpy(all + 286, dl, 30);
    for (int i = 0; i < 316;) {
        int run = 1, v = all[i];
        while (i + run < 316 && all[i + run] == v)
            run++;
        if (v == 0 && run >= 3) {
            run = run > 138 ? 138 : run;
            sym[nsym] = run < 11 ? 17 : 18;
            arg[nsym++] = run - (run < 11 ? 3 : 11);
        } else {
            run = 1;
            sym[nsym++] = v;
        }
        i += run;
    }
    for (int i = 0; i < nsym; i++)
        cf[sym[i]]++;
    build_lengths(cf, 19, 7, cl);
    dynamic += 3 * 19 + 3 * cf[17] + 7 * cf[18];
    for (int i = 0; i < 19; i++)
        dynamic += cf[i] * cl[i];
    uint64_t stored = 8 * ((uint64_t)n + 5 * (n / 65535 + 1)), best = fixed < dynamic ? fixed : dynamic;

    if (stored < best + extra && n)
        put_stored(e, p, n, last);
    else if (fixed <= dynamic) {
        put_bits(e, 2 | last, 3);
        put_tokens(e, fl, fd);
    } else {
        put_bits(e, 4 | last, 3);
        put_bits(e, 29 | 29 << 5 | 15 << 10, 14);
        for (int i = 0; i < 19; i++)
            put_bits(e, cl[cl_order[i]], 3);
        assign_codes(cl, 19, cc);
        for (int i = 0; i < nsym; i++) {
            put_bits(e, cc[sym[i]], cl[sym[i]]);
            if (sym[i] >= 17)
                put_bits(e, arg[i], sym[i] == 17 ? 3 : 7);
        }
        put_tokens(e, ll, dl);
    }
    e->ntokens = 0;
}

static uint32_t hash3(const uint8_t *p) {
    return ((p[0] | p[1] << 8 | (uint32_t)p[2] << 16) * 2654435761u) >> 17;
}

static void remember(struct encoder *e, size_t pos) {
    if (pos + 2 >= e->end)
        return;
    uint32_t h = hash3(e->buf + pos);
    e->prev[pos] = e->head[h];
    e->head[h] = pos;
}

/* longest earlier match for the string at pos; pos is not yet remembered */
static int find_match(struct encoder *e, size_t pos, int tries, int enough, int *dist) {
    const uint8_t *p = e->buf + pos;
    int max = e->end - pos > 258 ? 258 : (int)(e->end - pos), best = 2;
    if (max < 3)
        return 0;
    for (int32_t q = e->mode == MODE_RLE ? (int32_t)pos - 1 : e->head[hash3(p)]; q >= 0 && pos - q <= 32768 && tries-- > 0; q = e->prev[q]) {
        if (e->buf[q + best] != p[best] || e->buf[q] != p[0])
            continue;
        int n = 1;
        while (n < max && e->buf[q + n] == p[n])
            n++;
        if (n > best) {
            best = n;
            *dist = pos - q;
            if (n >= enough || n == max)
                break;
        }
    }
    return best < 3 || (best == 3 && *dist > 4096) ? 0 : best;
}

/* Compress len bytes that follow dict bytes of history in buf. The result ends
   on a byte boundary; out must have room for len + len / 8 + 1024 bytes. */
size_t deflate_chunk(const uint8_t *buf, size_t dict, size_t len, int level, int mode, int split, int last, uint8_t *out) {
    static const int tries_at[12] = {0, 4, 6, 12, 16, 32, 128, 256, 1024, 4096, 4096, 16384};
    static const int enough_at[12] = {0, 8, 16, 32, 32, 64, 128, 128, 258, 258, 258, 258};
    struct encoder *e = calloc(1, sizeof *e);
    size_t pos = dict, start = dict, written;
    int tries = mode == MODE_NORMAL ? tries_at[level] : mode == MODE_RLE, enough = enough_at[level];
    int mlen = 0, dist = 0, mlen2, dist2 = 0, carried = 0;
    e->out = out;
    e->buf = buf;
    e->end = dict + len;
    e->mode = mode;
    e->prev = malloc((e->end + 1) * sizeof *e->prev);
    memset(e->head, 0xff, sizeof e->head);
    for (size_t i = 0; i < dict; i++)
        remember(e, i);
    while (level && pos < e->end) {
        if (!carried)
            mlen = find_match(e, pos, tries, enough, &dist);
        carried = 0;
        remember(e, pos);
        if (mlen && mlen < enough && level > 3 && (mlen2 = find_match(e, pos + 1, tries, enough, &dist2)) > mlen) {
            carried = 1;
            mlen = mlen2;
            dist = dist2;
        }
        if (mlen && !carried) {
            e->tokens[e->ntokens++] = (uint32_t)dist << 16 | mlen;
            for (int i = 1; i < mlen; i++)
                remember(e, pos + i);
            pos += mlen;
        } else
            e->tokens[e->ntokens++] = buf[pos++];
        if (e->ntokens == 32768 && pos < e->end) {
            flush_block(e, buf + start, pos - start, 0);
            start = pos;
        }
    }
    if (level == 0)
        put_stored(e, buf + dict, len, last);
    else
        flush_block(e, buf + start, pos - start, last);
    if (last)
        put_bits(e, 0, -e->nbits & 7);
    for (int i = last || (!level && !split) ? 2 : !split; i < 2; i++)
        put_stored(e, buf, 0, 0);
    written = e->n;
    free(e->prev);
    free(e);
    return written;
}

/* ---- inflate ---- */

struct decode_table {
    uint16_t count[16], sym[320];
};

static uint64_t in_bits, done_bytes;
static int in_nbits;
static uint8_t window[32768];
static jmp_buf give_up;
static const char *reason;

_Noreturn static void broken(const char *why) {
    reason = why;
    longjmp(give_up, 1);
}

static void load_bits(void) {
    for (int c; in_nbits <= 48 && (c = in_byte()) >= 0; in_nbits += 8)
        in_bits |= (uint64_t)c << in_nbits;
}

static uint32_t take_bits(int n) {
    if (in_nbits < n)
        load_bits();
    if (in_nbits < n)
        broken("");
    uint32_t v = in_bits & ((1ull << n) - 1);
    in_bits >>= n;
    in_nbits -= n;
    return v;
}

static int make_table(struct decode_table *t, const uint8_t *lens, int n) {
    uint16_t slot[16];
    int unused = 1;
    memset(t, 0, sizeof *t);
    for (int i = 0; i < n; i++)
        t->count[lens[i]]++;
    t->count[0] = 0;
    slot[1] = 0;
    for (int l = 1; l < 16; l++) {
        unused = unused * 2 - t->count[l];
        if (unused < 0)
            return unused;
        if (l < 15)
            slot[l + 1] = slot[l] + t->count[l];
    }
    for (int i = 0; i < n; i++)
        if (lens[i])
            t->sym[slot[lens[i]]++] = i;
    return unused;
}

static int next_symbol(const struct decode_table *t) {
    if (in_nbits < 15)
        load_bits();
    int code = 0, low = 0, base = 0;
    for (int l = 1; l < 16; l++) {
        if (in_nbits < l)
            broken("");
        code |= in_bits >> (l - 1) & 1;
        if (code - low < t->count[l]) {
            take_bits(l);
            return t->sym[base + code - low];
        }
        base += t->count[l];
        low = (low + t->count[l]) << 1;
        code <<= 1;
    }
    return -1;
}

static void emit_byte(uint8_t c) {
    window[done_bytes++ & 32767] = c;
    if (!(done_bytes & 32767))
        out_bytes(window, 32768);
}

static void read_tables(struct decode_table *lt, struct decode_table *dt) {
    uint8_t lens[320] = {0}, cl[19] = {0};
    int nl = take_bits(5) + 257, nd = take_bits(5) + 1, nc = take_bits(4) + 4, i = 0;
    if (nl > 286 || nd > 30)
        broken("too many length or distance symbols");
    while (i < nc)
        cl[cl_order[i++]] = take_bits(3);
    if (make_table(lt, cl, 19))
        broken("invalid code lengths set");
    for (i = 0; i < nl + nd;) {
        int s = next_symbol(lt), rep = 1, v = s;
        if (s >= 16) {
            rep = s == 16 ? 3 + take_bits(2) : s == 17 ? 3 + take_bits(3) : 11 + take_bits(7);
            if ((s == 16 && !i) || i + rep > nl + nd)
                broken("misplaced repeat of a code length");
            v = s == 16 ? lens[i - 1] : 0;
        }
        while (rep--)
            lens[i++] = v;
    }
    if (!lens[256])
        broken("no code for end of block");
    int unused = make_table(lt, lens, nl);
    if (unused < 0 || (unused > 0 && lt->sym[1]))
        broken("unusable literal code lengths");
    unused = make_table(dt, lens + nl, nd);
    if (unused < 0 || (unused > 0 && dt->sym[1]))
        broken("unusable distance code lengths");
}

static void inflate_codes(struct decode_table *lt, struct decode_table *dt) {
    for (;;) {
        int s = next_symbol(lt);
        if (s == 256)
            return;
        if (s < 0 || s > 285)
            broken("undefined length code");
        if (s < 256) {
            emit_byte(s);
            continue;
        }
        int len = len_base[s - 257] + take_bits(len_bits[s - 257]);
        s = next_symbol(dt);
        if (s < 0 || s > 29)
            broken("invalid distance code");
        uint64_t dist = dist_base[s] + take_bits(dist_bits[s]);
        if (dist > done_bytes)
            broken("invalid distance too far back");
        while (len--)
            emit_byte(window[(done_bytes - dist) & 32767]);
    }
}

/* Decode one deflate stream. Returns NULL, "" on early end of input, or what
   is wrong with the data. The source is unused just after the stream. */
const char *inflate_stream(uint64_t *size) {
    static struct decode_table tables[2];
    struct decode_table *lt = tables, *dt = tables + 1;
    in_bits = in_nbits = done_bytes = 0;
    reason = NULL;
    if (!setjmp(give_up)) {
        int last;
        do {
            last = take_bits(1);
            int type = take_bits(2);
            if (type == 3)
                broken("invalid block type");
            if (type == 0) {
                take_bits(in_nbits & 7);
                uint32_t n = take_bits(16);
                if ((take_bits(16) ^ n) != 0xffff)
                    broken("invalid stored block lengths");
                while (n--)
                    emit_byte(take_bits(8));
                continue;
            }
            if (type == 2)
                read_tables(lt, dt);
            else {
                uint8_t fixed[320];
                for (int i = 0; i < 288; i++)
                    fixed[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
                memset(fixed + 288, 5, 32);
                make_table(lt, fixed, 288);
                make_table(dt, fixed + 288, 32);
            }
            inflate_codes(lt, dt);
        } while (!last);
        in_unread(in_nbits >> 3);
    }
    if (done_bytes & 32767)
        out_bytes(window, done_bytes & 32767);
    *size = done_bytes;
    return reason;
}
