#include "frame.h"
#include "xxh32.h"

enum { FLAG_DICT = 1, FLAG_SUM = 4, FLAG_SIZE = 8, FLAG_BLOCK_SUM = 16, FLAG_INDEP = 32, VERSION = 64 };

size_t frame_block_size(int block_id) { return (size_t)1 << (8 + 2 * block_id); }

int frame_fit_block_id(size_t len)
{
    int id = 4;
    while (id < 7 && frame_block_size(id) < len) id++;
    return id;
}

static uint8_t header_sum(const uint8_t *desc, size_t len) { return (uint8_t)(xxh32(desc, len) >> 8); }

size_t frame_write_header(const Frame *f, uint8_t *out)
{
    size_t n = 6;
    put_le32(out, MAGIC_FRAME);
    out[4] = (uint8_t)(VERSION | (f->independent ? FLAG_INDEP : 0) | (f->block_sum ? FLAG_BLOCK_SUM : 0) |
                       (f->has_size ? FLAG_SIZE : 0) | (f->content_sum ? FLAG_SUM : 0));
    out[5] = (uint8_t)(f->block_id << 4);
    if (f->has_size) {
        put_le32(out + 6, (uint32_t)f->content_size);
        put_le32(out + 10, (uint32_t)(f->content_size >> 32));
        n += 8;
    }
    out[n] = header_sum(out + 4, n - 4);
    return n + 1;
}

size_t frame_descriptor_size(uint8_t flags)
{
    return 3u + (flags & FLAG_SIZE ? 8u : 0u) + (flags & FLAG_DICT ? 4u : 0u);
}

const char *frame_parse_descriptor(Frame *f, const uint8_t *d, size_t len)
{
    if (d[0] & 2) return "ERROR_reservedFlag_set";
    if ((d[0] & 0xC0) != VERSION) return "ERROR_headerVersion_wrong";
    if (d[1] & 0x80) return "ERROR_reservedFlag_set";
    if (d[1] >> 4 < 4) return "ERROR_maxBlockSize_invalid";
    if (d[1] & 0x0F) return "ERROR_reservedFlag_set";
    if (d[len - 1] != header_sum(d, len - 1)) return "ERROR_headerChecksum_invalid";
    *f = (Frame){.block_id = d[1] >> 4, .independent = !!(d[0] & FLAG_INDEP),
                 .block_sum = !!(d[0] & FLAG_BLOCK_SUM), .content_sum = !!(d[0] & FLAG_SUM),
                 .has_size = !!(d[0] & FLAG_SIZE), .has_dict = !!(d[0] & FLAG_DICT)};
    if (f->has_size) f->content_size = get_le32(d + 2) | (uint64_t)get_le32(d + 6) << 32;
    return 0;
}
