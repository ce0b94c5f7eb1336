/* Decompression and test of the members of a compressed input. */
#include "pigz.h"

struct output { int fd; uint32_t check; uint64_t size; };

static void take_output(void *state, const uint8_t *p, size_t n) {
    struct output *o = state;
    o->check = crc_update(o->check, p, n);
    o->size += n;
    if (o->fd >= 0) write_full(o->fd, p, n);
}

/* Expand all members, the first of which has had its header read; out may be -1. */
void expand_members(struct reader *r, struct header *h, int out, const char *name) {
    enum parse more;
    do {
        struct output o = {out, 0, 0};
        uint64_t check, size;
        const char *error = inflate_stream(r, take_output, &o);
        if (error == INFLATE_SHORT) skip("%s: corrupted -- incomplete deflate data", name);
        if (error) skip("%s: corrupted -- invalid deflate data (%s)", name, error);
        if (!reader_int(r, 4, &check) || !reader_int(r, 4, &size)) skip("%s: corrupted -- missing trailer", name);
        if (check != o.check) skip("%s: corrupted -- crc32 mismatch", name);
        if (size != (uint32_t)o.size) skip("%s: corrupted -- length mismatch", name);
    } while ((more = read_header(r, h)) == PARSE_OK);
    if (more != PARSE_EMPTY && opt.verbosity > 1) warn("warning: %s: trailing junk was ignored", name);
}
