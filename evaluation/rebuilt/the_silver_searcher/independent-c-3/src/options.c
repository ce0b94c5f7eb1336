#include "options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "texts.h"

enum { SMART_CASE, EXACT_CASE, ANY_CASE };
enum { UNSET = -1, DEFAULT_CONTEXT = 2, LONG_ONLY = 256, NO_FILENAME, IGNORE, MATCH_COLOR, PATH_COLOR,
       NUMBER_COLOR, DEPTH, STATS_ONLY, LIST_TYPES, GROUP, NO_GROUP, FIRST_TYPE = 1000 };

Settings settings = {.match_color = "30;43", .path_color = "1;32", .number_color = "1;33", .depth = 25, .breaks = 1,
                .numbers = UNSET, .color = UNSET, .path_end = '\n', .multiline = 1, .read_stream = 1};

#define FLAG(name, field, value) {name, no_argument, &settings.field, value}
#define SWITCH(name, field) FLAG(name, field, 1), FLAG("no" name, field, 0)
#define PLAIN(name, key) {name, no_argument, NULL, key}
#define VALUE(name, key) {name, required_argument, NULL, key}

static const struct option base_options[] = {
    VALUE("after", 'A'), VALUE("before", 'B'), SWITCH("break", breaks),
    PLAIN("count", 'c'), SWITCH("color", color), VALUE("color-line-number", NUMBER_COLOR),
    VALUE("color-match", MATCH_COLOR), VALUE("color-path", PATH_COLOR), FLAG("column", column, 1),
    FLAG("filename", path_style, PATH_AUTO), PLAIN("nofilename", NO_FILENAME), PLAIN("heading", 'H'),
    FLAG("noheading", path_style, PATH_INLINE), VALUE("context", 'C'), PLAIN("group", GROUP),
    PLAIN("nogroup", NO_GROUP), VALUE("filename-pattern", 'g'), PLAIN("files-with-matches", 'l'),
    PLAIN("files-without-matches", 'L'), SWITCH("numbers", numbers),
    PLAIN("only-matching", 'o'),
    FLAG("silent", silent, 1), FLAG("stats", stats, 1),
    PLAIN("stats-only", STATS_ONLY), FLAG("vimgrep", vimgrep, 1), PLAIN("null", '0'), PLAIN("print0", '0'),
    PLAIN("all-types", 'a'), VALUE("depth", DEPTH), SWITCH("follow", follow),
    PLAIN("fixed-strings", 'Q'), VALUE("file-search-regex", 'G'), FLAG("hidden", hidden, 1),
    PLAIN("ignore-case", 'i'), VALUE("ignore", IGNORE), VALUE("ignore-dir", IGNORE), VALUE("max-count", 'm'),
    VALUE("path-to-ignore", 'p'), PLAIN("literal", 'Q'),
    PLAIN("case-sensitive", 's'), PLAIN("smart-case", 'S'), FLAG("search-binary", binary, 1),
    PLAIN("all-text", 't'), PLAIN("unrestricted", 'u'), PLAIN("skip-vcs-ignores", 'U'),
    PLAIN("invert-match", 'v'), PLAIN("word-regexp", 'w'), VALUE("width", 'W'), SWITCH("multiline", multiline), PLAIN("recurse", 'r'),
    PLAIN("norecurse", 'n'), FLAG("parallel", read_stream, 0), PLAIN("version", 'V'), PLAIN("help", 'h'),
    PLAIN("list-file-types", LIST_TYPES)};

void complain(const char *format, ...) {
    if (settings.silent) return;
    va_list args;
    va_start(args, format);
    fputs("ERR: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

void list_add(List *list, const char *item) {
    list->items = realloc(list->items, (list->count + 1) * sizeof *list->items);
    list->items[list->count++] = item;
}

/* The type table holds a line "  --name", a line of suffixes and an empty line for each type. */
static const char *type_start(int index) {
    const char *at = types_text;
    for (int i = 0; at && i <= index; i++) at = (at = strstr(at, "\n  --")) ? at + 5 : NULL;
    return at;
}

static void add_type(int index) {
    const char *start = strchr(type_start(index), '\n');
    char *suffixes = strndup(start, strstr(start, "\n\n") - start);
    for (char *s = strtok(suffixes, " \n"); s; s = strtok(NULL, " \n")) list_add(&settings.suffixes, s);
}

static struct option *all_options(void) {
    size_t count = sizeof base_options / sizeof *base_options;
    struct option *all = malloc(sizeof base_options);
    memcpy(all, base_options, sizeof base_options);
    for (int i = 0; ; i++) {
        const char *name = type_start(i);
        all = realloc(all, (count + 1) * sizeof *all);
        all[count++] = (struct option){0};
        if (!name) return all;
        all[count - 1] = (struct option)PLAIN(strndup(name, strcspn(name, "\n")), FIRST_TYPE + i);
    }
}

/* A context option may lack its number; the word taken for it is then given back. */
static int context_lines(char **argv) {
    char *end;
    long lines = strtol(optarg, &end, 10);
    if (*optarg && !*end) return lines < 0 ? 0 : lines;
    if (argv[optind - 1] == optarg) optind--;
    return DEFAULT_CONTEXT;
}

static void print_and_exit(const char *text, int code) {
    fputs(text, stdout);
    exit(code);
}

static void reject(const char *message, int code) {
    complain("%s", message);
    exit(code);
}

static const struct { char key; int *field, value; } simple_flags[] = {
    {'c', &settings.report, SHOW_COUNTS}, {'L', &settings.report, SHOW_OTHER_FILES}, {'f', &settings.follow, 1},
    {'H', &settings.path_style, PATH_HEADING}, {'i', &settings.case_mode, ANY_CASE}, {'s', &settings.case_mode, EXACT_CASE},
    {'S', &settings.case_mode, SMART_CASE}, {'n', &settings.depth, 0}, {'o', &settings.only_matching, 1},
    {'Q', &settings.literal, 1}, {'F', &settings.literal, 1}, {'U', &settings.skip_vcs, 1}, {'v', &settings.invert, 1},
    {'w', &settings.whole_words, 1}, {'0', &settings.path_end, '\0'}, {'t', &settings.skip_ignores, 1},
    {'a', &settings.skip_ignores, 1}, {'a', &settings.binary, 1}, {'u', &settings.skip_ignores, 1}, {'u', &settings.binary, 1},
    {'u', &settings.hidden, 1}};

static void apply(int key, char **argv) {
    for (size_t i = 0; i < sizeof simple_flags / sizeof *simple_flags; i++)
        if (simple_flags[i].key == key) *simple_flags[i].field = simple_flags[i].value;
    if (key >= FIRST_TYPE) add_type(key - FIRST_TYPE);
    switch (key) {
    case 'A': settings.after = context_lines(argv); break;
    case 'B': settings.before = context_lines(argv); break;
    case 'C': settings.before = settings.after = context_lines(argv); break;
    case 'g': settings.name_search = 1, settings.pattern = optarg; break;
    case 'G': settings.file_pattern = optarg; break;
    case 'l': if (settings.report != SHOW_COUNTS) settings.report = SHOW_MATCHING_FILES; break;
    case 'm': settings.max_count = atol(optarg); break;
    case 'p': list_add(&settings.ignore_files, optarg); break;
    case 'W': settings.width = atoi(optarg) > 0 ? atoi(optarg) : UNSET; break;
    case NO_FILENAME: settings.path_style = PATH_NONE, settings.numbers = 0; break;
    case IGNORE: list_add(&settings.ignored, optarg); break;
    case MATCH_COLOR: settings.match_color = optarg; break;
    case PATH_COLOR: settings.path_color = optarg; break;
    case NUMBER_COLOR: settings.number_color = optarg; break;
    case DEPTH: settings.depth = atoi(optarg); break;
    case STATS_ONLY: settings.stats = 1, settings.report = SHOW_NOTHING; break;
    case GROUP: settings.grouping = settings.breaks = 1, settings.path_style = PATH_AUTO; break;
    case NO_GROUP: settings.breaks = 0, settings.path_style = PATH_INLINE; break;
    case 'V': print_and_exit("ag version 2.2.0\n\nFeatures:\n  -jit -lzma -zlib\n", 0); break;
    case 'h': print_and_exit(help_text, 0); break;
    case LIST_TYPES: print_and_exit(types_text, 0); break;
    case '?': print_and_exit(help_text, 1); break;
    }
}

static Regex *compile_or_exit(const char *pattern, RegexMode mode) {
    RegexError error;
    bool upper = false;
    for (const char *c = pattern; *c; c++) upper |= isupper((unsigned char)*c) != 0;
    mode.fold_case = settings.case_mode == ANY_CASE || (settings.case_mode == SMART_CASE && !upper);
    Regex *regex = regex_compile(pattern, mode, &error);
    if (regex) return regex;
    complain("Bad regex! pcre_compile() failed at position %d: %s\n"
             "If you meant to search for a literal string, run ag with -Q", error.position, error.message);
    exit(2);
}

void read_command_line(int argc, char **argv) {
    if (argc == 1) apply('?', argv);
    struct option *table = all_options();
    for (int key; (key = getopt_long(argc, argv, "A:B:C:FG:HLQSUVW:acfg:hilm:nop:rstuvw0", table, NULL)) != -1;)
        apply(key, argv);
    if (settings.width == UNSET) reject("Invalid width\n", 2);
    if (!settings.pattern && optind == argc) reject("What do you want to search for?", 1);
    if (!settings.pattern) settings.pattern = argv[optind++];
    bool lists_names = settings.name_search || settings.report == SHOW_MATCHING_FILES || settings.report == SHOW_OTHER_FILES;
    if (!*settings.pattern && !lists_names) reject("Error: No query. What do you want to search for?", 1);
    settings.paths = argv + optind;
    settings.path_count = argc - optind;
    settings.regex = compile_or_exit(settings.pattern, (RegexMode){.literal = settings.literal, .whole_words = settings.whole_words});
    if (settings.file_pattern) settings.file_regex = compile_or_exit(settings.file_pattern, (RegexMode){0});
}
