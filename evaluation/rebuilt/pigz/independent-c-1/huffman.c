/* Huffman code construction and the constant tables of deflate. */
#include "pigz.h"

const uint16_t length_base[29] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27,
    31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
const uint8_t length_extra[31] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
    2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
const uint16_t dist_base[30] = {1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193,
    257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
const uint8_t dist_extra[30] = {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6,
    7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
const uint8_t clen_order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

#define MAX_NODES 600

/* Hang the lightest node without a parent below node `to`; -1 if there is none. */
static int adopt(const uint32_t *weight, int *parent, int nodes, int to) {
    int best = -1;
    for (int i = 0; i < nodes; i++)
        if (weight[i] && parent[i] < 0 && (best < 0 || weight[i] < weight[best])) best = i;
    if (best >= 0) parent[best] = to;
    return best;
}

/* Build the tree over the leaves; store their depths, return the greatest. */
static int tree_depths(const uint32_t *leaf, int n, uint8_t *len) {
    uint32_t weight[MAX_NODES];
    int parent[MAX_NODES], depth[MAX_NODES], nodes = n, max = 0;
    memcpy(weight, leaf, (size_t)n * sizeof *leaf);
    memset(parent, -1, sizeof parent);
    for (int a, b; a = adopt(weight, parent, nodes, nodes), b = adopt(weight, parent, nodes, nodes), b >= 0;)
        weight[nodes++] = weight[a] + weight[b];
    for (int i = nodes - 1; i >= 0; i--) {
        depth[i] = i == nodes - 1 || parent[i] < 0 ? 0 : depth[parent[i]] + 1;
        if (i < n) len[i] = (uint8_t)depth[i];
        max = depth[i] > max ? depth[i] : max;
    }
    return max;
}

/* Code lengths of at most max_bits; at least two symbols get a code. */
void huff_lengths(const uint32_t *freq, int n, int max_bits, uint8_t *len) {
    uint32_t leaf[MAX_NODES / 2];
    int used = 0;
    for (int i = 0; i < n; i++) used += (leaf[i] = freq[i]) != 0;
    for (int i = 0; used < 2; i++)
        if (leaf[i] == 0) used += (leaf[i] = 1);
    while (tree_depths(leaf, n, len) > max_bits)    /* flatten and retry */
        for (int i = 0; i < n; i++) leaf[i] = (leaf[i] + 1) / 2;
}

void huff_fixed(uint8_t *len) {
    for (int i = 0; i < 318; i++) len[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : i < 288 ? 8 : 5;
}

/* Canonical codes, bit reversed as deflate sends them. */
void huff_codes(const uint8_t *len, int n, uint16_t *code) {
    unsigned next = 0;
    for (int bits = 1; bits <= 15; bits++, next <<= 1)
        for (int i = 0; i < n; i++)
            if (len[i] == bits) {
                code[i] = 0;
                for (int k = 0; k < bits; k++) code[i] |= (uint16_t)((next >> k & 1) << (bits - 1 - k));
                next++;
            }
}
