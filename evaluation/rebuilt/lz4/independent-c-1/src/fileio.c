#include "fileio.h"
#include "block.h"
#include "display.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void *allocate(size_t len)
{
    void *p = malloc(len);
    if (!p) die(30, "Allocation error : not enough memory");
    return p;
}

FILE *open_input(const char *name)
{
    struct stat st;
    FILE *f = NULL;
    if (!strcmp(name, STDIN_NAME)) return stdin;
    if (stat(name, &st) == 0 && S_ISDIR(st.st_mode)) {
        say(LEVEL_ERROR, "lz4: %s is a directory -- ignored \n", name);
        return NULL;
    }
    if (!(f = fopen(name, "rb"))) say(LEVEL_ERROR, "%s: %s \n", name, strerror(errno));
    return f;
}

FILE *open_output(const char *name)
{
    FILE *f;
    if (!strcmp(name, STDOUT_NAME)) return stdout;
    f = fopen(strcmp(name, NULL_NAME) ? name : "/dev/null", "wb");
    if (!f) say(LEVEL_ERROR, "%s: %s\n", name, strerror(errno));
    return f;
}

int may_write(const Settings *s, const char *name, const char *input)
{
    if (s->overwrite || !strcmp(name, STDOUT_NAME) || !strcmp(name, NULL_NAME)) return 1;
    if (access(name, F_OK) != 0) return 1;
    if (display_level <= LEVEL_ERROR || !strcmp(input, STDIN_NAME)) {
        fprintf(stderr, "%s already exists; not overwritten  \n", name);
        return 0;
    }
    fprintf(stderr, "%s already exists; do you want to overwrite (y/N) ? ", name);
    int answer = getchar();
    if (answer != 'y' && answer != 'Y') {
        fputs("    not overwritten  \n", stderr);
        return 0;
    }
    while (answer != '\n' && answer != EOF) answer = getchar();
    return 1;
}

uint64_t file_size(FILE *f)
{
    struct stat st;
    return fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}

size_t read_full(FILE *f, void *buf, size_t len)
{
    size_t n = fread(buf, 1, len, f);
    if (ferror(f)) die(36, "Read error");
    return n;
}

void write_full(FILE *f, const void *buf, size_t len)
{
    if (fwrite(buf, 1, len, f) != len) die(37, "Write error : cannot write data");
}

void finish_job(const Settings *s, const char *in, FILE *src, FILE *dst)
{
    if ((dst == stdout ? fflush(dst) : fclose(dst)) != 0) die(37, "Write error : cannot write data");
    if (src == stdin) return;
    fclose(src);
    if (s->remove_source && remove(in) != 0) die(45, "Remove error : %s: %s", in, strerror(errno));
}

