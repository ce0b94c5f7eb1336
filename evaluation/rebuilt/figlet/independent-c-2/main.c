/* Large letters from small ones: command line and main loop. */
#include "banner.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_DIRECTORY "/usr/local/share/figlet"
#define DEFAULT_FONT "standard"

const char *tool_name;

/* How -s, -S, -k, -W, -o and -m combine with the font's own layout. */
typedef enum { SPACING_FONT, SPACING_FIXED, SPACING_FORCE } Spacing;

typedef struct {
    const char *directory, *font;
    const char **controls;
    int control_count;
    Spacing spacing;
    int fixed_layout;            /* for SPACING_FIXED */
    int direction;               /* -1 = as the font says, else 0 / 1 */
    int align;                   /* -1 = by direction, else an Align */
    int columns;
    int info;                    /* -1 = none */
    bool german, paragraphs;
} Options;

void *grow(void *block, size_t bytes)
{
    block = realloc(block, bytes ? bytes : 1);
    if (!block)
        die("memory", "none left");
    return block;
}

void die(const char *subject, const char *problem)
{
    fflush(stdout);
    fprintf(stderr, "%s: %s: %s\n", tool_name, subject, problem);
    exit(1);
}

FILE *open_resource(const char *dir, const char *name, const char *const suffixes[])
{
    size_t len = strlen(name);
    char *path = grow(NULL, strlen(dir) + len + 16);
    FILE *file = NULL;
    for (int i = 0; len && suffixes[i] && !file; i++) {
        size_t tail = strlen(suffixes[i]);
        bool complete = len > tail && !strcmp(name + len - tail, suffixes[i]);
        const char *ending = complete ? "" : suffixes[i];
        if (name[0] != '/') {
            sprintf(path, "%s/%s%s", dir, name, ending);
            file = fopen(path, "rb");
        }
        if (!file) {
            sprintf(path, "%s%s", name, ending);
            file = fopen(path, "rb");
        }
    }
    free(path);
    return file;
}

static void print_usage(FILE *out)
{
    fprintf(out,
            "Usage: %s [ -cklnoprstvxDELNRSWX ] [ -d fontdirectory ]\n"
            "              [ -f fontfile ] [ -m smushmode ] [ -w outputwidth ]\n"
            "              [ -C controlfile ] [ -I infocode ] [ message ]\n", tool_name);
}

static void print_info(const Options *opt)
{
    size_t len = strlen(opt->font);
    switch (opt->info) {
    case 0:
        fputs("FIGlet Copyright (C) 1991-2012 Glenn Chappell, Ian Chai, John Cowan,\n"
              "Christiaan Keet and Claudio Matsuoka\n"
              "Internet: <someone@example.org> Version: 2.2.5, date: 31 May 2012\n\n"
              "FIGlet, along with the various FIGlet fonts and documentation, may be\n"
              "freely copied and distributed.\n\n"
              "If you use FIGlet, please send an e-mail message to <someone@example.org>.\n\n"
              "The latest version of FIGlet is available from the web site,\n"
              "\thttp://www.figlet.org/\n\n", stdout);
        print_usage(stdout);
        break;
    case 1: puts("20205"); break;
    case 2: puts(opt->directory); break;
    case 3:
        if (len > 4 && (!strcmp(opt->font + len - 4, ".flf") || !strcmp(opt->font + len - 4, ".tlf")))
            len -= 4;
        printf("%.*s\n", (int)len, opt->font);
        break;
    case 4: printf("%d\n", opt->columns); break;
    case 5: puts("flf2 tlf2"); break;
    }
}

/* Columns of the controlling terminal, or `fallback`. */
static int terminal_columns(int fallback)
{
    struct winsize size = { 0 };
    int fd = open("/dev/tty", O_WRONLY);
    if (fd < 0)
        return fallback;
    int ok = ioctl(fd, TIOCGWINSZ, &size);
    close(fd);
    return ok == 0 && size.ws_col > 0 ? size.ws_col : fallback;
}

static void set_layout_number(Options *opt, int number)
{
    opt->spacing = number < -1 ? SPACING_FONT : SPACING_FIXED;
    opt->fixed_layout = number == 0 ? FIT : number < 0 ? 0 : (number & ALL_RULES) | OVERLAY;
}

static void parse_options(Options *opt, int argc, char **argv)
{
    int c;
    while ((c = getopt(argc, argv, "f:d:C:m:w:I:clrxtpnDENsSkWoLRXv")) != -1) {
        switch (c) {
        case 'f': opt->font = optarg; break;
        case 'd': opt->directory = optarg; break;
        case 'C':
            opt->controls = grow(opt->controls, (size_t)(opt->control_count + 1) * sizeof(char *));
            opt->controls[opt->control_count++] = optarg;
            break;
        case 'N': opt->control_count = 0; break;
        case 'c': opt->align = ALIGN_CENTER; break;
        case 'l': opt->align = ALIGN_LEFT; break;
        case 'r': opt->align = ALIGN_RIGHT; break;
        case 'x': opt->align = -1; break;
        case 't': opt->columns = terminal_columns(opt->columns); break;
        case 'w':
            if (atoi(optarg) > 0)
                opt->columns = atoi(optarg);
            break;
        case 'p': case 'n': opt->paragraphs = c == 'p'; break;
        case 'D': case 'E': opt->german = c == 'D'; break;
        case 's': case 'S': opt->spacing = c == 's' ? SPACING_FONT : SPACING_FORCE; break;
        case 'k': case 'W': set_layout_number(opt, c == 'k' ? 0 : -1); break;
        case 'o': opt->spacing = SPACING_FIXED; opt->fixed_layout = OVERLAY; break;
        case 'm': set_layout_number(opt, atoi(optarg)); break;
        case 'L': case 'R': opt->direction = c == 'R'; break;
        case 'X': opt->direction = -1; break;
        case 'v': opt->info = 0; break;
        case 'I': opt->info = atoi(optarg); break;
        default: print_usage(stderr); exit(1);
        }
    }
}

/* Join the message words: a blank after a word, a newline for an empty one. */
static void use_message(Input *in, char **words, int count)
{
    size_t len = 0;
    char *text = grow(NULL, 1);
    for (int i = 0; i < count; i++) {
        size_t n = strlen(words[i]);
        text = grow(text, len + n + 2);
        memcpy(text + len, words[i], n);
        len += n;
        if (i + 1 < count)
            text[len++] = n ? ' ' : '\n';
    }
    in->text = (unsigned char *)text;
    in->text_len = len;
}

int main(int argc, char **argv)
{
    Options opt = { .directory = DEFAULT_DIRECTORY, .font = DEFAULT_FONT,
                    .direction = -1, .align = -1, .columns = 80, .info = -1 };
    Font font;
    Line line;
    Input in;
    const char *slash = strrchr(argv[0], '/');
    tool_name = slash ? slash + 1 : argv[0];
    parse_options(&opt, argc, argv);
    if (opt.info >= 0) {
        print_info(&opt);
        return 0;
    }
    input_init(&in);
    in.german = opt.german;
    in.paragraphs = opt.paragraphs;
    for (int i = 0; i < opt.control_count; i++)
        input_add_control(&in, opt.directory, opt.controls[i]);
    font_load(&font, opt.directory, opt.font);
    line_init(&line, &font);
    line.columns = opt.columns;
    line.right_to_left = opt.direction < 0 ? font.right_to_left : opt.direction == 1;
    line.align = opt.align >= 0 ? (Align)opt.align
                 : line.right_to_left ? ALIGN_RIGHT : ALIGN_LEFT;
    line.layout = opt.spacing == SPACING_FIXED ? opt.fixed_layout
                  : opt.spacing == SPACING_FORCE ? font.layout | OVERLAY : font.layout;
    if (optind < argc)
        use_message(&in, argv + optind, argc - optind);
    for (long code; (code = input_next(&in)) != INPUT_END;)
        line_add(&line, code);
    if (line.code_count > 0)
        line_break(&line);
    return 0;
}
