#!/bin/sh
# Builds new/program offline.
set -e
cd "$(dirname "$0")"
export GOCACHE="${GOCACHE:-$(mktemp -d)}" GOPROXY=off GOFLAGS=-mod=mod
go build -o program .
