#!/bin/sh
# Builds new/program from the sources in new/src.
cd "$(dirname "$0")" && cc -std=gnu11 -O2 -U_FORTIFY_SOURCE -fno-strict-aliasing -w -o program src/*.c -lm
