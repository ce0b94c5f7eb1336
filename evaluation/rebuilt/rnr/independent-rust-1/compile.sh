#!/bin/sh
# Builds ./program with the standard library only; no network is needed.
set -e
cd "$(dirname "$0")"
rustc --edition 2021 -O -o program src/main.rs
