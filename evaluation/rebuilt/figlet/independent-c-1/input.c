#include <stdlib.h>
#include <string.h>
#include <ctype.h>
#include "figlet.h"

enum { MODE_ISO2022, MODE_UTF8, MODE_HZ, MODE_SJIS };
enum { SET_94, SET_96, SET_94X94 };

struct charset {
    int kind;
    long base;
};

struct rule {
    int stage;
    long first, last, shift;
};

static int decode_mode = MODE_ISO2022;
static struct charset sets[4] = {
    { SET_94, 0 }, { SET_96, 0 }, { SET_94, 0 }, { SET_94, 0 }
};
static int left_set = 0, right_set = 1;
static int hz_double = 0;

static struct rule *rules;
static int rule_count, stage_count;

static char *arg_text;
static size_t arg_pos, arg_len;

void input_from_args(char **words, int count)
{
    size_t size = 1;
    int i;

    for (i = 0; i < count; i++)
        size += strlen(words[i]) + 1;
    arg_text = grow(NULL, size);
    arg_len = arg_pos = 0;
    for (i = 0; i < count; i++) {
        size_t n = strlen(words[i]);
        memcpy(arg_text + arg_len, words[i], n);
        arg_len += n;
        if (i + 1 < count)
            arg_text[arg_len++] = n > 0 ? ' ' : '\n';
    }
}

void input_from_stdin(void)
{
    arg_text = NULL;
}

static int get(void)
{
    if (arg_text != NULL)
        return arg_pos < arg_len ? (unsigned char)arg_text[arg_pos++] : EOF;
    return getchar();
}

static long two_bytes(int high)
{
    int low = get();
    return high * 256L + low;
}

static long read_utf8(void)
{
    int c = get(), more;
    long value;

    if (c == EOF || c < 0x80)
        return c;
    if (c < 0xc0 || c > 0xfd)
        return 128;
    for (more = 1; c & (0x40 >> more); more++)
        ;
    value = c & (0x3f >> more);
    while (more-- > 0)
        value = value << 6 | (get() & 0x3f);
    return value;
}

static long read_hz(void)
{
    for (;;) {
        int c = get();
        if (c == EOF)
            return EOF;
        if (hz_double)
            return two_bytes(c);
        if (c == '~') {
            c = get();
            if (c == '{')
                hz_double = 1;
            else if (c == '~')
                return '~';
            else if (c == EOF)
                return EOF;
            continue;
        }
        return c;
    }
}

static void designate(int slot, int kind, int letter)
{
    long plain = kind == SET_94 ? 'B' : kind == SET_96 ? 'A' : -1;

    sets[slot].kind = kind;
    sets[slot].base = letter == plain ? 0 : (long)letter << 16;
}

static long in_set(int slot, int c)
{
    struct charset *s = &sets[slot];
    int low;

    if (s->kind == SET_94)
        return s->base + (c & 0x7f);
    if (s->kind == SET_96)
        return s->base + (c | 0x80);
    low = get();
    return low == EOF ? EOF : s->base + c * 256L + low;
}

static long one_char_from(int slot)
{
    int c = get();
    return c == EOF ? EOF : in_set(slot, c);
}

/* Handles what follows ESC; returns 1 and a character in *out when one results. */
static int escape_sequence(long *out)
{
    int c = get();

    switch (c) {
    case '(': designate(0, SET_94, get()); return 0;
    case ')': designate(1, SET_94, get()); return 0;
    case '*': designate(2, SET_94, get()); return 0;
    case '+': designate(3, SET_94, get()); return 0;
    case '-': designate(1, SET_96, get()); return 0;
    case '.': designate(2, SET_96, get()); return 0;
    case '/': designate(3, SET_96, get()); return 0;
    case '$':
        c = get();
        if (c >= '(' && c <= '+')
            designate(c - '(', SET_94X94, get());
        else
            designate(0, SET_94X94, c);
        return 0;
    case 'n': left_set = 2; return 0;
    case 'o': left_set = 3; return 0;
    case '~': right_set = 1; return 0;
    case '}': right_set = 2; return 0;
    case '|': right_set = 3; return 0;
    case 'N': *out = one_char_from(2); return 1;
    case 'O': *out = one_char_from(3); return 1;
    }
    *out = 256 + c;
    return 1;
}

static long read_iso2022(void)
{
    for (;;) {
        long result;
        int c = get();

        if (c == EOF)
            return EOF;
        if (c == 27) {
            if (escape_sequence(&result))
                return result;
        } else if (c == 15) {
            left_set = 0;
        } else if (c == 14) {
            left_set = 1;
        } else if (c == 142 || c == 143) {
            return one_char_from(c - 140);
        } else if (c >= 33 && c <= 126) {
            return in_set(left_set, c);
        } else if (c >= 160) {
            return in_set(right_set, c);
        } else {
            return c;
        }
    }
}

long input_char(void)
{
    int c;

    switch (decode_mode) {
    case MODE_UTF8:
        return read_utf8();
    case MODE_HZ:
        return read_hz();
    case MODE_SJIS:
        c = get();
        if ((c >= 128 && c <= 159) || (c >= 224 && c <= 239))
            return two_bytes(c);
        return c;
    }
    return read_iso2022();
}

static void add_rule(int stage, long first, long last, long to)
{
    rules = grow(rules, (rule_count + 1) * sizeof *rules);
    rules[rule_count].stage = stage;
    rules[rule_count].first = first;
    rules[rule_count].last = last;
    rules[rule_count].shift = to - first;
    rule_count++;
}

long map_char(long c)
{
    int i, done = -1;

    for (i = 0; i < rule_count; i++) {
        struct rule *r = &rules[i];
        if (r->stage != done && c >= r->first && c <= r->last) {
            c += r->shift;
            done = r->stage;
        }
    }
    return c;
}

static int skip_space(FILE *f)
{
    int c;

    do
        c = getc(f);
    while (c != EOF && isspace(c));
    ungetc(c, f);
    return c;
}

static void skip_line(FILE *f)
{
    int c;

    do
        c = getc(f);
    while (c != EOF && c != '\n' && c != '\r');
}

static long read_number(FILE *f)
{
    unsigned long value = 0;
    int base = 10, negative = 0, c = getc(f);

    if (c == '-') {
        negative = 1;
        c = getc(f);
    }
    if (c == '0') {
        base = 8;
        c = getc(f);
        if (c == 'x' || c == 'X') {
            base = 16;
            c = getc(f);
        }
    }
    for (; c != EOF && isxdigit(c); c = getc(f)) {
        int digit = isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
        if (digit >= base)
            break;
        value = value * base + digit;
    }
    ungetc(c, f);
    return negative ? -(long)value : (long)value;
}

static long read_coded_char(FILE *f)
{
    int c = getc(f);

    if (c != '\\')
        return c;
    c = getc(f);
    if (c == '-' || (c != EOF && isdigit(c))) {
        ungetc(c, f);
        return read_number(f);
    }
    switch (c) {
    case 'a': return 7;
    case 'b': return 8;
    case 'e': return 27;
    case 'f': return 12;
    case 'n': return 10;
    case 'r': return 13;
    case 't': return 9;
    case 'v': return 11;
    case 'x': ungetc(c, f); return 0;
    }
    return c;
}

static void read_range(FILE *f, long *first, long *last)
{
    int c;

    skip_space(f);
    *first = *last = read_coded_char(f);
    c = getc(f);
    if (c == '-')
        *last = read_coded_char(f);
    else
        ungetc(c, f);
}

static void charset_command(FILE *f)
{
    char text[64];
    char which, letter = 0;
    char kind[8];
    int slot, n;

    if (fgets(text, sizeof text, f) == NULL)
        return;
    if (strchr(text, '\n') != NULL)
        ungetc('\n', f);
    n = sscanf(text, " %c %7s %c", &which, kind, &letter);
    if (n < 2)
        return;
    if (which == 'L' || which == 'R') {
        slot = kind[0] - '0';
        if (slot < 0 || slot > 3)
            return;
        if (which == 'L')
            left_set = slot;
        else
            right_set = slot;
        return;
    }
    slot = which - '0';
    if (slot < 0 || slot > 3)
        return;
    if (strcmp(kind, "94") == 0)
        designate(slot, SET_94, letter);
    else if (strcmp(kind, "96") == 0)
        designate(slot, SET_96, letter);
    else if (strcmp(kind, "94x94") == 0)
        designate(slot, SET_94X94, letter);
}

void load_control_file(const char *name)
{
    FILE *f = open_library_file(name, ".flc");
    long from, from_last, to, to_last;
    int c;

    if (f == NULL)
        fail(name, "Unable to open control file");
    stage_count++;
    while ((c = getc(f)) != EOF) {
        switch (c) {
        case 't':
            read_range(f, &from, &from_last);
            read_range(f, &to, &to_last);
            add_rule(stage_count, from, from_last, to);
            skip_line(f);
            break;
        case '-':
        case '0': case '1': case '2': case '3': case '4':
        case '5': case '6': case '7': case '8': case '9':
            ungetc(c, f);
            from = read_number(f);
            skip_space(f);
            to = read_number(f);
            add_rule(stage_count, from, from, to);
            skip_line(f);
            break;
        case 'f': stage_count++; skip_line(f); break;
        case 'b': decode_mode = MODE_SJIS; skip_line(f); break;
        case 'u': decode_mode = MODE_UTF8; skip_line(f); break;
        case 'h': decode_mode = MODE_HZ; skip_line(f); break;
        case 'j': decode_mode = MODE_SJIS; skip_line(f); break;
        case 'g':
            decode_mode = MODE_ISO2022;
            charset_command(f);
            skip_line(f);
            break;
        case '\n':
        case '\r':
            break;
        default:
            skip_line(f);
        }
    }
    fclose(f);
}
