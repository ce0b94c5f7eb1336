#include "block.h"
#include "display.h"
#include "fileio.h"
#include "frame.h"
#include "xxh32.h"
#include <stdlib.h>
#include <string.h>

#define LARGE (4u << 20) /* from here on progress is shown block by block */

typedef struct {
    const Settings *s;
    FILE *in, *out;
    Frame frame;
    size_t block_size, history;  /* history: bytes in front of the block data */
    uint8_t *window, *packed;    /* window = history then block */
    Xxh32 content;
    uint64_t read, written;
} Packer;

static void emit(Packer *p, const void *data, size_t len)
{
    write_full(p->out, data, len);
    p->written += len;
}

static void emit_le32(Packer *p, uint32_t v)
{
    uint8_t bytes[4];
    put_le32(bytes, v);
    emit(p, bytes, 4);
}

static void show_progress(const Packer *p)
{
    progress("\rRead : %u MiB   ==> %.2f%%   ", (unsigned)(p->read >> 20), (double)p->written / (double)p->read * 100);
}

static void packer_init(Packer *p, const Settings *s, FILE *in, FILE *out)
{
    *p = (Packer){.s = s, .in = in, .out = out};
    p->block_size = frame_block_size(s->block_id);
    p->window = allocate(WINDOW + p->block_size);
    p->packed = allocate(block_bound(p->block_size));
    xxh32_init(&p->content);
}

static size_t read_block(Packer *p)
{
    return read_full(p->in, p->window + p->history, p->block_size);
}

static void emit_block(Packer *p, size_t len)
{
    const uint8_t *data = p->window + p->history;
    size_t n = block_compress(p->window, p->history, p->history + len, p->s->level, p->packed);
    int raw = n >= len;
    emit_le32(p, raw ? (uint32_t)len | RAW_BLOCK : (uint32_t)n);
    emit(p, raw ? data : p->packed, raw ? len : n);
    if (p->frame.block_sum) emit_le32(p, xxh32(raw ? data : p->packed, raw ? len : n));
    if (p->frame.content_sum) xxh32_update(&p->content, data, len);
}

/* Linked blocks: the tail of what was just packed becomes the history. */
static void slide_history(Packer *p, size_t len)
{
    size_t total = p->history + len, keep = total < WINDOW ? total : WINDOW;
    memmove(p->window, p->window + total - keep, keep);
    p->history = keep;
}

static void emit_header(Packer *p, size_t first)
{
    const Settings *s = p->s;
    uint8_t header[4 + MAX_DESCRIPTOR];
    int single = first < p->block_size;
    p->frame = (Frame){.block_id = single ? frame_fit_block_id(first) : s->block_id,
                       .independent = single || s->independent, .block_sum = s->block_sum,
                       .content_sum = s->content_sum, .content_size = s->content_size ? file_size(p->in) : 0};
    p->frame.has_size = p->frame.content_size > 0;
    emit(p, header, frame_write_header(&p->frame, header));
}

static void pack_frame(Packer *p)
{
    size_t n = read_block(p);
    int large = file_size(p->in) >= LARGE;
    emit_header(p, n);
    while (n > 0) {
        emit_block(p, n);
        if (large) show_progress(p);
        p->read += n;
        if (!p->frame.independent) slide_history(p, n);
        n = read_block(p);
    }
    emit_le32(p, 0);
    if (p->frame.content_sum) emit_le32(p, xxh32_finish(&p->content));
    if (!large) progress("\rRead : %u MiB   ==> %.2f%%   ", (unsigned)(p->read >> 20),
                         (double)p->written / (double)(p->read + !p->read) * 100);
}

int compress_file(const Settings *s, const char *in, const char *out)
{
    Packer p;
    FILE *src = open_input(in), *dst;
    if (!src) return 1;
    if (!may_write(s, out, in) || !(dst = open_output(out))) {
        if (src != stdin) fclose(src);
        return 1;
    }
    packer_init(&p, s, src, dst);
    pack_frame(&p);
    free(p.window);
    free(p.packed);
    progress_clear();
    say(LEVEL_NORMAL, "Compressed %llu bytes into %llu bytes ==> %.2f%%\n", (unsigned long long)p.read,
        (unsigned long long)p.written, (double)p.written / (double)(p.read + !p.read) * 100);
    finish_job(s, in, src, dst);
    return 0;
}
