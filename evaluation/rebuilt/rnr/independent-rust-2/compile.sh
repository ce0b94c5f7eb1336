#!/bin/sh
# Builds ./program from src/ with the standard library only.
cd "$(dirname "$0")" && exec rustc --edition 2021 -O -o program src/main.rs
