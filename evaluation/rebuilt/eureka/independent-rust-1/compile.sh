#!/bin/sh
# Builds new/program offline with plain rustc (standard library only).
set -e
cd "$(dirname "$0")"
rustc --edition 2021 -O --crate-name eureka -o program src/main.rs
