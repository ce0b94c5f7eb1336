/* CRC-32, with combination of the values of two pieces. */
#include "pigz.h"

#define CRC_POLY 0xedb88320u

static uint32_t crc_table[256];

void crc_init(void) {
    for (uint32_t i = 0; i < 256; i++) {
        crc_table[i] = i;
        for (int k = 0; k < 8; k++) crc_table[i] = crc_table[i] >> 1 ^ (crc_table[i] & 1 ? CRC_POLY : 0);
    }
}

uint32_t crc_update(uint32_t crc, const uint8_t *p, size_t n) {
    for (crc = ~crc; n; n--) crc = crc >> 8 ^ crc_table[(crc ^ *p++) & 0xff];
    return ~crc;
}

/* Product of two polynomials modulo the CRC polynomial, bits reflected. */
static uint32_t poly_mul(uint32_t a, uint32_t b) {
    uint32_t product = 0;
    for (uint32_t bit = 1u << 31; bit; bit >>= 1) {
        product ^= a & bit ? b : 0;
        b = b >> 1 ^ (b & 1 ? CRC_POLY : 0);
    }
    return product;
}

uint32_t crc_combine(uint32_t a, uint32_t b, uint64_t len_b) {
    for (uint32_t power = 1u << 23; len_b; len_b >>= 1) {   /* a times x^(8 len) */
        if (len_b & 1) a = poly_mul(power, a);
        power = poly_mul(power, power);
    }
    return a ^ b;
}
