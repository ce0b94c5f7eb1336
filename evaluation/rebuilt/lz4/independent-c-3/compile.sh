#!/bin/sh
cd "$(dirname "$0")" && gcc -std=c11 -O2 -Wall -Wextra -o program src/*.c
