#!/bin/sh
cd "$(dirname "$0")" || exit 1
rustc --edition 2021 -O -o program src/main.rs
