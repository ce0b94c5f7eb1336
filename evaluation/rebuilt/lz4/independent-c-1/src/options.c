#include "options.h"
#include "display.h"
#include "frame.h"
#include "usage.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { GO_ON = -1, BAD = -2 };

/* Digits with an optional K / M suffix; advances past what it read. */
static unsigned long parse_number(const char **p)
{
    unsigned long v = 0;
    while (isdigit((unsigned char)**p)) v = v * 10 + (unsigned long)(*(*p)++ - '0');
    if (**p != 'K' && **p != 'M') return v;
    v <<= *(*p)++ == 'K' ? 10 : 20;
    if (**p == 'i') (*p)++;
    if (**p == 'B') (*p)++;
    return v;
}

static int set_block_size(Settings *s, unsigned long v)
{
    const size_t max = frame_block_size(7);
    if (v < 4 || (v > 7 && v < 32)) return 0;
    size_t size = v <= 7 ? frame_block_size((int)v) : v < max ? v : max;
    s->block_id = frame_fit_block_id(size);
    if (size < 1024) say(LEVEL_NORMAL, "using blocks of size %u bytes \n", (unsigned)size);
    else say(LEVEL_NORMAL, "using blocks of size %u KB \n", (unsigned)(size >> 10));
    return 1;
}

static int parse_block_options(Settings *s, const char **p)
{
    for (;;) {
        if (**p == 'D') s->independent = 0, (*p)++;
        else if (**p == 'I') s->independent = 1, (*p)++;
        else if (**p == 'X') s->block_sum = 1, (*p)++;
        else if (!isdigit((unsigned char)**p)) return 1;
        else if (!set_block_size(s, parse_number(p))) return 0;
    }
}

static int parse_fast(Options *o, const char *rest)
{
    unsigned long v = 1;
    if (*rest == '=') {
        rest++;
        v = parse_number(&rest);
    }
    if (v == 0 || *rest) return BAD;
    o->settings.level = -(int)(v < 65536 ? v : 65536);
    return GO_ON;
}

static int show_version(void)
{
    fputs(BANNER, stdout);
    return 0;
}

static int show_help(const Options *o)
{
    usage_help(o->exe);
    return 0;
}

static int parse_long(Options *o, const char *arg)
{
    Settings *s = &o->settings;
    static const char *const ignored[] = {"sparse", "no-sparse", "favor-decSpeed"};
    struct { const char *name; int *target, value; } flags[] = {
        {"force", &s->overwrite, 1}, {"no-force", &s->overwrite, 0},
        {"stdout", &o->to_stdout, 1}, {"to-stdout", &o->to_stdout, 1},
        {"frame-crc", &s->content_sum, 1}, {"no-frame-crc", &s->content_sum, 0}, {"no-crc", &s->content_sum, 0},
        {"content-size", &s->content_size, 1}, {"no-content-size", &s->content_size, 0},
        {"best", &s->level, 12}, {"keep", &s->remove_source, 0}, {"rm", &s->remove_source, 1},
        {"multiple", &o->multiple, 1},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (!strcmp(arg, flags[i].name)) return *flags[i].target = flags[i].value, GO_ON;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        if (!strcmp(arg, ignored[i])) return GO_ON;
    if (!strcmp(arg, "compress")) return o->mode = MODE_COMPRESS, GO_ON;
    if (!strcmp(arg, "decompress") || !strcmp(arg, "uncompress")) return o->mode = MODE_DECOMPRESS, GO_ON;
    if (!strcmp(arg, "test")) return o->mode = MODE_TEST, GO_ON;
    if (!strcmp(arg, "verbose")) return display_level++, GO_ON;
    if (!strcmp(arg, "quiet")) return display_level -= display_level > 0, GO_ON;
    if (!strcmp(arg, "version")) return show_version();
    if (!strcmp(arg, "help")) return show_help(o);
    if (!strncmp(arg, "fast", 4)) return parse_fast(o, arg + 4);
    return BAD;
}

/* One letter of an aggregated short option; p points behind the letter. */
static int parse_letter(Options *o, char letter, const char **p)
{
    Settings *s = &o->settings;
    switch (letter) {
    case 'V': return show_version();
    case 'h':
    case 'H': return show_help(o);
    case 'z': o->mode = MODE_COMPRESS; break;
    case 'd': o->mode = MODE_DECOMPRESS; break;
    case 't': o->mode = MODE_TEST; break;
    case 'c': o->to_stdout = 1; break;
    case 'f': s->overwrite = 1; break;
    case 'k': s->remove_source = 0; break;
    case 'v': display_level++; break;
    case 'q': display_level -= display_level > 0; break;
    case 'm': o->multiple = 1; break;
    case 'T': parse_number(p); break;
    case 'B': return parse_block_options(s, p) ? GO_ON : BAD;
    default: return BAD;
    }
    return GO_ON;
}

static int parse_short(Options *o, const char *p)
{
    int rc = GO_ON;
    while (*p && rc == GO_ON) {
        if (isdigit((unsigned char)*p)) {
            o->settings.level = (int)parse_number(&p);
        } else {
            char letter = *p++;
            rc = parse_letter(o, letter, &p);
        }
    }
    return rc;
}

static void apply_program_name(Options *o, const char *argv0)
{
    const char *slash = strrchr(argv0, '/');
    o->exe = slash ? slash + 1 : argv0;
    if (!strcmp(o->exe, "unlz4")) o->mode = MODE_DECOMPRESS;
    if (strcmp(o->exe, "lz4cat")) return;
    o->mode = MODE_DECOMPRESS;
    o->settings.overwrite = o->to_stdout = o->multiple = 1;
}

int parse_options(Options *o, int argc, char **argv)
{
    int only_names = 0;
    *o = (Options){.settings = {.level = 1, .block_id = 7, .independent = 1, .content_sum = 1}};
    apply_program_name(o, argv[0]);
    o->names = allocate(sizeof *o->names * (size_t)(argc + 1));
    for (char **next = argv + 1; *next;) {
        char *arg = *next++;
        int rc = GO_ON;
        if (only_names || arg[0] != '-' || !arg[1]) o->names[o->count++] = arg;
        else if (!strcmp(arg, "--")) only_names = 1;
        else rc = arg[1] == '-' ? parse_long(o, arg + 2) : parse_short(o, arg + 1);
        if (rc == BAD) return usage_bad(o->exe), 1;
        if (rc != GO_ON) return rc;
    }
    o->settings.pass_through = o->settings.overwrite && o->to_stdout;
    return GO_ON;
}
