#!/bin/sh
# Builds new/program; the two text files become string constants.
set -e
cd "$(dirname "$0")"
embed() {
    echo "const char $1[] ="
    sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/\\n"/' "$2"
    echo ";"
}
{ embed help_text help.txt; embed types_text types.txt; } > src/texts.c
cc -std=gnu11 -O2 -Wall -Wextra -o program src/*.c
