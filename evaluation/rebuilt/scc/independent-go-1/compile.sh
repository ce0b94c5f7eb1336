#!/bin/sh
cd "$(dirname "$0")" && GOFLAGS=-mod=mod CGO_ENABLED=0 GOCACHE="${GOCACHE:-/tmp/gocache-scc}" go build -o program .
