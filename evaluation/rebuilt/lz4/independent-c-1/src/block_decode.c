#include "block.h"
#include <string.h>

static int read_length(const uint8_t **p, const uint8_t *end, size_t *len)
{
    uint8_t byte;
    if (*len != 15) return 1;
    do {
        if (*p >= end) return 0;
        byte = *(*p)++;
        *len += byte;
    } while (byte == 255);
    return 1;
}

static void copy_match(uint8_t *dst, size_t offset, size_t len)
{
    if (offset >= len) {
        memcpy(dst, dst - offset, len);
        return;
    }
    for (size_t i = 0; i < len; i++) dst[i] = dst[i - offset];
}

long block_decode(const uint8_t *src, size_t len, uint8_t *buf, size_t start, size_t cap)
{
    const uint8_t *end = src + len;
    size_t pos = start;
    while (src < end) {
        uint8_t token = *src++;
        size_t literals = token >> 4, match = token & 15;
        if (!read_length(&src, end, &literals)) return -1;
        if (literals > (size_t)(end - src) || literals > cap - pos) return -1;
        memcpy(buf + pos, src, literals);
        pos += literals;
        src += literals;
        if (src == end) return (long)(pos - start);
        if (end - src < 2) return -1;
        size_t offset = src[0] | (size_t)src[1] << 8;
        src += 2;
        if (!read_length(&src, end, &match)) return -1;
        match += 4;
        if (offset == 0 || offset > pos || match > cap - pos) return -1;
        copy_match(buf + pos, offset, match);
        pos += match;
    }
    return -1; /* a block always ends with literals */
}
