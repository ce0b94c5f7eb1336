#!/bin/sh
cd "$(dirname "$0")" || exit 1
cache=$(mktemp -d)
HOME=$cache GO111MODULE=off GOCACHE=$cache CGO_ENABLED=0 go build -o program main.go ignore.go random.go patterns.go
rc=$?
rm -rf "$cache"
exit $rc
