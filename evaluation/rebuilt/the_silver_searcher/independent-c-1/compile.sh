#!/bin/sh
cd "$(dirname "$0")" && gcc -O2 -o program ag.c
