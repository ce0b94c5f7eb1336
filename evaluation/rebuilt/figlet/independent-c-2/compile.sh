#!/bin/sh
# Builds new/program from its four source files; needs only a C compiler.
cd "$(dirname "$0")" || exit 1
${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -o program main.c font.c input.c layout.c
