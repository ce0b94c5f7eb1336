/* Command line and environment options. */
#include "pigz.h"

static const char help[] =
#include "help.inc"
    ;

static const char *const long_names[] = {   /* the letter, then the long name */
    "Aalias", "9best", "bblocksize", "Ccomment", "ddecompress", "1fast", "Ffirst", "fforce", "hhelp",
    "Hhuffman", "iindependent", "Iiterations", "kkeep", "Llicense", "llist", "Jmaxsplits", "Nname",
    "nno-name", "mno-time", "Ooneblock", "pprocesses", "qquiet", "rrecursive", "Urle", "Rrsyncable",
    "qsilent", "cstdout", "Ssuffix", "Ysynchronous", "ttest", "Mtime", "cto-stdout", "duncompress",
    "vverbose", "Vversion", "Kzip", "zzlib"};

static size_t number(const char *text) {
    size_t value = 0;
    for (const char *p = text; *p || p == text; p++) {
        if (*p < '0' || *p > '9' || value > (SIZE_MAX - 9) / 10) die(22, "invalid numeric parameter: %s", text);
        value = value * 10 + (size_t)(*p - '0');
    }
    return value;
}

static void set_value(char letter, const char *value) {
    switch (letter) {
    case 'b':
        if ((opt.block = number(value)) >= 1 << 20) die(22, "block size too large: %s", value);
        if ((opt.block *= 1024) < 32768) die(22, "block size too small (must be >= 32K)");
        break;
    case 'p':
        opt.procs = number(value);
        if (opt.procs < 1 || opt.procs > 65536) die(22, "invalid number of processes: %s", value);
        break;
    case 'S':
        if (*value == 0) die(22, "suffix cannot be empty");
        opt.suffix = value;
        break;
    case 'C': opt.comment = value; break;
    case 'I': case 'J': number(value); break;
    }
}

static const char license[] = "pigz 2.8\nCopyright (C) 2007-2023 Mark Adler\n"
    "Subject to the terms of the zlib license.\nNo warranty is provided or implied.\n";

static const struct { char letter; int *variable, value; } flags[] = {
    {'c', &opt.to_stdout, 1}, {'f', &opt.force, 1}, {'i', &opt.independent, 1}, {'k', &opt.keep, 1},
    {'m', &opt.time, 0}, {'M', &opt.time, 1}, {'n', &opt.name, 0}, {'n', &opt.time, 0}, {'N', &opt.name, 1},
    {'N', &opt.time, 1}, {'q', &opt.verbosity, 0}, {'r', &opt.recursive, 1}};

static void set_flag(char letter) {
    int known = strchr("FHORUY", letter) != NULL;   /* only hints, no effect here */
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (flags[i].letter == letter) *flags[i].variable = flags[i].value, known = 1;
    if (known) return;
    switch (letter) {
    case 'd': opt.mode = opt.mode == MODE_COMPRESS ? MODE_DECOMPRESS : opt.mode; break;
    case 'l': opt.mode = MODE_LIST; break;
    case 't': opt.mode = opt.mode == MODE_LIST ? MODE_LIST : MODE_TEST; break;
    case 'v': opt.verbosity++; break;
    case 'h': fputs(help, stderr), exit(0);
    case 'L': fputs(license, stdout), exit(0);
    case 'V': fputs(opt.verbosity > 1 ? "pigz 2.8\nzlib 1.2.13\n" : "pigz 2.8\n", stdout), exit(0);
    case 'K': case 'z': die(22, "only the gzip format is supported");
    default: die(22, "invalid option: -%c", letter);
    }
}

/* Handle "-abc"; returns the letter that still awaits a parameter, or 0. */
static char short_options(const char *p) {
    while (*p) {
        if (*p >= '0' && *p <= '9') {
            opt.level = atoi(p);
            if (opt.level > 9 && opt.level != 11) die(22, "only levels 0..9 and 11 are allowed");
            p += strspn(p, "0123456789");
        } else if (strchr("bpSCAIJ", *p)) {
            if (p[1] && !strchr("bpIJ", *p)) die(22, "invalid usage: -%c must be followed by space", *p);
            if (p[1] == 0) return *p;
            set_value(*p, p + 1);
            break;
        } else set_flag(*p++);
    }
    return 0;
}

static char long_option(const char *arg) {
    for (size_t i = 0; i < sizeof long_names / sizeof *long_names; i++)
        if (strcmp(arg + 2, long_names[i] + 1) == 0) return short_options((char[2]){*long_names[i], 0});
    die(22, "invalid option: %s", arg);
}

/* Set the options and gather the operands in front; standard input is NULL. */
int parse_args(int n, char **arg, const char *env_name) {
    int operands = 0, ended = 0, pending = 0;
    for (int i = 0; i < n; i++) {
        if (pending) set_value((char)pending, arg[i]), pending = 0;
        else if (!ended && strcmp(arg[i], "--") == 0) ended = 1;
        else if (!ended && arg[i][0] == '-' && arg[i][1])
            pending = arg[i][1] == '-' ? long_option(arg[i]) : short_options(arg[i] + 1);
        else if (env_name) die(22, "cannot provide files in %s environment variable", env_name);
        else arg[operands++] = !ended && strcmp(arg[i], "-") == 0 ? NULL : arg[i];
    }
    if (pending) die(22, "missing parameter after -%c", pending);
    return operands;
}
