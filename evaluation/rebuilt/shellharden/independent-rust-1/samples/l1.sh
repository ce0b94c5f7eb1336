echo $x/$y $x*"b" $x'b' $x'b'"c" $x\ "b" $x,"b" $x/"b"/c"d" $x$y"b" $x.b$y $x"b"$y ${x}$y $x"b"c"d" ${x}${y} ${x}.
