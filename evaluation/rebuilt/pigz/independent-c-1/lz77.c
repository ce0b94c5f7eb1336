/* Match search: hash chains with lazy evaluation. */
#include "pigz.h"

enum { HASH_SIZE = 32768, WINDOW = 32768, MIN_MATCH = 3, MAX_MATCH = 258, TOO_FAR = 4096 };

static const struct effort { int chain, lazy, nice; } efforts[10] = {
    {0, 0, 0}, {4, 0, 8}, {6, 0, 16}, {16, 0, 32}, {16, 4, 16},
    {32, 16, 32}, {128, 16, 128}, {256, 32, 128}, {1024, 128, 258}, {4096, 258, 258}};

struct finder {
    const uint8_t *base;
    size_t end;
    int32_t *head, *prev;
    struct effort effort;
};

static unsigned hash3(const uint8_t *p) {
    return ((unsigned)p[0] << 10 ^ (unsigned)p[1] << 5 ^ p[2]) & (HASH_SIZE - 1);
}

static void insert(struct finder *f, size_t pos) {
    if (pos + MIN_MATCH > f->end) return;
    unsigned h = hash3(f->base + pos);
    f->prev[pos] = f->head[h];
    f->head[h] = (int32_t)pos;
}

static int match_length(const uint8_t *a, const uint8_t *b, const uint8_t *end) {
    int n = 0, max = end - b < MAX_MATCH ? (int)(end - b) : MAX_MATCH;
    while (n < max && a[n] == b[n]) n++;
    return n;
}

/* Longest match at pos that is longer than `longer`; pos is not inserted yet. */
static struct token find(const struct finder *f, size_t pos, int longer) {
    struct token best = {0, (uint16_t)longer};
    const uint8_t *p = f->base + pos, *end = f->base + f->end;
    int chain = f->effort.chain;
    if (end - p < MIN_MATCH) return best;
    for (int32_t c = f->head[hash3(p)]; c >= 0 && chain-- && best.len < end - p; c = f->prev[c]) {
        size_t dist = pos - (size_t)c;
        if (dist > WINDOW || best.len >= f->effort.nice || best.len >= MAX_MATCH) break;
        if (f->base[c + best.len] != p[best.len]) continue;
        int n = match_length(f->base + c, p, end);
        if (n > best.len && !(n == MIN_MATCH && dist > TOO_FAR)) best = (struct token){(uint16_t)dist, (uint16_t)n};
    }
    return best;
}

static void parse_chains(struct finder *f, size_t pos, token_sink *emit, void *state) {
    while (pos < f->end) {
        struct token here = find(f, pos, MIN_MATCH - 1), next;
        insert(f, pos);
        while (here.dist && here.len < f->effort.lazy && (next = find(f, pos + 1, here.len)).dist) {
            emit(state, (struct token){0, f->base[pos]});   /* the next one is better */
            insert(f, ++pos);
            here = next;
        }
        emit(state, here.dist ? here : (struct token){0, f->base[pos]});
        for (size_t stop = pos + (here.dist ? here.len : 1); ++pos < stop;) insert(f, pos);
    }
}

void lz_parse(const uint8_t *base, size_t dict, size_t len, token_sink *emit, void *state) {
    struct finder f = {base, dict + len, NULL, NULL, efforts[opt.level > 9 ? 9 : opt.level]};
    f.head = xalloc(NULL, HASH_SIZE * sizeof *f.head);
    f.prev = xalloc(NULL, f.end * sizeof *f.prev);
    memset(f.head, -1, HASH_SIZE * sizeof *f.head);
    for (size_t i = 0; i < dict; i++) insert(&f, i);
    parse_chains(&f, dict, emit, state);
    free(f.head);
    free(f.prev);
}
