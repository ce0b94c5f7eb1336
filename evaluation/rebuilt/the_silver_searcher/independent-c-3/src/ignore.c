#include "ignore.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void trim_end(char *line) {
    size_t n = strlen(line);
    while (n && strchr(" \t\r\n", line[n - 1])) line[--n] = '\0';
}

void ignore_read_file(RuleSet *set, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) return;
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) > 0) {
        trim_end(line);
        if (*line && *line != '#') list_add(&set->rules, strdup(line));
    }
    free(line);
    fclose(file);
}

void ignore_read_directory(RuleSet *set, const char *directory) {
    static const char *const names[] = {".ignore", ".gitignore", ".hgignore"};
    if (settings.skip_ignores) return;
    for (int i = 0; i < (settings.skip_vcs ? 1 : 3); i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        ignore_read_file(set, path);
    }
}

/* A rule without a leading slash may also match the path from any later directory on. */
static bool rule_matches(const char *rule, const char *path, bool is_directory) {
    char glob[1024];
    snprintf(glob, sizeof glob, "%s", rule);
    size_t n = strlen(glob);
    if (n && glob[n - 1] == '/') {
        if (!is_directory) return false;
        glob[n - 1] = '\0';
    }
    if (*glob == '/') return fnmatch(glob + 1, path, FNM_PATHNAME) == 0;
    if (strncmp(glob, "./", 2) == 0) return fnmatch(glob + 2, path, FNM_PATHNAME) == 0;
    for (; path; path = (path = strchr(path, '/')) ? path + 1 : NULL)
        if (fnmatch(glob, path, FNM_PATHNAME) == 0) return true;
    return false;
}

static bool any_rule_matches(const RuleSet *set, const char *path, bool is_directory, bool negated) {
    for (int i = 0; i < set->rules.count; i++) {
        const char *rule = set->rules.items[i];
        if ((*rule == '!') != negated) continue;
        if (rule_matches(rule + negated, path + set->base_length, is_directory)) return true;
    }
    return false;
}

bool ignore_matches(const RuleSet *set, const char *path, bool is_directory) {
    for (; set; set = set->parent) {
        if (any_rule_matches(set, path, is_directory, true)) return false;
        if (any_rule_matches(set, path, is_directory, false)) return true;
    }
    return false;
}
