/* Composing output lines: fitting, smushing, wrapping, justifying. */
#include "banner.h"
#include <stdlib.h>
#include <string.h>

void line_init(Line *line, const Font *font)
{
    memset(line, 0, sizeof *line);
    line->font = font;
    line->rows = grow(NULL, (size_t)font->height * sizeof(Row));
    memset(line->rows, 0, (size_t)font->height * sizeof(Row));
}

static void line_clear(Line *line)
{
    for (int i = 0; i < line->font->height; i++)
        line->rows[i].len = 0;
    line->width = line->last_width = line->code_count = 0;
}

/* Widest visible line; the last screen column stays free. */
static int line_limit(const Line *line) { return line->columns - 1; }

/* Position of a sub-character in the hierarchy of rule 3; 0 = not in it. */
static int rank(uint32_t cell)
{
    static const char *const classes[] = { "|", "/\\", "[]", "{}", "()", "<>" };
    for (int i = 0; cell && cell < 128 && i < 6; i++)
        if (strchr(classes[i], (int)cell))
            return i + 1;
    return 0;
}

/* Rules 4 and 5: couples of sub-characters that become a third one. */
static const struct { uint32_t left, right, result; int rule; } couples[] = {
    { '[', ']', '|', RULE_PAIR }, { ']', '[', '|', RULE_PAIR }, { '{', '}', '|', RULE_PAIR },
    { '}', '{', '|', RULE_PAIR }, { '(', ')', '|', RULE_PAIR }, { ')', '(', '|', RULE_PAIR },
    { '/', '\\', '|', RULE_CROSS }, { '\\', '/', 'Y', RULE_CROSS }, { '>', '<', 'X', RULE_CROSS },
};

/* The sub-character that replaces `left` and `right` when they fall on the
 * same cell, or 0 if the two may not be merged. */
static uint32_t merge_cells(const Line *line, int glyph_width, uint32_t left, uint32_t right)
{
    uint32_t hard = line->font->hardblank;
    int rules = line->layout & ALL_RULES;
    if (left == ' ') return right;
    if (right == ' ') return left;
    if (!(line->layout & OVERLAY) || line->last_width < 2 || glyph_width < 2)
        return 0;
    if (!rules) {
        if (left == hard) return right;
        if (right == hard) return left;
        return line->right_to_left ? left : right;
    }
    if (left == hard || right == hard)
        return (rules & RULE_HARDBLANK) && left == right ? hard : 0;
    if ((rules & RULE_EQUAL) && left == right)
        return left;
    if (rules & RULE_UNDERSCORE) {
        if (left == '_' && rank(right)) return right;
        if (right == '_' && rank(left)) return left;
    }
    if (rules & RULE_RANK) {
        int a = rank(left), b = rank(right);
        if (a && b && a != b)
            return a > b ? left : right;
    }
    for (size_t i = 0; i < sizeof couples / sizeof *couples; i++)
        if ((rules & couples[i].rule) && left == couples[i].left && right == couples[i].right)
            return couples[i].result;
    return 0;
}

/* Blank cells at the right (or left) edge of a row. */
static int edge_blanks(const Row *row, bool at_right)
{
    int n = 0;
    while (n < row->len && row->cells[at_right ? row->len - 1 - n : n] == ' ')
        n++;
    return n;
}

/* How many columns the glyph can slide into the line. */
static int overlap(const Line *line, const Glyph *glyph)
{
    int best = glyph->width;
    if (!(line->layout & (FIT | OVERLAY)))
        return 0;
    for (int i = 0; i < line->font->height; i++) {
        const Row *left = line->right_to_left ? &glyph->rows[i] : &line->rows[i];
        const Row *right = line->right_to_left ? &line->rows[i] : &glyph->rows[i];
        int l = edge_blanks(left, true), r = edge_blanks(right, false);
        int room = l + r;
        if (l < left->len && r < right->len &&
            merge_cells(line, glyph->width, left->cells[left->len - 1 - l], right->cells[r]))
            room++;
        if (room < best)
            best = room;
    }
    return best;
}

/* Join two rows with `shared` overlapping columns. Columns of the glyph that
 * would stick out beyond the line's far edge are blank and dropped. */
static void join_rows(Line *line, Row *row, const Row *add, int glyph_width, int shared)
{
    const Row *left = line->right_to_left ? add : row;
    const Row *right = line->right_to_left ? row : add;
    int start = left->len - shared;               /* where `right` begins */
    int to = start + right->len, n = 0;
    uint32_t *out = grow(NULL, (size_t)(left->len + right->len + 1) * sizeof *out);
    for (int x = 0; x < to; x++) {
        if (x >= left->len)
            out[n++] = right->cells[x - start];
        else if (x < start)
            out[n++] = left->cells[x];
        else {
            uint32_t both = merge_cells(line, glyph_width, left->cells[x], right->cells[x - start]);
            out[n++] = both ? both : right->cells[x - start];
        }
    }
    free(row->cells);
    *row = (Row){ out, n };
}

/* Place a glyph on the line if it fits. */
static bool place(Line *line, const Glyph *glyph, long code)
{
    int shared = overlap(line, glyph);
    if (line->width + glyph->width - shared > line_limit(line))
        return false;
    for (int i = 0; i < line->font->height; i++)
        join_rows(line, &line->rows[i], &glyph->rows[i], glyph->width, shared);
    line->width = line->rows[0].len;
    line->last_width = glyph->width;
    line->codes = grow(line->codes, (size_t)(line->code_count + 1) * sizeof(long));
    line->codes[line->code_count++] = code;
    return true;
}

static void put_cell(const Font *font, uint32_t c)
{
    if (c == font->hardblank)
        c = ' ';
    if (!font->wide_cells || c < 0x80)
        putchar((int)c);
    else {
        int extra = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        putchar((int)((0xff00u >> (extra + 1) & 0xff) | c >> 6 * extra));
        while (extra-- > 0)
            putchar((int)(0x80 | (c >> 6 * extra & 0x3f)));
    }
}

static void print_row(const Line *line, const uint32_t *cells, int len)
{
    int pad = 0;
    if (line->columns > 1 && line->align == ALIGN_CENTER)
        pad = (line->columns - len) / 2;
    else if (line->columns > 1 && line->align == ALIGN_RIGHT)
        pad = line_limit(line) - len;
    while (pad-- > 0)
        putchar(' ');
    for (int i = 0; i < len; i++)
        put_cell(line->font, cells[i]);
    putchar('\n');
}

void line_break(Line *line)
{
    for (int i = 0; i < line->font->height; i++)
        print_row(line, line->rows[i].cells, line->rows[i].len);
    line_clear(line);
}

/* A glyph wider than the screen: cut it to size (or, with a width of 1, show
 * all of it) on a line of its own. */
static void print_oversized(Line *line, const Glyph *glyph)
{
    for (int i = 0; i < line->font->height; i++) {
        const Row *row = &glyph->rows[i];
        int len = row->len, skip = 0;
        if (line->columns > 1 && len > line_limit(line)) {
            skip = line->right_to_left ? len - line_limit(line) : 0;
            len = line_limit(line);
        }
        print_row(line, row->cells + skip, len);
    }
    line_clear(line);
}

/* Rebuild the line from the first `count` of the given characters. */
static void rebuild(Line *line, const long *codes, int count)
{
    line_clear(line);
    for (int i = 0; i < count; i++)
        place(line, font_find(line->font, codes[i]), codes[i]);
}

/* Print the first `end` characters of a full line; those from `rest` on
 * stay on the line. */
static void split(Line *line, int end, int rest)
{
    int count = line->code_count;
    long *saved = line->codes;
    line->codes = NULL;
    rebuild(line, saved, end);
    line_break(line);
    rebuild(line, saved + rest, count - rest);
    free(saved);
}

/* Make room for `code`, which ran over the edge: break at the last run of
 * blanks, or, if there is none, print the line as it is. */
static void wrap(Line *line, long code)
{
    int rest = line->code_count;
    while (rest > 0 && code != ' ' && line->codes[rest - 1] != ' ')
        rest--;
    int end = rest;
    while (end > 0 && line->codes[end - 1] == ' ')
        end--;
    if (end == 0)
        line_break(line);
    else
        split(line, end, rest);
}

void line_add(Line *line, long code)
{
    if (code == '\t')
        code = ' ';
    else if (code >= 9 && code <= 13)
        code = '\n';
    else if ((code > 0 && code < ' ') || code == 127)
        return;
    if (line->after_wrap && code == ' ')
        return;
    bool swallow = line->after_wrap;
    line->after_wrap = false;
    if (code == '\n') {
        if (!swallow)
            line_break(line);
        return;
    }
    const Glyph *glyph = font_find(line->font, code);
    if (!glyph) {
        line->last_width = 0;    /* nothing drawn, but neighbours do not merge */
        return;
    }
    while (!place(line, glyph, code)) {
        if (line->code_count == 0) {
            print_oversized(line, glyph);
            line->after_wrap = true;
            return;
        }
        wrap(line, code);
        if (code == ' ') {
            line->after_wrap = true;
            return;
        }
    }
}
