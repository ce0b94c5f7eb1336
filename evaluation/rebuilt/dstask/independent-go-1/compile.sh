#!/bin/sh
# Builds new/program without network access.
cd "$(dirname "$0")" || exit 1
GOFLAGS=-mod=mod GOPROXY=off CGO_ENABLED=0 go build -o program .
