#!/bin/sh
# Builds new/program offline.
cd "$(dirname "$0")" && exec rustc --edition 2021 -O -o program src/main.rs
