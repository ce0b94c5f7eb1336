#!/bin/sh
# Builds ./program offline with the Go tool chain only.
cd "$(dirname "$0")" || exit 1
cache=$(mktemp -d)
GOCACHE=$cache GOPROXY=off GOFLAGS=-mod=mod GOTOOLCHAIN=local CGO_ENABLED=0 go build -o program .
status=$?
rm -rf "$cache"
exit $status
