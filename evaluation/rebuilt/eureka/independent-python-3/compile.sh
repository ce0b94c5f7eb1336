#!/bin/sh
# Python needs no build: check the syntax and make the entry script executable.
set -e
cd "$(dirname "$0")"
python3 -c 'import ast, sys
for name in sys.argv[1:]:
    ast.parse(open(name).read(), name)' program ideas/*.py
chmod +x program
