#!/bin/sh
# Builds ./program next to this script; needs only a C compiler and libc.
cd "$(dirname "$0")" || exit 1
exec ${CC:-cc} -std=c11 -O2 -Wall -Wextra -o program src/*.c
