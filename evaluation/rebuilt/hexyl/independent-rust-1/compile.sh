#!/bin/sh
# Builds ./program with the Rust compiler alone; no network needed.
cd "$(dirname "$0")" || exit 1
exec rustc --edition 2021 -O -o program src/main.rs
