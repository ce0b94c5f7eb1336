#!/bin/sh
cd "$(dirname "$0")" && exec go build -o program .
