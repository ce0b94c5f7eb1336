#include "options.h"
#include "help.h"
#include "report.h"
#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A word, or a letter after a single dash, that sets one integer of the options. */
typedef struct {
    const char *word;
    char letter;
    size_t offset;
    int value;
} Switch;

#define FIELD(name) offsetof(Options, name)
static const Switch switches[] = {
    {"compress", 'z', FIELD(action), ACTION_COMPRESS}, {"decompress", 'd', FIELD(action), ACTION_DECOMPRESS},
    {"uncompress", 0, FIELD(action), ACTION_DECOMPRESS}, {"test", 't', FIELD(action), ACTION_TEST},
    {"force", 'f', FIELD(overwrite), 1}, {"no-force", 0, FIELD(overwrite), 0},
    {"stdout", 'c', FIELD(to_stdout), 1}, {"to-stdout", 0, FIELD(to_stdout), 1},
    {"multiple", 'm', FIELD(multiple), 1}, {"keep", 'k', FIELD(remove_source), 0}, {"rm", 0, FIELD(remove_source), 1},
    {"content-size", 0, FIELD(store_size), 1}, {"no-content-size", 0, FIELD(store_size), 0},
    {"frame-crc", 0, FIELD(frame.content_sum), 1}, {"no-frame-crc", 0, FIELD(frame.content_sum), 0},
    {"best", 0, FIELD(frame.level), 12}, {"fast", 0, FIELD(frame.level), -1},
    {"sparse", 0, FIELD(unused), 1}, {"no-sparse", 0, FIELD(unused), 0}, {"favor-decSpeed", 0, FIELD(unused), 1},
};
static const char *program_name;

void refuse_usage(void)
{
    say(1, "Incorrect parameters\n");
    say(1, SHORT_HELP, program_name);
    exit(1);
}

static bool apply_switch(Options *options, const char *word, char letter)
{
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        const Switch *entry = &switches[i];
        if (word ? strcmp(word, entry->word) != 0 : letter != entry->letter) continue;
        *(int *)((char *)options + entry->offset) = entry->value;
        return true;
    }
    return false;
}

static void show_and_exit(FILE *file, const char *format)
{
    fprintf(file, format, program_name);
    exit(0);
}

static int read_number(const char **at)
{
    long value = 0;
    for (; isdigit((unsigned char)**at); (*at)++)
        if (value < 100000000) value = value * 10 + **at - '0';
    return (int)value;
}

static void set_block_size(Options *options, int size)
{
    if (size < 4 || (size > 7 && size < 32)) refuse_usage();
    if (size > (int)LARGEST_BLOCK) size = LARGEST_BLOCK;
    if (size < 8) size = (int)block_size_of(size);
    say(2, size < 1024 ? "using blocks of size %d bytes \n" : "using blocks of size %d KB \n", size < 1024 ? size : size >> 10);
    options->frame.block_size = block_size_of(block_code_for((size_t)size));
}

static const char *read_block_letters(Options *options, const char *at)
{
    for (;;) {
        if (isdigit((unsigned char)*at)) set_block_size(options, read_number(&at));
        else if (*at == 'D' || *at == 'I') options->frame.linked = *at++ == 'D';
        else if (*at == 'X') options->frame.block_sum = 1, at++;
        else return at;
    }
}

static void read_letters(Options *options, const char *at)
{
    while (*at) {
        if (isdigit((unsigned char)*at)) {
            options->frame.level = read_number(&at);
            continue;
        }
        char letter = *at++;
        if (letter == 'B') at = read_block_letters(options, at);
        else if (letter == 'T') options->unused = read_number(&at);
        else if (letter == 'V') show_and_exit(stdout, BANNER);
        else if (letter == 'h' || letter == 'H') show_and_exit(stderr, BANNER SHORT_HELP LONG_HELP);
        else if (letter == 'v' || letter == 'q') verbosity += letter == 'v' ? 1 : -1;
        else if (!apply_switch(options, NULL, letter)) refuse_usage();
    }
}

static void read_word(Options *options, const char *word)
{
    const char *number = strchr(word, '=') ? strchr(word, '=') + 1 : word;
    if (strcmp(word, "version") == 0) show_and_exit(stdout, BANNER);
    if (strcmp(word, "help") == 0) show_and_exit(stderr, BANNER SHORT_HELP LONG_HELP);
    if (strcmp(word, "verbose") == 0) verbosity++;
    else if (strcmp(word, "quiet") == 0) verbosity--;
    else if (strcmp(word, "no-crc") == 0) options->frame.content_sum = options->frame.block_sum = 0;
    else if (strncmp(word, "threads=", 8) == 0) options->unused = read_number(&number);
    else if (strncmp(word, "fast=", 5) == 0) {
        options->frame.level = -read_number(&number);
        if (options->frame.level == 0) refuse_usage();
    } else if (!apply_switch(options, word, 0)) refuse_usage();
}

static Options initial_options(void)
{
    const char *level = getenv("LZ4_CLEVEL");
    Options options = {.frame.level = level ? atoi(level) : 1};
    options.frame.block_size = LARGEST_BLOCK;
    options.frame.content_sum = 1;
    if (strcmp(program_name, "unlz4") == 0) options.action = ACTION_DECOMPRESS;
    if (strcmp(program_name, "lz4cat") == 0) read_letters(&options, "dcfm");
    return options;
}

Options read_options(int count, char **words)
{
    const char *slash = strrchr(words[0], '/');
    bool only_names = false;
    program_name = slash ? slash + 1 : words[0];
    Options options = initial_options();
    options.names = calloc((size_t)count, sizeof *options.names);
    for (int i = 1; i < count; i++) {
        const char *word = words[i];
        if (only_names || word[0] != '-' || !word[1]) options.names[options.name_count++] = word;
        else if (strcmp(word, "--") == 0) only_names = true;
        else if (word[1] == '-') read_word(&options, word + 2);
        else read_letters(&options, word + 1);
    }
    return options;
}
