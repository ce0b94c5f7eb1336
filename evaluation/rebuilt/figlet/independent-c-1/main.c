#include <stdlib.h>
#include <string.h>
#include <ctype.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include "figlet.h"

#define RULE_EQUAL 1
#define RULE_UNDERSCORE 2
#define RULE_HIERARCHY 4
#define RULE_PAIR 8
#define RULE_BIGX 16
#define RULE_HARDBLANK 32
#define ALL_RULES 63
#define KERN 64
#define SMUSH 128

#define FROM_FONT (-1)

enum { LAYOUT_FONT, LAYOUT_FIXED, LAYOUT_FORCE_SMUSH };
enum { LEFT, CENTER, RIGHT };

struct glyph {
    long code;
    int width;
    long **rows;
};

struct font {
    long hardblank;
    int height;
    int right_to_left;
    int layout;
    struct glyph *glyphs;
    int count;
};

struct line {
    long **rows;
    int length;
    int capacity;
    long *codes;
    int code_count;
    int code_capacity;
};

const char *font_dir = DEFAULT_FONT_DIR;

static const char *program_name;
static const char *font_name = "standard";
static int output_width = 80;
static int justify_option = FROM_FONT, direction_option = FROM_FONT;
static int paragraph_mode, german_mode;
static int layout_kind = LAYOUT_FONT, layout_value;
static int info_code = -1;
static char **control_names;
static int control_count;

static struct font font;
static struct line line;
static int right_to_left, justify, layout, limit;

void *grow(void *p, size_t size)
{
    p = realloc(p, size ? size : 1);
    if (p == NULL) {
        fprintf(stderr, "%s: Out of memory\n", program_name);
        exit(1);
    }
    return p;
}

void fail(const char *name, const char *message)
{
    fprintf(stderr, "%s: %s: %s\n", program_name, name, message);
    exit(1);
}

static void usage(FILE *out)
{
    fprintf(out,
        "Usage: %s [ -cklnoprstvxDELNRSWX ] [ -d fontdirectory ]\n"
        "              [ -f fontfile ] [ -m smushmode ] [ -w outputwidth ]\n"
        "              [ -C controlfile ] [ -I infocode ] [ message ]\n",
        program_name);
}

static void print_info(void)
{
    switch (info_code) {
    case 0:
        printf("FIGlet Copyright (C) 1991-2012 Glenn Chappell, Ian Chai, "
            "John Cowan,\nChristiaan Keet and Claudio Matsuoka\n"
            "Internet: <someone@example.org> Version: 2.2.5, date: 31 May 2012\n\n"
            "FIGlet, along with the various FIGlet fonts and documentation, "
            "may be\nfreely copied and distributed.\n\n"
            "If you use FIGlet, please send an e-mail message to "
            "<someone@example.org>.\n\n"
            "The latest version of FIGlet is available from the web site,\n"
            "\thttp://www.figlet.org/\n\n");
        usage(stdout);
        break;
    case 1: printf("20205\n"); break;
    case 2: printf("%s\n", font_dir); break;
    case 3: printf("%s\n", font_name); break;
    case 4: printf("%d\n", output_width); break;
    case 5: printf("flf2 tlf2\n"); break;
    }
}

/* Files are looked for in the font directory, then as given. */
FILE *open_library_file(const char *name, const char *suffix)
{
    char *path = grow(NULL, strlen(font_dir) + strlen(name) + strlen(suffix) + 2);
    FILE *f = NULL;

    if (strchr(name, '/') == NULL) {
        sprintf(path, "%s/%s%s", font_dir, name, suffix);
        f = fopen(path, "rb");
    }
    if (f == NULL) {
        sprintf(path, "%s%s", name, suffix);
        f = fopen(path, "rb");
    }
    free(path);
    return f;
}

static long font_char(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    int more = p[0] < 0x80 ? 0 : p[0] < 0xc0 ? -1 : p[0] < 0xe0 ? 1
             : p[0] < 0xf0 ? 2 : p[0] < 0xf8 ? 3 : -1;
    long value = p[0] & (0x7f >> (more + (more > 0)));
    int i;

    if (more < 0)
        return -1;
    for (i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return -1;
        value = value << 6 | (p[i] & 0x3f);
    }
    *text += more + 1;
    return value;
}

static void put_subchar(long c)
{
    if (c < 0x80) {
        putchar((int)c);
    } else if (c < 0x800) {
        putchar(0xc0 | c >> 6);
        putchar(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        putchar(0xe0 | c >> 12);
        putchar(0x80 | (c >> 6 & 0x3f));
        putchar(0x80 | (c & 0x3f));
    } else {
        putchar(0xf0 | c >> 18);
        putchar(0x80 | (c >> 12 & 0x3f));
        putchar(0x80 | (c >> 6 & 0x3f));
        putchar(0x80 | (c & 0x3f));
    }
}

static char *read_text_line(FILE *f)
{
    static char *buffer;
    static size_t size;
    size_t n = 0;
    int c = getc(f);

    if (c == EOF)
        return NULL;
    for (; c != EOF && c != '\n' && c != '\r'; c = getc(f)) {
        if (n + 1 >= size)
            buffer = grow(buffer, size = size * 2 + 256);
        buffer[n++] = (char)c;
    }
    if (c == '\r' && (c = getc(f)) != '\n')
        ungetc(c, f);
    if (size == 0)
        buffer = grow(buffer, size = 256);
    buffer[n] = '\0';
    return buffer;
}

static long *decode_row(const char *text, int *length)
{
    long *row = grow(NULL, (strlen(text) + 1) * sizeof *row);
    int n = 0;

    while (*text) {
        row[n] = font_char(&text);
        if (row[n++] < 0)
            break;
    }
    while (n > 0 && row[n - 1] < 128 && isspace((int)row[n - 1]))
        n--;
    if (n > 0) {
        long endmark = row[n - 1];
        while (n > 0 && row[n - 1] == endmark)
            n--;
    }
    *length = n;
    return row;
}

static struct glyph *find_glyph(long code)
{
    int i;

    for (i = font.count - 1; i >= 0; i--)
        if (font.glyphs[i].code == code)
            return &font.glyphs[i];
    return NULL;
}

static void read_glyph(FILE *f, long code)
{
    struct glyph g;
    int *lengths = grow(NULL, font.height * sizeof *lengths);
    int i, j;

    g.code = code;
    g.width = 0;
    g.rows = grow(NULL, font.height * sizeof *g.rows);
    for (i = 0; i < font.height; i++) {
        char *text = read_text_line(f);
        g.rows[i] = decode_row(text ? text : "", &lengths[i]);
        if (lengths[i] > g.width)
            g.width = lengths[i];
    }
    for (i = 0; i < font.height; i++) {
        g.rows[i] = grow(g.rows[i], (g.width + 1) * sizeof **g.rows);
        for (j = lengths[i]; j < g.width; j++)
            g.rows[i][j] = ' ';
    }
    free(lengths);
    font.glyphs = grow(font.glyphs, (font.count + 1) * sizeof g);
    font.glyphs[font.count++] = g;
}

static int layout_from_old(int old)
{
    if (old < 0)
        return 0;
    if (old == 0)
        return KERN;
    return (old & 31) | SMUSH;
}

static void read_header(const char *text, const char *signature)
{
    int old_layout, comment_lines, baseline, max_length, full_layout, n;
    int direction = 0;
    const char *p = text + 5;

    if (strlen(text) < 6 || strncmp(text, signature, 4) != 0)
        fail(font_name, "Not a FIGlet 2 font file");
    font.hardblank = font_char(&p);
    n = sscanf(p, "%d %d %d %d %d %d %d", &font.height, &baseline, &max_length,
        &old_layout, &comment_lines, &direction, &full_layout);
    if (n < 5)
        fail(font_name, "Not a FIGlet 2 font file");
    if (font.height < 1)
        font.height = 1;
    font.right_to_left = n >= 6 && direction == 1;
    font.layout = n >= 7 ? full_layout & (ALL_RULES | KERN | SMUSH)
                         : layout_from_old(old_layout);
    font.count = comment_lines;
}

static void load_font(void)
{
    static const int german[] = { 196, 214, 220, 228, 246, 252, 223 };
    FILE *f = open_library_file(font_name, ".flf");
    const char *signature = "flf2";
    char *text, *end;
    int comments, i;

    if (f == NULL) {
        f = open_library_file(font_name, ".tlf");
        signature = "tlf2";
    }
    if (f == NULL)
        fail(font_name, "Unable to open font file");
    text = read_text_line(f);
    read_header(text ? text : "", signature);
    comments = font.count;
    font.count = 0;
    while (comments-- > 0)
        read_text_line(f);

    for (i = ' '; i <= '~'; i++)
        read_glyph(f, i);
    for (i = 0; i < 7; i++)
        read_glyph(f, german[i]);
    while ((text = read_text_line(f)) != NULL) {
        long code = strtol(text, &end, 0);
        if (end == text)
            break;
        read_glyph(f, code);
    }
    fclose(f);
}

static int bracket_class(long c)
{
    static const char *classes[] = { "|", "/\\", "[]", "{}", "()", "<>" };
    int i;

    for (i = 0; i < 6; i++)
        if (c > 0 && c < 128 && strchr(classes[i], (int)c) != NULL)
            return i;
    return -1;
}

static int is_pair(long a, long b, const char *pair)
{
    return (a == pair[0] && b == pair[1]) || (a == pair[1] && b == pair[0]);
}

/* The sub-character made of neighbours a and b, or 0 if they don't smush. */
static long smush(long a, long b)
{
    int ca, cb;

    if (a == ' ')
        return b;
    if (b == ' ')
        return a;
    if (!(layout & SMUSH))
        return 0;
    if (!(layout & ALL_RULES)) {
        if (a == font.hardblank)
            return b;
        if (b == font.hardblank)
            return a;
        return right_to_left ? a : b;
    }
    if (a == font.hardblank || b == font.hardblank)
        return a == b && (layout & RULE_HARDBLANK) ? a : 0;
    if ((layout & RULE_EQUAL) && a == b)
        return a;
    ca = bracket_class(a);
    cb = bracket_class(b);
    if (layout & RULE_UNDERSCORE) {
        if (a == '_' && cb >= 0)
            return b;
        if (b == '_' && ca >= 0)
            return a;
    }
    if ((layout & RULE_HIERARCHY) && ca >= 0 && cb >= 0 && ca != cb)
        return ca > cb ? a : b;
    if (layout & RULE_PAIR)
        if (is_pair(a, b, "[]") || is_pair(a, b, "{}") || is_pair(a, b, "()"))
            return '|';
    if (layout & RULE_BIGX) {
        if (a == '/' && b == '\\')
            return '|';
        if (a == '\\' && b == '/')
            return 'Y';
        if (a == '>' && b == '<')
            return 'X';
    }
    return 0;
}

static int previous_width;

/* How many columns the new glyph may move into the line. */
static int overlap(const struct glyph *g)
{
    int best = g->width, i;

    if (!(layout & (KERN | SMUSH)))
        return 0;
    for (i = 0; i < font.height; i++) {
        long **l = right_to_left ? g->rows : line.rows;
        long **r = right_to_left ? line.rows : g->rows;
        int llen = right_to_left ? g->width : line.length;
        int rlen = right_to_left ? line.length : g->width;
        int lblank = 0, rblank = 0, amount;

        while (lblank < llen && l[i][llen - 1 - lblank] == ' ')
            lblank++;
        while (rblank < rlen && r[i][rblank] == ' ')
            rblank++;
        amount = lblank + rblank;
        if (lblank < llen && rblank < rlen && previous_width >= 2 &&
                g->width >= 2 && smush(l[i][llen - 1 - lblank], r[i][rblank]))
            amount++;
        if (amount < best)
            best = amount;
    }
    if (right_to_left && best > line.length)
        best = line.length;
    return best;
}

static void line_reserve(int columns)
{
    int i;

    if (columns <= line.capacity)
        return;
    line.capacity = columns * 2;
    for (i = 0; i < font.height; i++)
        line.rows[i] = grow(line.rows[i], line.capacity * sizeof **line.rows);
}

static void line_clear(void)
{
    line.length = 0;
    line.code_count = 0;
    previous_width = 0;
}

static void append_glyph(const struct glyph *g, int amount)
{
    int keep = line.length > amount ? line.length - amount : 0;
    int i, j;

    for (i = 0; i < font.height; i++) {
        long *row = line.rows[i];
        for (j = 0; j < g->width; j++) {
            int at = line.length - amount + j;
            if (at < 0)
                continue;
            row[at] = at < line.length ? smush(row[at], g->rows[i][j])
                                       : g->rows[i][j];
        }
    }
    line.length += g->width - amount;
    if (line.length < keep)
        line.length = keep;
}

static void prepend_glyph(const struct glyph *g, int amount)
{
    int start = g->width - amount, end = start + line.length;
    int total = end > g->width ? end : g->width;
    int i, j;

    for (i = 0; i < font.height; i++) {
        long *row = line.rows[i];
        memmove(row + start, row, line.length * sizeof *row);
        for (j = 0; j < g->width; j++)
            row[j] = j >= start && j < end ? smush(g->rows[i][j], row[j])
                                           : g->rows[i][j];
    }
    line.length = total;
}

static int add_code(long code)
{
    struct glyph *g = find_glyph(code);
    int amount;

    if (g == NULL)
        g = find_glyph(0);
    if (g != NULL) {
        amount = overlap(g);
        if (line.length + g->width - amount > limit)
            return 0;
        line_reserve(line.length + g->width + 1);
        if (right_to_left)
            prepend_glyph(g, amount);
        else
            append_glyph(g, amount);
        previous_width = g->width;
    } else {
        previous_width = 0;
    }
    if (line.code_count >= line.code_capacity) {
        line.code_capacity = line.code_capacity * 2 + 64;
        line.codes = grow(line.codes, line.code_capacity * sizeof *line.codes);
    }
    line.codes[line.code_count++] = code;
    return 1;
}

static void print_rows(long **rows, int start, int length)
{
    int pad = 0, i, j;

    if (justify == CENTER)
        pad = (limit + 1 - length) / 2;
    else if (justify == RIGHT)
        pad = limit - length;
    for (i = 0; i < font.height; i++) {
        for (j = 0; j < pad; j++)
            putchar(' ');
        for (j = 0; j < length; j++) {
            long c = rows[i][start + j];
            put_subchar(c == font.hardblank ? ' ' : c);
        }
        putchar('\n');
    }
}

static void flush_line(void)
{
    print_rows(line.rows, 0, line.length);
    line_clear();
}

/* A character too wide for an empty line is printed alone and cut to fit. */
static void print_alone(long code)
{
    struct glyph *g = find_glyph(code);
    int length, start = 0;

    if (g == NULL)
        g = find_glyph(0);
    if (g == NULL)
        return;
    length = g->width;
    if (output_width > 1 && length > limit) {
        length = limit;
        if (right_to_left)
            start = g->width - limit;
    }
    print_rows(g->rows, start, length);
    line_clear();
}

/* Prints the line up to its last gap between words and lays out the rest anew. */
static void break_line(int at_blank)
{
    int count = line.code_count, word = count, end, i;
    long *codes;

    if (!at_blank)
        while (word > 0 && line.codes[word - 1] != ' ')
            word--;
    end = word;
    while (end > 0 && line.codes[end - 1] == ' ')
        end--;
    if (end == 0 || end == count) {
        flush_line();
        return;
    }
    codes = grow(NULL, count * sizeof *codes);
    memcpy(codes, line.codes, count * sizeof *codes);
    line_clear();
    for (i = 0; i < end; i++)
        add_code(codes[i]);
    flush_line();
    for (i = word; i < count; i++)
        add_code(codes[i]);
    free(codes);
}

static long german_code(long c)
{
    static const char from[] = "[\\]{|}~";
    static const int to[] = { 196, 214, 220, 228, 246, 252, 223 };
    const char *p = c > 0 && c < 128 ? strchr(from, (int)c) : NULL;

    return p != NULL ? to[p - from] : c;
}

static int is_blank_code(long c)
{
    return c == ' ' || (c >= 9 && c <= 13);
}

static void set_text(void)
{
    long c, ahead = 0, previous = 0;
    int have_ahead = 0;
    int skipping = 0;           /* dropping blanks after a wrap */

    for (;;) {
        long raw;

        if (have_ahead) {
            raw = ahead;
            have_ahead = 0;
        } else {
            raw = input_char();
        }
        if (raw == EOF)
            break;
        c = raw;
        if (c == '\n' && paragraph_mode) {
            ahead = input_char();
            have_ahead = 1;
            if (previous != '\n' && !is_blank_code(ahead))
                c = ' ';
        }
        if (german_mode)
            c = german_code(c);
        c = map_char(c);
        if (c == '\t')
            c = ' ';
        else if (c == '\v' || c == '\f' || c == '\r')
            c = '\n';
        previous = c;
        if ((c > 0 && c < ' ' && c != '\n') || c == 127)
            continue;

        if (skipping) {
            if (c == ' ')
                continue;
            skipping = 0;
            if (c == '\n')
                continue;
        }
        if (c == '\n') {
            flush_line();
            continue;
        }
        while (!add_code(c)) {
            if (line.length == 0) {
                print_alone(c);
                skipping = 1;
                break;
            }
            break_line(c == ' ');
            if (c == ' ') {
                skipping = 1;
                break;
            }
        }
    }
    if (line.length > 0)
        flush_line();
}

static void terminal_width(void)
{
    struct winsize size;
    int fd = open("/dev/tty", O_WRONLY);

    if (fd < 0)
        return;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        output_width = size.ws_col;
    close(fd);
}

static char *without_suffix(char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);

    if (n >= m && strcmp(name + n - m, suffix) == 0) {
        name = strcpy(grow(NULL, n + 1), name);
        name[n - m] = '\0';
    }
    return name;
}

static char *font_base_name(char *name)
{
    char *base = without_suffix(name, ".flf");

    return base != name ? base : without_suffix(name, ".tlf");
}

static void set_layout_option(int value)
{
    if (value < -1) {
        layout_kind = LAYOUT_FONT;
        return;
    }
    layout_kind = LAYOUT_FIXED;
    if (value == -1)
        layout_value = 0;
    else if (value == 0)
        layout_value = KERN;
    else
        layout_value = (value & ALL_RULES) | SMUSH;
}

static void parse_options(int argc, char **argv)
{
    int c, n;

    while ((c = getopt(argc, argv, "ADEXLRI:xlcrpntvm:w:d:f:C:NFskSWo")) != -1) {
        switch (c) {
        case 'A': break;
        case 'D': german_mode = 1; break;
        case 'E': german_mode = 0; break;
        case 'X': direction_option = FROM_FONT; break;
        case 'L': direction_option = 0; break;
        case 'R': direction_option = 1; break;
        case 'x': justify_option = FROM_FONT; break;
        case 'l': justify_option = LEFT; break;
        case 'c': justify_option = CENTER; break;
        case 'r': justify_option = RIGHT; break;
        case 'p': paragraph_mode = 1; break;
        case 'n': paragraph_mode = 0; break;
        case 's': layout_kind = LAYOUT_FONT; break;
        case 'k': set_layout_option(0); break;
        case 'W': set_layout_option(-1); break;
        case 'S': layout_kind = LAYOUT_FORCE_SMUSH; break;
        case 'o': layout_kind = LAYOUT_FIXED; layout_value = SMUSH; break;
        case 'm': set_layout_option(atoi(optarg)); break;
        case 't': terminal_width(); break;
        case 'w':
            n = atoi(optarg);
            if (n > 0)
                output_width = n;
            break;
        case 'v': info_code = 0; break;
        case 'I': info_code = atoi(optarg); break;
        case 'd': font_dir = optarg; break;
        case 'f': font_name = font_base_name(optarg); break;
        case 'C':
            control_names = grow(control_names,
                (control_count + 1) * sizeof *control_names);
            control_names[control_count++] = without_suffix(optarg, ".flc");
            break;
        case 'N': control_count = 0; break;
        case 'F':
            fprintf(stderr, "%s: illegal option -- F\n", program_name);
            usage(stderr);
            fprintf(stderr,
                "\nBecause of numerous incompatibilities, the \"-F\" option has been\n"
                "removed.  It has been replaced by the \"figlist\" program, which is now\n"
                "included in the basic FIGlet package.  \"figlist\" is also available\n"
                "from  http://www.figlet.org/under UNIX utilities.\n");
            exit(1);
        default:
            usage(stderr);
            exit(1);
        }
    }
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    const char *dir = getenv("FIGLET_FONTDIR");
    int i;

    program_name = slash != NULL ? slash + 1 : argv[0];
    if (dir != NULL)
        font_dir = dir;
    parse_options(argc, argv);
    if (info_code >= 0) {
        print_info();
        return 0;
    }
    for (i = 0; i < control_count; i++)
        load_control_file(control_names[i]);
    load_font();

    right_to_left = direction_option == FROM_FONT ? font.right_to_left
                                                  : direction_option;
    justify = justify_option != FROM_FONT ? justify_option
            : right_to_left ? RIGHT : LEFT;
    layout = layout_kind == LAYOUT_FIXED ? layout_value : font.layout;
    if (layout_kind == LAYOUT_FORCE_SMUSH)
        layout |= SMUSH;
    limit = output_width - 1;
    line.rows = grow(NULL, font.height * sizeof *line.rows);
    for (i = 0; i < font.height; i++)
        line.rows[i] = NULL;
    line_reserve(256);
    line_clear();

    if (optind < argc)
        input_from_args(argv + optind, argc - optind);
    else
        input_from_stdin();
    set_text();
    return 0;
}
