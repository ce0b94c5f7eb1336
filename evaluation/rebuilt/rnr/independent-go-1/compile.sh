#!/bin/sh
# Builds ./program with the standard library only; no network is needed.
set -e
cd "$(dirname "$0")"
export GOCACHE="${GOCACHE:-${TMPDIR:-/tmp}/rnr-go-cache.$(id -u)}" GOPROXY=off GOTOOLCHAIN=local CGO_ENABLED=0
go build -o program .
