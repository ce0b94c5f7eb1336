#!/bin/sh
# Make a virtual environment with a Python that is new enough, unless it is there. One line and exit code 1 if not.
#
# usage: venv.sh FOLDER [PYTHON]
set -eu
folder=$1
wanted=${2:-}

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
stop() { echo "simdetect: $1" >&2; exit 1; }

python=$wanted
if [ -z "$python" ]; then
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$name"; then python=$name; break; fi
    done
    [ -n "$python" ] || stop "no Python 3.11 or newer found; install one, or name it: make demo PYTHON=/path/to/python3.12"
fi
version=$(version_of "$python") || stop "cannot run '$python'; name a Python 3.11 or newer: make demo PYTHON=python3.12"
is_new_enough "$python" || stop "'$python' is Python $version, 3.11 or newer is needed: make demo PYTHON=python3.12"

if [ -x "$folder/bin/python" ] && [ "$(version_of "$folder/bin/python")" = "$version" ] \
    && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
"$python" -m venv --clear "$folder" >/dev/null 2>&1 \
    || stop "'$python -m venv' failed; on Debian and Ubuntu install python$version-venv"
