#!/bin/sh
# Builds new/program without network access.
set -e
cd "$(dirname "$0")"
export GOCACHE="${GOCACHE:-${TMPDIR:-/tmp}/mdconv-gocache}" GOFLAGS=-mod=mod GOPROXY=off CGO_ENABLED=0
go build -o program .
