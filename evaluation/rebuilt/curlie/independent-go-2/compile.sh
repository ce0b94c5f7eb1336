#!/bin/sh
# Builds new/program offline with the Go toolchain, standard library only.
set -e
cd "$(dirname "$0")"
export GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off CGO_ENABLED=0
export GOCACHE="${GOCACHE:-${TMPDIR:-/tmp}/gocache-$(id -u)}"
go build -o program .
