#!/bin/sh
cd "$(dirname "$0")" || exit 1
export GOCACHE="${GOCACHE:-${TMPDIR:-/tmp}/outdated-gocache}" GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local
exec go build -o program .
