#!/bin/sh
# Nothing to build: checks the syntax and makes the script executable.
set -e
cd "$(dirname "$0")"
python3 - program outdated/*.py <<'CHECK'
import ast, pathlib, sys
for name in sys.argv[1:]:
    ast.parse(pathlib.Path(name).read_text(encoding="utf-8"), name)
CHECK
chmod +x program
