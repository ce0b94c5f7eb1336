/* Entry point: environment, command line, then one file after the other. */
#include "pigz.h"

struct options opt = {.level = 6, .verbosity = 1, .name = -1, .time = -1, .block = 131072, .suffix = ".gz"};
int exit_code = 0;

static void parse_environment(const char *name) {
    char *words[256], *text = getenv(name);
    int n = 0;
    if (text == NULL) return;
    text = strdup(text);        /* option values point into it from now on */
    for (char *w = strtok(text, " "); w && n < 256; w = strtok(NULL, " ")) words[n++] = w;
    parse_args(n, words, name);
}

int main(int argc, char **argv) {
    opt.prog = program_invocation_short_name;
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    opt.procs = online < 1 ? 8 : (size_t)online;
    if (strstr(opt.prog, "unpigz") || strstr(opt.prog, "gunzip")) opt.mode = MODE_DECOMPRESS;
    crc_init();
    parse_environment("GZIP");
    parse_environment("PIGZ");
    int operands = parse_args(argc - 1, argv + 1, NULL);
    if (argc == 1 && isatty(STDOUT_FILENO)) parse_args(1, (char *[]){"-h"}, NULL);
    for (int i = 1; i <= operands; i++) process_path(argv[i]);
    if (operands == 0) process_path(NULL);
    if (fflush(stdout)) exit_code = 1;
    return exit_code;
}
