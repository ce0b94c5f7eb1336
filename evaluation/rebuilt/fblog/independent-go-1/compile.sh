#!/bin/sh
# Builds other/program offline.
cd "$(dirname "$0")" && GOFLAGS=-mod=mod GOPROXY=off GOCACHE="${GOCACHE:-${TMPDIR:-/tmp}/fblog-gocache}" exec go build -o program .
