#!/bin/sh
# Builds ./program next to this script, without network access.
set -e
cd "$(dirname "$0")"
export GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local
export GOCACHE="${GOCACHE:-${TMPDIR:-/tmp}/outdated-gocache}"
go build -o program .
