#!/bin/sh
# Nothing to build: checks the syntax of all modules.
cd "$(dirname "$0")" || exit 1
chmod +x program
exec python3 -c 'import ast, pathlib
for path in pathlib.Path("bartib").glob("*.py"):
    ast.parse(path.read_text(encoding="utf-8"), str(path))'
