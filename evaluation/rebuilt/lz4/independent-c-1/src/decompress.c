#include "block.h"
#include "display.h"
#include "fileio.h"
#include "frame.h"
#include "xxh32.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    const Settings *s;
    FILE *in, *out;
    uint64_t decoded;
    int discard;
} Unpacker;

static void bad_data(const char *name) { die(34, "Decompression error : %s", name); }

static void need(Unpacker *u, void *buf, size_t len)
{
    if (read_full(u->in, buf, len) != len) die(26, "LZ4F frame decoding could not complete: invalid frame");
}

static uint32_t need_le32(Unpacker *u)
{
    uint8_t b[4];
    need(u, b, 4);
    return get_le32(b);
}

static void show_progress(const Unpacker *u)
{
    progress("\rDecompressed : %u MiB  ", (unsigned)(u->decoded >> 20));
}

static void deliver(Unpacker *u, const uint8_t *data, size_t len)
{
    if (!u->discard) write_full(u->out, data, len);
    u->decoded += len;
}

static void read_header(Unpacker *u, Frame *f)
{
    uint8_t d[MAX_DESCRIPTOR];
    need(u, d, 2);
    size_t len = frame_descriptor_size(d[0]);
    need(u, d + 2, len - 2);
    const char *error = frame_parse_descriptor(f, d, len);
    if (error) bad_data(error);
}

/* Decodes one block behind the history; returns its plain length. */
static size_t unpack_block(Unpacker *u, const Frame *f, uint32_t field, uint8_t *packed, uint8_t *window, size_t history)
{
    size_t len = field & ~RAW_BLOCK, max = frame_block_size(f->block_id);
    if (len > max) bad_data("ERROR_maxBlockSize_invalid");
    if (read_full(u->in, packed, len) != len) {
        show_progress(u);
        die(26, "LZ4F frame decoding could not complete: invalid frame");
    }
    if (f->block_sum && need_le32(u) != xxh32(packed, len)) bad_data("ERROR_blockChecksum_invalid");
    if (field & RAW_BLOCK) {
        memcpy(window + history, packed, len);
        return len;
    }
    long n = block_decode(packed, len, window, history, history + max);
    if (n < 0) bad_data("ERROR_decompressionFailed");
    return (size_t)n;
}

static void unpack_frame(Unpacker *u)
{
    Frame f;
    Xxh32 sum;
    uint32_t field;
    uint64_t before = u->decoded;
    read_header(u, &f);
    size_t max = frame_block_size(f.block_id), history = 0;
    uint8_t *packed = allocate(max), *window = allocate(WINDOW + max);
    xxh32_init(&sum);
    while ((field = need_le32(u)) != 0) {
        size_t n = unpack_block(u, &f, field, packed, window, history);
        xxh32_update(&sum, window + history, n);
        deliver(u, window + history, n);
        if (u->decoded - before > max) show_progress(u);
        if (f.independent) continue;
        size_t total = history + n, keep = total < WINDOW ? total : WINDOW;
        memmove(window, window + total - keep, keep);
        history = keep;
    }
    if (f.has_size && u->decoded - before != f.content_size) bad_data("ERROR_frameSize_wrong");
    if (f.content_sum && need_le32(u) != xxh32_finish(&sum)) bad_data("ERROR_contentChecksum_invalid");
    show_progress(u);
    free(packed);
    free(window);
}

static void skip_user_data(Unpacker *u)
{
    uint8_t scrap[4096];
    for (uint32_t left = need_le32(u); left;) {
        size_t n = left < sizeof scrap ? left : sizeof scrap;
        need(u, scrap, n);
        left -= (uint32_t)n;
    }
}

static void pass_through(Unpacker *u, const uint8_t *start, size_t len)
{
    uint8_t buf[65536];
    deliver(u, start, len);
    while ((len = read_full(u->in, buf, sizeof buf)) > 0) deliver(u, buf, len);
}

/* Something that is no frame: text to copy, trailing garbage, or a wrong file. */
static void unknown_magic(Unpacker *u, const uint8_t *start, size_t len, int first)
{
    uint8_t rest[3];
    if (first && u->s->pass_through && u->out == stdout && !u->discard) pass_through(u, start, len);
    else if (first) die(44, "Unrecognized header : file cannot be decoded");
    else if (len + read_full(u->in, rest, 3) < 7) need(u, rest, 3);
    else bad_data("ERROR_frameType_unknown");
}

static void unpack_stream(Unpacker *u)
{
    uint8_t field[4];
    size_t got;
    for (int first = 1; (got = read_full(u->in, field, 4)) > 0; first = 0) {
        uint32_t magic = got == 4 ? get_le32(field) : 0;
        if (magic == MAGIC_FRAME) unpack_frame(u);
        else if (is_skippable(magic)) skip_user_data(u);
        else unknown_magic(u, field, got, first);
    }
}

int decompress_file(const Settings *s, const char *in, const char *out)
{
    Unpacker u = {.s = s, .discard = !strcmp(out, NULL_NAME)};
    if (!may_write(s, out, in) || !(u.in = open_input(in))) return 1;
    if (!(u.out = open_output(out))) {
        if (u.in != stdin) fclose(u.in);
        return 1;
    }
    unpack_stream(&u);
    progress_clear();
    say(LEVEL_NORMAL, "%-30.30s : decoded %llu bytes \n", in, (unsigned long long)u.decoded);
    finish_job(s, in, u.in, u.out);
    return 0;
}
