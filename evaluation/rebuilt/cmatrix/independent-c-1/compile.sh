#!/bin/sh
cd "$(dirname "$0")" && cc -O2 -Wall -o program cmatrix.c
