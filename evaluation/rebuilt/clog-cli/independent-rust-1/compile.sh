#!/bin/sh
# Builds ./program from src/ with nothing but rustc.
cd "$(dirname "$0")" && rustc --edition 2021 -O -o program src/main.rs
