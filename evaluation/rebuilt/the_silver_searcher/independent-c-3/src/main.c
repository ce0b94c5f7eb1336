#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "options.h"
#include "search.h"
#include "walk.h"

static bool is_single_file(void) {
    struct stat info;
    return settings.path_count == 1 && stat(settings.paths[0], &info) == 0 && S_ISREG(info.st_mode);
}

static bool wants_stream(void) {
    struct stat info;
    if (!settings.read_stream || settings.path_count > 0 || settings.name_search || settings.vimgrep) return false;
    return fstat(STDIN_FILENO, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISREG(info.st_mode));
}

/* Settles what the command line left open, by the kind of input and output. */
static void settle_layout(bool stream) {
    bool terminal = isatty(STDOUT_FILENO), single = is_single_file();
    if (settings.color < 0) settings.color = terminal;
    if (settings.invert) settings.color = 0;
    if (settings.numbers < 0) settings.numbers = !stream;
    if (settings.path_style == PATH_AUTO) {
        if (!terminal && !settings.grouping) settings.breaks = 0;
        settings.path_style = single ? PATH_NONE : terminal || settings.grouping ? PATH_HEADING : PATH_INLINE;
        if (single && settings.only_matching) settings.numbers = 0;
    }
    if (!settings.vimgrep) return;
    settings.path_style = PATH_NONE;
    settings.numbers = 1;
    settings.breaks = 0;
}

static void print_totals(double seconds) {
    printf("%ld matches\n%ld files contained matches\n%ld files searched\n%ld bytes searched\n%f seconds\n",
           totals.matches, totals.matched_files, totals.files, totals.bytes, seconds);
}

int main(int argc, char **argv) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    read_command_line(argc, argv);
    bool stream = wants_stream();
    settle_layout(stream);
    if (stream) inspect_stream();
    else if (settings.path_count == 0) walk(".", inspect_file);
    for (int i = 0; i < settings.path_count; i++) walk(settings.paths[i], inspect_file);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (settings.stats) print_totals(end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9);
    return totals.reported ? 0 : 1;
}
