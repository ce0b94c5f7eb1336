#pragma once
#include <stddef.h>
#include <stdint.h>

/* Running xxHash-32 with a seed of zero. */
typedef struct {
    uint32_t lane[4];
    uint64_t total;
    uint8_t pending[16];
} Checksum;

void checksum_start(Checksum *sum);
void checksum_add(Checksum *sum, const uint8_t *data, size_t size);
uint32_t checksum_value(const Checksum *sum);
uint32_t checksum_of(const uint8_t *data, size_t size);
uint32_t load_le32(const uint8_t *bytes);
void store_le32(uint8_t *bytes, uint32_t value);
