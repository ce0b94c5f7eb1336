#include "frame.h"
#include "checksum.h"
#include "report.h"
#include <string.h>

static uint8_t window[HISTORY_SIZE + LARGEST_BLOCK];
static uint8_t chunk[LARGEST_BLOCK];
static uint8_t packed[LARGEST_BLOCK + LARGEST_BLOCK / 255 + 16];

void stream_write(Stream *stream, const void *data, size_t size)
{
    stream->count += size;
    if (fwrite(data, 1, size, stream->file) != size) fail(22, "Could not write the output");
}

size_t block_size_of(int code)
{
    return (size_t)1 << (2 * code + 8);
}

int block_code_for(size_t size)
{
    int code = 4;
    while (code < 7 && block_size_of(code) < size) code++;
    return code;
}

static void show_read(uint64_t in, uint64_t out)
{
    if (progress_due()) say(2, "\rRead : %u MiB   ==> %.2f%%   ", (unsigned)(in >> 20), (double)out / (double)in * 100);
}

static void put_le32(Stream *out, uint32_t value)
{
    uint8_t bytes[4];
    store_le32(bytes, value);
    stream_write(out, bytes, sizeof bytes);
}

static void put_header(Stream *out, const FrameOptions *options, int code, bool linked)
{
    uint8_t header[19];
    size_t size = 6;
    store_le32(header, FRAME_MAGIC);
    header[4] = (uint8_t)(FLAG_VERSION | (linked ? 0 : FLAG_INDEPENDENT) | (options->block_sum ? FLAG_BLOCK_SUM : 0)
              | (options->content_size ? FLAG_CONTENT_SIZE : 0) | (options->content_sum ? FLAG_CONTENT_SUM : 0));
    header[5] = (uint8_t)(code << 4);
    if (options->content_size) {
        store_le32(header + 6, (uint32_t)options->content_size);
        store_le32(header + 10, (uint32_t)(options->content_size >> 32));
        size += 8;
    }
    header[size] = (uint8_t)(checksum_of(header + 4, size - 4) >> 8);
    stream_write(out, header, size + 1);
}

static void put_block(Stream *out, size_t start, size_t end, const FrameOptions *options)
{
    const uint8_t *body = packed;
    size_t size = pack_block(window, start, end, packed, options->level);
    uint32_t mark = (uint32_t)size;
    if (size >= end - start) {
        body = window + start;
        size = end - start;
        mark = (uint32_t)size | STORED_BIT;
    }
    put_le32(out, mark);
    stream_write(out, body, size);
    if (options->block_sum) put_le32(out, checksum_of(body, size));
}

/* Writes the chunk's blocks; returns how much history the window then holds. */
static size_t put_chunk(Stream *out, size_t count, size_t history, bool linked, const FrameOptions *options)
{
    for (size_t at = 0; at < count; at += options->block_size) {
        size_t part = count - at < options->block_size ? count - at : options->block_size;
        size_t end = history + part;
        memcpy(window + history, chunk + at, part);
        put_block(out, history, end, options);
        if (!linked) continue;
        history = end < HISTORY_SIZE ? end : HISTORY_SIZE;
        memmove(window, window + end - history, history);
    }
    return history;
}

void write_frame(Stream *in, Stream *out, const FrameOptions *options)
{
    size_t count = stream_read(in, chunk, LARGEST_BLOCK), history = 0;
    bool single = count <= options->block_size && count < LARGEST_BLOCK;
    bool linked = options->linked && !single;
    Checksum content;

    checksum_start(&content);
    put_header(out, options, block_code_for(single ? count : options->block_size), linked);
    if (count == LARGEST_BLOCK) show_read(0, out->count);
    while (count > 0) {
        checksum_add(&content, chunk, count);
        history = put_chunk(out, count, history, linked, options);
        count = stream_read(in, chunk, LARGEST_BLOCK);
        if (count > 0) show_read(in->count, out->count);
    }
    put_le32(out, 0);
    if (options->content_sum) put_le32(out, checksum_value(&content));
    show_read(in->count ? in->count : 1, out->count);
}
