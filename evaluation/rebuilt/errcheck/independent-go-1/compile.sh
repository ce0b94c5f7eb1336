#!/bin/sh
cd "$(dirname "$0")" && GOPROXY=off go build -o program .
