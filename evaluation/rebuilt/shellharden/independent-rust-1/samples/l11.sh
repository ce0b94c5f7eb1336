foo 2>&1 >&2 $x | bar $y & baz $z |& a $b &> c
