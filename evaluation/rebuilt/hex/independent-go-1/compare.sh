#!/bin/bash
# usage: compare.sh ORIGINAL MINE ; runs cases.txt with both, writes agreement.tsv
orig=$(realpath "$1"); mine=$(realpath "$2"); cd "$(dirname "$0")"
hx() { (exec -a hx "$P" "$@"); }
run() { P=$1; { eval "$2" </dev/null; } >/tmp/hx.$$.o 2>/tmp/hx.$$.e; local rc=$?; cat /tmp/hx.$$.o; echo "--err"; cat /tmp/hx.$$.e; echo "--rc $rc"; }
: >agreement.tsv
while IFS= read -r line; do
  run "$orig" "$line" >/tmp/hx.$$.1; run "$mine" "$line" >/tmp/hx.$$.2
  if cmp -s /tmp/hx.$$.1 /tmp/hx.$$.2; then printf 'same\t%s\t\n' "$line"
  else printf 'differs\t%s\t%s\n' "$line" "$(diff -a /tmp/hx.$$.1 /tmp/hx.$$.2 | head -8 | cut -c1-150 | tr '\n\t' '| ')"; fi
done <cases.txt >agreement.tsv
rm -f /tmp/hx.$$.*; cut -f1 agreement.tsv | sort | uniq -c
