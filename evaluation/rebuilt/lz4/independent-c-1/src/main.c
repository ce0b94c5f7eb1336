#define _GNU_SOURCE
#include "display.h"
#include "options.h"
#include "usage.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".lz4"

static int has_suffix(const char *name)
{
    size_t n = strlen(name), k = strlen(SUFFIX);
    return n > k && !strcmp(name + n - k, SUFFIX);
}

static char *with_suffix(const char *name)
{
    char *out = allocate(strlen(name) + sizeof SUFFIX);
    return strcat(strcpy(out, name), SUFFIX);
}

static char *without_suffix(const char *name)
{
    char *out = strdup(name);
    out[strlen(name) - strlen(SUFFIX)] = 0;
    return out;
}

static int run_one(const Options *o, const char *in, const char *out)
{
    return o->mode == MODE_COMPRESS ? compress_file(&o->settings, in, out) : decompress_file(&o->settings, in, out);
}

static int run_file(const Options *o, const char *name)
{
    char *out;
    int failed;
    if (o->to_stdout) return run_one(o, name, STDOUT_NAME);
    if (o->mode == MODE_TEST) return run_one(o, name, NULL_NAME);
    if (o->mode == MODE_DECOMPRESS && !has_suffix(name)) {
        say(LEVEL_ERROR, "File extension doesn't match expected LZ4_EXTENSION (.lz4); will not process file: %s\n", name);
        return 1;
    }
    out = o->mode == MODE_COMPRESS ? with_suffix(name) : without_suffix(name);
    failed = run_one(o, name, out);
    free(out);
    return failed;
}

/* The output name of a single job, or NULL when there is none to be found. */
static const char *choose_output(Options *o, const char *in, const char *given)
{
    if (o->mode == MODE_AUTO) o->mode = has_suffix(in) ? MODE_DECOMPRESS : MODE_COMPRESS;
    if (o->mode == MODE_TEST) return NULL_NAME;
    if (o->to_stdout) return STDOUT_NAME;
    if (given) return !strcmp(given, "-") ? STDOUT_NAME : given;
    if (!strcmp(in, STDIN_NAME)) return STDOUT_NAME;
    if (o->mode == MODE_COMPRESS) {
        char *out = with_suffix(in);
        say(LEVEL_NORMAL, "Compressed filename will be : %s \n", out);
        return out;
    }
    if (has_suffix(in)) {
        char *out = without_suffix(in);
        say(LEVEL_NORMAL, "Decoding file %s \n", out);
        return out;
    }
    say(LEVEL_ERROR, "Cannot determine an output filename \n");
    return NULL;
}

static void announce(const Options *o)
{
    if (o->mode != MODE_COMPRESS) return;
    say(LEVEL_VERBOSE, "Using %d threads for compression \n", 1);
}

static int console_refused(const Options *o, const char *in, const char *out)
{
    if (!strcmp(in, STDIN_NAME) && isatty(0)) return say(LEVEL_ERROR, "refusing to read from a console\n"), 1;
    if (!strcmp(out, STDOUT_NAME) && isatty(1) && !o->to_stdout)
        return say(LEVEL_ERROR, "refusing to write to console without -c\n"), 1;
    return 0;
}

static int run_single(Options *o)
{
    const char *in = o->count > 0 && strcmp(o->names[0], "-") ? o->names[0] : STDIN_NAME, *out;
    if (o->count > 2) {
        say(LEVEL_ERROR, "Error : %s won't be used ! Do you want multiple input files (-m) ? \n", o->names[2]);
        return 1;
    }
    if (!(out = choose_output(o, in, o->count > 1 ? o->names[1] : NULL))) return usage_bad(o->exe), 1;
    if (console_refused(o, in, out)) return 1;
    if (!strcmp(out, STDOUT_NAME) && display_level == LEVEL_NORMAL) display_level = LEVEL_ERROR;
    announce(o);
    return run_one(o, in, out);
}

static int run_multiple(Options *o)
{
    int failed = 0;
    if (o->mode == MODE_AUTO) o->mode = has_suffix(o->names[0]) ? MODE_DECOMPRESS : MODE_COMPRESS;
    if (display_level == LEVEL_NORMAL) display_level = LEVEL_ERROR;
    announce(o);
    for (int i = 0; i < o->count; i++) failed += run_file(o, o->names[i]);
    return failed;
}

int main(int argc, char **argv)
{
    Options o;
    int rc = parse_options(&o, argc, argv);
    if (rc >= 0) return rc;
    say(LEVEL_VERBOSE, "%s", BANNER);
    return o.multiple && o.count ? run_multiple(&o) : run_single(&o);
}
