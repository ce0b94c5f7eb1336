[ x$a != y$b ]; [ x$a = $b ]; [ x = x$a ]; [ x"$a" = x'b' ]; test xa = x; [ x${a} = x ] ; [ x`a` = xb ]; [ x$a.$b = xc ]; [ x$a -eq x ]
