#!/bin/sh
# Builds ./program offline with the C compiler only.
cd "$(dirname "$0")" || exit 1
exec ${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -o program src/*.c
