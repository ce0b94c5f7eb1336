/* Recursive code search: looks for a pattern in all the files of a tree, honouring ignore files. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATH_DEFAULT, PATH_NONE, PATH_TOP, PATH_EACH };
typedef struct { size_t start, end; } span;
typedef struct ignores { struct ignores *parent; char **patterns; size_t count, base; } ignores;

static struct {
    int after, before, brk, color, column, count, depth, follow, hidden, invert, literal, list, list_without, max;
    int numbers, only, passthrough, binary, silent, stats, stats_only, vimgrep, nul, word, skip_vcs, skip_all;
    int casing, path, parallel, multiline, recurse, width, names_only, types[200], ntypes;
    const char *color_path, *color_match, *color_line;
} opt = { .brk = -1, .color = -1, .depth = 25, .numbers = -1, .multiline = 1, .recurse = 1,
          .color_path = "1;32", .color_match = "30;43", .color_line = "1;33" };
static regex_t *query, *file_regex;
static int query_empty, success, in_stream, files_printed;
static size_t total_matches, files_matched, files_searched, bytes_searched;
static ignores root_ignores;
static const char *const file_types[] = {
    "actionscript as mxml ", "ada ada adb ads ", "asciidoc adoc ad asc asciidoc ", "apl apl ", "asm asm s ", "asp asp asa aspx asax ashx ascx asmx ", "aspx asp asa aspx asax ashx ascx asmx ",
    "batch bat cmd ", "bazel bazel ", "bitbake bb bbappend bbclass inc ", "cc c h xs ", "cfmx cfc cfm cfml ", "chpl chpl ", "clojure clj cljs cljc cljx edn ", "coffee coffee cjsx ", "config config ",
    "coq coq g v ", "cpp cpp cc C cxx m hpp hh h H hxx tpp ", "crystal cr ecr ", "csharp cs ", "cshtml cshtml ", "css css ", "cython pyx pxd pxi ",
    "delphi pas int dfm nfm dof dpk dpr dproj groupproj bdsgroup bdsproj ", "dlang d di ", "dot dot gv ", "dts dts dtsi ", "ebuild ebuild eclass ", "elisp el ", "elixir ex eex exs ", "elm elm ",
    "erlang erl hrl ", "factor factor ", "fortran f F f77 f90 F90 f95 f03 for ftn fpp FPP ", "fsharp fs fsi fsx ", "gettext po pot mo ", "glsl vert tesc tese geom frag comp ", "go go ", "gradle gradle ",
    "groovy groovy gtmpl gpp grunit gradle ", "haml haml ", "handlebars hbs ", "haskell hs hsig lhs ", "haxe hx ", "hh h ", "html htm html shtml xhtml ", "idris idr ipkg lidr ", "ini ini ",
    "ipython ipynb ", "isabelle thy ", "j ijs ", "jade jade ", "java java properties ", "jinja2 j2 ", "js es6 js jsx vue ", "json json ", "jsp jsp jspx jhtm jhtml jspf tag tagf ", "julia jl ",
    "kotlin kt ", "less less ", "liquid liquid ", "lisp lisp lsp ", "log log ", "lua lua ", "m4 m4 ", "make Makefiles mk mak ", "mako mako ", "markdown markdown mdown mdwn mkdn mkd md ",
    "mason mas mhtml mpl mtxt ", "matlab m ", "mathematica m wl ", "md markdown mdown mdwn mkdn mkd md ", "mercury m moo ", "naccess asa rsa ", "nim nim ", "nix nix ", "objc m h ", "objcpp mm h ",
    "ocaml ml mli mll mly ", "octave m ", "org org ", "parrot pir pasm pmc ops pod pg tg ", "pdb pdb ", "perl pl pm pm6 pod t ", "php php phpt php3 php4 php5 phtml ", "pike pike pmod ", "plist plist ",
    "plone pt cpt metadata cpy py xml zcml ", "powershell ps1 ", "proto proto ", "ps1 ps1 ", "pug pug ", "puppet pp ", "python py ", "qml qml ", "racket rkt ss scm ", "rake Rakefile ", "razor cshtml ",
    "restructuredtext rst ", "rs rs ", "r r R Rmd Rnw Rtex Rrst ", "rdoc rdoc ", "ruby rb rhtml rjs rxml erb rake spec ", "rust rs ", "salt sls ", "sass sass scss ", "scala scala ", "scheme scm ss ",
    "shell sh bash csh tcsh ksh zsh fish ", "smalltalk st ", "sml sml fun mlb sig ", "sql sql ctl ", "stata do ado ", "stylus styl ", "swift swift ", "tcl tcl itcl itk ", "terraform tf tfvars ",
    "tex tex cls sty ", "thrift thrift ", "tla tla ", "tt tt tt2 ttml ", "toml toml ", "ts ts tsx ", "twig twig ", "vala vala vapi ", "vb bas cls frm ctl vb resx ", "velocity vm vtl vsl ",
    "verilog v vh sv svh ", "vhdl vhd vhdl ", "vim vim ", "vue vue ", "wix wxi wxs ", "wsdl wsdl ", "wadl wadl ", "xml xml dtd xsl xslt xsd ent tld plist wsdl ", "yaml yaml yml ", "zeek zeek bro bif ",
    "zephir zep ",
};
static const char usage[] =
    "\nUsage: ag [FILE-TYPE] [OPTIONS] PATTERN [PATH]\n\n  Recursively search for PATTERN in PATH.\n  Like grep or ack, but faster.\n\nExample:\n  ag -i foo /bar/\n\nOutput Options:\n     --ackmate            Print results in AckMate-parseable format\n"
    "  -A --after [LINES]      Print lines after match (Default: 2)\n  -B --before [LINES]     Print lines before match (Default: 2)\n     --[no]break          Print newlines between matches in different files\n                          (Enabled by default)\n"
    "  -c --count              Only print the number of matches in each file.\n                          (This often differs from the number of matching lines)\n     --[no]color          Print color codes in results (Enabled by default)\n"
    "     --color-line-number  Color codes for line numbers (Default: 1;33)\n     --color-match        Color codes for result match numbers (Default: 30;43)\n     --color-path         Color codes for path names (Default: 1;32)\n"
    "     --column             Print column numbers in results\n     --[no]filename       Print file names (Enabled unless searching a single file)\n  -H --[no]heading        Print file names before each file's matches\n                          (Enabled by default)\n"
    "  -C --context [LINES]    Print lines before and after matches (Default: 2)\n     --[no]group          Same as --[no]break --[no]heading\n  -g --filename-pattern PATTERN\n                          Print filenames matching PATTERN\n"
    "  -l --files-with-matches Only print filenames that contain matches\n                          (don't print the matching lines)\n  -L --files-without-matches\n                          Only print filenames that don't contain matches\n"
    "     --print-all-files    Print headings for all files searched, even those that\n                          don't contain matches\n     --[no]numbers        Print line numbers. Default is to omit line numbers\n                          when searching streams\n"
    "  -o --only-matching      Prints only the matching part of the lines\n     --print-long-lines   Print matches on very long lines (Default: >2k characters)\n     --passthrough        When searching a stream, print all lines even if they\n                          don't match\n"
    "     --silent             Suppress all log messages, including errors\n     --stats              Print stats (files scanned, time taken, etc.)\n     --stats-only         Print stats and nothing else.\n                          (Same as --count when searching a single file)\n"
    "     --vimgrep            Print results like vim's :vimgrep /pattern/g would\n                          (it reports every match on the line)\n  -0 --null --print0      Separate filenames with null (for 'xargs -0')\n\nSearch Options:\n"
    "  -a --all-types          Search all files (doesn't include hidden files\n                          or patterns from ignore files)\n  -D --debug              Ridiculous debugging (probably not useful)\n     --depth NUM          Search up to NUM directories deep (Default: 25)\n"
    "  -f --follow             Follow symlinks\n  -F --fixed-strings      Alias for --literal for compatibility with grep\n  -G --file-search-regex  PATTERN Limit search to filenames matching PATTERN\n     --hidden             Search hidden files (obeys .*ignore files)\n"
    "  -i --ignore-case        Match case insensitively\n     --ignore PATTERN     Ignore files/directories matching PATTERN\n                          (literal file/directory names also allowed)\n     --ignore-dir NAME    Alias for --ignore for compatibility with ack.\n"
    "  -m --max-count NUM      Skip the rest of a file after NUM matches (Default: 10,000)\n     --one-device         Don't follow links to other devices.\n  -p --path-to-ignore STRING\n                          Use .ignore file at STRING\n"
    "  -Q --literal            Don't parse PATTERN as a regular expression\n  -s --case-sensitive     Match case sensitively\n  -S --smart-case         Match case insensitively unless PATTERN contains\n                          uppercase characters (Enabled by default)\n"
    "     --search-binary      Search binary files for matches\n  -t --all-text           Search all text files (doesn't include hidden files)\n  -u --unrestricted       Search all files (ignore .ignore, .gitignore, etc.;\n"
    "                          searches binary and hidden files as well)\n  -U --skip-vcs-ignores   Ignore VCS ignore files\n                          (.gitignore, .hgignore; still obey .ignore)\n  -v --invert-match\n  -w --word-regexp        Only match whole words\n"
    "  -W --width NUM          Truncate match lines after NUM characters\n  -z --search-zip         Search contents of compressed (e.g., gzip) files\n\nFile Types:\nThe search can be restricted to certain types of files. Example:\n  ag --html needle\n"
    "  - Searches for 'needle' in files with suffix .htm, .html, .shtml or .xhtml.\n\nFor a list of supported file types run:\n  ag --list-file-types\n\nag was originally created by Geoff Greer. More information (and the latest release)\ncan be found at http://geoff.greer.fm/ag\n";

static void complain(const char *format, ...)
{
    va_list args;
    if (opt.silent)
        return;
    va_start(args, format);
    fputs("ERR: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static void bad_regex(size_t position, const char *message)
{
    complain("Bad regex! pcre_compile() failed at position %zu: %s\nIf you meant to search for a literal string, run ag with -Q", position, message);
    exit(2);
}

/* What an escaped letter means, given as POSIX text; in a set the brackets are left out. */
static const char *escape_text(int letter, int in_set)
{
    static const char *const texts[] = { "d[0-9]", "w[[:alnum:]_]", "s[[:space:]]", "D[^0-9]", "h[ \t]", "n\n", "t\t", "r\r", "f\f", "A\\`", "z\\'", "Z\\'" };
    static char inner[20];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i][0] == letter) {
            snprintf(inner, sizeof inner, "%s", texts[i] + 1);
            if (!in_set || inner[0] != '[')
                return inner;
            inner[strlen(inner) - 1] = '\0';
            return inner + 1;
        }
    }
    return NULL;
}

static size_t translate_set(const char *p, size_t i, FILE *out)
{
    size_t from = i + 1 + (p[i + 1] == '^'), close;
    const char *text;
    int dash = 0;
    for (close = from; p[close] && (p[close] != ']' || close == from); close++) {
        const char *end = p[close] == '[' && p[close + 1] == ':' ? strstr(p + close, ":]") : NULL;
        if (end)
            close = end + 1 - p;
        else if (p[close] == '\\' && p[close + 1])
            close++;
        else if (p[close] == '-' && p[close + 1] != ']' && p[close + 1] && p[close + 1] < p[close - 1])
            bad_regex(close + 1, "range out of order in character class");
    }
    if (!p[close])
        bad_regex(strlen(p), "missing terminating ] for character class");
    int spans = p[from - 1] == '^' && !memmem(p + from, close - from, "\\s", 2) && !memmem(p + from, close - from, "\\n", 2);
    fputs(spans ? "(\n|[^" : p[from - 1] == '^' ? "[^" : "[", out);
    if (p[from] == ']' || memmem(p + from, close - from, "\\]", 2))
        fputc(']', out);
    for (i = from; i < close; i++) {
        int escaped = p[i] == '\\';
        i += escaped;
        if (escaped && (text = escape_text(p[i], 1)))
            fputs(text, out);
        else if (escaped && p[i] == '-')
            dash = 1;
        else if (p[i] != ']' || p[i - 1] == ':')
            fputc(p[i], out);
    }
    fprintf(out, "%s]%s", dash ? "-" : "", spans ? ")" : "");
    return close;
}

/* Rewrites a Perl-like pattern as a POSIX extended one. */
static void translate(const char *p, FILE *out, int *icase)
{
    int depth = 0, atom = 0, min, max;
    for (size_t i = 0; p[i]; i++) {
        int used = 0, quantifier = strchr("*+?", p[i]) != NULL;
        if (p[i] == '{' && sscanf(p + i, "{%d,%d}%n", &min, &max, &used) == 2 && used && max < min)
            bad_regex(i + used - 1, "numbers out of order in {} quantifier");
        if (p[i] == '{' && !used && (sscanf(p + i, "{%d}%n", &min, &used), !used))
            sscanf(p + i, "{%d,}%n", &min, &used);
        if (quantifier || used) {
            if (!atom)
                bad_regex(i, "nothing to repeat");
            fprintf(out, "%.*s", used ? used : 1, p + i);
            i += used ? used - 1 : 0;
            i += p[i + 1] == '?' || p[i + 1] == '+';
            atom = 0;
            continue;
        }
        atom = p[i] != '|' && p[i] != '(';
        if (p[i] == '\\') {
            const char *text = strchr("ws", p[++i]) ? NULL : escape_text(p[i], 0);
            if (!p[i])
                bad_regex(i, "\\ at end of pattern");
            if (text)
                fputs(text, out);
            else
                fprintf(out, strchr("<>`'", p[i]) ? "%c" : "\\%c", p[i]);
        } else if (p[i] == '[') {
            i = translate_set(p, i, out);
        } else if (!strncmp(p + i, "(?i)", 4)) {
            *icase = REG_ICASE;
            i += 3;
        } else if (p[i] == '(' && p[i + 1] == '?' && p[i + 2] != ':') {
            bad_regex(i + 2, "unrecognized character after (? or (?-");
        } else if (p[i] == ')' && depth-- == 0) {
            bad_regex(i, "unmatched parentheses");
        } else {
            fprintf(out, p[i] == '{' ? "\\%c" : "%c", p[i]);
            depth += p[i] == '(';
            i += p[i] == '(' && p[i + 1] == '?' ? 2 : 0;
        }
    }
    if (depth)
        bad_regex(strlen(p), "missing )");
}

static regex_t *compile(const char *pattern, int word)
{
    regex_t *re = malloc(sizeof *re);
    char *text, message[200];
    size_t size;
    int icase = opt.casing == 'i' ? REG_ICASE : 0;
    FILE *out = open_memstream(&text, &size);
    if ((!opt.casing || opt.casing == 'S') && !strpbrk(pattern, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        icase = REG_ICASE;
    fputs(word ? "\\b(" : "", out);
    for (const char *p = pattern; opt.literal && *p; p++)
        fprintf(out, strchr(".[]{}()*+?^$|\\", *p) ? "\\%c" : "%c", *p);
    if (!opt.literal)
        translate(pattern, out, &icase);
    fputs(word ? ")\\b" : "", out);
    fclose(out);
    int error = regcomp(re, text, REG_EXTENDED | REG_NEWLINE | icase);
    if (error) {
        regerror(error, re, message, sizeof message);
        bad_regex(strlen(pattern), message);
    }
    free(text);
    return re;
}

static int search(regex_t *re, const char *buf, size_t from, size_t to, span *found)
{
    regmatch_t m = { from, to };
    if (regexec(re, buf, 1, &m, REG_STARTEND))
        return 0;
    *found = (span){ m.rm_so, m.rm_eo };
    return 1;
}

static void print_colored(const char *text, const char *color)
{
    if (opt.color)
        printf("\033[%sm%s\033[0m\033[K", color, text);
    else
        fputs(text, stdout);
}

static void print_name(const char *path, int end)
{
    print_colored(path, opt.vimgrep ? "" : opt.color_path);
    putchar(end);
}

static void print_number(size_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", number);
    print_colored(text, opt.color_line);
}

static void print_prefix(const char *path, size_t line, int separator, long column)
{
    if (opt.path == PATH_EACH && path)
        print_name(path, ':');
    if (opt.numbers) {
        print_number(line);
        putchar(separator);
    }
    if (opt.column && column >= 0)
        printf("%ld:", column);
}

static void print_text(const char *buf, size_t start, size_t end, const span *m, const span *last)
{
    int inside = 0, newline = buf[end] == '\n';
    for (size_t i = start; i <= end; i++) {
        if (inside && i >= m->end) {
            fputs("\033[0m\033[K", stdout);
            inside = 0;
        }
        while (m < last && m->end <= i)
            m++;
        if (i == end)
            break;
        if (opt.width && i - start >= (size_t)opt.width) {
            fputs(newline || in_stream ? " [...]" : " [...]\n", stdout);
            break;
        }
        if (!inside && opt.color && m < last && m->start <= i && (!opt.width || m->end - start < (size_t)opt.width)) {
            printf("\033[%sm", opt.color_match);
            inside = 1;
        }
        putchar(buf[i]);
    }
    if (newline || !in_stream)
        putchar('\n');
    if (inside)
        fputs("\033[0m\033[K", stdout);
}

static void print_context(const char *path, const char *buf, size_t start, size_t end, size_t line)
{
    if (opt.vimgrep)
        printf("%zu:", line);
    else
        print_prefix(path, line, '-', -1);
    print_text(buf, start, end, NULL, NULL);
}

/* Prints one line; m is the first match that touches it. */
static void print_match_line(const char *path, const char *buf, size_t start, size_t end, size_t line, const span *m, const span *last)
{
    int length = end - start;
    int newline = buf[end] == '\n';
    if (!opt.vimgrep && !opt.only) {
        print_prefix(path, line, ':', m == last ? 1 : m->start < start ? 0 : (long)(m->start - start + 1));
        print_text(buf, start, end, m, last);
        return;
    }
    for (; m < last && m->start <= end; m++) {
        if (m->start < start && !opt.invert)
            continue;
        long column = m->start < start ? 0 : m->start - start + 1;
        print_prefix(path, line, ':', column);
        if (opt.vimgrep) {
            fwrite(buf + start, 1, length, stdout);
            fwrite("\0\n" + newline, 1, 2 - newline, stdout);
        } else {
            int shown = opt.invert ? length : (int)(m->end - m->start);
            if (opt.color)
                printf("\033[%sm%.*s\033[0m\033[K\n", opt.color_match, shown, buf + m->start);
            else
                printf("%.*s\n", shown, buf + m->start);
        }
    }
    if (opt.only && !newline && !in_stream)
        putchar('\n');
}

static size_t line_end(const char *buf, size_t len, size_t start)
{
    const char *p = memchr(buf + start, '\n', len - start);
    return p ? (size_t)(p - buf) : len;
}

static size_t find_matches(const char *path, const char *buf, size_t len, span **list)
{
    size_t n = 0, room = 0, offset = 0;
    *list = NULL;
    while (offset < len) {
        span m = { 0, len };
        size_t limit = opt.multiline ? len : line_end(buf, len, offset);
        if (!query_empty && !search(query, buf, offset, limit, &m)) {
            offset = limit + 1;
            continue;
        }
        if (m.start == len)
            break;
        if (n == room)
            *list = realloc(*list, (room = room * 2 + 16) * sizeof m);
        (*list)[n++] = m;
        offset = m.end > m.start ? m.end : m.end + 1;
        if (opt.max > 0 && n >= (size_t)opt.max) {
            complain("Too many matches in %s. Skipping the rest of this file.", path);
            break;
        }
        if (query_empty || ((opt.list || opt.list_without) && !opt.count && !opt.stats && !opt.invert))
            break;
    }
    return n;
}

/* Turns matches into the stretches of whole lines between them. */
static size_t invert_matches(const char *buf, size_t len, span **list, size_t n)
{
    span *out = calloc(n + 1, sizeof *out);
    size_t count = 0, from = 0;
    for (size_t i = 0; i <= n; i++) {
        size_t to = i < n ? (*list)[i].start : len;
        while (i < n && to > 0 && buf[to - 1] != '\n')
            to--;
        if (to > from)
            out[count++] = (span){ from, to };
        if (i < n) {
            size_t end = (*list)[i].end > (*list)[i].start ? (*list)[i].end - 1 : (*list)[i].end;
            from = line_end(buf, len, end) + 1;
        }
    }
    free(*list);
    *list = out;
    return count;
}

static void start_file(const char *path)
{
    if (opt.brk && files_printed++)
        putchar('\n');
    if (opt.path == PATH_TOP)
        print_name(path, opt.nul ? '\0' : '\n');
}

static void print_file(const char *path, const char *buf, size_t len, const span *m, const span *last)
{
    size_t line = 1, start = 0, done = 0, before = 0, before_line = 1;   /* before: start of unprinted context */
    int left = 0, context = opt.after || opt.before;
    start_file(path);
    for (; start <= len; line++) {
        size_t end = line_end(buf, len, start);
        while (m < last && m->end <= start && m->start < start)
            m++;
        if (m < last && m->start <= end && start < len) {
            if (context && done && before_line > done + 1)
                puts("--");
            for (; before_line < line; before_line++) {
                size_t e = line_end(buf, len, before);
                print_context(path, buf, before, e, before_line);
                before = e + 1;
            }
            print_match_line(path, buf, start, end, line, m, last);
            left = opt.after;
            done = line;
        } else if (left > 0 && (start < len || buf[len - 1] == '\n')) {
            print_context(path, buf, start, end, line);
            left--;
            done = line;
        } else if (m == last) {
            break;
        }
        start = end + 1;
        if (done == line) {
            before = start;
            before_line = line + 1;
        }
        for (; line + 1 - before_line > (size_t)opt.before; before_line++)
            before = line_end(buf, len, before) + 1;
    }
}

static int looks_binary(const unsigned char *buf, size_t len)
{
    size_t n = len < 512 ? len : 512, odd = 0;
    if (n >= 3 && !memcmp(buf, "\xef\xbb\xbf", 3))
        return 0;
    if ((n >= 5 && !memcmp(buf, "%PDF-", 5)) || memchr(buf, 0, n))
        return 1;
    for (size_t i = 0; i < n; i++) {
        if (buf[i] >= 0xc2 && buf[i] < 0xf0 && i + 1 < n) {
            i += buf[i] >= 0xe0 ? 2 : 1;
        } else if (buf[i] < 7 || (buf[i] > 14 && buf[i] < 32) || buf[i] > 127) {
            odd++;
        }
    }
    return odd * 10 > n;
}

static void search_file(const char *path)
{
    struct stat st;
    FILE *in = fopen(path, "rb");
    if (!in || fstat(fileno(in), &st)) {
        complain("Skipping %s: Error opening file: %s", path, strerror(errno));
    } else if (S_ISREG(st.st_mode) && st.st_size > 0) {
        char *buf = malloc(st.st_size + 1);
        size_t len = fread(buf, 1, st.st_size, in), n = 0;
        int binary = looks_binary((unsigned char *)buf, len);
        buf[len] = '\0';
        if (!binary || opt.binary) {
            span *list;
            n = find_matches(path, buf, len, &list);
            if (opt.invert)
                n = invert_matches(buf, len, &list, n);
            files_searched++;
            bytes_searched += len;
            total_matches += n;
            files_matched += n > 0;
            success |= opt.list_without ? n == 0 : n > 0;
            if (opt.stats_only && !opt.count) {
                ;
            } else if (opt.list_without || (opt.list && !opt.count)) {
                if (opt.list_without == (n == 0))
                    print_name(path, opt.nul ? '\0' : '\n');
            } else if (n > 0 && opt.count) {
                if (opt.path != PATH_NONE)
                    print_name(path, ':');
                print_number(n);
                putchar(opt.nul ? '\0' : '\n');
            } else if (n > 0 && binary) {
                printf("Binary file %s matches.\n", path);
            } else if (n > 0) {
                print_file(path, buf, len, list, list + n);
            }
            fflush(stdout);
            free(list);
        }
        free(buf);
    }
    if (in)
        fclose(in);
}

static void search_stream(void)
{
    char *buf = NULL, **before = calloc(opt.before + 1, sizeof *before);
    size_t room = 0, line = 1, kept = 0;
    ssize_t len;
    int left = 0;
    in_stream = 1;
    opt.path = PATH_NONE;
    opt.brk = 0;
    for (; (len = getline(&buf, &room, stdin)) > 0; line++) {
        span *list, whole = { 0, len };
        size_t n = find_matches("", buf, len, &list), end = buf[len - 1] == '\n' ? len - 1 : len;
        files_searched++;
        bytes_searched += len;
        int matched = opt.invert ? n == 0 : n > 0;
        total_matches += opt.invert ? (size_t)matched : n;
        files_matched += matched;
        success |= matched;
        if (opt.list || opt.list_without || (opt.stats_only && !opt.count)) {
            ;
        } else if (matched && opt.count) {
            printf("%zu\n", n);
        } else if (matched) {
            for (size_t i = 0; i < kept; i++) {
                print_context(NULL, before[i], 0, strlen(before[i]) - 1, line - kept + i);
                free(before[i]);
            }
            kept = 0;
            print_match_line(NULL, buf, 0, end, line, opt.invert ? &whole : list, opt.invert ? &whole + 1 : list + n);
            left = opt.after;
        } else if (left-- > 0 || opt.passthrough) {
            print_context(NULL, buf, 0, end, line);
        } else if (opt.before > 0) {
            if (kept == (size_t)opt.before) {
                free(before[0]);
                memmove(before, before + 1, --kept * sizeof *before);
            }
            before[kept++] = strdup(buf);
        }
        free(list);
    }
    free(buf);
}

static void add_ignore(ignores *ig, const char *text)
{
    char *pattern = strdup(text);
    size_t len = strlen(pattern);
    while (len > 0 && isspace((unsigned char)pattern[len - 1]))
        pattern[--len] = '\0';
    if (len > 1 && pattern[len - 1] == '/')
        pattern[--len] = '\0';
    if (len == 0 || pattern[0] == '#')
        return;
    ig->patterns = realloc(ig->patterns, (ig->count + 1) * sizeof *ig->patterns);
    ig->patterns[ig->count++] = pattern;
}

static void load_ignores(ignores *ig, const char *path)
{
    char *line = NULL;
    size_t room = 0;
    FILE *in = fopen(path, "r");
    while (in && getline(&line, &room, in) > 0)
        add_ignore(ig, line);
    free(line);
    if (in)
        fclose(in);
}

static int ignore_matches(const char *pattern, const char *path, const char *name, int is_dir, size_t base)
{
    char with_slash[300];
    if (strpbrk(pattern, "*?[")) {
        if (*pattern == '/')
            return fnmatch(pattern + 1, path + base, FNM_PATHNAME) == 0;
        snprintf(with_slash, sizeof with_slash, "%s/", name);
        return !fnmatch(pattern, name, 0) || !fnmatch(pattern, path, FNM_PATHNAME) || (is_dir && !fnmatch(pattern, with_slash, FNM_PATHNAME));
    }
    if (*pattern == '/')
        return strcmp(pattern + 1, path + base) == 0;
    size_t len = strlen(pattern), total = strlen(path);
    return total >= len && !strcmp(path + total - len, pattern) && (total == len || path[total - len - 1] == '/');
}

static int is_ignored(const ignores *ig, const char *path, const char *name, int is_dir)
{
    int ignored = 0;
    for (; ig; ig = ig->parent) {
        for (size_t i = 0; i < ig->count; i++) {
            const char *pattern = ig->patterns[i];
            int negated = *pattern == '!';
            if (ignore_matches(pattern + negated, path, name, is_dir, ig->base)) {
                if (negated)
                    return 0;
                ignored = 1;
            }
        }
    }
    return ignored;
}

static int file_wanted(const char *path)
{
    span found;
    const char *dot = strrchr(path, '.');
    char word[300];
    snprintf(word, sizeof word, " %.200s ", dot ? dot + 1 : "?");
    for (int i = 0; i < opt.ntypes; i++)
        if (strstr(file_types[opt.types[i]], word))
            return 1;
    return opt.ntypes ? 0 : !file_regex || search(file_regex, path, 0, strlen(path), &found);
}

static void search_dir(const char *dir, ignores *parent, int depth)
{
    static const char *const files[] = { ".ignore", ".gitignore", ".git/info/exclude", ".hgignore" };
    ignores ig = { .parent = parent, .base = depth && *dir ? strlen(dir) + 1 : 0 };
    struct dirent *entry;
    DIR *d = opendir(*dir ? dir : ".");
    if (!d) {
        complain("Error opening directory %s: %s", dir, strerror(errno));
        return;
    }
    char path[4096];
    const char *slash = *dir && dir[strlen(dir) - 1] != '/' ? "/" : "";
    for (int i = 0; !opt.skip_all && i < (opt.skip_vcs ? 1 : 4); i++) {
        snprintf(path, sizeof path, "%s%s%s", dir, slash, files[i]);
        load_ignores(&ig, path);
    }
    while ((entry = readdir(d))) {
        struct stat st;
        const char *name = entry->d_name;
        if (!strcmp(name, ".") || !strcmp(name, "..") || (*name == '.' && !opt.hidden))
            continue;
        snprintf(path, sizeof path, "%s%s%s", dir, slash, name);
        if (lstat(path, &st) || (S_ISLNK(st.st_mode) && !opt.follow))
            continue;
        if (S_ISLNK(st.st_mode) && stat(path, &st)) {
            complain("Skipping %s: Error fstat()ing file.", path);
            continue;
        }
        if (is_ignored(&ig, path, name, S_ISDIR(st.st_mode)))
            continue;
        if (S_ISDIR(st.st_mode)) {
            if (opt.recurse && (opt.depth < 0 || depth < opt.depth))
                search_dir(path, &ig, depth + 1);
        } else if (file_wanted(path)) {
            if (opt.names_only) {
                print_name(path, opt.nul ? '\0' : '\n');
                success = 1;
            } else {
                search_file(path);
            }
        }
    }
    closedir(d);
}

static int context_lines(void)
{
    char *end;
    if (!optarg)
        return 2;
    int lines = strtol(optarg, &end, 10);
    if (end != optarg && !*end)
        return lines;
    optind--;
    return 2;
}

static void list_types(void)
{
    puts("The following file types are supported:");
    for (size_t i = 0; i < sizeof file_types / sizeof *file_types; i++) {
        const char *p = strchr(file_types[i], ' ');
        printf("  --%.*s\n    ", (int)(p - file_types[i]), file_types[i]);
        for (; *p; p++)
            printf(*p != ' ' ? "%c" : p[1] ? "  ." : "\n\n", *p);
    }
}
int main(int argc, char **argv)
{
    enum { ALL = 256, COLOR_LINE, COLOR_MATCH, COLOR_PATH, DEPTH, FILENAME, GROUP, HEADING, IGNORE, TYPES, NOFILENAME, NOGROUP, NOHEADING,
           BREAK, NOBREAK, TYPE = 1000 };
    static struct option options[300] = {
        { "ackmate", 0, 0, ALL }, { "after", 2, 0, 'A' }, { "all-text", 0, 0, 't' }, { "all-types", 0, 0, 'a' }, { "before", 2, 0, 'B' },
        { "break", 0, 0, BREAK }, { "nobreak", 0, 0, NOBREAK }, { "case-sensitive", 0, 0, 's' }, { "color", 0, &opt.color, 1 },
        { "nocolor", 0, &opt.color, 0 }, { "color-line-number", 1, 0, COLOR_LINE }, { "color-match", 1, 0, COLOR_MATCH }, { "color-path", 1, 0, COLOR_PATH },
        { "column", 0, &opt.column, 1 }, { "context", 2, 0, 'C' }, { "count", 0, 0, 'c' }, { "debug", 0, 0, 'D' }, { "depth", 1, 0, DEPTH },
        { "filename", 0, 0, FILENAME }, { "nofilename", 0, 0, NOFILENAME }, { "filename-pattern", 1, 0, 'g' }, { "file-search-regex", 1, 0, 'G' },
        { "files-with-matches", 0, 0, 'l' }, { "files-without-matches", 0, 0, 'L' }, { "fixed-strings", 0, 0, 'Q' }, { "follow", 0, &opt.follow, 1 },
        { "nofollow", 0, &opt.follow, 0 }, { "group", 0, 0, GROUP }, { "nogroup", 0, 0, NOGROUP }, { "heading", 0, 0, HEADING },
        { "noheading", 0, 0, NOHEADING }, { "help", 0, 0, 'h' }, { "hidden", 0, &opt.hidden, 1 }, { "ignore", 1, 0, IGNORE }, { "ignore-case", 0, 0, 'i' },
        { "ignore-dir", 1, 0, IGNORE }, { "invert-match", 0, 0, 'v' }, { "list-file-types", 0, 0, TYPES }, { "literal", 0, 0, 'Q' },
        { "max-count", 1, 0, 'm' }, { "multiline", 0, &opt.multiline, 1 }, { "nomultiline", 0, &opt.multiline, 0 }, { "norecurse", 0, 0, 'n' },
        { "null", 0, 0, '0' }, { "print0", 0, 0, '0' }, { "numbers", 0, &opt.numbers, 1 }, { "nonumbers", 0, &opt.numbers, 0 }, { "only-matching", 0, 0, 'o' },
        { "parallel", 0, &opt.parallel, 1 }, { "passthrough", 0, &opt.passthrough, 1 }, { "passthru", 0, &opt.passthrough, 1 },
        { "path-to-ignore", 1, 0, 'p' }, { "print-all-files", 0, 0, ALL }, { "print-long-lines", 0, 0, ALL }, { "recurse", 0, 0, 'r' },
        { "search-binary", 0, &opt.binary, 1 }, { "search-zip", 0, 0, 'z' }, { "silent", 0, &opt.silent, 1 }, { "skip-vcs-ignores", 0, 0, 'U' },
        { "smart-case", 0, 0, 'S' }, { "stats", 0, &opt.stats, 1 }, { "stats-only", 0, &opt.stats_only, 1 }, { "unrestricted", 0, 0, 'u' },
        { "version", 0, 0, 'V' }, { "vimgrep", 0, &opt.vimgrep, 1 }, { "width", 1, 0, 'W' }, { "word-regexp", 0, 0, 'w' },
    };
    static const char switches[] = "cflLUovw0QF";
    static int *const switch_values[] = { &opt.count, &opt.follow, &opt.list, &opt.list_without, &opt.skip_vcs, &opt.only, &opt.invert,
                                          &opt.word, &opt.nul, &opt.literal, &opt.literal };
    const char *name_pattern = NULL, *pattern = NULL;
    int c, ntable = 0, grouped = 0;
    struct timeval begin, finish;
    struct stat st;
    gettimeofday(&begin, NULL);
    while (options[ntable].name)
        ntable++;
    for (size_t i = 0; i < sizeof file_types / sizeof *file_types; i++)
        options[ntable++] = (struct option){ strndup(file_types[i], strcspn(file_types[i], " ")), 0, 0, TYPE + i };
    if (argc < 2) {
        fputs(usage, stdout);
        return 1;
    }
    while ((c = getopt_long(argc, argv, "A:aB:C:cDG:g:FfHhiLlm:nop:QRrSsvVtuUwW:z0", options, NULL)) != -1) {
        switch (c) {
        case 'A': opt.after = context_lines(); break;
        case 'B': opt.before = context_lines(); break;
        case 'C': opt.before = opt.after = context_lines(); break;
        case 'a': opt.binary = 1;
        case 't': opt.skip_all = 1; break;
        case 'u': opt.binary = opt.skip_all = opt.hidden = 1; break;
        case 'g': opt.names_only = 1; pattern = name_pattern = optarg; break;
        case 'G': name_pattern = optarg; break;
        case 'H': case HEADING: opt.path = PATH_TOP; grouped = 1; break;
        case NOHEADING: opt.path = PATH_EACH; grouped = 1; break;
        case NOBREAK: opt.brk = 0; grouped = 1; break;
        case BREAK: case GROUP: opt.brk = 1; grouped = 1; break;
        case NOGROUP: grouped = opt.brk = 0; break;
        case FILENAME: opt.path = PATH_DEFAULT; break;
        case NOFILENAME: opt.path = PATH_NONE; grouped = 1; opt.numbers = opt.numbers == 1; break;
        case 'h': fputs(usage, stdout); return 0;
        case 'i': case 's': case 'S': opt.casing = c; break;
        case 'm': opt.max = atoi(optarg); break;
        case 'p': load_ignores(&root_ignores, optarg); break;
        case 'r': case 'R': opt.recurse = 1; break;
        case 'n': opt.recurse = 0; break;
        case 'V': puts("ag version 2.2.0\n\nFeatures:\n  +jit +lzma +zlib"); return 0;
        case 'W': opt.width = atoi(optarg); break;
        case DEPTH: opt.depth = atoi(optarg); break;
        case IGNORE: add_ignore(&root_ignores, optarg); break;
        case COLOR_LINE: opt.color_line = optarg; break;
        case COLOR_MATCH: opt.color_match = optarg; break;
        case COLOR_PATH: opt.color_path = optarg; break;
        case TYPES: list_types(); return 0;
        case '?': fputs(usage, stdout); return 1;
        default:
            if (c >= TYPE)
                opt.types[opt.ntypes++] = c - TYPE;
            else if (c > 0 && c < 128 && strchr(switches, c))
                *switch_values[strchr(switches, c) - switches] = 1;
        }
    }
        if (!pattern && optind >= argc) {
        complain("What do you want to search for?");
        return 1;
    }
    if (!pattern)
        pattern = argv[optind++];
    query_empty = !*pattern;
    if (query_empty && !opt.names_only && !opt.list) {
        complain("Error: No query. What do you want to search for?");
        return 1;
    }
    if (!opt.names_only)
        query = compile(pattern, opt.word);
    if (name_pattern)
        file_regex = compile(name_pattern, 0);
    int npaths = argc - optind, tty = isatty(STDOUT_FILENO);
    int single = npaths == 1 && !stat(argv[optind], &st) && !S_ISDIR(st.st_mode);
    int piped = !fstat(STDIN_FILENO, &st) && (S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode));
    int streaming = npaths == 0 && piped && !opt.parallel && !opt.names_only && !opt.vimgrep;
    if (opt.path == PATH_DEFAULT)
        opt.path = single ? PATH_NONE : grouped || tty ? PATH_TOP : PATH_EACH;
    if (opt.brk < 0)
        opt.brk = grouped || tty;
    if (opt.only && opt.path == PATH_NONE)
        opt.numbers = 0;
    if (opt.numbers < 0)
        opt.numbers = !streaming;
    if (opt.vimgrep) {
        opt.path = PATH_EACH;
        opt.column = 1;
        opt.color = opt.brk = 0;
    }
    if (opt.stats_only)
        opt.path = PATH_NONE;
    if (opt.color < 0)
        opt.color = tty;
    if (streaming)
        search_stream();
    for (int i = optind; !streaming && (i < argc || i == optind); i++) {
        char *path = i < argc ? argv[i] : ".";
        if (stat(path, &st)) {
            complain("Error stat()ing: %s", path);
            complain("Error opening directory %s: %s", path, strerror(errno));
            continue;
        }
        for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
            path[n - 1] = '\0';
        while (!strncmp(path, "./", 2))
            path += 2;
        if (S_ISDIR(st.st_mode))
            search_dir(strcmp(path, ".") ? path : "", &root_ignores, 0);
        else if (opt.names_only ? file_wanted(path) : 1)
            search_file(path);
    }
    gettimeofday(&finish, NULL);
    if (opt.stats || opt.stats_only)
        printf("%zu matches\n%zu files contained matches\n%zu files searched\n%zu bytes searched\n%f seconds\n", total_matches, files_matched,
               files_searched, bytes_searched, finish.tv_sec - begin.tv_sec + (finish.tv_usec - begin.tv_usec) / 1e6);
    return !success;
}
