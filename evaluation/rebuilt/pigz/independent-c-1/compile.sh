#!/bin/sh
# Build new/program from the C sources in this directory; help.txt becomes a string.
cd "$(dirname "$0")" || exit 1
sed 's/["\\]/\\&/g; s/.*/"&\\n"/' help.txt > help.inc
${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -o program ./*.c -lpthread
status=$?
rm -f help.inc
exit $status
