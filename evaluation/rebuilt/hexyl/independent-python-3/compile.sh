#!/bin/sh
# Check the syntax of every module and make the script runnable.
set -e
cd "$(dirname "$0")"
for file in program hexview/*.py; do
    python3 -c 'import ast, sys; ast.parse(open(sys.argv[1], encoding="utf-8").read())' "$file"
done
chmod +x program
