#include "checksum.h"
#include <string.h>

#define PRIME_A 2654435761U
#define PRIME_B 2246822519U
#define PRIME_C 3266489917U
#define PRIME_D 668265263U
#define PRIME_E 374761393U

uint32_t load_le32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

void store_le32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t rotate(uint32_t value, int bits)
{
    return value << bits | value >> (32 - bits);
}

static void mix_stripe(Checksum *sum, const uint8_t *stripe)
{
    for (int i = 0; i < 4; i++) {
        uint32_t word = load_le32(stripe + 4 * i);
        sum->lane[i] = rotate(sum->lane[i] + word * PRIME_B, 13) * PRIME_A;
    }
}

void checksum_start(Checksum *sum)
{
    memset(sum, 0, sizeof *sum);
    sum->lane[0] = PRIME_A + PRIME_B;
    sum->lane[1] = PRIME_B;
    sum->lane[3] = 0U - PRIME_A;
}

void checksum_add(Checksum *sum, const uint8_t *data, size_t size)
{
    for (size_t at = 0; at < size; at++) {
        sum->pending[sum->total++ % 16] = data[at];
        if (sum->total % 16 == 0) mix_stripe(sum, sum->pending);
    }
}

uint32_t checksum_value(const Checksum *sum)
{
    uint32_t value = PRIME_E;
    size_t at = 0, left = sum->total % 16;
    if (sum->total >= 16)
        value = rotate(sum->lane[0], 1) + rotate(sum->lane[1], 7)
              + rotate(sum->lane[2], 12) + rotate(sum->lane[3], 18);
    value += (uint32_t)sum->total;
    for (; at + 4 <= left; at += 4)
        value = rotate(value + load_le32(sum->pending + at) * PRIME_C, 17) * PRIME_D;
    for (; at < left; at++)
        value = rotate(value + sum->pending[at] * PRIME_E, 11) * PRIME_A;
    value = (value ^ value >> 15) * PRIME_B;
    value = (value ^ value >> 13) * PRIME_C;
    return value ^ value >> 16;
}

uint32_t checksum_of(const uint8_t *data, size_t size)
{
    Checksum sum;
    checksum_start(&sum);
    checksum_add(&sum, data, size);
    return checksum_value(&sum);
}
