#!/bin/sh
# Nothing to build: checks the syntax and makes the script executable.
cd "$(dirname "$0")" && python3 -m compileall -q patterns && rm -rf patterns/__pycache__ && chmod +x program
