#!/bin/sh
cd "$(dirname "$0")" || exit 1
export GO111MODULE=on GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local
export GOCACHE="${GOCACHE:-${TMPDIR:-/tmp}/gocache-$(id -u)}"
exec go build -o program .
