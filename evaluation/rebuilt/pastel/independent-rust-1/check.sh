#!/bin/bash
# Compares both programs on fixed command lines and writes agreement.tsv.
cd "$(dirname "$0")"; : > agreement.tsv
while IFS= read -r line; do
  a=$(printf 'red\nsteelblue\n#12345678\n' | eval "../executable $line" 2>&1; echo "rc=$?")
  b=$(printf 'red\nsteelblue\n#12345678\n' | eval "./program $line" 2>&1; echo "rc=$?")
  if [ "$a" == "$b" ]; then printf 'same\t%s\t\n' "$line" >> agreement.tsv
  else printf 'differs\t%s\t%s\n' "$line" "$(diff <(echo "$a") <(echo "$b") | sed -n '2,9p' | cut -c1-100 | tr '\n\t' '| ' | tr -d '\033')" >> agreement.tsv; fi
done < cases.txt
