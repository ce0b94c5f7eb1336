#!/bin/sh
# Builds new/program offline with the standard library only.
cd "$(dirname "$0")" && GOFLAGS=-mod=mod GOPROXY=off CGO_ENABLED=0 go build -o program .
