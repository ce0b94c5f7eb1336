/* LZ4 frame descriptor: reading and writing. */
#ifndef FRAME_H
#define FRAME_H
#include <stddef.h>
#include <stdint.h>

#define MAGIC_FRAME 0x184D2204u
#define MAGIC_SKIPPABLE 0x184D2A50u
#define RAW_BLOCK 0x80000000u
#define MAX_DESCRIPTOR 15

typedef struct {
    int block_id; /* 4..7 */
    int independent, block_sum, content_sum, has_size, has_dict;
    uint64_t content_size;
} Frame;

static inline int is_skippable(uint32_t magic) { return (magic & ~15u) == MAGIC_SKIPPABLE; }
size_t frame_block_size(int block_id);
int frame_fit_block_id(size_t len);
size_t frame_write_header(const Frame *f, uint8_t *out);
size_t frame_descriptor_size(uint8_t flags);
/* NULL when valid, otherwise the name of the error. */
const char *frame_parse_descriptor(Frame *f, const uint8_t *desc, size_t len);

#endif
