#!/bin/sh
set -e
cd "$(dirname "$0")"
python3 -c 'import ast; ast.parse(open("program").read())'
chmod +x program
