select i in $x; do a; done; until $x; do a; done; time $x; coproc $x; exec $x; eval $x; typeset x=$y; readonly y=$z
