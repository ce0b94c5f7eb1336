#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>

enum hue { HUE_BLACK, HUE_RED, HUE_GREEN, HUE_YELLOW,
           HUE_BLUE, HUE_MAGENTA, HUE_CYAN, HUE_WHITE };
enum weight { WEIGHT_PLAIN, WEIGHT_MIXED, WEIGHT_HEAVY };
enum alphabet { ALPHABET_ASCII, ALPHABET_KATAKANA, ALPHABET_XFONT };

/* Everything the user can choose, at start or by a key while running. */
struct settings {
    bool uneven_speed, whole_column, restless;      /* -a, -o, -k */
    bool rainbow, lambda;                           /* -r, -m */
    bool leave_on_key, locked;                      /* -s, -L */
    bool console_font, pretend_linux;               /* -l, -f */
    enum weight weight;
    enum alphabet alphabet;
    enum hue hue;
    int delay;                                      /* hundredths of a second */
    const char *message, *tty_path;
};

/* False when the command line leaves nothing more to do. */
bool settings_from_args(struct settings *s, int argc, char **argv);

#endif
