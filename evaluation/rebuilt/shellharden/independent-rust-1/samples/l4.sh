x=$(diff <(a $b) $c); arr=([a]=$x b=$y) ; (a=$b; c $d)
