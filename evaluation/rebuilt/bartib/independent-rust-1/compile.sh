#!/bin/sh
# Builds ./program offline with nothing but rustc and the standard library.
cd "$(dirname "$0")" && exec rustc --edition 2021 -O -o program src/main.rs
