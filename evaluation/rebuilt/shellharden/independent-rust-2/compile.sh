#!/bin/sh
cd "$(dirname "$0")" && rustc -O --edition 2021 -o program main.rs
