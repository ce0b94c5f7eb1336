#!/bin/sh
cd "$(dirname "$0")" && GOFLAGS=-mod=mod GOTOOLCHAIN=local CGO_ENABLED=0 go build -o program .
