#pragma once
#include "block.h"
#include <stdio.h>

#define FRAME_MAGIC 0x184D2204U
#define STORED_BIT 0x80000000U
#define LARGEST_BLOCK ((size_t)4 << 20)

enum {
    FLAG_DICT_ID = 0x01, FLAG_RESERVED = 0x02, FLAG_CONTENT_SUM = 0x04, FLAG_CONTENT_SIZE = 0x08,
    FLAG_BLOCK_SUM = 0x10, FLAG_INDEPENDENT = 0x20, FLAG_VERSION = 0x40
};

/* An open file and how many bytes went through it. */
typedef struct {
    FILE *file;
    uint64_t count;
} Stream;

typedef struct {
    size_t block_size;
    int linked, block_sum, content_sum;
    uint64_t content_size; /* zero when not to be stored */
    int level;
} FrameOptions;

size_t stream_read(Stream *stream, void *data, size_t size);
void stream_write(Stream *stream, const void *data, size_t size);

/* Block sizes have codes from 4 to 7; the smallest that holds `size` bytes is chosen. */
size_t block_size_of(int code);
int block_code_for(size_t size);

void write_frame(Stream *in, Stream *out, const FrameOptions *options);
/* Decodes all frames; data that is no frame is copied when it may pass through. */
void read_frames(Stream *in, Stream *out, bool pass_through);
