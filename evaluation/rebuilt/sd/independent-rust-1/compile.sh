#!/bin/sh
cd "$(dirname "$0")" || exit 1
rustc -O --edition 2021 -o program src/main.rs
