#!/bin/sh
set -e
cd "$(dirname "$0")"
cache=$(mktemp -d)
trap 'chmod -R u+w "$cache"; rm -rf "$cache"' EXIT
GOCACHE="$cache" GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local go build -o program .
