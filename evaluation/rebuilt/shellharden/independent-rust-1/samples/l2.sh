echo "_${x}" _${x} $x-"b" $x~"a" $(pwd)"b" `pwd`b $x{a,"b"} $x=$y "${x:-"$(foo $y)"}" ${x:-$(foo $y)}
