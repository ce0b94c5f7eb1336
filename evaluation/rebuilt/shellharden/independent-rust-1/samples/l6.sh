[ -n $x -o -z $y ]; [ $a = x ]; [ -n "$a"b ]; [ -n foo ] && x; [ -n  $x ]; [ -z $x  ]; [ -z $(a b) ]; [ -n ]; test -z "$a" ; [ -z $a' ' ]
