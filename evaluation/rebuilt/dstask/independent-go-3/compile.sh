#!/bin/sh
cd "$(dirname "$0")" && CGO_ENABLED=0 GOFLAGS=-mod=mod GOPROXY=off go build -o program .
