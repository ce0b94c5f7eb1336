#include "xxh32.h"
#include <string.h>

static const uint32_t P1 = 2654435761u, P2 = 2246822519u, P3 = 3266489917u,
                      P4 = 668265263u, P5 = 374761393u;

static uint32_t rotl(uint32_t v, int n) { return v << n | v >> (32 - n); }

void xxh32_init(Xxh32 *h)
{
    memset(h, 0, sizeof *h);
    h->lane[0] = P1 + P2;
    h->lane[1] = P2;
    h->lane[3] = 0u - P1;
}

static void mix_stripe(Xxh32 *h, const uint8_t *p)
{
    for (int i = 0; i < 4; i++)
        h->lane[i] = rotl(h->lane[i] + get_le32(p + 4 * i) * P2, 13) * P1;
}

void xxh32_update(Xxh32 *h, const uint8_t *data, size_t len)
{
    h->total += len;
    if (h->pending_len) {
        size_t take = 16 - h->pending_len;
        if (take > len) take = len;
        memcpy(h->pending + h->pending_len, data, take);
        h->pending_len += take;
        data += take;
        len -= take;
        if (h->pending_len < 16) return;
        mix_stripe(h, h->pending);
        h->pending_len = 0;
    }
    for (; len >= 16; data += 16, len -= 16) mix_stripe(h, data);
    if (len) memcpy(h->pending, data, len);
    h->pending_len = len;
}

uint32_t xxh32_finish(const Xxh32 *h)
{
    static const int turn[4] = {1, 7, 12, 18};
    uint32_t v = P5;
    size_t i = 0;
    if (h->total >= 16) {
        v = 0;
        for (int k = 0; k < 4; k++) v += rotl(h->lane[k], turn[k]);
    }
    v += (uint32_t)h->total;
    for (; i + 4 <= h->pending_len; i += 4)
        v = rotl(v + get_le32(h->pending + i) * P3, 17) * P4;
    for (; i < h->pending_len; i++) v = rotl(v + h->pending[i] * P5, 11) * P1;
    v = (v ^ v >> 15) * P2;
    v = (v ^ v >> 13) * P3;
    return v ^ v >> 16;
}

uint32_t xxh32(const uint8_t *data, size_t len)
{
    Xxh32 h;
    xxh32_init(&h);
    xxh32_update(&h, data, len);
    return xxh32_finish(&h);
}
