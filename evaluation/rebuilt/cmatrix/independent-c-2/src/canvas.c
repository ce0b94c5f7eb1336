#include "drawing.h"

#include <stdlib.h>
#include <string.h>

static struct mark *wanted, *visible;
static int height, width;

static const struct mark nothing = { ' ', -1, false };

void canvas_resize(int rows, int cols)
{
    height = rows;
    width = cols;
    wanted = realloc(wanted, rows * cols * sizeof *wanted);
    visible = realloc(visible, rows * cols * sizeof *visible);
    if (!wanted || !visible)
        abort();
    for (int i = 0; i < rows * cols; i++)
        wanted[i] = visible[i] = nothing;
}

void canvas_set(int row, int col, struct mark mark)
{
    if (row >= 0 && row < height && col >= 0 && col < width)
        wanted[row * width + col] = mark;
}

void canvas_caption(int row, int col, const char *text, int margin)
{
    int length = (int)strlen(text);
    for (int r = row - 1; r <= row + 1; r++)
        for (int c = col - margin; c < col + length + margin; c++)
            canvas_set(r, c, nothing);
    for (int i = 0; i < length; i++)
        canvas_set(row, col + i, (struct mark){ (unsigned char)text[i], -1, false });
}

static bool alike(struct mark a, struct mark b)
{
    return a.glyph == b.glyph
        && (a.glyph == ' ' || (a.ink == b.ink && a.bold == b.bold));
}

static void put_glyph(FILE *out, uint32_t g)
{
    if (g < 0x80)
        fputc((int)g, out);
    else if (g < 0x800)
        fprintf(out, "%c%c", 0xC0 | g >> 6, 0x80 | (g & 0x3F));
    else
        fprintf(out, "%c%c%c", 0xE0 | g >> 12, 0x80 | (g >> 6 & 0x3F),
                0x80 | (g & 0x3F));
}

static void put_style(FILE *out, struct mark m)
{
    fputs(m.bold ? "\033[0;1m" : "\033[0m", out);
    if (m.ink >= 0)
        fprintf(out, "\033[3%dm", m.ink);
}

void canvas_show(FILE *out)
{
    struct mark pen = nothing;
    for (int i = 0; i < height * width; i++) {
        struct mark m = wanted[i];
        if (alike(m, visible[i]))
            continue;
        fprintf(out, "\033[%d;%dH", i / width + 1, i % width + 1);
        if (m.ink != pen.ink || m.bold != pen.bold)
            put_style(out, m);
        put_glyph(out, m.glyph);
        visible[i] = pen = m;
    }
    if (pen.ink >= 0 || pen.bold)
        fputs("\033[m", out);
    fflush(out);
}
