#define _DEFAULT_SOURCE
#include "drawing.h"
#include "settings.h"
#include "terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static FILE *out;
static volatile sig_atomic_t wants_out, must_end, size_changed;

static void on_signal(int number)
{
    if (number == SIGWINCH)
        size_changed = 1;
    else if (number == SIGTERM)
        must_end = 1;
    else
        wants_out = 1;
}

static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);
    sigaction(SIGTSTP, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGWINCH, &action, NULL);
}

/* Loads the font for -l; the caller learns whether a tool for it worked. */
static bool load_console_font(void)
{
    return system("setfont matrix >/dev/null 2>&1") == 0
        || system("consolechars -f matrix >/dev/null 2>&1") == 0;
}

static void rebuild_for_size(int *rows, int *cols)
{
    size_changed = 0;
    terminal_measure(rows, cols);
    canvas_resize(*rows, *cols);
    rain_resize(*rows, *cols);
}

/* Returns false when the key ends the program. */
static bool obey_key(struct settings *s, int key)
{
    static const char hue_keys[] = ")!@#$%^&";      /* in the order of enum hue */
    const char *hue_key = key ? strchr(hue_keys, key) : NULL;
    if (s->leave_on_key)
        return false;
    if (key >= '0' && key <= '9')
        s->delay = key - '0';
    switch (key) {
    case 'q': return s->locked;
    case 'a': s->uneven_speed = !s->uneven_speed; break;
    case 'b': s->weight = WEIGHT_MIXED; break;
    case 'B': s->weight = WEIGHT_HEAVY; break;
    case 'n': s->weight = WEIGHT_PLAIN; break;
    case 'r': s->rainbow = !s->rainbow; break;
    default: if (hue_key) s->hue = (enum hue)(hue_key - hue_keys);
    }
    return true;
}

static void animate(struct settings *s)
{
    int rows, cols;
    rebuild_for_size(&rows, &cols);
    terminal_begin_colour();
    while (!must_end && !(wants_out && !s->locked)) {
        if (size_changed) {
            rebuild_for_size(&rows, &cols);
            fputs("\033[H\033[2J", out);
        }
        int key = terminal_poll_key();
        if (key >= 0 && !obey_key(s, key))
            break;
        rain_step(s);
        rain_paint(s);
        if (s->message)
            canvas_caption(rows / 2, cols / 2 - (int)strlen(s->message) / 2,
                           s->message, 2);
        canvas_show(out);
        if (s->delay > 0)
            usleep(s->delay * 10000u);
    }
}

static int run(struct settings *s)
{
    const char *type = s->pretend_linux ? "linux" : getenv("TERM");
    if (!type || !*type)
        type = "unknown";
    if (s->tty_path && !terminal_attach(s->tty_path)) {
        fprintf(stderr, "cmatrix: error: '%s' couldn't be opened: %s.\n",
                s->tty_path, strerror(errno));
        return 1;
    }
    if (!terminal_known(type)) {
        fprintf(stderr, "Error opening terminal: %s.\n", type);
        return 1;
    }
    catch_signals();
    out = terminal_enter(type);
    if (s->console_font && !load_console_font()) {
        terminal_leave(false);
        fputs(" Unable to use both \"setfont\" and \"consolechars\".\n", stderr);
        return 0;
    }
    animate(s);
    terminal_leave(must_end);
    if (s->console_font && system("setfont >/dev/null 2>&1") != 0)
        return 1;
    return must_end ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct settings chosen;
    if (!settings_from_args(&chosen, argc, argv))
        return 0;
    srand((unsigned)time(NULL) ^ (unsigned)getpid());
    return run(&chosen);
}
