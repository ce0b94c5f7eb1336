#!/bin/sh
set -e
cd "$(dirname "$0")"
chmod +x program
python3 -c 'import ast, pathlib; [ast.parse(p.read_text(encoding="utf-8")) for p in pathlib.Path("grexlike").glob("*.py")]'
