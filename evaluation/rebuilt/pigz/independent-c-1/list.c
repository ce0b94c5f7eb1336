/* The table of the -l option. */
#include "pigz.h"

static void print_details(const struct header *h, uint32_t check) {
    char when[20] = "------ -----";
    time_t t = h->mtime, age = time(NULL) - t;
    int old = age < 0 || age > 183 * 86400;
    if (t) strftime(when, sizeof when, old ? "%b %e  %Y" : "%b %e %H:%M", localtime(&t));
    printf("gzip 8  %08x  %s  ", check, when);
}

/* List an input of which the header has been read. */
void list_input(struct reader *r, struct header *h, const char *name) {
    static int titled = 0;
    uint32_t trailer[2];
    if (opt.verbosity == 0) return;
    while (reader_byte(r) >= 0) r->pos = r->end;    /* the last 8 bytes stay in the buffer */
    memcpy(trailer, r->buf + r->end - 8, 8);
    size_t packed = r->total - h->head_len - 8, size = trailer[1];
    if (!titled && opt.verbosity > 1) printf("method    check    timestamp    ");
    if (!titled++) puts("compressed   original reduced  name");
    if (h->name[0]) name = h->name;
    if (opt.verbosity > 1) print_details(h, trailer[0]);
    printf("%10zu %10zu", packed, size);
    if (packed > size + size / 1024 + 18) printf("?  unk  ");
    else printf(" %6.1f%%", 100.0 * ((double)size - (double)packed) / (double)size);
    printf("  %.*s\n", (int)(strlen(name) - packed_suffix(name)), name);
}
