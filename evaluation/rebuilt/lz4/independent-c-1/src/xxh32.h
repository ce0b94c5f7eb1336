/* Incremental xxHash-32 with seed zero, and little-endian helpers. */
#ifndef XXH32_H
#define XXH32_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t lane[4];
    uint8_t pending[16];
    size_t pending_len;
    uint64_t total;
} Xxh32;

void xxh32_init(Xxh32 *h);
void xxh32_update(Xxh32 *h, const uint8_t *data, size_t len);
uint32_t xxh32_finish(const Xxh32 *h);
uint32_t xxh32(const uint8_t *data, size_t len);

static inline uint32_t get_le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (8 * i));
}

#endif
