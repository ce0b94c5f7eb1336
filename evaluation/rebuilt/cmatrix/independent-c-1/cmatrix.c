/* cmatrix: falling text in the terminal, written against POSIX only. */
#define _DEFAULT_SOURCE
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };
enum { BOLD_NONE, BOLD_SOME, BOLD_ALL };
#define DEFAULT_COLOR -1
#define MAX_DROPS 8

struct cell {
    int ch;
    int color;
    int bold;
};

struct drop {
    int head;
    int length;
};

struct column {
    int *glyph;                 /* 0 means empty */
    char *lead;                 /* cell is the bright front of a drop */
    struct drop drops[MAX_DROPS];
    int ndrops;
    int gap;                    /* steps before the next drop starts */
    int run;                    /* old style: cells left in the current run */
    int speed;
};

static int async, bold = BOLD_NONE, katakana, force_linux, linux_font, locked;
static int oldstyle, screensaver, xfont, rainbow, lambda, changing, paused;
static int delay = 4, color = GREEN;
static const char *message = "", *tty_name;

static int in_fd = 0, rows, cols, ncolumns, raw_mode;
static FILE *out;
static struct termios saved_tty;
static struct cell *shown, *wanted;
static struct column *columns;
static volatile sig_atomic_t got_quit, got_term, got_resize;

static void usage(void)
{
    fputs(" Usage: cmatrix -[abBcfhlsmVxk] [-u delay] [-C color] [-t tty] [-M message]\n"
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
          " -t [tty]: Set tty to use\n", stdout);
}

static void version(void)
{
    printf(" CMatrix version 2.0 (compiled %s, %s)\n", __TIME__, __DATE__);
    puts("Email: someone@example.org");
    puts("Web: https://github.com/abishekvashok/cmatrix");
}

static int parse_color(const char *name)
{
    static const char *names[] = { "black", "red", "green", "yellow", "blue",
                                   "magenta", "cyan", "white" };
    for (int i = 0; i < 8; i++)
        if (strcasecmp(name, names[i]) == 0)
            return i;
    fprintf(stderr, " Invalid color selection\n Valid colors are green, red, "
            "blue, white, yellow, cyan, magenta and black.\n");
    exit(0);
}

static int between(int low, int high)
{
    return high <= low ? low : low + rand() % (high - low + 1);
}

/* ---- terminal ---- */

static int terminfo_has(const char *dir, const char *term)
{
    char path[1024];
    if (!dir || !*dir)
        return 0;
    snprintf(path, sizeof path, "%s/%c/%s", dir, term[0], term);
    if (access(path, R_OK) == 0)
        return 1;
    snprintf(path, sizeof path, "%s/%x/%s", dir, (unsigned char)term[0], term);
    return access(path, R_OK) == 0;
}

static void check_terminal(void)
{
    static const char *dirs[] = { "/etc/terminfo", "/lib/terminfo",
                                  "/usr/share/terminfo", "/usr/lib/terminfo" };
    const char *term = getenv("TERM"), *home = getenv("HOME");
    char user[1024] = "";

    if (!term || !*term)
        term = "unknown";
    if (home)
        snprintf(user, sizeof user, "%s/.terminfo", home);
    if (terminfo_has(getenv("TERMINFO"), term) || terminfo_has(user, term))
        return;
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        if (terminfo_has(dirs[i], term))
            return;
    if (!tty_name)
        fprintf(stderr, "Error opening terminal: %s.\n", term);
    exit(1);
}

static void read_size(void)
{
    struct winsize ws;
    const char *s;

    rows = 24;
    cols = 80;
    if (ioctl(fileno(out), TIOCGWINSZ, &ws) == 0 && ws.ws_row && ws.ws_col) {
        rows = ws.ws_row;
        cols = ws.ws_col;
    }
    if ((s = getenv("LINES")) && atoi(s) > 0)
        rows = atoi(s);
    if ((s = getenv("COLUMNS")) && atoi(s) > 0)
        cols = atoi(s);
}

static void open_screen(void)
{
    struct termios t;

    if (tcgetattr(in_fd, &saved_tty) == 0) {
        t = saved_tty;
        t.c_lflag &= ~(ICANON | ECHO);
        t.c_cc[VMIN] = 0;
        t.c_cc[VTIME] = 0;
        tcsetattr(in_fd, TCSANOW, &t);
        raw_mode = 1;
    }
    fcntl(in_fd, F_SETFL, fcntl(in_fd, F_GETFL) | O_NONBLOCK);
    fputs("\033[?1049h\033(B\033[m\033[?7h\033[?25l\033[H\033[2J", out);
}

static void close_screen(int clear)
{
    fprintf(out, "\033[m\033[?25h%s\033[%d;1H\033[?1049l\r",
            clear ? "\033[H\033[2J" : "", rows);
    fflush(out);
    fcntl(in_fd, F_SETFL, fcntl(in_fd, F_GETFL) & ~O_NONBLOCK);
    if (raw_mode)
        tcsetattr(in_fd, TCSANOW, &saved_tty);
}

static void set_font(void)
{
    if (system("setfont matrix >/dev/null 2>&1") != 0
        && system("consolechars -f matrix >/dev/null 2>&1") != 0) {
        close_screen(1);
        fprintf(stderr, " Unable to use both \"setfont\" and \"consolechars\".\n");
        exit(0);
    }
}

static void finish(int code)
{
    close_screen(1);
    if (linux_font && system("setfont >/dev/null 2>&1") != 0)
        code = code ? code : 0;
    exit(code);
}

static void put_utf8(int c)
{
    if (c < 0x80) {
        putc(c, out);
    } else if (c < 0x800) {
        putc(0xC0 | c >> 6, out);
        putc(0x80 | (c & 0x3F), out);
    } else {
        putc(0xE0 | c >> 12, out);
        putc(0x80 | (c >> 6 & 0x3F), out);
        putc(0x80 | (c & 0x3F), out);
    }
}

static void refresh_screen(void)
{
    int color_now = -2, bold_now = -1;

    for (int y = 0; y < rows; y++) {
        int cursor = -1;
        for (int x = 0; x < cols; x++) {
            struct cell *w = &wanted[y * cols + x], *s = &shown[y * cols + x];
            if (w->ch == s->ch && w->color == s->color && w->bold == s->bold)
                continue;
            if (cursor != x)
                fprintf(out, "\033[%d;%dH", y + 1, x + 1);
            if (w->color != color_now || w->bold != bold_now) {
                fputs(w->bold ? "\033[0;1" : "\033[0", out);
                if (w->color != DEFAULT_COLOR)
                    fprintf(out, ";3%d", w->color);
                putc('m', out);
                color_now = w->color;
                bold_now = w->bold;
            }
            put_utf8(w->ch);
            cursor = x + 1;
            *s = *w;
        }
    }
    if (fflush(out) != 0)
        clearerr(out);
}

/* ---- the falling text ---- */

static int random_glyph(void)
{
    if (katakana)
        return between(0xFF66, 0xFF9D);
    if (xfont || linux_font)
        return between(166, 217);
    return between(33, 123);
}

static void *allocate(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p) {
        close_screen(1);
        fprintf(stderr, "cmatrix: error: out of memory\n");
        exit(1);
    }
    return p;
}

static void free_matrix(void)
{
    for (int i = 0; i < ncolumns; i++) {
        free(columns[i].glyph);
        free(columns[i].lead);
    }
    free(columns);
    free(shown);
    free(wanted);
}

static void make_matrix(void)
{
    read_size();
    ncolumns = (cols + 1) / 2;
    columns = allocate(ncolumns, sizeof *columns);
    shown = allocate((size_t)rows * cols, sizeof *shown);
    wanted = allocate((size_t)rows * cols, sizeof *wanted);
    for (int i = 0; i < rows * cols; i++) {
        shown[i].ch = wanted[i].ch = ' ';
        shown[i].color = wanted[i].color = DEFAULT_COLOR;
    }
    for (int i = 0; i < ncolumns; i++) {
        columns[i].glyph = allocate(rows, sizeof(int));
        columns[i].lead = allocate(rows, 1);
        columns[i].gap = between(0, rows);
        columns[i].speed = between(1, 3);
    }
}

static void step_drops(struct column *c)
{
    int top_clear = 1;

    memset(c->lead, 0, rows);
    for (int i = 0; i < c->ndrops; i++) {
        struct drop *d = &c->drops[i];
        int tail = d->head - d->length;
        if (++d->head < rows) {
            c->glyph[d->head] = random_glyph();
            c->lead[d->head] = 1;
        }
        if (tail >= 0 && tail < rows)
            c->glyph[tail] = 0;
        if (tail < 0)
            top_clear = 0;
        if (tail >= rows) {
            *d = c->drops[--c->ndrops];
            i--;
        }
    }
    if (top_clear && --c->gap <= 0 && c->ndrops < MAX_DROPS) {
        c->drops[c->ndrops].head = -1;
        c->drops[c->ndrops++].length = between(3, rows - 3);
        c->gap = between(1, rows / 2);
    }
}

static void step_shift(struct column *c)
{
    memmove(c->glyph + 1, c->glyph, (rows - 1) * sizeof(int));
    memset(c->lead, 0, rows);
    if (c->gap > 0) {
        c->glyph[0] = 0;
        if (--c->gap == 0)
            c->run = between(3, rows);
    } else {
        c->glyph[0] = random_glyph();
        if (--c->run <= 0)
            c->gap = between(1, rows / 2);
    }
}

static void step_matrix(int tick)
{
    for (int i = 0; i < ncolumns; i++) {
        struct column *c = &columns[i];
        if (async && tick % c->speed != 0)
            continue;
        if (oldstyle)
            step_shift(c);
        else
            step_drops(c);
        if (changing)
            for (int y = 0; y < rows; y++)
                if (c->glyph[y] && rand() % 8 == 0)
                    c->glyph[y] = random_glyph();
    }
}

static void paint_message(void)
{
    int len = strlen(message), y0 = rows / 2, x0 = cols / 2 - len / 2;

    if (len == 0)
        return;
    for (int y = y0 - 1; y <= y0 + 1; y++)
        for (int x = x0 - 2; x < x0 + len + 2; x++) {
            struct cell *w;
            if (y < 0 || y >= rows || x < 0 || x >= cols)
                continue;
            w = &wanted[y * cols + x];
            w->ch = ' ';
            if (y == y0 && x >= x0 && x < x0 + len)
                w->ch = (unsigned char)message[x - x0];
            w->color = DEFAULT_COLOR;
            w->bold = 0;
        }
}

static void paint(void)
{
    for (int i = 0; i < ncolumns; i++) {
        struct column *c = &columns[i];
        for (int y = 0; y < rows; y++) {
            struct cell *w = &wanted[y * cols + 2 * i];
            int g = c->glyph[y];
            if (!g) {
                w->ch = ' ';
                w->color = DEFAULT_COLOR;
                w->bold = 0;
                continue;
            }
            w->ch = lambda ? 0x3BB : g;
            w->bold = bold == BOLD_ALL
                || (bold == BOLD_SOME && (g % 2 == 0 || c->lead[y]));
            if (c->lead[y])
                w->color = WHITE;
            else if (rainbow)
                w->color = between(RED, CYAN);
            else
                w->color = color == BLACK ? DEFAULT_COLOR : color;
        }
    }
    paint_message();
}

/* ---- input and signals ---- */

static void on_signal(int sig)
{
    if (sig == SIGWINCH)
        got_resize = 1;
    else if (sig == SIGTERM)
        got_term = 1;
    else
        got_quit = 1;
}

static void handle_key(int key)
{
    static const char color_keys[] = ")!@#$%^&";
    const char *p;

    if (screensaver)
        finish(0);
    if (key >= '0' && key <= '9') {
        delay = key - '0';
    } else if (key && (p = strchr(color_keys, key))) {
        color = p - color_keys;
        rainbow = 0;
    } else {
        switch (key) {
        case 'q': if (!locked) finish(0); break;
        case 'a': async = !async; break;
        case 'b': bold = BOLD_SOME; break;
        case 'B': bold = BOLD_ALL; break;
        case 'n': bold = BOLD_NONE; break;
        case 'p': paused = !paused; break;
        case 'r': rainbow = 1; break;
        case 'm': lambda = !lambda; break;
        }
    }
}

static void set_signals(void)
{
    struct sigaction sa;

    memset(&sa, 0, sizeof sa);
    sa.sa_handler = on_signal;
    sigaction(SIGTERM, &sa, NULL);
    sigaction(SIGWINCH, &sa, NULL);
    if (locked)
        sa.sa_handler = SIG_IGN;
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGQUIT, &sa, NULL);
    if (locked)
        sigaction(SIGTSTP, &sa, NULL);
}

static void nap(int hundredths)
{
    struct timespec ts = { hundredths / 100, hundredths % 100 * 10000000L };
    if (hundredths > 0)
        nanosleep(&ts, NULL);
}

int main(int argc, char **argv)
{
    int opt, tick = 0;
    unsigned char key;

    opterr = 0;
    while ((opt = getopt(argc, argv, "abBcfhlLnrosmxkVM:u:C:t:")) != -1) {
        switch (opt) {
        case 'a': async = 1; break;
        case 'b': if (bold != BOLD_ALL) bold = BOLD_SOME; break;
        case 'B': bold = BOLD_ALL; break;
        case 'c': katakana = 1; break;
        case 'f': force_linux = 1; break;
        case 'l': linux_font = 1; break;
        case 'L':
            locked = 1;
            if (!*message)
                message = "Computer locked.";
            break;
        case 'n': bold = BOLD_NONE; break;
        case 'r': rainbow = 1; break;
        case 'o': oldstyle = 1; break;
        case 's': screensaver = 1; break;
        case 'm': lambda = 1; break;
        case 'x': xfont = 1; break;
        case 'k': changing = 1; break;
        case 'V': version(); return 0;
        case 'M': message = optarg; break;
        case 'u': delay = atoi(optarg); break;
        case 'C': color = parse_color(optarg); break;
        case 't': tty_name = optarg; break;
        default: usage(); return 0;
        }
    }

    out = stdout;
    if (tty_name) {
        out = fopen(tty_name, "r+");
        if (!out) {
            fprintf(stderr, "cmatrix: error: '%s' couldn't be opened: %s.\n",
                    tty_name, strerror(errno));
            return 1;
        }
        in_fd = fileno(out);
    }
    if (force_linux)
        setenv("TERM", "linux", 1);
    check_terminal();
    srand(time(NULL));
    read_size();
    set_signals();
    open_screen();
    if (linux_font)
        set_font();
    make_matrix();

    for (;; tick++) {
        if (got_term) {
            close_screen(0);
            return 1;
        }
        if (got_quit)
            finish(0);
        if (got_resize) {
            got_resize = 0;
            free_matrix();
            make_matrix();
            fputs("\033[m\033[2J", out);
        }
        if (read(in_fd, &key, 1) == 1)
            handle_key(key);
        if (!paused)
            step_matrix(tick);
        paint();
        refresh_screen();
        nap(delay);
    }
}
