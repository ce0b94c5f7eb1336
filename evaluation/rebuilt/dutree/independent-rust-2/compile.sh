#!/bin/sh
# Builds new/program offline from the standard library alone.
cd "$(dirname "$0")" && rustc --edition 2021 -O -o program src/main.rs
