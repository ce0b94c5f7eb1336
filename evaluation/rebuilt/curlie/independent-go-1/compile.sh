#!/bin/sh
cd "$(dirname "$0")" || exit 1
export GOCACHE="${GOCACHE:-$PWD/.gocache}" GOFLAGS=-mod=mod GOPROXY=off CGO_ENABLED=0 GOTOOLCHAIN=local
go build -o program .
