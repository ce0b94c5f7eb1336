#!/bin/sh
# Builds ./program offline with nothing but rustc.
set -e
cd "$(dirname "$0")"
rustc --edition 2021 -O -o program src/main.rs
