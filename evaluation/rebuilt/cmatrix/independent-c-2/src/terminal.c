#define _DEFAULT_SOURCE
#include "terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* What a terminal family wants to hear; %d stands for the row count. */
struct dialect {
    const char *enter, *begin_colour, *show_cursor, *wipe, *leave;
};

static const struct dialect xterm_dialect = {
    "\033[?1049h\033[22;0;0t\033[1;%dr\033(B\033[m\033[4l\033[?7h\033[?25l",
    "\033[39;49m\033[39;49m\033(B\033[m\033[H\033[2J",
    "\033[?12l\033[?25h", "\033[H\033[2J\033[%d;1H",
    "\033[?1049l\033[23;0;0t\r\033[?1l\033>",
};

static const struct dialect linux_dialect = {
    "\033)0\033[1;%dr\033[m\017\033[4l\033[?7h\033[?25l\033[?1c",
    "\033[39;49m\033[39;49m\033[m\017\033[H\033[J",
    "\033[?25h\033[?0c", "\033[H\033[J\033[%d;1H", "\r",
};

static const struct dialect *dialect = &xterm_dialect;
static int in_fd = STDIN_FILENO, out_fd = STDOUT_FILENO;
static struct termios saved_mode;
static bool mode_saved;
static FILE *out;

bool terminal_known(const char *type)
{
    const char *places[] = { getenv("TERMINFO"), "/etc/terminfo",
                             "/lib/terminfo", "/usr/share/terminfo" };
    char path[1024];
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%c/%s",
                 places[i] ? places[i] : "", type[0], type);
        if (places[i] && access(path, R_OK) == 0)
            return true;
    }
    return false;
}

bool terminal_attach(const char *tty_path)
{
    in_fd = out_fd = open(tty_path, O_RDWR);
    return in_fd >= 0;
}

static int from_environment(const char *name, int fallback)
{
    const char *text = getenv(name);
    int value = text ? atoi(text) : 0;
    return value > 0 ? value : fallback;
}

void terminal_measure(int *rows, int *cols)
{
    struct winsize size = { 0 };
    ioctl(out_fd, TIOCGWINSZ, &size);
    *rows = from_environment("LINES", size.ws_row ? size.ws_row : 24);
    *cols = from_environment("COLUMNS", size.ws_col ? size.ws_col : 80);
}

static void say_with_rows(const char *format)
{
    int rows, cols;
    terminal_measure(&rows, &cols);
    fprintf(out, format, rows);
}

static void silence_keyboard(void)
{
    mode_saved = tcgetattr(in_fd, &saved_mode) == 0;
    struct termios mode = saved_mode;
    mode.c_lflag &= ~(ICANON | ECHO);
    if (mode_saved)
        tcsetattr(in_fd, TCSANOW, &mode);
}

FILE *terminal_enter(const char *type)
{
    if (strcmp(type, "linux") == 0)
        dialect = &linux_dialect;
    out = out_fd == STDOUT_FILENO ? stdout : fdopen(out_fd, "w");
    setvbuf(out, NULL, _IOFBF, 1 << 15);
    silence_keyboard();
    say_with_rows(dialect->enter);
    return out;
}

void terminal_begin_colour(void)
{
    fputs(dialect->begin_colour, out);
}

void terminal_leave(bool abruptly)
{
    if (abruptly)
        say_with_rows("\033[%d;1H");
    fputs(dialect->show_cursor, out);
    if (!abruptly)
        say_with_rows(dialect->wipe);
    fputs(dialect->leave, out);
    fflush(out);
    if (mode_saved)
        tcsetattr(in_fd, TCSANOW, &saved_mode);
}

int terminal_poll_key(void)
{
    struct pollfd watch = { .fd = in_fd, .events = POLLIN };
    unsigned char key;
    if (poll(&watch, 1, 0) <= 0 || read(in_fd, &key, 1) != 1)
        return -1;
    return key;
}
