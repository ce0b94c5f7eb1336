#include "frame.h"
#include "checksum.h"
#include "report.h"
#include <string.h>

typedef struct {
    int flags;
    size_t block_size;
    uint64_t content_size;
} FrameHeader;

static uint8_t window[HISTORY_SIZE + LARGEST_BLOCK];
static uint8_t body[LARGEST_BLOCK];

size_t stream_read(Stream *stream, void *data, size_t size)
{
    size_t count = fread(data, 1, size, stream->file);
    if (ferror(stream->file)) fail(21, "Could not read the input");
    stream->count += count;
    return count;
}

static void show_decoded(const Stream *out)
{
    if (progress_due()) say(2, "\rDecompressed : %u MiB  ", (unsigned)(out->count >> 20));
}

static void reject_if(bool wrong, const char *reason)
{
    char message[80];
    snprintf(message, sizeof message, "Decompression error : ERROR_%s", reason);
    if (wrong) fail(34, message);
}

static void need(Stream *in, const Stream *out, void *data, size_t size)
{
    if (stream_read(in, data, size) == size) return;
    show_decoded(out);
    fail(26, "LZ4F frame decoding could not complete: invalid frame");
}

static uint32_t need_le32(Stream *in, const Stream *out)
{
    uint8_t bytes[4];
    need(in, out, bytes, sizeof bytes);
    return load_le32(bytes);
}

static FrameHeader read_header(Stream *in, const Stream *out)
{
    uint8_t bytes[15];
    FrameHeader header = {0, 0, 0};
    need(in, out, bytes, 3);
    header.flags = bytes[0];
    reject_if((bytes[0] & 0xC0) != FLAG_VERSION, "headerVersion_wrong");
    reject_if(bytes[0] & FLAG_RESERVED || bytes[1] & 0x8F, "reservedFlag_set");
    reject_if(bytes[1] >> 4 < 4, "maxBlockSize_invalid");
    header.block_size = block_size_of(bytes[1] >> 4);
    size_t size = 2 + (bytes[0] & FLAG_CONTENT_SIZE ? 8 : 0) + (bytes[0] & FLAG_DICT_ID ? 4 : 0);
    need(in, out, bytes + 3, size - 2);
    reject_if(bytes[size] != (uint8_t)(checksum_of(bytes, size) >> 8), "headerChecksum_invalid");
    if (bytes[0] & FLAG_CONTENT_SIZE) header.content_size = load_le32(bytes + 2) | (uint64_t)load_le32(bytes + 6) << 32;
    return header;
}

/* Decodes one block behind `history` bytes of the window; returns the end of its data. */
static size_t read_block(Stream *in, const Stream *out, const FrameHeader *header, uint32_t mark, size_t history)
{
    size_t size = mark & ~STORED_BIT, end = history + size;
    reject_if(size > header->block_size, "maxBlockSize_invalid");
    need(in, out, body, size);
    if (header->flags & FLAG_BLOCK_SUM) reject_if(need_le32(in, out) != checksum_of(body, size), "blockChecksum_invalid");
    if (mark & STORED_BIT) {
        memcpy(window + history, body, size);
        return end;
    }
    bool sound = unpack_block(body, size, window, history, history + header->block_size, &end);
    reject_if(!sound, "decompressionFailed");
    return end;
}

static void read_frame(Stream *in, Stream *out)
{
    FrameHeader header = read_header(in, out);
    uint64_t start = out->count;
    size_t history = 0;
    uint32_t mark;
    Checksum content;
    checksum_start(&content);
    while ((mark = need_le32(in, out)) != 0) {
        if (out->count - start > 2 * LARGEST_BLOCK) show_decoded(out);
        size_t end = read_block(in, out, &header, mark, history);
        checksum_add(&content, window + history, end - history);
        stream_write(out, window + history, end - history);
        if (header.flags & FLAG_INDEPENDENT) continue;
        history = end < HISTORY_SIZE ? end : HISTORY_SIZE;
        memmove(window, window + end - history, history);
    }
    reject_if(header.content_size && out->count - start != header.content_size, "frameSize_wrong");
    if (header.flags & FLAG_CONTENT_SUM) reject_if(need_le32(in, out) != checksum_value(&content), "contentChecksum_invalid");
}

static void copy_rest(Stream *in, Stream *out, const uint8_t *start)
{
    stream_write(out, start, 4);
    for (size_t count; (count = stream_read(in, body, sizeof body)) > 0;) stream_write(out, body, count);
}

void read_frames(Stream *in, Stream *out, bool pass_through)
{
    uint8_t bytes[4];
    bool framed = false;
    for (size_t count; (count = stream_read(in, bytes, 4)) > 0; framed = true) {
        if (framed) need(in, out, bytes + count, 4 - count);
        else if (count < 4) fail(40, "Unrecognized header : Magic Number unreadable");
        bool known = load_le32(bytes) == FRAME_MAGIC;
        if (!known && !framed && pass_through) {
            copy_rest(in, out, bytes);
            return;
        }
        reject_if(framed && !known, "frameType_unknown");
        if (!known) fail(44, "Unrecognized header : file cannot be decoded");
        read_frame(in, out);
    }
    if (framed) show_decoded(out);
}
