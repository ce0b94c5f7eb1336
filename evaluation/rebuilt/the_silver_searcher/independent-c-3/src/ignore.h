/* Ignore rules, kept as a chain of sets from a directory up to the root of the walk. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

typedef struct RuleSet RuleSet;
struct RuleSet {
    const RuleSet *parent;
    size_t base_length; /* length of the directory path with its slash */
    List rules;
};

void ignore_read_file(RuleSet *set, const char *path);
void ignore_read_directory(RuleSet *set, const char *directory);
bool ignore_matches(const RuleSet *set, const char *path, bool is_directory);
