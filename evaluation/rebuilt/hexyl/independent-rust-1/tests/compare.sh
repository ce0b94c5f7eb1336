# Run in a folder holding executable, new/program, cases.txt and the *.bin inputs.
: > res.tsv; s=0; d=0
while IFS= read -r line; do
  ./executable $line >o1 2>e1 </dev/null; r1=$?
  (exec -a executable ./new/program $line) >o2 2>e2 </dev/null; r2=$?
  if cmp -s o1 o2 && cmp -s e1 e2 && [ $r1 = $r2 ]; then s=$((s+1)); printf 'same\t%s\t\n' "$line" >>res.tsv; else d=$((d+1)); printf 'differs\t%s\t\n' "$line" >>res.tsv; echo "DIFF: $line ($r1 $r2)"; (diff o1 o2; diff e1 e2) | head -6; fi
done < cases.txt; echo same $s differs $d
