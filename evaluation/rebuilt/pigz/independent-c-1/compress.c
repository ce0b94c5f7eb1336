/* Compression: the main thread reads as many blocks as there are processors,
   threads compress them, and the main thread writes them in order. */
#include "pigz.h"

enum { DICT = 32768 };

struct job {
    uint8_t *data;              /* dictionary, then the block */
    size_t dict, len;
    int last, threaded;
    uint32_t check;
    struct buf out;
    pthread_t thread;
};

static void *run_job(void *job) {
    struct job *j = job;
    j->out.len = 0;
    deflate_block(j->data, j->dict, j->len, j->last, &j->out);
    j->check = crc_update(0, j->data + j->dict, j->len);
    return NULL;
}

/* Read the block after `before`; one byte read ahead tells whether it is the last. */
static void read_job(struct job *j, int in, const struct job *before, int *ahead) {
    size_t dict = !before || opt.independent ? 0 : before->len < DICT ? before->len : DICT;
    if (j->data == NULL) j->data = xalloc(NULL, DICT + opt.block + 1);
    if (dict) memmove(j->data, before->data + before->dict + before->len - dict, dict);
    uint8_t *block = j->data + dict;
    j->dict = dict, j->len = 0;
    if (*ahead >= 0) block[j->len++] = (uint8_t)*ahead;
    j->len += read_full(in, block + j->len, opt.block + 1 - j->len);
    j->last = j->len <= opt.block;
    if (!j->last) *ahead = block[--j->len];
}

void compress_stream(int in, int out, struct header *h) {
    static struct job *jobs;
    struct buf edge = {NULL, 0, 0};
    struct job *previous = NULL;
    uint32_t check = 0;
    uint64_t size = 0;
    int ahead = -1;
    if (jobs == NULL) jobs = memset(xalloc(NULL, opt.procs * sizeof *jobs), 0, opt.procs * sizeof *jobs);
    write_header(&edge, h);
    write_full(out, edge.data, edge.len);
    do {
        size_t n = 0;
        do {
            read_job(&jobs[n], in, previous, &ahead);
            previous = &jobs[n];
        } while (++n < opt.procs && !previous->last);
        for (size_t i = 0; i < n; i++)
            jobs[i].threaded = n > 1 && pthread_create(&jobs[i].thread, NULL, run_job, &jobs[i]) == 0;
        for (size_t i = 0; i < n; i++) {
            struct job *j = &jobs[i];
            if (j->threaded) pthread_join(j->thread, NULL);
            else run_job(j);
            write_full(out, j->out.data, j->out.len);
            check = crc_combine(check, j->check, j->len);
            size += j->len;
        }
    } while (!previous->last);
    edge.len = 0;
    buf_int(&edge, check, 4);
    buf_int(&edge, size, 4);
    write_full(out, edge.data, edge.len);
    free(edge.data);
}
