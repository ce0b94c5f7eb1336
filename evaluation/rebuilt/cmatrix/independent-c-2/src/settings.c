#define _GNU_SOURCE
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

static const char help_text[] =
    " Usage: cmatrix -[abBcfhlsmVxk] [-u delay] [-C color] [-t tty] [-M message]\n"
    " -a: Asynchronous scroll\n"
    " -b: Bold characters on\n"
    " -B: All bold characters (overrides -b)\n"
    " -c: Use Japanese characters as seen in the original matrix. Requires appropriate fonts\n"
    " -f: Force the linux $TERM type to be on\n"
    " -l: Linux mode (uses matrix console font)\n"
    " -L: Lock mode (can be closed from another terminal)\n"
    " -o: Use old-style scrolling\n"
    " -h: Print usage and exit\n"
    " -n: No bold characters (overrides -b and -B, default)\n"
    " -s: \"Screensaver\" mode, exits on first keystroke\n"
    " -x: X window mode, use if your xterm is using mtx.pcf\n"
    " -V: Print version information and exit\n"
    " -M [message]: Prints your message in the center of the screen. Overrides -L's default message.\n"
    " -u delay (0 - 10, default 4): Screen update delay\n"
    " -C [color]: Use this color for matrix (default green)\n"
    " -r: rainbow mode\n"
    " -m: lambda mode\n"
    " -k: Characters change while scrolling. (Works without -o opt.)\n"
    " -t [tty]: Set tty to use\n";

static void show_version(void)
{
    puts(" CMatrix version 2.0 (compiled " __TIME__ ", " __DATE__ ")\n"
         "Email: someone@example.org\n"
         "Web: https://github.com/abishekvashok/cmatrix");
}

static bool parse_hue(const char *word, enum hue *hue)
{
    static const char *const words[] = {
        [HUE_BLACK] = "black", [HUE_RED] = "red", [HUE_GREEN] = "green",
        [HUE_YELLOW] = "yellow", [HUE_BLUE] = "blue",
        [HUE_MAGENTA] = "magenta", [HUE_CYAN] = "cyan", [HUE_WHITE] = "white",
    };
    for (*hue = HUE_BLACK; *hue <= HUE_WHITE; ++*hue)
        if (strcasecmp(word, words[*hue]) == 0)
            return true;
    fputs(" Invalid color selection\n"
          " Valid colors are green, red, blue, white, yellow, cyan, magenta"
          " and black.\n", stderr);
    return false;
}

/* Takes in one option; false when the program is to end here. */
static bool apply_option(struct settings *s, int letter)
{
    switch (letter) {
    case 'a': s->uneven_speed = true; break;
    case 'f': s->pretend_linux = true; break;
    case 'k': s->restless = true; break;
    case 'l': s->console_font = true; break;
    case 'L': s->locked = true; break;
    case 'm': s->lambda = true; break;
    case 'o': s->whole_column = true; break;
    case 'r': s->rainbow = true; break;
    case 's': s->leave_on_key = true; break;
    case 'c': s->alphabet = ALPHABET_KATAKANA; break;
    case 'x': s->alphabet = ALPHABET_XFONT; break;
    case 'n': s->weight = WEIGHT_PLAIN; break;
    case 'B': s->weight = WEIGHT_HEAVY; break;
    case 'b': if (s->weight == WEIGHT_PLAIN) s->weight = WEIGHT_MIXED; break;
    case 'C': return parse_hue(optarg, &s->hue);
    case 'M': s->message = optarg; break;
    case 't': s->tty_path = optarg; break;
    case 'u': s->delay = atoi(optarg); break;
    case 'V': show_version(); return false;
    default: fputs(help_text, stdout); return false;
    }
    return true;
}

bool settings_from_args(struct settings *s, int argc, char **argv)
{
    int letter;
    *s = (struct settings){ .hue = HUE_GREEN, .delay = 4 };
    opterr = 0;
    while ((letter = getopt(argc, argv, "C:M:t:u:BLVabcfhklmnorsx")) != -1)
        if (!apply_option(s, letter))
            return false;
    if (s->locked && !s->message)
        s->message = "Computer locked.";
    return true;
}
