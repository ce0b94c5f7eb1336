#!/bin/sh
cd "$(dirname "$0")" || exit 1
export GOCACHE="${GOCACHE:-/tmp/xq-gocache}" GOFLAGS=-mod=mod GOPROXY=off
go build -o program .
