#!/bin/sh
cd "$(dirname "$0")" || exit 1
GOCACHE="${GOCACHE:-$PWD/.cache}" GOFLAGS=-mod=mod GOPROXY=off CGO_ENABLED=0 go build -o program . || exit 1
