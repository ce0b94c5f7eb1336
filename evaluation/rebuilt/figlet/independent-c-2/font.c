/* Reading .flf and .tlf font files. */
#include "banner.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* Read a line and drop trailing white space; false at end of file. */
static bool read_trimmed(FILE *file, char **buffer, size_t *room, size_t *len)
{
    ssize_t got = getline(buffer, room, file);
    if (got < 0)
        return false;
    while (got > 0 && isspace((unsigned char)(*buffer)[got - 1]))
        got--;
    (*buffer)[got] = '\0';
    *len = (size_t)got;
    return true;
}

uint32_t utf8_take(const unsigned char **text)
{
    const unsigned char *p = *text;
    int extra = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0;
    uint32_t code = extra ? *p & (0x3fu >> extra) : *p;
    p++;
    for (; extra > 0 && (*p & 0xc0) == 0x80; extra--)
        code = code << 6 | (*p++ & 0x3f);
    *text = p;
    return code;
}

/* Turn one line of a font file into a row, dropping its end marks. */
static Row parse_row(const Font *font, const char *line, size_t len)
{
    Row row = { grow(NULL, (len + 1) * sizeof *row.cells), 0 };
    const unsigned char *p = (const unsigned char *)line;
    const unsigned char *end = p + len;
    while (p < end)
        row.cells[row.len++] = font->wide_cells ? utf8_take(&p) : *p++;
    if (row.len > 0) {
        uint32_t mark = row.cells[row.len - 1];
        while (row.len > 0 && row.cells[row.len - 1] == mark)
            row.len--;
    }
    return row;
}

/* Read the rows of one glyph and append it to the font. False at file end. */
static bool parse_glyph(Font *font, FILE *file, long code)
{
    static char *buffer;
    static size_t room;
    Glyph glyph = { code, 0, grow(NULL, (size_t)font->height * sizeof(Row)) };
    for (int i = 0; i < font->height; i++) {
        size_t len = 0;
        if (!read_trimmed(file, &buffer, &room, &len)) {
            if (i == 0) {
                free(glyph.rows);
                return false;
            }
            len = 0;
        }
        glyph.rows[i] = parse_row(font, buffer, len);
    }
    glyph.width = glyph.rows[0].len;
    font->glyphs = grow(font->glyphs, (size_t)(font->count + 1) * sizeof(Glyph));
    font->glyphs[font->count++] = glyph;
    return true;
}

/* Interpret the header line; false if it is not a font header. */
static bool parse_header(Font *font, const char *line, int *comments)
{
    if ((strncmp(line, "flf2", 4) != 0 && strncmp(line, "tlf2", 4) != 0) || strlen(line) < 6)
        return false;
    font->wide_cells = line[0] == 't';
    const unsigned char *p = (const unsigned char *)line + 5;
    font->hardblank = font->wide_cells ? utf8_take(&p) : *p++;
    int old_layout, direction = 0, full_layout = 0;
    int fields = sscanf((const char *)p, "%d %*d %*d %d %d %d %d", &font->height,
                        &old_layout, comments, &direction, &full_layout);
    if (fields < 3 || font->height < 1)
        return false;
    font->right_to_left = direction == 1;
    if (fields >= 5)
        font->layout = full_layout & (ALL_RULES | FIT | OVERLAY);
    else if (old_layout < 0)
        font->layout = 0;
    else if (old_layout == 0)
        font->layout = FIT;
    else   /* fonts this old know nothing of the hardblank rule */
        font->layout = (old_layout & (ALL_RULES & ~RULE_HARDBLANK)) | OVERLAY;
    return true;
}

void font_load(Font *font, const char *dir, const char *name)
{
    static const char *const suffixes[] = { ".flf", ".tlf", NULL };
    static const long german[] = { 196, 214, 220, 228, 246, 252, 223 };
    FILE *file = open_resource(dir, name, suffixes);
    char *buffer = NULL, *end;
    size_t room = 0, len;
    int comments = 0;
    memset(font, 0, sizeof *font);
    if (!file)
        die(name, "Unable to open font file");
    if (!read_trimmed(file, &buffer, &room, &len) || !parse_header(font, buffer, &comments))
        die(name, "Not a FIGlet 2 font file");
    while (comments-- > 0 && read_trimmed(file, &buffer, &room, &len))
        ;
    bool more = true;
    for (long code = ' '; more && code <= '~'; code++)
        more = parse_glyph(font, file, code);
    for (int i = 0; more && i < 7; i++)
        more = parse_glyph(font, file, german[i]);
    while (more && read_trimmed(file, &buffer, &room, &len)) {
        long code = strtol(buffer, &end, 0);
        if (end != buffer)
            more = parse_glyph(font, file, code);
    }
    free(buffer);
    fclose(file);
}

const Glyph *font_find(const Font *font, long code)
{
    const Glyph *fallback = NULL;
    for (int i = font->count - 1; i >= 0; i--) {   /* the last definition wins */
        if (font->glyphs[i].code == code)
            return &font->glyphs[i];
        if (font->glyphs[i].code == 0 && !fallback)
            fallback = &font->glyphs[i];
    }
    return fallback;
}
