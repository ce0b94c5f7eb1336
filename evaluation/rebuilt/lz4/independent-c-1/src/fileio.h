/* Opening inputs and outputs, settings shared by both directions. */
#ifndef FILEIO_H
#define FILEIO_H
#include <stdint.h>
#include <stdio.h>

#define STDIN_NAME "stdin"
#define STDOUT_NAME "stdout"
#define NULL_NAME "null"

typedef struct {
    int level, block_id;
    int independent, block_sum, content_sum, content_size;
    int overwrite, remove_source, pass_through;
} Settings;

FILE *open_input(const char *name);
FILE *open_output(const char *name);
int may_write(const Settings *s, const char *name, const char *input);
uint64_t file_size(FILE *f); /* 0 when not a regular file */
size_t read_full(FILE *f, void *buf, size_t len);
void write_full(FILE *f, const void *buf, size_t len);
void finish_job(const Settings *s, const char *in, FILE *src, FILE *dst);
void *allocate(size_t len);

/* Each returns 0 on success; damaged data ends the program. */
int compress_file(const Settings *s, const char *in, const char *out);
int decompress_file(const Settings *s, const char *in, const char *out);

#endif
