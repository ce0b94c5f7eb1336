#!/bin/sh
cd "$(dirname "$0")" && gcc -std=gnu11 -O2 -o program *.c -lm -lpthread
