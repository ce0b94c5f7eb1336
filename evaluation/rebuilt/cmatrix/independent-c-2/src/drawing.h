#ifndef DRAWING_H
#define DRAWING_H

#include "settings.h"
#include <stdint.h>
#include <stdio.h>

/* One character position as it should look. ink < 0 is the default colour. */
struct mark {
    uint32_t glyph;
    signed char ink;
    bool bold;
};

void canvas_resize(int rows, int cols);
void canvas_set(int row, int col, struct mark mark);
void canvas_caption(int row, int col, const char *text, int margin);
void canvas_show(FILE *out);     /* sends only what changed since the last call */

/* The falling characters, which paint themselves onto the canvas. */
void rain_resize(int rows, int cols);
void rain_step(const struct settings *s);
void rain_paint(const struct settings *s);

#endif
