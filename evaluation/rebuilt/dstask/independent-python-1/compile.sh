#!/bin/sh
# Nothing to compile: check the syntax and make the script executable.
cd "$(dirname "$0")" || exit 1
python3 -c 'import ast; [ast.parse(open(f).read()) for f in ("program", "tasks.py", "display.py")]' && chmod +x program
