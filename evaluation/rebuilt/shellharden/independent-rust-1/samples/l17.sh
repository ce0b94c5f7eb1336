a"b"c; "a"$x; foo) ; a } ; foo; ) a; a;; esac x; x(y) z
