#!/bin/sh
cd "$(dirname "$0")" && exec cc -O2 -pthread -o program main.c codec.c
