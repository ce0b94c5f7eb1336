(a $b) $c; { a; } > $x; (( 1 )) > $f; $(a) b c=$d; `a` b; function f() { a $b; }; f () { b; }
