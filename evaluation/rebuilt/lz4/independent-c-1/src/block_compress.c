#include "block.h"
#include <stdlib.h>
#include <string.h>

enum { MIN_MATCH = 4, LAST_LITERALS = 5, MATCH_MARGIN = 12, MAX_HASH_BITS = 16 };

typedef struct {
    const uint8_t *buf;
    size_t end, match_end;   /* no match starts past limit / reaches past match_end */
    int bits, depth;
    uint32_t *head;          /* position + 1 of the latest occurrence of a hash */
    uint32_t *prev;          /* chain of earlier positions */
    size_t indexed;          /* positions below are in the chains */
} Matcher;

typedef struct { size_t pos, len; } Match;

size_t block_bound(size_t len) { return len + len / 255 + 16; }

static uint32_t load32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}

static uint32_t slot(const Matcher *m, size_t pos)
{
    return load32(m->buf + pos) * 2654435761u >> (32 - m->bits);
}

static size_t match_length(const Matcher *m, size_t a, size_t b)
{
    size_t from = b;
    while (b < m->match_end && m->buf[a] == m->buf[b]) a++, b++;
    return b - from;
}

static uint8_t *put_length(uint8_t *out, size_t rest)
{
    for (; rest >= 255; rest -= 255) *out++ = 255;
    *out++ = (uint8_t)rest;
    return out;
}

/* One sequence; match length zero means closing literals only. */
static uint8_t *put_sequence(uint8_t *out, const uint8_t *lit, size_t nlit, size_t offset, size_t mlen)
{
    uint8_t *token = out++;
    size_t extra = mlen ? mlen - MIN_MATCH : 0;
    *token = (uint8_t)((nlit < 15 ? nlit : 15) << 4 | (extra < 15 ? extra : 15));
    if (nlit >= 15) out = put_length(out, nlit - 15);
    memcpy(out, lit, nlit);
    out += nlit;
    if (!mlen) return out;
    *out++ = (uint8_t)offset;
    *out++ = (uint8_t)(offset >> 8);
    return extra >= 15 ? put_length(out, extra - 15) : out;
}

static void index_upto(Matcher *m, size_t pos)
{
    for (; m->indexed < pos && m->indexed + 4 <= m->end; m->indexed++) {
        uint32_t h = slot(m, m->indexed);
        m->prev[m->indexed % WINDOW] = m->head[h];
        m->head[h] = (uint32_t)m->indexed + 1;
    }
}

static Match find_longest(Matcher *m, size_t pos)
{
    Match best = {0, 0};
    index_upto(m, pos);
    uint32_t at = m->head[slot(m, pos)];
    for (int tries = m->depth; at && tries; tries--) {
        size_t cand = at - 1;
        if (pos - cand >= WINDOW) break;
        if (m->buf[cand + best.len] == m->buf[pos + best.len]) {
            size_t len = match_length(m, cand, pos);
            if (len >= MIN_MATCH && len > best.len) best = (Match){cand, len};
        }
        if (pos + best.len >= m->match_end) break;
        at = m->prev[cand % WINDOW];
        if (at > cand) break; /* slot was reused: chain is stale */
    }
    return best;
}

static uint8_t *parse(Matcher *m, size_t start, size_t limit, int level, uint8_t *out)
{
    size_t pos = start, anchor = start;
    const unsigned step = (level < 0 ? 1u - (unsigned)level : 1u) << 6;
    unsigned misses = step;
    while (pos < limit) {
        Match cur = find_longest(m, pos);
        if (cur.len < MIN_MATCH) { pos += level < 2 ? misses++ >> 6 : 1; continue; }
        while (level >= 2 && pos + 1 < limit) { /* defer while the next byte starts something longer */
            Match next = find_longest(m, pos + 1);
            if (next.len <= cur.len) break;
            cur = next;
            pos++;
        }
        while (pos > anchor && cur.pos > 0 && m->buf[pos - 1] == m->buf[cur.pos - 1]) pos--, cur.pos--, cur.len++;
        out = put_sequence(out, m->buf + anchor, pos - anchor, pos - cur.pos, cur.len);
        pos += cur.len;
        anchor = pos;
        misses = step;
    }
    return put_sequence(out, m->buf + anchor, m->end - anchor, 0, 0);
}

static void matcher_init(Matcher *m, const uint8_t *buf, size_t end, int level)
{
    static uint32_t head[1 << MAX_HASH_BITS], prev[WINDOW];
    *m = (Matcher){.buf = buf, .end = end, .match_end = end - LAST_LITERALS, .head = head, .prev = prev, .bits = 8};
    while (m->bits < MAX_HASH_BITS && ((size_t)1 << m->bits) < end) m->bits++;
    memset(head, 0, sizeof *head << m->bits);
    m->depth = level < 2 ? 1 : 1 << (level < 12 ? level : 12);
}

size_t block_compress(const uint8_t *buf, size_t start, size_t end, int level, uint8_t *out)
{
    Matcher m;
    if (end - start <= MATCH_MARGIN) return (size_t)(put_sequence(out, buf + start, end - start, 0, 0) - out);
    matcher_init(&m, buf, end, level);
    return (size_t)(parse(&m, start, end - MATCH_MARGIN, level, out) - out);
}
