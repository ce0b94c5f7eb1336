#include "block.h"
#include <string.h>

#define MIN_MATCH 4
#define TAIL_LITERALS 5
#define MATCH_MARGIN 12
#define HASH_BITS 15
#define FAR_LIMIT 65535

typedef struct {
    const uint8_t *data;
    size_t match_end; /* matches must stop here */
    uint32_t newest[1 << HASH_BITS];     /* position + 1, zero when unused */
    uint32_t older[HISTORY_SIZE];
} Finder;

typedef struct {
    size_t from;
    size_t length;
} Match;

static Finder finder;

static uint32_t slot_of(size_t position)
{
    uint32_t word;
    memcpy(&word, finder.data + position, sizeof word);
    return word * 2654435761U >> (32 - HASH_BITS);
}

static void remember(size_t position)
{
    uint32_t slot = slot_of(position);
    finder.older[position % HISTORY_SIZE] = finder.newest[slot];
    finder.newest[slot] = (uint32_t)position + 1;
}

static size_t common_length(size_t from, size_t position)
{
    size_t length = 0;
    while (position + length < finder.match_end && finder.data[from + length] == finder.data[position + length]) length++;
    return length;
}

static Match longest_match(size_t position, int depth)
{
    Match best = {0, 0};
    uint32_t link = finder.newest[slot_of(position)];
    while (link != 0 && depth-- > 0) {
        size_t from = link - 1;
        if (from >= position || position - from > FAR_LIMIT) break;
        size_t length = common_length(from, position);
        if (length >= MIN_MATCH && length > best.length) best = (Match){from, length};
        uint32_t next = finder.older[from % HISTORY_SIZE];
        if (next >= link) break;
        link = next;
    }
    return best;
}

static uint8_t *put_length(uint8_t *out, size_t length)
{
    for (; length >= 255; length -= 255) *out++ = 255;
    *out++ = (uint8_t)length;
    return out;
}

static uint8_t *put_literals(uint8_t *out, const uint8_t *literals, size_t count, size_t match_code)
{
    *out++ = (uint8_t)((count < 15 ? count : 15) << 4 | (match_code < 15 ? match_code : 15));
    if (count >= 15) out = put_length(out, count - 15);
    memcpy(out, literals, count);
    return out + count;
}

static uint8_t *put_match(uint8_t *out, size_t distance, size_t match_code)
{
    *out++ = (uint8_t)distance;
    *out++ = (uint8_t)(distance >> 8);
    return match_code < 15 ? out : put_length(out, match_code - 15);
}

static void start_finder(const uint8_t *buffer, size_t start, size_t end)
{
    memset(finder.newest, 0, sizeof finder.newest);
    finder.data = buffer;
    finder.match_end = end - TAIL_LITERALS;
    for (size_t position = 0; position < start; position++) remember(position);
}

size_t pack_block(const uint8_t *buffer, size_t start, size_t end, uint8_t *out, int level)
{
    uint8_t *out_start = out;
    int depth = level < 2 ? 1 : 1 << (level > 12 ? 12 : level);
    size_t haste = level < 0 ? (size_t)-level : level < 2;
    size_t literals = start, position = start, indexed = start, misses = 0;
    if (end - start <= MATCH_MARGIN) return (size_t)(put_literals(out, buffer + start, end - start, 0) - out);
    start_finder(buffer, start, end);
    while (position + MATCH_MARGIN <= end) {
        Match match = longest_match(position, depth);
        remember(position);
        indexed = position + 1;
        if (match.length == 0) {
            position += 1 + (misses++ * haste >> 6);
            continue;
        }
        misses = 0;
        out = put_literals(out, buffer + literals, position - literals, match.length - MIN_MATCH);
        out = put_match(out, position - match.from, match.length - MIN_MATCH);
        literals = position + match.length;
        size_t step = depth == 1 ? match.length : 1;
        for (size_t at = indexed; at < literals && at + MATCH_MARGIN <= end; at += step) remember(at);
        position = literals;
    }
    return (size_t)(put_literals(out, buffer + literals, end - literals, 0) - out_start);
}

static bool take_length(const uint8_t **in, const uint8_t *end, size_t *length)
{
    uint8_t extra;
    if (*length != 15) return true;
    do {
        if (*in >= end) return false;
        extra = *(*in)++;
        *length += extra;
    } while (extra == 255);
    return true;
}

bool unpack_block(const uint8_t *in, size_t size, uint8_t *buffer, size_t start, size_t limit, size_t *data_end)
{
    const uint8_t *end = in + size;
    size_t at = start;
    while (in < end) {
        uint8_t token = *in++;
        size_t literals = token >> 4, length = token & 15;
        if (!take_length(&in, end, &literals)) return false;
        if (literals > (size_t)(end - in) || literals > limit - at) return false;
        memcpy(buffer + at, in, literals);
        in += literals;
        at += literals;
        if (in == end) {
            *data_end = at;
            return true;
        }
        if (end - in < 2) return false;
        size_t distance = in[0] | (size_t)in[1] << 8;
        in += 2;
        if (!take_length(&in, end, &length)) return false;
        length += MIN_MATCH;
        if (distance == 0 || distance > at || length > limit - at) return false;
        for (; length > 0; length--, at++) buffer[at] = buffer[at - distance];
    }
    return false;
}
