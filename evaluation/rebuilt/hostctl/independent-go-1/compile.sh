#!/bin/sh
cd "$(dirname "$0")" || exit 1
GO111MODULE=off GOFLAGS= GOCACHE="${GOCACHE:-$PWD/.gocache}" CGO_ENABLED=0 go build -o program main.go
