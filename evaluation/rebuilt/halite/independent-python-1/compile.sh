#!/bin/sh
cd "$(dirname "$0")" && chmod +x program && python3 -c "compile(open('program').read(), 'program', 'exec')"
