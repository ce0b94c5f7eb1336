#!/bin/sh
cd "$(dirname "$0")" || exit 1
exec ${CC:-cc} -O2 -Wall -o program main.c input.c
