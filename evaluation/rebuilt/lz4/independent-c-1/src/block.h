/* The LZ4 block format: raw sequences of literals and matches. */
#ifndef BLOCK_H
#define BLOCK_H
#include <stddef.h>
#include <stdint.h>

#define WINDOW 65536u

size_t block_bound(size_t len);

/* Compress buf[start, end); buf[0, start) is history matches may refer to.
 * level < 2 is greedy (negative levels skip faster), 2..12 search chains. */
size_t block_compress(const uint8_t *buf, size_t start, size_t end, int level, uint8_t *out);

/* Decode into buf[start, cap) with buf[0, start) as history.
 * Returns the number of bytes written, or -1 when the data is malformed. */
long block_decode(const uint8_t *src, size_t len, uint8_t *buf, size_t start, size_t cap);

#endif
