#!/bin/sh
cd "$(dirname "$0")" || exit 1
python3 -c 'import ast; ast.parse(open("program").read())' && chmod +x program
