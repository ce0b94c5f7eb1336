#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTORY_SIZE 65536

/* Level 1 is the usual one, more is tighter, below zero is faster. */
/* Packs buffer[start..end); buffer[0..start) is history that matches may reach into. */
size_t pack_block(const uint8_t *buffer, size_t start, size_t end, uint8_t *out, int level);

/* Unpacks to buffer[start..limit) and sets the new end of data; false if the block is corrupted. */
bool unpack_block(const uint8_t *in, size_t size, uint8_t *buffer, size_t start, size_t limit, size_t *end);
