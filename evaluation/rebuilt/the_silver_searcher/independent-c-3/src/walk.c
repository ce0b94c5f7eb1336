#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ignore.h"

const char *shown_path(const char *path) {
    return strncmp(path, "./", 2) == 0 ? path + 2 : path;
}

static bool is_wanted_file(const char *path) {
    Span span;
    size_t n = strlen(path);
    bool wanted = settings.suffixes.count == 0;
    for (int i = 0; i < settings.suffixes.count; i++) {
        size_t m = strlen(settings.suffixes.items[i]);
        wanted |= n >= m && strcmp(path + n - m, settings.suffixes.items[i]) == 0;
    }
    return wanted && (!settings.file_regex || regex_find(settings.file_regex, path, n, 0, &span));
}

static void walk_directory(FileAction action, const char *path, const RuleSet *parent, int depth);

static void visit(FileAction action, const char *path, const RuleSet *rules, int depth) {
    struct stat info;
    if (lstat(path, &info) != 0) return;
    if (S_ISLNK(info.st_mode) && (!settings.follow || stat(path, &info) != 0)) return;
    bool is_directory = S_ISDIR(info.st_mode);
    if (ignore_matches(rules, path, is_directory)) return;
    if (!is_directory) {
        if (S_ISREG(info.st_mode) && is_wanted_file(path)) action(path);
        return;
    }
    if (settings.depth < 0 || depth < settings.depth) walk_directory(action, path, rules, depth + 1);
}

static void walk_directory(FileAction action, const char *path, const RuleSet *parent, int depth) {
    DIR *directory = opendir(path);
    if (!directory) {
        complain("Error opening directory %s: %s", path, strerror(errno));
        return;
    }
    RuleSet rules = {.parent = parent, .base_length = strlen(path) + 1};
    ignore_read_directory(&rules, path);
    for (struct dirent *entry; (entry = readdir(directory));) {
        char child[4096];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (entry->d_name[0] == '.' && !settings.hidden) continue;
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        visit(action, child, &rules, depth);
    }
    closedir(directory);
}

/* The rules that hold everywhere: those of the command line, of -p and of the home directory. */
static RuleSet general_rules(const char *root) {
    RuleSet set = {.base_length = strlen(root) + 1};
    const char *home = getenv("HOME");
    char path[4096];
    for (int i = 0; i < settings.ignored.count; i++) list_add(&set.rules, settings.ignored.items[i]);
    for (int i = 0; i < settings.ignore_files.count; i++) ignore_read_file(&set, settings.ignore_files.items[i]);
    snprintf(path, sizeof path, "%s/.agignore", home ? home : "");
    if (home && !settings.skip_ignores) ignore_read_file(&set, path);
    return set;
}

void walk(const char *path, FileAction action) {
    struct stat info = {0};
    if (stat(path, &info) != 0) complain("Error stat()ing: %s", path);
    if (S_ISREG(info.st_mode)) {
        action(path);
        return;
    }
    char *root = strdup(path);
    size_t n = strlen(root);
    if (n > 1 && root[n - 1] == '/') root[n - 1] = '\0';
    RuleSet rules = general_rules(root);
    walk_directory(action, root, &rules, 0);
    free(root);
}
