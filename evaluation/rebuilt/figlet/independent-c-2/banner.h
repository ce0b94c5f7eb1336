/* Shared types: fonts, the character pipeline, and the line composer. */
#ifndef BANNER_H
#define BANNER_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* ---- small helpers (main.c) ---- */
extern const char *tool_name;
void *grow(void *block, size_t bytes);
_Noreturn void die(const char *subject, const char *problem);
/* Open `name` (+ one of the suffixes) in the font directory, then as given. */
FILE *open_resource(const char *dir, const char *name, const char *const suffixes[]);

/* ---- fonts (font.c) ---- */

/* Layout bits, numbered as in a font's Full_Layout field. */
enum {
    RULE_EQUAL = 1, RULE_UNDERSCORE = 2, RULE_RANK = 4,
    RULE_PAIR = 8, RULE_CROSS = 16, RULE_HARDBLANK = 32,
    ALL_RULES = 63, FIT = 64, OVERLAY = 128
};

/* One row of sub-characters; each cell is a byte or, in .tlf, a code point. */
typedef struct { uint32_t *cells; int len; } Row;

/* The drawing of one character: `height` rows, width taken from the first. */
typedef struct { long code; int width; Row *rows; } Glyph;

typedef struct {
    uint32_t hardblank;
    int height;
    int layout;          /* Full_Layout restricted to the horizontal bits */
    bool right_to_left;
    bool wide_cells;     /* .tlf: cells are Unicode and printed as UTF-8 */
    Glyph *glyphs;
    int count;
} Font;

void font_load(Font *font, const char *dir, const char *name);
/* Glyph for a code, else the glyph for code 0, else NULL. */
const Glyph *font_find(const Font *font, long code);
/* Decode one UTF-8 character from a string; advances *text. */
uint32_t utf8_take(const unsigned char **text);

/* ---- input (input.c) ---- */

typedef enum { BYTES_SINGLE, BYTES_SHIFTJIS, BYTES_UTF8 } Encoding;

/* Maps lo..hi to target..; a `stage_end` entry closes a transformation stage. */
typedef struct { long lo, hi, target; bool stage_end; } Mapping;


/* Everything between raw bytes and final character codes. */
typedef struct {
    FILE *stream;                       /* used when text is NULL */
    const unsigned char *text;
    size_t text_len, text_pos;
    Encoding encoding;
    bool german, paragraphs;
    Mapping *maps;
    int map_count;
    bool has_ahead;  long ahead;        /* one decoded character of lookahead */
    long previous;
} Input;

enum { INPUT_END = -0x7fffffffL, UNKNOWN_CODE = 0x7ffffff0L };

void input_init(Input *in);
void input_add_control(Input *in, const char *dir, const char *name);
/* Next character after decoding, mapping and paragraph joining. */
long input_next(Input *in);

/* ---- layout (layout.c) ---- */

typedef enum { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT } Align;

/* The output line being composed. */
typedef struct {
    const Font *font;
    int layout;          /* 0 = full width, FIT, or OVERLAY | rules */
    bool right_to_left;
    Align align;
    int columns;
    Row *rows;
    int width;           /* length of the first row */
    int last_width;      /* width of the glyph added last */
    long *codes;         /* characters on the line, kept for word wrap */
    int code_count;
    bool after_wrap;     /* a wrap just happened: swallow blanks, one newline */
} Line;

void line_init(Line *line, const Font *font);
void line_add(Line *line, long code);
void line_break(Line *line);
#endif
