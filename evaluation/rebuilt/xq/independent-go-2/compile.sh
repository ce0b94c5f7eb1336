#!/bin/sh
cd "$(dirname "$0")" || exit 1
export GOCACHE="${GOCACHE:-/tmp/markuptool-cache}" GOPROXY=off GOFLAGS=-mod=mod CGO_ENABLED=0
exec go build -o program .
