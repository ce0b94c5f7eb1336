#!/bin/sh
set -e
cd "$(dirname "$0")"
GOPROXY=off GOFLAGS=-buildvcs=false go build -o program .
