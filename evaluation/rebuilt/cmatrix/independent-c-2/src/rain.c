/* The falling characters. Every second screen column is a lane. */
#include "drawing.h"

#include <stdlib.h>

enum { MAX_DROPS = 4, LAMBDA = 0x3BB };

/* A place in a lane; glyph 0 means empty. */
struct spot {
    uint32_t glyph;
    signed char tint;       /* colour in rainbow mode */
    bool tip, heavy;
};

/* A run of characters travelling down; idle when length is 0. */
struct drop { int front, length; };

struct lane {
    struct spot *spots;
    struct drop drops[MAX_DROPS];
    int pause;              /* steps until something new enters at the top */
    int run;                /* whole-column style: characters still to enter */
    int slowness;           /* 1 moves on every tick, 3 on every third */
};

static struct lane *lanes;
static int lane_count, depth;
static unsigned tick;

static int between(int low, int high)
{
    return low + rand() % (high - low + 1);
}

static uint32_t pick_glyph(enum alphabet alphabet)
{
    static const int first[] = { '!', 0xFF66, 0xA6 }, last[] = { '~', 0xFF9D, 0xD8 };
    return (uint32_t)between(first[alphabet], last[alphabet]);
}

static struct spot fresh_spot(const struct settings *s, bool tip)
{
    static const signed char tints[] = { HUE_GREEN, HUE_BLUE, HUE_BLACK,
                                         HUE_YELLOW, HUE_CYAN, HUE_MAGENTA };
    return (struct spot){ pick_glyph(s->alphabet), tints[rand() % 6],
                          tip, rand() % 2 };
}

void rain_resize(int rows, int cols)
{
    for (int i = 0; i < lane_count; i++)
        free(lanes[i].spots);
    depth = rows;
    lane_count = (cols + 1) / 2;
    lanes = realloc(lanes, lane_count * sizeof *lanes);
    for (int i = 0; lanes && i < lane_count; i++)
        lanes[i] = (struct lane){ .spots = calloc(rows, sizeof(struct spot)),
                                  .pause = between(1, rows + 1),
                                  .slowness = between(1, 3) };
}

static int run_length(void)
{
    return between(3, depth > 4 ? depth - 1 : 4);
}

/* --- drops that pass over characters standing still --- */

static void launch_drop(struct lane *lane)
{
    for (int i = 0; i < MAX_DROPS; i++)
        if (lane->drops[i].length == 0) {
            lane->drops[i] = (struct drop){ -1, run_length() };
            lane->pause = lane->drops[i].length + between(1, depth / 2 + 2);
            return;
        }
}

static void move_drop(struct lane *lane, struct drop *drop,
                      const struct settings *s)
{
    int tail = ++drop->front - drop->length;
    if (drop->front > 0 && drop->front <= depth)
        lane->spots[drop->front - 1].tip = false;
    if (drop->front < depth)
        lane->spots[drop->front] = fresh_spot(s, true);
    if (tail >= 0 && tail < depth)
        lane->spots[tail].glyph = 0;
    if (tail >= depth)
        drop->length = 0;
}

static void step_drops(struct lane *lane, const struct settings *s)
{
    if (--lane->pause <= 0)
        launch_drop(lane);
    for (int i = 0; i < MAX_DROPS; i++)
        if (lane->drops[i].length > 0)
            move_drop(lane, &lane->drops[i], s);
    for (int r = 0; s->restless && r < depth; r++)
        if (lane->spots[r].glyph && !lane->spots[r].tip && rand() % 8 == 0)
            lane->spots[r].glyph = pick_glyph(s->alphabet);
}

/* --- the whole lane sliding down --- */

static void slide(struct lane *lane, const struct settings *s)
{
    for (int r = depth - 1; r > 0; r--)
        lane->spots[r] = lane->spots[r - 1];
    lane->spots[0] = (struct spot){ 0 };
    if (lane->run > 0) {
        lane->spots[0] = fresh_spot(s, false);
        lane->run--;
    } else if (--lane->pause <= 0) {
        lane->spots[0] = fresh_spot(s, rand() % 3 == 0);
        lane->run = run_length() - 1;
        lane->pause = between(1, depth / 2 + 2);
    }
}

void rain_step(const struct settings *s)
{
    tick++;
    for (int i = 0; i < lane_count; i++) {
        if (s->uneven_speed && tick % lanes[i].slowness != 0)
            continue;
        if (s->whole_column)
            slide(&lanes[i], s);
        else
            step_drops(&lanes[i], s);
    }
}

/* --- appearance --- */

static struct mark look(struct spot spot, const struct settings *s)
{
    int hue = s->rainbow ? spot.tint : spot.tip ? (int)HUE_WHITE : (int)s->hue;
    if (!spot.glyph)
        return (struct mark){ ' ', -1, false };
    return (struct mark){
        .glyph = s->lambda && !spot.tip ? LAMBDA : spot.glyph,
        .ink = hue == HUE_BLACK ? -1 : (signed char)hue,
        .bold = s->weight == WEIGHT_HEAVY
             || (s->weight == WEIGHT_MIXED && (spot.heavy || spot.tip)),
    };
}

void rain_paint(const struct settings *s)
{
    for (int i = 0; i < lane_count; i++)
        for (int r = 0; r < depth; r++)
            canvas_set(r, 2 * i, look(lanes[i].spots[r], s));
}
