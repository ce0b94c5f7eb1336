#define _POSIX_C_SOURCE 200809L
#include "files.h"
#include "report.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".lz4"

static bool named(const char *name, const char *word)
{
    return strcmp(name, word) == 0 || strcmp(name, "-") == 0;
}

static bool has_suffix(const char *name)
{
    size_t size = strlen(name);
    return size > strlen(SUFFIX) && strcmp(name + size - strlen(SUFFIX), SUFFIX) == 0;
}

/* Adds the suffix or removes it; NULL when there is none to remove. */
static char *derive_name(const char *name, bool compress)
{
    size_t size = strlen(name);
    char *derived = malloc(size + sizeof SUFFIX);
    if (!derived) fail(12, "Not enough memory");
    strcpy(derived, name);
    if (compress) return strcat(derived, SUFFIX);
    if (!has_suffix(name)) return NULL;
    derived[size - strlen(SUFFIX)] = '\0';
    return derived;
}

static FILE *open_input(const char *name)
{
    struct stat status;
    if (named(name, "stdin")) return stdin;
    if (stat(name, &status) == 0 && S_ISDIR(status.st_mode)) {
        say(1, "lz4: %s is a directory -- ignored \n", name);
        return NULL;
    }
    FILE *file = fopen(name, "rb");
    if (!file) say(1, "%s: %s \n", name, strerror(errno));
    return file;
}

static bool may_replace(const Options *options, const char *name)
{
    struct stat status;
    if (options->overwrite || stat(name, &status) != 0 || !S_ISREG(status.st_mode)) return true;
    if (verbosity < 2) {
        say(1, "%s already exists; not overwritten  \n", name);
        return false;
    }
    say(2, "%s already exists; do you want to overwrite (y/N) ? ", name);
    int answer = getchar();
    for (int rest = answer; rest != '\n' && rest != EOF;) rest = getchar();
    if (answer == 'y' || answer == 'Y') return true;
    say(2, "    not overwritten  \n");
    return false;
}

static FILE *open_output(const Options *options, const char *name)
{
    if (named(name, "stdout")) return stdout;
    if (strcmp(name, "null") == 0) return fopen("/dev/null", "wb");
    if (!may_replace(options, name)) return NULL;
    FILE *file = fopen(name, "wb");
    if (!file) say(1, "%s: %s\n", name, strerror(errno));
    return file;
}

static void compress(Options *options, Stream *in, Stream *out)
{
    struct stat status;
    bool sized = options->store_size && fstat(fileno(in->file), &status) == 0 && S_ISREG(status.st_mode);
    options->frame.content_size = sized ? (uint64_t)status.st_size : 0;
    write_frame(in, out, &options->frame);
    uint64_t base = in->count ? in->count : 1;
    say(2, "\r%79s\rCompressed %llu bytes into %llu bytes ==> %.2f%%\n", "", (unsigned long long)in->count,
        (unsigned long long)out->count, (double)out->count / (double)base * 100);
}

static void decompress(const Options *options, const char *name, Stream *in, Stream *out)
{
    read_frames(in, out, options->overwrite && out->file == stdout);
    say(2, "\r%79s\r%-30s : decoded %llu bytes \n", "", named(name, "stdin") ? "stdin" : name, (unsigned long long)out->count);
}

static bool process(Options *options, const char *input, const char *output)
{
    Stream in = {open_input(input), 0}, out = {NULL, 0};
    if (!in.file) return false;
    out.file = open_output(options, output);
    if (!out.file) return false;
    if (options->action == ACTION_COMPRESS) compress(options, &in, &out);
    else decompress(options, input, &in, &out);
    if (in.file != stdin) fclose(in.file);
    if (out.file == stdout ? fflush(stdout) : fclose(out.file)) fail(22, "Could not write the output");
    if (options->remove_source && options->action != ACTION_TEST && in.file != stdin) unlink(input);
    return true;
}

/* The name given or implied by the options; NULL when it has to follow from the input name. */
static const char *stated_output(const Options *options, const char *input)
{
    if (options->action == ACTION_TEST) return "null";
    if (options->to_stdout) return "stdout";
    if (options->name_count > 1) return options->names[1];
    return named(input, "stdin") ? "stdout" : NULL;
}

static void check_surplus(const Options *options)
{
    int used = options->to_stdout ? 1 : 2;
    if (options->action == ACTION_TEST || options->name_count <= used) return;
    say(1, "%s : %s won't be used ! Do you want multiple input files (-m) ? \n",
        options->overwrite ? "Warning" : "Error", options->names[used]);
    if (!options->overwrite) exit(1);
}

int process_single(Options *options)
{
    const char *input = options->name_count ? options->names[0] : "stdin";
    if (options->action == ACTION_GUESS) options->action = has_suffix(input) ? ACTION_DECOMPRESS : ACTION_COMPRESS;
    bool compressing = options->action == ACTION_COMPRESS;
    check_surplus(options);
    const char *output = stated_output(options, input);
    if (!output) {
        output = derive_name(input, compressing);
        say(output ? 2 : 9, compressing ? "Compressed filename will be : %s \n" : "Decoding file %s \n", output ? output : "");
    }
    if (!output) {
        say(1, "Cannot determine an output filename \n");
        refuse_usage();
    }
    if (named(output, "stdout") && verbosity == 2) verbosity = 1;
    if (named(output, "stdout") && isatty(STDOUT_FILENO) && !options->to_stdout) refuse_usage();
    return process(options, input, output) ? 0 : 1;
}

int process_multiple(Options *options)
{
    int missed = 0;
    if (verbosity == 2) verbosity = 1;
    if (options->action == ACTION_GUESS) options->action = ACTION_COMPRESS;
    bool to_stdout = options->to_stdout || options->action == ACTION_TEST;
    for (int i = 0; i < options->name_count; i++) {
        char *derived = derive_name(options->names[i], options->action == ACTION_COMPRESS);
        const char *output = to_stdout ? "stdout" : derived;
        if (!output) say(1, "File extension doesn't match expected LZ4_EXTENSION (.lz4); will not process file: %s\n", options->names[i]);
        if (!output || !process(options, options->names[i], output)) missed++;
        free(derived);
    }
    return missed;
}
